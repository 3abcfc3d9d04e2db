//! Names that name nothing: environments, variables, and circles of environments.

use std::collections::{HashMap, HashSet};

use crate::config::names::{list, nearest, shown};
use crate::schema::broken::Breach;
use crate::schema::fault;
use crate::schema::model::{At, Holds, Required, Schema, Span, Stage, Variable, When};
use crate::schema::pattern::Patterns;
use crate::schema::read::Mistake;

/// Environments that files are called after whether a schema says anything about them or not.
const USUAL: [&str; 5] = ["development", "test", "preview", "staging", "production"];

/// No project has more environments.
const MOST: usize = 100;

/// Nor do environments extend each other further.
const DEEPEST: usize = 8;

/// So many names are compared with misspelt ones in one schema.
const COMPARED: usize = 1_000_000;

/// Tells them, and which environments stand in a circle.
pub(super) fn judge<'s>(schema: &'s Schema, mistakes: &mut Vec<Mistake>) -> HashSet<&'s str> {
    let circles = chains(schema, mistakes);
    let mut names = Names::of(schema);
    let overlays = schema
        .environments
        .iter()
        .flat_map(|environment| &environment.variables);
    for variable in schema.variables.iter().chain(overlays) {
        names.variable(variable, mistakes);
    }
    for rule in &schema.rules {
        match &rule.holds {
            Holds::Compare(_, [one, other]) => {
                names.known(&one.value, one.span, mistakes);
                names.known(&other.value, other.span, mistakes);
                if one.value == other.value {
                    let what = format!("`{}` is compared with itself", shown(&one.value));
                    mistakes.push(Mistake::new(other.span.range(), what, "name two variables"));
                }
            }
            Holds::Differ {
                environments,
                variables,
            } => {
                for environment in environments {
                    names.environment(&environment.value, environment.span, mistakes);
                }
                if let [only] = &environments[..] {
                    lonely(&only.value, only.span, mistakes);
                }
                for variable in variables {
                    names.known(&variable.value, variable.span, mistakes);
                }
            }
        }
    }
    circles
}

/// What extends what: unknown names and circles.
fn chains<'s>(schema: &'s Schema, mistakes: &mut Vec<Mistake>) -> HashSet<&'s str> {
    if schema.environments.len() > MOST {
        let at = schema.environments[MOST].at.range();
        let what = format!("there are more than {MOST} environments");
        mistakes.push(Mistake::new(at, what, "is it a list of something else?"));
        return schema
            .environments
            .iter()
            .map(|environment| environment.name.as_str())
            .collect();
    }
    let extends: HashMap<&str, &At<String>> = schema
        .environments
        .iter()
        .filter_map(|environment| Some((environment.name.as_str(), environment.extends.as_ref()?)))
        .collect();
    let mut stuck = HashSet::new();
    let mut told: HashSet<&str> = HashSet::new();
    for environment in &schema.environments {
        if let Some(said) = &environment.extends
            && schema.environment(&said.value).is_none()
        {
            let declared = schema.environments.iter().map(|known| known.name.as_str());
            let known: Vec<&str> = declared.filter(|name| *name != environment.name).collect();
            let help = meant(&said.value, &known, "environments");
            let what = format!("there is no environment `{}`", shown(&said.value));
            mistakes.push(Mistake::new(said.span.range(), what, help));
        }
        let mut way = vec![environment.name.as_str()];
        while let Some(next) = extends.get(way[way.len() - 1]) {
            let next = next.value.as_str();
            if let Some(begin) = way.iter().position(|name| *name == next) {
                stuck.insert(environment.name.as_str());
                let circle = &way[begin..];
                if !circle.iter().any(|name| told.contains(name)) {
                    told.extend(circle);
                    mistakes.push(circle_of(circle, &extends));
                }
                break;
            }
            way.push(next);
            if way.len() > DEEPEST {
                stuck.insert(environment.name.as_str());
                let span = environment.extends.as_ref().map(|said| said.span.range());
                let what = format!("environments extend each other more than {DEEPEST} deep");
                let help = "let some of them extend the base: leave `extends` out";
                mistakes.push(Mistake::new(span.unwrap_or_default(), what, help));
                break;
            }
        }
    }
    stuck
}

fn circle_of(circle: &[&str], extends: &HashMap<&str, &At<String>>) -> Mistake {
    let way: Vec<String> = circle
        .iter()
        .chain(&circle[..1])
        .map(|name| format!("`{}`", shown(name)))
        .collect();
    let span = extends.get(circle[0]).map(|said| said.span.range());
    Mistake::new(
        span.unwrap_or_default(),
        format!(
            "environments extend each other in a circle: {}",
            way.join(" → ")
        ),
        "take one `extends` out",
    )
}

