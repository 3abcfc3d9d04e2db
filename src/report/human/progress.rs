//! What is said while a run goes on: a live block on a terminal, plain lines elsewhere, and every
//! step's output in one piece.

use std::time::Duration;

use super::live::{self, Block};
use super::marked;
use super::step::{self, Ended};
use crate::clock::Timestamp;
use crate::event::{Event, EventKind, Listener, Will};
use crate::finding::Severity;
use crate::outcome::{OnUnknown, Outcome, Verdict};
use crate::report::captured::{Captured, overwritten, settled};
use crate::report::{INTERRUPTED, Report, Verbosity, words};
use crate::terminal::{Mark, Terminal, Tone, escape_line, text, tool_line};

/// Without a live block, the time between two signs of life.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// Without a live block, a step that passes sooner is not worth a line.
const WORTH_A_LINE: u64 = 1000;

/// The names that a sign of life holds.
const MOST_NAMES: usize = 6;

/// Who reads standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// A person: progress, steps and outputs are told beside it.
    #[default]
    Text,
    /// A program, which gets its own format there: beside it stand only what must be said and, on
    /// a terminal, the live block.
    Machine,
}

/// What is said while a run goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// How much.
    pub verbosity: Verbosity,
    /// To whom.
    pub shown: Shown,
}

/// Tells a run to standard error while it goes on.
pub struct Human {
    terminal: Terminal,
    options: Options,
    run: Report,
    started: Timestamp,
    next_beat: Timestamp,
    running: Vec<Running>,
    /// How many steps were planned to run.
    planned: usize,
    /// Steps that let pass what they could not judge, with the reason.
    relaxed: Vec<(String, String)>,
    block: Block,
    /// Whether the run has lasted long enough for somebody to be watching.
    watched: bool,
    /// Whether the output of a step that did not pass was shown.
    after_output: bool,
    /// Lines that a run too short to be watched does not need.
    deferred: String,
}

struct Running {
    id: String,
    /// The id as it may be shown.
    name: String,
    since: Timestamp,
    output: Captured,
    last: String,
}

impl Human {
    /// Tells to this terminal.
    pub fn new(terminal: Terminal, options: Options) -> Self {
        Self {
            terminal,
            options,
            run: Report::new(),
            started: Timestamp::default(),
            next_beat: Timestamp::default(),
            running: Vec::new(),
            planned: 0,
            relaxed: Vec::new(),
            block: Block::default(),
            watched: false,
            after_output: false,
            deferred: String::new(),
        }
    }

    fn verbose(&self) -> bool {
        self.options.verbosity == Verbosity::Verbose
    }

    fn is_live(&self) -> bool {
        self.terminal.looks().live && self.options.verbosity != Verbosity::Quiet
    }

    /// Whether outputs are told as they come: with `-v`, and with nobody to be mixed up with. It is
    /// how the whole of a long output can be seen.
    fn streams(&self) -> bool {
        self.verbose() && self.options.shown == Shown::Text && self.planned <= 1
    }

    fn watch(&mut self, now: Timestamp) {
        self.watched |=
            self.started != Timestamp::default() && now.since(self.started) >= live::PATIENCE;
    }

    fn begin(&mut self, at: Timestamp, subject: &str) {
        self.started = at;
        self.next_beat = after(at, HEARTBEAT);
        if self.verbose() {
            let style = self.terminal.looks().err;
            let name = self.run.name();
            let said = format!("{name}{}{}", style.dot(), escape_line(subject));
            self.say(&marked(style, Mark::Quiet, &said));
        }
    }

    fn note(&mut self, severity: Severity, message: &str) {
        if severity == Severity::Info && !self.verbose() {
            return;
        }
        let style = self.terminal.looks().err;
        let (head, tone) = match severity {
            Severity::Info => ("note:", Tone::Dim),
            Severity::Warning => ("warning:", Tone::Warning),
            Severity::Error => ("error:", Tone::Error),
        };
        let said = format!("{head} {}", escape_line(message));
        let said = text::wrap(&said, style.width, "", "  ");
        self.say(&(said.replacen(head, &style.paint(tone, head), 1) + "\n"));
    }

