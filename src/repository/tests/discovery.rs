//! Where the repository is, in every way in which git calls a hook.

use std::path::Path;

use super::{Repo, both, brief, environment};
use crate::exit::Exit;
use crate::repository::{Repository, RepositoryError};

fn staged(repository: &Repository) -> Result<Vec<String>, RepositoryError> {
    Ok(brief(&crate::change::staged(repository)?.files))
}

fn discover(directory: &Path, more: &[(&str, &str)]) -> Result<Repository, RepositoryError> {
    Repository::discover(&environment(directory, more))
}

#[test]
fn it_is_found_from_a_folder_below() {
    let repo = Repo::new();
    repo.stage("a/b/c", "1");
    let below = repo.root.join("a/b");
    let open = || discover(&below, &[]).unwrap();
    assert_eq!(both(open, staged).unwrap(), ["A a/b/c"]);
    assert_eq!(open().work_tree(), Some(repo.root.as_path()));
    assert_eq!(open().git_dir(), repo.root.join(".git"));
    // A hook's relative index is relative to the top, wherever it is called.
    repo.git(&["read-tree", "--index-output=.git/next", "--empty"]);
    let open = || discover(&below, &[("GIT_INDEX_FILE", ".git/next")]).unwrap();
    assert_eq!(both(open, staged).unwrap(), Vec::<String>::new());
}

#[test]
fn the_index_of_a_commit_of_paths_is_the_one_that_is_judged() {
    let repo = Repo::new();
    repo.commit("a", "1");
    repo.stage("b", "1");
    let next = repo.root.join(".git/next-index-1.lock");
    std::fs::copy(repo.root.join(".git/index"), &next).unwrap();
    repo.stage("c", "1");
    for name in [next.to_str().unwrap(), ".git/next-index-1.lock"] {
        let open = || repo.open_with(&[("GIT_INDEX_FILE", name)]);
        assert_eq!(both(open, staged).unwrap(), ["A b"]);
    }
}

#[test]
fn linked_work_trees_have_their_own_index_and_head() {
    let repo = Repo::new();
    repo.commit("a", "1");
    let linked = repo.root.with_file_name("linked");
    repo.git(&[
        "worktree",
        "add",
        "-q",
        "-b",
        "side",
        linked.to_str().unwrap(),
    ]);
    std::fs::write(linked.join("b"), "1").unwrap();
    repo.git(&["-C", linked.to_str().unwrap(), "add", "b"]);
    let git_dir = repo.root.join(".git/worktrees/linked");
    let named = [("GIT_DIR", git_dir.to_str().unwrap())];
    for more in [&[][..], &named] {
        let open = || discover(&linked, more).unwrap();
        assert_eq!(both(open, staged).unwrap(), ["A b"]);
        let repository = open();
        assert_eq!(repository.work_tree(), Some(linked.as_path()));
        assert_eq!(repository.git_dir().canonicalize().unwrap(), git_dir);
        let common = repository.common_dir().canonicalize().unwrap();
        assert_eq!(common, repo.root.join(".git"));
        assert_eq!(repository.branch().unwrap().as_deref(), Some("side"));
        assert_eq!(repository.reader(), "guard's own walk");
    }
}

#[test]
fn a_work_tree_may_lie_elsewhere() {
    let repo = Repo::nowhere();
    let parent = repo.root.parent().unwrap().to_owned();
    std::fs::create_dir(&repo.root).unwrap();
    repo.git(&["init", "-q", "--bare", "../dots"]);
    let dots = parent.join("dots");
    let (git_dir, top) = (dots.to_str().unwrap(), repo.root.to_str().unwrap());
    repo.write("in/a", "1");
    let at = ["--git-dir", git_dir, "--work-tree", top, "add", "in/a"];
    repo.git(&at);
    let absolute = [("GIT_DIR", git_dir), ("GIT_WORK_TREE", top)];
    let relative = [("GIT_DIR", "../../dots"), ("GIT_WORK_TREE", "..")];
    for (directory, more) in [(parent, absolute), (repo.root.join("in"), relative)] {
        let open = || discover(&directory, &more).unwrap();
        assert_eq!(both(open, staged).unwrap(), ["A in/a"]);
    }

    // Without a work tree there is nothing to stage, and the rest works.
    let bare = discover(&dots, &[]).unwrap();
    assert_eq!(bare.work_tree(), None);
    let error = staged(&bare).unwrap_err();
    assert!(
        matches!(error, RepositoryError::NoWorkTree { .. }),
        "{error:?}"
    );
    assert_eq!(error.exit(), Exit::Usage);
    assert_eq!(
        both(
            || discover(&dots, &[]).unwrap(),
            |r| r.ask(|reader| reader.head())
        ),
        Ok(None)
    );
}

