//! Lines and files that some reader of the project cannot read, and what it does instead.

use std::collections::HashMap;
use std::ops::Range;

use super::MOST;
use crate::dotenv::name::Role;
use crate::dotenv::{self, Dialect, Lint, LintKind, Problem, ProblemKind};
use crate::env::Subject;
use crate::env::rewriting::Mendable;
use crate::finding::Severity;
use crate::finding::code::{Code, ENV_ENCODING, ENV_SYNTAX};

/// What is wrong with a stretch of the file.
struct Trouble {
    kind: Kind,
    span: Range<usize>,
    /// Who stops or drops something there, and which of the two.
    costs: Vec<(Dialect, Cost)>,
    severity: Severity,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    SeveralAssignments,
    Problem(Known),
}

/// A reader's complaint as a key of maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Known {
    Quote,
    Behind,
    Line,
    Nul,
    Long,
    Reference,
    Required,
    Runaway,
    Utf16,
    NotUtf8,
    Large,
}

/// What a reader does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cost {
    /// It reads nothing of the file.
    File,
    /// It goes on without the line.
    Line,
    /// It reads something.
    None,
}

/// Everything that somebody cannot read.
pub(super) fn found(subject: &Subject<'_>, odd: &[Lint]) -> Vec<Mendable> {
    let mut troubles = Troubles {
        subject,
        all: Vec::new(),
        places: HashMap::new(),
        left: 0,
    };
    for odd in odd {
        let kind = match odd.kind {
            LintKind::UnterminatedQuote => Kind::Problem(Known::Quote),
            LintKind::TextBehindQuote => Kind::Problem(Known::Behind),
            LintKind::SeveralAssignments => Kind::SeveralAssignments,
            _ => continue,
        };
        troubles.add(kind, &odd.span, Severity::Warning, None);
    }
    let asked = subject.asked();
    let own = subject.file();
    for problem in own.problems() {
        troubles.problem(own.dialect(), problem);
    }
    let others = asked.readers.iter();
    for reader in others.filter(|reader| **reader != own.dialect()) {
        for problem in dotenv::parse(asked.bytes, *reader).problems() {
            troubles.problem(*reader, problem);
        }
    }
    troubles.encoding();
    troubles.told()
}

struct Troubles<'s, 'a> {
    subject: &'s Subject<'a>,
    all: Vec<Trouble>,
    /// One line is told once, whoever stumbles over it.
    places: HashMap<(Kind, u32), usize>,
    /// How many are not told.
    left: usize,
}

impl Troubles<'_, '_> {
    fn problem(&mut self, reader: Dialect, problem: &Problem) {
        // Nobody outside knows what Railway makes of `export`: that is told of the file as a whole.
        if reader == Dialect::Railway && self.line(&problem.span).starts_with(b"export ") {
            return;
        }
        let kind = match problem.kind {
            ProblemKind::UnterminatedQuote => Known::Quote,
            ProblemKind::TextBehindQuote => Known::Behind,
            ProblemKind::Key | ProblemKind::NoAssignment => Known::Line,
            ProblemKind::Nul => Known::Nul,
            ProblemKind::ValueTooLong => Known::Long,
            ProblemKind::Reference => Known::Reference,
            ProblemKind::Required => Known::Required,
            ProblemKind::Runaway => Known::Runaway,
            ProblemKind::Utf16 => Known::Utf16,
            ProblemKind::NotUtf8 => Known::NotUtf8,
            ProblemKind::TooLarge => Known::Large,
        };
        let cost = match kind {
            _ if problem.refuses && kind != Known::Required => Cost::File,
            Known::Quote | Known::Behind | Known::Line => Cost::Line,
            _ => Cost::None,
        };
        let severity = self.severity(kind, cost, reader, &problem.span);
        self.add(
            Kind::Problem(kind),
            &problem.span,
            severity,
            Some((reader, cost)),
        );
    }

    /// How grave it is: what costs a variable blocks, unless the file only shows how one is written.
    fn severity(&self, kind: Known, cost: Cost, reader: Dialect, span: &Range<usize>) -> Severity {
        let is_lost = match (kind, cost) {
            (_, Cost::File) => return Severity::Error,
            // What the variable needs comes from elsewhere: that is what the reference is for.
            (Known::Required, _) => return Severity::Info,
            (Known::Nul, _) => true,
            // Within a program a longer one works; no container can be started with it.
            (Known::Long, _) => matches!(reader, Dialect::Compose | Dialect::Railway),
            // Its grammar is not published: what is not known blocks nobody.
            (_, Cost::Line) if reader == Dialect::Railway => false,
            (_, Cost::Line) => self.sets_something(span),
            (_, Cost::None) => false,
        };
        if is_lost && self.subject.role() != Role::Example {
            Severity::Error
        } else {
            Severity::Warning
        }
    }

    /// Whether the line is meant as an assignment: a sentence that lacks its `#` loses nothing.
    fn sets_something(&self, span: &Range<usize>) -> bool {
        let line = self.line(span);
        let line = line.strip_prefix(b"export ").unwrap_or(line);
        let Some(equals) = memchr::memchr(b'=', line) else {
            return false;
        };
        let name = line[..equals].trim_ascii();
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
        !name.is_empty() && name.iter().all(is_word)
    }

