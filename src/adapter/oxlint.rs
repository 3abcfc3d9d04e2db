//! oxlint.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::by_file::{ByFile, mentions, text_of, words};
use super::columns::{Columns, Counts};
use super::packages::{Interest, NODE_LOCKS, Touched, ends, touched};
use super::said::{self, Faults, at, fault, span};
use super::{Adapter, Ask, install, traces};
use crate::config::valid::Reads;
use crate::finding::Severity;
use crate::finding::code::LINT_RULE;
use crate::tool::{Ear, Fault, Heard, Told, Unit};

const CONFIGS: [&str; 4] = [
    ".oxlintrc.json",
    ".oxlintrc.jsonc",
    "oxlint.config.ts",
    "oxlintrc.json",
];

/// The adapter.
pub(super) struct Oxlint;

impl Adapter for Oxlint {
    fn id(&self) -> &'static str {
        "oxlint"
    }

    fn check(&self) -> &'static str {
        "lint"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let judged = [
            "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte", "astro",
        ];
        let interest = Interest {
            judges: &|name| ends(name, &judged),
            rules: &rules,
            home: &|folder| {
                ask.project.first(folder, &CONFIGS).is_some()
                    || traces::node_names(ask.project, folder, "oxlint")
            },
        };
        let touched = touched(ask, &interest).into_iter();
        touched.filter_map(|touched| unit(ask, touched)).collect()
    }
}

fn rules(name: &str) -> bool {
    let more = ["package.json", ".eslintignore"];
    CONFIGS.contains(&name) || more.contains(&name) || NODE_LOCKS.contains(&name)
}

fn unit(ask: &Ask<'_>, touched: Touched) -> Option<Unit> {
    let config = text_of(ask, &touched.root, &CONFIGS);
    let others = ["import", "typeAware", "extends", "jsPlugins"];
    let found = install::node(ask, &touched.root, "oxlint", "oxlint");
    let tool = ByFile {
        tool: "oxlint",
        found: found.or_else(|missing| ask.finder.on_path("oxlint").ok_or(missing)),
        run: words(&["-f", "json"]),
        fix: words(&["--fix"]),
        reads: if mentions(&config, &others) {
            Reads::Project
        } else {
            Reads::Files
        },
        rules: &rules,
        ear: &OxlintEar,
        env: BTreeMap::new(),
    };
    tool.unit(ask, touched)
}

/// Understands `-f json`.
struct OxlintEar;

#[derive(Deserialize)]
struct Diagnostic {
    message: String,
    code: Option<String>,
    #[serde(default)]
    severity: String,
    help: Option<String>,
    #[serde(default)]
    filename: String,
    #[serde(default)]
    labels: Vec<Label>,
}

#[derive(Deserialize)]
struct Label {
    span: Stretch,
}

#[derive(Deserialize)]
struct Stretch {
    #[serde(default)]
    length: u64,
    line: Option<u64>,
    column: Option<u64>,
}

impl Ear for OxlintEar {
    fn hear(&self, told: &Told<'_>) -> Heard {
        // Older versions print the list alone.
        let named = said::elements::<Diagnostic>(told.out, Some("\"diagnostics\":"));
        let list = named.or_else(|| said::elements(told.out, None));
        let Some((diagnostics, is_whole)) = list.filter(|_| matches!(told.exit, 0 | 1)) else {
            return said::broken(told, "oxlint", "npx oxlint .");
        };
        let mut columns = Columns::new(told.ran, Counts::Bytes);
        let mut faults = Faults::new(LINT_RULE);
        for diagnostic in &diagnostics {
            faults.push(diagnostic.fault(told, &mut columns));
        }
        if !is_whole {
            faults.note("oxlint said more than guard keeps; what it said last is missing".into());
        }
        let ignored_all = memchr::memmem::find(told.out, b"No files found to lint").is_some();
        if (told.exit != 0 || !is_whole) && !faults.has_error() && !ignored_all {
            return said::broken(told, "oxlint", "npx oxlint .");
        }
        faults.heard(None)
    }
}

