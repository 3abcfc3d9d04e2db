//! Runs of every kind, as events, for the tests of all formats.

use crate::clock::Timestamp;
use crate::event::{Coverage, Event, EventKind, Listener, Will};
use crate::finding::{Finding, Fix, Place, Position, Severity, code};
use crate::moment::Moment;
use crate::outcome::{OnUnknown, Outcome, Verdict};

/// 2026-11-21T08:49:00.000Z.
pub(crate) const START: u64 = 1_795_250_940_000;

/// A run, told event by event.
pub(crate) struct Run {
    pub(crate) events: Vec<Event>,
    at: u64,
}

impl Run {
    /// A run at this moment.
    pub(crate) fn at(moment: Moment, on_unknown: OnUnknown) -> Self {
        let subject = match moment {
            Moment::Push => "2 commits of main -> origin/main",
            _ => "5 staged files",
        };
        let mut run = Self {
            events: Vec::new(),
            at: START,
        };
        run.say(EventKind::RunStarted {
            command: "run".into(),
            moment: Some(moment),
            on_unknown,
            subject: subject.into(),
        });
        run
    }

    pub(crate) fn say(&mut self, kind: EventKind) {
        self.events.push(Event {
            at: Timestamp(self.at),
            kind,
        });
    }

    pub(crate) fn wait(&mut self, millis: u64) -> &mut Self {
        self.at += millis;
        self
    }

    pub(crate) fn note(&mut self, severity: Severity, message: &str) -> &mut Self {
        self.say(EventKind::Noted {
            severity,
            message: message.into(),
        });
        self
    }

    pub(crate) fn plan(&mut self, id: &str, needs: &[&str], will: Will, reason: &str) -> &mut Self {
        self.say(EventKind::StepPlanned {
            id: id.into(),
            needs: needs.iter().copied().map(str::to_owned).collect(),
            will,
            reason: reason.into(),
        });
        self
    }

    pub(crate) fn start(&mut self, id: &str) -> &mut Self {
        self.say(EventKind::StepStarted { id: id.into() });
        self
    }

    pub(crate) fn print(&mut self, id: &str, text: &str) -> &mut Self {
        self.say(EventKind::StepOutput {
            id: id.into(),
            text: text.into(),
        });
        self
    }

    pub(crate) fn find(&mut self, finding: Finding) -> &mut Self {
        self.say(EventKind::Found(finding));
        self
    }

    pub(crate) fn end(&mut self, id: &str, outcome: Outcome, duration_ms: u64) -> &mut Self {
        self.say(EventKind::StepFinished {
            id: id.into(),
            outcome,
            duration_ms,
            cached: false,
            coverage: Coverage {
                files: 2,
                bytes: 100,
            },
        });
        self
    }

    pub(crate) fn done(&mut self, verdict: Verdict, exit: u8, files: u64) -> &mut Self {
        let duration_ms = self.at - START;
        self.say(EventKind::RunFinished {
            verdict,
            exit,
            duration_ms,
            coverage: Coverage {
                files,
                bytes: files * 367,
            },
        });
        self
    }

    /// The events, told to a listener.
    pub(crate) fn tell(&self, listener: &mut dyn Listener) {
        for event in &self.events {
            listener.hear(event);
        }
    }
}

/// The finding of a command that failed.
pub(crate) fn failed(id: &str) -> Finding {
    Finding::new(
        id,
        code::CMD_FAILED,
        format!("`{id}` failed: exit code 1"),
        format!(
            "read its output and mend the files; alone it runs with `guard run pre-push --only {id}`"
        ),
    )
}

/// A finding with a place, a commit and a fix.
pub(crate) fn placed() -> Finding {
    let at = |line, column| Position { line, column };
    let mut finding = Finding::new(
        "lines",
        code::HOOK_LINE,
        "line 2 of git's input is no ref update",
        "let the hook manager pass git's lines unchanged",
    );
    finding.place = Some(Place {
        path: "apps/api/réseau.ts".into(),
        span: Some((at(4, 19), at(4, 40))),
    });
    finding.commit = Some("0123456789abcdef0123456789abcdef01234567".into());
    finding.fix = Fix::Safe;
    finding
}

