//! `--format human`: what people see while a run goes on (messages), and what it came to (data).

mod end;
mod finding;
mod fixed;
mod live;
mod plan;
mod progress;
#[cfg(test)]
mod screen;
mod step;

pub use progress::{Human, Options, Shown};

use super::{Format, Manner, Report, Verbosity};
use crate::terminal::{Mark, Style, text};

/// The format's name.
pub const ID: &str = "human";

/// The format: what standard output gets once the run has ended.
#[derive(Clone, Copy, Debug)]
pub struct Text;

impl Format for Text {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "For people"
    }

    fn render(&self, report: &Report, manner: Manner) -> String {
        render(report, manner.style, manner.verbosity)
    }

    fn shown(&self) -> Shown {
        Shown::Text
    }
}

/// The final text: the plan where only that was asked for, one line where all is well, else what
/// is wrong and what to do about it.
pub fn render(report: &Report, style: Style, verbosity: Verbosity) -> String {
    if report.plan_only {
        plan::render(report, style)
    } else {
        end::render(report, style, verbosity)
    }
}

/// A line that begins with a mark; longer text goes on below its first word.
fn marked(style: Style, mark: Mark, said: &str) -> String {
    let indent = " ".repeat(text::width(style.bare(mark)) + 1);
    let lines = text::wrap(said, style.width, &indent, &indent);
    format!("{} {}\n", style.mark(mark), lines.trim_start())
}

#[cfg(test)]
mod tests;
