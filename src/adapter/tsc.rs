//! The TypeScript compiler as a checker: nothing is emitted, and what it remembers for the next time lies where
//! packages are installed, which git ignores.

mod neighbours;

use std::collections::BTreeSet;

use serde_json::Value;

use super::by_file::{call, words};
use super::columns::{Columns, Counts};
use super::packages::{Interest, NODE_LOCKS, Touched, ends, touched};
use super::said::{self, Faults, at, fault, plain, span};
use super::{Adapter, Ask, install, users};
use crate::finding::Severity;
use crate::finding::code::TYPES_ERROR;
use crate::path::RepoPath;
use crate::project::split;
use crate::tool::{Call, Ear, Fault, Heard, Told, Unit};

const CONFIG: &str = "tsconfig.json";

/// How deep configurations that only refer to others are followed.
const DEEPEST: usize = 8;

/// The adapter.
pub(super) struct Tsc;

impl Adapter for Tsc {
    fn id(&self) -> &'static str {
        "tsc"
    }

    fn check(&self) -> &'static str {
        "types"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let project = ask.project;
        let judged = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "json"];
        let interest = Interest {
            judges: &|name| ends(name, &judged),
            rules: &rules,
            // Without a package.json it is no project of npm's world, and tsc not how it is checked.
            home: &|folder| {
                project.holds(folder, CONFIG.as_bytes())
                    && project.nearest(folder, &["package.json"]).is_some()
            },
        };
        let mut touched = touched(ask, &interest);
        // What the change makes of a package's types is told to those that use it.
        let roots: BTreeSet<RepoPath> = touched.iter().map(|one| one.root.clone()).collect();
        let users = users::users(project, &roots, CONFIG.as_bytes());
        touched.extend(users.into_iter().map(Touched::new));
        touched.sort_by(|a, b| a.root.cmp(&b.root));
        // What a solution above checks is not checked twice.
        let configs: Vec<RepoPath> = touched
            .iter()
            .map(|touched| touched.root.join(CONFIG.as_bytes()))
            .collect();
        let reached: Vec<BTreeSet<RepoPath>> =
            configs.iter().map(|config| reached(ask, config)).collect();
        let is_covered = |at: usize| {
            let mut others = reached.iter().enumerate();
            others.any(|(other, reached)| {
                other != at
                    && reached.contains(&configs[at])
                    && (other < at || !reached.contains(&configs[other]))
            })
        };
        let all = touched.iter().enumerate();
        let own = all.filter(|(at, _)| !is_covered(*at));
        own.flat_map(|(_, touched)| units(ask, touched)).collect()
    }
}

fn rules(name: &str) -> bool {
    let is_config = name.starts_with("tsconfig") && ends(name, &["json"]);
    is_config || name == "package.json" || NODE_LOCKS.contains(&name)
}

/// One unit for each configuration that names files: one that only refers to others checks nothing by itself.
fn units(ask: &Ask<'_>, touched: &Touched) -> Vec<Unit> {
    let mut configs = Vec::new();
    leaves(
        ask,
        &touched.root.join(CONFIG.as_bytes()),
        DEEPEST,
        &mut configs,
    );
    let refers = |config: &RepoPath| !references(ask, config).is_empty();
    if configs.iter().any(refers) {
        return vec![build(ask, touched)];
    }
    let unit = |config: &RepoPath| Unit {
        tool: "tsc",
        root: touched.root.clone(),
        files: touched.files.clone(),
        call: install::node(ask, &touched.root, "typescript", "tsc").and_then(|program| {
            let run = line(ask, &touched.root, config, program);
            let ear: &'static TscEar = if lacks_assets(ask, config) {
                &WITHOUT_ASSETS
            } else {
                &PLAIN
            };
            let first = neighbours::builds(ask, &touched.root, config, &BTreeSet::new())?;
            Ok(Call {
                is_away: !first.is_empty(),
                first,
                ..call(ask, run, ear)
            })
        }),
    };
    configs.iter().map(unit).collect()
}

/// Projects that read what others were built to: only a build knows that it is not old. It writes, so it runs in
/// guard's own checkout, where what it made stays for the next time.
fn build(ask: &Ask<'_>, touched: &Touched) -> Unit {
    Unit {
        tool: "tsc",
        root: touched.root.clone(),
        files: touched.files.clone(),
        call: install::node(ask, &touched.root, "typescript", "tsc").and_then(|program| {
            let mut run = vec![program];
            run.extend(words(&["-b", CONFIG, "--pretty", "false"]));
            let config = touched.root.join(CONFIG.as_bytes());
            let reached = reached(ask, &config);
            Ok(Call {
                is_away: true,
                first: neighbours::builds(ask, &touched.root, &config, &reached)?,
                ..call(ask, run, &PLAIN)
            })
        }),
    }
}

