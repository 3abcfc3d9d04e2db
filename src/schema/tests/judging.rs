//! One thing a value, the first of type, constant or choice, shape, range; and what is missing or unknown.

use super::of_value;
use crate::finding::Severity;
use crate::schema::Breach;

#[test]
fn each_constraint_at_its_bounds() {
    for (described, value, expected) in [
        ("{ type: int, min: 1000, max: 60000 }", "1000", ""),
        ("{ type: int, min: 1000, max: 60000 }", "60000", ""),
        (
            "{ type: int, min: 1000, max: 60000 }",
            "999",
            "ENV-RANGE X is below 1000\n",
        ),
        (
            "{ type: int, min: 1000, max: 60000 }",
            "60001",
            "ENV-RANGE X is above 60000\n",
        ),
        (
            "{ type: int, max: 9007199254740993 }",
            "9007199254740994",
            "ENV-RANGE X is above 9007199254740993\n",
        ),
        ("{ type: float, min: 0, max: 1 }", "1.0", ""),
        (
            "{ type: float, min: 0, max: 1 }",
            "1.01",
            "ENV-RANGE X is above 1\n",
        ),
        (
            "{ type: port, min: 1024 }",
            "80",
            "ENV-RANGE X is below 1024\n",
        ),
        ("{ type: duration, min: 1s, max: 1m }", "60s", ""),
        (
            "{ type: duration, min: 1s, max: 1m }",
            "61s",
            "ENV-RANGE X is above 1m\n",
        ),
        (
            "{ type: duration, min: 1s, max: 1m }",
            "999ms",
            "ENV-RANGE X is below 1s\n",
        ),
        ("{ const: staging }", "staging", ""),
        (
            "{ const: staging }",
            "Staging",
            "ENV-ENUM X is not `staging`\n",
        ),
        ("{ type: bool, const: false }", "0", ""),
        (
            "{ type: bool, const: false }",
            "TRUE",
            "ENV-ENUM X is not `false`\n",
        ),
        ("{ type: int, const: 20 }", "020", ""),
        ("{ const: '20' }", "020", "ENV-ENUM X is not `20`\n"),
        ("{ const: 1.10 }", "1.10", ""),
        ("{ const: 1.10 }", "1.1", "ENV-ENUM X is not `1.10`\n"),
        ("{ enum: [debug, info] }", "info", ""),
        (
            "{ enum: [debug, info] }",
            "INFO",
            "ENV-ENUM X is not one of `debug`, `info`\n",
        ),
        (
            "{ type: int, enum: [1, 2] }",
            "3",
            "ENV-ENUM X is not one of `1`, `2`\n",
        ),
        ("{ prefix: sk- }", "sk-1", ""),
        (
            "{ prefix: [sk-, rk-] }",
            "pk-1",
            "ENV-SHAPE X does not begin with `sk-`, `rk-`\n",
        ),
        (
            "{ suffix: .json }",
            "a.yaml",
            "ENV-SHAPE X does not end in `.json`\n",
        ),
        ("{ pattern: '^G-[A-Z0-9]+$' }", "G-AB12", ""),
        (
            "{ pattern: '^G-[A-Z0-9]+$' }",
            "UA-1",
            "ENV-SHAPE X does not match `^G-[A-Z0-9]+$`\n",
        ),
        ("{ min_length: 3, max_length: 4 }", "äöü", ""),
        (
            "{ min_length: 3, max_length: 4 }",
            "äö",
            "ENV-SHAPE X is shorter than 3 characters\n",
        ),
        (
            "{ min_length: 3, max_length: 4 }",
            "abcde",
            "ENV-SHAPE X is longer than 4 characters\n",
        ),
        ("{ type: url, schemes: [https] }", "HTTPS://example.org", ""),
        (
            "{ type: url, schemes: [https] }",
            "http://example.org",
            "ENV-SHAPE X has another scheme than `https`\n",
        ),
        (
            "{ type: url, schemes: 'https://' }",
            "https://example.org",
            "",
        ),
        (
            "{ type: url, hosts: ['*.example.org'] }",
            "https://a.b.example.org/x",
            "",
        ),
        (
            "{ type: url, hosts: ['*.example.org'] }",
            "https://example.org",
            "ENV-SHAPE X has another host than `*.example.org`\n",
        ),
        (
            "{ type: url, hosts: ['*.example.org'] }",
            "https://badexample.org",
            "ENV-SHAPE X has another host than `*.example.org`\n",
        ),
        (
            "{ type: url, hosts: example.org }",
            "https://u:p@EXAMPLE.org:8443",
            "",
        ),
        (
            "{ type: url, hosts: db }",
            "mongodb://db:1,evil:2/x",
            "ENV-SHAPE X has another host than `db`\n",
        ),
        (
            "{ type: email, hosts: example.org }",
            "a@example.com",
            "ENV-SHAPE X has another host than `example.org`\n",
        ),
    ] {
        assert_eq!(of_value(described, value), expected, "{described} {value}");
    }
}

