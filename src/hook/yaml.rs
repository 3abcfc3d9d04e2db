//! Another manager's YAML, read to prove that adding guard's line changed nothing else.

use serde_json::Value;

use crate::config;

/// The value of a text; `None` when it cannot be read. An empty text is null.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let comments_only = text
        .lines()
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    if comments_only {
        return Some(Value::Null);
    }
    // YAML 1.2, as the other managers read it: a hook may be called `y`.
    config::yaml_value(text)
}

/// A line with its place in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'t> {
    /// Where the next line begins.
    pub(crate) end: usize,
    /// The text without its end.
    pub(crate) text: &'t str,
}

impl Line<'_> {
    /// How many spaces it begins with.
    pub(crate) fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    /// Whether it is empty or a comment.
    pub(crate) fn is_idle(&self) -> bool {
        let bare = self.text.trim();
        bare.is_empty() || bare.starts_with('#')
    }

    /// Whether it is `key:` and nothing else.
    pub(crate) fn opens(&self, key: &str) -> bool {
        let bare = self.text.trim_start_matches(' ');
        let rest = [key.to_owned(), format!("\"{key}\""), format!("'{key}'")]
            .iter()
            .find_map(|form| bare.strip_prefix(form.as_str()))
            .and_then(|rest| rest.trim_start().strip_prefix(':'))
            .map(str::trim);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
    }
}

/// The lines of a text.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut end = 0;
    text.split_inclusive('\n')
        .map(|line| {
            end += line.len();
            Line {
                end,
                text: line.trim_end_matches(['\n', '\r']),
            }
        })
        .collect()
}

/// The index of the first line in `among` that does something.
pub(crate) fn first_busy(among: &[Line<'_>]) -> Option<usize> {
    among.iter().position(|line| !line.is_idle())
}
