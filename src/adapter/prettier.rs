//! Prettier.

use std::collections::BTreeMap;

use super::by_file::{ByFile, mentions, text_of, words};
use super::columns::{Columns, Counts};
use super::packages::{Interest, NODE_LOCKS, Touched, ends, touched};
use super::said::{self, Faults, at, fault, plain, span};
use super::{Adapter, Ask, install, traces};
use crate::config::valid::Reads;
use crate::finding::Fix;
use crate::finding::code::FORMAT_DIFFERS;
use crate::path::RepoPath;
use crate::project::up;
use crate::tool::{Ear, Fault, Heard, Told, Unit};

const CONFIGS: [&str; 17] = [
    ".prettierrc",
    ".prettierrc.cjs",
    ".prettierrc.cts",
    ".prettierrc.js",
    ".prettierrc.json",
    ".prettierrc.json5",
    ".prettierrc.mjs",
    ".prettierrc.mts",
    ".prettierrc.toml",
    ".prettierrc.ts",
    ".prettierrc.yaml",
    ".prettierrc.yml",
    "prettier.config.cjs",
    "prettier.config.cts",
    "prettier.config.js",
    "prettier.config.mjs",
    "prettier.config.ts",
];

/// Its own languages, and those that plugins bring: what it does not know it leaves out by itself.
const ENDINGS: [&str; 40] = [
    "astro",
    "cjs",
    "css",
    "cts",
    "ejs",
    "gql",
    "graphql",
    "handlebars",
    "hbs",
    "htm",
    "html",
    "java",
    "js",
    "json",
    "json5",
    "jsonc",
    "jsx",
    "kt",
    "less",
    "liquid",
    "markdown",
    "md",
    "mdx",
    "mjs",
    "mts",
    "njk",
    "php",
    "prisma",
    "pug",
    "rb",
    "scss",
    "sh",
    "sol",
    "sql",
    "svelte",
    "toml",
    "ts",
    "tsx",
    "twig",
    "xml",
];

/// The adapter.
pub(super) struct Prettier;

impl Adapter for Prettier {
    fn id(&self) -> &'static str {
        "prettier"
    }

    fn check(&self) -> &'static str {
        "format"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let interest = Interest {
            judges: &|name| ends(name, &ENDINGS) || ends(name, &["vue", "yaml", "yml"]),
            rules: &rules,
            home: &|folder| is_home(ask, folder),
        };
        let touched = touched(ask, &interest).into_iter();
        touched.filter_map(|touched| unit(ask, touched)).collect()
    }
}

fn rules(name: &str) -> bool {
    let more = [".editorconfig", ".prettierignore", "package.json"];
    CONFIGS.contains(&name) || more.contains(&name) || NODE_LOCKS.contains(&name)
}

/// It is called where the package is, not beside each configuration: it looks for ignored files where it is called.
fn is_home(ask: &Ask<'_>, folder: &RepoPath) -> bool {
    let project = ask.project;
    let is_named = |folder: &RepoPath| {
        traces::node_names(project, folder, "prettier")
            || traces::package_key(project, folder, "prettier")
    };
    let is_configured = |folder: &RepoPath| project.first(folder, &CONFIGS).is_some();
    let is_traced = |folder: RepoPath| is_named(&folder) || is_configured(&folder);
    if is_named(folder) {
        return true;
    }
    let mut here_and_above = up(folder);
    if project.holds(folder, b".prettierignore") {
        return here_and_above.any(is_traced);
    }
    is_configured(folder)
        && (project.holds(folder, b"package.json") || !here_and_above.skip(1).any(is_traced))
}

fn unit(ask: &Ask<'_>, touched: Touched) -> Option<Unit> {
    let config = text_of(ask, &touched.root, &CONFIGS);
    // A configuration that is a program may read anything.
    let others = [
        "require(",
        "import ",
        "from './",
        "from \"./",
        "\"./",
        "'./",
        "\"../",
        "'../",
    ];
    let tool = ByFile {
        tool: "prettier",
        found: install::node(ask, &touched.root, "prettier", "prettier"),
        run: words(&["--list-different", "--ignore-unknown"]),
        fix: words(&["--write", "--ignore-unknown"]),
        reads: if mentions(&config, &others) {
            Reads::Project
        } else {
            Reads::Files
        },
        rules: &rules,
        ear: &PrettierEar,
        env: BTreeMap::new(),
    };
    tool.unit(ask, touched)
}

/// Understands `--list-different`: names on standard output, what it could not read on standard error.
struct PrettierEar;

impl Ear for PrettierEar {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let mut faults = Faults::new(FORMAT_DIFFERS);
        let mut columns = Columns::new(told.ran, Counts::Utf16);
        for line in told.err.lines().map(plain) {
            if let Some(fault) = unreadable(&line, told, &mut columns) {
                faults.push(fault);
            }
        }
        let is_broken = !matches!(told.exit, 0..=2) || (told.exit == 2 && faults.is_empty());
        if is_broken {
            return said::broken(told, "prettier", "npx prettier --check .");
        }
        let out = String::from_utf8_lossy(told.out);
        let names = out.lines().map(str::trim_end);
        for path in names.filter_map(|name| told.ran.path(name)) {
            let message = "prettier would format it differently";
            faults.push(Fault {
                fix: Fix::Safe,
                ..fault(FORMAT_DIFFERS, Some(path), message)
            });
        }
        if told.exit != 0 && faults.is_empty() {
            return said::broken(told, "prettier", "npx prettier --check .");
        }
        faults.heard(None)
    }
}