impl Diagnostic {
    fn fault(&self, told: &Told<'_>, columns: &mut Columns<'_>) -> Fault {
        let path = told.ran.path(&self.filename);
        let place = self.labels.first().map(|label| &label.span);
        let place = place.and_then(|place| Some((place.line?, place.column?, place.length)));
        let place = place.map(|(line, column, length)| {
            let mut place = |column| columns.place(path.as_ref(), at(line, column));
            // A length over the line's end ends there as far as anybody can tell.
            span(place(column), Some(place(column.saturating_add(length))))
        });
        Fault {
            severity: match self.severity.as_str() {
                "warning" => Severity::Warning,
                "advice" => Severity::Info,
                _ => Severity::Error,
            },
            span: place,
            rule: self.code.clone(),
            help: self.help.clone(),
            ..fault(LINT_RULE, path, &*self.message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::rehearsal::{Rehearsal, heard};

    #[test]
    fn a_configuration_or_its_name_is_a_trace() {
        let named = ("package.json", r#"{"devDependencies": {"oxlint": "1"}}"#);
        for file in [(".oxlintrc.json", "{}"), named] {
            let rehearsal = Rehearsal::of(&[file]).changed(&["a.ts"]);
            assert!(rehearsal.said(&Oxlint)[0].contains("npm install"));
            let rehearsal = rehearsal.installs(&["node_modules/.bin/oxlint"]);
            let wanted = ": node_modules/.bin/oxlint -f json {files}";
            assert_eq!(rehearsal.said(&Oxlint), [wanted]);
        }
        let none = Rehearsal::of(&[("package.json", "{}")]).changed(&["a.ts"]);
        assert!(none.units(&Oxlint).is_empty());
    }

    /// As version 1 said it, shortened.
    #[test]
    fn its_json_becomes_faults_with_places() {
        let out = r#"{ "diagnostics": [{"message": "Expected `)` but found `EOF`","severity": "error","filename": "p.js","labels": [{"label": "`)` expected","span": {"offset": 8,"length": 0,"line": 2,"column": 1}}]},
{"message": "`debugger` statement is not allowed","code": "eslint(no-debugger)","severity": "warning","url": "https://example.test","help": "Remove the debugger statement","filename": "a.js","labels": [{"span": {"offset": 17,"length": 9,"line": 1,"column": 18}}]}],
              "number_of_files": 2 }"#;
        assert_eq!(
            heard(&OxlintEar, 1, out, ""),
            [
                "app/p.js:2:1-2:1 error - Expected `)` but found `EOF`",
                "app/a.js:1:18-1:27 warning eslint(no-debugger) `debugger` statement is not allowed (Remove the debugger statement)",
            ]
        );
    }

    #[test]
    fn ignoring_everything_passes_and_a_broken_configuration_does_not() {
        let none = "No files found to lint. Please check your paths and ignore patterns.\n{ \"diagnostics\": [],\n \"number_of_files\": 0 }";
        assert!(heard(&OxlintEar, 1, none, "").is_empty());
        assert!(heard(&OxlintEar, 0, "{ \"diagnostics\": [] }", "").is_empty());
        let broken =
            "Failed to parse oxlint configuration file.\n\n  x Failed to parse oxlint config.\n";
        assert_eq!(
            heard(&OxlintEar, 1, broken, ""),
            [
                "? oxlint: Failed to parse oxlint configuration file. > `npx oxlint .` in app shows all of it"
            ]
        );
        for (exit, out) in [
            (0, ""),
            (1, "{ \"diagnostics\": []}"),
            (2, none),
            (1, "{\"diagnostics\": [{"),
        ] {
            assert!(
                heard(&OxlintEar, exit, out, "")[0].starts_with('?'),
                "{exit} {out}"
            );
        }
    }
}
