//! A tool that guard understands: what it says to programs becomes findings, and what it says to people is passed on.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use super::calls::{Calls, Start};
use super::pattern::Patterns;
use crate::engine::Context;
use crate::finding::{Finding, Place, Severity, code};
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::process::{End, signal};
use crate::secret::Redactor;
use crate::tool::{Ear, Fault, Floor, Heard, Ran, Told};

/// More than this of a tool's answer is not read.
const LARGEST: u64 = 64 << 20;

/// More findings of one tool than these are counted, not told.
const MOST: usize = 1000;

/// Stands in an argv or a variable for the path of a folder for reports.
const REPORTS: &str = "{reports}";

/// Stands in an argv for the path of a report.
const REPORT: &str = "{report}";

/// More files than these in the folder for reports are not read.
const MOST_REPORTS: usize = 64;

/// Whether a file is part of what is judged.
pub(crate) type Judges = Box<dyn Fn(&RepoPath) -> bool + Send + Sync>;

/// What is known about a tool whose answer is understood.
pub(crate) struct Hearing {
    /// Who understands it.
    pub(crate) ear: &'static dyn Ear,
    /// The tool's name.
    pub(crate) tool: &'static str,
    /// The check that its findings belong to.
    pub(crate) check: &'static str,
    /// Files that it leaves behind, from where it runs.
    pub(crate) leaves: Vec<String>,
    /// What its tests must reach.
    pub(crate) floor: Option<Floor>,
    /// What is judged.
    pub(crate) is_judged: Judges,
    /// The files that it is handed, in the order of the call's names.
    pub(crate) files: Vec<RepoPath>,
}

/// One call of such a tool.
pub(super) struct Heeded<'a> {
    pub(super) calls: &'a Calls<'a>,
    pub(super) hearing: &'a Hearing,
    /// Which of the files.
    pub(super) files: Range<usize>,
    pub(super) folder: &'a Path,
    pub(super) deadline: Option<Instant>,
}

