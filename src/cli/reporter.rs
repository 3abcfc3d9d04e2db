//! Who listens to a run, by `--format`: the fold for the report, the progress for people, the lines for programs.

use serde_json::{Map, Value};

use crate::event::Listener;
use crate::exit::Exit;
use crate::moment::Moment;
use crate::report::human::{Human, Options};
use crate::report::{Report, github};

use super::context::Context;
use super::{diagnostic, summary};

/// Tells one run.
pub(crate) struct Reporter<'c> {
    context: &'c Context,
    report: Report,
    progress: Human,
    lines: Option<Box<dyn Listener>>,
}

impl<'c> Reporter<'c> {
    pub(crate) fn new(context: &'c Context, plan_only: bool) -> Self {
        let Context {
            terminal,
            format,
            verbosity,
            ..
        } = context;
        let options = Options {
            verbosity: *verbosity,
            shown: format.shown(),
        };
        Self {
            context,
            report: if plan_only {
                Report::of_plan()
            } else {
                Report::new()
            },
            progress: Human::new(terminal.clone(), options),
            lines: format.lines(terminal),
        }
    }

    /// What the command has to say beyond the checks.
    pub(crate) fn say(&mut self, key: &str, value: Value) {
        self.report.data.insert(key.to_owned(), value);
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
    pub(crate) fn finish(mut self, exit: Exit) -> Exit {
        let Context {
            terminal, format, ..
        } = self.context;
        self.report.hide(&terminal.hidden());
        terminal.out(&format.render(&self.report, self.context.manner()));
        self.say_to_ci();
        match terminal.finish() {
            Ok(()) => exit,
            Err(error) => {
                terminal.err(&diagnostic::render(&error, terminal));
                // A failure stays a failure; a success that was not reported is none.
                if exit == Exit::Good {
                    error.exit()
                } else {
                    exit
                }
            }
        }
    }

    /// What a CI service gets beside the report.
    fn say_to_ci(&self) {
        let report = &self.report;
        if self.context.annotates && report.moment == Some(Moment::Ci) && !report.plan_only {
            // GitHub reads commands on both streams. The text for people may go to a file; messages do not.
            self.context.terminal.err(&github::annotations(report));
        }
        summary::append(self.context, report);
    }
}
