//! Files whose work-tree form is not the stored one, and repositories of other forms.

use super::*;

/// `f` staged and laid out by git under these attributes, then edited in the work tree and mended.
struct Case {
    attributes: &'static str,
    settings: &'static [(&'static str, &'static str)],
    /// In work-tree form.
    base: &'static [u8],
    ours: &'static [u8],
    fixed: &'static [u8],
    /// In the work tree, and in the index.
    wanted: (&'static [u8], &'static [u8]),
}

const CASES: [Case; 9] = [
    Case {
        attributes: "* text eol=crlf\n",
        settings: &[],
        base: b"a\r\nb\r\nc\r\n",
        ours: b"a\r\nb\r\nmine\r\n",
        fixed: b"A\r\nb\r\nc\r\n",
        wanted: (b"A\r\nb\r\nmine\r\n", b"A\nb\nc\n"),
    },
    Case {
        attributes: "",
        settings: &[("core.autocrlf", "true")],
        base: b"a\r\nb\r\nc\r\n",
        ours: b"a\r\nb\r\nmine\r\n",
        fixed: b"A\r\nb\r\nc\r\n",
        wanted: (b"A\r\nb\r\nmine\r\n", b"A\nb\nc\n"),
    },
    // The user's file has other line ends than a checkout would give it: they stay his.
    Case {
        attributes: "",
        settings: &[("core.autocrlf", "input")],
        base: b"a\nb\nc\n",
        ours: b"a\nb\nmine\r\n",
        fixed: b"A\nb\nc\n",
        wanted: (b"A\nb\nmine\r\n", b"A\nb\nc\n"),
    },
    // UTF-16, in which a line end is two bytes.
    Case {
        attributes: "* text working-tree-encoding=UTF-16LE\n",
        settings: &[],
        base: b"a\0\n\0b\0\n\0c\0\n\0",
        ours: b"a\0\n\0b\0\n\0d\0\n\0",
        fixed: b"A\0\n\0b\0\n\0c\0\n\0",
        wanted: (b"A\0\n\0b\0\n\0d\0\n\0", b"A\nb\nc\n"),
    },
    Case {
        attributes: "* filter=up\n",
        settings: &[
            ("filter.up.clean", "tr abcdm ABCDM"),
            ("filter.up.smudge", "tr ABCDM abcdm"),
        ],
        base: b"a\nb\nc\n",
        ours: b"a\nb\nm\n",
        fixed: b"d\nb\nc\n",
        wanted: (b"d\nb\nm\n", b"D\nB\nC\n"),
    },
    // The id in the text is no part of what is stored, and is another one afterwards.
    Case {
        attributes: "* ident\n",
        settings: &[],
        base: b"$Id$\nb\nc\n",
        ours: b"$Id$\nb\nc\n",
        fixed: b"$Id: 123 $\nB\nc\n",
        wanted: (b"$Id: 123 $\nB\nc\n", b"$Id$\nB\nc\n"),
    },
    Case {
        attributes: "* -text\n",
        settings: &[("core.autocrlf", "true")],
        base: b"a\r\nb\nc",
        ours: b"a\r\nb\nmine",
        fixed: b"A\r\nb\nc",
        wanted: (b"A\r\nb\nmine", b"A\r\nb\nc"),
    },
    Case {
        attributes: "",
        settings: &[],
        base: b"a\r\nb\r\nc",
        ours: b"a\r\nb\r\nmine",
        fixed: b"A\r\nb\r\nc",
        wanted: (b"A\r\nb\r\nmine", b"A\r\nb\r\nc"),
    },
    Case {
        attributes: "",
        settings: &[],
        base: b"\xff\0\x01",
        ours: b"\xff\0\x01",
        fixed: b"\xfe\0\x01",
        wanted: (b"\xfe\0\x01", b"\xfe\0\x01"),
    },
];

#[test]
fn every_form_is_kept() {
    for (number, case) in CASES.iter().enumerate() {
        let repo = Repo::new();
        for (name, value) in case.settings {
            repo.git(&["config", name, value]);
        }
        repo.commit(".gitattributes", case.attributes);
        repo.stage("sub/f", case.base);
        fs::write(repo.root.join("sub/f"), case.ours).unwrap();
        mended(&repo, &[edit(&repo, "sub/f", case.fixed)])
            .unwrap_or_else(|error| panic!("{number}: {error}"));
        assert_eq!(file(&repo, "sub/f"), case.wanted.0, "{number}, work tree");
        assert_eq!(indexed(&repo, "sub/f"), case.wanted.1, "{number}, index");
        let is_even = case.base == case.ours;
        let status = repo.git(&["status", "--porcelain"]);
        assert_eq!(
            status,
            if is_even { "A  sub/f" } else { "AM sub/f" },
            "{number}"
        );
    }
}

