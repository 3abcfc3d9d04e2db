//! What is said of a variable.

use super::Reader;
use super::scalar::{at, called};
use crate::config::names::{self, shown};
use crate::config::node::{Entry, Node, Value};
use crate::schema::kind::Kind;
use crate::schema::model::{At, Provider, Required, Span, Variable, Visibility, When};

/// The keys of a variable.
pub(in crate::schema) const KEYS: [&str; 24] = [
    "type",
    "of",
    "separator",
    "const",
    "enum",
    "prefix",
    "suffix",
    "pattern",
    "min",
    "max",
    "min_length",
    "max_length",
    "schemes",
    "hosts",
    "required",
    "default",
    "deprecated",
    "visibility",
    "provided_by",
    "secret",
    "differs_between",
    "rotation",
    "owner",
    "description",
];

/// What other tools call the same.
const SYNONYMS: [(&str, &str); 19] = [
    ("choices", "enum"),
    ("values", "enum"),
    ("oneof", "enum"),
    ("literal", "const"),
    ("value", "const"),
    ("regex", "pattern"),
    ("matches", "pattern"),
    ("startswith", "prefix"),
    ("endswith", "suffix"),
    ("minimum", "min"),
    ("maximum", "max"),
    ("length", "min_length"),
    ("optional", "required"),
    ("sensitive", "secret"),
    ("protocols", "schemes"),
    ("items", "of"),
    ("delimiter", "separator"),
    ("desc", "description"),
    ("doc", "description"),
];

const KINDS: [(&str, &str); 10] = [
    ("str", "string"),
    ("text", "string"),
    ("integer", "int"),
    ("number", "float"),
    ("boolean", "bool"),
    ("uri", "url"),
    ("mail", "email"),
    ("array", "list"),
    ("version", "semver"),
    ("time", "duration"),
];

