//! A project in memory, what changed in it, and what is installed: what the tests of suites and builds stand on.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::{Adapter, Ask};
use crate::config::valid::CheckSettings;
use crate::environment::Environment;
use crate::moment::Moment;
use crate::path::RepoPath;
use crate::project::Project;
use crate::project::sketch::Sketch;
use crate::repository::{Blob, Change, Id, Mode};
use crate::tool::{Call, Ear, Fault, Finder, Floor, Heard, Ran, Told, Unit};

/// Programs in this folder of the installed ones are on PATH.
const ON_PATH: &str = "bin";

pub(super) struct Scene<'a> {
    files: &'a [(&'a str, &'a str)],
    changes: Vec<Change>,
    installed: TempDir,
    settings: CheckSettings,
    coverage: Option<CheckSettings>,
}

/// Changes of these paths.
pub(super) fn changes(paths: &[&str]) -> Vec<Change> {
    let id = Id::from_bytes(&[1; 20]).expect("an id");
    let mode = Mode::File;
    let change = |path: &&str| {
        Change::between(path.as_bytes(), None, Some(Blob { id, mode })).expect("it differs")
    };
    let mut changes: Vec<Change> = paths.iter().map(change).collect();
    changes.sort();
    changes
}

impl<'a> Scene<'a> {
    /// A project and the paths that changed in it.
    pub(super) fn of(files: &'a [(&'a str, &'a str)], changed: &[&str]) -> Self {
        Self {
            files,
            changes: changes(changed),
            installed: tempfile::tempdir().expect("a temporary folder"),
            settings: CheckSettings::default(),
            coverage: None,
        }
    }

    /// Puts an executable file into the work tree, where tools are looked for; those below `bin` are on PATH.
    pub(super) fn installs(self, paths: &[&str]) -> Self {
        for path in paths {
            let path = self.installed.path().join(path);
            fs::create_dir_all(path.parent().expect("below the folder")).expect("the folder");
            fs::write(&path, "").expect("the file can be written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))
                .expect("the mode can be set");
        }
        self
    }

    pub(super) fn with(mut self, settings: CheckSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Tests must reach 80%.
    pub(super) fn covered(mut self) -> Self {
        self.coverage = Some(CheckSettings {
            min: Some(80.0),
            ..CheckSettings::default()
        });
        self
    }

    pub(super) fn asked<T>(&self, question: impl FnOnce(&Ask<'_>) -> T) -> T {
        let project = Project::new(Sketch::of(self.files));
        let path = self.installed.path().join(ON_PATH);
        let environment = Environment::of(self.installed.path(), [("PATH", path.as_os_str())]);
        let finder = Finder::new(Some(self.installed.path()), &environment);
        question(&Ask {
            project: &project,
            changed: &self.changes,
            finder: &finder,
            settings: &self.settings,
            coverage: self.coverage.as_ref(),
            moment: Moment::Push,
        })
    }

    pub(super) fn units(&self, adapter: &dyn Adapter) -> Vec<Unit> {
        self.asked(|ask| adapter.units(ask))
    }

    /// What an adapter wants, a line a unit: `root: argv` or `root ? reason > remedy`.
    pub(super) fn said(&self, adapter: &dyn Adapter) -> Vec<String> {
        let line = |unit: Unit| match unit.call {
            Ok(call) => format!(
                "{}: {}{}",
                unit.root,
                environment(&call),
                call.run.join(" ")
            ),
            Err(missing) => format!("{} ? {} > {}", unit.root, missing.reason, missing.remedy),
        };
        self.units(adapter).into_iter().map(line).collect()
    }
}

fn environment(call: &Call) -> String {
    let one = |(name, value): (&String, &String)| format!("{name}={value} ");
    call.env.iter().map(one).collect()
}

/// An answer that was given in `/tree/app`.
#[derive(Default)]
pub(super) struct Answer<'a> {
    pub(super) exit: i32,
    pub(super) out: &'a str,
    pub(super) err: &'a str,
    pub(super) report: Option<&'a str>,
    pub(super) left: &'a [(&'a str, &'a str)],
    pub(super) floor: Option<f64>,
}

impl Answer<'_> {
    /// What an ear makes of it, a line a fault; what could not judge begins with `?`.
    pub(super) fn to(&self, ear: &dyn Ear) -> Vec<String> {
        let left = self.left.iter();
        let ran = Ran {
            tops: vec!["/tree".into()],
            root: "app".into(),
        };
        let heard = ear.hear(&Told {
            exit: self.exit,
            out: self.out.as_bytes(),
            err: self.err,
            report: self.report.map(|report| report.as_bytes().to_vec()),
            left: left
                .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
                .collect(),
            floor: self.floor.map(|percent| Floor { percent }),
            ran: &ran,
            is_judged: &|_| true,
            files: &[],
        });
        match heard {
            Heard::Judged { faults, .. } => faults.iter().map(line).collect(),
            Heard::Broken { reason, remedy } => vec![format!("? {reason} > {remedy}")],
        }
    }
}

fn line(fault: &Fault) -> String {
    let path = fault
        .path
        .as_ref()
        .map_or_else(String::new, RepoPath::to_string);
    let span = fault.span.map_or_else(String::new, |(from, _)| {
        format!(":{}:{}", from.line, from.column)
    });
    format!("{path}{span} {} {}", fault.code.id, fault.message)
}
