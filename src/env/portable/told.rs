//! Who reads what, in words: how long a value is and what became of it, never what it is.

use memchr::memmem;

use crate::dotenv::{Cause, Dialect, Difference, Told};

/// Who reads what, those who agree together.
pub(super) fn readings(bytes: &[u8], difference: &Difference) -> String {
    let mut groups: Vec<(Vec<Dialect>, &Told)> = Vec::new();
    for reading in &difference.readings {
        if reading.told == Told::Unknown {
            continue;
        }
        match groups.iter_mut().find(|(_, told)| **told == reading.told) {
            Some((readers, _)) => readers.push(reading.dialect),
            None => groups.push((vec![reading.dialect], &reading.told)),
        }
    }
    let mut said: Vec<String> = Vec::new();
    let mut parts = Vec::new();
    for (readers, told) in groups {
        let mut what = what(bytes, difference, &readers, told);
        if said.contains(&what) {
            what.push_str(", others");
        }
        said.push(what.clone());
        let (who, ending) = (who(&readers), if readers.len() == 1 { "s" } else { "" });
        parts.push(match told {
            Told::Refused => format!("{who} refuse{ending} the file"),
            _ => format!("{who} read{ending} {what}"),
        });
    }
    parts.join(", ")
}

fn who(readers: &[Dialect]) -> String {
    let words: Vec<&str> = readers.iter().map(|reader| reader.word()).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}

fn what(bytes: &[u8], difference: &Difference, readers: &[Dialect], told: &Told) -> String {
    let Told::Value { key, value } = told else {
        return "nothing".to_owned();
    };
    let value = value.reveal();
    let length = match value.chars().count() {
        1 => "1 character".to_owned(),
        count => format!("{count} characters"),
    };
    let mut notes = Vec::new();
    if *key != difference.key {
        notes.push("under another name");
    }
    notes.extend(became(bytes, difference, readers, value));
    if notes.is_empty() {
        length
    } else {
        format!("{length} ({})", notes.join(", "))
    }
}

/// What a reader made of what is written.
fn became(
    bytes: &[u8],
    difference: &Difference,
    readers: &[Dialect],
    value: &str,
) -> Option<&'static str> {
    let has = |cause: Cause| difference.causes.contains(&cause);
    let begin = &bytes[difference.span.start.min(bytes.len())..];
    let written = &bytes[difference.span.clone()];
    let is_cut = begin
        .strip_prefix(value.as_bytes())
        .is_some_and(|rest| rest.trim_ascii_start().first() == Some(&b'#'));
    if has(Cause::Hash) && is_cut {
        return Some("cut at `#`");
    }
    let quote = value.bytes().next().filter(|byte| b"'\"`".contains(byte));
    if quote.is_some() && begin.first() == quote.as_ref() {
        return Some("with the quotes");
    }
    let is_literal = || !value.is_empty() && memmem::find(written, value.as_bytes()).is_some();
    let expands = |reader: &Dialect| matches!(reader, Dialect::Python | Dialect::Compose);
    if has(Cause::Dollar) && readers.iter().all(expands) && !is_literal() {
        return Some("with `$` expanded");
    }
    if has(Cause::Backslash) && !is_literal() {
        return Some("unescaped");
    }
    None
}

/// What helps where nobody can say what was meant.
pub(super) fn way_out(causes: &[Cause]) -> &'static str {
    let has = |cause: Cause| causes.contains(&cause);
    if has(Cause::UnterminatedQuote) {
        "close the quote"
    } else if has(Cause::TextBehindQuote) {
        "take out what stands behind the quote"
    } else if has(Cause::Key) {
        "use letters, digits and underscores in the name"
    } else if has(Cause::Dollar) {
        "write the value out; where `$` is part of it, put it in single quotes"
    } else if has(Cause::Backslash) {
        "leave the backslash out, or let the program unescape it"
    } else if has(Cause::NotUtf8) {
        "save the file as UTF-8"
    } else {
        "write it as `NAME='value'` in a line of its own"
    }
}
