//! Writing back, with real repositories: what is staged, what the work tree holds, and what is left behind.

mod commits;
mod forms;
mod killed;
mod saves;

use crate::config::valid::EmptyFix;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, Instant};

use super::{Edit, MendError, Mended, mend};
use crate::path::RepoPath;
use crate::process::signal::Cancel;
use crate::repository::tests::Repo;
use crate::repository::{Blob, Id, Mode};

const BASE: &str = "one\ntwo\nthree\nfour\nfive\nsix\n";
const FIXED: &str = "ONE\ntwo\nthree\nfour\nfive\nsix\n";

/// What the index holds at a path, by git.
fn staged(repo: &Repo, path: &str) -> Blob {
    let told = repo.git(&["ls-files", "-s", "--", path]);
    let mut words = told.split_whitespace();
    let mode = match words.next().unwrap() {
        "100644" => Mode::File,
        "100755" => Mode::Executable,
        "120000" => Mode::Link,
        other => panic!("{other}"),
    };
    let id = Id::parse(words.next().unwrap()).unwrap();
    Blob { id, mode }
}

fn edit(repo: &Repo, path: &str, fixed: impl AsRef<[u8]>) -> Edit {
    Edit {
        path: RepoPath::from(path),
        staged: staged(repo, path),
        fixed: fixed.as_ref().to_vec(),
    }
}

fn mend_with(repo: &Repo, variables: &[(&str, &str)], edits: &[Edit]) -> Result<Mended, MendError> {
    let repository = repo.open_with(variables);
    mend(
        &repository,
        &repo.environment_with(variables),
        edits,
        EmptyFix::Block,
        &Cancel::new(),
    )
}

/// Mends, and looks for what must never be left behind.
fn mended(repo: &Repo, edits: &[Edit]) -> Result<Mended, MendError> {
    let done = mend_with(repo, &[], edits);
    is_tidy(repo);
    done
}

fn is_tidy(repo: &Repo) {
    let git_dir = repo.root.join(".git");
    assert!(!git_dir.join("index.lock").exists());
    let left: Vec<_> = fs::read_dir(git_dir.join("guard/mend"))
        .map(|entries| entries.map(|entry| entry.unwrap().file_name()).collect())
        .unwrap_or_default();
    assert!(left.iter().all(|name| name == "door"), "{left:?}");
    let others = repo.git(&["ls-files", "--others"]);
    assert!(!others.contains(".guard-mend"), "{others}");
}

fn indexed(repo: &Repo, path: &str) -> Vec<u8> {
    let spec = format!(":{path}");
    repo.try_git(&["cat-file", "blob", &spec]).stdout
}

fn file(repo: &Repo, path: &str) -> Vec<u8> {
    fs::read(repo.root.join(path)).unwrap()
}

/// Waits until the work tree holds the fix, which is before the index does.
fn until_fixed(repo: &Repo, path: &str) {
    let end = Instant::now() + Duration::from_secs(30);
    while file(repo, path) != FIXED.as_bytes() {
        assert!(Instant::now() < end, "{path} was never fixed");
        std::thread::yield_now();
    }
}

/// A repository with `f` committed as something else and staged as `BASE`.
fn with_f() -> Repo {
    let repo = Repo::new();
    repo.commit("f", "old\n");
    repo.stage("f", BASE);
    repo
}

#[test]
fn a_fix_reaches_both_and_the_status_is_clean() {
    let repo = with_f();
    repo.stage("untouched", "x\n");
    let done = mended(&repo, &[edit(&repo, "f", FIXED)]).unwrap();
    assert_eq!(done.files, vec![RepoPath::from("f")]);
    assert!(done.saved_over.is_empty() && done.rescued.is_empty());
    assert_eq!(indexed(&repo, "f"), FIXED.as_bytes());
    assert_eq!(file(&repo, "f"), FIXED.as_bytes());
    assert_eq!(repo.git(&["status", "--porcelain"]), "M  f\nA  untouched");
    // git remembers how the file looks, so that it need not read it again.
    let told = repo.git(&["ls-files", "--debug", "f"]);
    let about = fs::metadata(repo.root.join("f")).unwrap();
    assert!(told.contains(&format!("ino: {}", about.ino())), "{told}");
}

