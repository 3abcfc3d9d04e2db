//! One value against one variable: the first rule that it breaks.

use std::borrow::Cow;

use super::broken::Breach;
use super::kind::{Kind, Odd, Url};
use super::model::{At, Span, Variable};
use super::pattern::Patterns;
use super::reference;
use crate::config::names::{list, shown};

/// What is wrong with a value, without the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) breach: Breach,
    pub(super) what: String,
    pub(super) help: String,
    pub(super) rule: Option<Span>,
}

impl Fault {
    fn new(breach: Breach, what: impl Into<String>, help: impl Into<String>, rule: Span) -> Self {
        Self {
            breach,
            what: what.into(),
            help: help.into(),
            rule: Some(rule),
        }
    }
}

/// So many choices a message names.
const NAMED: usize = 8;

/// The first rule that a value breaks: of type, of constants and choices, of shape, of range.
pub(super) fn first(variable: &Variable, value: &str, patterns: &mut Patterns) -> Option<Fault> {
    if reference::is_in(value) {
        return referring(variable, value);
    }
    if variable.kind() != Kind::List {
        return kind(variable, variable.kind(), value)
            .or_else(|| constant(variable, value))
            .or_else(|| choices(variable, variable.kind(), value))
            .or_else(|| shape(variable, value, patterns))
            .or_else(|| range(variable, variable.kind(), value));
    }
    let of = variable.of.as_ref().map_or(Kind::Text, |of| of.value);
    let items = match items(variable, value) {
        Ok(items) => items,
        Err(fault) => return Some(fault),
    };
    let each = |judge: &mut dyn FnMut(&str) -> Option<Fault>| {
        let mut numbered = items.iter().zip(1..);
        numbered.find_map(|(item, number): (_, usize)| {
            let fault = judge(item)?;
            let what = format!("has an item (no. {number}) that {}", fault.what);
            Some(Fault { what, ..fault })
        })
    };
    each(&mut |item| kind(variable, of, item))
        .or_else(|| constant(variable, value))
        .or_else(|| each(&mut |item| choices(variable, of, item)))
        .or_else(|| each(&mut |item| shape(variable, item, patterns)))
        .or_else(|| each(&mut |item| range(variable, of, item)))
}

/// What is odd about a value that breaks no rule.
pub(super) fn odd(variable: &Variable, value: &str) -> Option<Fault> {
    let kind = variable.kind();
    let rule = said_kind(variable);
    match kind.check(value).ok()?? {
        _ if reference::is_in(value) => None,
        Odd::Word => Some(Fault::new(
            Breach::Boolean,
            "is a yes or no that not every program reads",
            "write `true` or `false`",
            rule,
        )),
        Odd::Huge => Some(Fault::new(
            Breach::Precision,
            "is a whole number beyond 2^53, which JavaScript rounds",
            "declare it as `type: string` where it is a name rather than an amount",
            rule,
        )),
    }
}

/// A value that Railway puts together is not known here: its references are looked at, and nothing else.
fn referring(variable: &Variable, value: &str) -> Option<Fault> {
    let Some(provided) = &variable.provided_by else {
        return Some(Fault::new(
            Breach::Reference,
            "is a Railway reference, which only Railway resolves: a program that reads the file gets this text",
            "write `provided_by: railway` into the schema, or give the variable a value of its own",
            variable.at,
        ));
    };
    let what = reference::fault(value)?;
    let help = "write `${{Service.VARIABLE}}`, `${{shared.VARIABLE}}` or `${{VARIABLE}}`";
    Some(Fault::new(Breach::Reference, what, help, provided.span))
}

fn kind(variable: &Variable, kind: Kind, value: &str) -> Option<Fault> {
    let wrong = kind.check(value).err()?;
    let rule = said_kind(variable);
    Some(Fault::new(Breach::Type, wrong.what, wrong.help, rule))
}

fn said_kind(variable: &Variable) -> Span {
    let said = variable.kind.as_ref();
    said.map_or(variable.at, |kind| kind.span)
}

