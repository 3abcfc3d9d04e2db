//! What is told about the variables that sources use.

use super::client::{Exposed, Gravity};
use super::{At, Undeclared, Used};
use crate::env::CHECK;
use crate::finding::code::{self, Code};
use crate::finding::{Finding, Place, Position, Severity};
use crate::path::RepoPath;
use crate::schema::{self, Read, Variable};
use crate::usage::{Source, Spot, Why};
use crate::variable::{Reading, Way};

/// So many sources that were not understood are named one by one.
const MOST_UNREAD: usize = 20;

impl Used<'_> {
    /// Everything that is to be said, one finding a variable.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.exposed().iter().map(exposed).collect();
        let told: Vec<&str> = self.exposed().iter().map(|one| one.name).collect();
        let undeclared = self.undeclared().into_iter();
        // What must not be read there needs no place in the schema first.
        let undeclared = undeclared.filter(|one| !told.contains(&one.name));
        findings.extend(undeclared.map(|one| self::undeclared(&one)));
        if self.sees_all() {
            let unused = self.unused().into_iter();
            findings.extend(unused.filter_map(|variable| self.unused_finding(variable)));
        }
        findings.extend(self.dynamic_finding());
        findings.extend(self.unread_findings());
        findings
    }

    fn unused_finding(&self, variable: &Variable) -> Option<Finding> {
        let message = format!(
            "`{}` is in the schema, and no source here names it",
            variable.name
        );
        let has = |read: &&Read| super::variables(read).any(|one| std::ptr::eq(one, variable));
        let source = &self.schemas.iter().copied().find(has)?.source;
        let span = variable.at.range();
        let position = |offset: usize| {
            let position = source.position(offset);
            Position {
                line: u32::try_from(position.line).unwrap_or(u32::MAX),
                column: u32::try_from(position.column).unwrap_or(u32::MAX),
            }
        };
        let mut finding = Finding::new(
            CHECK,
            code::ENV_UNUSED,
            message,
            "take it out, unless something that is not in this repository reads it",
        );
        finding.place = Some(Place {
            path: RepoPath::from(source.name()),
            span: Some((position(span.start), position(span.end))),
        });
        Some(finding)
    }

    fn dynamic_finding(&self) -> Option<Finding> {
        let all = self.dynamic();
        let first = all.first()?;
        let message = match all.len() {
            1 => "1 place reads a variable whose name only the running program knows".to_owned(),
            count => {
                format!("{count} places read variables whose names only the running program knows")
            }
        };
        let help = "where the names are few, write them out: then guard can tell which are missing and which are \
                    not needed any more";
        Some(at(code::ENV_DYNAMIC, *first, message, help))
    }

    fn unread_findings(&self) -> Vec<Finding> {
        let unread = self.usage.unread.iter();
        let unread = unread.map(|unread| (&unread.path, words(unread.why)));
        let rough = self
            .rough()
            .map(|source| (&source.path, reading(source.content.reading)));
        let all: Vec<(&RepoPath, &str)> = unread.chain(rough).collect();
        let mut findings: Vec<Finding> = all
            .iter()
            .take(MOST_UNREAD)
            .map(|(path, what)| {
                unread_finding(format!("this source {what}")).in_file((*path).clone())
            })
            .collect();
        let more = all.len().saturating_sub(MOST_UNREAD);
        if more > 0 {
            findings.push(unread_finding(format!(
                "{more} more sources were not read as a whole"
            )));
        }
        findings
    }
}

fn unread_finding(message: String) -> Finding {
    let help = "variables that only it names look unused, or are not seen to be missing";
    Finding::new(CHECK, code::ENV_UNREAD, message, help)
}

/// Why a source was not read.
pub(super) fn words(why: Why) -> &'static str {
    match why {
        Why::TooLong => "is longer than 16 MB, and was not read",
        Why::NoBytes => "could not be read",
    }
}

/// How a source was read.
pub(super) fn reading(reading: Reading) -> &'static str {
    match reading {
        Reading::Whole => "was read as a whole",
        Reading::Broken => "has mistakes in its syntax: what stands beside them was read",
        Reading::Rough => "was searched for the usual words only",
    }
}

fn undeclared(one: &Undeclared<'_>) -> Finding {
    let message = format!(
        "`{}` is read here, and the schema does not have it",
        one.name
    );
    let help = match one.near {
        Some(near) => format!(
            "did you mean `{near}`? Otherwise add it to `{}`",
            schema::PATH
        ),
        None => format!("add it to `{}`", schema::PATH),
    };
    at(code::ENV_UNDECLARED, one.at, message, help)
}

fn exposed(one: &Exposed<'_>) -> Finding {
    let Exposed { name, why, .. } = one;
    let (is, help) = match one.gravity {
        Gravity::Secret => (
            "is a secret by the schema",
            "read it on the server, and hand on only what the page may show".to_owned(),
        ),
        Gravity::Server => (
            "is only for the server by the schema",
            "read it on the server, and hand on only what the page may show".to_owned(),
        ),
        Gravity::Absent | Gravity::Doubtful => (
            "has no public prefix",
            format!(
                "read it on the server; or, if every visitor may see it, give its name the prefix of your \
                 framework (`{}`), or say `visibility: public` in `{}` where the build hands it out otherwise",
                prefixed(one.at, name),
                schema::PATH
            ),
        ),
    };
    let message = format!("`{name}` {is}, and code for browsers names it: {why}");
    let mut finding = at(code::ENV_CLIENT, one.at, message, help);
    if one.gravity == Gravity::Doubtful {
        finding.severity = Severity::Warning;
    }
    finding
}

/// The name with the prefix that lets it into the browser.
fn prefixed((_, spot): At<'_>, name: &str) -> String {
    let prefix = match spot.way {
        Way::Bundle => "VITE_",
        Way::Process => "NEXT_PUBLIC_",
    };
    format!("{prefix}{name}")
}

/// A finding at a place of a source.
fn at(
    code: Code,
    (source, spot): (&Source, &Spot),
    message: impl Into<String>,
    help: impl Into<String>,
) -> Finding {
    let mut finding = Finding::new(CHECK, code, message, help);
    let start = Position {
        line: spot.line,
        column: spot.column,
    };
    let length = u32::try_from(spot.name.chars().count().max(1)).unwrap_or(1);
    let end = Position {
        line: spot.line,
        column: spot.column.saturating_add(length),
    };
    finding.place = Some(Place {
        path: source.path.clone(),
        span: Some((start, end)),
    });
    finding
}
