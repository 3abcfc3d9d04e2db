//! Commands as steps of real runs, with real processes.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::work::{CommandWork, Placement};
use crate::checkout::Checkouts;
use crate::clock::{Clock, Timestamp};
use crate::config::valid::{Isolate, Run};
use crate::engine::{Plan, Settings, Step, run};
use crate::environment::Environment;
use crate::event::{Coverage, Event, EventKind, Listener, Will};
use crate::moment::Moment;
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::process::signal::Cancel;
use crate::process::variables::Variables;
use crate::repository::Judged;
use crate::repository::tests::Repo;
use crate::secret::Redactor;

/// A work tree in which commands run.
struct Tree(Repo);

impl Tree {
    fn new() -> Self {
        Self(Repo::new())
    }

    fn path(&self) -> &Path {
        &self.0.root
    }

    fn command(&self, text: &str, files: &[&[u8]]) -> CommandWork {
        let environment = Environment::of(self.path(), [("PATH", "/usr/local/bin:/usr/bin:/bin")]);
        CommandWork {
            id: "lint".to_owned(),
            moment: Moment::Push,
            run: Run::Shell(text.to_owned()),
            has_fix: false,
            root: RepoPath::root(),
            files: files.iter().map(|file| RepoPath::new(*file)).collect(),
            reads: None,
            placement: Placement::InPlace {
                work_tree: self.path().to_owned(),
            },
            judged: Judged::Index,
            checkouts: Arc::new(Checkouts::new(Arc::new(self.0.open()), &environment)),
            isolate: Isolate::Link,
            variables: Variables::of(&environment, &[], &BTreeMap::new()),
            redactor: Redactor::default(),
            timeout: None,
            coverage: Coverage { files: 1, bytes: 2 },
            watching: Box::new(|| Box::new(Vec::new)),
            hearing: None,
        }
    }
}

#[derive(Default)]
struct Record {
    output: String,
    findings: Vec<String>,
    coverage: Coverage,
}

impl Listener for Record {
    fn hear(&mut self, event: &Event) {
        match &event.kind {
            EventKind::StepOutput { text, .. } => self.output.push_str(text),
            EventKind::Found(finding) => {
                let place = finding
                    .place
                    .as_ref()
                    .map(|place| format!(" in {}", place.path));
                let place = place.unwrap_or_default();
                let line = format!(
                    "{}{place}: {} [{}]",
                    finding.code.id, finding.message, finding.help
                );
                self.findings.push(line);
            }
            EventKind::StepFinished { coverage, .. } => self.coverage = *coverage,
            _ => {}
        }
    }
}

fn ended(work: CommandWork) -> (Outcome, Record) {
    let step = Step {
        id: work.id.clone(),
        needs: Vec::new(),
        will: Will::Run,
        reason: String::new(),
        work: Some(Box::new(work)),
    };
    let settings = Settings {
        jobs: Some(1),
        clock: Clock::standing(Timestamp(0)),
    };
    let mut record = Record::default();
    let plan = Plan::new(vec![step]).unwrap();
    let mut outcomes = run(&plan, &settings, &Cancel::new(), &mut [&mut record]);
    (outcomes.remove(0).1, record)
}

/// How it ended, with all that was found.
fn shown(work: CommandWork) -> String {
    let (outcome, record) = ended(work);
    let mut lines = vec![outcome.word().to_owned()];
    lines.extend(outcome.reason().map(|reason| format!("because: {reason}")));
    lines.extend(outcome.remedy().map(|remedy| format!("remedy: {remedy}")));
    lines.extend(record.findings);
    lines.join("\n")
}

#[test]
fn odd_names_arrive_as_they_are_and_nothing_of_them_is_run() {
    let names: [&[u8]; 11] = [
        b"a b",
        b"quote'\"",
        b"new\nline",
        b"tab\t",
        b"$(touch pwned)",
        b"`touch pwned`",
        b"*",
        b"-rf",
        b"caf\xe9",
        "東京.ts".as_bytes(),
        b"[x];touch pwned;#",
    ];
    let tree = Tree::new();
    let (outcome, _) = ended(tree.command("printf '%s\\0' {files} > seen", &names));
    assert_eq!(outcome, Outcome::Passed);
    let seen = std::fs::read(tree.path().join("seen")).unwrap();
    let seen: Vec<&[u8]> = seen.split(|byte| *byte == 0).collect();
    let mut wanted = names.to_vec();
    wanted[7] = b"./-rf";
    wanted.push(b"");
    assert_eq!(seen, wanted);
    assert!(!tree.path().join("pwned").exists());
}