impl Heeded<'_> {
    /// Runs it; what it came to, and whether another call makes sense.
    pub(super) fn run(
        &self,
        argv: &[OsString],
        findings: &mut Vec<Finding>,
        context: &Context,
    ) -> (Outcome, bool) {
        let variables = &self.calls.ground.variables;
        let mut values = variables.iter().map(|(_, value)| value);
        let is_wanted = argv.iter().any(|word| names_desk(word)) || values.any(names_desk);
        // Most tools print their answer: folders that nobody writes into cost more than the call itself.
        let desk = is_wanted.then(Desk::new).transpose();
        let (desk, mut out) = match (desk, tempfile::tempfile()) {
            (Ok(desk), Ok(out)) => (desk, out),
            (Err(error), _) | (_, Err(error)) => return (no_room(&error), false),
        };
        let placed = |word: &OsStr| match &desk {
            Some(desk) => desk.placed(word),
            None => word.to_owned(),
        };
        let argv: Vec<OsString> = argv.iter().map(|word| placed(word)).collect();
        let variables = variables.iter();
        let variables = variables.map(|(name, value)| (name.to_owned(), placed(value)));
        // By the clock of files, which the files that it leaves are told by.
        let began = out.metadata().and_then(|about| about.modified()).ok();
        let (end, err) = self.calls.process(&Start {
            argv: &argv,
            variables: &variables.collect(),
            folder: self.folder,
            deadline: self.deadline,
            apart: Some(&out),
            context,
        });
        let exit = match end {
            Ok(End::Exited(code)) => code,
            // What did not come to its end has not judged.
            Ok(End::Killed(signal)) => return (killed(self.hearing.tool, signal), false),
            other => return self.calls.cut_short(other, self.folder),
        };
        let report = desk.as_ref().map(|desk| written(&desk.report));
        let (said, report) = match (read(&mut out), report.transpose()) {
            (Ok(said), Ok(report)) => (said, report),
            (Err(error), _) | (_, Err(error)) => return (no_room(&error), false),
        };
        let ran = self.ran();
        let told = Told {
            exit,
            out: &said,
            err: &err,
            report: report.flatten(),
            left: self.left(began, desk.as_ref()),
            floor: self.hearing.floor,
            ran: &ran,
            is_judged: &*self.hearing.is_judged,
            files: self
                .hearing
                .files
                .get(self.files.clone())
                .unwrap_or_default(),
        };
        match self.hearing.ear.hear(&told) {
            // What read nothing is no pass.
            Heard::Judged {
                faults,
                files: Some(0),
            } if faults.is_empty() => {
                let nothing = format!("there is nothing here for {}", self.hearing.tool);
                (Outcome::skipped(nothing), true)
            }
            Heard::Judged { faults, .. } => (self.judged(faults, findings), true),
            Heard::Broken { reason, remedy } => {
                let heard = format!("{err}\n{reason}");
                let known = self.calls.not_done(exit, self.folder, &heard);
                let redactor = self.calls.redactor;
                let reason = once(self.hearing.tool, &redactor.apply(&reason));
                let unknown = Outcome::unknown(reason, redactor.apply(&remedy).into_owned());
                (known.unwrap_or(unknown), false)
            }
        }
    }

    fn judged(&self, faults: Vec<Fault>, findings: &mut Vec<Finding>) -> Outcome {
        let errors = faults
            .iter()
            .filter(|fault| fault.severity == Severity::Error)
            .count();
        let room = MOST.saturating_sub(findings.len());
        let told = faults.into_iter().take(room);
        findings.extend(told.map(|fault| self.hearing.finding(fault, self.calls.redactor)));
        match errors {
            0 => Outcome::Passed,
            1 => Outcome::failed(format!("{}: 1 error", self.hearing.tool)),
            many => Outcome::failed(format!("{}: {many} errors", self.hearing.tool)),
        }
    }

    /// Where it runs, as it may name the place: the asked-for way and the real one.
    fn ran(&self) -> Ran {
        let top = self.calls.ground.folder(&RepoPath::root());
        let real = top.canonicalize().ok().filter(|real| *real != top);
        Ran {
            tops: std::iter::once(top).chain(real).collect(),
            root: self.calls.root.clone(),
        }
    }

    /// What it left behind during this call.
    fn left(&self, began: Option<SystemTime>, desk: Option<&Desk>) -> Vec<(String, Vec<u8>)> {
        let mut left = Vec::new();
        let entries = desk.map(|desk| fs::read_dir(&desk.reports));
        let entries = entries.into_iter().flatten().flatten().flatten();
        for entry in entries.take(MOST_REPORTS) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                // A tool's own data, not a report.
                continue;
            }
            if let Ok(Some(content)) = written(&entry.path()) {
                left.push((format!("{REPORTS}/{name}"), content));
            }
        }
        for name in left_names(&self.hearing.leaves, self.folder) {
            let path = self.folder.join(&name);
            let is_new = modified(&path).is_some_and(|at| began.is_some_and(|began| at >= began));
            if let (true, Ok(Some(content))) = (is_new, written(&path)) {
                left.push((name, content));
            }
        }
        left
    }
}

impl Hearing {
    fn finding(&self, fault: Fault, redactor: &Redactor) -> Finding {
        let rule = match &fault.rule {
            Some(rule) => format!(" ({} {rule})", self.tool),
            // The team's own script has no name that would tell anything.
            None if self.tool == "script" => String::new(),
            None => format!(" ({})", self.tool),
        };
        let message = format!("{}{rule}", fault.message);
        let message = redactor.apply(&message).into_owned();
        let help = fault.help.unwrap_or_default();
        let help = redactor.apply(&help).into_owned();
        let check = if fault.code == code::COVERAGE_LOW {
            "coverage"
        } else {
            self.check
        };
        let mut finding = Finding::new(check, fault.code, message, help);
        finding.severity = fault.severity;
        finding.fix = fault.fix;
        finding.place = fault.path.map(|path| Place {
            path,
            span: fault.span,
        });
        finding
    }
}

/// Something ended the tool.
fn killed(tool: &str, signal: i32) -> Outcome {
    let signal = signal::name(signal);
    let remedy = if signal == "SIGKILL" {
        "the system does that where memory runs out: free some, or let less run at once, then try again"
    } else {
        "it crashed, or somebody ended it: try again; if it stays, run it by hand to see more"
    };
    Outcome::unknown(format!("{tool}: killed by {signal}"), remedy)
}

