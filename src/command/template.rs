//! From what the team wrote to an argv: names travel as arguments, never as shell text.

use std::ffi::OsString;

use crate::config::valid::Run;
use crate::path::RepoPath;

/// Where the files go.
const FILES: &str = "{files}";

/// The shell. By its path: what it is does not depend on what lies on PATH.
const SHELL: &str = if cfg!(unix) { "/bin/sh" } else { "sh" };

/// What is started for some of the files.
pub fn argv(run: &Run, files: &[OsString]) -> Vec<OsString> {
    match run {
        Run::Shell(text) => {
            let mut text = text.replace(FILES, "\"$@\"");
            if text.starts_with(['-', '+']) {
                // The shell would take it for an option.
                text.insert(0, ' ');
            }
            let fixed = [SHELL.into(), "-c".into(), text.into(), "sh".into()];
            let files = if run.takes_files() { files } else { &[] };
            fixed.into_iter().chain(files.iter().cloned()).collect()
        }
        Run::Argv(words) => words
            .iter()
            .flat_map(|word| match word.as_str() {
                FILES => files.to_vec(),
                word => vec![word.into()],
            })
            .collect(),
    }
}

/// A file's name as the command sees it from `root`; `None` when it does not lie below it.
pub fn name(file: &RepoPath, root: &RepoPath) -> Option<OsString> {
    let name = file.relative_to(root).filter(|name| !name.is_root())?;
    if name.as_bytes().starts_with(b"-") {
        // It would be taken for an option.
        return Some(RepoPath::from(".").join(name.as_bytes()).to_os().into());
    }
    Some(name.to_os().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(run: &Run, files: &[&str]) -> String {
        let files: Vec<OsString> = files.iter().map(OsString::from).collect();
        let words = argv(run, &files);
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        format!("<{}>", words.join("><"))
    }

    #[test]
    fn files_are_arguments_in_a_shell_and_words_in_an_argv() {
        let shell = |text: &str| Run::Shell(text.to_owned());
        let words =
            |words: &[&str]| Run::Argv(words.iter().map(|word| (*word).to_owned()).collect());
        for (run, text) in [
            (
                shell("lint {files} --fix"),
                "</bin/sh><-c><lint \"$@\" --fix><sh><a b><$(x)>",
            ),
            (shell("make"), "</bin/sh><-c><make><sh>"),
            (shell("-x"), "</bin/sh><-c>< -x><sh>"),
            (words(&["lint", "{files}", "--"]), "<lint><a b><$(x)><-->"),
            (words(&["lint", "x{files}"]), "<lint><x{files}>"),
        ] {
            assert_eq!(shown(&run, &["a b", "$(x)"]), text);
        }
    }

    #[test]
    fn a_name_is_seen_from_the_root_and_is_never_an_option() {
        let seen = |file: &str, root: &str| {
            name(&file.into(), &root.into()).map(|name| name.into_string().unwrap())
        };
        assert_eq!(seen("apps/web/a.ts", "apps/web").as_deref(), Some("a.ts"));
        assert_eq!(seen("apps/web/-rf", "apps/web").as_deref(), Some("./-rf"));
        assert_eq!(seen("-x/a", "").as_deref(), Some("./-x/a"));
        assert_eq!(seen("a/-x", "").as_deref(), Some("a/-x"));
        assert_eq!(seen("b", "apps/web"), None);
        assert_eq!(seen("apps/web", "apps/web"), None);
    }

    #[test]
    #[cfg(unix)]
    fn bytes_that_are_no_text_stay_as_they_are() {
        use std::os::unix::ffi::OsStrExt;
        for bytes in [&b"caf\xe9"[..], b"-\xff", b"a\nb\t\"'$(x)*"] {
            let name = name(&RepoPath::new(bytes), &RepoPath::root()).unwrap();
            assert!(name.as_bytes().ends_with(bytes));
        }
    }
}
