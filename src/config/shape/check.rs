//! The keys of the built-in checks: which there are for each is data in `check`.

use figment::value::{Dict, Value as Merged};

use super::{Key, Mistake, Shape, choice, key, kind, shape};
use crate::check::{self, Check, Setting};
use crate::config::names::{self, list, shown};
use crate::config::node::Trail;

/// Checks that the documentation describes and that this version does not have yet.
const LATER: [&str; 1] = ["railway"];

/// How grave a finding may be.
const SEVERITIES: [&str; 3] = ["error", "warning", "info"];

/// The keys of this check. The default of `at` is the check's own.
pub(in crate::config) fn keys(check: &'static Check) -> impl Iterator<Item = Key> {
    let key = |setting: &Setting| {
        let (shape, default) = match setting {
            Setting::At => (super::MOMENTS, ""),
            Setting::Exclude => (Shape::Patterns, "[]"),
            Setting::Severity => (Shape::Severities, "as each code says"),
            Setting::Timeout => (Shape::Time, "none"),
            Setting::Branches => (Shape::Texts, "all branches"),
            Setting::Isolate => (super::ISOLATE, "link"),
            Setting::Cache => (Shape::Boolean, "true"),
            Setting::Env => (Shape::Variables, "{}"),
            Setting::PassEnv => (Shape::Texts, "[]"),
            Setting::Tools => (
                Shape::Choices(check.tools),
                "those of which the project has a trace",
            ),
            Setting::Min => (Shape::Percent, "none"),
            Setting::Report => (Shape::Patterns, "where the usual tools put them"),
            Setting::Docker => (Shape::Boolean, "false"),
        };
        key(setting.key(), shape, default)
    };
    check.settings.iter().map(key)
}

/// A check as a whole, as a variable can switch it.
pub(in crate::config) fn switch(id: &'static str) -> Key {
    key(id, Shape::Boolean, "true")
}

/// Everything that is wrong with the structure of `checks`.
pub(super) fn judge(checks: &Dict, trail: &Trail, mistakes: &mut Vec<Mistake>) {
    for (id, value) in checks {
        let here = trail.key(id);
        match check::by_id(id) {
            Some(check) => self::check(check, value, &here, mistakes),
            None => mistakes.push(unknown(id, here)),
        }
    }
}

fn check(check: &'static Check, value: &Merged, trail: &Trail, mistakes: &mut Vec<Mistake>) {
    match value {
        Merged::Empty(..) | Merged::Bool(..) => {}
        Merged::Dict(_, dict) => {
            let keys: Vec<Key> = keys(check).collect();
            for (name, value) in dict {
                let here = trail.key(name);
                match keys.iter().find(|key| key.name == name) {
                    Some(key) => shape(value, key, &here, mistakes),
                    None => mistakes.push(no_setting(name, &keys, here)),
                }
            }
        }
        other => mistakes.push(Mistake::value(
            trail.clone(),
            format!("`{}` cannot be {}", check.id, kind(other)),
            "write `false` to switch it off, or what differs: `{ at: [push] }`",
        )),
    }
}

/// A key that this check does not have; one that another has is no slip of the pen.
fn no_setting(name: &str, keys: &[Key], trail: Trail) -> Mistake {
    let owners: Vec<&str> = check::ALL
        .iter()
        .filter(|check| check.setting(name).is_some())
        .map(|check| check.id)
        .collect();
    let mut mistake = super::unknown(name, keys, trail);
    if !owners.is_empty() {
        let owners = list(owners.iter().copied());
        mistake.help = Some(format!("`{name}` is a setting of {owners}"));
    }
    mistake
}

fn unknown(id: &str, trail: Trail) -> Mistake {
    let ids = || check::ALL.iter().map(|check| check.id);
    let users: Vec<&str> = check::ALL
        .iter()
        .filter(|check| check.tools.contains(&id))
        .map(|check| check.id)
        .collect();
    let help = if LATER.contains(&id) {
        format!(
            "guard {} does not read `checks.{id}` yet: take it out",
            env!("CARGO_PKG_VERSION")
        )
    } else if let [first, ..] = users[..] {
        format!(
            "it is a tool of {}: `{first}: {{ tools: [{id}] }}`",
            list(users.iter().copied())
        )
    } else if let Some(near) = names::nearest(id, ids()) {
        format!("did you mean `{near}`?")
    } else {
        format!(
            "the checks are {}; your own tools belong under `commands`",
            list(ids())
        )
    };
    Mistake::key(trail, format!("unknown key `{}`", shown(id)), Some(help))
}

/// Severities by code. Whether there is such a code is a rule's business.
pub(super) fn severities(dict: &Dict, trail: &Trail, mistakes: &mut Vec<Mistake>) {
    for (code, value) in dict {
        let here = trail.key(code);
        match value {
            Merged::String(_, word) => choice(word, &SEVERITIES, &here, mistakes),
            other => mistakes.push(Mistake::value(
                here,
                format!(
                    "the severity of `{}` cannot be {}",
                    shown(code),
                    kind(other)
                ),
                format!("choose one of {}", list(SEVERITIES.iter().copied())),
            )),
        }
    }
}