#[test]
fn an_unstaged_change_elsewhere_is_merged_and_stays_unstaged() {
    let repo = with_f();
    repo.write("f", "one\ntwo\nthree\nfour\nfive\nmine\n");
    mended(&repo, &[edit(&repo, "f", FIXED)]).unwrap();
    assert_eq!(indexed(&repo, "f"), FIXED.as_bytes());
    assert_eq!(file(&repo, "f"), b"ONE\ntwo\nthree\nfour\nfive\nmine\n");
    assert_eq!(repo.git(&["status", "--porcelain"]), "MM f");
}

#[test]
fn one_collision_refuses_all_and_names_every_place() {
    let repo = with_f();
    repo.stage("good", BASE);
    repo.stage("image", b"\0a\n");
    repo.write("f", "new\nmine\ntwo\nthree\nfour\nfive\nsix\n");
    repo.write("image", b"\0b\n");
    let before = (
        fs::read(repo.root.join(".git/index")).unwrap(),
        file(&repo, "f"),
    );
    let inode = fs::metadata(repo.root.join("good")).unwrap().ino();
    let edits = [
        edit(&repo, "good", FIXED),
        edit(&repo, "f", FIXED),
        edit(&repo, "image", b"\0c\n"),
    ];
    let error = mended(&repo, &edits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the fix meets changes that are not staged: f:1, image"
    );
    let after = (
        fs::read(repo.root.join(".git/index")).unwrap(),
        file(&repo, "f"),
    );
    assert!(before == after);
    assert_eq!(file(&repo, "good"), BASE.as_bytes());
    assert_eq!(fs::metadata(repo.root.join("good")).unwrap().ino(), inode);
}

#[test]
fn a_work_tree_that_has_the_fix_already_is_left_alone() {
    let repo = with_f();
    repo.write("f", FIXED);
    let inode = fs::metadata(repo.root.join("f")).unwrap().ino();
    mended(&repo, &[edit(&repo, "f", FIXED)]).unwrap();
    assert_eq!(fs::metadata(repo.root.join("f")).unwrap().ino(), inode);
    assert_eq!(repo.git(&["status", "--porcelain"]), "M  f");
}

#[test]
fn what_the_work_tree_lacks_or_has_otherwise_is_fixed_in_the_index_alone() {
    let repo = with_f();
    for path in ["gone", "link", "folder", "sub/gone", "flat/x"] {
        repo.stage(path, BASE);
    }
    let at = |path: &str| repo.root.join(path);
    fs::remove_file(at("gone")).unwrap();
    fs::remove_file(at("link")).unwrap();
    symlink("f", at("link")).unwrap();
    fs::remove_file(at("folder")).unwrap();
    fs::create_dir(at("folder")).unwrap();
    fs::remove_dir_all(at("sub")).unwrap();
    fs::remove_dir_all(at("flat")).unwrap();
    repo.write("flat", "a file\n");
    let status = repo.git(&["status", "--porcelain"]);
    let paths = ["gone", "link", "folder", "sub/gone", "flat/x"];
    let edits: Vec<Edit> = paths.iter().map(|path| edit(&repo, path, FIXED)).collect();
    mended(&repo, &edits).unwrap();
    for path in paths {
        assert_eq!(indexed(&repo, path), FIXED.as_bytes(), "{path}");
    }
    assert_eq!(repo.git(&["status", "--porcelain"]), status);
    assert_eq!(file(&repo, "f"), BASE.as_bytes());
}

