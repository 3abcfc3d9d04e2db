//! Which suites packages have, and which of them a change touches.

use super::*;
use crate::adapter::scene::Scene;
use crate::project::sketch::Sketch;

fn shown(suites: &[Suite]) -> String {
    let shown = suites.iter().map(|suite| {
        let env: Vec<String> = suite
            .env
            .iter()
            .map(|(name, value)| format!("{name}={value} "))
            .collect();
        format!(
            "{}{:?} {}",
            env.concat(),
            suite.runner,
            suite.words.join("|")
        )
    });
    shown.collect::<Vec<_>>().join("; ")
}

fn of(manifest: &str, others: &[&str]) -> String {
    let mut files = vec![("package.json", manifest)];
    files.extend(others.iter().map(|path| (*path, "")));
    let project = Project::new(Sketch::of(&files));
    shown(&suites(&project, &RepoPath::root()))
}

fn of_test(script: &str) -> String {
    of(
        &serde_json::json!({"scripts": {"test": script}}).to_string(),
        &[],
    )
}

#[test]
fn the_test_script_is_the_teams_word() {
    for (script, suite) in [
        (
            "jest --watch -i --config x.js --json",
            "Jest -i|--config|x.js",
        ),
        (
            "cross-env A=b vitest --run --reporter verbose src",
            "A=b Vitest src",
        ),
        ("vitest", "Vitest "),
        ("vitest bench", "Script test"),
        (
            "node --import tsx --test test/a.js",
            "Node --import|tsx|--test|test/a.js",
        ),
        ("mocha", "Script test"),
        ("bun test", "Script test"),
        ("react-scripts test", "Script test"),
        ("tsc && vitest run", "Script test"),
        ("echo \"Error: no test specified\" && exit 1", ""),
        ("playwright test", ""),
        ("", ""),
    ] {
        assert_eq!(of_test(script), suite, "{script}");
    }
}

#[test]
fn traces_beside_the_script_are_found() {
    for (manifest, others, suite) in [
        (r#"{"devDependencies":{"vitest":"^3"}}"#, &[][..], "Vitest "),
        (r#"{"jest":{}}"#, &[], "Jest "),
        (
            r#"{"devDependencies":{"jest":"^30"},"scripts":{"test:unit":"jest -i"}}"#,
            &[],
            "Jest -i",
        ),
        (
            r#"{"devDependencies":{"jest":"^30"},"scripts":{"test":"vitest"}}"#,
            &[],
            "Vitest ",
        ),
        (
            r#"{"scripts":{"test":"vitest"}}"#,
            &["jest.config.js"],
            "Vitest ; Jest ",
        ),
        (
            r#"{"scripts":{"test":"npm run unit && npm run e2e","unit":"vitest run"}}"#,
            &[],
            "Vitest ",
        ),
        (
            r#"{"scripts":{"test":"npm run unit","unit":"mocha"}}"#,
            &[],
            "Script test",
        ),
        (
            r#"{"scripts":{"test":"karma --watch","test:ci":"karma"}}"#,
            &[],
            "Script test:ci",
        ),
        (r#"{"name":"x"}"#, &["src/a.test.ts"], ""),
        ("{broken", &["vitest.config.ts"], "Vitest "),
    ] {
        assert_eq!(of(manifest, others), suite, "{manifest}");
    }
}

fn touched_in(files: &[(&str, &str)], changed: &[&str]) -> Vec<String> {
    let suites = Scene::of(files, changed).asked(touched_suites);
    suites
        .iter()
        .map(|(home, suite)| format!("{home}:{:?}", suite.runner))
        .collect()
}

const TURBO: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{"workspaces":["apps/*","libs/*"],"scripts":{"test":"turbo run test"}}"#,
    ),
    (
        "apps/web/package.json",
        r#"{"name":"web","dependencies":{"ui":"*"},"scripts":{"test":"vitest run"}}"#,
    ),
    (
        "apps/api/package.json",
        r#"{"name":"api","dependencies":{"built":"*"},"scripts":{"test":"jest"}}"#,
    ),
    ("libs/ui/package.json", r#"{"name":"ui"}"#),
    (
        "libs/built/package.json",
        r#"{"name":"built","scripts":{"build":"tsc"}}"#,
    ),
];

#[test]
fn each_package_runs_its_own_suite_and_the_root_what_needs_an_order() {
    for (changed, suites) in [
        ("apps/web/a.ts", &["apps/web:Vitest"][..]),
        // Only the root knows that `built` is built first.
        ("apps/api/a.ts", &[":Script"]),
        ("libs/ui/a.ts", &[":Script", "apps/web:Vitest"]),
        ("package-lock.json", &[":Script", "apps/web:Vitest"]),
    ] {
        assert_eq!(touched_in(TURBO, &[changed]), suites, "{changed}");
    }
}

#[test]
fn a_root_that_gathers_its_packages_tests_runs_them_once() {
    let jest = r#"{"workspaces":["packages/*"],"jest":{"projects":["<rootDir>/packages/*"]}}"#;
    let own = r#"{"jest":{}}"#;
    let files = [
        ("package.json", jest),
        ("packages/a/package.json", own),
        ("other/package.json", own),
    ];
    assert_eq!(
        touched_in(&files, &["packages/a/x.js", "packages/a/y.js"]),
        [":Jest"]
    );
    assert_eq!(touched_in(&files, &["other/x.js"]), ["other:Jest"]);
    let config =
        "export default defineConfig({ test: { projects: ['packages/*/vitest.config.ts'] } })";
    let vitest = [
        ("package.json", "{}"),
        ("vitest.config.ts", config),
        ("packages/a/package.json", "{}"),
        ("packages/a/vitest.config.ts", ""),
        ("apps/b/package.json", "{}"),
        ("apps/b/vitest.config.ts", ""),
    ];
    assert_eq!(
        touched_in(&vitest, &["packages/a/x.ts", "apps/b/x.ts"]),
        [":Vitest", "apps/b:Vitest"]
    );
}

#[test]
fn a_change_in_another_language_stops_at_its_own_suite() {
    let files = [
        ("package.json", r#"{"scripts":{"test":"jest"}}"#),
        ("api/pyproject.toml", "[tool.pytest.ini_options]"),
        ("docs/pyproject.toml", ""),
    ];
    assert_eq!(touched_in(&files, &["api/a.py"]), [""; 0]);
    assert_eq!(touched_in(&files, &["docs/a.py"]), [":Jest"]);
}

#[test]
fn quoted_texts_are_found_however_a_source_is_broken() {
    let found: Vec<&str> = literals("a 'b' \"c's\" `d` 'open\n'e' '").collect();
    assert_eq!(found, ["b", "c's", "d", "open", "e", ""]);
}
