//! What is no env file, and what is no schema: a diagnostic at its place, never a crash and never silence.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::support::{Ran, Repo};

/// Schemas that cannot be meant, the place of the mistake and words about it.
const CONTRADICTIONS: &[(&str, &str, &str)] = &[
    (
        "variables:\n  A: { type: int, min: 5, max: 3 }\n",
        "2:32",
        "no value is both",
    ),
    (
        "variables:\n  A: { min_length: 9, max_length: 8 }\n",
        "2:35",
        "no value is both",
    ),
    (
        "variables:\n  A: { type: int, min: 10, default: 9 }\n",
        "2:37",
        "`default` breaks the schema's own rule",
    ),
    (
        "variables:\n  A: { enum: [a, b], const: c }\n",
        "2:29",
        "`const` breaks the schema's own rule",
    ),
    (
        "variables:\n  A: { required: [prodution] }\n",
        "2:18",
        "there is no environment `prodution`",
    ),
    (
        "variables:\n  A: { required: { when: { B: 1 } } }\n",
        "2:28",
        "there is no variable `B`",
    ),
    (
        "environments:\n  production: { extends: stagign }\n  staging: {}\n",
        "2:26",
        "there is no environment `stagign`",
    ),
    (
        "environments:\n  a: { extends: b }\n  b: { extends: c }\n  c: { extends: a }\n",
        "2:17",
        "in a circle: `a` → `b` → `c` → `a`",
    ),
    (
        "variables:\n  A: { type: integer }\n",
        "2:14",
        "did you mean `int`?",
    ),
    ("variabels:\n  A: {}\n", "1:1", "did you mean `variables`?"),
    ("variables:\n  A: [\n", "2:", "not valid YAML"),
];

/// Why something is no file that can be read, and what makes it.
type Made<'m> = (&'m str, &'m dyn Fn(&Repo));

/// Whether this is how a schema is refused: the place on standard error, and nothing else anywhere.
fn is_refused(ran: &Ran, place: &str, words: &str, about: &str) {
    assert_eq!(ran.code, 2, "{about}: {}", ran.whole());
    assert_eq!(ran.out, "", "{about}");
    assert!(
        ran.err.contains(&format!("schemas/env.yaml{place}")),
        "{about}: {place} is not in\n{}",
        ran.err
    );
    // What is wide is wrapped, and the lines behind the first have a mark.
    let said: Vec<&str> = ran
        .err
        .split_whitespace()
        .filter(|word| *word != "│")
        .collect();
    assert!(
        said.join(" ").contains(words),
        "{about}: `{words}` is not in\n{}",
        ran.err
    );
}

fn pushing(repo: &Repo) -> String {
    let zero = "0".repeat(40);
    format!(
        "refs/heads/main {} refs/heads/main {zero}\n",
        repo.id("HEAD")
    )
}

#[test]
fn a_schema_that_contradicts_itself_is_told_at_its_place() {
    let repo = Repo::new();
    repo.write(".env", "A=4\n");
    for (schema, place, words) in CONTRADICTIONS {
        repo.write("schemas/env.yaml", schema);
        for call in [
            "env check",
            "env check .env --env production",
            "env check --format json",
        ] {
            let ran = repo.guard(call).run();
            is_refused(&ran, &format!(":{place}"), words, call);
        }
    }
}

#[test]
fn the_gate_refuses_the_schema_that_is_staged_or_pushed() {
    let repo = Repo::new();
    repo.commit("first");
    let good = "variables: { A: { type: int } }\n";
    for (schema, place, words) in &CONTRADICTIONS[..8] {
        repo.write("schemas/env.yaml", schema).stage();
        // What lies in the work tree is right, and is not what is judged.
        repo.write("schemas/env.yaml", good);
        assert_eq!(repo.guard("env check").run().code, 0);
        let place = format!(":{place}");
        for call in ["run pre-commit", "run pre-commit --format sarif"] {
            is_refused(&repo.guard(call).run(), &place, words, call);
        }
        repo.git(&["commit", "--quiet", "--no-verify", "-m", "wrong"]);
        let pushed = repo
            .guard("run pre-push --format json -- origin")
            .stdin(pushing(&repo))
            .run();
        is_refused(&pushed, &place, words, "run pre-push");
    }
    // The other way round.
    repo.write("schemas/env.yaml", good).stage();
    repo.write("schemas/env.yaml", CONTRADICTIONS[0].0);
    let ran = repo.guard("run pre-commit --only env").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
}

