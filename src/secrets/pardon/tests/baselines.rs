//! The baseline: what it knows again, what it gives away, how it is written.

use std::fs;

use proptest::prelude::*;

use super::*;

#[test]
fn a_baseline_knows_its_findings_again_wherever_they_moved() {
    let (path, other) = (RepoPath::from("a/.env"), RepoPath::from("b/.env"));
    let (known, new) = (strong(1), strong(2));
    let mut draft = Draft::new([7; 32]);
    draft.add(&[suspect(&path, &known, "", "")], |_| true);
    let text = draft.finish().text();
    assert!(!text.contains(&known[..4]), "{text}");

    let baseline = Baseline::parse("b.json", text.as_bytes()).expect("guard reads what it writes");
    assert_eq!(baseline.text(), text);
    let pardons = Pardons {
        baseline: Some(baseline),
        ..Pardons::default()
    };
    let stale = || {
        pardons
            .baseline
            .as_ref()
            .map_or(0, |known| known.stale(|_| true).len())
    };
    assert_eq!(stale(), 1);
    let moved = Suspect {
        line: 99,
        ..suspect(&path, &known, "", "")
    };
    assert_eq!(one(&pardons, moved), Verdict::Pardoned(Pardon::Baseline));
    assert_eq!(stale(), 0);
    let code = Suspect {
        code: "SEC-OTHER",
        ..moved
    };
    for told in [
        suspect(&path, &new, "", ""),
        suspect(&other, &known, "", ""),
        code,
    ] {
        assert_eq!(one(&pardons, told), Verdict::Told(None));
    }
}

#[test]
fn guessable_values_are_counted_and_leave_no_trace() {
    let path = RepoPath::from("settings.py");
    let words = ["hunter2", "password1", "letmein"];
    let all: Vec<Suspect<'_>> = words
        .iter()
        .map(|word| suspect(&path, word, "", ""))
        .collect();
    let text_of = |wanted: &dyn Fn(usize) -> bool| {
        let mut draft = Draft::new([7; 32]);
        draft.add(&all, wanted);
        draft.finish().text()
    };
    // Which values they are makes no difference.
    let mut turned = all.clone();
    turned.reverse();
    let mut draft = Draft::new([7; 32]);
    draft.add(&turned[..2], |_| true);
    let text = text_of(&|index| index < 2);
    assert_eq!(draft.finish().text(), text);
    assert_eq!(
        text,
        format!(
            "{{\n  \"version\": 1,\n  \"salt\": \"{}\",\n  \"findings\": [\n    \
             {{ \"path\": \"settings.py\", \"code\": \"SEC-STRIPE-LIVE\", \"ordinal\": 1 }},\n    \
             {{ \"path\": \"settings.py\", \"code\": \"SEC-STRIPE-LIVE\", \"ordinal\": 2 }}\n  ]\n}}\n",
            "07".repeat(32)
        )
    );
    let pardons = Pardons {
        baseline: Some(Baseline::parse("b", text.as_bytes()).expect("it is one")),
        ..Pardons::default()
    };
    let known = Verdict::Pardoned(Pardon::Baseline);
    assert_eq!(
        pardons.judge(&all),
        [known.clone(), known, Verdict::Told(None)]
    );
    // One that a comment pardons is counted all the same: the third stays the third.
    assert!(text_of(&|index| index == 2).contains("\"ordinal\": 3"));
}

#[test]
fn an_update_keeps_the_salt_and_what_was_not_looked_at() {
    let (read, unread) = (RepoPath::from("read.env"), RepoPath::from("unread.env"));
    let values = [strong(3), strong(4), strong(5)];
    let mut draft = Draft::new([9; 32]);
    draft.add(
        &[
            suspect(&read, &values[0], "", ""),
            suspect(&read, &values[1], "", ""),
        ],
        |_| true,
    );
    draft.add(&[suspect(&unread, &values[2], "", "")], |_| true);
    let old = draft.finish();
    let mut draft = Draft::of(&old, |path| path == "read.env");
    draft.add(&[suspect(&read, &values[1], "", "")], |_| true);
    let new = draft.finish().text();
    let before = old.text();
    let gone: Vec<&str> = before
        .lines()
        .filter(|line| !new.contains(line.trim_end_matches(',')))
        .collect();
    assert_eq!(gone.len(), 1, "{gone:?}");
    assert!(new.contains("unread.env"));
}

#[test]
fn two_salts_are_two() {
    assert_ne!(salt(), salt());
}

