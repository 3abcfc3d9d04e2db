//! A small reader of XML that tools write: elements, attributes, text. No entity is ever expanded but XML's own five.

use std::borrow::Cow;

/// What stands next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event<'a> {
    /// An element begins; one that is empty has no end of its own.
    Start {
        name: &'a str,
        attributes: Vec<(&'a str, Cow<'a, str>)>,
        is_empty: bool,
    },
    /// An element ends.
    End(&'a str),
    /// What stands between.
    Text(Cow<'a, str>),
}

/// The text is no XML, or ends too early.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Goes through a text once; after an error it ends.
pub(crate) struct Reader<'a> {
    rest: &'a str,
    open: Vec<&'a str>,
    is_over: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            rest: text.trim_start_matches('\u{feff}'),
            open: Vec::new(),
            is_over: false,
        }
    }

    fn step(&mut self) -> Result<Option<Event<'a>>, Malformed> {
        loop {
            let Some(inside) = self.rest.strip_prefix('<') else {
                if self.rest.is_empty() {
                    return if self.open.is_empty() {
                        Ok(None)
                    } else {
                        Err(Malformed)
                    };
                }
                let end = memchr::memchr(b'<', self.rest.as_bytes()).unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                if self.open.is_empty() && !text.trim().is_empty() {
                    return Err(Malformed);
                }
                return Ok(Some(Event::Text(plain(text))));
            };
            if let Some(comment) = inside.strip_prefix("!--") {
                self.rest = behind(comment, "-->")?.1;
            } else if let Some(data) = inside.strip_prefix("![CDATA[") {
                let (text, rest) = behind(data, "]]>")?;
                self.rest = rest;
                return Ok(Some(Event::Text(Cow::Borrowed(text))));
            } else if inside.starts_with('?') {
                self.rest = behind(inside, "?>")?.1;
            } else if inside.starts_with('!') {
                self.rest = behind_doctype(inside)?;
            } else if let Some(end) = inside.strip_prefix('/') {
                let (name, rest) = behind(end, ">")?;
                self.rest = rest;
                let name = name.trim();
                if self.open.pop() != Some(name) {
                    return Err(Malformed);
                }
                return Ok(Some(Event::End(name)));
            } else {
                return self.start(inside).map(Some);
            }
        }
    }

    fn start(&mut self, inside: &'a str) -> Result<Event<'a>, Malformed> {
        let name_end = inside
            .find(|letter: char| letter.is_whitespace() || matches!(letter, '/' | '>' | '<'))
            .ok_or(Malformed)?;
        let (name, mut rest) = inside.split_at(name_end);
        if name.is_empty() {
            return Err(Malformed);
        }
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if let Some(rest) = rest.strip_prefix("/>") {
                self.rest = rest;
                return Ok(Event::Start {
                    name,
                    attributes,
                    is_empty: true,
                });
            }
            if let Some(rest) = rest.strip_prefix('>') {
                self.rest = rest;
                self.open.push(name);
                return Ok(Event::Start {
                    name,
                    attributes,
                    is_empty: false,
                });
            }
            let (key, after) = rest.split_once('=').ok_or(Malformed)?;
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let quote = quote.ok_or(Malformed)?;
            let (value, after) = after[1..].split_once(quote).ok_or(Malformed)?;
            let key = key.trim();
            if key.is_empty() || key.contains(['<', '>', '"', '\'']) {
                return Err(Malformed);
            }
            attributes.push((key, plain(value)));
            rest = after;
        }
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Event<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let step = self.step().transpose();
        self.is_over = !matches!(step, Some(Ok(_)));
        step
    }
}

/// An attribute's value.
pub(crate) fn value<'e>(attributes: &'e [(&str, Cow<'_, str>)], name: &str) -> Option<&'e str> {
    let found = attributes.iter().find(|(key, _)| *key == name);
    found.map(|(_, value)| value.as_ref())
}

fn behind<'a>(text: &'a str, mark: &str) -> Result<(&'a str, &'a str), Malformed> {
    text.split_once(mark).ok_or(Malformed)
}

/// What stands behind a document type, with the declarations that it may hold: they are not read.
fn behind_doctype(text: &str) -> Result<&str, Malformed> {
    let mut depth = 0_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return Ok(&text[at + 1..]),
            _ => {}
        }
    }
    Err(Malformed)
}

/// Text without XML's own escapes; a name that is not one of these stays as it stands.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        // The longest escape of one character is short: a lone `&` must not make this quadratic.
        let window = rest.as_bytes().iter().take(12);
        let end = window
            .enumerate()
            .find_map(|(end, byte)| (*byte == b';').then_some(end));
        if let Some((end, letter)) = end.and_then(|end| Some((end, letter(&rest[1..end])?))) {
            plain.push(letter);
            rest = &rest[end + 1..];
        } else {
            plain.push('&');
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

fn letter(name: &str) -> Option<char> {
    let number = |digits: &str, base| u32::from_str_radix(digits, base).ok();
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => number(hex, 16),
                None => number(digits, 10),
            };
            char::from_u32(code?)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Vec<Event<'_>>, Malformed> {
        Reader::new(text).collect()
    }

    #[test]
    fn elements_attributes_and_text_are_read() {
        let text = "<?xml version='1.0'?><!DOCTYPE c [<!ENTITY a \"b\">]><!-- <x> --><c k=\"1 &lt; 2\" \
                    l='&#65;&#x42;'><d/>a &amp; &a; <![CDATA[<&amp;>]]></c>\n";
        let events = read(text).expect("it is well formed");
        let attributes = vec![("k", "1 < 2".into()), ("l", "AB".into())];
        assert_eq!(
            events[..5],
            [
                Event::Start {
                    name: "c",
                    attributes,
                    is_empty: false
                },
                Event::Start {
                    name: "d",
                    attributes: vec![],
                    is_empty: true
                },
                Event::Text("a & &a; ".into()),
                Event::Text("<&amp;>".into()),
                Event::End("c"),
            ]
        );
    }

    #[test]
    fn what_is_cut_off_or_crossed_is_malformed() {
        for text in [
            "<a>",
            "<a><b></a>",
            "<a",
            "<a k=\"",
            "<!-- ",
            "<!DOCTYPE [",
            "x<a/>",
            "</a>",
            "<a k>",
            "<>",
        ] {
            assert_eq!(read(text), Err(Malformed), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_or_run_on(text in "[<>/!?\\[\\]a-c=\"'&;#x0-9 é-]{0,80}") {
            prop_assert!(Reader::new(&text).count() <= text.len() + 1);
        }
    }
}
