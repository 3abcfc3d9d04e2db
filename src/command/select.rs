//! Which of the changed files a command is about, and whether it runs at all.

use super::pattern::{PatternError, Patterns};
use crate::config::valid::{Command, Files};
use crate::path::RepoPath;

/// A changed path, as far as a command cares.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'a> {
    /// Where.
    pub path: &'a RepoPath,
    /// Whether it is there in the judged tree: not deleted.
    pub present: bool,
    /// Whether it is a file: no symlink, no submodule.
    pub regular: bool,
}

/// Whether a command runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It runs. These are the files that it is about and that can be handed over.
    Run {
        /// Relative to the repository's root, in the order given.
        files: Vec<RepoPath>,
        /// Why.
        reason: String,
    },
    /// It does not.
    Skip {
        /// Why.
        reason: String,
    },
}

/// Decides for one command.
///
/// A deleted file, a symlink and a submodule are reasons to run, and are never handed over: a
/// command with `{files}` is about what it can be given, another one about all that changed.
pub fn decide(command: &Command, changed: &[Changed]) -> Result<Decision, PatternError> {
    let patterns = match &command.files {
        Files::None => {
            return Ok(Decision::Run {
                files: Vec::new(),
                reason: "runs whatever changed".to_owned(),
            });
        }
        Files::All => None,
        Files::Matching(patterns) => Some(patterns),
    };
    if changed.is_empty() {
        return Ok(skip("nothing changed"));
    }
    let below_root = changed
        .iter()
        .filter(|change| change.path.is_within(&command.root));
    let takes_files = command.run.takes_files();
    let candidates: Vec<&Changed> = below_root
        .filter(|change| !takes_files || change.present && change.regular)
        .collect();
    let mut matching: Vec<(&Changed, RepoPath)> = candidates
        .into_iter()
        .filter_map(|change| Some((change, change.path.relative_to(&command.root)?)))
        .collect();
    if let Some(patterns) = patterns {
        retain(&mut matching, patterns, true)?;
    }
    retain(&mut matching, &command.exclude, false)?;
    if matching.is_empty() {
        return Ok(skip("no matching files"));
    }
    let reason = match matching.len() {
        1 => "1 matching file".to_owned(),
        count => format!("{count} matching files"),
    };
    let files = matching
        .into_iter()
        .filter(|(change, _)| change.present && change.regular)
        .map(|(change, _)| change.path.clone())
        .collect();
    Ok(Decision::Run { files, reason })
}

/// Keeps those that the patterns pick, or those that they do not.
fn retain(
    matching: &mut Vec<(&Changed, RepoPath)>,
    patterns: &[String],
    picked: bool,
) -> Result<(), PatternError> {
    let paths: Vec<&RepoPath> = matching.iter().map(|(_, path)| path).collect();
    match Patterns::for_paths(patterns, &paths)? {
        Some(patterns) => {
            matching.retain(|(_, path)| patterns.pick_file(&path.to_os()) == picked);
        }
        None if picked => matching.clear(),
        None => {}
    }
    Ok(())
}

