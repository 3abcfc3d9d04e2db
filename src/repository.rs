//! The repository: what git stores, read by guard itself where it can and by the git program where it cannot.
//!
//! Both readers answer the same questions behind one trait. guard's own is asked first; whatever it does
//! not know or does not trust, from an exotic index to a damaged tree, the git program decides.

pub(crate) mod agree;
pub(crate) mod contents;
mod entry;
mod error;
mod form;
mod head;
mod id;
pub(crate) mod index;
mod locate;
mod own;
mod program;
pub(crate) mod reader;
mod tree;
pub(crate) mod walk;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use bstr::{BString, ByteSlice};
use git2::RepositoryOpenFlags;

pub use entry::{Base, Blob, Change, Disagreement, Judged, Kind, Mode};
pub use error::RepositoryError;
pub use id::Id;
pub use index::{Unreadable, names_from_bytes};
pub(crate) use own::plain::MACHINE;
pub use reader::Child;

use crate::environment::Environment;
use crate::path::RepoPath;
use crate::process::git::{Git, GitError};
use form::Form;
use locate::{Found, Layout};
use own::Own;
use own::plain::Elsewhere;
use program::Program;
use reader::{Answer, Folders, Reader, Trouble};

const OWN: &str = "guard's own walk";

/// Variables that move objects, shallow cuts or replacements elsewhere: libgit2 does not follow them all.
const ELSEWHERE: [&str; 7] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_GRAFT_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
];

/// A repository, as it is when it is opened: its index is read once, so what is judged stays the same.
pub struct Repository {
    layout: Layout,
    own: Option<Own>,
    program: Arc<Program>,
    /// Why the git program serves, once it does.
    served_by_git: OnceLock<String>,
    has_settings_in_environment: bool,
}

impl Repository {
    /// Finds the repository of the environment's directory, as git does in a hook.
    pub fn discover(environment: &Environment) -> Result<Self, RepositoryError> {
        let found = locate::quick(environment);
        let opened = found.as_ref().map(|found| open(found.git_dir()));
        match (found, opened) {
            (Some(found), Some(Ok(repository))) if environment.os("GIT_COMMON_DIR").is_none() => {
                let layout = Layout {
                    git_dir: found.git_dir().to_owned(),
                    common_dir: repository.commondir().to_owned(),
                    work_tree: locate::work_tree(environment, &found, &repository),
                };
                let form = Some(Form::of_libgit2());
                Ok(Self::with(environment, layout, form, Ok(repository)))
            }
            (found, opened) => {
                let (layout, form) = place(environment, found.as_ref(), opened.as_ref())?;
                let repository = match opened {
                    Some(failed) => failed,
                    None => open(&layout.git_dir),
                };
                Ok(Self::with(environment, layout, form, repository))
            }
        }
    }

    fn with(
        environment: &Environment,
        layout: Layout,
        form: Option<Form>,
        repository: Result<git2::Repository, git2::Error>,
    ) -> Self {
        let find = {
            let (environment, layout) = (environment.clone(), layout.clone());
            move || git(&environment, &layout)
        };
        let program = Arc::new(Program::new(find, &layout, form));
        let served_by_git = OnceLock::new();
        let readable = repository
            .map_err(|error| why_not(&error))
            .and_then(|opened| exotic(environment, &layout.common_dir).map_or(Ok(opened), Err));
        let elsewhere = Elsewhere::of(environment);
        let has_settings_in_environment = elsewhere.settings;
        let own = match readable {
            Ok(repository) => Some(Own::new(
                repository,
                layout.index_file(environment),
                layout.work_tree.clone(),
                Arc::clone(&program),
                elsewhere,
            )),
            Err(why) => {
                note(&served_by_git, why);
                None
            }
        };
        Self {
            layout,
            own,
            program,
            served_by_git,
            has_settings_in_environment,
        }
    }

    /// The work tree's top; none for a bare repository.
    pub fn work_tree(&self) -> Option<&Path> {
        self.layout.work_tree.as_deref()
    }

    /// The folder of this work tree's own git files.
    pub fn git_dir(&self) -> &Path {
        &self.layout.git_dir
    }

    /// The folder that all linked work trees share.
    pub fn common_dir(&self) -> &Path {
        &self.layout.common_dir
    }

    /// Who answered so far: guard's own walk, or the git program and why.
    pub fn reader(&self) -> &str {
        self.served_by_git.get().map_or(OWN, String::as_str)
    }

    /// Whether guard's own reader has served every question so far: the git program is slow at many.
    pub(crate) fn is_read_by_guard(&self) -> bool {
        self.own.is_some() && self.served_by_git.get().is_none()
    }

    /// The short name of the branch that is checked out; none when it is a commit.
    pub fn branch(&self) -> Result<Option<String>, RepositoryError> {
        let head = self.ask(|reader| reader.head_ref())?;
        Ok(head.map(|name| {
            let short = name.strip_prefix(b"refs/heads/").unwrap_or(&name);
            short.to_str_lossy().into_owned()
        }))
    }

