//! How an error is shown: what, where, why, and the next command, in 80 columns.

use std::borrow::Cow;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use crate::terminal::{Terminal, escape};

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
        .render_report(&mut text, error)
        .expect("writing to a string succeeds");
    // What several mistakes are headed with by the library; heads are lower-case here.
    text.replace("\nError: \n", "\nerror:\n")
}
