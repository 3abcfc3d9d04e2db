//! What GitLab reads: every kind of run.

use crate::outcome::OnUnknown;
use crate::report::samples::{self, report, report_of_plan};
use crate::report::tests::rendered;

#[test]
fn a_run_that_passes() {
    insta::assert_snapshot!(rendered("gitlab", &report(&samples::passed())), @"[]");
}

#[test]
fn a_run_that_fails() {
    insta::assert_snapshot!(rendered("gitlab", &report(&samples::findings())), @r#"
    [
      {
        "check_name": "CMD-FAILED",
        "description": "`types` failed: exit code 1 (read its output and mend the files; alone it runs with `guard run pre-push --only types`)",
        "fingerprint": "3e4eda5341c356b2",
        "location": {
          "lines": {
            "begin": 1
          },
          "path": "guard.yaml"
        },
        "severity": "critical"
      },
      {
        "check_name": "HOOK-LINE",
        "description": "line 2 of git's input is no ref update (let the hook manager pass git's lines unchanged)",
        "fingerprint": "44333ba54013a304",
        "location": {
          "lines": {
            "begin": 4,
            "end": 4
          },
          "path": "apps/api/réseau.ts"
        },
        "severity": "minor"
      }
    ]
    "#);
}

#[test]
fn a_tool_that_knows_places_and_one_that_knows_none() {
    insta::assert_snapshot!(rendered("gitlab", &report(&samples::in_files())), @r#"
    [
      {
        "check_name": "CMD-FAILED",
        "description": "'left' is never used (no-unused-vars)",
        "fingerprint": "fc86b87468778482",
        "location": {
          "lines": {
            "begin": 3,
            "end": 3
          },
          "path": "src/a b.ts"
        },
        "severity": "critical"
      },
      {
        "check_name": "CMD-FAILED",
        "description": "'left' is never used (no-unused-vars)",
        "fingerprint": "fc86b87468778482-2",
        "location": {
          "lines": {
            "begin": 9,
            "end": 9
          },
          "path": "src/a b.ts"
        },
        "severity": "critical"
      },
      {
        "check_name": "CMD-FAILED",
        "description": "'left' is never used (no-unused-vars)",
        "fingerprint": "0202f42810154638",
        "location": {
          "lines": {
            "begin": 1
          },
          "path": "src/c:d.ts"
        },
        "severity": "critical"
      },
      {
        "check_name": "failed",
        "description": "`build` failed: exit code 137",
        "fingerprint": "11eb26e09e9416a7",
        "location": {
          "lines": {
            "begin": 1
          },
          "path": "guard.yaml"
        },
        "severity": "critical"
      }
    ]
    "#);
}

#[test]
fn a_run_that_could_not_find_out() {
    insta::assert_snapshot!(rendered("gitlab", &report(&samples::unknown(OnUnknown::Block))), @r#"
    [
      {
        "check_name": "unknown",
        "description": "`types` is unknown: `tsc` was not found (`npm install`)",
        "fingerprint": "243e10751585f3cc",
        "location": {
          "lines": {
            "begin": 1
          },
          "path": "guard.yaml"
        },
        "severity": "major"
      }
    ]
    "#);
}

#[test]
fn an_unknown_that_lets_pass() {
    insta::assert_snapshot!(rendered("gitlab", &report(&samples::unknown(OnUnknown::Warn))), @r#"
    [
      {
        "check_name": "unknown",
        "description": "`types` is unknown: `tsc` was not found (`npm install`)",
        "fingerprint": "243e10751585f3cc",
        "location": {
          "lines": {
            "begin": 1
          },
          "path": "guard.yaml"
        },
        "severity": "minor"
      }
    ]
    "#);
}

#[test]
fn a_run_that_skips_everything() {
    insta::assert_snapshot!(rendered("gitlab", &report(&samples::skipped())), @"[]");
}

#[test]
fn a_run_of_nothing() {
    insta::assert_snapshot!(rendered("gitlab", &report(&samples::nothing())), @"[]");
}

#[test]
fn a_run_that_was_interrupted() {
    insta::assert_snapshot!(rendered("gitlab", &report(&samples::interrupted())), @r#"
    [
      {
        "check_name": "interrupted",
        "description": "the run was interrupted, so nothing is known of what it had not judged (run it again: `guard run pre-push`)",
        "fingerprint": "6d54bc5342f43d58",
        "location": {
          "lines": {
            "begin": 1
          },
          "path": "guard.yaml"
        },
        "severity": "major"
      }
    ]
    "#);
}

#[test]
fn a_run_whose_end_was_not_heard() {
    insta::assert_snapshot!(rendered("gitlab", &report(&samples::unheard())), @r#"
    [
      {
        "check_name": "unknown",
        "description": "`types` is unknown: its end was not heard (run it again)",
        "fingerprint": "243e10751585f3cc",
        "location": {
          "lines": {
            "begin": 1
          },
          "path": "guard.yaml"
        },
        "severity": "major"
      },
      {
        "check_name": "unknown",
        "description": "`eslint` is unknown: its end was not heard (run it again)",
        "fingerprint": "9a15741ea2387c6d",
        "location": {
          "lines": {
            "begin": 1
          },
          "path": "guard.yaml"
        },
        "severity": "major"
      },
      {
        "check_name": "unknown",
        "description": "the end of the run was not heard (run it again: `guard run pre-push`)",
        "fingerprint": "58006d1fd89dd720",
        "location": {
          "lines": {
            "begin": 1
          },
          "path": "guard.yaml"
        },
        "severity": "major"
      }
    ]
    "#);
}

#[test]
fn a_plan() {
    insta::assert_snapshot!(rendered("gitlab", &report_of_plan(&samples::plan())), @"[]");
}

#[test]
fn hostile_text() {
    insta::assert_snapshot!(rendered("gitlab", &report(&samples::hostile())), @r#"
    [
      {
        "check_name": "CMD-FAILED",
        "description": "a\\u{a}::error file=x::y]]> %0A \"q\" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \\u{202e}\\u{1b}[2J\\u{d}- (a ::error file=x::y]]> %0A \"q\" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \\u{202e}\\u{1b}[2J -)",
        "fingerprint": "964a1d93dc3e2140",
        "location": {
          "lines": {
            "begin": 1,
            "end": 3
          },
          "path": "a\n::error file=x::y]]> %0A \"q\" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \u202e\u001b[2J\r-�.ts"
        },
        "severity": "critical"
      },
      {
        "check_name": "unknown",
        "description": "`other` is unknown: a\\u{a}::error file=x::y]]> %0A \"q\" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \\u{202e}\\u{1b}[2J\\u{d}- (a ::error file=x::y]]> %0A \"q\" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \\u{202e}\\u{1b}[2J -)",
        "fingerprint": "97b443ced1141649",
        "location": {
          "lines": {
            "begin": 1
          },
          "path": "guard.yaml"
        },
        "severity": "major"
      }
    ]
    "#);
}
