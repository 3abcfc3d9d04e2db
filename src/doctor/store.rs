//! `records` and `checkouts`: what guard keeps beside the repository, how much, and whether it is whole.

use std::time::Duration;

use super::{World, counted, shown, size};
use crate::checkout;
use crate::clock::{Clock, Timestamp};
use crate::health::{Line, State};
use crate::record::{self, StoreError, Survey};

/// How long files are counted.
const PATIENCE: Duration = Duration::from_millis(200);

/// What takes away what is damaged or old.
const PRUNE: &str = "guard cache prune";

pub(super) fn look(world: &World) -> Vec<Line> {
    let both = |line: Line| {
        let other = Line::skipped("checkouts", line.reason.clone());
        vec![line, other]
    };
    let repository = match world.repository("records") {
        Ok(repository) => repository,
        Err(line) => return both(line),
    };
    let looked = record::survey(repository.common_dir(), &for_a_while());
    let now = Clock::Real.now();
    let stock = checkout::stock(repository, &world.environment, now, &for_a_while());
    let checkouts = match stock {
        Ok(stock) => checkouts(&stock),
        Err(error) => Line::new("checkouts", State::Warning, error.to_string()),
    };
    vec![records(&looked), checkouts]
}

fn for_a_while() -> impl Fn() -> bool {
    let begun: Timestamp = Clock::Real.now();
    move || Clock::Real.now().since(begun) < PATIENCE
}

fn records(survey: &Survey) -> Line {
    let id = "records";
    let at_least = if survey.is_whole { "" } else { "at least " };
    let counts = format!(
        "{at_least}{} ({}) of at most {} ({}), in {}",
        counted(survey.records, "record"),
        size(survey.bytes),
        survey.most,
        size(survey.most_bytes),
        shown(&survey.folder)
    );
    if let Some(refusal) = &survey.refusal {
        let why = match refusal {
            StoreError::NotAFolder(_) => format!("{refusal}, so that everything runs each time"),
            StoreError::ReadOnly { .. } => {
                format!("{refusal}, so that everything runs each time; {counts}")
            }
        };
        return Line::new(id, State::Warning, why);
    }
    if survey.damaged > 0 {
        let why = format!(
            "{} damaged (they count as not there); {counts}",
            survey.damaged
        );
        return Line::new(id, State::Warning, why).fix(PRUNE);
    }
    Line::ok(id, counts)
}

fn checkouts(stock: &checkout::Stock) -> Line {
    let id = "checkouts";
    let place = shown(&stock.folder);
    let all = stock.slots.len() as u64;
    if all == 0 {
        return Line::ok(id, format!("none yet; they will lie in {place}"));
    }
    let count = |is: fn(&checkout::Slot) -> bool| {
        let slots = stock.slots.iter();
        slots.filter(|slot| is(slot)).count()
    };
    let at_least = if stock.is_whole { "" } else { "at least " };
    let in_use = match count(|slot| slot.in_use) {
        0 => String::new(),
        used => format!(", {used} in use"),
    };
    let counts = format!(
        "{}{in_use}, {at_least}{}, in {place}",
        counted(all, "checkout"),
        size(stock.bytes)
    );
    let (cut, old) = (count(|slot| slot.is_cut), count(|slot| slot.is_old));
    if old > 0 {
        let why = format!("{old} not used for 14 days; {counts}");
        return Line::new(id, State::Warning, why).fix(PRUNE);
    }
    if cut > 0 {
        let why =
            format!("{cut} left half written by a run that was killed, repaired at the next use");
        return Line::new(id, State::Warning, format!("{why}; {counts}"));
    }
    Line::ok(id, counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_counted_to_its_end_says_so() {
        let mut survey = Survey {
            folder: "/r/.git/guard/records".into(),
            records: 2,
            bytes: 300,
            damaged: 0,
            is_whole: false,
            refusal: None,
            most: 100,
            most_bytes: 2048,
        };
        let line = records(&survey);
        assert_eq!(
            (line.state, line.reason.as_str()),
            (
                State::Ok,
                "at least 2 records (300 B) of at most 100 (2 KiB), in /r/.git/guard/records"
            )
        );
        survey.damaged = 1;
        assert_eq!(records(&survey).fix.as_deref(), Some(PRUNE));
        survey.refusal = Some(StoreError::NotAFolder("/r/.git/guard".into()));
        assert_eq!(records(&survey).state, State::Warning);
    }

    #[test]
    fn a_checkout_that_nobody_needs_is_told() {
        let slot = |is_cut, is_old| checkout::Slot {
            name: "link-1".to_owned(),
            in_use: false,
            is_cut,
            is_old,
        };
        let of = |slots: Vec<checkout::Slot>| {
            checkouts(&checkout::Stock {
                folder: "/s".into(),
                slots,
                bytes: 5,
                is_whole: true,
            })
        };
        assert_eq!(of(vec![]).state, State::Ok);
        assert_eq!(
            of(vec![slot(false, false)]).reason,
            "1 checkout, 5 B, in /s"
        );
        assert_eq!(of(vec![slot(true, false)]).state, State::Warning);
        assert_eq!(of(vec![slot(true, true)]).fix.as_deref(), Some(PRUNE));
    }
}
