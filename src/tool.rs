//! What guard and a tool that it knows have to say to each other: what is to be run, and what the answer means.
//!
//! Adapters write these words and commands run them; neither knows the other.

mod finder;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::config::valid::{Isolate, Reads};
use crate::finding::code::Code;
use crate::finding::{Fix, Position, Severity};
use crate::path::RepoPath;

pub(crate) use finder::Finder;

/// One run of a tool on one package, or the reason why it cannot be had.
pub(crate) struct Unit {
    /// The adapter: `eslint`.
    pub(crate) tool: &'static str,
    /// The package: where the tool runs.
    pub(crate) root: RepoPath,
    /// The files that it is handed where `run` has `{files}`; otherwise those that made it run. Below `root`.
    pub(crate) files: Vec<RepoPath>,
    /// What is to be done.
    pub(crate) call: Result<Call, Missing>,
}

/// A tool's command line, and what there is to know about it.
pub(crate) struct Call {
    /// An argv. The element `{files}` becomes the files, `{report}` in any element the path of a file that the
    /// tool may write its report to, `{reports}` the path of an empty folder of its own.
    pub(crate) run: Vec<String>,
    /// The same for repairing; no `{report}`.
    pub(crate) fix: Option<Repair>,
    /// What it reads besides the files that it is handed.
    pub(crate) reads: Reads,
    /// What a pass depends on besides the files: exact paths, from the repository's root. For a tool that reads
    /// a project these are not needed: the whole judged tree is part of the key then.
    pub(crate) inputs: Vec<RepoPath>,
    /// Variables that it sees besides the inherited ones; `{reports}` in a value is replaced as in `run`.
    pub(crate) env: BTreeMap<String, String>,
    /// How dependencies come into guard's own checkout.
    pub(crate) isolate: Isolate,
    /// Files that it leaves behind and that say more, by paths from `root`: read only where they were written
    /// during the run.
    pub(crate) leaves: Vec<String>,
    /// Whether it writes beside what it reads, so that it runs in guard's own checkout only.
    pub(crate) is_away: bool,
    /// What is built before, in this order: packages of this repository that it reads as they were built.
    pub(crate) first: Vec<Build>,
    /// What its tests must reach, where they run with coverage; handed on to the ear.
    pub(crate) floor: Option<Floor>,
    /// Who understands the answer.
    pub(crate) ear: &'static dyn Ear,
}

/// How a package of this repository is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Build {
    /// Where.
    pub(crate) folder: RepoPath,
    /// An argv.
    pub(crate) run: Vec<String>,
}

/// The least share of lines that tests must reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Floor {
    /// From 0 to 100.
    pub(crate) percent: f64,
}

/// A tool's repairing form.
pub(crate) struct Repair {
    /// An argv, as above.
    pub(crate) run: Vec<String>,
    /// Whether what it does keeps the meaning.
    pub(crate) kind: Fix,
    /// Variables of the call that it does not see: by them a tool speaks to programs.
    pub(crate) without: &'static [&'static str],
}

/// A tool that is configured or named, and cannot be run: unknown, never green.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// What is missing: "`eslint` is in package.json and not installed".
    pub(crate) reason: String,
    /// The command that brings it.
    pub(crate) remedy: String,
}

/// Understands what a tool says.
pub(crate) trait Ear: Sync {
    /// What the answer means.
    fn hear(&self, told: &Told<'_>) -> Heard;
}

/// A tool's answer. One call where it was handed its files in one batch; each batch is heard on its own.
pub(crate) struct Told<'a> {
    /// How it ended.
    pub(crate) exit: i32,
    /// All that it printed to standard output, up to a bound.
    pub(crate) out: &'a [u8],
    /// The end of what it printed to standard error.
    pub(crate) err: &'a str,
    /// What it wrote to `{report}`.
    pub(crate) report: Option<Vec<u8>>,
    /// What it left behind of `leaves`, by the path from `root`, and each file that lies directly in `{reports}`,
    /// as `{reports}/name`.
    pub(crate) left: Vec<(String, Vec<u8>)>,
    /// What its tests must reach: as in the call.
    pub(crate) floor: Option<Floor>,
    /// Where it ran.
    pub(crate) ran: &'a Ran,
    /// Whether a file is part of what is judged: what was built from it lies beside it.
    pub(crate) is_judged: &'a dyn Fn(&RepoPath) -> bool,
    /// The files that it was handed.
    pub(crate) files: &'a [RepoPath],
}

/// Where a tool ran: knows its own paths and the judged ones.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    /// The top folder of the tree in which it ran, as the tool may name it: as asked for, and as it really is.
    pub(crate) tops: Vec<PathBuf>,
    /// The package.
    pub(crate) root: RepoPath,
}

impl Ran {
    /// The judged path that a tool means: absolute, or relative to where it ran. None for one outside.
    pub(crate) fn path(&self, said: &str) -> Option<RepoPath> {
        let said = said.strip_prefix("file://").unwrap_or(said);
        let path = Path::new(said);
        let mut parts: Vec<&[u8]> = Vec::new();
        let below = if path.is_absolute() {
            let mut tops = self.tops.iter();
            tops.find_map(|top| path.strip_prefix(top).ok())?
        } else {
            parts.extend(self.root.as_bytes().split(|byte| *byte == b'/'));
            path
        };
        for part in below.components() {
            match part {
                std::path::Component::Normal(name) => parts.push(name.as_encoded_bytes()),
                std::path::Component::ParentDir => {
                    parts.pop()?;
                }
                _ => {}
            }
        }
        parts.retain(|part| !part.is_empty());
        (!parts.is_empty()).then(|| RepoPath::new(parts.join(&b'/')))
    }
}

/// What an answer means.
pub(crate) enum Heard {
    /// It judged: these are its faults. It failed where one of them is an error.
    Judged {
        /// What is wrong.
        faults: Vec<Fault>,
        /// How many files it looked at, where it says so.
        files: Option<u64>,
    },
    /// It could not judge: its own configuration is broken, a plugin is missing, it crashed.
    Broken {
        /// What it said, in a sentence.
        reason: String,
        /// What to do.
        remedy: String,
    },
}

/// One thing that a tool found wrong.
pub(crate) struct Fault {
    /// What kind of finding it is.
    pub(crate) code: Code,
    /// How grave the tool holds it to be.
    pub(crate) severity: Severity,
    /// Where.
    pub(crate) path: Option<RepoPath>,
    /// From where to where; the end lies behind the last character. Columns count characters from 1.
    pub(crate) span: Option<(Position, Position)>,
    /// The tool's name for the rule.
    pub(crate) rule: Option<String>,
    /// What is wrong, in the tool's words.
    pub(crate) message: String,
    /// What to do, where the tool says so.
    pub(crate) help: Option<String>,
    /// Whether the tool can repair it.
    pub(crate) fix: Fix,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tools_paths_become_judged_ones() {
        let ran = Ran {
            tops: vec!["/state/tree".into(), "/real/tree".into()],
            root: "apps/web".into(),
        };
        for (said, path) in [
            ("src/a.ts", Some("apps/web/src/a.ts")),
            ("./src/a.ts", Some("apps/web/src/a.ts")),
            ("../../b.ts", Some("b.ts")),
            ("../../../b.ts", None),
            ("/state/tree/apps/web/a.ts", Some("apps/web/a.ts")),
            ("/real/tree/x.py", Some("x.py")),
            ("file:///real/tree/x.py", Some("x.py")),
            ("/elsewhere/x.py", None),
            ("", Some("apps/web")),
        ] {
            assert_eq!(ran.path(said), path.map(RepoPath::from), "{said}");
        }
    }
}
