//! `guard doctor`: everything that guard stands on, one line a thing, looked at side by side.
//!
//! Nothing is written. What is slow has a deadline of its own, and all of it together has another:
//! a check that does not come back is a line that says so.
//!
//! A check is a file with a function, and an entry in [`CHECKS`].

mod adapters;
mod ask;
mod binary;
mod clock;
mod config;
mod disk;
mod git;
mod railway;
mod registry;
mod store;
mod text;
mod tools;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::clock::Clock;
use crate::config::{ConfigError, Loaded};
use crate::environment::Environment;
use crate::health::{Line, State};
use crate::process::variables::Variables;
use crate::repository::{Repository, RepositoryError};
use crate::terminal::{escape_line, text::clip};
pub use text::render;

/// When everything has to be there, whatever hangs.
const PATIENCE: Duration = Duration::from_millis(3500);

/// A longer reason helps nobody.
const LONGEST: usize = 600;

/// Why a line that needs a repository was left out.
const NO_REPOSITORY: &str = "not in a git repository";

/// What is examined.
pub struct World {
    /// The process's environment, as called.
    pub environment: Environment,
    /// The same with what the user's files add to it.
    pub read: Environment,
    /// What is odd about those files, or wrong with them.
    pub settings: Result<Vec<String>, ConfigError>,
    /// The repository, where guard was called in one.
    pub repository: Result<Arc<Repository>, RepositoryError>,
    /// The configuration; none where there is no repository.
    pub config: Option<Result<Loaded, ConfigError>>,
    /// What the hooks say; they are another flow's.
    pub hooks: Box<dyn Fn() -> Vec<Line> + Send + Sync>,
    /// The running binary.
    pub binary: Option<PathBuf>,
}

impl World {
    /// The work tree, where there is one.
    fn work_tree(&self) -> Option<&Path> {
        self.repository.as_ref().ok()?.work_tree()
    }

    /// What a program is to see that only tells its version: as a command of the team's, without secrets.
    fn variables(&self) -> Variables {
        let quiet = [
            ("DO_NOT_TRACK", "1"),
            ("NO_COLOR", "1"),
            ("NO_UPDATE_NOTIFIER", "1"),
            ("RAILWAY_CAC_DEPRECATION_WARNING", "off"),
            ("RAILWAY_NO_TELEMETRY", "1"),
        ];
        let quiet = quiet.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Variables::of(&self.environment, &[], &quiet.into())
    }

    /// The repository, or the line that says that there is none.
    fn repository(&self, id: &str) -> Result<&Arc<Repository>, Line> {
        self.repository.as_ref().map_err(|error| {
            let why = match error {
                RepositoryError::NotFound { .. } => NO_REPOSITORY,
                RepositoryError::ForeignOwner { .. } => "git does not trust this repository",
                _ => "the repository cannot be read",
            };
            Line::skipped(id, why)
        })
    }
}

/// Something that is looked at.
pub struct Check {
    /// The id of its first line.
    pub id: &'static str,
    look: fn(&World) -> Vec<Line>,
}

/// Everything that is looked at, in the order in which it is told.
pub const CHECKS: &[Check] = &[
    Check {
        id: "guard",
        look: binary::look,
    },
    Check {
        id: "git",
        look: git::look,
    },
    Check {
        id: "hooks",
        look: hooks,
    },
    Check {
        id: "config",
        look: config::look,
    },
    Check {
        id: "tools",
        look: tools::look,
    },
    Check {
        id: "railway",
        look: railway::look,
    },
    Check {
        id: "registry",
        look: registry::look,
    },
    Check {
        id: "records",
        look: store::look,
    },
    Check {
        id: "disk",
        look: disk::look,
    },
];

/// Looks at everything, side by side.
pub fn examine(world: World) -> Vec<Line> {
    let world = Arc::new(world);
    let (sender, answers) = mpsc::channel();
    for (place, check) in CHECKS.iter().enumerate() {
        let (world, sender) = (Arc::clone(&world), sender.clone());
        // Not waited for: a file system that hangs ends with the process.
        thread::spawn(move || {
            let looked = catch_unwind(AssertUnwindSafe(|| (check.look)(&world)));
            // Nobody listens any more once the time is up.
            drop(sender.send((place, looked.ok())));
        });
    }
    drop(sender);
    let mut told: Vec<Option<Vec<Line>>> = CHECKS.iter().map(|_| None).collect();
    let begun = Clock::Real.now();
    loop {
        let spent = Clock::Real.now().since(begun);
        match answers.recv_timeout(PATIENCE.saturating_sub(spent)) {
            Ok((place, Some(lines))) => told[place] = Some(lines),
            Ok((place, None)) => told[place] = Some(vec![went_wrong(CHECKS[place].id)]),
            Err(_) => break,
        }
    }
    let all = CHECKS.iter().zip(told).flat_map(|(check, lines)| {
        lines.unwrap_or_else(|| {
            let why = format!("no answer within {}s", PATIENCE.as_secs_f32());
            vec![Line::new(check.id, State::Unknown, why)]
        })
    });
    all.map(|line| harmless(&line)).collect()
}

/// Told by the room that puts them in, where there are any to tell of.
fn hooks(world: &World) -> Vec<Line> {
    match world.repository("hooks") {
        Ok(_) => (world.hooks)(),
        Err(line) => vec![line],
    }
}

fn went_wrong(id: &str) -> Line {
    let why = "guard itself went wrong here; please report it";
    Line::new(id, State::Unknown, why).fix("guard explain GUARD-BUG")
}

/// What others wrote cannot forge a line, and has an end.
fn harmless(line: &Line) -> Line {
    let clean = |text: &str| clip(&escape_line(text), LONGEST);
    Line {
        id: clean(&line.id),
        state: line.state,
        reason: clean(&line.reason),
        fix: line.fix.as_deref().map(clean),
    }
}

/// A path for people.
fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Bytes for people.
fn size(bytes: u64) -> String {
    const STEPS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match STEPS.into_iter().find(|(step, _)| bytes >= *step) {
        None => format!("{bytes} B"),
        Some((step, unit)) => {
            let (whole, tenth) = (bytes / step, bytes % step * 10 / step);
            if whole >= 10 || tenth == 0 {
                format!("{whole} {unit}")
            } else {
                format!("{whole}.{tenth} {unit}")
            }
        }
    }
}

/// A number of things.
fn counted(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_an_id_of_its_own() {
        let mut ids: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }

    #[test]
    fn sizes_are_for_people() {
        for (bytes, expected) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1 KiB"),
            (1_600_000, "1.5 MiB"),
            (50 << 30, "50 GiB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn nobody_forges_a_line() {
        let line = Line::ok("a\nb", "x\u{1b}[2J".repeat(1000)).fix("y\rz");
        let line = harmless(&line);
        assert_eq!(line.id, "a\\u{a}b");
        assert!(!line.reason.contains('\u{1b}') && line.reason.len() <= LONGEST);
        assert_eq!(line.fix.as_deref(), Some("y\\u{d}z"));
    }
}