    /// The line that a stretch begins in, without blanks and the mark before it.
    fn line(&self, span: &Range<usize>) -> &[u8] {
        let bytes = self.subject.asked().bytes;
        let start = span.start.min(bytes.len());
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let start = bytes[..start].iter().rposition(is_end);
        let line = &bytes[start.map_or(0, |at| at + 1)..];
        let end = line.iter().position(is_end).unwrap_or(line.len());
        let line = line[..end].trim_ascii_start();
        line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line)
    }

    fn add(
        &mut self,
        kind: Kind,
        span: &Range<usize>,
        severity: Severity,
        cost: Option<(Dialect, Cost)>,
    ) {
        let place = (kind, self.subject.line(span.start));
        let at = match self.places.get(&place) {
            Some(at) => *at,
            None if self.all.len() >= MOST => {
                self.left += 1;
                return;
            }
            None => {
                self.places.insert(place, self.all.len());
                self.all.push(Trouble {
                    kind,
                    span: span.clone(),
                    costs: Vec::new(),
                    severity,
                });
                self.all.len() - 1
            }
        };
        let known = &mut self.all[at];
        known.severity = known.severity.max(severity);
        if let Some((reader, cost)) = cost
            && !known.costs.contains(&(reader, cost))
        {
            known.costs.push((reader, cost));
        }
    }

    /// Bytes that no reader refuses, and that all replace.
    fn encoding(&mut self) {
        let bytes = self.subject.asked().bytes;
        let is_told = self.all.iter().any(|trouble| {
            matches!(
                trouble.kind,
                Kind::Problem(Known::Utf16 | Known::NotUtf8 | Known::Large)
            )
        });
        if let (false, Err(error)) = (is_told, std::str::from_utf8(bytes)) {
            let start = error.valid_up_to();
            let end = start + error.error_len().unwrap_or(bytes.len() - start);
            let kind = Kind::Problem(Known::NotUtf8);
            self.add(kind, &(start..end), Severity::Warning, None);
        }
    }

    fn told(self) -> Vec<Mendable> {
        let subject = self.subject;
        let told = self.all.iter().map(|trouble| {
            let (code, what, help) = trouble.kind.words();
            let message = format!("{what}{}", trouble.costs());
            let mut finding = subject.found(code, &trouble.span, message, help);
            finding.severity = trouble.severity;
            Mendable::by_hand(finding)
        });
        let mut told: Vec<Mendable> = told.collect();
        if self.left > 0 {
            let message = format!("{} more of these are not listed", self.left);
            let help = "mend the first ones, then look again";
            let mut finding = subject.in_file(ENV_SYNTAX, message, help);
            finding.severity = Severity::Warning;
            told.push(Mendable::by_hand(finding));
        }
        told
    }
}

impl Trouble {
    /// Who does what about it.
    fn costs(&self) -> String {
        let who = |wanted: Cost| -> Vec<&str> {
            let costs = self.costs.iter();
            costs
                .filter(|(_, cost)| *cost == wanted)
                .map(|(reader, _)| reader.word())
                .collect()
        };
        let mut told = Vec::new();
        match &who(Cost::File)[..] {
            [] => {}
            [one] => told.push(format!("{one} reads nothing of the file")),
            several => told.push(format!(
                "{} read nothing of the file",
                several.join(" and ")
            )),
        }
        match &who(Cost::Line)[..] {
            [] => {}
            [one] => told.push(format!("{one} drops the line")),
            several => told.push(format!("{} drop the line", several.join(" and "))),
        }
        if told.is_empty() {
            String::new()
        } else {
            format!(": {}", told.join(", "))
        }
    }
}

impl Kind {
    /// The code, what is wrong, and what to do.
    fn words(self) -> (Code, &'static str, &'static str) {
        let Self::Problem(known) = self else {
            return (
                ENV_SYNTAX,
                "there are several assignments in one line",
                "give each variable a line of its own; in quotes it is one value",
            );
        };
        match known {
            Known::Quote => (
                ENV_SYNTAX,
                "the quote is not closed",
                "close it; a value that begins with a quote goes within quotes of the other kind",
            ),
            Known::Behind => (
                ENV_SYNTAX,
                "there is text behind the closing quote",
                "take it out, or put the whole value in quotes; a comment begins with ` #`",
            ),
            Known::Line => (
                ENV_SYNTAX,
                "this is no assignment that can be read",
                "write `NAME=value`, or `#` before it; a value of several lines wants quotes",
            ),
            Known::Nul => (
                ENV_SYNTAX,
                "there is a NUL character, and no variable can hold one",
                "take it out; bytes go into a variable as base64",
            ),
            Known::Long => (
                ENV_SYNTAX,
                "the value is longer than 128 KiB, the most that a process can be given",
                "put it in a file, and its path in the variable",
            ),
            Known::Reference => (
                ENV_SYNTAX,
                "`${` begins a reference that cannot be read",
                "close it with `}`; single quotes make it text",
            ),
            Known::Required => (
                ENV_SYNTAX,
                "the reference wants a variable that this file does not set",
                "set it here, or where the program is started",
            ),
            Known::Runaway => (
                ENV_SYNTAX,
                "the references grow beyond 1 MiB",
                "look which of them name each other",
            ),
            Known::Utf16 => (
                ENV_ENCODING,
                "the file is UTF-16",
                "save it as UTF-8: in an editor, or with `iconv -f UTF-16 -t UTF-8`",
            ),
            Known::NotUtf8 => (
                ENV_ENCODING,
                "these bytes are not UTF-8",
                "save the file as UTF-8: readers put other characters in their place, or stop",
            ),
            Known::Large => (
                ENV_ENCODING,
                "the file is larger than 64 MiB; this is its longest line",
                "no env file holds as much: put the data in a file, and its path in the variable",
            ),
        }
    }
}
