//! The questions: one a variable, asked again with the reason until the answer is a good one.

use crate::cli::context::Context;
use crate::config::names;
use crate::env::{Origin, Setup, Wanted};
use crate::exit::Exit;
use crate::path::RepoPath;
use crate::process::signal::{self, Cancel};
use crate::schema::Variable;
use crate::terminal::{Answer, Echo, escape_line, text};

/// Somebody who is asked, or nobody.
pub(super) struct Asked<'a> {
    pub(super) context: &'a Context,
    /// Whether nobody is asked: defaults are taken, the rest is left out.
    pub(super) is_quiet: bool,
}

impl Asked<'_> {
    /// Finds a value for everything that is missing.
    pub(super) fn all(&self, setup: &mut Setup<'_>, file: &RepoPath) -> Result<(), Exit> {
        let cancel = Cancel::new();
        // Without it Ctrl-C ends guard as it ends any program, and a terminal might stay silent.
        let watch = if self.is_quiet {
            None
        } else {
            let watch = signal::watch(&cancel).map_err(|error| self.no_terminal(&error))?;
            Some(watch)
        };
        let mut is_first = true;
        loop {
            let wanted = setup.wanted();
            if wanted.is_empty() {
                break;
            }
            for wanted in wanted {
                let variable = &wanted.variable;
                if setup.make(variable, &mut |bytes| getrandom::fill(bytes).is_ok()) {
                    continue;
                }
                if self.is_quiet {
                    take_default(setup, &wanted);
                    continue;
                }
                if std::mem::take(&mut is_first) {
                    self.greet(file);
                }
                self.one(setup, &wanted, &cancel)?;
            }
        }
        drop(watch);
        Ok(())
    }

    fn greet(&self, file: &RepoPath) {
        let text = format!(
            "Values for {}; secrets are not shown. Ctrl-C leaves everything as it was.\n",
            escape_line(&file.to_text())
        );
        self.context.terminal.err(&text);
    }

    /// Asks for one variable, until there is an answer.
    fn one(&self, setup: &mut Setup<'_>, wanted: &Wanted, cancel: &Cancel) -> Result<(), Exit> {
        let terminal = &self.context.terminal;
        let variable = &wanted.variable;
        let echo = if variable.is_secret() {
            Echo::Hidden
        } else {
            Echo::Shown
        };
        terminal.err(&self.about(variable));
        loop {
            let question = question(wanted);
            let mut answer = self.line(&question, echo, cancel)?;
            // A key is pasted with all its lines: they are one answer.
            while is_open(&answer) {
                let more = self.line("", echo, cancel)?;
                answer.push('\n');
                answer.push_str(&more);
            }
            let typed = answer.trim();
            let (value, origin) = match (typed, &wanted.default) {
                ("", Some(default)) => (default.as_str(), Origin::Default),
                ("", None) => {
                    self.complain(variable, "is required", "type a value");
                    continue;
                }
                (typed, _) => (typed, Origin::Typed),
            };
            match setup.take(&variable.name, value, origin) {
                Ok(()) => return Ok(()),
                Err(refusal) => self.complain(variable, &refusal.what, &refusal.help),
            }
        }
    }

    /// One line of an answer; whoever went away, or pressed Ctrl-C, ends it all with nothing written.
    fn line(&self, question: &str, echo: Echo, cancel: &Cancel) -> Result<String, Exit> {
        let terminal = &self.context.terminal;
        #[cfg(unix)]
        let wake = cancel.bell(signal::Wish::Gentle);
        #[cfg(not(unix))]
        let wake = Some(&());
        let wake = wake.ok_or_else(|| {
            let error = std::io::Error::other("the system has no more files to open");
            self.no_terminal(&error)
        })?;
        match terminal.ask(question, echo, wake) {
            Ok(Answer::Line(line)) => Ok(line.reveal().to_owned()),
            Ok(Answer::Woken) => {
                terminal.err("nothing was written\n");
                Err(cancel.exit().unwrap_or(Exit::Interrupted))
            }
            Ok(Answer::Ended) => {
                terminal.err("nothing was written: the answers ended\n");
                Err(Exit::Refused)
            }
            Err(error) => Err(self.no_terminal(&error)),
        }
    }

    /// What there is to know about a variable.
    fn about(&self, variable: &Variable) -> String {
        let style = self.context.terminal.looks().err;
        let name = &variable.name;
        match &variable.description {
            Some(said) => {
                let line = said.value.lines().next().unwrap_or_default();
                let line = text::clip(&escape_line(line), 3 * style.width);
                let said = format!("{name}: {line}");
                let said = text::wrap(&said, style.width, "", "  ");
                format!("\n{}\n", said.trim_end())
            }
            None => format!("\n{name}\n"),
        }
    }

    fn complain(&self, variable: &Variable, what: &str, help: &str) {
        let style = self.context.terminal.looks().err;
        let said = format!(
            "{} {}: {}",
            variable.name,
            escape_line(what),
            escape_line(help)
        );
        let said = text::wrap(&said, style.width, "  ", "  ");
        let text = format!("{}\n", said.trim_end());
        self.context.terminal.err(&text);
    }

    fn no_terminal(&self, error: &std::io::Error) -> Exit {
        let text = format!(
            "error: nobody can be asked: {error}\nhelp: `--no-input` writes what needs no answer; nothing was written\n"
        );
        self.context.terminal.err(&text);
        Exit::Unknown
    }
}

/// Where nobody is asked the default is as good as an answer.
fn take_default(setup: &mut Setup<'_>, wanted: &Wanted) {
    let name = &wanted.variable.name;
    let default = wanted.default.as_deref();
    let is_taken = default.is_some_and(|value| setup.take(name, value, Origin::Default).is_ok());
    if !is_taken {
        setup.leave(name);
    }
}

/// `  int, 1000 to 60000 [5000]: `
fn question(wanted: &Wanted) -> String {
    let variable = &wanted.variable;
    let mut facts = vec![variable.kind().word().to_owned()];
    if let Some(choices) = &variable.choices {
        let some = choices.value.iter().take(8).map(String::as_str);
        facts = vec![names::list(some)];
    }
    let limits = (&variable.min, &variable.max);
    match limits {
        (Some(min), Some(max)) => facts.push(format!("{} to {}", min.value, max.value)),
        (Some(min), None) => facts.push(format!("at least {}", min.value)),
        (None, Some(max)) => facts.push(format!("at most {}", max.value)),
        (None, None) => {}
    }
    if let Some(least) = &variable.min_length {
        facts.push(format!("{} characters or more", least.value));
    }
    if let Some(prefix) = &variable.prefix {
        let some = prefix.value.iter().take(3).map(String::as_str);
        facts.push(format!("begins with {}", names::list(some)));
    }
    if variable.is_secret() {
        facts.push("not shown".to_owned());
    }
    let default = match &wanted.default {
        Some(_) if variable.is_secret() => " [Enter takes the default]".to_owned(),
        Some(default) => format!(" [{default}]"),
        None => String::new(),
    };
    let facts = facts.join(", ");
    format!("  {}: ", escape_line(&format!("{facts}{default}")))
}

/// Whether a pasted key has begun and not ended.
fn is_open(answer: &str) -> bool {
    /// More is no key.
    const LONGEST: usize = 64 << 10;
    let begins = answer.trim_start().starts_with("-----BEGIN ");
    begins && !answer.contains("-----END ") && answer.len() < LONGEST
}
