//! `guard env print`: what a reader gets, hidden unless it is asked for, and what it refuses.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::Repo;

const FILE: &str = "# head\nexport A=1\nDATABASE_URL=postgres://u:hunter22#x@h/db\nB=\"${A}\\ttwo\"\nEMPTY=\nBARE\nA=22\n";

fn entries(repo: &Repo, arguments: &str) -> Value {
    let ran = repo
        .guard(&format!("env print {arguments} --format json"))
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let report = ran.json();
    assert_eq!(report["verdict"], "passed");
    assert_eq!(report["command"], "env print");
    assert_eq!(report["summary"]["files"], 1);
    report["data"]["entries"].clone()
}

/// Names to values.
fn values(entries: &Value) -> Value {
    let entries = entries.as_array().expect("a list").iter();
    let pairs = entries.map(|entry| {
        let key = entry["key"].as_str().expect("a name").to_owned();
        (key, entry["value"].clone())
    });
    Value::Object(pairs.collect())
}

#[test]
fn people_see_names_places_and_how_long_values_are() {
    let repo = Repo::new();
    repo.write(".env", FILE);
    assert_snapshot!(repo.guard("env print .env").run().whole(), @"
    exit 0
    --- out
    .env as node reads it: 4 variables; `--reveal` shows the values
      3:1  DATABASE_URL  (21 bytes)
      4:1  B             (9 bytes)
      5:1  EMPTY         (0 bytes)
      7:1  A             (2 bytes)
    --- err
    ");
    assert_snapshot!(repo.guard("env print .env --reveal --dialect python").run().whole(), @r"
    exit 0
    --- out
    .env as python reads it: 5 variables
      3:1  DATABASE_URL  postgres://u:hunter22#x@h/db
      4:1  B             1\u{9}two
      5:1  EMPTY
      6:1  BARE          (no value)
      7:1  A             22
    --- err
    ");
}

#[test]
fn programs_get_what_each_reader_gets() {
    let repo = Repo::new();
    repo.write(".env", FILE);
    let hidden = entries(&repo, ".env");
    assert_eq!(
        hidden[0],
        json!({ "key": "DATABASE_URL", "value": "(21 bytes)", "line": 3, "column": 1 })
    );
    let whole = "postgres://u:hunter22#x@h/db";
    for (dialect, wanted) in [
        (
            "node",
            json!({ "DATABASE_URL": "postgres://u:hunter22", "B": "${A}\\ttwo", "EMPTY": "", "A": "22" }),
        ),
        (
            "python",
            json!({ "DATABASE_URL": whole, "B": "1\ttwo", "EMPTY": "", "BARE": null, "A": "22" }),
        ),
        (
            "compose",
            json!({ "DATABASE_URL": whole, "B": "1\ttwo", "EMPTY": "", "BARE": null, "A": "22" }),
        ),
        (
            "railway",
            json!({ "DATABASE_URL": whole, "B": "${A}\\ttwo", "EMPTY": "", "A": "22" }),
        ),
    ] {
        let read = entries(&repo, &format!(".env --reveal --dialect {dialect}"));
        assert_eq!(values(&read), wanted, "{dialect}");
    }
}

#[test]
fn the_process_is_asked_only_where_that_is_wanted() {
    let repo = Repo::new();
    repo.write(".env", "A=${OUTER}\nBARE\n");
    let read = |more: &str| {
        let ran = repo
            .guard(&format!("env print .env --reveal --format json {more}"))
            .env("OUTER", "from outside")
            .env("BARE", "known")
            .run();
        values(&ran.json()["data"]["entries"])
    };
    let outer = "--expand-from-env --dialect";
    assert_eq!(read("--dialect python"), json!({ "A": "", "BARE": null }));
    assert_eq!(
        read(&format!("{outer} python")),
        json!({ "A": "from outside", "BARE": null })
    );
    assert_eq!(
        read(&format!("{outer} compose")),
        json!({ "A": "from outside", "BARE": "known" })
    );
    assert_eq!(read(&format!("{outer} node")), json!({ "A": "${OUTER}" }));
}

#[test]
fn standard_input_is_a_file() {
    let repo = Repo::new();
    let ran = repo.guard("env print -").stdin("A=1\n").run();
    assert_snapshot!(ran.whole(), @"
    exit 0
    --- out
    standard input as node reads it: 1 variable; `--reveal` shows the values
      1:1  A  (1 byte)
    --- err
    ");
}

#[test]
fn a_file_that_the_reader_refuses_is_named_with_the_place() {
    let repo = Repo::new();
    repo.write(".env", "A=1\nB=\"hunter22\nC=3\n");
    let ran = repo.guard("env print .env --dialect compose").run();
    assert_snapshot!(ran.whole(), @"
    exit 1
    --- out
    --- err
      × compose reads nothing of this file: .env:2:3: the quote is not closed
      help: mend the place that is named; until then not one of its variables is set
    ");
    let ran = repo
        .guard("env print .env --dialect compose --reveal --format json")
        .run();
    assert_eq!(ran.code, 1);
    let report = ran.json();
    assert_eq!(report["verdict"], "failed");
    assert_eq!(report["data"]["entries"], json!([]));
    assert!(!ran.whole().contains("hunter22"));

    repo.write("latin", b"A=caf\xe9\n");
    assert_eq!(repo.guard("env print latin --dialect python").run().code, 1);
    assert_eq!(repo.guard("env print latin --dialect node").run().code, 0);
    let utf16: Vec<u8> = "\u{feff}A=1\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    repo.write("utf16", utf16);
    for dialect in ["node", "python", "compose", "railway"] {
        let ran = repo.guard("env print utf16 --dialect").arg(dialect).run();
        assert_eq!(ran.code, 1, "{dialect}");
        assert!(ran.err.contains("UTF-16"), "{}", ran.err);
    }
}

#[test]
fn a_line_that_the_reader_drops_is_said() {
    let repo = Repo::new();
    repo.write(".env", "A=1\nB='2' x\n");
    let ran = repo.guard("env print .env --dialect python").run();
    assert_snapshot!(ran.whole(), @"
    exit 0
    --- out
    .env as python reads it: 1 variable; `--reveal` shows the values
      1:1  A  (1 byte)
    --- err
    warning: .env:2:7: there is text behind the closing quote
    ");
}

#[test]
fn what_is_no_file_is_told() {
    let repo = Repo::new();
    let ran = repo.guard("env print missing.env").run();
    assert_snapshot!(ran.whole(), @"
    exit 2
    --- out
    --- err
      × there is no `missing.env`
      help: `guard env print FILE` reads one env file; `-` reads standard input
    ");
    std::fs::create_dir(repo.path.join(".env")).expect("a folder");
    let ran = repo.guard("env print .env").run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert!(ran.err.contains("`.env` cannot be read"), "{}", ran.err);
    assert_eq!(repo.guard("env print").run().code, 2);
    assert_eq!(repo.guard("env").run().code, 2);
}

/// What is in a value never gets out unasked, whatever the format and however it is written.
#[test]
fn values_stay_hidden_in_every_format() {
    let repo = Repo::new();
    let secret = "Xy7hunter22Qz";
    repo.write(
        ".env",
        format!("A={secret}\nB=\"{secret}\\n{secret}\"\nC='{secret}' {secret}\nD=${{A}}{secret}\n{secret}\n"),
    );
    for format in [
        "human", "json", "ndjson", "sarif", "junit", "github", "gitlab", "markdown",
    ] {
        for dialect in ["node", "python", "compose", "railway"] {
            let ran = repo
                .guard("env print .env --format")
                .args([format, "--dialect", dialect, "-v"])
                .run();
            // A line that is no assignment is a name to python and compose, and names are shown.
            let shown = ran.whole().matches(secret).count();
            let bare = usize::from(matches!(dialect, "python" | "compose"));
            assert!(shown <= bare, "{}", ran.whole());
        }
    }
}
