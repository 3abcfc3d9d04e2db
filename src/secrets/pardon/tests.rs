//! What is pardoned and what is not.

mod baselines;
mod comments;
mod foreign;
mod loosening;

use super::*;

const CODE: &str = "SEC-STRIPE-LIVE";

/// A value that no list has, made here so that none stands in this file.
fn strong(seed: u64) -> String {
    let mut text = String::new();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for _ in 0..40 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        text.push(char::from(letters[(state >> 33) as usize % letters.len()]));
    }
    text
}

fn suspect<'a>(path: &'a RepoPath, value: &'a str, here: &'a str, above: &'a str) -> Suspect<'a> {
    Suspect {
        code: CODE,
        path,
        commit: None,
        line: 4,
        value: value.as_bytes(),
        here: here.as_bytes(),
        above: above.as_bytes(),
    }
}

fn one(pardons: &Pardons, suspect: Suspect<'_>) -> Verdict {
    pardons.judge(&[suspect]).remove(0)
}

fn reason(text: &str) -> Verdict {
    Verdict::Pardoned(Pardon::Comment {
        reason: text.to_owned(),
    })
}

/// What a diagnostic says, and its help.
fn shown(fault: &Fault) -> (String, String) {
    let help = miette::Diagnostic::help(fault).map(|help| help.to_string());
    (fault.to_string(), help.unwrap_or_default())
}

/// A `.secrets.baseline` with one finding in `a.py`.
fn detected(kind: &str, text: &str, rest: &str) -> Pardons {
    use sha1::{Digest as _, Sha1};
    use std::fmt::Write as _;
    let mut hash = String::new();
    for byte in Sha1::digest(text.as_bytes()) {
        let _ = write!(hash, "{byte:02x}");
    }
    let file = format!(
        "{{ \"version\": \"1.5.0\", \"plugins_used\": [], \"results\": {{ \"a.py\": [\
         {{ \"type\": \"{kind}\", \"filename\": \"a.py\", \"hashed_secret\": \"{hash}\", \
         \"is_verified\": false, \"line_number\": 4{rest} }}] }} }}"
    );
    Pardons {
        detected: Some(Detected::parse(Detected::NAME, file.as_bytes()).expect("it is one")),
        ..Pardons::default()
    }
}
