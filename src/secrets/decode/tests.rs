//! Encoded text is found and read, and nothing else is.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

/// What is encoded here; too plain to be taken for a secret.
const PLAIN: &str = "token: plain words, and more of them";

fn to_base64(bytes: &[u8], url: bool) -> String {
    let alphabet = if url {
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    } else {
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    };
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut three = [0; 4];
        three[1..=chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes(three);
        for index in 0..4_usize {
            let six = bits >> (18 - 6 * index) & 63;
            let letter = char::from(alphabet[six as usize]);
            text.push(if index <= chunk.len() { letter } else { '=' });
        }
    }
    text
}

fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn to_percent(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(*byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// Everything that is read out of a text, with what stands at its place.
fn read(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    every(text.as_bytes(), &mut |span, inner| {
        found.push((
            text[span].to_owned(),
            String::from_utf8_lossy(inner).into_owned(),
        ));
    });
    found
}

#[test]
fn every_encoding_is_read_wherever_it_stands() {
    // 36 bytes; one more and two more give the two paddings.
    for tail in ["", "x", "xy"] {
        let plain = format!("{PLAIN}{tail}");
        for encoded in [
            to_base64(plain.as_bytes(), false),
            to_base64(plain.as_bytes(), true),
            to_hex(plain.as_bytes()),
            to_hex(plain.as_bytes()).to_uppercase(),
            to_percent(plain.as_bytes()),
        ] {
            for text in [
                encoded.clone(),
                format!("key = \"{encoded}\"\n"),
                format!("a\n  data:text/plain;base64,{encoded} b"),
                format!("\"first\\n{encoded}\\n\""),
            ] {
                let found = read(&text);
                assert!(
                    found.iter().any(|(_, inner)| inner.contains(&plain)),
                    "{text}: {found:?}"
                );
            }
            let bare = encoded.trim_end_matches('=');
            let found = read(bare);
            assert!(found.iter().any(|(_, inner)| *inner == plain), "{bare}");
        }
    }
}

#[test]
fn the_place_is_the_encoded_run_with_its_padding() {
    let encoded = to_base64(format!("{PLAIN}x").as_bytes(), false);
    assert!(encoded.ends_with("=="));
    assert_eq!(
        read(&format!("x: '{encoded}'=")),
        [(encoded, format!("{PLAIN}x"))]
    );
}

#[test]
fn a_run_out_of_step_is_read_in_its_pieces() {
    let encoded = to_base64(PLAIN.as_bytes(), true);
    for text in [
        format!("https://host/api/v1/{encoded}"),
        format!("prefix_{encoded}"),
        format!("/{encoded}/a-much-longer-name-that-is-no-text-at-all"),
    ] {
        assert!(
            read(&text)
                .iter()
                .any(|(_, inner)| inner.contains("plain words")),
            "{text}"
        );
    }
}

#[test]
fn one_encoding_in_another_is_read_and_a_third_is_not() {
    let once = to_base64(PLAIN.as_bytes(), false);
    let twice = to_base64(once.as_bytes(), false);
    let thrice = to_base64(twice.as_bytes(), false);
    let is_read = |text: &str| read(text).iter().any(|(_, inner)| inner.contains(PLAIN));
    assert!(is_read(&twice));
    assert!(!is_read(&thrice));
    assert!(is_read(&to_hex(once.as_bytes())));
    // `=`, `+` and `/` are encoded in URLs.
    let padded = to_base64(format!("{PLAIN}x").as_bytes(), false);
    assert!(is_read(&to_percent(padded.as_bytes())));
    // Both depths stand at the outer run.
    for (place, _) in read(&format!("k={twice};")) {
        assert_eq!(place, twice);
    }
}

#[test]
fn what_is_no_encoded_text_is_left() {
    for text in [
        "a_very_long_identifier_that_goes_on_and_on",
        "node_modules/some-package/dist/esm/components/index",
        "https://example.com/a/path/that/is/rather/long/index.html",
        // A font, an image and a hash.
        "d09GMgABAAAAAAXkABAAAAAADXQAAAWGAAEAAAAAAAAAAAAAAAAAAAAA",
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42",
        "sha512-0000000000000000000000000000000000000000000000000000",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "printf(\"%02x%02x%02x%02x%02x%02x%02x%02x\", a, b)",
        "dG9vIHNob3J0",
        "100% of all that is there, and 50%: more",
    ] {
        assert_eq!(read(text), [], "{text}");
    }
}

#[test]
fn a_run_of_any_length_is_decoded_in_part() {
    let long = to_base64("words and words ".repeat(200_000).as_bytes(), false);
    let decoded = decode(long.as_bytes(), Kind::Base64).expect("it is text");
    assert_eq!(decoded.len(), LONGEST / 4 * 3);
}

/// The plain way: every maximal run of letters, by looking at each byte.
fn runs(text: &[u8]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = 0;
    for (at, byte) in text.iter().chain(b" ").enumerate() {
        if !is_letter(*byte) {
            if at - start >= SHORTEST {
                runs.push(start..at);
            }
            start = at + 1;
        }
    }
    runs
}

proptest! {
    #[test]
    fn whatever_is_encoded_is_read(
        before in "[ -~\n]{0,60}[ \"':]",
        plain in "[ -~]{20,80}",
        behind in "([ \"'\n;][ -~\n]{0,60})?",
        url in any::<bool>(),
    ) {
        let text = format!("{before}{}{behind}", to_base64(plain.as_bytes(), url));
        prop_assert!(read(&text).iter().any(|(_, inner)| inner.contains(&plain)));
    }

    #[test]
    fn no_bytes_panic_and_spans_lie_in_runs(text in proptest::collection::vec(any::<u8>(), 0..400)) {
        every(&text, &mut |span, _| assert!(span.end <= text.len()));
    }

    #[test]
    fn steps_miss_no_run(text in "([a-zA-Z0-9+/]{1,40}[ .\n]?){0,12}") {
        let text = text.as_bytes();
        let runs = runs(text);
        for encoded in candidates(text).filter(|encoded| encoded.kind != Kind::Percent) {
            let start = encoded.span.start;
            let around = runs.iter().filter(|run| run.contains(&start)).count();
            prop_assert_eq!(around, 1);
        }
        let taken: Vec<usize> = candidates(text).map(|encoded| encoded.span.start).collect();
        for run in runs {
            if is_text(&base64(&text[run.start..run.start + TASTE])) {
                prop_assert!(taken.contains(&run.start));
            }
        }
    }
}
