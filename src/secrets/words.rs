//! The search for the rules' words: one look at each byte, in a table that stays in the nearest cache.
//!
//! Each word is known by four of its letters, the rarest ones in a row. A table says for every three letters
//! and a bit of the one before whether a word may stand here; few places of a text get further than that. There
//! is next to nothing to be made before the first byte, other than with an automaton of ten thousand states.

use std::borrow::Cow;
use std::ops::Range;

/// The table has so many places.
pub(crate) const PLACES: usize = 1 << BITS;
const BITS: u32 = 14;

/// A word is known by so many letters at most.
const GRAM: usize = 4;

/// The words, ready to be looked for.
#[derive(Debug)]
pub(crate) struct Words {
    /// One behind the other, in small letters.
    pub(crate) text: Cow<'static, [u8]>,
    /// Where each of them ends there.
    pub(crate) ends: Cow<'static, [u32]>,
    /// By the last three letters of a gram: for every kind of letter before them, whether there is a word.
    pub(crate) may: Cow<'static, [u8]>,
    /// Where the grams of a place begin; one more than there are places.
    pub(crate) starts: Cow<'static, [u32]>,
    pub(crate) grams: Cow<'static, [Gram]>,
}

/// The letters by which a word is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gram {
    /// As they stand in a text, the last one lowest.
    pub(crate) letters: u32,
    /// Which of them count: a short word has fewer.
    pub(crate) mask: u32,
    pub(crate) word: u32,
    /// Where they end in the word.
    pub(crate) end: u32,
}

impl Words {
    /// These words, in small letters.
    pub(crate) fn of(words: &[String]) -> Self {
        let mut text = Vec::new();
        let mut ends = Vec::with_capacity(words.len());
        let mut may = vec![0_u8; PLACES];
        let mut placed: Vec<(usize, Gram)> = Vec::with_capacity(words.len());
        for (number, word) in (0_u32..).zip(words) {
            text.extend_from_slice(word.as_bytes());
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
            let Some(gram) = Gram::of(number, word.as_bytes()) else {
                continue;
            };
            for letters in gram.spelled() {
                let place = place(letters);
                may[place] |= gram.before();
                placed.push((place, gram));
            }
        }
        placed.sort_by_key(|(place, gram)| (*place, gram.word));
        let mut starts = Vec::with_capacity(PLACES + 1);
        let mut at = 0;
        for place in 0..=PLACES {
            while placed.get(at).is_some_and(|(other, _)| *other < place) {
                at += 1;
            }
            starts.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        Self {
            text: text.into(),
            ends: ends.into(),
            may: may.into(),
            starts: starts.into(),
            grams: placed.into_iter().map(|(_, gram)| gram).collect(),
        }
    }

    /// A word by its number.
    fn word(&self, number: usize) -> &[u8] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[number] as usize]
    }

    /// Tells each word that stands in a text, in letters of either case, with its place. The places come in the
    /// order of their grams: the words may be out of order by their own length.
    pub(crate) fn find(&self, text: &[u8], mut found: impl FnMut(usize, Range<usize>)) {
        /// So many rows end in eight letters.
        const STEP: usize = 5;
        let Some(places) = self.may.first_chunk::<PLACES>() else {
            return;
        };
        let head = text.len().min(GRAM - 1);
        let mut letters = 0_u32;
        for (at, byte) in text[..head].iter().enumerate() {
            letters = letters << 8 | u32::from(*byte);
            self.see(text, at + 1, letters | SMALL, &mut found);
        }
        let mut at = 0;
        while let Some(eight) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
            let eight = u64::from_be_bytes(*eight);
            let rows =
                [32, 24, 16, 8, 0].map(|shift| (eight >> shift & 0xFFFF_FFFF) as u32 | SMALL);
            let may = rows.map(|row| places[place(row)] & kind(row));
            if may != [0; STEP] {
                for (more, row) in rows.into_iter().enumerate() {
                    if may[more] != 0 {
                        self.look(text, at + GRAM + more, (row, place(row)), &mut found);
                    }
                }
            }
            at += STEP;
        }
        for end in (at + GRAM).max(head + 1)..=text.len() {
            if let Some(row) = text[..end].last_chunk::<GRAM>() {
                self.see(text, end, u32::from_be_bytes(*row) | SMALL, &mut found);
            }
        }
    }

    /// Looks at one row, which ends here.
    fn see(
        &self,
        text: &[u8],
        end: usize,
        letters: u32,
        found: &mut impl FnMut(usize, Range<usize>),
    ) {
        let place = place(letters);
        if self.may[place] & kind(letters) != 0 {
            self.look(text, end, (letters, place), found);
        }
    }

    /// Whether a word has its gram right here.
    #[inline(never)]
    fn look(
        &self,
        text: &[u8],
        end: usize,
        (letters, place): (u32, usize),
        found: &mut impl FnMut(usize, Range<usize>),
    ) {
        let grams = self.starts[place] as usize..self.starts[place + 1] as usize;
        for gram in &self.grams[grams] {
            if (gram.letters ^ letters) & gram.mask != 0 {
                continue;
            }
            let number = gram.word as usize;
            let word = self.word(number);
            let Some(start) = end.checked_sub(gram.end as usize) else {
                continue;
            };
            let here = text.get(start..start + word.len());
            if here.is_some_and(|here| here.eq_ignore_ascii_case(word)) {
                found(number, start..start + word.len());
            }
        }
    }
}

