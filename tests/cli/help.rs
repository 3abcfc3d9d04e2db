//! `--help` and what was probably meant: examples first, exit codes last, 80 columns, and a way on from a slip.

use std::fmt::Write as _;

use crate::support::Repo;

const COMMANDS: [&str; 23] = [
    "",
    "init",
    "doctor",
    "run",
    "fix",
    "install",
    "uninstall",
    "cache",
    "cache prune",
    "env",
    "env print",
    "env check",
    "env docs",
    "env example",
    "env exec",
    "env import",
    "env scan",
    "env setup",
    "env where",
    "schema",
    "explain",
    "completions",
    "man",
];

/// The words themselves are in docs/cli.md, which a test keeps equal.
#[test]
fn every_help_begins_with_examples_and_ends_with_exit_codes() {
    let repo = Repo::new();
    for words in COMMANDS {
        let ran = repo.guard(words).arg("--help").run();
        assert_eq!((ran.code, &*ran.err), (0, ""), "{words}");
        assert!(ran.out.starts_with("Examples:\n  "), "{words}: {}", ran.out);
        let (_, exits) = ran.out.rsplit_once("\nExit codes").expect(words);
        assert!(exits.contains("\n    0  "), "{words}: {exits}");
        let lines = ran.out.lines().count();
        assert!(lines <= 60, "{words} has {lines} lines: who reads that?");
        for line in ran.out.lines() {
            assert!(line.chars().count() <= 80, "{words}: {line}");
        }
        let short = repo.guard(words).arg("-h").run();
        assert_eq!(short.out, ran.out, "{words}");
    }
}

#[test]
fn the_help_of_fix() {
    let repo = Repo::new();
    insta::assert_snapshot!(repo.guard("fix --help").run().out, @r"
    Examples:
      guard fix                      repair what is staged; where nothing is staged,
                                     what a push would send
      guard fix --plan               who would repair what; changes nothing
      guard fix --all-files          repair every tracked file
      guard fix --from origin/main   repair the files of this branch
      guard fix --only eslint        with the fix of one command
      guard fix CMD-FAILED           what mends this code

    Repair what can be repaired: what is staged, else what a push would send

    Usage: guard fix [OPTIONS] [CODES]...

    Arguments:
      [CODES]...  Only what mends these finding codes

    Options:
          --unsafe      Also fixes that may change what the files mean
          --plan        Print who would repair what, change nothing [alias:
                        --dry-run]
          --all-files   Every tracked file
          --from <A>    The files that changed since this commit
          --to <B>      Up to this commit (default: HEAD)
          --only <IDS>  Only the fixes of these, separated by commas
          --skip <IDS>  Not the fixes of these, separated by commas

    Options of every command:
      -C <DIR>               Run as if called in DIR
          --config <FILE>    Read this configuration instead of guard.yaml
          --format <FORMAT>  How the result is written [default: human] [possible
                             values: human, json, ndjson, sarif, junit, github,
                             gitlab, markdown]
          --output <FILE>    Write the result to FILE
          --color <WHEN>     When to colour [default: auto] [possible values: auto,
                             always, never]
          --no-input         Never ask anything
      -q, --quiet            Say nothing unless something is wrong
      -v, --verbose          Say more: readers, reasons, the output of what passed
      -h, --help             Print this help

    Fixes are written to the work tree and staged. Work that is not staged is
    merged; where a fix meets it, nothing is written.

    Exit codes (all of them: `guard --help`):
        0  what was to be fixed is fixed, or nothing was
        1  a fix was refused or failed, or something is left
        2  wrong usage or wrong configuration
        3  a fixer could not run
    ");
}

/// One table: what was typed, and what is offered instead.
#[test]
fn a_slip_is_put_right_everywhere() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  eslint: { run: 'true' }\n  test: { run: 'true' }\n",
    )
    .commit("configure");
    let mut table = String::new();
    for words in [
        "rnu ci",
        "pre-commit",
        "commit",
        "fxi",
        "cache prun",
        "run commit",
        "run push",
        "run pre_push",
        "run CI",
        "run ci --ony eslint",
        "fix --al-files",
        "run ci --only eslnt",
        "run ci --skip tset",
        "fix --only eslnt",
        "fix CMD-FALED",
        "explain CMD-FALED",
        "explain config on_unknow",
        "explain config commands.eslint.timout",
        "run ci --from mian",
        "--format jsn run ci",
        "--color alway run ci",
        "schema confg",
        "install --missing wran",
        "completions zhs",
        "man cahce",
        "man cache prun",
        "run banana",
    ] {
        let ran = repo.guard(words).run();
        assert_eq!((ran.code, &*ran.out), (2, ""), "{words}: {}", ran.whole());
        let offer = ran.err.lines().find(|line| {
            line.contains("did you mean") || line.contains("similar") || line.contains("help:")
        });
        let _ = writeln!(table, "{words:40}{}", offer.unwrap_or("-").trim());
    }
    insta::assert_snapshot!(table, @r"
    rnu ci                                  tip: a similar subcommand exists: 'run'
    pre-commit                              tip: a similar subcommand exists: 'run pre-commit'
    commit                                  tip: a similar subcommand exists: 'run pre-commit'
    fxi                                     tip: a similar subcommand exists: 'fix'
    cache prun                              tip: a similar subcommand exists: 'prune'
    run commit                              tip: a similar value exists: 'pre-commit'
    run push                                tip: a similar value exists: 'pre-push'
    run pre_push                            tip: a similar value exists: 'pre-push'
    run CI                                  tip: a similar value exists: 'ci'
    run ci --ony eslint                     tip: a similar argument exists: '--only'
    fix --al-files                          tip: a similar argument exists: '--all-files'
    run ci --only eslnt                     help: did you mean `eslint`?
    run ci --skip tset                      help: did you mean `test`?
    fix --only eslnt                        help: did you mean `eslint`?
    fix CMD-FALED                           help: did you mean `CMD-FAILED`?
    explain CMD-FALED                       help: did you mean `guard explain CMD-FAILED`?
    explain config on_unknow                help: did you mean `on_unknown`?
    explain config commands.eslint.timout   help: did you mean `commands.eslint.timeout`?
    run ci --from mian                      help: did you mean `main`? `git fetch` brings names that only the remote has
    --format jsn run ci                     tip: a similar value exists: 'json'
    --color alway run ci                    tip: a similar value exists: 'always'
    schema confg                            tip: a similar value exists: 'config'
    install --missing wran                  tip: a similar value exists: 'warn'
    completions zhs                         tip: a similar value exists: 'zsh'
    man cahce                               help: did you mean `guard man cache`?
    man cache prun                          help: did you mean `guard man cache prune`?
    run banana                              -
    ");
}