fn constant(variable: &Variable, value: &str) -> Option<Fault> {
    let constant = variable.constant.as_ref()?;
    if variable.kind().same(&constant.value, value) {
        return None;
    }
    let (what, help) = if variable.is_secret() {
        (
            "is not what the schema says".to_owned(),
            "the schema names its one value".to_owned(),
        )
    } else {
        let constant = shown(&constant.value);
        (
            format!("is not `{constant}`"),
            format!("write `{constant}`: nothing else is allowed here"),
        )
    };
    Some(Fault::new(Breach::Enum, what, help, constant.span))
}

fn choices(variable: &Variable, kind: Kind, value: &str) -> Option<Fault> {
    let choices = variable.choices.as_ref()?;
    if choices.value.iter().any(|choice| kind.same(choice, value)) {
        return None;
    }
    let help = match choices
        .value
        .iter()
        .find(|choice| choice.eq_ignore_ascii_case(value))
    {
        Some(choice) if !variable.is_secret() => {
            format!("capitals count: write `{}`", shown(choice))
        }
        _ => "choose one of them, or add the new one to the schema".to_owned(),
    };
    let what = format!("is not one of {}", named(variable, choices));
    Some(Fault::new(Breach::Enum, what, help, choices.span))
}

fn shape(variable: &Variable, value: &str, patterns: &mut Patterns) -> Option<Fault> {
    let broken = |what: String, help: &str, rule| Some(Fault::new(Breach::Shape, what, help, rule));
    if let Some(prefix) = &variable.prefix
        && !prefix.value.iter().any(|prefix| value.starts_with(prefix))
    {
        let what = format!("does not begin with {}", named(variable, prefix));
        return broken(
            what,
            "is it the value of another variable, or of another environment?",
            prefix.span,
        );
    }
    if let Some(suffix) = &variable.suffix
        && !suffix.value.iter().any(|suffix| value.ends_with(suffix))
    {
        let what = format!("does not end in {}", named(variable, suffix));
        return broken(what, "is the value cut off?", suffix.span);
    }
    if let Some(pattern) = &variable.pattern
        && patterns.is_in(&pattern.value, value) != Some(true)
    {
        let what = format!("does not match `{}`", shown(&pattern.value));
        return broken(
            what,
            "compare it with the pattern in the schema",
            pattern.span,
        );
    }
    length(variable, value).or_else(|| address(variable, value))
}

fn length(variable: &Variable, value: &str) -> Option<Fault> {
    if variable.min_length.is_none() && variable.max_length.is_none() {
        return None;
    }
    let length = value.chars().count() as u64;
    let characters = |number: u64| match number {
        1 => "1 character".to_owned(),
        number => format!("{number} characters"),
    };
    if let Some(least) = &variable.min_length
        && length < least.value
    {
        let what = format!("is shorter than {}", characters(least.value));
        let help = if variable.is_secret() {
            "make a longer one: `openssl rand -hex 32`"
        } else {
            "is the value cut off, at a `#` or a blank?"
        };
        return Some(Fault::new(Breach::Shape, what, help, least.span));
    }
    let most = variable
        .max_length
        .as_ref()
        .filter(|most| length > most.value)?;
    let what = format!("is longer than {}", characters(most.value));
    let help = "is there more in it than belongs there?";
    Some(Fault::new(Breach::Shape, what, help, most.span))
}

