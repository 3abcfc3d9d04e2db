//! Biome: one tool, two checks. Its reporter for GitHub is the one form that both of its major versions share
//! and that has columns.

use std::collections::BTreeMap;

use super::by_file::{ByFile, mentions, text_of, words};
use super::packages::{Interest, NODE_LOCKS, Touched, ends, touched};
use super::said::{self, Faults, at, fault, plain, span};
use super::{Adapter, Ask, install, traces};
use crate::config::valid::Reads;
use crate::finding::code::{Code, FORMAT_DIFFERS, LINT_RULE};
use crate::finding::{Fix, Severity};
use crate::path::RepoPath;
use crate::tool::{Ear, Fault, Heard, Told, Unit};

const CONFIGS: [&str; 4] = ["biome.json", "biome.jsonc", ".biome.json", ".biome.jsonc"];

/// One of its two checks.
pub(super) struct Biome {
    check: &'static str,
    /// Its command.
    command: &'static str,
    /// The part of the configuration that switches it off.
    section: &'static str,
    ear: &'static BiomeEar,
}

/// As a linter.
pub(super) static LINT: Biome = Biome {
    check: "lint",
    command: "lint",
    section: "linter",
    ear: &BiomeEar {
        code: LINT_RULE,
        see: "npx biome lint .",
    },
};

/// As a formatter.
pub(super) static FORMAT: Biome = Biome {
    check: "format",
    command: "format",
    section: "formatter",
    ear: &BiomeEar {
        code: FORMAT_DIFFERS,
        see: "npx biome format .",
    },
};

impl Adapter for Biome {
    fn id(&self) -> &'static str {
        "biome"
    }

    fn check(&self) -> &'static str {
        self.check
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let interest = Interest {
            judges: &judges,
            rules: &rules,
            home: &|folder| is_home(ask, folder),
        };
        let touched = touched(ask, &interest).into_iter();
        let on = touched.filter(|touched| !self.is_off(ask, &touched.root));
        on.filter_map(|touched| self.unit(ask, touched)).collect()
    }
}

fn judges(name: &str) -> bool {
    ends(
        name,
        &[
            "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "json", "jsonc",
        ],
    ) || ends(
        name,
        &[
            "css", "graphql", "gql", "html", "vue", "svelte", "astro", "yaml", "yml", "md",
        ],
    )
}

fn rules(name: &str) -> bool {
    let more = ["package.json", ".editorconfig"];
    CONFIGS.contains(&name) || more.contains(&name) || NODE_LOCKS.contains(&name)
}

/// A nested configuration that says that it is no root belongs to the one above.
fn is_home(ask: &Ask<'_>, folder: &RepoPath) -> bool {
    let project = ask.project;
    let Some(name) = project.first(folder, &CONFIGS) else {
        return traces::node_names(project, folder, "@biomejs/biome")
            && project.nearest(folder, &CONFIGS).is_none();
    };
    let config = project.json(&folder.join(name.as_bytes()));
    let root = config.as_ref().and_then(|config| config.get("root"));
    root.and_then(serde_json::Value::as_bool) != Some(false)
}

impl Biome {
    fn is_off(&self, ask: &Ask<'_>, root: &RepoPath) -> bool {
        let Some(name) = ask.project.first(root, &CONFIGS) else {
            return false;
        };
        let config = ask.project.json(&root.join(name.as_bytes()));
        let section = config.as_ref().and_then(|config| config.get(self.section));
        let enabled = section.and_then(|section| section.get("enabled"));
        enabled.and_then(serde_json::Value::as_bool) == Some(false)
    }

