//! What is installed, and what tools say, where a command runs in guard's own checkout.

use std::fs;

use crate::support::Repo;

/// What is installed comes along as links, and a lock file that asks for something else is said.
#[test]
fn installed_packages_come_along_and_a_differing_lock_file_is_said() {
    let repo = Repo::new();
    let seen = repo.beside("seen");
    let locked = |version: &str| {
        format!(
            "{{\"lockfileVersion\":3,\"packages\":{{\"node_modules/left\":{{\"version\":\"{version}\"}}}}}}\n"
        )
    };
    repo.write(
        "guard.yaml",
        format!(
            "commands:\n  test: {{ run: 'cat node_modules/left/index.js > {}; test -d node_modules -a ! -L node_modules' }}\n",
            seen.display()
        ),
    )
    .write(".gitignore", "node_modules\n")
    .write("package.json", "{\"dependencies\":{\"left\":\"^1\"}}\n")
    .write("package-lock.json", locked("1.0.0"))
    .write("node_modules/.package-lock.json", locked("1.0.0"))
    .write("node_modules/left/package.json", "{\"version\":\"1.0.0\"}\n")
    .write("node_modules/left/index.js", "installed\n")
    .commit("base");
    repo.write("dirt", "so that it does not run in place\n");
    let judged = || {
        let ran = repo.guard("run ci --all-files --format json").run();
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        ran.json()["findings"].clone()
    };
    assert_eq!(judged(), serde_json::json!([]));
    assert_eq!(fs::read_to_string(&seen).expect("it ran"), "installed\n");
    repo.write("package-lock.json", locked("1.2.0"));
    repo.git(&["commit", "-q", "-m", "newer", "package-lock.json"]);
    let findings = judged();
    assert_eq!(findings[0]["code"], "DEPS-STALE", "{findings}");
    assert_eq!(findings[0]["path"], "package-lock.json", "{findings}");
    for word in ["left", "1.2.0", "1.0.0"] {
        assert!(
            findings[0]["message"].to_string().contains(word),
            "{findings}"
        );
    }
    assert!(
        findings[0]["help"].to_string().contains("npm ci"),
        "{findings}"
    );
    let link = fs::symlink_metadata(repo.path.join("node_modules/left")).expect("there");
    assert!(link.is_dir(), "the user's own installation was not touched");
}

/// A tool that refuses links out of its root is unknown, with the setting that helps.
#[test]
fn a_tool_that_refuses_links_is_unknown_with_the_way_out() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  pack: { run: 'echo \"Symlink node_modules is invalid, it points out of the filesystem root\"; exit 1', at: [ci] }\n",
    )
    .commit("base");
    let ran = repo.guard("run ci --all-files --format json").run();
    assert_eq!(ran.code, 1, "in place it is a failure like any other");
    repo.write("dirt", "so that it does not run in place\n");
    let ran = repo.guard("run ci --all-files --format json").run();
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    let remedy = ran.json()["checks"][1]["remedy"].to_string();
    assert!(remedy.contains("isolate: copy"), "{remedy}");
}

/// What a command prints names the files that people know.
#[test]
fn what_is_printed_names_the_work_tree() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  say: { run: 'echo \"$PWD/a.txt:1: bad\"; exit 1' }\n",
    )
    .write("a.txt", "a\n")
    .commit("base");
    repo.write("dirt", "so that it does not run in place\n");
    let ran = repo.guard("run ci --all-files").run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.whole().contains("[FOLDER]/repo/a.txt:1: bad"),
        "{}",
        ran.whole()
    );
}
