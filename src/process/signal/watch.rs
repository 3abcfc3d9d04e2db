//! Turns the signals that end a process into wishes, while somebody listens.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::iterator::backend::Handle;

use super::{Cancel, Interruption};

/// The signals with which people and systems end a process, unless it cannot hear them.
const ENDING: [i32; 4] = [SIGINT, SIGQUIT, SIGTERM, SIGHUP];

/// While this lives, signals become wishes; afterwards they do what they always did.
pub struct Watch {
    handle: Handle,
    thread: Option<thread::JoinHandle<()>>,
}

/// Turns the signals that end a process into wishes of `cancel`.
pub fn watch(cancel: &Cancel) -> io::Result<Watch> {
    let ignored = ignored_at_start();
    let wanted = ENDING
        .into_iter()
        .filter(|signal| !ignored.contains(signal))
        .collect::<Vec<_>>();
    for signal in &wanted {
        default_outside_of_watches(*signal)?;
    }
    let mut signals = Signals::new(&wanted)?;
    let handle = signals.handle();
    let cancel = cancel.clone();
    let thread = thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in signals.forever() {
                cancel.cancel(meaning(signal));
            }
        })?;
    let watch = Watch {
        handle,
        thread: Some(thread),
    };
    count_watches(1);
    Ok(watch)
}

/// What a signal wants. Ctrl-\ is Ctrl-C: the jobs have to end with guard either way.
fn meaning(signal: i32) -> Interruption {
    match signal {
        SIGINT | SIGQUIT => Interruption::Interrupt,
        SIGHUP => Interruption::HangUp,
        _ => Interruption::Terminate,
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        count_watches(-1);
        self.handle.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// How many watches there are, and whether there is none, in a form that a signal may read.
static WATCHES: Mutex<i32> = Mutex::new(0);
static UNWATCHED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

fn unwatched() -> &'static Arc<AtomicBool> {
    UNWATCHED.get_or_init(|| Arc::new(AtomicBool::new(true)))
}

fn count_watches(change: i32) {
    let mut count = WATCHES.lock().unwrap_or_else(PoisonError::into_inner);
    *count += change;
    unwatched().store(*count == 0, Ordering::SeqCst);
}

/// A handler once installed stays, and a signal would then do nothing after the last watch.
fn default_outside_of_watches(signal: i32) -> io::Result<()> {
    static DONE: Mutex<Vec<i32>> = Mutex::new(Vec::new());
    let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    if !done.contains(&signal) {
        signal_hook::flag::register_conditional_default(signal, Arc::clone(unwatched()))?;
        done.push(signal);
    }
    Ok(())
}

/// Signals that whoever started guard wants ignored, as `nohup` does: they stay ignored.
fn ignored_at_start() -> Vec<i32> {
    static IGNORED: OnceLock<u64> = OnceLock::new();
    // Read once, before the first handler is installed: afterwards the system no longer knows.
    let mask = *IGNORED.get_or_init(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .unwrap_or(0)
    });
    ENDING
        .into_iter()
        .filter(|signal| mask >> (signal - 1) & 1 == 1)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_keys_of_the_terminal_interrupt() {
        let meanings = ENDING.map(|signal| (signal, meaning(signal)));
        assert_eq!(
            meanings,
            [
                (SIGINT, Interruption::Interrupt),
                (SIGQUIT, Interruption::Interrupt),
                (SIGTERM, Interruption::Terminate),
                (SIGHUP, Interruption::HangUp),
            ]
        );
    }
}