#[test]
fn the_first_trouble_is_the_only_one() {
    let all = "{ type: int, enum: [1, 200], pattern: '^.$', max: 100 }";
    assert_eq!(
        of_value("{ type: int, pattern: '^.$', max: 100 }", "x"),
        "ENV-TYPE X is not a whole number\n"
    );
    assert_eq!(
        of_value(
            "{ type: int, enum: [1, 2], pattern: '^.$', max: 100 }",
            "300"
        ),
        "ENV-ENUM X is not one of `1`, `2`\n"
    );
    assert_eq!(
        of_value("{ type: int, pattern: '^.$', max: 100 }", "300"),
        "ENV-SHAPE X does not match `^.$`\n"
    );
    assert_eq!(
        of_value("{ type: int, max: 100 }", "300"),
        "ENV-RANGE X is above 100\n"
    );
    // One in which the choices break the other rules is refused as a schema.
    assert!(super::told(&format!("variables: {{ X: {all} }}")).contains("the choice `200`"));
}

#[test]
fn lists_are_judged_item_by_item() {
    for (described, value, expected) in [
        ("{ type: list, of: int }", "1, 2 ,3", ""),
        (
            "{ type: list, of: int }",
            "1,x",
            "ENV-TYPE X has an item (no. 2) that is not a whole number\n",
        ),
        (
            "{ type: list, of: int }",
            "1,,3",
            "ENV-TYPE X has an item (no. 2) that is empty\n",
        ),
        (
            "{ type: list, of: int }",
            "1,2,",
            "ENV-TYPE X has an item (no. 3) that is empty\n",
        ),
        (
            "{ type: list, of: int, max: 2 }",
            "1,2,3",
            "ENV-RANGE X has an item (no. 3) that is above 2\n",
        ),
        (
            "{ type: list, of: url, separator: ';', schemes: [https] }",
            "https://a;http://b",
            "ENV-SHAPE X has an item (no. 2) that has another scheme than `https`\n",
        ),
        ("{ type: list, enum: [a, b] }", "a,b,a", ""),
        (
            "{ type: list, enum: [a, b] }",
            "a,c",
            "ENV-ENUM X has an item (no. 2) that is not one of `a`, `b`\n",
        ),
        (
            "{ type: list, const: 'a,b' }",
            "b,a",
            "ENV-ENUM X is not `a,b`\n",
        ),
        (
            "{ type: list, of: url }",
            "[\"https://a\", \"https://b\"]",
            "",
        ),
        (
            "{ type: list, of: url }",
            "[\"https://a\", 5]",
            "ENV-TYPE X has an item (no. 2) that is not a URL: it has no scheme such as `https://`\n",
        ),
        (
            "{ type: list, of: url, separator: ',' }",
            "[\"https://a\"]",
            "ENV-TYPE X has an item (no. 1) that is not a URL: what stands before `://` is no scheme\n",
        ),
    ] {
        assert_eq!(of_value(described, value), expected, "{described} {value}");
    }
}

