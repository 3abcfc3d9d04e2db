//! How many bits a guesser lacks of a value: a lower bound, made to be too low rather than too high.
//!
//! Length times Shannon's entropy is no such bound: `correct-horse-battery-staple` has four bits a letter for
//! who counts letters, and eleven a word for who knows words. Here only what no list of words, names, years and
//! keyboard rows would give counts:
//!
//! - The value is cut where people cut (dots, colons, blanks, most symbols), and the best piece counts alone:
//!   of a connection string neither the host nor the user's name.
//! - Letters that could be spoken count nothing, also with `4` for `a`. Nor do runs (`1234`, `aaaa`, `qwerty`),
//!   nor what stood in the piece before.
//! - What is left counts by its alphabet, and never more than Shannon's entropy of the piece.
//! - A piece that is a text in base64, hex or percent encoding counts as that text does.

use std::collections::{HashMap, HashSet};

use crate::secrets::decode;

/// From here on nobody finds a value by trying.
pub(super) const STRONG: f64 = 64.0;

/// No more of a value is looked at: a key file has enough in its first lines.
const LONGEST: usize = 4096;

/// The shortest run of letters that may be a word.
const SHORTEST_WORD: usize = 4;

/// The rows of a keyboard.
const KEYBOARD: &[u8] = b"qwertyuiop asdfghjkl zxcvbnm";

/// Whether a value can be guessed, its hash given.
pub(super) fn is_guessable(value: &[u8]) -> bool {
    bits(value) < STRONG
}

/// At least as many bits are unknown to who knows everything but the value.
pub(super) fn bits(value: &[u8]) -> f64 {
    deep(&value[..value.len().min(LONGEST)], 0)
}

fn deep(value: &[u8], depth: usize) -> f64 {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-+/=@$%".contains(byte);
    let pieces = value.split(|byte| !is_part(byte));
    let best = pieces.map(of_piece).fold(0.0, f64::max);
    if depth >= decode::DEPTH {
        return best;
    }
    // An encoded text is as good as the text: `cGFzc3dvcmQ=` is a word.
    decode::candidates_from(value, decode::SHORTEST_WRAPPED)
        .filter_map(|encoded| decode::decode(&value[encoded.span], encoded.kind))
        .map(|text| deep(&text, depth + 1))
        .fold(best, f64::min)
}

fn of_piece(piece: &[u8]) -> f64 {
    let is_hex = is_hex(piece);
    let counts = unforeseen(piece, is_hex);
    let left = |is: fn(&u8) -> bool| {
        piece
            .iter()
            .zip(&counts)
            .any(|(byte, left)| *left && is(byte))
    };
    let in_both_cases = left(u8::is_ascii_lowercase) && left(u8::is_ascii_uppercase);
    let (digit, letter): (f64, f64) = match (is_hex, in_both_cases) {
        (true, _) => (16.0, 16.0),
        (false, true) => (10.0, 52.0),
        (false, false) => (10.0, 26.0),
    };
    let sum: f64 = piece
        .iter()
        .zip(&counts)
        .filter(|(_, counts)| **counts)
        .map(|(byte, _)| match byte {
            b'0'..=b'9' => digit.log2(),
            byte if byte.is_ascii_alphabetic() => letter.log2(),
            // Symbols part words and end passwords.
            _ => 0.0,
        })
        .sum();
    sum.min(shannon(piece) * count(piece.len()))
}

/// Whether a piece is hex, a UUID for one; digits alone are a number.
fn is_hex(piece: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b'-';
    piece.iter().all(is_part) && piece.iter().any(u8::is_ascii_alphabetic)
}

