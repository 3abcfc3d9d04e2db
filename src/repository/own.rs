//! guard's own reader: objects, refs and configuration by libgit2, names by guard's walk.

mod agreement;
mod children;
mod graph;
pub(crate) mod plain;
mod project;
mod survey;

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bstr::{BString, ByteSlice};
use git2::{ErrorCode, ObjectType, Odb, OdbObject, Oid};

use super::Id;
use super::entry::{Base, Blob, Change, Disagreement, Judged};
use super::error::RepositoryError;
use super::index::{Index, Unreadable};
use super::program::Program;
use super::reader::{Answer, Child, Folders, Lacking, Line, Peeled, Reader, Staged, Trouble};
use super::tree::EMPTY;
use super::walk::staged::staged;
use super::walk::{Trees, Walk};
use crate::path::RepoPath;

/// The reader for what libgit2 can open.
pub(crate) struct Own {
    /// libgit2's repositories must not be used by two threads at once.
    repository: Mutex<git2::Repository>,
    index_file: PathBuf,
    /// The index as it was when it was first read: what is judged does not change under way.
    index: OnceLock<Result<Index, Unreadable>>,
    work_tree: Option<PathBuf>,
    /// Whether there is a commit graph that may know more than a shallow clone should.
    has_old_graph: bool,
    program: Arc<Program>,
    elsewhere: plain::Elsewhere,
    /// Whether nothing outside the tree converts contents, once somebody has asked.
    is_plain: OnceLock<bool>,
}

impl Own {
    pub(crate) fn new(
        repository: git2::Repository,
        index_file: PathBuf,
        work_tree: Option<PathBuf>,
        program: Arc<Program>,
        elsewhere: plain::Elsewhere,
    ) -> Self {
        let graph = repository.commondir().join("objects/info/commit-graph");
        let has_old_graph = repository.is_shallow() && graph.exists();
        Self {
            repository: Mutex::new(repository),
            index_file,
            index: OnceLock::new(),
            work_tree,
            has_old_graph,
            program,
            elsewhere,
            is_plain: OnceLock::new(),
        }
    }

    /// The file of the index.
    pub(crate) fn index_file(&self) -> &Path {
        &self.index_file
    }

    /// Whether the index that was told about is no longer there to be read.
    pub(crate) fn has_lost_index(&self) -> bool {
        matches!(self.index.get(), Some(Ok(index)) if index.is_other())
    }

    fn lock(&self) -> MutexGuard<'_, git2::Repository> {
        // libgit2 keeps no half-done state of guard's, so a panic elsewhere leaves it usable.
        self.repository
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn index(&self) -> Answer<&Index> {
        let index = self.index.get_or_init(|| read_index(&self.index_file));
        index.as_ref().map_err(|unreadable| {
            if unreadable.is_damage() {
                let file = self.index_file.clone();
                RepositoryError::DamagedIndex { file }.into()
            } else {
                Trouble::Unreadable(*unreadable)
            }
        })
    }

    fn merged_index(&self) -> Answer<&Index> {
        let index = self.index()?;
        if index.unmerged {
            let entries = index.entries().filter(|entry| entry.stage != 0);
            let mut paths: Vec<_> = entries.map(|entry| RepoPath::new(entry.path)).collect();
            paths.dedup();
            return Err(RepositoryError::Unmerged { paths }.into());
        }
        Ok(index)
    }
}

fn read_index(file: &PathBuf) -> Result<Index, Unreadable> {
    match File::open(file) {
        Ok(file) => Index::read(file),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Index::empty()),
        Err(_) => Err(Unreadable("an index that cannot be opened")),
    }
}

/// libgit2's object store as a source of trees.
struct Store<'a>(Odb<'a>);

/// A tree's content: stored, or the empty tree, which needs no storing.
struct Content<'a>(Option<OdbObject<'a>>);

impl AsRef<[u8]> for Content<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |object| object.data())
    }
}

/// The store must outlive what is read from it, so the walk borrows it.
struct Borrowed<'s, 'a>(&'s Store<'a>);

impl<'s> Trees for Borrowed<'s, '_> {
    type Tree = Content<'s>;

    fn tree(&self, id: &[u8]) -> Result<Content<'s>, Unreadable> {
        if id == EMPTY {
            return Ok(Content(None));
        }
        let object = self
            .0
            .0
            .read(raw_oid(id)?)
            .map_err(|_| Unreadable("a missing tree"))?;
        match object.kind() {
            ObjectType::Tree => Ok(Content(Some(object))),
            _ => Err(Unreadable("a tree that is none")),
        }
    }
}

