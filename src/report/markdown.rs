//! `--format markdown`: what one would paste into a pull request, and what a job's summary page shows.

mod safe;

use std::fmt::Write as _;

use super::remark::{self, Gravity, Remark};
use super::{Format, KEPT, Manner, Report, words};
use crate::event::Will;
use crate::finding::Severity;
use crate::outcome::{Outcome, Verdict};
use crate::terminal::{Mark, Style};
use safe::{code, fenced, prose};

/// The format's name.
pub const ID: &str = "markdown";

/// GitHub takes a comment of 65,536 characters; this leaves room for a line of one's own.
const COMMENT: usize = 65_000;

/// The bytes that are kept free for the line that says what did not fit.
const LAST_LINE: usize = 200;

/// The format.
#[derive(Clone, Copy, Debug)]
pub struct Markdown;

impl Format for Markdown {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "Markdown, to paste into a pull request"
    }

    fn render(&self, report: &Report, _: Manner) -> String {
        page(report, COMMENT)
    }
}

/// The report as a page of at most so many bytes, what matters most first.
pub fn page(report: &Report, most: usize) -> String {
    let mut page = Page::new(most);
    let mark = Style::PLAIN.bare(if report.plan_only {
        Mark::Quiet
    } else {
        mark(report.verdict())
    });
    page.add(&format!("### {mark} {}\n", remark::sum(report)));
    if !report.subject.is_empty() {
        // Not at the beginning of a line, where `-` or `1.` would begin a list.
        page.add(&format!("\njudged: {}\n", prose(&report.subject)));
    }
    if report.plan_only {
        plan(report, &mut page);
        return page.close();
    }
    steps(report, &mut page);
    remarks(report, &mut page);
    notes(report, &mut page);
    outputs(report, &mut page);
    if !report.data.is_empty() {
        let data = serde_json::to_string_pretty(&report.data).expect("a map is JSON");
        page.add(&format!("\n{}", fenced(&data, "json")));
    }
    page.close()
}

/// Text in limited room: a block is there as a whole or is counted.
struct Page {
    text: String,
    most: usize,
    left: u64,
}

impl Page {
    fn new(most: usize) -> Self {
        Self {
            text: String::new(),
            most: most.saturating_sub(LAST_LINE),
            left: 0,
        }
    }

    fn add(&mut self, block: &str) {
        if self.text.len() + block.len() <= self.most {
            self.text.push_str(block);
        } else {
            self.left += 1;
        }
    }

    fn close(mut self) -> String {
        // In a room that is too small even for this there is nothing that could be said.
        if self.left > 0 && self.most > 0 {
            let left = words::counted(self.left, "more part");
            let _ = write!(
                self.text,
                "\n{left} did not fit; `--format json` has them all.\n"
            );
        }
        self.text
    }
}

fn mark(verdict: Verdict) -> Mark {
    match verdict {
        Verdict::Passed => Mark::Good,
        Verdict::Unknown => Mark::Unsure,
        Verdict::Failed | Verdict::Refused | Verdict::Interrupted => Mark::Bad,
    }
}

fn plan(report: &Report, page: &mut Page) {
    if report.steps.is_empty() {
        page.add("\nno steps\n");
        return;
    }
    page.add("\n| step | will | needs | why |\n|---|---|---|---|\n");
    for step in &report.steps {
        let will = match step.will {
            Will::Run => "run",
            Will::Skip => "skip",
            Will::Reuse => "reuse",
        };
        let needs: Vec<String> = step.needs.iter().map(|need| code(need)).collect();
        let (id, needs, why) = (code(&step.id), needs.join(", "), prose(&step.because));
        page.add(&format!("| {id} | {will} | {needs} | {why} |\n"));
    }
}

fn steps(report: &Report, page: &mut Page) {
    if report.steps.is_empty() {
        return;
    }
    page.add("\n| step | outcome | time | why |\n|---|---|---|---|\n");
    for step in &report.steps {
        let fate = step.fate();
        let mark = Style::PLAIN.bare(match &*fate {
            Outcome::Passed => Mark::Good,
            Outcome::Failed { .. } => Mark::Bad,
            Outcome::Unknown { .. } => Mark::Unsure,
            Outcome::Skipped { .. } => Mark::Quiet,
        });
        let time = match &*fate {
            Outcome::Skipped { .. } => String::new(),
            _ if step.cached => "cached".to_owned(),
            _ => words::duration(step.duration_ms),
        };
        let (id, word) = (code(&step.id), fate.word());
        let why = prose(fate.reason().unwrap_or_default());
        page.add(&format!("| {id} | {mark} {word} | {time} | {why} |\n"));
    }
}

/// What was found and what could not be found out, a heading and a list for each gravity.
fn remarks(report: &Report, page: &mut Page) {
    let all = remark::all(report);
    for gravity in Gravity::ALL {
        let mut of = all
            .iter()
            .filter(|remark| remark.gravity == gravity)
            .peekable();
        if of.peek().is_some() {
            page.add(&format!("\n#### {}\n\n", heading(gravity)));
        }
        for remark in of {
            page.add(&item(remark));
        }
    }
}

fn heading(gravity: Gravity) -> &'static str {
    match gravity {
        Gravity::Error => "Errors",
        Gravity::Unknown => "Could not find out",
        Gravity::Warning => "Warnings",
        Gravity::Info => "Worth knowing",
    }
}

fn item(remark: &Remark<'_>) -> String {
    let mut item = format!("- {}", code(remark.kind));
    if let Some(finding) = remark.finding {
        if let Some(place) = remark::place(finding) {
            let _ = write!(item, " at {}", code(&place));
        }
        if let Some(commit) = &finding.commit {
            let short: String = commit.chars().take(10).collect();
            let _ = write!(item, " in commit {}", code(&short));
        }
    }
    let _ = writeln!(item, ": {}", prose(&remark.message));
    if !remark.help.trim().is_empty() {
        let _ = writeln!(item, "  <br>help: {}", prose(&remark.help));
    }
    item
}

/// What people must be told; what is only worth knowing is for `-v`.
fn notes(report: &Report, page: &mut Page) {
    let graver = |(severity, _): &&(Severity, String)| *severity > Severity::Info;
    let mut notes = report.notes.iter().filter(graver).peekable();
    if notes.peek().is_some() {
        page.add("\n#### Notes\n\n");
    }
    for (severity, note) in notes {
        page.add(&format!("- {}: {}\n", severity.word(), prose(note)));
    }
}

/// What the tools of steps that did not pass printed, folded up.
fn outputs(report: &Report, page: &mut Page) {
    for step in &report.steps {
        let told = matches!(
            *step.fate(),
            Outcome::Failed { .. } | Outcome::Unknown { .. }
        );
        if told && !step.output.is_empty() {
            page.add(&format!(
                "\n<details><summary>output of {}</summary>\n\n{}\n</details>\n",
                safe::tagged(&step.id),
                fenced(&step.output.text(KEPT), "text")
            ));
        }
    }
}

#[cfg(test)]
mod tests;
