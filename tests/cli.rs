//! The command line and its bad input: one clear diagnostic, the right exit code, nothing changed.

mod completions;
mod config;
mod fix;
#[cfg(all(feature = "slow-tests", target_os = "linux"))]
mod full_disk;
mod help;
mod man;
mod output;
mod reports;
mod trouble;
