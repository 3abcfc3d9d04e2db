//! A panic in a step is that step's `unknown`, with a finding that can be reported.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

use super::work::{Context, Ended, Work};
use crate::finding::{Finding, code};
use crate::outcome::Outcome;

thread_local! {
    /// Whether this thread runs steps.
    static RUNS_STEPS: Cell<bool> = const { Cell::new(false) };
    /// Where this thread last panicked.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Says that this thread runs steps: its panics are findings, not noise.
pub(super) fn runs_steps() {
    RUNS_STEPS.set(true);
}

/// Does something as a thread that runs steps does it.
pub(super) fn as_step<T>(work: impl FnOnce() -> T) -> T {
    let before = RUNS_STEPS.replace(true);
    let done = work();
    RUNS_STEPS.set(before);
    done
}

/// For the process's panic hook: whether the panic is a step's and so will be told as a finding.
/// The hook should then print nothing. Call it first, it also notes the place.
pub fn hear_panic(info: &PanicHookInfo) -> bool {
    if !RUNS_STEPS.get() {
        return false;
    }
    let place = info.location().map(ToString::to_string);
    PLACE.with_borrow_mut(|last| *last = place);
    true
}

/// Does the work; a panic becomes an end like any other.
pub(super) fn guarded(id: &str, work: &dyn Work, context: &Context) -> Ended {
    PLACE.take();
    // What the work left half-done is not looked at again.
    catch_unwind(AssertUnwindSafe(|| work.run(context)))
        .unwrap_or_else(|payload| ended(id, &message(payload.as_ref())))
}

/// The end of a step that guard itself got wrong.
pub(super) fn ended(id: &str, message: &str) -> Ended {
    let finding = Finding::new(
        id,
        code::GUARD_BUG,
        format!("guard went wrong in `{id}`: {message}"),
        format!("report it with this message and `guard --version`; `--skip {id}` runs the others"),
    );
    Ended {
        findings: vec![finding],
        ..Outcome::unknown(
            "a bug in guard",
            format!("report it; `--skip {id}` runs the others without it"),
        )
        .into()
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without words");
    match PLACE.take() {
        Some(place) => format!("{text} ({place})"),
        None => text.to_owned(),
    }
}
