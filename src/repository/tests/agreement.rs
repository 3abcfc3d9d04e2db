//! Whether the work tree holds what is judged, told alike by both readers.

use std::os::unix::fs::{PermissionsExt, symlink};

use super::{Repo, both};
use crate::path::RepoPath;
use crate::repository::{Judged, Repository};

fn paths(names: &[&str]) -> Vec<RepoPath> {
    names.iter().map(|name| RepoPath::from(*name)).collect()
}

/// The paths that disagree, each with the reason.
fn told(repo: &Repo, judged: Judged, names: &[&str]) -> Vec<String> {
    let all = paths(names);
    let found = both(|| repo.open(), |r| r.disagreeing(&judged, &all)).unwrap();
    found
        .iter()
        .map(|one| format!("{} {}", one.path, one.why))
        .collect()
}

fn project(repo: &Repo, judged: Judged, root: &str) -> Option<String> {
    let one = |r: &Repository| r.project_disagreement(&judged, &root.into());
    let found = both(|| repo.open(), one).unwrap();
    found.map(|one| format!("{} {}", one.path, one.why))
}

#[test]
fn what_is_not_as_staged_is_named() {
    let repo = Repo::new();
    for name in ["same", "changed", "mode", "gone", "kind", "in/way"] {
        repo.stage(name, "1");
    }
    symlink("same", repo.root.join("link")).unwrap();
    repo.git(&["add", "link"]);
    let names = [
        "same", "changed", "mode", "gone", "kind", "in/way", "link", "nowhere",
    ];
    assert_eq!(told(&repo, Judged::Index, &names), Vec::<String>::new());
    assert_eq!(project(&repo, Judged::Index, ""), None);

    repo.write("changed", "2");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(repo.root.join("mode"), mode).unwrap();
    std::fs::remove_file(repo.root.join("gone")).unwrap();
    std::fs::remove_file(repo.root.join("kind")).unwrap();
    symlink("same", repo.root.join("kind")).unwrap();
    std::fs::rename(repo.root.join("in"), repo.root.join("moved")).unwrap();
    symlink("moved", repo.root.join("in")).unwrap();
    std::fs::remove_file(repo.root.join("link")).unwrap();
    symlink("changed", repo.root.join("link")).unwrap();
    repo.write("nowhere", "1");
    assert_eq!(
        told(&repo, Judged::Index, &names),
        [
            "changed differs in the work tree",
            "gone is not in the work tree",
            "in/way lies behind a symbolic link",
            "kind is another kind of file in the work tree",
            "link differs in the work tree",
            "mode has another mode in the work tree",
            "nowhere is not part of what is judged",
        ]
    );
}

#[test]
fn a_change_of_the_same_size_within_the_clock_s_tick_is_seen() {
    let repo = Repo::new();
    for turn in 0..40 {
        repo.stage("a", format!("{turn:04}"));
        repo.write("a", format!("{:04}", turn + 5000));
        assert_eq!(told(&repo, Judged::Index, &["a"]).len(), 1, "{turn}");
    }
}

#[test]
fn touching_a_file_changes_nothing() {
    let repo = Repo::new();
    repo.stage("a", "1");
    repo.stage("in/b", "1");
    repo.write("a", "1");
    repo.write("in/b", "1");
    assert_eq!(
        told(&repo, Judged::Index, &["a", "in/b"]),
        Vec::<String>::new()
    );
    assert_eq!(project(&repo, Judged::Index, ""), None);
}

#[test]
fn files_that_git_was_told_not_to_look_at_are_looked_at() {
    let repo = Repo::new();
    repo.stage("assumed", "1");
    repo.stage("skipped", "1");
    repo.git(&["update-index", "--assume-unchanged", "assumed"]);
    repo.git(&["update-index", "--skip-worktree", "skipped"]);
    assert_eq!(project(&repo, Judged::Index, ""), None);
    std::fs::remove_file(repo.root.join("skipped")).unwrap();
    let found = project(&repo, Judged::Index, "");
    assert_eq!(found.as_deref(), Some("skipped is not in the work tree"));
    repo.write("skipped", "1");
    repo.write("assumed", "2");
    let found = project(&repo, Judged::Index, "");
    assert_eq!(found.as_deref(), Some("assumed differs in the work tree"));
}

