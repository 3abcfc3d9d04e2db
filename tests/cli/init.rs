//! `guard init`: a fresh project of each stack, and everything that may stand in its way.

mod question;
mod takes_over;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use crate::support::Repo;

/// Everything below a folder: bytes, or where a link leads, with the time of the last change. What guard remembers
/// in its own folder is left out.
pub(super) fn photograph(folder: &Path) -> BTreeMap<String, (Vec<u8>, i64, i64)> {
    let mut seen = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            let meta = path.symlink_metadata().expect("it is there");
            if path.ends_with(".git/guard") {
                continue;
            }
            if meta.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = if meta.is_symlink() {
                let target = fs::read_link(&path).expect("a link");
                target.to_string_lossy().into_owned().into_bytes()
            } else {
                fs::read(&path).expect("a file")
            };
            let name = path.to_string_lossy().into_owned();
            seen.insert(name, (bytes, meta.mtime(), meta.mtime_nsec()));
        }
    }
    seen
}

/// A project: its files, and a part of what is said about it.
type Stack = (&'static [(&'static str, &'static str)], &'static str);

const STACKS: [Stack; 9] = [
    (
        &[
            (
                "package.json",
                r#"{"private":true,"dependencies":{"next":"^16.0.1"}}"#,
            ),
            (".env.example", "NEXT_PUBLIC_URL=http://localhost:3000\n"),
        ],
        "Next.js 16",
    ),
    (
        &[
            (
                "package.json",
                r#"{"private":true,"devDependencies":{"vite":"^7.0.0"}}"#,
            ),
            (".env.example", "VITE_API=http://localhost:1\n"),
        ],
        "Vite 7",
    ),
    (
        &[
            (
                "package.json",
                r#"{"private":true,"dependencies":{"express":"^5","bullmq":"^5"}}"#,
            ),
            (".env.example", "REDIS_URL=redis://localhost\n"),
        ],
        "Express 5 + BullMQ workers",
    ),
    (
        &[
            (
                "pyproject.toml",
                "[project]\nname = 'a'\nversion = '1'\ndependencies = ['fastapi', 'alembic']\n",
            ),
            ("alembic.ini", "[alembic]\n"),
            (
                ".env.example",
                "DATABASE_URL=postgresql+asyncpg://u:p@h/d\n",
            ),
        ],
        "FastAPI + Alembic",
    ),
    (
        &[
            ("requirements.txt", "fastapi==0.115.0\nsupabase\n"),
            (
                ".env.example",
                "SUPABASE_URL=\r\nSUPABASE_SERVICE_ROLE_KEY=\r\n",
            ),
        ],
        "FastAPI 0.115 + Supabase",
    ),
    (
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
            ),
            (
                "Cargo.lock",
                "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n",
            ),
            ("src/main.rs", "fn main() {}\n"),
            (".gitignore", "/target\n"),
            (".env.example", "PORT=3000\n"),
        ],
        "Rust",
    ),
    (
        &[
            (
                "package.json",
                r#"{"private":true,"workspaces":["apps/*"]}"#,
            ),
            ("bun.lock", ""),
            ("apps/web/package.json", r#"{"dependencies":{"next":"16"}}"#),
            ("apps/web/.env.example", "A=1\n"),
        ],
        "bun workspace: 1 package",
    ),
    (
        &[
            (
                "pyproject.toml",
                "[project]\nname = 'a'\nversion = '1'\n[tool.uv.workspace]\nmembers = ['libs/*']\n",
            ),
            (
                "libs/b/pyproject.toml",
                "[project]\nname = 'b'\nversion = '1'\n",
            ),
            (".env.example", "A=1\n"),
        ],
        "uv workspace: 1 package",
    ),
    (
        &[("go.mod", "module a\n"), (".env.example", "A=1\n")],
        "Go: guard has no tools for it yet",
    ),
];

