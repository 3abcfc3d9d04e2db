//! One check, asked for by itself: a plan of one step, told like any other run.

use crate::clock::Clock;
use crate::engine::{self, Plan, Settings, Step, Work};
use crate::event::{Coverage, Event, EventKind, Listener, Will};
use crate::exit::Exit;
use crate::finding::Severity;
use crate::moment::Moment;
use crate::outcome::OnUnknown;
use crate::process::signal::Cancel;

use super::{GateError, Teller, verdict};

/// A check that is asked for by itself.
pub(super) struct Alone<'a> {
    /// The command, in reports.
    pub(super) command: &'static str,
    /// The step.
    pub(super) id: &'static str,
    /// What it looks at, in words.
    pub(super) subject: String,
    pub(super) clock: &'a Clock,
    pub(super) cancel: &'a Cancel,
    /// Things to say first.
    pub(super) notes: &'a [(Severity, String)],
}

impl Alone<'_> {
    /// Does the work and tells it.
    pub(super) fn run(
        self,
        work: Box<dyn Work>,
        listeners: &mut [&mut dyn Listener],
    ) -> Result<Exit, GateError> {
        let started = self.clock.now();
        let plan = Plan::new(vec![Step {
            id: self.id.to_owned(),
            needs: Vec::new(),
            will: Will::Run,
            reason: "it was asked for".to_owned(),
            work: Some(work),
        }])?;
        let mut teller = Teller {
            clock: self.clock,
            listeners,
        };
        teller.tell(EventKind::RunStarted {
            command: self.command.to_owned(),
            moment: None,
            on_unknown: OnUnknown::Block,
            subject: self.subject,
        });
        for (severity, message) in self.notes {
            teller.note(*severity, message.clone());
        }
        teller.plan(&plan);
        let mut heard = Heard::default();
        {
            let mut all: Vec<&mut dyn Listener> = Vec::new();
            for listener in teller.listeners.iter_mut() {
                all.push(&mut **listener);
            }
            all.push(&mut heard);
            let settings = Settings {
                jobs: None,
                clock: self.clock.clone(),
            };
            engine::run(&plan, &settings, self.cancel, &mut all);
        }
        let interrupted = self.cancel.exit();
        let judge = &heard.judge;
        let (verdict, exit) = judge.judge(Moment::Ci, OnUnknown::Block, interrupted);
        Ok(teller.finish(started, verdict, exit, heard.coverage))
    }
}

/// What the step came to.
#[derive(Default)]
struct Heard {
    judge: verdict::Judge,
    coverage: Coverage,
}

impl Listener for Heard {
    fn hear(&mut self, event: &Event) {
        self.judge.hear(event);
        if let EventKind::StepFinished { coverage, .. } = &event.kind {
            self.coverage = *coverage;
        }
    }
}
