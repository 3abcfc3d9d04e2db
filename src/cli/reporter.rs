//! Who listens to a run, by `--format`: the fold for the report, the progress for people, the lines for programs.

use serde_json::{Map, Value};

use crate::event::Listener;
use crate::exit::Exit;
use crate::report::human::{self, Human, Options, Shown};
use crate::report::ndjson::Lines;
use crate::report::{self, Report, Verbosity};
use crate::terminal::Terminal;

use super::arguments::Format;
use super::diagnostic;

/// Tells one run.
pub(crate) struct Reporter {
    terminal: Terminal,
    format: Format,
    verbosity: Verbosity,
    report: Report,
    progress: Human,
    lines: Option<Box<dyn Listener>>,
}

impl Reporter {
    pub(crate) fn new(
        terminal: &Terminal,
        format: Format,
        verbosity: Verbosity,
        plan_only: bool,
    ) -> Self {
        let shown = match format {
            Format::Human => Shown::Text,
            Format::Json | Format::Ndjson => Shown::Machine,
        };
        let lines = (format == Format::Ndjson).then(|| {
            let terminal = terminal.clone();
            Box::new(Lines::new(move |line: &str| terminal.out(line))) as Box<dyn Listener>
        });
        Self {
            terminal: terminal.clone(),
            format,
            verbosity,
            report: if plan_only {
                Report::of_plan()
            } else {
                Report::new()
            },
            progress: Human::new(terminal.clone(), Options { verbosity, shown }),
            lines,
        }
    }

    /// What the report's `data` is to hold besides.
    pub(crate) fn add(&mut self, data: Map<String, Value>) {
        self.report.data.extend(data);
    }

    /// Everybody who listens.
    pub(crate) fn listeners(&mut self) -> Vec<&mut dyn Listener> {
        let mut all: Vec<&mut dyn Listener> = vec![&mut self.report, &mut self.progress];
        if let Some(lines) = &mut self.lines {
            all.push(lines.as_mut());
        }
        all
    }

    /// Writes the report. One that nobody can read is no success.
    pub(crate) fn finish(self, exit: Exit) -> Exit {
        let style = self.terminal.looks().out;
        let id = match self.format {
            Format::Human => human::ID,
            Format::Json => report::json::ID,
            Format::Ndjson => report::ndjson::ID,
        };
        let format = report::format(id, style, self.verbosity)
            .expect("every word of --format is the name of a format");
        self.terminal.out(&format.render(&self.report));
        match self.terminal.finish() {
            Ok(()) => exit,
            Err(error) => {
                self.terminal
                    .err(&diagnostic::render(&error, &self.terminal));
                // A failure stays a failure; a success that was not reported is none.
                if exit == Exit::Good {
                    error.exit()
                } else {
                    exit
                }
            }
        }
    }
}
