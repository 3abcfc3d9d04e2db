//! Comments that pardon the value beside them: `guard:allow CODE reason`, and the ones of other tools.

use bstr::ByteSlice;
use memchr::{memchr_iter, memmem};

use super::{Pardon, Suspect};

/// Up to this length a line is searched whole. Of a longer one, a bundle in one line, the two ends are: many
/// findings on one long line would otherwise cost its length each.
const SHORT: usize = 4096;

/// As much of each end of a long line.
const END: usize = 1024;

/// As many characters of a reason are kept.
const LONGEST_REASON: usize = 200;

/// What guard's own comment begins with.
const OWN: &str = "guard:allow";

/// Other tools' comments: their words, in any of the ways in which they are written, and whether they may
/// stand alone on the line above.
const FOREIGN: &[(&str, &[&str], Reach)] = &[
    ("gitleaks:allow", &["gitleaks:allow"], Reach::Beside),
    ("betterleaks:allow", &["betterleaks:allow"], Reach::Beside),
    ("kingfisher:ignore", &["kingfisher:ignore"], Reach::Both),
    (
        "pragma: allowlist secret",
        &["pragma: allowlist", "pragma:allowlist"],
        Reach::Pragma,
    ),
    (
        "pragma: whitelist secret",
        &["pragma: whitelist", "pragma:whitelist"],
        Reach::Pragma,
    ),
];

/// Where a comment works.
#[derive(Clone, Copy)]
enum Reach {
    /// On the line of the value.
    Beside,
    /// There, or alone on the line above.
    Both,
    /// detect-secrets': its own words say which of the two.
    Pragma,
}

/// What comments say about a value.
pub(super) enum Said {
    /// Nothing.
    Nothing,
    /// It is fine.
    Allowed(Pardon),
    /// One wants to silence it and does not count; the sentence says why.
    Unheard(String),
}

/// A comment that silences something.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Its words.
    pub(super) words: &'static str,
    /// The codes that it names; foreign ones name none and mean all.
    pub(super) codes: Vec<String>,
    /// The reason that it gives; foreign ones need none.
    pub(super) reason: Vec<u8>,
    beside: bool,
    above: bool,
}

impl Mark {
    /// Whether it silences anything at all.
    pub(super) fn counts(&self) -> bool {
        self.words != OWN || (!self.codes.is_empty() && has_words(&self.reason))
    }
}

/// What the comments on a value's line and on the line above say about it.
pub(super) fn said(suspect: &Suspect<'_>) -> Said {
    let beside = marks(suspect.here).into_iter().filter(|mark| mark.beside);
    let above = marks(suspect.above).into_iter().filter(|mark| mark.above);
    let mut unheard = None;
    for mark in beside.chain(above) {
        if mark.words != OWN {
            return Said::Allowed(Pardon::Pragma(mark.words));
        }
        if mark.codes.is_empty() {
            unheard = unheard.or(Some(format!(
                "The comment `{OWN}` beside it names no code, so it does not count. \
                 Write `{OWN} {} REASON`.",
                suspect.code
            )));
            continue;
        }
        if !mark.codes.iter().any(|code| code == suspect.code) {
            continue;
        }
        // What stands behind the comment is no reason when it is the value itself.
        let reason = match find(&mark.reason, suspect.value) {
            Some(at) => &mark.reason[..at],
            None => &mark.reason[..],
        };
        if has_words(reason) {
            let reason = reason.to_str_lossy();
            let reason = reason.trim().chars().take(LONGEST_REASON).collect();
            return Said::Allowed(Pardon::Comment { reason });
        }
        unheard = Some(format!(
            "The comment `{OWN} {}` beside it gives no reason, so it does not count. \
             Write the reason behind the code.",
            suspect.code
        ));
    }
    unheard.map_or(Said::Nothing, Said::Unheard)
}

fn find(text: &[u8], value: &[u8]) -> Option<usize> {
    // An empty value stands everywhere.
    (!value.is_empty())
        .then(|| memmem::find(text, value))
        .flatten()
}

/// The comments of a line that want to silence something.
pub(super) fn marks(line: &[u8]) -> Vec<Mark> {
    if line.len() <= SHORT {
        return marks_in(line);
    }
    let mut marks = marks_in(&line[..END]);
    marks.extend(marks_in(&line[line.len() - END..]));
    // Such a line does not stand above anything as a comment.
    for mark in &mut marks {
        mark.above = false;
    }
    marks
}

fn marks_in(line: &[u8]) -> Vec<Mark> {
    // Most lines: every mark has a colon before one of these letters.
    if !memchr_iter(b':', line).any(|at| {
        let next = line[at + 1..].trim_ascii_start().first();
        matches!(next, Some(b'a' | b'i' | b'w'))
    }) {
        return Vec::new();
    }
    let mut marks: Vec<Mark> = line.find_iter(OWN).filter_map(|at| own(line, at)).collect();
    for (words, spellings, reach) in FOREIGN {
        for spelling in *spellings {
            let found = line.find_iter(spelling);
            marks.extend(found.filter_map(|at| foreign(line, at, words, spelling, *reach)));
        }
    }
    marks
}

