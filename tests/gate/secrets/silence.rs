//! No value that was found stands anywhere in what guard prints or keeps.

use std::fs;
use std::path::Path;

use super::{key, random};
use crate::support::Repo;

/// Everything below a folder, as bytes.
fn below(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            below(&path, found);
        } else if let Ok(bytes) = fs::read(&path) {
            found.push((path.display().to_string(), bytes));
        }
    }
}

#[test]
fn a_planted_value_is_in_no_output_cache_baseline_or_log() {
    let repo = Repo::new();
    repo.write("a.txt", "1\n").commit("first");
    let (service, token) = (key(), random(40));
    let password = format!("{}-{}", random(9), random(9));
    repo.write(
        "conf.yml",
        format!("stripe: {service}\napi_token: \"{token}\"\nurl: postgres://svc:{password}@db.tulip.io/x\n"),
    );
    repo.write(
        "guard.yaml",
        "commands:\n  loud: { run: 'for f in {files}; do cat $f; base64 $f; done; exit 1', files: ['*.yml'], at: [commit, push] }\n",
    );
    repo.stage();
    let mut shown = Vec::new();
    let formats = [
        "human", "json", "ndjson", "sarif", "junit", "github", "gitlab", "markdown",
    ];
    for format in formats {
        for call in [
            "run pre-commit",
            "secrets --staged",
            "run pre-commit --jobs 1",
        ] {
            let call = call.replace(" --jobs 1", "");
            let ran = repo.guard(&call).args(["--format", format]).run();
            assert_eq!(ran.code, 1, "{call} {format}: {}", ran.whole());
            shown.push((format!("{call} {format}"), ran.whole().into_bytes()));
        }
    }
    let updated = repo.guard("secrets --staged --update-baseline -v").run();
    assert_eq!(updated.code, 0, "{}", updated.whole());
    shown.push(("update".to_owned(), updated.whole().into_bytes()));
    shown.push((
        "baseline".to_owned(),
        repo.read("guard-baseline.json").into_bytes(),
    ));
    // What guard keeps for itself; its checkout is the user's own content.
    below(&repo.path.join(".git/guard"), &mut shown);
    assert!(shown.len() > formats.len() * 3);
    for (name, bytes) in &shown {
        if name.contains("/tree/") {
            continue;
        }
        for value in [&service, &token, &password] {
            let text = String::from_utf8_lossy(bytes);
            assert!(
                !text.contains(value.as_str()),
                "{name} shows {value}: {text}"
            );
            let tail = value.strip_prefix("sk_live_").unwrap_or(value);
            assert!(
                !text.contains(&tail[..8]),
                "{name} shows a part of {value}: {text}"
            );
        }
    }
}

#[test]
fn the_public_prefix_is_all_that_is_shown() {
    let repo = Repo::new();
    repo.write("a.env", format!("KEY={}\n", key())).stage();
    let shown = repo.guard("secrets --staged").run().whole();
    assert!(shown.contains("sk_live_…"), "{shown}");
    assert!(
        shown.contains("1 of 1 failed · 1 file, 45 B read"),
        "{shown}"
    );
    let explained = repo.guard("explain SEC-STRIPE-LIVE").run();
    assert!(
        explained.out.contains("rotated") && explained.out.contains("sk_live_…"),
        "{}",
        explained.out
    );
}
