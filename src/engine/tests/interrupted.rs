//! Real signals: they go to a whole process, so each case runs this test binary once more.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use super::*;
use crate::environment::Environment;
use crate::process::variables::Variables;
use crate::process::{End, Job};
use crate::secret::Redactor;

/// Names the folder in which both sides meet; set on the other side only.
const FOLDER: &str = "RAILGUARD_TEST_FOLDER";

/// Longer than anything here takes, shorter than a hang.
const PATIENCE: Duration = Duration::from_mins(1);

/// A child that notes when it is asked to end, does not, and has a child in another session.
const STUBBORN: &str = "trap ': > asked' TERM; setsid sleep 300 & \
     echo $$ $! > pids.part; mv pids.part pids; while :; do sleep 0.01; done";

/// Not a test of its own: the side that is interrupted.
#[test]
fn the_other_side() {
    let environment = Environment::read();
    let Some(folder) = environment.os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let cancel = Cancel::new();
    let variables = Variables::of(&environment, &[], &std::collections::BTreeMap::new());
    let work_folder = folder.clone();
    let work = step("stubborn", &[], move |context| {
        let job = Job {
            argv: &["sh", "-c", STUBBORN].map(OsString::from),
            directory: &work_folder,
            variables: &variables,
            deadline: None,
            cancel: context.cancel(),
            redactor: &Redactor::default(),
            apart: None,
        };
        match job.run(&mut |_| {}) {
            Ok(End::Cancelled) => Outcome::unknown("interrupted", "run it again").into(),
            other => Outcome::failed(format!("{other:?}")).into(),
        }
    });
    let later = step("later", &["stubborn"], |_| Outcome::Passed.into());
    let told = told(vec![work, later], &settings(2), &cancel);
    let exit = cancel.exit().map(crate::exit::Exit::code);
    std::fs::write(folder.join("told.part"), format!("{told}\nexit {exit:?}")).unwrap();
    std::fs::rename(folder.join("told.part"), folder.join("told")).unwrap();
    // The run is over: from here on a signal does again what it always did.
    std::thread::sleep(PATIENCE);
}

/// The other side, as it runs.
struct Other {
    folder: tempfile::TempDir,
    child: Child,
}

impl Other {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // What ignores a signal hands that on: whoever runs the tests in the background ignores Ctrl-C.
        let child = Command::new("env")
            .arg("--default-signal=INT,TERM,HUP,QUIT")
            .arg(std::fs::read_link("/proc/self/exe").unwrap())
            .args(["--exact", "engine::tests::interrupted::the_other_side"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { folder, child }
    }

    fn read(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        until(&format!("the file {name}"), || path.exists());
        std::fs::read_to_string(path).unwrap()
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }

    fn end(mut self) -> ExitStatus {
        let mut status = None;
        until("the other side's end", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let late = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < late, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn each_signal_ends_the_run_and_leaves_nothing_behind() {
    use rustix::process::Signal;
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 143)] {
        let other = Other::start();
        let pids = other.read("pids");
        other.signal(signal);
        let began = Instant::now();
        let told = other.read("told");
        // Within a second, with room for a busy machine.
        assert!(began.elapsed() < Duration::from_secs(5));
        assert_eq!(
            told,
            format!(
                "stubborn started\nlater skipped (interrupted) in 0 ms\n\
                 stubborn unknown (interrupted) in 0 ms\nexit Some({code})"
            )
        );
        assert!(other.folder.path().join("asked").exists());
        for pid in pids.split_whitespace() {
            assert!(!Path::new("/proc").join(pid).exists(), "{pid} is left");
        }
        // And afterwards guard can be ended like any program.
        other.signal(Signal::TERM);
        assert_eq!(other.end().signal(), Some(15));
    }
}

#[test]
fn a_second_ctrl_c_ends_it_at_once() {
    use rustix::process::Signal;
    let other = Other::start();
    let pids = other.read("pids");
    other.signal(Signal::INT);
    other.read("asked");
    other.signal(Signal::INT);
    assert!(other.read("told").ends_with("exit Some(130)"));
    for pid in pids.split_whitespace() {
        assert!(!Path::new("/proc").join(pid).exists(), "{pid} is left");
    }
    other.signal(Signal::TERM);
    other.end();
}

#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    use rustix::process::Signal;
    let folder = tempfile::tempdir().unwrap();
    let child = Command::new("env")
        .args([
            "--default-signal=INT,TERM,QUIT",
            "sh",
            "-c",
            "trap '' HUP; exec \"$0\" --exact engine::tests::interrupted::the_other_side",
        ])
        .arg(std::fs::read_link("/proc/self/exe").unwrap())
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let other = Other { folder, child };
    other.read("pids");
    other.signal(Signal::HUP);
    other.signal(Signal::INT);
    // Had the first one counted, the exit would be 143.
    assert!(other.read("told").ends_with("exit Some(130)"));
    other.signal(Signal::TERM);
    other.end();
}
