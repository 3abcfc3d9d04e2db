//! What people paste: every kind of run.

use crate::outcome::OnUnknown;
use crate::report::samples::{self, report, report_of_plan};
use crate::report::tests::rendered;

#[test]
fn a_run_that_passes() {
    insta::assert_snapshot!(rendered("markdown", &report(&samples::passed())), @"
    ### ✓ guard pre-commit: passed · 2 passed, 1 skipped · 1.4s

    judged: 5 staged files

    | step | outcome | time | why |
    |---|---|---|---|
    | `types` | ✓ passed | 1.4s |  |
    | `eslint` | ✓ passed | 80ms |  |
    | `smoke` | · skipped |  | branch `fix` matches none of main, `release/*` |
    ");
}

#[test]
fn a_run_that_fails() {
    insta::assert_snapshot!(rendered("markdown", &report(&samples::findings())), @"
    ### ✗ guard pre-push: failed · 1 failed, 2 skipped · 1 error · 1 warning · 0.7s

    judged: 2 commits of main `->` origin/main

    | step | outcome | time | why |
    |---|---|---|---|
    | `types` | ✗ failed | 0.7s | exit code 1 |
    | `eslint` | · skipped |  | types failed |
    | `smoke` | · skipped |  | branch `fix` matches none of main, `release/*` |

    #### Errors

    - `CMD-FAILED`: `types` failed: exit code 1
      <br>help: read its output and mend the files; alone it runs with `guard run pre-push --only types`

    #### Warnings

    - `HOOK-LINE` at `apps/api/réseau.ts:4:19` in commit `0123456789`: line 2 of git's input is no ref update
      <br>help: let the hook manager pass git's lines unchanged

    <details><summary>output of <code>types</code></summary>

    ```text
    src/a.ts:3:5 - error TS2322

    1 error
    ```

    </details>
    ");
}

#[test]
fn a_tool_that_knows_places_and_one_that_knows_none() {
    insta::assert_snapshot!(rendered("markdown", &report(&samples::in_files())), @"
    ### ✗ guard ci: failed · 2 failed · 3 errors · 1.0s

    judged: 5 staged files

    | step | outcome | time | why |
    |---|---|---|---|
    | `lint` | ✗ failed | 0.9s | 3 errors |
    | `build` | ✗ failed | 1.0s | exit code 137 |

    #### Errors

    - `CMD-FAILED` at `src/a b.ts:3:7`: 'left' is never used (no-unused-vars)
    - `CMD-FAILED` at `src/a b.ts:9:7`: 'left' is never used (no-unused-vars)
    - `CMD-FAILED` at `src/c:d.ts`: 'left' is never used (no-unused-vars)
    - `failed`: `build` failed: exit code 137

    <details><summary>output of <code>build</code></summary>

    ```text
    out of memory
    ```

    </details>
    ");
}

#[test]
fn a_run_that_could_not_find_out() {
    insta::assert_snapshot!(rendered("markdown", &report(&samples::unknown(OnUnknown::Block))), @"
    ### ! guard pre-push: unknown · 1 unknown, 1 passed, 1 skipped · 80ms

    judged: 2 commits of main `->` origin/main

    | step | outcome | time | why |
    |---|---|---|---|
    | `types` | ! unknown | 30ms | `tsc` was not found |
    | `eslint` | ✓ passed | 50ms |  |
    | `smoke` | · skipped |  | branch `fix` matches none of main, `release/*` |

    #### Could not find out

    - `unknown`: `types` is unknown: `tsc` was not found
      <br>help: `npm install`
    ");
}

#[test]
fn an_unknown_that_lets_pass() {
    insta::assert_snapshot!(rendered("markdown", &report(&samples::unknown(OnUnknown::Warn))), @"
    ### ✓ guard pre-push: passed · 1 unknown, 1 passed, 1 skipped · 80ms

    judged: 2 commits of main `->` origin/main

    | step | outcome | time | why |
    |---|---|---|---|
    | `types` | ! unknown | 30ms | `tsc` was not found |
    | `eslint` | ✓ passed | 50ms |  |
    | `smoke` | · skipped |  | branch `fix` matches none of main, `release/*` |

    #### Warnings

    - `unknown`: `types` is unknown: `tsc` was not found
      <br>help: `npm install`
    ");
}

#[test]
fn a_run_that_skips_everything() {
    insta::assert_snapshot!(rendered("markdown", &report(&samples::skipped())), @"
    ### ✓ guard pre-commit: passed · 2 skipped · 3ms

    judged: 5 staged files

    | step | outcome | time | why |
    |---|---|---|---|
    | `types` | · skipped |  | no matching files |
    | `eslint` | · skipped |  | no matching files |
    ");
}

#[test]
fn a_run_of_nothing() {
    insta::assert_snapshot!(rendered("markdown", &report(&samples::nothing())), @"
    ### ✓ guard pre-commit: passed · nothing to check · 2ms

    judged: 5 staged files
    ");
}

#[test]
fn a_run_that_was_interrupted() {
    insta::assert_snapshot!(rendered("markdown", &report(&samples::interrupted())), @"
    ### ✗ guard pre-push: interrupted · 1 unknown, 2 skipped · 2.1s

    judged: 2 commits of main `->` origin/main

    | step | outcome | time | why |
    |---|---|---|---|
    | `types` | ! unknown | 2.1s | interrupted |
    | `eslint` | · skipped |  | interrupted |
    | `smoke` | · skipped |  | branch `fix` matches none of main, `release/*` |

    #### Could not find out

    - `interrupted`: the run was interrupted, so nothing is known of what it had not judged
      <br>help: run it again: `guard run pre-push`

    <details><summary>output of <code>types</code></summary>

    ```text
    working
    ```

    </details>
    ");
}

#[test]
fn a_run_whose_end_was_not_heard() {
    insta::assert_snapshot!(rendered("markdown", &report(&samples::unheard())), @"
    ### ! guard pre-push: unknown · 2 unknown, 1 skipped

    judged: 2 commits of main `->` origin/main

    | step | outcome | time | why |
    |---|---|---|---|
    | `types` | ! unknown | 0ms | its end was not heard |
    | `eslint` | ! unknown | 0ms | its end was not heard |
    | `smoke` | · skipped |  | branch `fix` matches none of main, `release/*` |

    #### Could not find out

    - `unknown`: `types` is unknown: its end was not heard
      <br>help: run it again
    - `unknown`: `eslint` is unknown: its end was not heard
      <br>help: run it again
    - `unknown`: the end of the run was not heard
      <br>help: run it again: `guard run pre-push`

    <details><summary>output of <code>types</code></summary>

    ```text
    working
    ```

    </details>
    ");
}

#[test]
fn a_plan() {
    insta::assert_snapshot!(rendered("markdown", &report_of_plan(&samples::plan())), @"
    ### · plan of guard pre-push

    judged: 2 commits of main `->` origin/main

    | step | will | needs | why |
    |---|---|---|---|
    | `types` | run |  | 3 matching files under apps/web, of which 2 are new and 1 is renamed |
    | `eslint` | run | `types`, `format` | 2 matching files |
    | `format` | reuse |  | an earlier pass of the same content |
    | `smoke` | skip |  | branch `fix` matches none of main, `release/*` |
    ");
}

#[test]
fn hostile_text() {
    insta::assert_snapshot!(rendered("markdown", &report(&samples::hostile())), @r#"
    ### ✗ guard ci: failed · 1 failed, 1 unknown · 1 error · 0ms

    judged: 5 staged files

    | step | outcome | time | why |
    |---|---|---|---|
    | <code>a&#92;u&#123;a&#125;&#58;&#58;error file&#61;x&#58;&#58;y&#93;&#93;&#62; &#37;0A &#34;q&#34; &#39;r&#39; &#60;b&#62;&#124;&#96;&#64;team&#96; &#35;&#35;&#91;group&#93; https&#58;&#47;&#47;a&#46;test &#33;&#91;i&#93;&#40;u&#41; &#92;u&#123;202e&#125;&#92;u&#123;1b&#125;&#91;2J&#92;u&#123;d&#125;&#45;</code> | ✗ failed | 5ms | a `::error` `file=x::y]]>` %0A "q" 'r' <code>&#60;b&#62;&#124;</code>`@team` `##[group]` `https://a.test` `![i](u)` `\u{202e}\u{1b}[2J` - |
    | `other` | ! unknown | 5ms | a `::error` `file=x::y]]>` %0A "q" 'r' <code>&#60;b&#62;&#124;</code>`@team` `##[group]` `https://a.test` `![i](u)` `\u{202e}\u{1b}[2J` - |

    #### Errors

    - `CMD-FAILED` at <code>a&#92;u&#123;a&#125;&#58;&#58;error file&#61;x&#58;&#58;y&#93;&#93;&#62; &#37;0A &#34;q&#34; &#39;r&#39; &#60;b&#62;&#124;&#96;&#64;team&#96; &#35;&#35;&#91;group&#93; https&#58;&#47;&#47;a&#46;test &#33;&#91;i&#93;&#40;u&#41; &#92;u&#123;202e&#125;&#92;u&#123;1b&#125;&#91;2J&#92;u&#123;d&#125;&#45;�&#46;ts&#58;1&#58;2</code> in commit <code>a&#92;u&#123;a&#125;&#58;&#58;error </code>: a `::error` `file=x::y]]>` %0A "q" 'r' <code>&#60;b&#62;&#124;</code>`@team` `##[group]` `https://a.test` `![i](u)` `\u{202e}\u{1b}[2J` -
      <br>help: a `::error` `file=x::y]]>` %0A "q" 'r' <code>&#60;b&#62;&#124;</code>`@team` `##[group]` `https://a.test` `![i](u)` `\u{202e}\u{1b}[2J` -

    #### Could not find out

    - `unknown`: `other` is unknown: a `::error` `file=x::y]]>` %0A "q" 'r' <code>&#60;b&#62;&#124;</code>`@team` `##[group]` `https://a.test` `![i](u)` `\u{202e}\u{1b}[2J` -
      <br>help: a `::error` `file=x::y]]>` %0A "q" 'r' <code>&#60;b&#62;&#124;</code>`@team` `##[group]` `https://a.test` `![i](u)` `\u{202e}\u{1b}[2J` -

    #### Notes

    - warning: a `::error` `file=x::y]]>` %0A "q" 'r' <code>&#60;b&#62;&#124;</code>`@team` `##[group]` `https://a.test` `![i](u)` `\u{202e}\u{1b}[2J` -

    <details><summary>output of <code>a&#92;u&#123;a&#125;&#58;&#58;error file&#61;x&#58;&#58;y&#93;&#93;&#62; &#37;0A &#34;q&#34; &#39;r&#39; &#60;b&#62;&#124;&#96;&#64;team&#96; &#35;&#35;&#91;group&#93; https&#58;&#47;&#47;a&#46;test &#33;&#91;i&#93;&#40;u&#41; &#92;u&#123;202e&#125;&#92;u&#123;1b&#125;&#91;2J&#92;u&#123;d&#125;&#45;</code></summary>

    ```text
    a
    -
    ```

    </details>
    "#);
}
