//! `guard env`: what is asked about env files, one file a command.

mod check;
mod ground;
pub(super) mod help;
mod print;
mod scan;

use clap::Subcommand;

use super::context::Context;
use crate::exit::Exit;

/// What can be asked.
#[derive(Debug, Subcommand)]
pub(crate) enum What {
    /// Judge env files by the schema, and say what different readers would make of them
    Check(check::Arguments),
    /// What a reader of env files gets from one: every variable, with its place
    Print(print::Arguments),
    /// Which variables the code uses, held against the schema: undeclared, unused, read by client code
    Scan(scan::Arguments),
}

/// `guard env …`.
pub(crate) fn run(context: &Context, what: &What) -> Exit {
    match what {
        What::Check(arguments) => check::run(context, arguments),
        What::Print(arguments) => print::run(context, arguments),
        What::Scan(arguments) => scan::run(context, arguments),
    }
}
