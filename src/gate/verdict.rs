//! What all the steps of a run together mean: the verdict, and the exit code that agrees with it.

use std::collections::BTreeSet;

use crate::event::{Event, EventKind, Listener};
use crate::exit::Exit;
use crate::finding::{Finding, Severity, code};
use crate::moment::Moment;
use crate::outcome::{OnUnknown, Outcome, Verdict};

/// Listens to a run and judges it at the end.
#[derive(Default)]
pub(crate) struct Judge {
    failed: bool,
    unknown: bool,
    bug: bool,
    ran: BTreeSet<String>,
}

impl Judge {
    /// A judge who knows these findings already.
    pub(crate) fn new(findings: &[Finding]) -> Self {
        let mut judge = Self::default();
        for finding in findings {
            judge.weigh(finding);
        }
        judge
    }

    /// Takes a step's end into account.
    pub(crate) fn count(&mut self, id: &str, outcome: &Outcome) {
        match outcome {
            Outcome::Passed => {}
            Outcome::Failed { .. } => self.failed = true,
            Outcome::Unknown { .. } => self.unknown = true,
            Outcome::Skipped { .. } => return,
        }
        self.ran.insert(id.to_owned());
    }

    /// Whether this step was started.
    pub(crate) fn saw(&self, id: &str) -> bool {
        self.ran.contains(id)
    }

    fn weigh(&mut self, finding: &Finding) {
        self.failed |= finding.severity == Severity::Error;
        self.bug |= finding.code == code::GUARD_BUG;
    }

    /// The verdict and its exit code. A bug is never relaxed, and a failure outweighs it.
    pub(crate) fn judge(
        &self,
        moment: Moment,
        on_unknown: OnUnknown,
        interrupted: Option<Exit>,
    ) -> (Verdict, Exit) {
        if let Some(exit) = interrupted {
            return (Verdict::Interrupted, exit);
        }
        if self.failed {
            return (Verdict::Failed, Exit::Blocked);
        }
        if self.bug {
            return (Verdict::Unknown, Exit::Bug);
        }
        if self.unknown && !(on_unknown == OnUnknown::Warn && moment.is_hook()) {
            return (Verdict::Unknown, Exit::Unknown);
        }
        (Verdict::Passed, Exit::Good)
    }
}

impl Listener for Judge {
    fn hear(&mut self, event: &Event) {
        match &event.kind {
            EventKind::Found(finding) => self.weigh(finding),
            // An earlier pass served: nothing was read.
            EventKind::StepFinished { cached: true, .. } => {}
            EventKind::StepFinished { id, outcome, .. } => self.count(id, outcome),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(outcomes: &[Outcome], moment: Moment, on_unknown: OnUnknown) -> (Verdict, Exit) {
        let mut judge = Judge::default();
        for outcome in outcomes {
            judge.count("x", outcome);
        }
        judge.judge(moment, on_unknown, None)
    }

    #[test]
    fn a_failure_outweighs_an_unknown_and_an_unknown_a_pass() {
        let (passed, failed) = (Outcome::Passed, Outcome::failed("no"));
        let unknown = Outcome::unknown("who knows", "ask");
        let skipped = Outcome::skipped("not now");
        let commit = |outcomes: &[Outcome]| judged(outcomes, Moment::Commit, OnUnknown::Block);
        assert_eq!(commit(&[]), (Verdict::Passed, Exit::Good));
        assert_eq!(
            commit(&[skipped, passed.clone()]),
            (Verdict::Passed, Exit::Good)
        );
        assert_eq!(
            commit(&[passed, unknown.clone()]),
            (Verdict::Unknown, Exit::Unknown)
        );
        assert_eq!(commit(&[unknown, failed]), (Verdict::Failed, Exit::Blocked));
    }

    #[test]
    fn only_hooks_may_take_unknown_lightly() {
        let unknown = [Outcome::unknown("who knows", "ask")];
        for moment in Moment::ALL {
            let exit = judged(&unknown, moment, OnUnknown::Warn).1;
            assert_eq!(exit == Exit::Good, moment.is_hook(), "{moment}");
        }
    }

    #[test]
    fn a_bug_is_never_taken_lightly() {
        let bug = Finding::new("x", code::GUARD_BUG, "it broke", "report it");
        let judge = Judge::new(std::slice::from_ref(&bug));
        let (verdict, exit) = judge.judge(Moment::Commit, OnUnknown::Warn, None);
        assert_eq!((verdict, exit), (Verdict::Unknown, Exit::Bug));
    }

    #[test]
    fn an_interruption_is_said_whatever_else_happened() {
        let mut judge = Judge::default();
        judge.count("x", &Outcome::failed("no"));
        let exit = Some(Exit::Terminated);
        let (verdict, exit) = judge.judge(Moment::Push, OnUnknown::Block, exit);
        assert_eq!((verdict, exit), (Verdict::Interrupted, Exit::Terminated));
    }
}
