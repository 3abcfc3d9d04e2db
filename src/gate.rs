//! The gate: what changed becomes a plan, the plan runs, the events mean a verdict.
//!
//! Hooks, CI and later a ship differ in the moment and in the base of the change; from here on they are the same.

mod alone;
mod env;
mod filter;
mod fix;
mod memory;
mod place;
mod plan;
mod repair;
mod secrets;
mod several;
mod subject;
mod verdict;
mod witness;

use std::sync::Arc;

use crate::checkout::Checkouts;
use crate::clock::{Clock, Timestamp};
use crate::config::valid::Config;
use crate::engine::{self, Plan, PlanError, Settings};
use crate::environment::Environment;
use crate::event::{Coverage, Event, EventKind, Listener, Will};
use crate::exit::Exit;
use crate::finding::{Finding, Severity};
use crate::moment::Moment;
use crate::outcome::{Outcome, Verdict};
use crate::process::signal::Cancel;
use crate::repository::{Repository, RepositoryError};
use crate::secret::Redactor;

pub(crate) use env::alone::{Checked, env};
pub(crate) use env::scan::alone::{Sources, env_scan};
pub use filter::{Filter, UnknownId};
pub use fix::Fixes;
pub use memory::Cache;
use plan::Planned;
pub use repair::{Repairs, repair};
pub use secrets::RuleError;
pub use secrets::alone::{Baseline, Searched, Wanted, secrets};
pub use subject::{Selection, Subject};

/// The file of known findings, where no other is named.
pub(crate) const BASELINE: &str = crate::secrets::pardon::Baseline::NAME;

/// The id of guard's own step: what changed, where that could not be found out. No command may have it.
pub const CHANGE: &str = "change";

/// The id of the step that repairs what is staged before it is judged. No command may have it.
pub const FIX: &str = "fix";

/// What the gate stands on.
pub struct World<'a> {
    /// The repository; steps look at it again when they have ended.
    pub repository: &'a Arc<Repository>,
    /// What the team wants.
    pub config: &'a Config,
    /// The environment that commands inherit from.
    pub environment: &'a Environment,
    /// What is hidden in all that commands print.
    pub redactor: Redactor,
    /// The time.
    pub clock: &'a Clock,
    /// The wish that the run ends, of whoever has one besides the signals.
    pub cancel: Cancel,
}

impl<'a> World<'a> {
    /// The same, with what the repository holds now.
    fn of<'b>(&self, repository: &'b Arc<Repository>) -> World<'b>
    where
        'a: 'b,
    {
        World {
            repository,
            redactor: self.redactor.clone(),
            cancel: self.cancel.clone(),
            ..*self
        }
    }
}

/// What is asked of the gate.
pub struct Request {
    /// The moment.
    pub moment: Moment,
    /// What to judge.
    pub selection: Selection,
    /// Which steps to leave out.
    pub filter: Filter,
    /// Whether earlier passes may serve.
    pub cache: Cache,
    /// Findings that were made before the gate was reached: unreadable lines, bypasses.
    pub findings: Vec<Finding>,
    /// Things to say that are no findings.
    pub notes: Vec<(Severity, String)>,
    /// Which commands repair before they judge, at a commit.
    pub fixes: Fixes,
    /// Print the plan, run nothing.
    pub plan_only: bool,
}

/// What stops a run before it begins.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum GateError {
    /// The repository could not be read as asked.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Repository(#[from] RepositoryError),
    /// A step was named that does not exist.
    #[error(transparent)]
    #[diagnostic(transparent)]
    UnknownId(#[from] UnknownId),
    /// A file of rules or of pardons is wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Rules(#[from] RuleError),
    /// The schema of env files is wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Schema(crate::config::ConfigError),
    /// The steps do not make a plan.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Plan(#[from] PlanError),
}

impl GateError {
    /// The exit code that it asks for.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Repository(error) => error.exit(),
            _ => Exit::Usage,
        }
    }
}

