//! How a file is written, whoever wants what of its values: lines that cannot be read, names, blanks, line ends.

mod odd;
mod trouble;

use super::Subject;
use super::rewriting::Mendable;
use crate::dotenv;
use crate::finding::Finding;
use crate::finding::code::Code;

/// As many findings of a code are told of one file; nobody reads more, and a hostile file has millions.
pub(super) const MOST: usize = 10_000;

/// Everything odd about how the file is written.
pub(super) fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    let found = found(subject).into_iter();
    found.map(|found| found.finding).collect()
}

/// The same, with what mends it.
pub(super) fn found(subject: &Subject<'_>) -> Vec<Mendable> {
    let reader = subject.file().dialect();
    let odd = dotenv::lint(subject.asked().bytes, reader);
    let mut found = trouble::found(subject, &odd);
    found.extend(odd.into_iter().filter_map(|odd| odd::of(subject, odd)));
    bounded(subject, found)
}

/// Not more of a code than anybody reads; how many are left out is told.
pub(super) fn bounded(subject: &Subject<'_>, found: Vec<Mendable>) -> Vec<Mendable> {
    if found.len() <= MOST {
        return found;
    }
    let mut counts: Vec<(Code, usize)> = Vec::new();
    let mut kept = Vec::with_capacity(MOST);
    for one in found {
        let code = one.finding.code;
        let at = counts.iter().position(|(known, _)| *known == code);
        let at = at.unwrap_or_else(|| {
            counts.push((code, 0));
            counts.len() - 1
        });
        counts[at].1 += 1;
        if counts[at].1 <= MOST {
            kept.push(one);
        }
    }
    for (code, count) in counts.into_iter().filter(|(_, count)| *count > MOST) {
        let message = format!("{} more of these are not listed", count - MOST);
        let finding = subject.in_file(code, message, "mend the first ones, then look again");
        kept.push(Mendable::by_hand(finding));
    }
    kept
}

/// A name as it may be told. What only looks like one, as a line of a key that lost its quotes does, is not.
pub(super) fn called(key: &str) -> String {
    shown(key).map_or_else(|| "a name".to_owned(), |key| format!("`{key}`"))
}

/// A name, where nobody can take it for a piece of a value.
fn shown(key: &str) -> Option<&str> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let has = |is: fn(&u8) -> bool| key.as_bytes().iter().any(is);
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    let is_mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && digits > 0;
    let is_joined = key.bytes().any(|byte| b"_-.".contains(&byte));
    let is_code = !is_joined && (is_mixed || digits > 3 || key.len() > 30);
    let is_name = !key.is_empty() && key.len() <= 60 && key.bytes().all(is_word);
    (is_name && !is_code).then_some(key)
}

#[cfg(test)]
mod tests;
