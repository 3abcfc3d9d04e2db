//! Every type at its bounds: what it takes, and what it says of what it does not take.

use crate::schema::Kind;

/// Which of these texts are of a type.
fn takes(kind: Kind, good: &[&str], bad: &[&str]) {
    for text in good {
        assert_eq!(
            kind.check(text).map(|_| ()),
            Ok(()),
            "{} {text:?}",
            kind.word()
        );
    }
    for text in bad {
        let wrong = kind.check(text).err();
        let wrong = wrong.unwrap_or_else(|| panic!("{} took {text:?}", kind.word()));
        assert!(wrong.what.starts_with("is not "), "{}", wrong.what);
        // Blanks and single characters are in every sentence.
        if text.len() > 8 {
            assert!(!wrong.what.contains(text), "{}", wrong.what);
        }
    }
}

#[test]
fn whole_numbers() {
    takes(
        Kind::Int,
        &[
            "0",
            "-1",
            "+5",
            "007",
            "-0",
            "9007199254740992",
            "9007199254740993",
            "123456789012345678901234567890",
        ],
        &[
            "", " 1", "1 ", "1_000", "0x10", "1e3", "1.0", "1,000", "-", "+", "--1", "٣", "one",
            "NaN", "1\n",
        ],
    );
}

#[test]
fn numbers() {
    takes(
        Kind::Float,
        &["0", "-1.5", ".5", "5.", "1e-3", "1E+10", "+0.25"],
        &[
            "", ".", "e5", "1e", "1e+", "inf", "Infinity", "NaN", "1_0.0", "0x1", "1e999", " 1",
            "1.2.3", "1,5",
        ],
    );
}

#[test]
fn booleans_in_any_case() {
    takes(
        Kind::Bool,
        &["true", "TRUE", "False", "0", "1", "yes", "No", "ON", "off"],
        &[
            "",
            "2",
            "y",
            "t",
            "enabled",
            "\"false\"",
            " true",
            "truee",
            "-1",
            "01",
        ],
    );
}

#[test]
fn ports() {
    takes(
        Kind::Port,
        &["1", "80", "65535", "00080"],
        &[
            "", "0", "65536", "99999", "000080", "+80", "-1", "8080 ", "http",
        ],
    );
}

#[test]
fn urls() {
    takes(
        Kind::Url,
        &[
            "https://example.org",
            "http://localhost:3000/x?y#z",
            "postgresql+asyncpg://u:p@db:5432/app",
            "postgres://u:p%2Fq@[::1]:5432/app",
            "mongodb://a:1,b:2/x",
            "redis://:pw@cache:6379/0",
            "sqlite:///./app.db",
            "sqlite+aiosqlite:///app.db",
            "file:///tmp/x",
            "postgresql:///app?host=/var/run",
            "jdbc:postgresql://db/app",
            "https://under_score.internal",
            "https://münchen.example",
            "https://u:p@ss@example.org",
            "https://example.org./",
            "https://1.2.3.4:8443",
        ],
        &[
            "",
            "example.org",
            "https://",
            "https:///x",
            "://example.org",
            "1http://example.org",
            "https:example.org",
            "https://exa mple.org",
            "https://example.org ",
            "\"https://example.org\"",
            "https://example.org:0x50",
            "https://example.org:65536",
            "https://1.2.3.456",
            "https://1.2.3",
            "https://[::1",
            "https://-a.example",
            "https://a..b",
            "mailto:a@example.org",
            "postgres://u:p#q@db:5432/app",
            "postgres://u:p/q@db:5432/app",
            "https://a\u{7}b",
            "https://exa<mple.org",
        ],
    );
}

#[test]
fn a_password_is_never_told() {
    let word = ["hun", "ter", "22"].concat();
    for url in [
        format!("postgres://u:{word}/x@db/app"),
        format!("postgres://u:{word} @db/app"),
        format!("postgres://u:{word}@-db/app"),
        format!("postgres:u:{word}@db/app"),
    ] {
        let wrong = Kind::Url.check(&url).unwrap_err();
        assert!(
            !wrong.what.contains(&word) && !wrong.help.contains(&word),
            "{wrong:?}"
        );
    }
}

