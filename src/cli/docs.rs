//! The docs page `docs/cli.md`: every command's own `--help`, so that it cannot be out of date unnoticed.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};

use super::arguments::Cli;

const HEAD: &str = "\
# The command line

What `guard COMMAND --help` says, for every command. This page is made from the same words:
`src/cli/arguments.rs` and `src/cli/help.rs`.

Data goes to standard output, messages to standard error. With exit code 2 standard output is empty.

## Completions

The scripts ask guard at each Tab, so that they offer what there is: commands of guard.yaml for `--only`
and `--skip`, branches and tags for `--from` and `--to`, finding codes, settings. Nothing of the repository
is run for it, and nothing is said when something cannot be read.

| shell | in | line |
|---|---|---|
| bash | `~/.bashrc` | `eval \"$(guard completions bash)\"` |
| zsh | `~/.zshrc`, after `compinit` | `eval \"$(guard completions zsh)\"` |
| fish | `config.fish` | `guard completions fish \\| source` |
| PowerShell | `$PROFILE` | `guard completions powershell \\| Out-String \\| Invoke-Expression` |

A package writes them to files instead: `guard`, `_guard`, `guard.fish`.

## Manual pages

`guard man` prints guard(1), `guard man run` prints guard-run(1), `guard man cache prune` prints
guard-cache-prune(1). To read one: `guard man run | man -l -`. A package writes one file a page:

```sh
for command in '' $(guard complete -- man '' | cut -f1); do
  guard man $command > \"guard${command:+-$command}.1\"
done
```

## In CI

`guard run ci` takes its base from the service's own variables:

| service | base |
|---|---|
| GitHub Actions, pull request | the target branch, else the first parent of the merge that is checked out, else the event's base |
| GitHub Actions, merge queue | the event's base |
| GitHub Actions, push | what was there before |
| GitLab, merge request | `CI_MERGE_REQUEST_DIFF_BASE_SHA`, else the target branch |
| GitLab, push | `CI_COMMIT_BEFORE_SHA` |
| CircleCI | no variable names it: `guard run ci --from \"<< pipeline.git.base_revision >>\"` |
| anything else | the merge base with the default branch |

Where none of these is in the clone, all files are judged, and the finding `GATE-ALL-FILES` says why and
how to fetch more. An empty `--from`, or one of zeros, counts as none: a new branch has no base. `--no-verify`
leaves no trace, so `run ci` judges again what it let pass; recorded bypasses are named where the record is
at hand.

## guard

";

/// The heading of the flags that every command has.
const EVERYWHERE: &str = "Options of every command:";

fn page() -> String {
    let mut command = Cli::command().term_width(80);
    command.build();
    let mut page = HEAD.to_owned();
    block(&mut page, &help(&command));
    commands(&command, "guard", &mut page);
    page
}

fn commands(command: &Command, path: &str, page: &mut String) {
    for inner in command.get_subcommands() {
        if inner.is_hide_set() || inner.get_name() == "help" {
            continue;
        }
        let path = format!("{path} {}", inner.get_name());
        let _ = write!(page, "## {path}\n\n");
        block(page, &own(&help(inner)));
        commands(inner, &path, page);
    }
}

fn help(command: &Command) -> String {
    command.clone().term_width(80).render_help().to_string()
}

/// A help text without the flags that every command has.
fn own(help: &str) -> String {
    let Some((before, rest)) = help.split_once(EVERYWHERE) else {
        return help.to_owned();
    };
    let after = rest.split_once("\n\n").map_or("", |(_, after)| after);
    format!("{before}{after}")
}

fn block(page: &mut String, text: &str) {
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    let _ = write!(page, "```text\n{}\n```\n\n", lines.join("\n"));
}

#[test]
fn the_docs_page_is_what_the_help_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md");
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let page = page().trim_end().to_owned() + "\n";
    if committed != page {
        let fresh = tempfile::Builder::new()
            .prefix("cli-")
            .suffix(".md")
            .tempfile()
            .unwrap();
        fs::write(fresh.path(), page).unwrap();
        let (_, kept) = fresh.keep().unwrap();
        panic!(
            "docs/cli.md is out of date: `cp {} docs/cli.md`",
            kept.display()
        );
    }
}
