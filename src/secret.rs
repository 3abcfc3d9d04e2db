//! Values that must not be shown: a wrapper that cannot be printed, and the filter that all shown text passes.

mod found;

use std::borrow::Cow;
use std::fmt;
use std::fmt::Write as _;

use memchr::memmem;

pub use found::{Found, Search};

/// A value that cannot be printed, logged or serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for the one place that has to use it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Replaces every known secret in text that is about to be shown, also where it was escaped or encoded.
#[derive(Clone, Default)]
pub struct Redactor {
    /// What to look for, longest first, with what stands in its place.
    needles: Vec<(String, String)>,
    /// What is found in files while guard runs.
    found: Found,
}

/// Shorter values are words of everyday text: hiding them would hide the message, and they protect nothing.
const SHORTEST: usize = 6;

impl Redactor {
    /// A filter for these secrets, each with the name that stands in its place.
    pub fn new<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a Secret)>) -> Self {
        let mut needles: Vec<(String, String)> = Vec::new();
        for (name, secret) in secrets {
            let value = secret.reveal();
            if value.len() < SHORTEST {
                continue;
            }
            for form in forms(value) {
                needles.push((form, format!("[{name} hidden]")));
            }
        }
        needles.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        needles.dedup();
        Self {
            needles,
            found: Found::default(),
        }
    }

    /// The same filter, which also hides what is found while guard runs.
    #[must_use]
    pub fn with(self, found: &Found) -> Self {
        Self {
            found: found.clone(),
            ..self
        }
    }

    /// Waits until whoever searches for secrets has found them: before that, text may hold one that
    /// nobody knows yet.
    pub fn wait(&self) {
        self.found.wait();
    }

    /// The longest form that is looked for, in bytes: text that is shown piece by piece is
    /// held back by this much so that no secret slips through a seam.
    pub fn longest(&self) -> usize {
        let own = self.needles.first().map_or(0, |(form, _)| form.len());
        own.max(self.found.longest())
    }

    /// The text without the secrets.
    pub fn apply<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for (form, stand_in) in &self.needles {
            if memmem::find(text.as_bytes(), form.as_bytes()).is_some() {
                text = Cow::Owned(text.replace(form, stand_in));
            }
        }
        match self.found.hide(&text) {
            Some(clean) => Cow::Owned(clean),
            None => text,
        }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redactor({} forms)", self.needles.len())
    }
}

/// The forms in which a value turns up in output: as it is, JSON-escaped, percent-encoded, hex, base64.
fn forms(value: &str) -> Vec<String> {
    let mut forms = vec![value.to_owned()];
    let json = serde_json::Value::from(value).to_string();
    forms.push(json[1..json.len() - 1].to_owned());
    let (mut percent, mut hex, mut hex_capitals) = (String::new(), String::new(), String::new());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            percent.push(char::from(byte));
        } else {
            let _ = write!(percent, "%{byte:02X}");
        }
        let _ = write!(hex, "{byte:02x}");
        let _ = write!(hex_capitals, "{byte:02X}");
    }
    forms.extend([percent, hex, hex_capitals]);
    // Base64 of a longer text that holds the value depends on where the value begins: three ways.
    for lead in 0..3 {
        forms.extend(base64_within(value.as_bytes(), lead));
    }
    forms.sort();
    forms.dedup();
    forms
}

/// The base64 characters (usual and URL-safe) that depend on nothing but the value when `lead` bytes stand before it.
fn base64_within(value: &[u8], lead: usize) -> Vec<String> {
    let mut bytes = vec![0; lead];
    bytes.extend_from_slice(value);
    let whole = bytes.len() / 3 * 3;
    let skipped = if lead == 0 { 0 } else { 4 };
    [
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    ]
    .into_iter()
    .flat_map(|alphabet| {
        let mut text = String::new();
        for chunk in bytes[..whole].chunks_exact(3) {
            let bits = u32::from(chunk[0]) << 16 | u32::from(chunk[1]) << 8 | u32::from(chunk[2]);
            for shift in [18, 12, 6, 0] {
                text.push(char::from(alphabet[(bits >> shift & 63) as usize]));
            }
        }
        // The last one or two bytes: the characters that they alone decide, and, where the
        // value is the end of the text, the one that they decide in part, with its padding.
        let rest = &bytes[whole..];
        let bits = rest
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let letter = |bits: u32| char::from(alphabet[(bits & 63) as usize]);
        let mut end = text.clone();
        match rest.len() {
            1 => {
                text.push(letter(bits >> 2));
                end.extend([letter(bits >> 2), letter(bits << 4), '=', '=']);
            }
            2 => {
                text.extend([letter(bits >> 10), letter(bits >> 4)]);
                end.extend([
                    letter(bits >> 10),
                    letter(bits >> 4),
                    letter(bits << 2),
                    '=',
                ]);
            }
            _ => {}
        }
        let cut = |text: &mut String| text.split_off(skipped.min(text.len()));
        [cut(&mut end), cut(&mut text)]
    })
    .filter(|text| text.len() >= SHORTEST)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_however_it_is_written() {
        let secret = Secret::new("tok/en \"42\"+x");
        let redactor = Redactor::new([("RAILWAY_TOKEN", &secret)]);
        for shown in [
            "tok/en \"42\"+x",
            "tok/en \\\"42\\\"+x",
            "tok%2Fen%20%2242%22%2Bx",
            // Base64 of the value with nothing, "a" and "ab" before it, and text behind it.
            "dG9rL2VuICI0MiIreA==",
            "YXRvay9lbiAiNDIiK3g=",
            "YWJ0b2svZW4gIjQyIit4eXo=",
        ] {
            let clean = redactor.apply(shown);
            // The last ones are the tails, which would show the value's end.
            for part in ["tok/en", "L2VuICI0", "ay9lbiAi", "b2svZW4g", "eA==", "K3g="] {
                assert!(!clean.contains(part), "{shown} became {clean}");
            }
        }
    }

    #[test]
    fn a_wrapped_value_cannot_be_printed() {
        assert_eq!(format!("{:?}", Secret::new("hunter22")), "[secret]");
    }

    #[test]
    fn a_short_value_is_not_hunted() {
        let secret = Secret::new("dev");
        let redactor = Redactor::new([("X", &secret)]);
        assert_eq!(redactor.apply("a developer"), "a developer");
    }
}
