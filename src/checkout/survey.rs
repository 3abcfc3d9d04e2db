//! What lies in a slot against what should: one walk over it, which changes nothing.

use std::io;
use std::ops::Range;
use std::path::Path;

use super::error::{CheckoutError, refusal};
use super::folder::{Folder, Folders, Look, Sort, split};
use super::ignored::Ignored;
use super::memory::Memory;
use super::state::Entry;
use super::wanted::{File, Wanted};
use crate::change::Mode;
use crate::path::RepoPath;

/// Names of installed dependencies, which another part lays into the tree: never swept.
const INSTALLED: [&[u8]; 6] = [
    b".pnp.cjs",
    b".pnp.data.json",
    b".pnp.loader.mjs",
    b".venv",
    b"node_modules",
    b"venv",
];

/// Below `.yarn`, which may be tracked otherwise.
const OF_YARN: [&[u8]; 2] = [b"cache", b"unplugged"];

/// What one wanted file needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing: it lies there as it was laid out.
    Nothing(Entry),
    /// The same content lies there; whether it would still be converted in the same way is open.
    Converting(Entry),
    /// To be written.
    Writing,
}

/// What is to be done.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// For each wanted file, in their order.
    pub(crate) needs: Vec<Need>,
    /// What is to be removed, whole folders among it.
    pub(crate) remove: Vec<Vec<u8>>,
    /// Folders that hold nothing wanted, the outer ones first: to be removed when they are empty.
    pub(crate) hollow: Vec<Vec<u8>>,
    /// Whether anything on disk was touched since, though its content is the same.
    pub(crate) is_touched: bool,
}

impl Survey {
    /// Whether everything lies there already.
    pub(crate) fn is_done(&self) -> bool {
        self.remove.is_empty()
            && !self
                .needs
                .iter()
                .any(|need| !matches!(need, Need::Nothing(_)))
    }
}

/// A folder still to be looked at.
struct Visit {
    path: Vec<u8>,
    /// Which of the wanted files are below it.
    range: Range<usize>,
    /// Whether what is not wanted in it is ignored.
    is_ignored: bool,
}

/// A name that is wanted in a folder.
struct Child<'w> {
    name: &'w [u8],
    range: Range<usize>,
    is_folder: bool,
}

/// Walks over the tree.
pub(crate) fn survey<'w>(
    tree: &Folder,
    place: &Path,
    wanted: &'w Wanted,
    memory: &Memory,
    ignored: &mut Ignored<'w>,
) -> Result<Survey, CheckoutError> {
    let mut walk = Walk {
        place,
        wanted,
        memory,
        ignored,
        survey: Survey {
            needs: vec![Need::Writing; wanted.files.len()],
            ..Survey::default()
        },
        waiting: vec![Visit {
            path: Vec::new(),
            range: 0..wanted.files.len(),
            is_ignored: false,
        }],
    };
    let mut folders = Folders::below(tree);
    while let Some(visit) = walk.waiting.pop() {
        let at = place.join(RepoPath::new(visit.path.as_slice()).to_os());
        let refused = refusal("read", &at);
        // It was a folder a moment ago; if it is none any more, what is in it is to be written.
        if let Some(folder) = folders.at(&visit.path).map_err(&refused)? {
            let mut names = folder.names().map_err(&refused)?;
            names.sort_unstable();
            walk.visit(&visit, folder, &names)?;
        }
    }
    Ok(walk.survey)
}

struct Walk<'a, 'w> {
    place: &'a Path,
    wanted: &'w Wanted,
    memory: &'a Memory,
    ignored: &'a mut Ignored<'w>,
    survey: Survey,
    waiting: Vec<Visit>,
}

impl Walk<'_, '_> {
    fn visit(
        &mut self,
        visit: &Visit,
        folder: &Folder,
        names: &[Vec<u8>],
    ) -> Result<(), CheckoutError> {
        // Whatever its name is, a Python environment was installed.
        if visit.range.is_empty() && names.iter().any(|name| name == b"pyvenv.cfg") {
            return Ok(());
        }
        let children = children(&self.wanted.files, visit);
        for name in names {
            let path = RepoPath::new(visit.path.as_slice()).join(name);
            let path = path.as_bytes();
            if path == b".git" {
                continue;
            }
            // Made only where something is refused: most names are looked at in vain.
            let (top, at) = (self.place, path);
            let refused = |error| refusal("read", &top.join(RepoPath::new(at).to_os()))(error);
            let Some(look) = folder.look(name).map_err(refused)? else {
                continue;
            };
            let child = children.binary_search_by(|child| child.name.cmp(name));
            match child.ok().map(|at| &children[at]) {
                None => self.leftover(path, look, visit)?,
                Some(child) if child.is_folder && look.sort == Sort::Folder => {
                    self.waiting.push(Visit {
                        path: path.to_vec(),
                        range: child.range.clone(),
                        is_ignored: visit.is_ignored
                            || INSTALLED.contains(&name.as_slice())
                            || self.ignored.is(path, true)?,
                    });
                }
                Some(child) if child.is_folder || look.sort == Sort::Folder => {
                    self.survey.remove.push(path.to_vec());
                }
                Some(child) => {
                    let at = child.range.start;
                    let need = self.need(&self.wanted.files[at], folder, look);
                    self.survey.needs[at] = need.map_err(refused)?;
                }
            }
        }
        Ok(())
    }