/// The configurations that one refers to, however far away; not itself.
fn reached(ask: &Ask<'_>, config: &RepoPath) -> BTreeSet<RepoPath> {
    const MOST: usize = 1000;
    let mut found = BTreeSet::new();
    let mut waiting = vec![config.clone()];
    while let Some(config) = waiting.pop() {
        for said in references(ask, &config) {
            let path = referred(ask, &config, &said);
            if let Some(path) = path.filter(|path| found.len() < MOST && !found.contains(path)) {
                found.insert(path.clone());
                waiting.push(path);
            }
        }
    }
    found.remove(config);
    found
}

/// What a configuration refers to.
fn references(ask: &Ask<'_>, config: &RepoPath) -> Vec<String> {
    let value = ask.project.json(config);
    let list = value.as_deref().and_then(|value| value.get("references"));
    let list = list.and_then(Value::as_array).map(Vec::as_slice);
    let paths = list.unwrap_or_default().iter();
    let paths = paths.filter_map(|one| one.get("path").and_then(Value::as_str));
    paths.map(str::to_owned).collect()
}

fn leaves(ask: &Ask<'_>, config: &RepoPath, depth: usize, found: &mut Vec<RepoPath>) {
    if found.contains(config) {
        return;
    }
    let value = ask.project.json(config);
    let references = value.as_deref().map(solution).unwrap_or_default();
    if references.is_empty() || depth == 0 {
        found.push(config.clone());
        return;
    }
    for said in references {
        match referred(ask, config, said) {
            Some(path) => leaves(ask, &path, depth - 1, found),
            // What it refers to is not there: tsc says so.
            None => found.extend(meant(config, said)),
        }
    }
}

/// What a configuration refers to that has no files of its own.
fn solution(config: &Value) -> Vec<&str> {
    let has_none = |key: &str| {
        let list = config.get(key).and_then(Value::as_array);
        list.is_some_and(Vec::is_empty)
    };
    let names_some = config.get("include").is_some() && !has_none("include");
    if names_some || !(has_none("files") || has_none("include")) {
        return Vec::new();
    }
    let references = config.get("references").and_then(Value::as_array);
    let references = references.map(Vec::as_slice).unwrap_or_default();
    let paths = references
        .iter()
        .filter_map(|reference| reference.get("path"));
    paths.filter_map(Value::as_str).collect()
}

/// The configuration that a reference means: a file, or the folder of one.
fn referred(ask: &Ask<'_>, config: &RepoPath, said: &str) -> Option<RepoPath> {
    let at = meant(config, said)?;
    let below = at.join(CONFIG.as_bytes());
    [at, below].into_iter().find(|path| ask.project.has(path))
}

/// The path that a reference says; none outside of the repository.
fn meant(config: &RepoPath, said: &str) -> Option<RepoPath> {
    let mut at = split(config).0;
    for part in said.split('/') {
        match part {
            "" | "." => {}
            ".." if at.is_root() => return None,
            ".." => at = split(&at).0,
            name => at = at.join(name.as_bytes()),
        }
    }
    Some(at)
}

fn line(ask: &Ask<'_>, root: &RepoPath, config: &RepoPath, program: String) -> Vec<String> {
    // What a solution refers to lies below it, or beside it.
    let project = if let Some(below) = config.relative_to(root) {
        below.to_text().into_owned()
    } else {
        let up = "../".repeat(root.as_bytes().split(|byte| *byte == b'/').count());
        format!("{up}{config}")
    };
    let packages = program.strip_suffix(".bin/tsc").map(str::to_owned);
    let mut run = vec![program];
    run.extend(words(&["-p", &project, "--noEmit", "--pretty", "false"]));
    let version = ask.finder.node_version(root, "typescript");
    // Older ones do not remember without emitting.
    if let Some(packages) = packages
        && version.is_none_or(|version| version >= (4, 0))
    {
        let name: String = config.to_text().replace('/', "+");
        let memory = format!("{packages}.cache/guard/{name}.tsbuildinfo");
        run.extend(words(&["--composite", "false", "--incremental", "true"]));
        run.extend(words(&["--tsBuildInfoFile", &memory]));
    }
    run
}

/// Whether declarations of images and style sheets are generated and not there: Next.js makes a file for them
/// that its template keeps out of git.
fn lacks_assets(ask: &Ask<'_>, config: &RepoPath) -> bool {
    let text = ask.project.text(config).unwrap_or_default();
    let folder = split(config).0;
    text.contains("next-env.d.ts") && !ask.project.holds(&folder, b"next-env.d.ts")
}