#[test]
fn mode_attributes_and_other_names_are_kept() {
    let repo = with_f();
    repo.stage("run", BASE);
    let run = repo.root.join("run");
    fs::set_permissions(&run, fs::Permissions::from_mode(0o750)).unwrap();
    repo.git(&["add", "run"]);
    let flags = rustix::fs::XattrFlags::empty();
    let has_attributes = rustix::fs::setxattr(&run, "user.guard", b"kept", flags).is_ok();
    fs::hard_link(&run, repo.root.join("other")).unwrap();
    mended(&repo, &[edit(&repo, "run", FIXED)]).unwrap();
    assert_eq!(file(&repo, "run"), FIXED.as_bytes());
    assert_eq!(fs::metadata(&run).unwrap().mode() & 0o7777, 0o750);
    assert_eq!(staged(&repo, "run").mode, Mode::Executable);
    // A second name is another file's from now on, as with every editor that saves by renaming.
    assert_eq!(file(&repo, "other"), BASE.as_bytes());
    if has_attributes {
        let mut value = [0; 16];
        let length = rustix::fs::getxattr(&run, "user.guard", &mut value[..]).unwrap();
        assert_eq!(&value[..length], b"kept");
    }
}

#[test]
fn a_link_in_the_way_is_refused() {
    let repo = with_f();
    repo.stage("sub/f", BASE);
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("f"), BASE).unwrap();
    fs::remove_dir_all(repo.root.join("sub")).unwrap();
    symlink(outside.path(), repo.root.join("sub")).unwrap();
    let error = mended(
        &repo,
        &[edit(&repo, "f", FIXED), edit(&repo, "sub/f", FIXED)],
    );
    let text = error.unwrap_err().to_string();
    assert_eq!(text, "sub/f is not written: a folder in its path is a link");
    assert_eq!(file(&repo, "f"), BASE.as_bytes());
    assert_eq!(fs::read(outside.path().join("f")).unwrap(), BASE.as_bytes());
}

#[test]
fn hostile_paths_are_refused_before_anything_happens() {
    let repo = with_f();
    let blob = staged(&repo, "f");
    let config = fs::read(repo.root.join(".git/config")).unwrap();
    for path in [
        ".git/config",
        "a/../../x",
        "/etc/x",
        ".GIT/config",
        "a/.git",
        "",
        "a//b",
        "GIT~1/x",
    ] {
        let edit = Edit {
            path: RepoPath::from(path),
            staged: blob,
            fixed: b"evil".to_vec(),
        };
        let error = mend_with(&repo, &[], &[edit]).unwrap_err();
        assert!(matches!(error, MendError::Unsafe { .. }), "{path}: {error}");
    }
    assert_eq!(fs::read(repo.root.join(".git/config")).unwrap(), config);
}

#[test]
fn odd_names_are_written() {
    let repo = with_f();
    let names = [
        "a b",
        "a\nb",
        "\"q\"",
        "back\\slash",
        "-dash",
        "tab\t",
        "$(x)",
        "[x]",
        ":(top)x",
        "é",
    ];
    for name in names {
        repo.write(name, BASE);
    }
    repo.git(&["add", "-A"]);
    let all: Vec<Edit> = names
        .iter()
        .map(|name| {
            let id = staged(&repo, "f").id;
            let mode = Mode::File;
            let staged = Blob { id, mode };
            let path = RepoPath::from(*name);
            let fixed = FIXED.as_bytes().to_vec();
            Edit {
                path,
                staged,
                fixed,
            }
        })
        .collect();
    for attributes in ["", "* text=auto ident\n"] {
        repo.git(&["read-tree", "HEAD"]);
        for name in names {
            repo.write(name, BASE);
        }
        repo.write(".gitattributes", attributes);
        repo.git(&["add", "-A"]);
        mended(&repo, &all).unwrap();
        for name in names {
            assert_eq!(file(&repo, name), FIXED.as_bytes(), "{name}");
            assert_eq!(indexed(&repo, name), FIXED.as_bytes(), "{name}");
        }
    }
}

#[test]
fn a_fix_that_takes_everything_back_is_refused_but_in_a_merge() {
    let repo = with_f();
    let error = mended(&repo, &[edit(&repo, "f", "old\n")]).unwrap_err();
    assert!(matches!(error, MendError::WouldBeEmpty), "{error}");
    assert_eq!(file(&repo, "f"), BASE.as_bytes());
    let head = repo.id("HEAD").to_string();
    fs::write(repo.root.join(".git/MERGE_HEAD"), head).unwrap();
    mended(&repo, &[edit(&repo, "f", "old\n")]).unwrap();
    assert_eq!(indexed(&repo, "f"), b"old\n");
    assert!(repo.root.join(".git/MERGE_HEAD").exists());
    // With something else staged the commit is not empty.
    fs::remove_file(repo.root.join(".git/MERGE_HEAD")).unwrap();
    repo.stage("f", BASE);
    repo.stage("g", BASE);
    mended(&repo, &[edit(&repo, "f", "old\n")]).unwrap();
    assert_eq!(repo.git(&["status", "--porcelain"]), "A  g");
}

