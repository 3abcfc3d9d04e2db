//! The house rules, enforced: reads `src/` and fails with the sentence that says why.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use railguard::finding::code;

/// Every room and its floor. A module imports only from floors below its own.
const FLOORS: &[(&str, u8)] = &[
    ("check", 0),
    ("clock", 0),
    ("event", 0),
    ("exit", 0),
    ("finding", 0),
    ("health", 0),
    ("moment", 0),
    ("outcome", 0),
    ("path", 0),
    ("secret", 0),
    ("variable", 0),
    ("change", 1),
    ("config", 1),
    ("dotenv", 1),
    ("depth", 1),
    ("environment", 1),
    ("process", 1),
    ("repository", 1),
    ("source", 1),
    ("terminal", 1),
    ("watch", 1),
    ("checkout", 2),
    ("dependencies", 2),
    ("engine", 2),
    ("http", 2),
    ("mend", 2),
    ("project", 2),
    ("python", 2),
    ("railway", 2),
    ("record", 2),
    ("schema", 2),
    ("script", 2),
    ("tool", 2),
    ("usage", 2),
    ("adapter", 3),
    ("command", 3),
    ("env", 3),
    ("explain", 3),
    ("ignoring", 3),
    ("report", 3),
    ("secrets", 3),
    ("stack", 3),
    ("doctor", 4),
    ("gate", 4),
    ("hook", 4),
    ("init", 4),
    ("cli", 5),
    ("main", 5),
    ("lib", 6),
];

/// Which rooms may lean on which others of their own floor: words are made of words, and the world
/// has an order of its own. Abilities and flows never see their neighbours.
const NEIGHBOURS: &[(&str, &[&str])] = &[
    ("check", &["finding", "moment"]),
    ("event", &["clock", "finding", "moment", "outcome"]),
    ("exit", &["outcome"]),
    ("finding", &["path"]),
    ("health", &["outcome"]),
    ("change", &["environment", "repository"]),
    ("config", &["environment", "source"]),
    ("dotenv", &["source"]),
    ("process", &["environment"]),
    ("repository", &["environment", "process"]),
    ("terminal", &["environment"]),
    ("checkout", &["dependencies"]),
    ("tool", &["project"]),
    ("railway", &["http"]),
    ("schema", &["record"]),
    ("usage", &["python", "record", "script"]),
];

/// What may be written in one home only, and why.
const HOMES: &[(&[&str], &[&str], &str)] = &[
    (
        &[
            "println!",
            "eprintln!",
            "print!(",
            "eprint!(",
            "io::stdout",
            "io::stderr",
        ],
        &["terminal"],
        "only the terminal prints: elsewhere text would escape redaction, width and `--format`",
    ),
    (
        &["process::exit", "ExitCode::from"],
        &["main"],
        "only main ends the process: elsewhere steps would be cut off without a report",
    ),
    (
        &["Command::new", "process::Command"],
        &["process"],
        "only the process room starts children: elsewhere they would inherit git's variables and secrets",
    ),
    (
        &[
            "env::var",
            "env::vars",
            "env::current_dir",
            "env::set_var",
            "env::args",
        ],
        &["environment"],
        "the environment is read once: elsewhere a test could not replace it",
    ),
    (
        &["SystemTime::now"],
        &["clock"],
        "only the clock tells the time: elsewhere a test would have to sleep",
    ),
    (
        &["Instant::now"],
        &["clock", "process", "engine", "command"],
        "only the clock, and what waits on real children, look at the machine's time",
    ),
    (
        &["serde_yaml::", "granit_parser::"],
        &["config"],
        "one room knows the YAML library, so that it stays replaceable",
    ),
    (
        &["oxc_"],
        &["script"],
        "one module knows the syntax tree of scripts: it changes with every release of the parser",
    ),
    (
        &["ruff_python_", "ruff_text_size"],
        &["python"],
        "one module knows the syntax tree of Python: it changes with every release of the parser",
    ),
];

/// One source file as the rules see it.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// The room: the first name below `src/`.
    fn room(&self) -> &str {
        let below = self.path.trim_start_matches("src/");
        below
            .split('/')
            .next()
            .expect("split gives at least one part")
            .trim_end_matches(".rs")
    }

    /// The file without the tests at its end.
    fn without_tests(&self) -> &str {
        self.text
            .split("#[cfg(test)]\nmod tests")
            .next()
            .expect("split gives at least one part")
    }

    /// The code without comments and without the tests at the end of the file.
    fn code(&self) -> String {
        self.without_tests()
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

fn floor(room: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == room)
        .map(|(_, floor)| *floor)
}

/// Everything that is wrong with one file, each as a sentence.
fn faults(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    let path = &source.path;
    let lines = source.text.lines().count();
    if lines > 500 {
        faults.push(format!(
            "{path} has {lines} lines: no file passes 500, so that each fits in one head"
        ));
    }
    if !source.text.starts_with("//! ") {
        faults.push(format!(
            "{path} does not begin with a `//!` sentence that says what it is for"
        ));
    }
    let room = source.room();
    let Some(own) = floor(room) else {
        faults.push(format!(
            "{path}: the room `{room}` has no floor; give it one in tests/architecture.rs"
        ));
        return faults;
    };
    let code = source.code();
    // Tests stand on the real world: they may look up, start git and watch the clock.
    let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
    for imported in imports(&code).iter().filter(|_| !is_test).cloned() {
        // main is five lines that hand over to the wiring beside it.
        if imported == room || ["lib", "main"].contains(&room) {
            continue;
        }
        match floor(&imported) {
            None => faults.push(format!("{path} imports `{imported}`, which has no floor")),
            Some(other) if other < own => {}
            Some(other) if other == own && leans(room, &imported) => {}
            Some(_) => faults.push(format!(
                "{path} imports `{imported}`: a module imports only from floors below its own, so that each can be read, tested and moved alone"
            )),
        }
    }
    for (tokens, homes, why) in HOMES.iter().filter(|_| !is_test) {
        if homes.contains(&room) {
            continue;
        }
        for token in *tokens {
            if code.contains(token) {
                faults.push(format!("{path} has `{token}`: {why}"));
            }
        }
    }
    for word in [
        "utils", "common", "helpers", "manager", "handler", "impl", "mod",
    ] {
        if path.ends_with(&format!("/{word}.rs")) {
            faults.push(format!("{path}: `{word}` says nothing of what is inside"));
        }
    }
    faults
}

