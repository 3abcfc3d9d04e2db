//! What can be typed: every command and flag, with the help that people read.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::init::From;
use crate::moment::Moment;

/// Examples first: most people read no further.
const EXAMPLES: &str = "\
Examples:
  guard init                        begin: what is here, what guard makes of it
  guard install                     put the hooks in
  guard run pre-commit              judge what is staged
  guard run pre-push --plan         what would a push run, and why
  guard run ci --from origin/main   judge this branch in CI
";

/// The exit codes, as CONTRACT and `exit::TABLE` have them.
const EXITS: &str = "\
Exit codes:
    0  good
    1  findings block
    2  wrong usage or wrong configuration
    3  could not find out (never green)
    6  refused, nothing was changed
   70  a bug in guard
  130  interrupted (Ctrl-C)
  143  terminated, or the terminal closed
";

/// Judges what is committed and pushed, before it leaves this machine.
#[derive(Debug, Parser)]
#[command(
    name = "guard",
    bin_name = "guard",
    version = concat!("(railguard) ", env!("CARGO_PKG_VERSION")),
    before_help = EXAMPLES,
    after_help = EXITS,
    max_term_width = 80,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command takes.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// Run as if called in DIR
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub(crate) directory: Option<PathBuf>,
    /// Read this configuration instead of guard.yaml
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Human, global = true)]
    pub(crate) format: Format,
    /// Write the result to FILE
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) output: Option<PathBuf>,
    /// When to colour
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN", global = true)]
    pub(crate) color: When,
    /// Never ask anything
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
    /// Say nothing unless something is wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more: readers, reasons, the output of what passed
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// How the result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One report (`guard schema report`)
    Json,
    /// Events, one a line, as they happen
    Ndjson,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

/// What guard can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Begin: look at the project, write guard.yaml and schemas/env.yaml, put the hooks in
    Init(Init),
    /// Judge a change: what is staged, what is pushed, or a range of commits
    Run(Run),
    /// Put the git hooks in; a hook that is there is kept and chained
    Install(Install),
    /// Take the git hooks out and put back what was there
    Uninstall,
    /// What is remembered of earlier runs
    Cache {
        #[command(subcommand)]
        what: Cache,
    },
    /// Print a JSON Schema
    Schema {
        /// Of what
        #[arg(value_enum)]
        which: Schema,
    },
    /// What a finding code or a setting means
    Explain(Explain),
    /// What the installed hooks call
    #[command(hide = true)]
    Hook(Hook),
}

/// Arguments of `guard init`.
#[derive(Args, Debug)]
#[command(
    before_help = "\
Examples:
  guard init                     look, say what would be written, ask
  guard init --dry-run           look and say, write nothing
  guard init --yes               write without asking
  guard init --import husky      take over what husky runs
",
    after_help = "\
Exit codes:
    0  written, or there already; what the first look finds does not count
    2  no repository here, or a guard.yaml that cannot be read
    3  a hook was put in and does not fire
    6  nothing was written: nobody to ask, the answer was no, or a file or
       hook cannot be written
"
)]
pub(crate) struct Init {
    /// Write without asking
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Say what would be written, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Take over what another hook manager runs
    #[arg(long, value_enum, value_name = "MANAGER")]
    pub(crate) import: Option<From>,
    /// Leave the hooks alone
    #[arg(long)]
    pub(crate) no_install: bool,
}

/// Arguments of `guard run`.
#[derive(Args, Debug)]
#[command(before_help = "\
Examples:
  guard run pre-commit                   judge what is staged
  guard run pre-push --plan              print the plan, run nothing
  guard run ci --from origin/main        judge this branch against main
  guard run pre-commit --all-files       judge everything that is tracked
  guard run pre-commit --only eslint     one command alone
  guard run pre-commit --fix             repair what is staged, then judge it
  guard run ci --no-cache                run also what passed before
")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that people type"
)]
pub(crate) struct Run {
    /// The moment to judge for
    #[arg(value_enum)]
    pub(crate) moment: Hooked,
    /// Judge every file, not only what changed
    #[arg(long, conflicts_with_all = ["from", "to"])]
    pub(crate) all_files: bool,
    /// Judge the changes since this commit
    #[arg(long, value_name = "A")]
    pub(crate) from: Option<String>,
    /// Judge up to this commit (default: HEAD)
    #[arg(long, value_name = "B", requires = "from")]
    pub(crate) to: Option<String>,
    /// Run only these, separated by commas
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Skip these, separated by commas; the skip is recorded
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
    /// Repair what is staged first, with the `fix` of each command (pre-commit only)
    #[arg(long)]
    pub(crate) fix: bool,
    /// Run everything: neither read nor write pass records
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Print the plan with its reasons, run nothing
    #[arg(long)]
    pub(crate) plan: bool,
    /// For pre-push: the remote's name and URL, as git gives them
    #[arg(last = true, value_name = "REMOTE")]
    pub(crate) remote: Vec<String>,
}

/// The moments by the names that git gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Hooked {
    /// What is staged
    PreCommit,
    /// What is pushed: git's lines on standard input
    PrePush,
    /// A range of commits
    Ci,
}

impl Hooked {
    pub(crate) fn moment(self) -> Moment {
        match self {
            Self::PreCommit => Moment::Commit,
            Self::PrePush => Moment::Push,
            Self::Ci => Moment::Ci,
        }
    }
}

/// Arguments of `guard install`.
#[derive(Args, Debug)]
pub(crate) struct Install {
    /// What a hook does when it finds no guard
    #[arg(long, value_enum, default_value_t = Missing::Block, value_name = "WHAT")]
    pub(crate) missing: Missing,
}

/// What a hook does when it finds no guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Missing {
    /// Stop the commit or push
    Block,
    /// Say so and let it pass
    Warn,
}

/// What can be done about the pass records.
#[derive(Debug, Subcommand)]
pub(crate) enum Cache {
    /// Remove records that are damaged, or that nobody used for 30 days
    Prune {
        /// Remove every record
        #[arg(long)]
        all: bool,
    },
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Schema {
    /// guard.yaml
    Config,
    /// The report and the events
    Report,
}

/// Arguments of `guard explain`.
#[derive(Args, Debug)]
#[command(before_help = "\
Examples:
  guard explain                      every code
  guard explain CMD-FAILED           what it means and what to do
  guard explain config on_unknown    a setting's value and where it came from
")]
pub(crate) struct Explain {
    /// A finding code, or the word `config`
    #[arg(value_name = "CODE")]
    pub(crate) topic: Option<String>,
    /// After `config`: the setting, as a dotted path
    #[arg(value_name = "KEY")]
    pub(crate) key: Option<String>,
}

/// The hooks that git calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Called {
    PreCommit,
    PrePush,
}

/// Arguments of `guard hook`.
#[derive(Args, Debug)]
pub(crate) struct Hook {
    /// The hook's name
    #[arg(value_enum)]
    pub(crate) name: Called,
    /// What git gave the hook
    #[arg(last = true)]
    pub(crate) arguments: Vec<OsString>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::exit::TABLE;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_help_lists_every_exit_code() {
        let listed: Vec<String> = EXITS
            .lines()
            .skip(1)
            .map(|line| line.trim_start().to_owned())
            .collect();
        let known: Vec<String> = TABLE
            .iter()
            .map(|(exit, meaning)| format!("{}  {meaning}", exit.code()))
            .collect();
        assert_eq!(listed, known);
    }
}
