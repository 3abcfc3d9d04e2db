//! How often git is started where it reads for guard: each start costs as much as what it is asked.

use std::fs;
use std::path::Path;

use super::{Repo, brief, environment};
use crate::change::push::Update;
use crate::change::{Base, Remote, pushed, staged};
use crate::repository::{Repository, RepositoryError};

/// Each answer, with git's commands that were started for it.
fn traced<T>(
    directory: &Path,
    more: &[(&str, &str)],
    question: impl Fn(&Repository) -> T,
) -> (T, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trace");
    let trace = [("GIT_TRACE2", file.to_str().unwrap())];
    let environment = environment(directory, &[more, &trace].concat());
    let answer = question(&Repository::discover(&environment).unwrap());
    let text = fs::read_to_string(file).unwrap_or_default();
    let named = text
        .lines()
        .filter_map(|line| line.split_once(" cmd_name "));
    let first = |(_, rest): (_, &str)| rest.split_whitespace().next().unwrap().to_owned();
    (answer, named.map(first).collect())
}

/// What is staged in a directory, and the commands that told it.
fn look(directory: &Path, more: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    traced(directory, more, |repository| {
        brief(&staged(repository).unwrap().files)
    })
}

fn assert_one_start(directory: &Path, more: &[(&str, &str)], wanted: &[&str]) {
    let (found, started) = look(directory, more);
    assert_eq!(found, wanted);
    assert_eq!(started, ["diff-index"], "{}", directory.display());
}

fn sha256() -> Repo {
    Repo::with(&["--object-format=sha256"])
}

/// A commit, and a file that is staged over it.
fn fill(repo: &Repo) {
    repo.commit("a/b", "1");
    repo.stage("a/c", "2");
}

#[test]
fn one_start_tells_what_is_staged() {
    let split = Repo::new();
    fill(&split);
    split.git(&["update-index", "--split-index"]);
    let grafted = Repo::new();
    let one = grafted.commit("x", "1");
    grafted.write(".git/info/grafts", format!("{one}\n"));
    fill(&grafted);
    let partial = Repo::new();
    fill(&partial);
    partial.git(&["config", "core.repositoryformatversion", "1"]);
    partial.git(&["config", "extensions.partialClone", "origin"]);
    let ids = sha256();
    fill(&ids);
    for repo in [&split, &grafted, &partial, &ids] {
        assert_one_start(&repo.root, &[], &["A a/c"]);
        assert_one_start(&repo.root.join("a"), &[], &["A a/c"]);
        let next = [("GIT_INDEX_FILE", ".git/index")];
        assert_one_start(&repo.root, &next, &["A a/c"]);
        repo.git(&["pack-refs", "--all"]);
        assert_one_start(&repo.root, &[], &["A a/c"]);
        repo.git(&["checkout", "-q", "--detach"]);
        assert_one_start(&repo.root, &[], &["A a/c"]);
    }
}

#[test]
fn a_sparse_index_is_one_start_as_well() {
    for repo in [Repo::new(), sha256()] {
        repo.commit("x/1", "1");
        repo.commit("y/1", "1");
        repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "x"]);
        repo.stage("x/1", "2");
        assert_one_start(&repo.root, &[], &["M x/1"]);
    }
}

#[test]
fn before_the_first_commit_one_start_is_enough() {
    let repo = sha256();
    repo.stage("a", "1");
    assert_one_start(&repo.root, &[], &["A a"]);
}

#[test]
fn refs_in_tables_are_one_start_as_well() {
    let Some(repo) = Repo::with_tables() else {
        return;
    };
    fill(&repo);
    // A file that is called like what is asked for is none of it.
    repo.write("HEAD", "x");
    repo.write("HEAD^{commit}", "x");
    assert_one_start(&repo.root, &[], &["A a/c"]);
    let told = staged(&repo.open()).unwrap();
    assert_eq!(told.base, Some(Base::Head));
    assert_eq!(told.reason, "what is staged, against HEAD");
    repo.git(&["checkout", "-q", "--detach"]);
    assert_one_start(&repo.root, &[], &["A a/c"]);
    // A branch that does not exist yet: all is new, and git is asked why it refused.
    repo.git(&["checkout", "-q", "--orphan", "fresh"]);
    let (found, started) = look(&repo.root, &[]);
    assert_eq!(found, ["A a/b", "A a/c"]);
    assert_eq!(started[0], "diff-index");
    let told = staged(&repo.open()).unwrap();
    assert_eq!(told.base, None);
    assert_eq!(told.reason, "what is staged for the first commit");
}

