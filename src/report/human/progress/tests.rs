//! The live block, the signs of life, and outputs that stay in one piece, by a clock that is turned by hand.

use proptest::prelude::*;

use super::{Human, Options, Shown};
use crate::clock::Timestamp;
use crate::event::{Listener as _, Will};
use crate::moment::Moment;
use crate::outcome::{OnUnknown, Outcome, Verdict};
use crate::report::Verbosity;
use crate::report::human::screen::Screen;
use crate::report::samples::{self, Run, START};
use crate::terminal::{Looks, Memory, Size, Style, Terminal};

fn human(live: bool, columns: u16, verbosity: Verbosity) -> (Human, Memory) {
    let looks = Looks {
        out: Style::PLAIN,
        err: Style::PLAIN,
        live,
    };
    let (terminal, memory) = Terminal::in_memory(looks, Size { columns, rows: 24 });
    let options = Options {
        verbosity,
        shown: Shown::Text,
    };
    (Human::new(terminal, options), memory)
}

/// Two steps that run for a while, and pass.
fn slow() -> Run {
    let mut run = Run::at(Moment::Push, OnUnknown::Block);
    for id in ["unit", "lint", "quick"] {
        run.plan(id, &[], Will::Run, "").start(id);
    }
    run.wait(20)
        .end("quick", Outcome::Passed, 20)
        .wait(180)
        .print(
            "unit",
            "compiling\n\x1b[32mtest\x1b[0m a\u{202e}b ... ok\n\n",
        )
        .print(
            "lint",
            "src/components/button/with/a/long/path.tsx: 3 problems that do not fit\n",
        );
    run
}

#[test]
fn a_terminal_shows_what_runs() {
    for (columns, expected) in [
        (
            80,
            "
        \u{2713} quick \u{b7} 20ms
        \u{b7} unit 0.3s  test a\\u{202e}b ... ok
        \u{b7} lint 0.3s  src/components/button/with/a/long/path.tsx: 3 problems that do ...
        ",
        ),
        (
            40,
            "
        \u{2713} quick \u{b7} 20ms
        \u{b7} unit 0.3s  test a\\u{202e}b ... ok
        \u{b7} lint 0.3s  src/components/button/w...
        ",
        ),
    ] {
        let (mut human, memory) = human(true, columns, Verbosity::Normal);
        slow().tell(&mut human);
        human.tick(Timestamp(START + 300));
        let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
        let shown = Screen::after(&memory.err(), columns.into());
        assert_eq!(shown.trim_end(), expected.join("\n"));
    }
}