    /// Whether a file lies there as it was laid out, and whether that is what is wanted now.
    fn need(&mut self, file: &File, folder: &Folder, look: Look) -> io::Result<Need> {
        let Some(entry) = self.memory.entry(&file.path) else {
            return Ok(Need::Writing);
        };
        if entry.mode != file.mode || entry.id != file.id {
            return Ok(Need::Writing);
        }
        let mut entry = entry.clone();
        if !self.memory.is_sure(&entry, look) {
            let (_, name) = split(&file.path);
            if !is_as_laid(&entry, folder, name, look)? {
                return Ok(Need::Writing);
            }
            self.survey.is_touched = true;
            entry.stat = look.stat;
        }
        Ok(if self.memory.converts_as_before(file) {
            Need::Nothing(entry)
        } else {
            Need::Converting(entry)
        })
    }

    /// What nobody wants: removed unless it is ignored, or was installed.
    fn leftover(&mut self, path: &[u8], look: Look, around: &Visit) -> Result<(), CheckoutError> {
        let is_folder = look.sort == Sort::Folder;
        let (folder, name) = split(path);
        // It would decide about wanted files beside it, ignored or not.
        let is_in_the_way = name == b".gitattributes" && !around.range.is_empty();
        if (self.memory.had(path) || is_in_the_way) && !is_folder {
            self.survey.remove.push(path.to_vec());
            return Ok(());
        }
        let had_below = is_folder && self.memory.had_below(path);
        let is_yarns = split(folder).1 == b".yarn" && OF_YARN.contains(&name);
        let is_kept = around.is_ignored
            || INSTALLED.contains(&name)
            || is_yarns
            || self.ignored.is(path, is_folder)?;
        if is_folder && (had_below || !is_kept) {
            self.survey.hollow.push(path.to_vec());
            self.waiting.push(Visit {
                path: path.to_vec(),
                range: 0..0,
                is_ignored: is_kept,
            });
        } else if !is_kept {
            self.survey.remove.push(path.to_vec());
        }
        Ok(())
    }
}

/// The names wanted in a folder, sorted.
fn children<'w>(files: &'w [File], visit: &Visit) -> Vec<Child<'w>> {
    let skip = if visit.path.is_empty() {
        0
    } else {
        visit.path.len() + 1
    };
    let mut children: Vec<Child> = Vec::new();
    let mut at = visit.range.start;
    while at < visit.range.end {
        let rest = &files[at].path[skip..];
        let Some(length) = rest.iter().position(|byte| *byte == b'/') else {
            children.push(Child {
                name: rest,
                range: at..at + 1,
                is_folder: false,
            });
            at += 1;
            continue;
        };
        let prefix = &files[at].path[..=skip + length];
        let below =
            files[at..visit.range.end].partition_point(|file| file.path.starts_with(prefix));
        children.push(Child {
            name: &rest[..length],
            range: at..at + below,
            is_folder: true,
        });
        at += below;
    }
    children.sort_unstable_by_key(|child| child.name);
    children
}

/// Whether a file's kind and content are those that were laid out.
pub(crate) fn is_as_laid(
    entry: &Entry,
    folder: &Folder,
    name: &[u8],
    look: Look,
) -> io::Result<bool> {
    if !is_sort(entry.mode, look.sort) {
        return Ok(false);
    }
    let laid = match look.sort {
        Sort::Link => Some(super::hash::blob(&folder.target(name)?, &entry.laid)),
        // The length alone tells most changes.
        _ if look.stat.size != entry.stat.size => None,
        _ => match folder.file(name)? {
            Some(file) => super::hash::blob_of(file, look.stat.size, &entry.laid)?,
            None => None,
        },
    };
    Ok(laid == Some(entry.laid))
}

/// Whether a kind of thing is what a mode asks for.
pub(crate) fn is_sort(mode: Mode, sort: Sort) -> bool {
    match mode {
        Mode::Submodule => false,
        // Elsewhere there is no such bit, and links are files.
        _ if cfg!(not(unix)) => matches!(sort, Sort::File { .. }),
        Mode::File => sort == Sort::File { executable: false },
        Mode::Executable => sort == Sort::File { executable: true },
        Mode::Link => sort == Sort::Link,
    }
}
