//! The command line and its bad input: one clear diagnostic, the right exit code, nothing changed.

mod config;
mod output;
mod trouble;
