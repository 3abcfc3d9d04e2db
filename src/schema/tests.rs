//! The env schema: what is read, what is refused, what is judged.

mod appendix;
mod chance;
mod contradictions;
mod documented;
mod environments;
mod exports;
mod judging;
mod keeping;
mod missing;
mod production;
mod types;
mod words;

use std::fmt::Write as _;

use miette::Diagnostic as _;

use super::{Schema, judge, read};
use crate::config::{Colour, ConfigError, render};

/// A schema in which nothing is wrong.
fn schema(text: &str) -> Schema {
    match read("env.yaml", text.as_bytes()) {
        Ok(read) => read.schema,
        Err(error) => panic!("{}", render(&error, 80, Colour::Off)),
    }
}

/// Everything that is wrong with a schema: `LINE:COLUMN: what | what to do`.
fn told(text: &str) -> String {
    match read("env.yaml", text.as_bytes()) {
        Ok(_) => String::new(),
        Err(error) => lines(&error),
    }
}

fn lines(error: &ConfigError) -> String {
    let line = |problem: &crate::config::Problem| {
        let place = problem.place().unwrap_or_default();
        let help = problem
            .help()
            .map(|help| help.to_string())
            .unwrap_or_default();
        let place = place.trim_start_matches("env.yaml:");
        format!("{place}: {} | {help}\n", problem.message())
    };
    error.problems().iter().map(line).collect()
}

/// What is wrong with these values in an environment: `CODE KEY what`, one a line.
fn broken(schema: &Schema, environment: Option<&str>, values: &[(&str, &str)]) -> String {
    let effective = schema.for_environment(environment);
    let mut told = String::new();
    for broken in judge(&effective, &mut values.iter().copied()) {
        let code = broken.breach.code();
        let _ = writeln!(told, "{code} {} {}", broken.key, broken.what);
    }
    told
}

/// What is wrong with one value of a variable `X` that is described like this.
fn of_value(described: &str, value: &str) -> String {
    let schema = schema(&format!("variables: {{ X: {described} }}"));
    broken(&schema, None, &[("X", value)])
}
