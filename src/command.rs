//! The team's own tools: which files they are given, how they are called, and what their end means.

pub mod batch;
pub mod branches;
mod calls;
pub mod fix;
mod ground;
pub(crate) mod hearing;
pub mod key;
pub(crate) mod known;
pub mod pattern;
pub mod program;
mod reason;
pub mod recorded;
pub mod select;
pub mod template;
#[cfg(test)]
#[cfg(unix)]
mod tests;
mod tool;
pub mod work;
