//! The run itself: starts what is ready, tells what happens, and ends even when a step does not.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::plan::{Plan, Step};
use super::schedule::{Effect, Next, Schedule};
use super::work::{Context, Ended, Message, Work};
use super::{Settings, bug};
use crate::event::{Event, EventKind, Listener, Will};
use crate::finding::Severity;
use crate::outcome::Outcome;
use crate::process::signal::{self, Cancel, Wish};

/// How often listeners are told that time passes.
const TICK: Duration = Duration::from_millis(100);

/// How long a cancelled step is waited for. Processes are gone long before; this is for work that
/// does not look at the wish.
const FAREWELL: Duration = Duration::from_secs(2);

/// The same when the end is wished at once: long enough to see processes die.
const SHORT_FAREWELL: Duration = Duration::from_secs(1);

/// How many tellings may wait for the listeners before the steps do.
const BACKLOG: usize = 64;

/// One run of a plan.
pub(super) struct Dispatch<'a, 'l> {
    plan: &'a Plan,
    settings: &'a Settings,
    cancel: &'a Cancel,
    listeners: &'a mut [&'l mut dyn Listener],
    schedule: Schedule,
    outcomes: Vec<Option<Outcome>>,
    send: SyncSender<Message>,
    receive: Receiver<Message>,
    /// How many steps run now.
    running: usize,
    /// Made for the first step that runs.
    threads: Option<Threads>,
}

/// What exists only while steps run.
struct Threads {
    pool: ThreadPool,
    jobs: usize,
    _watch: Option<signal::Watch>,
}

