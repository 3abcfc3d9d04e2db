//! The one question: asked on a terminal, understood in the ways in which people answer.

/// `Write these 4 files? [Y/n] `
pub(crate) fn ask(files: usize) -> String {
    match files {
        1 => "Write this file? [Y/n] ".to_owned(),
        files => format!("Write these {files} files? [Y/n] "),
    }
}

/// Whether an answer means yes. The end of the input is no answer, and so is what nobody can make sense of.
pub(crate) fn is_yes(answer: &str) -> bool {
    let said = answer.trim_end_matches(['\n', '\r']);
    answer.len() > said.len()
        && ["", "y", "yes"].contains(&said.trim().to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_is_one() {
        for (answer, yes) in [
            ("\n", true),
            ("y\n", true),
            (" YES \r\n", true),
            ("n\n", false),
            ("no\n", false),
            ("maybe\n", false),
            ("", false),
            ("y", false),
        ] {
            assert_eq!(is_yes(answer), yes, "{answer:?}");
        }
        assert_eq!(ask(1), "Write this file? [Y/n] ");
        assert_eq!(ask(4), "Write these 4 files? [Y/n] ");
    }
}
