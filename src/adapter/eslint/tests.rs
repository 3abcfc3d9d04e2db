//! The adapter asked, and its ear with what ESLint really said.

use super::*;
use crate::adapter::rehearsal::{Rehearsal, heard, ready};

const FLAT: (&str, &str) = (
    "eslint.config.mjs",
    "import js from \"@eslint/js\";\nexport default [js.configs.recommended];\n",
);

fn installed(rehearsal: Rehearsal, version: &str) -> Rehearsal {
    rehearsal
        .installs(&["node_modules/.bin/eslint"])
        .installs_as(
            "node_modules/eslint/package.json",
            &format!("{{\"version\": \"{version}\"}}"),
        )
}

#[test]
fn changed_files_are_handed_over_and_ignored_ones_are_its_business() {
    let rehearsal = Rehearsal::of(&[FLAT, ("package.json", "{}")])
        .changed(&["src/a.ts", "src/b.js", "notes.md", "logo.svg"]);
    let rehearsal = installed(rehearsal, "9.12.0");
    let units = rehearsal.units(&Eslint);
    assert_eq!(units.len(), 1);
    let call = ready(&units[0].call);
    assert_eq!(
        call.run,
        [
            "node_modules/.bin/eslint",
            "--format",
            "json",
            "--no-warn-ignored",
            "{files}"
        ]
    );
    let fix = call.fix.as_ref().expect("it repairs");
    assert_eq!(fix.run, ["node_modules/.bin/eslint", "--fix", "{files}"]);
    assert_eq!(fix.kind, Fix::Safe);
    assert_eq!(call.reads, Reads::Files);
    let files: Vec<String> = units[0].files.iter().map(ToString::to_string).collect();
    assert_eq!(files, ["src/a.ts", "src/b.js"]);
    let inputs: Vec<String> = call.inputs.iter().map(ToString::to_string).collect();
    assert_eq!(inputs, ["eslint.config.mjs", "package.json"]);
}