/// PATH with the toolchain's own programs first: rustup's would look for it in the scrubbed home.
fn toolchain() -> std::ffi::OsString {
    let cargo = Path::new(env!("CARGO"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folder = cargo.parent().map(Path::to_owned);
    let all = folder.into_iter().chain(std::env::split_paths(&path));
    std::env::join_paths(all).expect("paths without colons")
}

fn fresh(files: &[(&str, &str)]) -> Repo {
    let repo = Repo::new();
    for (path, text) in files {
        repo.write(path, text);
    }
    repo
}

#[test]
fn each_default_stack_begins_and_passes_its_own_gate() {
    for (files, said) in STACKS {
        let repo = fresh(files);
        // As every generator of such a project writes it.
        repo.write(
            ".gitignore",
            "node_modules\n.venv\ntarget\n.env*\n!.env.example\n",
        );
        let ran = repo.guard("init --yes").run();
        assert_eq!(ran.code, 0, "{}", ran.whole());
        assert!(ran.out.contains(said), "{said}: {}", ran.whole());
        assert!(
            ran.out.lines().all(|line| line.chars().count() <= 80),
            "{}",
            ran.out
        );
        assert!(
            repo.read("guard.yaml")
                .starts_with("# yaml-language-server: $schema=")
        );
        assert!(!repo.read("schemas/env.yaml").contains('\r'));
        assert!(repo.has(".git/guard/schema/guard.json"));
        let plan = repo.guard("run ci --all-files --plan").run();
        assert_ne!(plan.code, 0, "there is no commit: {}", plan.whole());

        // A second time nothing is touched, and that is said.
        let before = photograph(&repo.path);
        let again = repo.guard("init --yes").run();
        assert_eq!(again.code, 0, "{}", again.whole());
        assert!(
            again.out.contains("everything is there already"),
            "{}",
            again.out
        );
        assert_eq!(photograph(&repo.path), before);

        repo.stage();
        let mut commit = repo.git_command(&["commit", "-m", "begin"]);
        let committed = commit.env("PATH", toolchain()).output().expect("git runs");
        let words = String::from_utf8_lossy(&committed.stderr).into_owned();
        assert!(committed.status.success(), "{said}: {words}");
        assert!(words.contains("guard pre-commit"), "{words}");
    }
}

#[test]
fn a_dry_run_says_everything_and_writes_nothing() {
    let (files, _) = STACKS[0];
    let repo = fresh(files);
    let before = photograph(&repo.path);
    let ran = repo.guard("init --dry-run").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(photograph(&repo.path), before);
    assert!(!repo.has(".git/guard"));
    insta::assert_snapshot!(ran.whole(), @"
exit 0
--- out
found   Next.js 16
read    .env.example: 1 variable, 0 secrets, 1 public
write   guard.yaml (new, 18 lines)
write   schemas/env.yaml (new, 9 lines)
write   .git/hooks/pre-commit (new, 9 lines)
write   .git/hooks/pre-push (new, 9 lines)
nothing was written (--dry-run)
--- err
");
}

#[test]
fn what_is_written_is_told_and_the_next_step_named() {
    let (files, _) = STACKS[0];
    let repo = fresh(files);
    insta::assert_snapshot!(repo.guard("init --yes").run().whole(), @"
exit 0
--- out
found   Next.js 16
read    .env.example: 1 variable, 0 secrets, 1 public
write   guard.yaml (new, 18 lines)
write   schemas/env.yaml (new, 9 lines)
write   .git/hooks/pre-commit (new, 9 lines)
write   .git/hooks/pre-push (new, 9 lines)
✓ pre-commit  wrote .git/hooks/pre-commit · it fires
✓ pre-push    wrote .git/hooks/pre-push · it fires
· not looked yet: nothing is committed or staged yet: `git add -A`, then
  `guard run pre-commit`

next: git add guard.yaml schemas/env.yaml && git commit
--- err
");
}

#[test]
fn without_anybody_to_ask_nothing_is_written() {
    let (files, _) = STACKS[1];
    let repo = fresh(files);
    let before = photograph(&repo.path);
    for call in ["init", "init --no-input", "init --format json"] {
        let ran = repo.guard(call).stdin("y\n").run();
        assert_eq!(ran.code, 6, "{}", ran.whole());
        assert!(ran.err.contains("guard init --yes"), "{}", ran.err);
        assert_eq!(photograph(&repo.path), before, "{call}");
    }
}

#[test]
fn outside_a_repository_the_way_in_is_named() {
    let repo = Repo::new();
    let ran = repo.guard("init --yes").within(repo.home()).run();
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.whole());
    assert!(ran.err.contains("`git init`"), "{}", ran.err);
}

#[test]
fn a_broken_guard_yaml_is_told_before_anything_is_written() {
    let repo = fresh(&[("guard.yaml", "comands: {}\n"), (".env.example", "A=1\n")]);
    let before = photograph(&repo.path);
    let ran = repo.guard("init --yes").run();
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.whole());
    assert!(ran.err.contains("guard.yaml:1:1"), "{}", ran.err);
    assert_eq!(photograph(&repo.path), before);
}

#[test]
fn nothing_is_written_through_a_link() {
    let repo = fresh(&[(".env.example", "A=1\n")]);
    fs::create_dir(repo.beside("elsewhere")).expect("a folder");
    symlink(repo.beside("elsewhere"), repo.path.join("schemas")).expect("a link");
    let before = photograph(&repo.path);
    let ran = repo.guard("init --yes").run();
    assert_eq!(ran.code, 6, "{}", ran.whole());
    assert!(ran.err.contains("`schemas` is a link"), "{}", ran.err);
    assert_eq!(photograph(&repo.path), before);
    assert_eq!(
        fs::read_dir(repo.beside("elsewhere"))
            .expect("a folder")
            .count(),
        0
    );

    // A link that has the very name is kept, and not followed.
    let repo = fresh(&[("README.md", "x\n")]);
    symlink(repo.beside("target.yaml"), repo.path.join("guard.yaml")).expect("a link");
    let ran = repo.guard("init --yes").run();
    assert!(!repo.beside("target.yaml").exists(), "{}", ran.whole());
}

#[test]
fn a_file_that_cannot_be_written_takes_the_others_back() {
    let repo = fresh(&[
        (".env.example", "A=1\n"),
        ("schemas/env.yaml/in-the-way", ""),
    ]);
    let before = photograph(&repo.path);
    let ran = repo.guard("init --yes").run();
    assert_eq!(ran.code, 6, "{}", ran.whole());
    assert!(ran.err.contains("schemas/env.yaml"), "{}", ran.err);
    assert_eq!(photograph(&repo.path), before);

    // Root may write anywhere; for everybody else a folder can be closed.
    let repo = fresh(&[("README.md", "x\n")]);
    let mode = |mode| {
        fs::set_permissions(&repo.path, fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    mode(0o555);
    let is_closed = fs::write(repo.path.join("probe"), "").is_err();
    let ran = repo.guard("init --yes").run();
    mode(0o755);
    if is_closed {
        assert_eq!(ran.code, 6, "{}", ran.whole());
        assert!(
            ran.err.contains("could not write `guard.yaml`"),
            "{}",
            ran.err
        );
        assert!(!repo.has("guard.yaml") && !repo.has(".git/hooks/pre-commit"));
    } else {
        assert_eq!(ran.code, 0, "{}", ran.whole());
    }
}

#[test]
fn where_no_hook_can_be_put_nothing_is_written_and_the_way_round_is_named() {
    let repo = fresh(&[(".env.example", "A=1\n")]);
    repo.git(&["config", "core.hooksPath", "/dev/null"]);
    let before = photograph(&repo.path);
    let ran = repo.guard("init --yes").run();
    assert_eq!(ran.code, 6, "{}", ran.whole());
    assert!(ran.err.contains("guard init --no-install"), "{}", ran.err);
    assert_eq!(photograph(&repo.path), before);
    let ran = repo.guard("init --yes --no-install").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(repo.has("guard.yaml") && !repo.has(".git/hooks/pre-commit"));
}

#[test]
fn it_ends_with_what_the_gate_finds() {
    let repo = fresh(&[(
        "guard.yaml",
        "commands:\n  bad: { run: 'echo no; exit 1', at: [ci] }\n  good: { run: 'true', at: [ci] }\n",
    )]);
    repo.commit("begin");
    let ran = repo.guard("init --yes").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    insta::assert_snapshot!(ran.out, @"
found   no package that guard knows in 1 file; hooks and commands of your own
        work all the same
read    no .env.example: schemas/env.yaml begins with the first one
write   .git/hooks/pre-commit (new, 9 lines)
write   .git/hooks/pre-push (new, 9 lines)
keep    guard.yaml is there already and stays as it is
✓ pre-commit  wrote .git/hooks/pre-commit · it fires
✓ pre-push    wrote .git/hooks/pre-push · it fires

1 thing to know now
✗ error[CMD-FAILED]: `bad` failed: exit code 1
  `guard explain CMD-FAILED`
· all of it: `guard run ci --all-files`
");
    let json = repo.guard("init --yes --format json").run();
    assert_eq!(json.code, 0, "{}", json.whole());
    let report = json.json();
    assert_eq!(report["command"], "init");
    assert_eq!(report["verdict"], "passed");
    let look = &report["data"]["run"];
    assert_eq!(look["verdict"], "failed");
    assert_eq!(look["complete"], true);
    assert_eq!(look["findings"][0]["code"], "CMD-FAILED");
    assert_eq!(look["checks"].as_array().map(Vec::len), Some(3));
}

#[test]
fn before_the_first_commit_what_is_staged_is_looked_at_and_nothing_is_repaired() {
    let repo = fresh(&[
        (
            "guard.yaml",
            "commands:\n  tidy: { run: 'false', fix: 'echo x > a.txt', fix_on_commit: true, at: [commit] }\n",
        ),
        ("a.txt", "a\n"),
    ]);
    repo.stage();
    let staged = repo.git(&["ls-files", "--stage"]);
    let ran = repo.guard("init --yes").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(ran.out.contains("CMD-FAILED"), "{}", ran.whole());
    assert_eq!(repo.read("a.txt"), "a\n");
    assert_eq!(repo.git(&["ls-files", "--stage"]), staged);
}

#[test]
fn programs_are_told_what_was_found_and_what_becomes_of_each_file() {
    let (files, _) = STACKS[0];
    let repo = fresh(files);
    repo.write("guard.yaml", "jobs: 2\n");
    let report = repo.guard("init --dry-run --format json").run().json();
    let data = &report["data"];
    assert_eq!(data["found"]["packages"][0]["uses"][0]["name"], "Next.js");
    assert_eq!(data["read"][0]["variables"], 1);
    assert_eq!(data["written"], false);
    let files: Vec<String> = data["files"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|file| format!("{} {}", file["action"], file["path"]))
        .collect();
    assert_eq!(
        files,
        [
            r#""create" "schemas/env.yaml""#,
            r#""create" ".git/hooks/pre-commit""#,
            r#""create" ".git/hooks/pre-push""#,
            r#""keep" "guard.yaml""#,
        ]
    );
}

#[cfg(feature = "slow-tests")]
#[test]
fn the_first_look_ends_after_ten_seconds_and_says_what_it_did_not_see() {
    let repo = fresh(&[(
        "guard.yaml",
        "commands:\n  slow: { run: 'sleep 60', at: [ci] }\n  good: { run: 'true', at: [ci] }\n",
    )]);
    repo.commit("begin");
    let began = std::time::Instant::now();
    let ran = repo.guard("init --yes").run();
    assert!(began.elapsed().as_secs() < 13, "{:?}", began.elapsed());
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(ran.out.contains("not looked at: slow"), "{}", ran.whole());
}
