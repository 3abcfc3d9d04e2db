//! What is known of an expression without compiling it: how long a match can be, and what must stand in each.
//!
//! Most windows hold no stretch of letters as long as a key: to see that takes nanoseconds, an expression that
//! would see it takes a tenth of a millisecond to make. The build draws the sketches of guard's own rules.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// What is known of an expression.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sketch {
    /// The length of the longest match; none where there is no end.
    pub(crate) longest: Option<u32>,
    /// What stands in every match, where that tells anything.
    pub(crate) stretch: Option<Stretch>,
}

/// So many bytes of a kind in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) kind: Kind,
    pub(crate) least: u32,
}

/// A set of bytes, a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind(pub(crate) [u64; 4]);

/// The syntax of an expression. Bytes are a hundred times cheaper than characters; who names characters gets them.
pub(crate) fn parse(text: &str) -> Result<Hir, String> {
    let parse = |unicode| {
        let mut parser = ParserBuilder::new();
        parser.unicode(unicode).utf8(false).nest_limit(100);
        parser
            .build()
            .parse(text)
            .map_err(|error| error.to_string())
    };
    parse(false).or_else(|_| parse(true))
}

impl Sketch {
    pub(crate) fn of(hir: &Hir) -> Self {
        /// A stretch that stands in one of a few windows anyway tells nothing.
        const TELLING: f64 = 3.0;
        let longest = hir.properties().maximum_len();
        let best = Some(best(hir)).filter(|part| part.surprise() >= TELLING);
        Self {
            longest: longest.and_then(|longest| u32::try_from(longest).ok()),
            stretch: best.and_then(|part| {
                Some(Stretch {
                    kind: part.kind,
                    least: u32::try_from(part.least).ok()?,
                })
            }),
        }
    }
}

impl Stretch {
    /// Whether there is one. Each look jumps behind the last byte that is of another kind.
    pub(crate) fn stands_in(&self, text: &[u8]) -> bool {
        let least = self.least as usize;
        let mut start = 0;
        while let Some(next) = text.get(start..start + least) {
            match next.iter().rposition(|byte| !self.kind.has(*byte)) {
                None => return true,
                Some(other) => start += other + 1,
            }
        }
        false
    }
}

impl Kind {
    #[inline]
    pub(crate) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }

    fn add(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }

    fn with(self, other: Self) -> Self {
        let mut all = self;
        for (all, other) in all.0.iter_mut().zip(other.0) {
            *all |= other;
        }
        all
    }

    /// What part of an everyday text is of this kind, roughly and never nothing.
    fn share(&self) -> f64 {
        let share = (0..=u8::MAX)
            .filter(|byte| self.has(*byte))
            .map(|byte| match byte {
                b'a'..=b'z' => 0.6 / 26.0,
                b'A'..=b'Z' => 0.07 / 26.0,
                b'0'..=b'9' => 0.05 / 10.0,
                b' ' | b'\n' => 0.08,
                b'_' | b'.' | b'-' | b'/' | b'(' | b')' | b'"' | b'\'' | b',' | b'=' => 0.01,
                _ => 0.02 / 200.0,
            });
        share.sum::<f64>().clamp(1e-6, 0.999)
    }
}

/// A part of an expression, as if its bytes stood in any order.
#[derive(Clone, Copy, Default)]
struct Part {
    kind: Kind,
    /// How many bytes there are at least.
    least: usize,
    /// How many of them are not given letter by letter: what is may be the word that wakes the rule anyway.
    free: usize,
}

impl Part {
    fn of(hir: &Hir) -> Self {
        let least = hir.properties().minimum_len().unwrap_or(0);
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Self::default(),
            HirKind::Literal(literal) => Self {
                kind: of_bytes(&literal.0),
                least,
                free: 0,
            },
            HirKind::Class(class) => {
                let kind = of_class(class);
                // Both cases of a letter are a letter that is given.
                let is_given = kind.count() <= 2;
                Self {
                    kind,
                    least,
                    free: if is_given { 0 } else { least },
                }
            }
            HirKind::Repetition(repetition) => {
                let sub = Self::of(&repetition.sub);
                Self {
                    least,
                    free: sub.free * repetition.min as usize,
                    ..sub
                }
            }
            HirKind::Capture(capture) => Self::of(&capture.sub),
            HirKind::Concat(parts) => {
                let parts = parts.iter().map(Self::of);
                parts.fold(Self::default(), Self::then)
            }
            HirKind::Alternation(parts) => {
                let parts = parts.iter().map(Self::of);
                parts.reduce(Self::or).unwrap_or_default()
            }
        }
    }

    fn then(self, next: Self) -> Self {
        Self {
            kind: self.kind.with(next.kind),
            least: self.least + next.least,
            free: self.free + next.free,
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            kind: self.kind.with(other.kind),
            least: self.least.min(other.least),
            free: self.free.min(other.free),
        }
    }

    /// How seldom it stands somewhere by chance: the logarithm.
    fn surprise(&self) -> f64 {
        // No part of an expression has a billion bytes.
        f64::from(u32::try_from(self.free).unwrap_or(u32::MAX)) * -self.kind.share().ln()
    }

    fn better(self, other: Self) -> Self {
        if other.surprise() > self.surprise() {
            other
        } else {
            self
        }
    }
}

