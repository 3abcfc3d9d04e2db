//! `node_modules`: a real folder with one link an entry, and nothing that leads back into the
//! original work tree's own files.
//!
//! Node resolves links before it looks for a module's own dependencies. An installed package keeps
//! its real place in the original, which is by design: it is not what is judged. But one that
//! depends on a package of the repository would find the original's from there, so it is not
//! linked but copied, and with it all that depend on it (`reach`).

mod injected;
mod reach;
mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::site::{Entry, Site, entries};
use super::want::{Entries, Others, Want, link_like, resolve};
use super::{DependencyError, Isolate};
use crate::path::RepoPath;
pub(crate) use injected::Injected;
use reach::Reach;

/// What makes a folder a package.
pub(crate) const MANIFESTS: [&str; 1] = ["package.json"];

/// Files by which installers remember what they did; when one changes, so may everything below.
const MARKS: [&str; 7] = [
    ".package-lock.json",
    ".modules.yaml",
    ".yarn-integrity",
    ".yarn-state.yml",
    ".pnpm/lock.yaml",
    ".pnpm",
    ".bun",
];

/// Folders in which an installer keeps every package with its dependencies beside it.
const STORES: [&str; 4] = [".pnpm", ".bun", ".store", ".deno"];

/// A small file is copied, so that a tool may write it; anything larger is no script.
const SMALL: u64 = 256 * 1024;

/// What is planned for all packages of the repository.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The `node_modules` of each package folder that has one.
    pub(crate) wants: BTreeMap<RepoPath, Want>,
    /// Installed copies of the repository's own packages.
    pub(crate) injected: Vec<Injected>,
}

/// Plans the `node_modules` of the root and of each folder with a `package.json`.
pub(crate) fn plan(site: &Site<'_>) -> Result<Plan, DependencyError> {
    let mut plan = Plan::default();
    let mut folders = Vec::new();
    for folder in site.folders_with(&MANIFESTS) {
        let place = folder.join(b"node_modules");
        // Where a team tracks its dependencies they are judged content, and lie there already.
        if site.judges(&place) {
            continue;
        }
        let modules = site.original.join(place.to_os());
        site.seen.borrow_mut().look(&modules);
        // One that is a link into another of the user's work trees is read there.
        let real = modules.canonicalize().ok();
        match real.filter(|real| real.is_dir()) {
            Some(real) if site.place(&real).as_ref() == Some(&place) => {
                folders.push((place, real));
            }
            Some(_) => {
                let target = link_like(&site.repoint(), &modules);
                plan.wants
                    .extend(target.map(|target| (place, Want::Link(target))));
            }
            None => {}
        }
    }
    let mut mirrored: BTreeSet<PathBuf> = folders.iter().map(|(_, path)| path.clone()).collect();
    for modules in &mirrored {
        for mark in MARKS {
            site.seen.borrow_mut().look(&modules.join(mark));
        }
        plan.injected.extend(injected::find(site, modules));
    }
    let reach = Reach::find(site, &mirrored)?;
    // A link in one of them may spell another by its place in the work tree.
    mirrored.extend(
        folders
            .iter()
            .map(|(place, _)| site.original.join(place.to_os())),
    );
    let mirror = Mirror {
        site,
        mirrored: &mirrored,
        reach: &reach,
    };
    for (place, modules) in folders {
        let entries = mirror.modules(&modules, &site.entries(&modules)?)?;
        plan.wants
            .insert(place, Want::Folder(entries, Others::HiddenStay));
    }
    Ok(plan)
}

/// Makes the plan of one `node_modules` after the other.
#[derive(Debug)]
struct Mirror<'a> {
    site: &'a Site<'a>,
    /// Every `node_modules` of the original that has its like in the checkout.
    mirrored: &'a BTreeSet<PathBuf>,
    /// Which packages cannot be links.
    reach: &'a Reach,
}

