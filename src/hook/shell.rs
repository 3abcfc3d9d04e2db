//! guard's one line in a shell script that belongs to the team: portable, put in first, found again by its end.

use super::{HookName, Missing};

/// What a line of guard's ends with in a file that was there before.
pub(crate) const MARK: &str = " # guard";
/// What it ends with in a file that guard made.
const OWN_FILE: &str = " # guard made this file";

/// What happens to the refs on standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stdin {
    /// guard reads them, and nobody after it.
    Taken,
    /// Whatever follows in the script reads them too, as git-lfs does.
    Shared,
}

/// The line for a script in which nothing else reads standard input.
pub(crate) fn line(name: HookName, missing: Missing) -> String {
    format!("{}{MARK}", call(name, missing, Stdin::Taken))
}

/// A new file.
pub(crate) fn file(name: HookName, missing: Missing) -> Vec<u8> {
    format!(
        "#!/bin/sh\n{}{OWN_FILE}\n",
        call(name, missing, Stdin::Taken)
    )
    .into_bytes()
}

/// It looks in the same places as the shims, recorded path aside, and passes the exit code on.
fn call(name: HookName, missing: Missing, stdin: Stdin) -> String {
    let run = format!(
        "GUARD_SHIM={} \"$guard\" hook {name} -- \"$@\"",
        super::shim_version()
    );
    let run = match stdin {
        Stdin::Taken => format!("{run} || exit"),
        Stdin::Shared => format!(
            "guard_in=$(mktemp) && cat >\"$guard_in\" || exit; \
             {run} <\"$guard_in\" || {{ guard=$?; rm -f \"$guard_in\"; exit \"$guard\"; }}; \
             exec <\"$guard_in\"; rm -f \"$guard_in\""
        ),
    };
    let stop = match missing {
        Missing::Block => "; exit 1",
        Missing::Warn => "",
    };
    format!(
        "for guard in guard ~/.local/bin/guard ~/.cargo/bin/guard node_modules/.bin/guard \
         .venv/bin/guard ''; do case $(\"$guard\" --version 2>/dev/null </dev/null) in \
         'guard (railguard)'*) break ;; esac; done; \
         if [ \"$guard\" ]; then {run}; \
         elif [ \"${{GUARD-}}\" = 0 ]; then echo 'guard: off for this {name} (GUARD=0)' >&2; \
         else echo 'guard: no guard binary was found. Put it on PATH or in ~/.local/bin, \
         or go on once with GUARD=0' >&2{stop}; fi"
    )
}

/// What became of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Joined {
    /// The line stands there already.
    Already,
    /// The script with the line.
    New(Vec<u8>),
    /// It stays as it is, for this reason.
    Cannot(&'static str),
}

/// Puts the line first: after `#!`, `set` and the sourcing of husky's own file, before all that works.
pub(crate) fn join(script: &[u8], name: HookName, missing: Missing) -> Joined {
    let Ok(text) = std::str::from_utf8(script) else {
        return Joined::Cannot("it is not a text file");
    };
    if !is_posix(text) {
        return Joined::Cannot("it is not a shell script");
    }
    if let Some(found) = text.lines().find(|line| is_ours(line, name)) {
        return renewed(text, found, name, missing);
    }
    let at = entrance(text);
    let stdin = match name {
        HookName::PrePush if text[at..].lines().any(works) => Stdin::Shared,
        _ => Stdin::Taken,
    };
    let line = format!("{}{MARK}", call(name, missing, stdin));
    Joined::New(insert(text, at, &line).into_bytes())
}

/// Puts a line in at `at`, a line's beginning or the text's end.
///
/// A last line without an end gets one, and guard's line has none in its place: taking it out
/// again gives the same bytes.
pub(crate) fn insert(text: &str, at: usize, line: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let (before, after) = text.split_at(at);
    if before.is_empty() || before.ends_with('\n') {
        format!("{before}{line}{end}{after}")
    } else {
        format!("{before}\n{line}")
    }
}

/// A line of this version with another policy is replaced; one that somebody changed is left.
fn renewed(text: &str, found: &str, name: HookName, missing: Missing) -> Joined {
    for stdin in [Stdin::Taken, Stdin::Shared] {
        for mark in [MARK, OWN_FILE] {
            for other in [Missing::Block, Missing::Warn] {
                if other != missing && found == format!("{}{mark}", call(name, other, stdin)) {
                    let line = format!("{}{mark}", call(name, missing, stdin));
                    return Joined::New(text.replacen(found, &line, 1).into_bytes());
                }
            }
        }
    }
    Joined::Already
}