    /// The file of the index that is judged, where guard reads it itself.
    pub(crate) fn index_file(&self) -> Option<&Path> {
        self.own.as_ref().map(Own::index_file)
    }

    /// Whether the index has a path.
    pub fn is_tracked(&self, path: &RepoPath) -> Result<bool, RepositoryError> {
        self.ask(|reader| reader.is_tracked(path))
    }

    /// The folders of the index, and those that lead to them.
    pub(crate) fn folders(&self) -> Result<Folders, RepositoryError> {
        self.ask(|reader| reader.folders())
    }

    /// What the index has at these paths and below them, sorted.
    pub(crate) fn tracked(&self, at: &[RepoPath]) -> Result<Vec<RepoPath>, RepositoryError> {
        self.ask(|reader| reader.tracked(at))
    }

    /// Files below these places that git neither tracks nor ignores, sorted.
    pub(crate) fn untracked(&self, places: &[RepoPath]) -> Result<Vec<RepoPath>, RepositoryError> {
        self.needs_work_tree()?;
        let told = self.program.untracked(places);
        told.map_err(|trouble| match trouble {
            Trouble::Final(error) => error,
            Trouble::Unreadable(unreadable) => RepositoryError::Unreadable {
                what: "untracked files",
                why: unreadable.0.to_owned(),
            },
        })
    }

    /// The tree of what is judged; none where telling it would take a look at its files.
    pub fn root_tree(&self, judged: Judged) -> Result<Option<Id>, RepositoryError> {
        self.ask_aside(|reader| reader.root_tree(judged))
    }

    /// What lies directly in a folder of what is judged, sorted by name.
    pub(crate) fn children(
        &self,
        judged: Judged,
        folder: &RepoPath,
    ) -> Result<Vec<Child>, RepositoryError> {
        self.ask(|reader| reader.children(judged, folder))
    }

    /// The size of a blob, without reading it; none when the object is not in this clone.
    pub fn size(&self, id: &Id) -> Result<Option<u64>, RepositoryError> {
        self.ask(|reader| reader.size(*id))
    }

    /// A blob's bytes as git stores them; none when the object is not in this clone.
    pub fn read(&self, id: &Id) -> Result<Option<Vec<u8>>, RepositoryError> {
        self.ask(|reader| reader.read(*id))
    }

    /// Those of the paths that are not in the work tree as they are judged, sorted.
    pub fn disagreeing(
        &self,
        judged: &Judged,
        paths: &[RepoPath],
    ) -> Result<Vec<Disagreement>, RepositoryError> {
        self.needs_work_tree()?;
        self.ask(|reader| reader.disagreeing(*judged, paths))
    }

    /// A path below `root` that is not in the work tree as it is judged, or lies there untracked and
    /// unignored; none when the whole project agrees.
    pub fn project_disagreement(
        &self,
        judged: &Judged,
        root: &RepoPath,
    ) -> Result<Option<Disagreement>, RepositoryError> {
        self.needs_work_tree()?;
        self.ask(|reader| reader.project(*judged, root))
    }

    /// The git program, called so that nothing of the repository runs.
    pub fn git(&self) -> Result<&Git, RepositoryError> {
        self.program.git()
    }

    /// Whether the clone was cut short on purpose.
    pub(crate) fn is_shallow(&self) -> bool {
        let about = fs::metadata(self.layout.common_dir.join("shallow"));
        about.is_ok_and(|about| about.len() > 0)
    }

    pub(crate) fn needs_work_tree(&self) -> Result<(), RepositoryError> {
        match self.layout.work_tree {
            Some(_) => Ok(()),
            None => Err(RepositoryError::NoWorkTree {
                git_dir: self.layout.git_dir.clone(),
            }),
        }
    }

    /// Asks guard's own reader, then the git program.
    pub(crate) fn ask<T>(
        &self,
        question: impl Fn(&dyn Reader) -> Answer<T>,
    ) -> Result<T, RepositoryError> {
        self.ask_either(question, |why| note(&self.served_by_git, why))
    }

    /// The same for questions to which git may well know more than libgit2, and that tell nothing about
    /// how the repository is read.
    pub(crate) fn ask_aside<T>(
        &self,
        question: impl Fn(&dyn Reader) -> Answer<T>,
    ) -> Result<T, RepositoryError> {
        self.ask_either(question, |_| ())
    }

    fn ask_either<T>(
        &self,
        question: impl Fn(&dyn Reader) -> Answer<T>,
        on_fallback: impl Fn(&str),
    ) -> Result<T, RepositoryError> {
        if let Some(own) = &self.own {
            let answer = question(own);
            if own.has_lost_index() {
                // git would tell about another index than the one that is judged.
                return Err(RepositoryError::Unreadable {
                    what: "the index",
                    why: "something wrote into it while guard judged what it held".to_owned(),
                });
            }
            match answer {
                Ok(answer) => return Ok(answer),
                Err(Trouble::Final(error)) => return Err(error),
                Err(Trouble::Unreadable(unreadable)) => on_fallback(unreadable.0),
            }
        }
        question(&*self.program).map_err(|trouble| match trouble {
            Trouble::Final(error) => error,
            Trouble::Unreadable(unreadable) => RepositoryError::Unreadable {
                what: "the repository",
                why: unreadable.0.to_owned(),
            },
        })
    }

