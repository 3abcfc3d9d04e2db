//! Which packages a change touches: a changed file belongs to the nearest folder above it that a tool calls its home.

use std::collections::{BTreeMap, BTreeSet};

use super::Ask;
use crate::path::RepoPath;
use crate::project::{Project, split, up};

/// Lock files: what is installed may change with them, the tool itself too.
pub(super) const NODE_LOCKS: [&str; 6] = [
    "bun.lock",
    "bun.lockb",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
];

/// The same for Python, with the manifests that many use in their place.
pub(super) const PYTHON_LOCKS: [&str; 7] = [
    "Pipfile",
    "Pipfile.lock",
    "pdm.lock",
    "poetry.lock",
    "requirements-dev.txt",
    "requirements.txt",
    "uv.lock",
];

/// What a tool cares for. Names are those of files in their folders.
pub(super) struct Interest<'i> {
    /// Whether it judges files of this name.
    pub(super) judges: &'i dyn Fn(&str) -> bool,
    /// Whether a file of this name says something about everything below its folder.
    pub(super) rules: &'i dyn Fn(&str) -> bool,
    /// Whether it runs in this folder.
    pub(super) home: &'i dyn Fn(&RepoPath) -> bool,
}

/// A package that a change touches.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Touched {
    /// Where the tool runs.
    pub(super) root: RepoPath,
    /// The files to judge; or, for the whole package, those that are the reason. Sorted.
    pub(super) files: Vec<RepoPath>,
    /// Whether all of it must be judged: what rules it has changed.
    pub(super) whole: bool,
    /// Whether a file that the tool judges is gone.
    pub(super) gone: bool,
}

impl Touched {
    pub(super) fn new(root: RepoPath) -> Self {
        Self {
            root,
            files: Vec::new(),
            whole: false,
            gone: false,
        }
    }
}

/// The packages that a change touches, by their roots.
pub(super) fn touched(ask: &Ask<'_>, interest: &Interest<'_>) -> Vec<Touched> {
    let mut homes = Homes {
        interest,
        known: BTreeMap::new(),
    };
    let mut all: BTreeMap<RepoPath, Touched> = BTreeMap::new();
    let mut entry = |root: &RepoPath, mark: &mut dyn FnMut(&mut Touched)| {
        let new = || Touched::new(root.clone());
        mark(all.entry(root.clone()).or_insert_with(new));
    };
    let mut ruled: BTreeSet<RepoPath> = BTreeSet::new();
    for change in ask.changed {
        let (folder, name) = split(&change.path);
        // A tool that knows a file by its name knows only names that are text.
        let name = std::str::from_utf8(name).unwrap_or_default();
        let stands = change.new.is_some_and(|blob| blob.mode.is_regular());
        if (interest.rules)(name) {
            if let Some(root) = homes.above(&folder) {
                entry(&root, &mut |touched| {
                    touched.whole = true;
                    if stands {
                        touched.files.push(change.path.clone());
                    }
                });
            }
            ruled.insert(folder);
        } else if (interest.judges)(name)
            && let Some(root) = homes.above(&folder)
        {
            entry(&root, &mut |touched| {
                if stands {
                    touched.files.push(change.path.clone());
                } else {
                    touched.gone = true;
                }
            });
        }
    }
    for root in homes.below(ask.project, &ruled) {
        entry(&root, &mut |touched| touched.whole = true);
    }
    all.into_values().collect()
}

/// Which folders are homes, each asked once.
struct Homes<'i> {
    interest: &'i Interest<'i>,
    known: BTreeMap<RepoPath, bool>,
}

