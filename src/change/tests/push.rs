//! Pushes of every shape, each against a remote that really exists.

use crate::change::push::{Update, parse};
use crate::change::{Pushes, Remote, pushed};
use crate::repository::tests::{Repo, both, brief};
use crate::repository::{Id, RepositoryError};

/// A clone with one commit, and its bare remote with the same.
struct Pair {
    remote: Repo,
    clone: Repo,
}

impl Pair {
    fn new() -> Self {
        let source = Repo::new();
        source.commit("base", "1");
        let remote = source.cloned(&["--bare"]);
        let clone = remote.cloned(&[]);
        Self { remote, clone }
    }

    /// What git would tell the hook for these refspecs: it is asked to.
    fn lines(&self, arguments: &[&str]) -> Vec<Update> {
        let hook = "#!/bin/sh\ncat >\"$(git rev-parse --git-common-dir)/told\"\nexit 1\n";
        self.clone.write(".git/hooks/pre-push", hook);
        let file = self.clone.root.join(".git/hooks/pre-push");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(file, mode).unwrap();
        self.clone.try_git(&[&["push", "-q"], arguments].concat());
        let told = std::fs::read(self.clone.root.join(".git/told")).unwrap();
        let (updates, malformed) = parse(&told);
        assert_eq!(malformed, []);
        updates
    }

    fn url(&self) -> String {
        format!("file://{}", self.remote.root.display())
    }

    fn judge(&self, updates: &[Update]) -> Pushes {
        self.judge_to("origin", updates)
    }

    fn judge_to(&self, name: &str, updates: &[Update]) -> Pushes {
        let remote = Remote::new(name, self.url());
        both(|| self.clone.open(), |r| pushed(r, updates, &remote)).unwrap()
    }

    /// The changes of the only pushed commit, and why.
    fn only(&self, updates: &[Update]) -> (Vec<String>, String) {
        let mut pushes = self.judge(updates);
        assert_eq!(pushes.commits.len(), 1, "{pushes:?}");
        let changes = pushes.commits.remove(0).changes;
        (brief(&changes.files), changes.reason)
    }
}

#[test]
fn an_update_is_judged_since_the_remote_s_tip() {
    let pair = Pair::new();
    let old = pair.clone.id("HEAD").short();
    pair.clone.commit("a", "1");
    pair.clone.commit("b", "1");
    let updates = pair.lines(&["origin", "main"]);
    let (files, reason) = pair.only(&updates);
    assert_eq!(files, ["A a", "A b"]);
    assert_eq!(reason, format!("since {old}, where refs/heads/main is"));
}

#[test]
fn a_new_branch_is_judged_by_what_the_remote_lacks() {
    let pair = Pair::new();
    let base = pair.clone.id("HEAD").short();
    pair.clone.git(&["checkout", "-q", "-b", "topic"]);
    pair.clone.commit("a", "1");
    pair.clone.git(&["checkout", "-q", "main"]);
    // Not checked out, no default branch of the remote known, the local one elsewhere.
    pair.clone
        .git(&["symbolic-ref", "-d", "refs/remotes/origin/HEAD"]);
    let updates = pair.lines(&["origin", "topic"]);
    let (files, reason) = pair.only(&updates);
    assert_eq!(files, ["A a"]);
    assert_eq!(reason, format!("origin lacks 1 commit, since {base}"));

    // A new branch on a commit that the remote has changes nothing.
    pair.clone.git(&["branch", "same", "origin/main"]);
    let updates = pair.lines(&["origin", "same"]);
    let (files, reason) = pair.only(&updates);
    assert_eq!(files, Vec::<String>::new());
    assert_eq!(reason, "origin has this commit already");
}

#[test]
fn a_forced_push_after_a_rebase_leaves_the_others_files_out() {
    let pair = Pair::new();
    pair.clone.git(&["checkout", "-q", "-b", "topic"]);
    pair.clone.commit("t", "1");
    pair.clone.git(&["push", "-q", "origin", "topic"]);
    pair.clone.git(&["checkout", "-q", "main"]);
    pair.clone.commit("m", "1");
    pair.clone.git(&["push", "-q", "origin", "main"]);
    pair.clone.git(&["checkout", "-q", "topic"]);
    pair.clone.git(&["rebase", "-q", "main"]);
    pair.clone.commit("t2", "1");
    let updates = pair.lines(&["-f", "origin", "topic"]);
    assert_eq!(pair.only(&updates).0, ["A t", "A t2"]);
}

