//! `guard run`: from what was typed to what is judged.

use std::io::{IsTerminal, Read};
use std::path::Path;
use std::sync::Arc;

use crate::change::{self, Remote, push};
use crate::clock::Clock;
use crate::event::{Coverage, Event, EventKind, Listener};
use crate::exit::Exit;
use crate::finding::{Finding, Severity, code};
use crate::gate::{self, Cache, Filter, Fixes, Request, Selection, World};
use crate::hook::bypass;
use crate::moment::Moment;
use crate::outcome::{OnUnknown, Verdict};
use crate::process::signal::Cancel;
use crate::repository::Repository;
use crate::terminal::escape_line;

use super::arguments::{Hooked, Run};
use super::context::Context;

/// What is meant by a call of the gate, whoever called.
pub(crate) struct Meant {
    moment: Moment,
    selection: Selection,
    only: Vec<String>,
    skip: Vec<String>,
    fixes: Fixes,
    cache: Cache,
    plan_only: bool,
    /// Whether somebody asked what a push would bring: then nothing is pushed.
    by_hand: bool,
    findings: Vec<Finding>,
    notes: Vec<(Severity, String)>,
}

impl Meant {
    /// What a git hook means.
    pub(crate) fn hook(
        moment: Moment,
        input: &[u8],
        remote: Remote,
        notes: Vec<(Severity, String)>,
    ) -> Self {
        let mut meant = Self {
            moment,
            selection: Selection::Usual,
            only: Vec::new(),
            skip: Vec::new(),
            fixes: Fixes::Configured,
            cache: Cache::Use,
            plan_only: false,
            by_hand: false,
            findings: Vec::new(),
            notes,
        };
        if moment == Moment::Push {
            meant.take_lines(input, remote);
        }
        meant
    }

    /// Whether a push only takes refs away.
    fn only_deletes(&self) -> bool {
        let Selection::Pushed { updates, .. } = &self.selection else {
            return false;
        };
        self.findings.is_empty()
            && !updates.is_empty()
            && updates.iter().all(|update| update.local.is_none())
    }

    /// Whether a push brings anything.
    fn pushes(&self) -> bool {
        let Selection::Pushed { updates, .. } = &self.selection else {
            return false;
        };
        !self.by_hand && updates.iter().any(|update| update.local.is_some())
    }

    /// Judges what git's lines say; a line that says nothing is said aloud.
    fn take_lines(&mut self, input: &[u8], remote: Remote) {
        let (updates, malformed) = push::parse(input);
        self.findings.extend(malformed.into_iter().map(|line| {
            Finding::new(
                "pre-push",
                code::HOOK_LINE,
                format!(
                    "line {} of git's input is no ref update: `{}`",
                    line.line,
                    escape_line(&line.text)
                ),
                if updates.is_empty() {
                    "no other line was there to judge; see `guard explain HOOK-LINE`"
                } else {
                    "the other lines were judged; see `guard explain HOOK-LINE`"
                },
            )
        }));
        self.selection = Selection::Pushed { updates, remote };
    }
}

/// `guard run MOMENT`.
pub(crate) fn run(context: &Context, arguments: &Run) -> Exit {
    let moment = arguments.moment.moment();
    let chosen = arguments.all_files || arguments.from.is_some();
    let by_hand = std::io::stdin().is_terminal();
    // Drained before anything else: whoever writes must never meet a closed pipe.
    let input = if arguments.moment == Hooked::PrePush && !by_hand {
        standard_input()
    } else {
        Vec::new()
    };
    let repository = match Repository::discover(&context.environment) {
        Ok(repository) => Arc::new(repository),
        Err(error) => return context.fail(&error, error.exit()),
    };
    let mut meant = Meant {
        moment,
        selection: Selection::Usual,
        only: arguments.only.clone(),
        skip: arguments.skip.clone(),
        fixes: if arguments.fix {
            Fixes::All
        } else {
            Fixes::Configured
        },
        cache: if arguments.no_cache {
            Cache::Leave
        } else {
            Cache::Use
        },
        plan_only: arguments.plan,
        by_hand,
        findings: Vec::new(),
        notes: Vec::new(),
    };
    if arguments.fix && moment != Moment::Commit {
        meant.notes.push((
            Severity::Warning,
            "fixes are written back at a commit only: `guard run pre-commit --fix`".to_owned(),
        ));
    }
    // A pipeline hands over what it has: nothing, or zeros, where a branch is new.
    let nothing = |from: &&String| from.bytes().all(|byte| byte == b'0');
    let is_nowhere =
        moment == Moment::Ci && arguments.from.as_ref().is_some_and(|from| nothing(&from));
    if is_nowhere {
        meant.notes.push((
            Severity::Info,
            "`--from` names no commit, so the base is looked for elsewhere".to_owned(),
        ));
    }
    if arguments.all_files {
        meant.selection = Selection::AllFiles;
    } else if let Some(from) = arguments.from.as_ref().filter(|_| !is_nowhere) {
        meant.selection = Selection::Range {
            from: from.clone(),
            to: arguments.to.clone().unwrap_or_else(|| "HEAD".to_owned()),
        };
    }
    if moment == Moment::Push && !chosen {
        let mut words = arguments.remote.iter();
        let mut next = || words.next().cloned().unwrap_or_default();
        let remote = Remote {
            name: next().into(),
            url: next().into(),
        };
        if by_hand {
            match change::as_if_pushed(&repository, remote) {
                Ok((updates, remote)) => meant.selection = Selection::Pushed { updates, remote },
                Err(error) => return context.fail(&error, error.exit()),
            }
        } else {
            meant.take_lines(&input, remote);
        }
    }
    gate(context, &repository, meant)
}

