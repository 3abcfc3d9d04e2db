//! What was handed in: what it is, and the schema that it holds.

use std::path::Path;

use super::From;
use crate::cli::env::input;
use crate::dotenv::name::role;
use crate::env::first::example;
use crate::env::first::schema::Schema;
use crate::env::{Carried, Note, carry};
use crate::path::RepoPath;
use crate::python;
use crate::script::{self, Dialect};
use crate::source::Source;
use crate::variable::model::Model;

/// No schema that people write is longer.
const LONGEST: usize = 8 << 20;

/// Why there is nothing to carry over.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(super) enum NoModel {
    #[error("`{0}` is longer than 8 MiB")]
    #[diagnostic(help(
        "is it the file with the schema? Nothing that people write of variables is that long"
    ))]
    TooLong(String),
    #[error("{place}: this is not UTF-8")]
    #[diagnostic(help("save the file as UTF-8"))]
    NoText { place: String },
    #[error("{place}: the file does not parse as {language}")]
    #[diagnostic(help("mend it there, or say by `--from` what the file is"))]
    Broken {
        place: String,
        language: &'static str,
    },
    #[error("there is no schema in `{name}`: looked for {wanted}")]
    #[diagnostic(help(
        "name the file in which it is made; `--from zod`, `--from pydantic` and `--from example` say what a file is"
    ))]
    None { name: String, wanted: &'static str },
}

/// The text of a file.
pub(super) fn text(name: &str, bytes: Vec<u8>) -> Result<String, NoModel> {
    if bytes.len() > LONGEST {
        return Err(NoModel::TooLong(name.to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned();
        let place = place(&Source::new(name, text), good);
        NoModel::NoText { place }
    })
}

/// What a file is, and what says so.
pub(super) fn guess(file: &Path, text: &str) -> Option<(From, &'static str)> {
    if !input::is_input(file) {
        let path = RepoPath::new(file.as_os_str().as_encoded_bytes());
        let ending = file.extension().and_then(|ending| ending.to_str());
        let by_name = match ending.unwrap_or_default() {
            "ts" | "mts" | "cts" | "tsx" | "js" | "mjs" | "cjs" | "jsx" => Some(From::Zod),
            "py" | "pyi" => Some(From::Pydantic),
            _ => role(&path).map(|_| From::Example),
        };
        if let Some(from) = by_name {
            return Some((from, "its name"));
        }
    }
    let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let from = if holds(&[".object(", "createEnv("]) {
        From::Zod
    } else if holds(&["BaseSettings"]) {
        From::Pydantic
    } else if !example::read(text).entries.is_empty() {
        From::Example
    } else {
        return None;
    };
    Some((from, "its content"))
}

/// Reads it, and carries over what it says.
pub(super) fn carried(from: From, file: &Path, source: &Source) -> Result<Carried, NoModel> {
    let text = source.text();
    match from {
        From::Zod => {
            let dialect = dialect(file);
            let wanted = "`z.object({ … })` and `createEnv({ … })` under a name of their own";
            let model = script::schema::read(text, dialect);
            let fault = script::schema::fault(text, dialect);
            model_of(model, fault, source, ("TypeScript", wanted))
        }
        From::Pydantic => {
            let wanted = "a class that extends pydantic's `BaseSettings`";
            let fault = python::schema::fault(text);
            model_of(
                python::schema::read(text),
                fault,
                source,
                ("Python", wanted),
            )
        }
        From::Example => of_example(source),
    }
}

fn model_of(
    model: Option<Model>,
    fault: Option<usize>,
    source: &Source,
    (language, wanted): (&'static str, &'static str),
) -> Result<Carried, NoModel> {
    if let Some(at) = fault {
        let place = place(source, at);
        return Err(NoModel::Broken { place, language });
    }
    match model {
        Some(model) => Ok(carry(&model, source)),
        None => Err(NoModel::None {
            name: source.name().to_owned(),
            wanted,
        }),
    }
}

fn of_example(source: &Source) -> Result<Carried, NoModel> {
    let example = example::read(source.text());
    let mut schema = Schema::default();
    schema.take(&RepoPath::new(source.name().as_bytes()), &example);
    let yaml = schema.text().ok_or_else(|| NoModel::None {
        name: source.name().to_owned(),
        wanted: "lines such as `NAME=value`",
    })?;
    let unread = example.unread.iter().map(|line| Note {
        line: *line,
        column: 1,
        variable: None,
        what: "this line sets no variable".to_owned(),
    });
    Ok(Carried {
        yaml,
        lost: unread.collect(),
        variables: example.entries.len(),
        environments: 0,
    })
}

/// How the code is written. JavaScript with elements is no TypeScript, nor the other way round.
fn dialect(file: &Path) -> Dialect {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("tsx") => Dialect::TypedElements,
        Some("js" | "mjs" | "cjs" | "jsx") => Dialect::Script,
        _ => Dialect::Typed,
    }
}

fn place(source: &Source, at: usize) -> String {
    let position = source.position(at);
    format!("{}:{}:{}", source.name(), position.line, position.column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_contents_say_what_a_file_is() {
        for (file, text, expected) in [
            ("a.ts", "", Some((From::Zod, "its name"))),
            ("a/b.mjs", "", Some((From::Zod, "its name"))),
            ("settings.py", "A=1", Some((From::Pydantic, "its name"))),
            (".env.example", "", Some((From::Example, "its name"))),
            (
                "deploy/production.env",
                "",
                Some((From::Example, "its name")),
            ),
            (
                "-",
                "const a = z.object({})",
                Some((From::Zod, "its content")),
            ),
            ("-", "createEnv({})", Some((From::Zod, "its content"))),
            (
                "-",
                "class S(BaseSettings): pass",
                Some((From::Pydantic, "its content")),
            ),
            ("notes", "A=1", Some((From::Example, "its content"))),
            ("notes", "prose", None),
            ("-", "", None),
        ] {
            assert_eq!(guess(Path::new(file), text), expected, "{file}");
        }
    }
}
