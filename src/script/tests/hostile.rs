//! Any bytes, any depth, any size: an answer, and soon.

use proptest::prelude::*;

use super::*;

/// Things that nest, each as often as a source of 100 KB can hold it.
const NESTED: [(&str, &str); 16] = [
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("a(", ")"),
    ("!", ""),
    ("a?b:", ""),
    ("x=>", ""),
    ("a.", ""),
    ("a+", ""),
    ("a||", ""),
    ("a=", ""),
    ("if(a){}else ", ""),
    ("<a>", "</a>"),
    ("`${", "}`"),
    ("new ", ""),
    ("function f(){", "}"),
];

#[test]
fn depth_is_an_answer_and_no_end() {
    for (open, close) in NESTED {
        for times in [1000, 100_000 / (open.len() + close.len())] {
            let text = format!(
                "process.env.A;{}process.env.B{}",
                open.repeat(times),
                close.repeat(times)
            );
            let facts = read(&text, Dialect::TypedElements);
            let has_first = facts.mentions.iter().any(|mention| mention.name == "A");
            assert!(has_first, "{open} {times}");
        }
    }
}

#[test]
fn casts_and_types_nest_as_well() {
    for text in [
        format!(
            "let a: {}b{} = process.env.A",
            "A<".repeat(20_000),
            ">".repeat(20_000)
        ),
        format!("process.env.A{}", "!".repeat(100_000)),
        format!("process.env.A{}", " as any".repeat(20_000)),
        format!("process.env.A{}", "?.a".repeat(30_000)),
        format!("process.env.A{}", ".a()".repeat(20_000)),
    ] {
        let facts = read(&text, Dialect::Typed);
        assert!(!facts.mentions.is_empty());
    }
}

#[test]
fn what_is_too_large_for_a_tree_is_searched() {
    let text = format!("{}process.env.A;", "a;".repeat(500_000));
    let facts = read(&text, Dialect::Script);
    assert_eq!(facts.mentions.len(), 1);
}

proptest! {
    #[test]
    fn no_text_panics(text in "[-a-zA-Z.{}()\\[\\]'\"`$<>/\\\\ \n;:=?!é]{0,120}") {
        for dialect in [Dialect::Script, Dialect::TypedElements, Dialect::Component, Dialect::Page] {
            for mention in read(&text, dialect).mentions {
                prop_assert!(text.get(mention.span).is_some());
            }
        }
    }

    #[test]
    fn no_mixture_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "process", ".env", ".A", "['B']", "[x]", "const {", "}", " = ", "import.meta", "?.", " ?? ", "'d'", "(", ")",
        "createEnv(", "{", "server: ", "z.object(", ".parse(", ";", "\n", "<script>", "</script>", "---\n", "é", "`", "${",
        "export default ", "env: ", " in ", "delete ", "function f(", ") {", "class A {", " as ", "=>", ",",
    ]), 0..30)) {
        let text: String = parts.concat();
        for dialect in [Dialect::Typed, Dialect::TypedElements, Dialect::Component, Dialect::NextConfig] {
            for mention in read(&text, dialect).mentions {
                let at = text.get(mention.span.clone());
                prop_assert!(at.is_some());
                if mention.what == What::Read {
                    prop_assert_eq!(at.unwrap(), mention.name);
                }
            }
        }
    }
}
