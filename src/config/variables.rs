//! Settings from the environment: `GUARD_`, and the path of the setting in capitals.

use std::collections::BTreeSet;

use super::layers::{Layer, Origin};
use super::names::{self, shown};
use super::node::{Node, Value};
use super::problem::Problem;
use super::shape::{self, COMMAND, EDITORS, Key, Shape, TOP};
use super::{json, toml};
use crate::check;
use crate::environment::Environment;

const PREFIX: &str = "GUARD_";

/// Variables that begin like settings and are none: those of the contract, and guard's own between
/// the shim and the binary.
pub(super) const RESERVED: [&str; 13] = [
    "GUARD_CACHE_TOKEN",
    "GUARD_CACHE_URL",
    "GUARD_CHAIN",
    "GUARD_COMMIT",
    "GUARD_CONFIG",
    "GUARD_ENV",
    "GUARD_PROBE",
    "GUARD_RAILWAY_URL",
    "GUARD_REGISTRY_URL",
    "GUARD_SHIM",
    "GUARD_SKIP",
    "GUARD_SMTP_URL",
    "GUARD_VERSION",
];

/// A setting that a variable can give.
struct Setting {
    variable: String,
    path: Vec<String>,
    key: Key,
}

impl Setting {
    /// Whether this is a check as a whole.
    fn is_check(&self) -> bool {
        self.path.len() == 2 && self.path[0] == "checks"
    }
}

/// What the environment says.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// One layer a variable, so that each value is known by its variable.
    pub(super) layers: Vec<Layer>,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<String>,
}

/// Reads the settings; `commands` are the names that the files know.
pub(super) fn read(environment: &Environment, commands: &BTreeSet<String>) -> Read {
    let mut read = Read::default();
    let given: Vec<(String, Option<String>)> = environment
        .iter()
        .filter(|(name, _)| name.as_encoded_bytes().starts_with(PREFIX.as_bytes()))
        .map(|(name, value)| {
            (
                name.to_string_lossy().into_owned(),
                value.to_str().map(str::to_owned),
            )
        })
        .filter(|(name, _)| !RESERVED.contains(&name.as_str()))
        .collect();
    // Nearly always: the list of what could be set is made only for whoever sets something.
    if given.is_empty() {
        return read;
    }
    let settings = settings(commands);
    // A check that is switched off is off, whatever other variables say about it.
    let mut off = Vec::new();
    for (name, value) in given {
        let meant: Vec<&Setting> = settings
            .iter()
            .filter(|setting| setting.variable == name)
            .collect();
        match (&meant[..], value) {
            ([], _) => unknown(&name, &settings, &mut read),
            (_, None) => read.problems.push(Problem::new(
                format!("{name}: the value is not UTF-8"),
                "set it again, or unset it",
            )),
            // Set to nothing is how a shell says "not set" for one call.
            (_, Some(value)) if value.is_empty() => {}
            ([setting], Some(value)) => {
                let value = self::value(&value, setting.key.shape);
                let is_off = setting.is_check() && value.value == Value::Boolean(false);
                let layers = if is_off { &mut off } else { &mut read.layers };
                layers.push(Layer {
                    origin: Origin::Name(name),
                    node: Node::below(&setting.path, value),
                });
            }
            (several, Some(_)) => {
                let paths: Vec<String> = several
                    .iter()
                    .map(|setting| format!("`{}`", setting.path.join(".")))
                    .collect();
                read.problems.push(Problem::new(
                    format!("{name} could mean {}", paths.join(" or ")),
                    "set it in guard.yaml or guard.local.yaml, where the names differ",
                ));
            }
        }
    }
    read.layers.extend(off);
    read
}

/// A near miss of a setting would be missed silently, so it is a mistake; anything else may be somebody else's.
fn unknown(name: &str, settings: &[Setting], read: &mut Read) {
    let short = |name: &str| {
        name.trim_start_matches(PREFIX)
            .chars()
            .take(200)
            .collect::<String>()
    };
    let reach = |known: &str| names::distance(&short(name), &short(known));
    let near = settings
        .iter()
        .map(|setting| (reach(&setting.variable), setting.variable.as_str()))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    if let Some((_, near)) = near {
        read.problems.push(Problem::new(
            format!("{}: there is no such setting", shown(name)),
            format!(
                "did you mean {near}? else unset it: `unset {}`",
                shown(name)
            ),
        ));
        return;
    }
    let known = RESERVED.into_iter().find(|known| reach(known) <= 2);
    let hint = known.map_or(String::new(), |known| format!("; did you mean {known}?"));
    read.warnings.push(format!(
        "the environment sets {}, which guard does not know{hint}",
        shown(name)
    ));
}

