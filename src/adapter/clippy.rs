//! Clippy. Not at a commit: it compiles the whole project, and nobody waits for that at each of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::by_file::{call, words};
use super::packages::{Interest, ends, touched};
use super::said::{self, Faults, at, fault, span};
use super::{Adapter, Ask, install, rust};
use crate::finding::Severity;
use crate::finding::code::LINT_RULE;
use crate::moment::Moment;
use crate::path::RepoPath;
use crate::tool::{Ear, Fault, Heard, Told, Unit};

/// The adapter.
pub(super) struct Clippy;

/// What is to be checked of a workspace.
#[derive(Default)]
struct Members {
    /// The packages that the change touches, by name; none stands for all.
    names: Option<BTreeSet<String>>,
    files: Vec<RepoPath>,
}

impl Adapter for Clippy {
    fn id(&self) -> &'static str {
        "clippy"
    }

    fn check(&self) -> &'static str {
        "lint"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        if ask.moment == Moment::Commit {
            return Vec::new();
        }
        let project = ask.project;
        let interest = Interest {
            judges: &|name| ends(name, &["rs"]),
            rules: &rules,
            home: &|folder| rust::is_package(project, folder),
        };
        let mut workspaces: BTreeMap<RepoPath, Members> = BTreeMap::new();
        for package in touched(ask, &interest) {
            let root = rust::workspace(project, &package.root);
            let new = || Members {
                names: Some(BTreeSet::new()),
                files: Vec::new(),
            };
            let members = workspaces.entry(root).or_insert_with(new);
            members.files.extend(package.files);
            // What rules one package rules what depends on it.
            let name = rust::name(project, &package.root).filter(|_| !package.whole);
            members.names = match (members.names.take(), name) {
                (Some(mut names), Some(name)) => {
                    names.insert(name);
                    Some(names)
                }
                _ => None,
            };
        }
        let workspaces = workspaces.into_iter();
        workspaces
            .map(|(root, members)| unit(ask, root, members))
            .collect()
    }
}

fn rules(name: &str) -> bool {
    const NAMES: [&str; 7] = [
        ".clippy.toml",
        "Cargo.lock",
        "Cargo.toml",
        "build.rs",
        "clippy.toml",
        "rust-toolchain",
        "rust-toolchain.toml",
    ];
    NAMES.contains(&name)
}

fn unit(ask: &Ask<'_>, root: RepoPath, members: Members) -> Unit {
    let found = install::rust(ask, "cargo-clippy", "clippy");
    // It is part of most toolchains. Where it is not, and nothing says that the project wants it, it is not missed.
    let call = found.map(|_| {
        let mut run = words(&[
            "cargo",
            "clippy",
            "--quiet",
            "--message-format=json",
            "--all-targets",
        ]);
        match &members.names {
            None => run.push("--workspace".to_owned()),
            Some(names) => {
                let members = names
                    .iter()
                    .flat_map(|name| ["-p".to_owned(), name.clone()]);
                run.extend(members);
            }
        }
        if ask.project.holds(&root, b"Cargo.lock") {
            run.push("--locked".to_owned());
        }
        call(ask, run, &ClippyEar)
    });
    Unit {
        tool: "clippy",
        root,
        files: members.files,
        call,
    }
}

/// Understands cargo's JSON, one object a line.
struct ClippyEar;

#[derive(Deserialize)]
struct Line {
    message: Option<Remark>,
}

#[derive(Deserialize)]
struct Remark {
    message: String,
    level: String,
    code: Option<Rule>,
    #[serde(default)]
    spans: Vec<Stretch>,
    #[serde(default)]
    children: Vec<Remark>,
}

#[derive(Deserialize)]
struct Rule {
    code: String,
}

#[derive(Deserialize)]
struct Stretch {
    file_name: String,
    #[serde(default)]
    is_primary: bool,
    line_start: u64,
    line_end: u64,
    column_start: u64,
    column_end: u64,
    suggested_replacement: Option<String>,
    expansion: Option<Box<Expansion>>,
}