#[test]
fn a_schema_that_is_no_plain_file_is_refused() {
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let target = elsewhere.path().join("env.yaml");
    fs::write(&target, "variables: {}\n").expect("it can be written");
    let link = "it is a link, and git keeps only where that leads";
    let make: [Made<'_>; 4] = [
        ("it is a folder", &|repo| {
            repo.write("schemas/env.yaml/notes.txt", "x\n");
        }),
        (link, &|repo| {
            repo.write("schemas/other.yaml", "variables: {}\n");
            symlink("other.yaml", repo.path.join("schemas/env.yaml")).expect("a link");
        }),
        (link, &|repo| {
            repo.write("schemas/x", "");
            symlink(&target, repo.path.join("schemas/env.yaml")).expect("a link");
        }),
        (link, &|repo| {
            repo.write("schemas/x", "");
            symlink("env.yaml", repo.path.join("schemas/env.yaml")).expect("a link");
        }),
    ];
    for (why, make) in make {
        let repo = Repo::new();
        make(&repo);
        repo.write(".env.test", "A=1\n");
        let words = format!("cannot be read: {why}");
        is_refused(&repo.guard("env check").run(), "", &words, "env check");
        repo.stage();
        let ran = repo.guard("run pre-commit --only env").run();
        is_refused(&ran, "", &words, "run pre-commit");
    }
    // A pipe that nobody writes to is not waited for.
    let repo = Repo::new();
    repo.write(".gitignore", ".env*\n")
        .write("schemas/x", "")
        .write(".env", "A=1\n");
    pipe(&repo, "schemas/env.yaml");
    let ran = repo.guard("env check").run();
    is_refused(&ran, "", "cannot be read: it is no plain file", "env check");
    // Another one may lie behind a link.
    symlink(&target, repo.path.join("mine.yaml")).expect("a link");
    let ran = repo.guard("env check --schema mine.yaml").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let ran = repo.guard("env check --schema nowhere.yaml").run();
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.whole());
}

fn pipe(repo: &Repo, name: &str) {
    let made = Command::new("mkfifo").arg(repo.path.join(name)).status();
    assert!(made.expect("mkfifo starts").success());
}

#[test]
fn bombs_and_mountains_end() {
    let repo = Repo::new();
    repo.write(".env", "A=x\n");
    let mut doubled = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (upper, lower) in ('b'..='z').zip('a'..) {
        let list = vec![format!("*{lower}"); 10].join(", ");
        let _ = writeln!(doubled, "{upper}: &{upper} [{list}]");
    }
    let deep = "[".repeat(200_000);
    let nested = "variables: ".to_owned() + &"{ A: ".repeat(100_000);
    for bomb in [doubled, deep, nested, "variables: { A: {} }\n\0".to_owned()] {
        repo.write("schemas/env.yaml", &bomb);
        let ran = repo.guard("env check").run();
        is_refused(&ran, ":", "not valid YAML:", &bomb[..30.min(bomb.len())]);
        assert!(ran.err.len() < 10_000, "{} bytes", ran.err.len());
    }
    repo.write("schemas/env.yaml", b"variables: {}\n# \xff\n");
    is_refused(&repo.guard("env check").run(), ":2:3", "not UTF-8", "bytes");
    // Larger than any schema is: refused before it is understood.
    let file = fs::File::create(repo.path.join("schemas/env.yaml")).expect("a file");
    file.set_len(65 << 20).expect("it takes no room");
    is_refused(
        &repo.guard("env check").run(),
        "",
        "is longer than 64 MiB",
        "65 MiB",
    );
}

/// Ten megabytes are much, and still a schema; the second run takes what the first one kept.
#[test]
fn a_schema_of_ten_megabytes_is_read() {
    let repo = Repo::new();
    let prose = "words ".repeat(20_000);
    let mut schema = "variables:\n".to_owned();
    for number in 0..90 {
        let _ = writeln!(schema, "  V{number}: {{ type: int, description: {prose} }}");
    }
    assert!(schema.len() > 10_000_000);
    repo.write("schemas/env.yaml", schema);
    repo.write(".env", "V0=1\nV89=one\n");
    for _ in 0..2 {
        let ran = repo.guard("env check").run();
        assert_eq!(ran.code, 1, "{}", ran.whole());
        assert!(ran.out.contains("at .env:2:5"), "{}", ran.whole());
        assert!(ran.out.len() < 10_000, "{} bytes", ran.out.len());
    }
}

