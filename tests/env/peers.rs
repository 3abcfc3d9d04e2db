//! Files made by chance, read by guard and by the parsers whose rules it claims to know.
//!
//! They lie in `target/peers/env`, where `.ci/run` installs them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use railguard::dotenv::{Dialect, parse};
use serde_json::{Map, Value, json};

use crate::support::Repo;

/// Pieces that mean something to some reader.
const WORDS: &[&str] = &[
    "A",
    "B",
    "C",
    "a.b",
    "X-1",
    "=",
    "=",
    "=",
    ":",
    ": ",
    " ",
    "\t",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "#",
    " #",
    "\"",
    "\"",
    "'",
    "'",
    "`",
    "`",
    "\\",
    "\\n",
    "\\\"",
    "\\'",
    "\\\\",
    "\\t",
    "$",
    "${",
    "}",
    "${A}",
    "$B",
    "${A:-d}",
    ":-",
    "$$",
    "export ",
    "export",
    "x",
    "y z",
    "\u{e9}",
    "\u{2028}",
    "\u{a0}",
    "\u{b}",
    "\u{1c}",
    "\u{85}",
    "\u{feff}",
    "1",
    "{",
    "__proto__",
    "@",
    ";",
];

const FILES: usize = 4000;

const NODE: &str = "
const fs = require('fs');
const { parse } = require('dotenv');
const names = fs.readdirSync('files').sort();
console.log(JSON.stringify(names.map((name) => parse(fs.readFileSync(`files/${name}`)))));
";

const PYTHON: &str = "
import json, logging, os
from dotenv import dotenv_values
logging.disable(logging.CRITICAL)
names = sorted(os.listdir('files'))
print(json.dumps([dotenv_values(f'files/{name}', encoding='utf-8') for name in names]))
";

fn peers() -> PathBuf {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/env");
    assert!(
        peers.is_dir(),
        "{} is missing: `.ci/run` makes it",
        peers.display()
    );
    peers
}

/// Numbers that are the same each time, and look like none in particular.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("below a usize")
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.below(4) {
            text.push_str(["A=", "B = ", "export A=", "C: "][self.below(4)]);
            for _ in 0..self.below(8) {
                text.push_str(WORDS[self.below(WORDS.len())]);
            }
            text.push_str(["\n", "\r\n", ""][self.below(3)]);
        }
        for _ in 0..self.below(10) {
            text.push_str(WORDS[self.below(WORDS.len())]);
        }
        text
    }
}

/// What a peer reads of all the files.
fn read(repo: &Repo, program: &Path, arguments: &[&str]) -> Vec<Value> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(&repo.path)
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("NODE_PATH", peers().join("node_modules"))
        .output()
        .expect("the peer starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("the peer answers in JSON")
}

fn compare(texts: &[String], dialect: Dialect, theirs: &[Value]) {
    assert_eq!(texts.len(), theirs.len());
    for (text, theirs) in texts.iter().zip(theirs) {
        let file = parse(text.as_bytes(), dialect);
        let entries = file.effective().map(|entry| {
            let value = entry.value.as_ref().map(|value| value.reveal().to_owned());
            (entry.key.clone(), json!(value))
        });
        let ours = Value::Object(entries.collect::<Map<_, _>>());
        assert_eq!(&ours, theirs, "{} of {text:?}", dialect.word());
    }
}

#[test]
fn guard_reads_what_the_readers_read() {
    let repo = Repo::new();
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let texts: Vec<String> = (0..FILES).map(|_| chance.text()).collect();
    for (number, text) in texts.iter().enumerate() {
        repo.write(format!("files/{number:05}.env"), text);
    }
    let python = peers().join("venv/bin/python");
    let node = read(&repo, Path::new("node"), &["-e", NODE]);
    compare(&texts, Dialect::Node, &node);
    let python = read(&repo, &python, &["-c", PYTHON]);
    compare(&texts, Dialect::Python, &python);
    assert!(fs::read_dir(repo.path.join("files")).is_ok_and(|files| files.count() == FILES));
}
