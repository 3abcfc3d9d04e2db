//! Turns the secret rules, which are data for people, into tables that the program need not read at its start.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use toml::{Table, Value};

/// The file of the rules.
const RULES: &str = "src/secrets/rules.toml";

/// What every frame of an assignment has in its middle; see docs/secrets.md.
const FRAME: &str = r#"["'\x60\]]{0,2}[\s]{0,3}(?:=>"#;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    println!("cargo::rerun-if-changed={RULES}");
    println!("cargo::rerun-if-changed=build.rs");
    let text = fs::read_to_string(RULES)?;
    let file: Table = text.parse()?;
    let mut rules: Vec<&Table> = Vec::new();
    for rule in list(&file, "rules") {
        rules.push(rule.as_table().ok_or("a rule is no table")?);
    }
    rules.sort_by_key(|rule| code(text_of(rule, "id")));
    let folder = env::var("OUT_DIR")?;
    let folder = Path::new(&folder);
    let mut tables = [String::new(), String::new(), String::new()];
    for rule in &rules {
        let told = text_of(rule, "id").to_owned();
        write(&mut tables, rule).map_err(|error| format!("{RULES}: `{told}`: {error}"))?;
    }
    let [own, mut codes, mut examples] = tables;
    // What a user's own rules find has one code for all, in its place among the others.
    let mut places = rules
        .iter()
        .map(|rule| code(text_of(rule, "id")).as_str() < "SEC-RULE");
    let place = places
        .position(|is_before| !is_before)
        .unwrap_or(rules.len());
    codes = insert(&codes, place, "SEC_RULE,");
    examples = insert(&examples, place, r#"r"TEAM_TOKEN=<<team-[0-9]{10}>>","#);
    fs::write(
        folder.join("rules.rs"),
        format!(
            "/// Tells these rules from any others.\npub(super) const MARK: &str = \"{:016x} {}\";\n\
             static RULES: &[Rule] = &[\n{own}];\n",
            mark(&own),
            own.len(),
        ),
    )?;
    fs::write(
        folder.join("codes.rs"),
        format!(
            "/// Every kind of secret that guard knows, by name.\npub static SECRETS: &[Code] = &[\n{codes}];\n\
             /// A line in which each of them would stand.\npub static SECRET_EXAMPLES: &[&str] = &[\n{examples}];\n"
        ),
    )?;
    Ok(())
}

/// Adds one rule to the tables: the rule, its code, its example.
fn write([rules, codes, examples]: &mut [String; 3], rule: &Table) -> Outcome<()> {
    let nothing = Table::new();
    let own = rule.get("guard").and_then(Value::as_table);
    let own = own.unwrap_or(&nothing);
    let id = text_of(rule, "id");
    let regex = rule.get("regex").and_then(Value::as_str);
    let is_assigned = regex.is_some_and(|regex| regex.contains(FRAME));
    let entropy = rule.get("entropy").map(|value| {
        let number = value.as_float();
        let whole = || i32::try_from(value.as_integer()?).ok();
        number.or_else(|| whole().map(f64::from))
    });
    let entropy = match entropy {
        Some(None) => return Err("`entropy` is no number".into()),
        Some(number) => number,
        None => None,
    };
    let group = rule.get("secretGroup").and_then(Value::as_integer);
    writeln!(
        rules,
        "Rule {{ id: {id}, description: {description}, regex: {regex}, path: {path}, group: {group}, \
         entropy: {entropy:?}, keywords: Cow::Borrowed(&{keywords}), allowed: Cow::Borrowed(&[{allowed}]), \
         required: Cow::Borrowed(&[{required}]), is_part: {part}, own: Some(Own {{ shown: {shown:?}, check: {check}, \
         is_generic: {generic}, yields: {yields}, is_assigned: {is_assigned} }}) }},",
        id = borrowed(id),
        description = borrowed(text_of(rule, "description")),
        regex = maybe(rule, "regex"),
        path = maybe(rule, "path"),
        group = group.unwrap_or(0),
        keywords = texts(rule, "keywords"),
        allowed = list(rule, "allowlists")
            .iter()
            .filter_map(Value::as_table)
            .map(allowlist)
            .collect::<String>(),
        required = list(rule, "required")
            .iter()
            .filter_map(Value::as_table)
            .map(needed)
            .collect::<String>(),
        part = rule
            .get("skipReport")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        shown = text_of(own, "shown"),
        check = own
            .get("check")
            .and_then(Value::as_str)
            .map_or("None".to_owned(), |name| format!("Some({name:?})")),
        generic = list(rule, "tags")
            .iter()
            .any(|tag| tag.as_str() == Some("generic")),
        yields = own.get("yields").and_then(Value::as_bool).unwrap_or(false),
    )?;
    let severity = match own.get("severity").and_then(Value::as_str) {
        None | Some("error") => "Error",
        Some("warning") => "Warning",
        Some("info") => "Info",
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
    let fix = if severity == "Info" {
        rotate.to_owned()
    } else {
        format!(
            "Take it out of the commit, and read it from the environment instead. If it was pushed anywhere, \
             it must be rotated. {rotate}"
        )
    };
    writeln!(
        codes,
        "Code {{ id: {:?}, severity: Severity::{severity}, title: {:?}, why: {why:?}, fix: {fix:?}, since: \"0.1.0\" }},",
        code(id),
        text_of(rule, "description"),
    )?;
    let example = text_of(own, "example");
    if example.is_empty() {
        return Err("`guard.example` is missing: who asks must see one".into());
    }
    writeln!(examples, "{example:?},")?;
    Ok(())
}

fn allowlist(list: &Table) -> String {
    let target = match text_of(list, "regexTarget") {
        "match" => "Match",
        "line" => "Line",
        _ => "Secret",
    };
    format!(
        "Allowlist {{ needs_all: {}, paths: Cow::Borrowed(&{}), regexes: Cow::Borrowed(&{}), target: Target::{target}, \
         stopwords: Cow::Borrowed(&{}), commits: Cow::Borrowed(&{}) }},",
        matches!(text_of(list, "condition"), "AND" | "and" | "&&"),
        texts(list, "paths"),
        texts(list, "regexes"),
        texts(list, "stopwords"),
        texts(list, "commits"),
    )
}

fn needed(required: &Table) -> String {
    let within = |key: &str| match required.get(key).and_then(Value::as_integer) {
        Some(count) => format!("Some({count})"),
        None => "None".to_owned(),
    };
    format!(
        "Required {{ id: {}, lines: {}, columns: {} }},",
        borrowed(text_of(required, "id")),
        within("withinLines"),
        within("withinColumns"),
    )
}

/// A number for a text; FNV-1a, since nobody but the rules' authors could make two that agree.
fn mark(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |mark, byte| {
        (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn insert(lines: &str, place: usize, line: &str) -> String {
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.insert(place, line);
    lines.join("\n")
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

fn borrowed(text: &str) -> String {
    format!("Cow::Borrowed({text:?})")
}

fn maybe(table: &Table, key: &str) -> String {
    let text = table.get(key).and_then(Value::as_str);
    text.map_or("None".to_owned(), |text| {
        format!("Some({})", borrowed(text))
    })
}

fn texts(table: &Table, key: &str) -> String {
    let texts = list(table, key).iter().filter_map(Value::as_str);
    format!("[{}]", texts.map(borrowed).collect::<Vec<_>>().join(", "))
}
