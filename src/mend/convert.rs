//! Contents between the form that git stores and the form of the work tree, by git's own conversions.
//!
//! What no attribute and no setting touches is stored as it is. Line ends, encodings and `$Id$` are converted
//! as `git add` does it, in a work tree of guard's own with the same paths and attributes, all files at once:
//! only there does git know what the index holds, on which its line ends depend. A filter is a program of the
//! user's and may rely on where it runs, so it is started in the real work tree, file by file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use bstr::ByteSlice;

use super::files::{Folder, Found, parts};
use super::workshop::Workshop;
use super::{MendError, index};
use crate::path::RepoPath;
use crate::process::git::{Answer, Git};
use crate::repository::{Blob, Id, Repository};

/// What stands between the two forms of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Law {
    /// Nothing.
    Plain,
    /// Line ends, an encoding, or an id in the text.
    Converted,
    /// A program.
    Filtered,
}

/// A content as git stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) id: Id,
    pub(crate) bytes: Vec<u8>,
}

/// A content in work-tree form, for a path at which the index holds something.
#[derive(Clone, Copy)]
pub(crate) struct Draft<'a> {
    pub(crate) path: &'a RepoPath,
    pub(crate) staged: Blob,
    pub(crate) bytes: &'a [u8],
}

pub(crate) struct Converter<'a> {
    repository: &'a Repository,
    workshop: &'a Workshop,
    /// At the work tree's top, with every location absolute.
    git: Git,
    index: PathBuf,
    top: PathBuf,
    laws: BTreeMap<RepoPath, Law>,
}

const ATTRIBUTES: [&str; 6] = [
    "text",
    "crlf",
    "eol",
    "ident",
    "working-tree-encoding",
    "filter",
];