/// Everything on standard input; what cannot be read counts as not there. Called by hand, on a
/// terminal, there is nothing to wait for.
pub(crate) fn standard_input() -> Vec<u8> {
    let mut input = Vec::new();
    let mut stdin = std::io::stdin();
    if !stdin.is_terminal() {
        // A broken pipe leaves what came before it, and that is judged.
        let _ = stdin.read_to_end(&mut input);
    }
    input
}

/// Runs the gate and reports.
pub(crate) fn gate(context: &Context, repository: &Arc<Repository>, mut meant: Meant) -> Exit {
    let clock = Clock::Real;
    let moment = meant.moment;
    let common = repository.common_dir();
    if context.environment.text("GUARD") == Some("0") {
        context.terminal.err(&format!(
            "guard: off for this {} (GUARD=0)\n",
            moment.command()
        ));
        if !meant.plan_only {
            record(context, &clock, common, moment, "GUARD=0");
        }
        return off(context, &clock, moment);
    }
    let settings = match context.settings(repository) {
        Ok(settings) => settings,
        Err(exit) => return exit,
    };
    // A delete costs nothing, not even a look at the configuration.
    let deletes = meant.only_deletes();
    let loaded = if deletes {
        None
    } else {
        match context.load(repository, &settings.read) {
            Ok(loaded) => Some(loaded),
            Err(exit) => return exit,
        }
    };
    let warnings = loaded.iter().flat_map(|loaded| &loaded.warnings);
    for warning in warnings.chain(&settings.warnings) {
        meant.notes.push((Severity::Warning, warning.clone()));
    }
    if loaded.as_ref().is_some_and(|loaded| loaded.file.is_none()) {
        meant.notes.push((
            Severity::Info,
            "there is no guard.yaml here: only the built-in checks run; `guard init` writes one"
                .to_owned(),
        ));
    }
    let past = if moment == Moment::Commit {
        bypass::Bypasses::default()
    } else {
        bypass::read(common).unwrap_or_default()
    };
    let told = past.entries.iter().map(|past| bypassed(past, moment));
    meant.findings.extend(told);
    let pushes = meant.pushes();
    let by_variable: Vec<String> = settings
        .read
        .filled("GUARD_SKIP")
        .map(|ids| ids.split(',').map(|id| id.trim().to_owned()).collect())
        .unwrap_or_default();
    let filter = Filter::new(meant.only, &meant.skip, &by_variable);
    let skipped = filter.bypasses();
    let request = Request {
        moment,
        selection: meant.selection,
        filter,
        cache: meant.cache,
        findings: meant.findings,
        notes: meant.notes,
        fixes: meant.fixes,
        plan_only: meant.plan_only,
    };
    let config = loaded.map(|loaded| loaded.config).unwrap_or_default();
    let world = World {
        repository,
        config: &config,
        environment: &context.environment,
        redactor: settings.redactor.clone(),
        clock: &clock,
        cancel: Cancel::new(),
    };
    let plan_only = request.plan_only;
    let mut reporter = context.reporter(plan_only);
    let ended = {
        let mut listeners: Vec<&mut dyn Listener> = reporter.listeners();
        gate::run(&world, &request, &mut listeners)
    };
    let exit = match ended {
        Ok(exit) => exit,
        Err(error) => return context.fail(&error, error.exit()),
    };
    if !plan_only {
        // Forgotten when something was pushed, not at every call by hand or in CI.
        if exit == Exit::Good
            && pushes
            && let Err(error) = bypass::clear(common, &past)
        {
            context.fail(&error, exit);
        }
        for what in skipped {
            record(context, &clock, common, moment, &what);
        }
    }
    reporter.finish(exit)
}

/// A run that was switched off: told as what it is, in every format.
fn off(context: &Context, clock: &Clock, moment: Moment) -> Exit {
    if context.is_for_people() {
        return Exit::Good;
    }
    let mut reporter = context.reporter(false);
    let told = [
        EventKind::RunStarted {
            command: "run".to_owned(),
            moment: Some(moment),
            on_unknown: OnUnknown::default(),
            subject: "off (GUARD=0)".to_owned(),
        },
        EventKind::Found(Finding::new(
            "bypass",
            code::GATE_BYPASS,
            format!("GUARD=0 at {}", moment.command()),
            "a run without `GUARD=0` judges what was passed over",
        )),
        EventKind::RunFinished {
            verdict: Verdict::Passed,
            exit: Exit::Good.code(),
            duration_ms: 0,
            coverage: Coverage::default(),
        },
    ];
    for kind in told {
        let event = Event {
            at: clock.now(),
            kind,
        };
        for listener in reporter.listeners() {
            listener.hear(&event);
        }
    }
    reporter.finish(Exit::Good)
}

/// What was passed over since the last push.
fn bypassed(past: &bypass::Bypass, moment: Moment) -> Finding {
    Finding::new(
        "bypass",
        code::GATE_BYPASS,
        format!("{} at {}, {}", past.what, past.hook, past.at),
        match moment {
            // Nothing went on its way by it: what is pushed is judged at the push.
            _ if past.hook == Moment::Ci.command() => {
                "nothing was let through by it: this run judges what that one left out"
            }
            Moment::Ci => "this run judges again what was passed over in its range",
            Moment::Commit | Moment::Push => {
                "`guard run ci --from BASE` judges what was passed over"
            }
        },
    )
}

/// Remembers a bypass. That it could not be remembered is said, and stops nobody.
fn record(context: &Context, clock: &Clock, common: &Path, moment: Moment, what: &str) {
    if let Err(error) = bypass::record(common, clock.now(), moment.command(), what) {
        context
            .terminal
            .err(&format!("guard: {what} could not be recorded: {error}\n"));
    }
}
