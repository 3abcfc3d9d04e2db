//! Half a sentence for each way in which a command ends badly.

use std::time::Duration;

use crate::config::valid::Run;
use crate::process::signal;

/// `exit code 2`; a shell's own way to say that a signal ended the command is put into words.
pub(super) fn exit(code: i32, run: &Run) -> String {
    const SIGNALLED: i32 = 128;
    const LAST_SIGNAL: i32 = 31;
    let signal = code - SIGNALLED;
    if matches!(run, Run::Shell(_)) && (1..=LAST_SIGNAL).contains(&signal) {
        return format!("{} (exit code {code})", killed(signal));
    }
    format!("exit code {code}")
}

/// `killed by SIGSEGV`.
pub(super) fn killed(number: i32) -> String {
    format!("killed by {}", signal::name(number))
}

/// `timed out after 60s`.
pub(super) fn timed_out(timeout: Duration) -> String {
    format!("timed out after {}", seconds(timeout))
}

/// What is said of a command that the terminal stopped.
pub(super) const WANTED_TERMINAL: &str = "stopped: it wanted the terminal";

/// A time as the configuration writes it, in seconds where it can be.
fn seconds(time: Duration) -> String {
    if time.subsec_millis() == 0 {
        format!("{}s", time.as_secs())
    } else {
        format!("{}ms", time.as_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_the_ones_that_scripts_rely_on() {
        let shell = Run::Shell(String::new());
        let argv = Run::Argv(Vec::new());
        assert_eq!(exit(1, &shell), "exit code 1");
        assert_eq!(exit(139, &argv), "exit code 139");
        #[cfg(unix)]
        assert_eq!(exit(139, &shell), "killed by SIGSEGV (exit code 139)");
        assert_eq!(exit(255, &shell), "exit code 255");
        assert_eq!(exit(-1, &shell), "exit code -1");
        assert_eq!(timed_out(Duration::from_mins(1)), "timed out after 60s");
        assert_eq!(
            timed_out(Duration::from_millis(1500)),
            "timed out after 1500ms"
        );
    }
}
