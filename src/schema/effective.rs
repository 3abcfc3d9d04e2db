//! What holds in one environment: the base, what it extends, and its own words, one over the other.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::model::{Environment, Schema, Stage, Variable};

/// The variables of one environment.
#[derive(Clone, Debug)]
pub struct Effective<'s> {
    pub schema: &'s Schema,
    /// The environment's name; none for the base alone. The schema need not know it.
    pub environment: Option<String>,
    /// What it is for, by its own word, its name, or what it extends.
    pub stage: Option<Stage>,
    /// Each variable once, in the order of the schema.
    pub variables: Vec<Cow<'s, Variable>>,
    by_name: HashMap<&'s str, usize>,
}

impl Schema {
    /// What holds in this environment, or by the base alone.
    pub fn for_environment(&self, name: Option<&str>) -> Effective<'_> {
        let chain = name.map(|name| self.chain(name)).unwrap_or_default();
        let own = name.and_then(Stage::by_name);
        let mut stages = chain.iter().rev().map(|environment| {
            let said = environment.kind.as_ref().map(|kind| kind.value);
            said.or_else(|| Stage::by_name(&environment.name))
        });
        let stage = stages.find_map(|stage| stage).or(own);
        let mut effective = Effective {
            schema: self,
            environment: name.map(str::to_owned),
            stage,
            variables: self.variables.iter().map(Cow::Borrowed).collect(),
            by_name: HashMap::with_capacity(self.variables.len()),
        };
        for (index, variable) in self.variables.iter().enumerate() {
            effective.by_name.insert(&variable.name, index);
        }
        for environment in chain {
            effective.add(&environment.variables);
        }
        effective
    }

    /// An environment and what it extends, the nearest to the base first.
    pub(super) fn chain(&self, name: &str) -> Vec<&Environment> {
        let mut chain = Vec::new();
        let mut seen = HashSet::new();
        let mut next = self.environment(name);
        // A circle was told when the schema was read; here it only must end.
        while let Some(environment) = next
            && seen.insert(environment.name.as_str())
        {
            chain.push(environment);
            let extends = environment.extends.as_ref();
            next = extends.and_then(|extends| self.environment(&extends.value));
        }
        chain.reverse();
        chain
    }
}

impl<'s> Effective<'s> {
    fn add(&mut self, variables: &'s [Variable]) {
        for variable in variables {
            if let Some(index) = self.by_name.get(variable.name.as_str()) {
                self.variables[*index].to_mut().overlay(variable);
            } else {
                self.by_name.insert(&variable.name, self.variables.len());
                self.variables.push(Cow::Borrowed(variable));
            }
        }
    }

    /// The variable of this name.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        let index = self.by_name.get(name)?;
        Some(&self.variables[*index])
    }

    /// Whether it serves people.
    pub fn is_production(&self) -> bool {
        self.stage == Some(Stage::Production)
    }

    /// The environment for a message.
    pub(super) fn place(&self) -> String {
        match &self.environment {
            Some(name) => format!("in {}", crate::config::names::shown(name)),
            None => "everywhere".to_owned(),
        }
    }
}
