//! The question, asked on a real terminal.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::support::Repo;

/// Calls `guard init` on a terminal, types an answer, and gives the exit code and what stood on the screen.
fn answered(repo: &Repo, answer: &[u8]) -> (i32, String) {
    let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&keyboard).expect("it is ours");
    unlockpt(&keyboard).expect("it can be opened");
    let name = ptsname(&keyboard, Vec::new()).expect("it has a name");
    let name = name.to_str().expect("plain").to_owned();
    let open = || -> File {
        let mut options = OpenOptions::new();
        options
            .read(true)
            .write(true)
            .open(&name)
            .expect("the other end")
    };
    let mut command = repo.guard("init").command();
    let mut child = command
        .env("TERM", "xterm")
        .stdin(open())
        .stderr(open())
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut keyboard = File::from(keyboard);
    let mut screen = Vec::new();
    let mut typed = false;
    // Some bytes come with every turn, and none once the child is gone: its end of the terminal closes.
    drop(command);
    let mut bytes = [0; 1024];
    while let Ok(count @ 1..) = keyboard.read(&mut bytes) {
        screen.extend_from_slice(&bytes[..count]);
        if !typed && screen.windows(6).any(|part| part == b"[Y/n] ") {
            keyboard.write_all(answer).expect("it is read");
            typed = true;
        }
    }
    let ended = child.wait().expect("it ends");
    let screen = String::from_utf8_lossy(&screen).into_owned();
    (ended.code().unwrap_or(-1), screen)
}

#[test]
fn a_yes_writes_and_a_no_does_not() {
    let repo = Repo::new();
    repo.write(".env.example", "A=1\n");
    for answer in [&b"n\n"[..], b"perhaps\n", b"\x04"] {
        let (code, screen) = answered(&repo, answer);
        assert_eq!(code, 6, "{screen}");
        assert!(screen.contains("Write these 4 files? [Y/n]"), "{screen}");
        assert!(!repo.has("guard.yaml") && !repo.has(".git/hooks/pre-commit"));
    }
    let (code, screen) = answered(&repo, b"\n");
    assert_eq!(code, 0, "{screen}");
    assert!(repo.has("guard.yaml") && repo.has(".git/hooks/pre-commit"));
    // Nothing is left to be asked.
    let (code, screen) = answered(&repo, b"n\n");
    assert_eq!(code, 0, "{screen}");
    assert!(!screen.contains("[Y/n]"), "{screen}");
}
