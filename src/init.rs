//! The first contact: what the project is, what guard writes for it, and what it takes over from others.
//!
//! Everything is decided before the first byte is written, so that it can be shown, asked about, and left.

mod import;
mod question;
mod settings;
mod told;
mod write;

use crate::env::first::example;
use crate::env::first::schema::Schema;
use crate::path::RepoPath;
use crate::project::{Kind, Project};
use crate::repository::RepositoryError;
use crate::stack::Stack;

pub(crate) use import::From;
use import::Import;
pub(crate) use question::{ask, is_yes};
pub(crate) use told::{future, json, past};
pub(crate) use write::{InitError, Written, lay_schema};

/// The file that says what the environment must hold.
const ENV_SCHEMA: &str = "schemas/env.yaml";

/// The file that says what guard does.
const SETTINGS: &str = "guard.yaml";

/// The names under which guard finds its settings.
const ANY_SETTINGS: [&str; 3] = [SETTINGS, "guard.toml", "guard.json"];

/// What there is, and what is going to be written.
pub(crate) struct Draft {
    /// What the project is.
    pub(crate) stack: Stack,
    /// The files to be written.
    pub(crate) files: Vec<NewFile>,
    /// What is there already, and stays as it is.
    pub(crate) kept: Vec<RepoPath>,
    schema: Schema,
    import: Import,
    from: Option<From>,
    /// Whether commands were taken over that nobody writes, since guard.yaml is there already.
    unwritten: bool,
}

/// What putting the hooks in is going to write.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hooks {
    /// The files.
    pub(crate) files: Vec<HookFile>,
    /// What is to be known besides.
    pub(crate) notes: Vec<String>,
}

/// A file that is written for the hooks.
#[derive(Clone, Debug)]
pub(crate) struct HookFile {
    /// Where, for people.
    pub(crate) path: String,
    /// Whether there is no such file yet.
    pub(crate) is_new: bool,
    /// How many lines come to it.
    pub(crate) lines: usize,
}

/// A file to be written.
pub(crate) struct NewFile {
    /// Where.
    pub(crate) path: RepoPath,
    /// What.
    pub(crate) text: String,
}

/// Looks at the project and decides; nothing is written.
pub(crate) fn draft(project: &Project<'_>, from: Option<From>) -> Result<Draft, RepositoryError> {
    let stack = Stack::of(project);
    let mut schema = Schema::default();
    for path in &stack.env_examples {
        if let Some(text) = project.text(path) {
            schema.take(path, &example::read(&text));
        }
    }
    let import = match from {
        Some(from) => import::import(project, &stack, from),
        None => Import::default(),
    };
    if let Some(error) = project.take_trouble() {
        return Err(error);
    }
    let mut draft = Draft {
        files: Vec::new(),
        kept: Vec::new(),
        unwritten: false,
        stack,
        schema,
        import,
        from,
    };
    let standing: Vec<RepoPath> = ANY_SETTINGS
        .iter()
        .map(|name| RepoPath::from(*name))
        .filter(|path| stands(project, path))
        .collect();
    if standing.is_empty() {
        draft.files.push(NewFile {
            path: SETTINGS.into(),
            text: settings::text(&draft.stack, &draft.import.imported),
        });
    } else {
        draft.unwritten = !draft.import.imported.is_empty();
        draft.kept.extend(standing);
    }
    let env = RepoPath::from(ENV_SCHEMA);
    if stands(project, &env) {
        draft.kept.push(env);
    } else if let Some(text) = draft.schema.text() {
        draft.files.push(NewFile { path: env, text });
    }
    Ok(draft)
}

impl Draft {
    /// Writes the files below the work tree's top: all of them, or none.
    pub(crate) fn write(&self, top: &std::path::Path) -> Result<Written, InitError> {
        write::all(top, &self.files)
    }

    /// Says whether the files could be written, without writing any.
    pub(crate) fn check(&self, top: &std::path::Path) -> Result<(), InitError> {
        write::check(top, &self.files)
    }
}

/// Whether something has this name, a link too.
fn stands(project: &Project<'_>, path: &RepoPath) -> bool {
    let (folder, name) = crate::project::split(path);
    let children = project.children(&folder);
    // A link is not guard's to follow or to replace.
    let children = children.iter().filter(|child| child.kind != Kind::Folder);
    children.into_iter().any(|child| child.name == name)
}

#[cfg(test)]
mod tests;
