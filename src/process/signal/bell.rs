//! Something to poll until it rings, for everyone at once and for good.

use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Mutex, OnceLock, PoisonError};

/// A pipe that nobody writes to: dropping its writing end wakes everyone who polls the other.
/// Made when the first one polls, so that a run without children opens nothing.
#[derive(Default)]
pub(super) struct Bell(OnceLock<Option<(PipeReader, Mutex<Option<PipeWriter>>)>>);

impl Bell {
    pub(super) fn fd(&self) -> Option<BorrowedFd<'_>> {
        let ends = self.0.get_or_init(|| {
            let (reader, writer) = io::pipe().ok()?;
            Some((reader, Mutex::new(Some(writer))))
        });
        ends.as_ref().map(|(reader, _)| reader.as_fd())
    }

    pub(super) fn ring(&self) {
        if let Some(Some((_, writer))) = self.0.get() {
            drop(writer.lock().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}