#[test]
fn mail_addresses() {
    takes(
        Kind::Email,
        &[
            "a@example.org",
            "first.last+tag@sub.example.org",
            "o'neil@example.org",
            "a@münchen.example",
        ],
        &[
            "",
            "a",
            "@example.org",
            "a@",
            "a@localhost",
            "a b@example.org",
            ".a@example.org",
            "a..b@example.org",
            "a@b@example..org",
            "Name <a@example.org>",
            "a@exa_mple.org",
        ],
    );
}

#[test]
fn durations() {
    takes(
        Kind::Duration,
        &[
            "500ms", "30s", "1h30m", "7d", "1.5h", "2w", "0s", "1d12h", "10us",
        ],
        &[
            "", "30", "s", "30 s", "1m1h", "1h1h", "-5s", "5x", ".5h", "1..5h", "5S", "1h30",
        ],
    );
    assert!(Kind::Duration.same("90m", "1h30m"));
    assert!(!Kind::Duration.same("90m", "91m"));
}

#[test]
fn encoded_texts() {
    takes(
        Kind::Json,
        &[
            "{}",
            "[1, 2]",
            "\"x\"",
            "5",
            "null",
            " {\"a\": {\"b\": []}} ",
        ],
        &["", "{", "{'a': 1}", "{a: 1}", "[1,]", "NaN", "{} {}"],
    );
    takes(
        Kind::Base64,
        &["QUJD", "QUI=", "QQ==", "QUI", "a-_b", "a+/b"],
        &[
            "",
            "=",
            "A",
            "QUJDR",
            "a-+b",
            "QU JD",
            "QUJD=",
            "QQ=",
            "QUI==",
            "Q=JD",
            "\u{e9}AAA",
        ],
    );
    takes(
        Kind::Hex,
        &["0", "dead", "BEEF01"],
        &["", "0xff", "xyz", "de ad", "#fff"],
    );
    takes(
        Kind::Semver,
        &[
            "1.2.3",
            "0.0.0",
            "1.2.3-rc.1",
            "1.2.3+build.5",
            "1.0.0-a-b.7+x",
        ],
        &[
            "", "v1.2.3", "1.2", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "latest",
        ],
    );
}

#[test]
fn telephone_numbers() {
    let number = ["+1", "555", "010", "0123"].concat();
    takes(
        Kind::Phone,
        &[&number, &number[1..], "1234567", "+123456789012345"],
        &[
            "",
            "+",
            "123456",
            "+1234567890123456",
            "0123456789",
            "+1 555 0100",
            "(555) 0100",
            "++15550100",
        ],
    );
}

#[test]
fn the_trouble_is_named() {
    for (kind, text, what) in [
        (
            Kind::Int,
            "1_000",
            "is not a whole number: python would read the `_`, node would not",
        ),
        (
            Kind::Int,
            "0x10",
            "is not a whole number: node would read the `0x`, python would not",
        ),
        (Kind::Int, "", "is not a whole number: it is empty"),
        (
            Kind::Int,
            " 5",
            "is not a whole number: there are blanks around it",
        ),
        (
            Kind::Bool,
            "'true'",
            "is not a boolean: its quotes are part of the value",
        ),
        (
            Kind::Url,
            "example.org",
            "is not a URL: it has no scheme such as `https://`",
        ),
        (
            Kind::Url,
            "postgres://u:p#q@db/x",
            "is not a URL: a `/`, `?` or `#` in the password wants to be written `%2F`, `%3F`, `%23`",
        ),
        (Kind::Url, "https://a:b", "is not a URL: its port is none"),
        (
            Kind::Base64,
            "QUJDR",
            "is not base64: its length does not fit, so it may be cut",
        ),
        (
            Kind::Semver,
            "v1.2.3",
            "is not a version: it begins with a `v`",
        ),
        (
            Kind::Json,
            "{a: 1}",
            "is not JSON: it breaks off or goes wrong at character 2",
        ),
    ] {
        assert_eq!(kind.check(text).unwrap_err().what, what, "{text}");
    }
}

#[test]
fn every_type_has_its_own_word() {
    for (word, kind) in Kind::ALL {
        assert_eq!(kind.word(), word);
    }
}
