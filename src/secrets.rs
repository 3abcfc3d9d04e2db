//! Secrets: what never leaves the machine. Rules that are data, a search that is linear, and a careful word
//! about what it finds.
//!
//! ```text
//! rules.toml ── build.rs ──> rule::Rule ─┐
//! .gitleaks.toml ── file ────────────────┴─> set::RuleSet   words, and the rules that each of them wakes
//!                                                 │
//! piece::Piece ──> sort ──> catch ──> scan ───────┘          words first, then windows around them
//!                            │ └────> closer (judge)         which of the matches is a secret, who speaks for it
//!                            └──────> decode                 the same for what stands encoded
//! inspect: many pieces side by side, told in their order; pardon: what somebody allowed
//! ```

mod built_in;
mod catch;
mod closer;
mod compiled;
mod decode;
mod fault;
pub(crate) mod file;
pub(crate) mod inspect;
mod judge;
mod known;
pub(crate) mod pardon;
pub(crate) mod piece;
mod rule;
mod scan;
pub(crate) mod set;
mod sketch;
pub(crate) mod sort;
mod tell;
#[cfg(test)]
mod tests;
mod window;
mod words;

use crate::path::RepoPath;
pub(crate) use fault::Fault;
pub(crate) use tell::{CHECK, Reach, finding};

/// What a text of this name holds, by guard's own rules and those of a file in the gitleaks format: the codes, in
/// the order in which they stand. For whoever drives the search from outside, as the fuzz targets do.
pub fn codes(path: &str, text: &[u8], rules: Option<&[u8]>) -> Result<Vec<&'static str>, String> {
    let set = match rules {
        Some(rules) => {
            let read = file::read(file::NAME, rules, &|_| None);
            read.map_err(|fault| fault.to_string())?
        }
        None => set::RuleSet::built_in(),
    };
    let path = RepoPath::new(path);
    let text = scan::Text {
        path: &path,
        bytes: text,
        commit: None,
        is_plain: true,
    };
    let caught = catch::catch(&set, text).caught;
    let codes = caught
        .iter()
        .map(|caught| tell::code_of(&set, caught.rule).id);
    Ok(codes.collect())
}
