//! A program or a hook script run as git would run it: the user's whole environment, bytes on its
//! standard input, and either guard's own output or a captured one.
//!
//! This is not how the team's commands run: a foreign hook was there before guard, and must see
//! what it would have seen without guard.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::environment::Environment;

/// What is going to be run.
#[derive(Clone, Debug)]
pub struct Script<'a> {
    program: PathBuf,
    arguments: Vec<OsString>,
    directory: &'a Path,
    environment: &'a Environment,
    set: Vec<(OsString, OsString)>,
    unset: Vec<OsString>,
    input: Vec<u8>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

impl End {
    /// Whether it ended well.
    pub fn is_good(self) -> bool {
        self == Self::Code(0)
    }

    /// The code by which a shell passes the end on: a signal is 128 and its number.
    pub fn code(self) -> u8 {
        let number = match self {
            Self::Code(code) => code,
            Self::Signal(signal) => 128 + signal,
        };
        // Only the low byte of a code reaches a parent, and what failed must never read as zero.
        u8::try_from(number).unwrap_or(1)
    }
}

/// What a captured run said.
#[derive(Clone, Debug, Default)]
pub struct Captured {
    /// How it ended; `None` when time ran out and it was killed.
    pub end: Option<End>,
    /// Standard output, bounded.
    pub out: Vec<u8>,
    /// Standard error, bounded.
    pub err: Vec<u8>,
}

/// A captured run is a question to git or to a hook; an answer longer than this is none.
const LONGEST: usize = 4 << 20;
/// How long output that is already in the pipe may take after the end; a background child that
/// holds the pipe open is not waited for.
const DRAIN: Duration = Duration::from_millis(100);
/// How often a running child is looked after.
const LOOK: Duration = Duration::from_millis(5);
/// How often a start is tried while another process still has the file open for writing.
const BUSY_TRIES: u32 = 20;

impl<'a> Script<'a> {
    /// `program` in `directory`, with this environment and an empty standard input.
    pub fn new(
        program: impl Into<PathBuf>,
        directory: &'a Path,
        environment: &'a Environment,
    ) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            directory,
            environment,
            set: Vec::new(),
            unset: Vec::new(),
            input: Vec::new(),
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets a variable over the inherited environment.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.set.push((name.into(), value.into()));
        self
    }

    /// Takes a variable out of the inherited environment.
    #[must_use]
    pub fn unset(mut self, name: &str) -> Self {
        self.unset.push(name.into());
        self
    }

    /// Gives bytes to its standard input.
    #[must_use]
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = bytes.into();
        self
    }

    /// Runs it with guard's own standard output and error, however long it takes.
    pub fn run(&self) -> io::Result<End> {
        let mut child = self.start(|command| {
            command.stdout(Stdio::inherit()).stderr(Stdio::inherit());
        })?;
        self.feed(&mut child);
        child.wait().map(end_of)
    }

    /// Runs it and keeps what it says. After `deadline` it is killed with everything it started.
    pub fn capture(&self, deadline: Duration) -> io::Result<Captured> {
        let until = Instant::now() + deadline;
        let mut child = self.start(|command| {
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            own_group(command);
        })?;
        self.feed(&mut child);
        let (sender, pieces) = channel();
        if let Some(pipe) = child.stdout.take() {
            listen(pipe, sender.clone(), Piece::Out);
        }
        if let Some(pipe) = child.stderr.take() {
            listen(pipe, sender, Piece::Err);
        }
        let mut captured = Captured::default();
        captured.end = await_end(&mut child, until, &pieces, &mut captured)?;
        captured.drain(&pieces);
        Ok(captured)
    }

    /// Starts it. A script without a `#!` line goes to `sh`, as git and every shell do it.
    fn start(&self, output: impl Fn(&mut Command)) -> io::Result<Child> {
        let mut tries = 0;
        let mut through_shell = false;
        loop {
            let mut command = self.command(through_shell);
            output(&mut command);
            match command.spawn() {
                Err(error) if !through_shell && needs_shell(&error) => through_shell = true,
                Err(error)
                    if error.kind() == io::ErrorKind::ExecutableFileBusy && tries < BUSY_TRIES =>
                {
                    tries += 1;
                    thread::park_timeout(LOOK);
                }
                other => return other,
            }
        }
    }

    fn command(&self, through_shell: bool) -> Command {
        let mut command = if through_shell {
            let mut shell = Command::new("/bin/sh");
            shell.arg(&self.program);
            shell
        } else {
            Command::new(&self.program)
        };
        command
            .args(&self.arguments)
            .current_dir(self.directory)
            .env_clear()
            .envs(self.environment.iter());
        for name in &self.unset {
            command.env_remove(name);
        }
        command.envs(self.set.iter().map(|(name, value)| (name, value)));
        command.stdin(if self.input.is_empty() {
            Stdio::null()
        } else {
            Stdio::piped()
        });
        command
    }

    /// Writes its input from a thread of its own: a child that never reads must not block guard.
    fn feed(&self, child: &mut Child) {
        if let Some(mut pipe) = child.stdin.take() {
            let input = self.input.clone();
            // A child that ends without reading breaks the pipe: that is its right.
            thread::spawn(move || pipe.write_all(&input));
        }
    }
}

