//! Reads an example of an environment file: names, values, and what its comments say about them.
//!
//! Only as much as the first schema needs. What is no assignment is counted, never guessed at.

/// A variable as an example shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its name.
    pub(crate) name: String,
    /// Its value, without quotes.
    pub(crate) value: String,
    /// The comment lines right above it, and the one behind it.
    pub(crate) comment: Vec<String>,
    /// Whether the line itself is a comment: the variable may be left out.
    pub(crate) is_commented: bool,
}

/// What was read of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Example {
    /// The variables, in the file's order; the last one counts where a name comes twice.
    pub(crate) entries: Vec<Entry>,
    /// Lines that are no assignment, from 1.
    pub(crate) unread: Vec<usize>,
}

/// A quoted value that does not end within so many lines does not end.
const LONGEST: usize = 200;

/// Reads a file's text.
pub(crate) fn read(text: &str) -> Example {
    let mut example = Example::default();
    let mut above: Vec<String> = Vec::new();
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let line = line.trim();
        if line.is_empty() {
            above.clear();
        } else if let Some(comment) = line.strip_prefix('#') {
            match commented(comment) {
                Some(entry) => example.take(entry, std::mem::take(&mut above)),
                None => above.extend(words(comment)),
            }
        } else if let Some((name, rest)) = assignment(line) {
            let mut value = rest.to_owned();
            if let Some(quote) = open(rest) {
                let ahead = lines.clone().take(LONGEST);
                let closing = ahead.take_while(|(_, line)| !line.contains(quote)).count();
                if lines
                    .clone()
                    .nth(closing)
                    .is_some_and(|(_, line)| line.contains(quote))
                {
                    for (_, line) in lines.by_ref().take(closing + 1) {
                        value = value + "\n" + line;
                    }
                }
            }
            let (value, behind) = bare(&value);
            let mut comment = std::mem::take(&mut above);
            comment.extend(behind.and_then(words));
            example.take(
                Entry {
                    name: name.to_owned(),
                    value,
                    ..Entry::default()
                },
                comment,
            );
        } else {
            above.clear();
            example.unread.push(at + 1);
        }
    }
    example
}

impl Example {
    fn take(&mut self, mut entry: Entry, comment: Vec<String>) {
        entry.comment.splice(0..0, comment);
        let known = self
            .entries
            .iter()
            .position(|known| known.name == entry.name);
        match known {
            // A line that is in force outweighs one that is commented out.
            Some(at) if entry.is_commented && !self.entries[at].is_commented => {}
            Some(at) => self.entries[at] = entry,
            None => self.entries.push(entry),
        }
    }
}

/// `NAME=rest`, with or without `export`.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = match line.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => line,
    };
    let (name, rest) = line.split_once('=')?;
    let name = name.trim_end();
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    (starts && name.len() <= 200 && name.chars().all(plain)).then(|| (name, rest.trim()))
}

/// An assignment that somebody commented out; prose that holds a `=` is none.
fn commented(comment: &str) -> Option<Entry> {
    let comment = comment.strip_prefix(' ').unwrap_or(comment);
    let (name, rest) = assignment(comment)?;
    let capital =
        |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    let spaced = comment
        .split('=')
        .next()
        .is_some_and(|name| name.ends_with(' '));
    if name.len() < 3 || spaced || !name.chars().all(capital) || open(rest).is_some() {
        return None;
    }
    let (value, behind) = bare(rest);
    let quoted = rest.starts_with(['"', '\'']);
    if !quoted && value.contains(char::is_whitespace) {
        return None;
    }
    Some(Entry {
        name: name.to_owned(),
        value,
        comment: behind.and_then(words).into_iter().collect(),
        is_commented: true,
    })
}

/// The quote that a value opens and does not close.
fn open(value: &str) -> Option<char> {
    let quote = value
        .chars()
        .next()
        .filter(|first| "\"'`".contains(*first))?;
    (!value[1..].contains(quote)).then_some(quote)
}

