//! guard: one binary between `git push` and a broken production.

pub mod change;
pub mod clock;
pub mod config;
pub mod environment;
pub mod event;
pub mod exit;
pub mod finding;
pub mod moment;
pub mod outcome;
pub mod path;
pub mod process;
pub mod repository;
pub mod secret;
