//! What holds in one environment: the base, what it extends, and its own words, one over the other.

use std::collections::{HashMap, HashSet};
use std::ops::Deref;

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
    pub variables: Vec<Held<'s>>,
    by_name: HashMap<&'s str, usize>,
}

/// A variable as the schema has it, or made of what several environments say.
#[derive(Clone, Debug)]
pub enum Held<'s> {
    Whole(&'s Variable),
    Made(Box<Variable>),
}

impl Deref for Held<'_> {
    type Target = Variable;

    fn deref(&self) -> &Variable {
        match self {
            Self::Whole(variable) => variable,
            Self::Made(variable) => variable,
        }
    }
}

impl Held<'_> {
    /// One that can be changed.
    fn own(&mut self) -> &mut Variable {
        if let Self::Whole(variable) = self {
            *self = Self::Made(Box::new(variable.clone()));
        }
        match self {
            Self::Made(variable) => variable,
            Self::Whole(_) => unreachable!("it was made just now"),
        }
    }
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
            variables: self.variables.iter().map(Held::Whole).collect(),
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
                self.variables[*index].own().overlay(variable);
            } else {
                self.by_name.insert(&variable.name, self.variables.len());
                self.variables.push(Held::Whole(variable));
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
