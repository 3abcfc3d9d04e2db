//! What the settings of the built-in checks are: those that were made, and those that could be.

use crate::check::{self, Check};
use crate::config::Loaded;
use crate::config::node::{Step, Trail};
use crate::config::shape::{self, Key};

/// The trail of what follows `checks.`: a check, one of its settings, or an entry of such.
pub(super) fn resolve(loaded: &Loaded, key: &str) -> Option<(Trail, Option<Key>)> {
    let mut parts = key.splitn(3, '.');
    let check = check::by_id(parts.next()?)?;
    let trail = Trail::of(["checks", check.id]);
    let Some(setting) = parts.next() else {
        return Some((trail, Some(shape::switch(check.id))));
    };
    let known = shape::of_check(check).find(|known| known.name == setting)?;
    let trail = trail.key(known.name);
    let Some(entry) = parts.next() else {
        return Some((trail, Some(known)));
    };
    let is_there = match known.name {
        "env" => loaded.config.checks[check.id].env.contains_key(entry),
        "severity" => check.codes().iter().any(|code| code.id == entry),
        _ => false,
    };
    is_there.then(|| (trail.key(entry), None))
}

/// Everything that could be asked for, below `checks`.
pub(super) fn keys(loaded: &Loaded) -> Vec<String> {
    let mut all = Vec::new();
    for check in check::ALL {
        let above = format!("checks.{}", check.id);
        all.extend(shape::of_check(check).map(|key| format!("{above}.{}", key.name)));
        let settings = &loaded.config.checks[check.id];
        let entries = settings.env.keys().map(|name| format!("env.{name}"));
        let codes = settings.severity.keys();
        let entries = entries.chain(codes.map(|code| format!("severity.{code}")));
        all.extend(entries.map(|entry| format!("{above}.{entry}")));
        all.push(above);
    }
    all
}

/// What holds without being set.
pub(super) fn default(id: &str, rest: &[Step], known: Option<Key>) -> String {
    let Some(check) = check::by_id(id) else {
        return String::new();
    };
    match (known, rest) {
        // Each check has moments of its own.
        (Some(key), [_]) if key.name == "at" => moments(check),
        (Some(key), _) => key.default.to_owned(),
        (None, [_, Step::Key(code)]) => check
            .codes()
            .iter()
            .find(|known| known.id == code)
            .map(|code| code.severity.word().to_owned())
            .unwrap_or_default(),
        (None, _) => String::new(),
    }
}

fn moments(check: &Check) -> String {
    let words: Vec<&str> = check.moments.iter().map(|moment| moment.word()).collect();
    format!("[{}]", words.join(", "))
}

/// What `checks` is, and which there are.
pub(super) fn section(about: &str) -> String {
    let ids: Vec<String> = check::ALL
        .iter()
        .map(|check| format!("`{}` ({})", check.id, check.title))
        .collect();
    format!("{about} There are {}.", ids.join(", "))
}

/// What a check is for, or what one of its settings means, by `about` which knows the keys.
pub(super) fn text(
    loaded: &Loaded,
    id: &str,
    rest: &[Step],
    about: impl Fn(&str) -> String,
) -> String {
    match (check::by_id(id), rest) {
        (Some(check), []) => check.about.to_owned(),
        (Some(check), [Step::Key(key), ..]) if loaded.config.checks[check.id].enabled => about(key),
        (Some(check), [Step::Key(key), ..]) => {
            let trail = Trail::of(["checks", check.id]);
            let place = loaded.layers.origin_of(&trail).unwrap_or_default();
            format!("{} `{}` is switched off: {place}.", about(key), check.id)
        }
        _ => String::new(),
    }
}
