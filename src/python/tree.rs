//! The syntax tree of one source: made, looked at, and gone; and small questions to its parts.

use std::ops::Range;

use ruff_python_ast::{Expr, Stmt};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged as _, TextRange};

use crate::variable::Reading;

/// Shows the statements of a text to `look`, with how much of the text they hold.
pub(super) fn with<T>(text: &str, look: impl FnOnce(&[Stmt], Reading) -> T) -> T {
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
    let reading = if parsed.errors().is_empty() {
        Reading::Whole
    } else {
        Reading::Broken
    };
    let body = parsed.syntax().as_module();
    look(body.map_or(&[], |module| &module.body), reading)
}

/// Where the first mistake of a text stands; none where it can be parsed.
pub(super) fn fault(text: &str) -> Option<usize> {
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
    let places = parsed.errors().iter();
    places.map(|error| range(error.location).start).min()
}

/// A span as the rest of guard has it.
pub(super) fn range(range: TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}

/// A text that stands there as it is, with the place between its quotes.
pub(super) fn constant(expression: &Expr) -> Option<(&str, Range<usize>)> {
    let text = expression.as_string_literal_expr()?;
    let span = match text.value.as_slice() {
        [one] => range(one.content_range()),
        _ => range(text.range()),
    };
    Some((text.value.to_str(), span))
}

/// A text, or a text in bytes, as keys of `os.environb` are.
pub(super) fn key(expression: &Expr) -> Option<(String, Range<usize>)> {
    if let Some((text, span)) = constant(expression) {
        return Some((text.to_owned(), span));
    }
    let bytes = expression.as_bytes_literal_expr()?;
    let [one] = bytes.value.as_slice() else {
        return None;
    };
    let whole = range(one.range());
    // Behind `b"` and in front of the last quote.
    let name = String::from_utf8(one.value.to_vec()).ok()?;
    (whole.len() == name.len() + 3).then(|| (name, whole.start + 2..whole.end - 1))
}

/// The last part of a dotted name.
pub(super) fn last_name(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}
