//! The tools that a project already has: for real where they are installed, and as liars everywhere.

mod bad;
#[cfg(feature = "peer-tests")]
mod linters;
#[cfg(feature = "peer-tests")]
mod suites;
