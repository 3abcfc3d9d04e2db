//! What people read: every kind of run, on a pipe and with `-v`.

mod limits;

use super::{Human, Options, Shown, render};
use crate::event::Will;
use crate::finding::Severity;
use crate::moment::Moment;
use crate::outcome::{OnUnknown, Outcome, Verdict};
use crate::report::samples::{self, Run};
use crate::report::{Report, Verbosity};
use crate::terminal::{Looks, Size, Style, Terminal};

const PIPE: Looks = Looks {
    out: Style::PLAIN,
    err: Style::PLAIN,
    live: false,
};

/// What standard error and standard output get.
fn told(run: &Run, verbosity: Verbosity, shown: Shown) -> (String, String) {
    let (terminal, memory) = Terminal::in_memory(PIPE, Size::USUAL);
    let mut human = Human::new(terminal, Options { verbosity, shown });
    let mut report = Report::new();
    run.tell(&mut human);
    run.tell(&mut report);
    (memory.err(), render(&report, Style::PLAIN, verbosity))
}

/// Both, one below the other.
fn both(run: &Run, verbosity: Verbosity) -> String {
    let (err, out) = told(run, verbosity, Shown::Text);
    format!("{err}-- out --\n{out}")
}

fn plain(run: &Run) -> String {
    both(run, Verbosity::Normal)
}

fn verbose(run: &Run) -> String {
    both(run, Verbosity::Verbose)
}