#[derive(Deserialize)]
struct Expansion {
    span: Stretch,
}

impl Ear for ClippyEar {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let mut faults = Faults::new(LINT_RULE);
        // A library is compiled again for its tests, and says everything twice.
        let mut said_already = BTreeSet::new();
        for line in told.out.split(|byte| *byte == b'\n') {
            let line = serde_json::from_slice::<Line>(line).ok();
            let Some(message) = line.and_then(|line| line.message) else {
                continue;
            };
            if let Some(fault) = message.fault(told) {
                let name = (fault.path.clone(), fault.span, fault.message.clone());
                if said_already.insert(name) {
                    faults.push(fault);
                }
            }
        }
        if told.exit != 0 && !faults.has_error() {
            return said::broken(told, "clippy", "cargo clippy");
        }
        faults.heard(None)
    }
}

impl Remark {
    fn fault(&self, told: &Told<'_>) -> Option<Fault> {
        let severity = match self.level.as_str() {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            _ => return None,
        };
        // What has no place counts the others: "aborting due to 2 previous errors".
        let primary = self.spans.iter().find(|span| span.is_primary)?;
        let stretch = primary.here(told);
        let from = at(stretch.line_start, stretch.column_start);
        let to = at(stretch.line_end, stretch.column_end);
        Some(Fault {
            severity,
            span: Some(span(from, Some(to))),
            rule: self.code.as_ref().map(|rule| rule.code.clone()),
            help: self.help(),
            ..fault(LINT_RULE, told.ran.path(&stretch.file_name), &*self.message)
        })
    }

    fn help(&self) -> Option<String> {
        let helps = self.children.iter().filter(|child| child.level == "help");
        let mut helps = helps.filter(|child| !child.message.starts_with("for further information"));
        let help = helps.next()?;
        let suggested = help
            .spans
            .iter()
            .find_map(|span| span.suggested_replacement.as_deref());
        let is_short = |text: &&str| !text.is_empty() && text.len() < 80 && !text.contains('\n');
        Some(match suggested.filter(is_short) {
            Some(text) => said::short(&format!("{}: `{text}`", help.message)),
            None => said::short(&help.message),
        })
    }
}

