//! What can be typed: every command and flag, with the help that people read.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};

use super::{env, fix, help, secrets};
use crate::init::From;
use crate::moment::Moment;
use crate::report::{self, FORMATS, Format};

/// Judges what is committed and pushed, before it leaves this machine.
#[derive(Debug, Parser)]
#[command(
    name = "guard",
    bin_name = "guard",
    version = concat!("(railguard) ", env!("CARGO_PKG_VERSION")),
    before_help = help::GUARD,
    after_help = help::EXITS,
    max_term_width = 80,
    arg_required_else_help = true,
    disable_help_flag = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command takes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Run as if called in DIR
    #[arg(short = 'C', value_name = "DIR", value_hint = ValueHint::DirPath, global = true)]
    pub(crate) directory: Option<PathBuf>,
    /// Read this configuration instead of guard.yaml
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// How the result is written [default: human]
    #[arg(long, value_parser = formats(), global = true)]
    pub(crate) format: Option<&'static dyn Format>,
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
    /// Print this help
    #[arg(short, long, action = ArgAction::HelpShort, global = true)]
    help: Option<bool>,
}

/// The formats by their names: help and completions come from the same list.
fn formats() -> impl TypedValueParser<Value = &'static dyn Format> {
    let named = |format: &dyn Format| PossibleValue::new(format.id()).help(format.about());
    PossibleValuesParser::new(FORMATS.map(named))
        .map(|id| report::format(&id).expect("every possible value is the name of a format"))
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
    /// Find secrets: in what is tracked or staged, in commits, in all of history, in files
    Secrets(secrets::Arguments),
    /// Ask about env files
    #[command(before_help = env::help::ALL, after_help = env::help::ALL_EXITS)]
    Env {
        #[command(subcommand)]
        what: env::What,
    },
    /// Repair what can be repaired: what is staged, else what a push would send
    Fix(fix::Arguments),
    /// Put the git hooks in; a hook that is there is kept and chained
    Install(Install),
    /// Take the git hooks out and put back what was there
    #[command(before_help = help::UNINSTALL, after_help = help::HOOK_EXITS)]
    Uninstall,
    /// What is remembered of earlier runs
    #[command(before_help = help::CACHE, after_help = help::PRINT_EXITS)]
    Cache {
        #[command(subcommand)]
        what: Cache,
    },
    /// Look at everything that guard stands on, and say what to do about it
    #[command(before_help = help::DOCTOR, after_help = help::DOCTOR_EXITS)]
    Doctor,
    /// Print a JSON Schema
    #[command(before_help = help::SCHEMA, after_help = help::PRINT_EXITS)]
    Schema {
        /// Of what
        #[arg(value_enum)]
        which: Schema,
    },
    /// What a finding code or a setting means
    Explain(Explain),
    /// Print a script that completes guard's commands in a shell
    #[command(before_help = help::COMPLETIONS, after_help = help::PRINT_EXITS)]
    Completions {
        /// For which shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print a manual page
    #[command(before_help = help::MAN, after_help = help::PRINT_EXITS)]
    Man {
        /// The command it is about; without one, all of guard
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
    },
    /// What the completion scripts ask
    #[command(hide = true)]
    Complete {
        /// The last word is still to be begun
        #[arg(long)]
        fresh: bool,
        /// The words behind `guard`
        #[arg(last = true)]
        words: Vec<OsString>,
    },
    /// What the installed hooks call
    #[command(hide = true)]
    Hook(Hook),
}

/// Arguments of `guard init`.
#[derive(Args, Debug)]
#[command(before_help = help::INIT, after_help = help::INIT_EXITS)]
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
#[command(after_help = help::EXITS, before_help = "\
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
#[command(before_help = help::INSTALL, after_help = help::HOOK_EXITS)]
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
    #[command(before_help = help::CACHE, after_help = help::PRINT_EXITS)]
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
    /// schemas/env.yaml
    Env,
    /// The report and the events
    Report,
}

/// The shells that guard can be completed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    Power,
}

/// Arguments of `guard explain`.
#[derive(Args, Debug)]
#[command(after_help = help::PRINT_EXITS, before_help = "\
Examples:
  guard explain                      every code
  guard explain CMD-FAILED           why, an example, and what to do
  guard explain eslint               a command of guard.yaml and its codes
  guard explain config on_unknown    a setting's value and where it came from
")]
pub(crate) struct Explain {
    /// A finding code, the id of a step or command, a topic, or the word `config`
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

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }
}
