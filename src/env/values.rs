//! The values of a file against what the schema asks of its environment.

use super::Subject;
use crate::dotenv::Entry;
use crate::dotenv::name::Role;
use crate::finding::code::{self, Code};
use crate::finding::{Finding, Severity};
use crate::schema::{self, Breach, Broken};
use crate::secret::Secret;
use crate::variable::placeholder;

/// What is wrong with the values, and what is missing.
pub(super) fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    if subject.file().refused().is_some() {
        return Vec::new();
    }
    let entries: Vec<&Entry> = subject
        .file()
        .entries()
        .iter()
        .filter(|e| e.is_read)
        .collect();
    let mut given = entries
        .iter()
        .map(|entry| (entry.key.as_str(), value(entry)));
    let broken = schema::judge(subject.effective(), &mut given);
    let told = broken
        .iter()
        .filter(|broken| is_told(subject, broken, &entries));
    told.map(|broken| finding(subject, &entries, broken))
        .collect()
}

/// What a program would get.
fn value(entry: &Entry) -> &str {
    entry.value.as_ref().map_or("", Secret::reveal)
}

/// Whether this is said of this file.
fn is_told(subject: &Subject<'_>, broken: &Broken, entries: &[&Entry]) -> bool {
    let asked = subject.asked();
    match broken.breach {
        Breach::Unknown => subject.has_schema(),
        // What an example lacks is told by who judges examples, and what holds a place is meant to.
        Breach::Missing
        | Breach::Cors
        | Breach::Debug
        | Breach::Localhost
        | Breach::StagingHost
            if subject.role() == Role::Example =>
        {
            false
        }
        _ if subject.role() == Role::Example => {
            let entry = broken.entry.and_then(|number| entries.get(number));
            let value = entry.map(|entry| value(entry));
            value.is_none_or(|value| !value.is_empty() && placeholder::of(value).is_none())
                || broken.breach == Breach::Deprecated
        }
        Breach::Missing => {
            let is_needed = asked.needs.is_none_or(|needs| needs.contains(&broken.key));
            is_needed && !asked.beside.contains(&broken.key)
        }
        _ => true,
    }
}

fn finding(subject: &Subject<'_>, entries: &[&Entry], broken: &Broken) -> Finding {
    let code = code_of(broken.breach);
    let entry = broken.entry.and_then(|number| entries.get(number));
    let is_shown = entry.is_none_or(|entry| entry.shown_key().is_some());
    let message = if is_shown {
        format!("`{}` {}", broken.key, broken.what)
    } else {
        format!("a name here {}", broken.what)
    };
    let schema = &subject.asked().schema.source;
    let help = match broken.rule {
        Some(rule) => {
            let line = schema.position(rule.range().start).line;
            format!("{} ({}:{line})", broken.help, schema.name())
        }
        None if !is_shown => {
            "if it is a line of the value above, put that value in quotes".to_owned()
        }
        None => broken.help.clone(),
    };
    let is_about_name = matches!(broken.breach, Breach::Unknown | Breach::Deprecated);
    let mut finding = match entry {
        Some(entry) if is_about_name => subject.found(code, &entry.key_span, message, help),
        Some(entry) => subject.found(code, &Subject::at_value(entry), message, help),
        None => subject.in_file(code, message, help),
    };
    finding.severity = severity(subject, broken);
    finding
}

/// How grave it is: a secret that a committed file lacks belongs elsewhere.
fn severity(subject: &Subject<'_>, broken: &Broken) -> Severity {
    let variable = subject.effective().get(&broken.key);
    let is_secret = variable.is_some_and(schema::Variable::is_secret);
    match broken.breach {
        Breach::Missing if subject.asked().is_committed && is_secret => Severity::Warning,
        // A test run gets from elsewhere what its file does not say, or does without.
        Breach::Missing if is_for_tests(subject) => Severity::Warning,
        breach if subject.role() == Role::Example => breach.severity().min(Severity::Warning),
        breach => breach.severity(),
    }
}

/// Whether the file's name says that it serves test runs, and the schema knows no such environment.
fn is_for_tests(subject: &Subject<'_>) -> bool {
    let asked = subject.asked();
    let named = asked.environment.unwrap_or_default();
    let is_known = asked.schema.schema.environment(named).is_some();
    ["test", "testing", "ci", "e2e"].contains(&named) && !is_known
}

/// The code of a kind of trouble.
pub(super) fn code_of(breach: Breach) -> Code {
    let code = Code::by_id(breach.code());
    *code.unwrap_or(&code::ENV_TYPE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_trouble_has_its_code() {
        for breach in Breach::ALL {
            let code = code_of(breach);
            assert_eq!(code.id, breach.code());
            assert_eq!(code.severity, breach.severity(), "{}", code.id);
        }
    }
}
