//! `guard env`: what is asked about env files, one file a command.

mod base;
mod check;
mod exec;
mod ground;
pub(super) mod help;
mod print;
mod scan;
mod setup;
mod shown;
mod whence;

use clap::Subcommand;

use super::context::Context;
use crate::exit::Exit;

/// What can be asked.
#[derive(Debug, Subcommand)]
pub(crate) enum What {
    /// Judge env files by the schema, and say what different readers would make of them
    Check(check::Arguments),
    /// Start a program with the variables of an environment, once they are judged
    Exec(exec::Arguments),
    /// What a reader of env files gets from one: every variable, with its place
    Print(print::Arguments),
    /// Which variables the code uses, held against the schema: undeclared, unused, read by client code
    Scan(scan::Arguments),
    /// Make your own env file from the schema: by questions, defaults and chance
    Setup(setup::Arguments),
    /// Where a variable is described, set and read
    Where(whence::Arguments),
}

/// `guard env …`.
pub(crate) fn run(context: &Context, what: &What) -> Exit {
    match what {
        What::Check(arguments) => check::run(context, arguments),
        What::Exec(arguments) => exec::run(context, arguments),
        What::Print(arguments) => print::run(context, arguments),
        What::Scan(arguments) => scan::run(context, arguments),
        What::Setup(arguments) => setup::run(context, arguments),
        What::Where(arguments) => whence::run(context, arguments),
    }
}