impl Homes<'_> {
    fn is_home(&mut self, folder: &RepoPath) -> bool {
        if let Some(known) = self.known.get(folder) {
            return *known;
        }
        let is_home = (self.interest.home)(folder);
        self.known.insert(folder.clone(), is_home);
        is_home
    }

    fn above(&mut self, folder: &RepoPath) -> Option<RepoPath> {
        up(folder).find(|folder| self.is_home(folder))
    }

    /// The homes in and below folders. A look at the whole project, where one of its rules changed.
    fn below(&mut self, project: &Project<'_>, ruled: &BTreeSet<RepoPath>) -> Vec<RepoPath> {
        if ruled.is_empty() {
            return Vec::new();
        }
        let mut seen = BTreeSet::new();
        let mut homes = Vec::new();
        for path in project.listing().iter() {
            let (folder, name) = split(path);
            let name = std::str::from_utf8(name).unwrap_or_default();
            let is_new = (self.interest.rules)(name) && seen.insert(folder.clone());
            if is_new && up(&folder).any(|above| ruled.contains(&above)) && self.is_home(&folder) {
                homes.push(folder);
            }
        }
        homes
    }
}

/// Those of these names that lie beside or above files: what can influence how a tool judges them.
pub(super) fn influences(
    project: &Project<'_>,
    files: &[RepoPath],
    is_one: &dyn Fn(&str) -> bool,
) -> Vec<RepoPath> {
    let mut folders = BTreeSet::new();
    for file in files {
        for folder in up(&split(file).0) {
            if !folders.insert(folder) {
                break;
            }
        }
    }
    let mut found = Vec::new();
    for folder in &folders {
        for child in project.children(folder).iter() {
            let name = std::str::from_utf8(&child.name).unwrap_or_default();
            if child.kind == crate::project::Kind::File && is_one(name) {
                found.push(folder.join(&child.name));
            }
        }
    }
    found
}

/// Whether a name ends in one of these, behind a dot.
pub(super) fn ends(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| endings.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::rehearsal::Rehearsal;

    fn roots(rehearsal: &Rehearsal) -> Vec<(String, Vec<String>, bool, bool)> {
        rehearsal.asked(|ask| {
            let all = touched(
                ask,
                &Interest {
                    judges: &|name| ends(name, &["x"]),
                    rules: &|name| ["conf", "lock"].contains(&name),
                    home: &|folder| ask.project.holds(folder, b"conf"),
                },
            );
            let plain = |touched: Touched| {
                let files = touched.files.iter().map(ToString::to_string).collect();
                let root = touched.root.to_string();
                (root, files, touched.whole, touched.gone)
            };
            all.into_iter().map(plain).collect()
        })
    }

    fn monorepo() -> Rehearsal {
        Rehearsal::of(&[
            ("lock", ""),
            ("web/conf", ""),
            ("web/a.x", ""),
            ("web/in/b.x", ""),
            ("web/in/deep/conf", ""),
            ("web/in/deep/c.x", ""),
            ("api/conf", ""),
            ("api/d.x", ""),
            ("loose.x", ""),
            ("web/e.y", ""),
        ])
    }

    fn row(
        root: &str,
        files: &[&str],
        whole: bool,
        gone: bool,
    ) -> (String, Vec<String>, bool, bool) {
        let files = files.iter().map(ToString::to_string).collect();
        (root.to_owned(), files, whole, gone)
    }

    #[test]
    fn a_file_belongs_to_the_nearest_home() {
        let rehearsal = monorepo()
            .changed(&[
                "loose.x",
                "web/a.x",
                "web/e.y",
                "web/in/b.x",
                "web/in/deep/c.x",
            ])
            .gone(&["api/gone.x"]);
        assert_eq!(
            roots(&rehearsal),
            [
                row("api", &[], false, true),
                row("web", &["web/a.x", "web/in/b.x"], false, false),
                row("web/in/deep", &["web/in/deep/c.x"], false, false),
            ]
        );
    }

    #[test]
    fn what_rules_a_folder_concerns_every_home_in_and_below_it() {
        assert_eq!(
            roots(&monorepo().changed(&["web/conf"])),
            [
                row("web", &["web/conf"], true, false),
                row("web/in/deep", &[], true, false),
            ]
        );
        let all = roots(&monorepo().changed(&["lock"]));
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|(_, _, whole, _)| *whole));
        // A home that is no more: what is above takes over.
        let gone = roots(&monorepo().gone(&["web/in/conf"]));
        assert_eq!(gone[0], row("web", &[], true, false));
    }
}
