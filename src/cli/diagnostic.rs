//! How an error is shown: what, where, why, and the next command, in 80 columns.

use std::borrow::Cow;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use crate::terminal::{Terminal, escape, text};

/// The error as text for standard error. What names and contents bring along is made harmless:
/// text that would reach the terminal as control characters is shown plain, and escaped.
pub(crate) fn render(error: &dyn Diagnostic, terminal: &Terminal) -> String {
    let looks = terminal.looks().err;
    let width = usize::from(terminal.size().columns.min(80));
    let plain = if looks.unicode {
        GraphicalTheme::unicode_nocolor()
    } else {
        GraphicalTheme::none()
    };
    let text = themed(error, plain, width);
    match escape(&text) {
        Cow::Borrowed(_) if looks.colour => themed(error, GraphicalTheme::unicode(), width),
        harmless => harmless.into_owned(),
    }
}

fn themed(error: &dyn Diagnostic, theme: GraphicalTheme, width: usize) -> String {
    let mut text = String::new();
    GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_links(false)
        // A message holds its cause already.
        .without_cause_chain()
        .with_wrap_lines(false)
        .render_report(&mut text, error)
        .expect("writing to a string succeeds");
    // What several mistakes are headed with by the library; heads are lower-case here.
    let text = text.replace("\nError: \n", "\nerror:\n");
    text.lines()
        .map(|line| fitted(line, width) + "\n")
        .collect()
}

/// A line of prose in the width. Code is left as it is: broken in two it is no code any more, and
/// people paste it.
fn fitted(line: &str, width: usize) -> String {
    let is_code = ["guard hook ", "\"$guard\"", "│", "·", "╰", "╭"];
    if text::width(line) <= width || is_code.iter().any(|mark| line.contains(mark)) {
        return line.to_owned();
    }
    let bare = line.trim_start();
    let indent = &line[..line.len() - bare.len()];
    let hang = if bare.starts_with("help: ") {
        format!("{indent}      ")
    } else if bare.starts_with("× ") {
        format!("{indent}│ ")
    } else {
        indent.to_owned()
    };
    text::wrap(bare, width, indent, &hang).trim_end().to_owned()
}
