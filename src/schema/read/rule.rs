//! The rules between variables.

use super::Reader;
use crate::config::names::{list, nearest};
use crate::config::node::{Entry, Node, Value};
use crate::schema::model::{At, Comparison, Holds, Rule, Span};

/// The keys of a rule.
pub(in crate::schema) const KEYS: [&str; 6] =
    ["lt", "le", "eq", "ne", "differs_between", "variables"];

impl Reader<'_> {
    pub(super) fn rules(&mut self, node: &Node) -> Vec<Rule> {
        let help = "write a list: `- le: [API_MIN, API_MAX]`";
        let nodes: &[Node] = match &node.value {
            Value::List(items) => items,
            Value::Null => &[],
            _ => {
                self.cannot_be("rules", node, help);
                &[]
            }
        };
        nodes
            .iter()
            .filter_map(|node| self.rule(node, help))
            .collect()
    }

    fn rule(&mut self, node: &Node, help: &str) -> Option<Rule> {
        let entries = self.entries(node, "a rule", help);
        let known = |entry: &&Entry| KEYS.contains(&entry.key.as_str());
        let mut named = entries
            .iter()
            .filter(known)
            .filter(|entry| entry.key != "variables");
        for entry in entries.iter().filter(|entry| !known(entry)) {
            let help = match nearest(&entry.key, KEYS) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("the rules are {}", list(KEYS[..5].iter().copied())),
            };
            let what = format!("unknown rule `{}`", crate::config::names::shown(&entry.key));
            self.wrong(entry.span.clone(), what, help);
        }
        let Some(first) = named.next() else {
            if entries.iter().all(|entry| known(&entry)) {
                let what = "this rule says nothing";
                self.wrong(node.span.clone(), what, help);
            }
            return None;
        };
        if let Some(second) = named.next() {
            let what = "one rule says one thing";
            self.wrong(
                second.span.clone(),
                what,
                "make an item of the list of each",
            );
        }
        let variables = entries.iter().find(|entry| entry.key == "variables");
        let comparison = Comparison::ALL.iter().find(|(word, _)| *word == first.key);
        let holds = match comparison {
            Some((_, comparison)) => {
                if let Some(odd) = variables {
                    let what = format!("`variables` has no meaning beside `{}`", first.key);
                    self.wrong(odd.span.clone(), what, "take it out");
                }
                Holds::Compare(*comparison, self.pair(first)?)
            }
            None => Holds::Differ {
                environments: self.items(first)?,
                variables: match variables {
                    Some(variables) => self.items(variables)?,
                    None => Vec::new(),
                },
            },
        };
        Some(Rule {
            at: Span::of(&first.span),
            holds,
        })
    }

    fn pair(&mut self, entry: &Entry) -> Option<[At<String>; 2]> {
        let items = match &entry.node.value {
            Value::List(items) => items.as_slice(),
            _ => &[],
        };
        if let [one, other] = items
            && let (Some(first), Some(second)) = (self.written(one), self.written(other))
        {
            let at = super::scalar::at;
            return Some([at(first, one), at(second, other)]);
        }
        let what = format!("`{}` compares two variables", entry.key);
        let help = format!("write `{}: [FIRST, SECOND]`", entry.key);
        self.wrong(entry.node.span.clone(), what, help);
        None
    }
}