fn leans(room: &str, on: &str) -> bool {
    NEIGHBOURS
        .iter()
        .any(|(name, others)| *name == room && others.contains(&on))
}

/// The rooms named by `crate::x`, by `railguard::x`, and inside `crate::{x::…, y::…}`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for prefix in ["crate::", "railguard::"] {
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            if let Some(group) = rest.strip_prefix('{') {
                let mut depth = 0;
                let mut word = String::new();
                let mut fresh = true;
                for letter in group.chars() {
                    match letter {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => fresh = true,
                        _ if depth > 0 || !fresh => {}
                        _ if letter.is_alphanumeric() || letter == '_' => word.push(letter),
                        _ if word.is_empty() => {}
                        _ => fresh = false,
                    }
                    if (!fresh || letter == ',') && !word.is_empty() {
                        rooms.insert(std::mem::take(&mut word));
                    }
                }
                if !word.is_empty() {
                    rooms.insert(word);
                }
            } else {
                let word: String = rest
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                if !word.is_empty() {
                    rooms.insert(word);
                }
            }
        }
    }
    rooms
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All `.rs` files below a folder, as paths from the package's root.
fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(Source {
                    path: relative(&path),
                    text: fs::read_to_string(&path).expect("sources are text"),
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root())
        .expect("the file lies below the root")
        .to_string_lossy()
        .replace('\\', "/")
}

#[test]
fn every_file_keeps_the_house_rules() {
    let all = sources("src");
    let faults: Vec<String> = all.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_median_file_is_short() {
    let mut lines: Vec<usize> = sources("src")
        .iter()
        .map(|source| source.without_tests().lines().count())
        .collect();
    lines.sort_unstable();
    let median = lines[lines.len() / 2];
    assert!(
        median <= 150,
        "the median file has {median} lines; aim below 150"
    );
}

#[test]
fn main_only_hands_over() {
    let lines = fs::read_to_string(root().join("src/main.rs"))
        .expect("main is there")
        .lines()
        .count();
    assert!(
        lines < 40,
        "main.rs has {lines} lines: it turns argv into an exit code, nothing else"
    );
}

#[test]
fn every_test_file_is_included() {
    let all = sources("tests");
    for source in &all {
        if source.path == "tests/guard.rs" {
            continue;
        }
        let name = Path::new(&source.path)
            .file_stem()
            .expect("a source has a name")
            .to_string_lossy();
        let declared = all.iter().any(|other| {
            other
                .text
                .lines()
                .any(|line| line == format!("mod {name};") || line == format!("pub mod {name};"))
        });
        assert!(
            declared,
            "{} is declared nowhere: it would compile into nothing and test nothing",
            source.path
        );
    }
}

#[test]
fn no_test_is_switched_off() {
    for source in sources("src").into_iter().chain(sources("tests")) {
        assert!(
            !source.text.contains(concat!("#[", "ignore")),
            "{}: a test runs or does not exist",
            source.path
        );
    }
}

#[test]
fn every_code_has_its_page_and_its_use() {
    let page = fs::read_to_string(root().join("docs/codes.md")).expect("docs/codes.md is there");
    let all: String = sources("src")
        .iter()
        .filter(|source| source.path != "src/finding/code.rs")
        .map(Source::code)
        .collect();
    for code in code::ALL {
        assert!(
            page.contains(&format!("## {}", code.id)),
            "docs/codes.md has no anchor for {}",
            code.id
        );
        let constant = code.id.replace('-', "_");
        assert!(
            all.contains(&constant),
            "nothing in src ever says {}",
            code.id
        );
    }
}

#[test]
fn the_rules_themselves_catch_what_they_forbid() {
    let wrong = |path: &str, text: &str| {
        !faults(&Source {
            path: path.into(),
            text: format!("//! A file.\n{text}"),
        })
        .is_empty()
    };
    assert!(wrong("src/finding.rs", "use crate::config::Config;"));
    assert!(wrong("src/finding.rs", "fn f() { crate::gate::run() }"));
    assert!(wrong("src/report.rs", "use crate::command::Work;"));
    assert!(wrong("src/process.rs", "use crate::repository::Id;"));
    assert!(wrong("src/finding.rs", "use crate::{clock::Clock, gate};"));
    assert!(wrong("src/gate.rs", "fn f() { println!(\"x\") }"));
    assert!(wrong("src/gate.rs", "fn f() { std::env::var(\"x\"); }"));
    assert!(wrong("src/gate.rs", &"\n".repeat(500)));
    assert!(wrong("src/cellar.rs", ""));
    assert!(wrong("src/gate/utils.rs", ""));
    assert!(!wrong(
        "src/gate.rs",
        "use crate::{clock::{Clock, Timestamp}, engine};\n// println! is fine in words"
    ));
    assert!(!wrong("src/change.rs", "use crate::repository::Id;"));
}
