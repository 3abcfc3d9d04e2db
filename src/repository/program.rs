//! The other reader: the `git` program, for repositories and states that guard's own reader does not know.

mod blobs;
pub(crate) mod contents;
mod listing;
mod raw;

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use bstr::{BStr, BString, ByteSlice};

use super::Id;
use super::entry::{Base, Blob, Change, Disagreement, Judged};
use super::error::RepositoryError;
use super::form::{Form, Ids};
use super::head::{Head, Pointer, Tip};
use super::locate::Layout;
use super::reader::{Answer, Child, Folders, Lacking, Line, Peeled, Reader, Staged};
use crate::path::RepoPath;
use crate::process::git::{self, Git, GitError};
use listing::Listing;

/// How git is asked for differences: every flag that keeps a setting of the user from changing the answer.
const PLAIN: [&str; 7] = [
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules=none",
];

/// How git is asked for what is staged.
const AGAINST_INDEX: [&str; 3] = ["diff-index", "--cached", "--ita-invisible-in-index"];
const STAGED: &str = "what is staged";

/// The reader that asks git.
pub(crate) struct Program {
    /// Found when it is first needed: most runs never ask.
    git: LazyLock<Result<Git, GitError>, Find>,
    work_tree: Option<PathBuf>,
    /// HEAD and the kind of ids, where they can be told without git.
    head: Option<Head>,
    ids: Option<Ids>,
    /// What the index holds, once somebody has asked.
    listing: OnceLock<Listing>,
    /// What is judged, likewise.
    held: Mutex<HashMap<Judged, Arc<Vec<Change>>>>,
}

/// How the program is found.
type Find = Box<dyn FnOnce() -> Result<Git, GitError> + Send>;

impl Program {
    pub(crate) fn new(
        find: impl FnOnce() -> Result<Git, GitError> + Send + 'static,
        layout: &Layout,
        form: Option<Form>,
    ) -> Self {
        let (git_dir, common_dir) = (&layout.git_dir, &layout.common_dir);
        Self {
            git: LazyLock::new(Box::new(find)),
            work_tree: layout.work_tree.clone(),
            ids: form.as_ref().map(|form| form.ids),
            head: form.and_then(|form| Head::new(git_dir, common_dir, &form)),
            listing: OnceLock::new(),
            held: Mutex::default(),
        }
    }

    /// The program, if there is one.
    pub(crate) fn git(&self) -> Result<&Git, RepositoryError> {
        Ok(self.git.as_ref().map_err(Clone::clone)?)
    }

    /// Asks for something that git must know.
    fn tell(&self, what: &'static str, arguments: &[&str], input: Vec<u8>) -> Answer<Vec<u8>> {
        let answer = self.git()?.ask_with(arguments, input)?;
        if answer.good() {
            Ok(answer.out)
        } else {
            Err(refusal(what, &answer).into())
        }
    }

    /// Asks for something that need not exist: git then says nothing and ends with 1.
    fn tell_if(&self, what: &'static str, arguments: &[&str]) -> Answer<Option<Vec<u8>>> {
        let answer = self.git()?.ask(arguments)?;
        match answer.code {
            Some(0) => Ok(Some(answer.out)),
            Some(1) => Ok(None),
            _ => Err(refusal(what, &answer).into()),
        }
    }

    fn differences(
        &self,
        what: &'static str,
        command: &[&str],
        sides: &[&str],
    ) -> Answer<Vec<Change>> {
        let out = self.tell(what, &compared(command, sides), Vec::new())?;
        Ok(raw::changes(&out, what)?)
    }

    fn staged_against(&self, tree: &str) -> Answer<Vec<Change>> {
        self.differences(STAGED, &AGAINST_INDEX, &[tree])
    }

    /// None when git refuses, be it that there is no commit yet, be it that it is not there.
    fn staged_against_head(&self) -> Answer<Option<Vec<Change>>> {
        let arguments = compared(&AGAINST_INDEX, &["HEAD^{commit}"]);
        let answer = self.git()?.ask(&arguments)?;
        if !answer.good() {
            return Ok(None);
        }
        Ok(Some(raw::changes(&answer.out, STAGED)?))
    }