/// Which bytes of a piece no list would give.
fn unforeseen(piece: &[u8], is_hex: bool) -> Vec<bool> {
    let plain: Vec<u8> = piece.to_ascii_lowercase();
    // In hex a digit stands for itself.
    let spoken = if is_hex { plain.clone() } else { spoken(piece) };
    let mut counts = vec![true; piece.len()];
    // Words: stretches of letters, with the digits and symbols that stand for letters between them.
    let mut start = 0;
    while start < spoken.len() {
        let end = start + word_length(piece, &spoken[start..], start);
        let is_plain = plain[start..end] == spoken[start..end];
        // A digit among random letters is no sign; in a word of some length it is one.
        let shortest = if is_plain {
            SHORTEST_WORD
        } else {
            SHORTEST_WORD + 1
        };
        if end - start >= shortest && could_be_spoken(&spoken[start..end], 5, 4) {
            counts[start..end].fill(false);
        }
        start = end.max(start + 1);
    }
    // Words in both cases at random, `hElLOwOrLD`: longer ones, by a narrower measure.
    let mut at = 0;
    for letters in plain.split(|byte| !byte.is_ascii_alphabetic()) {
        if letters.len() >= 2 * SHORTEST_WORD && could_be_spoken(letters, 3, 4) {
            counts[at..at + letters.len()].fill(false);
        }
        at += letters.len() + 1;
    }
    // Short words and years between other things: `do_not_use_2024`.
    let mut at = 0;
    for part in piece.split(|byte| !byte.is_ascii_alphanumeric()) {
        let span = at..at + part.len();
        let is_plain = part.iter().all(u8::is_ascii_digit)
            || spoken[span.clone()].iter().all(u8::is_ascii_alphabetic);
        if part.len() <= SHORTEST_WORD && is_plain {
            counts[span.clone()].fill(false);
        }
        at = span.end + 1;
    }
    // Runs.
    for (at, three) in plain.windows(3).enumerate() {
        if follows(three[0], three[1]) && follows(three[1], three[2]) {
            counts[at..at + 3].fill(false);
        }
    }
    // What stood before.
    let mut seen = HashSet::new();
    for (at, three) in plain.windows(3).enumerate() {
        if !seen.insert(three) {
            counts[at..at + 3].fill(false);
        }
    }
    counts
}

/// The letters that a piece would be read as: `P4$$w0rd` is `password`. A digit among digits stays one.
fn spoken(piece: &[u8]) -> Vec<u8> {
    let is_letter = |at: Option<usize>| {
        at.and_then(|at| piece.get(at))
            .is_some_and(u8::is_ascii_alphabetic)
    };
    let stands_for = |at: usize| match piece[at] {
        b'0' => b'o',
        b'1' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' | b'+' => b't',
        other => other.to_ascii_lowercase(),
    };
    (0..piece.len())
        .map(|at| {
            let beside = is_letter(at.checked_sub(1)) || is_letter(Some(at + 1));
            if beside {
                stands_for(at)
            } else {
                piece[at].to_ascii_lowercase()
            }
        })
        .collect()
}

/// How long the word is that begins here, as people write words: small, with a capital before, or all in
/// capitals. What stands for a letter fits either.
fn word_length(piece: &[u8], spoken: &[u8], start: usize) -> usize {
    let is_letter = |letter: &&u8| letter.is_ascii_alphabetic();
    let longest = spoken.iter().take_while(is_letter).count();
    let here = &piece[start..start + longest];
    let small = |letters: &[u8]| {
        letters
            .iter()
            .take_while(|at| !at.is_ascii_uppercase())
            .count()
    };
    let great = here
        .iter()
        .take_while(|at| !at.is_ascii_lowercase())
        .count();
    let with_capital = 1 + small(here.get(1..).unwrap_or_default());
    great.max(with_capital).min(longest)
}

/// Whether letters have the vowels that speech has: one in so many, with at most so many consonants in between.
/// Many random ones do too, which costs a value some of its bits.
fn could_be_spoken(letters: &[u8], one_in: usize, between: usize) -> bool {
    let is_vowel = |letter: &u8| b"aeiouy".contains(letter);
    let vowels = letters.iter().filter(|letter| is_vowel(letter)).count();
    let longest = letters.split(is_vowel).map(<[u8]>::len).max();
    vowels * one_in >= letters.len() && longest.unwrap_or_default() <= between
}

/// Whether one character is where a finger or a count goes after another.
fn follows(one: u8, other: u8) -> bool {
    let in_row = |one: u8, other: u8| KEYBOARD.windows(2).any(|pair| pair == [one, other]);
    one.abs_diff(other) <= 1 || in_row(one, other) || in_row(other, one)
}

