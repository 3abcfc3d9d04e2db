//! Python environments outside the work tree whose editable installs lead into it: shadowed, since
//! they are shared with the original and cannot be rewritten.
//!
//! What `PYTHONPATH` names comes before everything that an environment adds, also before the
//! finders of editable installs, which stand at the end of the line.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use bstr::ByteSlice;

use super::repoint::{Repoint, bytes, path_of};
use crate::process::variables::Variables;

/// The folders of the checkout that have to come first.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Editable {
    /// Folders in which packages lie by their own names.
    pub(crate) folders: BTreeSet<PathBuf>,
    /// Packages that lie in a folder of another name.
    pub(crate) renamed: BTreeSet<(String, PathBuf)>,
}

/// Looks through every environment that these variables could start.
pub(crate) fn find(repoint: &Repoint, variables: &Variables) -> Editable {
    let mut found = Editable::default();
    for prefix in prefixes(variables) {
        // One inside the work tree is mirrored.
        if repoint.below(&prefix).is_some() {
            continue;
        }
        for packages in site_packages(&prefix) {
            look(&packages, repoint, &mut found);
        }
    }
    found
}

/// The environment that a tool made for the original's place and would not find from another:
/// poetry's and pipenv's, by what they installed or wrote there. Only where it is the only one.
pub(crate) fn elsewhere(repoint: &Repoint, variables: &Variables) -> Option<PathBuf> {
    let home = variables.get("HOME").map(PathBuf::from);
    let below = |name: &str, rest: &str| {
        variables
            .get(name)
            .map(PathBuf::from)
            .or_else(|| Some(home.as_ref()?.join(rest)))
    };
    let stores = [
        below("XDG_CACHE_HOME", ".cache").map(|cache| cache.join("pypoetry/virtualenvs")),
        below("POETRY_CACHE_DIR", "Library/Caches/pypoetry").map(|dir| dir.join("virtualenvs")),
        below("WORKON_HOME", ".local/share/virtualenvs"),
    ];
    let environments = stores.iter().flatten().flat_map(|store| children(store));
    let mut meant = environments.filter(|environment| {
        let project = fs::read(environment.join(".project")).unwrap_or_default();
        if repoint.below(&path_of(project.trim_ascii())).is_some() {
            return true;
        }
        let mut found = Editable::default();
        for packages in site_packages(environment) {
            look(&packages, repoint, &mut found);
        }
        found != Editable::default()
    });
    meant.next().filter(|_| meant.next().is_none())
}

/// Where environments may lie: the named ones, those of the interpreters on PATH, and all versions
/// behind the stand-ins that version managers put there.
fn prefixes(variables: &Variables) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for name in ["VIRTUAL_ENV", "CONDA_PREFIX"] {
        found.extend(variables.get(name).map(PathBuf::from));
    }
    if let Some(home) = variables.get("HOME") {
        found.insert(Path::new(home).join(".local"));
    }
    let path = variables.get("PATH").unwrap_or_default();
    for folder in std::env::split_paths(path) {
        let Some(prefix) = folder.parent() else {
            continue;
        };
        let interpreters = ["python3", "python"].map(|name| folder.join(name));
        let Some(interpreter) = interpreters.iter().find(|path| path.exists()) else {
            continue;
        };
        found.insert(prefix.to_owned());
        if folder.file_name() == Some(OsStr::new("shims")) {
            for versions in ["versions", "installs/python"] {
                found.extend(children(&prefix.join(versions)));
            }
        }
        if let Ok(real) = interpreter.canonicalize() {
            found.extend(real.parent().and_then(Path::parent).map(Path::to_owned));
        }
    }
    found
}

