//! `guard fix`: the fixes that findings offer, asked for by hand, and nothing judged.

use super::fix::{self, Found, Known, Reach, Seeking};
use super::{FIX, Filter, GateError, Round, Teller, World, checkouts, unreadable, verdict};
use crate::change::{self, Wanted};
use crate::command::fix::Rest;
use crate::config::valid::EmptyFix;
use crate::engine::{Plan, Step};
use crate::event::{Coverage, Listener, Will};
use crate::exit::Exit;
use crate::finding::code::Code;
use crate::finding::{Fix, Severity};
use crate::moment::Moment;
use crate::outcome::Verdict;

/// The command's name, in reports too.
pub(super) const COMMAND: &str = "fix";

/// What is to be repaired, and by whom.
pub struct Repairs {
    /// Which files.
    pub wanted: Wanted,
    /// Which fixers, by their ids.
    pub filter: Filter,
    /// Which fixers, by the codes of what they mend; all where there are none.
    pub codes: Vec<Code>,
    /// The gravest fix that may be applied.
    pub allowed: Fix,
    /// Things to say first.
    pub notes: Vec<(Severity, String)>,
    /// Print the plan, repair nothing.
    pub plan_only: bool,
}

/// Repairs. Everything that happens is told to the listeners; the exit code comes back.
///
/// An error is wrong usage: nothing was told, nothing ran.
pub fn repair(
    world: &World<'_>,
    repairs: &Repairs,
    listeners: &mut [&mut dyn Listener],
) -> Result<Exit, GateError> {
    let started = world.clock.now();
    repairs.filter.check(world.config)?;
    let found = change::fixable(world.repository, world.environment, &repairs.wanted)
        .and_then(|(changes, is_staged)| Ok((changes, is_staged, world.repository.branch()?)));
    let (changes, is_staged, branch) = match found {
        Ok(found) => found,
        Err(error) if error.exit() == Exit::Unknown => {
            let at = (started, &error);
            return Ok(unreadable(world, (COMMAND, None), &[], at, listeners));
        }
        Err(error) => return Err(error.into()),
    };
    let branches: Vec<String> = branch.into_iter().collect();
    let all = fix::known(&Seeking {
        world,
        filter: &repairs.filter,
        changes: &changes,
        branches: &branches,
        counts: &|_| true,
        wants_tools: &|_| true,
        moment: Moment::Commit,
        reach: Reach::Beyond,
    });
    let strangers = strangers(&repairs.codes, &all);
    let reason = changes.reason;
    let checkouts = checkouts(world);
    let (found, mut steps) = repairs.sort(all);
    if !found.is_empty() {
        // Without anything staged, nothing can become empty.
        let empty = if is_staged {
            world.config.empty_fix
        } else {
            EmptyFix::Allow
        };
        let told = told(&found);
        let handed = (found, changes.files);
        let work = fix::work(world, &checkouts, handed, (empty, Rest::Told));
        steps.insert(
            0,
            Step {
                id: FIX.to_owned(),
                needs: Vec::new(),
                will: Will::Run,
                reason: told,
                work: Some(Box::new(work)),
            },
        );
    }
    let plan = Plan::new(steps)?;

    let mut teller = Teller {
        clock: world.clock,
        listeners,
    };
    teller.begin(world, COMMAND, None, reason.clone());
    teller.note(Severity::Info, reason);
    for (severity, message) in &repairs.notes {
        teller.note(*severity, message.clone());
    }
    for code in strangers {
        let said = format!("no fix here mends {code}: `guard explain {code}` says what does");
        teller.note(Severity::Warning, said);
    }
    teller.plan(&plan);
    if repairs.plan_only {
        let exit = Exit::Good;
        return Ok(teller.finish(started, Verdict::Passed, exit, Coverage::default()));
    }
    let mut round = Round {
        world,
        cancel: world.cancel.clone(),
        judge: verdict::Judge::new(&[]),
    };
    round.run(&plan, &mut teller);
    Ok(round.finish(started, None, Coverage::default(), teller))
}

impl Repairs {
    /// The fixers that repair, and a step for each that does not, with the reason.
    fn sort(&self, all: Vec<Known>) -> (Vec<Found>, Vec<Step>) {
        let mut repairing = Vec::new();
        let mut steps = Vec::new();
        for known in all {
            let asked = |code: &Code| self.codes.iter().any(|asked| asked.id == code.id);
            let found = if self.codes.is_empty() || known.codes.iter().any(asked) {
                known.fixer.and_then(|found| self.allow(found))
            } else {
                Err("it mends none of the codes that were asked for".to_owned())
            };
            match found {
                Ok(found) => repairing.push(found),
                Err(reason) => steps.push(Step {
                    id: known.id,
                    needs: Vec::new(),
                    will: Will::Skip,
                    reason,
                    work: None,
                }),
            }
        }
        (repairing, steps)
    }

    fn allow(&self, found: Found) -> Result<Found, String> {
        match (found.fixer.fix, self.allowed) {
            (Fix::Unsafe, Fix::None | Fix::Safe) => {
                Err("it may change what the files mean: `--unsafe` applies it".to_owned())
            }
            _ => Ok(found),
        }
    }
}

/// Who repairs how many files.
fn told(found: &[Found]) -> String {
    let each = found.iter().map(|found| {
        let ending = if found.files == 1 { "" } else { "s" };
        format!("{} ({} file{ending})", found.fixer.id, found.files)
    });
    format!("repairs by {}", each.collect::<Vec<_>>().join(", "))
}

/// The codes that were asked for, and that nobody mends.
fn strangers(asked: &[Code], all: &[Known]) -> Vec<&'static str> {
    let is_known = |code: &&Code| {
        let mut mended = all.iter().flat_map(|known| known.codes);
        mended.any(|mended| mended.id == code.id)
    };
    let strangers = asked.iter().filter(|code| !is_known(code));
    strangers.map(|code| code.id).collect()
}
