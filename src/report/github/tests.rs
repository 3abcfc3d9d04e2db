//! What GitHub reads: every kind of run.

use crate::outcome::OnUnknown;
use crate::report::samples::{self, report, report_of_plan};
use crate::report::tests::rendered;

#[test]
fn a_run_that_passes() {
    insta::assert_snapshot!(rendered("github", &report(&samples::passed())), @"guard pre-commit: passed · 2 passed, 1 skipped · 1.4s");
}

#[test]
fn a_run_that_fails() {
    insta::assert_snapshot!(rendered("github", &report(&samples::findings())), @"
    ::error title=types%3A CMD-FAILED::`types` failed: exit code 1%0Aread its output and mend the files; alone it runs with `guard run pre-push --only types`%0A%0Asrc/a.ts:3:5 - error TS2322%0A%0A1 error
    ::warning file=apps/api/réseau.ts,line=4,endLine=4,col=19,endColumn=40,title=lines%3A HOOK-LINE::line 2 of git's input is no ref update%0Alet the hook manager pass git's lines unchanged
    guard pre-push: failed · 1 failed, 2 skipped · 1 error · 1 warning · 0.7s
    ");
}

#[test]
fn a_tool_that_knows_places_and_one_that_knows_none() {
    insta::assert_snapshot!(rendered("github", &report(&samples::in_files())), @"
    ::error file=src/a b.ts,line=3,endLine=3,col=7,endColumn=11,title=lint%3A CMD-FAILED::'left' is never used (no-unused-vars)
    ::error file=src/a b.ts,line=9,endLine=9,col=7,endColumn=11,title=lint%3A CMD-FAILED::'left' is never used (no-unused-vars)
    ::error file=src/c%3Ad.ts,title=lint%3A CMD-FAILED::'left' is never used (no-unused-vars)
    ::error title=build%3A failed::`build` failed: exit code 137%0A%0Aout of memory
    guard ci: failed · 2 failed · 3 errors · 1.0s
    ");
}

#[test]
fn a_run_that_could_not_find_out() {
    insta::assert_snapshot!(rendered("github", &report(&samples::unknown(OnUnknown::Block))), @"
    ::error title=types%3A unknown::`types` is unknown: `tsc` was not found%0A`npm install`
    guard pre-push: unknown · 1 unknown, 1 passed, 1 skipped · 80ms
    ");
}

#[test]
fn an_unknown_that_lets_pass() {
    insta::assert_snapshot!(rendered("github", &report(&samples::unknown(OnUnknown::Warn))), @"
    ::warning title=types%3A unknown::`types` is unknown: `tsc` was not found%0A`npm install`
    guard pre-push: passed · 1 unknown, 1 passed, 1 skipped · 80ms
    ");
}

#[test]
fn a_run_that_skips_everything() {
    insta::assert_snapshot!(rendered("github", &report(&samples::skipped())), @"guard pre-commit: passed · 2 skipped · 3ms");
}

#[test]
fn a_run_of_nothing() {
    insta::assert_snapshot!(rendered("github", &report(&samples::nothing())), @"guard pre-commit: passed · nothing to check · 2ms");
}

#[test]
fn a_run_that_was_interrupted() {
    insta::assert_snapshot!(rendered("github", &report(&samples::interrupted())), @"
    ::error title=guard%3A interrupted::the run was interrupted, so nothing is known of what it had not judged%0Arun it again: `guard run pre-push`
    guard pre-push: interrupted · 1 unknown, 2 skipped · 2.1s
    ");
}

#[test]
fn a_run_whose_end_was_not_heard() {
    insta::assert_snapshot!(rendered("github", &report(&samples::unheard())), @"
    ::error title=types%3A unknown::`types` is unknown: its end was not heard%0Arun it again%0A%0Aworking
    ::error title=eslint%3A unknown::`eslint` is unknown: its end was not heard%0Arun it again
    ::error title=guard%3A unknown::the end of the run was not heard%0Arun it again: `guard run pre-push`
    guard pre-push: unknown · 2 unknown, 1 skipped
    ");
}

#[test]
fn a_plan() {
    insta::assert_snapshot!(rendered("github", &report_of_plan(&samples::plan())), @"
    ::notice title=plan of guard pre-push::types would run: 3 matching files under apps/web, of which 2 are new and 1 is renamed%0Aeslint would run: 2 matching files%0Aformat would be reused: an earlier pass of the same content%0Asmoke would be skipped: branch `fix` matches none of main, release/*
    plan of guard pre-push
    ");
}

#[test]
fn hostile_text() {
    insta::assert_snapshot!(rendered("github", &report(&samples::hostile())), @r#"
    ::error file=a\u{a}%3A%3Aerror file=x%3A%3Ay]]> %250A "q" 'r' <b>|`@team` ##[group] https%3A//a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-�.ts,line=1,endLine=3,title=a\u{a}%3A%3Aerror file=x%3A%3Ay]]> %250A "q" 'r' <b>|`@team` ##[group] https%3A//a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-%3A CMD-FAILED::a\u{a}::error file=x::y]]> %250A "q" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-%0Aa%0A::error file=x::y]]> %250A "q" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-
    ::error title=other%3A unknown::`other` is unknown: a\u{a}::error file=x::y]]> %250A "q" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-%0Aa%0A::error file=x::y]]> %250A "q" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-
    guard ci: failed · 1 failed, 1 unknown · 1 error · 0ms
    "#);
}
