//! A user's rules: `.gitleaks.toml`, beside guard's own, which stay on whatever it says.
//!
//! What gitleaks passes over is passed over here too (a title, another tool's keys); what it would refuse, or
//! read as something else, is a fault with its place. Nothing is skipped in silence.

mod table;

use std::borrow::Cow;
use std::collections::BTreeMap;

use toml::de::DeTable;

use super::built_in;
use super::compiled::Exceptions;
use super::fault::Fault;
use super::rule::{Allowlist, Required, Rule, Target, Text};
use super::set::RuleSet;
use super::sketch::Sketch;
use table::{Field, Table};

/// Where such a file is looked for.
pub(crate) const NAME: &str = ".gitleaks.toml";

/// Longer files are not written by people.
const LONGEST: usize = 4 << 20;

/// More rules than that are a mistake.
const MOST: usize = 10_000;

/// A file may extend another, and that one a third: as deep as gitleaks goes.
const DEEPEST: usize = 2;

/// Reads what another file holds, by its name from the repository's root.
pub(crate) type Open<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// The rules of a run: guard's own, with what a user's file adds and changes.
pub(crate) fn read(name: &str, bytes: &[u8], open: Open<'_>) -> Result<RuleSet, Fault> {
    let own = (0..built_in::COUNT).map(built_in::rule);
    let mut known: BTreeMap<Text, Rule> = own.map(|rule| (rule.id.clone(), rule)).collect();
    let mut allowed = Vec::new();
    take(name, bytes, open, 0, &mut known, &mut allowed)?;
    let rules: Vec<Rule> = known.into_values().collect();
    Ok(RuleSet::of(rules, allowed))
}

/// Takes in one file, after those that it extends.
fn take(
    name: &str,
    bytes: &[u8],
    open: Open<'_>,
    depth: usize,
    known: &mut BTreeMap<Text, Rule>,
    allowed: &mut Vec<(Allowlist, Exceptions)>,
) -> Result<(), Fault> {
    let source = Fault::text(name, bytes, LONGEST)?;
    let parsed = DeTable::parse(source.text()).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let message = format!("not valid TOML: {}", error.message().replace('\n', ", "));
        Fault::at(
            &source,
            start,
            message,
            "the rules are in the gitleaks format",
        )
    })?;
    let span = parsed.span();
    let table = Table::new(&source, span, parsed.get_ref());
    if let Some(extend) = table.table("extend")? {
        extended(&extend, open, depth, known, allowed)?;
    }
    let mut own = Vec::new();
    for entry in table.tables("rules")? {
        let rule = rule(&entry)?;
        if own.contains(&rule.id) {
            return Err(entry.fault(format!("two rules are called `{}`", rule.id)));
        }
        own.push(rule.id.clone());
        let merged = match known.remove(&rule.id) {
            Some(base) => merge(base, rule),
            None => rule,
        };
        if merged.regex.is_none() && merged.path.is_none() {
            let said = format!(
                "the rule `{}` has neither a `regex` nor a `path`",
                merged.id
            );
            return Err(entry.fault(said));
        }
        known.insert(merged.id.clone(), merged);
        if known.len() > MOST {
            return Err(entry.fault(format!("there are more than {MOST} rules")));
        }
    }
    for entry in table.tables("rules")? {
        for required in entry.tables("required")? {
            let id = required.text("id")?;
            if let Some(id) = id.filter(|id| !known.contains_key(id.text)) {
                return Err(id.fault(format!("no rule is called `{}`", id.text)));
            }
        }
    }
    for list in [
        table.tables("allowlists")?,
        table.table("allowlist")?.into_iter().collect(),
    ]
    .concat()
    {
        global(&list, known, allowed)?;
    }
    Ok(())
}

fn extended(
    extend: &Table<'_>,
    open: Open<'_>,
    depth: usize,
    known: &mut BTreeMap<Text, Rule>,
    allowed: &mut Vec<(Allowlist, Exceptions)>,
) -> Result<(), Fault> {
    if let Some(path) = extend.text("path")?.filter(|path| !path.text.is_empty()) {
        if depth == DEEPEST {
            return Err(path.fault("files extend each other more than twice".to_owned()));
        }
        let bytes =
            open(path.text).ok_or_else(|| path.fault(format!("`{}` cannot be read", path.text)))?;
        take(path.text, &bytes, open, depth + 1, known, allowed)?;
    }
    // A name that guard does not have is another tool's, and is off here anyway.
    for id in extend.texts("disabledRules")? {
        known.remove(id.text);
    }
    Ok(())
}

/// An allowlist for all rules, or for those that it names.
fn global(
    list: &Table<'_>,
    known: &mut BTreeMap<Text, Rule>,
    allowed: &mut Vec<(Allowlist, Exceptions)>,
) -> Result<(), Fault> {
    let meant = allowlist(list)?;
    let targets = list.texts("targetRules")?;
    if targets.is_empty() {
        let exceptions = Exceptions::of(&meant.paths, &meant.regexes)
            .map_err(|refused| list.fault(format!("`{}`: {}", refused.text, refused.why)))?;
        allowed.push((meant, exceptions));
        return Ok(());
    }
    for target in targets {
        // One that guard does not have finds nothing here that could be let pass.
        if let Some(rule) = known.get_mut(target.text) {
            rule.allowed.to_mut().push(meant.clone());
        }
    }
    Ok(())
}