    /// git's configuration, weakest first.
    pub(crate) fn config(&self) -> Result<Vec<(BString, BString)>, RepositoryError> {
        if self.has_settings_in_environment {
            let told = self.program.config();
            return told.map_err(|trouble| match trouble {
                Trouble::Final(error) => error,
                Trouble::Unreadable(_) => GitError::Missing.into(),
            });
        }
        self.ask_aside(|reader| reader.config())
    }
}

fn note(served_by_git: &OnceLock<String>, why: &str) {
    // The first reason stands.
    served_by_git.get_or_init(|| format!("the git program ({why})"));
}

fn open(git_dir: &Path) -> Result<git2::Repository, git2::Error> {
    // git does not hash what it reads from its own store either; it would be a quarter of the work.
    git2::opts::strict_hash_verification(false);
    // Not from the process's environment: the environment that guard was given says where things are.
    let flags = RepositoryOpenFlags::NO_SEARCH | RepositoryOpenFlags::NO_DOTGIT;
    git2::Repository::open_ext(git_dir, flags, &[] as &[&std::ffi::OsStr])
}

/// Where a repository lies that guard does not read itself, and its form where that can be told.
fn place(
    environment: &Environment,
    found: Option<&Found>,
    opened: Option<&Result<git2::Repository, git2::Error>>,
) -> Result<(Layout, Option<Form>), RepositoryError> {
    // libgit2 has doubts about the owner: git speaks the last word.
    let is_doubtful = opened.is_some_and(|opened| {
        let error = opened.as_ref().err();
        error.is_some_and(|error| error.code() == git2::ErrorCode::Owner)
    });
    if let Some(found) = found.filter(|_| !is_doubtful)
        && let Some((layout, form)) = locate::plain(environment, found)
    {
        return Ok((layout, Some(form)));
    }
    let layout = ask(environment, found)?;
    // git has not refused, so that its owner is trusted.
    let form = Form::read(&layout.git_dir, &layout.common_dir);
    Ok((layout, form))
}

/// Asks git where the repository is, by a git that does not lie in it. A folder that is no repository
/// may well have git below it, as `/` has.
fn ask(environment: &Environment, found: Option<&Found>) -> Result<Layout, RepositoryError> {
    let here = environment.directory.as_path();
    let mut untrusted = Vec::new();
    match found {
        Some(Found::In { top, git_dir }) => untrusted.extend([top.as_path(), git_dir]),
        Some(Found::Named { git_dir }) => untrusted.extend([here, git_dir]),
        // It may be a bare repository itself.
        None if here.join("HEAD").exists() => untrusted.push(here),
        None => {}
    }
    let git = Git::find(environment, here, &untrusted)?;
    locate::ask(environment, &git)
}

/// The git program for all later questions, which are asked from the top.
fn git(environment: &Environment, layout: &Layout) -> Result<Git, GitError> {
    let mut untrusted = vec![layout.git_dir.as_path(), &layout.common_dir];
    untrusted.extend(layout.work_tree.as_deref());
    let mut git = Git::find(environment, layout.top(), &untrusted)?;
    let is_set = |name: &str| environment.os(name).is_some_and(|value| !value.is_empty());
    // What is relative to the directory of the call would mean something else at the top.
    if is_set("GIT_DIR") || is_set("GIT_WORK_TREE") {
        git.set("GIT_DIR", absolute(environment, &layout.git_dir));
        if let Some(work_tree) = &layout.work_tree {
            git.set("GIT_WORK_TREE", absolute(environment, work_tree));
        }
    }
    if is_set("GIT_COMMON_DIR") {
        git.set("GIT_COMMON_DIR", absolute(environment, &layout.common_dir));
    }
    Ok(git)
}

fn absolute(environment: &Environment, path: &Path) -> PathBuf {
    environment.directory.join(path)
}

/// Why guard's own reader must not be used although libgit2 opens the repository.
fn exotic(environment: &Environment, common_dir: &Path) -> Option<&'static str> {
    if ELSEWHERE.iter().any(|name| environment.os(name).is_some()) {
        return Some("parts of the repository lie elsewhere");
    }
    // libgit2 follows grafts, which are not pushed. It knows nothing of replaced objects, and rightly so.
    let has_grafts = common_dir.join("info/grafts").exists();
    has_grafts.then_some("grafts")
}

/// Why libgit2 does not open a repository, in the words of `-v`.
fn why_not(error: &git2::Error) -> &'static str {
    let message = error.message();
    let known = [
        ("object format", "SHA-256 objects"),
        ("objectformat", "SHA-256 objects"),
        ("refstorage", "reftable"),
        ("partialclone", "a partial clone"),
    ];
    let told = known.iter().find(|(part, _)| message.contains(part));
    match told {
        Some((_, why)) => why,
        None if error.code() == git2::ErrorCode::Owner => "another owner",
        None => "libgit2 does not open it",
    }
}

#[cfg(test)]
pub(crate) mod tests;
