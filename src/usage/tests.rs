//! Sources of every kind and what they say.

mod languages;
mod scanning;
mod sides;

use super::*;

/// What a text at a path says, in short: `line:column NAME` and what is done, `!` required, `?` optional, `=` with a
/// default.
fn told(path: &str, text: &str) -> Vec<String> {
    let kind = Kind::of(&RepoPath::from(path)).expect("the path is a source's");
    content(kind, text.as_bytes())
        .spots
        .iter()
        .map(short)
        .collect()
}

fn short(spot: &Spot) -> String {
    let what = match spot.what {
        What::Read => String::new(),
        what => format!(" {what:?}").to_lowercase(),
    };
    let need = match spot.need {
        Need::Required => "!",
        Need::Optional => "?",
        Need::Unknown => "",
    };
    let default = if spot.has_default { "=" } else { "" };
    format!(
        "{}:{} {}{what}{need}{default}",
        spot.line, spot.column, spot.name
    )
}

/// The same without the places.
fn names(path: &str, text: &str) -> Vec<String> {
    let told = told(path, text);
    told.iter()
        .map(|spot| {
            spot.split_once(' ')
                .expect("a place and a name")
                .1
                .to_owned()
        })
        .collect()
}

#[test]
fn paths_say_what_is_a_source() {
    for (path, is) in [
        ("a.ts", true),
        ("src/a.tsx", true),
        ("a.d.ts", false),
        ("a.vue", true),
        ("a.py", true),
        ("a.rs", true),
        ("a.sh", true),
        (".envrc", true),
        ("Dockerfile", true),
        ("api/Dockerfile.dev", true),
        ("api.Dockerfile", true),
        ("docker-compose.prod.yml", true),
        ("compose.yaml", true),
        (".github/workflows/ci.yml", true),
        ("x/.github/workflows/ci.yml", false),
        ("a.yml", false),
        ("README.md", false),
        (".env", false),
        ("Makefile", false),
        ("", false),
    ] {
        assert_eq!(Kind::of(&RepoPath::from(path)).is_some(), is, "{path}");
    }
}

#[test]
fn places_count_characters() {
    assert_eq!(
        told(
            "a.ts",
            "\u{feff}let é = 'ü';\r\n  /* é */ process.env.A; process.env.B\nprocess.env.C"
        ),
        ["2:23 A", "2:38 B", "3:13 C"]
    );
    assert_eq!(told("a.ts", "\u{feff}process.env.A"), ["1:13 A"]);
    assert_eq!(
        told("a.py", "import os\nos.environ['A']\nos.getenv('B')"),
        ["2:13 A!", "3:12 B"]
    );
}

#[test]
fn what_is_no_text_says_nothing() {
    let kind = Kind::of(&RepoPath::from("film.ts")).unwrap();
    assert!(content(kind, b"G\x00\x10process.env.A").spots.is_empty());
    assert_eq!(
        told("a.py", "import os\n#\u{fffd}\nos.environ['A']").len(),
        1
    );
    let kind = Kind::Python;
    assert_eq!(
        content(kind, b"import os\n#\xe9\nos.environ['A']\n")
            .spots
            .len(),
        1
    );
}

#[test]
fn a_long_line_is_counted_once() {
    let text = "process.env.A;".repeat(20_000);
    let spots = told("a.js", &text);
    assert_eq!(spots.len(), 20_000);
    assert_eq!(spots[19_999], format!("1:{} A", 19_999 * 14 + 13));
}