fn raw_oid(id: &[u8]) -> Result<Oid, Unreadable> {
    Oid::from_bytes(id).map_err(|_| Unreadable("SHA-256 objects"))
}

fn oid(id: Id) -> Result<Oid, Unreadable> {
    raw_oid(id.as_bytes())
}

fn id(oid: Oid) -> Result<Id, Unreadable> {
    Id::from_bytes(oid.as_bytes()).ok_or(Unreadable("SHA-256 objects"))
}

/// Whatever libgit2 objects to: the git program gives the verdict.
fn unreadable(_: git2::Error) -> Unreadable {
    Unreadable("something that libgit2 cannot read")
}

fn tree_of(repository: &git2::Repository, commit: Id) -> Result<Oid, Unreadable> {
    let commit = repository.find_commit(oid(commit)?).map_err(unreadable)?;
    Ok(commit.tree_id())
}

fn head(repository: &git2::Repository) -> Result<Option<Oid>, Unreadable> {
    match repository.head() {
        Ok(head) => {
            let commit = head.peel(ObjectType::Commit).map_err(unreadable)?;
            Ok(Some(commit.id()))
        }
        Err(error) if error.code() == ErrorCode::UnbornBranch => Ok(None),
        Err(error) => Err(unreadable(error)),
    }
}

impl Reader for Own {
    fn head(&self) -> Answer<Option<Id>> {
        Ok(head(&self.lock())?.map(id).transpose()?)
    }

    fn head_ref(&self) -> Answer<Option<BString>> {
        let repository = self.lock();
        let head = repository.find_reference("HEAD").map_err(unreadable)?;
        Ok(head.symbolic_target_bytes().map(BString::from))
    }

    fn staged(&self) -> Answer<Staged> {
        let index = self.merged_index()?;
        let repository = self.lock();
        let head = head(&repository)?.map(id).transpose()?;
        let tree = head.map(|head| tree_of(&repository, head)).transpose()?;
        let store = Store(repository.odb().map_err(unreadable)?);
        let tree = tree.as_ref().map(Oid::as_bytes);
        let changes = staged(&Borrowed(&store), tree, index)?;
        let base = head.map(Base::Commit);
        Ok(Staged { base, changes })
    }

    fn indexed(&self) -> Answer<Vec<Change>> {
        let index = self.merged_index()?;
        let repository = self.lock();
        let store = Store(repository.odb().map_err(unreadable)?);
        Ok(staged(&Borrowed(&store), None, index)?)
    }

    fn between(&self, old: Option<Id>, new: Id) -> Answer<Vec<Change>> {
        let repository = self.lock();
        let old = old.map(|old| tree_of(&repository, old)).transpose()?;
        let new = tree_of(&repository, new)?;
        let store = Store(repository.odb().map_err(unreadable)?);
        let old = old.as_ref().map(Oid::as_bytes);
        Ok(Walk::between(&Borrowed(&store), old, Some(new.as_bytes()))?)
    }

    fn root_tree(&self, judged: Judged) -> Answer<Option<Id>> {
        match judged {
            Judged::Index => Ok(self.merged_index()?.known_tree()),
            Judged::Commit(commit) => Ok(Some(id(tree_of(&self.lock(), commit)?)?)),
        }
    }

    fn is_tracked(&self, path: &RepoPath) -> Answer<bool> {
        let index = self.index()?;
        let entry = index.entry(index.position(path.as_bytes()));
        Ok(entry.is_some_and(|entry| entry.path == path.as_bytes()))
    }

    fn folders(&self) -> Answer<Folders> {
        Ok(self.index()?.folders())
    }

