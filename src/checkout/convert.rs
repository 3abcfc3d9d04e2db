//! Contents as git would check them out: line ends, encodings and filters, applied by git itself and without network.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bstr::ByteSlice;

use super::error::{CheckoutError, refusal};
use super::folder::{Folder, Stat, look_at, split};
use super::lfs::{self, Store};
use super::settings::Settings;
use super::state::Entry;
use super::wanted::{File, Wanted};
use super::write::{self, Writer};
use super::{hash, index};
use crate::change::Mode;
use crate::path::RepoPath;
use crate::process::git::{Answer, Git};
use crate::repository::{Repository, RepositoryError};

/// Where git writes converted files before they are moved into the tree.
const STAGE: &[u8] = b"stage";
const INDEX: &[u8] = b"stage.index";

/// How long git may take: a team's own filter may be slow.
const DEADLINE: Duration = Duration::from_mins(10);

/// git LFS would download. What it has is taken by guard itself.
const WITHOUT_LFS: [&str; 6] = [
    "-c",
    "filter.lfs.smudge=",
    "-c",
    "filter.lfs.process=",
    "-c",
    "filter.lfs.required=false",
];

/// Whether contents of each source may differ in the tree from what git stores.
pub(crate) fn is_needed(wanted: &Wanted, settings: &[Settings]) -> Vec<bool> {
    let mut needed: Vec<bool> = settings.iter().map(Settings::may_convert).collect();
    for file in &wanted.files {
        if split(&file.path).1 == b".gitattributes" {
            needed[file.source] = true;
        }
    }
    for (needed, source) in needed.iter_mut().zip(&wanted.sources) {
        // git writes many files at once faster than it tells one after the other.
        *needed |= !source.repository.is_read_by_guard();
    }
    needed
}

/// One source's files, to be converted into a slot.
pub(crate) struct Conversion<'a> {
    pub(crate) slot: &'a Folder,
    /// Where the slot and its tree are.
    pub(crate) place: &'a Path,
    pub(crate) repository: &'a Repository,
    pub(crate) settings: &'a Settings,
    /// The source's folder in the tree, as in [`super::wanted::Source`].
    pub(crate) prefix: &'a [u8],
}