/// The part of every match that is the most surprising.
fn best(hir: &Hir) -> Part {
    let inner = match hir.kind() {
        HirKind::Repetition(repetition) if repetition.min > 0 => best(&repetition.sub),
        HirKind::Capture(capture) => best(&capture.sub),
        HirKind::Concat(parts) => of_parts(parts),
        // Whichever of them matches, a stretch of what is common to all stands there.
        HirKind::Alternation(parts) => {
            let parts = parts.iter().map(best);
            parts.reduce(Part::or).unwrap_or_default()
        }
        _ => Part::default(),
    };
    Part::of(hir).better(inner)
}

/// The best that parts in a row make, each by itself or several together.
fn of_parts(parts: &[Hir]) -> Part {
    let mut found = parts.iter().map(best).fold(Part::default(), Part::better);
    let parts: Vec<Part> = parts.iter().map(Part::of).collect();
    for start in 0..parts.len() {
        let mut row = Part::default();
        for part in &parts[start..] {
            row = row.then(*part);
            found = found.better(row);
        }
    }
    found
}

fn of_bytes(bytes: &[u8]) -> Kind {
    let mut kind = Kind::default();
    for byte in bytes {
        kind.add(*byte);
    }
    kind
}

fn of_class(class: &Class) -> Kind {
    let mut kind = Kind::default();
    match class {
        Class::Bytes(class) => {
            for range in class.ranges() {
                (range.start()..=range.end()).for_each(|byte| kind.add(byte));
            }
        }
        Class::Unicode(class) => {
            for range in class.ranges() {
                let ascii = (range.start()..=range.end()).take_while(char::is_ascii);
                ascii.for_each(|letter| kind.add(letter as u8));
            }
            if class.ranges().iter().any(|range| !range.end().is_ascii()) {
                // Of what characters beyond ASCII are made.
                (0x80..=u8::MAX).for_each(|byte| kind.add(byte));
            }
        }
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(text: &str) -> Sketch {
        Sketch::of(&parse(text).unwrap())
    }

    #[test]
    fn what_stands_in_every_match_is_told() {
        for (text, least, inside, outside) in [
            (r"key=([0-9a-f]{32})\b", 32, "0f", "gk="),
            (r"sk_live_[0-9A-Za-z]{24,99}", 24, "aZ9", "_-"),
            (r"(?i)x{0,9}(?:a[b-e]){10}", 20, "aBAe", "xf"),
            (r"a[0-9]{20}|b[0-9a-f]{25}", 21, "09af", "g"),
            (r"(?u)[à-ü]{30}", 60, "", "az"),
        ] {
            let stretch = sketch(text).stretch.unwrap_or_else(|| panic!("{text}"));
            assert_eq!(stretch.least, least, "{text}");
            assert!(
                inside.bytes().all(|byte| stretch.kind.has(byte)),
                "{text}: {inside}"
            );
            assert!(
                !outside.bytes().any(|byte| stretch.kind.has(byte)),
                "{text}: {outside}"
            );
        }
        for text in [r"a.{3}", r".{0,40}", r"[0-9]{40}|a", r"(?:[0-9]{40})?", ""] {
            assert_eq!(sketch(text).stretch, None, "{text}");
        }
        assert_eq!(sketch("a{3,7}").longest, Some(7));
        assert_eq!(sketch("a+").longest, None);
    }

    #[test]
    fn a_stretch_is_seen_wherever_it_stands() {
        let stretch = sketch("[0-9]{8}").stretch.unwrap();
        for (text, stands) in [
            ("12345678", true),
            ("1234567", false),
            ("x1234567x12345678", true),
            ("1234567x1234567x", false),
            ("aaaaaaaaaaaaaaa01234567aaaa", true),
            ("", false),
        ] {
            assert_eq!(stretch.stands_in(text.as_bytes()), stands, "{text}");
        }
    }
}
