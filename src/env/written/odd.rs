//! What people trip over, as findings: names, blanks, line ends, and what stands twice or alone.

use super::called;
use crate::dotenv::{Dialect, Lint, LintKind};
use crate::env::Subject;
use crate::env::rewriting::Mendable;
use crate::finding::code::{
    Code, ENV_BLANKS, ENV_DUPLICATE, ENV_ENCODING, ENV_KEY, ENV_LINE_ENDS, ENV_NO_VALUE,
};
use crate::finding::{Fix, Severity};
use crate::source::Position;

/// What an oddity is to people; none where it is told as a line that cannot be read.
struct Words {
    code: Code,
    severity: Severity,
    message: String,
    help: &'static str,
}

/// A finding for an oddity.
pub(super) fn of(subject: &Subject<'_>, odd: Lint) -> Option<Mendable> {
    let words = words(subject, &odd)?;
    let mut finding = subject.found(words.code, &odd.span, words.message, words.help);
    finding.severity = words.severity;
    if !odd.edits.is_empty() {
        finding.fix = Fix::Safe;
    }
    Some(Mendable {
        finding,
        edits: odd.edits,
        changes: None,
    })
}

fn words(subject: &Subject<'_>, odd: &Lint) -> Option<Words> {
    let bytes = subject.asked().bytes;
    let text = || String::from_utf8_lossy(&bytes[odd.span.clone()]);
    let say = |code: Code, severity: Severity, message: String, help: &'static str| {
        Some(Words {
            code,
            severity,
            message,
            help,
        })
    };
    let (info, warning) = (Severity::Info, Severity::Warning);
    match odd.kind {
        LintKind::DuplicateKey => say(
            ENV_DUPLICATE,
            warning,
            match first(subject, odd.other) {
                Some(line) => format!("{} is set again; line {line} set it first", called(&text())),
                None => format!("{} is set again", called(&text())),
            },
            "the later one wins: take one of the two out",
        ),
        LintKind::LowerCaseKey => say(
            ENV_KEY,
            info,
            format!("{} has small letters", called(&text())),
            "names of variables are written in capitals; rename it where it is read, too",
        ),
        LintKind::KeyCharacters => say(
            ENV_KEY,
            warning,
            format!(
                "{} has characters that a shell cannot take",
                called(&text())
            ),
            "use letters, digits and underscores, and no digit first; rename it where it is read, too",
        ),
        LintKind::BlankAroundSeparator => say(
            ENV_BLANKS,
            info,
            "there are blanks around `=`".to_owned(),
            "write `NAME=value`: a shell takes the name for a command",
        ),
        LintKind::TrailingBlank => say(
            ENV_BLANKS,
            info,
            "there are blanks at the end of the line".to_owned(),
            "take them out",
        ),
        LintKind::TrailingBlankInValue => say(
            ENV_BLANKS,
            warning,
            "the value ends with blanks within its quotes".to_owned(),
            "they are part of the value: take them out, unless they are meant",
        ),
        // Compose takes the value from the machine that it runs on, which is what such a line is for.
        LintKind::MissingValue if subject.file().dialect() == Dialect::Compose => say(
            ENV_NO_VALUE,
            info,
            format!(
                "{} has no `=`: compose takes it from its machine",
                called(&text())
            ),
            "write `NAME=` where an empty value is meant",
        ),
        LintKind::MissingValue => say(
            ENV_NO_VALUE,
            warning,
            format!("{} has no `=`, and so no value", called(&text())),
            "write `NAME=` with its value, or take the line out; a value of several lines wants quotes",
        ),
        LintKind::ExportWithoutValue => say(
            ENV_NO_VALUE,
            warning,
            "`export` stands without a value".to_owned(),
            "write `NAME=` with its value: readers of env files export nothing",
        ),
        LintKind::Mark => say(
            ENV_ENCODING,
            warning,
            "the file begins with a byte order mark".to_owned(),
            "save it as UTF-8 without one: some readers take it for a part of the first name",
        ),
        LintKind::MixedLineEnds => say(
            ENV_LINE_ENDS,
            info,
            "some lines end with CRLF, and others with LF".to_owned(),
            "end every line with LF",
        ),
        LintKind::NoFinalNewline => say(
            ENV_LINE_ENDS,
            info,
            "the last line has no end".to_owned(),
            "end it with LF: what is appended would join its value",
        ),
        LintKind::UnterminatedQuote | LintKind::TextBehindQuote | LintKind::SeveralAssignments => {
            None
        }
    }
}

/// The line in which a name was set first.
fn first(subject: &Subject<'_>, place: Option<Position>) -> Option<u32> {
    let entries = subject.file().entries();
    let place = place?;
    // The two rooms count lines otherwise where CR ends them; the entry knows its bytes.
    let at = entries.binary_search_by_key(&place, |entry| entry.place);
    at.ok().map(|at| subject.line(entries[at].key_span.start))
}
