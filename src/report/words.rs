//! Numbers and names as people read them.

use std::time::Duration;

/// A duration: `3ms`, `0.8s`, `1m 05s`, `2h 03m`.
pub(crate) fn duration(millis: u64) -> String {
    let seconds = millis / 1000;
    match millis {
        ..100 => format!("{millis}ms"),
        // Tenths are cut, not rounded: `60.0s` is no duration that a clock shows.
        100..60_000 => format!("{seconds}.{}s", millis % 1000 / 100),
        60_000..3_600_000 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
    }
}

/// A time that still runs, in whole seconds: `30s`, `1m 05s`.
pub(crate) fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{seconds}s")
    } else {
        duration(seconds * 1000)
    }
}

/// A number with commas between its thousands.
pub(crate) fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count of things: `1 check`, `12,345 lines`.
pub(crate) fn counted(count: u64, thing: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {thing}{ending}", number(count))
}

/// A size: `734 B`, `1.8 KB`, `12 MB`.
pub(crate) fn size(bytes: u64) -> String {
    let scaled = |unit: u64, name: &str| match bytes / unit {
        whole @ ..10 => format!("{whole}.{} {name}", bytes % unit * 10 / unit),
        whole => format!("{} {name}", number(whole)),
    };
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => scaled(1_000, "KB"),
        _ => scaled(1_000_000, "MB"),
    }
}

/// A length as a count.
pub(crate) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_834, "1.8 KB"),
            (12_345, "12 KB"),
            (9_999_999, "9.9 MB"),
            (1_234_567_890, "1,234 MB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn numbers_read_well() {
        for (millis, text) in [
            (0, "0ms"),
            (99, "99ms"),
            (100, "0.1s"),
            (2199, "2.1s"),
            (59_999, "59.9s"),
            (65_000, "1m 05s"),
            (7_380_000, "2h 03m"),
        ] {
            assert_eq!(duration(millis), text);
        }
        assert_eq!(elapsed(Duration::from_millis(999)), "0s");
        assert_eq!(elapsed(Duration::from_millis(60_100)), "1m 00s");
        assert_eq!(counted(1, "check"), "1 check");
        assert_eq!(counted(0, "check"), "0 checks");
        assert_eq!(counted(1_234_567, "line"), "1,234,567 lines");
        assert_eq!(number(123), "123");
    }
}