/// Runs the gate. Everything that happens is told to the listeners; the exit code comes back.
///
/// An error is wrong usage: nothing was told, nothing ran. What could not be found out is no
/// error but a run whose verdict is unknown.
pub fn run(
    world: &World<'_>,
    request: &Request,
    listeners: &mut [&mut dyn Listener],
) -> Result<Exit, GateError> {
    let started = world.clock.now();
    request.filter.check(world.config)?;
    let subject = match subject::find(world, request.moment, &request.selection) {
        Ok(subject) => subject,
        Err(error) if error.exit() == Exit::Unknown => {
            let run = ("run", Some(request.moment));
            let findings = &request.findings;
            return Ok(unreadable(
                world,
                run,
                findings,
                (started, &error),
                listeners,
            ));
        }
        Err(error) => return Err(error.into()),
    };

    let checkouts = checkouts(world);
    let fix = fix::plan(world, request, &subject, &checkouts)?;
    let planned = plan::plan(world, request, &subject, &checkouts)?;

    let mut teller = Teller {
        clock: world.clock,
        listeners,
    };
    teller.begin(world, "run", Some(request.moment), subject.words.clone());
    for reason in subject.reasons() {
        teller.note(Severity::Info, reason);
    }
    for (id, source) in request.filter.skips() {
        teller.note(
            Severity::Warning,
            format!("`{id}` is passed over by {source}"),
        );
    }
    for (severity, message) in planned.memory.told() {
        teller.note(severity, message);
    }
    for (severity, message) in &request.notes {
        teller.note(*severity, message.clone());
    }
    let mut findings: Vec<Finding> = request.findings.clone();
    findings.extend(subject.findings());
    for finding in &findings {
        teller.tell(EventKind::Found(finding.clone()));
    }

    let mut round = Round {
        world,
        cancel: world.cancel.clone(),
        judge: verdict::Judge::new(&findings),
    };
    if let Some(fix) = fix {
        teller.plan(&fix);
        if !request.plan_only {
            round.run(&fix, &mut teller);
            // The judgement wants the slot that the fixes are done with.
            checkouts.let_go();
            return judge_anew(round, request, started, teller);
        }
    }
    Ok(round.judge(&planned, request, started, teller))
}

/// Judges what is staged after a fix: the index is another one now.
fn judge_anew(
    mut round: Round<'_>,
    request: &Request,
    started: Timestamp,
    mut teller: Teller<'_, '_, '_>,
) -> Result<Exit, GateError> {
    let found = Repository::discover(round.world.environment).and_then(|repository| {
        let repository = Arc::new(repository);
        let world = round.world.of(&repository);
        let subject = subject::find(&world, request.moment, &request.selection)?;
        Ok((repository, subject))
    });
    let (repository, subject) = match found {
        Ok(found) => found,
        Err(error) if error.exit() == Exit::Unknown => {
            round.unreadable(&error, &mut teller);
            let moment = Some(request.moment);
            return Ok(round.finish(started, moment, Coverage::default(), teller));
        }
        Err(error) => return Err(error.into()),
    };
    let world = round.world.of(&repository);
    let checkouts = checkouts(&world);
    let planned = plan::plan(&world, request, &subject, &checkouts)?;
    Ok(round.judge(&planned, request, started, teller))
}

fn checkouts(world: &World<'_>) -> Arc<Checkouts> {
    Arc::new(Checkouts::new(
        Arc::clone(world.repository),
        world.environment,
    ))
}

/// The plans of one run, one after the other, and what they mean together.
struct Round<'a> {
    world: &'a World<'a>,
    cancel: Cancel,
    judge: verdict::Judge,
}

