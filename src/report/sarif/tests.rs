//! What code scanning reads: every kind of run. The parts that never change stand in the first only.

use std::fmt::Write as _;

use serde_json::Value;

use crate::outcome::OnUnknown;
use crate::report::json::harmless;
use crate::report::samples::{self, report};
use crate::report::{Report, tests::rendered};

/// The parts of the log that differ from run to run, a line for each member.
fn outline(report: &Report) -> String {
    let log: Value = serde_json::from_str(&rendered("sarif", report)).unwrap();
    let run = &log["runs"][0];
    let mut outline = String::new();
    let mut list = |name: &str, members: &Value| {
        writeln!(outline, "{name}").unwrap();
        for member in members.as_array().unwrap() {
            writeln!(outline, "  {member}").unwrap();
        }
    };
    let invocation = &run["invocations"][0];
    list("results", &run["results"]);
    list("notifications", &invocation["toolExecutionNotifications"]);
    list("checks", &run["properties"]["checks"]);
    let (whole, exit) = (&invocation["executionSuccessful"], &invocation["exitCode"]);
    outline
        + &format!(
            "successful {whole}, exit {exit}, {}",
            run["properties"]["verdict"]
        )
}

#[test]
fn a_run_that_passes() {
    insta::assert_snapshot!(outline(&report(&samples::passed())), @r#"
    results
    notifications
      {"descriptor":{"id":"note"},"level":"note","message":{"text":"names are read by the walk over git's objects"}}
    checks
      {"id":"types","outcome":"passed","reason":null}
      {"id":"eslint","outcome":"passed","reason":null}
      {"id":"smoke","outcome":"skipped","reason":"branch `fix` matches none of main, release/*"}
    successful true, exit 0, "passed"
    "#);
}

#[test]
fn a_run_that_fails() {
    insta::assert_snapshot!(rendered("sarif", &report(&samples::findings())), @r#"
    {
      "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
      "runs": [
        {
          "columnKind": "unicodeCodePoints",
          "invocations": [
            {
              "executionSuccessful": true,
              "exitCode": 1,
              "toolExecutionNotifications": [
                {
                  "descriptor": {
                    "id": "note"
                  },
                  "level": "note",
                  "message": {
                    "text": "names are read by the walk over git's objects"
                  }
                }
              ]
            }
          ],
          "originalUriBaseIds": {
            "%SRCROOT%": {
              "description": {
                "text": "the root of the repository"
              }
            }
          },
          "properties": {
            "checks": [
              {
                "id": "types",
                "outcome": "failed",
                "reason": "exit code 1"
              },
              {
                "id": "eslint",
                "outcome": "skipped",
                "reason": "types failed"
              },
              {
                "id": "smoke",
                "outcome": "skipped",
                "reason": "branch `fix` matches none of main, release/*"
              }
            ],
            "command": "run",
            "moment": "push",
            "verdict": "failed"
          },
          "results": [
            {
              "level": "error",
              "message": {
                "text": "`types` failed: exit code 1\nread its output and mend the files; alone it runs with `guard run pre-push --only types`"
              },
              "partialFingerprints": {
                "guard/v1": "3e4eda5341c356b2"
              },
              "properties": {
                "check": "types"
              },
              "ruleId": "CMD-FAILED",
              "ruleIndex": 0
            },
            {
              "level": "warning",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "apps/api/r%C3%A9seau.ts",
                      "uriBaseId": "%SRCROOT%"
                    },
                    "region": {
                      "endColumn": 40,
                      "endLine": 4,
                      "startColumn": 19,
                      "startLine": 4
                    }
                  }
                }
              ],
              "message": {
                "text": "line 2 of git's input is no ref update\nlet the hook manager pass git's lines unchanged"
              },
              "partialFingerprints": {
                "guard/v1": "44333ba54013a304"
              },
              "properties": {
                "check": "lines",
                "commit": "0123456789abcdef0123456789abcdef01234567",
                "fix": "safe"
              },
              "ruleId": "HOOK-LINE",
              "ruleIndex": 1
            }
          ],
          "tool": {
            "driver": {
              "name": "guard",
              "rules": [
                {
                  "defaultConfiguration": {
                    "level": "error"
                  },
                  "fullDescription": {
                    "text": "The command said no to the committed or pushed content. Its output stands in the report."
                  },
                  "help": {
                    "markdown": "Read the command's output, mend the files, stage them and try again. `guard run pre-commit --only ID` runs that command alone.\n\nMore: `guard explain CMD-FAILED`",
                    "text": "Read the command's output, mend the files, stage them and try again. `guard run pre-commit --only ID` runs that command alone. More: guard explain CMD-FAILED"
                  },
                  "id": "CMD-FAILED",
                  "shortDescription": {
                    "text": "a command of guard.yaml failed"
                  }
                },
                {
                  "defaultConfiguration": {
                    "level": "warning"
                  },
                  "fullDescription": {
                    "text": "git writes one line a ref: local name, local object, remote name, remote object. The other lines were judged; what this one meant is not known."
                  },
                  "help": {
                    "markdown": "If a hook manager or script stands between git and guard, let it pass git's lines unchanged.\n\nMore: `guard explain HOOK-LINE`",
                    "text": "If a hook manager or script stands between git and guard, let it pass git's lines unchanged. More: guard explain HOOK-LINE"
                  },
                  "id": "HOOK-LINE",
                  "shortDescription": {
                    "text": "a line of git's pre-push input could not be read"
                  }
                }
              ],
              "semanticVersion": "0.1.0",
              "version": "0.1.0"
            }
          }
        }
      ],
      "version": "2.1.0"
    }
    "#);
}

