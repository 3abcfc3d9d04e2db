//! `guard env check`: how files are written, who reads what, and what `--fix` makes of it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::Value;

use crate::support::{Ran, Repo};

/// Code and place of every finding.
fn found(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let findings = report["findings"].as_array().expect("a list").iter();
    let told = findings.map(|finding| {
        let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        let number = |key: &str| {
            finding[key]
                .as_u64()
                .map_or("-".to_owned(), |at| at.to_string())
        };
        format!(
            "{} {}:{}:{} {}",
            text("severity"),
            text("path"),
            number("line"),
            number("column"),
            text("code")
        )
    });
    told.collect()
}

fn check(repo: &Repo, arguments: &str) -> Ran {
    repo.guard(&format!("env check {arguments} --format json"))
        .run()
}

/// A project whose files node and compose read.
fn project() -> Repo {
    let repo = Repo::new();
    repo.write("package.json", "{}\n")
        .write("compose.yaml", "services: {}\n");
    repo
}

#[test]
fn oddities_are_told_at_their_places_and_do_not_block() {
    let repo = Repo::new();
    repo.write("package.json", "{}\n");
    repo.write(".env", "A = 1\nb=2\nA=3 \nC\nD='x' y");
    let ran = check(&repo, "");
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(
        found(&ran),
        [
            "info .env:1:2 ENV-BLANKS",
            "info .env:2:1 ENV-KEY",
            "warning .env:3:1 ENV-DUPLICATE",
            "info .env:3:4 ENV-BLANKS",
            "warning .env:4:1 ENV-NO-VALUE",
            "warning .env:5:7 ENV-SYNTAX",
            "info .env:5:8 ENV-LINE-ENDS",
        ]
    );
}

#[test]
fn who_reads_what_is_told_and_no_value() {
    let repo = project();
    repo.write(".env", "PASSWORD=hunter#22\nTOKEN=hunter$22\n");
    let ran = repo.guard("env check").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let whole = ran.whole();
    let said = "`PASSWORD` is not the same to all who read it: node reads 6 characters (cut at `#`), compose reads 9";
    let flat: String = whole.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(said), "{whole}");
    assert!(!whole.contains("hunter"), "{whole}");
    // Without compose nobody disagrees, and yet the password is cut.
    fs::remove_file(repo.path.join("compose.yaml")).expect("it was there");
    let alone = repo.guard("env check").run().whole();
    assert!(alone.contains("node ends `PASSWORD` at `#`"), "{alone}");
    assert!(!alone.contains("TOKEN"), "{alone}");
    assert_eq!(
        found(&check(&repo, "")),
        ["warning .env:1:10 ENV-PORTABILITY"]
    );
}

#[test]
fn what_no_reader_gets_blocks() {
    let repo = Repo::new();
    repo.write("requirements.txt", "\n");
    let utf16: Vec<u8> = "\u{feff}A=1\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let long = format!("A=1\nB={}\n", "x".repeat(100 << 20));
    for (bytes, wanted) in [
        (&b"A=\"x\nB=1\n"[..], "error .env:1:3 ENV-SYNTAX"),
        (b"A=1\nB=\xff\n", "error .env:2:3 ENV-ENCODING"),
        (b"A=1\nB=x\0\n", "error .env:2:3 ENV-SYNTAX"),
        (&utf16, "error .env:1:1 ENV-ENCODING"),
        (long.as_bytes(), "error .env:2:3 ENV-ENCODING"),
    ] {
        repo.write(".env", bytes);
        for arguments in ["", ".env", "--fix", "--fix --unsafe"] {
            let ran = check(&repo, arguments);
            assert_eq!(ran.code, 1, "{}", ran.whole());
            assert_eq!(found(&ran), [wanted], "{arguments}");
        }
        assert!(fs::read(repo.path.join(".env")).expect("it is there") == bytes);
    }
}

#[test]
fn a_fix_mends_what_changes_no_value_and_judges_what_it_wrote() {
    let repo = project();
    let place = repo.path.join(".env");
    repo.write(".gitignore", ".env*\n");
    repo.write(".env", "# head\nA = 1 \nB=x#y\n\nA=2");
    fs::set_permissions(&place, fs::Permissions::from_mode(0o640)).expect("it is ours");
    let ran = check(&repo, "--fix");
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(
        found(&ran),
        [
            "info .env:-:- FIX-APPLIED",
            "warning .env:3:3 ENV-PORTABILITY",
            "warning .env:5:1 ENV-DUPLICATE",
        ]
    );
    assert_eq!(repo.read(".env"), "# head\nA=1\nB=x#y\n\nA=2\n");
    let mode = fs::metadata(&place)
        .expect("it is there")
        .permissions()
        .mode()
        & 0o777;
    assert_eq!(mode, 0o640);

    let ran = check(&repo, "--fix --unsafe .env");
    assert_eq!(
        found(&ran),
        [
            "info .env:-:- FIX-APPLIED",
            "warning .env:5:1 ENV-DUPLICATE"
        ]
    );
    assert_eq!(repo.read(".env"), "# head\nA=1\nB='x#y'\n\nA=2\n");
    // There is nothing left to mend.
    assert_eq!(
        found(&check(&repo, "--fix --unsafe")),
        ["warning .env:5:1 ENV-DUPLICATE"]
    );
    assert_eq!(check(&repo, "--unsafe").code, 2);
}

