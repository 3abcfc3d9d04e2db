//! `guard completions SHELL`: the script that a shell loads. It asks `guard complete` at each Tab.

use super::arguments::Shell;
use super::context::Context;
use crate::exit::Exit;

/// Prints the script.
pub(crate) fn run(context: &Context, shell: Shell) -> Exit {
    context.say(match shell {
        Shell::Bash => include_str!("completions/guard.bash"),
        Shell::Zsh => include_str!("completions/guard.zsh"),
        Shell::Fish => include_str!("completions/guard.fish"),
        Shell::Power => include_str!("completions/guard.ps1"),
    })
}
