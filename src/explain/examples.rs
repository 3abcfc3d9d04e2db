//! The example of each code: one entry and one file a code.

use super::example::Example;
use crate::finding::code::Code;

/// The text of each code's example, sorted by the code.
pub static EXAMPLES: &[(&str, &str)] = &[
    ("BUILD-FAILED", include_str!("examples/BUILD-FAILED.txt")),
    ("CHECKOUT-NOTE", include_str!("examples/CHECKOUT-NOTE.txt")),
    (
        "CMD-CHANGED-FILE",
        include_str!("examples/CMD-CHANGED-FILE.txt"),
    ),
    ("CMD-FAILED", include_str!("examples/CMD-FAILED.txt")),
    ("CMD-TIMEOUT", include_str!("examples/CMD-TIMEOUT.txt")),
    ("COVERAGE-LOW", include_str!("examples/COVERAGE-LOW.txt")),
    ("DEPS-STALE", include_str!("examples/DEPS-STALE.txt")),
    ("ENV-BLANKS", include_str!("examples/ENV-BLANKS.txt")),
    ("ENV-BOOLEAN", include_str!("examples/ENV-BOOLEAN.txt")),
    ("ENV-CLIENT", include_str!("examples/ENV-CLIENT.txt")),
    ("ENV-CORS", include_str!("examples/ENV-CORS.txt")),
    ("ENV-DEBUG", include_str!("examples/ENV-DEBUG.txt")),
    (
        "ENV-DEPRECATED",
        include_str!("examples/ENV-DEPRECATED.txt"),
    ),
    ("ENV-DUPLICATE", include_str!("examples/ENV-DUPLICATE.txt")),
    ("ENV-DYNAMIC", include_str!("examples/ENV-DYNAMIC.txt")),
    ("ENV-ENCODING", include_str!("examples/ENV-ENCODING.txt")),
    ("ENV-ENUM", include_str!("examples/ENV-ENUM.txt")),
    ("ENV-EXAMPLE", include_str!("examples/ENV-EXAMPLE.txt")),
    ("ENV-KEY", include_str!("examples/ENV-KEY.txt")),
    ("ENV-LINE-ENDS", include_str!("examples/ENV-LINE-ENDS.txt")),
    ("ENV-LIVE-KEY", include_str!("examples/ENV-LIVE-KEY.txt")),
    ("ENV-LOCALHOST", include_str!("examples/ENV-LOCALHOST.txt")),
    ("ENV-MISSING", include_str!("examples/ENV-MISSING.txt")),
    ("ENV-NO-VALUE", include_str!("examples/ENV-NO-VALUE.txt")),
    ("ENV-NODE-ENV", include_str!("examples/ENV-NODE-ENV.txt")),
    (
        "ENV-NOT-IGNORED",
        include_str!("examples/ENV-NOT-IGNORED.txt"),
    ),
    (
        "ENV-PLACEHOLDER",
        include_str!("examples/ENV-PLACEHOLDER.txt"),
    ),
    (
        "ENV-PORTABILITY",
        include_str!("examples/ENV-PORTABILITY.txt"),
    ),
    ("ENV-PRECISION", include_str!("examples/ENV-PRECISION.txt")),
    (
        "ENV-PUBLIC-NAME",
        include_str!("examples/ENV-PUBLIC-NAME.txt"),
    ),
    (
        "ENV-PUBLIC-SECRET",
        include_str!("examples/ENV-PUBLIC-SECRET.txt"),
    ),
    ("ENV-RANGE", include_str!("examples/ENV-RANGE.txt")),
    ("ENV-REFERENCE", include_str!("examples/ENV-REFERENCE.txt")),
    ("ENV-RULE", include_str!("examples/ENV-RULE.txt")),
    ("ENV-SHAPE", include_str!("examples/ENV-SHAPE.txt")),
    (
        "ENV-STAGING-HOST",
        include_str!("examples/ENV-STAGING-HOST.txt"),
    ),
    ("ENV-SYNTAX", include_str!("examples/ENV-SYNTAX.txt")),
    ("ENV-TEST-KEY", include_str!("examples/ENV-TEST-KEY.txt")),
    ("ENV-TRACKED", include_str!("examples/ENV-TRACKED.txt")),
    ("ENV-TYPE", include_str!("examples/ENV-TYPE.txt")),
    (
        "ENV-UNDECLARED",
        include_str!("examples/ENV-UNDECLARED.txt"),
    ),
    ("ENV-UNKNOWN", include_str!("examples/ENV-UNKNOWN.txt")),
    ("ENV-UNREAD", include_str!("examples/ENV-UNREAD.txt")),
    (
        "ENV-UNREADABLE",
        include_str!("examples/ENV-UNREADABLE.txt"),
    ),
    ("ENV-UNUSED", include_str!("examples/ENV-UNUSED.txt")),
    ("FIX-APPLIED", include_str!("examples/FIX-APPLIED.txt")),
    ("FIX-ASIDE", include_str!("examples/FIX-ASIDE.txt")),
    ("FIX-COLLIDES", include_str!("examples/FIX-COLLIDES.txt")),
    ("FIX-EMPTY", include_str!("examples/FIX-EMPTY.txt")),
    ("FIX-LEFT", include_str!("examples/FIX-LEFT.txt")),
    ("FIX-SAVED", include_str!("examples/FIX-SAVED.txt")),
    (
        "FORMAT-DIFFERS",
        include_str!("examples/FORMAT-DIFFERS.txt"),
    ),
    (
        "GATE-ALL-FILES",
        include_str!("examples/GATE-ALL-FILES.txt"),
    ),
    ("GATE-BYPASS", include_str!("examples/GATE-BYPASS.txt")),
    ("GATE-LOOSENED", include_str!("examples/GATE-LOOSENED.txt")),
    ("GUARD-BUG", include_str!("examples/GUARD-BUG.txt")),
    ("HOOK-LINE", include_str!("examples/HOOK-LINE.txt")),
    ("LINT-RULE", include_str!("examples/LINT-RULE.txt")),
    ("TESTS-FAILED", include_str!("examples/TESTS-FAILED.txt")),
    ("TYPES-ERROR", include_str!("examples/TYPES-ERROR.txt")),
];

