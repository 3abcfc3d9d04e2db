//! Brief work: alone it runs where it is called, and is told as any other.

use std::thread;

use super::*;

/// Work that is brief.
struct Brief<F>(F);

impl<F: Fn(&Context) -> Ended + Send + Sync> Work for Brief<F> {
    fn run(&self, context: &Context) -> Ended {
        (self.0)(context)
    }

    fn is_brief(&self) -> bool {
        true
    }
}

fn brief(id: &str, work: impl Fn(&Context) -> Ended + Send + Sync + 'static) -> Step {
    Step {
        work: Some(Box::new(Brief(work))),
        ..step(id, &[], |_| Outcome::Passed.into())
    }
}

/// Notes the thread on which it runs.
fn noting(place: &Arc<Mutex<Vec<thread::ThreadId>>>) -> impl Fn(&Context) -> Ended + use<> {
    let place = Arc::clone(place);
    move |context| {
        place.lock().unwrap().push(thread::current().id());
        context.say("said\n");
        Outcome::Passed.into()
    }
}

#[test]
fn alone_it_needs_no_thread_and_is_told_like_any_other() {
    let place = Arc::default();
    let skipped = idle("other", &[], Will::Skip, "not now");
    let steps = vec![brief("one", noting(&place)), skipped];
    // What is skipped may be told while a thread runs.
    let sorted = |steps| {
        let text = told(steps, &settings(4), &Cancel::new());
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let here = sorted(steps);
    assert_eq!(*place.lock().unwrap(), [thread::current().id()]);
    let skipped = idle("other", &[], Will::Skip, "not now");
    let there = sorted(vec![step("one", &[], noting(&place)), skipped]);
    assert_ne!(place.lock().unwrap()[1], thread::current().id());
    assert_eq!(here, there);
}

#[test]
fn beside_another_it_runs_on_a_thread() {
    let place = Arc::default();
    let steps = vec![brief("one", noting(&place)), brief("two", noting(&place))];
    told(steps, &settings(2), &Cancel::new());
    let here = thread::current().id();
    assert!(place.lock().unwrap().iter().all(|thread| *thread != here));
}

#[test]
fn its_panic_is_a_finding_too() {
    let steps = vec![brief("one", |_| panic!("a joke"))];
    let text = told(steps, &settings(1), &Cancel::new());
    assert!(
        text.contains("GUARD-BUG") && text.contains("a joke"),
        "{text}"
    );
}