    fn unit(&self, ask: &Ask<'_>, touched: Touched) -> Option<Unit> {
        let config = text_of(ask, &touched.root, &CONFIGS);
        let reads = if mentions(&config, READS_OTHERS) {
            Reads::Project
        } else {
            Reads::Files
        };
        let version = ask.finder.node_version(&touched.root, "@biomejs/biome");
        // What it does not show is not heard; before 1.9 it shows at most so many.
        let most = if version.is_some_and(|version| version < (1, 9)) {
            "--max-diagnostics=200"
        } else {
            "--max-diagnostics=none"
        };
        let quiet = "--no-errors-on-unmatched";
        let found = ask.finder.on_path("biome");
        let tool = ByFile {
            tool: "biome",
            found: match install::node(ask, &touched.root, "@biomejs/biome", "biome") {
                Err(missing) => found.ok_or(missing),
                found => found,
            },
            run: words(&[
                self.command,
                "--reporter=github",
                most,
                quiet,
                "--colors=off",
            ]),
            fix: words(&[self.command, "--write", quiet, "--colors=off"]),
            reads,
            rules: &rules,
            ear: self.ear,
            env: BTreeMap::new(),
        };
        tool.unit(ask, touched)
    }
}

/// What makes it look at other files than the one that it judges.
const READS_OTHERS: &[&str] = &[
    "\"domains\"",
    "\"extends\"",
    "\"plugins\"",
    "noImportCycles",
    "noPrivateImports",
    "noUndeclaredDependencies",
    "noUnresolvedImports",
    "nursery",
];

/// Understands `--reporter=github`.
struct BiomeEar {
    code: Code,
    see: &'static str,
}

impl Ear for BiomeEar {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let out = String::from_utf8_lossy(told.out);
        let mut faults = Faults::new(self.code);
        for line in out.lines() {
            if let Some(fault) = self.fault(line, told) {
                faults.push(fault);
            }
        }
        if told.exit == 0 || (told.exit == 1 && faults.has_error()) {
            return faults.heard(None);
        }
        // Versions that do not know the flag which allows for it.
        if told
            .err
            .contains("No files were processed in the specified paths")
            && faults.is_empty()
        {
            return faults.heard(Some(0));
        }
        said::broken(told, "biome", self.see)
    }
}

