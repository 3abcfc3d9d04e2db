//! What a tool said, for people: the line that tells, without its colours, and never too long.

use crate::process::signal;
use crate::tool::{Heard, Told};

/// As many characters of one line are shown.
const LONGEST: usize = 240;

/// Words by which a line is known to tell what went wrong.
const TELLING: [&str; 7] = [
    "rror",
    "annot",
    "ERR",
    "failed",
    "FAIL",
    "not found",
    "No module",
];

/// A text without the control sequences by which terminals are coloured.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\u{1b}' {
            plain.push(letter);
            continue;
        }
        if letters.next_if_eq(&'[').is_some() {
            while letters
                .next()
                .is_some_and(|end| !('@'..='~').contains(&end))
            {}
        }
    }
    plain
}

/// A line's text, or as much of it as is shown.
pub(crate) fn short(line: &str) -> String {
    let line = line.trim();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// The first line that says something.
pub(crate) fn first_line(text: &str) -> String {
    let plain = plain(text);
    let mut lines = plain.lines();
    short(lines.find(|line| speaks(line)).unwrap_or_default())
}

/// The line that tells what went wrong, where one does; else the first one.
pub(crate) fn telling(texts: &[&str]) -> Option<String> {
    let plain: Vec<String> = texts.iter().map(|text| plain(text)).collect();
    let lines = || plain.iter().flat_map(|text| text.lines());
    let tells = |line: &&str| speaks(line) && TELLING.iter().any(|word| line.contains(word));
    let found = lines()
        .find(tells)
        .or_else(|| lines().find(|line| speaks(line)));
    found.map(short)
}

/// An answer that is none: the tool could not judge.
pub(crate) fn broken(told: &Told<'_>, tool: &str, see: &str) -> Heard {
    let out = String::from_utf8_lossy(told.out);
    let line = telling(&[told.err, &out]);
    let said = line.unwrap_or_else(|| "it said nothing".to_owned());
    Heard::Broken {
        reason: format!(
            "`{tool}` could not judge (exit {}): {said}",
            exit(told.exit)
        ),
        remedy: format!("see what it says: `{}`", from(told, see)),
    }
}

/// An exit code; a wrapper's way to say that a signal ended what it ran is put into words.
pub(crate) fn exit(code: i32) -> String {
    const SIGNALLED: i32 = 128;
    const LAST_SIGNAL: i32 = 31;
    let signal = code.saturating_sub(SIGNALLED);
    if !(1..=LAST_SIGNAL).contains(&signal) {
        return code.to_string();
    }
    format!("{code}, killed by {}", signal::name(signal))
}

/// A command as it is typed at the repository's root.
pub(crate) fn from(told: &Told<'_>, command: &str) -> String {
    let root = &told.ran.root;
    if root.is_root() {
        return command.to_owned();
    }
    format!("cd {root} && {command}")
}

/// Whether a line has a word in it, and not only a rule drawn across the screen.
fn speaks(line: &str) -> bool {
    line.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_telling_line_is_found_and_plain() {
        let text = "\n> web@1.0.0 test\n────\n\u{1b}[31mError\u{1b}[39m: no such preset\n  at x\n";
        assert_eq!(
            telling(&["", text]).as_deref(),
            Some("Error: no such preset")
        );
        assert_eq!(telling(&["", "hello\nworld"]).as_deref(), Some("hello"));
        assert_eq!(telling(&["\n---\n"]), None);
        assert_eq!(first_line("\n\n  a\nb"), "a");
    }

    #[test]
    fn an_exit_code_that_means_a_signal_says_so() {
        #[cfg(unix)]
        assert_eq!(exit(137), "137, killed by SIGKILL");
        assert_eq!(exit(1), "1");
        assert_eq!(exit(-1), "-1");
        assert_eq!(exit(200), "200");
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        assert_eq!(short(&"é".repeat(500)).chars().count(), LONGEST + 1);
        assert_eq!(plain("a\u{1b}[1;3"), "a");
        assert_eq!(plain("a\u{1b}"), "a");
    }
}