impl Conversion<'_> {
    /// Converts files, and puts them into the tree. `laid` tells what lies there already, which is not
    /// replaced by the same.
    pub(crate) fn lay(
        &self,
        files: &[&File],
        writer: &mut Writer,
        laid: impl Fn(&File) -> Option<Entry>,
    ) -> Result<Vec<Entry>, CheckoutError> {
        let stage = write::emptied(self.slot, STAGE).map_err(refusal("written", self.place))?;
        let git = self.git()?;
        let answer = self.check_out(&git, files)?;
        self.fill_pointers(&git, files, &stage)?;
        let mut entries = Vec::with_capacity(files.len());
        for file in files {
            let (folder, name) = split(self.own_path(file));
            let place = self.stage_path(file);
            let refused = refusal("read", &place);
            let below = if folder.is_empty() {
                None
            } else {
                stage.below(folder).map_err(&refused)?
            };
            let within = below.as_ref().unwrap_or(&stage);
            let made = within.file(name).map_err(&refused)?;
            let Some(made) = made.filter(|_| below.is_some() != folder.is_empty()) else {
                return Err(self.failed(&git, file, &answer));
            };
            let size = look_at(&made).map_err(&refused)?.stat.size;
            let id = hash::blob_of(made, size, &file.id).map_err(&refused)?;
            let id = id.ok_or_else(|| self.failed(&git, file, &answer))?;
            let entry = match laid(file).filter(|entry| entry.laid == id) {
                Some(entry) => entry,
                None => writer.take(file, id, within, name)?,
            };
            entries.push(entry);
        }
        drop(self.slot.remove(INDEX));
        self.slot
            .remove(STAGE)
            .map_err(refusal("removed", self.place))?;
        Ok(entries)
    }

    fn own_path<'f>(&self, file: &'f File) -> &'f [u8] {
        &file.path[self.prefix.len()..]
    }

    fn stage_path(&self, file: &File) -> PathBuf {
        let below = RepoPath::new(self.own_path(file)).to_os();
        self.place.join("stage").join(below)
    }

    /// The tree in which git finds the attributes.
    fn tree(&self) -> PathBuf {
        let prefix = self.prefix.strip_suffix(b"/").unwrap_or(self.prefix);
        let tree = self.place.join("tree");
        if prefix.is_empty() {
            tree
        } else {
            tree.join(RepoPath::new(prefix).to_os())
        }
    }

    /// git with the repository's settings, the slot's tree, and an index of its own.
    fn git(&self) -> Result<Git, CheckoutError> {
        let mut git = self.repository.git()?.clone().within(DEADLINE);
        git.set("GIT_DIR", self.repository.git_dir());
        git.set("GIT_WORK_TREE", self.tree());
        git.set("GIT_INDEX_FILE", self.place.join("stage.index"));
        Ok(git)
    }

    /// Has git write the files beside the tree.
    fn check_out(&self, git: &Git, files: &[&File]) -> Result<Answer, CheckoutError> {
        let Some(like) = files.first().map(|file| file.id) else {
            return Ok(nothing());
        };
        let lines = files.iter().map(|file| index::Line {
            path: self.own_path(file),
            mode: file.mode,
            id: file.id,
            stat: Stat::default(),
        });
        let lines: Vec<index::Line> = lines.collect();
        let index = index::bytes(&lines, &like);
        let refused = refusal("written", self.place);
        write::replace(self.slot, INDEX, &index).map_err(refused)?;
        let mut prefix = std::ffi::OsString::from("--prefix=");
        prefix.push(self.place.join("stage"));
        prefix.push("/");
        let mut arguments: Vec<std::ffi::OsString> =
            WITHOUT_LFS.iter().map(std::ffi::OsString::from).collect();
        arguments.extend(["checkout-index", "--all", "--force"].map(Into::into));
        arguments.push(prefix);
        Ok(git.ask(&arguments).map_err(RepositoryError::from)?)
    }

    /// What git did not write, and why.
    fn failed(&self, git: &Git, file: &File, answer: &Answer) -> CheckoutError {
        let path = RepoPath::new(file.path.as_slice());
        if matches!(self.repository.size(&file.id), Ok(None)) {
            return CheckoutError::Missing { path, id: file.id };
        }
        let filters = self.filters(git, &[file]).unwrap_or_default();
        CheckoutError::Conversion {
            path,
            filter: filters.into_iter().next().map(|(_, filter)| filter),
            said: answer.complaint(),
        }
    }

    /// The filter of each of the files that have one.
    fn filters<'f>(
        &self,
        git: &Git,
        files: &[&'f File],
    ) -> Result<Vec<(&'f [u8], String)>, CheckoutError> {
        let input: Vec<u8> = files
            .iter()
            .flat_map(|file| [self.own_path(file), b"\0"].concat())
            .collect();
        let arguments = ["check-attr", "-z", "--stdin", "filter"];
        let answer = git
            .ask_with(&arguments, input)
            .map_err(RepositoryError::from)?;
        if !answer.good() {
            return Err(CheckoutError::Repository(RepositoryError::Unreadable {
                what: "the judged attributes",
                why: answer.complaint(),
            }));
        }
        // A path, `filter`, and its value, in the order of the question.
        let told: Vec<&[u8]> = answer.out.split(|byte| *byte == 0).collect();
        let values = told.chunks_exact(3).map(|three| three[2]);
        let named = files.iter().zip(values).filter_map(|(file, value)| {
            let none: [&[u8]; 3] = [b"unspecified", b"unset", b"set"];
            let is_named = !none.contains(&value);
            is_named.then(|| (file.path.as_slice(), value.to_str_lossy().into_owned()))
        });
        Ok(named.collect())
    }

    /// Replaces the pointers of git LFS by what they point to.
    fn fill_pointers(
        &self,
        git: &Git,
        files: &[&File],
        stage: &Folder,
    ) -> Result<(), CheckoutError> {
        let mut pointers = Vec::new();
        for file in files {
            let (folder, name) = split(self.own_path(file));
            if let Some(pointer) = lfs::pointer_in(stage, folder, name)
                .map_err(refusal("read", &self.stage_path(file)))?
            {
                pointers.push((*file, pointer));
            }
        }
        if pointers.is_empty() {
            return Ok(());
        }
        let asked: Vec<&File> = pointers.iter().map(|(file, _)| *file).collect();
        let filters = self.filters(git, &asked)?;
        let of_lfs: BTreeSet<&[u8]> = filters
            .iter()
            .filter(|(_, filter)| filter == "lfs")
            .map(|(path, _)| *path)
            .collect();
        let store = Store::of(self.settings);
        let mut missing = Vec::new();
        for (file, pointer) in pointers {
            if !of_lfs.contains(file.path.as_slice()) {
                continue;
            }
            let path = RepoPath::new(file.path.as_slice());
            let (folder, name) = split(self.own_path(file));
            let executable = file.mode == Mode::Executable;
            match store.fill(&pointer, stage, folder, name, executable) {
                Ok(lfs::Filled::Yes) => {}
                Ok(lfs::Filled::Missing) => missing.push(path),
                Ok(lfs::Filled::Damaged(object)) => {
                    return Err(CheckoutError::LfsDamaged { path, object });
                }
                Err(error) => {
                    return Err(CheckoutError::system(
                        "written",
                        &self.stage_path(file),
                        &error,
                    ));
                }
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        Err(CheckoutError::LfsMissing { paths: missing })
    }
}

/// What git says when it is not asked.
fn nothing() -> Answer {
    Answer {
        out: Vec::new(),
        err: Vec::new(),
        code: Some(0),
    }
}

/// A file's entry when its content is laid out as it is stored.
pub(crate) fn is_plain(entry: &Entry) -> bool {
    entry.laid == entry.id
}
