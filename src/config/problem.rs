//! What is wrong with the configuration: every mistake with its place, all of them at once.

use std::fmt;
use std::fmt::Write as _;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::names::visible;
use crate::source::{Position, Source};

/// How many characters of a line are shown: they fit 80 columns beside the line's number.
const SHOWN: usize = 68;

/// How many mistakes are written out. Who has more is not helped by more.
const WRITTEN_OUT: usize = 20;

/// The configuration cannot be used. Exit code 2.
#[derive(Debug)]
pub struct ConfigError {
    problems: Vec<Problem>,
}

/// One mistake.
#[derive(Debug)]
pub struct Problem {
    message: String,
    help: Option<String>,
    excerpt: Option<Excerpt>,
}

impl Problem {
    /// A mistake that has no place in a text: the message says what it is about.
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: Some(help.into()),
            excerpt: None,
        }
    }

    /// A mistake at a place.
    pub(crate) fn at(
        source: &Source,
        span: Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Self {
        Self {
            message: message.into(),
            help,
            excerpt: Some(Excerpt::new(source, span)),
        }
    }

    /// A mistake at a place whose line must not be shown.
    pub(super) fn at_hidden(
        source: &Source,
        offset: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let place = source.position(offset);
        Self::new(
            format!("{}:{}: {}", source.name(), place.line, message.into()),
            help,
        )
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// `FILE:LINE:COLUMN`, where the mistake stands in a file.
    pub fn place(&self) -> Option<String> {
        self.excerpt.as_ref().map(Excerpt::place)
    }
}

impl ConfigError {
    /// All of these mistakes, in the order in which they stand.
    pub(crate) fn of(mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| {
            let excerpt = problem.excerpt.as_ref();
            excerpt.map(|excerpt| (excerpt.name.clone(), excerpt.position))
        });
        // What a YAML alias or merge key repeats is wrong in one place.
        problems.dedup_by(|a, b| a.message == b.message && a.place() == b.place());
        Self { problems }
    }

    /// One mistake.
    pub(crate) fn one(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
        }
    }

    /// The mistakes themselves, to be joined with others.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Every mistake.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problems[..] {
            [problem] => problem.fmt(f),
            problems => write!(f, "{} mistakes in the configuration", problems.len()),
        }
    }
}

impl std::error::Error for ConfigError {}

impl Diagnostic for ConfigError {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(
            self.problems
                .iter()
                .map(|problem| problem as &dyn Diagnostic),
        ))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        let excerpt = self.excerpt.as_ref()?;
        Some(excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_ref()?;
        let label = LabeledSpan::new_primary_with_span(None, excerpt.label.clone());
        Some(Box::new(std::iter::once(label)))
    }
}

/// The line of a mistake, made fit to be shown: not too long, and without characters that a
/// terminal would obey. miette would show the file as it is, and count columns in bytes.
#[derive(Debug)]
struct Excerpt {
    name: String,
    position: Position,
    text: String,
    label: Range<usize>,
}

impl Excerpt {
    fn new(source: &Source, span: Range<usize>) -> Self {
        let position = source.position(span.start);
        let line = source.line(position.line);
        let start = source
            .text()
            .floor_char_boundary(span.start)
            .clamp(line.start, line.end);
        let end = source
            .text()
            .floor_char_boundary(span.end)
            .clamp(start, line.end);
        let before = source.slice(line.start..start);
        let marked = source.slice(start..end);

        // A long line is shown around the mistake.
        let lead = before.chars().count();
        let skipped = if lead + marked.chars().count() <= SHOWN {
            0
        } else {
            lead.saturating_sub(SHOWN / 3)
        };
        let mut text = String::new();
        if skipped > 0 {
            text.push('…');
        }
        text.extend(before.chars().skip(skipped).map(visible));
        let label_start = text.len();
        let room = SHOWN.saturating_sub(text.chars().count());
        text.extend(marked.trim_end().chars().take(room).map(visible));
        let label_end = text.len();
        let room = SHOWN.saturating_sub(text.chars().count());
        let rest = &source.slice(line.start..line.end)[before.len() + marked.trim_end().len()..];
        text.extend(rest.chars().take(room).map(visible));
        if rest.chars().nth(room).is_some() {
            text.push('…');
        }
        // miette shows no line that is empty: a mark needs something to stand under.
        if label_start == text.len() {
            text.push(' ');
        }
        let first = text[label_start..].chars().next().map_or(1, char::len_utf8);
        Self {
            name: source.name().to_owned(),
            position,
            label: label_start..label_end.max(label_start + first),
            text,
        }
    }

    fn place(&self) -> String {
        format!(
            "{}:{}:{}",
            self.name, self.position.line, self.position.column
        )
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            (0, self.text.len()).into(),
            self.position.line - 1,
            self.position.column - 1,
            1,
        )))
    }
}

/// The colours in which mistakes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// No escape codes at all.
    Off,
    /// The terminal's own sixteen colours.
    Ansi,
}

/// Every mistake, in `width` columns.
pub fn render(error: &ConfigError, width: usize, colour: Colour) -> String {
    let theme = GraphicalTheme {
        characters: ThemeCharacters {
            error: "✗".into(),
            warning: "!".into(),
            advice: "·".into(),
            ..ThemeCharacters::unicode()
        },
        styles: match colour {
            Colour::Off => ThemeStyles::none(),
            Colour::Ansi => ThemeStyles::ansi(),
        },
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_links(false)
        .without_cause_chain();
    let mut text = String::new();
    for (index, problem) in error.problems.iter().take(WRITTEN_OUT).enumerate() {
        if index > 0 {
            text.push('\n');
        }
        // Writing into a String cannot fail; a source that cannot be read leaves the message out of it.
        if handler.render_report(&mut text, problem).is_err() {
            text.push_str(&problem.message);
            text.push('\n');
        }
    }
    let more = error.problems.len().saturating_sub(WRITTEN_OUT);
    if more > 0 {
        let _ = writeln!(text, "\n  and {more} more");
    }
    text.lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect()
}
