//! A rule's expressions, compiled when the first text asks for them.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use regex_automata::PatternID;
use regex_automata::meta::{Config, Regex};
use regex_syntax::hir::Hir;

use super::rule::{Rule, Text};
use super::sketch::{self, Sketch};

/// The memory that one expression may take, compiled.
const MOST: usize = 10 << 20;

/// The memory for what the lazy automaton of one expression has seen. There are hundreds, on several threads.
const CACHE: usize = 256 << 10;

/// Once an expression has searched so much, the form that runs faster is worth its making.
const LITTLE: usize = 2 << 10;

/// An expression that guard does not take, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// The expression.
    pub(crate) text: String,
    /// In one line.
    pub(crate) why: String,
}

/// A rule in the form that searches.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) regex: Option<Expression>,
    pub(crate) path: Option<Regex>,
    /// Made with the first match: most rules have none.
    allowed: OnceLock<Vec<Exceptions>>,
}

/// An expression. It has two forms that find the same: one that is made fast, and one that runs fast.
#[derive(Debug)]
pub(crate) struct Expression {
    hir: Hir,
    first: Regex,
    heavy: OnceLock<Regex>,
    /// How much was searched so far, about.
    searched: AtomicUsize,
}

/// What is let pass, in the order of the rule's lists.
#[derive(Debug)]
pub(crate) struct Exceptions {
    pub(crate) paths: Vec<Regex>,
    pub(crate) regexes: Vec<Regex>,
}

impl Compiled {
    pub(crate) fn of(rule: &Rule, form: Form) -> Result<Self, Refused> {
        let regex = rule.regex.as_deref();
        let regex = regex.map(|text| Expression::of(text, form)).transpose()?;
        let path = rule.path.as_deref().map(regex_of).transpose()?;
        Ok(Self {
            regex,
            path,
            allowed: OnceLock::new(),
        })
    }

    /// What the rule lets pass, list by list. A user's lists were tried when they were read, and guard's by a test.
    pub(crate) fn allowed(&self, rule: &Rule) -> &[Exceptions] {
        self.allowed.get_or_init(|| {
            let lists = rule.allowed.iter();
            lists
                .filter_map(|list| Exceptions::of(&list.paths, &list.regexes).ok())
                .collect()
        })
    }
}

impl Exceptions {
    pub(crate) fn of(paths: &[Text], regexes: &[Text]) -> Result<Self, Refused> {
        let all = |texts: &[Text]| -> Result<Vec<Regex>, Refused> {
            texts.iter().map(|text| regex_of(text)).collect()
        };
        Ok(Self {
            paths: all(paths)?,
            regexes: all(regexes)?,
        })
    }
}

impl Expression {
    /// How many groups it has.
    pub(crate) fn groups(&self) -> usize {
        let all = self.first.group_info().group_len(PatternID::ZERO);
        all.saturating_sub(1)
    }

    /// What can be known of it without it.
    pub(crate) fn sketch(&self) -> Sketch {
        Sketch::of(&self.hir)
    }

    /// The form for the next search of so many bytes.
    pub(crate) fn regex(&self, length: usize) -> &Regex {
        if let Some(heavy) = self.heavy.get() {
            return heavy;
        }
        let searched = self.searched.fetch_add(length, Ordering::Relaxed);
        if searched.saturating_add(length) < LITTLE {
            return &self.first;
        }
        self.heavy.get_or_init(|| {
            let regex = build(&self.hir, Form::Heavy);
            regex.unwrap_or_else(|_| self.first.clone())
        })
    }

    pub(crate) fn of(text: &str, form: Form) -> Result<Self, Refused> {
        let refused = |why: String| Refused {
            text: text.to_owned(),
            why: why.lines().last().unwrap_or_default().trim().to_owned(),
        };
        let hir = sketch::parse(text).map_err(refused)?;
        let first = build(&hir, form).map_err(refused)?;
        let heavy = OnceLock::new();
        if form == Form::Heavy {
            // Nobody else has seen it yet.
            let _ = heavy.set(first.clone());
        }
        Ok(Self {
            hir,
            first,
            heavy,
            searched: AtomicUsize::new(0),
        })
    }
}

/// What is spent on the making.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Little: it searches little.
    Light,
    /// As much as makes it fast.
    Heavy,
}

fn build(hir: &Hir, form: Form) -> Result<Regex, String> {
    let is_heavy = form == Form::Heavy;
    let config = Config::new()
        .utf8_empty(false)
        .nfa_size_limit(Some(MOST))
        // The words of the rule were found already: for a little text nobody need look for more.
        .auto_prefilter(is_heavy)
        .hybrid(is_heavy)
        .onepass(is_heavy)
        .hybrid_cache_capacity(CACHE);
    let regex = Regex::builder().configure(config).build_from_hir(hir);
    regex.map_err(|error| error.to_string())
}

fn regex_of(text: &str) -> Result<Regex, Refused> {
    Ok(Expression::of(text, Form::Light)?.first)
}
