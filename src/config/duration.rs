//! Times as people write them: `500ms`, `60s`, `5m`, `1h30m`.

use std::time::Duration;

const UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// Reads a time: whole numbers with a unit, the greatest unit first, each at most once.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut millis: u64 = 0;
    let mut units = UNITS.iter();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let letters = rest[digits..]
            .bytes()
            .take_while(u8::is_ascii_alphabetic)
            .count();
        let number: u64 = rest[..digits].parse().ok()?;
        let name = &rest[digits..digits + letters];
        // The iterator remembers how far it got, so that no unit comes twice or too late.
        let (_, factor) = units.find(|(unit, _)| *unit == name)?;
        millis = millis.checked_add(number.checked_mul(*factor)?)?;
        rest = &rest[digits + letters..];
    }
    Some(Duration::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_read_as_written() {
        for (text, millis) in [
            ("500ms", Some(500)),
            ("60s", Some(60_000)),
            ("5m", Some(300_000)),
            ("1h30m", Some(5_400_000)),
            ("1h1m1s1ms", Some(3_661_001)),
            ("0s", Some(0)),
            ("", None),
            ("60", None),
            ("s", None),
            ("-5s", None),
            ("1.5h", None),
            ("30m1h", None),
            ("1s1s", None),
            ("5 m", None),
            ("5M", None),
            ("5µs", None),
            ("99999999999999999999h", None),
            ("18446744073709551615h", None),
        ] {
            assert_eq!(parse(text), millis.map(Duration::from_millis), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,12}") {
            let _ = parse(&text);
        }
    }
}
