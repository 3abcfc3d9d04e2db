//! Findings as text for standard error, for commands whose standard output is somebody else's.

use crate::cli::context::Context;
use crate::finding::{Finding, Severity};
use crate::report::Verbosity;
use crate::terminal::{Tone, escape_line, text};

/// Tells findings, each with its place and the way out; warnings are left out where people want it quiet.
pub(super) fn tell(context: &Context, findings: &[Finding]) {
    let is_quiet = context.verbosity == Verbosity::Quiet;
    for finding in findings {
        if finding.severity == Severity::Error || !is_quiet {
            context.terminal.err(&block(context, finding));
        }
    }
}

/// Whether one of them blocks.
pub(super) fn blocks(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
}

fn block(context: &Context, finding: &Finding) -> String {
    let style = context.terminal.looks().err;
    let head = format!("{}[{}]:", finding.severity.word(), finding.code.id);
    let said = format!("{head} {}", escape_line(&finding.message));
    let tone = match finding.severity {
        Severity::Error => Tone::Error,
        Severity::Warning => Tone::Warning,
        Severity::Info => Tone::Dim,
    };
    let said = text::wrap(&said, style.width, "", "  ");
    let mut block = said
        .trim_end()
        .replacen(&head, &style.paint(tone, &head), 1);
    if let Some(place) = &finding.place {
        let path = place.path.to_text();
        let path = escape_line(&path);
        let at = match place.span {
            Some((start, _)) => format!("\n  at {path}:{}:{}", start.line, start.column),
            None => format!("\n  at {path}"),
        };
        block.push_str(&at);
    }
    let help = format!("help: {}", escape_line(&finding.help));
    let help = text::wrap(&help, style.width, "  ", "        ");
    format!("{block}\n{}\n", help.trim_end())
}
