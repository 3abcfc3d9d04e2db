//! The command line and its bad input: one clear diagnostic, the right exit code, nothing changed.

mod config;
mod doctor;
#[cfg(all(feature = "slow-tests", target_os = "linux"))]
mod full_disk;
mod output;
mod trouble;
