//! Decides from flags and environment how each stream looks: colours, marks, and whether a live block is drawn.

use crate::environment::Environment;

use super::style::Style;

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// As the terminal and the environment say.
    #[default]
    Auto,
    /// Also into a pipe.
    Always,
    /// Not even on a terminal.
    Never,
}

/// Columns and rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Characters in a line.
    pub columns: u16,
    /// Lines.
    pub rows: u16,
}

impl Size {
    /// What is assumed where nobody can say.
    pub const USUAL: Size = Size {
        columns: 80,
        rows: 24,
    };
}

/// What the system says about the streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whether data goes to a terminal.
    pub out_is_terminal: bool,
    /// Whether messages go to a terminal.
    pub err_is_terminal: bool,
    /// The terminal's size; `None` where there is none.
    pub size: Option<Size>,
}

/// How both streams are written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looks {
    /// Data.
    pub out: Style,
    /// Messages.
    pub err: Style,
    /// Whether a block may be drawn and redrawn where messages go.
    pub live: bool,
}

impl Looks {
    /// Decides.
    pub fn decide(environment: &Environment, color: Color, facts: Facts) -> Self {
        let dumb = environment.text("TERM") == Some("dumb");
        let switched = switch(environment, color);
        let paints = |is_terminal: bool| switched.unwrap_or(is_terminal && !dumb);
        let unicode = is_unicode(environment);
        let width = prose_width(facts.size);
        let style = |colour: bool| Style {
            colour,
            unicode,
            width,
        };
        Self {
            out: style(paints(facts.out_is_terminal)),
            err: style(paints(facts.err_is_terminal)),
            // Whoever wants no colours wants no cursor movements either, and a CI's terminal is a log.
            live: facts.err_is_terminal
                && !dumb
                && switched != Some(false)
                && environment.filled("CI").is_none(),
        }
    }
}

/// Whether somebody said outright that colours are wanted or unwanted: the flag before the
/// variables, and the variable that takes away before the one that gives.
fn switch(environment: &Environment, color: Color) -> Option<bool> {
    match color {
        Color::Always => Some(true),
        Color::Never => Some(false),
        // Of NO_COLOR only the presence counts, text or not.
        Color::Auto if environment.os("NO_COLOR").is_some_and(|v| !v.is_empty()) => Some(false),
        Color::Auto => environment
            .filled("CLICOLOR_FORCE")
            .is_some_and(|value| value != "0")
            .then_some(true),
    }
}

/// Prose is never wider than 80 columns: longer lines are harder to read, and logs are cut there.
fn prose_width(size: Option<Size>) -> usize {
    let columns = size.unwrap_or(Size::USUAL).columns;
    usize::from(columns).clamp(20, 80)
}

/// Whether marks other than ASCII are readable. A locale that is named decides. Where none is
/// named (containers, hooks started by a desktop program) UTF-8 is what logs and terminals show;
/// the Linux console has no glyph for the marks.
fn is_unicode(environment: &Environment) -> bool {
    if environment.text("TERM") == Some("linux") {
        return false;
    }
    let named = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| environment.filled(name));
    named.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMINAL: Facts = Facts {
        out_is_terminal: true,
        err_is_terminal: true,
        size: Some(Size {
            columns: 120,
            rows: 40,
        }),
    };
    const PIPE: Facts = Facts {
        out_is_terminal: false,
        err_is_terminal: false,
        size: None,
    };

    fn looks(variables: &[(&str, &str)], color: Color, facts: Facts) -> Looks {
        Looks::decide(
            &Environment::of("/", variables.iter().copied()),
            color,
            facts,
        )
    }

    #[test]
    fn the_flag_then_the_variables_then_the_terminal_decide() {
        use Color::{Always, Auto, Never};
        type Case = (
            &'static [(&'static str, &'static str)],
            Color,
            Facts,
            bool,
            bool,
        );
        let cases: [Case; 13] = [
            (&[], Auto, TERMINAL, true, true),
            (&[], Auto, PIPE, false, false),
            (&[], Always, PIPE, true, false),
            (&[], Never, TERMINAL, false, false),
            (&[("NO_COLOR", "1")], Auto, TERMINAL, false, false),
            (&[("NO_COLOR", "")], Auto, TERMINAL, true, true),
            (&[("NO_COLOR", "1")], Always, TERMINAL, true, true),
            (&[("CLICOLOR_FORCE", "1")], Auto, PIPE, true, false),
            (&[("CLICOLOR_FORCE", "0")], Auto, PIPE, false, false),
            (
                &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")],
                Auto,
                TERMINAL,
                false,
                false,
            ),
            (&[("TERM", "dumb")], Auto, TERMINAL, false, false),
            (&[("TERM", "dumb")], Always, TERMINAL, true, false),
            (&[("CI", "true")], Auto, TERMINAL, true, false),
        ];
        for (variables, color, facts, colour, live) in cases {
            let decided = looks(variables, color, facts);
            let said = (decided.err.colour, decided.live);
            assert_eq!(said, (colour, live), "{variables:?} {color:?}");
        }
    }

    #[test]
    fn data_in_a_pipe_is_plain_even_when_messages_are_not() {
        let facts = Facts {
            out_is_terminal: false,
            ..TERMINAL
        };
        let decided = looks(&[], Color::Auto, facts);
        assert!(decided.err.colour && !decided.out.colour);
        assert_eq!(decided.out.width, 80);
    }

    #[test]
    fn a_named_locale_decides_about_marks() {
        for (variables, unicode) in [
            (&[][..], true),
            (&[("LANG", "C")], false),
            (&[("LANG", "C.UTF-8")], true),
            (&[("LANG", "de_DE.utf8")], true),
            (&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")], false),
            (&[("LC_ALL", ""), ("LANG", "de_DE.UTF-8")], true),
            (&[("LC_CTYPE", "UTF-8")], true),
            (&[("LANG", "en_US.ISO-8859-1")], false),
            (&[("TERM", "linux"), ("LANG", "de_DE.UTF-8")], false),
        ] {
            let decided = looks(variables, Color::Auto, PIPE);
            assert_eq!(decided.out.unicode, unicode, "{variables:?}");
        }
    }

    #[test]
    fn a_narrow_terminal_narrows_the_prose_and_a_broken_one_does_not_end_it() {
        let at = |columns| prose_width(Some(Size { columns, rows: 1 }));
        assert_eq!([at(0), at(40), at(80), at(500)], [20, 40, 80, 80]);
    }
}
