//! Whether git ignores what holds secrets, and whether such files are in the commit: the check `gitignore`.
//!
//! A false alarm on the first day would be the end of it. So the check speaks only where something suggests env
//! files, and knows the files that teams commit on purpose.

mod content;
mod rules;
mod signs;

use std::collections::{BTreeMap, BTreeSet};

use crate::dotenv::name::{self, Role};
use crate::finding::code::{ENV_NOT_IGNORED, ENV_TRACKED};
use crate::finding::{Finding, Fix, Place, Position, Severity};
use crate::path::RepoPath;
use crate::project::{Kind, Project, split, up};
use crate::repository::{Change, Kind as Became};
use content::Content;
pub(crate) use rules::repaired;
use rules::{Rules, Verdict};
use signs::is_package;

/// The check's id.
const CHECK: &str = "gitignore";

/// The file that decides.
const IGNORE: &[u8] = b".gitignore";

/// As many files are told.
const MOST: usize = 200;

/// Names that must be ignored where env files are: the first two hold what a developer's machine knows.
const PROBES: [(&str, Severity); 5] = [
    (".env", Severity::Error),
    (".env.local", Severity::Error),
    (".env.development.local", Severity::Error),
    (".env.production.local", Severity::Error),
    // Some frameworks commit it with defaults.
    (".env.production", Severity::Warning),
];

/// How far the check looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// At what changed, and the packages in which that lies.
    Change,
    /// At everything that is tracked.
    Everything,
}

/// What the check has to say.
#[derive(Debug)]
pub(crate) struct Judgement {
    /// What is wrong.
    pub(crate) findings: Vec<Finding>,
    /// The new content of each file that repairs a finding, by path; safe.
    pub(crate) repairs: Vec<(RepoPath, String)>,
    /// Why there was nothing to look at.
    pub(crate) skipped: Option<&'static str>,
    /// How many files were read.
    pub(crate) files: u64,
}

/// Judges what is tracked and what would be.
pub(crate) fn judge(project: &Project<'_>, changed: &[Change], scope: Scope) -> Judgement {
    let paths: Vec<RepoPath> = match scope {
        Scope::Change => {
            let there = changed
                .iter()
                .filter(|change| change.kind != Became::Deleted);
            there.map(|change| change.path.clone()).collect()
        }
        Scope::Everything => project.files(),
    };
    let tracked: Vec<(&RepoPath, Role)> = paths
        .iter()
        .filter_map(|path| Some((path, name::role(path)?)))
        .filter(|(_, role)| *role != Role::Example)
        .collect();
    let roots = packages(project, changed, &paths);
    let is_meant = signs::any(project, &roots);
    if !is_meant && tracked.is_empty() {
        return Judgement {
            findings: Vec::new(),
            repairs: Vec::new(),
            skipped: Some("nothing here suggests env files"),
            files: 0,
        };
    }
    let mut rules = Rules::new(project);
    let mut findings = Vec::new();
    let mut missing = BTreeMap::new();
    if is_meant {
        for root in &roots {
            uncovered(project, &mut rules, root, &mut missing);
        }
    }
    let mut repairs = Vec::new();
    for (file, misses) in missing {
        let text = project.text(&file).unwrap_or_default();
        let lines: Vec<&str> = misses.values().map(|miss| miss.line.as_str()).collect();
        repairs.push((file.clone(), repaired(&text, &lines)));
        findings.push(not_ignored(&file, &misses, &text));
    }
    let files = rules.read() + tracked.len() as u64;
    let tracked = tracked
        .into_iter()
        .filter_map(|(path, name)| in_commit(project, path, name));
    findings.extend(tracked.take(MOST));
    Judgement {
        findings,
        repairs,
        skipped: None,
        files,
    }
}

/// Something that is not ignored.
struct Miss {
    severity: Severity,
    /// What would ignore it, in the file that decides.
    line: String,
    /// The line that takes it back.
    taken_back: Option<u32>,
}

/// By the file that must be mended, what is not ignored.
type Missing = BTreeMap<RepoPath, BTreeMap<String, Miss>>;

/// The folders in which env files may lie: the root, and packages above what changed or is tracked.
fn packages(project: &Project<'_>, changed: &[Change], paths: &[RepoPath]) -> BTreeSet<RepoPath> {
    let mut folders: BTreeSet<RepoPath> = BTreeSet::new();
    for path in changed.iter().map(|change| &change.path).chain(paths) {
        folders.insert(split(path).0);
    }
    let above: BTreeSet<RepoPath> = folders.iter().flat_map(up).collect();
    let mut roots: BTreeSet<RepoPath> = above
        .into_iter()
        .filter(|folder| is_package(project, folder))
        .collect();
    roots.insert(RepoPath::root());
    roots
}

