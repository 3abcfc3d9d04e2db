//! A command whose passes are remembered: run once at a time for one content, and not again after it passed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::engine::{Context, Ended, Work};
use crate::outcome::Outcome;
use crate::record::{Claim, Key, Record, Store};

/// How long one run waits for another that runs the same: longer than most commands take, and not
/// for ever, should that one hang.
const PATIENCE: Duration = Duration::from_mins(10);

/// Where a pass is written down.
pub struct Records {
    /// The store.
    pub store: Arc<Store>,
    /// By the files that count.
    pub key: Key,
    /// By the judged tree, where its id is known.
    pub also: Option<Key>,
    /// When it passed.
    pub clock: Clock,
}

/// A command and its records.
pub struct Recorded {
    id: String,
    records: Records,
    work: Box<dyn Work>,
}

impl Recorded {
    /// Puts the two together.
    pub fn new(id: &str, records: Records, work: Box<dyn Work>) -> Self {
        let id = id.to_owned();
        Self { id, records, work }
    }

    /// Only a pass that nothing was found in, of a run that nobody interrupted.
    fn proves(ended: &Ended, context: &Context) -> bool {
        ended.outcome == Outcome::Passed
            && ended.findings.is_empty()
            && !context.cancel().is_cancelled()
    }

    fn remember(&self, took: Duration, context: &Context) {
        let Records {
            store, key, also, ..
        } = &self.records;
        let record = Record {
            id: self.id.clone(),
            at: self.records.clock.now(),
            duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        };
        let mut keys = std::iter::once(key).chain(also);
        if let Err(error) = keys.try_for_each(|key| store.put(key, &record)) {
            context.say(&format!("guard: this pass is not remembered: {error}\n"));
        }
    }
}

impl Work for Recorded {
    fn run(&self, context: &Context) -> Ended {
        let Records { store, key, .. } = &self.records;
        let flight = match store.claim(key, context.cancel(), PATIENCE) {
            Claim::Cancelled => {
                return Outcome::unknown("interrupted", "run it again").into();
            }
            Claim::Mine(flight) => Some(flight),
            Claim::Without => None,
        };
        // Another run may have ended since this one was planned.
        if store.find(key).is_some() {
            return Ended {
                cached: true,
                ..Outcome::Passed.into()
            };
        }
        let started = Instant::now();
        let ended = self.work.run(context);
        if Self::proves(&ended, context) {
            self.remember(started.elapsed(), context);
        }
        // Held until the record is there: whoever waited finds it.
        drop(flight);
        ended
    }
}