#[test]
fn a_baseline_that_cannot_be_read_says_where() {
    let salt = "00".repeat(32);
    for (text, expected) in [
        (
            "{\n  \"version\": 2,\n  \"anything\": []\n}".to_owned(),
            "b.json:2:14: this baseline has version 2, and this guard reads version 1",
        ),
        (
            "{\n  \"version\": \"1\"\n}".to_owned(),
            "b.json:2:14: invalid type: string \"1\", expected u64",
        ),
        ("{}".to_owned(), "b.json:1:2: missing field `version`"),
        (String::new(), "b.json:1:1: EOF while parsing a value"),
        (
            "{\n<<<<<<< ours\n  \"version\": 1\n}".to_owned(),
            "b.json:2:1: key must be a string",
        ),
        (
            "{ \"version\": 1, \"salt\": \"12\", \"findings\": [] }".to_owned(),
            "b.json:1:25: a salt is 64 hex digits",
        ),
        (
            format!(
                "{{ \"version\": 1, \"salt\": \"{salt}\",\n\"findings\": [\n{{ \"path\": \"a\", \"code\": \"B\" }}] }}"
            ),
            "b.json:3:24: a finding has either an `ordinal` from 1 on or a `hash`",
        ),
        (
            format!("{{ \"version\": 1, \"salt\": \"{salt}\", \"findings\": [], \"more\": 1 }}"),
            "b.json:1:109: unknown field `more`, expected one of `version`, `salt`, `findings`",
        ),
    ] {
        let fault = Baseline::parse("b.json", text.as_bytes()).expect_err("it is none");
        let (message, help) = shown(&fault);
        assert_eq!(message, expected);
        assert!(help.contains("guard secrets --update-baseline"), "{help}");
    }
    let fault = Baseline::parse("b.json", b"{\n  \xff").expect_err("it is no text");
    assert_eq!(shown(&fault).0, "b.json:2:3: the file is not UTF-8");
}

#[test]
fn a_comment_goes_before_the_baseline_which_is_not_stale_for_it() {
    let path = RepoPath::from("a.ts");
    let value = strong(10);
    let mut draft = Draft::new([1; 32]);
    draft.add(&[suspect(&path, &value, "", "")], |_| true);
    let pardons = Pardons {
        baseline: Some(draft.finish()),
        ..Pardons::default()
    };
    let here = "k # guard:allow SEC-STRIPE-LIVE known";
    assert_eq!(
        one(&pardons, suspect(&path, &value, here, "")),
        reason("known")
    );
    let known = pardons.baseline.as_ref().expect("it is there");
    assert!(known.stale(|_| true).is_empty());
}

#[test]
fn a_baseline_is_written_whole_and_never_through_a_link() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let file = root.join(Baseline::NAME);
    assert!(write(root, &file, "one").expect("it is written"));
    assert!(!write(root, &file, "one").expect("nothing is to be done"));
    assert!(write(root, &file, "two").expect("it is written"));
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "two");
    // Nothing else is left behind.
    assert_eq!(fs::read_dir(root).expect("a folder").count(), 1);
    assert!(matches!(
        write(root, root, "x"),
        Err(Refused::NotAFile { .. })
    ));
    let nowhere = root.join("none").join("b.json");
    assert!(matches!(
        write(root, &nowhere, "x"),
        Err(Refused::System { .. })
    ));
}

#[cfg(unix)]
#[test]
fn links_are_refused_and_rights_are_kept() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let target = elsewhere.path().join("target");
    fs::write(&target, "mine").expect("it is written");
    let link = root.join("b.json");
    symlink(&target, &link).expect("a link");
    assert!(matches!(
        write(root, &link, "x"),
        Err(Refused::NotAFile { .. })
    ));
    symlink(elsewhere.path(), root.join("way")).expect("a link");
    let through = root.join("way").join("new.json");
    assert!(matches!(
        write(root, &through, "x"),
        Err(Refused::Link { .. })
    ));
    assert_eq!(fs::read_to_string(&target).expect("it is there"), "mine");
    assert!(!through.exists());

    let file = root.join("c.json");
    fs::write(&file, "old").expect("it is written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("rights");
    write(root, &file, "new").expect("it is written");
    let rights = fs::metadata(&file).expect("it is there").permissions();
    assert_eq!(rights.mode() & 0o777, 0o640);
}

proptest! {
    #[test]
    fn no_value_stands_in_a_baseline(values in proptest::collection::vec("[g-zG-Z!@_]{6,48}", 1..6)) {
        let path = RepoPath::from("a");
        let suspects: Vec<_> = values.iter().map(|value| suspect(&path, value, "", "")).collect();
        let mut draft = Draft::new([7; 32]);
        draft.add(&suspects, |_| true);
        let text = draft.finish().text();
        // What stands in every baseline is no value.
        for value in values.iter().filter(|value| !Draft::new([7; 32]).finish().text().contains(&value[..])) {
            let word = ["ordinal", CODE].iter().any(|word| word.contains(&value[..]));
            prop_assert!(word || !text.contains(&value[..]), "{text}");
        }
    }

    #[test]
    fn no_text_panics(text in "([{}\\[\\],:\n ]|\"version\": ?[0-9]|\"salt\"|\"results\"|\"findings\"|\"[ -~]{0,5}\"|[0-9]{1,4}|\\PC){0,30}") {
        let _ = Baseline::parse("b", text.as_bytes()).map_err(|fault| fault.to_string());
        let _ = Ignored::parse("i", text.as_bytes()).map_err(|fault| fault.to_string());
        let _ = Detected::parse("d", text.as_bytes()).map_err(|fault| fault.to_string());
    }
}