fn uncovered(
    project: &Project<'_>,
    rules: &mut Rules<'_, '_>,
    root: &RepoPath,
    missing: &mut Missing,
) {
    // Only the tools of npm's world read the others; elsewhere they count where a rule takes them back.
    let reads_all = project.holds(root, b"package.json");
    for (name, severity) in PROBES {
        let probe = root.join(name.as_bytes());
        let is_meant =
            reads_all || name == ".env" || matches!(rules.verdict(&probe), Verdict::TakenBack(..));
        if is_meant {
            note(rules, &probe, name, severity, missing);
        }
    }
    let secrets = root.join(b"secrets");
    if holds_secrets(project, &secrets) {
        note(
            rules,
            &secrets.join(b"a"),
            "secrets/",
            Severity::Warning,
            missing,
        );
    }
}

fn note(
    rules: &mut Rules<'_, '_>,
    probe: &RepoPath,
    line: &str,
    severity: Severity,
    missing: &mut Missing,
) {
    let (file, taken_back) = match rules.verdict(probe) {
        Verdict::Ignored => return,
        Verdict::Open => (RepoPath::new(IGNORE), None),
        Verdict::TakenBack(file, line) => (file, Some(line)),
    };
    let misses = missing.entry(file).or_default();
    let miss = misses.entry(line.to_owned()).or_insert_with(|| Miss {
        severity,
        line: line.to_owned(),
        taken_back,
    });
    miss.severity = miss.severity.max(severity);
}

/// Whether a tracked folder of that name holds files that are no code: a module may be called so.
fn holds_secrets(project: &Project<'_>, folder: &RepoPath) -> bool {
    let endings: [&[u8]; 7] = [
        b".pem", b".key", b".p12", b".pfx", b".env", b".crt", b".jks",
    ];
    let children = project.about(folder);
    let mut files = children.iter().filter(|child| child.kind == Kind::File);
    files.any(|file| endings.iter().any(|ending| file.name.ends_with(ending)))
}

fn not_ignored(file: &RepoPath, misses: &BTreeMap<String, Miss>, text: &str) -> Finding {
    let names: Vec<String> = misses.keys().map(|name| format!("`{name}`")).collect();
    let message = format!("{file} does not cover {}", names.join(", "));
    let mut finding = Finding::new(CHECK, ENV_NOT_IGNORED, message, ENV_NOT_IGNORED.fix);
    finding.severity = misses
        .values()
        .map(|miss| miss.severity)
        .max()
        .unwrap_or(Severity::Warning);
    finding.fix = Fix::Safe;
    let taken_back = misses.values().filter_map(|miss| miss.taken_back).min();
    finding.place = Some(Place {
        path: file.clone(),
        span: taken_back.map(|line| whole_line(text, line)),
    });
    finding
}

fn whole_line(text: &str, line: u32) -> (Position, Position) {
    let at = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
    let length = text.lines().nth(at).map_or(0, |line| line.chars().count());
    let behind = u32::try_from(length).unwrap_or(u32::MAX).saturating_add(1);
    let position = |column| Position { line, column };
    (position(1), position(behind))
}

/// What is to be said about an env file that is in the commit.
fn in_commit(project: &Project<'_>, path: &RepoPath, name: Role) -> Option<Finding> {
    // One that is too large to be read, or a link, says nothing about itself.
    let content = project
        .text(path)
        .map_or(Content::Values, |text| content::of(&text));
    let (severity, why) = match (name, content) {
        (Role::Fixture, Content::Secret) => {
            (Severity::Warning, "and holds what looks like a secret")
        }
        (Role::Fixture | Role::Example, _) | (_, Content::Encrypted) => return None,
        (_, Content::Nothing) => (
            Severity::Info,
            "and holds no value: it may be called `.env.example`",
        ),
        (_, Content::Secret) => (Severity::Error, "and holds what looks like a secret"),
        (Role::Private, Content::Values) => (Severity::Error, "and holds values"),
        (Role::Shared, Content::Values) => (
            Severity::Warning,
            "and holds values, none of which looks like a secret",
        ),
    };
    let message = format!("{path} is in the commit {why}");
    let mut finding =
        Finding::new(CHECK, ENV_TRACKED, message, ENV_TRACKED.fix).in_file(path.clone());
    finding.severity = severity;
    Some(finding)
}

#[cfg(test)]
mod tests;
