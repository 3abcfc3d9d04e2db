//! `--plan`: the steps as a table, with what is going to happen to each and why.

use super::marked;
use crate::event::Will;
use crate::report::{Report, words};
use crate::terminal::{Mark, Style, Tone, escape_line, text};

const HEADS: [&str; 4] = ["step", "will", "needs", "why"];

/// A wider column would leave no room for the reasons.
const WIDEST: [usize; 3] = [24, 5, 16];

pub(super) fn render(report: &Report, style: Style) -> String {
    let mut title = format!("plan of {}", report.name());
    if !report.subject.is_empty() {
        title = format!("{title}{}{}", style.dot(), escape_line(&report.subject));
    }
    let mut page = text::wrap(&title, style.width, "", "  ") + "\n";
    if report.steps.is_empty() {
        return page + &marked(style, Mark::Quiet, "no steps");
    }
    page.push('\n');
    page.push_str(&table(report, style));
    page.push('\n');
    page + &marked(style, Mark::Quiet, &sum(report))
}

fn table(report: &Report, style: Style) -> String {
    let rows: Vec<[String; 4]> = report
        .steps
        .iter()
        .map(|step| {
            [
                escape_line(&step.id).into_owned(),
                word(step.will).to_owned(),
                escape_line(&step.needs.join(", ")).into_owned(),
                escape_line(&step.because).into_owned(),
            ]
        })
        .collect();
    let widths: [usize; 3] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| text::width(&row[column]));
        let widest = cells.max().unwrap_or(0).min(WIDEST[column]);
        widest.max(HEADS[column].len())
    });
    let last = style
        .width
        .saturating_sub(widths.iter().sum::<usize>() + 6)
        .max(10);
    let columns = [widths[0], widths[1], widths[2], last];
    let heads = line(&HEADS.map(str::to_owned), &columns);
    let mut table = style.paint(Tone::Dim, heads.trim_end()) + "\n";
    for row in &rows {
        table.push_str(&line(row, &columns));
    }
    table
}

/// A row; a cell that is too long goes on in the lines below.
fn line(row: &[String; 4], columns: &[usize; 4]) -> String {
    let cells: Vec<Vec<String>> = row
        .iter()
        .zip(columns)
        .map(|(cell, width)| {
            let wrapped = text::wrap(cell, *width, "", "");
            wrapped.lines().map(str::to_owned).collect()
        })
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let mut lines = String::new();
    for at in 0..height {
        let parts: Vec<String> = cells
            .iter()
            .zip(columns)
            .map(|(cell, width)| text::pad(cell.get(at).map_or("", String::as_str), *width))
            .collect();
        lines.push_str(parts.join("  ").trim_end());
        lines.push('\n');
    }
    lines
}

fn word(will: Will) -> &'static str {
    match will {
        Will::Run => "run",
        Will::Skip => "skip",
        Will::Reuse => "reuse",
    }
}

fn sum(report: &Report) -> String {
    let count = |will| {
        let steps = report.steps.iter().filter(|step| step.will == will);
        words::number(words::count(steps.count()))
    };
    let mut parts = vec![format!("{} to run", count(Will::Run))];
    for (will, said) in [(Will::Reuse, "to reuse"), (Will::Skip, "to skip")] {
        if report.steps.iter().any(|step| step.will == will) {
            parts.push(format!("{} {said}", count(will)));
        }
    }
    format!("{}; nothing was run", parts.join(", "))
}
