//! What is known without asking git is what git would have said, and where there is doubt git is asked.

use std::fs;
use std::path::Path;

use super::{Repo, brief, environment};
use crate::exit::Exit;
use crate::process::git::Git;
use crate::repository::form::{Form, Ids, Refs};
use crate::repository::locate::{self, Layout};
use crate::repository::program::Program;
use crate::repository::reader::{Reader, Trouble};
use crate::repository::{Base, Repository, RepositoryError};

type Variables<'a> = &'a [(&'a str, &'a str)];

/// The layout as it is known without git; none when git is to be asked.
fn known(directory: &Path, more: Variables<'_>) -> Option<(Layout, Form)> {
    let environment = environment(directory, more);
    locate::plain(&environment, &locate::quick(&environment)?)
}

/// The layout as git tells it.
fn told(directory: &Path, more: Variables<'_>) -> Layout {
    let environment = environment(directory, more);
    let git = Git::find(&environment, directory, &[]).unwrap();
    locate::ask(&environment, &git).unwrap()
}

fn assert_same(directory: &Path, more: Variables<'_>) -> Form {
    let (layout, form) = known(directory, more).expect("nothing about it is unusual");
    assert_eq!(layout, told(directory, more));
    form
}

fn assert_asked(directory: &Path, more: Variables<'_>) {
    assert_eq!(known(directory, more), None, "{}", directory.display());
}

#[test]
fn the_place_is_the_one_that_git_tells() {
    let repo = Repo::with(&["--object-format=sha256"]);
    repo.commit("a/b/c", "1");
    assert_eq!(assert_same(&repo.root, &[]).ids, Ids::Sha256);
    let below = repo.root.join("a/b");
    assert_same(&below, &[]);
    assert_same(&below, &[("GIT_DIR", "../../.git")]);
    let at = [("GIT_DIR", "../../.git"), ("GIT_WORK_TREE", "..")];
    assert_same(&below, &at);
    assert_same(&below, &[("GIT_WORK_TREE", "..")]);

    let linked = repo.root.with_file_name("linked");
    repo.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    assert_same(&linked, &[]);
    // With settings of its own, the work tree's place is in them.
    repo.git(&["config", "extensions.worktreeConfig", "true"]);
    assert_same(&linked, &[]);
    assert_same(&repo.root, &[]);

    if let Some(tables) = Repo::with_tables() {
        assert_eq!(assert_same(&tables.root, &[]).refs, Refs::Reftable);
    }
    let apart = Repo::with(&["--separate-git-dir", "../apart"]);
    assert_same(&apart.root, &[]);
}

#[test]
fn a_submodule_lies_where_its_folder_is() {
    let library = Repo::new();
    library.commit("l", "1");
    let repo = Repo::new();
    let url = library.root.to_str().unwrap();
    repo.git(&["submodule", "--quiet", "add", url, "sub"]);
    let sub = repo.root.join("sub");
    assert_same(&sub, &[]);
    let own = repo.root.join(".git/modules/sub");
    assert_same(&sub, &[("GIT_DIR", own.to_str().unwrap())]);
    repo.git(&["-C", "sub", "config", "core.worktree", ".."]);
    assert_asked(&sub, &[]);
    assert_same(&sub, &[("GIT_DIR", own.to_str().unwrap())]);
}

#[test]
fn git_is_asked_where_there_is_doubt() {
    let repo = Repo::with(&["--object-format=sha256"]);
    repo.commit("a/b", "1");
    let root = repo.root.as_path();
    for (name, value) in [
        ("GIT_CEILING_DIRECTORIES", "/nonexistent"),
        ("GIT_COMMON_DIR", ".git"),
        ("GIT_DIR", "a"),
        ("GIT_DIR", ""),
        ("GIT_OBJECT_DIRECTORY", ".git/objects"),
        ("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"),
        ("GIT_WORK_TREE", ""),
        ("GIT_WORK_TREE", "nowhere"),
    ] {
        assert_asked(root, &[(name, value)]);
    }
    assert_asked(&root.join(".git"), &[]);
    assert_asked(&root.join("nowhere"), &[]);
    let link = root.with_file_name("link");
    std::os::unix::fs::symlink(root.join("a"), &link).unwrap();
    assert_asked(&link, &[]);
    for (name, value) in [
        ("core.bare", "true"),
        ("core.worktree", "/nonexistent"),
        ("core.worktree", "../a"),
        ("core.repositoryformatversion", "2"),
        ("extensions.unheardOf", "true"),
    ] {
        let kept = fs::read(root.join(".git/config")).unwrap();
        repo.git(&["config", name, value]);
        assert_asked(root, &[]);
        fs::write(root.join(".git/config"), kept).unwrap();
    }
    assert_same(root, &[]);
}

#[test]
fn a_folder_that_git_does_not_take_for_a_repository_hides_none() {
    let repo = Repo::with(&["--object-format=sha256"]);
    repo.commit("a/b", "1");
    repo.stage("a/c", "1");
    let below = repo.root.join("a");
    fs::create_dir(below.join(".git")).unwrap();
    for head in ["", "nonsense", "ref: refs/heads/main\n"] {
        fs::write(below.join(".git/HEAD"), head).unwrap();
        assert_asked(&below, &[]);
        let found = Repository::discover(&environment(&below, &[])).unwrap();
        assert_eq!(found.git_dir(), repo.root.join(".git"), "{head}");
        let staged = crate::change::staged(&found).unwrap();
        assert_eq!(brief(&staged.files), ["A a/c"]);
    }
}

