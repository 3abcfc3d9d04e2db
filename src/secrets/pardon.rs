//! Findings that people have answered already: by a comment, a baseline, or what another tool left behind.
//!
//! Nothing is pardoned in silence: every pardon says where it stands, so that the caller can record it and
//! show it (`GATE-BYPASS`), and what is newly pardoned in a change can be told (`loosened`).

mod baseline;
mod bits;
mod comment;
mod detected;
mod gitleaks;
mod loosened;
#[cfg(test)]
mod tests;
mod write;

#[cfg(test)]
use super::fault::Fault;
use crate::path::RepoPath;
pub(crate) use baseline::{Baseline, Draft, salt};
use comment::Said;
pub(crate) use detected::Detected;
pub(crate) use gitleaks::Ignored;
pub(crate) use loosened::{
    Loosened, loosened_baseline, loosened_comments, loosened_detected, loosened_ignored,
};
#[cfg(test)]
use write::Refused;
pub(crate) use write::write;

/// A found value as pardons see it.
#[derive(Clone, Copy)]
pub(crate) struct Suspect<'a> {
    /// `SEC-STRIPE-LIVE`.
    pub(crate) code: &'a str,
    /// The file.
    pub(crate) path: &'a RepoPath,
    /// The commit in which it was seen, where commits are looked through.
    pub(crate) commit: Option<&'a str>,
    /// The line of its first character; the first line is 1.
    pub(crate) line: usize,
    /// The secret part, decoded where it stood encoded.
    pub(crate) value: &'a [u8],
    /// The line on which it begins.
    pub(crate) here: &'a [u8],
    /// The line above; empty at the first.
    pub(crate) above: &'a [u8],
}

/// Why a finding is not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pardon {
    /// `guard:allow CODE reason` beside it. The reason is the user's own text and may hold whatever stands on
    /// that line besides this value: it is shown through the filter that hides values, like everything.
    Comment {
        /// Why, as the comment says.
        reason: String,
    },
    /// Another tool's comment beside it, by its words.
    Pragma(&'static str),
    /// The baseline.
    Baseline,
    /// Another tool's file: `.gitleaksignore:3`, `.secrets.baseline`.
    Ignored(String),
}

impl Pardon {
    /// By whom it is allowed, as the end of a sentence.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Comment { reason } => format!("beside it: {reason}"),
            Self::Pragma(words) => format!("beside it by `{words}`"),
            Self::Baseline => "by the baseline".to_owned(),
            Self::Ignored(place) => format!("by {place}"),
        }
    }
}

/// What is to be done with a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is told. The sentence, where there is one, belongs into its help: an attempt to silence it that
    /// does not count.
    Told(Option<String>),
    /// It is not told.
    Pardoned(Pardon),
}

/// Everything outside the judged file that can pardon what is in it.
#[derive(Default)]
pub(crate) struct Pardons {
    /// guard's own.
    pub(crate) baseline: Option<Baseline>,
    /// gitleaks'.
    pub(crate) ignored: Option<Ignored>,
    /// detect-secrets'.
    pub(crate) detected: Option<Detected>,
}

impl Pardons {
    /// Judges the findings of one version of one file, all of them and in the order in which they stand:
    /// what the baseline knows by its number alone is counted.
    pub(crate) fn judge(&self, suspects: &[Suspect<'_>]) -> Vec<Verdict> {
        // Asked for every value, also where a comment pardons it: a known entry is not stale.
        let known = match &self.baseline {
            Some(baseline) => baseline.knows(suspects),
            None => vec![false; suspects.len()],
        };
        suspects
            .iter()
            .zip(known)
            .map(|(suspect, known)| self.verdict(suspect, known))
            .collect()
    }

    fn verdict(&self, suspect: &Suspect<'_>, known: bool) -> Verdict {
        let said = comment::said(suspect);
        let hint = match said {
            Said::Allowed(pardon) => return Verdict::Pardoned(pardon),
            Said::Unheard(hint) => Some(hint),
            Said::Nothing => None,
        };
        if known {
            return Verdict::Pardoned(Pardon::Baseline);
        }
        let elsewhere = self
            .ignored
            .as_ref()
            .and_then(|ignored| ignored.place_of(suspect))
            .or_else(|| {
                self.detected
                    .as_ref()
                    .and_then(|detected| detected.place_of(suspect))
            });
        match elsewhere {
            Some(place) => Verdict::Pardoned(Pardon::Ignored(place)),
            None => Verdict::Told(hint),
        }
    }
}
