//! Texts and numbers without an address in them: a table of addresses would have to be mended at every start.

use std::collections::HashMap;
use std::fmt::Write as _;

/// A long text, and numbers that tell its parts.
#[derive(Default)]
pub(crate) struct Pack {
    text: String,
    numbers: Vec<u32>,
    /// Where a part of the text was put.
    places: HashMap<String, u32>,
}

impl Pack {
    /// How many numbers there are.
    pub(crate) fn length(&self) -> u32 {
        number(self.numbers.len())
    }

    pub(crate) fn number(&mut self, number: u32) {
        self.numbers.push(number);
    }

    pub(crate) fn flag(&mut self, flag: bool) {
        self.numbers.push(u32::from(flag));
    }

    pub(crate) fn text(&mut self, text: &str) {
        let known = self.places.get(text).copied();
        let place = known.unwrap_or_else(|| {
            let place = number(self.text.len());
            self.text.push_str(text);
            self.places.insert(text.to_owned(), place);
            place
        });
        self.numbers.extend([place, number(text.len())]);
    }

    pub(crate) fn maybe<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    pub(crate) fn list<T>(
        &mut self,
        values: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        let values = values.into_iter();
        self.number(number(values.len()));
        values.for_each(|value| write(self, value));
    }

    /// The text as far as it goes.
    pub(crate) fn text_so_far(&self) -> &str {
        &self.text
    }

    /// The text.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// The numbers, as Rust has them.
    pub(crate) fn source(&self, name: &str) -> String {
        table(name, "u32", &self.numbers)
    }
}

/// A table as Rust has it.
pub(crate) fn table(name: &str, kind: &str, values: &[impl ToString]) -> String {
    let mut text = format!("static {name}: [{kind}; {}] = [", values.len());
    for (at, value) in values.iter().enumerate() {
        let end = if at % 16 == 15 { ",\n" } else { "," };
        let _ = write!(text, "{}{end}", spaced(&value.to_string()));
    }
    text + "];\n"
}

pub(crate) fn number(length: usize) -> u32 {
    u32::try_from(length).expect("tables are small")
}

/// Long numbers with marks between their thousands, as the house's lints want them of everybody.
fn spaced(text: &str) -> String {
    let mut spaced = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, digits) = rest.split_at(start);
        let end = digits.find(|letter: char| !letter.is_ascii_digit());
        let (digits, behind) = digits.split_at(end.unwrap_or(digits.len()));
        spaced.push_str(before);
        for (place, digit) in digits.char_indices() {
            if place > 0 && (digits.len() - place) % 3 == 0 {
                spaced.push('_');
            }
            spaced.push(digit);
        }
        rest = behind;
    }
    spaced + rest
}