impl Captured {
    /// Everything it said, output first.
    pub fn all(&self) -> Vec<u8> {
        [self.out.as_slice(), self.err.as_slice()].concat()
    }

    fn take(&mut self, piece: Piece) {
        let (into, bytes) = match piece {
            Piece::Out(bytes) => (&mut self.out, bytes),
            Piece::Err(bytes) => (&mut self.err, bytes),
        };
        let room = LONGEST.saturating_sub(into.len());
        into.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn drain(&mut self, pieces: &Receiver<Piece>) {
        let until = Instant::now() + DRAIN;
        while let Ok(piece) = pieces.recv_timeout(until.saturating_duration_since(Instant::now())) {
            self.take(piece);
        }
    }
}

/// A piece of output.
enum Piece {
    Out(Vec<u8>),
    Err(Vec<u8>),
}

fn listen(
    mut pipe: impl Read + Send + 'static,
    sender: Sender<Piece>,
    piece: impl Fn(Vec<u8>) -> Piece + Send + 'static,
) {
    thread::spawn(move || {
        let mut chunk = vec![0; 16 << 10];
        while let Ok(count @ 1..) = pipe.read(&mut chunk) {
            if sender.send(piece(chunk[..count].to_vec())).is_err() {
                break;
            }
        }
    });
}

fn await_end(
    child: &mut Child,
    until: Instant,
    pieces: &Receiver<Piece>,
    captured: &mut Captured,
) -> io::Result<Option<End>> {
    loop {
        match pieces.recv_timeout(LOOK) {
            Ok(piece) => captured.take(piece),
            // Both pipes are closed: nothing is left to wait for but the end itself.
            Err(RecvTimeoutError::Disconnected) => thread::park_timeout(LOOK),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(status) = child.try_wait()? {
            return Ok(Some(end_of(status)));
        }
        if Instant::now() >= until {
            kill(child);
            child.wait()?;
            return Ok(None);
        }
    }
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

#[cfg(unix)]
fn kill(child: &mut Child) {
    let group = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        // The group may be gone already; then nothing is left to kill.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill(child: &mut Child) {
    let _ = child.kill();
}

#[cfg(unix)]
fn end_of(status: ExitStatus) -> End {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => End::Code(code),
        (None, Some(signal)) => End::Signal(signal),
        (None, None) => End::Code(1),
    }
}

#[cfg(not(unix))]
fn end_of(status: ExitStatus) -> End {
    End::Code(status.code().unwrap_or(1))
}

#[cfg(unix)]
fn needs_shell(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::NOEXEC.raw_os_error())
}

#[cfg(not(unix))]
fn needs_shell(_: &io::Error) -> bool {
    false
}

/// What stands between the entries of PATH.
const SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

/// The first `program` on the environment's PATH that does not lie below `forbidden`.
///
/// A relative entry of PATH names a folder of wherever guard happens to stand, so it is passed over.
pub fn find(program: &str, environment: &Environment, forbidden: &Path) -> Option<PathBuf> {
    let path: &OsStr = environment.os("PATH")?;
    let entries = path.to_string_lossy();
    let forbidden = forbidden
        .canonicalize()
        .unwrap_or_else(|_| forbidden.to_path_buf());
    which::which_in_all(program, Some(path), &environment.directory)
        .ok()?
        .find(|found| {
            let folder = found.parent().unwrap_or(found);
            let listed = entries
                .split(SEPARATOR)
                .map(Path::new)
                .any(|entry| entry.is_absolute() && entry == folder);
            let real = found.canonicalize().unwrap_or_else(|_| found.clone());
            listed && !found.starts_with(&forbidden) && !real.starts_with(&forbidden)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment {
        let read = Environment::read();
        Environment::of("/", [("PATH", read.os("PATH").expect("a test has a PATH"))])
    }

    fn sh<'a>(text: &str, environment: &'a Environment) -> Script<'a> {
        Script::new("/bin/sh", Path::new("/"), environment).args(["-c", text])
    }

    #[test]
    fn it_sees_its_arguments_its_input_and_its_variables() {
        let environment = environment();
        let said = sh(
            "printf '%s|' \"$@\" \"$A\" \"${B-none}\"; cat; echo no >&2; exit 7",
            &environment,
        )
        .args(["sh", "a b", "$(id)"])
        .set("A", "x\ny")
        .set("B", "1")
        .unset("C")
        .input("in\n")
        .capture(Duration::from_secs(20))
        .unwrap();
        assert_eq!(said.out, b"a b|$(id)|x\ny|1|in\n");
        assert_eq!(said.err, b"no\n");
        assert_eq!(said.end, Some(End::Code(7)));
    }

    #[cfg(unix)]
    #[test]
    fn time_that_runs_out_ends_it_with_what_it_started() {
        let environment = environment();
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = sh("mkfifo \"$1\"", &environment)
            .args(["sh".as_ref(), pipe.as_os_str()])
            .run();
        assert!(made.unwrap().is_good());
        // The grandchild holds the pipe's other end: reading ends when it is gone.
        let (sender, gone) = channel();
        let reader = pipe.clone();
        thread::spawn(move || sender.send(std::fs::read(reader)));
        let begun = Instant::now();
        let said = sh("sleep 60 >\"$1\" & wait", &environment)
            .args(["sh".as_ref(), pipe.as_os_str()])
            .capture(Duration::from_millis(300))
            .unwrap();
        assert_eq!(said.end, None);
        let ended = gone.recv_timeout(Duration::from_secs(20));
        assert!(ended.is_ok(), "the grandchild lives");
        assert!(begun.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_background_child_that_holds_the_output_is_not_waited_for() {
        let environment = environment();
        let begun = Instant::now();
        let said = sh("echo done; sleep 30 & exit 0", &environment)
            .capture(Duration::from_secs(25))
            .unwrap();
        assert_eq!(
            (said.end, said.out.as_slice()),
            (Some(End::Code(0)), &b"done\n"[..])
        );
        assert!(begun.elapsed() < Duration::from_secs(15));
    }

    #[test]
    fn input_that_nobody_reads_blocks_nothing() {
        let environment = environment();
        let end = sh("exit 0", &environment).input(vec![b'x'; 1 << 20]).run();
        assert_eq!(end.unwrap(), End::Code(0));
    }

    #[test]
    fn a_signal_is_passed_on_as_a_shell_does() {
        let environment = environment();
        let end = sh("kill -9 $$", &environment).run().unwrap();
        assert_eq!(end, End::Signal(9));
        assert_eq!(end.code(), 137);
        assert_eq!(End::Code(256).code(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_script_without_a_first_line_goes_to_sh() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hook");
        std::fs::write(&path, "echo \"$1\"\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let environment = environment();
        let said = Script::new(&path, folder.path(), &environment)
            .args(["x"])
            .capture(Duration::from_secs(20))
            .unwrap();
        assert_eq!(said.out, b"x\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_of_the_repository_is_never_chosen() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (inside, outside) = (folder.path().join("repo"), folder.path().join("bin"));
        for at in [&inside, &outside] {
            std::fs::create_dir(at).unwrap();
            std::fs::write(at.join("tool"), "").unwrap();
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(at.join("tool"), mode).unwrap();
        }
        let detour = folder.path().join("detour");
        std::fs::create_dir(&detour).unwrap();
        symlink(inside.join("tool"), detour.join("tool")).unwrap();
        let text = |at: &Path| at.to_str().unwrap().to_owned();
        let path = format!(".:{}:{}:{}", text(&inside), text(&detour), text(&outside));
        let environment = Environment::of(&inside, [("PATH", path)]);
        assert_eq!(
            find("tool", &environment, &inside),
            Some(outside.join("tool"))
        );
        let environment = Environment::of(&inside, [("PATH", text(&inside))]);
        assert_eq!(find("tool", &environment, &inside), None);
    }
}
