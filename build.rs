//! Turns the secret rules, which are data for people, into tables that the program need not read at its start.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use toml::{Table, Value};

#[path = "src/secrets/known.rs"]
#[expect(dead_code, reason = "the program asks, the build only makes")]
mod known;
#[path = "build/pack.rs"]
mod pack;
#[path = "src/secrets/sketch.rs"]
#[expect(dead_code, reason = "the program asks, the build only makes")]
mod sketch;
#[path = "src/secrets/words.rs"]
#[expect(dead_code, reason = "the program asks, the build only makes")]
mod words;

use known::{Known, Told};
use pack::{Pack, number, table};
use sketch::Sketch;
use words::Words;

/// The file of the rules.
const RULES: &str = "src/secrets/rules.toml";

/// What else the tables are made from.
const MAKERS: [&str; 5] = [
    "build.rs",
    "build/pack.rs",
    "src/secrets/known.rs",
    "src/secrets/sketch.rs",
    "src/secrets/words.rs",
];

/// What every frame of an assignment has in its middle; see docs/secrets.md.
const FRAME: &str = r#"["'\x60\]]{0,2}[\s]{0,3}(?:=>"#;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    println!("cargo::rerun-if-changed={RULES}");
    for maker in MAKERS {
        println!("cargo::rerun-if-changed={maker}");
    }
    let text = fs::read_to_string(RULES)?;
    let file: Table = text.parse()?;
    let mut rules: Vec<&Table> = Vec::new();
    for rule in list(&file, "rules") {
        rules.push(rule.as_table().ok_or("a rule is no table")?);
    }
    rules.sort_by_key(|rule| code(text_of(rule, "id")));
    let folder = env::var("OUT_DIR")?;
    let folder = Path::new(&folder);
    write_rules(&rules, folder)?;
    write_codes(&rules, folder)
}

/// What a search goes by.
fn write_rules(rules: &[&Table], folder: &Path) -> Outcome<()> {
    let mut pack = Pack::default();
    let mut starts = Vec::new();
    let mut facts = Vec::new();
    let mut kinds: Vec<sketch::Kind> = Vec::new();
    let mut owners: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, rule) in rules.iter().enumerate() {
        let id = text_of(rule, "id");
        let sketch = sketch(rule).map_err(|error| format!("{RULES}: `{id}`: {error}"))?;
        starts.push(pack.length());
        write_rule(&mut pack, rule).map_err(|error| format!("{RULES}: `{id}`: {error}"))?;
        let (kind, least) = match sketch.stretch {
            Some(stretch) => {
                let known = kinds.iter().position(|kind| *kind == stretch.kind);
                let kind = known.unwrap_or(kinds.len());
                if known.is_none() {
                    kinds.push(stretch.kind);
                }
                (kind, stretch.least)
            }
            None => (0, 0),
        };
        facts.push(format!(
            "Fact {{ longest: {}, least: {least}, kind: {kind}, is_generic: {}, is_assigned: {}, is_by_path: {}, \
             frame: Frame::{} }}",
            sketch.longest.unwrap_or(u32::MAX),
            is_generic(rule),
            is_assigned(rule),
            !rule.contains_key("regex"),
            frame(rule),
        ));
        if rule.contains_key("regex") {
            for word in strings(rule, "keywords") {
                let owners = owners.entry(word.to_ascii_lowercase()).or_default();
                if owners.last() != Some(&place) {
                    owners.push(place);
                }
            }
        }
    }
    let named = pack.length();
    let known = known_of(rules);
    for list in [&known.prefixes, &known.beginnings, &known.names] {
        pack.list(list, |pack, text| pack.text(text));
    }
    let words: Vec<String> = owners.keys().cloned().collect();
    let words = Words::of(&words);
    let mut ends = Vec::new();
    let mut all = Vec::new();
    for owners in owners.values() {
        all.extend(owners.iter().copied());
        ends.push(all.len());
    }
    let numbers = pack.source("NUMBERS");
    let mark = mark(&format!("{numbers}{facts:?}"), &pack);
    fs::write(folder.join("may.bin"), &words.may)?;
    fs::write(folder.join("words.bin"), &words.text)?;
    let grams: Vec<String> = words.grams.iter().map(|gram| format!("{gram:?}")).collect();
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("{kind:?}")).collect();
    let parts = [
        format!(
            "/// Tells these rules from any others.\npub(super) const MARK: &str = \"{mark}\";\n"
        ),
        format!("/// Where what is known by name begins.\nconst NAMED: usize = {named};\n"),
        numbers,
        table("STARTS", "u32", &starts),
        table("FACTS", "Fact", &facts),
        table("KINDS", "Kind", &kinds),
        table("OWNERS", "u16", &all),
        table("OWNER_ENDS", "u32", &ends),
        table("WORD_ENDS", "u32", &words.ends),
        table("GRAM_STARTS", "u32", &words.starts),
        table("GRAMS", "Gram", &grams),
    ];
    fs::write(folder.join("rules.txt"), pack.into_text())?;
    fs::write(folder.join("rules.rs"), parts.concat())?;
    Ok(())
}