#[test]
fn what_is_odd_is_a_warning() {
    for (described, value, expected) in [
        (
            "{ type: bool }",
            "yes",
            "ENV-BOOLEAN X is a yes or no that not every program reads\n",
        ),
        (
            "{ type: bool }",
            "Off",
            "ENV-BOOLEAN X is a yes or no that not every program reads\n",
        ),
        (
            "{ type: bool, const: true }",
            "no",
            "ENV-ENUM X is not `true`\n",
        ),
        (
            "{ type: bool, const: true }",
            "yes",
            "ENV-BOOLEAN X is a yes or no that not every program reads\n",
        ),
        ("{ type: int }", "9007199254740992", ""),
        (
            "{ type: int }",
            "9007199254740993",
            "ENV-PRECISION X is a whole number beyond 2^53, which JavaScript rounds\n",
        ),
        (
            "{ deprecated: use Y }",
            "1",
            "ENV-DEPRECATED X is deprecated\n",
        ),
        (
            "{ deprecated: true, type: int }",
            "x",
            "ENV-DEPRECATED X is deprecated\nENV-TYPE X is not a whole number\n",
        ),
        ("{ deprecated: false }", "1", ""),
    ] {
        assert_eq!(of_value(described, value), expected, "{described} {value}");
    }
    for breach in Breach::ALL {
        let is_odd = [
            "UNKNOWN",
            "DEPRECATED",
            "BOOLEAN",
            "PRECISION",
            "STAGING-HOST",
        ]
        .iter()
        .any(|word| breach.code() == format!("ENV-{word}"));
        assert_eq!(
            breach.severity() == Severity::Warning,
            is_odd,
            "{}",
            breach.code()
        );
    }
}

#[test]
fn an_empty_value_is_not_set_unless_it_would_be_read_as_something() {
    for (described, expected) in [
        ("{}", ""),
        ("{ type: url }", ""),
        ("{ min_length: 3 }", ""),
        (
            "{ min_length: 0, prefix: a }",
            "ENV-SHAPE X does not begin with `a`\n",
        ),
        ("{ enum: [a] }", ""),
        ("{ enum: ['', a] }", ""),
        ("{ const: '' , required: true }", ""),
        (
            "{ required: true }",
            "ENV-MISSING X stands here without a value, and it is required\n",
        ),
        (
            "{ required: true, default: x }",
            "ENV-MISSING X stands here without a value, and it is required\n",
        ),
        ("{ type: int }", "ENV-TYPE X is empty, which is no int\n"),
        ("{ type: bool }", "ENV-TYPE X is empty, which is no bool\n"),
    ] {
        assert_eq!(of_value(described, ""), expected, "{described}");
    }
}

#[test]
fn references_are_railways() {
    for (described, value, expected) in [
        (
            "{ type: url, provided_by: railway }",
            "${{Postgres.DATABASE_URL}}",
            "",
        ),
        (
            "{ type: int, provided_by: railway, min: 5 }",
            "${{shared.X}}",
            "",
        ),
        ("{ provided_by: railway }", "https://${{api.DOMAIN}}/x", ""),
        (
            "{ provided_by: railway }",
            "${{Postgres.}}",
            "ENV-REFERENCE X has a Railway reference to what can be no variable\n",
        ),
        (
            "{ provided_by: railway }",
            "${{Postgres.URL}",
            "ENV-REFERENCE X has a Railway reference that is not closed\n",
        ),
        (
            "{ type: int, provided_by: railway }",
            "x",
            "ENV-TYPE X is not a whole number\n",
        ),
        (
            "{ type: url }",
            "${{Postgres.DATABASE_URL}}",
            "ENV-REFERENCE X is a Railway reference, which only Railway resolves: a program that reads the file gets this text\n",
        ),
    ] {
        assert_eq!(of_value(described, value), expected, "{described} {value}");
    }
}
