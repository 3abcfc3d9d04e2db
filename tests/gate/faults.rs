//! Planted faults: each with the stage that catches it. The table in `docs/faults.md` is this list.

use std::ffi::OsString;
use std::path::Path;

use super::secrets::key;
use crate::support::{Ran, Repo};

/// When a fault is to be caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Commit,
    Push,
    Ci,
}

/// Something that breaks later unless somebody says no now.
struct Fault {
    /// What it is, as the table tells it.
    name: &'static str,
    stage: Stage,
    code: &'static str,
    plant: fn(&Repo),
}

const CARGO: &str = "[package]\nname = \"planted\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

/// Every fault. A new one is an entry here and a line in the table.
const FAULTS: &[Fault] = &[
    Fault {
        name: "a fault that is staged and mended only in the work tree",
        stage: Stage::Commit,
        code: "CMD-FAILED",
        plant: |repo| {
            command(
                repo,
                "words: { run: '! grep TODO {files}', files: ['*.txt'] }",
            );
            repo.write("a.txt", "TODO\n")
                .stage()
                .write("a.txt", "done\n");
        },
    },
    Fault {
        name: "a file that is not formatted",
        stage: Stage::Commit,
        code: "FORMAT-DIFFERS",
        plant: |repo| {
            repo.write("Cargo.toml", CARGO)
                .write("src/lib.rs", "\n")
                .commit("begin");
            repo.write("src/lib.rs", "pub fn a( ) {}\n").stage();
        },
    },
    Fault {
        name: "an env file with a secret in the commit",
        stage: Stage::Commit,
        code: "ENV-TRACKED",
        plant: |repo| {
            repo.write(".gitignore", ".env*\n").commit("begin");
            repo.write(".env", "SESSION_KEY=q8Zr2mVx0LpT7s\n");
            repo.git(&["add", "--force", ".env"]);
        },
    },
    Fault {
        name: "a service's key in what is staged",
        stage: Stage::Commit,
        code: "SEC-STRIPE-LIVE",
        plant: |repo| {
            repo.write("src/pay.js", format!("charge('{}')\n", key()))
                .stage();
            // Mended in the work tree only.
            repo.write("src/pay.js", "charge(process.env.STRIPE)\n");
        },
    },
    Fault {
        name: "a key that a later commit of the push takes out again",
        stage: Stage::Push,
        code: "SEC-STRIPE-LIVE",
        plant: |repo| {
            repo.write("a.txt", "1\n").commit("begin");
            repo.write("b.txt", key()).commit("add");
            repo.write("b.txt", "\n").commit("take out");
        },
    },
    Fault {
        name: "env files that git does not ignore",
        stage: Stage::Commit,
        code: "ENV-NOT-IGNORED",
        plant: |repo| {
            repo.write(".env.example", "SESSION_KEY=\n").stage();
        },
    },
    Fault {
        name: "a check that rewrites files while it judges",
        stage: Stage::Commit,
        code: "CMD-CHANGED-FILE",
        plant: |repo| {
            command(
                repo,
                "tidy: { run: 'echo more >> a.txt', files: ['*.txt'] }",
            );
            repo.write("a.txt", "a\n").stage();
        },
    },
    Fault {
        name: "a test that fails in the pushed commit and passes in the work tree",
        stage: Stage::Push,
        code: "TESTS-FAILED",
        plant: |repo| {
            let test =
                |sum: u8| format!("#[test]\nfn adds() {{\n    assert_eq!(1 + 1, {sum});\n}}\n");
            repo.write("Cargo.toml", CARGO)
                .write("src/lib.rs", test(3))
                .commit("begin");
            repo.write("src/lib.rs", test(2));
        },
    },
    Fault {
        name: "code that does not build",
        stage: Stage::Push,
        code: "BUILD-FAILED",
        plant: |repo| {
            repo.write("Cargo.toml", CARGO)
                .write("src/lib.rs", "pub fn a() -> u8 { b() }\n")
                .commit("begin");
        },
    },
    Fault {
        name: "a check that hangs",
        stage: Stage::Push,
        code: "CMD-TIMEOUT",
        plant: |repo| {
            command(repo, "wait: { run: sleep 30, files: none, timeout: 100ms }");
        },
    },
    Fault {
        name: "installed packages that are not those of the lock file",
        stage: Stage::Push,
        code: "DEPS-STALE",
        plant: |repo| {
            let lock = |version: &str| {
                format!(
                    "{{ \"lockfileVersion\": 3, \"packages\": {{ \"node_modules/left\": {{ \"version\": \"{version}\" }} }} }}\n"
                )
            };
            repo.write(
                "package.json",
                "{ \"dependencies\": { \"left\": \"^1\" } }\n",
            )
            .write("package-lock.json", lock("1.2.0"))
            .write(".gitignore", "node_modules\n");
            command(repo, "see: { run: ls node_modules, reads: project }");
            repo.write("node_modules/.package-lock.json", lock("1.0.0"))
                .write(
                    "node_modules/left/package.json",
                    "{ \"name\": \"left\", \"version\": \"1.0.0\" }\n",
                )
                .write(
                    "draft.txt",
                    "not tracked: so that it runs in guard's own checkout\n",
                );
        },
    },
    Fault {
        name: "a commit that went past the hook with `--no-verify`",
        stage: Stage::Ci,
        code: "CMD-FAILED",
        plant: |repo| {
            command(
                repo,
                "words: { run: '! grep TODO {files}', files: ['*.txt'] }",
            );
            repo.git(&["branch", "base"]);
            repo.write("a.txt", "TODO\n").stage();
            repo.git(&["commit", "--no-verify", "-m", "past the hook"]);
        },
    },
];

