//! Secrets that nobody hands out: a program's own, which any long random text is good for.

use crate::schema::{Kind, Variable};

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Make {
    /// Letters, digits, `-` and `_`.
    Text,
    Hex,
    Base64,
    /// A key of Fernet: 32 bytes in base64 for URLs, padding included.
    Fernet,
}

/// Words that say that a value is a program's own.
const OWN: [&str; 8] = [
    "SECRET",
    "SESSION",
    "JWT",
    "ENCRYPTION",
    "COOKIE",
    "COOKIES",
    "SALT",
    "FERNET",
];

/// What may stand beside them. Anything else may be the name of somebody who hands the secret out.
const BESIDE: [&str; 39] = [
    "ACCESS",
    "ADMIN",
    "APP",
    "APPLICATION",
    "AUTH",
    "BETTER",
    "CSRF",
    "CRYPT",
    "DATA",
    "DEV",
    "DJANGO",
    "ENCRYPT",
    "EXPRESS",
    "FIELD",
    "FLASK",
    "HASH",
    "HASHING",
    "HMAC",
    "ID",
    "IRON",
    "KEY",
    "KEYS",
    "MASTER",
    "NEXT",
    "NEXTAUTH",
    "PASSWORD",
    "PAYLOAD",
    "PREVIEW",
    "RAILS",
    "REFRESH",
    "REVALIDATE",
    "REVALIDATION",
    "SERVER",
    "SIGN",
    "SIGNING",
    "STORE",
    "TOKEN",
    "TOKENS",
    "BASE",
];

/// The shortest that is made.
const SHORTEST: usize = 43;

/// 32 bytes in base64.
const KEY: usize = 44;

/// No schema wants more, and nobody types it.
const LONGEST: usize = 4096;

/// What may be made for a variable, if anything: a secret of the program itself with no shape but its length.
pub(super) fn kind(variable: &Variable) -> Option<Make> {
    let has_shape = variable.prefix.is_some()
        || variable.suffix.is_some()
        || variable.pattern.is_some()
        || variable.constant.is_some()
        || variable.choices.is_some()
        || variable.schemes.is_some()
        || variable.hosts.is_some()
        || variable.default.is_some();
    if !variable.is_secret() || has_shape || variable.is_provided() || !is_own(&variable.name) {
        return None;
    }
    let said = variable.description.as_ref();
    let is_said = said.is_some_and(|said| said.value.to_ascii_lowercase().contains("fernet"));
    let is_fernet = is_said || variable.name.contains("FERNET");
    match variable.kind() {
        Kind::Text | Kind::Base64 if is_fernet => Some(Make::Fernet),
        Kind::Text if variable.min_length.is_some() => Some(Make::Text),
        Kind::Hex if variable.min_length.is_some() => Some(Make::Hex),
        Kind::Base64 if variable.min_length.is_some() => Some(Make::Base64),
        _ => None,
    }
}

/// Whether a name says that the secret is the program's own.
fn is_own(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let mut parts = name.split('_').peekable();
    let says = name.split('_').any(|part| OWN.contains(&part));
    says && parts.all(|part| OWN.contains(&part) || BESIDE.contains(&part))
}

/// A value of that kind and of the length that the schema wants.
pub(super) fn value(
    make: Make,
    variable: &Variable,
    chance: &mut dyn FnMut(&mut [u8]) -> bool,
) -> Option<String> {
    let number = |said: u64| usize::try_from(said).unwrap_or(usize::MAX);
    let least = variable.min_length.as_ref().map(|said| number(said.value));
    let least = least.unwrap_or(0);
    let most = variable.max_length.as_ref().map(|said| number(said.value));
    let most = most.unwrap_or(LONGEST).min(LONGEST);
    // What wants base64 mostly wants a key of 32 bytes.
    let is_key = make == Make::Base64 && least <= KEY && KEY <= most;
    if make == Make::Fernet || is_key {
        let mut bytes = [0; 32];
        return chance(&mut bytes).then(|| base64(&bytes, true));
    }
    let length = least.max(SHORTEST).min(most);
    if length < least || length < 16 {
        return None;
    }
    let mut bytes = vec![0; length];
    if !chance(&mut bytes) {
        return None;
    }
    Some(match make {
        Make::Hex => {
            let even = if length % 2 == 1 && length < most {
                length + 1
            } else {
                length
            };
            let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            digits
                .take(even)
                .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
                .collect()
        }
        Make::Base64 => {
            // Whole groups need no padding.
            let groups = length.div_ceil(4);
            let groups = if groups * 4 > most { most / 4 } else { groups };
            base64(bytes.get(..groups * 3)?, true)
        }
        Make::Text | Make::Fernet => base64(&bytes, false).chars().take(length).collect(),
    })
}

