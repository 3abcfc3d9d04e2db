//! What is the base's and what is each environment's, so that each environment asks for just what the code asks there.
//!
//! In code a field is replaced as a whole; in the schema what an environment says lies over the base, key by key. So a
//! key that one environment does without cannot stand in the base: it stands with the others.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Note;
use super::said::{Key, Said, Wanted, wanted};
use super::sound::{is_sound, sound};
use crate::config::names;
use crate::source::Source;
use crate::variable::model::{Declared, Environment, Model};

/// More than that a schema does not have.
const MOST: usize = 100;

/// Nor do environments extend each other further.
const DEEPEST: usize = 4;

/// The whole schema.
pub(super) struct Layers {
    pub(super) base: Vec<Wanted>,
    pub(super) environments: Vec<Layer>,
}

/// An environment.
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) extends: Option<String>,
    /// What differs from what it extends.
    pub(super) variables: Vec<Wanted>,
}

/// An environment as the code has it: every variable whole.
struct Whole {
    name: String,
    extends: Option<String>,
    order: Vec<Wanted>,
    all: HashMap<String, Said>,
}

impl Layers {
    /// Puts it in order. What can be no variable and no environment is lost.
    pub(super) fn of(model: &Model, source: &Source, lost: &mut Vec<Note>) -> Self {
        let mut base = distinct(&model.base, source, lost);
        let wholes = wholes(model, &base, source, lost);
        for wanted in &mut base {
            settle(wanted, &wholes);
        }
        let mut layers = Self {
            base,
            environments: Vec::with_capacity(wholes.len()),
        };
        layers.differences(wholes);
        layers
    }

    /// What could not be carried over of the variables.
    pub(super) fn lost(&self) -> impl Iterator<Item = &Note> {
        let environments = self.environments.iter();
        let own = environments.flat_map(|environment| &environment.variables);
        self.base.iter().chain(own).flat_map(|wanted| &wanted.lost)
    }

    /// How many variables there are.
    pub(super) fn variables(&self) -> usize {
        let environments = self.environments.iter();
        let own = environments.flat_map(|environment| &environment.variables);
        let names = self.base.iter().chain(own);
        let names: BTreeSet<&str> = names.map(|wanted| wanted.name.as_str()).collect();
        names.len()
    }

    /// What each environment says besides the base, or besides another one.
    fn differences(&mut self, wholes: Vec<Whole>) {
        let base: HashMap<&str, &Said> = self
            .base
            .iter()
            .map(|wanted| (wanted.name.as_str(), &wanted.said))
            .collect();
        let mut made: HashMap<String, (HashMap<String, Said>, usize)> = HashMap::new();
        for whole in wholes {
            let parent = whole.extends.as_ref().and_then(|name| made.get(name));
            let parent = parent.filter(|(below, deep)| *deep < DEEPEST && fits(below, &whole));
            let mut variables = Vec::new();
            for mut wanted in whole.order {
                let base = base.get(wanted.name.as_str()).copied();
                let below = match parent {
                    Some((below, _)) => below.get(&wanted.name),
                    None => base,
                };
                wanted.said = difference(&wanted.said, below, base);
                if !wanted.said.contains_key(&Key::Prefix) {
                    wanted.hints.clear();
                }
                if !wanted.said.is_empty() || !wanted.lost.is_empty() {
                    variables.push(wanted);
                }
            }
            let deep = parent.map_or(0, |(_, deep)| deep + 1);
            let extends = whole.extends.filter(|_| parent.is_some());
            made.insert(whole.name.clone(), (whole.all, deep));
            self.environments.push(Layer {
                name: whole.name,
                extends,
                variables,
            });
        }
    }
}

/// Every variable once, the last one of a name.
fn distinct(declared: &[Declared], source: &Source, lost: &mut Vec<Note>) -> Vec<Wanted> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut all: Vec<Wanted> = Vec::new();
    for declared in declared {
        if !names::is_variable(&declared.name) {
            let what = "no variable can have this name".to_owned();
            let name = Some(declared.name.as_str());
            lost.push(Note::at(source, &declared.span, name, what));
            continue;
        }
        let wanted = wanted(declared, source);
        if let Some(at) = places.get(declared.name.as_str()) {
            all[*at] = wanted;
        } else {
            places.insert(&declared.name, all.len());
            all.push(wanted);
        }
    }
    all
}

fn wholes(model: &Model, base: &[Wanted], source: &Source, lost: &mut Vec<Note>) -> Vec<Whole> {
    let mut seen = HashSet::new();
    let is_name = |name: &str| {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !name.is_empty() && name.bytes().all(is_letter)
    };
    let mut wholes = Vec::new();
    for environment in &model.environments {
        if !is_name(&environment.name) || wholes.len() == MOST {
            let what = "no environment can be made of this".to_owned();
            lost.push(Note::at(source, &environment.span, None, what));
        } else if seen.insert(&environment.name) {
            wholes.push(whole(environment, model, base, source, lost));
        }
    }
    wholes
}