/// `[error] a.js: SyntaxError: Unexpected token (1:10)`
fn unreadable(line: &str, told: &Told<'_>, columns: &mut Columns<'_>) -> Option<Fault> {
    let rest = line.strip_prefix("[error] ")?;
    let (name, words) = rest.split_once(": SyntaxError: ")?;
    let path = told.ran.path(name);
    let place = words.strip_suffix(')').and_then(|words| {
        let (_, place) = words.rsplit_once('(')?;
        let (line, column) = place.split_once(':')?;
        Some(at(line.parse().ok()?, column.parse().ok()?))
    });
    let words = match place {
        Some(_) => words.rsplit_once(" (").map_or(words, |(words, _)| words),
        None => words,
    };
    Some(Fault {
        span: place.map(|place| span(columns.place(path.as_ref(), place), None)),
        ..fault(FORMAT_DIFFERS, path, format!("cannot be read: {words}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::rehearsal::{Rehearsal, heard, ready};

    const BIN: &[&str] = &["node_modules/.bin/prettier"];

    #[test]
    fn every_spelling_of_a_trace_counts() {
        let named = r#"{"devDependencies": {"prettier": "3"}}"#;
        let mut traces: Vec<(&str, &str)> = CONFIGS.iter().map(|name| (*name, "")).collect();
        traces.extend([
            ("package.json", named),
            ("package.json", r#"{"prettier": {}}"#),
        ]);
        for trace in traces {
            let rehearsal = Rehearsal::of(&[trace]).changed(&["docs/a.md", "b.py", "c.png"]);
            let said = rehearsal.installs(BIN).said(&Prettier);
            let wanted = ": node_modules/.bin/prettier --list-different --ignore-unknown {files}";
            assert_eq!(said, [wanted], "{trace:?}");
        }
        let none = Rehearsal::of(&[(".prettierignore", "")]).changed(&["a.md"]);
        assert!(none.units(&Prettier).is_empty());
    }

    #[test]
    fn a_nested_configuration_is_an_input_and_no_package() {
        let rehearsal = Rehearsal::of(&[
            (".prettierrc", "{}"),
            (".editorconfig", ""),
            (".gitignore", ""),
            ("src/.prettierrc", "{}"),
            ("app/.prettierrc.json", "{}"),
            ("app/package.json", "{}"),
        ]);
        let rehearsal = rehearsal.changed(&["src/a.ts", "app/b.ts"]).installs(BIN);
        let units = rehearsal.units(&Prettier);
        let roots: Vec<String> = units.iter().map(|unit| unit.root.to_string()).collect();
        assert_eq!(roots, ["", "app"]);
        let call = ready(&units[0].call);
        let inputs: Vec<String> = call.inputs.iter().map(ToString::to_string).collect();
        assert_eq!(
            inputs,
            [
                ".editorconfig",
                ".gitignore",
                ".prettierrc",
                "src/.prettierrc"
            ]
        );
    }

    #[test]
    fn another_line_in_gitignore_is_no_reason_to_judge_all() {
        let rehearsal = Rehearsal::of(&[(".prettierrc", ""), (".gitignore", "")]);
        let rehearsal = rehearsal.changed(&[".gitignore"]).installs(BIN);
        assert!(rehearsal.units(&Prettier).is_empty());
    }

    #[test]
    fn a_configuration_that_is_a_program_reads_the_project() {
        let rehearsal = Rehearsal::of(&[("prettier.config.mjs", "import base from './base.mjs'")]);
        let units = rehearsal.changed(&["a.ts"]).installs(BIN).units(&Prettier);
        let call = ready(&units[0].call);
        assert_eq!(call.reads, Reads::Project);
    }

    /// As versions 2 and 3 said it.
    #[test]
    fn names_and_syntax_errors_become_faults() {
        let err = "[error] p.js: SyntaxError: Unexpected token (1:10)\n[error] > 1 | let a = (;\n[error]     |          ^\n[error]   2 |\n[error] bad.yaml: SyntaxError: All mapping items must start at the same column (3:1)\n[error] > 3 |  c: d\n[error]     | ^\n";
        assert_eq!(
            heard(&PrettierEar, 2, "a.js\n", err),
            [
                "app/p.js:1:10-1:10 error - cannot be read: Unexpected token",
                "app/bad.yaml:3:1-3:1 error - cannot be read: All mapping items must start at the same column",
                "app/a.js error - prettier would format it differently [safe]",
            ]
        );
        assert_eq!(heard(&PrettierEar, 1, "src/a b.js\n", "").len(), 1);
        assert!(
            heard(
                &PrettierEar,
                0,
                "",
                "[error] No parser could be inferred for file: x\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn a_broken_configuration_is_no_pass() {
        let err =
            "[error] Cannot find package 'prettier-plugin-x' imported from /tree/app/noop.js\n";
        assert_eq!(
            heard(&PrettierEar, 2, "", err),
            [
                "? prettier: Cannot find package 'prettier-plugin-x' imported from /tree/app/noop.js > install what it names; `npx prettier --check .` shows all of it"
            ]
        );
        for (exit, err) in [
            (1, "[error] Cannot find module 'x'\n"),
            (1, ""),
            (2, ""),
            (127, ""),
        ] {
            assert!(
                heard(&PrettierEar, exit, "", err)[0].starts_with('?'),
                "{exit}"
            );
        }
    }
}
