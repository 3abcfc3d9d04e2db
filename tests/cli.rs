//! The command line and its bad input: one clear diagnostic, the right exit code, nothing changed.

mod config;
#[cfg(all(feature = "slow-tests", target_os = "linux"))]
mod full_disk;
mod init;
mod output;
mod trouble;