/// One rule, in the order in which `built_in.rs` reads it.
fn write_rule(pack: &mut Pack, rule: &Table) -> Outcome<()> {
    let nothing = Table::new();
    let own = rule.get("guard").and_then(Value::as_table);
    let own = own.unwrap_or(&nothing);
    let entropy = match rule.get("entropy") {
        None => None,
        Some(value) => {
            let whole = || i32::try_from(value.as_integer()?).ok();
            let number = value.as_float().or_else(|| whole().map(f64::from));
            Some(number.ok_or("`entropy` is no number")?)
        }
    };
    let group = rule.get("secretGroup").and_then(Value::as_integer);
    pack.text(text_of(rule, "id"));
    pack.text(text_of(rule, "description"));
    for key in ["regex", "path"] {
        pack.maybe(rule.get(key).and_then(Value::as_str), Pack::text);
    }
    pack.number(u32::try_from(group.unwrap_or(0))?);
    pack.maybe(entropy, |pack, entropy| {
        let bits = entropy.to_bits();
        pack.number((bits >> 32) as u32);
        pack.number((bits & 0xFFFF_FFFF) as u32);
    });
    pack.list(strings(rule, "keywords"), Pack::text);
    pack.list(tables(rule, "allowlists"), allowlist);
    pack.list(tables(rule, "required"), |pack, required| {
        pack.text(text_of(required, "id"));
        for key in ["withinLines", "withinColumns"] {
            let within = required.get(key).and_then(Value::as_integer);
            pack.maybe(within, |pack, within| {
                pack.number(u32::try_from(within).expect("a small distance"));
            });
        }
    });
    let flag = |table: &Table, key: &str| table.get(key).and_then(Value::as_bool).unwrap_or(false);
    pack.flag(flag(rule, "skipReport"));
    for key in ["shown", "name"] {
        pack.text(text_of(own, key));
    }
    pack.maybe(own.get("check").and_then(Value::as_str), Pack::text);
    pack.flag(flag(own, "yields"));
    Ok(())
}

fn allowlist(pack: &mut Pack, list: &Table) {
    pack.flag(matches!(text_of(list, "condition"), "AND" | "and" | "&&"));
    pack.number(match text_of(list, "regexTarget") {
        "match" => 1,
        "line" => 2,
        _ => 0,
    });
    for key in ["paths", "regexes", "stopwords", "commits"] {
        pack.list(strings(list, key), Pack::text);
    }
}

fn sketch(rule: &Table) -> Outcome<Sketch> {
    let Some(regex) = rule.get("regex").and_then(Value::as_str) else {
        return Ok(Sketch::default());
    };
    Ok(Sketch::of(&sketch::parse(regex)?))
}

fn known_of(rules: &[&Table]) -> Known {
    let nothing = Table::new();
    let lists: Vec<Vec<std::borrow::Cow<'static, str>>> = rules
        .iter()
        .map(|rule| {
            strings(rule, "keywords")
                .map(|word| word.to_owned().into())
                .collect()
        })
        .collect();
    let told = rules
        .iter()
        .zip(&lists)
        .filter(|(rule, _)| !is_generic(rule));
    Known::of(told.map(|(rule, keywords)| {
        let own = rule
            .get("guard")
            .and_then(Value::as_table)
            .unwrap_or(&nothing);
        Told {
            name: text_of(own, "name"),
            shown: text_of(own, "shown"),
            keywords,
            is_assigned: is_assigned(rule),
        }
    }))
}

