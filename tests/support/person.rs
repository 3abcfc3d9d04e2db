//! Somebody at a terminal: reads the screen, types, presses keys.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

/// A program on a terminal of its own, with all three streams.
pub(crate) struct Person {
    keyboard: File,
    /// Kept, so that the terminal's settings outlive the program.
    terminal: File,
    child: Child,
    screen: Vec<u8>,
    read: usize,
}

/// A program that is silent for so long will not go on.
const PATIENCE: Duration = Duration::from_mins(1);

/// How it ended.
pub(crate) struct Left {
    pub(crate) code: i32,
    pub(crate) screen: String,
    /// Whether the terminal shows again what is typed.
    pub(crate) echoes: bool,
}

impl Person {
    pub(crate) fn at(mut command: Command) -> Self {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&keyboard).expect("it is ours");
        unlockpt(&keyboard).expect("it can be opened");
        let name = ptsname(&keyboard, Vec::new()).expect("it has a name");
        let name = name.to_str().expect("plain").to_owned();
        let open = || -> File {
            let mut options = OpenOptions::new();
            options.read(true).write(true);
            options.open(&name).expect("the other end")
        };
        let child = command
            .env("TERM", "xterm")
            .stdin(open())
            .stdout(open())
            .stderr(open())
            .spawn()
            .expect("the binary starts");
        Self {
            terminal: open(),
            keyboard: File::from(keyboard),
            child,
            screen: Vec::new(),
            read: 0,
        }
    }

    /// Reads on until this text stands on the screen.
    pub(crate) fn sees(&mut self, text: &str) -> &mut Self {
        let start = Instant::now();
        loop {
            let new = &self.screen[self.read..];
            let found = new
                .windows(text.len())
                .position(|part| part == text.as_bytes());
            if let Some(at) = found {
                self.read += at + text.len();
                return self;
            }
            let has_ended = self.child.try_wait().expect("it can be asked").is_some();
            let is_silent = !self.looks();
            if has_ended && is_silent || start.elapsed() > PATIENCE {
                let _ = self.child.kill();
                panic!("no `{text}`:\n{}", String::from_utf8_lossy(&self.screen));
            }
        }
    }

    /// Takes in what comes within a moment; whether anything did.
    fn looks(&mut self) -> bool {
        let mut polled = [PollFd::new(&self.keyboard, PollFlags::IN)];
        let moment = Timespec {
            tv_sec: 0,
            tv_nsec: 100_000_000,
        };
        if poll(&mut polled, Some(&moment)).expect("it can be waited for") == 0 {
            return false;
        }
        let mut bytes = [0; 1024];
        let count = self.keyboard.read(&mut bytes).unwrap_or(0);
        self.screen.extend_from_slice(&bytes[..count]);
        count > 0
    }

    /// Types.
    pub(crate) fn types(&mut self, text: &str) -> &mut Self {
        let mut keyboard = &self.keyboard;
        keyboard.write_all(text.as_bytes()).expect("it is read");
        self
    }

    /// Whether the terminal shows what is typed.
    pub(crate) fn echoes(&self) -> bool {
        let modes = tcgetattr(&self.terminal).expect("a terminal").local_modes;
        modes.contains(LocalModes::ECHO)
    }

    /// What Ctrl-C and the like do.
    pub(crate) fn sends(&mut self, signal: Signal) -> &mut Self {
        let id = Pid::from_child(&self.child);
        kill_process(id, signal).expect("it runs");
        self
    }

    /// Waits for the end.
    pub(crate) fn leaves(mut self) -> Left {
        let start = Instant::now();
        let ended = loop {
            if let Some(ended) = self.child.try_wait().expect("it can be asked") {
                break ended;
            }
            self.looks();
            if start.elapsed() > PATIENCE {
                let _ = self.child.kill();
                panic!("it goes on:\n{}", String::from_utf8_lossy(&self.screen));
            }
        };
        while self.looks() {}
        Left {
            code: ended.code().unwrap_or(-1),
            screen: String::from_utf8_lossy(&self.screen).into_owned(),
            echoes: self.echoes(),
        }
    }
}
