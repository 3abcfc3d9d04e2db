//! A rule's expressions, compiled when the first text asks for them.

use regex_automata::PatternID;
use regex_automata::meta::{Config, Regex};
use regex_syntax::ParserBuilder;

use super::rule::{Rule, Text};

/// The memory that one expression may take, compiled.
const MOST: usize = 10 << 20;

/// The memory for what the lazy automaton of one expression has seen. There are hundreds, on several threads.
const CACHE: usize = 256 << 10;

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
    pub(crate) allowed: Vec<Exceptions>,
}

/// An expression, with the longest text that it can match.
#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) regex: Regex,
    pub(crate) longest: Option<usize>,
}

/// What is let pass, in the order of the rule's lists.
#[derive(Debug)]
pub(crate) struct Exceptions {
    pub(crate) paths: Vec<Regex>,
    pub(crate) regexes: Vec<Regex>,
}

impl Compiled {
    pub(crate) fn of(rule: &Rule) -> Result<Self, Refused> {
        let regex = rule.regex.as_deref().map(Expression::of).transpose()?;
        let path = rule.path.as_deref().map(regex_of).transpose()?;
        let allowed = rule.allowed.iter();
        let allowed = allowed
            .map(|list| Exceptions::of(&list.paths, &list.regexes))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            regex,
            path,
            allowed,
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
        let all = self.regex.group_info().group_len(PatternID::ZERO);
        all.saturating_sub(1)
    }

    fn of(text: &str) -> Result<Self, Refused> {
        let refused = |why: String| Refused {
            text: text.to_owned(),
            why: why.lines().last().unwrap_or_default().trim().to_owned(),
        };
        // Bytes are a hundred times cheaper than characters; who names characters gets them.
        let parse = |unicode| {
            let mut parser = ParserBuilder::new();
            parser.unicode(unicode).utf8(false).nest_limit(100);
            parser
                .build()
                .parse(text)
                .map_err(|error| error.to_string())
        };
        let hir = parse(false).or_else(|_| parse(true)).map_err(refused)?;
        let config = Config::new()
            .utf8_empty(false)
            .nfa_size_limit(Some(MOST))
            .hybrid_cache_capacity(CACHE);
        let regex = Regex::builder()
            .configure(config)
            .build_from_hir(&hir)
            .map_err(|error| refused(error.to_string()))?;
        let longest = hir.properties().maximum_len();
        Ok(Self { regex, longest })
    }
}

fn regex_of(text: &str) -> Result<Regex, Refused> {
    Ok(Expression::of(text)?.regex)
}
