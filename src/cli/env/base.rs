//! What setup, exec and where stand on: the folder of the schema, the schema, and the files beside it. It reads no
//! configuration: a container starts its program with it.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::dotenv::{Dialect, LARGEST};
use crate::env;
use crate::exit::Exit;
use crate::path::RepoPath;
use crate::project::{Project, WorkTree};
use crate::repository::Repository;
use crate::schema::{self, Read};

/// Where the schema is, and whose.
pub(super) struct Base {
    /// None outside of any, and where it belongs to somebody else.
    pub(super) repository: Option<Repository>,
    /// The work tree, or the folder in which guard was called.
    pub(super) root: PathBuf,
}

impl Base {
    pub(super) fn of(context: &Context) -> Self {
        let repository = Repository::discover(&context.environment).ok();
        let work_tree = repository.as_ref().and_then(Repository::work_tree);
        let root = work_tree.unwrap_or(&context.environment.directory);
        Self {
            root: root.to_owned(),
            repository,
        }
    }

    /// The schema; none where there is no such file. What is wrong with it was said.
    pub(super) fn schema(&self, context: &Context) -> Result<Option<Read>, Exit> {
        let bytes = match fs::read(self.root.join(schema::PATH)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                let error = Unreadable {
                    name: schema::PATH.to_owned(),
                    why: told(&error),
                };
                return Err(context.fail(&error, Exit::Usage));
            }
        };
        let common_dir = self.repository.as_ref().map(Repository::common_dir);
        let read = match common_dir {
            Some(common_dir) => schema::load(common_dir, schema::PATH, &bytes),
            None => schema::read(schema::PATH, &bytes),
        };
        read.map(Some).map_err(|error| match error.problems() {
            [one] => context.fail(one, Exit::Usage),
            _ => context.fail(&error, Exit::Usage),
        })
    }

    /// The same where nothing goes without one.
    pub(super) fn needed_schema(&self, context: &Context) -> Result<Read, Exit> {
        let schema = self.schema(context)?;
        schema.ok_or_else(|| context.fail(&NoSchema, Exit::Usage))
    }

    /// Who reads the files beside the schema, the most important first.
    pub(super) fn readers(&self) -> Vec<Dialect> {
        let project = Project::new(WorkTree::new(&self.root));
        env::readers(&project, &RepoPath::root())
    }

    /// A path as people know it: from the root where it is below it.
    pub(super) fn told(&self, path: &Path) -> RepoPath {
        let seen = path.strip_prefix(&self.root).unwrap_or(path);
        RepoPath::new(seen.as_os_str().as_encoded_bytes())
    }
}

/// A file's bytes, up to what shows that there is too much of it; none where there is no such file.
pub(super) fn content(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// The same for a file that nobody named: what is no plain file, such as one of Python's virtual environments of
/// that name or a pipe that nobody writes to, is not there.
pub(super) fn plain_content(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::metadata(path) {
        Ok(about) if !about.is_file() => Ok(None),
        _ => content(path),
    }
}

/// Why it failed, without the system's number for it.
pub(super) fn told(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    text[..end].to_lowercase()
}

/// A file that must not be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("`{}` cannot be read: {why}", crate::terminal::escape_line(name))]
#[diagnostic(help("it has to be a plain file that you may read; `ls -ld` shows what it is"))]
pub(super) struct Unreadable {
    pub(super) name: String,
    pub(super) why: String,
}

/// The project has no schema.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("there is no `schemas/env.yaml`, which says what the variables are")]
#[diagnostic(help(
    "`guard init` writes one; `guard env import --from zod FILE --write` takes it from your code"
))]
struct NoSchema;
