//! `.secrets.baseline`: findings by file and SHA-1 of the value, for those who come from detect-secrets.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use sha1::{Digest, Sha1};

use super::super::fault::Fault;
use super::Suspect;

/// A baseline is not longer.
const LONGEST: usize = 64 << 20;

/// As many words of a line are tried, of at most so many bytes.
const WORDS: usize = 64;
const LONGEST_WORD: usize = 4096;

/// Its finding of a private key knows nothing but the head, which every such key has: only the line tells
/// one from the other.
const PRIVATE_KEY: &str = "Private Key";

/// What the file says, by path.
#[derive(Debug, Default)]
pub(crate) struct Detected {
    name: String,
    entries: HashMap<Vec<u8>, Vec<Known>>,
}

#[derive(Debug)]
struct Known {
    hash: [u8; 20],
    /// Given where the hash alone says too little.
    line: Option<usize>,
}

#[derive(Deserialize)]
struct File {
    results: HashMap<String, Vec<Item>>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(rename = "type")]
    kind: String,
    hashed_secret: Hash,
    #[serde(default)]
    line_number: usize,
    /// What the audit said; a secret that was found to be one is no false alarm.
    #[serde(default)]
    is_secret: Option<bool>,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Hash([u8; 20]);

impl TryFrom<String> for Hash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let hash = super::baseline::unhex(&text);
        hash.map(Self).ok_or("this is no SHA-1")
    }
}

impl Detected {
    /// The file's name, at the root.
    pub(crate) const NAME: &str = ".secrets.baseline";

    /// Reads the file.
    pub(crate) fn parse(name: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let source = Fault::text(name, bytes, LONGEST)?;
        let file: File = serde_json::from_str(source.text()).map_err(|error| {
            let help = "`detect-secrets scan --baseline` writes it anew; without the file nothing is read.";
            Fault::json(&source, &error, help)
        })?;
        let mut entries: HashMap<_, Vec<_>> = HashMap::new();
        for (path, items) in file.results {
            let path = path.replace('\\', "/").into_bytes();
            let known = items
                .into_iter()
                .filter(|item| item.is_secret != Some(true))
                .map(|item| Known {
                    hash: item.hashed_secret.0,
                    line: (item.kind == PRIVATE_KEY).then_some(item.line_number),
                });
            entries.entry(path).or_default().extend(known);
        }
        Ok(Self {
            name: name.to_owned(),
            entries,
        })
    }

    /// The file, where it pardons this value.
    ///
    /// The two tools do not always cut a value the same way, so the words of the line are tried too: what
    /// was pardoned must still stand there.
    pub(super) fn place_of(&self, suspect: &Suspect<'_>) -> Option<String> {
        let known = self.entries.get(suspect.path.as_bytes())?;
        let is_known = |text: &[u8]| {
            let hash: [u8; 20] = Sha1::digest(text).into();
            known.iter().any(|known| {
                known.hash == hash && known.line.is_none_or(|line| line == suspect.line)
            })
        };
        let is_parting =
            |byte: &u8| byte.is_ascii_whitespace() || b"\"'`=,;()<>[]{}".contains(byte);
        let words = suspect
            .here
            .get(..suspect.here.len().min(LONGEST_WORD))
            .unwrap_or_default()
            .split(is_parting)
            .filter(|word| {
                // Only a word that holds the value or is a part of it is another cut of it.
                let long = word.len() >= 8;
                long && (holds(word, suspect.value) || holds(suspect.value, word))
            });
        let head = suspect.here.trim_ascii();
        let head = head.strip_prefix(b"-----").unwrap_or(head);
        let head = head.strip_suffix(b"-----").unwrap_or(head);
        let is_pardoned = is_known(suspect.value)
            || words.take(WORDS).any(is_known)
            || (head.starts_with(b"BEGIN ") && is_known(head));
        is_pardoned.then(|| self.name.clone())
    }

    /// How many values of each file another such file does not pardon.
    pub(super) fn beyond(&self, base: &Self) -> BTreeMap<String, usize> {
        let mut beyond = BTreeMap::new();
        for (path, known) in &self.entries {
            let before = base.entries.get(path).map_or(&[][..], Vec::as_slice);
            let is_new = |known: &&Known| !before.iter().any(|before| before.hash == known.hash);
            let count = known.iter().filter(is_new).count();
            if count > 0 {
                beyond.insert(String::from_utf8_lossy(path).into_owned(), count);
            }
        }
        beyond
    }
}

fn holds(whole: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(whole, part).is_some()
}
