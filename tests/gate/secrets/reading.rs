//! What is read: blobs of the index, every commit that goes out, files only where they were asked for.

use super::{key, one, push, random, secrets, told};
use crate::support::Repo;

#[test]
fn what_is_staged_is_searched_and_never_the_work_tree() {
    let repo = Repo::new();
    repo.write("a.txt", "fine\n").commit("first");
    repo.write("src/pay.js", format!("// pay\nconst s = \"{}\";\n", key()))
        .stage();
    repo.write("src/pay.js", "// mended here, and not staged\n");
    repo.write("untracked.env", format!("K={}\n", key()));
    let ran = repo
        .guard("run pre-commit --format json --only secrets")
        .run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(
        told(&ran),
        one("SEC-STRIPE-LIVE", "src/pay.js:2:12", "error")
    );
    assert_eq!(told(&secrets(&repo, "--staged")), told(&ran));
    repo.stage().git(&["rm", "-q", "--cached", "untracked.env"]);
    let ran = repo
        .guard("run pre-commit --format json --only secrets")
        .run();
    assert_eq!((ran.code, told(&ran)), (0, Vec::new()), "{}", ran.whole());
}

#[test]
fn a_secret_that_a_later_commit_takes_out_is_found_where_it_came_in() {
    let repo = Repo::new();
    repo.write("a.txt", "fine\n").commit("first");
    let base = repo.id("HEAD");
    repo.write("b.env", format!("A=1\nKEY={}\n", key()))
        .commit("add");
    let added = repo.id("HEAD");
    repo.write("c.txt", "something else\n").commit("between");
    repo.write("b.env", "A=1\n").commit("take out");
    for ran in [
        push(&repo, Some(&base)),
        push(&repo, None),
        secrets(&repo, &format!("--from {base}")),
        secrets(&repo, "--history"),
        repo.guard(&format!(
            "run ci --from {base} --to HEAD --only secrets --format json"
        ))
        .run(),
    ] {
        assert_eq!(ran.code, 1, "{}", ran.whole());
        assert_eq!(told(&ran), one("SEC-STRIPE-LIVE", "b.env:2:5", "error"));
        assert_eq!(ran.json()["findings"][0]["commit"], *added);
    }
    // What is tracked now is clean, and so is what the remote has already.
    assert_eq!(secrets(&repo, "").code, 0);
    assert_eq!(push(&repo, Some(&added)).code, 0);
}

#[test]
fn what_only_a_merge_brings_is_found_and_a_plain_merge_brings_nothing() {
    let repo = Repo::new();
    repo.write("a.txt", "1\n").commit("first");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("b.txt", "2\n").commit("side");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("c.txt", "3\n").commit("main");
    repo.git(&["merge", "-q", "--no-commit", "side"]);
    repo.write("evil.txt", format!("{}\n", key())).stage();
    repo.git(&["commit", "-q", "-m", "merge"]);
    let merged = repo.id("HEAD");
    let ran = secrets(&repo, "--from HEAD~1");
    assert_eq!(
        ran.json()["findings"][0]["commit"],
        *merged,
        "{}",
        ran.whole()
    );
    assert_eq!(told(&ran), one("SEC-STRIPE-LIVE", "evil.txt:1:1", "error"));
}

#[test]
fn history_is_every_ref_and_each_content_once() {
    let repo = Repo::new();
    repo.write("a.txt", "1\n").commit("first");
    repo.git(&["checkout", "-q", "-b", "away"]);
    repo.write("deep/er/b.txt", format!("x {}\n", key()))
        .commit("away");
    repo.git(&["tag", "kept"]);
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["branch", "-q", "-D", "away"]);
    let first = secrets(&repo, "--history --no-cache");
    assert_eq!(
        told(&first),
        one("SEC-STRIPE-LIVE", "deep/er/b.txt:1:3", "error")
    );
    assert_eq!(first.json()["summary"]["files"], 2);
    // What was clean is remembered; what was not is read again.
    secrets(&repo, "--history");
    let again = secrets(&repo, "--history");
    assert_eq!(told(&again), told(&first));
    assert_eq!(again.json()["summary"]["files"], 1, "{}", again.whole());
}

#[test]
fn it_is_said_how_much_was_read_and_binary_files_are_counted_only() {
    let repo = Repo::new();
    repo.write("a.txt", "1\n").commit("first");
    repo.write(
        "logo.bin",
        [b"\0\x01".repeat(50), key().into_bytes()].concat(),
    );
    let pointer = format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 5\n",
        "5".repeat(64)
    );
    repo.write("film.mp4", &pointer).stage();
    let ran = secrets(&repo, "--staged");
    assert_eq!((ran.code, told(&ran)), (0, Vec::new()), "{}", ran.whole());
    assert_eq!(ran.json()["checks"][0]["outcome"], "passed");
    assert_eq!(ran.json()["summary"]["files"], 2);
    let bytes = 100 + key().len() + pointer.len();
    assert_eq!(ran.json()["summary"]["bytes"], bytes);
    let shown = repo.guard("secrets --staged -v").run().whole();
    assert!(
        shown.contains("1 binary files.") && shown.contains("1 git LFS pointers."),
        "{shown}"
    );
}

