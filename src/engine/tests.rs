//! Whole runs, without processes: what is told, in which order, and that it always ends.

mod brief;
#[cfg(target_os = "linux")]
mod interrupted;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::clock::Timestamp;
use crate::event::{Event, EventKind, Will};
use crate::finding::{Finding, code};
use crate::process::signal::Interruption;

/// Work that is a closure.
struct Do<F>(F);

impl<F: Fn(&Context) -> Ended + Send + Sync> Work for Do<F> {
    fn run(&self, context: &Context) -> Ended {
        (self.0)(context)
    }
}

fn step(
    id: &str,
    needs: &[&str],
    work: impl Fn(&Context) -> Ended + Send + Sync + 'static,
) -> Step {
    Step {
        id: id.to_owned(),
        needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        will: Will::Run,
        reason: "a test".to_owned(),
        work: Some(Box::new(Do(work))),
    }
}

fn idle(id: &str, needs: &[&str], will: Will, reason: &str) -> Step {
    Step {
        will,
        reason: reason.to_owned(),
        work: None,
        ..step(id, needs, |_| Outcome::Passed.into())
    }
}

/// Writes down what it hears.
#[derive(Default)]
struct Record {
    lines: Vec<String>,
    ticks: usize,
}

impl Listener for Record {
    fn hear(&mut self, event: &Event) {
        self.lines.push(match &event.kind {
            EventKind::StepStarted { id } => format!("{id} started"),
            EventKind::StepOutput { id, text } => format!("{id} says {text:?}"),
            EventKind::Found(finding) => format!("{}: {}", finding.code.id, finding.message),
            EventKind::StepFinished {
                id,
                outcome,
                duration_ms,
                cached,
                ..
            } => {
                let cached = if *cached { " cached" } else { "" };
                let reason = outcome.reason().map(|reason| format!(" ({reason})"));
                let reason = reason.unwrap_or_default();
                format!(
                    "{id} {}{reason} in {duration_ms} ms{cached}",
                    outcome.word()
                )
            }
            other => format!("{other:?}"),
        });
    }

    fn tick(&mut self, _now: Timestamp) {
        self.ticks += 1;
    }
}

fn settings(jobs: usize) -> Settings {
    Settings {
        jobs: Some(jobs),
        clock: Clock::standing(Timestamp(0)),
    }
}

fn told(steps: Vec<Step>, settings: &Settings, cancel: &Cancel) -> String {
    let plan = Plan::new(steps).unwrap();
    let mut record = Record::default();
    run(&plan, settings, cancel, &mut [&mut record]);
    record.lines.join("\n")
}