impl<'a, 'l> Dispatch<'a, 'l> {
    pub(super) fn new(
        plan: &'a Plan,
        settings: &'a Settings,
        cancel: &'a Cancel,
        listeners: &'a mut [&'l mut dyn Listener],
    ) -> Self {
        let (send, receive) = sync_channel(BACKLOG);
        Self {
            plan,
            settings,
            cancel,
            listeners,
            schedule: Schedule::new(plan.needs()),
            outcomes: vec![None; plan.steps().len()],
            send,
            receive,
            running: 0,
            threads: None,
        }
    }

    pub(super) fn run(mut self) -> Vec<(String, Outcome)> {
        let mut next_tick = Instant::now() + TICK;
        let mut give_up = None;
        loop {
            if self.cancel.is_cancelled() {
                self.skip_waiting();
                give_up = Some(self.time_to_give_up(give_up));
            }
            self.start_ready();
            if self.schedule.is_over() {
                break;
            }
            let wait = next_tick.saturating_duration_since(Instant::now());
            match self.receive.recv_timeout(wait) {
                Ok(message) => self.hear(message),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            if Instant::now() >= next_tick {
                self.tick();
                next_tick = Instant::now() + TICK;
            }
            if give_up.is_some_and(|give_up| Instant::now() >= give_up) {
                self.leave_running();
            }
        }
        let ids = self.plan.steps().iter().map(|step| step.id.clone());
        let outcomes = self.outcomes.into_iter();
        ids.zip(outcomes.map(|outcome| outcome.expect("each step ends before the run does")))
            .collect()
    }

    /// Starts as many as may run at once; what needs no thread ends here and now.
    fn start_ready(&mut self) {
        let plan = self.plan;
        while self.has_room()
            && let Some(next) = self.schedule.next()
        {
            match next {
                Next::Skip(place, by) => {
                    let outcome = Outcome::skipped(self.skip_reason(place, by));
                    self.end(place, outcome.into(), 0, Effect::Blocks(by));
                }
                Next::Start(place) => {
                    let step = &plan.steps()[place];
                    match (step.will, &step.work) {
                        (Will::Run, Some(_)) => self.start(place, step),
                        (Will::Run, None) => {
                            let ended = bug::ended(&step.id, "a step without work was planned");
                            self.ended(place, ended, 0);
                        }
                        (Will::Skip, _) => {
                            self.ended(place, Outcome::skipped(&*step.reason).into(), 0);
                        }
                        (Will::Reuse, _) => {
                            let ended = Ended {
                                cached: true,
                                ..Outcome::Passed.into()
                            };
                            self.ended(place, ended, 0);
                        }
                    }
                }
            }
        }
    }

    /// Why a step is skipped that needs one which went wrong.
    fn skip_reason(&self, place: usize, by: usize) -> String {
        let step = &self.plan.steps()[place];
        if step.will == Will::Skip {
            return step.reason.clone();
        }
        let word = match &self.outcomes[by] {
            Some(Outcome::Unknown { .. }) => "unknown",
            _ => "failed",
        };
        format!("{} {word}", self.plan.steps()[by].id)
    }

    fn has_room(&self) -> bool {
        let full = |threads: &Threads| self.running >= threads.jobs;
        !self.threads.as_ref().is_some_and(full)
    }

    fn start(&mut self, place: usize, step: &Step) {
        let (steps, clock) = (self.plan.shared(), self.settings.clock.clone());
        let context = Context {
            step: place,
            send: self.send.clone(),
            cancel: self.cancel.clone(),
        };
        if let Some(work) = step.work.as_deref().filter(|work| work.is_brief())
            && self.plan.runs() == 1
        {
            return self.run_here(place, &step.id, work, &context);
        }
        let Some(threads) = self.threads() else {
            let ended = Outcome::unknown(
                "the system has no thread to run it on",
                "close something, or raise the limit (`ulimit -u`), and try again",
            );
            return self.ended(place, ended.into(), 0);
        };
        threads.spawn(move || {
            let began = clock.now();
            let step = &steps[place];
            let ended = match &step.work {
                Some(work) => bug::guarded(&step.id, work.as_ref(), &context),
                None => bug::ended(&step.id, "a step without work was started"),
            };
            let duration_ms = millis(clock.now().since(began));
            // Nobody listens any more when the run ended without this step.
            let _ = context.send.send(Message::Ended {
                step: place,
                ended,
                duration_ms,
            });
        });
        // What it says already waits until this was told.
        self.running += 1;
        self.tell(EventKind::StepStarted {
            id: step.id.clone(),
        });
    }

    /// Runs a brief step on the caller's thread.
    fn run_here(&mut self, place: usize, id: &str, work: &dyn Work, context: &Context) {
        self.tell(EventKind::StepStarted { id: id.to_owned() });
        let began = self.settings.clock.now();
        let ended = bug::as_step(|| bug::guarded(id, work, context));
        let duration_ms = millis(self.settings.clock.now().since(began));
        while let Ok(message) = self.receive.try_recv() {
            self.hear(message);
        }
        self.ended(place, ended, duration_ms);
    }

    /// The pool, made when it is first asked for.
    fn threads(&mut self) -> Option<&ThreadPool> {
        if self.threads.is_none() {
            let watch = signal::watch(self.cancel).map_err(|error| {
                self.tell(EventKind::Noted {
                    severity: Severity::Warning,
                    message: format!(
                        "signals cannot be watched ({error}): Ctrl-C may leave tools running"
                    ),
                });
            });
            let most = self.plan.runs();
            let jobs = self
                .settings
                .jobs
                .unwrap_or_else(processors)
                .clamp(1, most.max(1));
            let pool = ThreadPoolBuilder::new()
                .num_threads(jobs)
                .thread_name(|number| format!("step {number}"))
                .start_handler(|_| bug::runs_steps())
                .build();
            self.threads = pool.ok().map(|pool| Threads {
                pool,
                jobs,
                _watch: watch.ok(),
            });
        }
        self.threads.as_ref().map(|threads| &threads.pool)
    }

    fn hear(&mut self, message: Message) {
        match message {
            Message::Said { step, text } => {
                let id = self.plan.steps()[step].id.clone();
                self.tell(EventKind::StepOutput { id, text });
            }
            Message::Ended {
                step,
                ended,
                duration_ms,
            } => {
                self.running -= 1;
                self.ended(step, ended, duration_ms);
            }
        }
    }

    fn skip_waiting(&mut self) {
        for place in self.schedule.waiting() {
            let step = &self.plan.steps()[place];
            let reason = match step.will {
                Will::Skip => &*step.reason,
                Will::Run | Will::Reuse => "interrupted",
            };
            self.ended(place, Outcome::skipped(reason).into(), 0);
        }
    }

    /// When the steps that still run are no longer waited for.
    fn time_to_give_up(&self, so_far: Option<Instant>) -> Instant {
        let gently = so_far.unwrap_or_else(|| Instant::now() + FAREWELL);
        match self.cancel.wish() {
            // Only ever sooner, so that looking again does not put it off.
            Wish::Now if gently > Instant::now() + SHORT_FAREWELL => {
                Instant::now() + SHORT_FAREWELL
            }
            _ => gently,
        }
    }

    fn leave_running(&mut self) {
        for place in self.schedule.running() {
            let outcome = Outcome::unknown("interrupted", "run it again");
            self.ended(place, outcome.into(), 0);
        }
    }

    fn ended(&mut self, place: usize, ended: Ended, duration_ms: u64) {
        let effect = if ended.outcome.lets_others_start() {
            Effect::LetsGo
        } else {
            Effect::Blocks(place)
        };
        self.end(place, ended, duration_ms, effect);
    }

    fn end(&mut self, place: usize, ended: Ended, duration_ms: u64, effect: Effect) {
        self.schedule.ended(place, effect);
        self.outcomes[place] = Some(ended.outcome.clone());
        for finding in ended.findings {
            self.tell(EventKind::Found(finding));
        }
        self.tell(EventKind::StepFinished {
            id: self.plan.steps()[place].id.clone(),
            outcome: ended.outcome,
            duration_ms,
            cached: ended.cached,
            coverage: ended.coverage,
        });
    }

    fn tell(&mut self, kind: EventKind) {
        let event = Event {
            at: self.settings.clock.now(),
            kind,
        };
        for listener in &mut *self.listeners {
            listener.hear(&event);
        }
    }

    fn tick(&mut self) {
        let now = self.settings.clock.now();
        for listener in &mut *self.listeners {
            listener.tick(now);
        }
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