/// As `Frame::of` has it.
fn frame(rule: &Table) -> &'static str {
    let own = rule.get("guard").and_then(Value::as_table);
    match own.map(|own| text_of(own, "check")) {
        Some("assignment") => "Common",
        Some("connection") if strings(rule, "keywords").all(|word| word == "://") => "Address",
        _ if is_assigned(rule) => "Named",
        _ => "Other",
    }
}

fn is_generic(rule: &Table) -> bool {
    strings(rule, "tags").any(|tag| tag == "generic")
}

fn is_assigned(rule: &Table) -> bool {
    text_of(rule, "regex").contains(FRAME)
}

/// What is said of each kind of secret.
fn write_codes(rules: &[&Table], folder: &Path) -> Outcome<()> {
    let mut pack = Pack::default();
    let mut told: Vec<(String, Option<&Table>)> = rules
        .iter()
        .map(|rule| (code(text_of(rule, "id")), Some(*rule)))
        .collect();
    // What a user's own rules find has one code for all, in its place among the others.
    told.push(("SEC-RULE".to_owned(), None));
    told.sort_by(|(a, _), (b, _)| a.cmp(b));
    pack.list(told, |pack, (id, rule)| {
        pack.text(&id);
        pack.maybe(rule, |pack, rule| {
            let id = text_of(rule, "id");
            let written = write_code(pack, rule);
            written.unwrap_or_else(|error| panic!("{RULES}: `{id}`: {error}"));
        });
    });
    fs::write(folder.join("codes.rs"), pack.source("NUMBERS"))?;
    fs::write(folder.join("codes.txt"), pack.into_text())?;
    Ok(())
}

/// One kind, in the order in which `finding/code/secrets.rs` reads it.
fn write_code(pack: &mut Pack, rule: &Table) -> Outcome<()> {
    let nothing = Table::new();
    let own = rule.get("guard").and_then(Value::as_table);
    let own = own.unwrap_or(&nothing);
    let severity = match own.get("severity").and_then(Value::as_str) {
        None | Some("error") => 0,
        Some("warning") => 1,
        Some("info") => 2,
        Some(other) => return Err(format!("no severity is called `{other}`").into()),
    };
    let rotate = text_of(own, "rotate");
    if rotate.is_empty() {
        return Err("`guard.rotate` is missing: who finds one must know what to do".into());
    }
    let why = own.get("why").and_then(Value::as_str).unwrap_or(
        "Whoever can read the repository, now or later, can use it as if they were you. \
         Taken out again, it still stands in the history.",
    );
    // What is public by design may stay where it is.
    let fix = if severity == 2 {
        rotate.to_owned()
    } else {
        format!(
            "Take it out of the commit, and read it from the environment instead. If it was pushed anywhere, \
             it must be rotated. {rotate}"
        )
    };
    let example = text_of(own, "example");
    if example.is_empty() {
        return Err("`guard.example` is missing: who asks must see one".into());
    }
    pack.number(severity);
    for text in [text_of(rule, "description"), why, &fix, example] {
        pack.text(text);
    }
    Ok(())
}

/// A number for tables; FNV-1a, since nobody but the rules' authors could make two that agree.
fn mark(tables: &str, pack: &Pack) -> String {
    let texts = pack.text_so_far().bytes();
    let mark = tables
        .bytes()
        .chain(texts)
        .fold(0xcbf2_9ce4_8422_2325_u64, |mark, byte| {
            (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{mark:016x} {}", number(tables.len()))
}

fn code(id: &str) -> String {
    format!("SEC-{}", id.to_ascii_uppercase())
}

fn list<'t>(table: &'t Table, key: &str) -> &'t [Value] {
    table
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn text_of<'t>(table: &'t Table, key: &str) -> &'t str {
    table.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn tables<'t>(table: &'t Table, key: &str) -> Vec<&'t Table> {
    list(table, key)
        .iter()
        .filter_map(Value::as_table)
        .collect()
}

fn strings<'t>(table: &'t Table, key: &str) -> std::vec::IntoIter<&'t str> {
    let texts: Vec<&str> = list(table, key).iter().filter_map(Value::as_str).collect();
    texts.into_iter()
}
