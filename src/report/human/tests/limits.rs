//! What must hold whatever is said: no forged line, 80 columns, one screen, words before colours.

use super::{both, told};
use crate::event::{EventKind, Will};
use crate::finding::Severity;
use crate::moment::Moment;
use crate::outcome::{OnUnknown, Outcome, Verdict};
use crate::report::human::{Human, Options, Shown, render};
use crate::report::samples::{self, Run};
use crate::report::{Report, Verbosity};
use crate::terminal::{Looks, Size, Style, Terminal, text};

#[test]
fn nothing_passes_for_guards_own_line() {
    let hostile = "\x1b[2J\x1b[1;1H\u{2713} guard pre-push: 3 checks\u{202e}";
    let mut run = Run::at(Moment::Push, OnUnknown::Block);
    let id = "x\n\u{2713} forged";
    let mut finding = samples::failed(id);
    finding.message = format!("first\n{hostile}");
    finding.help = format!("first\n{hostile}");
    run.plan(id, &[], Will::Run, hostile)
        .note(Severity::Warning, hostile)
        .start(id)
        .print(
            id,
            &format!("{hostile}\n\u{2713} forged\rover\u{2713}\r\n{hostile}"),
        )
        .find(finding.in_file(format!("a\n{hostile}").as_str().into()))
        .end(id, Outcome::failed(hostile), 1)
        .plan("y", &[], Will::Run, "")
        .end("y", Outcome::unknown(hostile, hostile), 1)
        .done(Verdict::Failed, 1, 0);
    for verbosity in [Verbosity::Normal, Verbosity::Verbose] {
        let (err, out) = told(&run, verbosity, Shown::Text);
        for text in [&err, &out] {
            assert_eq!(crate::terminal::escape(text), text.as_str());
        }
        for line in err.lines().chain(out.lines()) {
            let forged = line.starts_with('\u{2713}') || line.starts_with("guard");
            assert!(!forged, "{line}");
        }
    }
    let mut plan = Report::of_plan();
    run.tell(&mut plan);
    let table = render(&plan, Style::PLAIN, Verbosity::Normal);
    assert_eq!(crate::terminal::escape(&table), table);
}

/// A run that passes with something to say, and one that fails, in this style.
fn styled(style: Style) -> String {
    let looks = Looks {
        out: style,
        err: style,
        live: false,
    };
    let mut warned = Run::at(Moment::Commit, OnUnknown::Block);
    warned
        .note(
            Severity::Warning,
            "the record of passes is read-only: nothing is reused",
        )
        .plan("lines", &[], Will::Run, "")
        .start("lines")
        .find(samples::placed())
        .end("lines", Outcome::Passed, 5)
        .done(Verdict::Passed, 0, 1);
    let mut failed = samples::findings();
    failed
        .events
        .retain(|event| !matches!(event.kind, EventKind::Found(_)));
    let mut said = String::new();
    for run in [warned, failed, samples::unknown(OnUnknown::Warn)] {
        let (terminal, memory) = Terminal::in_memory(looks, Size::USUAL);
        let mut human = Human::new(terminal, Options::default());
        let mut report = Report::new();
        run.tell(&mut human);
        run.tell(&mut report);
        said.push_str(&memory.err());
        said.push_str(&render(&report, style, Verbosity::Normal));
        said.push('\n');
    }
    said
}

