//! YAML line by line: enough to tell keys from values and comments from both, without building a document.

use std::ops::Range;

/// One line that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// How far it is from the edge, list marks counted as blanks.
    pub(super) indent: usize,
    /// Whether it begins with the mark of a list.
    pub(super) is_item: bool,
    /// The key, if it has one.
    pub(super) key: Option<Range<usize>>,
    /// What stands behind the key, or all of it.
    pub(super) value: Range<usize>,
    /// Whether it is a line of a text over many lines.
    pub(super) is_block: bool,
}

/// The lines of a text.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    // The indent of the line that a text over many lines belongs to.
    let mut block: Option<usize> = None;
    for full in text.split_inclusive('\n') {
        let whole = start..start + full.trim_end().len();
        start += full.len();
        let content = text[whole.clone()].trim_start();
        if content.is_empty() {
            continue;
        }
        let blank = whole.len() - content.len();
        if let Some(outer) = block {
            if blank > outer {
                lines.push(Line {
                    indent: blank,
                    is_item: false,
                    key: None,
                    value: whole.start + blank..whole.end,
                    is_block: true,
                });
                continue;
            }
            block = None;
        }
        let line = line(text, whole.start, whole.start + blank..whole.end);
        let Some(line) = line else {
            continue;
        };
        if opens_block(&text[line.value.clone()]) {
            block = Some(blank);
        }
        lines.push(line);
    }
    lines
}

fn line(text: &str, edge: usize, range: Range<usize>) -> Option<Line> {
    let end = range.start + comment(&text[range.clone()]);
    let mut start = range.start;
    let mut is_item = false;
    while text[start..end].starts_with("- ") || &text[start..end] == "-" {
        is_item = true;
        start += 1;
        start += text[start..end].len() - text[start..end].trim_start().len();
    }
    let content = text[start..end].trim_end();
    if content.is_empty() && !is_item {
        return None;
    }
    let end = start + content.len();
    let (key, value) = match key(content) {
        Some((key, behind)) => {
            let value = start + behind;
            let blank = text[value..end].len() - text[value..end].trim_start().len();
            (Some(start + key.start..start + key.end), value + blank..end)
        }
        None => (None, start..end),
    };
    Some(Line {
        indent: start - edge,
        is_item,
        key,
        value,
        is_block: false,
    })
}

/// Where the comment of a line begins, or the line ends.
fn comment(line: &str) -> usize {
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in line.bytes().enumerate() {
        match (quote, byte) {
            (None, b'#') if before.is_ascii_whitespace() => return at,
            // A quote inside of a word is a letter.
            (None, b'"' | b'\'') if b" \t[{,:-".contains(&before) => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        before = byte;
    }
    line.len()
}

/// The key of a line without its quotes, and where its value begins.
fn key(content: &str) -> Option<(Range<usize>, usize)> {
    if let Some(quote) = content
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''))
    {
        let end = content[1..].find(quote)? + 1;
        return content[end + 1..]
            .starts_with(':')
            .then_some((1..end, end + 2));
    }
    let mut from = 0;
    loop {
        let colon = from + content[from..].find(':')?;
        let behind = content.as_bytes().get(colon + 1);
        if behind.is_none_or(u8::is_ascii_whitespace) {
            let is_plain = !content[..colon].contains(['{', '[', '"', '$']);
            return is_plain.then_some((0..content[..colon].trim_end().len(), colon + 1));
        }
        from = colon + 1;
    }
}

fn opens_block(value: &str) -> bool {
    let mut letters = value.chars();
    matches!(letters.next(), Some('|' | '>'))
        && letters.all(|letter| matches!(letter, '+' | '-' | '0'..='9'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_values_and_comments_are_told_apart() {
        let text = "a: 1 # x\n# b: 2\n\n- c: 'd # e'\n  \"f g\": h#i\n- http://x\nj: |\n  # k: l\n m\nn:\n";
        let told: Vec<String> = lines(text)
            .iter()
            .map(|line| {
                let key = line.key.clone().map_or("", |key| &text[key]);
                let mark = if line.is_block { "|" } else { "" };
                let item = if line.is_item { "-" } else { "" };
                format!(
                    "{}{item}{mark}{key}={}",
                    line.indent,
                    &text[line.value.clone()]
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "0a=1",
                "2-c='d # e'",
                "2f g=h#i",
                "2-=http://x",
                "0j=|",
                "2|=# k: l",
                "1|=m",
                "0n="
            ]
        );
    }
}