#[test]
fn a_tool_that_knows_places_and_one_that_knows_none() {
    insta::assert_snapshot!(outline(&report(&samples::in_files())), @r#"
    results
      {"level":"error","locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/a%20b.ts","uriBaseId":"%SRCROOT%"},"region":{"endColumn":11,"endLine":3,"startColumn":7,"startLine":3}}}],"message":{"text":"'left' is never used (no-unused-vars)"},"partialFingerprints":{"guard/v1":"fc86b87468778482"},"properties":{"check":"lint"},"ruleId":"CMD-FAILED","ruleIndex":0}
      {"level":"error","locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/a%20b.ts","uriBaseId":"%SRCROOT%"},"region":{"endColumn":11,"endLine":9,"startColumn":7,"startLine":9}}}],"message":{"text":"'left' is never used (no-unused-vars)"},"partialFingerprints":{"guard/v1":"fc86b87468778482"},"properties":{"check":"lint"},"ruleId":"CMD-FAILED","ruleIndex":0}
      {"level":"error","locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/c%3Ad.ts","uriBaseId":"%SRCROOT%"}}}],"message":{"text":"'left' is never used (no-unused-vars)"},"partialFingerprints":{"guard/v1":"0202f42810154638"},"properties":{"check":"lint"},"ruleId":"CMD-FAILED","ruleIndex":0}
    notifications
      {"descriptor":{"id":"failed"},"level":"error","message":{"text":"`build` failed: exit code 137"},"properties":{"check":"build"}}
    checks
      {"id":"lint","outcome":"failed","reason":"3 errors"}
      {"id":"build","outcome":"failed","reason":"exit code 137"}
    successful true, exit 1, "failed"
    "#);
}