fn settings(commands: &BTreeSet<String>) -> Vec<Setting> {
    let setting = |path: Vec<String>, key: Key| Setting {
        variable: variable(&path),
        path,
        key,
    };
    let single = |key: &Key| {
        let is_map = matches!(
            key.shape,
            Shape::Commands | Shape::Checks | Shape::Variables | Shape::Severities
        );
        !is_map && key.name != EDITORS
    };
    let path = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let mut all = Vec::new();
    for key in TOP.into_iter().filter(single) {
        all.push(setting(path(&[key.name]), key));
    }
    for name in commands {
        for key in COMMAND.into_iter().filter(single) {
            all.push(setting(path(&["commands", name, key.name]), key));
        }
    }
    for check in check::ALL {
        all.push(setting(
            path(&["checks", check.id]),
            shape::switch(check.id),
        ));
        for key in shape::of_check(check).filter(single) {
            all.push(setting(path(&["checks", check.id, key.name]), key));
        }
    }
    all
}

/// The variable of a setting.
pub(super) fn variable(path: &[String]) -> String {
    let name: String = path
        .join("_")
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    format!("{PREFIX}{name}")
}

/// A text as what the setting wants; what does not fit stays a text, and is refused as one.
pub(super) fn value(text: &str, shape: Shape) -> Node {
    let plain = || Value::Text(text.to_owned());
    let value = match shape {
        Shape::Whole => text.trim().parse().map_or_else(|_| plain(), Value::Integer),
        Shape::Percent => number(text.trim()).unwrap_or_else(plain),
        Shape::Boolean => match text.trim() {
            "true" | "1" => Value::Boolean(true),
            "false" | "0" => Value::Boolean(false),
            _ => plain(),
        },
        Shape::Patterns if text.trim() == "none" => Value::Text("none".to_owned()),
        Shape::Texts | Shape::Choices(_) | Shape::Patterns => {
            return written_list(text).unwrap_or_else(|| separated(text));
        }
        // A line for the shell may begin with a bracket and hold commas.
        Shape::Run => return written_list(text).unwrap_or_else(|| Node::nowhere(plain())),
        _ => plain(),
    };
    Node::nowhere(value)
}

fn number(text: &str) -> Option<Value> {
    let float = || text.parse().ok().filter(|number: &f64| number.is_finite());
    let whole = text.parse().ok().map(Value::Integer);
    whole.or_else(|| float().map(Value::Float))
}

/// A list in the syntax of TOML or JSON.
fn written_list(text: &str) -> Option<Node> {
    if !text.trim_start().starts_with('[') {
        return None;
    }
    let node = toml::value(text.trim()).or_else(|| Some(json::parse(text).ok()?.root))?;
    matches!(node.value, Value::List(_)).then_some(node)
}

/// Items between commas, except those inside the braces and brackets of a pattern.
fn separated(text: &str) -> Node {
    let mut items = vec![String::new()];
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match items.last_mut() {
            Some(item) if letter != ',' || depth > 0 => item.push(letter),
            _ => items.push(String::new()),
        }
    }
    let items = items
        .iter()
        .map(|item| item.trim())
        .filter(|item| !item.is_empty())
        .map(|item| Node::nowhere(Value::Text(item.to_owned())));
    Node::nowhere(Value::List(items.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(node: &Node) -> Vec<&str> {
        let Value::List(items) = &node.value else {
            return vec!["not a list"];
        };
        items
            .iter()
            .map(|item| match &item.value {
                Value::Text(text) => text.as_str(),
                _ => "not a text",
            })
            .collect()
    }

    #[test]
    fn lists_are_read_in_every_usual_way() {
        for (text, expected) in [
            ("push", vec!["push"]),
            ("push, ci", vec!["push", "ci"]),
            ("[\"push\", 'ci']", vec!["push", "ci"]),
            ("[\"a\\u0062\"]", vec!["ab"]),
            ("*.{ts,tsx},*.js", vec!["*.{ts,tsx}", "*.js"]),
            ("[ab]*.txt,c", vec!["[ab]*.txt", "c"]),
            (",", vec![]),
        ] {
            assert_eq!(texts(&value(text, Shape::Texts)), expected, "{text}");
        }
        let shell = value("[ -f a ] && b", Shape::Run);
        assert_eq!(shell.value, Value::Text("[ -f a ] && b".to_owned()));
    }

    #[test]
    fn the_reserved_names_are_sorted_so_that_a_double_shows() {
        assert!(RESERVED.is_sorted());
    }
}
