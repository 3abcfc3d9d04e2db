//! Pass records and what a command is made of: scripts, packages, variables.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::{CONFIG, has_run, judge, path, push, ready, records};

#[test]
fn scripts_that_a_command_names_count_and_what_it_writes_does_not() {
    let repo = ready(
        "commands:\n  eslint: { run: 'sh tools/check.sh > ../out; echo ran >> ../log', files: ['*.txt'], inputs: [lint.json], reads: files }\n",
    );
    repo.write("tools/check.sh", "date\n").commit("script");
    assert!(has_run(&repo, &push(&repo)));
    assert!(!has_run(&repo, &push(&repo)));
    repo.write("tools/check.sh", "date; true\n")
        .commit("another");
    assert!(has_run(&repo, &push(&repo)));
    assert!(!has_run(&repo, &push(&repo)));
}

#[test]
fn a_variable_that_is_given_back_counts_and_stays_secret() {
    let repo = ready(&CONFIG.replace("reads: files", "reads: files, pass_env: [GITHUB_TOKEN]"));
    let with = |token: &str| {
        let call = repo.guard("run ci --all-files --format json");
        call.env("PATH", path(&repo))
            .env("GITHUB_TOKEN", token)
            .run()
    };
    assert!(has_run(&repo, &with("ghs_first_token")));
    assert!(!has_run(&repo, &with("ghs_first_token")));
    assert!(has_run(&repo, &with("ghs_other_token")));
    for record in records(&repo) {
        let text = fs::read_to_string(record).expect("a record");
        assert!(!text.contains("ghs_"), "{text}");
    }
}

#[test]
fn a_package_of_another_version_is_another_tool() {
    let repo = ready(
        "commands:\n  eslint: { run: 'npx tool && echo ran >> ../log', files: ['*.txt'], inputs: [lint.json], reads: files }\n",
    );
    repo.write(".gitignore", "node_modules/\n").commit("ignore");
    let version = |version: &str| {
        let text = format!("{{\"name\":\"tool\",\"version\":\"{version}\"}}\n");
        repo.write("node_modules/tool/package.json", text);
    };
    // A stand-in for npx that starts what lies in node_modules.
    let npx = repo.beside("bin/npx");
    fs::write(&npx, "#!/bin/sh\nexec node_modules/.bin/\"$@\"\n").expect("written");
    fs::set_permissions(&npx, fs::Permissions::from_mode(0o755)).expect("the mode");
    let run = || judge(&repo, "run ci --all-files");
    assert_eq!(
        run().json()["checks"][1]["outcome"],
        "unknown",
        "not installed"
    );
    repo.take_log();
    version("1.0.0");
    repo.script("node_modules/tool/bin/tool.sh", "#!/bin/sh\nexit 0\n");
    fs::create_dir_all(repo.path.join("node_modules/.bin")).expect("a folder");
    symlink(
        "../tool/bin/tool.sh",
        repo.path.join("node_modules/.bin/tool"),
    )
    .expect("a link");
    assert!(has_run(&repo, &run()));
    assert!(!has_run(&repo, &run()));
    version("1.0.1");
    assert!(has_run(&repo, &run()));
    assert!(!has_run(&repo, &run()));
}
