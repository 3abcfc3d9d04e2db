//! Clippy and rustfmt.

use super::{bare, finding, found, with};
use crate::support::{Ran, Repo};

const MANIFEST: &str = "[package]\nname = \"tried\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

/// The toolchain is the one that runs this test; it lies in the real home.
fn judged(repo: &Repo, words: &str) -> Ran {
    let home = std::env::var("HOME").unwrap_or_default();
    let mut call = repo.guard(words);
    for (name, folder) in [("RUSTUP_HOME", ".rustup"), ("CARGO_HOME", ".cargo")] {
        let default = || format!("{home}/{folder}");
        call = call.env(name, std::env::var(name).unwrap_or_else(|_| default()));
    }
    if let Ok(toolchain) = std::env::var("RUSTUP_TOOLCHAIN") {
        call = call.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    call.run()
}

fn package() -> Repo {
    let repo = bare();
    repo.write(".gitignore", "/target\n/Cargo.lock\n");
    with(
        repo,
        &[
            ("Cargo.toml", MANIFEST),
            ("src/lib.rs", "mod odd;\n"),
            ("src/odd.rs", "pub  fn odd() {}\n"),
        ],
    )
}

#[test]
fn rustfmt_is_asked_about_the_change_only() {
    let repo = package();
    repo.write("src/lib.rs", "mod odd;\npub  fn f() {}\n")
        .stage();
    let ran = judged(&repo, "run pre-commit --format json");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(found(&ran), ["format FORMAT-DIFFERS src/lib.rs:-:-"]);
}

#[test]
fn clippy_waits_for_the_push_and_its_warnings_stay_warnings() {
    let repo = package();
    let from = repo.id("HEAD");
    let lib = "pub fn is_none(all: &[u8]) -> bool {\n    all.len() == 0\n}\n";
    repo.write("src/lib.rs", lib).stage();
    let ran = judged(&repo, "run pre-commit --format json");
    assert_eq!((ran.code, found(&ran)), (0, vec![]), "{}", ran.whole());
    repo.commit("more");
    let ci = format!("run ci --from {from} --format json");
    let ran = judged(&repo, &ci);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let found_it = finding(&ran, "src/lib.rs");
    assert_eq!(
        (&found_it["line"], &found_it["column"]),
        (&2.into(), &5.into())
    );
    assert_eq!(found_it["severity"], "warning");
    assert!(
        found_it["message"].to_string().contains("clippy::len_zero"),
        "{found_it}"
    );

    repo.write("src/lib.rs", format!("#![deny(clippy::len_zero)]\n{lib}"))
        .commit("deny");
    let ran = judged(&repo, &ci);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(finding(&ran, "src/lib.rs")["severity"], "error");
}
