//! The baseline: findings that a team knows and lives with, in a file from which no value can be guessed.
//!
//! An entry knows its file by path, so a renamed file keeps nothing: its findings are told again. Lines may
//! move as they like.
//!
//! A value enters as a hash only where it cannot be found by trying, which takes at least 64 bits by a
//! count that errs low (`bits`). The salt is random and stands in the file: it is no secret, it keeps
//! anybody from hashing guesses for all repositories at once, and, with code and path in the hash too, even
//! for two entries at once. The hash is taken a thousand times over: that adds ten bits to the work of who
//! tries and a tenth of a millisecond to guard's, and only where code and path are in the file. Any other
//! value enters as the n-th of its code in its file, which says nothing of it.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Deserialize;
use serde::de::Error as _;

use super::super::fault::Fault;
use super::Suspect;
use super::bits::is_guessable;

/// The version that this guard reads and writes.
const VERSION: u64 = 1;

/// A baseline is not longer.
const LONGEST: usize = 64 << 20;

/// How often a value is hashed.
const WORK: usize = 1024;

/// What a person can do about a baseline that is not one.
const REMEDY: &str =
    "Restore it (`git checkout -- FILE`), or write it anew with `guard secrets --update-baseline`.";

/// Findings that a team knows.
#[derive(Debug, Default)]
pub(crate) struct Baseline {
    salt: [u8; 32],
    /// Sorted, each once.
    entries: Vec<Entry>,
    /// Which of them were found again.
    met: Vec<AtomicBool>,
}

/// A finding that is known. The order is the order in the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// The file. A name that is not UTF-8 stands with U+FFFD.
    pub(crate) path: String,
    /// `SEC-STRIPE-LIVE`.
    pub(crate) code: String,
    sign: Sign,
}

/// How a value is known again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    /// As the n-th guessable one of its code in its file; the first is 1.
    Ordinal(u32),
    /// By its hash.
    Hash([u8; 16]),
}

impl Baseline {
    /// The file's name where none is given: at the root, beside guard.yaml.
    pub(crate) const NAME: &str = "guard-baseline.json";

    /// Reads a baseline.
    pub(crate) fn parse(name: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let source = Fault::text(name, bytes, LONGEST)?;
        // The version first: another one may have anything beside it.
        if let Err(error) = serde_json::from_str::<Versioned>(source.text()) {
            let of_version = error.to_string().contains(OTHER_VERSION);
            let help = if of_version {
                "Another version of guard wrote it: use that one, or write it anew with `guard secrets --update-baseline`."
            } else {
                REMEDY
            };
            return Err(Fault::json(&source, &error, help));
        }
        let file: File = serde_json::from_str(source.text())
            .map_err(|error| Fault::json(&source, &error, REMEDY))?;
        let entries = file.findings.into_iter().map(|line| Entry {
            path: line.path,
            code: line.code,
            sign: line.sign,
        });
        Ok(Self::of(file.salt.0, entries.collect()))
    }

    fn of(salt: [u8; 32], entries: BTreeSet<Entry>) -> Self {
        let entries: Vec<Entry> = entries.into_iter().collect();
        Self {
            salt,
            met: entries.iter().map(|_| AtomicBool::new(false)).collect(),
            entries,
        }
    }

    /// What it knows.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The file's text: one finding a line, sorted, so that a change of one is a change of one line.
    pub(crate) fn text(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let mut text = format!(
            "{{\n  \"version\": {VERSION},\n  \"salt\": \"{}\",\n  \"findings\": [",
            hex(&self.salt)
        );
        for (index, entry) in self.entries.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let (path, code) = (quoted(&entry.path), quoted(&entry.code));
            let _ = write!(text, "{comma}\n    {{ \"path\": {path}, \"code\": {code}, ");
            let _ = match entry.sign {
                Sign::Ordinal(ordinal) => write!(text, "\"ordinal\": {ordinal} }}"),
                Sign::Hash(hash) => write!(text, "\"hash\": \"{}\" }}", hex(&hash)),
            };
        }
        text.push_str(if self.entries.is_empty() {
            "]\n}\n"
        } else {
            "\n  ]\n}\n"
        });
        text
    }

    /// Which of the findings of one version of one file, given in the order in which they stand, are known.
    pub(super) fn knows(&self, suspects: &[Suspect<'_>]) -> Vec<bool> {
        let mut ordinals = Ordinals::default();
        suspects
            .iter()
            .map(|suspect| {
                let path = suspect.path.to_text();
                let known = self.range(&path, suspect.code);
                let sign = ordinals.sign(&self.salt, suspect, !known.is_empty());
                let Some(sign) = sign else { return false };
                let at = self.entries[known.clone()]
                    .iter()
                    .position(|entry| entry.sign == sign);
                if let Some(at) = at {
                    self.met[known.start + at].store(true, Ordering::Relaxed);
                }
                at.is_some()
            })
            .collect()
    }

    /// The entries of a code in a file.
    fn range(&self, path: &str, code: &str) -> Range<usize> {
        let key = (path, code);
        let start = self
            .entries
            .partition_point(|entry| (entry.path.as_str(), entry.code.as_str()) < key);
        let rest = &self.entries[start..];
        let length =
            rest.partition_point(|entry| (entry.path.as_str(), entry.code.as_str()) == key);
        start..start + length
    }

    /// The entries that matched nothing, of the files that were looked at.
    pub(crate) fn stale(&self, was_read: impl Fn(&str) -> bool) -> Vec<&Entry> {
        self.entries
            .iter()
            .zip(&self.met)
            .filter(|(entry, met)| !met.load(Ordering::Relaxed) && was_read(&entry.path))
            .map(|(entry, _)| entry)
            .collect()
    }

    /// The entries that another baseline lacks. Under another salt hashes say nothing: then as many of a code
    /// in a file are new as there are more of them.
    pub(super) fn beyond(&self, base: &Self) -> Vec<&Entry> {
        if self.salt == base.salt {
            let is_new = |entry: &&Entry| base.entries.binary_search(entry).is_err();
            return self.entries.iter().filter(is_new).collect();
        }
        let mut before: HashMap<(&str, &str), usize> = HashMap::new();
        for entry in &base.entries {
            *before.entry((&entry.path, &entry.code)).or_default() += 1;
        }
        self.entries
            .iter()
            .filter(
                |entry| match before.get_mut(&(&entry.path[..], &entry.code[..])) {
                    Some(left) if *left > 0 => {
                        *left -= 1;
                        false
                    }
                    _ => true,
                },
            )
            .collect()
    }
}

