//! Every kind of repository gives the same answers, and says who read it.

use super::{Repo, both, brief};
use crate::path::RepoPath;
use crate::repository::reader::Peeled;
use crate::repository::{Base, Judged, Repository, RepositoryError};

/// Files at the top, below folders, and changes of each kind staged over two commits.
fn fill(repo: &Repo) {
    repo.write("top", "1");
    repo.write("a/deep/er/file", "2");
    repo.write("a/other", "3");
    repo.write("b/same", "4");
    repo.git(&["add", "."]);
    repo.git(&["commit", "-q", "-m", "one"]);
    repo.commit("a/other", "33");
    stage(repo);
}

fn stage(repo: &Repo) {
    repo.stage("new", "5");
    repo.stage("top", "11");
    repo.git(&["rm", "-rq", "--cached", "a/deep"]);
    repo.write("meant", "6");
    repo.git(&["add", "-N", "meant"]);
}

const STAGED: [&str; 3] = ["D a/deep/er/file", "A new", "M top"];

/// Asks everything of both readers, and returns who served.
fn ask_all(open: &dyn Fn() -> Repository) -> String {
    let staged = both(open, |r| r.ask(|reader| reader.staged())).unwrap();
    assert_eq!(brief(&staged.changes), STAGED);
    let head = both(open, |r| r.ask(|reader| reader.head())).unwrap();
    let head = head.unwrap();
    let bases = [Some(Base::Commit(head)), Some(Base::Head)];
    assert!(bases.contains(&staged.base), "{:?}", staged.base);

    let before = both(open, |r| r.ask(|reader| reader.resolve("HEAD~1"))).unwrap();
    let Peeled::Commit(before) = before else {
        panic!("{before:?}");
    };
    let range = both(open, |r| r.ask(|reader| reader.between(Some(before), head)));
    assert_eq!(brief(&range.unwrap()), ["M a/other"]);
    let all = both(open, |r| r.ask(|reader| reader.between(None, head))).unwrap();
    assert_eq!(
        brief(&all),
        ["A a/deep/er/file", "A a/other", "A b/same", "A top"]
    );
    let listed = both(open, |r| r.ask(|reader| reader.indexed())).unwrap();
    assert_eq!(brief(&listed), ["A a/other", "A b/same", "A new", "A top"]);

    assert_eq!(
        both(open, Repository::branch).unwrap().as_deref(),
        Some("main")
    );
    for (path, is_tracked) in [
        ("a/other", true),
        ("a", false),
        ("gone", false),
        ("meant", true),
    ] {
        assert_eq!(
            both(open, |r| r.is_tracked(&path.into())),
            Ok(is_tracked),
            "{path}"
        );
    }
    let folders = both(open, Repository::folders).unwrap();
    assert_eq!(folders.all, ["", "a", "b"].map(Into::into));
    for (at, names) in [
        (
            &["a", "to", "b/same", "gone"][..],
            &["a/other", "b/same"][..],
        ),
        (&["meant", "top", "top"], &["meant", "top"]),
        (&["b/"], &[]),
        (&[], &[]),
        (&[""], &["a/other", "b/same", "meant", "new", "top"]),
    ] {
        let at: Vec<RepoPath> = at.iter().map(|path| RepoPath::from(*path)).collect();
        let found = both(open, |r| r.tracked(&at)).unwrap();
        let wanted: Vec<RepoPath> = names.iter().map(|path| RepoPath::from(*path)).collect();
        assert_eq!(found, wanted, "{at:?}");
    }
    for (judged, folder, names) in [
        (Judged::Index, "", "a/ b/ new top"),
        (Judged::Index, "a", "other"),
        (Judged::Index, "a/other", ""),
        (Judged::Index, "gone", ""),
        (Judged::Commit(head), "", "a/ b/ top"),
        (Judged::Commit(head), "a", "deep/ other"),
        (Judged::Commit(head), "a/deep/er", "file"),
        (Judged::Commit(head), "top", ""),
        (Judged::Commit(head), "gone/deeper", ""),
    ] {
        let found = both(open, |r| r.children(judged, &folder.into())).unwrap();
        let shown = found.iter().map(|child| match child.blob {
            Some(_) => child.name.to_string(),
            None => format!("{}/", child.name),
        });
        let shown: Vec<String> = shown.collect();
        assert_eq!(shown.join(" "), names, "{judged:?} {folder}");
    }
    let blob = staged.changes[1].new.unwrap().id;
    assert_eq!(both(open, |r| r.size(&blob)), Ok(Some(1)));
    let bytes = both(open, |r| r.read(&blob)).unwrap().unwrap();
    assert_eq!(bytes.len(), 1);
    assert_eq!(
        both(open, |r| r.ask(|reader| reader.is_ancestor(before, head))),
        Ok(true)
    );
    assert_eq!(
        both(open, |r| r.ask(|reader| reader.is_ancestor(head, before))),
        Ok(false)
    );
    assert_eq!(
        both(open, |r| r.ask(|reader| reader.merge_bases(head, before))),
        Ok(vec![before])
    );
    let lacking = both(open, |r| r.ask(|reader| reader.lacking(head, &[before]))).unwrap();
    assert_eq!((lacking.commits, lacking.boundaries), (1, vec![before]));
    let kept = both(open, |r| {
        r.ask(|reader| reader.independent(&[before, head]))
    });
    assert_eq!(kept, Ok(vec![head]));
    let refs = both(open, |r| r.ask(|reader| reader.refs("refs/heads/"))).unwrap();
    assert_eq!(refs, [("refs/heads/main".into(), head)]);

    let paths = ["top", "a/other", "new", "meant"].map(Into::into);
    let disagreeing = both(open, |r| r.disagreeing(&Judged::Index, &paths)).unwrap();
    assert_eq!(disagreeing.len(), 1, "{disagreeing:?}");
    assert_eq!(disagreeing[0].path, "meant".into());

    let repository = open();
    crate::change::staged(&repository).unwrap();
    repository.reader().to_owned()
}

