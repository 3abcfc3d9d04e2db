//! Comments: which silence, and which are only named.

use proptest::prelude::*;

use super::*;

fn said(here: &str, above: &str) -> Verdict {
    let path = RepoPath::from("a.ts");
    one(&Pardons::default(), suspect(&path, "VALUE", here, above))
}

#[test]
fn a_comment_with_code_and_reason_silences() {
    for (here, above, expected) in [
        (
            "k = VALUE # guard:allow SEC-STRIPE-LIVE a test account",
            "",
            "a test account",
        ),
        (
            "k = VALUE // guard:allow SEC-STRIPE-LIVE: a test account",
            "",
            "a test account",
        ),
        (
            "k = VALUE /* guard:allow SEC-STRIPE-LIVE known */ + 1",
            "",
            "known",
        ),
        (
            "/* guard:allow SEC-STRIPE-LIVE known */ k = VALUE",
            "",
            "known",
        ),
        (
            "<a k=VALUE><!-- guard:allow SEC-STRIPE-LIVE - known --></a>",
            "",
            "known",
        ),
        (
            "-- guard:allow SEC-AWS-KEY, SEC-STRIPE-LIVE known  VALUE",
            "",
            "known",
        ),
        (
            "k: VALUE # guard:allow SEC-AWS-KEY,SEC-STRIPE-LIVE known",
            "",
            "known",
        ),
        (
            "k = VALUE",
            "  # guard:allow SEC-STRIPE-LIVE known",
            "known",
        ),
        (
            "k = VALUE",
            "\t<!-- guard:allow SEC-STRIPE-LIVE known -->",
            "known",
        ),
        (
            "k = VALUE",
            "REM guard:allow SEC-STRIPE-LIVE known\r",
            "known",
        ),
        (
            "\"k\": \"VALUE\"",
            "  \"//\": \"guard:allow SEC-STRIPE-LIVE known\",",
            "known",
        ),
        (
            "k = VALUE // guard:allow SEC-STRIPE-LIVE r\u{e9}vis\u{e9}",
            "",
            "r\u{e9}vis\u{e9}",
        ),
        (
            "\"k\": \"VALUE\"",
            "  \"_comment\": \"guard:allow SEC-STRIPE-LIVE known\",",
            "known",
        ),
        (
            "k = VALUE // guard:allow SEC-AWS-KEY one guard:allow SEC-STRIPE-LIVE two",
            "",
            "two",
        ),
    ] {
        assert_eq!(said(here, above), reason(expected), "{here} under {above}");
    }
}

#[test]
fn any_other_comment_does_not() {
    for (here, above) in [
        ("k = VALUE # guard:allow SEC-STRIPE-TEST a test account", ""),
        ("k = VALUE # guard:allow SEC-STRIPE-LIVES known", ""),
        ("k = VALUE # guard:allow SEC-STRIPE-LIVE-TOO known", ""),
        ("k = VALUE # guard:allowed SEC-STRIPE-LIVE known", ""),
        ("k = VALUE # safeguard:allow SEC-STRIPE-LIVE known", ""),
        // Beside other code on the line above, it is that code's.
        ("k = VALUE", "j = 1 # guard:allow SEC-STRIPE-LIVE known"),
        ("k = VALUE", "/* guard:allow SEC-STRIPE-LIVE known */ j = 1"),
        ("k = VALUE", "# gitleaks:allow"),
        ("k = VALUE # pragma: allowlist nextline secret", ""),
        ("k = VALUE", "j = 1 # pragma: allowlist nextline secret"),
        ("k = VALUE # pragma: allowlist", ""),
    ] {
        assert_eq!(
            said(here, above),
            Verdict::Told(None),
            "{here} under {above}"
        );
    }
}

#[test]
fn a_comment_without_a_reason_is_named_in_the_help() {
    for (here, above) in [
        ("k = VALUE # guard:allow SEC-STRIPE-LIVE", ""),
        ("k = VALUE /* guard:allow SEC-STRIPE-LIVE */", ""),
        ("k = VALUE <!-- guard:allow SEC-STRIPE-LIVE: -->", ""),
        // The value itself is no reason, nor what stands behind it.
        ("/* guard:allow SEC-STRIPE-LIVE */ k = VALUE", ""),
        ("{# guard:allow SEC-STRIPE-LIVE VALUE", ""),
        ("k = VALUE", "# guard:allow SEC-STRIPE-LIVE"),
    ] {
        let Verdict::Told(Some(hint)) = said(here, above) else {
            panic!("{here} under {above} is {:?}", said(here, above));
        };
        assert!(hint.contains("gives no reason"), "{hint}");
    }
    let Verdict::Told(Some(hint)) = said("k = VALUE # guard:allow because", "") else {
        panic!("a comment without a code silences");
    };
    assert!(
        hint.contains("guard:allow SEC-STRIPE-LIVE REASON"),
        "{hint}"
    );
}

#[test]
fn the_comments_of_other_tools_are_honoured() {
    for (here, above, words) in [
        ("k = VALUE #gitleaks:allow", "", "gitleaks:allow"),
        ("k = VALUE // betterleaks:allow", "", "betterleaks:allow"),
        ("k = VALUE # kingfisher:ignore", "", "kingfisher:ignore"),
        ("k = VALUE", "// kingfisher:ignore", "kingfisher:ignore"),
        (
            "k = VALUE  # pragma: allowlist secret",
            "",
            "pragma: allowlist secret",
        ),
        (
            "k = VALUE  // pragma:whitelist secret",
            "",
            "pragma: whitelist secret",
        ),
        (
            "<k>VALUE</k> <!-- pragma: allowlist-secret -->",
            "",
            "pragma: allowlist secret",
        ),
        (
            "k = VALUE",
            "  # pragma: allowlist nextline secret",
            "pragma: allowlist secret",
        ),
    ] {
        let expected = Verdict::Pardoned(Pardon::Pragma(words));
        assert_eq!(said(here, above), expected, "{here} under {above}");
    }
}

#[test]
fn a_long_line_is_searched_at_its_ends() {
    let filler = "x".repeat(100_000);
    let at_end = format!("{filler}VALUE{filler} // guard:allow SEC-STRIPE-LIVE known");
    assert_eq!(said(&at_end, ""), reason("known"));
    let inside = format!("{filler}/* guard:allow SEC-STRIPE-LIVE known */{filler}");
    assert_eq!(said(&inside, ""), Verdict::Told(None));
}

proptest! {
    #[test]
    fn no_line_panics_and_no_reason_holds_the_value(
        line in "(guard:allow|SEC-STRIPE-LIVE|VALUE|pragma: allowlist|nextline| secret|[ -~]|\\PC){0,24}",
    ) {
        for (here, above) in [(&line[..], ""), ("VALUE", &line[..])] {
            if let Verdict::Pardoned(Pardon::Comment { reason }) = said(here, above) {
                prop_assert!(!reason.contains("VALUE") && !reason.is_empty());
            }
        }
        loosened_comments(None, line.as_bytes());
    }
}
