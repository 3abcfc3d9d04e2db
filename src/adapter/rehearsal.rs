//! Adapters asked without a repository: a project in memory, and tools that are files in a temporary folder.

use std::fs;

use tempfile::TempDir;

use super::{Adapter, Ask};
use crate::config::valid::CheckSettings;
use crate::environment::Environment;
use crate::moment::Moment;
use crate::path::RepoPath;
use crate::project::Project;
use crate::project::sketch::Sketch;
use crate::repository::{Blob, Change, Id, Mode};
use crate::tool::{Call, Ear, Fault, Finder, Heard, Missing, Ran, Told, Unit};

/// A project, what changed in it, and what is installed.
pub(super) struct Rehearsal {
    files: Vec<(String, String)>,
    changes: Vec<Change>,
    installed: TempDir,
    moment: Moment,
    path: String,
}

impl Rehearsal {
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self {
            files: files.iter().map(file).collect(),
            changes: Vec::new(),
            installed: tempfile::tempdir().expect("a temporary folder"),
            moment: Moment::Push,
            path: String::new(),
        }
    }

    pub(super) fn changed(mut self, paths: &[&str]) -> Self {
        let id = Id::from_bytes(&[1; 20]).expect("an id");
        let mode = Mode::File;
        self.change(paths, Some(Blob { id, mode }));
        self
    }

    pub(super) fn gone(mut self, paths: &[&str]) -> Self {
        self.change(paths, None);
        self
    }

    pub(super) fn at(mut self, moment: Moment) -> Self {
        self.moment = moment;
        self
    }

    /// Puts an empty file into the work tree, where tools are looked for.
    pub(super) fn installs(self, paths: &[&str]) -> Self {
        paths
            .iter()
            .fold(self, |rehearsal, path| rehearsal.installs_as(path, ""))
    }

    pub(super) fn installs_as(self, path: &str, text: &str) -> Self {
        let path = self.installed.path().join(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("the folder");
        fs::write(path, text).expect("the file can be written");
        self
    }

    /// Programs that are found on PATH; without this none is.
    pub(super) fn with_path(mut self, programs: &[&str]) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let folder = self.installed.path().join("on-path");
        fs::create_dir_all(&folder).expect("the folder");
        for program in programs {
            let path = folder.join(program);
            fs::write(&path, "").expect("the file can be written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
        }
        self.path = folder.to_string_lossy().into_owned();
        self
    }

    pub(super) fn asked<T>(&self, question: impl FnOnce(&Ask<'_>) -> T) -> T {
        let files: Vec<(&str, &str)> = self.files.iter().map(|(a, b)| (&**a, &**b)).collect();
        let project = Project::new(Sketch::of(&files));
        let variables = [("PATH", self.path.as_str())];
        let environment = Environment::of(self.installed.path(), variables);
        let finder = Finder::new(Some(self.installed.path()), &environment);
        question(&Ask {
            coverage: None,
            project: &project,
            changed: &self.changes,
            finder: &finder,
            settings: &CheckSettings::default(),
            moment: self.moment,
        })
    }

    pub(super) fn units(&self, adapter: &dyn Adapter) -> Vec<Unit> {
        self.asked(|ask| adapter.units(ask))
    }

    /// What an adapter wants, a line a unit: `root: argv` or `root ? reason > remedy`.
    pub(super) fn said(&self, adapter: &dyn Adapter) -> Vec<String> {
        let line = |unit: Unit| match unit.call {
            Ok(call) => format!("{}: {}", unit.root, call.run.join(" ")),
            Err(missing) => format!("{} ? {} > {}", unit.root, missing.reason, missing.remedy),
        };
        self.units(adapter).into_iter().map(line).collect()
    }

    fn change(&mut self, paths: &[&str], new: Option<Blob>) {
        let id = Id::from_bytes(&[2; 20]).expect("an id");
        let mode = Mode::File;
        let old = Some(Blob { id, mode });
        let change = |path: &&str| Change::between(path.as_bytes(), old, new).expect("it differs");
        self.changes.extend(paths.iter().map(change));
        self.changes.sort();
    }
}

/// What is to be called: the tool is there.
pub(super) fn ready(call: &Result<Call, Missing>) -> &Call {
    match call {
        Ok(call) => call,
        Err(missing) => panic!("{missing:?}"),
    }
}

/// What an ear makes of an answer that was given in `/tree/app`, a line a fault; broken ones begin with `?`.
pub(super) fn heard(ear: &dyn Ear, exit: i32, out: &str, err: &str) -> Vec<String> {
    heard_of(ear, exit, out, err, &[])
}

pub(super) fn heard_of(
    ear: &dyn Ear,
    exit: i32,
    out: &str,
    err: &str,
    files: &[&str],
) -> Vec<String> {
    let files: Vec<RepoPath> = files.iter().map(|path| RepoPath::from(*path)).collect();
    let ran = Ran {
        tops: vec!["/tree".into()],
        root: "app".into(),
    };
    let answer = ear.hear(&Told {
        floor: None,
        exit,
        out: out.as_bytes(),
        err,
        report: None,
        left: Vec::new(),
        ran: &ran,
        is_judged: &|_| true,
        files: &files,
    });
    match answer {
        Heard::Judged { faults, .. } => faults.iter().map(line).collect(),
        Heard::Broken { reason, remedy } => vec![format!("? {reason} > {remedy}")],
    }
}

fn line(fault: &Fault) -> String {
    let path = fault
        .path
        .as_ref()
        .map_or_else(String::new, ToString::to_string);
    let span = fault.span.map_or_else(String::new, |(from, to)| {
        format!(":{}:{}-{}:{}", from.line, from.column, to.line, to.column)
    });
    let rule = fault.rule.as_deref().unwrap_or("-");
    let help = fault
        .help
        .as_deref()
        .map_or_else(String::new, |help| format!(" ({help})"));
    let fix = match fault.fix {
        crate::finding::Fix::None => "",
        crate::finding::Fix::Safe => " [safe]",
        crate::finding::Fix::Unsafe => " [unsafe]",
    };
    let word = fault.severity.word();
    format!("{path}{span} {word} {rule} {}{help}{fix}", fault.message)
}