#[test]
fn an_ordinary_repository_needs_no_git() {
    let repo = Repo::new();
    fill(&repo);
    assert_eq!(ask_all(&|| repo.open()), "guard's own walk");
    for version in ["3", "4", "2"] {
        repo.git(&["update-index", "--index-version", version]);
        assert_eq!(ask_all(&|| repo.open()), "guard's own walk");
    }
}

#[test]
fn sha_256_and_reftable_are_served_by_git() {
    let repo = Repo::with(&["--object-format=sha256"]);
    fill(&repo);
    assert_eq!(
        ask_all(&|| repo.open()),
        "the git program (SHA-256 objects)"
    );
    if let Some(repo) = Repo::with_tables() {
        fill(&repo);
        assert_eq!(ask_all(&|| repo.open()), "the git program (reftable)");
    }
}

#[test]
fn split_and_sparse_indexes_are_served_by_git() {
    let repo = Repo::new();
    fill(&repo);
    repo.git(&["update-index", "--split-index"]);
    assert_eq!(ask_all(&|| repo.open()), "the git program (a split index)");

    let repo = Repo::new();
    fill(&repo);
    repo.git(&["commit", "-q", "-m", "three"]);
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "x"]);
    let staged = both(|| repo.open(), |r| r.ask(|reader| reader.staged())).unwrap();
    assert_eq!(brief(&staged.changes), Vec::<String>::new());
    let listed = both(|| repo.open(), |r| r.ask(|reader| reader.indexed())).unwrap();
    assert_eq!(brief(&listed), ["A a/other", "A b/same", "A new", "A top"]);
    repo.stage("top", "again");
    let repository = repo.open();
    let staged = crate::change::staged(&repository).unwrap();
    assert_eq!(brief(&staged.files), ["M top"]);
    assert_eq!(repository.reader(), "the git program (a sparse index)");
    assert_eq!(repository.is_tracked(&"a/other".into()), Ok(true));
}

#[test]
fn a_partial_clone_is_read_without_fetching() {
    let source = Repo::new();
    fill(&source);
    source.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = source.cloned(&["--filter=blob:none", "--no-checkout"]);
    let head = clone.id("HEAD");
    for extension in [false, true] {
        if extension {
            clone.git(&["config", "core.repositoryformatversion", "1"]);
            clone.git(&["config", "extensions.partialClone", "origin"]);
        }
        let all = both(
            || clone.open(),
            |r| r.ask(|reader| reader.between(None, head)),
        )
        .unwrap();
        assert_eq!(all.len(), 4);
        let blob = all[0].new.unwrap().id;
        assert_eq!(both(|| clone.open(), |r| r.size(&blob)), Ok(None));
        assert_eq!(both(|| clone.open(), |r| r.read(&blob)), Ok(None));
    }
    assert_eq!(clone.open().reader(), "the git program (a partial clone)");
}