#[test]
fn a_separate_git_folder_and_a_submodule_are_found() {
    let library = Repo::new();
    library.commit("l", "1");
    let repo = Repo::with(&["--separate-git-dir", "../apart"]);
    repo.commit("a", "1");
    let url = library.root.to_str().unwrap();
    repo.git(&["submodule", "--quiet", "add", url, "sub"]);
    let found = repo.open();
    assert_eq!(staged(&found).unwrap(), ["A .gitmodules", "A sub"]);
    let apart = repo.root.with_file_name("apart");
    assert_eq!(found.git_dir().canonicalize().unwrap(), apart);
    assert_eq!(found.work_tree(), Some(repo.root.as_path()));

    let sub = repo.root.join("sub");
    std::fs::write(sub.join("l"), "2").unwrap();
    repo.git(&["-C", "sub", "add", "l"]);
    let open = || discover(&sub, &[]).unwrap();
    assert_eq!(both(open, staged).unwrap(), ["M l"]);
    assert_eq!(open().work_tree(), Some(sub.as_path()));
}

#[test]
fn no_repository_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let parent = folder.path().parent().unwrap().to_str().unwrap();
    for more in [
        &[][..],
        &[("GIT_CEILING_DIRECTORIES", parent)],
        &[("GIT_DIR", "nowhere")],
    ] {
        let error = discover(folder.path(), more).err().unwrap();
        assert!(
            matches!(error, RepositoryError::NotFound { .. }),
            "{error:?}"
        );
        assert_eq!(error.exit(), Exit::Usage);
    }
}

#[test]
fn a_foreign_owner_is_refused_with_the_remedy() {
    // git has a switch to test this without another user; it is git that is asked for this kind.
    let repo = Repo::with(&["--object-format=sha256"]);
    let foreign = [("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")];
    let error = discover(&repo.root, &foreign).err().unwrap();
    assert_eq!(
        error,
        RepositoryError::ForeignOwner {
            path: repo.root.clone()
        }
    );
    assert_eq!(error.exit(), Exit::Unknown);
}

#[test]
fn without_git_the_own_reader_still_reads_and_the_rest_says_so() {
    let repo = Repo::new();
    repo.stage("a", "1");
    let no_git = [("PATH", "/nonexistent")];
    assert_eq!(staged(&repo.open_with(&no_git)).unwrap(), ["A a"]);
    repo.git(&["update-index", "--split-index"]);
    let error = staged(&repo.open_with(&no_git)).unwrap_err();
    assert!(matches!(error, RepositoryError::Git(_)), "{error:?}");
    assert_eq!(error.exit(), Exit::Unknown);
}

#[test]
fn a_folder_with_git_below_it_is_no_repository_for_that() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    std::fs::create_dir(root.join("bin")).unwrap();
    let real = super::path();
    let real = std::env::split_paths(&real).map(|place| place.join("git"));
    let real = real.into_iter().find(|git| git.exists()).unwrap();
    std::os::unix::fs::symlink(real, root.join("bin/git")).unwrap();
    let bin = root.join("bin");
    let error = discover(&root, &[("PATH", bin.to_str().unwrap())]).err();
    assert_eq!(error, Some(RepositoryError::NotFound { directory: root }));
}
