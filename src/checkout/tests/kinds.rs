//! Every kind of repository, and submodules.

use super::*;

fn is_laid_out(repo: Repo) {
    let world = World::of(repo);
    world.repo.stage("dir/a", "a");
    let staged = world.staged();
    assert_eq!(fs::read(staged.root().join("dir/a")).unwrap(), b"a");
    assert_eq!(
        world.git_in(&staged, &["status", "--porcelain"]),
        "A  dir/a"
    );
    assert_eq!(
        world.git_in(&staged, &["symbolic-ref", "HEAD"]),
        "refs/heads/main"
    );
    drop(staged);
    let one = world.repo.commit("b", "1");
    let two = world.repo.commit("b", "2");
    world.repo.git(&["tag", "v1", &one.to_string()]);
    for commit in [one, two, one] {
        let checkout = world.at(commit);
        world.assert_is(&checkout, commit);
        assert!(
            world
                .git_in(&checkout, &["describe", "--tags"])
                .starts_with("v1")
        );
    }
    let staged = world.staged();
    assert_eq!(
        world.git_in(&staged, &["rev-parse", "HEAD"]),
        two.to_string()
    );
    assert_eq!(world.git_in(&staged, &["status", "--porcelain"]), "");
}

#[test]
fn sha_1() {
    is_laid_out(Repo::new());
}

#[test]
fn sha_256() {
    is_laid_out(Repo::with(&["--object-format=sha256"]));
}

#[test]
fn refs_in_tables() {
    is_laid_out(Repo::with(&["--ref-format=reftable"]));
}

#[test]
fn settings_of_a_work_tree_alone() {
    let repo = Repo::new();
    repo.git(&["config", "extensions.worktreeConfig", "true"]);
    let root = repo.root.to_str().unwrap().to_owned();
    repo.git(&["config", "--worktree", "core.worktree", &root]);
    repo.git(&["config", "--worktree", "core.bare", "false"]);
    is_laid_out(repo);
}

#[test]
fn a_work_tree_named_by_a_setting() {
    let repo = Repo::new();
    let root = repo.root.to_str().unwrap().to_owned();
    repo.git(&["config", "core.worktree", &root]);
    is_laid_out(repo);
}

#[test]
fn a_linked_work_tree_shares_the_place_and_a_bare_repository_has_one() {
    let world = World::new();
    let commit = world.repo.commit("a", "a");
    let linked = world.home().join("linked");
    world
        .repo
        .git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    let at = |directory: &Path| {
        let home = world.home();
        let environment = environment(directory, &[("XDG_STATE_HOME", home.to_str().unwrap())]);
        let repository = Repository::discover(&environment).unwrap();
        let checkouts = Checkouts::new(Arc::new(repository), &environment);
        checkouts
            .of(Judged::Commit(commit), Isolate::Link, &Cancel::new())
            .unwrap()
    };
    let root = at(&linked).root().to_owned();
    assert_eq!(at(&world.repo.root).root(), root);
    let bare = world.repo.cloned(&["--bare"]);
    let checkout = at(&bare.root);
    assert_ne!(checkout.root(), root);
    world.assert_is(&checkout, commit);
}

fn with_submodule() -> (Repo, World) {
    let inner = Repo::new();
    inner.commit("x/file", "inner\n");
    inner.commit(".gitattributes", "*.txt eol=crlf\n");
    inner.commit("a.txt", "text\n");
    let world = World::new();
    world.repo.commit("a.txt", "text\n");
    world.repo.git(&[
        "submodule",
        "-q",
        "add",
        "--name",
        "odd name",
        inner.root.to_str().unwrap(),
        "libs/inner",
    ]);
    world.repo.git(&["commit", "-q", "-m", "submodule"]);
    (inner, world)
}

#[test]
fn a_submodule_is_laid_out_by_its_own_rules() {
    let (_inner, world) = with_submodule();
    let commit = world.repo.id("HEAD");
    let look = |checkout: &Checkout| {
        let read = |path: &str| fs::read(checkout.root().join(path)).unwrap();
        assert_eq!(read("libs/inner/x/file"), b"inner\n");
        assert_eq!(read("libs/inner/a.txt"), b"text\r\n");
        assert_eq!(read("a.txt"), b"text\n");
        assert_eq!(world.git_in(checkout, &["status", "--porcelain"]), "");
    };
    look(&world.at(commit));
    // From what the repository keeps of it, once the work tree has it no more.
    world
        .repo
        .git(&["submodule", "-q", "deinit", "--force", "libs/inner"]);
    fs::remove_dir_all(world.home().join("guard")).unwrap();
    look(&world.at(commit));
    look(&world.staged());
}

#[test]
fn a_submodule_that_is_not_here_is_named() {
    let (inner, world) = with_submodule();
    let elsewhere = inner.commit("new", "new");
    world.repo.git(&[
        "update-index",
        "--cacheinfo",
        &format!("160000,{elsewhere},libs/inner"),
    ]);
    match world.try_of(Judged::Index).err() {
        Some(CheckoutError::Submodule { path, commit, .. }) => {
            assert_eq!(path.to_text(), "libs/inner");
            assert_eq!(commit, elsewhere);
        }
        other => panic!("{other:?}"),
    }
    let clone = world.repo.cloned(&[]);
    let world = World::of(clone);
    let error = world.try_of(Judged::Index).err();
    assert!(
        matches!(error, Some(CheckoutError::Submodule { .. })),
        "{error:?}"
    );
}
