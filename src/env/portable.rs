//! Where two readers of the project get different values: who reads what, told without the values.

mod told;

use super::Subject;
use super::rewriting::Mendable;
use super::written::{bounded, called};
use crate::dotenv::{self, Cause, Dialect, Difference, Edit, Told};
use crate::finding::code::ENV_PORTABILITY;
use crate::finding::{Finding, Fix, Severity};
use crate::secret::Secret;

/// Everything that readers disagree about.
pub(super) fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    let found = found(subject).into_iter();
    found.map(|found| found.finding).collect()
}

/// The same, with what mends it.
pub(super) fn found(subject: &Subject<'_>) -> Vec<Mendable> {
    let asked = subject.asked();
    if asked.readers.len() < 2 {
        return cut(subject);
    }
    let all = dotenv::differences(asked.bytes, asked.readers).into_iter();
    let (certain, open): (Vec<_>, Vec<_>) = all.partition(Difference::is_certain);
    let mut found: Vec<Mendable> = certain
        .into_iter()
        .map(|difference| certainly(subject, difference))
        .collect();
    found.extend(perhaps(subject, &open).map(Mendable::by_hand));
    bounded(subject, found)
}

/// Values of which the one reader gets only what stands before a `#`: hardly anybody means that.
fn cut(subject: &Subject<'_>) -> Vec<Mendable> {
    let asked = subject.asked();
    if asked.readers != [Dialect::Node] {
        return Vec::new();
    }
    let all = dotenv::differences(asked.bytes, &[Dialect::Node, Dialect::Python]).into_iter();
    let cut = all.filter(|difference| difference.causes == [Cause::Hash]);
    let found = cut.map(|difference| {
        let length = |dialect: Dialect| {
            let mut readings = difference.readings.iter();
            let reading = readings.find(|reading| reading.dialect == dialect);
            match reading.map(|reading| &reading.told) {
                Some(Told::Value { value, .. }) => value.reveal().chars().count(),
                _ => 0,
            }
        };
        let message = format!(
            "node ends {} at `#`: it gets {} of {} characters",
            called(&difference.key),
            length(Dialect::Node),
            length(Dialect::Python),
        );
        let help = "put the value in quotes, or a blank before a comment";
        let fix = fix(subject, &difference);
        let is_mended = fix != Fix::None;
        let mut finding = subject.found(ENV_PORTABILITY, &difference.span, message, help);
        finding.fix = fix;
        let rewrite = difference.rewrite.filter(|_| is_mended);
        Mendable {
            finding,
            changes: is_mended.then_some(difference.key),
            edits: rewrite.into_iter().collect(),
        }
    });
    bounded(subject, found.collect())
}

/// A difference that is known.
fn certainly(subject: &Subject<'_>, difference: Difference) -> Mendable {
    let readings = told::readings(subject.asked().bytes, &difference);
    let message = format!(
        "{} is not the same to all who read it: {readings}",
        called(&difference.key)
    );
    let help = help(&difference);
    let mut finding = subject.found(ENV_PORTABILITY, &difference.span, message, help);
    let fix = fix(subject, &difference);
    finding.fix = fix;
    let is_mended = fix != Fix::None;
    Mendable {
        finding,
        changes: is_mended.then_some(difference.key),
        edits: difference
            .rewrite
            .filter(|_| is_mended)
            .into_iter()
            .collect(),
    }
}

/// What Railway makes of some lines is not published: one word about all of them.
fn perhaps(subject: &Subject<'_>, open: &[Difference]) -> Option<Finding> {
    let first = open.first()?;
    let what = match open.len() {
        1 => "a value here".to_owned(),
        count => format!("{count} values here"),
    };
    let message = format!(
        "Railway says nowhere what it makes of `export` and escapes: {what} may be another there"
    );
    let help = "write `NAME=value` without `export` and without backslashes in double quotes";
    let mut finding = subject.found(ENV_PORTABILITY, &first.span, message, help);
    finding.severity = Severity::Info;
    Some(finding)
}

/// How daring the rewriting is: where a reader gets another value than before, somebody has to want it.
fn fix(subject: &Subject<'_>, difference: &Difference) -> Fix {
    let Some(rewrite) = &difference.rewrite else {
        return Fix::None;
    };
    let Some(becomes) = becomes(subject, difference, rewrite) else {
        return Fix::None;
    };
    let is_kept = difference
        .readings
        .iter()
        .all(|reading| match &reading.told {
            Told::Value { key, value } => *key == difference.key && *value == becomes,
            _ => true,
        });
    if is_kept { Fix::Safe } else { Fix::Unsafe }
}

/// What every reader gets of the rewriting.
fn becomes(subject: &Subject<'_>, difference: &Difference, rewrite: &Edit) -> Option<Secret> {
    let reader = subject.file().dialect();
    let file = dotenv::parse(rewrite.text.reveal().as_bytes(), reader);
    let mut read = file.effective();
    let found = read.find(|entry| entry.key == difference.key)?;
    found.value.clone()
}

/// Why they differ, and how all read the same.
fn help(difference: &Difference) -> String {
    let why: Vec<&str> = difference
        .causes
        .iter()
        .filter(|cause| **cause != Cause::Other || difference.causes.len() == 1)
        .take(2)
        .map(|cause| cause.words())
        .collect();
    let rewrite = difference.rewrite.as_ref().map(|edit| edit.text.reveal());
    let behind = rewrite.and_then(|text| text.split_once('='));
    let way = match behind.map(|(_, value)| value.as_bytes().first().copied()) {
        Some(Some(b'\'')) => "in single quotes all read the same",
        Some(Some(b'"')) => "in double quotes all read the same",
        Some(_) => "as `NAME=value` without quotes all read the same",
        None => told::way_out(&difference.causes),
    };
    format!("{}; {way}", why.join("; "))
}

#[cfg(test)]
mod tests;
