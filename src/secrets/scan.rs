//! The search itself: words first, then the rules that they wake, then a closer look at what matched.
//!
//! The time is linear in the text, whatever it holds: a rule looks at each byte once, in windows as long as
//! its longest match, and only where one of its words stands.

use std::ops::Range;

use regex_automata::Input;
use regex_automata::meta::Regex;

use super::judge::{self, Values};
use super::rule::Rule;
use super::set::{Frame, RuleSet};
use super::window::{Windows, is_assigned};
use crate::path::RepoPath;

/// A text in which something is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    /// Where it stands.
    pub(crate) path: &'a RepoPath,
    /// What it says.
    pub(crate) bytes: &'a [u8],
    /// The commit that it is of, where it is of one.
    pub(crate) commit: Option<&'a str>,
    /// Whether rules speak that know a value by its surroundings only.
    pub(crate) is_plain: bool,
}

/// A value that a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// The rule's number.
    pub(crate) rule: u16,
    /// The value.
    pub(crate) value: Range<usize>,
    /// All that matched.
    pub(crate) whole: Range<usize>,
}

/// As many values of one text are told.
pub(crate) const MOST: usize = 1000;

/// What the rules match in a text.
#[derive(Debug, Default)]
pub(crate) struct Matches {
    pub(crate) hits: Vec<Hit>,
    /// Whether there might be more: by another name of the file, or behind the last that was taken down.
    pub(crate) is_open: bool,
}

/// All that the rules match, before anybody looks closer.
pub(crate) fn matches(set: &RuleSet, text: Text<'_>) -> Matches {
    let mut search = Search {
        set,
        text,
        hits: Vec::new(),
        is_open: false,
        values: Values::default(),
    };
    let mut windows = Windows::new(set.count());
    for number in &set.always {
        search.look(*number, 0..text.bytes.len());
    }
    set.words.find(text.bytes, |word, place| {
        for number in set.owners(word) {
            let Some(window) = search.window(*number, place.clone()) else {
                continue;
            };
            if let Some(window) = windows.add(*number, window) {
                search.look(*number, window);
            }
        }
    });
    for (number, window) in windows.take() {
        search.look(number, window);
    }
    Matches {
        is_open: search.is_open || search.hits.len() >= MOST,
        hits: search.hits,
    }
}

/// The search in one text.
struct Search<'s, 't> {
    set: &'s RuleSet,
    text: Text<'t>,
    hits: Vec<Hit>,
    is_open: bool,
    values: Values,
}

impl Search<'_, '_> {
    /// Where a rule has to look for a match around one of its words.
    fn window(&mut self, number: u16, word: Range<usize>) -> Option<Range<usize>> {
        let fact = self.set.fact(number);
        let text = self.text.bytes;
        let may_stand = match fact.frame {
            Frame::Other => true,
            Frame::Named => is_assigned(text, word.end),
            Frame::Common => self.values.may_follow(text, word.end),
            Frame::Address => judge::may_connect(&text[word.end..]),
        };
        if !may_stand || fact.is_generic && !self.text.is_plain {
            return None;
        }
        let longest = fact.longest as usize;
        let start = word.end.saturating_sub(longest);
        // One more, so that it is seen what stands behind a match.
        let end = word.start.saturating_add(longest);
        Some(start..end.min(text.len()))
    }

    /// Takes down what a rule matches in a window.
    fn look(&mut self, number: u16, window: Range<usize>) {
        let set = self.set;
        if !set.may_match(number, &self.text.bytes[window.clone()]) {
            return;
        }
        let rule = set.rule(number);
        let Some(compiled) = set.compiled(number) else {
            return;
        };
        let Some(expression) = &compiled.regex else {
            return;
        };
        if let Some(path) = &compiled.path
            && !path.is_match(self.text.path.as_bytes())
        {
            let regex = expression.regex(window.len());
            let input = Input::new(self.text.bytes).span(window);
            self.is_open = self.is_open || regex.search(&input).is_some();
            return;
        }
        let regex = expression.regex(window.len());
        let mut input = Input::new(self.text.bytes).span(window);
        while self.hits.len() < MOST {
            let Some(whole) = regex.search(&input) else {
                return;
            };
            let whole = whole.range();
            let value = value(rule, regex, &input, &whole);
            // A match may end with what follows the value, and that may begin the next.
            let next = value.end.max(whole.start + 1);
            self.hits.push(Hit {
                rule: number,
                value,
                whole,
            });
            if next >= input.end() {
                return;
            }
            input.set_start(next);
        }
    }
}

/// The part of a match that is the value.
fn value(rule: &Rule, regex: &Regex, input: &Input<'_>, whole: &Range<usize>) -> Range<usize> {
    let groups = regex
        .group_info()
        .group_len(regex_automata::PatternID::ZERO);
    if groups < 2 {
        return whole.clone();
    }
    let mut captures = regex.create_captures();
    regex.search_captures(input, &mut captures);
    let group = |number: usize| captures.get_group(number).map(|span| span.range());
    let named = match rule.group {
        0 => (1..groups).find_map(|number| group(number).filter(|range| !range.is_empty())),
        number => group(number),
    };
    named.unwrap_or_else(|| whole.clone())
}
