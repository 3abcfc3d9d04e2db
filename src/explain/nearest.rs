//! What was probably meant by a name that nobody knows.

use crate::config;
use crate::finding::code::Code;
use crate::terminal::escape_line;
use crate::terminal::text::clip;

use super::topic;

/// A longer word is no name, and is compared with none.
const LONGEST: usize = 64;

/// Nothing has that name.
#[derive(Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("there is no code, step, command or topic `{}`", clip(&escape_line(asked), 40))]
#[diagnostic(help("{}", help(nearest.as_deref())))]
pub struct UnknownTopic {
    /// As it was typed.
    pub asked: String,
    /// What is to be typed instead of it, probably.
    pub nearest: Option<String>,
}

fn help(nearest: Option<&str>) -> String {
    match nearest {
        Some(topic) => format!("did you mean `guard explain {topic}`?"),
        None => "`guard explain` lists all codes, and what else can be asked for".to_owned(),
    }
}

/// Letters of one case, one kind of dash.
pub(super) fn plain(word: &str) -> String {
    word.trim().to_lowercase().replace('_', "-")
}

/// What is said about a name that means nothing; `commands` are those of guard.yaml.
pub fn unknown<'c>(asked: &str, commands: impl IntoIterator<Item = &'c str>) -> UnknownTopic {
    UnknownTopic {
        asked: asked.to_owned(),
        nearest: nearest(asked, commands),
    }
}

fn nearest<'c>(asked: &str, commands: impl IntoIterator<Item = &'c str>) -> Option<String> {
    let meant = plain(asked);
    if meant.len() > LONGEST {
        return None;
    }
    let schema = config::schema();
    let settings = schema["properties"].as_object().into_iter().flatten();
    let settings = settings.map(|(key, _)| (plain(key), format!("config {key}")));
    let names = Code::every().map(|code| code.id).chain(topic::names());
    names
        .chain(commands)
        .map(|name| (plain(name), name.to_owned()))
        .chain(settings)
        .map(|(name, shown)| {
            let distance = strsim::damerau_levenshtein(&name, &meant);
            (distance, name.chars().count(), shown)
        })
        .filter(|(distance, length, _)| *distance <= length / 3)
        .min()
        .map(|(_, _, shown)| shown)
}
