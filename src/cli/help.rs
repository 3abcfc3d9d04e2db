//! What `--help` says beside the flags: examples first, and the exit codes at the end.

/// Every exit code, as CONTRACT and `exit::TABLE` have them.
pub(crate) const EXITS: &str = "\
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

/// Of all of guard.
pub(crate) const GUARD: &str = "\
Examples:
  guard init                        begin: what is here, what guard makes of it
  guard install                     put the hooks in
  guard run pre-commit              judge what is staged
  guard fix                         repair what can be repaired
  guard run pre-push --plan         what would a push run, and why
  guard run ci --from origin/main   judge this branch in CI
";

pub(crate) const SECRETS: &str = "\
Examples:
  guard secrets                      all tracked files, as they are staged
  guard secrets --staged             what would be committed
  guard secrets --from origin/main   every commit since then
  guard secrets --history            every commit of every ref
  guard secrets src .env             files and folders as they are on the disk
  guard secrets --update-baseline    what is there now is known from now on
";

pub(crate) const SECRETS_EXITS: &str = "\
Exit codes (all of them: `guard --help`):
    0  none found; how many files and bytes were read is said
    1  a secret was found
    2  no such path or commit, or a rule file or baseline that cannot be read
    3  something could not be read
";

pub(crate) const INIT: &str = "\
Examples:
  guard init                     look, say what would be written, ask
  guard init --dry-run           look and say, write nothing
  guard init --yes               write without asking
  guard init --import husky      take over what husky runs
";

pub(crate) const INIT_EXITS: &str = "\
Exit codes (all of them: `guard --help`):
    0  written, or there already; what the first look finds does not count
    2  no repository here, or a guard.yaml that cannot be read
    3  a hook was put in and does not fire
    6  nothing was written: nobody to ask, the answer was no, or a file or
       hook cannot be written
";

pub(crate) const DOCTOR: &str = "\
Examples:
  guard doctor                  one line a thing, with the next command below it
  guard doctor -q               only what needs attention
  guard doctor --format json    the same for programs, in `data.lines`
";

/// Which state counts is decided here.
pub(crate) const DOCTOR_EXITS: &str = "\
Exit codes (all of them: `guard --help`):
    0  ok, warning, skipped: guard works; a warning wants attention
    1  error: guard does not work as it should: no hook, a hook that does not
       fire, a wrong guard.yaml, a tool that is missing, a token that Railway
       refuses
    2  wrong usage
    3  unknown: it counts, and could not be found out: a token that is set and
       could not be checked (no network, too slow, a limit), a git that does
       not answer
An error outweighs an unknown. Without a token Railway is not asked, and no
network is needed. Nothing is written on disk, and a token goes to Railway only.
";

pub(crate) const INSTALL: &str = "\
Examples:
  guard install                  put the hooks in, and prove that they fire
  guard install --missing warn   without guard, a hook warns instead of blocking
";

pub(crate) const UNINSTALL: &str = "\
Examples:
  guard uninstall                take the hooks out
";

/// Of install and uninstall.
pub(crate) const HOOK_EXITS: &str = "\
Exit codes (all of them: `guard --help`):
    0  done, and the hooks fire
    2  wrong usage
    3  done, but a hook does not fire; or git could not be asked
    6  refused, nothing was changed
";

pub(crate) const FIX: &str = "\
Examples:
  guard fix                      repair what is staged; where nothing is staged,
                                 what a push would send
  guard fix --plan               who would repair what; changes nothing
  guard fix --all-files          repair every tracked file
  guard fix --from origin/main   repair the files of this branch
  guard fix --only eslint        with the fix of one command
  guard fix CMD-FAILED           what mends this code
";

pub(crate) const FIX_EXITS: &str = "\
Fixes are written to the work tree and staged. Work that is not staged is
merged; where a fix meets it, nothing is written.

Exit codes (all of them: `guard --help`):
    0  what was to be fixed is fixed, or nothing was
    1  a fix was refused or failed, or something is left
    2  wrong usage or wrong configuration
    3  a fixer could not run
";

pub(crate) const CACHE: &str = "\
Examples:
  guard cache prune              remove what is of no use any more
  guard cache prune --all        forget every pass: all is run anew
";

pub(crate) const SCHEMA: &str = "\
Examples:
  guard schema config > guard.schema.json   for the editor
  guard schema env > env.schema.json        for schemas/env.yaml
  guard schema report                       for what reads `--format json`
";

pub(crate) const COMPLETIONS: &str = "\
Examples:
  bash:        eval \"$(guard completions bash)\"    in ~/.bashrc
  zsh:         eval \"$(guard completions zsh)\"     in ~/.zshrc, after compinit
  fish:        guard completions fish | source     in config.fish
  PowerShell:  guard completions powershell | Out-String | Invoke-Expression
";

pub(crate) const MAN: &str = "\
Examples:
  guard man | man -l -           read guard(1)
  guard man run > guard-run.1    the page of a command, for a package
  guard man cache prune          the page of a command's command
";

/// Of commands that read and print.
pub(crate) const PRINT_EXITS: &str = "\
Exit codes (all of them: `guard --help`):
    0  printed
    2  wrong usage or wrong configuration
    3  it could not be found out, or not be written
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::TABLE;

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
