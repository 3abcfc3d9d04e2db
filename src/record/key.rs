//! Keys: 256 bits of everything that a pass depends on.

use std::fmt;

/// What a pass depends on, as one number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 32]);

impl Key {
    /// The raw bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// A key from its digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        blake3::Hash::from_hex(text)
            .ok()
            .map(|hash| Self(hash.into()))
    }

    /// The first digits: which of the folders a record lies in.
    pub(super) fn shard(&self) -> u8 {
        self.0[0]
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Puts a key together. Each field goes in with its length, so that no two lists of fields are one.
#[derive(Clone)]
pub struct Fields(blake3::Hasher);

impl Fields {
    /// A key of this kind. Two kinds never share a key.
    pub fn new(kind: &str) -> Self {
        let mut fields = Self(blake3::Hasher::new());
        fields.bytes(kind.as_bytes());
        fields
    }

    /// One field.
    pub fn bytes(&mut self, field: &[u8]) -> &mut Self {
        self.number(field.len() as u64);
        self.0.update(field);
        self
    }

    /// One field of text.
    pub fn text(&mut self, field: &str) -> &mut Self {
        self.bytes(field.as_bytes())
    }

    /// A number, always as long as any other.
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.0.update(&number.to_le_bytes());
        self
    }

    /// A list: how many fields it has, then each of them.
    pub fn list<T: AsRef<[u8]>>(&mut self, fields: &[T]) -> &mut Self {
        self.number(fields.len() as u64);
        for field in fields {
            self.bytes(field.as_ref());
        }
        self
    }

    /// The key.
    pub fn key(&self) -> Key {
        Key(*self.0.finalize().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn key(lists: &[Vec<Vec<u8>>]) -> Key {
        let mut fields = Fields::new("test");
        for list in lists {
            fields.list(list);
        }
        fields.key()
    }

    proptest! {
        #[test]
        fn lists_that_differ_have_keys_that_differ(
            lists in prop::collection::vec(
                prop::collection::vec(prop::collection::vec(0_u8..3, 0..3), 0..3),
                1..40,
            )
        ) {
            // The same bytes, shared out among fields and lists in another way.
            let distinct: BTreeSet<_> = lists.iter().collect();
            let keys: BTreeSet<_> = distinct.iter().map(|list| key(&[(**list).clone()])).collect();
            prop_assert_eq!(keys.len(), distinct.len());
        }
    }

    #[test]
    fn a_boundary_that_moves_is_another_key() {
        let list = |words: &[&str]| words.iter().map(|word| word.as_bytes().to_vec()).collect();
        let keys = [
            key(&[list(&["ab", "c"])]),
            key(&[list(&["a", "bc"])]),
            key(&[list(&["a"]), list(&["bc"])]),
            key(&[list(&["abc"]), list(&[])]),
            key(&[list(&["abc"])]),
            key(&[list(&["abc", ""])]),
        ];
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
        assert_ne!(Fields::new("a").key(), Fields::new("b").key());
        assert_eq!(keys[0].to_string().len(), 64);
    }
}
