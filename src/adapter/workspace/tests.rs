//! Which packages a change touches, in workspaces of three worlds.

use super::*;
use crate::adapter::scene::changes;
use crate::project::sketch::Sketch;

fn of(files: &[(&str, &str)], changed: &[&str], world: World) -> Vec<String> {
    let project = Project::new(Sketch::of(files));
    let touched = touched(&project, &changes(changed), world);
    touched
        .into_iter()
        .map(|folder| folder.to_string())
        .collect()
}

const PNPM: &[(&str, &str)] = &[
    ("package.json", "{}"),
    (
        "pnpm-workspace.yaml",
        "packages: ['apps/*', 'libs/**', '!libs/old/*']",
    ),
    (
        "apps/web/package.json",
        "{\"name\":\"web\",\"dependencies\":{\"@a/ui\":\"workspace:*\"}}",
    ),
    (
        "apps/api/package.json",
        "{\"name\":\"api\",\"dependencies\":{\"core\":\"link:../../libs/x/core\"}}",
    ),
    (
        "libs/ui/package.json",
        "{\"name\":\"@a/ui\",\"dependencies\":{\"@a/core\":\"^1\"}}",
    ),
    ("libs/x/core/package.json", "{\"name\":\"@a/core\"}"),
    ("libs/old/dead/package.json", "{\"name\":\"dead\"}"),
    ("backend/pyproject.toml", ""),
    ("apps/web/src/a.ts", ""),
];

#[test]
fn dependents_are_touched_too_and_others_are_not() {
    for (changed, touched) in [
        (&["apps/web/src/a.ts"][..], &["apps/web"][..]),
        (&["libs/ui/a.ts"], &["apps/web", "libs/ui"]),
        (
            &["libs/x/core/a.ts"],
            &["apps/api", "apps/web", "libs/ui", "libs/x/core"],
        ),
        (&["libs/old/dead/a.ts"], &["libs/old/dead"]),
        (&["backend/a.py"], &["backend"]),
        (&["README.md", ".github/workflows/ci.yml"], &[""]),
        (
            &["pnpm-lock.yaml"],
            &["", "apps/api", "apps/web", "libs/ui", "libs/x/core"],
        ),
        (
            &["scripts/aliases.js"],
            &["", "apps/api", "apps/web", "libs/ui", "libs/x/core"],
        ),
        (&[], &[]),
    ] {
        assert_eq!(of(PNPM, changed, World::Node), touched, "{changed:?}");
    }
}

#[test]
fn cargo_and_uv_workspaces_are_known() {
    let cargo = &[
        (
            "Cargo.toml",
            "[workspace]\nmembers=[\"crates/*\"]\nexclude=[\"crates/c\"]",
        ),
        (
            "crates/a/Cargo.toml",
            "[package]\nname=\"a\"\n[target.'cfg(unix)'.dev-dependencies]\nbee={path=\"../b\",package=\"b\"}",
        ),
        ("crates/b/Cargo.toml", "[package]\nname=\"b\""),
        ("crates/c/Cargo.toml", "[package]\nname=\"c\""),
    ];
    assert_eq!(
        of(cargo, &["crates/b/src/lib.rs"], World::Rust),
        ["crates/a", "crates/b"]
    );
    assert_eq!(
        of(cargo, &["Cargo.lock"], World::Rust),
        ["", "crates/a", "crates/b"]
    );
    let uv = &[
        (
            "pyproject.toml",
            "[tool.uv.workspace]\nmembers=[\"packages/*\"]",
        ),
        ("packages/a/pyproject.toml", "[project]\nname=\"A_x\""),
        (
            "packages/b/pyproject.toml",
            "[project]\nname=\"b\"\ndependencies=[\"a-x>=1\"]",
        ),
    ];
    assert_eq!(
        of(uv, &["packages/a/x.py"], World::Python),
        ["packages/a", "packages/b"]
    );
}

#[test]
fn what_a_package_needs_is_found_however_far() {
    let project = Project::new(Sketch::of(PNPM));
    let workspace =
        Workspace::around(&project, &"apps/web".into(), World::Node).expect("a workspace");
    let needed = workspace.needed_by(&"apps/web".into());
    let names: Vec<&str> = needed.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["@a/ui", "@a/core"]);
    assert!(Workspace::around(&project, &"libs/old/dead".into(), World::Node).is_none());
}

#[test]
fn circles_and_hostile_patterns_end() {
    let deep = format!(
        "{{\"workspaces\":[\"{}\",\"../..\",\"**\"]}}",
        "**/".repeat(40)
    );
    let files = [
        ("package.json", deep.as_str()),
        (
            "a/package.json",
            "{\"name\":\"a\",\"dependencies\":{\"b\":\"*\"}}",
        ),
        (
            "b/package.json",
            "{\"name\":\"b\",\"dependencies\":{\"a\":\"*\"}}",
        ),
        ("c/package.json", "[1, 2"),
    ];
    assert_eq!(of(&files, &["a/x"], World::Node), ["a", "b"]);
}
