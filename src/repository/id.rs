//! An object's id, SHA-1 or SHA-256, as a small value.

use std::fmt;

use serde::{Serialize, Serializer};

/// The id of a commit, tree, blob or tag.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    bytes: [u8; 32],
    length: u8,
}

impl Id {
    /// An id from its raw bytes: 20 for SHA-1, 32 for SHA-256.
    pub fn from_bytes(raw: &[u8]) -> Option<Self> {
        if raw.len() != 20 && raw.len() != 32 {
            return None;
        }
        let mut bytes = [0; 32];
        bytes[..raw.len()].copy_from_slice(raw);
        let length = u8::try_from(raw.len()).ok()?;
        Some(Self { bytes, length })
    }

    /// An id from all of its hexadecimal digits, upper or lower case.
    pub fn parse(text: impl AsRef<[u8]>) -> Option<Self> {
        let text = text.as_ref();
        if text.len() != 40 && text.len() != 64 {
            return None;
        }
        let mut raw = [0; 32];
        for (byte, pair) in raw.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Self::from_bytes(&raw[..text.len() / 2])
    }

    /// The raw bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    /// Whether git means "no object" by it.
    pub fn is_zero(&self) -> bool {
        self.bytes == [0; 32]
    }

    /// The first digits, as people write it.
    pub fn short(&self) -> String {
        let mut text = self.to_string();
        text.truncate(8);
        text
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_whole_ids_are_ids() {
        for bad in ["", "abc", &"g".repeat(40), &"0".repeat(39), &"é".repeat(20)] {
            assert_eq!(Id::parse(bad), None, "{bad}");
        }
        assert!(Id::parse("0".repeat(40)).unwrap().is_zero());
        assert!(Id::parse("0".repeat(64)).unwrap().is_zero());
        let id = Id::parse("00112233445566778899AABBCCDDEEFF00112233").unwrap();
        assert_eq!(id.short(), "00112233");
        assert!(!id.is_zero());
    }

    proptest! {
        #[test]
        fn an_id_survives_being_written_and_read(
            raw in prop_oneof![prop::collection::vec(any::<u8>(), 20), prop::collection::vec(any::<u8>(), 32)]
        ) {
            let id = Id::from_bytes(&raw).unwrap();
            prop_assert_eq!(Id::parse(id.to_string()), Some(id));
            prop_assert_eq!(id.as_bytes(), &raw[..]);
        }
    }
}