impl Stretch {
    /// Where it is in the project: for what a macro of somebody else's made, where the macro is used.
    fn here(&self, told: &Told<'_>) -> &Stretch {
        let mut at = self;
        for _ in 0..16 {
            let is_inside =
                !at.file_name.starts_with('<') && told.ran.path(&at.file_name).is_some();
            match &at.expansion {
                Some(expansion) if !is_inside => at = &expansion.span,
                _ => break,
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::rehearsal::{Rehearsal, heard};

    fn workspace() -> Rehearsal {
        Rehearsal::of(&[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"a\", \"b\"]\n[workspace.lints.clippy]\nall = \"warn\"\n",
            ),
            ("Cargo.lock", ""),
            ("a/Cargo.toml", "[package]\nname = \"first\"\n"),
            ("b/Cargo.toml", "[package]\nname = \"second\"\n"),
        ])
    }

    #[test]
    fn it_waits_for_the_push() {
        let changed = workspace().changed(&["a/src/lib.rs"]);
        assert!(changed.at(Moment::Commit).units(&Clippy).is_empty());
        let missing = workspace().changed(&["a/src/lib.rs"]).said(&Clippy);
        assert_eq!(
            missing,
            [" ? `cargo-clippy` is not installed > rustup component add clippy"]
        );
        let plain = Rehearsal::of(&[("Cargo.toml", "[package]\nname = \"x\"\n")]);
        // The plan does not depend on what the machine has.
        assert_eq!(plain.changed(&["src/lib.rs"]).units(&Clippy).len(), 1);
    }

    #[test]
    fn touched_members_are_named_and_what_rules_all_asks_for_all() {
        let run = |rehearsal: Rehearsal| rehearsal.with_path(&["cargo-clippy"]).said(&Clippy);
        let start = ": cargo clippy --quiet --message-format=json --all-targets";
        assert_eq!(
            run(workspace().changed(&["a/src/lib.rs", "b/tests/x.rs"])),
            [format!("{start} -p first -p second --locked")]
        );
        assert_eq!(
            run(workspace().gone(&["b/src/old.rs"])),
            [format!("{start} -p second --locked")]
        );
        for path in ["Cargo.toml", "Cargo.lock", "a/Cargo.toml", "clippy.toml"] {
            assert_eq!(
                run(workspace().changed(&[path])),
                [format!("{start} --workspace --locked")],
                "{path}"
            );
        }
    }

    /// As clippy of 1.95 said it, shortened.
    const WARNING: &str = r#"{"reason":"compiler-message","package_id":"path+file:///tree/app#0.1.0","message":{"rendered":"warning: length","$message_type":"diagnostic","children":[{"children":[],"code":null,"level":"help","message":"for further information visit https://example.test","rendered":null,"spans":[]},{"children":[],"code":null,"level":"help","message":"using `is_empty` is clearer","rendered":null,"spans":[{"byte_end":56,"byte_start":38,"column_end":53,"column_start":35,"expansion":null,"file_name":"src/lib.rs","is_primary":true,"label":null,"line_end":1,"line_start":1,"suggested_replacement":"x.is_empty()","text":[]}]}],"level":"warning","message":"length comparison to zero","spans":[{"byte_end":56,"byte_start":38,"column_end":53,"column_start":35,"expansion":null,"file_name":"src/lib.rs","is_primary":true,"label":null,"line_end":1,"line_start":1,"suggested_replacement":null,"text":[]}],"code":{"code":"clippy::len_zero","explanation":null}}}"#;

    #[test]
    fn its_json_becomes_faults_that_keep_their_gravity() {
        let wanted = "app/src/lib.rs:1:35-1:53 warning clippy::len_zero length comparison to zero (using `is_empty` is clearer: `x.is_empty()`)";
        let twice =
            format!("{WARNING}\n{WARNING}\n{{\"reason\":\"build-finished\",\"success\":true}}\n");
        assert_eq!(heard(&ClippyEar, 0, &twice, ""), [wanted]);
        let error = WARNING.replace("\"level\":\"warning\"", "\"level\":\"error\"");
        let error = heard(&ClippyEar, 101, &error, "error: could not compile `app`");
        assert_eq!(error, [wanted.replace("warning", "error")]);
    }

    #[test]
    fn what_a_macro_made_is_where_it_is_used() {
        let inner = r#""expansion":null,"file_name":"src/lib.rs""#;
        let outer = format!(
            r#""expansion":{{"span":{{"column_end":9,"column_start":5,{inner},"is_primary":false,"line_end":7,"line_start":7}}}},"file_name":"/rustc/abc/library/std/src/macros.rs""#
        );
        let at = WARNING.rfind(inner).expect("it is there");
        let made = format!("{}{outer}{}", &WARNING[..at], &WARNING[at + inner.len()..]);
        let heard = heard(&ClippyEar, 0, &made, "");
        assert!(
            heard[0].starts_with("app/src/lib.rs:7:5-7:9 warning"),
            "{heard:?}"
        );
    }

    #[test]
    fn a_toolchain_that_lacks_it_is_no_pass() {
        let err = "error: 'cargo-clippy' is not installed for the toolchain 'stable'.\n";
        let heard_it = heard(&ClippyEar, 1, "", err);
        assert!(
            heard_it[0].starts_with("? clippy: 'cargo-clippy' is not installed"),
            "{heard_it:?}"
        );
        for out in [
            "",
            WARNING,
            "{\"reason\":\"compiler-message\",\"message\":{",
            "\u{0}",
        ] {
            assert!(heard(&ClippyEar, 101, out, "")[0].starts_with('?'), "{out}");
        }
    }
}
