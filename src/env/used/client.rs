//! What runs in browsers and reads what only the server has.

use std::collections::BTreeMap;

use super::{At, Used, is_of_others, needed};
use crate::schema::{Variable, Visibility};
use crate::usage::side;
use crate::variable::{Side, Way, What};

/// A variable that client code reads and should not.
pub(super) struct Exposed<'a> {
    pub(super) name: &'a str,
    /// The first place.
    pub(super) at: At<'a>,
    /// Why that place runs in a browser.
    pub(super) why: &'static str,
    pub(super) gravity: Gravity,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gravity {
    /// The schema says that it is a secret.
    Secret,
    /// The schema says that only the server may see it.
    Server,
    /// The schema has it, and no framework hands out a variable of this name: it is missing there.
    Absent,
    /// The same, where that may be a matter of settings that are not read here, or the schema does not have it.
    Doubtful,
}

impl<'a> Used<'a> {
    /// Each variable once.
    pub(super) fn exposed(&self) -> Vec<Exposed<'a>> {
        let handed_out = self.handed_out();
        let mut names = self.places.clone();
        for (name, places) in &handed_out {
            names.entry(name).or_default().extend(places);
        }
        let names = names.into_iter();
        names
            .filter_map(|(name, places)| {
                let said = self.declared.get(name).map_or(&[][..], Vec::as_slice);
                let in_browser = |(source, spot): &&At<'_>| {
                    let (side, _) = side::of(&source.path, source.kind, &source.content, spot);
                    side == Side::Client && !needed::is_aside(source)
                };
                let at = *places.iter().find(in_browser)?;
                let is_open = side::framework(name).is_some()
                    || is_of_others(name, &places)
                    || handed_out.contains_key(name);
                let (source, spot) = at;
                let (_, why) = side::of(&source.path, source.kind, &source.content, spot);
                Some(Exposed {
                    name,
                    at,
                    why,
                    gravity: gravity(said, is_open, spot.way)?,
                })
            })
            .collect()
    }

    /// What `next.config.js` writes into what the browser gets.
    fn handed_out(&self) -> BTreeMap<&'a str, Vec<At<'a>>> {
        let mut set = self.usage.by_name(&[What::Assigned]);
        for places in set.values_mut() {
            places.retain(|(_, spot)| spot.side == Side::Client);
        }
        set.retain(|_, places| !places.is_empty());
        set
    }
}

/// What is wrong, if anything. `is_open` says that its name alone lets it into the browser.
fn gravity(said: &[&Variable], is_open: bool, way: Way) -> Option<Gravity> {
    let is = |wanted: Visibility| {
        let visibility = |variable: &&Variable| variable.visibility.as_ref().map(|said| said.value);
        said.iter().any(|one| visibility(one) == Some(wanted))
    };
    if said.iter().any(|variable| variable.is_secret()) {
        return Some(Gravity::Secret);
    }
    if is(Visibility::Server) {
        return Some(Gravity::Server);
    }
    if is_open || is(Visibility::Public) {
        return None;
    }
    // Which names Vite hands out is a setting of the project (`envPrefix`), and is not read here.
    if said.is_empty() || way == Way::Bundle {
        return Some(Gravity::Doubtful);
    }
    Some(Gravity::Absent)
}
