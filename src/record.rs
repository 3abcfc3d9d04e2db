//! Pass records: which commands passed on which content, so that the same is not run again.
//!
//! Records live in `guard/records` below git's common folder, so that linked work trees share them.
//! They save time and are never evidence: whoever can write the folder can write a pass. What is
//! damaged, foreign, too long or a link is a miss, never an error. Nothing but a pass is recorded.

mod clean;
mod entry;
pub(crate) mod files;
mod flight;
mod forget;
mod kept;
mod key;
mod prune;
mod store;
mod survey;
#[cfg(test)]
mod tests;

pub(crate) use clean::Clean;
pub use entry::Record;
pub use flight::{Claim, Flight};
pub use forget::forget;
pub(crate) use kept::Kept;
pub use key::{Fields, Key};
pub use prune::{Prune, Pruned};
pub use store::{Store, StoreError};
pub use survey::{Survey, survey};
