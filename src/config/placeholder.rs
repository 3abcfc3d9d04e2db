//! Where `{files}` stands in a line for the shell, as far as quotes decide what becomes of it.

/// What stands for the files.
pub(super) const FILES: &str = "{files}";

/// Why the files cannot be put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Inside quotes the whole list would be glued together, or not be put in at all.
    Quoted,
    /// The backslash would be the first file's.
    Escaped,
    /// A long list is split, and then the two would disagree.
    Twice,
}

/// Whether the line takes the files, read as the shell reads its quotes.
pub(super) fn find(line: &str) -> Result<bool, Fault> {
    let mut found = false;
    let mut quote: Option<u8> = None;
    let mut escaped = false;
    let bytes = line.as_bytes();
    for (position, byte) in bytes.iter().enumerate() {
        if bytes[position..].starts_with(FILES.as_bytes()) {
            match () {
                () if quote.is_some() => return Err(Fault::Quoted),
                () if escaped => return Err(Fault::Escaped),
                () if found => return Err(Fault::Twice),
                () => found = true,
            }
        }
        (quote, escaped) = match (quote, byte) {
            _ if escaped => (quote, false),
            // Between single quotes a backslash is a backslash.
            (Some(b'\''), b'\'') | (Some(b'"'), b'"') => (None, false),
            (Some(b'\''), _) => (quote, false),
            (_, b'\\') => (quote, true),
            (None, b'\'' | b'"') => (Some(*byte), false),
            _ => (quote, false),
        };
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quotes_are_read_as_the_shell_reads_them() {
        for (line, expected) in [
            ("eslint {files}", Ok(true)),
            ("eslint .", Ok(false)),
            ("eslint '{files}'", Err(Fault::Quoted)),
            ("eslint \"{files}\"", Err(Fault::Quoted)),
            ("eslint \"a b {files} c\"", Err(Fault::Quoted)),
            ("echo 'it''s' {files}", Ok(true)),
            ("echo \"\\\"\" {files}", Ok(true)),
            ("echo \"\\\" {files}\"", Err(Fault::Quoted)),
            ("echo '\\' {files}", Ok(true)),
            ("echo \\' {files}", Ok(true)),
            ("echo \\{files}", Err(Fault::Escaped)),
            ("echo \\\\{files}", Ok(true)),
            ("echo \"'\" {files} \"'\"", Ok(true)),
            ("a {files} && b {files}", Err(Fault::Twice)),
            ("a {files} && b '{files}'", Err(Fault::Quoted)),
            ("awk '{print}' {files}", Ok(true)),
            ("echo ${files} {file}", Ok(true)),
            ("echo é {files}", Ok(true)),
            ("echo 'unclosed {files}", Err(Fault::Quoted)),
        ] {
            assert_eq!(find(line), expected, "{line}");
        }
    }

    proptest! {
        #[test]
        fn what_is_put_in_is_in_the_line(line in "[ '\"\\\\a]{0,10}(\\{files\\}){0,2}[ '\"a]{0,4}") {
            if find(&line) == Ok(true) {
                prop_assert_eq!(line.matches(FILES).count(), 1);
            }
        }
    }
}