/// Understands `file(line,column): error TS1: What is wrong.`
struct TscEar {
    /// Whether files that no loader of TypeScript's knows may be imported all the same.
    assets: bool,
}

static PLAIN: TscEar = TscEar { assets: false };
static WITHOUT_ASSETS: TscEar = TscEar { assets: true };

/// "Output file has not been built": the project refers to others, and tsc reads what they were built to.
const NOT_BUILT: &str = "TS6305";

impl Ear for TscEar {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let out = String::from_utf8_lossy(told.out);
        let mut columns = Columns::new(told.ran, Counts::Utf16);
        let mut faults = Faults::new(TYPES_ERROR);
        let mut not_built = false;
        let mut placeless = Vec::new();
        let mut is_kept = false;
        let mut left_out = 0;
        let lines: Vec<String> = out.lines().map(plain).collect();
        for line in &lines {
            if line.starts_with(' ') {
                if let Some(last) = faults.last().filter(|_| is_kept) {
                    continued(last, line.trim());
                }
                continue;
            }
            is_kept = false;
            let Some(said) = Said::read(line) else {
                continue;
            };
            not_built |= said.rule == NOT_BUILT;
            if said.rule == NOT_BUILT {
                continue;
            }
            if self.assets && said.is_asset() {
                left_out += 1;
            } else if said.place.is_some() {
                faults.push(said.fault(told, &mut columns));
                is_kept = true;
            } else {
                placeless.push(said);
            }
        }
        // Without a place it is about the configuration; beside others it may be their cause.
        if faults.has_error() {
            for said in placeless {
                faults.push(said.fault(told, &mut columns));
            }
            return faults.heard(None);
        }
        if not_built {
            let reason = "tsc: the project refers to others that are not built".to_owned();
            let remedy = "build them with `npx tsc -b`, then try again".to_owned();
            return Heard::Broken { reason, remedy };
        }
        let is_pass = told.exit == 0 || (left_out > 0 && matches!(told.exit, 1 | 2));
        if is_pass && placeless.is_empty() {
            return faults.heard(None);
        }
        said::broken(told, "tsc", "npx tsc --noEmit")
    }
}

/// A line that belongs to the one before.
fn continued(fault: &mut Fault, line: &str) {
    let help = fault.help.take();
    fault.help = Some(said::short(&match help {
        Some(help) => format!("{help} {line}"),
        None => line.to_owned(),
    }));
}

/// A line of tsc's.
struct Said<'l> {
    place: Option<(&'l str, u64, u64)>,
    rule: &'l str,
    message: &'l str,
}

impl<'l> Said<'l> {
    fn read(line: &'l str) -> Option<Self> {
        if let Some(rest) = line.strip_prefix("error TS") {
            let (number, message) = rest.split_once(": ")?;
            let rule = &line["error ".len().."error TS".len() + number.len()];
            let place = None;
            return Some(Self {
                place,
                rule,
                message,
            });
        }
        // A file's name may have brackets of its own.
        let (head, rest) = line.split_once("): error TS")?;
        let (name, place) = head.rsplit_once('(')?;
        let (row, column) = place.split_once(',')?;
        let (number, message) = rest.split_once(": ")?;
        let start = head.len() + "): error ".len();
        let rule = &line[start..start + "TS".len() + number.len()];
        Some(Self {
            place: Some((name, row.parse().ok()?, column.parse().ok()?)),
            rule,
            message,
        })
    }

    /// Whether it is about the import of an image or a style sheet.
    fn is_asset(&self) -> bool {
        const ENDINGS: [&str; 14] = [
            "avif", "bmp", "css", "gif", "ico", "jpeg", "jpg", "less", "png", "sass", "scss",
            "styl", "svg", "webp",
        ];
        let module = self.message.split(['\'', '"']).nth(1).unwrap_or_default();
        ["TS2307", "TS2882"].contains(&self.rule) && ends(module, &ENDINGS)
    }

    fn fault(&self, told: &Told<'_>, columns: &mut Columns<'_>) -> Fault {
        let path = self.place.and_then(|(name, ..)| told.ran.path(name));
        let place = self.place.map(|(_, line, column)| at(line, column));
        let place = place.map(|place| columns.place(path.as_ref(), place));
        Fault {
            severity: Severity::Error,
            span: place.map(|place| span(place, None)),
            rule: Some(self.rule.to_owned()),
            ..fault(TYPES_ERROR, path, self.message)
        }
    }
}

#[cfg(test)]
mod tests;
