//! What a variable is, in a few words for a comment or a cell of a table.

use super::Shown;
use crate::config::names::visible;
use crate::schema::effective::Effective;
use crate::schema::kind::Kind;
use crate::schema::model::{Required, Variable};

/// `int, 1000 to 60000`; `one of debug, info`; `list of url, separated by ;`.
pub(super) fn kind(shown: &Shown<'_>) -> String {
    let variable = shown.variable;
    let is_here = shown.elsewhere.is_empty();
    let mut words = Vec::new();
    match (&variable.constant, &variable.choices) {
        (Some(constant), _) if is_here && !variable.is_secret() => {
            words.push(format!("always {}", plain(&constant.value)));
        }
        (_, Some(choices)) if variable.kind() != Kind::List => {
            words.push(format!("one of {}", joined(&choices.value)));
        }
        _ => words.push(of(variable)),
    }
    if let Some(schemes) = &variable.schemes {
        words.push(format!("scheme {}", alternatives(&schemes.value)));
    }
    if let Some(hosts) = &variable.hosts {
        words.push(format!("host {}", alternatives(&hosts.value)));
    }
    if let Some(prefix) = &variable.prefix {
        words.push(format!("begins with {}", alternatives(&prefix.value)));
    }
    if let Some(suffix) = &variable.suffix {
        words.push(format!("ends in {}", alternatives(&suffix.value)));
    }
    if let Some(pattern) = &variable.pattern {
        words.push(format!("matches {}", plain(&pattern.value)));
    }
    match (&variable.min, &variable.max) {
        (Some(min), Some(max)) => {
            words.push(format!("{} to {}", plain(&min.value), plain(&max.value)));
        }
        (Some(min), None) => words.push(format!("{} or more", plain(&min.value))),
        (None, Some(max)) => words.push(format!("up to {}", plain(&max.value))),
        (None, None) => {}
    }
    match (&variable.min_length, &variable.max_length) {
        (Some(least), Some(most)) => {
            words.push(format!("{} to {} characters", least.value, most.value));
        }
        (Some(least), None) => words.push(format!("at least {} characters", least.value)),
        (None, Some(most)) => words.push(format!("at most {} characters", most.value)),
        (None, None) => {}
    }
    words.join(", ")
}

fn of(variable: &Variable) -> String {
    let kind = variable.kind();
    if kind != Kind::List {
        return kind.word().to_owned();
    }
    let of = match (&variable.of, &variable.choices) {
        (_, Some(choices)) => joined(&choices.value),
        (Some(of), None) => of.value.word().to_owned(),
        (None, None) => Kind::Text.word().to_owned(),
    };
    format!(
        "list of {of}, separated by `{}`",
        plain(variable.separator())
    )
}

/// Where it must be set: `always`, `in production`, `when MAIL is smtp`, `no`.
pub(super) fn need(shown: &Shown<'_>, effective: &Effective<'_>) -> String {
    let variable = shown.variable;
    if !shown.elsewhere.is_empty() {
        let names: Vec<String> = shown
            .elsewhere
            .iter()
            .map(|name| (*name).to_owned())
            .collect();
        return format!("only in {}", joined(&names));
    }
    match variable.required.as_ref().map(|said| &said.value) {
        Some(Required::Always) => "always".to_owned(),
        Some(Required::In(names)) => format!("in {}", joined(names)),
        Some(Required::When(conditions)) => {
            let each: Vec<String> = conditions
                .iter()
                .map(|when| match &when.values[..] {
                    [] => format!("{} is set", when.name),
                    values => format!("{} is {}", when.name, alternatives(values)),
                })
                .collect();
            format!("when {}", each.join(" and "))
        }
        Some(Required::Never) | None => {
            let environments = effective.schema.environments.iter();
            let asks = environments.filter(|environment| {
                let mut own = environment.variables.iter();
                let own = own.find(|own| own.name == variable.name);
                let said = own.and_then(|own| own.required.as_ref());
                said.is_some_and(|said| said.value == Required::Always)
            });
            let names: Vec<String> = asks.map(|environment| environment.name.clone()).collect();
            match names.len() {
                0 => "no".to_owned(),
                _ => format!("in {}", joined(&names)),
            }
        }
    }
}

fn joined(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| plain(word)).collect();
    words.join(", ")
}

fn alternatives(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| plain(word)).collect();
    words.join(" or ")
}

/// On one line, and without characters that a terminal would obey.
pub(super) fn plain(text: &str) -> String {
    text.split(['\n', '\r'])
        .map(|line| line.chars().map(visible).collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
        .trim()
        .to_owned()
}
