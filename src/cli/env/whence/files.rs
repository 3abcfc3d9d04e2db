//! The env files that set a variable: those at the roots of packages, ignored or not, and all that are tracked.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::cli::env::base::{self, Base};
use crate::dotenv::name::{self, Role};
use crate::dotenv::{self, Dialect, File};
use crate::env;
use crate::path::RepoPath;
use crate::project::{Project, WorkTree, split};
use crate::repository::Blob;
use crate::secret::Secret;

/// All env files of a project.
pub(super) struct Files(Vec<(RepoPath, Role, File)>);

/// One line that sets a variable.
pub(super) struct Set {
    path: RepoPath,
    line: usize,
    column: usize,
    /// None for a bare name.
    length: Option<usize>,
    /// Whether a later line of the file says something else.
    is_last: bool,
    pub(super) is_example: bool,
}

impl Files {
    /// Reads them, each as its first reader does.
    pub(super) fn read(base: &Base, staged: &[(RepoPath, Blob)]) -> Self {
        let project = Project::new(WorkTree::new(&base.root));
        let mut read = Vec::new();
        for path in found(base, staged) {
            let Some(role) = name::role(&path) else {
                continue;
            };
            // What cannot be read sets nothing; `guard env check` tells of it.
            let Ok(Some(bytes)) = base::plain_content(&base.root.join(path.to_os())) else {
                continue;
            };
            let readers = env::readers(&project, &split(&path).0);
            let reader = readers.first().copied().unwrap_or(Dialect::Node);
            read.push((path, role, dotenv::parse(&bytes, reader)));
        }
        Self(read)
    }

    /// Every line that sets it.
    pub(super) fn of(&self, name: &str) -> Vec<Set> {
        let mut all = Vec::new();
        for (path, role, file) in &self.0 {
            let entries = file.entries().iter().filter(|entry| entry.key == name);
            let last = entries.clone().rfind(|entry| entry.is_read);
            let last = last.map(|entry| entry.key_span.start);
            all.extend(entries.map(|entry| {
                Set {
                    path: path.clone(),
                    line: entry.place.line,
                    column: entry.place.column,
                    length: entry
                        .value
                        .as_ref()
                        .map(|value| Secret::reveal(value).len()),
                    is_last: last == Some(entry.key_span.start),
                    is_example: *role == Role::Example,
                }
            }));
        }
        all
    }

    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let entries = self.0.iter().flat_map(|(_, _, file)| file.entries());
        entries.map(|entry| entry.key.clone())
    }
}

/// Where they are.
fn found(base: &Base, staged: &[(RepoPath, Blob)]) -> BTreeSet<RepoPath> {
    let mut folders = BTreeSet::from([RepoPath::root()]);
    let mut files = BTreeSet::new();
    for (path, _) in staged {
        let (folder, name) = split(path);
        if env::is_manifest(name) {
            folders.insert(folder);
        }
        if name::role(path).is_some() {
            files.insert(path.clone());
        }
    }
    for folder in folders {
        let Ok(entries) = fs::read_dir(base.root.join(folder.to_os())) else {
            continue;
        };
        let names = entries
            .flatten()
            .map(|entry| entry.file_name().into_encoded_bytes());
        let names = names.filter(|name| name.starts_with(b".env"));
        files.extend(names.map(|name| folder.join(&name)));
    }
    files
}

impl Set {
    pub(super) fn place(&self) -> String {
        let path = self.path.to_text();
        format!("{}:{}", crate::terminal::escape_line(&path), self.line)
    }

    pub(super) fn words(&self) -> String {
        let length = match self.length {
            None => "no value".to_owned(),
            Some(1) => "1 byte".to_owned(),
            Some(length) => format!("{length} bytes"),
        };
        if self.is_last {
            length
        } else {
            format!("{length}, replaced further down")
        }
    }

    pub(super) fn data(&self) -> Value {
        json!({
            "path": self.path.to_text(),
            "line": self.line,
            "column": self.column,
            "length": self.length,
            "wins": self.is_last,
            "example": self.is_example,
        })
    }
}
