//! `guard doctor`: gathers what is examined, and tells what came of it in every format.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::doctor::{self, World};
use crate::environment::Environment;
use crate::event::{Coverage, Event, EventKind, Will};
use crate::exit::Exit;
use crate::finding::Severity;
use crate::health::{Line, State, verdict};
use crate::hook;
use crate::outcome::OnUnknown;
use crate::repository::Repository;

use super::context::Context;

/// A hook that git has not run by then is not waited for.
const HOOKS: Duration = Duration::from_millis(1500);

/// Looks at everything and tells it.
pub(crate) fn run(context: &Context) -> Exit {
    let begun = Clock::Real.now();
    let lines = doctor::examine(world(context));
    let exit = Exit::of(verdict(&lines));
    if context.is_for_people() {
        let style = context.terminal.looks().out;
        return match context.say(&doctor::render(&lines, style, context.verbosity)) {
            Exit::Good => exit,
            lost => lost,
        };
    }
    let spent = Clock::Real.now().since(begun);
    tell(context, &lines, exit, spent)
}

/// What is examined. What is wrong here already is told by a line, and ends nothing.
fn world(context: &Context) -> World {
    let environment = context.environment.clone();
    let repository = Repository::discover(&environment).map(Arc::new);
    let settings = context.try_settings(repository.as_deref().ok());
    let (read, settings) = match settings {
        Ok(settings) => (settings.read, Ok(settings.warnings)),
        Err(error) => (environment.clone(), Err(error)),
    };
    let config = match &repository {
        Ok(repository) if settings.is_ok() => Some(context.try_load(repository, &read)),
        _ => None,
    };
    let binary = Environment::binary();
    let hooks = {
        let (environment, binary) = (environment.clone(), binary.clone());
        move || hook::health(&environment, binary.as_deref(), HOOKS)
    };
    World {
        environment,
        read,
        settings,
        repository,
        config,
        hooks: Box::new(hooks),
        binary,
    }
}

/// As a run whose steps are the lines, so that every format says something.
fn tell(context: &Context, lines: &[Line], exit: Exit, spent: Duration) -> Exit {
    let mut told = vec![EventKind::RunStarted {
        command: "doctor".to_owned(),
        moment: None,
        on_unknown: OnUnknown::Block,
        subject: "what guard stands on".to_owned(),
    }];
    told.extend(lines.iter().map(|line| EventKind::StepPlanned {
        id: line.id.clone(),
        needs: Vec::new(),
        will: match line.state {
            State::Skipped => Will::Skip,
            _ => Will::Run,
        },
        reason: line.reason.clone(),
    }));
    for line in lines {
        if line.state == State::Warning {
            let fix = line.fix.as_ref();
            let fix = fix.map_or_else(String::new, |fix| format!("; next: `{fix}`"));
            told.push(EventKind::Noted {
                severity: Severity::Warning,
                message: format!("{}: {}{fix}", line.id, line.reason),
            });
        }
        told.push(EventKind::StepFinished {
            id: line.id.clone(),
            outcome: line.outcome(),
            duration_ms: 0,
            cached: false,
            coverage: Coverage::default(),
        });
    }
    told.push(EventKind::RunFinished {
        verdict: verdict(lines),
        exit: exit.code(),
        duration_ms: u64::try_from(spent.as_millis()).unwrap_or(u64::MAX),
        coverage: Coverage::default(),
    });
    let mut reporter = context.reporter(false);
    let lines = serde_json::to_value(lines).expect("texts and words are JSON");
    reporter.say("lines", lines);
    for kind in told {
        let event = Event {
            at: Clock::Real.now(),
            kind,
        };
        for listener in reporter.listeners() {
            listener.hear(&event);
        }
    }
    reporter.finish(exit)
}
