//! `guard env`: what is asked about env files, one file a command.

mod base;
mod check;
mod docs;
mod example;
mod exec;
mod ground;
pub(super) mod help;
mod import;
mod input;
mod new;
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
    /// The schema as a page of documentation, or as a JSON Schema
    Docs(docs::Arguments),
    /// The schema as `.env.example`: every variable with what there is to know about it, and no secret
    Example(example::Arguments),
    /// Make schemas/env.yaml from the schema in the code (zod, t3-env, pydantic) or from an example
    Import(import::Arguments),
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
        What::Docs(arguments) => docs::run(context, arguments),
        What::Example(arguments) => example::run(context, arguments),
        What::Import(arguments) => import::run(context, arguments),
        What::Print(arguments) => print::run(context, arguments),
        What::Scan(arguments) => scan::run(context, arguments),
        What::Setup(arguments) => setup::run(context, arguments),
        What::Where(arguments) => whence::run(context, arguments),
    }
}