#[test]
fn line_ends_and_filters_are_git_s_to_undo() {
    let repo = Repo::new();
    repo.write(".gitattributes", "*.txt text eol=crlf\n*.up filter=case\n");
    repo.git(&["config", "filter.case.clean", "tr A-Z a-z"]);
    repo.git(&["config", "filter.case.smudge", "tr a-z A-Z"]);
    repo.git(&["add", ".gitattributes"]);
    repo.stage("a.txt", "one\r\ntwo\r\n");
    repo.stage("new\n\"line.up", "TEXT");
    let names = ["a.txt", "new\n\"line.up"];
    // Written anew, so that only the content can tell.
    repo.write("a.txt", "one\r\ntwo\r\n");
    repo.write("new\n\"line.up", "TEXT");
    assert_eq!(told(&repo, Judged::Index, &names), Vec::<String>::new());
    // The very bytes of the blob are what is judged, too.
    repo.write("a.txt", "one\ntwo\n");
    repo.write("new\n\"line.up", "text");
    assert_eq!(told(&repo, Judged::Index, &names), Vec::<String>::new());
    repo.write("new\n\"line.up", "OTHER");
    assert_eq!(
        told(&repo, Judged::Index, &names),
        ["new\n\"line.up differs in the work tree"]
    );
}

#[test]
fn a_filter_that_is_not_there_disagrees() {
    let repo = Repo::new();
    repo.stage("a.big", "1");
    repo.stage(".gitattributes", "*.big filter=big\n");
    repo.git(&["config", "filter.big.clean", "/nonexistent/filter"]);
    repo.git(&["config", "filter.big.required", "true"]);
    repo.write("a.big", "2");
    assert_eq!(
        told(&repo, Judged::Index, &["a.big"]),
        ["a.big differs in the work tree"]
    );
}

#[test]
fn a_pushed_commit_is_compared_by_itself() {
    let repo = Repo::new();
    repo.commit("in/a", "1");
    let old = repo.commit("in/b", "1");
    let new = repo.commit("in/a", "2");
    let names = ["in/a", "in/b", "in/c", "in", "../x"];
    assert_eq!(
        told(&repo, Judged::Commit(new), &names),
        ["../x leads out of the work tree"]
    );
    assert_eq!(
        told(&repo, Judged::Commit(old), &names),
        [
            "../x leads out of the work tree",
            "in/a differs in the work tree"
        ]
    );
    assert_eq!(project(&repo, Judged::Commit(new), "in"), None);
    let found = project(&repo, Judged::Commit(old), "in");
    assert_eq!(found.as_deref(), Some("in/a differs in the work tree"));

    // What is only staged is not part of the commit, and a file that is only not tracked any more is.
    repo.stage("in/c", "1");
    let found = project(&repo, Judged::Commit(new), "in");
    assert_eq!(found.as_deref(), Some("in/c is not part of what is judged"));
    repo.git(&["rm", "-qf", "in/c"]);
    repo.git(&["rm", "-q", "--cached", "in/b"]);
    assert_eq!(project(&repo, Judged::Commit(new), "in"), None);
}

#[test]
fn a_project_agrees_only_with_nothing_extra_in_it() {
    let repo = Repo::new();
    repo.stage("web/a", "1");
    repo.stage("web2/a", "1");
    repo.stage(".gitignore", "ignored\n");
    repo.write("web/ignored", "1");
    repo.write("web2/extra", "1");
    assert_eq!(project(&repo, Judged::Index, "web"), None);
    let found = project(&repo, Judged::Index, "web2");
    assert_eq!(
        found.as_deref(),
        Some("web2/extra is not part of what is judged")
    );
    repo.write("web/meant", "1");
    repo.git(&["add", "-N", "web/meant"]);
    let found = project(&repo, Judged::Index, "web");
    assert_eq!(
        found.as_deref(),
        Some("web/meant is not part of what is judged")
    );
    assert_eq!(project(&repo, Judged::Index, "none"), None);
}