#[test]
fn several_refs_are_judged_each_and_a_deletion_costs_nothing() {
    let pair = Pair::new();
    for name in ["one", "two"] {
        pair.clone
            .git(&["checkout", "-q", "-b", name, "origin/main"]);
        pair.clone.commit(name, "1");
    }
    pair.clone
        .git(&["push", "-q", "origin", "origin/main:refs/heads/old"]);
    pair.clone.git(&["branch", "twin", "two"]);
    let updates = pair.lines(&["origin", "one", "two", "twin", ":old"]);
    assert_eq!(updates.len(), 4);
    let pushes = pair.judge(&updates);
    let files: Vec<_> = pushes
        .commits
        .iter()
        .map(|p| brief(&p.changes.files))
        .collect();
    assert_eq!(files.concat().len(), 2, "{files:?}");
    let both_names = pushes.commits.iter().find(|p| p.refs.len() == 2).unwrap();
    assert_eq!(brief(&both_names.changes.files), ["A two"]);
    let mut names: Vec<_> = both_names.refs.iter().filter_map(Update::branch).collect();
    names.sort();
    assert_eq!(names, ["twin", "two"]);

    // A deletion does not even look for the object.
    let gone = Update {
        local_ref: "(delete)".into(),
        local: None,
        remote_ref: "refs/heads/x".into(),
        remote: Id::parse("e".repeat(40)),
    };
    assert_eq!(pair.judge(&[gone]), Pushes::default());
}

#[test]
fn refs_with_other_bases_for_one_commit_count_together() {
    let pair = Pair::new();
    pair.clone.commit("a", "1");
    pair.clone.git(&["push", "-q", "origin", "main:main"]);
    pair.clone
        .git(&["push", "-q", "origin", "main~1:refs/heads/behind"]);
    pair.clone.commit("b", "1");
    let updates = pair.lines(&["origin", "main", "main:behind"]);
    let (files, reason) = pair.only(&updates);
    assert_eq!(files, ["A a", "A b"]);
    assert!(reason.contains("; "), "{reason}");
}

#[test]
fn tags_are_peeled_and_what_is_no_commit_is_said() {
    let pair = Pair::new();
    pair.clone.git(&["tag", "light"]);
    pair.clone.git(&["tag", "-a", "-m", "x", "noted"]);
    pair.clone.git(&["tag", "-a", "-m", "x", "twice", "noted"]);
    let updates = pair.lines(&["origin", "light", "noted", "twice"]);
    let pushes = pair.judge(&updates);
    assert_eq!((pushes.commits.len(), pushes.commits[0].refs.len()), (1, 3));
    assert_eq!(pushes.commits[0].changes.files, []);
    assert_eq!(pushes.commits[0].refs[0].branch(), None);

    pair.clone.commit("a", "1");
    pair.clone.git(&["tag", "-a", "-m", "x", "new"]);
    assert_eq!(pair.only(&pair.lines(&["origin", "new"])).0, ["A a"]);

    pair.clone.git(&["tag", "tree", "HEAD^{tree}"]);
    pair.clone.git(&["tag", "-a", "-m", "x", "blob", "HEAD:a"]);
    let pushes = pair.judge(&pair.lines(&["origin", "tree", "blob"]));
    assert_eq!(pushes.commits, []);
    assert_eq!(
        pushes.unjudged,
        [
            "refs/tags/tree is a tree, not a commit: it was not judged",
            "refs/tags/blob is a blob, not a commit: it was not judged",
        ]
    );
}

#[test]
fn an_object_of_the_remote_that_is_not_here_is_no_obstacle() {
    let pair = Pair::new();
    let other = pair.remote.cloned(&[]);
    other.commit("theirs", "1");
    other.git(&["push", "-q", "origin", "main"]);
    pair.clone.commit("ours", "1");
    let updates = pair.lines(&["-f", "origin", "main"]);
    assert!(updates[0].remote.is_some());
    assert_eq!(pair.only(&updates).0, ["A ours"]);
}

