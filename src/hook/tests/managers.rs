//! Other hook managers, as they lie on disk after their own install; small stand-ins run their files.

use super::super::support::{Repo, told};
use super::super::{Fires, Missing};

/// guard on PATH, since no line in a tracked file names a path.
fn with_guard_on_path() -> Repo {
    let mut repo = Repo::new();
    repo.put_guard_on_path();
    repo
}

/// What husky 9 generates for each hook, and the script that they all call.
const HUSKY_HOOK: &str = "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"\n";
const HUSKY_H: &str = r#"#!/usr/bin/env sh
n=$(basename "$0")
s=$(dirname "$(dirname "$0")")/$n
[ ! -f "$s" ] && exit 0
[ "${HUSKY-}" = "0" ] && exit 0
sh -e "$s" "$@"
c=$?
[ $c != 0 ] && echo "husky - $n script failed (code $c)"
exit $c
"#;

fn husky_9(repo: &Repo) {
    repo.git(&["config", "core.hooksPath", ".husky/_"]);
    repo.write(".husky/_/.gitignore", "*");
    repo.write(".husky/_/h", HUSKY_H);
    for name in ["pre-commit", "pre-push"] {
        repo.hook(&format!(".husky/_/{name}"), HUSKY_HOOK);
    }
}

#[test]
fn husky_9_is_joined_where_people_write() {
    let repo = with_guard_on_path();
    husky_9(&repo);
    repo.write(".husky/pre-commit", "npm test");
    let before = repo.picture();
    insta::assert_snapshot!(repo.install_that_fires(), @r"
    added one line to .husky/pre-commit
    wrote .husky/pre-push
    ");
    assert_eq!(repo.log(), "");
    let after = repo.picture();
    repo.install_that_fires();
    assert_eq!(repo.picture(), after);
    insta::assert_snapshot!(repo.uninstall(), @r"
    took guard's line out of .husky/pre-commit
    removed .husky/pre-push
    ");
    assert_eq!(repo.picture(), before);
}

#[test]
fn a_husky_that_is_switched_off_is_told() {
    let mut repo = with_guard_on_path();
    husky_9(&repo);
    repo.variables.push(("HUSKY".into(), "0".into()));
    let done = repo.install();
    assert_eq!(
        done[0].fires,
        Fires::No("the hook ran (exit code 0), but guard did not answer".into())
    );
}

#[test]
fn husky_8_is_joined_behind_its_own_line() {
    let repo = with_guard_on_path();
    repo.git(&["config", "core.hooksPath", ".husky"]);
    repo.write(".husky/_/husky.sh", "# husky\n");
    let text = "#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\nnpm test\n";
    repo.hook(".husky/pre-commit", text);
    repo.install_that_fires();
    let lines: Vec<String> = repo
        .read(".husky/pre-commit")
        .lines()
        .map(str::to_owned)
        .collect();
    assert!(lines[1].contains("husky.sh") && lines[2].ends_with(" # guard"));
    repo.uninstall();
    assert_eq!(repo.read(".husky/pre-commit"), text);
}

#[test]
fn a_sleeping_husky_is_joined_too() {
    let repo = with_guard_on_path();
    repo.write(
        "package.json",
        "{ \"devDependencies\": { \"husky\": \"^9\" } }",
    );
    repo.write(".husky/pre-commit", "npm test\n");
    let before = repo.picture();
    insta::assert_snapshot!(repo.install_that_fires(), @r"
    wrote .git/hooks/pre-commit
    added one line to .husky/pre-commit
    wrote .git/hooks/pre-push
    wrote .husky/pre-push
    ");
    // `npm install` wakes it up.
    husky_9(&repo);
    repo.install_that_fires();
    repo.git(&["config", "--unset", "core.hooksPath"]);
    std::fs::remove_dir_all(repo.top.join(".husky/_")).unwrap();
    repo.uninstall();
    let after: Vec<_> = repo.picture();
    let names = |picture: &[(String, u32, Vec<u8>)]| -> Vec<String> {
        picture.iter().map(|(name, ..)| name.clone()).collect()
    };
    assert_eq!(names(&after), names(&before));
}

/// The end of lefthook's own hook; `call_lefthook` is a stand-in that runs guard's job alone, as
/// `LEFTHOOK_EXCLUDE` asks for.
fn lefthook_hook(name: &str) -> String {
    format!(
        "#!/bin/sh\ncall_lefthook()\n{{\n  case \",$LEFTHOOK_EXCLUDE,\" in *,other,*) ;; *) echo other >>\"$GUARD_LOG\" ;; esac\n  guard hook {name} --\n}}\n\ncall_lefthook run \"{name}\" \"$@\"\n"
    )
}

#[test]
fn lefthook_gets_a_job_and_the_others_rest_during_the_proof() {
    let repo = with_guard_on_path();
    let text = "pre-commit:\n  commands:\n    other:\n      run: npm test\n";
    repo.write("lefthook.yml", text);
    repo.hook(".git/hooks/pre-commit", &lefthook_hook("pre-commit"));
    let before = repo.picture();
    // It has no pre-push of its own yet: guard's hook fires today, the job once lefthook takes over.
    insta::assert_snapshot!(repo.install_that_fires(), @r"
    added one line to lefthook.yml
    wrote .git/hooks/pre-push
    added one line to lefthook.yml
    ");
    assert_eq!(repo.log(), "");
    let after = repo.picture();
    repo.install_that_fires();
    assert_eq!(repo.picture(), after);
    repo.uninstall();
    assert_eq!(repo.picture(), before);
}

#[test]
fn lefthook_in_another_language_is_told_by_hand() {
    let repo = with_guard_on_path();
    repo.write("lefthook.toml", "[pre-commit.commands.other]\nrun = 'x'\n");
    for name in ["pre-commit", "pre-push"] {
        repo.hook(&format!(".git/hooks/{name}"), &lefthook_hook(name));
    }
    let before = repo.picture();
    let done = repo.install();
    assert_eq!(
        told(&done[..1]),
        "left lefthook.toml as it is: guard writes into YAML only"
    );
    assert!(matches!(&done[0].fires, Fires::No(why) if why.contains("guard hook pre-commit")));
    assert_eq!(repo.picture(), before);
}

#[test]
fn lefthook_is_not_tried_over_partly_staged_work_or_nameless_jobs() {
    let repo = with_guard_on_path();
    repo.hook(".git/hooks/pre-commit", &lefthook_hook("pre-commit"));
    repo.write(
        "lefthook.yml",
        "pre-commit:\n  jobs:\n    - run: npm test\n",
    );
    repo.write("a", "1\n");
    repo.git(&["add", "a"]);
    let done = repo.install();
    assert!(
        matches!(&done[0].fires, Fires::Unproven(why) if why.contains("without a name")),
        "{done:?}"
    );
    repo.uninstall();
    repo.write(
        "lefthook.yml",
        "pre-commit:\n  jobs:\n    - { name: other, run: npm test }\n",
    );
    repo.write("a", "2\n");
    let done = repo.install();
    assert!(
        matches!(&done[0].fires, Fires::Unproven(why) if why.contains("partly staged")),
        "{done:?}"
    );
    assert_eq!(repo.log(), "");
}

const PRE_COMMIT_CONFIG: &str =
    "repos:\n  - repo: https://example.com/hooks\n    rev: v1\n    hooks:\n      - id: other\n";

/// pre-commit's own hook; the stand-in refuses an unstaged configuration as pre-commit does.
fn pre_commit_hook(name: &str) -> String {
    format!(
        "#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n\
         git diff --quiet .pre-commit-config.yaml || {{ echo 'Your pre-commit configuration is unstaged.'; exit 1; }}\n\
         case \",$SKIP,\" in *,other,*) ;; *) echo other >>\"$GUARD_LOG\" ;; esac\n\
         [ {name} = pre-commit ] || [ -n \"$(cat)\" ] || exit 0\n\
         guard hook {name} -- </dev/null\n"
    )
}

#[test]
fn pre_commit_is_joined_and_proven_with_its_configuration_unstaged() {
    let repo = with_guard_on_path();
    repo.write(".pre-commit-config.yaml", PRE_COMMIT_CONFIG);
    repo.git(&["add", "."]);
    repo.commit();
    for name in ["pre-commit", "pre-push"] {
        repo.hook(&format!(".git/hooks/{name}"), &pre_commit_hook(name));
    }
    let before = repo.picture();
    let done = repo.install();
    assert_eq!(done[0].fires, Fires::Yes, "{done:?}");
    assert_eq!(done[1].fires, Fires::Yes, "{done:?}");
    assert!(told(&done).contains("one ref of a push only"));
    assert_eq!(repo.log(), "");
    assert_eq!(
        repo.git(&["status", "--porcelain"]),
        " M .pre-commit-config.yaml\n"
    );
    assert!(!repo.top.join(".git/guard").exists());
    repo.uninstall();
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    let same = |picture: Vec<(String, u32, Vec<u8>)>| -> Vec<_> {
        picture
            .into_iter()
            .filter(|(name, ..)| name != ".git/index")
            .collect()
    };
    assert_eq!(same(repo.picture()), same(before));
}

#[test]
fn pre_commit_is_not_tried_over_unstaged_work() {
    let repo = with_guard_on_path();
    repo.write(".pre-commit-config.yaml", PRE_COMMIT_CONFIG);
    repo.write("a", "1\n");
    repo.git(&["add", "."]);
    repo.hook(".git/hooks/pre-commit", &pre_commit_hook("pre-commit"));
    repo.write("a", "2\n");
    let done = repo.install_as(Missing::Warn).unwrap();
    assert!(
        matches!(&done[0].fires, Fires::Unproven(why) if why.contains("put unstaged changes aside")),
        "{done:?}"
    );
    // It has no pre-push of its own, so guard's stands there directly.
    assert_eq!(done[1].fires, Fires::Yes, "{done:?}");
    assert_eq!(repo.read("a"), "2\n");
}

#[test]
fn a_hook_of_theirs_without_its_configuration_is_told_by_hand() {
    let repo = with_guard_on_path();
    repo.hook(".git/hooks/pre-commit", &pre_commit_hook("pre-commit"));
    let done = repo.install();
    assert!(
        matches!(&done[0].fires, Fires::No(why) if why.contains("- { repo: local")),
        "{done:?}"
    );
}