#[test]
fn the_block_is_gone_at_the_end_and_what_ended_stays() {
    let (mut human, memory) = human(true, 60, Verbosity::Normal);
    let mut run = slow();
    run.wait(1500)
        .find(samples::failed("lint"))
        .end("lint", Outcome::failed("exit code 1"), 1700)
        .wait(1000)
        .end("unit", Outcome::Passed, 2700)
        .done(Verdict::Failed, 1, 1);
    run.tell(&mut human);
    insta::assert_snapshot!(Screen::after(&memory.err(), 60), @"
    ✓ quick · 20ms
    ✗ lint failed: exit code 1 · 1.7s
      src/components/button/with/a/long/path.tsx: 3 problems tha
    t do not fit
    ✓ unit · 2.7s
    ");
}

#[test]
fn a_short_run_draws_nothing() {
    let (mut human, memory) = human(true, 80, Verbosity::Normal);
    let mut run = Run::at(Moment::Commit, OnUnknown::Block);
    run.plan("lint", &[], Will::Run, "")
        .start("lint")
        .print("lint", "one\n")
        .wait(90)
        .end("lint", Outcome::Passed, 90)
        .done(Verdict::Passed, 0, 1);
    run.tell(&mut human);
    assert_eq!(memory.err(), "");
}

#[test]
fn beside_a_programs_format_a_terminal_still_shows_the_block() {
    let (mut human, memory) = human(true, 80, Verbosity::Normal);
    human.options.shown = Shown::Machine;
    let mut run = slow();
    run.wait(100).print("unit", "more\n");
    run.tell(&mut human);
    assert!(Screen::after(&memory.err(), 80).contains("unit 0.3s  more\n"));
    run.wait(100);
    run.events.clear();
    run.end("unit", Outcome::failed("exit code 1"), 400)
        .done(Verdict::Failed, 1, 0);
    run.tell(&mut human);
    assert_eq!(Screen::after(&memory.err(), 80), "");
}

#[test]
fn a_step_that_prints_without_a_pause_is_not_drawn_without_one() {
    let (mut human, memory) = human(true, 80, Verbosity::Verbose);
    let mut run = Run::at(Moment::Push, OnUnknown::Block);
    run.plan("unit", &[], Will::Run, "").start("unit").wait(200);
    for line in 0..1000 {
        run.wait(1).print("unit", &format!("line {line}\n"));
    }
    run.tell(&mut human);
    let drawn = memory.err().matches("\x1b[J").count();
    assert!((8..=10).contains(&drawn), "{drawn}");
    let shown = Screen::after(&memory.err(), 80);
    assert_eq!(shown.matches("\n  line ").count(), 1000);
}

#[test]
fn the_block_is_drawn_at_most_ten_times_a_second() {
    let (mut human, memory) = human(true, 80, Verbosity::Normal);
    slow().tell(&mut human);
    let before = memory.err().matches("\x1b[J").count();
    for millis in 200..1200 {
        human.tick(Timestamp(START + millis));
    }
    let drawn = memory.err().matches("\x1b[J").count() - before;
    assert!((9..=10).contains(&drawn), "{drawn}");
}

#[test]
fn a_block_is_erased_when_the_run_ends_by_a_panic() {
    let (mut human, memory) = human(true, 80, Verbosity::Normal);
    slow().tell(&mut human);
    drop(human);
    assert!(!Screen::after(&memory.err(), 80).contains("unit"));
}

#[test]
fn a_pipe_hears_every_30_seconds_what_still_runs() {
    let (mut human, memory) = human(false, 80, Verbosity::Normal);
    slow().tell(&mut human);
    for tenth in 0..=650 {
        human.tick(Timestamp(START + tenth * 100));
    }
    let mut run = Run::at(Moment::Push, OnUnknown::Block);
    run.events.clear();
    run.wait(65_000)
        .end("lint", Outcome::Passed, 65_000)
        .wait(30_000)
        .print("unit", "still there\n")
        .wait(1000)
        .end("unit", Outcome::Passed, 96_000)
        .done(Verdict::Passed, 0, 1);
    run.tell(&mut human);
    insta::assert_snapshot!(memory.err(), @"
    · still running: unit 30s, lint 30s
    · still running: unit 1m 00s, lint 1m 00s
    ✓ lint · 1m 05s
    · still running: unit 1m 35s
    ✓ unit · 1m 36s
    ");
}

#[test]
fn quiet_and_machines_hear_no_sign_of_life() {
    let (mut human, memory) = human(false, 80, Verbosity::Quiet);
    slow().tell(&mut human);
    human.tick(Timestamp(START + 40_000));
    assert_eq!(memory.err(), "");
    human.options = Options {
        verbosity: Verbosity::Normal,
        shown: Shown::Machine,
    };
    human.tick(Timestamp(START + 80_000));
    assert_eq!(memory.err(), "");
}

#[test]
fn a_step_alone_is_told_as_it_prints_and_whole() {
    let (mut human, memory) = human(false, 80, Verbosity::Verbose);
    let mut run = Run::at(Moment::Push, OnUnknown::Block);
    run.plan("unit", &[], Will::Run, "").start("unit");
    run.tell(&mut human);
    let mut more = Run::at(Moment::Push, OnUnknown::Block);
    more.events.clear();
    for line in 0..5000 {
        more.print("unit", &format!("line {line}\n"));
    }
    let long = "x".repeat(50_000);
    more.print("unit", &format!("{long}\n"));
    more.tell(&mut human);
    assert_eq!(memory.err().matches("  line ").count(), 5000);
    assert!(memory.err().contains(&format!("  {long}\n")));
}

#[test]
fn a_million_lines_end_in_fifty() {
    let (mut human, memory) = human(false, 80, Verbosity::Normal);
    let mut run = Run::at(Moment::Push, OnUnknown::Block);
    run.plan("unit", &[], Will::Run, "").start("unit");
    run.tell(&mut human);
    let mut chunk = Run::at(Moment::Push, OnUnknown::Block);
    chunk.events.clear();
    chunk.print(
        "unit",
        &"a line of a tool that says too much\n".repeat(10_000),
    );
    for _ in 0..100 {
        chunk.tell(&mut human);
    }
    let mut end = Run::at(Moment::Push, OnUnknown::Block);
    end.events.clear();
    end.end("unit", Outcome::failed("exit code 1"), 900);
    end.tell(&mut human);
    assert_eq!(memory.err().lines().count(), 52);
    assert!(
        memory
            .err()
            .contains("999,950 lines left out; all of them: `guard run pre-push --only unit -v`\n")
    );
}

/// What jobs print, in the order in which it comes: the job and whether it ends with that.
fn interleavings() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(0_usize..5, 0..60)
}

proptest! {
    #[test]
    fn each_jobs_lines_stay_together(turns in interleavings(), verbose in any::<bool>(), live in any::<bool>()) {
        let verbosity = if verbose { Verbosity::Verbose } else { Verbosity::Normal };
        let (mut human, memory) = human(live, 80, verbosity);
        let mut run = Run::at(Moment::Push, OnUnknown::Block);
        let jobs = ["job0", "job1", "job2", "job3", "job4"];
        for id in jobs {
            run.plan(id, &[], Will::Run, "").start(id);
        }
        for (turn, job) in turns.iter().enumerate() {
            run.wait(40).print(jobs[*job], &format!("{} says {turn}\n", jobs[*job]));
        }
        for (place, id) in jobs.into_iter().enumerate() {
            let outcome = if place % 2 == 0 { Outcome::failed("exit code 1") } else { Outcome::Passed };
            run.wait(30).end(id, outcome, 2000);
        }
        run.done(Verdict::Failed, 1, 0);
        run.tell(&mut human);

        let screen = Screen::after(&memory.err(), 80);
        let mut below = String::new();
        let mut said = 0;
        for line in screen.lines() {
            if let Some(output) = line.strip_prefix("  ") {
                let owner = output.split(' ').next().unwrap_or_default();
                prop_assert_eq!(owner, below.as_str());
                said += 1;
            } else {
                below = line.split(' ').nth(1).unwrap_or_default().to_owned();
            }
        }
        let shown = |job: &usize| verbose || job.is_multiple_of(2);
        prop_assert_eq!(said, turns.iter().filter(|job| shown(job)).count());
    }
}