    fn tracked(&self, at: &[RepoPath]) -> Answer<Vec<RepoPath>> {
        let index = self.index()?;
        let below = at.iter().flat_map(|path| project::below(index, path));
        let mut found: Vec<RepoPath> = below.map(|(_, entry)| RepoPath::new(entry.path)).collect();
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn indexed_at(&self, paths: &[RepoPath]) -> Answer<Vec<Option<Blob>>> {
        let at = |path| agreement::expected_at(self, Judged::Index, path);
        paths.iter().map(at).collect()
    }

    fn children(&self, judged: Judged, folder: &RepoPath) -> Answer<Vec<Child>> {
        children::children(self, judged, folder)
    }

    fn size(&self, id: Id) -> Answer<Option<u64>> {
        let repository = self.lock();
        let store = repository.odb().map_err(unreadable)?;
        match store.read_header(oid(id)?) {
            Ok((size, _)) => Ok(u64::try_from(size).ok()),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(unreadable(error).into()),
        }
    }

    fn read(&self, id: Id) -> Answer<Option<Vec<u8>>> {
        let repository = self.lock();
        let store = repository.odb().map_err(unreadable)?;
        match store.read(oid(id)?) {
            Ok(object) if object.kind() == ObjectType::Blob => Ok(Some(object.data().to_vec())),
            Ok(_) => Err(Unreadable("a blob that is none").into()),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(unreadable(error).into()),
        }
    }

    fn peel(&self, ids: &[Id]) -> Answer<Vec<Peeled>> {
        let repository = self.lock();
        let peel = |id: &Id| match repository.find_object(oid(*id)?, None) {
            Ok(object) => peeled(object),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(Peeled::Missing),
            Err(error) => Err(unreadable(error).into()),
        };
        ids.iter().map(peel).collect()
    }

    fn resolve(&self, revision: &str) -> Answer<Peeled> {
        let repository = self.lock();
        // A whole ref name leaves no doubt.
        let is_name = !revision.contains(['^', '~', ':', '@', '{']);
        if revision.starts_with("refs/") && is_name {
            return match repository.find_reference(revision) {
                Ok(found) => {
                    let peeled = found.peel(ObjectType::Any).map_err(unreadable)?;
                    self::peeled(peeled)
                }
                Err(error) if error.code() == ErrorCode::NotFound => Ok(Peeled::Missing),
                Err(error) => Err(unreadable(error).into()),
            };
        }
        // git knows more ways to name a commit than libgit2; what libgit2 does not find, git may.
        let object = repository.revparse_single(revision).map_err(unreadable)?;
        peeled(object)
    }

    fn is_ancestor(&self, old: Id, new: Id) -> Answer<bool> {
        graph::is_ancestor(self, old, new)
    }

    fn merge_bases(&self, a: Id, b: Id) -> Answer<Vec<Id>> {
        graph::merge_bases(self, a, b)
    }

    fn lacking(&self, tip: Id, known: &[Id]) -> Answer<Lacking> {
        graph::lacking(self, tip, known)
    }

    fn lines(&self, tips: &[Id], known: &[Id]) -> Answer<Vec<Line>> {
        graph::lines(self, tips, known)
    }

    fn independent(&self, commits: &[Id]) -> Answer<Vec<Id>> {
        graph::independent(self, commits)
    }

    fn refs(&self, prefix: &str) -> Answer<Vec<(BString, Id)>> {
        let repository = self.lock();
        let mut found = Vec::new();
        let refs = repository.references_glob(&format!("{prefix}*"));
        for reference in refs.map_err(unreadable)? {
            let reference = reference.map_err(unreadable)?;
            if let Some(target) = reference.target() {
                found.push((reference.name_bytes().into(), id(target)?));
            }
        }
        found.sort();
        Ok(found)
    }

    fn config(&self) -> Answer<Vec<(BString, BString)>> {
        let repository = self.lock();
        let config = repository.config().map_err(unreadable)?;
        let mut entries = Vec::new();
        let all = config.entries(None).map_err(unreadable)?;
        all.for_each(|entry| {
            if !self.elsewhere.counts(entry.level()) {
                return;
            }
            // A key without a value is a yes.
            let value = if entry.has_value() {
                entry.value_bytes().as_bstr().to_owned()
            } else {
                "true".into()
            };
            entries.push((
                entry.level() as i32,
                BString::from(entry.name_bytes()),
                value,
            ));
        })
        .map_err(unreadable)?;
        entries.sort_by_key(|(level, ..)| *level);
        let plain = entries.into_iter().map(|(_, name, value)| (name, value));
        Ok(plain.collect())
    }

    fn disagreeing(&self, judged: Judged, paths: &[RepoPath]) -> Answer<Vec<Disagreement>> {
        agreement::disagreeing(self, judged, paths)
    }

    fn project(&self, judged: Judged, root: &RepoPath) -> Answer<Option<Disagreement>> {
        project::project(self, judged, root)
    }
}

fn peeled(mut object: git2::Object<'_>) -> Answer<Peeled> {
    while object.kind() == Some(ObjectType::Tag) {
        let tag = object
            .into_tag()
            .map_err(|_| Unreadable("a tag that is none"))?;
        object = tag.target().map_err(unreadable)?;
    }
    Ok(match object.kind() {
        Some(ObjectType::Commit) => Peeled::Commit(id(object.id())?),
        Some(ObjectType::Tree) => Peeled::Other("tree"),
        _ => Peeled::Other("blob"),
    })
}
