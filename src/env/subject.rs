//! One env file with everything that is known about it before it is judged.

use std::collections::HashSet;
use std::ops::Range;

use super::place::Lines;
use crate::dotenv::name::{self, Role};
use crate::dotenv::{self, Dialect, Entry, File};
use crate::finding::code::Code;
use crate::finding::{Finding, Place};
use crate::path::RepoPath;
use crate::schema::{Effective, Read, Stage};

/// What is to be judged, and how.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) path: &'a RepoPath,
    pub(crate) bytes: &'a [u8],
    /// Who reads it, the most important first.
    pub(crate) readers: &'a [Dialect],
    /// What the schema says; one without variables where the project has none.
    pub(crate) schema: &'a Read,
    /// By the rules of which environment; none for the base.
    pub(crate) environment: Option<&'a str>,
    /// Whether a commit is judged that holds it: then it should hold no secrets, and these come from elsewhere.
    pub(crate) is_committed: bool,
    /// Whether somebody named this very file.
    pub(crate) is_named: bool,
    /// What other files set which are read together with this one.
    pub(crate) beside: &'a HashSet<String>,
    /// The only variables that its package needs, where its example says so.
    pub(crate) needs: Option<&'a HashSet<String>>,
}

/// A file that was read.
pub(crate) struct Subject<'a> {
    asked: &'a Asked<'a>,
    role: Role,
    file: File,
    lines: Lines<'a>,
    effective: Effective<'a>,
}

impl<'a> Subject<'a> {
    pub(crate) fn of(asked: &'a Asked<'a>) -> Self {
        let reader = asked.readers.first().copied().unwrap_or(Dialect::Node);
        Self {
            asked,
            role: name::role(asked.path).unwrap_or(Role::Private),
            file: dotenv::parse(asked.bytes, reader),
            lines: Lines::of(asked.bytes),
            effective: asked.schema.schema.for_environment(asked.environment),
        }
    }

    /// What was asked.
    pub(crate) fn asked(&self) -> &'a Asked<'a> {
        self.asked
    }

    /// What kind of file it is.
    pub(crate) fn role(&self) -> Role {
        self.role
    }

    /// The file as its first reader sees it.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Every entry that has a value, with it.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&Entry, &str)> {
        let read = self.file.entries().iter().filter(|entry| entry.is_read);
        let valued = read.filter_map(|entry| Some((entry, entry.value.as_ref()?.reveal())));
        valued.filter(|(_, value)| !value.is_empty())
    }

    /// Whether it is read where something runs: an example and what serves tests is not.
    pub(crate) fn is_real(&self) -> bool {
        matches!(self.role, Role::Private | Role::Shared)
    }

    /// Whether its environment is one that a platform runs.
    pub(crate) fn is_deployed(&self) -> bool {
        matches!(
            self.effective.stage,
            Some(Stage::Staging | Stage::Production)
        )
    }

    /// What holds in its environment.
    pub(crate) fn effective(&self) -> &Effective<'a> {
        &self.effective
    }

    /// Whether the project says anything about its variables.
    pub(crate) fn has_schema(&self) -> bool {
        let schema = &self.asked.schema.schema;
        !schema.variables.is_empty() || !schema.environments.is_empty()
    }

    /// The line of an offset.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        self.lines.position(offset).line
    }

    /// A finding about a stretch of the file.
    pub(crate) fn found(
        &self,
        code: Code,
        span: &Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Finding {
        let mut finding = Finding::new(super::CHECK, code, message, help);
        finding.place = Some(Place {
            path: self.asked.path.clone(),
            span: Some(self.lines.span(span)),
        });
        finding
    }

    /// A finding about the file as a whole.
    pub(crate) fn in_file(
        &self,
        code: Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Finding {
        Finding::new(super::CHECK, code, message, help).in_file(self.asked.path.clone())
    }

    /// Where a finding about an entry's value is told: at the value, or at the name where there is none.
    pub(crate) fn at_value(entry: &Entry) -> Range<usize> {
        let value = entry.value_span.clone().filter(|span| !span.is_empty());
        value.unwrap_or_else(|| entry.key_span.clone())
    }
}
