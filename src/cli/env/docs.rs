//! `guard env docs`: the schema for readers, people or programs.

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::ground::Ground;
use super::help;
use crate::cli::context::Context;
use crate::cli::told::Told;
use crate::exit::Exit;
use crate::schema;

/// Arguments of `guard env docs`.
#[derive(Args, Debug)]
#[command(before_help = help::DOCS, after_help = help::DOCS_EXITS)]
pub(crate) struct Arguments {
    /// The environment whose rules stand there (default: the base's)
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// As what
    #[arg(long = "as", value_enum, default_value_t = Form::Markdown, value_name = "FORM")]
    form: Form,
}

/// What comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A table for a page of documentation
    Markdown,
    /// A JSON Schema (2020-12) of the values as a program has them once they are read
    JsonSchema,
}

/// `guard env docs`.
pub(crate) fn run(context: &Context, arguments: &Arguments) -> Exit {
    match try_run(context, arguments) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn try_run(context: &Context, arguments: &Arguments) -> Result<Exit, Exit> {
    let ground = Ground::of(context)?;
    let environment = arguments.env.as_deref();
    let read = ground.schema(context, environment)?;
    let effective = read.schema.for_environment(environment);
    let (name, data, text) = match arguments.form {
        Form::Markdown => {
            let text = schema::markdown(&effective);
            ("markdown", Value::String(text.clone()), text)
        }
        Form::JsonSchema => {
            let value = schema::json_schema(&effective);
            let text = format!("{value:#}\n");
            ("json_schema", value, text)
        }
    };
    if context.is_for_people() {
        return Ok(context.say(&text));
    }
    let mut told = Told::new("env docs", "the schema for readers");
    told.data(name, data);
    Ok(told.finish(context, Exit::Good))
}
