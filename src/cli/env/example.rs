//! `guard env example`: the schema as `.env.example`.

use clap::Args;

use super::ground::Ground;
use super::{help, new};
use crate::cli::context::Context;
use crate::cli::told::Told;
use crate::exit::Exit;
use crate::schema;

/// Arguments of `guard env example`.
#[derive(Args, Debug)]
#[command(before_help = help::EXAMPLE, after_help = help::EXAMPLE_EXITS)]
pub(crate) struct Arguments {
    /// The environment whose defaults stand there (default: the base's)
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Write it to `.env.example`, where none stands yet
    #[arg(long)]
    write: bool,
}

/// Where it is written.
const PATH: &str = ".env.example";

/// `guard env example`.
pub(crate) fn run(context: &Context, arguments: &Arguments) -> Exit {
    match try_run(context, arguments) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn try_run(context: &Context, arguments: &Arguments) -> Result<Exit, Exit> {
    let ground = Ground::of(context)?;
    let environment = arguments.env.as_deref();
    let read = ground.schema(context, environment)?;
    let text = schema::example(&read.schema.for_environment(environment));
    let mut told = Told::new("env example", "the schema as an example file");
    if arguments.write {
        let remedy = "`guard env check .env.example` says how the two differ";
        let written = new::write(&ground.root(context), &PATH.into(), &text, remedy);
        if let Err(error) = written {
            return Err(told.fail(context, &error, Exit::Refused));
        }
    }
    if !context.is_for_people() {
        told.data("example", text.as_str().into());
        return Ok(told.finish(context, Exit::Good));
    }
    let said = if arguments.write {
        "wrote .env.example\n"
    } else {
        text.as_str()
    };
    Ok(context.say(said))
}
