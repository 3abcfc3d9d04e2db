//! `guard env setup`: from the schema to a developer's own env file, by as few questions as can be.

mod ask;
mod home;
mod write;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::base::{self, Base, Unreadable};
use super::{help, shown};
use crate::cli::context::Context;
use crate::cli::told::Told;
use crate::dotenv::{self, Dialect, name};
use crate::env::{self, Setup};
use crate::exit::Exit;
use crate::path::RepoPath;
use crate::report::Verbosity;
use crate::schema::{Effective, Read, Schema, Stage};
use crate::secret::Secret;
use crate::terminal::escape_line;
use ask::Asked;
use write::Target;

/// Arguments of `guard env setup`.
#[derive(Args, Debug)]
#[command(before_help = help::SETUP, after_help = help::SETUP_EXITS)]
pub(crate) struct Arguments {
    /// The environment that the file is for (default: development)
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// The file (default: .env.local; .env where only Python reads it; .env.NAME.local for what is deployed)
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Take all defaults without asking
    #[arg(long)]
    yes: bool,
}

/// `guard env setup`.
pub(crate) fn run(context: &Context, arguments: &Arguments) -> Exit {
    Session::begin(context, arguments)
        .and_then(|session| session.run(arguments.yes))
        .unwrap_or_else(|exit| exit)
}

/// What one call works on.
struct Session<'a> {
    context: &'a Context,
    base: Base,
    schema: Read,
    environment: String,
    reader: Dialect,
    target: Target,
}

impl<'a> Session<'a> {
    /// Looks, before anybody is asked anything.
    fn begin(context: &'a Context, arguments: &Arguments) -> Result<Self, Exit> {
        let base = Base::of(context);
        let schema = base.needed_schema(context)?;
        let environment = match &arguments.env {
            None => usual(&schema.schema),
            Some(name) => {
                let choice = env::Choice {
                    asked: Some(name.clone()),
                    ..env::Choice::default()
                };
                let is_known = choice.check(&schema.schema);
                is_known.map_err(|error| context.fail(&error, Exit::Usage))?;
                name.clone()
            }
        };
        let readers = base.readers();
        let path = if let Some(file) = &arguments.file {
            context.environment.directory.join(file)
        } else {
            let stage = schema.schema.for_environment(Some(&environment)).stage;
            base.root.join(file(&readers, &environment, stage))
        };
        let told = base.told(&path);
        let target = Target::find(&path, told).map_err(|error| fail(context, &error))?;
        home::judge(context, &target).map_err(|error| fail(context, &error))?;
        Ok(Self {
            context,
            base,
            schema,
            environment,
            reader: readers.first().copied().unwrap_or(Dialect::Node),
            target,
        })
    }

    fn run(&self, takes_defaults: bool) -> Result<Exit, Exit> {
        let effective = self.schema.schema.for_environment(Some(&self.environment));
        let mut setup = Setup::new(&effective, self.target.standing(self.reader));
        let context = self.context;
        let can_ask = context.may_ask && context.is_for_people() && context.terminal.can_ask();
        let asks = can_ask && !takes_defaults;
        setup.fill(&self.example(&effective)?, asks);
        let asked = Asked {
            context,
            is_quiet: !asks,
        };
        asked.all(&mut setup, &self.target.told)?;
        let written = self
            .target
            .write(&setup)
            .map_err(|error| fail(context, &error))?;
        Ok(self.tell(&setup, &written))
    }

    /// What the project's example says, by names.
    fn example(&self, effective: &Effective<'_>) -> Result<HashMap<String, String>, Exit> {
        let Some(path) = example(&self.base.root, effective.environment.as_deref()) else {
            return Ok(HashMap::new());
        };
        let bytes = base::plain_content(&path).map_err(|error| {
            let name = self.base.told(&path).to_string();
            let why = base::told(&error);
            fail(self.context, &Unreadable { name, why })
        })?;
        let file = dotenv::parse(&bytes.unwrap_or_default(), self.reader);
        let read = file.effective();
        let read = read.filter_map(|entry| {
            let value = entry.value.as_ref().map(Secret::reveal)?;
            Some((entry.key.clone(), value.to_owned()))
        });
        Ok(read.collect())
    }

