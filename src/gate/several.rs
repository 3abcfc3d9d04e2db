//! One command for several pushed commits: each is judged, and the gravest outcome is the step's.

use crate::engine::{Context, Ended, Work};
use crate::event::Coverage;
use crate::finding::Finding;
use crate::outcome::Outcome;

/// The works of one step, each with the name of what it judges.
pub(crate) struct Several(Vec<(String, Box<dyn Work>)>);

impl Several {
    /// One work as it is, several as one.
    pub(crate) fn of(mut works: Vec<(String, Box<dyn Work>)>) -> Box<dyn Work> {
        match works.len() {
            1 => works.remove(0).1,
            _ => Box::new(Self(works)),
        }
    }
}

impl Work for Several {
    fn run(&self, context: &Context) -> Ended {
        let mut whole = Ended::from(Outcome::Passed);
        // One that ran is enough to make the step one that ran.
        whole.cached = true;
        for (name, work) in &self.0 {
            let part = work.run(context);
            whole.cached &= part.cached;
            let of_commit = part.findings.into_iter().map(|finding| Finding {
                commit: Some(name.clone()),
                ..finding
            });
            whole.findings.extend(of_commit);
            whole.coverage = Coverage {
                files: whole.coverage.files + part.coverage.files,
                bytes: whole.coverage.bytes + part.coverage.bytes,
            };
            let outcome = named(name, part.outcome);
            if gravity(&outcome) > gravity(&whole.outcome) {
                whole.outcome = outcome;
            }
        }
        whole
    }
}

/// A skip weighs least here: the others say more.
fn gravity(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Skipped { .. } => 0,
        Outcome::Passed => 1,
        Outcome::Unknown { .. } => 2,
        Outcome::Failed { .. } => 3,
    }
}

/// The outcome with the name of what was judged before its reason.
fn named(name: &str, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Passed => Outcome::Passed,
        Outcome::Failed { reason } => Outcome::failed(format!("{name}: {reason}")),
        Outcome::Skipped { reason } => Outcome::skipped(format!("{name}: {reason}")),
        Outcome::Unknown { reason, remedy } => {
            Outcome::unknown(format!("{name}: {reason}"), remedy)
        }
    }
}