fn site_packages(prefix: &Path) -> Vec<PathBuf> {
    let versions = children(&prefix.join("lib")).into_iter().filter(|path| {
        path.file_name()
            .is_some_and(|name| bytes(name).starts_with(b"python"))
    });
    versions
        .flat_map(|version| ["site-packages", "dist-packages"].map(|name| version.join(name)))
        .collect()
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// Reads what one `site-packages` adds.
fn look(packages: &Path, repoint: &Repoint, found: &mut Editable) {
    for path in children(packages) {
        let name = bytes(path.file_name().unwrap_or_default()).into_owned();
        let lines = name.ends_with(b".pth") || name.ends_with(b".egg-link");
        if lines {
            let text = fs::read(&path).unwrap_or_default();
            for line in text.lines() {
                let folder = packages.join(path_of(line.trim_ascii()));
                found.folders.extend(repoint.path(&folder));
            }
        } else if name.starts_with(b"__editable__") && name.ends_with(b"_finder.py") {
            let text = fs::read_to_string(&path).unwrap_or_default();
            for (package, place) in mapping(&text) {
                if let Some(place) = repoint.path(Path::new(&place)) {
                    found.add(&package, place);
                }
            }
        }
    }
}

impl Editable {
    /// A package by its dotted name, and where it lies.
    fn add(&mut self, package: &str, place: PathBuf) {
        let ending = package.replace('.', "/");
        if place.ends_with(&ending) {
            let above = place.ancestors().nth(ending.split('/').count());
            self.folders.extend(above.map(Path::to_owned));
        } else if !package.contains('.') {
            self.renamed.insert((package.to_owned(), place));
        }
    }
}

/// The pairs of `MAPPING` in a finder that setuptools wrote.
fn mapping(text: &str) -> Vec<(String, String)> {
    let Some(line) = text.lines().find(|line| line.starts_with("MAPPING")) else {
        return Vec::new();
    };
    let Some((_, pairs)) = line.split_once('{') else {
        return Vec::new();
    };
    // Python writes a path with an apostrophe in double quotes.
    let mut words = Vec::new();
    let mut rest = pairs;
    while let Some(at) = rest.find(['\'', '"']) {
        let quote = &rest[at..=at];
        let Some((word, after)) = rest[at + 1..].split_once(quote) else {
            break;
        };
        words.push(word.to_owned());
        rest = after;
    }
    words
        .chunks_exact(2)
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect()
}

/// `PYTHONPATH` with these folders in front.
pub(crate) fn in_front(folders: &[PathBuf], path: Option<&OsStr>) -> OsString {
    let given = path.filter(|path| !path.is_empty());
    let given = given.map(std::env::split_paths).into_iter().flatten();
    // A folder whose name holds a colon cannot be said: the others still can.
    let all = folders
        .iter()
        .filter(|folder| !bytes(folder.as_os_str()).contains(&b':') || cfg!(windows))
        .cloned()
        .chain(given);
    std::env::join_paths(all).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repoint() -> Repoint {
        Repoint::new(Path::new("/w/app"), Path::new("/s/tree"))
    }

    #[test]
    fn every_form_of_an_editable_install_is_found() {
        let home = tempfile::tempdir().unwrap();
        let packages = home.path().join("lib/python3.11/site-packages");
        fs::create_dir_all(&packages).unwrap();
        for (name, text) in [
            ("_acme.pth", "/w/app/src\n/opt/other\n"),
            ("old.egg-link", "/w/app/old\n."),
            ("plain.pth", "import os\n"),
            (
                "__editable___x_finder.py",
                "import sys\nMAPPING: dict[str, str] = {'x': '/w/app/libs/x', 'a.b': '/w/app/ns/a/b', 'odd': '/w/app/lib', 'o': '/opt/o'}\n",
            ),
        ] {
            fs::write(packages.join(name), text).unwrap();
        }
        let variables: Variables = [("VIRTUAL_ENV".into(), home.path().into())]
            .into_iter()
            .collect();
        let found = find(&repoint(), &variables);
        let folders = ["/s/tree/libs", "/s/tree/ns", "/s/tree/old", "/s/tree/src"];
        assert_eq!(found.folders, folders.map(PathBuf::from).into());
        assert_eq!(
            found.renamed,
            [("odd".to_owned(), PathBuf::from("/s/tree/lib"))].into()
        );
    }

    #[test]
    fn the_environment_that_poetry_made_is_found_if_it_is_the_only_one() {
        let home = tempfile::tempdir().unwrap();
        let variables: Variables = [("HOME".into(), home.path().into())].into_iter().collect();
        let make = |name: &str| {
            let store = home.path().join(".cache/pypoetry/virtualenvs");
            let packages = store.join(name).join("lib/python3.11/site-packages");
            fs::create_dir_all(&packages).unwrap();
            fs::write(packages.join("acme.pth"), "/w/app\n").unwrap();
            store.join(name)
        };
        assert_eq!(elsewhere(&repoint(), &variables), None);
        let first = make("acme-x-py3.11");
        assert_eq!(elsewhere(&repoint(), &variables), Some(first));
        make("acme-x-py3.12");
        assert_eq!(elsewhere(&repoint(), &variables), None);
    }

    #[test]
    fn what_comes_first_comes_first() {
        let folders = [PathBuf::from("/s/a"), PathBuf::from("/s/b")];
        assert_eq!(in_front(&folders, None), "/s/a:/s/b");
        assert_eq!(in_front(&folders, Some("/x".as_ref())), "/s/a:/s/b:/x");
        assert_eq!(in_front(&folders, Some("".as_ref())), "/s/a:/s/b");
    }
}
