//! Values that somebody was to replace, and hosts that are kept free for examples, in files that are read.

use super::Subject;
use crate::dotenv::Entry;
use crate::finding::{Finding, Severity, code};
use crate::schema::{Required, Variable};
use crate::variable::placeholder::{self, Certainty};

/// Every value that only holds a place.
pub(super) fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    if !subject.is_real() {
        return Vec::new();
    }
    let values = subject.values();
    values
        .filter_map(|(entry, value)| one(subject, entry, value))
        .collect()
}

fn one(subject: &Subject<'_>, entry: &Entry, value: &str) -> Option<Finding> {
    let variable = subject.effective().get(&entry.key);
    if variable.is_some_and(|variable| is_asked_for(variable, value)) {
        return None;
    }
    let span = Subject::at_value(entry);
    let found = |what: &str, help: &str| {
        let message = format!("`{}` {what}", entry.key);
        subject.found(code::ENV_PLACEHOLDER, &span, message, help)
    };
    let Some(certainty) = placeholder::of(value) else {
        if !subject.is_deployed() || !names_example_host(&entry.key, value) {
            return None;
        }
        let mut finding = found(
            "names a host that is kept free for examples, where nobody answers",
            "write the host that this environment has",
        );
        finding.severity = Severity::Warning;
        return Some(finding);
    };
    let mut finding = match certainty {
        Certainty::Sure => found(
            "still has the text that was to be replaced",
            "write its value, or take the line out where nothing needs it",
        ),
        Certainty::Likely => found(
            "looks like a text that was to be replaced",
            "write its value; where this is one, say so by `const` or `enum` in the schema",
        ),
    };
    finding.severity = severity(subject, variable, certainty);
    Some(finding)
}

/// Whether the schema itself asks for this very value.
fn is_asked_for(variable: &Variable, value: &str) -> bool {
    let constant = variable
        .constant
        .as_ref()
        .is_some_and(|said| said.value == value);
    let default = variable
        .default
        .as_ref()
        .is_some_and(|said| said.value == value);
    constant || default || variable.choices.is_some() || variable.hosts.is_some()
}

/// It blocks where the program is meant to run by it: in what is deployed, and where the schema asks for a value.
fn severity(subject: &Subject<'_>, variable: Option<&Variable>, certainty: Certainty) -> Severity {
    if certainty == Certainty::Likely {
        return Severity::Warning;
    }
    // A committed file holds no secrets: there, something stands for what comes from elsewhere.
    let is_elsewhere = subject.asked().is_committed && variable.is_some_and(Variable::is_secret);
    let required = variable.and_then(|variable| variable.required.as_ref());
    let is_required = required.is_some_and(|said| match &said.value {
        Required::Always => true,
        Required::In(environments) => subject
            .asked()
            .environment
            .is_some_and(|here| environments.iter().any(|name| name == here)),
        Required::Never | Required::When(_) => false,
    });
    if subject.is_deployed() || is_required && !is_elsewhere {
        Severity::Error
    } else {
        Severity::Warning
    }
}

/// Whether an address, a mail address or what is called a host is one for examples.
fn names_example_host(key: &str, value: &str) -> bool {
    let host = match value.split_once("://") {
        Some((_, rest)) => {
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let place = rest[..end].rsplit('@').next().unwrap_or_default();
            place.split(':').next().unwrap_or_default()
        }
        None => match value.rsplit_once('@') {
            Some((_, host)) => host.trim_end_matches('>'),
            None if key.ends_with("HOST") || key.ends_with("DOMAIN") => value,
            None => return false,
        },
    };
    placeholder::is_example_host(host)
}

#[cfg(test)]
mod tests {
    use crate::env::tests::{Case, told};

    const SCHEMA: &str = "\
variables:
  NEEDED: { required: true }
  KEY: { secret: true, required: true }
  MODE: { enum: [placeholder, blur] }
  LATER: { required: [production] }
environments: { production: {}, staging: {}, development: {} }
";

    #[test]
    fn placeholders_block_where_the_program_runs_by_them() {
        let case = |path: &'static str| Case::of(path).schema(SCHEMA);
        for (case, text, expected) in [
            (case(".env"), "A=your-key\n", "1:3 warning ENV-PLACEHOLDER"),
            (
                case(".env"),
                "NEEDED=\"<value>\"\n",
                "1:8 error ENV-PLACEHOLDER",
            ),
            (
                case(".env"),
                "LATER=changeme\n",
                "1:7 warning ENV-PLACEHOLDER",
            ),
            (
                case(".env.production"),
                "LATER=changeme\n",
                "1:7 error ENV-PLACEHOLDER",
            ),
            (
                case(".env.staging"),
                "  A = TODO\n",
                "1:7 error ENV-PLACEHOLDER",
            ),
            (
                case(".env.production"),
                "A=example\n",
                "1:3 warning ENV-PLACEHOLDER",
            ),
            (case(".env"), "KEY=changeme\n", "1:5 error ENV-PLACEHOLDER"),
            (
                case(".env").committed(),
                "KEY=changeme\n",
                "1:5 warning ENV-PLACEHOLDER",
            ),
            (case(".env"), "MODE=placeholder\n", ""),
            (case(".env.example"), "A=your-key\nKEY=changeme\n", ""),
            (case("tests/.env").named(), "A=your-key\n", ""),
            (
                case(".env"),
                "A=https://your-domain-registry.io\nB=redis://todo:x@h\n",
                "",
            ),
            (case(".env"), "A=https://api.example.com\n", ""),
            (
                case(".env.production"),
                "A=https://api.example.com:8/x\n",
                "1:3 warning ENV-PLACEHOLDER",
            ),
            (
                case(".env.production"),
                "A=Me <me@example.org>\n",
                "1:3 warning ENV-PLACEHOLDER",
            ),
            (
                case(".env.production"),
                "A=example.org\nA_HOST=example.org\n",
                "2:8 warning ENV-PLACEHOLDER",
            ),
        ] {
            assert_eq!(told(&case, text, "ENV-PLACEHOLDER"), expected, "{text}");
        }
    }

    #[test]
    fn what_the_schema_says_of_a_value_is_the_one_thing_that_is_told() {
        let schema = "variables: { A: { type: int } }";
        let case = Case::of(".env.production").schema(schema);
        assert_eq!(told(&case, "A=changeme\n", ""), "1:3 error ENV-TYPE");
    }
}
