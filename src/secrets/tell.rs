//! What is said about a secret: what it is, where, and what to do now. Never the value.

use super::inspect::Found;
use super::set::RuleSet;
use crate::finding::code::{Code, SEC_RULE};
use crate::finding::{Finding, Fix, Place, Severity};
use crate::path::RepoPath;

/// The check's id.
pub(crate) const CHECK: &str = "secrets";

/// How far a secret has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It lies on this disk.
    Disk,
    /// It is staged.
    Staged,
    /// It is in a commit.
    Committed,
}

/// A secret as a finding.
pub(crate) fn finding(set: &RuleSet, found: &Found, reach: Reach) -> Finding {
    let rule = set.rule(found.caught.rule);
    let code = code_of(set, found.caught.rule);
    let shown = rule.own.as_ref().map_or("", |own| own.shown);
    let mut message = rule.description.to_string();
    if rule.own.is_none() {
        message = format!("{message} (rule `{}`)", rule.id);
    }
    if !shown.is_empty() {
        message = format!("{message}: {shown}…");
    }
    let mut severity = code.severity;
    if found.is_old {
        message = format!("{message}; it was here before this change");
        severity = severity.min(Severity::Warning);
    }
    Finding {
        check: CHECK.to_owned(),
        code,
        severity,
        message,
        help: help(found, reach, &code),
        place: Some(Place {
            path: RepoPath::new(found.piece.path.as_bytes()),
            span: Some(found.caught.place),
        }),
        fix: Fix::None,
        commit: found.piece.commit.map(|commit| commit.to_string()),
    }
}

/// The code of a rule's findings.
pub(crate) fn code_of(set: &RuleSet, rule: u16) -> Code {
    let rule = set.rule(rule);
    let own = rule.own.as_ref().and_then(|_| {
        let id = format!("SEC-{}", rule.id.to_ascii_uppercase());
        Code::by_id(&id).copied()
    });
    own.unwrap_or(SEC_RULE)
}

fn help(found: &Found, reach: Reach, code: &Code) -> String {
    if code.severity == Severity::Info {
        return format!(
            "it is made to be seen, and may stay if it is meant to: `guard explain {id}` says what it opens. \
             Said once is enough? `guard:allow {id} REASON` on its line",
            id = code.id,
        );
    }
    let way_out = match (reach, found.is_old) {
        (_, true) => {
            "it is in the history already: whoever could read that may have it, so rotate it, then take it out"
                .to_owned()
        }
        (Reach::Staged, _) => {
            "take it out of the file, read it from the environment, and `git add` the file again".to_owned()
        }
        (Reach::Committed, _) => {
            let commit = found.piece.commit.map(|commit| commit.short()).unwrap_or_default();
            format!(
                "it is in commit {commit}: amend that, or `git rebase -i {commit}^`, before it is pushed; \
                 taking it out in a later commit leaves it in the history"
            )
        }
        (Reach::Disk, _) => "if this file is ever committed, so is it: read it from the environment".to_owned(),
    };
    format!(
        "{way_out}. If it was pushed already, it must be rotated: `guard explain {id}` says where. \
         No secret? `guard:allow {id} REASON` on its line",
        id = code.id,
    )
}