/// Counts the guessable values of one version of one file, by code.
#[derive(Default)]
struct Ordinals<'a>(HashMap<&'a str, u32>);

impl<'a> Ordinals<'a> {
    /// How the next finding is known again; none where it has to be hashed and nobody `asks`.
    fn sign(&mut self, salt: &[u8; 32], suspect: &Suspect<'a>, asks: bool) -> Option<Sign> {
        if is_guessable(suspect.value) {
            let ordinal = self.0.entry(suspect.code).or_default();
            *ordinal = ordinal.saturating_add(1);
            return Some(Sign::Ordinal(*ordinal));
        }
        asks.then(|| Sign::Hash(hash(salt, suspect)))
    }
}

/// A baseline in the making. The same findings give the same bytes, in whatever order files are added.
pub(crate) struct Draft {
    salt: [u8; 32],
    entries: BTreeSet<Entry>,
}

impl Draft {
    /// Begins with the salt of the baseline that is replaced, so that what stays known keeps its line, and
    /// with its entries for the files that are not looked at now.
    pub(crate) fn of(old: &Baseline, was_read: impl Fn(&str) -> bool) -> Self {
        let kept = old.entries.iter().filter(|entry| !was_read(&entry.path));
        Self {
            salt: old.salt,
            entries: kept.cloned().collect(),
        }
    }

    /// Begins a first baseline.
    pub(crate) fn new(salt: [u8; 32]) -> Self {
        Self {
            salt,
            entries: BTreeSet::new(),
        }
    }

    /// Enters findings of one version of one file: all are given, in the order in which they stand, since
    /// they are counted; `is_wanted` says which enter.
    pub(crate) fn add(&mut self, suspects: &[Suspect<'_>], is_wanted: impl Fn(usize) -> bool) {
        let mut ordinals = Ordinals::default();
        for (index, suspect) in suspects.iter().enumerate() {
            let is_wanted = is_wanted(index);
            let sign = ordinals.sign(&self.salt, suspect, is_wanted);
            if let Some(sign) = sign.filter(|_| is_wanted) {
                self.entries.insert(Entry {
                    path: suspect.path.to_text().into_owned(),
                    code: suspect.code.to_owned(),
                    sign,
                });
            }
        }
    }

    /// The baseline.
    pub(crate) fn finish(self) -> Baseline {
        Baseline::of(self.salt, self.entries)
    }
}

/// A salt for a first baseline.
pub(crate) fn salt() -> Result<[u8; 32], getrandom::Error> {
    let mut salt = [0; 32];
    getrandom::fill(&mut salt)?;
    Ok(salt)
}

fn hash(salt: &[u8; 32], suspect: &Suspect<'_>) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new_keyed(salt);
    for part in [
        suspect.code.as_bytes(),
        suspect.path.as_bytes(),
        suspect.value,
    ] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut hash = hasher.finalize();
    for _ in 1..WORK {
        hash = blake3::keyed_hash(salt, hash.as_bytes());
    }
    let (half, _) = hash.as_bytes().split_at(16);
    half.try_into().expect("it was cut to this length")
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Bytes that are written in hex, as many as are wanted.
pub(super) fn unhex<const LENGTH: usize>(text: &str) -> Option<[u8; LENGTH]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * LENGTH {
        return None;
    }
    let mut bytes = [0; LENGTH];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(bytes)
}

/// What tells a version that is not ours from a file that is none.
const OTHER_VERSION: &str = "and this guard reads version";

#[derive(Deserialize)]
struct Versioned {
    #[expect(dead_code, reason = "reading it is the test")]
    version: Version,
}

struct Version;

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match u64::deserialize(from)? {
            VERSION => Ok(Self),
            other => Err(D::Error::custom(format_args!(
                "this baseline has version {other}, {OTHER_VERSION} {VERSION}"
            ))),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "reading it is the test")]
    version: Version,
    salt: Salt,
    findings: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Salt([u8; 32]);

impl TryFrom<String> for Salt {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        unhex(&text).map(Self).ok_or("a salt is 64 hex digits")
    }
}

#[derive(Deserialize)]
#[serde(try_from = "Written")]
struct Line {
    path: String,
    code: String,
    sign: Sign,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    path: String,
    code: String,
    #[serde(default)]
    ordinal: Option<u32>,
    #[serde(default)]
    hash: Option<String>,
}

impl TryFrom<Written> for Line {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let sign = match (written.ordinal, written.hash) {
            (Some(ordinal), None) if ordinal > 0 => Sign::Ordinal(ordinal),
            (None, Some(hash)) => Sign::Hash(unhex(&hash).ok_or("a hash is 32 hex digits")?),
            _ => return Err("a finding has either an `ordinal` from 1 on or a `hash`"),
        };
        Ok(Self {
            path: written.path,
            code: written.code,
            sign,
        })
    }
}