fn three(moment: Moment, on_unknown: OnUnknown) -> Run {
    let mut run = Run::at(moment, on_unknown);
    run.note(
        Severity::Info,
        "names are read by the walk over git's objects",
    )
    .plan("types", &[], Will::Run, "3 matching files")
    .plan("eslint", &["types"], Will::Run, "2 matching files")
    .plan(
        "smoke",
        &[],
        Will::Skip,
        "branch `fix` matches none of main, release/*",
    )
    .end(
        "smoke",
        Outcome::skipped("branch `fix` matches none of main, release/*"),
        0,
    )
    .start("types");
    run
}

/// Two steps pass, one is skipped.
pub(crate) fn passed() -> Run {
    let mut run = three(Moment::Commit, OnUnknown::Block);
    run.print("types", "checked 3 files\n")
        .wait(1400)
        .end("types", Outcome::Passed, 1400)
        .start("eslint")
        .wait(80)
        .end("eslint", Outcome::Passed, 80)
        .done(Verdict::Passed, 0, 5);
    run
}

/// A step fails, a step that needs it is not started, another one warns.
pub(crate) fn findings() -> Run {
    let mut run = three(Moment::Push, OnUnknown::Block);
    run.print("types", "src/a.ts:3:5 - error TS2322\n\n1 error\n")
        .wait(700)
        .find(failed("types"))
        .end("types", Outcome::failed("exit code 1"), 700)
        .end("eslint", Outcome::skipped("types failed"), 0)
        .find(placed())
        .done(Verdict::Failed, 1, 3);
    run
}

/// A step could not find out.
pub(crate) fn unknown(on_unknown: OnUnknown) -> Run {
    let mut run = three(Moment::Push, on_unknown);
    let (verdict, exit) = match on_unknown {
        OnUnknown::Block => (Verdict::Unknown, 3),
        OnUnknown::Warn => (Verdict::Passed, 0),
    };
    run.wait(30)
        .end(
            "types",
            Outcome::unknown("`tsc` was not found", "`npm install`"),
            30,
        )
        .start("eslint")
        .wait(50)
        .end("eslint", Outcome::Passed, 50)
        .done(verdict, exit, 2);
    run
}

/// Everything is skipped.
pub(crate) fn skipped() -> Run {
    let mut run = Run::at(Moment::Commit, OnUnknown::Block);
    run.plan("types", &[], Will::Skip, "no matching files")
        .plan("eslint", &[], Will::Skip, "no matching files")
        .wait(3)
        .end("types", Outcome::skipped("no matching files"), 0)
        .end("eslint", Outcome::skipped("no matching files"), 0)
        .done(Verdict::Passed, 0, 0);
    run
}

/// There is nothing to do.
pub(crate) fn nothing() -> Run {
    let mut run = Run::at(Moment::Commit, OnUnknown::Block);
    run.wait(2).done(Verdict::Passed, 0, 0);
    run
}

/// Ctrl-C.
pub(crate) fn interrupted() -> Run {
    let mut run = three(Moment::Push, OnUnknown::Block);
    run.print("types", "working\n")
        .wait(2100)
        .end(
            "types",
            Outcome::unknown("interrupted", "run it again"),
            2100,
        )
        .end("eslint", Outcome::skipped("interrupted"), 0)
        .done(Verdict::Interrupted, 130, 0);
    run
}

/// Only the plan.
pub(crate) fn plan() -> Run {
    let mut run = Run::at(Moment::Push, OnUnknown::Block);
    run.plan(
        "types",
        &[],
        Will::Run,
        "3 matching files under apps/web, of which 2 are new and 1 is renamed",
    )
    .plan(
        "eslint",
        &["types", "format"],
        Will::Run,
        "2 matching files",
    )
    .plan(
        "format",
        &[],
        Will::Reuse,
        "an earlier pass of the same content",
    )
    .plan(
        "smoke",
        &[],
        Will::Skip,
        "branch `fix` matches none of main, release/*",
    )
    .done(Verdict::Passed, 0, 0);
    run
}