fn command(repo: &Repo, line: &str) {
    repo.write("guard.yaml", format!("commands:\n  {line}\n"))
        .commit("configure");
}

/// PATH with the toolchain's own programs first: rustup's would look for it in the scrubbed home.
fn toolchain() -> OsString {
    let cargo = Path::new(env!("CARGO"))
        .parent()
        .expect("it lies in a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(cargo.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(all).expect("paths without colons")
}

fn caught(fault: &Fault) -> Ran {
    let repo = Repo::new();
    (fault.plant)(&repo);
    let guard = match fault.stage {
        Stage::Commit => repo.guard("run pre-commit --format json"),
        Stage::Push => {
            let line = format!(
                "refs/heads/main {} refs/heads/main {}\n",
                repo.id("HEAD"),
                "0".repeat(40)
            );
            repo.guard("run pre-push --format json").stdin(line)
        }
        Stage::Ci => repo.guard("run ci --from base --format json"),
    };
    guard.env("PATH", toolchain()).run()
}

#[test]
fn every_planted_fault_is_caught_at_its_stage() {
    for fault in FAULTS {
        let ran = caught(fault);
        let report = ran.json();
        let findings = report["findings"].as_array().expect("findings");
        let found = findings.iter().find(|found| found["code"] == fault.code);
        let found = found.unwrap_or_else(|| panic!("{}: {}", fault.name, ran.whole()));
        // What is only worth knowing blocks nobody.
        let blocks = i32::from(found["severity"] == "error");
        assert_eq!(ran.code, blocks, "{}: {}", fault.name, ran.whole());
    }
}

#[test]
fn the_table_lists_every_fault() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/faults.md");
    let page = std::fs::read_to_string(page).expect("docs/faults.md");
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| fault"));
    let mut rows: Vec<&str> = rows.collect();
    for fault in FAULTS {
        let stage = match fault.stage {
            Stage::Commit => "commit",
            Stage::Push => "push",
            Stage::Ci => "ci",
        };
        let row = format!("| {} | {stage} | {} |", fault.name, fault.code);
        let before = rows.len();
        rows.retain(|line| *line != row);
        assert_eq!(rows.len() + 1, before, "docs/faults.md lacks: {row}");
    }
    // The others are planted where the real tools are: see `tests/gate/adapters`.
    for row in rows {
        assert!(row.ends_with("(with real tools) |"), "nobody plants: {row}");
    }
}