#[test]
fn a_submodule_agrees_at_its_commit_and_clean() {
    let library = Repo::new();
    library.commit("l", "1");
    let repo = Repo::new();
    let url = library.root.to_str().unwrap();
    repo.git(&["submodule", "--quiet", "add", url, "sub"]);
    repo.git(&["config", "diff.ignoreSubmodules", "all"]);
    assert_eq!(told(&repo, Judged::Index, &["sub"]), Vec::<String>::new());
    assert_eq!(project(&repo, Judged::Index, ""), None);
    repo.write("sub/l", "2");
    let other = "sub is at another commit, or changed within";
    assert_eq!(told(&repo, Judged::Index, &["sub"]), [other]);
    assert_eq!(project(&repo, Judged::Index, "").as_deref(), Some(other));
    repo.git(&["-C", "sub", "commit", "-qam", "x"]);
    assert_eq!(told(&repo, Judged::Index, &["sub"]), [other]);
    std::fs::remove_dir_all(repo.root.join("sub")).unwrap();
    assert_eq!(
        told(&repo, Judged::Index, &["sub"]),
        ["sub is not in the work tree"]
    );
}

#[test]
fn a_submodule_that_was_touched_disagrees_whatever_the_settings_say() {
    let library = Repo::new();
    library.commit("l", "1");
    let repo = Repo::new();
    let url = library.root.to_str().unwrap();
    repo.git(&["submodule", "--quiet", "add", url, "in/sub"]);
    repo.git(&[
        "config",
        "-f",
        ".gitmodules",
        "submodule.in/sub.ignore",
        "all",
    ]);
    repo.git(&["add", "."]);
    repo.git(&["commit", "-qm", "x"]);
    let other = "in/sub is at another commit, or changed within";
    let all = |repo: &Repo| {
        let mut found = Vec::new();
        for judged in [Judged::Index, Judged::Commit(repo.id("HEAD"))] {
            for root in ["", "in", "in/sub"] {
                found.push(project(repo, judged, root));
            }
            found.push(told(repo, judged, &["in/sub"]).pop());
        }
        found.dedup();
        found
    };
    assert_eq!(all(&repo), [None]);
    repo.write("in/sub/new", "1");
    assert_eq!(all(&repo), [Some(other.to_owned())], "untracked");
    for place in [".", "in/sub"] {
        repo.git(&["-C", place, "config", "status.showUntrackedFiles", "no"]);
        assert_eq!(all(&repo), [Some(other.to_owned())], "unseen in {place}");
    }
    std::fs::remove_file(repo.root.join("in/sub/new")).unwrap();
    assert_eq!(all(&repo), [None]);
    repo.write("in/sub/l", "2");
    assert_eq!(all(&repo), [Some(other.to_owned())], "modified");
}

#[test]
fn a_conflict_under_way_disagrees_with_a_pushed_commit() {
    let repo = Repo::new();
    repo.commit("in/a", "1");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.commit("in/a", "2");
    repo.git(&["checkout", "-q", "main"]);
    let head = repo.commit("in/a", "3");
    repo.try_git(&["merge", "-q", "side"]);
    let found = project(&repo, Judged::Commit(head), "in");
    assert_eq!(found.as_deref(), Some("in/a is in conflict"));
    repo.write("out/b", "1");
    let found = project(&repo, Judged::Commit(head), "out");
    assert_eq!(
        found.as_deref(),
        Some("out/b is not part of what is judged")
    );
    assert_eq!(
        told(&repo, Judged::Commit(head), &["in/a"]),
        ["in/a differs in the work tree"]
    );
}
