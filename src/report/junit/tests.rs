//! What the test reports of CI services read: every kind of run.

use crate::outcome::OnUnknown;
use crate::report::samples::{self, report, report_of_plan};
use crate::report::tests::rendered;

#[test]
fn a_run_that_passes() {
    insta::assert_snapshot!(rendered("junit", &report(&samples::passed())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="guard" tests="3" failures="0" errors="0" time="1.480">
      <testsuite name="guard pre-commit" tests="3" failures="0" errors="0" skipped="1" time="1.480">
        <testcase classname="guard.pre-commit" name="types" time="1.400">
          <system-out>checked 3 files
    </system-out>
        </testcase>
        <testcase classname="guard.pre-commit" name="eslint" time="0.080"/>
        <testcase classname="guard.pre-commit" name="smoke" time="0.000">
          <skipped message="branch `fix` matches none of main, release/*"/>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn a_run_that_fails() {
    insta::assert_snapshot!(rendered("junit", &report(&samples::findings())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="guard" tests="4" failures="1" errors="0" time="0.700">
      <testsuite name="guard pre-push" tests="4" failures="1" errors="0" skipped="2" time="0.700">
        <testcase classname="guard.pre-push" name="types" time="0.700">
          <failure type="CMD-FAILED" message="exit code 1">error[CMD-FAILED]: `types` failed: exit code 1
      help: read its output and mend the files; alone it runs with `guard run pre-push --only types`
    </failure>
          <system-out>src/a.ts:3:5 - error TS2322

    1 error
    </system-out>
        </testcase>
        <testcase classname="guard.pre-push" name="eslint" time="0.000">
          <skipped message="types failed"/>
        </testcase>
        <testcase classname="guard.pre-push" name="smoke" time="0.000">
          <skipped message="branch `fix` matches none of main, release/*"/>
        </testcase>
        <testcase classname="guard.pre-push" name="lines" time="0.000">
          <system-out>apps/api/réseau.ts:4:19: warning[HOOK-LINE]: line 2 of git's input is no ref update
      help: let the hook manager pass git's lines unchanged
    </system-out>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn a_tool_that_knows_places_and_one_that_knows_none() {
    insta::assert_snapshot!(rendered("junit", &report(&samples::in_files())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="guard" tests="2" failures="2" errors="0" time="1.000">
      <testsuite name="guard ci" tests="2" failures="2" errors="0" skipped="0" time="1.000">
        <testcase classname="guard.ci" name="lint" time="0.900">
          <failure type="CMD-FAILED" message="3 errors">src/a b.ts:3:7: error[CMD-FAILED]: 'left' is never used (no-unused-vars)
    src/a b.ts:9:7: error[CMD-FAILED]: 'left' is never used (no-unused-vars)
    src/c:d.ts: error[CMD-FAILED]: 'left' is never used (no-unused-vars)
    </failure>
        </testcase>
        <testcase classname="guard.ci" name="build" time="1.000">
          <failure type="failed" message="exit code 137"/>
          <system-out>out of memory
    </system-out>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn a_run_that_could_not_find_out() {
    insta::assert_snapshot!(rendered("junit", &report(&samples::unknown(OnUnknown::Block))), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="guard" tests="3" failures="0" errors="1" time="0.080">
      <testsuite name="guard pre-push" tests="3" failures="0" errors="1" skipped="1" time="0.080">
        <testcase classname="guard.pre-push" name="types" time="0.030">
          <error type="unknown" message="`tsc` was not found">`npm install`</error>
        </testcase>
        <testcase classname="guard.pre-push" name="eslint" time="0.050"/>
        <testcase classname="guard.pre-push" name="smoke" time="0.000">
          <skipped message="branch `fix` matches none of main, release/*"/>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn an_unknown_that_lets_pass() {
    insta::assert_snapshot!(rendered("junit", &report(&samples::unknown(OnUnknown::Warn))), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="guard" tests="3" failures="0" errors="1" time="0.080">
      <testsuite name="guard pre-push" tests="3" failures="0" errors="1" skipped="1" time="0.080">
        <testcase classname="guard.pre-push" name="types" time="0.030">
          <error type="unknown" message="`tsc` was not found">`npm install`</error>
        </testcase>
        <testcase classname="guard.pre-push" name="eslint" time="0.050"/>
        <testcase classname="guard.pre-push" name="smoke" time="0.000">
          <skipped message="branch `fix` matches none of main, release/*"/>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn a_run_that_skips_everything() {
    insta::assert_snapshot!(rendered("junit", &report(&samples::skipped())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="guard" tests="2" failures="0" errors="0" time="0.003">
      <testsuite name="guard pre-commit" tests="2" failures="0" errors="0" skipped="2" time="0.003">
        <testcase classname="guard.pre-commit" name="types" time="0.000">
          <skipped message="no matching files"/>
        </testcase>
        <testcase classname="guard.pre-commit" name="eslint" time="0.000">
          <skipped message="no matching files"/>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn a_run_of_nothing() {
    insta::assert_snapshot!(rendered("junit", &report(&samples::nothing())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="guard" tests="0" failures="0" errors="0" time="0.002">
      <testsuite name="guard pre-commit" tests="0" failures="0" errors="0" skipped="0" time="0.002">
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn a_run_that_was_interrupted() {
    insta::assert_snapshot!(rendered("junit", &report(&samples::interrupted())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="guard" tests="4" failures="0" errors="2" time="2.100">
      <testsuite name="guard pre-push" tests="4" failures="0" errors="2" skipped="2" time="2.100">
        <testcase classname="guard.pre-push" name="types" time="2.100">
          <error type="unknown" message="interrupted">run it again</error>
          <system-out>working
    </system-out>
        </testcase>
        <testcase classname="guard.pre-push" name="eslint" time="0.000">
          <skipped message="interrupted"/>
        </testcase>
        <testcase classname="guard.pre-push" name="smoke" time="0.000">
          <skipped message="branch `fix` matches none of main, release/*"/>
        </testcase>
        <testcase classname="guard.pre-push" name="guard" time="0.000">
          <error type="interrupted" message="the run was interrupted, so nothing is known of what it had not judged">run it again: `guard run pre-push`</error>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn a_run_whose_end_was_not_heard() {
    insta::assert_snapshot!(rendered("junit", &report(&samples::unheard())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="guard" tests="4" failures="0" errors="3" time="0.000">
      <testsuite name="guard pre-push" tests="4" failures="0" errors="3" skipped="1" time="0.000">
        <testcase classname="guard.pre-push" name="types" time="0.000">
          <error type="unknown" message="its end was not heard">run it again</error>
          <system-out>working
    </system-out>
        </testcase>
        <testcase classname="guard.pre-push" name="eslint" time="0.000">
          <error type="unknown" message="its end was not heard">run it again</error>
        </testcase>
        <testcase classname="guard.pre-push" name="smoke" time="0.000">
          <skipped message="branch `fix` matches none of main, release/*"/>
        </testcase>
        <testcase classname="guard.pre-push" name="guard" time="0.000">
          <error type="unknown" message="the end of the run was not heard">run it again: `guard run pre-push`</error>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn a_plan() {
    insta::assert_snapshot!(rendered("junit", &report_of_plan(&samples::plan())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="guard" tests="4" failures="0" errors="0" time="0.000">
      <testsuite name="guard pre-push" tests="4" failures="0" errors="0" skipped="4" time="0.000">
        <testcase classname="guard.pre-push" name="types" time="0.000">
          <skipped type="plan" message="would run: 3 matching files under apps/web, of which 2 are new and 1 is renamed"/>
        </testcase>
        <testcase classname="guard.pre-push" name="eslint" time="0.000">
          <skipped type="plan" message="would run: 2 matching files"/>
        </testcase>
        <testcase classname="guard.pre-push" name="format" time="0.000">
          <skipped type="plan" message="would be reused: an earlier pass of the same content"/>
        </testcase>
        <testcase classname="guard.pre-push" name="smoke" time="0.000">
          <skipped type="plan" message="would be skipped: branch `fix` matches none of main, release/*"/>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn hostile_text() {
    insta::assert_snapshot!(rendered("junit", &report(&samples::hostile())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="guard" tests="2" failures="1" errors="1" time="0.000">
      <testsuite name="guard ci" tests="2" failures="1" errors="1" skipped="0" time="0.000">
        <testcase classname="guard.ci" name="a\u{a}::error file=x::y]]&gt; %0A &quot;q&quot; 'r' &lt;b&gt;|`@team` ##[group] https://a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-" time="0.005">
          <failure type="CMD-FAILED" message="a\u{a}::error file=x::y]]&gt; %0A &quot;q&quot; 'r' &lt;b&gt;|`@team` ##[group] https://a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-">a\u{a}::error file=x::y]]&gt; %0A &quot;q&quot; 'r' &lt;b&gt;|`@team` ##[group] https://a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-�.ts:1:2: error[CMD-FAILED]: a\u{a}::error file=x::y]]&gt; %0A &quot;q&quot; 'r' &lt;b&gt;|`@team` ##[group] https://a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-
      help: a
    ::error file=x::y]]&gt; %0A &quot;q&quot; 'r' &lt;b&gt;|`@team` ##[group] https://a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-
    </failure>
          <system-out>a
    -
    </system-out>
        </testcase>
        <testcase classname="guard.ci" name="other" time="0.005">
          <error type="unknown" message="a\u{a}::error file=x::y]]&gt; %0A &quot;q&quot; 'r' &lt;b&gt;|`@team` ##[group] https://a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-">a
    ::error file=x::y]]&gt; %0A &quot;q&quot; 'r' &lt;b&gt;|`@team` ##[group] https://a.test ![i](u) \u{202e}\u{1b}[2J\u{d}-</error>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn what_xml_cannot_hold_becomes_visible() {
    assert_eq!(
        super::xml("a\u{fffe}\u{ffff}<\">&\u{fffd}"),
        "a\\u{fffe}\\u{ffff}&lt;&quot;&gt;&amp;\u{fffd}"
    );
}
