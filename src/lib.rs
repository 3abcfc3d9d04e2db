//! guard: one binary between `git push` and a broken production.

pub mod change;
pub mod clock;
pub mod command;
pub mod config;
pub mod engine;
pub mod environment;
pub mod event;
pub mod exit;
pub mod explain;
pub mod finding;
pub mod hook;
pub mod moment;
pub mod outcome;
pub mod path;
pub mod process;
pub mod report;
pub mod repository;
pub mod secret;
pub mod source;
pub mod terminal;
