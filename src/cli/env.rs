//! `guard env`: what is asked about env files, one file a command.

mod print;

use clap::Subcommand;

use super::context::Context;
use crate::exit::Exit;

/// What can be asked.
#[derive(Debug, Subcommand)]
pub(crate) enum What {
    /// What a reader of env files gets from one: every variable, with its place
    Print(print::Arguments),
}

/// `guard env …`.
pub(crate) fn run(context: &Context, what: &What) -> Exit {
    match what {
        What::Print(arguments) => print::run(context, arguments),
    }
}
