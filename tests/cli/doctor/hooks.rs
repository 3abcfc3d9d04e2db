//! Hooks that are missing, changed, switched off, or somebody else's.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::{doctor, healthy, path, says};

#[test]
fn hooks_that_are_missing_changed_or_switched_off() {
    let repo = healthy();
    let hook = repo.path.join(".git/hooks/pre-push");
    let text = repo.read(".git/hooks/pre-push");

    // In its own words of another version.
    fs::write(&hook, text.replace("version 1", "version 0")).expect("a hook");
    let ran = doctor(&repo);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let fix = format!("rm {} && guard install", hook.display())
        .replace(&*repo.beside("").to_string_lossy(), "[FOLDER]/");
    says(&ran, "hook-pre-push", "warning", "of version 0", Some(&fix));
    let fix = format!("rm {} && guard install", hook.display());
    let mut mended = repo.guard("").command();
    let mended = mended.env("PATH", path(&repo));
    let mut shell = Command::new("/bin/sh");
    shell.current_dir(&repo.path).env_clear().args(["-c", &fix]);
    for (name, value) in mended.get_envs() {
        shell.env(name, value.expect("set"));
    }
    assert!(shell.output().expect("a shell").status.success());
    says(&doctor(&repo), "hook-pre-push", "ok", "it fires", None);

    fs::write(&hook, format!("{text}echo mine\n")).expect("a hook");
    says(
        &doctor(&repo),
        "hook-pre-push",
        "warning",
        "edited by hand",
        Some(&format!(
            "rm {} && guard install",
            "[FOLDER]/repo/.git/hooks/pre-push"
        )),
    );

    let binary = env!("CARGO_BIN_EXE_guard");
    fs::write(&hook, text.replace(binary, "/nowhere/guard")).expect("a hook");
    let gone = "the binary that it names is gone: /nowhere/guard";
    says(
        &doctor(&repo),
        "hook-pre-push",
        "warning",
        gone,
        Some("guard install"),
    );

    fs::set_permissions(&hook, fs::Permissions::from_mode(0o644)).expect("a mode");
    let ran = doctor(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let fix = "chmod +x [FOLDER]/repo/.git/hooks/pre-push";
    says(&ran, "hook-pre-push", "error", "not executable", Some(fix));

    fs::remove_file(&hook).expect("a hook");
    let ran = doctor(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    says(
        &ran,
        "hook-pre-push",
        "error",
        "no pre-push hook",
        Some("guard install"),
    );
    says(&ran, "hook-pre-commit", "ok", "it fires", None);
    let in_ci = repo.guard("doctor --format json").env("CI", "true").run();
    says(&in_ci, "hook-pre-push", "skipped", "guard run ci", None);

    repo.git(&["config", "core.hooksPath", "/dev/null"]);
    let ran = doctor(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let fix = "git config --unset core.hooksPath";
    says(&ran, "hooks", "error", "/dev/null", Some(fix));
}

#[test]
fn hooks_of_others_are_told_and_never_run() {
    let repo = healthy();
    fs::remove_file(repo.path.join(".git/hooks/pre-commit")).expect("a hook");
    let marked = "#!/bin/sh\necho ran >>\"$(git rev-parse --show-toplevel)/../log\"\n";
    repo.script(".git/hooks/pre-commit", marked);
    let lefthook = format!("{marked}call_lefthook run \"pre-push\" \"$@\"\n");
    fs::remove_file(repo.path.join(".git/hooks/pre-push")).expect("a hook");
    repo.script(".git/hooks/pre-push", &lefthook);
    let ran = doctor(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    says(
        &ran,
        "hook-pre-commit",
        "error",
        "your own hook",
        Some("guard install"),
    );
    says(
        &ran,
        "hook-pre-push",
        "error",
        "lefthook",
        Some("guard install"),
    );

    repo.write(
        "lefthook.yml",
        "pre-push:\n  commands:\n    x: { run: true }\n",
    );
    repo.guard("install").env("PATH", path(&repo)).run();
    let _ = repo.take_log();
    let ran = doctor(&repo);
    says(
        &ran,
        "hook-pre-push",
        "warning",
        "guard's line in lefthook.yml",
        Some("guard install"),
    );
    says(
        &ran,
        "hook-pre-commit",
        "ok",
        "kept-by-guard: it fires",
        None,
    );
    assert_eq!(repo.logged(), "", "no foreign hook ran");
}
