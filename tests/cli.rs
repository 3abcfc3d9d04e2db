//! The command line and its bad input: one clear diagnostic, the right exit code, nothing changed.

mod completions;
mod config;
mod doctor;
mod explain;
mod fix;
mod formats;
#[cfg(all(feature = "slow-tests", target_os = "linux"))]
mod full_disk;
mod help;
mod init;
mod man;
mod output;
mod reports;
mod trouble;