fn lonely(only: &str, span: Span, mistakes: &mut Vec<Mistake>) {
    let what = format!("`{}` alone cannot differ from itself", shown(only));
    mistakes.push(Mistake::new(
        span.range(),
        what,
        "name two environments or more",
    ));
}

fn meant(word: &str, known: &[&str], what: &str) -> String {
    let same = |known: &&str| {
        let stage = Stage::by_name(word);
        what == "environments" && stage.is_some() && stage == Stage::by_name(known)
    };
    let all = || known.iter().copied();
    match nearest(word, all()).or_else(|| all().find(same)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() || known.len() > 8 => format!("are all {what} declared?"),
        None => format!("the {what} here are {}", list(all())),
    }
}

struct Names<'s> {
    schema: &'s Schema,
    environments: HashSet<&'s str>,
    /// In the order in which they stand.
    order: Vec<&'s str>,
    variables: HashMap<&'s str, &'s Variable>,
    patterns: Patterns,
    /// So many names are still compared.
    left: usize,
}

impl<'s> Names<'s> {
    fn of(schema: &'s Schema) -> Self {
        let overlays = schema.environments.iter();
        let overlays = overlays.flat_map(|environment| &environment.variables);
        let mut order = Vec::new();
        let mut variables = HashMap::new();
        for variable in schema.variables.iter().chain(overlays) {
            let name = variable.name.as_str();
            // What the base says of it is what it usually is.
            variables.entry(name).or_insert_with(|| {
                order.push(name);
                variable
            });
        }
        let declared = schema.environments.iter().map(|known| known.name.as_str());
        Self {
            schema,
            environments: declared.chain(USUAL).collect(),
            order,
            variables,
            patterns: Patterns::default(),
            left: COMPARED,
        }
    }

    fn variable(&mut self, variable: &Variable, mistakes: &mut Vec<Mistake>) {
        if let Some(said) = &variable.differs_between {
            for name in &said.value {
                self.environment(name, said.span, mistakes);
            }
            if let [only] = &said.value[..] {
                lonely(only, said.span, mistakes);
            }
        }
        let Some(said) = &variable.required else {
            return;
        };
        match &said.value {
            Required::Always | Required::Never => {}
            Required::In(names) => {
                for name in names {
                    self.environment(name, said.span, mistakes);
                }
            }
            Required::When(conditions) => {
                for when in conditions {
                    if when.name == variable.name {
                        let what = "a variable cannot be its own condition";
                        mistakes.push(Mistake::new(when.at.range(), what, "name another one"));
                    } else {
                        self.known(&when.name, when.at, mistakes);
                        self.reachable(when, mistakes);
                    }
                }
            }
        }
    }

    fn environment(&self, name: &str, span: Span, mistakes: &mut Vec<Mistake>) {
        if self.environments.contains(name) {
            return;
        }
        let declared = self
            .schema
            .environments
            .iter()
            .map(|known| known.name.as_str());
        let known: Vec<&str> = declared.chain(USUAL).collect();
        let what = format!("there is no environment `{}`", shown(name));
        let help = meant(name, &known, "environments");
        mistakes.push(Mistake::new(span.range(), what, help));
    }

    fn known(&mut self, name: &str, span: Span, mistakes: &mut Vec<Mistake>) {
        if self.variables.contains_key(name) {
            return;
        }
        let help = if self.left < self.order.len() {
            "declare it under `variables`".to_owned()
        } else {
            self.left -= self.order.len();
            meant(name, &self.order, "variables")
        };
        let what = format!("there is no variable `{}`", shown(name));
        mistakes.push(Mistake::new(span.range(), what, help));
    }

    /// Whether the other variable can ever have these values.
    fn reachable(&mut self, when: &When, mistakes: &mut Vec<Mistake>) {
        let Some(other) = self.variables.get(when.name.as_str()) else {
            return;
        };
        let other = Variable {
            constant: None,
            ..(*other).clone()
        };
        for value in &when.values {
            let fault = fault::first(&other, value, &mut self.patterns);
            if let Some(fault) = fault
                && matches!(fault.breach, Breach::Type | Breach::Enum)
            {
                let what = format!(
                    "`{}` is never `{}`: that {}",
                    shown(&when.name),
                    shown(value),
                    fault.what
                );
                mistakes.push(Mistake::new(when.at.range(), what, fault.help));
            }
        }
    }
}
