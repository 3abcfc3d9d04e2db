//! `guard man [COMMAND]`: a manual page, from the same words as `--help`.

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::arguments::Cli;
use super::context::Context;
use super::near;
use crate::exit::Exit;
use crate::terminal::escape_line;

/// There is no such command.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("there is no command `guard {}`", escape_line(asked))]
#[diagnostic(help("{help}"))]
struct UnknownCommand {
    asked: String,
    help: String,
}

/// Prints the page.
pub(crate) fn run(context: &Context, path: &[String]) -> Exit {
    match page(path) {
        Ok(page) => context.say(&page),
        Err(error) => context.fail(&error, Exit::Usage),
    }
}

fn page(path: &[String]) -> Result<String, UnknownCommand> {
    // clap's own command `help` has nothing to say on a page.
    let mut all = Cli::command().disable_help_subcommand(true);
    all.build();
    let mut command = all;
    for (at, name) in path.iter().enumerate() {
        let visible = |command: &&Command| !command.is_hide_set();
        let inner: Vec<&Command> = command.get_subcommands().filter(visible).collect();
        let Some(found) = inner.iter().find(|inner| inner.get_name() == name) else {
            let names = inner.iter().map(|inner| inner.get_name());
            let help = match near::nearest(name, names) {
                Some(meant) => {
                    let before: Vec<String> =
                        path[..at].iter().map(|word| format!("{word} ")).collect();
                    format!("did you mean `guard man {}{meant}`?", before.concat())
                }
                None => "`guard --help` lists all commands".to_owned(),
            };
            return Err(UnknownCommand {
                asked: path[..=at].join(" "),
                help,
            });
        };
        command = (*found).clone();
    }
    Ok(render(&command))
}

/// The page: clap's own sections, with the examples and the exit codes as sections of theirs.
fn render(command: &Command) -> String {
    let examples = command.get_before_help().map(ToString::to_string);
    let (about_exits, exits) = exits(command);
    let name = command.get_display_name().unwrap_or(command.get_name());
    let man = Man::new(command.clone().display_name(name))
        .title(name.to_uppercase())
        .section("1")
        .source(concat!("guard ", env!("CARGO_PKG_VERSION")))
        .manual("guard");
    let mut page = Vec::new();
    let usage = command.clone().render_usage().to_string();
    let mut write = |render: &dyn Fn(&mut Vec<u8>)| render(&mut page);
    for section in [Man::render_title, Man::render_name_section] {
        write(&|page| section(&man, page).expect("memory takes everything"));
    }
    write(&|page| text(page, "SYNOPSIS", usage.trim_start_matches("Usage: ")));
    write(&|page| {
        man.render_description_section(page)
            .expect("memory takes everything");
    });
    write(&|page| text(page, "EXAMPLES", examples.as_deref().unwrap_or_default()));
    write(&|page| {
        man.render_options_section(page)
            .expect("memory takes everything");
    });
    if command.has_subcommands() {
        write(&|page| {
            man.render_subcommands_section(page)
                .expect("memory takes everything");
        });
    }
    write(&|page| text(page, "NOTES", &about_exits));
    write(&|page| text(page, "EXIT STATUS", &exits));
    if name != "guard" {
        write(&|page| text(page, "SEE ALSO", "guard(1)"));
    }
    String::from_utf8(page).expect("a page of text is text")
}

/// What `--help` says at its end: remarks, and the exit codes.
fn exits(command: &Command) -> (String, String) {
    let after = command.get_after_help().map(ToString::to_string);
    let after = after.unwrap_or_default();
    match after.split_once("Exit codes") {
        Some((before, exits)) => (before.to_owned(), exits.to_owned()),
        None => (after, String::new()),
    }
}

/// A section of lines that stay as they are; its first line says what `--help` heads it with.
fn text(page: &mut Vec<u8>, heading: &str, body: &str) {
    let lines = body.trim_end().lines();
    let is_heading = |line: &&str| line.ends_with(':') && !line.starts_with(' ');
    let lines: Vec<&str> = lines.skip_while(is_heading).collect();
    if lines.iter().all(|line| line.trim().is_empty()) {
        return;
    }
    let mut roff = Roff::new();
    roff.control("SH", [heading]).control("nf", []);
    for line in lines {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff.to_writer(page).expect("memory takes everything");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_is_not_there_is_said_with_the_nearest() {
        let wrong = page(&["rnu".to_owned()]).unwrap_err();
        assert_eq!(wrong.help, "did you mean `guard man run`?");
        let deep = page(&["cache".to_owned(), "prun".to_owned()]).unwrap_err();
        assert_eq!(deep.help, "did you mean `guard man cache prune`?");
        assert_eq!(deep.to_string(), "there is no command `guard cache prun`");
        let hidden = page(&["hook".to_owned()]).unwrap_err();
        assert_eq!(hidden.help, "`guard --help` lists all commands");
    }
}