#[test]
fn a_run_that_could_not_find_out() {
    insta::assert_snapshot!(outline(&report(&samples::unknown(OnUnknown::Block))), @r#"
    results
    notifications
      {"descriptor":{"id":"note"},"level":"note","message":{"text":"names are read by the walk over git's objects"}}
      {"descriptor":{"id":"unknown"},"level":"error","message":{"text":"`types` is unknown: `tsc` was not found\n`npm install`"},"properties":{"check":"types"}}
    checks
      {"id":"types","outcome":"unknown","reason":"`tsc` was not found"}
      {"id":"eslint","outcome":"passed","reason":null}
      {"id":"smoke","outcome":"skipped","reason":"branch `fix` matches none of main, release/*"}
    successful false, exit 3, "unknown"
    "#);
}

#[test]
fn a_run_that_skips_everything() {
    insta::assert_snapshot!(outline(&report(&samples::skipped())), @r#"
    results
    notifications
    checks
      {"id":"types","outcome":"skipped","reason":"no matching files"}
      {"id":"eslint","outcome":"skipped","reason":"no matching files"}
    successful true, exit 0, "passed"
    "#);
}

#[test]
fn a_run_that_was_interrupted() {
    insta::assert_snapshot!(outline(&report(&samples::interrupted())), @r#"
    results
    notifications
      {"descriptor":{"id":"note"},"level":"note","message":{"text":"names are read by the walk over git's objects"}}
      {"descriptor":{"id":"interrupted"},"level":"error","message":{"text":"the run was interrupted, so nothing is known of what it had not judged\nrun it again: `guard run pre-push`"}}
    checks
      {"id":"types","outcome":"unknown","reason":"interrupted"}
      {"id":"eslint","outcome":"skipped","reason":"interrupted"}
      {"id":"smoke","outcome":"skipped","reason":"branch `fix` matches none of main, release/*"}
    successful false, exit 130, "interrupted"
    "#);
}

#[test]
fn a_run_whose_end_was_not_heard() {
    insta::assert_snapshot!(outline(&report(&samples::unheard())), @r#"
    results
    notifications
      {"descriptor":{"id":"note"},"level":"note","message":{"text":"names are read by the walk over git's objects"}}
      {"descriptor":{"id":"unknown"},"level":"error","message":{"text":"`types` is unknown: its end was not heard\nrun it again"},"properties":{"check":"types"}}
      {"descriptor":{"id":"unknown"},"level":"error","message":{"text":"`eslint` is unknown: its end was not heard\nrun it again"},"properties":{"check":"eslint"}}
      {"descriptor":{"id":"unknown"},"level":"error","message":{"text":"the end of the run was not heard\nrun it again: `guard run pre-push`"}}
    checks
      {"id":"types","outcome":"unknown","reason":"its end was not heard"}
      {"id":"eslint","outcome":"unknown","reason":"its end was not heard"}
      {"id":"smoke","outcome":"skipped","reason":"branch `fix` matches none of main, release/*"}
    successful false, exit null, "unknown"
    "#);
}

#[test]
fn hostile_text() {
    insta::assert_snapshot!(harmless(outline(&report(&samples::hostile()))), @r#"
    results
      {"level":"error","locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%0A%3A%3Aerror%20file%3Dx%3A%3Ay%5D%5D%3E%20%250A%20%22q%22%20%27r%27%20%3Cb%3E%7C%60%40team%60%20%23%23%5Bgroup%5D%20https%3A//a.test%20%21%5Bi%5D%28u%29%20%E2%80%AE%1B%5B2J%0D-%FF.ts","uriBaseId":"%SRCROOT%"},"region":{"endColumn":4,"endLine":3,"startColumn":2,"startLine":1}}}],"message":{"text":"a\\u{a}::error file=x::y\\]\\]> %0A \"q\" 'r' <b>|`@team` ##\\[group\\] https://a.test !\\[i\\](u) \\u{202e}\\u{1b}\\[2J\\u{d}-\na\n::error file=x::y\\]\\]> %0A \"q\" 'r' <b>|`@team` ##\\[group\\] https://a.test !\\[i\\](u) \\u{202e}\\u{1b}\\[2J\\u{d}-"},"partialFingerprints":{"guard/v1":"964a1d93dc3e2140"},"properties":{"check":"a\n::error file=x::y]]> %0A \"q\" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \u202e\u001b[2J\r-","commit":"a\n::error file=x::y]]> %0A \"q\" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \u202e\u001b[2J\r-"},"ruleId":"CMD-FAILED","ruleIndex":0}
    notifications
      {"descriptor":{"id":"note"},"level":"warning","message":{"text":"a\\u{a}::error file=x::y\\]\\]> %0A \"q\" 'r' <b>|`@team` ##\\[group\\] https://a.test !\\[i\\](u) \\u{202e}\\u{1b}\\[2J\\u{d}-"}}
      {"descriptor":{"id":"unknown"},"level":"error","message":{"text":"`other` is unknown: a\\u{a}::error file=x::y\\]\\]> %0A \"q\" 'r' <b>|`@team` ##\\[group\\] https://a.test !\\[i\\](u) \\u{202e}\\u{1b}\\[2J\\u{d}-\na\n::error file=x::y\\]\\]> %0A \"q\" 'r' <b>|`@team` ##\\[group\\] https://a.test !\\[i\\](u) \\u{202e}\\u{1b}\\[2J\\u{d}-"},"properties":{"check":"other"}}
    checks
      {"id":"a\n::error file=x::y]]> %0A \"q\" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \u202e\u001b[2J\r-","outcome":"failed","reason":"a\n::error file=x::y]]> %0A \"q\" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \u202e\u001b[2J\r-"}
      {"id":"other","outcome":"unknown","reason":"a\n::error file=x::y]]> %0A \"q\" 'r' <b>|`@team` ##[group] https://a.test ![i](u) \u202e\u001b[2J\r-"}
    successful false, exit 1, "failed"
    "#);
}
