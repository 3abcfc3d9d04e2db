//! Real processes: what they see, how they end, and that nothing of theirs is left.

mod ending;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, Instant};

use super::signal::Cancel;
use super::variables::Variables;
use super::*;
use crate::environment::Environment;
use crate::secret::Secret;

/// A shell script and all that it runs with.
struct Script {
    argv: Vec<OsString>,
    directory: tempfile::TempDir,
    variables: Variables,
    cancel: Cancel,
    redactor: Redactor,
    time: Option<Duration>,
}

impl Script {
    fn new(text: &str) -> Self {
        let environment = Environment::of(
            "/",
            [
                ("PATH", "/usr/local/bin:/usr/bin:/bin"),
                ("GIT_DIR", "/nowhere"),
                ("RAILWAY_TOKEN", "not-for-children"),
            ],
        );
        Self {
            argv: ["sh", "-c", text].map(OsString::from).to_vec(),
            directory: tempfile::tempdir().unwrap(),
            variables: Variables::of(&environment, &[], &BTreeMap::new()),
            cancel: Cancel::new(),
            redactor: Redactor::default(),
            time: None,
        }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn run(&self, say: &mut dyn FnMut(&str)) -> Result<End, StartError> {
        Job {
            argv: &self.argv,
            directory: self.path(),
            variables: &self.variables,
            deadline: self.time.map(|time| Instant::now() + time),
            cancel: &self.cancel,
            redactor: &self.redactor,
            apart: None,
        }
        .run(say)
    }

    fn output(&self) -> (End, String) {
        let mut text = String::new();
        let end = self.run(&mut |part| text.push_str(part)).unwrap();
        (end, text)
    }
}

#[test]
fn both_outputs_keep_their_order_and_input_is_empty() {
    let script = Script::new("echo 1; echo 2 >&2; cat; echo 3; echo 4 >&2; printf 5; exit 3");
    assert_eq!(
        script.output(),
        (End::Exited(3), "1\n2\n3\n4\n5".to_owned())
    );
}

#[test]
fn a_child_sees_its_folder_and_neither_git_s_location_nor_secrets() {
    let script = Script::new("pwd; echo \"$PWD\"; env");
    let (_, text) = script.output();
    let mut lines = text.lines();
    let folder = script.path().to_str().unwrap();
    assert_eq!(lines.next(), lines.next());
    assert!(text.contains(folder), "{text}");
    assert!(
        !text.contains("GIT_DIR") && !text.contains("not-for-children"),
        "{text}"
    );
}

#[test]
fn a_tool_of_the_folder_is_found_there_and_one_on_the_path_by_its_name() {
    let mut script = Script::new("");
    symlink("/bin/sh", script.path().join("tool")).unwrap();
    script.argv = ["./tool", "-c", "echo $0"].map(OsString::from).to_vec();
    assert_eq!(script.output(), (End::Exited(0), "./tool\n".to_owned()));
    script.argv[0] = "sh".into();
    assert_eq!(script.output(), (End::Exited(0), "sh\n".to_owned()));
}

#[test]
fn what_cannot_be_started_says_what_is_missing() {
    let mut script = Script::new("");
    let folder = script.path().to_owned();
    std::fs::write(folder.join("plain"), "text").unwrap();
    std::fs::create_dir(folder.join("folder")).unwrap();
    for (program, message) in [
        ("no-such-tool", "`no-such-tool` was not found"),
        ("./no-such-tool", "`./no-such-tool` was not found"),
        ("", "`` was not found"),
        ("./plain", "`./plain` cannot be run: it is not executable"),
        ("./folder", "`./folder` cannot be run: it is a folder"),
    ] {
        script.argv = vec![program.into()];
        let error = script.run(&mut |_| {}).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    script.argv.clear();
    assert!(script.run(&mut |_| {}).is_err());
    script.argv = vec!["sh".into()];
    let gone = folder.join("gone");
    let job = Job {
        argv: &script.argv,
        directory: &gone,
        variables: &script.variables,
        deadline: None,
        cancel: &script.cancel,
        redactor: &script.redactor,
        apart: None,
    };
    let message = format!("the folder {} does not exist", gone.display());
    assert_eq!(job.run(&mut |_| {}).unwrap_err().to_string(), message);
}

#[test]
fn hostile_arguments_and_variables_are_errors() {
    let mut script = Script::new("");
    script.argv.push("a\0b".into());
    assert!(matches!(
        script.run(&mut |_| {}),
        Err(StartError::System { .. })
    ));
    let script = Script::new(&"x".repeat(200 * 1024));
    assert!(matches!(
        script.run(&mut |_| {}),
        Err(StartError::System { .. })
    ));
}

#[test]
fn death_by_a_signal_is_told_apart() {
    let (end, _) = Script::new("kill -SEGV $$").output();
    let End::Killed(number) = end else {
        panic!("{end:?}")
    };
    assert_eq!(signal::name(number), "SIGSEGV");
}

#[test]
fn a_secret_is_hidden_wherever_the_pipe_cuts_it() {
    let secret = Secret::new("wr1tten-in-two-parts");
    let mut script = Script::new(
        // Two writes with a process between them, and one that crosses the end of a read.
        "printf wr1tten-in; /bin/echo -n; printf -- '-two-parts\\n'; \
         printf '%16370s'; echo wr1tten-in-two-parts",
    );
    script.redactor = Redactor::new([("TOKEN", &secret)]);
    let (_, text) = script.output();
    assert!(
        !text.contains("wr1tten") && !text.contains("parts"),
        "{text}"
    );
    assert_eq!(text.matches("[TOKEN hidden]").count(), 2);
}

#[test]
fn a_flood_of_lines_comes_complete_and_one_endless_line_does_not() {
    let script = Script::new("yes 0123456789 | head -n 1000000");
    let (mut lines, mut most) = (0, 0);
    let end = script.run(&mut |part| {
        lines += memchr::memchr_iter(b'\n', part.as_bytes()).count();
        most = most.max(part.len());
    });
    assert_eq!(end.unwrap(), End::Exited(0));
    assert_eq!(lines, 1_000_000);
    assert!(most <= 2 * LONGEST_LINE);
    let (_, text) = Script::new("head -c 20000000 /dev/zero | tr '\\0' x; echo; echo end").output();
    assert!(text.len() < LONGEST_LINE + 100);
    assert!(text.ends_with("was cut]\nend\n"));
}
