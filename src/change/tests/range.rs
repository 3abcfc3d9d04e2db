//! `--from A --to B`, and all files.

use crate::change::{Base, Judged, everything, range, staged};
use crate::exit::Exit;
use crate::repository::RepositoryError;
use crate::repository::tests::{Repo, both, brief};

/// `main` went on after `side` left it.
fn forked() -> Repo {
    let repo = Repo::new();
    repo.commit("base", "1");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.commit("s", "1");
    repo.git(&["checkout", "-q", "main"]);
    repo.commit("m", "1");
    repo
}

#[test]
fn an_ancestor_is_the_base_itself_and_a_fork_its_merge_base() {
    let repo = forked();
    let (base, side, main) = (repo.id("side~1"), repo.id("side"), repo.id("main"));
    let set = both(|| repo.open(), |r| range(r, "main~1", "main")).unwrap();
    assert_eq!(
        (set.base, brief(&set.files)),
        (Some(Base::Commit(base)), vec!["A m".to_owned()])
    );
    assert_eq!(set.judged, Judged::Commit(main));
    let (base, side, main) = (base.short(), side.short(), main.short());
    assert_eq!(
        set.reason,
        format!("since `main~1` ({base}), up to `main` ({main})")
    );

    let set = both(|| repo.open(), |r| range(r, "main", "side")).unwrap();
    assert_eq!(brief(&set.files), ["A s"]);
    let why = format!("`main` ({main}) is not in the history of `side` ({side})");
    assert_eq!(set.reason, format!("{why}: since their merge base {base}"));
    let set = both(|| repo.open(), |r| range(r, "main", "main")).unwrap();
    assert_eq!(set.files, []);
}

#[test]
fn without_a_common_commit_it_is_the_tree_itself() {
    let repo = forked();
    repo.git(&["checkout", "-q", "--orphan", "other"]);
    repo.git(&["rm", "-rqf", "."]);
    repo.commit("base", "2");
    let set = both(|| repo.open(), |r| range(r, "main", "other")).unwrap();
    assert_eq!(brief(&set.files), ["M base", "D m"]);
    assert!(
        set.reason
            .ends_with("they share none: compared with its own tree"),
        "{}",
        set.reason
    );

    let clone = repo.cloned(&["--depth=1", "--no-single-branch"]);
    let set = both(|| clone.open(), |r| range(r, "origin/main", "origin/side")).unwrap();
    assert_eq!(brief(&set.files), ["D m", "A s"]);
    assert!(
        set.reason.contains("as far as this shallow clone knows"),
        "{}",
        set.reason
    );
}

#[test]
fn a_name_that_is_none_is_wrong_usage_with_the_nearest() {
    let repo = forked();
    repo.git(&["tag", "v1.2.0"]);
    repo.git(&["update-ref", "refs/remotes/origin/develop", "main"]);
    for (name, nearest) in [
        ("mian", Some("main")),
        ("develop", Some("origin/develop")),
        ("v1.2.1", Some("v1.2.0")),
        ("nothing-like-it", None),
        ("--output=x", None),
        ("main..side", None),
        ("HEAD:base", None),
        ("", None),
        ("abc\0d", None),
    ] {
        let error = both(|| repo.open(), |r| range(r, name, "HEAD")).unwrap_err();
        let RepositoryError::UnknownRevision { nearest: found, .. } = &error else {
            panic!("{name}: {error:?}");
        };
        // What is near to almost nothing does not matter.
        if name.len() > 3 {
            assert_eq!(found.as_deref(), nearest, "{name}");
        }
        assert_eq!(error.exit(), Exit::Usage);
    }
    let error = both(|| repo.open(), |r| range(r, "main", "mian")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`mian` names no commit in this repository"
    );
}

#[test]
fn a_commit_that_a_shallow_clone_lacks_is_not_known() {
    let repo = forked();
    let lost = repo.id("main~1");
    let clone = repo.cloned(&["--depth=1"]);
    let error = both(|| clone.open(), |r| range(r, &lost.to_string(), "HEAD")).unwrap_err();
    let missing = RepositoryError::Missing {
        id: lost,
        is_shallow: true,
    };
    assert_eq!(error, missing);
    assert_eq!(error.exit(), Exit::Unknown);
}

#[test]
fn every_way_to_name_a_commit_is_git_s() {
    let repo = forked();
    repo.git(&["tag", "-a", "-m", "x", "v1", "main"]);
    let main = repo.id("main");
    let short = main.short();
    for name in [
        "HEAD",
        "main",
        "heads/main",
        "refs/heads/main",
        "v1",
        &short,
        ":/m",
        "@",
        "main@{0}",
    ] {
        let set = both(|| repo.open(), |r| range(r, "HEAD~1", name)).unwrap();
        assert_eq!(set.judged, Judged::Commit(main), "{name}");
    }
}

#[test]
fn all_files_are_all_of_the_index_or_of_a_commit() {
    let repo = forked();
    repo.stage("new", "1");
    let open = || repo.open();
    let set = both(open, |r| everything(r, Judged::Index)).unwrap();
    assert_eq!(brief(&set.files), ["A base", "A m", "A new"]);
    let side = repo.id("side");
    let set = both(open, |r| everything(r, Judged::Commit(side))).unwrap();
    assert_eq!(brief(&set.files), ["A base", "A s"]);
    let set = both(open, staged).unwrap();
    assert_eq!(
        (brief(&set.files), set.base),
        (
            vec!["A new".to_owned()],
            Some(Base::Commit(repo.id("HEAD")))
        )
    );
}