/// The example of a code.
pub(crate) fn of(code: &Code) -> Example<'static> {
    let text = EXAMPLES.iter().find(|(id, _)| *id == code.id);
    let (_, text) = text.expect("a test holds the examples against all codes");
    Example::parse(text).expect("a test reads every example")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::code::ALL;
    use crate::terminal::text;

    /// A page indents what it shows by four.
    const WIDEST: usize = 76;

    #[test]
    fn every_code_has_an_example() {
        for code in ALL {
            let id = code.id;
            assert!(
                EXAMPLES.iter().any(|(known, _)| *known == id),
                "{id} has no example: write src/explain/examples/{id}.txt (its form stands in \
                 src/explain/example.rs) and enter it in EXAMPLES in src/explain/examples.rs"
            );
        }
        for (id, _) in EXAMPLES {
            assert!(
                ALL.iter().any(|code| code.id == *id),
                "{id} has an example and is no code: enter it in ALL in src/finding/code.rs, or take \
                 the example out of src/explain/examples.rs"
            );
        }
        assert!(
            EXAMPLES.windows(2).all(|pair| pair[0].0 < pair[1].0),
            "EXAMPLES in src/explain/examples.rs are sorted by code, each once"
        );
    }

    #[test]
    fn every_example_can_be_read_and_fits_a_page() {
        for (id, text) in EXAMPLES {
            let path = format!("src/explain/examples/{id}.txt");
            let example = Example::parse(text).unwrap_or_else(|error| panic!("{path}: {error}"));
            for half in [&example.wrong, &example.right] {
                assert!(
                    !half.title.is_empty() && !half.text.contains("```"),
                    "{path}"
                );
                for line in half.text.lines() {
                    assert!(
                        text::width(line) <= WIDEST,
                        "{path} is wider than {WIDEST}: {line}"
                    );
                }
            }
            assert!(
                example.silence.ends_with('.'),
                "{path}: `silence` is a sentence"
            );
        }
    }
}
