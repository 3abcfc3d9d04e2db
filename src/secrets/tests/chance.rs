//! Made-up bytes: nothing panics, and what is found lies in the text.

use proptest::prelude::*;

use super::super::file;
use super::super::set::RuleSet;
use super::codes;

/// Pieces that wake rules, encode and nest.
fn pieces() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "sk_live_",
        "AKIA",
        "ghp_",
        "eyJ",
        "-----BEGIN PRIVATE KEY-----",
        "password",
        "api_key",
        "token",
        "secret",
        "://",
        "@",
        ":",
        "=",
        "\"",
        "'",
        "`",
        "=>",
        "\n",
        "\r\n",
        "\t",
        " ",
        "%3D",
        "%25",
        "c2tfbGl2ZV8",
        "736b",
        "guard:allow",
        "kind: Secret",
        "data:",
        "<",
        ">",
        "{{",
        "}}",
        "${",
        "\\n",
        "\u{0}",
        "\u{feff}",
        "\u{fffd}",
    ]);
    let random = "[0-9A-Za-z+/_=-]{0,60}";
    let piece = prop_oneof![
        known.prop_map(str::to_owned),
        random,
        any::<char>().prop_map(String::from)
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_text_is_borne(text in pieces()) {
        let set = RuleSet::built_in();
        codes(&set, "a/b.yaml", &text);
    }

    #[test]
    fn any_bytes_are_borne(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let found = crate::secrets::codes("a.env", &bytes, None);
        prop_assert!(found.is_ok());
    }

    #[test]
    fn any_rule_file_is_read_or_refused_with_its_place(
        parts in prop::collection::vec(prop::sample::select(vec![
            "[[rules]]\n", "[extend]\n", "[allowlist]\n", "[[allowlists]]\n", "[[rules.allowlists]]\n",
            "[[rules.required]]\n", "id = 'a'\n", "id = 'b'\n", "id = 5\n", "regex = 'a+b'\n", "regex = '('\n",
            "path = 'x$'\n", "path = 'other.toml'\n", "entropy = 3.5\n", "entropy = -1\n", "entropy = nan\n",
            "keywords = ['k']\n", "keywords = 'k'\n", "secretGroup = 9\n", "secretGroup = -1\n", "regexTarget = 'line'\n",
            "regexTarget = 'none'\n", "condition = 'AND'\n", "stopwords = ['x']\n", "paths = ['(']\n", "commits = ['a']\n",
            "useDefault = 1\n", "disabledRules = ['b']\n", "targetRules = ['a']\n", "withinLines = 3\n", "= =\n", "\u{0}",
        ]), 0..12),
    ) {
        let text = parts.concat();
        match file::read(".gitleaks.toml", text.as_bytes(), &|_| None) {
            Ok(set) => drop(codes(&set, "a.txt", "aab k x")),
            Err(fault) => {
                let told = fault.to_string();
                prop_assert!(told.starts_with(".gitleaks.toml:"), "{told}");
            }
        }
    }
}
