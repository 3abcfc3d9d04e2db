//! By the rules of which environment a file is judged.
//!
//! A file's own name says it first, then whoever asks, then `GUARD_ENV`, then the branch where the schema says which
//! branch goes where. NODE_ENV never does: staging sets it to `production`, too.

use crate::config::{ConfigError, Problem, names};
use crate::dotenv::name;
use crate::path::RepoPath;
use crate::schema::{Schema, Stage};

/// What was said about the environment, besides by names of files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    /// Files that were named are judged by this, whatever they are called: `--env` beside them.
    pub(crate) forced: Option<String>,
    /// `--env`, else `GUARD_ENV`.
    pub(crate) asked: Option<String>,
    /// The branch that is pushed.
    pub(crate) branch: Option<String>,
}

impl Choice {
    /// By which rules a file is judged; none for the base.
    pub(crate) fn of(&self, path: &RepoPath, schema: &Schema) -> Option<String> {
        if let Some(forced) = &self.forced {
            return Some(forced.clone());
        }
        let named = name::environment(path).and_then(|name| called(schema, &name));
        let of_branch = || {
            let branch = self.branch.as_deref()?;
            schema.environment_of_branch(branch).map(str::to_owned)
        };
        named.or_else(|| self.asked.clone()).or_else(of_branch)
    }

    /// Whether what was asked for exists.
    pub(crate) fn check(&self, schema: &Schema) -> Result<(), ConfigError> {
        let asked = self.forced.iter().chain(&self.asked);
        for name in asked {
            known(schema, name)?;
        }
        Ok(())
    }
}

/// Whether an environment exists: the schema has it, or its name says what it is for.
pub(crate) fn known(schema: &Schema, name: &str) -> Result<(), ConfigError> {
    if schema.environment(name).is_some() || Stage::by_name(name).is_some() {
        return Ok(());
    }
    let all = || schema.environments.iter().map(|known| known.name.as_str());
    let help = match names::nearest(name, all()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if schema.environments.is_empty() => {
            "it has none: `environments:` in `schemas/env.yaml` names them".to_owned()
        }
        None => format!("there are: {}", names::list(all())),
    };
    let message = format!("the schema has no environment `{}`", names::shown(name));
    Err(ConfigError::one(Problem::new(message, help)))
}

/// The environment that a word in a file's name means: the schema's own, else one for the same purpose; a usual
/// word of which the schema knows nothing still says what the file is for.
fn called(schema: &Schema, word: &str) -> Option<String> {
    let mut all = schema.environments.iter();
    let same = all.find(|known| known.name.eq_ignore_ascii_case(word));
    if let Some(same) = same {
        return Some(same.name.clone());
    }
    let stage = Stage::by_name(word)?;
    // A test run is no developer's machine, but what holds there holds here.
    let mut all = schema.environments.iter();
    let like = all.find(|known| Stage::by_name(&known.name) == Some(stage));
    Some(like.map_or_else(|| word.to_owned(), |like| like.name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    fn schema(text: &str) -> Schema {
        schema::read("schemas/env.yaml", text.as_bytes())
            .unwrap()
            .schema
    }

    #[test]
    fn a_name_speaks_first_then_who_asks_then_the_branch() {
        let schema = schema(
            "variables: {}\nenvironments:\n  staging: {}\n  production: { branches: [main] }\n",
        );
        let choice = |asked: Option<&str>, branch: Option<&str>| Choice {
            forced: None,
            asked: asked.map(str::to_owned),
            branch: branch.map(str::to_owned),
        };
        for (path, asked, branch, expected) in [
            (".env", None, None, None),
            (".env.production", None, None, Some("production")),
            (".env.prod", None, None, Some("production")),
            (".env.production", Some("staging"), None, Some("production")),
            (".env", Some("staging"), Some("main"), Some("staging")),
            (".env", None, Some("main"), Some("production")),
            (".env", None, Some("other"), None),
            (".env.local", None, None, None),
            (".env.test", None, None, Some("test")),
            (".env.blue", None, None, None),
        ] {
            let chosen = choice(asked, branch).of(&path.into(), &schema);
            assert_eq!(chosen.as_deref(), expected, "{path} {asked:?} {branch:?}");
        }
        let forced = Choice {
            forced: Some("staging".to_owned()),
            ..Choice::default()
        };
        let chosen = forced.of(&".env.production".into(), &schema);
        assert_eq!(chosen.as_deref(), Some("staging"));
    }

    fn helped(error: &ConfigError) -> Vec<String> {
        let problems = error.problems().iter();
        let help = problems.map(miette::Diagnostic::help);
        help.map(|help| help.unwrap().to_string()).collect()
    }

    #[test]
    fn an_environment_that_nobody_knows_is_told_with_the_nearest() {
        let schema = schema("variables: {}\nenvironments: { production: {}, blue: {} }\n");
        assert!(known(&schema, "blue").is_ok() && known(&schema, "staging").is_ok());
        let error = known(&schema, "prodution").unwrap_err();
        assert_eq!(helped(&error), ["did you mean `production`?"]);
        let error = known(&schema, "green").unwrap_err();
        assert_eq!(helped(&error), ["there are: `production`, `blue`"]);
    }
}