/// What a tool said, after its name: once, however often it names itself.
fn once(tool: &str, reason: &str) -> String {
    let ways = [
        format!("{tool}: "),
        format!("`{tool}` "),
        format!("{tool} "),
    ];
    let mut rest = reason;
    while let Some(bare) = ways.iter().find_map(|way| rest.strip_prefix(way.as_str())) {
        rest = bare;
    }
    format!("{tool}: {rest}")
}

/// Where a tool puts reports, for the time of one call.
struct Desk {
    report: PathBuf,
    reports: PathBuf,
    /// Both lie in it, and go with it.
    _folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (report, reports) = (folder.path().join("report"), folder.path().join("reports"));
        fs::create_dir(&reports)?;
        Ok(Self {
            report,
            reports,
            _folder: folder,
        })
    }

    fn placed(&self, word: &OsStr) -> OsString {
        match (word.to_str(), self.report.to_str(), self.reports.to_str()) {
            (Some(text), Some(report), Some(reports)) if names_desk(word) => text
                .replace(REPORTS, reports)
                .replace(REPORT, report)
                .into(),
            _ => word.to_owned(),
        }
    }
}

/// Whether a word of a call stands for a place for reports.
fn names_desk(word: &OsStr) -> bool {
    let text = word.to_str().unwrap_or_default();
    text.contains(REPORT) || text.contains(REPORTS)
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().ok()?.modified().ok()
}

/// The files that these names and patterns mean; what is installed is not looked through.
fn left_names(leaves: &[String], folder: &Path) -> Vec<String> {
    const INSTALLED: [&str; 5] = [".git", ".venv", "node_modules", "target", "venv"];
    const MOST: usize = 50_000;
    let (patterns, mut names): (Vec<String>, Vec<String>) = leaves
        .iter()
        .cloned()
        .partition(|name| name.contains(['*', '?', '[', '{']));
    let (false, Ok(patterns)) = (patterns.is_empty(), Patterns::of_files(&patterns)) else {
        return names;
    };
    let walk = ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .follow_links(false)
        .filter_entry(|entry| !INSTALLED.iter().any(|name| entry.file_name() == *name))
        .build();
    let files = walk.flatten().take(MOST);
    let found = files.filter_map(|entry| {
        let below = entry.path().strip_prefix(folder).ok()?;
        let is_meant = entry.file_type()?.is_file() && patterns.pick_file(below);
        is_meant.then(|| below.to_string_lossy().into_owned())
    });
    names.extend(found);
    names
}

/// What was printed.
fn read(file: &mut File) -> io::Result<Vec<u8>> {
    file.rewind()?;
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file that a tool may have written.
fn written(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match File::open(path) {
        Ok(mut file) if file.metadata()?.is_file() => read(&mut file).map(Some),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn no_room(error: &io::Error) -> Outcome {
    Outcome::unknown(
        format!("what the tool says could not be kept: {error}"),
        "make room where temporary files go (TMPDIR)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_named_once() {
        for (reason, told) in [
            ("ruff: ruff failed: no", "ruff: failed: no"),
            (
                "`ruff` could not judge (exit 2): no",
                "ruff: could not judge (exit 2): no",
            ),
            ("no", "ruff: no"),
            ("ruffle is no tool", "ruff: ruffle is no tool"),
        ] {
            assert_eq!(once("ruff", reason), told);
        }
    }

    #[test]
    fn a_place_for_reports_is_there_for_calls_that_name_one() {
        for (word, is_named) in [
            ("--junitxml={report}", true),
            ("COVERAGE={reports}/.coverage", true),
            ("{reporter}", false),
            ("app/{a,b}.py", false),
        ] {
            assert_eq!(names_desk(OsStr::new(word)), is_named, "{word}");
        }
        let desk = Desk::new().unwrap();
        let placed = desk.placed(OsStr::new("{report} {reports}/x"));
        let (report, reports) = (desk.report.clone(), desk.reports.clone());
        let expected = format!("{} {}/x", report.display(), reports.display());
        assert_eq!(placed, OsString::from(expected));
        assert!(reports.is_dir() && !report.exists());
        drop(desk);
        assert!(!reports.exists());
    }
}
