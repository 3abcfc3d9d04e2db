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
pub(crate) mod pardon;
pub(crate) mod piece;
mod rule;
mod scan;
pub(crate) mod set;
pub(crate) mod sort;
mod tell;
#[cfg(test)]
mod tests;
mod window;
mod words;

pub(crate) use fault::Fault;
pub(crate) use tell::{CHECK, Reach, finding};
