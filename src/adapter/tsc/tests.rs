//! The adapter asked, and its ear with what tsc really said.

use super::*;
use crate::adapter::rehearsal::{Rehearsal, heard, ready};
use crate::config::valid::Reads;

const MANIFEST: (&str, &str) = (
    "package.json",
    r#"{"devDependencies": {"typescript": "5"}}"#,
);

fn installed(files: &[(&str, &str)]) -> Rehearsal {
    Rehearsal::of(files)
        .installs(&["node_modules/.bin/tsc"])
        .installs_as(
            "node_modules/typescript/package.json",
            r#"{"version": "5.9.3"}"#,
        )
}

#[test]
fn a_package_is_checked_as_a_whole() {
    let rehearsal = installed(&[MANIFEST, ("apps/web/tsconfig.json", "{}")]);
    let units = rehearsal
        .changed(&["apps/web/src/a.ts", "b.ts"])
        .units(&Tsc);
    assert_eq!(units.len(), 1);
    let call = ready(&units[0].call);
    assert_eq!(
        call.run.join(" "),
        "../../node_modules/.bin/tsc -p tsconfig.json --noEmit --pretty false --composite false --incremental true --tsBuildInfoFile ../../node_modules/.cache/guard/apps+web+tsconfig.json.tsbuildinfo"
    );
    assert_eq!(call.reads, Reads::Project);
    assert!(call.fix.is_none());
}