impl Reader<'_> {
    /// Variables by name.
    pub(super) fn variables(&mut self, node: &Node) -> Vec<Variable> {
        let help = "write a name and what it is: `PORT: { type: port }`";
        let entries = self.entries(node, "`variables`", help);
        let mut variables = Vec::with_capacity(entries.len());
        for entry in entries {
            if !names::is_variable(&entry.key) {
                let what = format!("no variable can be called `{}`", shown(&entry.key));
                let help =
                    "names consist of letters, digits and underscores, and begin with no digit";
                self.wrong(entry.span.clone(), what, help);
                continue;
            }
            variables.push(self.variable(entry));
        }
        variables
    }

    fn variable(&mut self, entry: &Entry) -> Variable {
        let mut variable = Variable {
            name: entry.key.clone(),
            at: Span::of(&entry.span),
            ..Variable::default()
        };
        let help = "write what it is in braces: `{ type: string }`";
        let fields = match &entry.node.value {
            Value::Map(fields) => fields.as_slice(),
            Value::Null => &[],
            other => {
                let what = format!("`{}` cannot be {}", shown(&entry.key), called(other));
                self.wrong(entry.node.span.clone(), what, help);
                &[]
            }
        };
        for field in fields {
            self.field(field, &mut variable);
        }
        variable
    }

    fn field(&mut self, entry: &Entry, variable: &mut Variable) {
        let before = self.mistakes.len();
        match entry.key.as_str() {
            "type" => variable.kind = self.word(entry, &Kind::ALL, &KINDS),
            "of" => variable.of = self.word(entry, &Kind::ALL, &KINDS),
            "separator" => variable.separator = self.separator(entry).map(Box::new),
            "const" => variable.constant = self.text(entry).map(Box::new),
            "enum" => variable.choices = self.texts(entry).map(Box::new),
            "prefix" => variable.prefix = self.texts(entry).map(Box::new),
            "suffix" => variable.suffix = self.texts(entry).map(Box::new),
            "pattern" => variable.pattern = self.text(entry).map(Box::new),
            "min" => variable.min = self.text(entry).map(Box::new),
            "max" => variable.max = self.text(entry).map(Box::new),
            "min_length" => variable.min_length = self.length(entry),
            "max_length" => variable.max_length = self.length(entry),
            "schemes" => variable.schemes = self.texts(entry).map(Box::new),
            "hosts" => variable.hosts = self.texts(entry).map(Box::new),
            "required" => variable.required = self.required(entry).map(Box::new),
            "default" => variable.default = self.text(entry).map(Box::new),
            "deprecated" => variable.deprecated = self.deprecated(entry).map(Box::new),
            "visibility" => {
                let synonyms = [("client", "public"), ("private", "server")];
                variable.visibility = self.word(entry, &Visibility::ALL, &synonyms);
            }
            "provided_by" => variable.provided_by = self.word(entry, &Provider::ALL, &[]),
            "secret" => variable.secret = self.boolean(entry),
            "differs_between" => variable.differs_between = self.texts(entry).map(Box::new),
            "rotation" => variable.rotation = self.text(entry).map(Box::new),
            "owner" => variable.owner = self.text(entry).map(Box::new),
            "description" => variable.description = self.text(entry).map(Box::new),
            _ => self.unknown(entry, &KEYS, &SYNONYMS),
        }
        // What it is is not known then, and so not whether the rest goes with it.
        let says_what_it_is = ["type", "of", "enum"].contains(&entry.key.as_str());
        if self.mistakes.len() > before && (says_what_it_is || !KEYS.contains(&entry.key.as_str()))
        {
            self.unclear.insert(variable.name.clone());
        }
    }

    fn separator(&mut self, entry: &Entry) -> Option<At<String>> {
        let separator = self.text(entry)?;
        if separator.value.is_empty() {
            let what = "an empty separator separates nothing";
            self.wrong(entry.node.span.clone(), what, "write `separator: \",\"`");
            return None;
        }
        Some(separator)
    }

    /// `true`, or what to use instead.
    fn deprecated(&mut self, entry: &Entry) -> Option<At<Option<String>>> {
        match &entry.node.value {
            Value::Boolean(said) => Some(at(said.then(String::new), &entry.node)),
            Value::Text(text) => Some(at(Some(text.clone()), &entry.node)),
            _ => {
                let help = "write `true`, or what to use instead: `use DATABASE_URL`";
                self.cannot_be(&entry.key, &entry.node, help);
                None
            }
        }
    }

    /// `true`, `false`, environments, or a condition.
    fn required(&mut self, entry: &Entry) -> Option<At<Required>> {
        let node = &entry.node;
        let required = match &node.value {
            Value::Boolean(true) => Required::Always,
            Value::Boolean(false) => Required::Never,
            Value::List(_) => {
                let named = self.items(entry)?;
                Required::In(named.into_iter().map(|name| name.value).collect())
            }
            Value::Map(fields) => {
                let mut when = None;
                for field in fields {
                    match field.key.as_str() {
                        "when" => when = self.when(&field.node),
                        _ => self.unknown(field, &["when"], &[("if", "when")]),
                    }
                }
                Required::When(when?)
            }
            _ => {
                let help = "write `true`, `false`, environments `[production]`, or a condition `{ when: { OTHER: value } }`";
                self.cannot_be(&entry.key, node, help);
                return None;
            }
        };
        Some(at(required, node))
    }

    /// Other variables with the values that ask for this one: one, several, or `"*"` for any.
    fn when(&mut self, node: &Node) -> Option<Vec<When>> {
        let help = "name the variable and its value: `{ when: { MAIL_ENABLED: true } }`";
        let entries = self.entries(node, "a condition", help);
        if entries.is_empty() {
            self.wrong(node.span.clone(), "the condition names no variable", help);
            return None;
        }
        let mut conditions = Vec::with_capacity(entries.len());
        for entry in entries {
            let values = self.items(entry)?;
            let values: Vec<String> = values.into_iter().map(|value| value.value).collect();
            let is_any = values.iter().any(|value| value == "*");
            conditions.push(When {
                name: entry.key.clone(),
                at: Span::of(&entry.span),
                values: if is_any { Vec::new() } else { values },
            });
        }
        Some(conditions)
    }
}
