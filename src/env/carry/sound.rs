//! Only what goes together: the schema's own reader says what does, key by key.

use super::said::{Key, Said};
use crate::env::first::yaml;
use crate::schema;

/// Takes out what the schema would not accept, and says why.
pub(super) fn sound(said: &mut Said) -> Vec<(Key, String)> {
    if fault(said).is_none() {
        return Vec::new();
    }
    let mut left = Vec::new();
    let mut good = Said::new();
    good.insert(Key::Type, "string".to_owned());
    let kind = said.get(&Key::Type).cloned().unwrap_or_default();
    if kind != "enum" {
        good.insert(Key::Type, kind);
    }
    for (key, value) in said.iter().filter(|(key, _)| **key != Key::Type) {
        let mut more = good.clone();
        more.insert(*key, value.clone());
        if *key == Key::Enum {
            more.insert(Key::Type, "enum".to_owned());
        }
        match fault(&more) {
            None => good = more,
            Some(why) => left.push((*key, why)),
        }
    }
    *said = good;
    left
}

/// Whether the schema accepts it as it is.
pub(super) fn is_sound(said: &Said) -> bool {
    fault(said).is_none()
}

fn fault(said: &Said) -> Option<String> {
    let keys: Vec<(&str, String)> = said
        .iter()
        .map(|(key, value)| (key.word(), value.clone()))
        .collect();
    let text = format!("variables:\n{}", yaml::entry(2, "NAME", &keys));
    let error = schema::read(schema::PATH, text.as_bytes()).err()?;
    let first = error.problems().first();
    Some(first.map_or_else(String::new, |problem| problem.message().to_owned()))
}
