//! Which installed packages depend, in any number of steps, on a package of the repository.
//!
//! Such a package would find the original's files from its real place. In a flat `node_modules`
//! the names in `package.json` decide, all kinds of dependencies alike and whatever version is
//! meant: one package copied too many costs a little room, one too few judges the wrong files.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::super::site::{Entry, Site, entries};
use super::super::want::resolve;
use super::super::{DependencyError, Isolate};
use super::STORES;

/// The packages that cannot be links.
#[derive(Debug, Default)]
pub(super) struct Reach {
    names: HashSet<OsString>,
    /// Packages that hold, nested, one that cannot be a link.
    holders: HashSet<PathBuf>,
    units: HashSet<PathBuf>,
}

/// A package that is installed as a folder.
#[derive(Debug)]
struct Installed {
    name: OsString,
    path: PathBuf,
    needs: Vec<OsString>,
}

impl Reach {
    /// Looks through everything that is installed in these folders.
    pub(super) fn find(
        site: &Site<'_>,
        mirrored: &BTreeSet<PathBuf>,
    ) -> Result<Self, DependencyError> {
        let mut reach = Self::default();
        // Where everything is copied there is nothing to find out.
        if site.isolate == Isolate::Copy {
            return Ok(reach);
        }
        let mut local = HashSet::new();
        let mut folders = Vec::new();
        for modules in mirrored {
            for (name, entry) in packages(modules)? {
                if entry.kind.is_symlink() {
                    let real = entry.path.canonicalize();
                    if real.is_ok_and(|real| site.is_local(&real)) {
                        local.insert(name);
                    }
                } else if entry.kind.is_dir() {
                    folders.push((name, entry.path));
                }
            }
            if modules.join(".prisma").exists() {
                // Its client is generated from a tracked schema into a folder beside it.
                local.insert(".prisma".into());
            }
            for store in STORES {
                reach.units.extend(units(site, &modules.join(store))?);
            }
        }
        if local.is_empty() {
            return Ok(reach);
        }
        let installed: Result<Vec<Vec<Installed>>, DependencyError> = folders
            .into_par_iter()
            .map(|(name, path)| installed(name, path))
            .collect();
        let installed: Vec<Installed> = installed?.into_iter().flatten().collect();
        reach.close(local, &installed);
        Ok(reach)
    }

    /// Everything that needs one of these names, or something that does.
    fn close(&mut self, local: HashSet<OsString>, installed: &[Installed]) {
        let mut needed_by: HashMap<&OsStr, Vec<&OsStr>> = HashMap::new();
        for package in installed {
            for need in &package.needs {
                needed_by.entry(need).or_default().push(&package.name);
            }
        }
        let mut open: Vec<OsString> = local.into_iter().collect();
        while let Some(name) = open.pop() {
            for package in needed_by.get(name.as_os_str()).into_iter().flatten() {
                if self.names.insert((*package).to_owned()) {
                    open.push((*package).to_owned());
                }
            }
        }
        for package in installed {
            if self.names.contains(&package.name) {
                self.holders
                    .extend(package.path.ancestors().skip(1).map(Path::to_owned));
            }
        }
    }

    /// Whether the package of this name in this `node_modules` must be a copy.
    pub(super) fn needs_copy(&self, modules: &Path, name: &OsStr) -> bool {
        self.names.contains(name) || self.holders.contains(&modules.join(name))
    }

    /// Whether this package of a store, with its dependencies, must be real.
    pub(super) fn needs_unit(&self, unit: &Path) -> bool {
        self.units.contains(unit)
    }
}

/// The packages of a `node_modules`, scoped ones by their whole name.
fn packages(modules: &Path) -> Result<Vec<(OsString, Entry)>, DependencyError> {
    let mut found = Vec::new();
    for entry in entries(modules)? {
        let name = entry.name.as_bytes();
        if name.starts_with(b".") {
            continue;
        }
        if name.starts_with(b"@") && entry.kind.is_dir() {
            for inner in entries(&entry.path)? {
                let name = Path::new(&entry.name).join(&inner.name);
                found.push((name.into_os_string(), inner));
            }
        } else {
            found.push((entry.name.clone(), entry));
        }
    }
    Ok(found)
}