/// A value without its quotes, and the comment behind it.
fn bare(value: &str) -> (String, Option<&str>) {
    if let Some(quote) = value.chars().next().filter(|first| "\"'`".contains(*first)) {
        let inner = &value[1..];
        if let Some(end) = inner.find(quote) {
            let behind = inner[end + 1..].trim_start().strip_prefix('#');
            return (inner[..end].to_owned(), behind);
        }
    }
    if let Some(comment) = value.strip_prefix('#') {
        return (String::new(), Some(comment));
    }
    match value.split_once(" #").or_else(|| value.split_once("\t#")) {
        Some((value, behind)) => (value.trim_end().to_owned(), Some(behind)),
        None => (value.to_owned(), None),
    }
}

/// A comment's words without what is only drawn around them; none where nothing is said.
fn words(comment: &str) -> Option<String> {
    let drawn = |letter: char| {
        letter.is_whitespace() || "#=-*~_─━═|[]".contains(letter) || letter.is_control()
    };
    let words = comment.trim_matches(drawn);
    let says = words.chars().any(char::is_alphabetic);
    says.then(|| words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Entry {
        let example = read(text);
        assert_eq!(example.unread, Vec::<usize>::new(), "{text}");
        assert_eq!(example.entries.len(), 1, "{text}");
        example.entries.into_iter().next().unwrap()
    }

    #[test]
    fn every_way_of_writing_a_value_is_read() {
        for (text, name, value) in [
            ("A=1", "A", "1"),
            ("  A = 1  ", "A", "1"),
            ("export A=1\r\n", "A", "1"),
            ("export=1", "export", "1"),
            ("\u{feff}A=1", "A", "1"),
            ("A=", "A", ""),
            ("A=# empty", "A", ""),
            ("A=b#c", "A", "b#c"),
            ("A=b # c", "A", "b"),
            ("A=\"b # c\" # d", "A", "b # c"),
            ("A='b\"c'", "A", "b\"c"),
            ("A=`b`", "A", "b"),
            (
                "A=\"-----BEGIN\nx\n-----END\"",
                "A",
                "-----BEGIN\nx\n-----END",
            ),
            ("A=\"never closed", "A", "\"never closed"),
            ("A=b=c", "A", "b=c"),
            ("a_1=x", "a_1", "x"),
            ("A=${B}", "A", "${B}"),
        ] {
            let entry = one(text);
            assert_eq!(
                (entry.name.as_str(), entry.value.as_str()),
                (name, value),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_assignment_is_counted() {
        let example = read("A=1\nnonsense\n1A=2\n=3\nB\nC=4\n");
        assert_eq!(example.unread, [2, 3, 4, 5]);
        assert_eq!(example.entries.len(), 2);
    }

    #[test]
    fn a_comment_belongs_to_what_stands_right_below_it() {
        let example = read(
            "# ==== Head ====\n\n# ── Database ──\n# the main one\nA=1 # behind\nB=2\n# for B = 3 only\n# CCC=3 # off\n# c=no\nD=4\n",
        );
        let told: Vec<(&str, bool, Vec<&str>)> = example
            .entries
            .iter()
            .map(|entry| {
                let comment = entry.comment.iter().map(String::as_str).collect();
                (entry.name.as_str(), entry.is_commented, comment)
            })
            .collect();
        assert_eq!(
            told,
            [
                ("A", false, vec!["Database", "the main one", "behind"]),
                ("B", false, vec![]),
                ("CCC", true, vec!["for B = 3 only", "off"]),
                ("D", false, vec!["c=no"]),
            ]
        );
    }

    #[test]
    fn a_line_in_force_outweighs_one_that_is_commented_out() {
        for text in ["A=1\n# A=2\n", "# A=2\nA=1\n", "A=0\nA=1\n"] {
            let entry = one(text);
            assert_eq!(
                (entry.value.as_str(), entry.is_commented),
                ("1", false),
                "{text}"
            );
        }
    }
}
