//! What the commands about env files stand on: the repository where there is one, and what the team set.

use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, io};

use crate::check;
use crate::cli::context::Context;
use crate::config::ConfigError;
use crate::config::valid::CheckSettings;
use crate::env::Choice;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::repository::Repository;
use crate::schema::{self, Read};

/// What a command about env files stands on.
pub(super) struct Ground {
    /// None outside of any: files may lie anywhere.
    pub(super) repository: Option<Arc<Repository>>,
    /// What is set about the check `env`.
    pub(super) settings: CheckSettings,
    /// What is set about the check `gitignore`; none where it is switched off.
    pub(super) gitignore: Option<CheckSettings>,
    /// `GUARD_ENV`.
    pub(super) usual: Option<String>,
    /// What is odd about the configuration.
    pub(super) notes: Vec<(Severity, String)>,
}

impl Ground {
    /// Looks around; what is wrong was said.
    pub(super) fn of(context: &Context) -> Result<Self, Exit> {
        let check = check::by_id("env").expect("it is in the list of checks");
        let mut ground = Self {
            repository: None,
            settings: CheckSettings::of(check),
            gitignore: None,
            usual: context.environment.filled("GUARD_ENV").map(str::to_owned),
            notes: Vec::new(),
        };
        let repository = match Repository::discover(&context.environment) {
            Ok(repository) => Arc::new(repository),
            Err(error) if error.exit() == Exit::Usage => return Ok(ground),
            Err(error) => return Err(context.fail(&error, error.exit())),
        };
        let read = context.settings(&repository)?;
        let loaded = context.load(&repository, &read.read)?;
        let warnings = loaded.warnings.iter().chain(&read.warnings);
        let notes = warnings.map(|warning| (Severity::Warning, warning.clone()));
        ground.notes.extend(notes);
        if let Some(settings) = loaded.config.checks.get("env") {
            ground.settings = settings.clone();
        }
        let gitignore = loaded.config.checks.get("gitignore");
        ground.gitignore = gitignore.filter(|settings| settings.enabled).cloned();
        ground.usual = read.read.filled("GUARD_ENV").map(str::to_owned);
        ground.repository = Some(repository);
        Ok(ground)
    }

    /// The project's schema, which must be there, and have the environment that is asked for. What is wrong was said.
    pub(super) fn schema(
        &self,
        context: &Context,
        environment: Option<&str>,
    ) -> Result<Read, Exit> {
        let fail = |error: ConfigError| match error.problems() {
            // One mistake speaks for itself.
            [one] => context.fail(one, Exit::Usage),
            _ => context.fail(&error, Exit::Usage),
        };
        let bytes = match fs::read(self.root(context).join(schema::PATH)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(context.fail(&NoSchema, Exit::Usage));
            }
            Err(error) => return Err(context.fail(&Unreadable(error), Exit::Usage)),
        };
        let read = match self.repository.as_deref() {
            Some(repository) => schema::load(repository.common_dir(), schema::PATH, &bytes),
            None => schema::read(schema::PATH, &bytes),
        };
        let read = read.map_err(fail)?;
        let choice = Choice {
            asked: environment.map(str::to_owned),
            ..Choice::default()
        };
        choice.check(&read.schema).map_err(fail)?;
        Ok(read)
    }

    /// From where paths are told: the work tree, or the folder in which guard was called.
    pub(super) fn root(&self, context: &Context) -> PathBuf {
        let work_tree = self.repository.as_deref().and_then(Repository::work_tree);
        work_tree
            .unwrap_or(&context.environment.directory)
            .to_owned()
    }
}

/// The project has no schema.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("there is no `schemas/env.yaml` here, which says what the environment must hold")]
#[diagnostic(help(
    "`guard init` makes one from your examples, `guard env import FILE --write` from the code's own schema"
))]
struct NoSchema;

/// It is there, and cannot be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("`schemas/env.yaml` cannot be read: {0}")]
#[diagnostic(help(
    "it is a plain file that you may read; `ls -ld schemas/env.yaml` shows what it is"
))]
struct Unreadable(io::Error);
