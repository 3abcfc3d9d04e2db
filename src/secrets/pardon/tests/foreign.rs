//! Other tools' files of known findings.

use super::*;

#[test]
fn gitleaks_fingerprints_match_path_and_line_whatever_the_rule() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let text = format!(
        "# known\n\na.ts:some-rule:4\r\n{commit}:b.ts:generic-api-key:4\nc\\d.ts:r:4\n  e:f.ts:r:4\n"
    );
    let pardons = Pardons {
        ignored: Some(Ignored::parse(Ignored::NAME, text.as_bytes()).expect("it is one")),
        ..Pardons::default()
    };
    let judged = |path: &str, line, commit| {
        let path = RepoPath::from(path);
        one(
            &pardons,
            Suspect {
                commit,
                line,
                ..suspect(&path, "VALUE", "", "")
            },
        )
    };
    let at = |line: usize| Verdict::Pardoned(Pardon::Ignored(format!(".gitleaksignore:{line}")));
    assert_eq!(judged("a.ts", 4, None), at(3));
    assert_eq!(judged("a.ts", 4, Some(commit)), at(3));
    assert_eq!(judged("a.ts", 5, None), Verdict::Told(None));
    assert_eq!(judged("b.ts", 4, Some(commit)), at(4));
    assert_eq!(judged("b.ts", 4, Some("ff")), Verdict::Told(None));
    assert_eq!(judged("b.ts", 4, None), Verdict::Told(None));
    assert_eq!(judged("c/d.ts", 4, None), at(5));
    assert_eq!(judged("e:f.ts", 4, None), at(6));
}

#[test]
fn a_broken_gitleaks_fingerprint_says_where() {
    for (text, place) in [
        ("# fine\n  nothing of the kind\n", ".gitleaksignore:2:3"),
        ("a.ts:rule:x", ".gitleaksignore:1:1"),
        ("a.ts:4", ".gitleaksignore:1:1"),
        ("\u{feff}a.ts:rule:1\n:rule:4", ".gitleaksignore:2:1"),
    ] {
        let fault = Ignored::parse(Ignored::NAME, text.as_bytes()).expect_err("it is none");
        let (message, help) = shown(&fault);
        assert!(message.starts_with(place), "{message}");
        assert!(help.contains("FILE:RULE:LINE"), "{help}");
    }
}

#[test]
fn what_detect_secrets_knows_is_known_by_its_hash() {
    let (path, other) = (RepoPath::from("a.py"), RepoPath::from("b.py"));
    let value = strong(6);
    let known = Verdict::Pardoned(Pardon::Ignored(".secrets.baseline".to_owned()));
    let pardons = detected("Secret Keyword", &value, "");
    let here = suspect(&path, &value, "", "");
    assert_eq!(one(&pardons, Suspect { line: 99, ..here }), known);
    assert_eq!(
        one(
            &pardons,
            Suspect {
                path: &other,
                ..here
            }
        ),
        Verdict::Told(None)
    );
    assert_eq!(
        one(&pardons, suspect(&path, &strong(8), "", "")),
        Verdict::Told(None)
    );
    // An audit that found it to be one is no pardon; one that found it to be none is.
    let audited = detected("Secret Keyword", &value, ", \"is_secret\": true");
    assert_eq!(one(&audited, here), Verdict::Told(None));
    let audited = detected("Secret Keyword", &value, ", \"is_secret\": false");
    assert_eq!(one(&audited, here), known);
    // Cut otherwise: the whole word holds the value. Another word of the line does not.
    let word = format!("scheme:{value}");
    let line = format!("key = '{word}'");
    let pardons = detected("Secret Keyword", &word, "");
    assert_eq!(one(&pardons, suspect(&path, &value, &line, "")), known);
    let line = format!("other = '{word}', key = '{}'", strong(9));
    assert_eq!(
        one(&pardons, suspect(&path, &strong(9), &line, "")),
        Verdict::Told(None)
    );
    // Of a private key the tool knows the head alone, so the line decides.
    let head = "BEGIN RSA PRIVATE KEY";
    let line = format!("-----{head}-----");
    let pardons = detected("Private Key", head, "");
    let key = suspect(&path, &value, &line, "");
    assert_eq!(one(&pardons, key), known);
    assert_eq!(
        one(&pardons, Suspect { line: 5, ..key }),
        Verdict::Told(None)
    );
}

#[test]
fn a_broken_detect_secrets_baseline_says_where() {
    for (text, expected) in [
        ("{", ".secrets.baseline:1:1: EOF while parsing an object"),
        ("{}", ".secrets.baseline:1:2: missing field `results`"),
        (
            "{\n\"results\": { \"a\": [ { \"type\": \"X\", \"hashed_secret\": \"zz\" } ] } }",
            ".secrets.baseline:2:53: this is no SHA-1",
        ),
    ] {
        let fault = Detected::parse(Detected::NAME, text.as_bytes()).expect_err("it is none");
        assert_eq!(shown(&fault).0, expected);
    }
}
