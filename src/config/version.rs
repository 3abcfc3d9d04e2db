//! Versions of guard, as far as `min_version` compares them.

use std::fmt;

/// MAJOR.MINOR.PATCH.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(u64, u64, u64);

impl Version {
    /// The version of this guard.
    pub(super) fn own() -> Self {
        Self::parse(env!("CARGO_PKG_VERSION")).expect("the package's version has three numbers")
    }

    /// Reads `0.1` or `0.1.0`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let numbers: Option<Vec<u64>> = text.split('.').map(number).collect();
        match numbers?[..] {
            [major, minor] => Some(Self(major, minor, 0)),
            [major, minor, patch] => Some(Self(major, minor, patch)),
            _ => None,
        }
    }
}

fn number(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(Version::parse("0.10").unwrap() > Version::parse("0.9.9").unwrap());
        assert_eq!(Version::parse("1.2"), Version::parse("1.2.0"));
        for text in [
            "",
            "1",
            "1.",
            "1.2.3.4",
            "v1.2",
            "1.2-rc1",
            "+1.2",
            "1.99999999999999999999",
        ] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
        assert_eq!(Version::own().to_string(), env!("CARGO_PKG_VERSION"));
    }
}