fn whole(
    environment: &Environment,
    model: &Model,
    base: &[Wanted],
    source: &Source,
    lost: &mut Vec<Note>,
) -> Whole {
    let own = distinct(&environment.variables, source, lost);
    let mut own: HashMap<String, Wanted> = own
        .into_iter()
        .map(|wanted| (wanted.name.clone(), wanted))
        .collect();
    let mut order: Vec<Wanted> = Vec::with_capacity(base.len());
    // What cannot be left to the base is written here, too: so every variable has its place.
    for below in base {
        order.push(match own.remove(&below.name) {
            Some(mut wanted) => {
                narrow(&mut wanted.said, &below.said);
                wanted
            }
            None => Wanted {
                lost: Vec::new(),
                hints: Vec::new(),
                ..below.clone()
            },
        });
    }
    for declared in &environment.variables {
        order.extend(own.remove(&declared.name));
    }
    // One that differs from the base in nothing is the base.
    let parent = environment.extends.as_ref().filter(|name| {
        let mut others = model.environments.iter();
        let parent = others.find(|other| other.name == **name);
        parent.is_some_and(|parent| !parent.variables.is_empty())
    });
    Whole {
        name: environment.name.clone(),
        extends: parent.cloned(),
        all: order
            .iter()
            .map(|wanted| (wanted.name.clone(), wanted.said.clone()))
            .collect(),
        order,
    }
}

/// A constant within what the base asks for needs no more words than that.
fn narrow(said: &mut Said, below: &Said) {
    if !said.contains_key(&Key::Const) {
        return;
    }
    let mut narrowed = said.clone();
    let shape = Key::Type..Key::Secret;
    for (key, value) in below.range(shape) {
        match key {
            Key::Const => {}
            Key::Type => drop(narrowed.insert(*key, value.clone())),
            _ => drop(narrowed.entry(*key).or_insert_with(|| value.clone())),
        }
    }
    if is_sound(&narrowed) {
        *said = narrowed;
    }
}

/// Whether a key of a lower layer may shine through where the upper one does without it.
fn may_stay(key: Key, below: &Said, upper: &Said) -> bool {
    match key {
        Key::Description => true,
        // A default that is not the one right value counts for none.
        Key::Default => upper
            .get(&Key::Const)
            .is_some_and(|constant| below.get(&Key::Default) != Some(constant)),
        _ => false,
    }
}

/// Takes out of the base what some environment does without, and says once where all must be set.
fn settle(wanted: &mut Wanted, wholes: &[Whole]) {
    let uppers = || {
        wholes
            .iter()
            .filter_map(|whole| whole.all.get(&wanted.name))
    };
    let mut kept = wanted.said.clone();
    kept.retain(|key, _| {
        uppers().all(|upper| upper.contains_key(key) || may_stay(*key, &wanted.said, upper))
    });
    // A type with its choices gone, a scheme without its type.
    sound(&mut kept);
    let moved: Vec<String> = wanted
        .said
        .keys()
        .filter(|key| !kept.contains_key(key))
        .map(|key| format!("`{}`", key.word()))
        .collect();
    if !moved.is_empty() {
        let hint = format!(
            "not everywhere the same, and so with each environment: {}",
            moved.join(", ")
        );
        wanted.hints.push(hint);
    }
    let is = |said: &Said, word: &str| said.get(&Key::Required).is_some_and(|said| said == word);
    if is(&kept, "false") {
        let asking = wholes.iter().filter(|whole| {
            let upper = whole.all.get(&wanted.name);
            upper.is_some_and(|upper| is(upper, "true"))
        });
        let names: Vec<&str> = asking.map(|whole| whole.name.as_str()).collect();
        if !names.is_empty() {
            let names = crate::env::first::yaml::list(names);
            kept.insert(Key::Required, names);
        }
    }
    wanted.said = kept;
}

/// Whether everything of one environment may shine through in another.
fn fits(below: &HashMap<String, Said>, whole: &Whole) -> bool {
    below.iter().all(|(name, below)| {
        whole.all.get(name).is_some_and(|upper| {
            let mut keys = below.keys();
            keys.all(|key| upper.contains_key(key) || may_stay(*key, below, upper))
        })
    })
}

/// What is said here and not below.
fn difference(said: &Said, below: Option<&Said>, base: Option<&Said>) -> Said {
    let Some(below) = below else {
        return plain(said.clone());
    };
    // A list of environments says it for all of them.
    let required = base.and_then(|base| base.get(&Key::Required));
    let is_listed = required.is_some_and(|said| said.starts_with('['));
    let mut said = said.clone();
    said.retain(|key, value| {
        below.get(key) != Some(value) && !(is_listed && *key == Key::Required)
    });
    said
}

/// Without what goes without saying where nothing else was said.
pub(super) fn plain(mut said: Said) -> Said {
    let has_choices = said.contains_key(&Key::Enum);
    said.retain(|key, value| match key {
        Key::Required | Key::Secret => value != "false",
        Key::Type => value != "enum" || !has_choices,
        _ => true,
    });
    said
}
