//! Children: the only place that starts a process.

pub mod git;
pub mod script;
