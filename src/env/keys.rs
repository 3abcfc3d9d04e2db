//! Keys in the wrong world: live ones outside production, and test keys in it.

pub(super) mod table;

use super::Subject;
use crate::dotenv::Entry;
use crate::finding::{Finding, Severity, code};
use crate::schema::{Stage, Variable};
use crate::variable::placeholder;
use table::{Kind, Sight, World};

/// Every key that does not belong where the file is read.
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
    let kind = table::kind_of(value)?;
    let variable = subject.effective().get(&entry.key);
    let is_asked_for = variable.is_some_and(|variable| is_asked_for(variable, kind));
    if is_asked_for || placeholder::of(value).is_some() {
        return None;
    }
    let stage = subject.effective().stage;
    let names_world = |words: &[&str]| {
        let mut parts = entry.key.split('_');
        parts.any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
    };
    let place = subject.asked().environment.map(crate::config::names::shown);
    let whose = kind.whose;
    let (code, severity, message, help) = match (kind.world, stage) {
        (World::Live, Some(Stage::Production)) => return None,
        (World::Live, stage) => {
            let severity = match stage {
                // A name that says `LIVE` was chosen by somebody who knew.
                Some(_) if names_world(&["live", "prod", "production"]) => Severity::Warning,
                Some(_) => Severity::Error,
                None => Severity::Warning,
            };
            let place = match place {
                Some(place) => format!("in {place}"),
                None => "in a file that does not say for which environment it is".to_owned(),
            };
            (
                code::ENV_LIVE_KEY,
                milder(severity, kind),
                format!(
                    "`{}` holds a live key of the form of {whose}'s (`{}…`) {place}",
                    entry.key, kind.prefix
                ),
                match stage {
                    Some(_) => {
                        "use the test key here, and rotate the live one if others saw this file"
                    }
                    None => {
                        "a live key belongs in production only: use the test key here, or name the file `.env.production`"
                    }
                },
            )
        }
        (World::Test, Some(Stage::Production)) => {
            // Both pairs may stand beside each other, each under its name.
            if names_world(&["test", "sandbox", "dev", "development", "staging"]) {
                return None;
            }
            (
                code::ENV_TEST_KEY,
                Severity::Error,
                format!(
                    "`{}` holds a test key of the form of {whose}'s (`{}…`) in production",
                    entry.key, kind.prefix
                ),
                "write the live key where production gets its secrets from",
            )
        }
        (World::Test, _) => return None,
    };
    let mut finding = subject.found(code, &Subject::at_value(entry), message, help);
    finding.severity = severity;
    Some(finding)
}

/// A key that everybody may see does less harm in the wrong place.
fn milder(severity: Severity, kind: &Kind) -> Severity {
    match (kind.sight, severity) {
        (Sight::Secret, severity) => severity,
        (Sight::Open, Severity::Error) => Severity::Warning,
        (Sight::Open, _) => Severity::Info,
    }
}

/// Whether the schema says that such a key belongs here.
fn is_asked_for(variable: &Variable, kind: &Kind) -> bool {
    let prefixes = variable.prefix.as_ref().map(|said| said.value.as_slice());
    let begins = |said: &String| said.starts_with(kind.prefix);
    variable.constant.is_some()
        || variable.choices.is_some()
        || prefixes.is_some_and(|said| said.iter().any(begins))
        || variable
            .pattern
            .as_ref()
            .is_some_and(|said| said.value.contains(kind.prefix))
}

#[cfg(test)]
mod tests {
    use crate::env::tests::{Case, told};

    const LIVE: &str = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";
    const TEST: &str = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";

    #[test]
    fn each_key_belongs_to_one_world() {
        let case = |path: &'static str| {
            Case::of(path).schema("variables: {}\nenvironments: { blue: { kind: staging } }\n")
        };
        for (case, name, value, expected) in [
            (case(".env.staging"), "KEY", LIVE, "1:5 error ENV-LIVE-KEY"),
            (
                case(".env.development"),
                "KEY",
                LIVE,
                "1:5 error ENV-LIVE-KEY",
            ),
            (case(".env.test"), "KEY", LIVE, "1:5 error ENV-LIVE-KEY"),
            (case(".env.blue"), "KEY", LIVE, "1:5 error ENV-LIVE-KEY"),
            (case(".env"), "KEY", LIVE, "1:5 warning ENV-LIVE-KEY"),
            (case(".env.local"), "KEY", LIVE, "1:5 warning ENV-LIVE-KEY"),
            (
                case(".env.staging"),
                "LIVE_KEY",
                LIVE,
                "1:10 warning ENV-LIVE-KEY",
            ),
            (case(".env.production"), "KEY", LIVE, ""),
            (
                case(".env.staging"),
                "KEY",
                "pk_live_4eC39HqLyjWDarjtT1zdp7dc",
                "1:5 warning ENV-LIVE-KEY",
            ),
            (
                case(".env"),
                "KEY",
                "pk_live_4eC39HqLyjWDarjtT1zdp7dc",
                "1:5 info ENV-LIVE-KEY",
            ),
            (
                case(".env.production"),
                "KEY",
                TEST,
                "1:5 error ENV-TEST-KEY",
            ),
            (
                case(".env.production"),
                "KEY",
                "sandbox-sq0idb-abcdefghijk",
                "1:5 error ENV-TEST-KEY",
            ),
            (
                case(".env.production"),
                "KEY",
                "pdl_sdbx_apikey_01gtgztp8f4kek3",
                "1:5 error ENV-TEST-KEY",
            ),
            (case(".env.production"), "STRIPE_TEST_KEY", TEST, ""),
            (case(".env.staging"), "KEY", TEST, ""),
            (case(".env"), "KEY", TEST, ""),
            (case(".env.example"), "KEY", LIVE, ""),
            (
                case(".env.staging"),
                "KEY",
                "sk_live_your_key_goes_here",
                "",
            ),
        ] {
            let found = told(&case, &format!("{name}={value}\n"), "-KEY");
            assert_eq!(found, expected, "{name}={value}");
        }
    }

    #[test]
    fn what_the_schema_says_about_the_prefix_is_what_is_told() {
        let schema = "variables: { KEY: { prefix: sk_test_ } }\nenvironments: { production: {}, staging: {} }\n";
        let text = format!("KEY={TEST}\n");
        let case = Case::of(".env.production").schema(schema);
        assert_eq!(told(&case, &text, ""), "", "the schema asks for it");
        let text = format!("KEY={LIVE}\n");
        let case = Case::of(".env.staging").schema(schema);
        assert_eq!(told(&case, &text, ""), "1:5 error ENV-SHAPE");
    }
}
