//! No value of an env file, nor a part of one, stands anywhere in what guard prints about it.

use std::cell::RefCell;
use std::collections::HashSet;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::{Ran, Repo};

/// Pieces of this length must not be seen.
const PIECE: usize = 6;

/// Values that nobody else makes: from letters of which six in a row stand in no message.
struct Values {
    state: RefCell<u64>,
    made: RefCell<Vec<String>>,
}

impl Values {
    fn new() -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("it is later than 1970");
        Self {
            state: RefCell::new(
                u64::from(now.subsec_nanos()) << 20 | u64::from(std::process::id()),
            ),
            made: RefCell::new(Vec::new()),
        }
    }

    /// A new value that nothing may show.
    fn one(&self) -> String {
        const LETTERS: &[u8] = b"QZXJKVWHY23456789";
        let mut state = self.state.borrow_mut();
        let mut value = String::new();
        for place in 0..24 {
            *state = state
                .wrapping_mul(0x5851_f42d_4c95_7f2d)
                .wrapping_add(0x1405_7b7e_f767_814f);
            // A letter in each piece, for numbers are in every report.
            let letters = if place % 3 == 0 {
                &LETTERS[..9]
            } else {
                LETTERS
            };
            let pick = usize::try_from(*state >> 33).expect("31 bits fit") % letters.len();
            value.push(char::from(letters[pick]));
        }
        self.made.borrow_mut().push(value.clone());
        value
    }

    /// A text with a value in place of each `<>`.
    fn put(&self, text: &str) -> String {
        let mut parts = text.split("<>");
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            whole.push_str(&self.one());
            whole.push_str(part);
        }
        whole
    }

    /// Whether no piece of any value is in what was printed.
    fn are_hidden_in(&self, ran: &Ran, call: &str) {
        let text = ran.whole();
        let made = self.made.borrow();
        let values = made.iter().map(String::as_bytes);
        let pieces: HashSet<&[u8]> = values.flat_map(|value| value.windows(PIECE)).collect();
        let shown = text.as_bytes().windows(PIECE);
        let shown: Vec<&[u8]> = shown.filter(|piece| pieces.contains(piece)).collect();
        let piece = shown.first().map(|piece| String::from_utf8_lossy(piece));
        assert!(shown.is_empty(), "{call} shows {piece:?}:\n{text}");
    }
}

/// Each kind of variable, so that each sort of value is wrong in its own way.
const SCHEMA: &str = "\
variables:
  TEXT: { prefix: sk-, min_length: 40, secret: true }
  SUFFIX: { suffix: '=' }
  PATTERN: { pattern: '^[a-z]+$' }
  SHORT: { max_length: 8, secret: true }
  URL: { type: url, schemes: [https] }
  HOST: { type: url, hosts: [db.example.org] }
  BROKEN: { type: url }
  INT: { type: int }
  FLOAT: { type: float, max: 5 }
  BOOL: { type: bool }
  PORT: { type: port }
  EMAIL: { type: email }
  ENUM: { enum: [one, two], secret: true }
  CONST: { const: fixed }
  DURATION: { type: duration }
  JSON: { type: json }
  BASE64: { type: base64 }
  HEX: { type: hex }
  PHONE: { type: phone }
  SEMVER: { type: semver }
  LIST: { type: list, of: int }
  ONE: { deprecated: use OTHER }
  OTHER: {}
  REFERENCE: {}
  GIVEN: { provided_by: railway }
  MISSING: { required: true }
rules:
  - eq: [ONE, OTHER]
environments:
  production: { variables: { SITE_URL: { type: url } } }
";