#[test]
fn six_thousand_long_names_go_each_exactly_once() {
    let names: Vec<String> = (0..6000)
        .map(|number| format!("{}/{number}", "long/".repeat(36)))
        .collect();
    let bytes: Vec<&[u8]> = names.iter().map(String::as_bytes).collect();
    let tree = Tree::new();
    let mut command = tree.command("echo call >> calls; printf '%s\\n' {files} >> seen", &bytes);
    // Room is taken by the environment too.
    let extra = BTreeMap::from([("FILLER".to_owned(), "x".repeat(100_000))]);
    let environment = Environment::of("/", [("PATH", "/usr/bin:/bin")]);
    command.variables = Variables::of(&environment, &[], &extra);
    let (outcome, record) = ended(command);
    assert_eq!(outcome, Outcome::Passed, "{}", record.output);
    let seen = std::fs::read_to_string(tree.path().join("seen")).unwrap();
    assert!(seen.lines().eq(names.iter().map(String::as_str)));
    assert!(
        std::fs::read_to_string(tree.path().join("calls"))
            .unwrap()
            .lines()
            .count()
            <= 20
    );
    assert_eq!(record.coverage, Coverage { files: 1, bytes: 2 });
}

#[test]
fn an_argv_needs_no_shell_and_is_found_from_the_root() {
    let tree = Tree::new();
    std::fs::create_dir_all(tree.path().join("apps/web/bin")).unwrap();
    std::os::unix::fs::symlink("/bin/echo", tree.path().join("apps/web/bin/say")).unwrap();
    let mut command = tree.command("", &[b"apps/web/a$HOME.ts", b"apps/web/-b.ts"]);
    command.root = "apps/web".into();
    command.run = Run::Argv(["bin/say", "$HOME", "{files}"].map(String::from).to_vec());
    let (outcome, record) = ended(command);
    assert_eq!(outcome, Outcome::Passed);
    assert_eq!(record.output, "$HOME a$HOME.ts ./-b.ts\n");
}