impl Round<'_> {
    fn run(&mut self, plan: &Plan, teller: &mut Teller<'_, '_, '_>) {
        let mut all: Vec<&mut dyn Listener> = Vec::new();
        for listener in teller.listeners.iter_mut() {
            all.push(&mut **listener);
        }
        all.push(&mut self.judge);
        let settings = Settings {
            jobs: self.world.config.jobs,
            clock: self.world.clock.clone(),
        };
        engine::run(plan, &settings, &self.cancel, &mut all);
    }

    /// Runs what is planned, to the end of the run.
    fn judge(
        mut self,
        planned: &Planned<'_>,
        request: &Request,
        started: Timestamp,
        mut teller: Teller<'_, '_, '_>,
    ) -> Exit {
        teller.plan(&planned.plan);
        if request.plan_only {
            return teller.finish(started, Verdict::Passed, Exit::Good, Coverage::default());
        }
        planned.memory.settle();
        planned.begin(&self.world.environment.found);
        self.run(&planned.plan, &mut teller);
        let coverage = planned.coverage(&self.judge);
        self.finish(started, Some(request.moment), coverage, teller)
    }

    /// What changed could not be found out: one step that says so.
    fn unreadable(&mut self, error: &RepositoryError, teller: &mut Teller<'_, '_, '_>) {
        let id = CHANGE.to_owned();
        teller.tell(EventKind::StepPlanned {
            id: id.clone(),
            needs: Vec::new(),
            will: Will::Run,
            reason: "everything else depends on it".to_owned(),
        });
        let outcome = Outcome::unknown(error.to_string(), place::remedy(error));
        self.judge.count(&id, &outcome);
        teller.tell(EventKind::StepFinished {
            id,
            outcome,
            duration_ms: 0,
            cached: false,
            coverage: Coverage::default(),
        });
    }

    fn finish(
        &self,
        started: Timestamp,
        moment: Option<Moment>,
        coverage: Coverage,
        mut teller: Teller<'_, '_, '_>,
    ) -> Exit {
        let on_unknown = self.world.config.on_unknown;
        // Only a hook may take an unknown lightly: without a moment it is as in CI.
        let moment = moment.unwrap_or(Moment::Ci);
        let (verdict, exit) = self.judge.judge(moment, on_unknown, self.cancel.exit());
        teller.finish(started, verdict, exit, coverage)
    }
}

/// A run in which what changed could not be found out: one step that says so.
fn unreadable(
    world: &World<'_>,
    (command, moment): (&str, Option<Moment>),
    findings: &[Finding],
    (started, error): (Timestamp, &RepositoryError),
    listeners: &mut [&mut dyn Listener],
) -> Exit {
    let mut teller = Teller {
        clock: world.clock,
        listeners,
    };
    teller.tell(EventKind::RunStarted {
        command: command.to_owned(),
        moment,
        on_unknown: world.config.on_unknown,
        subject: "what changed could not be read".to_owned(),
    });
    let mut round = Round {
        world,
        cancel: world.cancel.clone(),
        judge: verdict::Judge::new(findings),
    };
    round.unreadable(error, &mut teller);
    round.finish(started, moment, Coverage::default(), teller)
}

/// Tells events to all listeners, with the time.
struct Teller<'a, 'b, 'c> {
    clock: &'a Clock,
    listeners: &'b mut [&'c mut dyn Listener],
}

impl Teller<'_, '_, '_> {
    fn tell(&mut self, kind: EventKind) {
        let event = Event {
            at: self.clock.now(),
            kind,
        };
        for listener in self.listeners.iter_mut() {
            listener.hear(&event);
        }
    }

    /// The run begins: what is judged or repaired, and who reads it.
    fn begin(&mut self, world: &World<'_>, command: &str, moment: Option<Moment>, subject: String) {
        self.tell(EventKind::RunStarted {
            command: command.to_owned(),
            moment,
            on_unknown: world.config.on_unknown,
            subject,
        });
        let reader = world.repository.reader();
        self.note(Severity::Info, format!("changes are read by {reader}"));
    }

    fn plan(&mut self, plan: &Plan) {
        for step in plan.steps() {
            self.tell(EventKind::StepPlanned {
                id: step.id.clone(),
                needs: step.needs.clone(),
                will: step.will,
                reason: step.reason.clone(),
            });
        }
    }

    fn note(&mut self, severity: Severity, message: String) {
        self.tell(EventKind::Noted { severity, message });
    }

    fn finish(
        &mut self,
        started: Timestamp,
        verdict: Verdict,
        exit: Exit,
        coverage: Coverage,
    ) -> Exit {
        let took = self.clock.now().since(started).as_millis();
        self.tell(EventKind::RunFinished {
            verdict,
            exit: exit.code(),
            duration_ms: u64::try_from(took).unwrap_or(u64::MAX),
            coverage,
        });
        exit
    }
}
