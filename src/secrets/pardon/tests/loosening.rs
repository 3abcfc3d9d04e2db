//! What is newly pardoned is told, and nothing else is.

use super::*;

fn told(loosened: &[Loosened]) -> Vec<String> {
    let line = |one: &Loosened| one.line.map_or(String::new(), |line| format!("{line}: "));
    loosened
        .iter()
        .map(|one| format!("{}{}", line(one), one.what))
        .collect()
}

#[test]
fn new_comments_are_told_and_moved_ones_are_not() {
    let base = "a\nk = 1 # guard:allow SEC-A-B known\n# gitleaks:allow\n";
    for (judged, expected) in [
        (base, &[][..]),
        ("\n\nk = 1 # guard:allow SEC-A-B known\n", &[]),
        ("k = 1 # guard:allow SEC-A-B for another reason\n", &[]),
        ("k = 2 # guard:allow SEC-A-B\n", &[]),
        (
            "j = 1 # guard:allow SEC-A-B too\nk = 1 # guard:allow SEC-A-B known\n",
            &["1: SEC-A-B, by a comment"],
        ),
        (
            "k = 1 # guard:allow SEC-A-B,SEC-C-D known\n",
            &["1: SEC-C-D, by a comment"],
        ),
        (
            "x # gitleaks:allow\ny # gitleaks:allow",
            &["2: everything on a line, by `gitleaks:allow`"],
        ),
    ] {
        let loosened = loosened_comments(Some(base.as_bytes()), judged.as_bytes());
        assert_eq!(told(&loosened), expected, "{judged}");
    }
    assert_eq!(loosened_comments(None, base.as_bytes()).len(), 2);
}

#[test]
fn a_longer_baseline_is_told() {
    let path = RepoPath::from("a.env");
    let values = [strong(11), strong(12), "short".to_owned()];
    let of = |salt: [u8; 32], values: &[String]| {
        let suspects: Vec<_> = values
            .iter()
            .map(|value| suspect(&path, value, "", ""))
            .collect();
        let mut draft = Draft::new(salt);
        draft.add(&suspects, |_| true);
        draft.finish()
    };
    let base = of([1; 32], &values[..1]).text();
    let base = Some(base.as_bytes());
    let expected = ["SEC-STRIPE-LIVE in a.env, 2 times"];
    assert_eq!(
        told(&loosened_baseline(base, &of([1; 32], &values))),
        expected
    );
    assert_eq!(
        told(&loosened_baseline(base, &of([2; 32], &values))),
        expected
    );
    assert!(loosened_baseline(base, &of([1; 32], &values[..1])).is_empty());
    assert!(loosened_baseline(base, &of([2; 32], &values[..1])).is_empty());
    // Another value in the place of the known one is new.
    let swapped = loosened_baseline(base, &of([1; 32], &values[1..2]));
    assert_eq!(told(&swapped), ["SEC-STRIPE-LIVE in a.env"]);
    assert_eq!(
        told(&loosened_baseline(None, &of([1; 32], &values[..1]))),
        ["SEC-STRIPE-LIVE in a.env"]
    );
}

#[test]
fn longer_files_of_other_tools_are_told() {
    let base = b"a.ts:r:1\n";
    let judged = Ignored::parse("i", b"a.ts:other:1\nb.ts:r:2\n").expect("it is one");
    let loosened = loosened_ignored("i", Some(base), &judged);
    assert_eq!(told(&loosened), ["2: line 2 of b.ts"]);
    let judged = detected("X", "some value", "")
        .detected
        .expect("it is there");
    assert_eq!(told(&loosened_detected(None, &judged)), ["a value in a.py"]);
}