#[test]
fn the_shared_folder_that_a_variable_names_is_used() {
    for arguments in [&[][..], &["--object-format=sha256"]] {
        let repo = Repo::with(arguments);
        repo.stage("a", "1");
        let other = Repo::with(arguments);
        let shared = other.root.join(".git");
        let more = [("GIT_COMMON_DIR", shared.to_str().unwrap())];
        assert_eq!(repo.open_with(&more).common_dir(), shared);
    }
}

#[test]
fn what_belongs_to_another_user_is_not_read() {
    let repo = Repo::with(&["--object-format=sha256"]);
    repo.stage("a", "1");
    let root = repo.root.as_path();
    // Only root may give files away; git's own switch serves everybody else below.
    for place in [root.join(".git"), root.to_owned()] {
        let user = fs::metadata(&place).map(|about| {
            use std::os::unix::fs::MetadataExt;
            about.uid()
        });
        let user = user.unwrap();
        if std::os::unix::fs::chown(&place, Some(user + 4321), None).is_ok() {
            // A setting that would be followed if the owner were not looked at first.
            assert_asked(root, &[]);
            let error = Repository::discover(&environment(root, &[])).err().unwrap();
            assert!(
                matches!(error, RepositoryError::ForeignOwner { .. }),
                "{error:?}"
            );
            std::os::unix::fs::chown(&place, Some(user), None).unwrap();
        }
    }
    assert_same(root, &[]);
}

#[test]
fn a_refusal_that_comes_late_has_the_same_remedy() {
    let repo = Repo::with(&["--object-format=sha256"]);
    repo.stage("a", "1");
    let (layout, form) = known(&repo.root, &[]).unwrap();
    let foreign = repo.environment_with(&[("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")]);
    let root = repo.root.clone();
    let find = move || Git::find(&foreign, &root, &[]);
    let program = Program::new(find, &layout, Some(form));
    let Err(Trouble::Final(error)) = program.staged() else {
        panic!("git reads what it believes to be somebody else's");
    };
    let path = repo.root.clone();
    assert_eq!(error, RepositoryError::ForeignOwner { path });
    assert_eq!(error.exit(), Exit::Unknown);
}

#[test]
fn head_is_what_git_says_it_is() {
    let repo = Repo::with(&["--object-format=sha256"]);
    let base = || crate::change::staged(&repo.open()).unwrap().base;
    let commit = |id| Some(Base::Commit(id));
    let one = repo.commit("a", "1");
    assert_eq!(base(), commit(one));
    repo.git(&["pack-refs", "--all", "--prune"]);
    assert_eq!(base(), commit(one));
    let two = repo.commit("a", "2");
    assert_eq!(base(), commit(two));
    // A branch that does not exist yet, beside packed ones.
    repo.git(&["checkout", "-q", "--orphan", "fresh/one"]);
    assert_eq!(base(), None);
    assert_eq!(repo.open().branch().unwrap().as_deref(), Some("fresh/one"));
    repo.git(&["checkout", "-q", "-f", "main"]);
    // A branch that only names another one.
    repo.git(&["symbolic-ref", "refs/heads/other", "refs/heads/main"]);
    repo.git(&["symbolic-ref", "HEAD", "refs/heads/other"]);
    assert_eq!(base(), commit(two));
    // A ref that belongs to this work tree alone.
    repo.git(&["update-ref", "refs/worktree/w", &one.to_string()]);
    fs::write(repo.root.join(".git/HEAD"), "ref: refs/worktree/w\n").unwrap();
    let found = crate::change::staged(&repo.open()).unwrap();
    assert_eq!(
        (found.base, brief(&found.files)),
        (Some(Base::Head), vec!["M a".to_owned()])
    );
    repo.git(&["checkout", "-q", "-f", "--detach", "main"]);
    assert_eq!(base(), commit(two));
    assert_eq!(repo.open().branch().unwrap(), None);
}

#[test]
fn a_commit_that_is_not_there_is_never_good() {
    let repo = Repo::with(&["--object-format=sha256"]);
    repo.commit("a", "1");
    let missing = format!("{}\n", "1".repeat(64));
    fs::write(repo.root.join(".git/refs/heads/main"), missing).unwrap();
    let error = crate::change::staged(&repo.open()).unwrap_err();
    assert!(
        matches!(error, RepositoryError::Unreadable { .. }),
        "{error:?}"
    );
    // A ref without an id is none to git: everything counts as new, nothing is missed.
    for text in ["", "nonsense\n"] {
        fs::write(repo.root.join(".git/refs/heads/main"), text).unwrap();
        let staged = crate::change::staged(&repo.open()).unwrap();
        assert_eq!(
            (staged.base, brief(&staged.files)),
            (None, vec!["A a".to_owned()])
        );
    }
}
