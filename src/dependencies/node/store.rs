//! A store such as `.pnpm`: every package in a folder of its own, with links to its dependencies
//! beside it.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use super::super::site::{Entry, entries};
use super::super::want::{Entries, Others, Want};
use super::super::{DependencyError, Isolate};
use super::Mirror;

impl Mirror<'_> {
    /// A real folder with one link a package; real again where a package leads back.
    pub(super) fn store(&self, store: &Path) -> Result<Want, DependencyError> {
        let mut wants = Entries::new();
        for entry in entries(store)? {
            let want = if entry.kind.is_file() {
                remembered(&entry)?
            } else if !entry.kind.is_dir() {
                continue;
            } else if entry.name == "node_modules" {
                // What is hoisted for packages that do not declare what they use: only links.
                let inner = entries(&entry.path)?;
                Want::Folder(self.modules(&entry.path, &inner)?, Others::Go)
            } else if self.site.isolate == Isolate::Copy || self.reach.needs_unit(&entry.path) {
                self.unit(&entry)?
            } else {
                Want::Link(entry.path)
            };
            wants.insert(entry.name, want);
        }
        Ok(Want::Folder(wants, Others::Go))
    }

    /// One package with its dependencies: the package copied, the links as they are.
    fn unit(&self, unit: &Entry) -> Result<Want, DependencyError> {
        let modules = unit.path.join("node_modules");
        let mut wants = Entries::new();
        for entry in entries(&modules)? {
            let scoped = entry.kind.is_dir() && entry.name.as_encoded_bytes().starts_with(b"@");
            let want = if scoped {
                let mut inner = Entries::new();
                for entry in entries(&entry.path)? {
                    if let Some(want) = self.member(&entry)? {
                        inner.insert(entry.name, want);
                    }
                }
                Some(Want::Folder(inner, Others::Go))
            } else {
                self.member(&entry)?
            };
            if let Some(want) = want {
                wants.insert(entry.name, want);
            }
        }
        let inner = Want::Folder(wants, Others::Go);
        Ok(Want::Tree(
            unit.path.clone(),
            Entries::from([("node_modules".into(), inner)]),
        ))
    }

    fn member(&self, entry: &Entry) -> Result<Option<Want>, DependencyError> {
        if entry.name == OsStr::new(".prisma") {
            return Ok(Some(Want::Fresh(entry.path.clone())));
        }
        if entry.name == OsStr::new(".bin") {
            return self.bin(entry).map(Some);
        }
        if entry.kind.is_dir() {
            return self.copy(&entry.path).map(Some);
        }
        Ok(self.linked(entry))
    }
}

/// What the installer remembers: guard's own copy, whatever its size.
fn remembered(entry: &Entry) -> Result<Want, DependencyError> {
    let text = fs::read(&entry.path).map_err(DependencyError::read(&entry.path))?;
    Ok(Want::File(text, 0o644))
}