#[test]
fn an_orphan_and_a_first_push_bring_everything() {
    let pair = Pair::new();
    pair.clone.git(&["checkout", "-q", "--orphan", "pages"]);
    pair.clone.commit("page", "1");
    let (files, reason) = pair.only(&pair.lines(&["origin", "pages"]));
    assert_eq!(files, ["A base", "A page"]);
    assert!(reason.contains("share no history"), "{reason}");

    let empty = Repo::with(&["--bare"]);
    let url = format!("file://{}", empty.root.display());
    pair.clone.git(&["remote", "add", "fresh", &url]);
    let updates = pair.lines(&["fresh", "main"]);
    let pushes = pair.judge_to("fresh", &updates);
    let changes = &pushes.commits[0].changes;
    assert_eq!(
        (brief(&changes.files), changes.base),
        (vec!["A base".to_owned()], None)
    );
    assert_eq!(
        changes.reason,
        "nothing is known of what fresh has, so all files count"
    );
}

#[test]
fn a_remote_given_by_url_is_the_configured_one() {
    let pair = Pair::new();
    pair.clone.git(&["checkout", "-q", "-b", "topic"]);
    pair.clone.commit("a", "1");
    let url = pair.url();
    for spelling in [
        url.clone(),
        format!("{url}/"),
        url.replace("file://", "there:"),
    ] {
        let parent = pair.remote.root.parent().unwrap().display().to_string();
        let key = format!("url.file://{parent}.insteadOf");
        pair.clone
            .git(&["config", &key, &format!("there:{parent}")]);
        let updates = pair.lines(&[&spelling, "topic"]);
        let pushes = pair.judge_to(&spelling, &updates);
        assert_eq!(
            brief(&pushes.commits[0].changes.files),
            ["A a"],
            "{spelling}"
        );
    }
    let updates = pair.lines(&[&url, "topic"]);
    let stranger = Remote::new("http://bob:hush@host/x", "http://bob:hush@host/x");
    let pushes = both(|| pair.clone.open(), |r| pushed(r, &updates, &stranger)).unwrap();
    let changes = &pushes.commits[0].changes;
    assert_eq!(brief(&changes.files), ["A a", "A base"]);
    assert_eq!(
        changes.reason,
        "nothing is known of what http://host/x has, so all files count"
    );
}

#[test]
fn a_remote_that_is_pushed_elsewhere_is_not_known_by_its_tracking_refs() {
    let pair = Pair::new();
    pair.clone.git(&["checkout", "-q", "-b", "topic"]);
    pair.clone.commit("a", "1");
    let updates = pair.lines(&["origin", "topic"]);
    let key = "remote.origin.pushurl";
    // The same place in other words: what is fetched from it is what it has.
    let parent = pair.remote.root.parent().unwrap().display().to_string();
    let rewrite = format!("url.file://{parent}.insteadOf");
    pair.clone
        .git(&["config", &rewrite, &format!("there:{parent}")]);
    let same = pair.url().replace("file://", "there:");
    pair.clone.git(&["config", key, &same]);
    assert_eq!(pair.only(&updates).0, ["A a"]);

    let other = Repo::with(&["--bare"]);
    let url = format!("file://{}", other.root.display());
    let judge = || {
        let remote = Remote::new("origin", url.as_str());
        let found = both(|| pair.clone.open(), |r| pushed(r, &updates, &remote));
        found.unwrap().commits.remove(0).changes
    };
    pair.clone.git(&["config", key, &url]);
    let changes = judge();
    assert_eq!(brief(&changes.files), ["A a", "A base"]);
    assert_eq!(
        changes.reason,
        "origin is not pushed where it is fetched from, so nothing is known of what it has: \
         all files count"
    );
    // A push to several places moves the tracking refs as soon as one of them has taken it.
    pair.clone.git(&["config", "--unset", key]);
    pair.clone
        .git(&["config", "--add", "remote.origin.url", &url]);
    assert_eq!(brief(&judge().files), ["A a", "A base"]);
}

#[test]
fn a_stale_or_mirrored_tracking_ref_hides_nothing() {
    let pair = Pair::new();
    pair.clone.git(&["checkout", "-q", "-b", "topic"]);
    pair.clone.commit("a", "1");
    pair.clone.git(&["push", "-q", "origin", "topic"]);
    // Deleted there by somebody else; here nobody noticed yet.
    pair.remote.git(&["branch", "-D", "topic"]);
    let updates = pair.lines(&["origin", "topic"]);
    assert_eq!(pair.only(&updates).0, ["A a"]);

    // A mirror's refspec names the local branches themselves: no word on what the remote has.
    pair.clone
        .git(&["config", "remote.origin.fetch", "+refs/*:refs/*"]);
    pair.clone.git(&["checkout", "-q", "-b", "other"]);
    let updates = pair.lines(&["origin", "other"]);
    assert_eq!(pair.only(&updates).0, ["A a", "A base"]);
}