#[test]
fn what_is_stored_is_read_whatever_replaces_it() {
    let repo = Repo::new();
    let one = repo.commit("a", "1");
    let two = repo.commit("a", "2");
    let asked = || {
        let changed = both(|| repo.open(), |r| r.ask(|r| r.between(Some(one), two)));
        assert_eq!(brief(&changed.unwrap()), ["M a"]);
        let is_ancestor = both(|| repo.open(), |r| r.ask(|r| r.is_ancestor(one, two)));
        assert_eq!(is_ancestor, Ok(true));
        repo.open().reader().to_owned()
    };
    repo.git(&["replace", &two.to_string(), &one.to_string()]);
    assert_eq!(asked(), "guard's own walk");
    repo.git(&["replace", "-d", &two.to_string()]);
    repo.write(".git/info/grafts", format!("{two}\n"));
    assert_eq!(asked(), "the git program (grafts)");
}

#[test]
fn a_shallow_clone_ends_where_git_says() {
    let source = Repo::new();
    for text in ["1", "2", "3"] {
        source.commit("a", text);
    }
    let clone = source.cloned(&["--depth=2"]);
    let (old, new) = (clone.id("HEAD~1"), clone.commit("b", "1"));
    let open = || clone.open();
    assert_eq!(
        both(open, |r| r.ask(|reader| reader.is_ancestor(old, new))),
        Ok(true)
    );
    let lacking = both(open, |r| r.ask(|reader| reader.lacking(new, &[old]))).unwrap();
    assert_eq!((lacking.commits, lacking.boundaries), (2, vec![old]));
    let lacking = both(open, |r| r.ask(|reader| reader.lacking(new, &[]))).unwrap();
    assert_eq!((lacking.commits, lacking.boundaries), (3, vec![]));
}

#[test]
fn a_cut_holds_even_where_what_lies_behind_it_is_here() {
    let repo = Repo::new();
    let old = repo.commit("a", "1");
    let cut = repo.commit("a", "2");
    let new = repo.commit("a", "3");
    repo.write(".git/shallow", format!("{cut}\n"));
    let ask = || {
        let open = || repo.open();
        let found = both(open, |r| r.ask(|reader| reader.is_ancestor(old, new)));
        assert_eq!(found, Ok(false));
        let found = both(open, |r| r.ask(|reader| reader.merge_bases(old, new)));
        assert_eq!(found, Ok(vec![]));
        let lacking = both(open, |r| r.ask(|reader| reader.lacking(new, &[old]))).unwrap();
        assert_eq!((lacking.commits, lacking.boundaries), (2, vec![]));
        let repository = repo.open();
        let kept = repository
            .ask(|reader| reader.independent(&[old, new]))
            .unwrap();
        assert_eq!(kept.len(), 2);
        repository.reader().to_owned()
    };
    assert_eq!(ask(), "guard's own walk");
    // A commit graph from before the cut knows more, and must not be asked.
    std::fs::remove_file(repo.root.join(".git/shallow")).unwrap();
    let write = ["commit-graph", "write", "--reachable"];
    repo.git(&[&["-c", "commitGraph.generationVersion=1"], &write[..]].concat());
    repo.write(".git/shallow", format!("{cut}\n"));
    assert_eq!(
        ask(),
        "the git program (a shallow clone with a commit graph)"
    );
}

#[test]
fn conflicts_are_named_by_both_readers() {
    let repo = Repo::new();
    repo.commit("b", "1");
    repo.commit("a/x", "1");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.commit("b", "2");
    repo.commit("a/x", "2");
    repo.git(&["checkout", "-q", "main"]);
    repo.commit("b", "3");
    repo.git(&["rm", "-q", "a/x"]);
    repo.git(&["commit", "-q", "-m", "gone"]);
    repo.try_git(&["merge", "-q", "side"]);
    let found = both(|| repo.open(), crate::change::staged);
    let paths = vec!["a/x".into(), "b".into()];
    assert_eq!(found, Err(RepositoryError::Unmerged { paths }));
}

