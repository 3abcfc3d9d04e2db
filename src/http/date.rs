//! The time that a server says it is, as the `Date` header has it.

use crate::clock::Timestamp;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Reads `Sat, 21 Nov 2026 08:49:00 GMT`, the one form that servers may write.
pub fn parse(text: &str) -> Option<Timestamp> {
    let (_, rest) = text.trim().split_once(", ")?;
    let mut words = rest.split(' ');
    let day = number(words.next()?, 31)?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? as u64 + 1;
    let year = number(words.next()?, 9999)?;
    let mut time = words.next()?.split(':');
    let hour = number(time.next()?, 23)?;
    let minute = number(time.next()?, 59)?;
    // A leap second counts as the one before it.
    let second = number(time.next()?, 60)?.min(59);
    let ends = time.next().is_none() && words.next() == Some("GMT") && words.next().is_none();
    if !ends || day == 0 || year < 1970 {
        return None;
    }
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some(Timestamp(seconds * 1000))
}

fn number(text: &str, most: u64) -> Option<u64> {
    let plain = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = text.parse().ok().filter(|_| plain)?;
    (number <= most).then_some(number)
}

/// Days since 1970-01-01.
fn days(year: u64, month: u64, day: u64) -> u64 {
    // Counted in years that begin in March, so that the leap day is a year's last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_moment_that_the_clock_would_show() {
        for (text, shown) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00.000Z"),
            ("Tue, 29 Feb 2000 23:59:60 GMT", "2000-02-29T23:59:59.000Z"),
            ("Sat, 21 Nov 2026 08:49:00 GMT", "2026-11-21T08:49:00.000Z"),
            ("Mon, 01 Mar 2100 12:00:01 GMT", "2100-03-01T12:00:01.000Z"),
        ] {
            let parsed = parse(text).map(|at| at.to_string());
            assert_eq!(parsed.as_deref(), Some(shown), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "now",
            "Sat, 21 Nov 2026",
            "Sat, 00 Nov 2026 08:49:00 GMT",
            "Sat, 21 Nov 1969 08:49:00 GMT",
            "Sat, 21 Nov 2026 08:49:00 CET",
            "Sat, 21 Nov 2026 24:49:00 GMT",
            "Sat, 21 Nov 2026 08:49:00 GMT x",
            "Sat, +1 Nov 2026 08:49:00 GMT",
            "Sat, 21 Nov 99999999999999999999 08:49:00 GMT",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
