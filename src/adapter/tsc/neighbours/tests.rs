//! Workspaces as they are met, and what is built in them before types are judged.

use crate::adapter::rehearsal::Rehearsal;
use crate::adapter::tsc::Tsc;

const ROOT: (&str, &str) = (
    "package.json",
    r#"{"workspaces": ["packages/*", "apps/*"], "devDependencies": {"typescript": "5"}}"#,
);

const BUILT: &str = r#"{"name": "@x/core", "types": "dist/index.d.ts", "main": "dist/index.js", "scripts": {"build": "tsc"}}"#;

fn workspace(core: &str, more: &[(&str, &str)]) -> Rehearsal {
    let all = [
        ROOT,
        ("packages/core/package.json", core),
        ("packages/core/src/index.ts", ""),
        (
            "apps/web/package.json",
            r#"{"name": "web", "dependencies": {"@x/core": "*"}}"#,
        ),
        ("apps/web/tsconfig.json", "{}"),
    ];
    let kept = all
        .iter()
        .filter(|(path, _)| more.iter().all(|(other, _)| other != path));
    let files: Vec<(&str, &str)> = kept.chain(more).copied().collect();
    Rehearsal::of(&files)
        .installs(&["node_modules/.bin/tsc"])
        .with_path(&["npm", "pnpm"])
        .changed(&["apps/web/a.ts"])
}

/// What is built before, each as its folder and its command; or why nothing can be told.
fn first(rehearsal: &Rehearsal) -> Vec<String> {
    let units = rehearsal.units(&Tsc);
    assert_eq!(units.len(), 1);
    match &units[0].call {
        Ok(call) => {
            assert!(call.first.is_empty() || call.is_away, "it writes");
            let first = call.first.iter();
            first
                .map(|build| format!("{}: {}", build.folder, build.run.join(" ")))
                .collect()
        }
        Err(missing) => vec![format!("? {} > {}", missing.reason, missing.remedy)],
    }
}

#[test]
fn what_points_into_a_built_folder_is_built_first() {
    let own = ["packages/core: npm run build"];
    for core in [
        BUILT,
        r#"{"name": "@x/core", "main": "./dist/index.js", "scripts": {"build": "x"}}"#,
        r#"{"name": "@x/core", "exports": "./dist/index.js", "scripts": {"build": "x"}}"#,
        r#"{"name": "@x/core", "exports": {".": {"types": "./dist/a.d.ts", "default": "./src/index.ts"}}, "scripts": {"build": "x"}}"#,
        r#"{"name": "@x/core", "exports": {"./a": "./src/index.ts", "./*": {"import": "./dist/*.js"}}, "scripts": {"build": "x"}}"#,
        r#"{"name": "@x/core", "types": "./src/index.ts", "exports": {"source": "./src/index.ts", "types": "./dist/a.d.ts"}, "scripts": {"build": "x"}}"#,
    ] {
        assert_eq!(first(&workspace(core, &[])), own, "{core}");
    }
    let pnpm = workspace(BUILT, &[("pnpm-lock.yaml", "")]);
    assert_eq!(first(&pnpm), ["packages/core: pnpm run build"]);
}

#[test]
fn what_is_read_as_its_source_is_not() {
    for core in [
        r#"{"name": "@x/core", "types": "src/index.ts", "main": "dist/index.js"}"#,
        r#"{"name": "@x/core", "main": "src/index.js"}"#,
        r#"{"name": "@x/core", "main": "src"}"#,
        r#"{"name": "@x/core", "exports": {".": "./src/index.ts", "./*": "./src/*.ts", "./style.css": "./dist/x.css"}}"#,
        r#"{"name": "@x/core", "files": ["preset.json"], "scripts": {"build": "x"}}"#,
        r#"{"name": "@y/other", "types": "dist/index.d.ts", "scripts": {"build": "x"}}"#,
    ] {
        assert!(first(&workspace(core, &[])).is_empty(), "{core}");
    }
    for config in [
        r#"{"compilerOptions": {"paths": {"@x/*": ["../../packages/*/src"]}}}"#,
        r#"{"extends": "../../base"}"#,
        r#"{"extends": ["../../none.json", "../../base.json"]}"#,
    ] {
        let base = r#"{"compilerOptions": {"paths": {"@x/core": ["packages/core/src"]}}}"#;
        let files = [("apps/web/tsconfig.json", config), ("base.json", base)];
        assert!(first(&workspace(BUILT, &files)).is_empty(), "{config}");
    }
    let source = r#"{"name": "@x/core", "exports": {"source": "./src/index.ts", "types": "./dist/a.d.ts"}, "scripts": {"build": "x"}}"#;
    let asks = r#"{"compilerOptions": {"customConditions": ["source"]}}"#;
    let files = [("apps/web/tsconfig.json", asks)];
    assert!(first(&workspace(source, &files)).is_empty());
}

#[test]
fn what_tsc_builds_by_a_reference_is_not_built_twice() {
    let core = (
        "packages/core/tsconfig.json",
        r#"{"compilerOptions": {"composite": true}}"#,
    );
    let refers = r#"{"references": [{"path": "../../packages/core"}]}"#;
    let files = [("apps/web/tsconfig.json", refers), core];
    assert!(first(&workspace(BUILT, &files)).is_empty());
    let other = r#"{"references": [{"path": "./node"}]}"#;
    let files = [
        ("apps/web/tsconfig.json", other),
        ("apps/web/node/tsconfig.json", "{}"),
        core,
    ];
    assert_eq!(
        first(&workspace(BUILT, &files)),
        ["packages/core: npm run build"]
    );
}

#[test]
fn what_a_package_needs_is_built_before_it() {
    let ui = r#"{"name": "@x/ui", "types": "dist/index.d.ts", "scripts": {"build": "tsc"}, "dependencies": {"@x/core": "*"}}"#;
    let web = r#"{"name": "web", "dependencies": {"@x/ui": "*"}}"#;
    let files = [
        ("packages/a-ui/package.json", ui),
        ("apps/web/package.json", web),
    ];
    assert_eq!(
        first(&workspace(BUILT, &files)),
        [
            "packages/core: npm run build",
            "packages/a-ui: npm run build"
        ]
    );
    // Round in a circle it ends.
    let round = BUILT.replace("\"main\"", "\"dependencies\": {\"@x/ui\": \"*\"}, \"main\"");
    assert_eq!(first(&workspace(&round, &files)).len(), 2);
}

#[test]
fn without_a_script_the_workspace_builds_and_else_nothing_is_told() {
    let core = r#"{"name": "@x/core", "types": "dist/index.d.ts"}"#;
    let root = r#"{"workspaces": ["packages/*", "apps/*"], "scripts": {"build": "turbo build"}}"#;
    let by_root = workspace(core, &[("package.json", root)]);
    assert_eq!(first(&by_root), [": npm run build"]);
    // Nothing lies there: tsc says so, and it is not wrongly green.
    assert!(first(&workspace(core, &[])).is_empty());
    let stale = workspace(core, &[]).installs(&["packages/core/dist/index.d.ts"]);
    assert_eq!(
        first(&stale),
        [
            "? `@x/core` is read as it was built once (packages/core/dist/index.d.ts), which git has \
          no part of, and nothing here says how to build it > add a script `build` to \
          packages/core/package.json, or refer to packages/core in `references` of \
          apps/web/tsconfig.json"
        ]
    );
}