/// The scheme and the hosts of a URL, or the domain of a mail address.
fn address(variable: &Variable, value: &str) -> Option<Fault> {
    if variable.schemes.is_none() && variable.hosts.is_none() {
        return None;
    }
    let (scheme, hosts) = match (Url::parse(value), value.rsplit_once('@')) {
        (Ok(url), _) => (Some(url.scheme), url.hosts),
        (Err(_), Some((_, domain))) => (None, vec![domain]),
        (Err(_), None) => (None, Vec::new()),
    };
    if let Some(schemes) = &variable.schemes {
        let is_it = |known: &String| {
            let known = known.trim_end_matches("://").trim_end_matches(':');
            scheme.is_some_and(|scheme| known.eq_ignore_ascii_case(scheme))
        };
        if !schemes.value.iter().any(is_it) {
            let what = format!("has another scheme than {}", named(variable, schemes));
            let help = "write one of these schemes before `://`, or add the new one to the schema";
            return Some(Fault::new(Breach::Shape, what, help, schemes.span));
        }
    }
    let known = variable.hosts.as_ref()?;
    let is_known = |host: &&str| known.value.iter().any(|known| is_host(known, host));
    if hosts.iter().all(is_known) && !hosts.is_empty() {
        return None;
    }
    let what = format!("has another host than {}", named(variable, known));
    let help = "is it the address of another environment?";
    Some(Fault::new(Breach::Shape, what, help, known.span))
}

/// `example.org` is itself, `*.example.org` whatever lies below it.
fn is_host(known: &str, host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let known = known.to_ascii_lowercase();
    match known.strip_prefix("*.") {
        Some(below) => host
            .strip_suffix(below)
            .is_some_and(|label| label.len() > 1 && label.ends_with('.')),
        None => known == host,
    }
}

fn range(variable: &Variable, kind: Kind, value: &str) -> Option<Fault> {
    if variable.min.is_none() && variable.max.is_none() {
        return None;
    }
    let amount = kind.amount(value)?;
    let bound = |bound: &At<String>| kind.amount(&bound.value);
    if let Some(min) = &variable.min
        && bound(min).is_some_and(|least| amount < least)
    {
        let what = format!("is below {}", shown(&min.value));
        return Some(Fault::new(Breach::Range, what, between(variable), min.span));
    }
    let max = variable.max.as_ref()?;
    if bound(max).is_some_and(|most| amount > most) {
        let what = format!("is above {}", shown(&max.value));
        return Some(Fault::new(Breach::Range, what, between(variable), max.span));
    }
    None
}

fn between(variable: &Variable) -> String {
    match (&variable.min, &variable.max) {
        (Some(min), Some(max)) => {
            format!("allowed is {} to {}", shown(&min.value), shown(&max.value))
        }
        (Some(min), None) => format!("allowed is {} and above", shown(&min.value)),
        (None, Some(max)) => format!("allowed is up to {}", shown(&max.value)),
        (None, None) => String::new(),
    }
}

/// The schema's own words for a message.
fn named(variable: &Variable, words: &At<Vec<String>>) -> String {
    // What a secret may be is as good as a part of it, unless it is short and public, as prefixes are.
    let is_hidden = variable.is_secret() && words.value.iter().any(|word| word.len() > 12);
    if is_hidden {
        return "what the schema names".to_owned();
    }
    let shown: Vec<String> = words
        .value
        .iter()
        .take(NAMED)
        .map(|word| shown(word))
        .collect();
    let text = list(shown.iter().map(String::as_str));
    match words.value.len().saturating_sub(NAMED) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

/// The items of a list. Where the schema names no separator, a JSON array will do as well: pydantic reads those.
fn items<'v>(variable: &Variable, value: &'v str) -> Result<Vec<Cow<'v, str>>, Fault> {
    if variable.separator.is_none()
        && value.trim_start().starts_with('[')
        && let Ok(items) = serde_json::from_str::<Vec<serde_json::Value>>(value)
    {
        let text = |item: serde_json::Value| match item {
            serde_json::Value::String(text) => Cow::Owned(text),
            other => Cow::Owned(other.to_string()),
        };
        return Ok(items.into_iter().map(text).collect());
    }
    let items: Vec<Cow<'v, str>> = value
        .split(variable.separator())
        .map(|item| Cow::Borrowed(item.trim_matches([' ', '\t'])))
        .collect();
    match items.iter().position(|item| item.is_empty()) {
        None => Ok(items),
        Some(at) => Err(Fault::new(
            Breach::Type,
            format!("has an item (no. {}) that is empty", at + 1),
            format!(
                "items stand between `{}`: is there one too many, or one at the end?",
                shown(variable.separator())
            ),
            said_kind(variable),
        )),
    }
}
