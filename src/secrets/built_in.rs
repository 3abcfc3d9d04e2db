//! guard's own rules, as the build made them from `rules.toml`.

use std::borrow::Cow;

use super::rule::{Allowlist, Own, Required, Rule, Target};

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Every rule, by the name of its code.
pub(crate) fn rules() -> &'static [Rule] {
    // A rule may need any of these.
    const _: fn() -> (Target, Option<Required>, Option<Allowlist>) =
        || (Target::Secret, None, None);
    RULES
}
