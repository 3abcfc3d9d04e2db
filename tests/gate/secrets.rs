//! Secrets, from a commit to a push: what is really staged, and every commit that really goes out.

mod living;
mod reading;
mod rules;
mod silence;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::support::{Ran, Repo};

/// Another value each time and in each run, of letters and digits.
pub(crate) fn random(length: usize) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("it is later than 1970");
    let turn = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut state =
        u64::from(now.subsec_nanos()) << 32 ^ u64::from(std::process::id()) ^ turn << 17;
    let mut text = String::new();
    for _ in 0..length {
        state = state
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        let pick = usize::try_from(state >> 33).expect("31 bits fit") % LETTERS.len();
        text.push(char::from(LETTERS[pick]));
    }
    text
}

/// A key of a form that nobody mistakes, never issued to anybody.
pub(crate) fn key() -> String {
    format!("sk_live_{}", random(32))
}

pub(super) fn secrets(repo: &Repo, args: &str) -> Ran {
    repo.guard(&format!("secrets {args} --format json")).run()
}

/// Codes, places and gravity of what was found.
pub(super) fn told(ran: &Ran) -> Vec<(String, String, String)> {
    let report = ran.json();
    let findings = report["findings"]
        .as_array()
        .expect("a report has findings")
        .iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    findings
        .map(|finding| {
            let place = format!(
                "{}:{}:{}",
                text(&finding["path"]),
                finding["line"],
                finding["column"]
            );
            (text(&finding["code"]), place, text(&finding["severity"]))
        })
        .collect()
}

pub(super) fn one(code: &str, place: &str, severity: &str) -> Vec<(String, String, String)> {
    vec![(code.to_owned(), place.to_owned(), severity.to_owned())]
}

/// Pushes HEAD over a known commit, or as a new branch.
pub(super) fn push(repo: &Repo, old: Option<&str>) -> Ran {
    let tip = repo.id("HEAD");
    let old = old.map_or_else(|| "0".repeat(tip.len()), str::to_owned);
    let line = format!("refs/heads/main {tip} refs/heads/main {old}\n");
    let call = repo.guard("run pre-push --format json --only secrets -- origin url");
    call.stdin(line).run()
}