#[test]
fn damage_below_refs_in_tables_is_never_good() {
    let Some(repo) = Repo::with_tables() else {
        return;
    };
    repo.stage("z", "1");
    assert_eq!(look(&repo.root, &[]).0, ["A z"]);
    fill(&repo);
    let head = repo.id("HEAD").to_string();
    let object = repo.root.join(".git/objects").join(&head[..2]);
    let object = object.join(&head[2..]);
    let kept = fs::read(&object).unwrap();
    fs::remove_file(&object).unwrap();
    let error = staged(&repo.open()).unwrap_err();
    assert!(
        matches!(error, RepositoryError::Unreadable { .. }),
        "{error:?}"
    );
    fs::write(&object, kept).unwrap();
    assert_eq!(look(&repo.root, &[]).0, ["A a/c"]);
    let tables = repo.root.join(".git/reftable/tables.list");
    fs::write(tables, "nonsense\n").unwrap();
    let opened = Repository::discover(&repo.environment());
    assert!(opened.is_ok_and(|repository| staged(&repository).is_err()));
}

#[test]
fn an_unusual_place_takes_a_second_start() {
    let repo = sha256();
    fill(&repo);
    let ceiling = [("GIT_CEILING_DIRECTORIES", "/nonexistent")];
    let (found, started) = look(&repo.root, &ceiling);
    assert_eq!(found, ["A a/c"]);
    assert_eq!(started, ["rev-parse", "diff-index"]);
}

#[test]
fn linked_work_trees_submodules_and_named_places_are_one_start() {
    let repo = sha256();
    fill(&repo);
    let linked = repo.root.with_file_name("linked");
    let top = linked.to_str().unwrap();
    repo.git(&["worktree", "add", "-q", "-b", "side", top]);
    fs::write(linked.join("n"), "1").unwrap();
    repo.git(&["-C", top, "add", "n"]);
    assert_one_start(&linked, &[], &["A n"]);
    let own = repo.root.join(".git/worktrees/linked");
    assert_one_start(&linked, &[("GIT_DIR", own.to_str().unwrap())], &["A n"]);

    let git_dir = repo.root.join(".git");
    let at = [
        ("GIT_DIR", git_dir.to_str().unwrap()),
        ("GIT_WORK_TREE", repo.root.to_str().unwrap()),
    ];
    assert_one_start(&linked, &at, &["A a/c"]);
    assert_one_start(&repo.root, &[("GIT_DIR", ".git")], &["A a/c"]);

    let outer = sha256();
    let url = repo.root.to_str().unwrap();
    outer.git(&["submodule", "--quiet", "add", url, "sub"]);
    outer.write("sub/n", "1");
    outer.git(&["-C", "sub", "add", "n"]);
    assert_one_start(&outer.root.join("sub"), &[], &["A n"]);
}

#[test]
fn a_push_that_goes_on_is_three_starts() {
    let repo = sha256();
    let old = repo.commit("a", "1");
    let new = repo.commit("a", "2");
    let update = |name: &str, local, remote| Update {
        local_ref: name.into(),
        local: Some(local),
        remote_ref: name.into(),
        remote,
    };
    let push = |updates: &[Update]| {
        traced(&repo.root, &[], |repository| {
            let remote = Remote::new("origin", "url");
            let pushes = pushed(repository, updates, &remote).unwrap();
            brief(&pushes.commits[0].changes.files)
        })
    };
    let main = update("refs/heads/main", new, Some(old));
    let (found, started) = push(std::slice::from_ref(&main));
    assert_eq!(found, ["M a"]);
    assert_eq!(started, ["cat-file", "merge-base", "diff-tree"]);
    // A tag on the same commit is peeled along with it.
    repo.git(&["tag", "-a", "-m", "v", "v"]);
    let tag = update("refs/tags/v", repo.id("v"), None);
    let (_, started) = push(&[main, tag]);
    let peeled = started.iter().filter(|name| *name == "cat-file");
    assert_eq!(peeled.count(), 1, "{started:?}");
    let (_, started) = push(&[update("refs/heads/new", new, None)]);
    assert!(
        !started.iter().any(|name| name == "hash-object"),
        "{started:?}"
    );
}