    fn start_step(&mut self, at: Timestamp, id: &str) {
        self.running(at, id);
        if self.streams() {
            let style = self.terminal.looks().err;
            self.say(&marked(style, Mark::Quiet, &escape_line(id)));
        }
    }

    fn output(&mut self, at: Timestamp, id: &str, said: &str) {
        let streams = self.streams();
        let running = self.running(at, id);
        if let Some(last) = said.lines().rev().find(|line| !line.trim().is_empty()) {
            running.last = tool_line(&settled(last), false).trim().replace('\t', " ");
        }
        if !streams {
            running.output.push(said);
            return;
        }
        let style = self.terminal.looks().err;
        let lines: String = said
            .lines()
            .map(|line| step::output_line(overwritten(line), style))
            .collect();
        self.say(&lines);
    }

    fn running(&mut self, at: Timestamp, id: &str) -> &mut Running {
        let known = self.running.iter().position(|running| running.id == id);
        let place = known.unwrap_or_else(|| {
            self.running.push(Running {
                id: id.to_owned(),
                name: escape_line(id).into_owned(),
                since: at,
                output: Captured::new(step::AMPLE),
                last: String::new(),
            });
            self.running.len() - 1
        });
        &mut self.running[place]
    }

    fn finish_step(&mut self, ended: &Ended<'_>) {
        let place = self.running.iter().position(|r| r.id == ended.id);
        let output = place.map(|place| self.running.remove(place).output);
        if let Outcome::Unknown { reason, .. } = ended.outcome
            && reason != INTERRUPTED
        {
            self.relaxed.push((ended.id.to_owned(), reason.clone()));
        }
        if self.options.shown == Shown::Machine || !self.is_worth_telling(ended) {
            return;
        }
        let style = self.terminal.looks().err;
        let mut said = ended.line(style);
        let passed = *ended.outcome == Outcome::Passed;
        if let Some(output) = output.filter(|_| !passed || self.verbose()) {
            let room = if self.verbose() {
                step::AMPLE
            } else {
                step::USUAL
            };
            let all = self.alone(ended.id);
            said.push_str(&step::output(&output, room, style, &all));
            self.after_output |= !passed && !output.is_empty();
        }
        if passed && self.is_live() && !self.watched && !self.verbose() {
            self.deferred.push_str(&said);
        } else {
            self.say(&said);
        }
    }

    fn is_worth_telling(&self, ended: &Ended<'_>) -> bool {
        if self.verbose() {
            return true;
        }
        match ended.outcome {
            Outcome::Passed => {
                let long = ended.duration_ms > WORTH_A_LINE || self.is_live();
                self.options.verbosity == Verbosity::Normal && long && !ended.cached
            }
            Outcome::Skipped { .. } => false,
            Outcome::Failed { reason } => reason != INTERRUPTED,
            // One line at the end says it where it does not block.
            Outcome::Unknown { reason, .. } => {
                reason != INTERRUPTED && self.run.on_unknown == OnUnknown::Block
            }
        }
    }

    /// What is typed to see one step alone, with everything that it prints.
    fn alone(&self, id: &str) -> String {
        let again = self.run.again();
        if self.run.moment.is_none() {
            return format!("{again} -v");
        }
        let id = escape_line(id);
        let plain = |c: char| c.is_alphanumeric() || "-_.:/@+".contains(c);
        if id.chars().all(plain) {
            format!("{again} --only {id} -v")
        } else {
            format!("{again} --only '{}' -v", id.replace('\'', r"'\''"))
        }
    }

    fn finish(&mut self, verdict: Verdict) {
        let mut said = self.block.erase(self.terminal.size());
        if self.after_output && verdict != Verdict::Interrupted {
            // What follows on standard output is guard's own again.
            said.push('\n');
        }
        self.terminal.err(&said);
        self.running.clear();
        self.deferred.clear();
        if verdict == Verdict::Passed && !self.relaxed.is_empty() {
            self.terminal.err(&self.relaxation());
        }
    }