#[test]
fn a_run_that_passes() {
    insta::assert_snapshot!(plain(&samples::passed()), @"
    ✓ types · 1.4s
    -- out --
    ✓ guard pre-commit · 2 checks, 5 files · 1.4s
    ");
    insta::assert_snapshot!(verbose(&samples::passed()), @"
    · guard pre-commit · 5 staged files
    note: names are read by the walk over git's objects
    · smoke skipped: branch `fix` matches none of main, release/*
    ✓ types · 1.4s
      checked 3 files
    ✓ eslint · 80ms
    -- out --
    ✓ guard pre-commit · 2 checks, 5 files · 1.4s
    ");
}

#[test]
fn a_run_that_fails() {
    insta::assert_snapshot!(plain(&samples::findings()), @"
    ✗ types failed: exit code 1 · 0.7s
      src/a.ts:3:5 - error TS2322

      1 error

    -- out --
    error[CMD-FAILED]: `types` failed: exit code 1
      help: read its output and mend the files; alone it runs with
            `guard run pre-push --only types`

    warning[HOOK-LINE]: line 2 of git's input is no ref update
      at apps/api/réseau.ts:4:19 in commit 0123456789
      help: let the hook manager pass git's lines unchanged

    · why it matters: `guard explain CODE`
    ✗ guard pre-push: 1 of 2 failed, 1 not started · 0.7s
    ");
    insta::assert_snapshot!(verbose(&samples::findings()), @"
    · guard pre-push · 2 commits of main -> origin/main
    note: names are read by the walk over git's objects
    · smoke skipped: branch `fix` matches none of main, release/*
    ✗ types failed: exit code 1 · 0.7s
      src/a.ts:3:5 - error TS2322

      1 error
    · eslint skipped: types failed

    -- out --
    error[CMD-FAILED]: `types` failed: exit code 1
      help: read its output and mend the files; alone it runs with
            `guard run pre-push --only types`

    warning[HOOK-LINE]: line 2 of git's input is no ref update
      at apps/api/réseau.ts:4:19 in commit 0123456789
      help: let the hook manager pass git's lines unchanged

    · why it matters: `guard explain CODE`
    ✗ guard pre-push: 1 of 2 failed, 1 not started · 0.7s
    ");
}

#[test]
fn a_run_that_could_not_find_out() {
    insta::assert_snapshot!(plain(&samples::unknown(OnUnknown::Block)), @"
    ! types unknown: `tsc` was not found · 30ms
      help: `npm install`
    -- out --
    unknown[types]: `tsc` was not found
      help: `npm install`

    ! guard pre-push: 1 of 2 unknown · 80ms
    ");
    insta::assert_snapshot!(verbose(&samples::unknown(OnUnknown::Block)), @"
    · guard pre-push · 2 commits of main -> origin/main
    note: names are read by the walk over git's objects
    · smoke skipped: branch `fix` matches none of main, release/*
    ! types unknown: `tsc` was not found · 30ms
      help: `npm install`
    ✓ eslint · 50ms
    -- out --
    unknown[types]: `tsc` was not found
      help: `npm install`

    ! guard pre-push: 1 of 2 unknown · 80ms
    ");
}

#[test]
fn an_unknown_that_lets_pass_is_said_in_one_line() {
    insta::assert_snapshot!(plain(&samples::unknown(OnUnknown::Warn)), @"
    ! types unknown (`tsc` was not found), let pass by `on_unknown: warn`; see `-v`
    -- out --
    ✓ guard pre-push · 1 check, 2 files · 1 unknown · 80ms
    ");
    insta::assert_snapshot!(verbose(&samples::unknown(OnUnknown::Warn)), @"
    · guard pre-push · 2 commits of main -> origin/main
    note: names are read by the walk over git's objects
    · smoke skipped: branch `fix` matches none of main, release/*
    ! types unknown: `tsc` was not found · 30ms
      help: `npm install`
    ✓ eslint · 50ms
    ! types unknown (`tsc` was not found), let pass by `on_unknown: warn`; see `-v`
    -- out --
    ✓ guard pre-push · 1 check, 2 files · 1 unknown · 80ms
    ");
}

#[test]
fn a_run_that_skips_everything() {
    insta::assert_snapshot!(plain(&samples::skipped()), @"
    -- out --
    ✓ guard pre-commit · nothing to check (no matching files) · 3ms
    ");
    insta::assert_snapshot!(verbose(&samples::skipped()), @"
    · guard pre-commit · 5 staged files
    · types skipped: no matching files
    · eslint skipped: no matching files
    -- out --
    ✓ guard pre-commit · nothing to check (no matching files) · 3ms
    ");
}

#[test]
fn a_run_of_nothing() {
    insta::assert_snapshot!(plain(&samples::nothing()), @"
    -- out --
    ✓ guard pre-commit · nothing to check (no check is about this) · 2ms
    ");
    insta::assert_snapshot!(verbose(&samples::nothing()), @"
    · guard pre-commit · 5 staged files
    -- out --
    ✓ guard pre-commit · nothing to check (no check is about this) · 2ms
    ");
}

#[test]
fn a_run_that_was_interrupted() {
    insta::assert_snapshot!(plain(&samples::interrupted()), @"
    -- out --
    ✗ guard pre-push: interrupted · 2.1s
    ");
    insta::assert_snapshot!(verbose(&samples::interrupted()), @"
    · guard pre-push · 2 commits of main -> origin/main
    note: names are read by the walk over git's objects
    · smoke skipped: branch `fix` matches none of main, release/*
    ! types unknown: interrupted · 2.1s
      help: run it again
      working
    · eslint skipped: interrupted
    -- out --
    ✗ guard pre-push: interrupted · 2.1s
    ");
}

#[test]
fn a_plan_is_a_table() {
    let mut plan = Report::of_plan();
    samples::plan().tell(&mut plan);
    insta::assert_snapshot!(render(&plan, Style::PLAIN, Verbosity::Normal), @"
    plan of guard pre-push · 2 commits of main -> origin/main

    step    will   needs          why
    types   run                   3 matching files under apps/web, of which 2 are
                                  new and 1 is renamed
    eslint  run    types, format  2 matching files
    format  reuse                 an earlier pass of the same content
    smoke   skip                  branch `fix` matches none of main, release/*

    · 2 to run, 1 to reuse, 1 to skip; nothing was run
    ");
    let narrow = Style {
        width: 50,
        ..Style::PLAIN
    };
    insta::assert_snapshot!(render(&plan, narrow, Verbosity::Normal), @"
    plan of guard pre-push · 2 commits of main ->
      origin/main

    step    will   needs          why
    types   run                   3 matching files
                                  under apps/web, of
                                  which 2 are new and
                                  1 is renamed
    eslint  run    types, format  2 matching files
    format  reuse                 an earlier pass of
                                  the same content
    smoke   skip                  branch `fix` matches
                                  none of main,
                                  release/*

    · 2 to run, 1 to reuse, 1 to skip; nothing was run
    ");
    insta::assert_snapshot!(render(&Report::of_plan(), narrow, Verbosity::Normal), @"
    plan of guard
    · no steps
    ");
}

#[test]
fn quiet_says_nothing_while_all_is_well() {
    for run in [samples::passed(), samples::skipped(), samples::nothing()] {
        assert_eq!(both(&run, Verbosity::Quiet), "-- out --\n");
    }
    insta::assert_snapshot!(both(&samples::unknown(OnUnknown::Warn), Verbosity::Quiet), @"
    ! types unknown (`tsc` was not found), let pass by `on_unknown: warn`; see `-v`
    -- out --
    ");
    insta::assert_snapshot!(both(&samples::findings(), Verbosity::Quiet), @"
    ✗ types failed: exit code 1 · 0.7s
      src/a.ts:3:5 - error TS2322

      1 error

    -- out --
    error[CMD-FAILED]: `types` failed: exit code 1
      help: read its output and mend the files; alone it runs with
            `guard run pre-push --only types`

    warning[HOOK-LINE]: line 2 of git's input is no ref update
      at apps/api/réseau.ts:4:19 in commit 0123456789
      help: let the hook manager pass git's lines unchanged

    · why it matters: `guard explain CODE`
    ✗ guard pre-push: 1 of 2 failed, 1 not started · 0.7s
    ");
}

#[test]
fn beside_a_programs_format_stands_only_what_must_be_said() {
    for run in [
        samples::passed(),
        samples::findings(),
        samples::unknown(OnUnknown::Block),
        samples::interrupted(),
    ] {
        assert_eq!(told(&run, Verbosity::Normal, Shown::Machine).0, "");
    }
    let (err, _) = told(
        &samples::unknown(OnUnknown::Warn),
        Verbosity::Normal,
        Shown::Machine,
    );
    assert_eq!(err.lines().count(), 1, "{err}");
}

#[test]
fn two_failures_are_repeated_with_the_end_of_their_output() {
    let mut run = Run::at(Moment::Push, OnUnknown::Block);
    for id in ["unit", "lint"] {
        run.plan(id, &[], Will::Run, "").start(id);
    }
    let lines: Vec<String> = (1..=60).map(|line| format!("line {line}\n")).collect();
    run.print("unit", &lines.concat())
        .wait(400)
        .find(samples::failed("unit"))
        .end("unit", Outcome::failed("exit code 1"), 400)
        .print("lint", "src/a.ts: no\n")
        .wait(400)
        .end("lint", Outcome::failed("killed by SIGSEGV"), 800)
        .done(Verdict::Failed, 1, 0);
    insta::assert_snapshot!(plain(&run), @"
    ✗ unit failed: exit code 1 · 0.4s
      line 1
      line 2
      line 3
      line 4
      line 5
      line 6
      line 7
      line 8
      line 9
      line 10
      line 11
      line 12
      line 13
      line 14
      line 15
      · 10 lines left out; all of them: `guard run pre-push --only unit -v`
      line 26
      line 27
      line 28
      line 29
      line 30
      line 31
      line 32
      line 33
      line 34
      line 35
      line 36
      line 37
      line 38
      line 39
      line 40
      line 41
      line 42
      line 43
      line 44
      line 45
      line 46
      line 47
      line 48
      line 49
      line 50
      line 51
      line 52
      line 53
      line 54
      line 55
      line 56
      line 57
      line 58
      line 59
      line 60
    ✗ lint failed: killed by SIGSEGV · 0.8s
      src/a.ts: no

    -- out --
    error[CMD-FAILED]: `unit` failed: exit code 1
        line 56
        line 57
        line 58
        line 59
        line 60
      help: read its output and mend the files; alone it runs with
            `guard run pre-push --only unit`

    failed[lint]: killed by SIGSEGV

    · why it matters: `guard explain CMD-FAILED`
    ✗ guard pre-push: 2 of 2 failed · 0.8s
    ");
}

#[test]
fn many_findings_fit_a_screen_and_say_how_to_see_the_rest() {
    let mut run = Run::at(Moment::Ci, OnUnknown::Block);
    for number in 0..40 {
        let mut finding = samples::placed();
        finding.message = format!("finding {number}");
        if number == 39 {
            finding.severity = Severity::Error;
        }
        run.find(finding);
    }
    run.done(Verdict::Failed, 1, 40);
    let (_, screen) = told(&run, Verbosity::Normal, Shown::Text);
    assert!(screen.lines().count() <= 24, "{screen}");
    assert!(screen.starts_with("error[HOOK-LINE]: finding 39\n"));
    insta::assert_snapshot!(screen.lines().rev().take(3).collect::<Vec<_>>().join("\n"), @"
    ✗ guard ci: 1 error · 0ms
    · why it matters: `guard explain HOOK-LINE`
    · and 34 warnings more; all of them: `guard run ci -v`
    ");
    let (_, all) = told(&run, Verbosity::Verbose, Shown::Text);
    assert!(all.contains("finding 38\n"));
}