#[test]
fn nothing_to_read_is_skipped_and_what_cannot_be_read_is_unknown() {
    let repo = Repo::new();
    let ran = secrets(&repo, "");
    assert_eq!(
        (ran.code, &ran.json()["checks"][0]["outcome"]),
        (0, &"skipped".into()),
        "{}",
        ran.whole()
    );
    repo.write("a.txt", "gone soon\n").stage();
    let blob = repo.git(&["hash-object", "a.txt"]).trim().to_owned();
    let (first, rest) = blob.split_at(2);
    std::fs::remove_file(repo.path.join(".git/objects").join(first).join(rest)).unwrap();
    let ran = secrets(&repo, "--staged");
    assert_eq!(ran.code, 3, "{}", ran.whole());
    let check = &ran.json()["checks"][0];
    assert_eq!(check["outcome"], "unknown");
    assert!(
        check["reason"].as_str().unwrap().starts_with("a.txt: "),
        "{check}"
    );
}

#[test]
fn paths_are_read_as_they_are_on_the_disk_wherever_they_lie() {
    let repo = Repo::new();
    repo.write(".gitignore", ".env\n").commit("first");
    repo.write(".env", format!("STRIPE={}\n", key()));
    assert_eq!(secrets(&repo, "").code, 0, "it is not tracked");
    assert_eq!(
        told(&secrets(&repo, ".env")),
        one("SEC-STRIPE-LIVE", ".env:1:8", "error")
    );
    assert_eq!(
        told(&secrets(&repo, ".")),
        one("SEC-STRIPE-LIVE", ".env:1:8", "error")
    );
    let outside = repo.beside("elsewhere");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("x.txt"), key()).unwrap();
    let call = repo.guard("secrets . --format json").within(&outside).run();
    assert_eq!(
        told(&call),
        one("SEC-STRIPE-LIVE", "x.txt:1:1", "error"),
        "{}",
        call.whole()
    );
    let ran = repo.guard("secrets no/such").run();
    assert_eq!(ran.code, 2, "{}", ran.whole());
}

#[test]
fn what_was_there_before_is_told_and_does_not_block() {
    let repo = Repo::new();
    let old = key();
    repo.write("a.env", format!("KEY={old}\n"))
        .commit("long ago");
    repo.write("a.env", format!("MORE=1\nKEY={old}\n")).stage();
    let ran = secrets(&repo, "--staged");
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(told(&ran), one("SEC-STRIPE-LIVE", "a.env:2:5", "warning"));
    repo.write("a.env", format!("MORE={}\nKEY={old}\n", key()))
        .stage();
    assert_eq!(secrets(&repo, "--staged").code, 1);
}

#[test]
fn other_repositories_are_read_by_the_git_program() {
    let repo = Repo::with(&[
        "init",
        "-q",
        "--initial-branch=main",
        "--object-format=sha256",
    ]);
    for number in 0..80 {
        repo.write(format!("f/{number}.txt"), format!("{number}\n"));
    }
    repo.write("f/40.txt", format!("k {}\n", key()))
        .commit("first");
    for args in ["", "--history", "--staged"] {
        let ran = secrets(&repo, args);
        let expected = i32::from(args != "--staged");
        assert_eq!(ran.code, expected, "{args}: {}", ran.whole());
        if expected == 1 {
            assert_eq!(told(&ran), one("SEC-STRIPE-LIVE", "f/40.txt:1:3", "error"));
        }
    }
}

#[test]
fn encodings_and_wide_characters_hide_nothing() {
    let repo = Repo::new();
    let (plain, coded) = (key(), key());
    let wide: Vec<u8> = format!("\u{feff}päss {plain}\n")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    repo.write("wide.txt", wide);
    let digits: Vec<String> = format!("STRIPE={coded}")
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let hex = digits.concat();
    repo.write("hex.txt", format!("data: {hex}\n")).stage();
    let ran = secrets(&repo, "--staged");
    let expected = [
        one("SEC-STRIPE-LIVE", "hex.txt:1:7", "error"),
        one("SEC-STRIPE-LIVE", "wide.txt:1:6", "error"),
    ];
    assert_eq!(told(&ran), expected.concat(), "{}", ran.whole());
}

#[test]
fn hostile_names_and_a_great_many_lines_are_borne() {
    let repo = Repo::new();
    let name = "a b\u{202e}\n'\"$(touch x).txt";
    repo.write(name, format!("{}{}\n", "line\n".repeat(200_000), key()));
    repo.write(
        "long.js",
        format!("{}{}{}", "x=1;".repeat(500_000), random(3), key()),
    )
    .stage();
    let ran = secrets(&repo, "--staged");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let told = told(&ran);
    assert!(
        told.iter()
            .any(|(_, place, _)| place.ends_with(":200001:1")),
        "{told:?}"
    );
    let shown = repo.guard("secrets --staged").run().whole();
    assert!(!shown.contains('\u{202e}') && !repo.has("x"), "{shown}");
}