/// What `guard env check` says of the file `.env`, made by this.
fn told(make: impl Fn(&Repo)) -> Ran {
    let repo = Repo::new();
    repo.write(".gitignore", ".env*\n")
        .write("schemas/env.yaml", "variables: { A: { type: int } }\n");
    make(&repo);
    repo.guard("env check --format json").run()
}

/// What the check says: each code with its file and line.
fn codes(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let findings = report["findings"].as_array().expect("a list").iter();
    let own = findings.filter(|finding| finding["check"] == "env");
    let code = |finding: &serde_json::Value| {
        let place = [&finding["code"], &finding["path"], &finding["line"]];
        let [code, path, line] = place.map(ToString::to_string);
        format!("{code} {path} {line}").replace('"', "")
    };
    own.map(code).collect()
}

#[test]
fn what_is_no_env_file_is_told_where_it_lies() {
    let make: [Made<'_>; 5] = [
        ("it is a folder", &|repo| {
            repo.write(".env/notes.txt", "A=1\n");
        }),
        ("too many levels of symbolic links", &|repo| {
            symlink(".env", repo.path.join(".env")).expect("a link");
        }),
        ("no such file or directory", &|repo| {
            symlink("nowhere", repo.path.join(".env")).expect("a link");
        }),
        ("it is no plain file", &|repo| pipe(repo, ".env")),
        ("it is no plain file", &|repo| {
            symlink("/dev/zero", repo.path.join(".env")).expect("a link");
        }),
    ];
    for (why, make) in make {
        let ran = told(make);
        assert_eq!(ran.code, 1, "{why}: {}", ran.whole());
        assert_eq!(codes(&ran), ["ENV-UNREADABLE .env null"], "{why}");
        let message = ran.json()["findings"][0]["message"].to_string();
        // The system's words differ from one to the next.
        let is_systems = why.contains("levels") || why.contains("no such");
        assert!(message.contains("cannot be read: "), "{message}");
        assert!(is_systems || message.contains(why), "{message}");
    }
}

/// Python's virtual environments are called so, too.
#[test]
fn a_virtual_environment_is_passed_over() {
    let ran = told(|repo| {
        repo.write(".env/pyvenv.cfg", "home = /usr/bin\n")
            .write(".env/bin/activate", "A=x\n");
    });
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(ran.json()["checks"][0]["outcome"], "skipped");
}

#[test]
fn a_link_out_of_the_repository_is_read_and_its_values_stay_hidden() {
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let target = elsewhere.path().join("secrets");
    fs::write(&target, "A=QX7ZK2QW9\n").expect("it can be written");
    let repo = Repo::new();
    repo.write(".gitignore", ".env*\n")
        .write("schemas/env.yaml", "variables: { A: { type: int } }\n");
    symlink(&target, repo.path.join(".env.staging")).expect("a link");
    let ran = repo.guard("env check --format json").run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(codes(&ran), ["ENV-TYPE .env.staging 1"]);
    assert!(!ran.whole().contains("QX7ZK2"), "{}", ran.whole());
    // Git keeps where it leads, and that is no list of variables.
    repo.stage();
    let ran = repo.guard("run pre-commit --only env --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(codes(&ran), [""; 0]);
}

#[test]
fn a_value_of_a_hundred_megabytes_is_no_crash() {
    let long = |bytes: usize| "QX7Z".repeat(bytes / 4);
    let ran = told(|repo| {
        repo.write(".env", format!("B=1\nA={}\n", long(48 << 20)));
    });
    assert_eq!(ran.code, 1, "{}", &ran.err);
    assert!(
        codes(&ran).contains(&"ENV-TYPE .env 2".to_owned()),
        "{}",
        ran.out
    );
    assert!(ran.out.len() < 20_000 && !ran.whole().contains("QX7Z"));
    // More than any env file holds is not understood any more.
    let ran = told(|repo| {
        repo.write(".env", format!("A={}\n", long(100 << 20)));
    });
    assert!(ran.code == 1, "{}", &ran.err);
    assert!(ran.out.len() < 20_000 && !ran.whole().contains("QX7Z"));
}

#[test]
fn a_nul_is_part_of_the_value_it_stands_in() {
    let ran = told(|repo| {
        repo.write(".env", "B=\0\nA=1\0QX7ZK2\n");
    });
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert!(
        codes(&ran).contains(&"ENV-TYPE .env 2".to_owned()),
        "{}",
        ran.out
    );
    assert!(!ran.whole().contains("QX7ZK2") && !ran.whole().contains('\0'));
}
