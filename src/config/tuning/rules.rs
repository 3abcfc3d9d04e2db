//! What serde cannot know about the settings of checks.

use garde::error::Path;
use garde::{Report, Validate};

use super::{Context, RawCheck, RawChecks};
use crate::check::{self, Check};
use crate::config::names::{self, shown};
use crate::config::rules::wrong;
use crate::moment::Moment;

impl Validate for RawChecks {
    type Context = Context;

    fn validate_into(
        &self,
        context: &Context,
        parent: &mut dyn FnMut() -> Path,
        report: &mut Report,
    ) {
        for (id, raw) in &self.0 {
            let (RawCheck::Tuned(tuning), Some(check)) = (raw, check::by_id(id)) else {
                continue;
            };
            tuning.validate_into(context, &mut || parent().join(*id), report);
            for code in tuning.severity.iter().flat_map(|by_code| by_code.0.keys()) {
                if let Err(error) = code_of(check, code) {
                    let path = parent().join(*id).join("severity").join(code.as_str());
                    report.append(path, error);
                }
            }
        }
    }
}

/// A code that the findings of this check may have.
fn code_of(check: &Check, code: &str) -> garde::Result {
    let known = || check.codes().iter().map(|known| known.id);
    if known().any(|known| known == code) {
        return Ok(());
    }
    let help = match names::nearest(code, known()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("its codes are {}", names::list(known())),
    };
    let what = format!("`{}` is no code of `{}`", shown(code), check.id);
    Err(wrong(what, help))
}

#[expect(clippy::ptr_arg, reason = "the signature is garde's")]
pub(super) fn some_moment(at: &Vec<Moment>, _: &Context) -> garde::Result {
    if at.is_empty() {
        return Err(wrong(
            "no moment is named, so it would never run",
            "name some of `commit`, `push`, `ci`; to switch the check off write `false` in place of its map",
        ));
    }
    Ok(())
}

#[expect(clippy::ptr_arg, reason = "the signature is garde's")]
pub(super) fn some_tool(tools: &Vec<String>, _: &Context) -> garde::Result {
    if tools.is_empty() {
        return Err(wrong(
            "no tool is named, so nothing would be looked at",
            "name some, or leave `tools` out; to switch the check off write `false` in place of its map",
        ));
    }
    Ok(())
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is garde's"
)]
pub(super) fn percent(percent: &f64, _: &Context) -> garde::Result {
    // Not a number is in no range.
    if (0.0..=100.0).contains(percent) {
        return Ok(());
    }
    Err(wrong(
        format!("{percent} is no percentage"),
        "write a number between 0 and 100: `80`, `87.5`",
    ))
}