fn skip(reason: &str) -> Decision {
    Decision::Skip {
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::valid::{Isolate, Reads, Run};

    fn command(run: &str, files: Files) -> Command {
        Command {
            run: Run::Shell(run.to_owned()),
            fix: None,
            fix_on_commit: false,
            isolate: Isolate::Link,
            at: Vec::new(),
            files,
            exclude: Vec::new(),
            root: RepoPath::root(),
            needs: Vec::new(),
            reads: Reads::Files,
            inputs: Vec::new(),
            env: BTreeMap::new(),
            pass_env: Vec::new(),
            timeout: None,
            cache: None,
            branches: Vec::new(),
        }
    }

    fn matching(patterns: &[&str]) -> Files {
        Files::Matching(
            patterns
                .iter()
                .map(|pattern| (*pattern).to_owned())
                .collect(),
        )
    }

    /// The files handed over, or the reason why not. `-` stands before a deleted path, `@` before
    /// one that is no file.
    fn decided(command: &Command, changed: &[&str]) -> String {
        let paths: Vec<RepoPath> = changed
            .iter()
            .map(|path| RepoPath::from(path.trim_start_matches(['-', '@'])))
            .collect();
        let changed: Vec<Changed> = paths
            .iter()
            .zip(changed)
            .map(|(path, name)| Changed {
                path,
                present: !name.starts_with('-'),
                regular: !name.starts_with('@'),
            })
            .collect();
        match decide(command, &changed).unwrap() {
            Decision::Run { files, .. } => {
                let files: Vec<_> = files.iter().map(RepoPath::to_text).collect();
                format!("[{}]", files.join(" "))
            }
            Decision::Skip { reason } => reason,
        }
    }

    #[test]
    fn patterns_pick_as_gitignore_does() {
        let changed = ["a.ts", "src/b.tsx", "src/gen/c.ts", "docs/d.md", "[x].ts"];
        for (patterns, picked) in [
            (
                &["**/*.{ts,tsx}"][..],
                "[a.ts src/b.tsx src/gen/c.ts [x].ts]",
            ),
            (&["*.ts"], "[a.ts src/gen/c.ts [x].ts]"),
            (&["/*.ts"], "[a.ts [x].ts]"),
            (&["src/"], "[src/b.tsx src/gen/c.ts]"),
            (&["src/**", "!src/gen/**"], "[src/b.tsx]"),
            (&["src", "!gen/"], "[src/b.tsx]"),
            (&["!*.md"], "[a.ts src/b.tsx src/gen/c.ts [x].ts]"),
            (&["gen"], "[src/gen/c.ts]"),
            (&["\\[x\\].ts"], "[[x].ts]"),
            (&["*.rs"], "no matching files"),
            (&["*"], "[a.ts src/b.tsx src/gen/c.ts docs/d.md [x].ts]"),
        ] {
            let command = command("lint {files}", matching(patterns));
            assert_eq!(decided(&command, &changed), picked, "{patterns:?}");
        }
        let mut excluding = command("lint {files}", Files::All);
        excluding.exclude = vec!["docs/".to_owned(), "*.ts".to_owned()];
        assert_eq!(decided(&excluding, &changed), "[src/b.tsx]");
    }

    #[test]
    fn only_what_lies_below_the_root_counts() {
        let mut command = command("lint {files}", matching(&["/src/*.ts"]));
        command.root = "apps/web".into();
        let changed = ["apps/web/src/a.ts", "apps/web2/src/b.ts", "src/c.ts"];
        assert_eq!(decided(&command, &changed), "[apps/web/src/a.ts]");
        assert_eq!(decided(&command, &changed[1..]), "no matching files");
    }

    #[test]
    fn what_cannot_be_handed_over_still_is_a_change() {
        let takes = command("lint {files}", Files::All);
        let does_not = command("make lint", matching(&["*.ts", "vendor"]));
        for changed in [&["-gone.ts"][..], &["@link.ts"], &["@vendor"]] {
            assert_eq!(decided(&takes, changed), "no matching files");
            assert_eq!(decided(&does_not, changed), "[]");
        }
        assert_eq!(decided(&does_not, &["-gone.ts", "here.ts"]), "[here.ts]");
        assert_eq!(decided(&does_not, &["other.md"]), "no matching files");
        let mut inside = command("make", Files::All);
        inside.root = "vendor".into();
        assert_eq!(decided(&inside, &["@vendor"]), "[]");
    }

    #[test]
    fn nothing_changed_runs_only_what_wants_no_files() {
        assert_eq!(
            decided(&command("lint {files}", Files::All), &[]),
            "nothing changed"
        );
        assert_eq!(
            decided(&command("make", Files::All), &[]),
            "nothing changed"
        );
        assert_eq!(decided(&command("make", Files::None), &[]), "[]");
    }

    #[test]
    fn names_of_any_bytes_match_and_a_hostile_one_does_not_panic() {
        let command = command("lint {files}", matching(&["*.ts"]));
        for (name, there) in [
            (&b"caf\xe9\n.ts"[..], true),
            (b"/etc/a.ts", false),
            (b"", false),
        ] {
            let path = RepoPath::new(name);
            let changed = [Changed {
                path: &path,
                present: true,
                regular: true,
            }];
            let decision = decide(&command, &changed).unwrap();
            assert_eq!(matches!(decision, Decision::Run { .. }), there, "{name:?}");
        }
    }

    #[test]
    fn a_broken_pattern_is_an_error_that_names_it() {
        let command = command("make", matching(&["*.{ts,js", "*.ts"]));
        let path = RepoPath::from("a.ts");
        let changed = [Changed {
            path: &path,
            present: true,
            regular: true,
        }];
        insta::assert_snapshot!(
            decide(&command, &changed).unwrap_err(),
            @"`*.{ts,js` is not a pattern: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)"
        );
    }
}