#[test]
fn a_fix_follows_no_link_and_leaves_nothing_behind() {
    let repo = project();
    repo.write("elsewhere/real", "A = 1\n");
    symlink("elsewhere/real", repo.path.join(".env")).expect("a link");
    let ran = check(&repo, "--fix .env");
    let all = found(&ran);
    assert_eq!(
        all,
        ["warning .env:-:- FIX-LEFT", "info .env:1:2 ENV-BLANKS"],
        "{}",
        ran.whole()
    );
    assert_eq!(repo.read("elsewhere/real"), "A = 1\n");
    let names = fs::read_dir(&repo.path).expect("a folder").flatten();
    let left = names.filter(|entry| entry.file_name().to_string_lossy().contains("guard"));
    assert_eq!(left.count(), 0);
}

#[test]
fn hostile_names_are_told_and_mended() {
    let repo = Repo::new();
    for name in [".env.a\nb", ".env.'; touch x #", ".env.\u{202e}x"] {
        repo.write(name, "A = 1\n");
        let ran = repo.guard("env check --fix").arg(name).run();
        assert_eq!(ran.code, 0, "{}", ran.whole());
        assert_eq!(repo.read(name), "A=1\n");
        assert!(!ran.whole().contains(".env.a\nb") && !ran.whole().contains('\u{202e}'));
    }
    assert!(!repo.has("x"));
}

#[test]
fn what_is_staged_is_mended_by_guard_fix_and_at_commit() {
    let repo = project();
    repo.write("schemas/env.yaml", "variables: {}\n");
    repo.write(".env.example", "A=1\n").commit("first");
    repo.write(".env.example", "A = 1\nB=x#y\n");
    repo.git(&["add", "."]);
    let ran = repo.guard("fix --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(found(&ran).contains(&"info .env.example:-:- FIX-APPLIED".to_owned()));
    assert_eq!(repo.read(".env.example"), "A=1\nB=x#y\n");
    let ran = repo.guard("fix --unsafe ENV-PORTABILITY").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.read(".env.example"), "A=1\nB='x#y'\n");
    // The user's own unstaged lines stay, and stay unstaged.
    repo.write(".env.example", "A = 1\nB='x#y'\n\nC=1\n\nD=1\n");
    repo.git(&["add", "."]);
    repo.write(".env.example", "A = 1\nB='x#y'\n\nC=1\n\nD = 2\n");
    let ran = repo.guard("run pre-commit --fix --only env").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.read(".env.example"), "A=1\nB='x#y'\n\nC=1\n\nD = 2\n");
    assert_eq!(
        repo.git(&["show", ":.env.example"]),
        "A=1\nB='x#y'\n\nC=1\n\nD=1"
    );
}

/// Ten times as much takes about ten times as long, oddities and all.
#[test]
fn five_thousand_lines_are_judged_and_mended_in_time() {
    let repo = project();
    let line = |number: usize| match number % 4 {
        0 => format!("KEY_{number} = {number} \n"),
        1 => format!("key_{number}=x#{number}\n"),
        2 => "KEY_2=`x`\n".to_owned(),
        _ => format!("KEY_{number}=\"a\\tb$KEY_{}\"\n", number - 3),
    };
    let text: String = (0..5_000).map(line).collect();
    repo.write(".env", &text);
    let ran = check(&repo, "");
    assert_eq!(ran.code, 0);
    let all = found(&ran);
    let count = |code: &str| all.iter().filter(|told| told.ends_with(code)).count();
    assert_eq!(count("ENV-DUPLICATE"), 1_249);
    assert_eq!(count("ENV-KEY"), 1_250);
    assert_eq!(count("ENV-BLANKS"), 2_500);
    assert_eq!(count("ENV-PORTABILITY"), 3_750);
    let ran = check(&repo, "--fix --unsafe");
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let left = found(&ran);
    assert!(!left.iter().any(|told| told.ends_with("ENV-BLANKS")));
    let value: Value = ran.json();
    assert_eq!(value["summary"]["files"], 1);
}