impl<'a> Converter<'a> {
    pub(crate) fn new<'p>(
        repository: &'a Repository,
        workshop: &'a Workshop,
        (git, index, top): (Git, PathBuf, PathBuf),
        paths: impl Iterator<Item = &'p RepoPath>,
    ) -> Result<Self, MendError> {
        let laws = laws(repository, &git, paths)?;
        Ok(Self {
            repository,
            workshop,
            git,
            index,
            top,
            laws,
        })
    }

    /// What stands between the two forms of a path.
    pub(crate) fn law(&self, path: &RepoPath) -> Law {
        self.laws.get(path).copied().unwrap_or(Law::Filtered)
    }

    /// Stores contents as `git add` would store them, in their order.
    pub(crate) fn clean(&self, drafts: &[Draft<'_>]) -> Result<Vec<Stored>, MendError> {
        let of = |law: Law| -> Vec<Draft<'_>> {
            let all = drafts.iter().copied();
            all.filter(|draft| self.law(draft.path) == law).collect()
        };
        let plain: Vec<&[u8]> = of(Law::Plain).iter().map(|draft| draft.bytes).collect();
        let mut plain = self.store(&plain)?.into_iter();
        let mut converted = self.add(&of(Law::Converted))?;
        drafts
            .iter()
            .map(|draft| {
                let id = match self.law(draft.path) {
                    Law::Plain => plain.next(),
                    Law::Converted => converted.remove(draft.path),
                    Law::Filtered => Some(self.filter(draft)?),
                };
                let id = id.ok_or_else(|| refused(&draft.path.to_text(), "it stored nothing"))?;
                let bytes = if self.law(draft.path) == Law::Plain {
                    draft.bytes.to_vec()
                } else {
                    self.read(draft.path, &id)?
                };
                Ok(Stored { id, bytes })
            })
            .collect()
    }

    /// A stored content.
    pub(crate) fn read(&self, path: &RepoPath, id: &Id) -> Result<Vec<u8>, MendError> {
        let read = self.repository.read(id)?;
        read.ok_or_else(|| {
            refused(
                &path.to_text(),
                &format!("{} is not in this clone", id.short()),
            )
        })
    }

    /// A content in work-tree form, from the bytes that git would store.
    pub(crate) fn smudge(&self, path: &RepoPath, bytes: &[u8]) -> Result<Vec<u8>, MendError> {
        let id = self.store(&[bytes])?.pop();
        let id = id.ok_or_else(|| refused(&path.to_text(), "it stored nothing"))?;
        let named = argument(b"--path=", path);
        let arguments = [
            "cat-file".into(),
            "--filters".into(),
            named,
            id.to_string().into(),
        ];
        let answer = self.git.ask(&arguments)?;
        Ok(good(answer, path.to_text())?.out)
    }

    /// Stores contents as they are.
    fn store(&self, contents: &[&[u8]]) -> Result<Vec<Id>, MendError> {
        if contents.is_empty() {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for bytes in contents {
            let file = self.workshop.path();
            fs::write(&file, bytes).map_err(|error| in_folder(&error))?;
            names.extend(quoted(file.as_os_str().as_encoded_bytes()));
        }
        let arguments = ["hash-object", "-w", "--no-filters", "--stdin-paths"];
        let answer = good(self.git.ask_with(&arguments, names)?, "a content")?;
        let ids: Vec<Id> = answer.out.lines().filter_map(Id::parse).collect();
        if ids.len() == contents.len() {
            Ok(ids)
        } else {
            Err(refused("a content", "it stored less than it was given"))
        }
    }

    fn filter(&self, draft: &Draft<'_>) -> Result<Id, MendError> {
        let named = argument(b"--path=", draft.path);
        let arguments = ["hash-object".into(), "-w".into(), "--stdin".into(), named];
        let answer = self.git.ask_with(&arguments, draft.bytes.to_vec())?;
        let answer = good(answer, draft.path.to_text())?;
        let id = answer.out.lines().next().and_then(Id::parse);
        id.ok_or_else(|| refused(&draft.path.to_text(), "it stored nothing"))
    }

    /// Stores contents by adding them to a copy of the index, from a work tree of guard's own.
    fn add(&self, drafts: &[Draft<'_>]) -> Result<BTreeMap<RepoPath, Id>, MendError> {
        if drafts.is_empty() {
            return Ok(BTreeMap::new());
        }
        let tree = self.workshop.path();
        self.lay_out(&tree, drafts)?;
        let copy = self.workshop.path();
        fs::copy(&self.index, &copy).map_err(|error| in_folder(&error))?;
        let mut git = self.git.clone();
        git.set("GIT_WORK_TREE", &tree);
        git.set("GIT_INDEX_FILE", &copy);
        // Without what the index remembers of the real files, git reads these.
        let staged = drafts.iter().map(|draft| (draft.path, draft.staged));
        index::set(&git, staged)?;
        let mut names = Vec::new();
        for draft in drafts {
            names.extend_from_slice(draft.path.as_bytes());
            names.push(0);
        }
        let arguments: [&std::ffi::OsStr; 5] = [
            "-C".as_ref(),
            tree.as_os_str(),
            "update-index".as_ref(),
            "-z".as_ref(),
            "--stdin".as_ref(),
        ];
        good(git.ask_with(&arguments, names)?, "line ends")?;
        let paths: Vec<&RepoPath> = drafts.iter().map(|draft| draft.path).collect();
        let entries = index::entries(&git, &paths)?;
        Ok(entries
            .into_iter()
            .map(|(path, entry)| (path, entry.blob.id))
            .collect())
    }

    /// Lays the contents out, with the attributes files that lie on the way to them in the real work tree.
    fn lay_out(&self, tree: &Path, drafts: &[Draft<'_>]) -> Result<(), MendError> {
        let top = Folder::open(&self.top).map_err(|error| in_folder(&error))?;
        let mut folders = BTreeSet::new();
        for draft in drafts {
            let (mut names, name) = parts(draft.path)
                .map_err(|_| refused(&draft.path.to_text(), "no path for a file"))?;
            let folder: PathBuf = std::iter::once(tree.as_os_str())
                .chain(names.iter().map(AsRef::as_ref))
                .collect();
            let made = fs::create_dir_all(&folder);
            made.and_then(|()| fs::write(folder.join(name), draft.bytes))
                .map_err(|error| in_folder(&error))?;
            while folders.insert(names.clone()) && names.pop().is_some() {}
        }
        for names in folders {
            let Ok(Some(folder)) = top.below(&names) else {
                continue;
            };
            if let Ok(Found::File(seen)) = folder.look(".gitattributes".as_ref()) {
                let copy: PathBuf = names
                    .iter()
                    .fold(tree.to_owned(), |path, name| path.join(name));
                match fs::File::create_new(copy.join(".gitattributes")) {
                    Ok(mut file) => std::io::Write::write_all(&mut file, &seen.bytes),
                    // It is one of the contents itself.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
                    Err(error) => Err(error),
                }
                .map_err(|error| in_folder(&error))?;
            }
        }
        Ok(())
    }
}

/// What git's attributes and settings say about paths.
fn laws<'p>(
    repository: &Repository,
    git: &Git,
    paths: impl Iterator<Item = &'p RepoPath>,
) -> Result<BTreeMap<RepoPath, Law>, MendError> {
    let mut input = Vec::new();
    for path in paths {
        input.extend_from_slice(path.as_bytes());
        input.push(0);
    }
    let arguments = [&["check-attr", "-z", "--stdin"][..], &ATTRIBUTES].concat();
    let answer = good(git.ask_with(&arguments, input)?, "attributes")?;
    let is_auto = has_auto_crlf(repository)?;
    let fields: Vec<&[u8]> = answer.out.split(|byte| *byte == 0).collect();
    let mut laws = BTreeMap::new();
    for record in fields.chunks_exact(3 * ATTRIBUTES.len()) {
        let value = |name: &str| {
            let mut all = record.chunks_exact(3);
            let found = all.find(|field| field[1] == name.as_bytes());
            // What git does not tell may be anything.
            found.map_or(&b"set"[..], |field| field[2])
        };
        let is_unspecified = |name| value(name) == b"unspecified";
        let is_off = |name| matches!(value(name), b"unspecified" | b"unset");
        let has_line_ends = match (value("text"), value("crlf")) {
            (b"unset", _) => false,
            (b"unspecified", b"unset") => !is_unspecified("eol"),
            (b"unspecified", b"unspecified") => is_auto || !is_unspecified("eol"),
            _ => true,
        };
        let law = if !is_off("filter") {
            Law::Filtered
        } else if has_line_ends || !is_off("ident") || !is_off("working-tree-encoding") {
            Law::Converted
        } else {
            Law::Plain
        };
        laws.insert(RepoPath::new(record[0]), law);
    }
    Ok(laws)
}

fn has_auto_crlf(repository: &Repository) -> Result<bool, MendError> {
    let config = repository.config()?;
    let mut values = config
        .iter()
        .rev()
        .filter(|(name, _)| name == "core.autocrlf");
    let value = values.next().map(|(_, value)| value.to_ascii_lowercase());
    Ok(!matches!(
        value.as_deref(),
        None | Some(b"false" | b"no" | b"off" | b"0" | b"")
    ))
}

/// A name as git reads it from a list of lines: in quotes, so that it may hold a line end.
fn quoted(name: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'"'];
    for byte in name {
        match byte {
            b'"' | b'\\' => quoted.extend([b'\\', *byte]),
            b'\n' => quoted.extend(b"\\n"),
            _ => quoted.push(*byte),
        }
    }
    quoted.extend(b"\"\n");
    quoted
}

fn argument(ahead: &[u8], path: &RepoPath) -> std::ffi::OsString {
    RepoPath::new([ahead, path.as_bytes()].concat())
        .to_os()
        .into_os_string()
}

fn good(answer: Answer, what: impl AsRef<str>) -> Result<Answer, MendError> {
    if answer.good() {
        Ok(answer)
    } else {
        Err(refused(what.as_ref(), &answer.complaint()))
    }
}

fn refused(what: &str, reason: &str) -> MendError {
    MendError::Convert {
        what: what.to_string(),
        reason: reason.to_owned(),
    }
}

fn in_folder(error: &std::io::Error) -> MendError {
    MendError::not_written("guard's own folder in the repository", error)
}