/// Base64 for URLs.
fn base64(bytes: &[u8], is_padded: bool) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for letter in 0..4 {
            if letter <= group.len() {
                let six = (bits >> (18 - 6 * letter)) & 63;
                text.push(char::from(ALPHABET[six as usize]));
            } else if is_padded {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    fn variable(name: &str, fields: &str) -> Variable {
        let text = format!("variables:\n  {name}: {{ {fields} }}\n");
        let read = schema::read(schema::PATH, text.as_bytes()).unwrap();
        read.schema.variables[0].clone()
    }

    /// Bytes that count.
    fn counting() -> impl FnMut(&mut [u8]) -> bool {
        let mut next = 0_u8;
        move |bytes: &mut [u8]| {
            for byte in bytes {
                *byte = next;
                next = next.wrapping_add(37);
            }
            true
        }
    }

    #[test]
    fn only_a_programs_own_secrets_are_made() {
        let long = "secret: true, min_length: 32";
        for (name, fields, make) in [
            ("SESSION_SECRET", long, Some(Make::Text)),
            ("NEXTAUTH_SECRET", long, Some(Make::Text)),
            ("JWT_REFRESH_SECRET", long, Some(Make::Text)),
            (
                "COOKIE_KEY",
                "type: hex, secret: true, min_length: 64",
                Some(Make::Hex),
            ),
            (
                "PASSWORD_SALT",
                "type: base64, secret: true, min_length: 24",
                Some(Make::Base64),
            ),
            ("FERNET_KEY", "secret: true", Some(Make::Fernet)),
            (
                "ENCRYPTION_KEY",
                "secret: true, type: base64, description: a Fernet key",
                Some(Make::Fernet),
            ),
            ("STRIPE_WEBHOOK_SECRET", long, None),
            ("GOOGLE_CLIENT_SECRET", long, None),
            ("CLERK_SECRET_KEY", long, None),
            ("SUPABASE_JWT_SECRET", long, None),
            ("API_TOKEN", long, None),
            ("SESSION_SECRET", "min_length: 32", None),
            ("SESSION_SECRET", "secret: true", None),
            (
                "SESSION_SECRET",
                "secret: true, min_length: 32, prefix: s_",
                None,
            ),
            (
                "SESSION_SECRET",
                "secret: true, min_length: 32, provided_by: railway",
                None,
            ),
            (
                "SESSION_SECRET",
                "secret: true, min_length: 32, default: x12345678901234567890123456789012",
                None,
            ),
        ] {
            assert_eq!(kind(&variable(name, fields)), make, "{name} {fields}");
        }
    }

    #[test]
    fn lengths_are_what_the_schema_wants() {
        for (fields, make, length) in [
            ("min_length: 32", Make::Text, 43),
            ("min_length: 100", Make::Text, 100),
            ("min_length: 20, max_length: 24", Make::Text, 24),
            ("type: hex, min_length: 32", Make::Hex, 44),
            ("type: hex, min_length: 64, max_length: 64", Make::Hex, 64),
            ("type: base64, min_length: 32", Make::Base64, 44),
            (
                "type: base64, min_length: 32, max_length: 42",
                Make::Base64,
                40,
            ),
            ("type: base64, min_length: 50", Make::Base64, 52),
        ] {
            let variable = variable("JWT_SECRET", &format!("secret: true, {fields}"));
            let made = value(make, &variable, &mut counting()).unwrap();
            assert_eq!(made.len(), length, "{fields}");
        }
        let short = variable("JWT_SECRET", "secret: true, min_length: 4, max_length: 8");
        assert_eq!(value(Make::Text, &short, &mut counting()), None);
        let any = variable("JWT_SECRET", "secret: true, min_length: 40");
        assert_eq!(value(Make::Text, &any, &mut |_| false), None);
    }

    #[test]
    fn base64_is_what_everybody_knows() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"\xfb\xff\xfe", "-__-"),
        ] {
            assert_eq!(base64(bytes, true), text);
            assert_eq!(base64(bytes, false), text.trim_end_matches('='));
        }
        let fernet = variable("FERNET_KEY", "secret: true");
        let made = value(Make::Fernet, &fernet, &mut counting()).unwrap();
        assert!(made.len() == 44 && made.ends_with('='), "{made}");
    }
}