/// What is left of a script without guard's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// There was no such line.
    Untouched,
    /// The script as it was before.
    Script(Vec<u8>),
    /// Nothing but what guard wrote: the file was guard's own.
    Nothing,
}

/// Takes the line out, in a script as in another manager's configuration.
pub(crate) fn part(script: &[u8], name: HookName) -> Left {
    let Ok(text) = std::str::from_utf8(script) else {
        return Left::Untouched;
    };
    let Some(line) = text.split_inclusive('\n').find(|line| is_ours(line, name)) else {
        return Left::Untouched;
    };
    let at = line.as_ptr().addr() - text.as_ptr().addr();
    let (mut before, after) = (&text[..at], &text[at + line.len()..]);
    if line.trim_end().ends_with(OWN_FILE) && before == "#!/bin/sh\n" && after.is_empty() {
        return Left::Nothing;
    }
    if !line.ends_with('\n') {
        before = before.strip_suffix('\n').unwrap_or(before);
    }
    Left::Script(format!("{before}{after}").into_bytes())
}

/// Whether a line is guard's for this hook.
pub(crate) fn is_ours(line: &str, name: HookName) -> bool {
    let line = line.trim_end();
    let marked = line.ends_with(MARK) || line.ends_with(OWN_FILE);
    marked && line.contains(&format!("hook {name} --"))
}

/// Whether git hands the script to a shell that understands the line.
fn is_posix(text: &str) -> bool {
    if text.contains('\0') {
        return false;
    }
    let Some(first) = text.lines().next().and_then(|line| line.strip_prefix("#!")) else {
        return true;
    };
    let mut words = first
        .split_whitespace()
        .filter(|word| !word.starts_with('-') && !word.contains('='))
        .map(|word| word.rsplit('/').next().unwrap_or(word));
    let program = match words.next() {
        Some("env" | "busybox") => words.next(),
        program => program,
    };
    matches!(
        program,
        Some("sh" | "bash" | "dash" | "zsh" | "ksh" | "ash")
    )
}

/// Where the work begins: behind the last line that only prepares.
fn entrance(text: &str) -> usize {
    let (mut at, mut offset) = (0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim();
        let shebang = number == 0 && bare.starts_with("#!");
        let comment = bare.is_empty() || bare.starts_with('#');
        let prepares = shebang || bare == "set" || bare.starts_with("set ") || sources_husky(bare);
        if bare.ends_with('\\') && !bare.starts_with('#') || !(comment || prepares) {
            break;
        }
        offset += line.len();
        if prepares {
            at = offset;
        }
    }
    at
}

/// Whether nothing works before guard's line, so that running the script for a proof runs nothing else.
pub(crate) fn is_first(script: &[u8], name: HookName) -> bool {
    let text = String::from_utf8_lossy(script);
    let at = entrance(&text);
    text[at..]
        .lines()
        .find(|line| works(line))
        .is_some_and(|line| is_ours(line, name))
}

fn sources_husky(line: &str) -> bool {
    let sources = line.starts_with(". ") || line.starts_with("source ");
    sources && line.contains("husky.sh")
}