fn rule(table: &Table<'_>) -> Result<Rule, Fault> {
    let id = table.text("id")?.filter(|id| !id.text.is_empty());
    let id = id.ok_or_else(|| table.fault("a rule without an `id`".to_owned()))?;
    let regex = table.expression("regex")?;
    let path = table.expression("path")?;
    let group = table.count("secretGroup")?.unwrap_or(0);
    let mut sketch = Sketch::default();
    if let Some(regex) = &regex {
        let compiled = regex.compiles()?;
        sketch = compiled.sketch();
        if compiled.groups() < group {
            return Err(regex.fault(format!(
                "it has no group {group}, which `secretGroup` names"
            )));
        }
    }
    let mut allowed = Vec::new();
    for list in [
        table.tables("allowlists")?,
        table.table("allowlist")?.into_iter().collect(),
    ]
    .concat()
    {
        allowed.push(allowlist(&list)?);
    }
    let mut required = Vec::new();
    for other in table.tables("required")? {
        let id = other.text("id")?;
        let id = id.ok_or_else(|| other.fault("it does not say which rule: `id`".to_owned()))?;
        required.push(Required {
            id: Cow::Owned(id.text.to_owned()),
            lines: other.count("withinLines")?,
            columns: other.count("withinColumns")?,
        });
    }
    let owned = |field: Field<'_>| Cow::Owned(field.text.to_owned());
    let keywords = table.texts("keywords")?;
    Ok(Rule {
        description: table
            .text("description")?
            .map_or_else(|| Cow::Borrowed("a secret"), owned),
        id: owned(id),
        regex: regex.map(owned),
        path: path.map(owned),
        group,
        entropy: table.number("entropy")?.filter(|entropy| *entropy > 0.0),
        keywords: keywords
            .into_iter()
            .filter(|word| !word.text.is_empty())
            .map(|word| Cow::Owned(word.text.to_ascii_lowercase()))
            .collect(),
        allowed: allowed.into(),
        required: required.into(),
        is_part: table.flag("skipReport")?,
        sketch,
        own: None,
    })
}

/// A rule of the same name goes on where the other ended, as with gitleaks: what it says replaces, its
/// exceptions come to the others.
fn merge(base: Rule, new: Rule) -> Rule {
    let is_same = new.regex.is_none() || new.regex == base.regex;
    let mut allowed = base.allowed.into_owned();
    allowed.extend(new.allowed.into_owned());
    Rule {
        id: base.id,
        description: if new.description == "a secret" {
            base.description
        } else {
            new.description
        },
        regex: new.regex.or(base.regex),
        path: new.path.or(base.path),
        group: if new.group == 0 {
            base.group
        } else {
            new.group
        },
        entropy: new.entropy.or(base.entropy),
        keywords: if new.keywords.is_empty() {
            base.keywords
        } else {
            new.keywords
        },
        allowed: allowed.into(),
        required: if new.required.is_empty() {
            base.required
        } else {
            new.required
        },
        is_part: new.is_part || base.is_part,
        sketch: if is_same { base.sketch } else { new.sketch },
        // With another expression, what guard knows of its own no longer fits.
        own: base.own.filter(|_| is_same),
    }
}

fn allowlist(table: &Table<'_>) -> Result<Allowlist, Fault> {
    let needs_all = match table.text("condition")? {
        None => false,
        Some(said) => match said.text.to_ascii_uppercase().as_str() {
            "" | "OR" | "||" => false,
            "AND" | "&&" => true,
            other => return Err(said.fault(format!("`condition` is AND or OR, not `{other}`"))),
        },
    };
    let target = match table.text("regexTarget")? {
        None => Target::Secret,
        Some(said) => match said.text {
            "" | "secret" => Target::Secret,
            "match" => Target::Match,
            "line" => Target::Line,
            other => {
                let told = format!("`regexTarget` is match or line, not `{other}`");
                return Err(said.fault(told));
            }
        },
    };
    let texts = |key| -> Result<Vec<Text>, Fault> {
        let texts = table.texts(key)?.into_iter();
        Ok(texts.map(|text| Cow::Owned(text.text.to_owned())).collect())
    };
    let list = Allowlist {
        needs_all,
        paths: texts("paths")?.into(),
        regexes: texts("regexes")?.into(),
        target,
        stopwords: texts("stopwords")?.into(),
        commits: texts("commits")?.into(),
    };
    let parts = [&list.paths, &list.regexes, &list.stopwords, &list.commits];
    if parts.iter().all(|part| part.is_empty()) {
        return Err(table.fault(
            "an allowlist that names nothing: `commits`, `paths`, `regexes` or `stopwords`"
                .to_owned(),
        ));
    }
    for key in ["paths", "regexes"] {
        for expression in table.texts(key)? {
            expression.compiles()?;
        }
    }
    Ok(list)
}