#[test]
fn line_ends_that_the_index_holds_are_kept_as_git_add_keeps_them() {
    let repo = Repo::new();
    repo.commit("f", "a\r\nb\r\nc\r\n");
    repo.stage(".gitattributes", "* text=auto\n");
    repo.stage("f", "a\r\nb\r\nd\r\n");
    repo.git(&["commit", "-q", "-m", "x"]);
    assert_eq!(indexed(&repo, "f"), b"a\r\nb\r\nd\r\n");
    repo.stage("f", "a\r\nb\r\ne\r\n");
    mended(&repo, &[edit(&repo, "f", "A\r\nb\r\ne\r\n")]).unwrap();
    assert_eq!(indexed(&repo, "f"), b"A\r\nb\r\ne\r\n");
    assert_eq!(repo.git(&["status", "--porcelain"]), "M  f");
}

#[test]
fn only_line_ends_that_git_does_not_store_are_no_fix() {
    let repo = Repo::new();
    repo.commit(".gitattributes", "* text\n");
    repo.stage("f", BASE);
    let fixed = BASE.replace('\n', "\r\n");
    let done = mended(&repo, &[edit(&repo, "f", fixed)]).unwrap();
    assert!(done.files.is_empty());
    assert_eq!(file(&repo, "f"), BASE.as_bytes());
}

#[test]
fn a_filter_that_refuses_changes_nothing() {
    let repo = Repo::new();
    repo.commit(".gitattributes", "* filter=no\n");
    repo.stage("f", BASE);
    repo.git(&["config", "filter.no.clean", "false"]);
    repo.git(&["config", "filter.no.required", "true"]);
    let error = mended(&repo, &[edit(&repo, "f", FIXED)]).unwrap_err();
    assert!(matches!(error, MendError::Convert { .. }), "{error}");
    assert_eq!(file(&repo, "f"), BASE.as_bytes());
    assert_eq!(indexed(&repo, "f"), BASE.as_bytes());
}

fn a_fix_with_an_unstaged_change_works(repo: &Repo) {
    repo.stage("f", BASE);
    repo.stage("g", BASE);
    repo.write("f", "one\ntwo\nthree\nfour\nfive\nmine\n");
    mended(repo, &[edit(repo, "f", FIXED), edit(repo, "g", FIXED)]).unwrap();
    assert_eq!(indexed(repo, "f"), FIXED.as_bytes());
    assert_eq!(file(repo, "f"), b"ONE\ntwo\nthree\nfour\nfive\nmine\n");
    assert_eq!(file(repo, "g"), FIXED.as_bytes());
    assert!(repo.git(&["status", "--porcelain"]).ends_with("AM f\nA  g"));
    repo.git(&["commit", "-q", "-m", "x"]);
    let fsck = repo.try_git(&["fsck", "--strict"]);
    assert!(fsck.status.success(), "{fsck:?}");
}

#[test]
fn every_kind_of_index_and_object_works() {
    a_fix_with_an_unstaged_change_works(&Repo::with(&["--object-format=sha256"]));
    a_fix_with_an_unstaged_change_works(&Repo::with(&["--ref-format=reftable"]));
    let kinds: [&[&[&str]]; 4] = [
        &[&["config", "index.version", "4"]],
        &[&["update-index", "--split-index"]],
        &[
            &["config", "splitIndex.maxPercentChange", "0"],
            &["update-index", "--split-index"],
        ],
        &[
            &["config", "core.untrackedCache", "true"],
            &["update-index", "--untracked-cache"],
        ],
    ];
    for kind in kinds {
        let repo = Repo::new();
        repo.commit("a/b", "x\n");
        for command in kind {
            repo.git(command);
        }
        a_fix_with_an_unstaged_change_works(&repo);
    }
}

#[test]
fn a_sparse_index_stays_one() {
    let repo = Repo::new();
    repo.commit("in/f", "x\n");
    repo.commit("out/deep/g", "x\n");
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    repo.stage("in/f", BASE);
    mended(&repo, &[edit(&repo, "in/f", FIXED)]).unwrap();
    assert_eq!(repo.git(&["status", "--porcelain"]), "M  in/f");
    assert!(repo.git(&["ls-files", "--sparse"]).contains("out/"));
    assert!(!repo.root.join("out").exists());
}

#[test]
fn flags_of_an_entry_are_kept() {
    let repo = with_f();
    repo.stage("g", BASE);
    repo.git(&["update-index", "--skip-worktree", "f"]);
    repo.git(&["update-index", "--assume-unchanged", "g"]);
    fs::remove_file(repo.root.join("f")).unwrap();
    mended(&repo, &[edit(&repo, "f", FIXED), edit(&repo, "g", FIXED)]).unwrap();
    assert_eq!(repo.git(&["ls-files", "-v"]), "S f\nh g");
    assert_eq!(indexed(&repo, "f"), FIXED.as_bytes());
}