fn own(line: &[u8], at: usize) -> Option<Mark> {
    let before = &line[..at];
    let behind = &line[at + OWN.len()..];
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    if before.last().is_some_and(is_word) || behind.first().is_some_and(is_word) {
        return None;
    }
    let (inside, after) = split_comment(behind);
    // A second comment of the kind ends the first one's reason.
    let inside = match memmem::find(inside, OWN.as_bytes()) {
        Some(next) => &inside[..next],
        None => inside,
    };
    let (codes, reason) = split_codes(inside);
    Some(Mark {
        words: OWN,
        codes,
        reason: clean(reason).to_vec(),
        beside: true,
        above: is_opener(before) && !has_words(after),
    })
}

fn foreign(
    line: &[u8],
    at: usize,
    words: &'static str,
    spelling: &str,
    reach: Reach,
) -> Option<Mark> {
    let before = &line[..at];
    let behind = &line[at + spelling.len()..];
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    if before.last().is_some_and(is_word) {
        return None;
    }
    let (beside, above) = match reach {
        Reach::Beside => (true, false),
        Reach::Both => (true, is_opener(before)),
        Reach::Pragma => {
            let next = [" nextline", "-nextline"];
            let next = next
                .iter()
                .find_map(|word| behind.strip_prefix(word.as_bytes()));
            let rest = next.unwrap_or(behind);
            let is_secret = [" secret", "-secret"]
                .iter()
                .any(|word| rest.starts_with(word.as_bytes()));
            // As the tool has it: only in a comment, and for the next line only where nothing stands before.
            if !is_secret || !ends_in_opener(before) {
                return None;
            }
            (next.is_none(), next.is_some() && is_opener(before))
        }
    };
    (beside || above).then_some(Mark {
        words,
        codes: Vec::new(),
        reason: Vec::new(),
        beside,
        above,
    })
}

/// The inside of a comment, and what stands behind its end.
fn split_comment(text: &[u8]) -> (&[u8], &[u8]) {
    ["*/", "-->", "#}", "%}", "*)", "--}}", "?>"]
        .iter()
        .filter_map(|end| Some((memmem::find(text, end.as_bytes())?, end.len())))
        .min()
        .map_or((text, b""), |(at, length)| {
            (&text[..at], &text[at + length..])
        })
}

/// The codes at the beginning, parted by commas, and what follows them.
fn split_codes(text: &[u8]) -> (Vec<String>, &[u8]) {
    let mut codes = Vec::new();
    let mut rest = text;
    loop {
        let at = rest.trim_ascii_start();
        let is_code =
            |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'-';
        let length = at.iter().take_while(|byte| is_code(byte)).count();
        let (word, behind) = at.split_at(length);
        let word = word.trim_end_with(|letter| letter == '-');
        let goes_on = behind.first().is_some_and(u8::is_ascii_alphanumeric);
        if goes_on || !word.contains(&b'-') {
            return (codes, rest);
        }
        codes.push(String::from_utf8_lossy(word).into_owned());
        rest = behind;
        let Some(next) = behind.trim_ascii_start().strip_prefix(b",") else {
            return (codes, rest);
        };
        rest = next;
    }
}

/// A reason without what parts it from the code, and without the end of a string around it.
fn clean(reason: &[u8]) -> &[u8] {
    let parting = |letter: char| letter.is_whitespace() || ":-–—,(".contains(letter);
    let closing = |letter: char| letter.is_whitespace() || "\"'`,".contains(letter);
    reason
        .trim_start_with(parting)
        .trim_end_with(closing)
        .trim_ascii()
}

/// Whether nothing but the beginning of a comment stands there; in JSON that is `"_comment": "`.
fn is_opener(before: &[u8]) -> bool {
    let letters = before.iter().filter(|byte| byte.is_ascii_alphanumeric());
    let letters: Vec<u8> = letters.copied().take(8).collect();
    (letters.is_empty() && !has_words(before))
        || [&b"rem"[..], b"dnl", b"comment"]
            .iter()
            .any(|word| letters.eq_ignore_ascii_case(word))
}

/// Whether a comment begins right there, as detect-secrets knows comments.
fn ends_in_opener(before: &[u8]) -> bool {
    let text = before.trim_ascii_end();
    ["#", "//", "/*", "'", "--", ";", "%"]
        .iter()
        .any(|opener| text.ends_with(opener.as_bytes()))
}

/// Whether there is a letter or a digit of any script.
fn has_words(text: &[u8]) -> bool {
    text.chars().any(char::is_alphanumeric)
}
