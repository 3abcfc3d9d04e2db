//! The same where there are no process groups (Windows): the output is one stream, the deadline and
//! a cancellation end the process itself, and what it started may live on. The tests compile it
//! everywhere, so that it keeps compiling there.

use std::io::Read;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};
use std::{io, thread};

use super::output::Output;
use super::start::{self, StartError};
use super::{End, Job};

/// How long nothing is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How long the output is read on after the process itself has ended.
const DRAIN: Duration = Duration::from_millis(100);

/// Runs a job.
pub(super) fn run(job: &Job, say: &mut dyn FnMut(&str)) -> Result<End, StartError> {
    if job.cancel.is_cancelled() {
        return Ok(End::Cancelled);
    }
    let (mut child, mut pipe) = start::start(job, "")?;
    let (send, receive) = sync_channel::<Vec<u8>>(4);
    let reading = thread::Builder::new().spawn(move || {
        let mut chunk = vec![0; 16 * 1024];
        while let Ok(length @ 1..) = pipe.read(&mut chunk) {
            if send.send(chunk[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    let mut output = Output::new(job.redactor, say);
    let end = match reading {
        Ok(_) => wait(job, &mut child, &mut |patience| {
            let chunk = receive.recv_timeout(patience);
            if let Ok(chunk) = &chunk {
                output.take(chunk);
            }
            chunk.err() != Some(RecvTimeoutError::Disconnected)
        }),
        Err(error) => child.kill().and(Err(error)),
    };
    output.finish();
    end.map_err(|error| StartError::system(job, error))
}

/// Waits for the process. `listen` takes output for a while, and says whether more may come.
fn wait(job: &Job, child: &mut Child, listen: &mut dyn FnMut(Duration) -> bool) -> io::Result<End> {
    let mut listening = true;
    loop {
        if let Some(status) = child.try_wait()? {
            let until = Instant::now() + DRAIN;
            while listening && Instant::now() < until {
                listening = listen(LOOK_AGAIN);
            }
            return Ok(of(status));
        }
        let late = job
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline);
        if late || job.cancel.is_cancelled() {
            child.kill()?;
            child.wait()?;
            return Ok(if late { End::TimedOut } else { End::Cancelled });
        }
        if listening {
            listening = listen(LOOK_AGAIN);
        } else {
            thread::sleep(LOOK_AGAIN);
        }
    }
}

fn of(status: ExitStatus) -> End {
    status.code().map_or(End::Killed(0), End::Exited)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ffi::OsString;

    use super::*;
    use crate::environment::Environment;
    use crate::process::signal::Cancel;
    use crate::process::variables::Variables;
    use crate::secret::Redactor;

    #[test]
    #[cfg(unix)]
    fn output_exit_code_and_deadline_hold_here_too() {
        let environment = Environment::of("/", [("PATH", "/usr/bin:/bin")]);
        let variables = Variables::of(&environment, &[], &BTreeMap::new());
        let run_here = run;
        let run = |script: &str, time: Option<Duration>| {
            let argv = ["sh", "-c", script].map(OsString::from);
            let job = Job {
                argv: &argv,
                directory: "/".as_ref(),
                variables: &variables,
                deadline: time.map(|time| Instant::now() + time),
                cancel: &Cancel::new(),
                redactor: &Redactor::default(),
                apart: None,
            };
            let mut text = String::new();
            let end = run_here(&job, &mut |part| text.push_str(part)).unwrap();
            (end, text)
        };
        let said = run("echo 1; echo 2 >&2; cat; exit 3", None);
        assert_eq!(said, (End::Exited(3), "1\n2\n".to_owned()));
        let (end, _) = run("exec sleep 300", Some(Duration::from_millis(50)));
        assert_eq!(end, End::TimedOut);
    }
}
