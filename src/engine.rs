//! How work is done: a plan of steps, run as soon as what they need has ended, told as events.
//!
//! The steps run on threads of a pool that exists only when there is something to run. Everything
//! that happens is told on the caller's thread, one event after the other.

mod bug;
mod dispatch;
mod plan;
mod schedule;
#[cfg(test)]
mod tests;
mod work;

use crate::clock::Clock;
use crate::event::Listener;
use crate::outcome::Outcome;
use crate::process::signal::Cancel;
pub use bug::hear_panic;
pub use plan::{Plan, PlanError, Step};
pub use work::{Context, Ended, Work};

/// How a plan is run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many steps run at once; as many as there are processors where it is not set.
    pub jobs: Option<usize>,
    /// Where the time of events comes from.
    pub clock: Clock,
}

/// Runs the plan to its end. Each step ends exactly once, whatever happens; the outcomes come in
/// the plan's order.
///
/// While steps run, Ctrl-C, SIGTERM and a closed terminal are turned into wishes of `cancel`.
pub fn run(
    plan: &Plan,
    settings: &Settings,
    cancel: &Cancel,
    listeners: &mut [&mut dyn Listener],
) -> Vec<(String, Outcome)> {
    dispatch::Dispatch::new(plan, settings, cancel, listeners).run()
}
