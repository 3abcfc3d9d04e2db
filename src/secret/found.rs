//! The secrets that are found in files while guard runs: from then on nothing shows them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use aho_corasick::{AhoCorasick, MatchKind};

use super::{SHORTEST, Secret, forms};

/// What stands in the place of a value.
const STAND_IN: &str = "[secret hidden]";

/// More values than this are not held against every text: a file of so many is no file of secrets.
const MOST: usize = 2000;

/// What was found so far, shared by everything that shows text.
#[derive(Clone, Debug, Default)]
pub struct Found(Arc<State>);

#[derive(Debug, Default)]
struct State {
    known: Mutex<Known>,
    /// How long the longest form is: most runs find nothing, and ask for nothing more.
    longest: AtomicUsize,
    done: Condvar,
}

#[derive(Debug, Default)]
struct Known {
    /// How many searches are under way.
    searches: usize,
    values: Vec<String>,
    finder: Option<AhoCorasick>,
}

/// A search for secrets that is under way; it ends with this.
#[derive(Debug)]
pub struct Search(Found);

impl Found {
    /// A search begins.
    pub fn begin(&self) -> Search {
        self.lock().searches += 1;
        Search(self.clone())
    }

    /// Waits until no search is under way.
    pub(super) fn wait(&self) {
        let mut known = self.lock();
        while known.searches > 0 {
            known = self
                .0
                .done
                .wait(known)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The length of the longest form that is looked for.
    pub(super) fn longest(&self) -> usize {
        self.0.longest.load(Ordering::Acquire)
    }

    /// The text without the values; none where it holds none of them.
    pub(super) fn hide(&self, text: &str) -> Option<String> {
        if self.longest() == 0 {
            return None;
        }
        let finder = self.lock().finder.clone()?;
        finder.find(text)?;
        let mut clean = String::with_capacity(text.len());
        finder.replace_all_with(text, &mut clean, |_, _, into| {
            into.push_str(STAND_IN);
            true
        });
        Some(clean)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        // What a panic left is a shorter list at worst.
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Search {
    /// Hides these values from now on.
    pub fn found<'v>(&self, values: impl Iterator<Item = &'v Secret>) {
        let mut known = self.0.lock();
        let before = known.values.len();
        for value in values {
            let value = value.reveal();
            if value.len() >= SHORTEST && known.values.len() < MOST {
                known.values.push(value.to_owned());
                // A key of several lines turns up a line at a time.
                let lines = value.lines().filter(|line| line.len() >= 4 * SHORTEST);
                known.values.extend(lines.map(str::to_owned));
            }
        }
        known.values.sort_unstable();
        known.values.dedup();
        if known.values.len() == before {
            return;
        }
        let all: Vec<String> = known.values.iter().flat_map(|value| forms(value)).collect();
        let longest = all.iter().map(String::len).max().unwrap_or(0);
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&all);
        known.finder = finder.ok();
        self.0.0.longest.store(longest, Ordering::Release);
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        let found = &self.0;
        let mut known = found.lock();
        known.searches = known.searches.saturating_sub(1);
        found.0.done.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Redactor;

    #[test]
    fn what_is_found_later_is_hidden_from_then_on() {
        let found = Found::default();
        let redactor = Redactor::default().with(&found);
        assert_eq!(redactor.apply("a correct-horse"), "a correct-horse");
        assert_eq!(redactor.longest(), 0);
        let search = found.begin();
        search.found([Secret::new("correct-horse"), Secret::new("x")].iter());
        drop(search);
        redactor.wait();
        assert!(redactor.longest() >= 13);
        assert_eq!(redactor.apply("a correct-horse x"), "a [secret hidden] x");
        assert_eq!(redactor.apply("Y29ycmVjdC1ob3JzZQ=="), "[secret hidden]");
    }

    #[test]
    fn whoever_waits_goes_on_when_the_last_search_ends() {
        let found = Found::default();
        let (one, two) = (found.begin(), found.begin());
        let waiting = {
            let found = found.clone();
            std::thread::spawn(move || found.wait())
        };
        drop(one);
        assert!(!waiting.is_finished());
        drop(two);
        waiting.join().unwrap();
    }
}
