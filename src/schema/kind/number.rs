//! Numbers, yes and no, ports and durations: only what every usual reader takes for the same value.

use std::cmp::Ordering;

use super::{Odd, Wrong};

/// From here on a double no longer holds every whole number, and node reads doubles.
const EXACT: u128 = 1 << 53;

/// A number, or a duration in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    /// Exactly, where it is whole and not beyond all reason.
    whole: Option<i128>,
    real: f64,
}

impl Amount {
    /// The number that a text is.
    pub(super) fn of_number(text: &str) -> Option<Self> {
        if !is_real(text) {
            return None;
        }
        let real: f64 = text.parse().ok()?;
        let digits = text.strip_prefix('+').unwrap_or(text);
        let whole = digits.parse().ok();
        real.is_finite().then_some(Self { whole, real })
    }
}

impl PartialEq for Amount {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self.whole, other.whole) {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            _ => self.real.partial_cmp(&other.real),
        }
    }
}

/// A whole number.
pub(super) fn whole(text: &str) -> Result<Option<Odd>, Wrong> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let help = "write digits only, with a sign where it is negative: `5000`";
        return Err(Wrong::new(
            format!("is not a whole number{}", because(text)),
            help,
        ));
    }
    // More digits than fit are more than fits.
    let is_huge = digits.parse().is_ok_and(|number: u128| number <= EXACT);
    Ok((!is_huge).then_some(Odd::Huge))
}

/// A number.
pub(super) fn real(text: &str) -> Result<Option<Odd>, Wrong> {
    match Amount::of_number(text) {
        Some(_) => Ok(None),
        None => Err(Wrong::new(
            format!("is not a number{}", because(text)),
            "write it like `0.25`",
        )),
    }
}

/// A port.
pub(super) fn port(text: &str) -> Result<Option<Odd>, Wrong> {
    let is_plain = (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let port = is_plain.then(|| text.parse().ok()).flatten();
    match port {
        Some(1_u16..) => Ok(None),
        _ => Err(Wrong::new(
            format!("is not a port{}", because(text)),
            "ports are the whole numbers from 1 to 65535",
        )),
    }
}

/// Yes or no, and whether it is said by a word that not every program reads.
pub(super) fn boolean(text: &str) -> Result<(bool, Option<Odd>), Wrong> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    match () {
        () if text == "1" || is("true") => Ok((true, None)),
        () if text == "0" || is("false") => Ok((false, None)),
        () if is("yes") || is("on") => Ok((true, Some(Odd::Word))),
        () if is("no") || is("off") => Ok((false, Some(Odd::Word))),
        () => Err(Wrong::new(
            format!("is not a boolean{}", because(text)),
            "write `true` or `false`",
        )),
    }
}

const UNITS: [(&str, f64); 8] = [
    ("ns", 1.0),
    ("us", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
    ("h", 3600e9),
    ("d", 86_400e9),
    ("w", 604_800e9),
];

/// A duration: numbers with a unit each, the greatest unit first.
pub(super) fn duration(text: &str) -> Result<Amount, Wrong> {
    let wrong = || {
        Wrong::new(
            format!("is not a duration{}", because(text)),
            "write numbers with their units: `500ms`, `30s`, `1h30m`, `7d`",
        )
    };
    let mut rest = text;
    let mut real = 0.0;
    let mut finest = f64::INFINITY;
    while !rest.is_empty() {
        let is_digit = |letter: char| letter.is_ascii_digit() || letter == '.';
        let digits = rest.find(|letter| !is_digit(letter)).ok_or_else(wrong)?;
        let (number, behind) = rest.split_at(digits);
        let letters = behind.find(is_digit).unwrap_or(behind.len());
        let (name, behind) = behind.split_at(letters);
        let unit = UNITS.iter().find(|(unit, _)| *unit == name);
        let (_, factor) = unit.ok_or_else(wrong)?;
        if *factor >= finest || !number.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(wrong());
        }
        let number: f64 = number.parse().map_err(|_| wrong())?;
        finest = *factor;
        real += number * factor;
        rest = behind;
    }
    if text.is_empty() || !real.is_finite() {
        return Err(wrong());
    }
    Ok(Amount { whole: None, real })
}

/// `-1`, `0.5`, `.5`, `5.`, `1e-3`: what node and python both read.
fn is_real(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (number, power) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_power = |power: &str| {
        let power = power.strip_prefix(['-', '+']).unwrap_or(power);
        !power.is_empty() && is_digits(power)
    };
    is_digits(whole)
        && is_digits(part)
        && !(whole.is_empty() && part.is_empty())
        && power.is_none_or(is_power)
}

/// What about a text is probably the trouble.
fn because(text: &str) -> &'static str {
    match () {
        () if text.is_empty() => ": it is empty",
        () if text.trim() != text => ": there are blanks around it",
        () if text.starts_with(['"', '\'']) => ": its quotes are part of the value",
        () if text.contains('_') => ": python would read the `_`, node would not",
        () if text.starts_with("0x") || text.starts_with("0X") => {
            ": node would read the `0x`, python would not"
        }
        () if text.contains(',') => ": it has a comma",
        () => "",
    }
}