    /// The id of the tree that holds nothing, in the repository's own kind of ids.
    fn empty_tree(&self) -> Answer<String> {
        if let Some(ids) = self.ids {
            return Ok(ids.empty_tree().to_owned());
        }
        let arguments = ["hash-object", "-t", "tree", "--stdin"];
        let out = self.tell("the kind of ids", &arguments, Vec::new())?;
        Ok(out.trim_ascii().to_str_lossy().into_owned())
    }
}

/// The arguments of a comparison. The end of the revisions is said: a file may be called like one.
fn compared<'a>(command: &[&'a str], sides: &[&'a str]) -> Vec<&'a str> {
    [command, &PLAIN, sides, &["--"]].concat()
}

/// git's refusal as an error that says what guard wanted.
fn refusal(what: &'static str, answer: &git::Answer) -> RepositoryError {
    RepositoryError::foreign_owner(answer).unwrap_or_else(|| RepositoryError::Unreadable {
        what,
        why: answer.complaint(),
    })
}

/// An answer of git's that is not in the form that git's manual promises.
fn unexpected(what: &'static str) -> RepositoryError {
    let why = "git answered in a form that guard does not know".to_owned();
    RepositoryError::Unreadable { what, why }
}

fn one_id(what: &'static str, out: &[u8]) -> Answer<Id> {
    Ok(Id::parse(out.trim_ascii()).ok_or_else(|| unexpected(what))?)
}

/// One id a line, sorted.
fn ids(what: &'static str, out: &[u8]) -> Answer<Vec<Id>> {
    let ids = out.lines().map(|line| one_id(what, line));
    let mut ids: Vec<Id> = ids.collect::<Answer<_>>()?;
    ids.sort();
    Ok(ids)
}

impl Reader for Program {
    fn head(&self) -> Answer<Option<Id>> {
        const WHAT: &str = "HEAD";
        let arguments = ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
        let answer = self.git()?.ask(&arguments)?;
        if answer.good() {
            return Ok(Some(one_id(WHAT, &answer.out)?));
        }
        // No commit yet, or a commit that is not there: the ref tells them apart.
        let Some(target) = self.head_ref()? else {
            return Err(refusal(WHAT, &answer).into());
        };
        let target = target.to_str_lossy();
        let exists = ["show-ref", "--verify", "--quiet", &target];
        match self.tell_if(WHAT, &exists)? {
            Some(_) => Err(refusal(WHAT, &answer).into()),
            None => Ok(None),
        }
    }

    fn head_ref(&self) -> Answer<Option<BString>> {
        match self.head.as_ref().and_then(Head::pointer) {
            Some(Pointer::Branch(name)) => return Ok(Some(name.into())),
            Some(Pointer::Object(_)) => return Ok(None),
            None => {}
        }
        let out = self.tell_if("HEAD", &["symbolic-ref", "--quiet", "HEAD"])?;
        Ok(out.map(|out| out.trim_ascii_end().into()))
    }

    fn staged(&self) -> Answer<Staged> {
        // The comparison itself shows whether the commit is there.
        let base = match self.head.as_ref().map(Head::tip) {
            Some(Tip::Commit(id)) => Some(Base::Commit(id)),
            Some(Tip::Unborn) => None,
            Some(Tip::Unclear) | None => {
                if let Some(changes) = self.staged_against_head()? {
                    let base = Some(Base::Head);
                    return Ok(Staged { base, changes });
                }
                self.head()?.map(Base::Commit)
            }
        };
        let changes = match base {
            Some(Base::Commit(id)) => self.staged_against(&id.to_string())?,
            _ => self.indexed()?,
        };
        Ok(Staged { base, changes })
    }

    fn indexed(&self) -> Answer<Vec<Change>> {
        self.staged_against(&self.empty_tree()?)
    }

    fn between(&self, old: Option<Id>, new: Id) -> Answer<Vec<Change>> {
        let old = match old {
            Some(old) => old.to_string(),
            None => Ids::of(&new).empty_tree().to_owned(),
        };
        let sides = [old.as_str(), &new.to_string()];
        self.differences("what changed", &["diff-tree", "-r"], &sides)
    }

    fn root_tree(&self, judged: Judged) -> Answer<Option<Id>> {
        const WHAT: &str = "a commit's tree";
        let Judged::Commit(commit) = judged else {
            // git would have to write the tree to tell its id.
            return Ok(None);
        };
        let tree = format!("{commit}^{{tree}}");
        let out = self.tell(WHAT, &["rev-parse", "--verify", &tree], Vec::new())?;
        Ok(Some(one_id(WHAT, &out)?))
    }

    fn is_tracked(&self, path: &RepoPath) -> Answer<bool> {
        const WHAT: &str = "the index";
        let git = self.git()?;
        let path = path.to_os();
        let mut arguments: Vec<&OsStr> = ["ls-files", "-z", "--full-name", "--"]
            .map(AsRef::as_ref)
            .to_vec();
        arguments.push(path.as_os_str());
        let answer = git.ask(&arguments)?;
        if !answer.good() {
            return Err(refusal(WHAT, &answer).into());
        }
        let wanted = path.as_os_str().as_encoded_bytes();
        Ok(answer
            .out
            .split(|byte| *byte == 0)
            .any(|name| name == wanted))
    }

    fn folders(&self) -> Answer<Folders> {
        Ok(self.listing()?.folders())
    }

    fn tracked(&self, at: &[RepoPath]) -> Answer<Vec<RepoPath>> {
        Ok(self.listing()?.below(at))
    }

    fn indexed_at(&self, paths: &[RepoPath]) -> Answer<Vec<Option<Blob>>> {
        let held = self.indexed()?;
        let at = |path: &RepoPath| {
            let found = held.binary_search_by(|change| change.path.cmp(path)).ok()?;
            held[found].new
        };
        Ok(paths.iter().map(at).collect())
    }

    fn children(&self, judged: Judged, folder: &RepoPath) -> Answer<Vec<Child>> {
        self.children_in(judged, folder)
    }

    fn size(&self, id: Id) -> Answer<Option<u64>> {
        let arguments = ["cat-file", "--batch-check=%(objectsize)"];
        let input = format!("{id}\n").into_bytes();
        let out = self.tell("a file's size", &arguments, input)?;
        // `<id> missing` is no number.
        Ok(out
            .trim_ascii()
            .to_str()
            .ok()
            .and_then(|size| size.parse().ok()))
    }

    fn read(&self, id: Id) -> Answer<Option<Vec<u8>>> {
        if self.size(id)?.is_none() {
            return Ok(None);
        }
        let arguments = ["cat-file", "blob", &id.to_string()];
        self.tell("a file's content", &arguments, Vec::new())
            .map(Some)
    }

    fn peel(&self, ids: &[Id]) -> Answer<Vec<Peeled>> {
        const WHAT: &str = "an object";
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let arguments = ["cat-file", "--batch-check=%(objecttype) %(objectname)"];
        let input: Vec<String> = ids.iter().map(|id| format!("{id}^{{}}\n")).collect();
        let out = self.tell(WHAT, &arguments, input.concat().into_bytes())?;
        let lines = out.lines().map(|line| match line.split_once_str(" ") {
            Some((b"commit", id)) => Ok(Peeled::Commit(one_id(WHAT, id)?)),
            Some((b"tree", _)) => Ok(Peeled::Other("tree")),
            Some((b"blob", _)) => Ok(Peeled::Other("blob")),
            _ => Ok(Peeled::Missing),
        });
        let peeled: Vec<Peeled> = lines.collect::<Answer<_>>()?;
        if peeled.len() == ids.len() {
            Ok(peeled)
        } else {
            Err(unexpected(WHAT).into())
        }
    }

    fn resolve(&self, revision: &str) -> Answer<Peeled> {
        if revision.contains('\0') {
            return Ok(Peeled::Missing);
        }
        // The peeling comes after: in `:/text` it would be taken for a part of the text.
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            revision,
        ];
        let answer = self.git()?.ask(&arguments)?;
        match Id::parse(answer.out.trim_ascii()) {
            Some(id) if answer.good() => self.peel_one(id),
            _ => Ok(Peeled::Missing),
        }
    }

    fn is_ancestor(&self, old: Id, new: Id) -> Answer<bool> {
        let (old, new) = (old.to_string(), new.to_string());
        let arguments = ["merge-base", "--is-ancestor", &old, &new];
        Ok(self.tell_if("the history", &arguments)?.is_some())
    }

    fn merge_bases(&self, a: Id, b: Id) -> Answer<Vec<Id>> {
        const WHAT: &str = "the history";
        let arguments = ["merge-base", "--all", &a.to_string(), &b.to_string()];
        let out = self.tell_if(WHAT, &arguments)?.unwrap_or_default();
        ids(WHAT, &out)
    }

    fn lacking(&self, tip: Id, known: &[Id]) -> Answer<Lacking> {
        const WHAT: &str = "the history";
        let hidden = known.iter().map(|known| format!("^{known}\n"));
        let input: String = std::iter::once(format!("{tip}\n")).chain(hidden).collect();
        let arguments = ["rev-list", "--parents", "--ignore-missing", "--stdin"];
        let out = self.tell(WHAT, &arguments, input.into_bytes())?;
        let mut commits = HashSet::new();
        let mut parents = Vec::new();
        for line in out.lines() {
            let mut ids = line.split(|byte| *byte == b' ').map(|id| one_id(WHAT, id));
            if let Some(commit) = ids.next() {
                commits.insert(commit?);
            }
            for parent in ids {
                parents.push(parent?);
            }
        }
        parents.retain(|parent| !commits.contains(parent));
        parents.sort();
        parents.dedup();
        Ok(Lacking {
            commits: commits.len(),
            boundaries: parents,
        })
    }

    fn lines(&self, tips: &[Id], known: &[Id]) -> Answer<Vec<Line>> {
        const WHAT: &str = "the history";
        if tips.is_empty() {
            return Ok(Vec::new());
        }
        let shown = tips.iter().map(|tip| format!("{tip}\n"));
        let hidden = known.iter().map(|known| format!("^{known}\n"));
        let input: String = shown.chain(hidden).collect();
        let arguments = [
            "rev-list",
            "--topo-order",
            "--reverse",
            "--parents",
            "--ignore-missing",
            "--stdin",
        ];
        let out = self.tell(WHAT, &arguments, input.into_bytes())?;
        let mut lines = Vec::new();
        for line in out.lines() {
            let mut ids = line.split(|byte| *byte == b' ').map(|id| one_id(WHAT, id));
            if let Some(commit) = ids.next() {
                let parents = ids.collect::<Result<_, _>>()?;
                let commit = commit?;
                lines.push(Line { commit, parents });
            }
        }
        Ok(lines)
    }

    fn independent(&self, commits: &[Id]) -> Answer<Vec<Id>> {
        const WHAT: &str = "the history";
        let names: Vec<String> = commits.iter().map(Id::to_string).collect();
        let mut arguments = vec!["merge-base", "--independent"];
        arguments.extend(names.iter().map(String::as_str));
        ids(WHAT, &self.tell(WHAT, &arguments, Vec::new())?)
    }

    fn refs(&self, prefix: &str) -> Answer<Vec<(BString, Id)>> {
        const WHAT: &str = "the refs";
        let arguments = [
            "for-each-ref",
            "--format=%(objectname) %(refname) %(symref)",
            prefix,
        ];
        let out = self.tell(WHAT, &arguments, Vec::new())?;
        let mut found = Vec::new();
        for line in out.lines() {
            let mut parts = line.splitn(3, |byte| *byte == b' ');
            let (id, name) = (parts.next().unwrap_or_default(), parts.next());
            let is_symbolic = parts.next().is_some_and(|target| !target.is_empty());
            let name = name.ok_or_else(|| unexpected(WHAT))?;
            if !is_symbolic {
                found.push((BString::from(name), one_id(WHAT, id)?));
            }
        }
        found.sort();
        Ok(found)
    }

    fn config(&self) -> Answer<Vec<(BString, BString)>> {
        let out = self.tell(
            "git's configuration",
            &["config", "--list", "-z"],
            Vec::new(),
        )?;
        let entries = out
            .split(|byte| *byte == 0)
            .filter(|entry| !entry.is_empty());
        let pairs = entries.map(|entry| match entry.split_once_str("\n") {
            Some((name, value)) => (name.into(), value.into()),
            // A key without a value is a yes.
            None => (entry.into(), BString::from("true")),
        });
        Ok(pairs.collect())
    }

    fn disagreeing(&self, judged: Judged, paths: &[RepoPath]) -> Answer<Vec<Disagreement>> {
        contents::disagreeing(self, judged, paths)
    }

    fn project(&self, judged: Judged, root: &RepoPath) -> Answer<Option<Disagreement>> {
        contents::project(self, judged, root)
    }
}

/// The fields of one line that blanks separate.
fn fields<const N: usize>(line: &BStr) -> Option<[&BStr; N]> {
    let fields: Vec<&BStr> = line.split_str(" ").map(BStr::new).collect();
    fields.try_into().ok()
}