/// Shannon's entropy, in bits a byte.
fn shannon(piece: &[u8]) -> f64 {
    let mut counts: HashMap<u8, usize> = HashMap::new();
    for byte in piece {
        *counts.entry(*byte).or_default() += 1;
    }
    let length = count(piece.len());
    counts
        .values()
        .map(|times| {
            let share = count(*times) / length;
            -share * share.log2()
        })
        .sum()
}

/// A count of bytes, of which there are few.
fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_make_up_can_be_guessed() {
        for value in [
            "password",
            "P@ssw0rd2024!Admin",
            "correct-horse-battery-staple-again-and-again",
            "correcthorsebatterystaplewithmorewordsbehind",
            "CorrectHorseBatteryStapleWithMoreWordsBehind",
            "qwertyuiopasdfghjklzxcvbnm1234567890",
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "abcd1234abcd1234abcd1234abcd1234abcd1234",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "hElLOwOrLDhoWaREyOUtOdAY",
            "Tr0ub4dor&3Tr0ub4dor&4",
            "Summer2024!Winter2025!",
            "P4ss-W0rd-Adm1n-R00t-2024",
            "Live9Test8Prod7",
            "BEGIN_PRIVATE_KEY_PLACEHOLDER_VALUE_HERE",
            "4111111111111111",
            "+49 170 1234567 or 2024-11-21T12:00:00",
            "deadbeefdeadbeefdeadbeefdeadbeef",
            "00000000-0000-0000-0000-000000000000",
            "postgres://application:hunter2@production-database.internal.company.com:5432/application",
            // `administrator:password12345`, and the same twice.
            "YWRtaW5pc3RyYXRvcjpwYXNzd29yZDEyMzQ1",
            "WVdSdGFXNXBjM1J5WVhSdmNqcHdZWE56ZDI5eVpERXlNelExCg==",
            "61646d696e6973747261746f723a70617373776f72643132333435",
            "my_super_secret_development_key_do_not_use_2024",
            "",
        ] {
            assert!(
                is_guessable(value.as_bytes()),
                "{value}: {}",
                bits(value.as_bytes())
            );
        }
    }

    #[test]
    fn what_machines_make_cannot_be_guessed() {
        let mut random = Random(7);
        // The last is how many of a hundred are known to be strong, at the least.
        for (alphabet, length, prefix, most) in [
            (&b"0123456789abcdef"[..], 32, "", 97),
            (b"0123456789abcdef", 40, "", 99),
            (BASE62, 24, "sk_live_", 80),
            (BASE62, 36, "ghp_", 96),
            (BASE62, 40, "", 96),
            (
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                44,
                "",
                99,
            ),
            (b"abcdefghijklmnopqrstuvwxyz0123456789", 48, "", 80),
        ] {
            let (tries, strong) = (200, |value: &String| !is_guessable(value.as_bytes()));
            let values: Vec<String> = (0..tries)
                .map(|_| format!("{prefix}{}", random.text(alphabet, length)))
                .collect();
            let strong = values.iter().filter(|value| strong(value)).count();
            assert!(
                strong * 100 >= tries * most,
                "{length} of {}: {strong}",
                alphabet.len()
            );
        }
    }

    #[test]
    fn short_values_can_be_guessed_whatever_they_are() {
        let mut random = Random(11);
        for _ in 0..500 {
            // Ten of base62 have less than 64 bits.
            assert!(is_guessable(random.text(BASE62, 10).as_bytes()));
            assert!(is_guessable(
                random.text(b"0123456789abcdef", 15).as_bytes()
            ));
            assert!(is_guessable(random.text(b"0123456789", 19).as_bytes()));
        }
    }

    const BASE62: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// Numbers that are the same at every run.
    struct Random(u64);

    impl Random {
        fn text(&mut self, alphabet: &[u8], length: usize) -> String {
            let mut text = String::new();
            for _ in 0..length {
                self.0 ^= self.0 << 13;
                self.0 ^= self.0 >> 7;
                self.0 ^= self.0 << 17;
                let at = (self.0 >> 33) as usize % alphabet.len();
                text.push(char::from(alphabet[at]));
            }
            text
        }
    }
}
