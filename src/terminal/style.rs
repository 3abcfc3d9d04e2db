//! How text looks: four colours with fixed meanings, four marks, and a width. Nothing is said by colour alone.

/// What a colour means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Red: an error.
    Error,
    /// Yellow: a warning, or something that could not be found out.
    Warning,
    /// Green: good.
    Good,
    /// Dim: a detail.
    Dim,
}

/// The marks at the beginning of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Passed.
    Good,
    /// Failed.
    Bad,
    /// Could not be found out, or wants attention.
    Unsure,
    /// Running, skipped, a note.
    Quiet,
}

/// How one stream is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether escape sequences for colours are written.
    pub colour: bool,
    /// Whether the marks may be other than ASCII.
    pub unicode: bool,
    /// The columns that prose is broken at.
    pub width: usize,
}

impl Style {
    /// What a pipe gets: no colours, 80 columns.
    pub const PLAIN: Style = Style {
        colour: false,
        unicode: true,
        width: 80,
    };

    /// The text in a colour.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Error => "31",
            Tone::Warning => "33",
            Tone::Good => "32",
            Tone::Dim => "2",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// A mark without its colour.
    pub fn bare(self, mark: Mark) -> &'static str {
        match (mark, self.unicode) {
            (Mark::Good, true) => "✓",
            (Mark::Good, false) => "ok",
            (Mark::Bad, true) => "✗",
            (Mark::Bad, false) => "x",
            (Mark::Unsure, _) => "!",
            (Mark::Quiet, true) => "·",
            (Mark::Quiet, false) => "-",
        }
    }

    /// A mark in its colour.
    pub fn mark(self, mark: Mark) -> String {
        let tone = match mark {
            Mark::Good => Tone::Good,
            Mark::Bad => Tone::Error,
            Mark::Unsure => Tone::Warning,
            Mark::Quiet => Tone::Dim,
        };
        self.paint(tone, self.bare(mark))
    }

    /// What stands between the parts of a summary.
    pub fn dot(self) -> &'static str {
        if self.unicode { " · " } else { " - " }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_there_is_no_escape_and_without_unicode_only_ascii() {
        let ascii = Style {
            unicode: false,
            ..Style::PLAIN
        };
        for mark in [Mark::Good, Mark::Bad, Mark::Unsure, Mark::Quiet] {
            assert!(!Style::PLAIN.mark(mark).contains('\x1b'));
            assert!(ascii.mark(mark).is_ascii());
        }
        let colour = Style {
            colour: true,
            ..Style::PLAIN
        };
        assert_eq!(colour.paint(Tone::Error, "no"), "\x1b[31mno\x1b[0m");
        assert_eq!(colour.paint(Tone::Dim, ""), "");
    }
}