    /// Says what was added, and what nobody had an answer for.
    fn tell(&self, setup: &Setup<'_>, written: &[String]) -> Exit {
        let context = self.context;
        let missing = setup.missing();
        let exit = if missing.is_empty() {
            Exit::Good
        } else {
            Exit::Blocked
        };
        let findings: Vec<_> = missing
            .iter()
            .map(|broken| match broken.entry {
                None => env::missing(&self.schema, broken),
                Some(_) => env::missing(&self.schema, broken).in_file(self.target.told.clone()),
            })
            .collect();
        shown::tell(context, &findings);
        let added = setup.decided().iter();
        let added: Vec<_> = added
            .filter(|decided| written.contains(&decided.name))
            .collect();
        let told = self.target.told.to_string();
        if !context.is_for_people() {
            let mut report = Told::new("env setup", "an env file of your own");
            let names = added.iter();
            let names: Vec<Value> = names
                .map(|decided| json!({ "name": decided.name, "from": decided.origin.word() }))
                .collect();
            let missing = missing.iter().map(|broken| json!(broken.key));
            report.data("file", json!(told));
            report.data("environment", json!(self.environment));
            report.data("added", Value::Array(names));
            report.data("missing", missing.collect());
            return report.finish(context, exit);
        }
        let mut text = match added.len() {
            0 => format!("{told}: nothing to add"),
            1 => format!("{told}: 1 variable added"),
            count => format!("{told}: {count} variables added"),
        };
        text = format!("{}, for {}\n", escape_line(&text), self.environment);
        let widest = added.iter().map(|decided| decided.name.len()).max();
        for decided in added {
            let name = crate::terminal::text::pad(&decided.name, widest.unwrap_or(0).min(40));
            let _ = writeln!(text, "  {name}  {}", decided.origin.words());
        }
        if context.verbosity == Verbosity::Quiet {
            text.clear();
        }
        match context.say(&text) {
            Exit::Good => exit,
            lost => lost,
        }
    }
}

fn fail(context: &Context, error: &(impl miette::Diagnostic + HasExit)) -> Exit {
    context.fail(error, error.exit())
}

/// How a command that meets this ends.
trait HasExit {
    fn exit(&self) -> Exit;
}

impl HasExit for Unreadable {
    fn exit(&self) -> Exit {
        Exit::Blocked
    }
}

/// The environment of a developer's machine, by the name that the schema has for it.
fn usual(schema: &Schema) -> String {
    let names = ["development", "dev", "local"];
    let mut own = names
        .iter()
        .filter(|name| schema.environment(name).is_some());
    let mut said = schema.environments.iter().filter(|known| {
        let kind = known.kind.as_ref().map(|kind| kind.value);
        kind == Some(Stage::Development)
    });
    let own = own.next().map(|name| (*name).to_owned());
    let said = || said.next().map(|known| known.name.clone());
    own.or_else(said).unwrap_or_else(|| names[0].to_owned())
}

/// The file that an environment has on one machine.
fn file(readers: &[Dialect], environment: &str, stage: Option<Stage>) -> String {
    let is_deployed = matches!(stage, Some(Stage::Staging | Stage::Production));
    let is_python = readers.contains(&Dialect::Python) && !readers.contains(&Dialect::Node);
    match (is_deployed, is_python) {
        (false, false) => ".env.local".to_owned(),
        (false, true) => ".env".to_owned(),
        (true, false) => format!(".env.{environment}.local"),
        (true, true) => format!(".env.{environment}"),
    }
}

/// The example that shows what an environment needs: its own, else the one for all.
fn example(root: &std::path::Path, environment: Option<&str>) -> Option<PathBuf> {
    let entries = std::fs::read_dir(root).ok()?;
    let mut names: Vec<(bool, bool, String)> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|file| {
            let path = RepoPath::from(file.as_str());
            let is_example = name::role(&path) == Some(name::Role::Example);
            let of = name::environment(&path);
            let is_own = of.is_some() && of.as_deref() == environment;
            let fits = is_example && (is_own || of.is_none());
            fits.then_some((!is_own, file != ".env.example", file))
        })
        .collect();
    names.sort();
    let (.., name) = names.into_iter().next()?;
    Some(root.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn the_schema_says_how_a_developers_environment_is_called() {
        for (environments, name) in [
            ("{}", "development"),
            ("{ test: {}, dev: {} }", "dev"),
            (
                "{ laptop: { kind: development }, production: {} }",
                "laptop",
            ),
            ("{ test: {}, production: {} }", "development"),
        ] {
            let text = format!("variables: {{}}\nenvironments: {environments}\n");
            let read = schema::read(schema::PATH, text.as_bytes()).unwrap();
            assert_eq!(usual(&read.schema), name, "{environments}");
        }
    }

    #[test]
    fn what_is_deployed_has_a_file_of_its_own() {
        use Dialect::{Compose, Node, Python};
        for (readers, stage, name) in [
            (&[Node][..], None, ".env.local"),
            (&[Node, Python], Some(Stage::Development), ".env.local"),
            (&[Python, Compose], Some(Stage::Development), ".env"),
            (&[Node], Some(Stage::Staging), ".env.blue.local"),
            (&[Python], Some(Stage::Production), ".env.blue"),
        ] {
            assert_eq!(file(readers, "blue", stage), name);
        }
    }

    #[test]
    fn an_environments_own_example_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        let named = |environment| {
            let path = example(folder.path(), environment)?;
            Some(path.file_name()?.to_str()?.to_owned())
        };
        assert_eq!(named(None), None);
        for name in [
            ".env.sample",
            ".env.example",
            ".env.staging.example",
            ".env",
        ] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(named(None).as_deref(), Some(".env.example"));
        assert_eq!(
            named(Some("staging")).as_deref(),
            Some(".env.staging.example")
        );
        assert_eq!(named(Some("production")).as_deref(), Some(".env.example"));
    }
}