/// A package and all that are nested in it.
fn installed(name: OsString, path: PathBuf) -> Result<Vec<Installed>, DependencyError> {
    let mut found = Vec::new();
    let mut open = vec![(name, path)];
    while let Some((name, path)) = open.pop() {
        for (name, nested) in nested(&path.join("node_modules"))? {
            open.push((name, nested));
        }
        found.push(Installed {
            needs: needs(&path),
            name,
            path,
        });
    }
    Ok(found)
}

/// The folders of a nested `node_modules`.
fn nested(modules: &Path) -> Result<Vec<(OsString, PathBuf)>, DependencyError> {
    let mut found = Vec::new();
    for (name, path) in folders(modules)? {
        if name.as_bytes().starts_with(b"@") {
            for (inner, path) in folders(&path)? {
                found.push((Path::new(&name).join(inner).into_os_string(), path));
            }
        } else if !name.as_bytes().starts_with(b".") {
            found.push((name, path));
        }
    }
    Ok(found)
}

fn folders(parent: &Path) -> Result<Vec<(OsString, PathBuf)>, DependencyError> {
    let Ok(read) = fs::read_dir(parent) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in read {
        let entry = entry.map_err(DependencyError::read(parent))?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.push((entry.file_name(), entry.path()));
        }
    }
    Ok(found)
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Manifest {
    dependencies: Value,
    peer_dependencies: Value,
    optional_dependencies: Value,
}

/// The names that a package declares to need; none where its manifest cannot be read.
fn needs(package: &Path) -> Vec<OsString> {
    let manifest: Manifest = fs::read(package.join("package.json"))
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    let prisma = package
        .ends_with("@prisma/client")
        .then(|| ".prisma".to_owned());
    [
        manifest.dependencies,
        manifest.peer_dependencies,
        manifest.optional_dependencies,
    ]
    .iter()
    // Old packages have lists there, and declare nothing by them.
    .filter_map(Value::as_object)
    .flat_map(|names| names.keys().cloned())
    .chain(prisma)
    .map(OsString::from)
    .collect()
}

/// The packages of a store from which a link leads, in any number of steps, out of the store and
/// into the repository; and those that hold a copy of the repository's own.
fn units(site: &Site<'_>, store: &Path) -> Result<Vec<PathBuf>, DependencyError> {
    let mut needed_by: HashMap<PathBuf, Vec<PathBuf>> = HashMap::new();
    let mut open = Vec::new();
    let mut reached = HashSet::new();
    for unit in entries(store)? {
        if !unit.kind.is_dir() || unit.name == "node_modules" {
            continue;
        }
        let modules = unit.path.join("node_modules");
        let mut leads_back = is_copy(&unit.name) || modules.join(".prisma").exists();
        for (_, entry) in packages(&modules)? {
            if !entry.kind.is_symlink() {
                continue;
            }
            let Ok(text) = fs::read_link(&entry.path) else {
                continue;
            };
            let whole = resolve(&entry.path, &text);
            if let Ok(rest) = whole.strip_prefix(store) {
                if let Some(other) = rest.components().next() {
                    let other = store.join(other);
                    needed_by.entry(other).or_default().push(unit.path.clone());
                }
            } else if site.is_local(&whole) {
                leads_back = true;
            }
        }
        if leads_back && reached.insert(unit.path.clone()) {
            open.push(unit.path);
        }
    }
    while let Some(unit) = open.pop() {
        for other in needed_by.get(&unit).into_iter().flatten() {
            if reached.insert(other.clone()) {
                open.push(other.clone());
            }
        }
    }
    Ok(reached.into_iter().collect())
}

/// Whether a store's package was copied from a folder: `name@file+packages+name`.
fn is_copy(unit: &OsStr) -> bool {
    let name = unit.as_bytes();
    name.windows(6).any(|part| part == b"@file+")
}