impl Mirror<'_> {
    /// What a `node_modules` with these entries is to hold.
    fn modules(&self, folder: &Path, entries: &[Entry]) -> Result<Entries, DependencyError> {
        let mut wants = Entries::new();
        for entry in entries {
            let name = entry.name.as_bytes();
            let want = if name == b".bin" {
                Some(self.bin(entry)?)
            } else if entry.kind.is_dir() && STORES.iter().any(|store| store.as_bytes() == name) {
                Some(self.store(&entry.path)?)
            } else if name.starts_with(b".") {
                self.hidden(entry)?
            } else if name.starts_with(b"@") && entry.kind.is_dir() {
                let inner = self.scope(folder, entry)?;
                Some(Want::Folder(inner, Others::Go))
            } else {
                self.package(folder, &entry.name, entry)?
            };
            if let Some(want) = want {
                wants.insert(entry.name.clone(), want);
            }
        }
        Ok(wants)
    }

    /// The packages of a scope.
    fn scope(&self, folder: &Path, scope: &Entry) -> Result<Entries, DependencyError> {
        let mut wants = Entries::new();
        for entry in self.site.entries(&scope.path)? {
            let name = Path::new(&scope.name).join(&entry.name);
            if let Some(want) = self.package(folder, name.as_os_str(), &entry)? {
                wants.insert(entry.name.clone(), want);
            }
        }
        Ok(wants)
    }

    /// One package: a link to where it is installed, or a copy where a link would lead back.
    fn package(
        &self,
        folder: &Path,
        name: &OsStr,
        entry: &Entry,
    ) -> Result<Option<Want>, DependencyError> {
        if entry.kind.is_symlink() {
            return Ok(self.linked(entry));
        }
        let real = match self.site.isolate {
            Isolate::Copy => true,
            Isolate::Link => self.reach.needs_copy(folder, name),
        };
        Ok(Some(if entry.kind.is_dir() && real {
            self.copy(&entry.path)?
        } else if self.site.isolate == Isolate::Copy && entry.kind.is_file() {
            Want::Clone(entry.path.clone())
        } else {
            Want::Link(entry.path.clone())
        }))
    }

    /// A copy of a package, its own `node_modules` planned like any other.
    fn copy(&self, package: &Path) -> Result<Want, DependencyError> {
        let modules = package.join("node_modules");
        let mut instead = Entries::new();
        let entries = entries(&modules)?;
        if !entries.is_empty() {
            let inner = self.modules(&modules, &entries)?;
            instead.insert("node_modules".into(), Want::Folder(inner, Others::Go));
        }
        Ok(Want::Tree(package.to_owned(), instead))
    }

    /// A package that is a link already: of the repository, of a store, or from elsewhere.
    fn linked(&self, entry: &Entry) -> Option<Want> {
        let text = fs::read_link(&entry.path).ok()?;
        let like = link_like(&self.site.repoint(), &entry.path)?;
        let Some(place) = self.site.place(&resolve(&entry.path, &text)) else {
            if self.site.isolate == Isolate::Copy {
                self.site.note(format!(
                    "{} lies outside the work tree, and stays a link there",
                    self.shown(&entry.path)
                ));
            }
            return Some(Want::Link(like));
        };
        let whole = self.site.original.join(place.to_os());
        if self.mirrored.iter().any(|folder| whole.starts_with(folder)) || self.site.judges(&place)
        {
            return Some(Want::Link(like));
        }
        // Through a link of the original, or into a folder that nobody judges.
        let Ok(real) = whole.canonicalize() else {
            return Some(Want::Link(like));
        };
        if !self.site.is_local(&real) {
            return Some(Want::Link(real));
        }
        let there = self.site.place(&real)?;
        if !self.site.judges(&there) {
            self.site.note(format!(
                "{} leads to {there}, which git does not track: it is not in the checkout",
                self.shown(&entry.path)
            ));
        }
        self.site.repoint().path(&real).map(Want::Link)
    }

    /// The programs of the packages. A link keeps its relative text, and so leads into the
    /// checkout; a script that names the original is rewritten.
    fn bin(&self, bin: &Entry) -> Result<Want, DependencyError> {
        let mut wants = Entries::new();
        for entry in self.site.entries(&bin.path)? {
            let want = if entry.kind.is_symlink() {
                link_like(&self.site.repoint(), &entry.path).map(Want::Link)
            } else if entry.kind.is_file() {
                Some(self.script(&entry)?)
            } else {
                None
            };
            if let Some(want) = want {
                wants.insert(entry.name, want);
            }
        }
        Ok(Want::Folder(wants, Others::Go))
    }

    /// A file that a tool reads and may write: small ones as guard's own, others as links.
    fn script(&self, entry: &Entry) -> Result<Want, DependencyError> {
        let found =
            fs::symlink_metadata(&entry.path).map_err(DependencyError::read(&entry.path))?;
        if found.len() > SMALL {
            return Ok(match self.site.isolate {
                Isolate::Copy => Want::Clone(entry.path.clone()),
                Isolate::Link => Want::Link(entry.path.clone()),
            });
        }
        let text = fs::read(&entry.path).map_err(DependencyError::read(&entry.path))?;
        let text = self.site.repoint().text(&text).into_owned();
        Ok(Want::File(text, found.permissions().mode() & 0o777))
    }

    /// Hidden entries: what installers remember is copied; folders are caches, and each work tree
    /// has its own, except the client that prisma generates, which is
    /// written anew in place.
    fn hidden(&self, entry: &Entry) -> Result<Option<Want>, DependencyError> {
        if entry.kind.is_file() {
            return self.script(entry).map(Some);
        }
        if entry.kind.is_dir() && entry.name == ".prisma" {
            return Ok(Some(Want::Fresh(entry.path.clone())));
        }
        Ok(None)
    }

    /// A path of the original for people.
    fn shown(&self, path: &Path) -> String {
        self.site
            .place(path)
            .map_or_else(|| path.display().to_string(), |place| place.to_string())
    }
}