#[test]
fn what_was_staged_anew_is_refused_and_the_work_tree_put_back() {
    let repo = with_f();
    let edit = edit(&repo, "f", FIXED);
    repo.git(&["update-index", "--chmod=+x", "f"]);
    let error = mended(&repo, &[edit]).unwrap_err();
    assert!(matches!(error, MendError::Restaged { .. }), "{error}");
    assert_eq!(file(&repo, "f"), BASE.as_bytes());
    assert_eq!(indexed(&repo, "f"), BASE.as_bytes());
    assert_eq!(staged(&repo, "f").mode, Mode::Executable);
}

#[test]
fn first_commit_linked_work_tree_and_other_entries() {
    let repo = Repo::new();
    repo.stage("f", BASE);
    repo.write("later", "x\n");
    repo.git(&["add", "-N", "later"]);
    mended(&repo, &[edit(&repo, "f", FIXED)]).unwrap();
    assert_eq!(repo.git(&["status", "--porcelain"]), "A  f\n A later");
    repo.git(&["commit", "-q", "-m", "x"]);

    let linked = Repo::nowhere();
    repo.git(&["worktree", "add", "-q", linked.root.to_str().unwrap()]);
    linked.stage("f", BASE);
    mend_with(
        &linked,
        &[],
        &[edit(&linked, "f", "A\ntwo\nthree\nfour\nfive\nsix\n")],
    )
    .unwrap();
    assert_eq!(linked.git(&["status", "--porcelain"]), "M  f");
    assert_eq!(repo.git(&["status", "--porcelain"]), " A later");
    is_tidy(&repo);
    assert!(
        Path::new(&linked.git(&["rev-parse", "--git-dir"]))
            .join("index")
            .exists()
    );
}

#[test]
fn a_repository_on_another_file_system_has_its_files_written_beside() {
    let memory = Path::new("/dev/shm");
    let device = |path: &Path| fs::metadata(path).map(|about| about.dev()).ok();
    if device(memory).is_none() || device(memory) == device(&std::env::temp_dir()) {
        // One file system holds all here.
        return;
    }
    let apart = tempfile::tempdir_in(memory).unwrap();
    let git_dir = apart.path().join("git");
    let repo = Repo::with(&["--separate-git-dir", git_dir.to_str().unwrap()]);
    repo.stage("sub/f", BASE);
    repo.write("sub/f", "one\ntwo\nthree\nfour\nfive\nmine\n");
    mend_with(&repo, &[], &[edit(&repo, "sub/f", FIXED)]).unwrap();
    assert_eq!(file(&repo, "sub/f"), b"ONE\ntwo\nthree\nfour\nfive\nmine\n");
    assert_eq!(repo.git(&["status", "--porcelain"]), "AM sub/f");
    assert_eq!(fs::read_dir(git_dir.join("guard/mend")).unwrap().count(), 1);
}

#[test]
fn many_files_take_few_processes() {
    let repo = with_f();
    for number in 0..300 {
        repo.write(&format!("d{}/f{number}", number % 7), BASE);
    }
    repo.git(&["add", "-A"]);
    let paths = repo.git(&["ls-files", "d*"]);
    let blob = staged(&repo, "f");
    let edits: Vec<Edit> = paths
        .lines()
        .map(|path| Edit {
            path: path.into(),
            staged: blob,
            fixed: FIXED.into(),
        })
        .collect();
    assert_eq!(edits.len(), 300);
    mended(&repo, &edits).unwrap();
    let blob = repo.git(&["hash-object", "d0/f0"]);
    assert_eq!(
        repo.git(&["ls-files", "-s", "d*"]).matches(&blob).count(),
        300
    );
    assert!(repo.git(&["diff"]).is_empty());
}