#[test]
fn a_run_is_told_in_order() {
    let settings = settings(1);
    let clock = settings.clock.clone();
    let text = told(
        vec![
            step("eslint", &["types"], |_| Outcome::Passed.into()),
            step("types", &["gone"], move |context| {
                context.say("one\n");
                clock.advance(Duration::from_millis(7));
                context.say("two\n");
                Ended {
                    findings: vec![Finding::new("types", code::CMD_FAILED, "no", "look")],
                    ..Outcome::failed("exit code 1").into()
                }
            }),
            step("late", &["eslint"], |_| Outcome::Passed.into()),
            idle("docs", &["types"], Will::Skip, "--skip"),
            step("free", &["secrets"], |_| Outcome::Passed.into()),
            idle("secrets", &[], Will::Reuse, "passed before"),
        ],
        &settings,
        &Cancel::new(),
    );
    insta::assert_snapshot!(text, @r#"
    types started
    types says "one\n"
    types says "two\n"
    CMD-FAILED: no
    types failed (exit code 1) in 7 ms
    eslint skipped (types failed) in 0 ms
    late skipped (types failed) in 0 ms
    docs skipped (--skip) in 0 ms
    secrets passed in 0 ms cached
    free started
    free passed in 0 ms
    "#);
}

#[test]
fn an_unknown_need_blocks_and_a_skipped_one_does_not() {
    let text = told(
        vec![
            step("a", &[], |_| {
                Outcome::unknown("no tool", "install it").into()
            }),
            step("b", &["a"], |_| Outcome::Passed.into()),
            idle("c", &[], Will::Skip, "no matching files"),
            step("d", &["c"], |_| Outcome::Passed.into()),
        ],
        &settings(1),
        &Cancel::new(),
    );
    insta::assert_snapshot!(text, @r"
    a started
    a unknown (no tool) in 0 ms
    b skipped (a unknown) in 0 ms
    c skipped (no matching files) in 0 ms
    d started
    d passed in 0 ms
    ");
}

#[test]
fn a_panic_is_that_step_s_unknown_and_the_others_go_on() {
    let text = told(
        vec![
            step("bad", &[], |_| panic!("index {} of 2", 3)),
            step("good", &[], |_| Outcome::Passed.into()),
        ],
        &settings(1),
        &Cancel::new(),
    );
    insta::assert_snapshot!(text, @r"
    bad started
    GUARD-BUG: guard went wrong in `bad`: index 3 of 2
    bad unknown (a bug in guard) in 0 ms
    good started
    good passed in 0 ms
    ");
}

#[test]
fn independent_steps_run_at_the_same_time() {
    // Each waits for the other: one after the other they would never end.
    let meeting = Arc::new(Barrier::new(2));
    let steps = ["a", "b"].map(|id| {
        let meeting = Arc::clone(&meeting);
        step(id, &[], move |_| {
            meeting.wait();
            Outcome::Passed.into()
        })
    });
    let plan = Plan::new(steps.into()).unwrap();
    let outcomes = run(&plan, &settings(2), &Cancel::new(), &mut []);
    assert!(
        outcomes
            .iter()
            .all(|(_, outcome)| *outcome == Outcome::Passed)
    );
}

#[test]
fn nothing_to_run_is_over_at_once_and_makes_no_thread() {
    let plan = Plan::new(vec![idle("a", &[], Will::Skip, "nothing changed")]).unwrap();
    let mut record = Record::default();
    let outcomes = run(&plan, &settings(4), &Cancel::new(), &mut [&mut record]);
    assert_eq!(
        outcomes,
        [("a".to_owned(), Outcome::skipped("nothing changed"))]
    );
    assert_eq!(record.ticks, 0);
}

#[test]
fn time_passes_aloud_while_a_step_runs() {
    struct Until(Arc<Mutex<usize>>);
    impl Listener for Until {
        fn hear(&mut self, _event: &Event) {}
        fn tick(&mut self, _now: Timestamp) {
            *self.0.lock().unwrap() += 1;
        }
    }
    let ticks = Arc::new(Mutex::new(0));
    let seen = Arc::clone(&ticks);
    let waits_for_ticks = step("a", &[], move |context| {
        let late = Instant::now() + Duration::from_secs(20);
        while *seen.lock().unwrap() < 2 && Instant::now() < late {
            // Chatter does not keep the time from passing.
            context.say("still here\n");
            std::thread::yield_now();
        }
        Outcome::Passed.into()
    });
    let plan = Plan::new(vec![waits_for_ticks]).unwrap();
    run(
        &plan,
        &settings(1),
        &Cancel::new(),
        &mut [&mut Until(Arc::clone(&ticks))],
    );
    assert!(*ticks.lock().unwrap() >= 2);
}

#[test]
fn a_cancelled_run_ends_even_when_a_step_does_not() {
    let cancel = Cancel::new();
    let own = cancel.clone();
    let (hold, end) = std::sync::mpsc::channel::<()>();
    let end = Mutex::new(end);
    let text = told(
        vec![
            step("deaf", &[], move |_| {
                own.cancel(Interruption::Interrupt);
                own.cancel(Interruption::Interrupt);
                let _ = end.lock().unwrap().recv();
                Outcome::Passed.into()
            }),
            step("next", &["deaf"], |_| Outcome::Passed.into()),
            idle("other", &["deaf"], Will::Skip, "--skip"),
        ],
        &settings(1),
        &cancel,
    );
    drop(hold);
    insta::assert_snapshot!(text, @r"
    deaf started
    next skipped (interrupted) in 0 ms
    other skipped (--skip) in 0 ms
    deaf unknown (interrupted) in 0 ms
    ");
}

#[test]
fn a_run_cancelled_before_it_begins_starts_nothing() {
    let cancel = Cancel::new();
    cancel.cancel(Interruption::Terminate);
    let text = told(
        vec![step("a", &[], |_| panic!("ran"))],
        &settings(1),
        &cancel,
    );
    insta::assert_snapshot!(text, @"a skipped (interrupted) in 0 ms");
}

/// How a step of a random plan behaves.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Pass,
    Fail,
    Unknown,
    Panic,
    PlannedSkip,
    Reuse,
    Cancel,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_step_of_every_plan_ends_exactly_once_after_its_needs(
        manners in prop::collection::vec(prop_oneof![
            12 => Just(Manner::Pass), 2 => Just(Manner::Fail), 2 => Just(Manner::Unknown),
            2 => Just(Manner::Panic), 2 => Just(Manner::PlannedSkip), 2 => Just(Manner::Reuse),
            1 => Just(Manner::Cancel),
        ], 0..16),
        picks in prop::collection::vec(prop::collection::vec(0..40_usize, 0..4), 16),
        jobs in 1..9_usize,
    ) {
        let cancel = Cancel::new();
        let now = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let steps: Vec<Step> = manners.iter().enumerate().map(|(at, manner)| {
            // Only steps behind, and some that are not planned at all.
            let needs: Vec<String> = picks[at].iter().filter(|pick| **pick > at).map(ToString::to_string).collect();
            let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
            let id = at.to_string();
            let (manner, cancel) = (*manner, cancel.clone());
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            match manner {
                Manner::PlannedSkip => idle(&id, &needs, Will::Skip, "planned"),
                Manner::Reuse => idle(&id, &needs, Will::Reuse, "planned"),
                _ => step(&id, &needs, move |context| {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    context.say("x\n");
                    now.fetch_sub(1, Ordering::SeqCst);
                    match manner {
                        Manner::Fail => Outcome::failed("f").into(),
                        Manner::Unknown => Outcome::unknown("u", "r").into(),
                        Manner::Panic => std::panic::panic_any(7),
                        Manner::Cancel => {
                            cancel.cancel(Interruption::Interrupt);
                            Outcome::unknown("interrupted", "again").into()
                        }
                        _ => Outcome::Passed.into(),
                    }
                }),
            }
        }).collect();
        let plan = Plan::new(steps).unwrap();
        let mut record = Record::default();
        let outcomes = run(&plan, &settings(jobs), &cancel, &mut [&mut record]);
        prop_assert_eq!(outcomes.len(), manners.len());
        prop_assert!(most.load(Ordering::SeqCst) <= jobs);

        let mut ended: HashMap<&str, usize> = HashMap::new();
        let mut started: HashMap<&str, usize> = HashMap::new();
        for (at, line) in record.lines.iter().enumerate() {
            let (id, rest) = line.split_once(' ').unwrap();
            if rest == "started" {
                prop_assert!(started.insert(id, at).is_none(), "{} started twice", id);
                prop_assert!(!ended.contains_key(id));
            } else if rest.contains(" in 0 ms") {
                prop_assert!(ended.insert(id, at).is_none(), "{} ended twice", id);
            } else if rest.starts_with("says") {
                prop_assert!(started.contains_key(id) && !ended.contains_key(id));
            }
        }
        let by_id: HashMap<&str, &Outcome> = outcomes.iter().map(|(id, outcome)| (id.as_str(), outcome)).collect();
        for step in plan.steps() {
            prop_assert!(ended.contains_key(step.id.as_str()), "{} never ended", step.id);
            let Some(start) = started.get(step.id.as_str()) else {
                prop_assert!(by_id[step.id.as_str()].lets_others_start());
                continue;
            };
            for need in step.needs.iter().filter(|need| by_id.contains_key(need.as_str())) {
                prop_assert!(ended[need.as_str()] < *start, "{} before {}", step.id, need);
                prop_assert!(by_id[need.as_str()].lets_others_start());
            }
        }
    }
}