#[test]
fn before_the_first_commit_all_is_new() {
    for arguments in [&[][..], &["--object-format=sha256"]] {
        let repo = Repo::with(arguments);
        let empty = both(|| repo.open(), crate::change::staged).unwrap();
        assert_eq!((empty.base, empty.files), (None, vec![]));
        repo.stage("a/b", "1");
        let staged = both(|| repo.open(), crate::change::staged).unwrap();
        assert_eq!(brief(&staged.files), ["A a/b"]);
        assert_eq!(staged.reason, "what is staged for the first commit");
        assert_eq!(repo.open().branch().unwrap().as_deref(), Some("main"));
    }
}

#[test]
fn a_damaged_index_or_tree_is_never_good() {
    let repo = Repo::new();
    fill(&repo);
    let index = repo.root.join(".git/index");
    let whole = std::fs::read(&index).unwrap();
    for cut in [0, 3, 11, 12, 40, 75, whole.len() / 2, whole.len() - 21] {
        std::fs::write(&index, &whole[..cut]).unwrap();
        let found = crate::change::staged(&repo.open());
        let file = index.clone();
        assert_eq!(found, Err(RepositoryError::DamagedIndex { file }), "{cut}");
    }
    std::fs::write(&index, &whole).unwrap();
    let tree = repo.git(&["rev-parse", "HEAD:a"]);
    let object = format!(".git/objects/{}/{}", &tree[..2], &tree[2..]);
    std::fs::remove_file(repo.root.join(object)).unwrap();
    let repository = repo.open();
    let error = crate::change::staged(&repository).unwrap_err();
    assert!(
        matches!(error, RepositoryError::Unreadable { .. }),
        "{error:?}"
    );
    assert_eq!(repository.reader(), "the git program (a missing tree)");
}

/// A repository whose index is read in parts.
fn large() -> Repo {
    let repo = Repo::new();
    fill(&repo);
    let blob = repo.id("HEAD:top");
    let more: Vec<String> = (0..9000)
        .map(|number| format!("100644 {blob}\tlarge/{:02}/{number:06}\n", number % 97))
        .collect();
    repo.git_with(&["update-index", "--index-info"], &more.concat());
    repo
}

#[test]
fn a_large_index_gives_the_same_answers() {
    let repo = large();
    let open = || repo.open();
    let paths = ["large/00/000097", "large/96", "a/other", "none"].map(RepoPath::from);
    let staged = both(open, |r| r.ask(|reader| reader.staged())).unwrap();
    assert_eq!(staged.changes.len(), 9003);
    let folders = both(open, Repository::folders).unwrap();
    assert_eq!(folders.all.len(), 101);
    let tracked = both(open, |r| r.tracked(&paths)).unwrap();
    assert_eq!(tracked.len(), 94);
    both(open, |r| r.tracked(&[RepoPath::root()])).unwrap();
    both(open, |r| r.ask(|reader| reader.indexed_at(&paths))).unwrap();
    for path in &paths {
        both(open, |r| r.is_tracked(path)).unwrap();
    }
    for folder in ["", "a", "large", "large/50"].map(RepoPath::from) {
        both(open, |r| r.children(Judged::Index, &folder)).unwrap();
    }
    assert_eq!(repo.open().reader(), "guard's own walk");
}

#[cfg(unix)]
#[test]
fn a_large_index_that_something_wrote_into_is_no_longer_believed() {
    use std::os::unix::fs::FileExt;
    let repo = large();
    let opened = repo.open();
    assert_eq!(opened.is_tracked(&"large/50/000050".into()), Ok(true));
    let file = repo.root.join(".git/index");
    let half = std::fs::read(&file).unwrap().len() / 2;
    let written = std::fs::File::options().write(true).open(&file).unwrap();
    written.write_all_at(&vec![0; half], half as u64).unwrap();
    let why = opened.is_tracked(&"large/96/000096".into()).unwrap_err();
    assert_eq!(
        why.to_string(),
        "the index could not be read: something wrote into it while guard judged what it held"
    );
    // What is asked afterwards has no other answer, not even git's.
    assert_eq!(opened.folders(), Err(why.clone()));
    assert_eq!(opened.is_tracked(&"large/00/000000".into()), Err(why));
}