#[test]
fn a_branch_with_merges_counts_only_what_is_new_to_all_its_bases() {
    let pair = Pair::new();
    pair.clone.git(&["checkout", "-q", "-b", "release"]);
    pair.clone.commit("released", "1");
    pair.clone.git(&["push", "-q", "origin", "release"]);
    pair.clone.git(&["checkout", "-q", "main"]);
    pair.clone.commit("m", "1");
    pair.clone.git(&["push", "-q", "origin", "main"]);
    pair.clone.git(&["checkout", "-q", "-b", "topic"]);
    pair.clone.commit("t", "1");
    pair.clone.git(&["merge", "-q", "-m", "x", "release"]);
    pair.clone.commit("released", "2");
    let updates = pair.lines(&["origin", "topic"]);
    let (files, reason) = pair.only(&updates);
    let counted: Vec<&str> = files.iter().map(|file| &file[2..]).collect();
    assert_eq!(counted, ["released", "t"]);
    assert!(reason.ends_with(" together"), "{reason}");

    // A base in the history of another tells nothing more.
    pair.clone.git(&["checkout", "-q", "-b", "long", "main~1"]);
    pair.clone.commit("l", "1");
    pair.clone.git(&["merge", "-q", "-m", "x", "main"]);
    let updates = pair.lines(&["origin", "long"]);
    let (files, reason) = pair.only(&updates);
    assert_eq!(files, ["A l"]);
    assert!(
        reason.ends_with(&format!("since {}", pair.clone.id("main").short())),
        "{reason}"
    );
}

#[test]
fn a_shallow_clone_pushes_what_it_added() {
    let source = Repo::new();
    for text in ["1", "2", "3"] {
        source.commit("base", text);
    }
    let remote = source.cloned(&["--bare"]);
    let clone = remote.cloned(&["--depth=1"]);
    let pair = Pair { remote, clone };
    pair.clone.git(&["checkout", "-q", "-b", "topic"]);
    pair.clone.commit("a", "1");
    assert_eq!(pair.only(&pair.lines(&["origin", "topic"])).0, ["A a"]);
    assert_eq!(pair.only(&pair.lines(&["origin", "topic:main"])).0, ["A a"]);
}

#[test]
fn matching_branches_are_all_judged() {
    let pair = Pair::new();
    pair.clone.git(&["push", "-q", "origin", "main:side"]);
    pair.clone.commit("m", "1");
    pair.clone
        .git(&["checkout", "-q", "-b", "side", "origin/side"]);
    pair.clone.commit("s", "1");
    pair.clone.git(&["config", "push.default", "matching"]);
    let pushes = pair.judge(&pair.lines(&["origin"]));
    let files: Vec<_> = pushes
        .commits
        .iter()
        .flat_map(|p| brief(&p.changes.files))
        .collect();
    assert_eq!(files, ["A m", "A s"]);
}

#[test]
fn sha_256_pushes_work_alike() {
    let source = Repo::with(&["--object-format=sha256"]);
    source.commit("base", "1");
    let remote = source.cloned(&["--bare"]);
    let clone = remote.cloned(&[]);
    let pair = Pair { remote, clone };
    pair.clone.git(&["checkout", "-q", "-b", "topic"]);
    pair.clone.commit("a", "1");
    let updates = pair.lines(&["origin", "topic"]);
    assert_eq!(updates[0].remote, None);
    assert_eq!(pair.only(&updates).0, ["A a"]);
}

#[test]
fn a_pushed_object_that_is_not_here_is_not_known() {
    let pair = Pair::new();
    let id = Id::parse("e".repeat(40)).unwrap();
    let updates = [Update {
        local_ref: "x".into(),
        local: Some(id),
        remote_ref: "refs/heads/x".into(),
        remote: None,
    }];
    let remote = Remote::new("origin", pair.url());
    let error = both(|| pair.clone.open(), |r| pushed(r, &updates, &remote)).unwrap_err();
    let is_shallow = false;
    assert_eq!(error, RepositoryError::Missing { id, is_shallow });
}
