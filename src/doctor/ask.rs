//! Asking a program for its version: started directly, without secrets, and not waited for long.

use std::path::Path;
use std::time::Duration;

use crate::environment::Environment;
use crate::process::script::Script;
use crate::process::variables::Variables;

/// A line that is longer says more than a version.
const LONGEST: usize = 60;

/// What a program answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// The first line of what it said.
    Line(String),
    /// Nothing, or an error.
    Nothing,
    /// It was ended: it had not answered in time.
    Late,
    /// It could not be started, for this reason.
    NotStarted(String),
}

/// Runs `PROGRAM --version` in a folder.
pub(super) fn version(
    program: &Path,
    folder: &Path,
    variables: &Variables,
    patience: Duration,
) -> Told {
    let environment = Environment::of(
        folder,
        variables
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let script = Script::new(program, folder, &environment).args(["--version"]);
    let captured = match script.capture(patience) {
        Ok(captured) => captured,
        Err(error) => return Told::NotStarted(error.kind().to_string()),
    };
    match captured.end {
        None => Told::Late,
        Some(end) if end.is_good() => {
            let said = captured.all();
            let said = String::from_utf8_lossy(&said);
            let mut lines = said.lines().map(str::trim);
            match lines.find(|line| !line.is_empty()) {
                Some(line) => Told::Line(line.chars().take(LONGEST).collect()),
                None => Told::Nothing,
            }
        }
        Some(_) => Told::Nothing,
    }
}

/// The number in what a program says of its version: `v9.1.0` in `eslint v9.1.0`.
pub(super) fn number(line: &str) -> Option<&str> {
    line.split([' ', ',', '(', ')', '/', '@'])
        .map(|word| word.trim_start_matches('v'))
        .find(|word| {
            let mut parts = word.split('.');
            let is_number = |part: Option<&str>| {
                part.is_some_and(|part| part.starts_with(|first: char| first.is_ascii_digit()))
            };
            is_number(parts.next()) && is_number(parts.next())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_found_in_what_tools_say() {
        for (line, expected) in [
            ("v9.14.0", Some("9.14.0")),
            ("ruff 0.14.5 (2026-01-01)", Some("0.14.5")),
            ("Version 5.9.2", Some("5.9.2")),
            ("git version 2.47.3", Some("2.47.3")),
            ("clippy 0.1.95 (abc 2026-01-01)", Some("0.1.95")),
            ("pytest 9.0rc1", Some("9.0rc1")),
            ("jest/30.1.0", Some("30.1.0")),
            ("hello", None),
            ("3", None),
            ("", None),
        ] {
            assert_eq!(number(line), expected, "{line}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_program_is_asked_and_not_waited_for() {
        let read = Environment::read();
        let variables = Variables::of(&read, &[], &std::collections::BTreeMap::new());
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("tool");
        let ask = |text: &str, patience| {
            std::fs::write(&program, format!("#!/bin/sh\n{text}\n")).unwrap();
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(&program, mode).unwrap();
            version(&program, folder.path(), &variables, patience)
        };
        let long = Duration::from_secs(20);
        assert_eq!(
            ask("echo; echo \"tool 1.2 $1\"", long),
            Told::Line("tool 1.2 --version".to_owned())
        );
        assert_eq!(ask("echo 1.2; exit 1", long), Told::Nothing);
        assert_eq!(ask("exec sleep 60", Duration::from_millis(100)), Told::Late);
        let gone = version(Path::new("/dev/null/x"), folder.path(), &variables, long);
        assert!(matches!(gone, Told::NotStarted(_)), "{gone:?}");
    }
}