    /// One line, however many steps: a script that counts lines is right.
    fn relaxation(&self) -> String {
        let style = self.terminal.looks().err;
        let (what, which) = match &self.relaxed[..] {
            [(id, reason)] => (escape_line(id).into_owned(), reason.clone()),
            several => {
                let ids: Vec<&str> = several.iter().map(|(id, _)| id.as_str()).collect();
                (words::number(words::count(several.len())), ids.join(", "))
            }
        };
        let rest = "let pass by `on_unknown: warn`; see `-v`";
        let taken = text::width(&what) + rest.len() + "!  unknown (), ".len();
        let room = style.width.saturating_sub(taken).max(12);
        let which = text::clip(&escape_line(&which), room);
        format!(
            "{} {what} unknown ({which}), {rest}\n",
            style.mark(Mark::Unsure)
        )
    }

    /// Writes lines that stay, above the block.
    fn say(&mut self, lines: &str) {
        // The block follows with the same event, and in between nothing else is written.
        let mut said = self.block.erase(self.terminal.size());
        if self.watched {
            said.push_str(&std::mem::take(&mut self.deferred));
        }
        said.push_str(lines);
        self.terminal.err(&said);
    }

    fn show_life(&mut self, now: Timestamp) {
        if self.is_live() {
            self.draw(now);
        } else if self.options.shown == Shown::Text && self.options.verbosity != Verbosity::Quiet {
            self.beat(now);
        }
    }

    fn draw(&mut self, now: Timestamp) {
        let gone = self.block.is_empty();
        let nothing = self.running.is_empty() && self.deferred.is_empty() && gone;
        // Between the lines of a tool that prints without a pause a block would only flicker.
        let waits = (!gone || self.streams()) && !self.block.is_due(now);
        if !self.watched || nothing || waits {
            return;
        }
        let (size, style) = (self.terminal.size(), self.terminal.looks().err);
        let mut drawn = self.block.erase(size);
        drawn.push_str(&std::mem::take(&mut self.deferred));
        let lines: Vec<live::Line<'_>> = self.running.iter().map(Running::line).collect();
        drawn.push_str(&self.block.draw(&lines, now, size, style));
        self.terminal.err(&drawn);
    }

    fn beat(&mut self, now: Timestamp) {
        if now < self.next_beat || self.running.is_empty() {
            return;
        }
        self.next_beat = after(now, HEARTBEAT);
        let style = self.terminal.looks().err;
        let mut names: Vec<String> = self
            .running
            .iter()
            .take(MOST_NAMES)
            .map(|running| {
                let elapsed = words::elapsed(now.since(running.since));
                format!("{} {elapsed}", running.name)
            })
            .collect();
        if self.running.len() > MOST_NAMES {
            names.push(format!("{} more", self.running.len() - MOST_NAMES));
        }
        let said = format!("still running: {}", names.join(", "));
        self.terminal.err(&marked(style, Mark::Quiet, &said));
    }
}

impl Running {
    fn line(&self) -> live::Line<'_> {
        live::Line {
            id: &self.name,
            since: self.since,
            last: &self.last,
        }
    }
}

fn after(time: Timestamp, wait: Duration) -> Timestamp {
    let wait = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    Timestamp(time.0.saturating_add(wait))
}

impl Listener for Human {
    fn hear(&mut self, event: &Event) {
        self.watch(event.at);
        match &event.kind {
            EventKind::RunStarted { subject, .. } => {
                self.run.hear(event);
                self.begin(event.at, subject);
            }
            EventKind::Noted { severity, message } => self.note(*severity, message),
            EventKind::StepPlanned { will, .. } => {
                self.planned += usize::from(*will == Will::Run);
            }
            EventKind::StepStarted { id } => self.start_step(event.at, id),
            EventKind::StepOutput { id, text } => self.output(event.at, id, text),
            EventKind::Found(_) => {}
            EventKind::StepFinished {
                id,
                outcome,
                duration_ms,
                cached,
                ..
            } => self.finish_step(&Ended {
                id,
                outcome,
                duration_ms: *duration_ms,
                cached: *cached,
            }),
            EventKind::RunFinished { verdict, .. } => {
                self.finish(*verdict);
                return;
            }
        }
        self.show_life(event.at);
    }

    fn tick(&mut self, now: Timestamp) {
        self.watch(now);
        self.show_life(now);
    }
}

impl Drop for Human {
    /// A run that ends by a panic leaves no block behind.
    fn drop(&mut self) {
        if !self.block.is_empty() {
            let erased = self.block.erase(self.terminal.size());
            self.terminal.err(&erased);
        }
    }
}

#[cfg(test)]
mod tests;