#[test]
fn what_only_refers_to_others_is_checked_through_them() {
    let solution = r#"{
        // As Vite's template has it.
        "files": [],
        "references": [{ "path": "./tsconfig.app.json" }, { "path": "./node" }, { "path": "../../../x" }],
    }"#;
    let rehearsal = installed(&[
        MANIFEST,
        ("tsconfig.json", solution),
        ("tsconfig.app.json", r#"{"include": ["src"]}"#),
        ("node/tsconfig.json", r#"{"include": ["."]}"#),
    ]);
    let said = rehearsal.changed(&["src/a.ts"]).said(&Tsc);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains(" -p tsconfig.app.json "), "{said:?}");
    assert!(said[1].contains(" -p node/tsconfig.json "), "{said:?}");
    // In a circle, into nothing, and without any: tsc says what is wrong with it.
    for (references, call) in [
        (r#"[{"path": "."}]"#, " -b tsconfig.json "),
        (r#"[{"path": "./gone"}]"#, " -p gone "),
        ("[]", " -p tsconfig.json "),
    ] {
        let config = format!(r#"{{"files": [], "references": {references}}}"#);
        let said = installed(&[MANIFEST, ("tsconfig.json", &config)]).changed(&["a.ts"]);
        let said = said.said(&Tsc);
        assert_eq!(said.len(), 1, "{references}");
        assert!(said[0].contains(call), "{said:?}");
    }
}

#[test]
fn what_reads_what_others_were_built_to_is_built_itself_and_once() {
    let rehearsal = installed(&[
        MANIFEST,
        (
            "tsconfig.json",
            r#"{"files": [], "references": [{"path": "api"}, {"path": "shared"}]}"#,
        ),
        ("api/package.json", "{}"),
        (
            "api/tsconfig.json",
            r#"{"include": ["src"], "references": [{"path": "../shared"}]}"#,
        ),
        ("shared/package.json", "{}"),
        (
            "shared/tsconfig.json",
            r#"{"compilerOptions": {"composite": true}}"#,
        ),
    ]);
    let rehearsal = rehearsal.changed(&["api/src/a.ts", "tsconfig.json"]);
    let units = rehearsal.units(&Tsc);
    assert_eq!(units.len(), 1);
    let call = units[0].call.as_ref().expect("it is installed");
    assert!(
        call.is_away && call.run.contains(&"-b".to_owned()),
        "{:?}",
        call.run
    );
}

#[test]
fn a_gone_file_or_another_lock_file_asks_again_and_notes_do_not() {
    let files = [MANIFEST, ("tsconfig.json", "{}")];
    assert_eq!(installed(&files).gone(&["src/a.ts"]).units(&Tsc).len(), 1);
    assert_eq!(
        installed(&files).changed(&["yarn.lock"]).units(&Tsc).len(),
        1
    );
    assert_eq!(
        installed(&files)
            .changed(&["tsconfig.base.json"])
            .units(&Tsc)
            .len(),
        1
    );
    assert!(
        installed(&files)
            .changed(&["README.md", "a.css"])
            .units(&Tsc)
            .is_empty()
    );
    let deno = installed(&[("tsconfig.json", "{}")]);
    assert!(deno.changed(&["a.ts"]).units(&Tsc).is_empty());
}

#[test]
fn configured_and_not_installed_is_missing() {
    let lock = ("pnpm-lock.yaml", "");
    let rehearsal = Rehearsal::of(&[MANIFEST, lock, ("tsconfig.json", "{}")]).changed(&["a.ts"]);
    assert_eq!(
        rehearsal.said(&Tsc),
        [" ? `tsc` is in package.json and not installed > pnpm install --frozen-lockfile"]
    );
}

#[test]
fn its_lines_become_faults_with_places() {
    let out = "src/a.ts(1,23): error TS2322: Type 'string' is not assignable to type 'number'.\n\
        app/(shop)/page.tsx(5,10): error TS2322: Type '{ c: number; }' is not assignable.\n  \
        Object literal may only specify known properties.\n    \
        And more.\n\
        ../shared/b.ts(2,1): error TS1005: ';' expected.\r\n";
    assert_eq!(
        heard(&PLAIN, 2, out, ""),
        [
            "app/src/a.ts:1:23-1:23 error TS2322 Type 'string' is not assignable to type 'number'.",
            "app/app/(shop)/page.tsx:5:10-5:10 error TS2322 Type '{ c: number; }' is not assignable. (Object literal may only specify known properties. And more.)",
            "shared/b.ts:2:1-2:1 error TS1005 ';' expected.",
        ]
    );
    assert!(heard(&PLAIN, 0, "", "").is_empty());
}

#[test]
fn what_has_no_place_is_a_broken_configuration() {
    let out = "error TS18003: No inputs were found in config file '/tree/app/tsconfig.json'.\n";
    let heard_it = heard(&PLAIN, 2, out, "");
    assert!(
        heard_it[0].starts_with("? tsc: error TS18003: No inputs"),
        "{heard_it:?}"
    );
    let types = "error TS2688: Cannot find type definition file for 'node'.\n  The file is in the program because:\n";
    assert!(heard(&PLAIN, 2, types, "")[0].contains("install what it names"));
    let both = format!("{types}src/a.ts(1,1): error TS1: x\n");
    assert_eq!(heard(&PLAIN, 2, &both, "").len(), 2);
    for (exit, out) in [
        (1, ""),
        (2, "src/a.ts(1,"),
        (1, "src/a.ts(x,y): error TS1: z"),
        (134, ""),
    ] {
        assert!(
            heard(&PLAIN, exit, out, "")[0].starts_with('?'),
            "{exit} {out}"
        );
    }
}

#[test]
fn what_is_not_built_is_unknown_and_never_green() {
    let out = "app/src/index.ts(1,19): error TS6305: Output file 'x.d.ts' has not been built from source file 'x.ts'.\n";
    let wanted = "? tsc: the project refers to others that are not built > build them with `npx tsc -b`, then try again";
    assert_eq!(heard(&PLAIN, 2, out, ""), [wanted]);
    let both = format!("{out}src/a.ts(1,1): error TS1: x\n");
    assert_eq!(heard(&PLAIN, 2, &both, "").len(), 1);
}

#[test]
fn images_that_next_declares_itself_are_no_fault() {
    let config = r#"{"include": ["next-env.d.ts", "**/*.ts"]}"#;
    let ear_of = |files: &[(&str, &str)]| {
        let units = installed(files).changed(&["a.ts"]).units(&Tsc);
        ready(&units[0].call).ear
    };
    let out = "a.tsx(1,18): error TS2307: Cannot find module './logo.svg' or its corresponding type declarations.\n";
    let ear = ear_of(&[MANIFEST, ("tsconfig.json", config)]);
    assert!(heard(ear, 2, out, "").is_empty());
    let other = out.replace("logo.svg", "logo");
    assert_eq!(heard(ear, 2, &format!("{out}{other}"), "").len(), 1);
    let ear = ear_of(&[MANIFEST, ("tsconfig.json", config), ("next-env.d.ts", "")]);
    assert_eq!(heard(ear, 2, out, "").len(), 1);
}

#[test]
fn who_uses_a_package_is_checked_with_it() {
    let rehearsal = installed(&[
        ("package.json", r#"{"workspaces": ["*"]}"#),
        ("core/package.json", r#"{"name": "core"}"#),
        ("core/tsconfig.json", "{}"),
        (
            "web/package.json",
            r#"{"name": "web", "dependencies": {"core": "*"}}"#,
        ),
        ("web/tsconfig.json", "{}"),
    ]);
    let units = rehearsal.changed(&["core/src/a.ts"]).units(&Tsc);
    let roots: Vec<String> = units.iter().map(|unit| unit.root.to_string()).collect();
    assert_eq!(roots, ["core", "web"]);
}