#[test]
fn colours_only_repeat_what_words_say() {
    let colour = Style {
        colour: true,
        ..Style::PLAIN
    };
    let coloured = styled(colour);
    let visible = coloured.replace('\x1b', "^");
    insta::assert_snapshot!(visible, @"
    ^[33mwarning:^[0m the record of passes is read-only: nothing is reused
    ^[33mwarning[HOOK-LINE]:^[0m line 2 of git's input is no ref update
      at apps/api/réseau.ts:4:19 in commit 0123456789
      help: let the hook manager pass git's lines unchanged

    ^[2m·^[0m why it matters: `guard explain HOOK-LINE`
    ^[32m✓^[0m guard pre-commit · 1 check, 1 file · 1 warning · 0ms

    ^[31m✗^[0m types failed: exit code 1 · 0.7s
      src/a.ts:3:5 - error TS2322

      1 error

    ^[31mfailed[types]:^[0m exit code 1

    ^[31m✗^[0m guard pre-push: 1 of 2 failed, 1 not started · 0.7s

    ^[33m!^[0m types unknown (`tsc` was not found), let pass by `on_unknown: warn`; see `-v`
    ^[32m✓^[0m guard pre-push · 1 check, 2 files · 1 unknown · 80ms
    ");
    let without: Vec<String> = coloured
        .lines()
        .map(|line| crate::terminal::tool_line(line, false))
        .collect();
    assert_eq!(
        without.join("\n"),
        styled(Style::PLAIN).trim_end_matches('\n').to_owned() + "\n"
    );
}

#[test]
fn where_only_ascii_is_read_only_ascii_is_written() {
    let ascii = Style {
        unicode: false,
        ..Style::PLAIN
    };
    let said = styled(ascii).replace("réseau", "");
    assert!(said.is_ascii(), "{said}");
    insta::assert_snapshot!(said, @"
    warning: the record of passes is read-only: nothing is reused
    warning[HOOK-LINE]: line 2 of git's input is no ref update
      at apps/api/.ts:4:19 in commit 0123456789
      help: let the hook manager pass git's lines unchanged

    - why it matters: `guard explain HOOK-LINE`
    ok guard pre-commit - 1 check, 1 file - 1 warning - 0ms

    x types failed: exit code 1 - 0.7s
      src/a.ts:3:5 - error TS2322

      1 error

    failed[types]: exit code 1

    x guard pre-push: 1 of 2 failed, 1 not started - 0.7s

    ! types unknown (`tsc` was not found), let pass by `on_unknown: warn`; see `-v`
    ok guard pre-push - 1 check, 2 files - 1 unknown - 80ms
    ");
}

#[test]
fn one_long_finding_still_fits_a_screen() {
    let mut run = Run::at(Moment::Ci, OnUnknown::Block);
    let mut finding = samples::failed("unit");
    finding.message = "word ".repeat(10_000);
    finding.help = "line\n".repeat(10_000);
    run.find(finding).done(Verdict::Failed, 1, 1);
    let (_, out) = told(&run, Verbosity::Normal, Shown::Text);
    assert!(out.lines().count() <= 24, "{}", out.lines().count());
}

#[test]
fn lines_of_guard_fit_80_columns() {
    for run in [
        samples::passed(),
        samples::findings(),
        samples::unknown(OnUnknown::Block),
        samples::unknown(OnUnknown::Warn),
        samples::skipped(),
        samples::nothing(),
        samples::interrupted(),
        samples::plan(),
    ] {
        for verbosity in [Verbosity::Normal, Verbosity::Verbose] {
            for line in both(&run, verbosity).lines() {
                assert!(text::width(line) <= 80, "{line}");
            }
        }
    }
}

#[test]
fn a_long_reason_for_nothing_is_clipped() {
    let mut run = Run::at(Moment::Commit, OnUnknown::Block);
    for number in 0..9 {
        let id = format!("step{number}");
        let reason = format!("branch `fix` matches none of release/{number}");
        run.plan(&id, &[], Will::Skip, &reason)
            .end(&id, Outcome::skipped(reason), 0);
    }
    run.done(Verdict::Passed, 0, 0);
    let (_, out) = told(&run, Verbosity::Normal, Shown::Text);
    insta::assert_snapshot!(out, @"✓ guard pre-commit · nothing to check (branch `fix` matches none of r...) · 0ms");
    assert!(out.lines().all(|line| text::width(line) <= 80));
}
