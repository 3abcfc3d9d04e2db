//! The one test binary: every folder and file below `tests/` is declared here or in a module declared here.

mod architecture;
mod cli;
mod env;
mod gate;
mod hook;
mod support;
