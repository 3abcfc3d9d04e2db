//! Scripts of package.json that are run as they are: `build`, and a `test` that calls no runner that guard knows.

use std::collections::BTreeSet;

use super::built::{could_not_start, hear};
use super::call::{call, unit};
use super::coverage::{judged, left_by_scripts};
use super::packager::{Node, missing_program, not_installed};
use super::place::{fault, frame};
use super::suite::{Runner, is_orchestrator, script, touched_suites, watches};
use super::telling::{broken, exit, plain, telling};
use super::workspace::{Workspace, World, touched};
use super::{Adapter, Ask};
use crate::finding::code::TESTS_FAILED;
use crate::path::RepoPath;
use crate::project::up;
use crate::tool::{Call, Ear, Heard, Missing, Told, Unit};

/// The script `build`.
pub(crate) struct Build;

/// The script `test`.
pub(crate) struct Tests;

struct Built;

struct Tested;

impl Adapter for Build {
    fn id(&self) -> &'static str {
        "script"
    }

    fn check(&self) -> &'static str {
        "build"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let roots = touched_builds(ask, |folder| script(ask.project, folder, "build").is_some());
        let roots = roots.into_iter();
        roots
            .map(|root| {
                let made = of_script(ask, &root, "build").map(|run| call(run, &Built));
                unit(
                    ask,
                    "script",
                    root,
                    made.map(|call| call.with("NEXT_TELEMETRY_DISABLED", "1")),
                )
            })
            .collect()
    }
}

impl Adapter for Tests {
    fn id(&self) -> &'static str {
        "script"
    }

    fn check(&self) -> &'static str {
        "tests"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let suites = touched_suites(ask).into_iter();
        let own = suites.filter(|(_, suite)| suite.runner == Runner::Script);
        own.filter_map(|(root, suite)| {
            let name = suite.words.into_iter().next()?;
            let made = of_script(ask, &root, &name).map(|run| tested(ask, &root, run));
            Some(unit(ask, "script", root, made))
        })
        .collect()
    }
}

fn tested(ask: &Ask<'_>, root: &RepoPath, run: Vec<String>) -> Call {
    let mut call = call(run, &Tested).covered(ask).with("CI", "true");
    call.leaves = left_by_scripts(ask.coverage, root);
    call
}

/// The folders whose build a change touches: packages that build, or the root of a workspace that builds them in
/// its own order.
pub(crate) fn touched_builds(
    ask: &Ask<'_>,
    builds: impl Fn(&RepoPath) -> bool,
) -> BTreeSet<RepoPath> {
    let project = ask.project;
    let folders = touched(project, ask.changed, World::Node).into_iter();
    // A package of another language has nothing to do with the scripts of a folder above it.
    let own = folders.filter(|folder| project.holds(folder, b"package.json"));
    let homes = own.filter_map(|folder| up(&folder).find(|at| builds(at)));
    homes
        .map(|home| {
            let has_way = |above: RepoPath| script(project, &above, "build").is_some();
            if !up(&home).skip(1).any(has_way) {
                return home;
            }
            let workspace = Workspace::around(project, &home, World::Node);
            let root = workspace.map(|workspace| workspace.root);
            root.filter(|root| script(project, root, "build").is_some())
                .unwrap_or(home)
        })
        .collect()
}

/// The command line of a script, if it can be run and will end.
fn of_script(ask: &Ask<'_>, root: &RepoPath, name: &str) -> Result<Vec<String>, Missing> {
    let project = ask.project;
    let (own, _) = Node::of(project, root);
    let text = script(project, root, name).unwrap_or_default();
    if watches(&text) && !is_orchestrator(project, root, name) {
        return Err(Missing {
            reason: format!(
                "the script `{name}` of {} watches and never ends",
                root.join(b"package.json")
            ),
            remedy: format!(
                "add a script `{name}:ci` that runs once, or take the watching out of `{name}`"
            ),
        });
    }
    if ask.finder.on_path(own.program()).is_none() {
        let remedy = match own {
            Node::Npm => "install Node.js from https://nodejs.org",
            Node::Pnpm => "npm install --global pnpm",
            Node::Yarn => "npm install --global yarn",
            Node::Bun => "npm install --global bun",
        };
        return Err(missing_program(own.program(), remedy));
    }
    if wants_packages(ask, root)
        && !ask.finder.lies(root, "node_modules")
        && !ask.finder.lies(root, ".pnp.cjs")
    {
        return Err(not_installed(project, root));
    }
    Ok(own.script(name))
}

fn wants_packages(ask: &Ask<'_>, root: &RepoPath) -> bool {
    let manifest = ask.project.json(&root.join(b"package.json"));
    let has = |section: &str| {
        let section = manifest
            .as_ref()
            .and_then(|manifest| manifest.get(section)?.as_object());
        section.is_some_and(|section| !section.is_empty())
    };
    has("dependencies") || has("devDependencies")
}

impl Ear for Built {
    fn hear(&self, told: &Told<'_>) -> Heard {
        hear(told, "npm run build")
    }
}

