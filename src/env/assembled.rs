//! What a program is going to see: the variables of the process, and under them those of files, each with its place.

use std::collections::BTreeMap;
use std::ops::Range;

use super::place::Lines;
use super::values::code_of;
use crate::dotenv::{self, Dialect};
use crate::environment::Environment;
use crate::finding::{Finding, Place, Position, code};
use crate::path::RepoPath;
use crate::schema::{self, Breach, Broken, Read};
use crate::secret::Secret;

/// An env file.
pub(crate) struct Layer {
    /// As it is told.
    pub(crate) path: RepoPath,
    pub(crate) bytes: Vec<u8>,
}

/// What is added to the process's variables, and what is wrong with all of them together.
#[derive(Default)]
pub(crate) struct Seen {
    /// Only what the process does not have.
    pub(crate) added: BTreeMap<String, Secret>,
    pub(crate) findings: Vec<Finding>,
}

/// A value in a file.
struct Stood<'l> {
    value: Secret,
    layer: &'l Layer,
    span: Range<usize>,
}

/// Puts files under the process's variables, the last file over those before it, and judges what the schema knows.
pub(crate) fn see(
    layers: &[Layer],
    reader: Dialect,
    environment: &Environment,
    (schema, name): (&Read, &str),
) -> Seen {
    let mut seen = Seen::default();
    let mut standing: BTreeMap<String, Stood<'_>> = BTreeMap::new();
    for layer in layers {
        take(
            layer,
            reader,
            environment,
            &mut standing,
            &mut seen.findings,
        );
    }
    standing.retain(|name, _| environment.os(name).is_none());
    let effective = schema.schema.for_environment(Some(name));
    // What is no text is judged as near to it as can be: a program would get it so, too.
    let of_process = environment.iter().filter_map(|(name, value)| {
        let name = name.to_str()?;
        Some((name.to_owned(), value.to_string_lossy().into_owned(), None))
    });
    let of_files = standing.iter().map(|(name, stood)| {
        let value = stood.value.reveal().to_owned();
        (name.clone(), value, Some(stood))
    });
    // Of what else there is nobody said anything.
    let given: Vec<_> = of_process
        .chain(of_files)
        .filter(|(name, ..)| effective.get(name).is_some())
        .collect();
    let mut values = given
        .iter()
        .map(|(name, value, _)| (name.as_str(), value.as_str()));
    for broken in schema::judge(&effective, &mut values) {
        let stood = broken.entry.and_then(|entry| given[entry].2);
        seen.findings.push(finding(schema, &broken, stood));
    }
    let added = standing.into_iter();
    seen.added = added.map(|(name, stood)| (name, stood.value)).collect();
    seen
}

fn take<'l>(
    layer: &'l Layer,
    reader: Dialect,
    environment: &Environment,
    standing: &mut BTreeMap<String, Stood<'l>>,
    findings: &mut Vec<Finding>,
) {
    let lookup = |name: &str| environment.text(name).map(str::to_owned);
    let file = dotenv::parse_with(&layer.bytes, reader, &lookup);
    if let Some(problem) = file.refused() {
        let message = format!(
            "{} reads nothing of this file: {}",
            reader.word(),
            problem.kind.words()
        );
        let help = "mend the place: until then not one of its variables is set";
        findings.push(at(
            layer,
            &problem.span,
            code::ENV_UNREADABLE,
            message,
            help,
        ));
        return;
    }
    for entry in file.effective() {
        let Some(value) = entry.value.clone() else {
            continue;
        };
        let span = super::Subject::at_value(entry);
        let is_odd = |text: &str| text.contains('\0');
        if is_odd(value.reveal()) || is_odd(&entry.key) || entry.key.is_empty() {
            let message = "a variable with a NUL in it, which no program can be given";
            let help = "take the character out";
            findings.push(at(layer, &span, code::ENV_UNREADABLE, message, help));
            continue;
        }
        let stood = Stood { value, layer, span };
        standing.insert(entry.key.clone(), stood);
    }
}

fn at(
    layer: &Layer,
    span: &Range<usize>,
    code: code::Code,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Finding {
    let mut finding = Finding::new(super::CHECK, code, message, help);
    finding.place = Some(Place {
        path: layer.path.clone(),
        span: Some(Lines::of(&layer.bytes).span(span)),
    });
    finding
}

/// What is wrong, where it stands: in a file, with the process, or in the schema where it stands nowhere.
fn finding(schema: &Read, broken: &Broken, stood: Option<&Stood<'_>>) -> Finding {
    let code = code_of(broken.breach);
    let (name, what) = (&broken.key, &broken.what);
    let mut finding = match (stood, broken.entry) {
        (Some(stood), _) => {
            let message = format!("`{name}` {what}");
            at(stood.layer, &stood.span, code, message, broken.help.clone())
        }
        (None, Some(_)) => {
            let message = format!("`{name}` of the process {what}");
            Finding::new(super::CHECK, code, message, broken.help.clone())
        }
        (None, None) => {
            let message = format!("`{name}` {what}");
            let finding = Finding::new(super::CHECK, code, message, broken.help.clone());
            in_schema(finding, schema, broken)
        }
    };
    finding.severity = broken.severity();
    finding
}

/// The same at the rule that asks for it.
pub(super) fn in_schema(mut finding: Finding, schema: &Read, broken: &Broken) -> Finding {
    let place = broken.rule.map(|rule| {
        let position = |offset: usize| {
            let place = schema.source.position(offset);
            let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            Position {
                line: number(place.line),
                column: number(place.column),
            }
        };
        let rule = rule.range();
        Place {
            path: schema::PATH.into(),
            span: Some((position(rule.start), position(rule.end))),
        }
    });
    finding.place = place;
    finding
}

/// What a list of values lacks, as a finding at the schema's rule.
pub(crate) fn missing(schema: &Read, broken: &Broken) -> Finding {
    debug_assert_eq!(broken.breach, Breach::Missing);
    let message = format!("`{}` {}", broken.key, broken.what);
    let finding = Finding::new(
        super::CHECK,
        code_of(broken.breach),
        message,
        broken.help.clone(),
    );
    in_schema(finding, schema, broken)
}

#[cfg(test)]
mod tests;
