//! What stacks are found in which projects.

use super::*;
use crate::project::sketch::Sketch;

fn stack(files: &[(&str, &str)]) -> Stack {
    Stack::of(&Project::new(Sketch::of(files)))
}

/// The packages in a line: `apps/web Node.js: Next.js 16, BullMQ workers`.
fn packages(files: &[(&str, &str)]) -> Vec<String> {
    let line = |package: &Package| {
        let uses: Vec<String> = package
            .uses
            .iter()
            .map(|part| {
                let version = part.version.as_ref().map(|version| format!(" {version}"));
                format!("{}{}", part.name, version.unwrap_or_default())
            })
            .collect();
        format!("{} {}: {}", package.root, package.language, uses.join(", "))
    };
    stack(files).packages.iter().map(line).collect()
}

#[test]
fn every_default_stack_is_known() {
    for (files, found) in [
        (
            &[(
                "package.json",
                r#"{"dependencies":{"next":"^16.0.1","react":"19.0.0"}}"#,
            )][..],
            &[" Node.js: Next.js 16"][..],
        ),
        (
            &[("package.json", r#"{"devDependencies":{"vite":"~7.1"}}"#)],
            &[" Node.js: Vite 7"],
        ),
        (
            &[(
                "package.json",
                r#"{"dependencies":{"express":"5.1.0","bullmq":"^5"}}"#,
            )],
            &[" Node.js: Express 5, BullMQ workers"],
        ),
        (
            &[
                (
                    "pyproject.toml",
                    "[project]\nname='a'\ndependencies=['FastAPI[standard]>=0.115 ; python_version > \"3\"']\n",
                ),
                ("alembic.ini", ""),
            ],
            &[" Python: FastAPI 0.115, Alembic"],
        ),
        (
            &[
                (
                    "requirements.txt",
                    "# all\nfastapi==0.116.1\nsupabase\n-r more.txt\n",
                ),
                ("supabase/config.toml", ""),
            ],
            &[" Python: FastAPI 0.116, Supabase"],
        ),
        (
            &[
                ("api/requirements.txt", "fastapi\n"),
                (
                    "api/pyproject.toml",
                    "[tool.poetry.dependencies]\nalembic = '^1'\n",
                ),
            ],
            &["api Python: Alembic, FastAPI"],
        ),
        (
            &[(
                "Cargo.toml",
                "[package]\nname='a'\n[dependencies]\naxum={version='0.8.1'}\n",
            )],
            &[" Rust: axum 0.8"],
        ),
        (
            &[("go.mod", "module x\n"), ("Gemfile", "")],
            &[" Go: ", " Ruby: "],
        ),
        (&[("package.json", "{ broken")], &[" Node.js: "]),
        (&[("README.md", "")], &[]),
        (
            &[
                (
                    "node_modules/next/package.json",
                    r#"{"dependencies":{"next":"1"}}"#,
                ),
                ("a/.venv/x/pyproject.toml", ""),
                ("tests/fixtures/Cargo.toml", "[package]\n"),
            ],
            &[],
        ),
    ] {
        assert_eq!(packages(files), found);
    }
}

#[test]
fn every_workspace_names_its_packages() {
    let package = |path: &'static str| (path, "{}");
    for (files, found) in [
        (
            vec![
                (
                    "package.json",
                    r#"{"workspaces":["apps/*","!apps/old","./packages/**"]}"#,
                ),
                ("package-lock.json", ""),
                package("apps/web/package.json"),
                package("apps/old/package.json"),
                package("apps/web/inner/package.json"),
                package("packages/a/b/package.json"),
                package("other/package.json"),
            ],
            "npm : apps/web packages/a/b",
        ),
        (
            vec![
                ("package.json", r#"{"workspaces":{"packages":["a"]}}"#),
                ("yarn.lock", ""),
                package("a/package.json"),
            ],
            "yarn : a",
        ),
        (
            vec![
                ("package.json", r#"{"workspaces":["a"]}"#),
                ("bun.lock", ""),
                package("a/package.json"),
            ],
            "bun : a",
        ),
        (
            vec![
                (
                    "package.json",
                    r#"{"packageManager":"pnpm@9.1.0","workspaces":["a"]}"#,
                ),
                package("a/package.json"),
            ],
            "pnpm : a",
        ),
        (
            vec![
                package("package.json"),
                ("pnpm-workspace.yaml", "packages:\n  - 'apps/*'\n"),
                package("apps/web/package.json"),
            ],
            "pnpm : apps/web",
        ),
        (
            vec![
                (
                    "back/pyproject.toml",
                    "[tool.uv.workspace]\nmembers=['libs/*']\nexclude=['libs/b']\n",
                ),
                ("back/libs/a/pyproject.toml", ""),
                ("back/libs/b/pyproject.toml", ""),
            ],
            "uv back: back/libs/a",
        ),
        (
            vec![
                ("Cargo.toml", "[workspace]\nmembers=['crates/*']\n"),
                ("crates/a/Cargo.toml", "[package]\nname='a'\n"),
            ],
            "cargo : crates/a",
        ),
        (vec![package("package.json"), package("a/package.json")], ""),
    ] {
        let workspaces = stack(&files).workspaces;
        let said: Vec<String> = workspaces
            .iter()
            .map(|workspace| {
                let packages: Vec<String> =
                    workspace.packages.iter().map(ToString::to_string).collect();
                format!(
                    "{} {}: {}",
                    workspace.tool,
                    workspace.root,
                    packages.join(" ")
                )
            })
            .collect();
        assert_eq!(said.join("; "), found);
    }
}

#[test]
fn files_of_railway_and_examples_are_found_by_name() {
    let stack = stack(&[
        ("apps/api/railway.toml", ""),
        ("railway.json", ""),
        (".railway/railway.ts", ""),
        ("railway.ts", ""),
        ("b/.env.production.example", ""),
        ("b/.env.example", ""),
        (".env.example", ""),
        ("c/env.sample", ""),
        ("c/example.env", ""),
        ("c/.env", ""),
        ("c/.env.local", ""),
        ("c/.env.example.md", ""),
        ("c/environment.example", ""),
    ]);
    let names = |paths: &[RepoPath]| {
        let names: Vec<String> = paths.iter().map(ToString::to_string).collect();
        names.join(" ")
    };
    assert_eq!(
        names(&stack.railway),
        ".railway/railway.ts apps/api/railway.toml railway.json"
    );
    assert_eq!(
        names(&stack.env_examples),
        ".env.example b/.env.example b/.env.production.example c/env.sample c/example.env"
    );
}

#[test]
fn managers_and_tools_are_found_with_what_is_cheap_to_know() {
    let stack = stack(&[
        (
            "package.json",
            r#"{"devDependencies":{"husky":"^9.1.0","eslint":"^9","prettier":"3.x"},"lint-staged":{}}"#,
        ),
        (".husky/pre-commit", "npm test\n"),
        ("lefthook.yml", ""),
        (".pre-commit-config.yaml", ""),
        (
            "node_modules/eslint/package.json",
            r#"{"version":"9.30.1"}"#,
        ),
        (
            "node_modules/prettier/package.json",
            r#"{"version":"bad\u001b"}"#,
        ),
        (
            "api/pyproject.toml",
            "[tool.ruff]\n[dependency-groups]\ndev=['pytest>=8']\n",
        ),
    ]);
    let managers: Vec<String> = stack
        .hook_managers
        .iter()
        .map(|manager| format!("{} {} {:?}", manager.id, manager.file, manager.version))
        .collect();
    assert_eq!(
        managers,
        [
            "husky .husky Some(\"9\")",
            "lefthook lefthook.yml None",
            "pre-commit .pre-commit-config.yaml None",
            "lint-staged package.json None",
        ]
    );
    let tools: Vec<String> = stack
        .tools
        .iter()
        .map(|tool| format!("{} {} {:?}", tool.id, tool.root, tool.version))
        .collect();
    assert_eq!(
        tools,
        [
            "eslint  Some(\"9.30.1\")",
            "prettier  Some(\"3\")",
            "ruff api None",
            "pytest api Some(\"8\")",
        ]
    );
}

#[test]
fn a_range_says_its_major_number() {
    for (range, said) in [
        ("^16.0.1", Some("16")),
        ("~0.115.0", Some("0.115")),
        (">=5,<6", Some("5")),
        ("3.x", Some("3")),
        ("0", Some("0")),
        ("latest", None),
        ("*", None),
        ("workspace:*", None),
        ("workspace:^1", None),
        ("npm:other@1", None),
        ("file:../a1", None),
        ("", None),
    ] {
        assert_eq!(version(range).as_deref(), said, "{range}");
    }
}

#[test]
fn a_thousand_packages_are_counted_and_not_all_opened() {
    let paths: Vec<String> = (0..500)
        .map(|at| format!("p{at:03}/package.json"))
        .collect();
    let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "{}")).collect();
    let stack = stack(&files);
    assert_eq!((stack.packages.len(), stack.unopened), (400, 100));
}
