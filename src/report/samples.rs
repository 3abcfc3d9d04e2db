//! Runs of every kind, as events, for the tests of all formats.

use serde_json::Map;

use crate::clock::Timestamp;
use crate::event::{Coverage, Event, EventKind, Listener, Will};
use crate::finding::{Finding, Fix, Place, Position, Severity, code};
use crate::moment::Moment;
use crate::outcome::{OnUnknown, Outcome, Verdict};
use crate::path::RepoPath;
use crate::report::Report;

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

/// A tool's findings in files, one of them twice, and a step that failed and found nothing.
pub(crate) fn in_files() -> Run {
    let at = |line, column| Position { line, column };
    let unused = |place| {
        let mut finding = Finding::new(
            "lint",
            code::CMD_FAILED,
            "'left' is never used (no-unused-vars)",
            "",
        );
        finding.place = Some(place);
        finding
    };
    let inside = |line| Place {
        path: "src/a b.ts".into(),
        span: Some((at(line, 7), at(line, 11))),
    };
    let mut run = Run::at(Moment::Ci, OnUnknown::Block);
    run.plan("lint", &[], Will::Run, "2 matching files")
        .plan("build", &[], Will::Run, "always")
        .start("lint")
        .start("build")
        .find(unused(inside(3)))
        .find(unused(inside(9)))
        .find(unused(Place {
            path: "src/c:d.ts".into(),
            span: None,
        }))
        .wait(900)
        .end("lint", Outcome::failed("3 errors"), 900)
        .print("build", "out of memory\n")
        .wait(100)
        .end("build", Outcome::failed("exit code 137"), 1000)
        .done(Verdict::Failed, 1, 2);
    run
}

/// Whatever a name, a message or an output may try.
pub(crate) const HOSTILE: &str = "a\n::error file=x::y]]> %0A \"q\" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \u{202e}\x1b[2J\r-";

/// The same as a path, with a byte that is no text.
pub(crate) fn hostile_path() -> RepoPath {
    let mut path = HOSTILE.as_bytes().to_vec();
    path.extend_from_slice(b"\xff.ts");
    RepoPath::new(path)
}

/// Everything that can be hostile is.
pub(crate) fn hostile() -> Run {
    let at = |line, column| Position { line, column };
    let mut finding = Finding::new(HOSTILE, code::CMD_FAILED, HOSTILE, HOSTILE);
    finding.place = Some(Place {
        path: hostile_path(),
        span: Some((at(1, 2), at(3, 4))),
    });
    finding.commit = Some(HOSTILE.into());
    let mut run = Run::at(Moment::Ci, OnUnknown::Block);
    run.note(Severity::Warning, HOSTILE)
        .plan(HOSTILE, &[HOSTILE], Will::Run, HOSTILE)
        .plan("other", &[HOSTILE], Will::Run, HOSTILE)
        .start(HOSTILE)
        .print(HOSTILE, HOSTILE)
        .find(finding)
        .end(HOSTILE, Outcome::failed(HOSTILE), 5)
        .end("other", Outcome::unknown(HOSTILE, HOSTILE), 5)
        .done(Verdict::Failed, 1, 1);
    run
}

/// More findings than a page has room for, the gravest last.
pub(crate) fn plenty() -> Run {
    let mut run = Run::at(Moment::Ci, OnUnknown::Block);
    run.plan("lint", &[], Will::Run, "always").start("lint");
    for (code, count) in [
        (code::GATE_ALL_FILES, 11),
        (code::HOOK_LINE, 10),
        (code::CMD_FAILED, 13),
    ] {
        for number in 1..=count {
            let message = format!("number {number}");
            run.find(Finding::new("lint", code, message, "look"));
        }
    }
    run.wait(10)
        .end("lint", Outcome::failed("13 errors"), 10)
        .done(Verdict::Failed, 1, 1);
    run
}

/// A run whose end was never heard.
pub(crate) fn unheard() -> Run {
    let mut run = three(Moment::Push, OnUnknown::Block);
    run.print("types", "working\n");
    run
}

/// What was folded from a run.
pub(crate) fn report(run: &Run) -> Report {
    let mut report = Report::new();
    run.tell(&mut report);
    report
}

/// What was folded from a run of which only the plan was asked for.
pub(crate) fn report_of_plan(run: &Run) -> Report {
    let mut report = Report::of_plan();
    run.tell(&mut report);
    report
}

/// Every kind of run by its name, for what must hold of all.
pub(crate) fn every() -> Vec<(&'static str, Report)> {
    let runs = [
        ("passed", passed()),
        ("findings", findings()),
        ("unknown", unknown(OnUnknown::Block)),
        ("let-pass", unknown(OnUnknown::Warn)),
        ("skipped", skipped()),
        ("nothing", nothing()),
        ("interrupted", interrupted()),
        ("in-files", in_files()),
        ("hostile", hostile()),
        ("plenty", plenty()),
        ("unheard", unheard()),
    ];
    let mut reports: Vec<_> = runs
        .iter()
        .map(|(name, run)| (*name, report(run)))
        .collect();
    for (name, run) in [
        ("plan", plan()),
        ("hostile-plan", hostile()),
        ("empty-plan", nothing()),
    ] {
        reports.push((name, report_of_plan(&run)));
    }
    reports.push(("off", report(&off())));
    reports.push((
        "data",
        Report::of_data(
            "cache prune",
            Map::from_iter([("kept".to_owned(), 3.into())]),
        ),
    ));
    reports
}

/// A run that was switched off: a finding without a step.
fn off() -> Run {
    let mut run = Run::at(Moment::Ci, OnUnknown::Block);
    let bypass = Finding::new("bypass", code::GATE_BYPASS, "GUARD=0 at ci", "judge it");
    run.find(bypass).done(Verdict::Passed, 0, 0);
    run
}
