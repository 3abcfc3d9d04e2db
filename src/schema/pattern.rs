//! Patterns: checked when a schema is read, compiled when the first value is held against one.

use std::collections::{HashMap, HashSet};

use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// So many steps a pattern has at most, written out without repetitions.
const LARGEST: usize = 20_000;

/// Longer values are searched by the way that is quicker on long texts and slower to prepare.
const LONG: usize = 4096;

/// Why a pattern cannot be used, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadPattern {
    pub(super) what: String,
    pub(super) help: String,
}

/// Whether a pattern can be used.
fn check(pattern: &str) -> Result<(), BadPattern> {
    let hir = match parse(pattern, Letters::Ascii).or_else(|_| parse(pattern, Letters::All)) {
        Ok(hir) => hir,
        Err(error) => return Err(bad(&error)),
    };
    if size(&hir) > LARGEST {
        return Err(BadPattern {
            what: "the pattern is too large once its repetitions are written out".to_owned(),
            help: "ask for the length by `min_length` and `max_length` instead".to_owned(),
        });
    }
    Ok(())
}

fn bad(error: &regex_syntax::Error) -> BadPattern {
    let (kind, offset) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), error.span().start.column),
        regex_syntax::Error::Translate(error) => {
            (error.kind().to_string(), error.span().start.column)
        }
        _ => ("it cannot be read".to_owned(), 1),
    };
    let help = if kind.contains("look-around") || kind.contains("backreferences") {
        "patterns here take linear time: write it without looking around and backreferences"
    } else {
        "the syntax is that of https://docs.rs/regex; put it in single quotes, so that YAML leaves its backslashes alone"
    };
    BadPattern {
        what: format!("the pattern is broken at its character {offset}: {kind}"),
        help: help.to_owned(),
    }
}

/// Which letters classes such as `\w` know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Letters {
    /// Those of ASCII: a hundred times less to prepare, and the same on texts of ASCII.
    Ascii,
    All,
}

fn parse(pattern: &str, letters: Letters) -> Result<Hir, Box<regex_syntax::Error>> {
    ParserBuilder::new()
        .utf8(false)
        .unicode(letters == Letters::All)
        .nest_limit(100)
        .build()
        .parse(pattern)
        .map_err(Box::new)
}

/// How many steps it is without repetitions.
fn size(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => class.ranges().len(),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1);
            size(&repetition.sub).saturating_mul(times as usize)
        }
        HirKind::Capture(capture) => size(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts
            .iter()
            .fold(1, |sum, part| sum.saturating_add(size(part))),
    }
}

/// The patterns that were needed so far, each compiled once however many variables have it.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    compiled: HashMap<String, HashMap<(Letters, bool), Option<Regex>>>,
    good: HashSet<String>,
}

impl Patterns {
    /// Whether the pattern can be used.
    pub(super) fn check(&mut self, pattern: &str) -> Result<(), BadPattern> {
        if !self.good.contains(pattern) {
            check(pattern)?;
            self.good.insert(pattern.to_owned());
        }
        Ok(())
    }

    /// Whether the pattern is found in a value; nothing where it cannot be used.
    pub(super) fn is_in(&mut self, pattern: &str, value: &str) -> Option<bool> {
        if !self.compiled.contains_key(pattern) {
            self.compiled.insert(pattern.to_owned(), HashMap::new());
        }
        let forms = self.compiled.get_mut(pattern)?;
        let letters = if value.is_ascii() {
            Letters::Ascii
        } else {
            Letters::All
        };
        let is_long = value.len() > LONG;
        let other = match letters {
            Letters::Ascii => Letters::All,
            Letters::All => Letters::Ascii,
        };
        // Where one of the two is impossible, the other is as good an answer as there is.
        [letters, other].into_iter().find_map(|letters| {
            let form = forms
                .entry((letters, is_long))
                .or_insert_with(|| compile(pattern, letters, is_long));
            form.as_ref().map(|regex| regex.is_match(value))
        })
    }
}

fn compile(pattern: &str, letters: Letters, is_long: bool) -> Option<Regex> {
    let syntax = syntax::Config::new()
        .utf8(false)
        .unicode(letters == Letters::All)
        .nest_limit(100);
    let config = Config::new()
        .utf8_empty(false)
        .hybrid(is_long)
        .onepass(false)
        .dfa(false)
        .nfa_size_limit(Some(16 << 20));
    Regex::builder()
        .syntax(syntax)
        .configure(config)
        .build(pattern)
        .ok()
}

/// Whether a name is like a pattern in which `*` stands for anything, and everything else for itself.
pub(super) fn is_like(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_found_anywhere_unless_they_say_where() {
        let mut patterns = Patterns::default();
        for (pattern, value, expected) in [
            ("^G-[A-Z0-9]+$", "G-AB12", true),
            ("^G-[A-Z0-9]+$", "G-ab", false),
            ("b", "abc", true),
            (r"^\d{2}$", "12", true),
            (r"^.{2}$", "é1", true),
            (r"^\w+$", "straße", true),
            (r"^\p{Lu}+$", "ABC", true),
            ("^[é]$", "é", true),
            (r"^\w{1,64}$", "é", true),
            (r"^\w{1,64}$", "abc", true),
            ("^a*$", "", true),
        ] {
            assert_eq!(check(pattern), Ok(()), "{pattern}");
            assert_eq!(
                patterns.is_in(pattern, value),
                Some(expected),
                "{pattern} in {value}"
            );
        }
        assert_eq!(patterns.is_in("(", "x"), None);
        let long = "a".repeat(1 << 20);
        assert_eq!(patterns.is_in("^(a|b)*$", &long), Some(true));
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        for (pattern, part) in [
            ("(", "unclosed group"),
            ("a{2,1}", "character 2"),
            ("(?=a)b", "look-around"),
            (r"(a)\1", "backreferences"),
            ("((a{100}){100}){100}", "too large"),
            (r"(\p{L}{100}){100}", "too large"),
        ] {
            let error = check(pattern).unwrap_err();
            assert!(error.what.contains(part), "{pattern}: {error:?}");
        }
        assert!(check(&"(".repeat(100_000)).is_err());
        assert!(check(&format!("{}a{}", "(".repeat(300), ")".repeat(300))).is_err());
    }

    #[test]
    fn branches_are_named_or_patterned() {
        for (pattern, name, expected) in [
            ("main", "main", true),
            ("main", "main2", false),
            ("release/*", "release/1.2", true),
            ("release/*", "release", false),
            ("*-live", "eu-live", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c", false),
            ("*", "", true),
            ("ab*b", "ab", false),
        ] {
            assert_eq!(is_like(pattern, name), expected, "{pattern} {name}");
        }
    }
}