impl BiomeEar {
    /// `::error title=lint/x,file=a.ts,line=1,endLine=1,col=2,endColumn=3::What is wrong.`
    fn fault(&self, line: &str, told: &Told<'_>) -> Option<Fault> {
        let (word, rest) = line.strip_prefix("::")?.split_once(' ')?;
        let severity = match word {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            "notice" => Severity::Info,
            _ => return None,
        };
        let (facts, message) = rest.split_once("::")?;
        let fact = |name: &str| {
            let mut facts = facts.split(',').filter_map(|fact| fact.split_once('='));
            facts.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let number = |name: &str| fact(name).and_then(|value| value.parse().ok());
        let path = fact("file").and_then(|file| told.ran.path(&unescaped(file)));
        let rule = fact("title").map(unescaped);
        if rule.as_deref() == Some("format") {
            let message = "biome would format it differently";
            return Some(Fault {
                severity,
                fix: Fix::Safe,
                ..fault(self.code, path, message)
            });
        }
        let start = number("line").map(|line| at(line, number("col").unwrap_or(1)));
        let end = number("endLine").zip(number("endColumn"));
        Some(Fault {
            severity,
            span: start.map(|start| span(start, end.map(|(line, column)| at(line, column)))),
            rule,
            ..fault(self.code, path, plain(&unescaped(message)))
        })
    }
}

/// A text as it was before it was made fit for a workflow command.
fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    for (code, letter) in [
        ("%0D", "\r"),
        ("%0A", " "),
        ("%3A", ":"),
        ("%2C", ","),
        ("%25", "%"),
    ] {
        text = text.replace(code, letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::rehearsal::{Rehearsal, heard};

    #[test]
    fn what_is_switched_off_is_not_planned() {
        let said = |config: &str, biome: &Biome| {
            Rehearsal::of(&[("biome.json", config)])
                .changed(&["src/a.ts", "b.py"])
                .installs(&["node_modules/.bin/biome"])
                .said(biome)
        };
        let lint = ": node_modules/.bin/biome lint --reporter=github --max-diagnostics=none --no-errors-on-unmatched --colors=off {files}";
        assert_eq!(said("{}", &LINT), [lint]);
        assert_eq!(said("{}", &FORMAT), [lint.replace("lint", "format")]);
        let no_lint = "{ // none\n\"linter\": {\"enabled\": false} }";
        assert_eq!(said(no_lint, &LINT), Vec::<String>::new());
        assert_eq!(said(no_lint, &FORMAT).len(), 1);
        assert!(said(r#"{"formatter": {"enabled": false}}"#, &FORMAT).is_empty());
        // Newer ones format these; older ones leave alone what they do not know.
        for path in ["conf.yaml", "README.md"] {
            let units = Rehearsal::of(&[("biome.json", "{}")]).changed(&[path]);
            assert_eq!(units.units(&FORMAT).len(), 1, "{path}");
        }
    }

    #[test]
    fn a_nested_configuration_is_a_root_of_its_own_unless_it_says_no() {
        let files = [
            ("biome.json", "{}"),
            ("a/biome.json", "{}"),
            ("b/biome.jsonc", r#"{"root": false}"#),
        ];
        let rehearsal = Rehearsal::of(&files)
            .changed(&["a/x.ts", "b/y.ts"])
            .installs(&["node_modules/.bin/biome"]);
        let units = rehearsal.units(&LINT);
        let roots: Vec<String> = units.iter().map(|unit| unit.root.to_string()).collect();
        assert_eq!(roots, ["", "a"]);
    }

    /// As versions 1 and 2 said it.
    #[test]
    fn its_lines_become_faults_with_places() {
        let one = "::error title=lint/suspicious/noDoubleEquals,file=src/a.ts,line=2,endLine=2,col=7,endColumn=9::Use === instead of ==\n";
        let wanted =
            "app/src/a.ts:2:7-2:9 error lint/suspicious/noDoubleEquals Use === instead of ==";
        assert_eq!(heard(LINT.ear, 1, one, ""), [wanted]);
        let two = "::warning title=lint/style/useConst,file=/tree/app/src/a%2Cb%25.ts,line=1,endLine=1,col=1,endColumn=4::Two%0Alines.\n::error title=parse,file=/tree/app/src/p.ts,line=1,endLine=1,col=8,endColumn=9::expected `)` but instead found `;`\n";
        assert_eq!(
            heard(
                LINT.ear,
                1,
                two,
                "lint ━━━\n\n  × Some errors were emitted while running checks.\n"
            ),
            [
                "app/src/a,b%.ts:1:1-1:4 warning lint/style/useConst Two lines.",
                "app/src/p.ts:1:8-1:9 error parse expected `)` but instead found `;`",
            ]
        );
        let format = "::error title=format,file=/tree/app/src/a.ts,line=1,endLine=1,col=2,endColumn=2::Formatter would have printed the following content:\n";
        assert_eq!(
            heard(FORMAT.ear, 1, format, ""),
            ["app/src/a.ts error - biome would format it differently [safe]"]
        );
    }

    #[test]
    fn warnings_alone_pass_and_a_broken_configuration_does_not() {
        let warning = "::warning title=lint/x,file=a.ts,line=1,endLine=1,col=1,endColumn=4::w\n";
        assert_eq!(heard(LINT.ear, 0, warning, "").len(), 1);
        assert!(heard(LINT.ear, 0, "", "").is_empty());
        let ignored =
            "internalError/io ━━━\n\n  × No files were processed in the specified paths.\n";
        assert!(heard(LINT.ear, 1, "", ignored).is_empty());
        let broken =
            "/tree/app/biome.json:1:2 parse ━━━\n\n  × Property key must be double quoted\n";
        assert_eq!(
            heard(LINT.ear, 1, "", broken),
            [
                "? biome: Property key must be double quoted > `npx biome lint .` in app shows all of it"
            ]
        );
        for out in [
            "",
            warning,
            "::error",
            "::error x::",
            "::error title=a,file",
        ] {
            assert!(heard(LINT.ear, 1, out, "")[0].starts_with('?') || out == "::error x::");
        }
    }
}