/// Wrong by type, constant, shape, range and rule; and things that the schema does not know.
const WRONG: &str = "\
TEXT=<>
SUFFIX=<>
PATTERN=<>
SHORT=<>
URL=ftp://<>@example.org/<>
HOST=postgres://<>:<>@<>.example.org:5432/<>
BROKEN=postgres://app:<>/<>@db/app
INT=<>
FLOAT=<>
BOOL=<>
PORT=<>
EMAIL=<>
ENUM=<>
CONST=<>
DURATION=<>
JSON={\"<>\": <>}
BASE64=<>!
HEX=<>
PHONE=<>
SEMVER=<>
LIST=1,<>
ONE=<>
OTHER=<>
REFERENCE=${{<>.<>
GIVEN=${{<>.<>
SITE_URL=https://<>:<>@localhost/<>
UNKNOWN=<>
UNKNWON=<>
";

/// Written in every way in which readers differ.
const ODD: &str = "\
export QUOTED=\"<>\" # <>
SINGLE='<>'
TICKS=`<>`
CUT=<>#<>
BEHIND=\"<>\" <>
REFERS=${QUOTED}-<>
FALLBACK=${NOTHING:-<>}
ESCAPED=\"<>\\n\\t<>\"
LINES=\"<>
<>
\"
DOUBLE=<>
DOUBLE=<>
 SPACED = <>
lower=<>
COLON: <>
<>
NEXT_PUBLIC_KEY=sk_live_<>
JWT=eyJhbGciOiJIUzI1NiJ9.<>.<>
PLACE=your-<>
PEM=\"-----BEGIN PRIVATE KEY-----
<>
-----END PRIVATE KEY-----\"
OPEN=\"<>
LAST=<>
";

/// A repository full of values, of which each file is wrong in its own way.
fn planted(values: &Values) -> Repo {
    let repo = Repo::new();
    repo.write("schemas/env.yaml", SCHEMA)
        .write("package.json", "{}\n")
        .write("compose.yaml", "services: {}\n")
        .write("apps/api/pyproject.toml", "[project]\nname = \"api\"\n")
        .commit("first");
    let all = WRONG.to_owned() + ODD;
    for name in [
        ".env",
        ".env.production",
        "apps/api/.env",
        ".env.local",
        ".env.example",
        "prod.env",
    ] {
        repo.write(name, values.put(&all));
    }
    let odd = values.put(ODD).replace('\n', "\r\n");
    repo.write(".env.staging", "\u{feff}".to_owned() + &odd);
    repo.write(".env.test", values.put(ODD).replace('\n', "\r"));
    let mut bytes = values.put("A=<>\nB=\"<>").into_bytes();
    bytes.extend(b"\xff\xfe\0");
    bytes.extend(values.put("<>\"\n").into_bytes());
    repo.write(".env.development", bytes);
    let wide = values.put(WRONG);
    let wide: Vec<u8> = "\u{feff}"
        .chars()
        .chain(wide.chars())
        .flat_map(|letter| {
            u16::try_from(u32::from(letter))
                .expect("they are short")
                .to_le_bytes()
        })
        .collect();
    repo.write(".env.wide", wide);
    repo.stage();
    repo
}

#[test]
fn no_piece_of_a_value_is_printed() {
    let values = Values::new();
    let repo = planted(&values);
    let formats = [
        "human", "json", "ndjson", "sarif", "junit", "github", "gitlab", "markdown",
    ];
    let check = formats.map(|format| (format!("env check -v --format {format}"), 1));
    let others = [
        ("env check --env production .env prod.env .env.example", 1),
        ("env print .env", 0),
        ("env print .env.local --format json --dialect python", 0),
        ("env print apps/api/.env --dialect compose", 1),
        ("run pre-commit -v", 1),
        ("run pre-commit --format json", 1),
    ];
    let others = others.map(|(call, code)| (call.to_owned(), code));
    for (call, code) in check.into_iter().chain(others) {
        let ran = repo.guard(&call).run();
        assert_eq!(ran.code, code, "{call}: {}", ran.whole());
        values.are_hidden_in(&ran, &call);
    }
    // It looked at what was planted: each sort of value was wrong in its own way.
    let report = repo.guard("env check --format json").run().json();
    let findings = report["findings"].as_array().expect("a list");
    for code in [
        "ENV-DEPRECATED",
        "ENV-ENUM",
        "ENV-LOCALHOST",
        "ENV-MISSING",
        "ENV-REFERENCE",
        "ENV-RULE",
        "ENV-SHAPE",
        "ENV-TYPE",
        "ENV-UNKNOWN",
    ] {
        let is_told = findings.iter().any(|finding| finding["code"] == code);
        assert!(is_told, "{code}: {report}");
    }
}

#[test]
fn errors_print_none_either() {
    let values = Values::new();
    let repo = planted(&values);
    for (schema, call) in [
        (
            "variables: { TEXT: { type: int, min: 5, max: 3 } }\n",
            "env check",
        ),
        ("variables: [\n", "env check --format json"),
        (
            "variables: { TEXT: { required: [nowhere] } }\n",
            "run pre-commit",
        ),
        (SCHEMA, "env check --env nowhere"),
        (SCHEMA, "env check --schema .env"),
        (SCHEMA, "env print .env --dialect nothing"),
    ] {
        repo.write("schemas/env.yaml", schema).stage();
        let ran = repo.guard(call).run();
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (2, ""),
            "{call}: {}",
            ran.whole()
        );
        values.are_hidden_in(&ran, call);
    }
}
