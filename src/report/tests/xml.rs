//! A small reader of XML 1.0, strict about what the format may hold.

use std::collections::BTreeMap;

/// An element; the text is that of its own level.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) children: Vec<Element>,
    pub(super) text: String,
}

/// The document's one element.
pub(super) fn read(text: &str) -> Result<Element, String> {
    if let Some(c) = text.chars().find(|c| !is_allowed(*c)) {
        return Err(format!("{c:?} is no character of XML"));
    }
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let rest = text.strip_prefix(head).ok_or("no declaration")?;
    let (root, behind) = element(rest.trim_start())?;
    match behind.trim() {
        "" => Ok(root),
        more => Err(format!("behind the end: {more}")),
    }
}

fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

fn element(text: &str) -> Result<(Element, &str), String> {
    let text = text.strip_prefix('<').ok_or("an element begins with <")?;
    let (head, mut rest) = text.split_once('>').ok_or("a tag has no end")?;
    let (head, is_empty) = match head.strip_suffix('/') {
        Some(head) => (head, true),
        None => (head, false),
    };
    let (name, attributes) = head.split_once(' ').unwrap_or((head, ""));
    let mut element = Element {
        name: name.to_owned(),
        attributes: self::attributes(attributes)?,
        ..Element::default()
    };
    if is_empty {
        return Ok((element, rest));
    }
    let end = format!("</{name}>");
    loop {
        let (text, behind) = rest.split_at(rest.find('<').ok_or("an element has no end")?);
        element.text.push_str(&plain(text)?);
        if let Some(behind) = behind.strip_prefix(end.as_str()) {
            return Ok((element, behind));
        }
        let (child, behind) = self::element(behind)?;
        element.children.push(child);
        rest = behind;
    }
}

fn attributes(mut text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    while !text.trim().is_empty() {
        let (name, rest) = text.split_once("=\"").ok_or("an attribute has no value")?;
        let (value, rest) = rest.split_once('"').ok_or("a value has no end")?;
        if value.contains(['<', '\n', '\t']) {
            return Err(format!("{value:?} would be read otherwise"));
        }
        if found
            .insert(name.trim().to_owned(), plain(value)?)
            .is_some()
        {
            return Err(format!("{name} is there twice"));
        }
        text = rest;
    }
    Ok(found)
}

fn plain(text: &str) -> Result<String, String> {
    if text.contains("]]>") {
        return Err("]]> stands in text".to_owned());
    }
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        plain.push_str(before);
        let (name, behind) = behind.split_once(';').ok_or("a reference has no end")?;
        plain.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            other => return Err(format!("&{other}; is not known")),
        });
        rest = behind;
    }
    Ok(plain + rest)
}

#[test]
fn the_reader_refuses_what_xml_refuses() {
    let document = |inner: &str| format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{inner}\n");
    for wrong in [
        "<a>\u{1b}</a>",
        "<a>]]></a>",
        "<a>&</a>",
        "<a b=\"<\"/>",
        "<a>",
        "<a></b>",
        "<a/><a/>",
        "<a b=\"1\" b=\"2\"/>",
    ] {
        assert!(read(&document(wrong)).is_err(), "{wrong}");
    }
    let right = read(&document("<a b=\"&quot;\">x<c/>&lt;y</a>")).unwrap();
    assert_eq!((right.text.as_str(), right.children.len()), ("x<y", 1));
    assert_eq!(right.attributes["b"], "\"");
}