#[test]
fn what_it_cannot_work_without_is_its_configuration() {
    let named = ("package.json", r#"{"devDependencies": {"eslint": "9"}}"#);
    let plain = Rehearsal::of(&[named]).changed(&["a.js"]);
    assert_eq!(plain.said(&Eslint), Vec::<String>::new());
    let lock = ("package-lock.json", "{}");
    let missing = Rehearsal::of(&[named, lock, FLAT]).changed(&["a.js"]);
    assert_eq!(
        missing.said(&Eslint),
        [" ? `eslint` is in package.json and not installed > npm ci"]
    );
    let section = ("package.json", r#"{"eslintConfig": {}}"#);
    let missing = Rehearsal::of(&[section]).changed(&["a.js"]);
    assert_eq!(
        missing.said(&Eslint),
        [" ? `eslint` is configured and not installed > npm install --save-dev eslint"]
    );
}

#[test]
fn a_changed_configuration_widens_to_the_package() {
    for path in ["eslint.config.mjs", "package.json", "yarn.lock"] {
        let rehearsal = Rehearsal::of(&[FLAT, ("a.js", "")]).changed(&[path, "a.js"]);
        let units = installed(rehearsal, "9.12.0").units(&Eslint);
        let call = ready(&units[0].call);
        assert_eq!(call.run.last().map(String::as_str), Some("."), "{path}");
        assert_eq!(call.reads, Reads::Project);
    }
}

#[test]
fn each_package_of_a_monorepo_is_a_unit() {
    let files = [
        ("apps/web/eslint.config.js", "export default []"),
        ("apps/web/package.json", "{}"),
        ("apps/api/.eslintrc.json", r#"{"root": true}"#),
        ("apps/api/package.json", "{}"),
        ("apps/api/src/legacy/.eslintrc.json", "{}"),
    ];
    let rehearsal = Rehearsal::of(&files).changed(&["apps/web/a.js", "apps/api/src/legacy/b.js"]);
    assert_eq!(
        installed(rehearsal, "8.57.1").said(&Eslint),
        [
            "apps/api: ../../node_modules/.bin/eslint --format json {files}",
            "apps/web: ../../node_modules/.bin/eslint --format json {files}",
        ]
    );
}

#[test]
fn a_legacy_configuration_lints_only_what_it_has_a_parser_for() {
    let lints = |config: &str, path: &str| {
        let rehearsal = Rehearsal::of(&[(".eslintrc.json", config)]).changed(&[path]);
        !installed(rehearsal, "8.57.1").units(&Eslint).is_empty()
    };
    let plain = r#"{"extends": "eslint:recommended", "rules": {"@x/y": 1}}"#;
    assert!(lints(plain, "a.js") && !lints(plain, "a.ts") && !lints(plain, "a.vue"));
    assert!(lints(
        r#"{"extends": ["plugin:@typescript-eslint/recommended"]}"#,
        "a.ts"
    ));
    assert!(lints(r#"{"extends": "next/core-web-vitals"}"#, "a.tsx"));
    assert!(lints(r#"{"extends": "@company/eslint-config"}"#, "a.ts"));
}

#[test]
fn what_may_look_at_other_files_reads_the_project() {
    let reads = |name: &str, config: &str| {
        let rehearsal = Rehearsal::of(&[(name, config)]).changed(&["a.js"]);
        let units = installed(rehearsal, "9.0.0").units(&Eslint);
        ready(&units[0].call).reads
    };
    for (config, wanted) in [
        ("export default [];", Reads::Files),
        (
            "import globals from 'globals';\nimport ts from 'typescript-eslint';",
            Reads::Files,
        ),
        ("import x from 'eslint-plugin-import';", Reads::Project),
        ("import x from './rules/mine.js';", Reads::Project),
        (
            "const x = require('@company/eslint-config');",
            Reads::Project,
        ),
        (
            "import ts from 'typescript-eslint'; ts.configs.recommendedTypeChecked",
            Reads::Project,
        ),
        (
            "languageOptions: { parserOptions: { projectService: true } }",
            Reads::Project,
        ),
        (
            "import { FlatCompat } from '@eslint/eslintrc';",
            Reads::Project,
        ),
    ] {
        assert_eq!(reads("eslint.config.js", config), wanted, "{config}");
    }
    for (config, wanted) in [
        (
            r#"{"extends": ["eslint:recommended", "prettier"]}"#,
            Reads::Files,
        ),
        (r#"{"extends": ["airbnb"]}"#, Reads::Project),
        (r#"{"plugins": ["import"]}"#, Reads::Project),
        (
            r#"{"parserOptions": {"project": "./tsconfig.json"}}"#,
            Reads::Project,
        ),
    ] {
        assert_eq!(reads(".eslintrc.json", config), wanted, "{config}");
    }
}

#[test]
fn the_kind_of_configuration_is_said_where_the_version_would_look_for_the_other() {
    let value = |version: &str, name: &str| {
        let rehearsal = Rehearsal::of(&[(name, "{}")]).changed(&["a.js"]);
        let units = installed(rehearsal, version).units(&Eslint);
        let call = ready(&units[0].call);
        call.env.get("ESLINT_USE_FLAT_CONFIG").cloned()
    };
    assert_eq!(value("9.1.0", ".eslintrc").as_deref(), Some("false"));
    assert_eq!(value("8.40.0", "eslint.config.js").as_deref(), Some("true"));
    assert_eq!(value("8.57.0", "eslint.config.js"), None);
    assert_eq!(value("10.0.0", "eslint.config.js"), None);
}

/// As version 10 said it, shortened.
const TEN: &str = r#"[{"filePath":"/tree/app/c.js","messages":[{"ruleId":"prefer-const","severity":1,"message":"'a' is never reassigned. Use 'const' instead.","line":1,"column":5,"messageId":"useConst","endLine":1,"endColumn":6,"fix":{"range":[0,13],"text":"const a = 1;"}},{"ruleId":"no-unused-vars","severity":2,"message":"'b' is assigned a value but never used.","line":1,"column":19,"endLine":1,"endColumn":20,"suggestions":[{"messageId":"removeVar","fix":{"range":[14,24],"text":""},"desc":"Remove"}]}],"suppressedMessages":[],"errorCount":1,"fatalErrorCount":0,"warningCount":1,"source":"let a = 1","usedDeprecatedRules":[]},{"filePath":"/tree/app/bad.js","messages":[{"ruleId":null,"fatal":true,"severity":2,"message":"Parsing error: Unexpected character","line":1,"column":18}],"errorCount":1}]"#;

#[test]
fn its_json_becomes_faults_with_places() {
    let wanted = [
        "app/c.js:1:5-1:6 warning prefer-const 'a' is never reassigned. Use 'const' instead. [safe]",
        "app/c.js:1:19-1:20 error no-unused-vars 'b' is assigned a value but never used.",
        "app/bad.js:1:18-1:18 error - Parsing error: Unexpected character",
    ];
    assert_eq!(heard(&EslintEar, 1, TEN, ""), wanted);
    // A configuration that prints.
    let chatty = format!("Pages directory [x] not found\n{TEN}\n");
    assert_eq!(heard(&EslintEar, 1, &chatty, ""), wanted);
}

#[test]
fn what_it_ignored_is_no_fault() {
    let eight = r#"[{"filePath":"/tree/app/gen/x.js","messages":[{"ruleId":null,"fatal":false,"severity":1,"message":"File ignored because of a matching ignore pattern. Use \"--no-ignore\" to override.","nodeType":null}],"errorCount":0,"warningCount":1}]"#;
    assert_eq!(heard(&EslintEar, 0, eight, ""), Vec::<String>::new());
    assert_eq!(heard(&EslintEar, 0, "[]", ""), Vec::<String>::new());
}

#[test]
fn a_crash_is_no_pass() {
    let missing = "\nOops! Something went wrong! :(\n\nESLint: 8.57.1\n\nESLint couldn't find the config \"airbnb\" to extend from. Please check that the name of the config is correct.\n";
    let wanted = "? eslint: ESLint couldn't find the config \"airbnb\" to extend from. Please check that the name of the config is correct. > install what it names; `npx eslint .` shows all of it";
    assert_eq!(heard(&EslintEar, 2, "", missing), [wanted]);
    for (exit, out) in [
        (0, ""),
        (1, ""),
        (1, "[]"),
        (1, "<html>"),
        (0, "{}"),
        (137, TEN),
        (0, "[{\"filePath\":"),
    ] {
        let heard = heard(&EslintEar, exit, out, "");
        assert!(heard[0].starts_with("? eslint"), "{exit} {out}: {heard:?}");
    }
}

#[test]
fn a_cut_answer_keeps_its_errors_and_says_so() {
    let cut = &TEN[..TEN.len() - 40];
    let heard = heard(&EslintEar, 1, cut, "");
    assert_eq!(heard.len(), 3, "{heard:?}");
    assert!(heard[2].contains("more than guard keeps"), "{heard:?}");
}

#[test]
fn more_warnings_than_the_lint_script_lets_pass_are_an_error() {
    let script = |limit: &str| {
        let manifest = format!(
            r#"{{"devDependencies": {{"eslint": "9"}}, "scripts": {{"lint": "eslint src --max-warnings {limit}"}}}}"#
        );
        let files = [
            ("package.json", manifest.as_str()),
            ("eslint.config.js", "export default []"),
        ];
        Rehearsal::of(&files)
            .installs(&["node_modules/.bin/eslint"])
            .changed(&["src/a.js"])
    };
    let run = |rehearsal: &Rehearsal| {
        let units = rehearsal.units(&Eslint);
        ready(&units[0].call).run.join(" ")
    };
    let none = run(&script("0"));
    assert!(none.ends_with("--max-warnings 0 {files}"), "{none}");
    // Of a number, those of the files that did not change count as well.
    let some = run(&script("5"));
    assert!(some.ends_with("--max-warnings 5 src"), "{some}");
    let commit = run(&script("5").at(Moment::Commit));
    assert!(commit.ends_with("--max-warnings 5 {files}"), "{commit}");
    let out = r#"[{"filePath": "/tree/app/a.js", "messages": [{"ruleId": "no-var", "severity": 1, "message": "m", "line": 1, "column": 1}]}]"#;
    let err = "\nESLint found too many warnings (maximum: 0).\n";
    let told = heard(&EslintEar, 1, out, err);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[1].contains("error - 1 warning, and the project's lint script lets 0 pass"),
        "{told:?}"
    );
    // Without these words it was not understood.
    assert!(heard(&EslintEar, 1, out, "")[0].starts_with('?'));
}
