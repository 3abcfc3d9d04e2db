//! ESLint, with flat configuration (8.57 and later) and the older `.eslintrc` files.

mod config;
mod limit;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::by_file::{ByFile, words};
use super::columns::{Columns, Counts};
use super::packages::{Interest, NODE_LOCKS, Touched, touched};
use super::said::{self, Faults, at, fault, span};
use super::{Adapter, Ask, install};
use crate::config::valid::Reads;
use crate::finding::code::LINT_RULE;
use crate::finding::{Fix, Severity};
use crate::moment::Moment;
use crate::path::RepoPath;
use crate::tool::{Ear, Fault, Heard, Told, Unit};

use config::Style;

/// The adapter.
pub(super) struct Eslint;

impl Adapter for Eslint {
    fn id(&self) -> &'static str {
        "eslint"
    }

    fn check(&self) -> &'static str {
        "lint"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let interest = Interest {
            judges: &config::may_judge,
            rules: &rules,
            home: &|folder| config::is_home(ask.project, folder),
        };
        let touched = touched(ask, &interest).into_iter();
        touched.filter_map(|touched| unit(ask, touched)).collect()
    }
}

fn rules(name: &str) -> bool {
    config::is_config(name)
        || ["package.json", ".eslintignore"].contains(&name)
        || NODE_LOCKS.contains(&name)
}

/// What it may be influenced by through a plugin that formats.
fn rules_with_format(name: &str) -> bool {
    rules(name) || name.contains("prettier") || name == ".editorconfig"
}

fn unit(ask: &Ask<'_>, mut touched: Touched) -> Option<Unit> {
    let version = ask.finder.node_version(&touched.root, "eslint");
    let limit = limit::of(ask.project, &touched.root);
    // Of a number all count; at a commit those of the change have to do.
    let counted = limit.as_ref().filter(|limit| limit.most > 0);
    touched.whole |= counted.is_some() && ask.moment != Moment::Commit;
    let read = config::read(ask.project, &touched);
    if !touched.whole {
        let judges = |path: &RepoPath| read.judges(&path.to_text());
        let before = touched.files.len();
        touched.files.retain(judges);
        if before > 0 && touched.files.is_empty() {
            return None;
        }
    }
    let mut run = words(&["--format", "json"]);
    let is_flat = read.style == Style::Flat;
    // Before version 9 the flag is an error, and the ear leaves the warning out.
    if is_flat && version.is_none_or(|(major, _)| major >= 9) && !touched.whole {
        run.push("--no-warn-ignored".to_owned());
    }
    if touched.whole {
        run.push("--no-error-on-unmatched-pattern".to_owned());
    }
    if let Some(limit) = &limit {
        run.extend(words(&["--max-warnings", &limit.most.to_string()]));
    }
    let whole = touched.whole;
    let rules: &dyn Fn(&str) -> bool = if read.text.contains("prettier") {
        &rules_with_format
    } else {
        &rules
    };
    let unit = ByFile {
        tool: "eslint",
        found: install::node(ask, &touched.root, "eslint", "eslint"),
        fix: words(&["--fix"]),
        run,
        reads: if read.reads_others() {
            Reads::Project
        } else {
            Reads::Files
        },
        rules,
        ear: &EslintEar,
        env: env(version, read.style),
    };
    let mut unit = unit.unit(ask, touched)?;
    let targets = counted.filter(|limit| limit.home == unit.root && !limit.targets.is_empty());
    if let (true, Some(limit), Ok(call)) = (whole, targets, &mut unit.call) {
        // What the script does not lint does not count either.
        call.run.pop();
        call.run.extend(limit.targets.iter().cloned());
    }
    Some(unit)
}

/// Versions that know both kinds of configuration and would look for the other one.
fn env(version: Option<(u32, u32)>, style: Style) -> BTreeMap<String, String> {
    let value = match (version, style) {
        (Some((9, _)), Style::Legacy) => "false",
        (Some((8, minor)), Style::Flat) if minor < 57 => "true",
        _ => return BTreeMap::new(),
    };
    BTreeMap::from([("ESLINT_USE_FLAT_CONFIG".to_owned(), value.to_owned())])
}

/// Understands `--format json`.
struct EslintEar;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Judged {
    file_path: String,
    #[serde(default)]
    messages: Vec<Remark>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Remark {
    rule_id: Option<String>,
    #[serde(default)]
    severity: u8,
    #[serde(default)]
    message: String,
    line: Option<u64>,
    column: Option<u64>,
    end_line: Option<u64>,
    end_column: Option<u64>,
    fix: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    fatal: bool,
}

impl Ear for EslintEar {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let broken = || said::broken(told, "eslint", "npx eslint .");
        // 2 is a crash; so is anything that is not its own.
        if !matches!(told.exit, 0 | 1) {
            return broken();
        }
        let Some((files, is_whole)) = said::elements::<Judged>(told.out, None) else {
            return broken();
        };
        let mut columns = Columns::new(told.ran, Counts::Utf16);
        let mut faults = Faults::new(LINT_RULE);
        for file in &files {
            let path = told.ran.path(&file.file_path);
            for message in &file.messages {
                if !message.is_about_ignoring() {
                    faults.push(message.fault(path.clone(), &mut columns));
                }
            }
        }
        if !is_whole {
            faults.note("eslint said more than guard keeps; what it said last is missing".into());
        }
        if told.exit == 1 && !faults.has_error() && told.err.contains(TOO_MANY) {
            faults.push(too_many(told, &files));
        }
        // A failure that names no error was not understood.
        if (told.exit != 0 || !is_whole) && !faults.has_error() {
            return broken();
        }
        faults.heard(is_whole.then_some(files.len() as u64))
    }
}

/// What eslint says where `--max-warnings` is passed, with the limit behind it.
const TOO_MANY: &str = "found too many warnings";

/// More warnings than the team's own script lets pass.
fn too_many(told: &Told<'_>, files: &[Judged]) -> Fault {
    let all = files.iter().flat_map(|file| &file.messages);
    let warnings = all.filter(|message| message.severity == 1 && !message.is_about_ignoring());
    let count = warnings.count();
    let rest = told.err.split(TOO_MANY).nth(1).unwrap_or_default();
    let most: String = rest
        .chars()
        .skip_while(|letter| !letter.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    let s = if count == 1 { "" } else { "s" };
    Fault {
        help: Some(
            "mend them, or raise `--max-warnings` in the script `lint` of package.json".to_owned(),
        ),
        ..fault(
            LINT_RULE,
            None,
            format!("{count} warning{s}, and the project's lint script lets {most} pass"),
        )
    }
}

impl Remark {
    fn is_about_ignoring(&self) -> bool {
        self.rule_id.is_none() && self.line.is_none() && self.message.starts_with("File ignored")
    }

    fn fault(&self, path: Option<RepoPath>, columns: &mut Columns<'_>) -> Fault {
        let mut place = |line: u64, column: u64| columns.place(path.as_ref(), at(line, column));
        let start = self.line.map(|line| place(line, self.column.unwrap_or(1)));
        let end = self.end_line.zip(self.end_column);
        let end = end.map(|(line, column)| place(line, column));
        Fault {
            severity: match self.severity {
                2 => Severity::Error,
                _ if self.fatal => Severity::Error,
                _ => Severity::Warning,
            },
            span: start.map(|start| span(start, end)),
            rule: self.rule_id.clone(),
            fix: match self.fix {
                Some(_) => Fix::Safe,
                None => Fix::None,
            },
            ..fault(LINT_RULE, path, &*self.message)
        }
    }
}

#[cfg(test)]
mod tests;