impl Gram {
    /// The rarest letters in a row of a word; none of an empty one.
    fn of(number: u32, word: &[u8]) -> Option<Self> {
        let length = word.len().min(GRAM);
        let rows = word.windows(length.max(1));
        let (start, row) = rows
            .enumerate()
            .min_by_key(|(_, row)| row.iter().map(|byte| commonness(*byte)).sum::<u32>())?;
        let letters = row.iter().fold(0, |all, byte| all << 8 | u32::from(*byte));
        let mask = u32::MAX >> (8 * (GRAM - length));
        Some(Self {
            letters: (letters | SMALL) & mask,
            mask,
            word: number,
            end: u32::try_from(start + length).ok()?,
        })
    }

    /// Its last three letters in every spelling: a word of one or two says nothing of those before it.
    fn spelled(&self) -> Vec<u32> {
        let known = u32::BITS - self.mask.leading_zeros();
        let free = 24_u32.saturating_sub(known);
        let mut spelled: Vec<u32> = (0..1_u32 << free)
            .map(|before| {
                self.letters & 0x00FF_FFFF | before << known.min(24) | SMALL & 0x00FF_FFFF
            })
            .collect();
        // Two spellings may share a place; the word is told once.
        spelled.sort_by_key(|letters| place(*letters));
        spelled.dedup_by_key(|letters| place(*letters));
        spelled
    }

    /// The kinds of letters that may stand before the last three.
    fn before(&self) -> u8 {
        if self.mask == u32::MAX {
            kind(self.letters)
        } else {
            u8::MAX
        }
    }
}

/// Where the table speaks of the last three of these letters.
#[inline]
fn place(letters: u32) -> usize {
    ((letters << 8).wrapping_mul(0x9E37_79B1) >> (u32::BITS - BITS)) as usize
}

/// Both cases of a letter, and a few marks, look the same with this bit.
const SMALL: u32 = 0x2020_2020;

/// The kind of each letter.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut letter = 0;
    while letter < 256 {
        kinds[letter] = 1 << (letter & 7);
        letter += 1;
    }
    kinds
};

/// What kind of letter stands before the last three.
#[inline]
fn kind(letters: u32) -> u8 {
    KINDS[(letters >> 24) as usize]
}

/// How often a letter stands in code, roughly.
fn commonness(byte: u8) -> u32 {
    /// From the most common to the rarest.
    const ORDER: &[u8; 34] = b"etaoirnsl cdpmu_fhg.b-vyk/=:x\"w'(q";
    const COMMON: [u8; 256] = {
        let mut common = [2; 256];
        let mut place = 0;
        let mut most = 40;
        while place < ORDER.len() {
            common[ORDER[place] as usize] = most;
            most -= 1;
            place += 1;
        }
        common
    };
    u32::from(COMMON[usize::from(byte)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(words: &[&str], text: &[u8]) -> Vec<(usize, Range<usize>)> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let mut found = Vec::new();
        Words::of(&words).find(text, |word, place| found.push((word, place)));
        found.sort_by_key(|(word, place)| (place.start, *word));
        found
    }

    fn stands(words: &[&str], text: &[u8]) -> Vec<(usize, Range<usize>)> {
        let text = text.to_ascii_lowercase();
        let mut stands = Vec::new();
        for start in 0..text.len() {
            for (number, word) in words.iter().enumerate() {
                if !word.is_empty() && text[start..].starts_with(word.as_bytes()) {
                    stands.push((number, start..start + word.len()));
                }
            }
        }
        stands
    }

    #[test]
    fn words_of_every_length_are_found_in_either_case() {
        let words = ["a", "q~", "aws", "sk_live_", "secret", "secret_key", "é"];
        let text = "AWS q~Q~ Secret_KEY=sk_live_AAAsk_Live_ é\u{c9} a".as_bytes();
        assert_eq!(found(&words, text), stands(&words, text));
        assert_eq!(found(&words, b"A"), [(0, 0..1)]);
        assert_eq!(found(&words, b""), []);
        assert_eq!(found(&[""], b"abc"), []);
    }

    proptest! {
        // A word of one letter has as many spellings as the table has places: making that takes its time.
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_stands_there_is_found_and_nothing_else(
            words in proptest::collection::btree_set("[ab_0]{1,7}", 0..30),
            text in "[abAB_0 ]{0,200}",
        ) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            prop_assert_eq!(found(&words, text.as_bytes()), stands(&words, text.as_bytes()));
        }
    }
}
