//! `.env.example`: every variable with what there is to know about it, and no secret.

use std::fmt::Write as _;

use super::{Shown, everything, words};
use crate::schema::effective::Effective;
use crate::schema::kind::{Class, Kind};
use crate::schema::model::{Required, Variable};

/// Longer comments go on in the next line.
const WIDE: usize = 96;

/// Which part of the file a variable stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Always,
    Sometimes,
    Optional,
}

impl Group {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Always, "Needed everywhere"),
        (
            Self::Sometimes,
            "Needed in some environments, or with others",
        ),
        (Self::Optional, "Optional"),
    ];

    fn of(shown: &Shown<'_>, need: &str) -> Self {
        match shown.variable.required.as_ref().map(|said| &said.value) {
            Some(Required::Always) if shown.elsewhere.is_empty() => Self::Always,
            _ if need == "no" => Self::Optional,
            _ => Self::Sometimes,
        }
    }
}

/// The text of the file.
pub fn example(effective: &Effective<'_>) -> String {
    let needs = |shown: &Shown<'_>| words::need(shown, effective);
    let all = everything(effective).into_iter();
    let all: Vec<_> = all.map(|shown| (needs(&shown), shown)).collect();
    let mut text = String::from(
        "# Made from schemas/env.yaml by `guard env example`.\n# Copy it to .env.local and fill in what is empty.\n",
    );
    for (group, head) in Group::ALL {
        let mut members = all
            .iter()
            .filter(|(need, shown)| Group::of(shown, need) == group)
            .peekable();
        if members.peek().is_some() {
            let _ = write!(text, "\n# --- {head} ---\n");
        }
        for (need, shown) in members {
            text.push('\n');
            entry(&mut text, shown, need);
        }
    }
    text
}

fn entry(text: &mut String, shown: &Shown<'_>, need: &str) {
    let variable = shown.variable;
    if let Some(description) = &variable.description {
        comment(text, &words::plain(&description.value));
    }
    let mut facts = vec![words::kind(shown)];
    match need {
        "always" => facts.push("required".to_owned()),
        "no" => {}
        need if !shown.elsewhere.is_empty() => facts.push(need.to_owned()),
        need => facts.push(format!("required {need}")),
    }
    if variable.is_secret() {
        facts.push("secret".to_owned());
    }
    if variable.is_public() {
        facts.push("seen by browsers".to_owned());
    }
    if variable.is_provided() {
        facts.push("provided by Railway".to_owned());
    }
    if let Some(instead) = variable
        .deprecated
        .as_ref()
        .and_then(|said| said.value.as_ref())
    {
        let instead = words::plain(instead);
        facts.push(match instead.as_str() {
            "" => "deprecated".to_owned(),
            instead => format!("deprecated: {instead}"),
        });
    }
    comment(text, &facts.join("; "));
    let is_here = shown.elsewhere.is_empty();
    let value = if is_here {
        value(variable)
    } else {
        String::new()
    };
    let kind = variable.kind();
    let is_amount = matches!(kind.class(), Class::Bool | Class::Number) || kind == Kind::Duration;
    // An empty number is no number: such a line is taken in when there is something to write.
    let is_off = !is_here
        || variable.deprecated.is_some()
        || value.is_empty() && is_amount && need != "always";
    let lead = if is_off { "# " } else { "" };
    let _ = writeln!(text, "{lead}{}={value}", variable.name);
}

fn comment(text: &mut String, words: &str) {
    let mut line = String::from("#");
    for word in words.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > WIDE && line.len() > 1 {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}

/// The default as every reader of such files understands it.
fn value(variable: &Variable) -> String {
    if variable.is_secret() {
        return String::new();
    }
    let said = variable.constant.as_ref().or(variable.default.as_ref());
    let Some(value) = said.map(|said| said.value.as_str()) else {
        return String::new();
    };
    let is_plain = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/,@+%?&=;~*".contains(&byte));
    match () {
        () if is_plain => value.to_owned(),
        () if !value.contains(['\'', '\n', '\r']) => format!("'{value}'"),
        () => {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            let value = value.replace('\n', "\\n").replace('\r', "\\r");
            format!("\"{value}\"")
        }
    }
}