impl Ear for Tested {
    fn hear(&self, told: &Told<'_>) -> Heard {
        if could_not_start(told) {
            return broken(told, "npm test", "npm test");
        }
        let mut faults = Vec::new();
        if told.exit != 0 {
            let out = plain(&String::from_utf8_lossy(told.out));
            let err = plain(told.err);
            let line = telling(&[&out, &err]).unwrap_or_else(|| "it does not say why".to_owned());
            let spot = frame(&out, told.ran).or_else(|| frame(&err, told.ran));
            faults.push(fault(
                TESTS_FAILED,
                format!("the test script failed (exit {}): {line}", exit(told.exit)),
                spot,
            ));
        }
        judged(
            Heard::Judged {
                faults,
                files: None,
            },
            told,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::scene::{Answer, Scene};

    const MOCHA: &[(&str, &str)] = &[
        ("pnpm-lock.yaml", ""),
        (
            "package.json",
            r#"{"devDependencies":{"mocha":"^11"},"scripts":{"test":"mocha","build":"tsc -p ."}}"#,
        ),
    ];

    #[test]
    fn scripts_run_by_the_projects_own_package_manager() {
        let scene = Scene::of(MOCHA, &["a.js"]);
        assert_eq!(
            scene.said(&Tests),
            [" ? `pnpm` is not on PATH > npm install --global pnpm"]
        );
        let scene = scene.installs(&["bin/pnpm"]);
        let missing =
            " ? the packages of package.json are not installed > pnpm install --frozen-lockfile";
        assert_eq!(
            (scene.said(&Tests), scene.said(&Build)),
            (vec![missing.to_owned()], vec![missing.to_owned()])
        );
        let scene = scene.installs(&["node_modules/.bin/mocha"]).covered();
        assert_eq!(scene.said(&Tests), [": CI=true pnpm run test"]);
        assert_eq!(
            scene.said(&Build),
            [": NEXT_TELEMETRY_DISABLED=1 pnpm run build"]
        );
        let units = scene.units(&Tests);
        assert!(
            units[0]
                .call
                .as_ref()
                .is_ok_and(|call| call.leaves.contains(&"coverage/lcov.info".to_owned()))
        );
    }

    #[test]
    fn a_script_that_watches_is_not_started() {
        let files = &[(
            "package.json",
            r#"{"scripts":{"test":"karma start --watch"}}"#,
        )];
        let said = Scene::of(files, &["a.js"])
            .installs(&["bin/npm"])
            .said(&Tests);
        assert!(said[0].contains("watches and never ends"), "{said:?}");
    }

    #[test]
    fn a_workspace_is_built_by_its_root_where_that_has_a_way() {
        let web = r#"{"name":"web","scripts":{"build":"vite build"},"dependencies":{"ui":"*"}}"#;
        let members = [
            ("web/package.json", web),
            ("ui/package.json", r#"{"name":"ui"}"#),
            ("api/pyproject.toml", ""),
        ];
        for (root, changed, said) in [
            (
                r#"{"workspaces":["web","ui"],"scripts":{"build":"turbo build"}}"#,
                "ui/a.ts",
                &[": NEXT_TELEMETRY_DISABLED=1 npm run build"][..],
            ),
            (
                r#"{"workspaces":["web","ui"]}"#,
                "ui/a.ts",
                &["web: NEXT_TELEMETRY_DISABLED=1 npm run build"],
            ),
            (r#"{"scripts":{"build":"tsc"}}"#, "api/a.py", &[]),
        ] {
            let files: Vec<(&str, &str)> = [("package.json", root)]
                .into_iter()
                .chain(members)
                .collect();
            let scene = Scene::of(&files, &[changed]).installs(&["bin/npm", "node_modules/x"]);
            assert_eq!(scene.said(&Build), said, "{root}");
        }
    }

    #[test]
    fn a_failing_script_is_a_failing_test_and_one_that_cannot_start_is_not() {
        let out = "> app@1.0.0 test\n> mocha\n\n  1) adds:\n     AssertionError: 3 == 4\n      at Context.<anonymous> (test/a.js:4:5)\n";
        assert_eq!(
            Answer {
                exit: 1,
                out,
                ..Answer::default()
            }
            .to(&Tested),
            [
                "app/test/a.js:4:5 TESTS-FAILED the test script failed (exit 1): AssertionError: 3 == 4"
            ]
        );
        let broken = Answer {
            exit: 127,
            err: "sh: 1: mocha: not found",
            ..Answer::default()
        }
        .to(&Tested);
        assert!(
            broken[0]
                .starts_with("? `npm test` could not judge (exit 127): sh: 1: mocha: not found"),
            "{broken:?}"
        );
        let unmeasured = Answer {
            floor: Some(80.0),
            ..Answer::default()
        }
        .to(&Tested);
        assert!(
            unmeasured[0].contains("left no coverage report"),
            "{unmeasured:?}"
        );
    }

    #[test]
    fn a_failing_build_says_what_it_can() {
        let out = "./app/page.tsx:3:9\nType error: no.\n";
        assert_eq!(
            Answer {
                exit: 1,
                out,
                ..Answer::default()
            }
            .to(&Built),
            ["app/app/page.tsx:3:9 BUILD-FAILED Type error: no."]
        );
        let err = "Error: missing variable DATABASE_URL";
        assert_eq!(
            Answer {
                exit: 1,
                err,
                ..Answer::default()
            }
            .to(&Built),
            [
                " BUILD-FAILED `cd app && npm run build` failed (exit 1): Error: missing variable DATABASE_URL"
            ]
        );
        assert!(
            Answer {
                out,
                ..Answer::default()
            }
            .to(&Built)
            .is_empty()
        );
    }
}