/// Whether a line does something.
fn works(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn joined(text: &str, name: HookName) -> String {
        match join(text.as_bytes(), name, Missing::Block) {
            Joined::New(bytes) => String::from_utf8(bytes).unwrap(),
            other => panic!("{text:?} gave {other:?}"),
        }
    }

    /// The script with the line written short.
    fn sketch(text: &str, name: HookName) -> String {
        joined(text, name)
            .replace(&call(name, Missing::Block, Stdin::Taken), "GUARD")
            .replace(&call(name, Missing::Block, Stdin::Shared), "GUARD shared")
    }

    #[test]
    fn the_line_comes_first_behind_what_only_prepares() {
        for (script, with) in [
            ("", "GUARD # guard\n"),
            ("npm test\n", "GUARD # guard\nnpm test\n"),
            (
                "#!/bin/sh\nnpm test\n",
                "#!/bin/sh\nGUARD # guard\nnpm test\n",
            ),
            (
                "#!/bin/sh\n# Why.\nset -eu\n\n# Tests.\nnpm test\n",
                "#!/bin/sh\n# Why.\nset -eu\nGUARD # guard\n\n# Tests.\nnpm test\n",
            ),
            (
                "#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\nnpx lint-staged\n",
                "#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\nGUARD # guard\n\nnpx lint-staged\n",
            ),
            (
                "#!/bin/sh\nset -e \\\n -u\n",
                "#!/bin/sh\nGUARD # guard\nset -e \\\n -u\n",
            ),
            ("#!/bin/sh", "#!/bin/sh\nGUARD # guard"),
            (
                "#!/bin/bash -e\r\nx\r\n",
                "#!/bin/bash -e\r\nGUARD # guard\r\nx\r\n",
            ),
        ] {
            assert_eq!(sketch(script, HookName::PreCommit), with, "{script:?}");
        }
    }

    #[test]
    fn what_follows_a_push_line_still_sees_the_refs() {
        assert_eq!(
            sketch("#!/bin/sh\n# only words\n", HookName::PrePush),
            "#!/bin/sh\nGUARD # guard\n# only words\n"
        );
        assert_eq!(
            sketch("#!/bin/sh\ngit lfs pre-push \"$@\"\n", HookName::PrePush),
            "#!/bin/sh\nGUARD shared # guard\ngit lfs pre-push \"$@\"\n"
        );
    }

    #[test]
    fn another_policy_renews_the_line_and_a_changed_one_is_left() {
        let text = joined("#!/bin/sh\nx\n", HookName::PrePush);
        assert_eq!(
            join(text.as_bytes(), HookName::PrePush, Missing::Block),
            Joined::Already
        );
        let Joined::New(warns) = join(text.as_bytes(), HookName::PrePush, Missing::Warn) else {
            panic!("the policy changed");
        };
        assert!(!String::from_utf8(warns).unwrap().contains("exit 1;"));
        let edited = text.replace("exit 1", "exit 9");
        assert_eq!(
            join(edited.as_bytes(), HookName::PrePush, Missing::Warn),
            Joined::Already
        );
    }

    #[test]
    fn a_script_of_another_language_is_left() {
        for script in [
            "#!/usr/bin/env python3\n",
            "#!/usr/bin/env -S node\n",
            "#!/usr/bin/fish\n",
            "\0ELF",
        ] {
            let left = join(script.as_bytes(), HookName::PrePush, Missing::Block);
            assert!(matches!(left, Joined::Cannot(_)), "{script:?}");
        }
        assert!(matches!(
            join(b"\xff", HookName::PrePush, Missing::Block),
            Joined::Cannot(_)
        ));
        for script in [
            "#!/usr/bin/env -S bash -e\n",
            "#!/bin/busybox sh\n",
            "#! /bin/sh\n",
        ] {
            assert!(matches!(
                join(script.as_bytes(), HookName::PrePush, Missing::Block),
                Joined::New(_)
            ));
        }
    }

    #[test]
    fn a_file_that_guard_made_goes_with_the_line() {
        let made = file(HookName::PrePush, Missing::Warn);
        assert_eq!(part(&made, HookName::PrePush), Left::Nothing);
        assert_eq!(part(&made, HookName::PreCommit), Left::Untouched);
        let mut grown = made.clone();
        grown.extend_from_slice(b"npm test\n");
        assert_eq!(
            part(&grown, HookName::PrePush),
            Left::Script(b"#!/bin/sh\nnpm test\n".to_vec())
        );
        assert_eq!(part(b"# guard\n", HookName::PrePush), Left::Untouched);
    }

    proptest! {
        #[test]
        fn in_and_out_again_gives_the_same_bytes(
            lines in proptest::collection::vec("(#!/bin/sh|set -e|# x|npm test|\\. _/husky\\.sh|exit 1\\\\|)\r?\n?", 0..8),
            push in any::<bool>(),
        ) {
            let script = lines.concat();
            let name = if push { HookName::PrePush } else { HookName::PreCommit };
            if let Joined::New(with) = join(script.as_bytes(), name, Missing::Block) {
                prop_assert_eq!(join(&with, name, Missing::Block), Joined::Already);
                prop_assert_eq!(part(&with, name), Left::Script(script.into_bytes()));
            }
        }

        #[test]
        fn no_bytes_are_a_surprise(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            join(&bytes, HookName::PrePush, Missing::Warn);
            part(&bytes, HookName::PrePush);
        }
    }
}