#[test]
fn a_failure_names_its_exit_code_and_the_call_that_repeats_it() {
    insta::assert_snapshot!(shown(Tree::new().command("exit 3", &[])), @"
    failed
    because: exit code 3
    CMD-FAILED: `lint` failed: exit code 3 [read its output; `guard run pre-push --only lint` runs it alone]
    ");
    insta::assert_snapshot!(shown(Tree::new().command("kill -SEGV $$", &[])), @"
    failed
    because: killed by SIGSEGV
    CMD-FAILED: `lint` failed: killed by SIGSEGV [read its output; `guard run pre-push --only lint` runs it alone]
    ");
}

#[test]
fn a_timeout_is_a_failure_over_all_calls() {
    let tree = Tree::new();
    let mut command = tree.command("sleep 300", &[]);
    command.timeout = Some(Duration::from_millis(100));
    insta::assert_snapshot!(shown(command), @"
    failed
    because: timed out after 100ms
    CMD-TIMEOUT: `lint` failed: timed out after 100ms [make it faster, narrow its `files`, or raise its `timeout`]
    ");
}

#[test]
fn a_command_that_wants_the_terminal_fails_and_is_told_that_there_is_none() {
    let tree = Tree::new();
    let mut command = tree.command("kill -TTIN $$", &[]);
    command.timeout = Some(Duration::from_secs(30));
    insta::assert_snapshot!(shown(command), @"
    failed
    because: stopped: it wanted the terminal
    CMD-FAILED: `lint` failed: stopped: it wanted the terminal [commands have no terminal: give it its answers by flags or files]
    ");
}

#[test]
fn a_tool_that_is_not_there_is_unknown_and_its_remedy_is_named() {
    let tree = Tree::new();
    insta::assert_snapshot!(shown(tree.command("no-such-linter {files}", &[b"a"])), @"
    unknown
    because: `no-such-linter` was not found
    remedy: install `no-such-linter`, or put its folder on PATH
    ");
    let mut argv = tree.command("", &[]);
    argv.run = Run::Argv(vec!["no-such-linter".to_owned()]);
    insta::assert_snapshot!(shown(argv), @"
    unknown
    because: `no-such-linter` was not found
    remedy: install `no-such-linter`, or put its folder on PATH
    ");
    std::fs::write(tree.path().join("check.sh"), "exit 0").unwrap();
    insta::assert_snapshot!(shown(tree.command("./check.sh", &[])), @"
    unknown
    because: `./check.sh` cannot be run: it is not executable
    remedy: `git update-index --chmod=+x ./check.sh && chmod +x ./check.sh`
    ");
    let mut elsewhere = tree.command("true", &[]);
    elsewhere.root = "apps/gone".into();
    insta::assert_snapshot!(shown(elsewhere), @"
    unknown
    because: the folder apps/gone is not in the work tree
    remedy: correct `root` of `lint` in guard.yaml
    ");
}

#[test]
fn a_command_without_a_place_is_never_run() {
    let tree = Tree::new();
    let mut command = tree.command("touch ran", &[]);
    command.placement = Placement::Nowhere {
        reason: "src/a.ts differs".to_owned(),
        remedy: "`git stash`".to_owned(),
    };
    insta::assert_snapshot!(shown(command), @"
    unknown
    because: src/a.ts differs
    remedy: `git stash`
    ");
    assert!(!tree.path().join("ran").exists());
}

#[test]
fn a_command_that_changes_files_fails_and_names_them() {
    let tree = Tree::new();
    tree.0.stage("src/a.ts", "a\n");
    let mut command = tree.command("echo x >> src/a.ts", &[]);
    command.watching = Box::new(|| Box::new(|| vec!["src/a.ts".into()]));
    insta::assert_snapshot!(shown(command), @"
    failed
    because: src/a.ts changed while it ran
    CMD-CHANGED-FILE in src/a.ts: `src/a.ts` changed while `lint` ran [a command that only judges must not rewrite files: give `run` the tool's check mode and put the rewriting form under `fix`]
    ");
    // Somebody else wrote: in guard's own checkout nothing changes.
    let mut command = tree.command("true", &[]);
    command.watching = Box::new(|| Box::new(|| vec!["src/a.ts".into()]));
    assert_eq!(ended(command).0, Outcome::Passed);
    let mut command = tree.command("exit 1", &[]);
    command.watching = Box::new(|| Box::new(|| vec!["a".into(), "b".into()]));
    assert_eq!(ended(command).0, Outcome::failed("exit code 1"));
    let mut command = tree.command("no-such-linter", &[]);
    command.watching =
        Box::new(|| Box::new(|| panic!("nothing ran that could have changed a file")));
    let (outcome, record) = ended(command);
    assert_eq!(outcome.reason(), Some("`no-such-linter` was not found"));
    assert_eq!(record.findings.len(), 0);
}

#[test]
fn what_changes_is_watched_from_before_the_first_call_to_after_the_last() {
    let tree = Tree::new();
    let mut command = tree.command("touch done", &[]);
    let done = tree.path().join("done");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let answers = Arc::clone(&asked);
    command.watching = Box::new(move || {
        answers.lock().unwrap().push(done.exists());
        let (answers, done) = (Arc::clone(&answers), done.clone());
        Box::new(move || {
            answers.lock().unwrap().push(done.exists());
            Vec::new()
        })
    });
    ended(command);
    assert_eq!(*asked.lock().unwrap(), [false, true]);
}

#[test]
fn every_call_runs_even_when_one_fails() {
    let tree = Tree::new();
    let names: Vec<String> = (0..30_000).map(|number| format!("{number:0200}")).collect();
    let bytes: Vec<&[u8]> = names.iter().map(String::as_bytes).collect();
    let (outcome, _) = ended(tree.command(
        "for f; do :; done; echo \"$f\" >> last; exit 2 # {files}",
        &bytes,
    ));
    assert_eq!(outcome, Outcome::failed("exit code 2"));
    let last = std::fs::read(tree.path().join("last")).unwrap();
    let lasts: Vec<&[u8]> = last.split(|byte| *byte == b'\n').collect();
    assert!(lasts.len() > 2, "one call took everything");
    assert_eq!(
        lasts[lasts.len() - 2],
        std::ffi::OsStr::new(names.last().unwrap()).as_bytes()
    );
}
