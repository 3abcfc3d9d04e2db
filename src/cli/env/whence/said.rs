//! What the schema says of one variable: in the base, and in each environment that speaks of it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::config::names;
use crate::schema::{self, Provider, Read, Required, Variable, Visibility};

/// One place of the schema, with what holds there.
pub(super) struct Said {
    /// None for the base.
    environment: Option<String>,
    line: usize,
    kind: &'static str,
    required: String,
    visibility: Option<&'static str>,
    is_secret: bool,
    provider: Option<&'static str>,
}

/// Every place that speaks of it.
pub(super) fn of(read: &Read, name: &str) -> Vec<Said> {
    let schema = &read.schema;
    let base = schema.variables.iter().map(|variable| (None, variable));
    let own = schema.environments.iter().flat_map(|environment| {
        let own = environment.variables.iter();
        own.map(|variable| (Some(environment.name.as_str()), variable))
    });
    let spoken = base
        .chain(own)
        .filter(|(_, variable)| variable.name == name);
    spoken
        .map(|(environment, own)| {
            let effective = schema.for_environment(environment);
            // What an environment leaves out it has from what it extends.
            let variable = effective.get(name).unwrap_or(own);
            Said::new(
                environment,
                read.source.position(own.at.range().start).line,
                variable,
            )
        })
        .collect()
}

/// Every name in it.
pub(super) fn names(read: &Read) -> BTreeSet<String> {
    let own = read.schema.environments.iter();
    let own = own.flat_map(|environment| &environment.variables);
    let all = read.schema.variables.iter().chain(own);
    all.map(|variable| variable.name.clone()).collect()
}

impl Said {
    fn new(environment: Option<&str>, line: usize, variable: &Variable) -> Self {
        let visibility = variable.visibility.as_ref().map(|said| said.value);
        let word = |wanted: Visibility| {
            let mut all = Visibility::ALL.iter();
            all.find(|(_, known)| *known == wanted)
                .map(|(word, _)| *word)
        };
        let provider = variable.provided_by.as_ref().map(|said| said.value);
        let provider = provider.and_then(|wanted| {
            let mut all = Provider::ALL.iter();
            all.find(|(_, known)| *known == wanted)
                .map(|(word, _)| *word)
        });
        Self {
            environment: environment.map(str::to_owned),
            line,
            kind: variable.kind().word(),
            required: required(variable),
            visibility: visibility.and_then(word),
            is_secret: variable.is_secret(),
            provider,
        }
    }

    pub(super) fn place(&self) -> String {
        format!("{}:{}", schema::PATH, self.line)
    }

    pub(super) fn words(&self) -> String {
        let environment = self.environment.as_deref().unwrap_or("everywhere");
        let mut words = vec![self.kind.to_owned()];
        words.push(match self.required.as_str() {
            "no" => "not required".to_owned(),
            "always" => "required".to_owned(),
            other => format!("required {other}"),
        });
        words.extend(self.visibility.map(str::to_owned));
        if self.is_secret {
            words.push("secret".to_owned());
        }
        words.extend(self.provider.map(|by| format!("provided by {by}")));
        format!("{environment}: {}", words.join(", "))
    }

    pub(super) fn data(&self) -> Value {
        json!({
            "environment": self.environment,
            "line": self.line,
            "type": self.kind,
            "required": self.required,
            "visibility": self.visibility,
            "secret": self.is_secret,
            "provided_by": self.provider,
        })
    }
}

/// `always`, `no`, `in …` or `when …`.
fn required(variable: &Variable) -> String {
    match variable.required.as_ref().map(|said| &said.value) {
        None | Some(Required::Never) => "no".to_owned(),
        Some(Required::Always) => "always".to_owned(),
        Some(Required::In(environments)) => {
            let environments: Vec<_> = environments.iter().map(|name| names::shown(name)).collect();
            format!("in {}", environments.join(", "))
        }
        Some(Required::When(conditions)) => {
            let names: Vec<_> = conditions
                .iter()
                .map(|when| names::shown(&when.name))
                .collect();
            format!("when {} asks for it", names.join(" and "))
        }
    }
}
