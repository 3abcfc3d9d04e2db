//! Text that comes piece by piece, cleaned of secrets that lie across the seams.

use crate::secret::Redactor;

/// How often another seam is tried where a secret lies across the first one.
const TRIES: usize = 4;

/// Text that cannot be shown yet: it may end with the beginning of a secret.
pub(super) struct Held<'a> {
    redactor: &'a Redactor,
    /// Raw text.
    text: String,
    /// More than this is never held.
    limit: usize,
}

impl<'a> Held<'a> {
    pub(super) fn new(redactor: &'a Redactor, limit: usize) -> Self {
        Self {
            redactor,
            text: String::new(),
            limit: limit.max(4 * redactor.longest()),
        }
    }

    /// Takes text; gives on what can be shown.
    pub(super) fn push(&mut self, text: &str, shown: &mut String) {
        // What is searched for just now may stand in this text.
        self.redactor.wait();
        // A secret that is not complete yet begins within the last `reach` bytes.
        let Some(reach) = self.redactor.longest().checked_sub(1) else {
            shown.push_str(text);
            return;
        };
        self.text.push_str(text);
        let whole = self.redactor.apply(&self.text);
        let untouched = whole == self.text;
        let mut seam = self.text.len();
        for _ in 0..TRIES {
            seam = self.text.floor_char_boundary(seam.saturating_sub(reach));
            let (head, tail) = self.text.split_at(seam);
            let clean = self.redactor.apply(head);
            // No secret lies across the seam: both sides give what the whole gives.
            let whole_again = || [&*clean, &*self.redactor.apply(tail)].concat() == whole;
            if untouched || whole_again() {
                shown.push_str(&clean);
                self.text.drain(..seam);
                return;
            }
        }
        if self.text.len() > self.limit {
            // Nothing but secrets, end to end: hide them all and keep what may be the next one's beginning.
            let clean = whole.into_owned();
            let seam = clean.floor_char_boundary(clean.len().saturating_sub(reach));
            shown.push_str(&clean[..seam]);
            clean[seam..].clone_into(&mut self.text);
        }
    }

    /// Gives on the rest: nothing more comes.
    pub(super) fn finish(&mut self, shown: &mut String) {
        shown.push_str(&self.redactor.apply(&self.text));
        self.text.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::secret::Secret;

    fn in_pieces(redactor: &Redactor, text: &str, sizes: &[usize]) -> String {
        let mut held = Held::new(redactor, 4096);
        let (mut shown, mut rest) = (String::new(), text);
        let mut sizes = sizes.iter().cycle();
        while !rest.is_empty() {
            let size = *sizes.next().unwrap();
            let at = rest.ceil_char_boundary(size.min(rest.len()));
            held.push(&rest[..at], &mut shown);
            rest = &rest[at..];
        }
        held.finish(&mut shown);
        shown
    }

    #[test]
    fn a_secret_that_begins_like_another_is_hidden_whole() {
        let (short, long) = (
            Secret::new("https://cache.x"),
            Secret::new("https://cache.x/registry"),
        );
        let redactor = Redactor::new([("A", &short), ("B", &long)]);
        let text = format!("see {} and {}.", long.reveal(), short.reveal());
        for size in 1..40 {
            assert_eq!(
                in_pieces(&redactor, &text, &[size]),
                "see [B hidden] and [A hidden].",
                "in pieces of {size}"
            );
        }
    }

    #[test]
    fn a_secret_of_several_lines_is_hidden() {
        let key = Secret::new("-----BEGIN\nabcdef\nghijkl\n-----END");
        let redactor = Redactor::new([("KEY", &key)]);
        for size in 1..50 {
            let text = format!("a\n{}\nb\n", key.reveal());
            assert_eq!(in_pieces(&redactor, &text, &[size]), "a\n[KEY hidden]\nb\n");
        }
    }

    #[test]
    fn nothing_but_secrets_is_hidden_in_bounded_memory() {
        let secret = Secret::new("s3cr3ts3cr3t-value");
        let redactor = Redactor::new([("S", &secret)]);
        let text = secret.reveal().repeat(5000);
        let shown = in_pieces(&redactor, &text, &[1021]);
        assert!(!shown.contains("s3cr3t"), "{shown}");
        let mut held = Held::new(&redactor, 4096);
        for _ in 0..1000 {
            held.push(secret.reveal(), &mut String::new());
            assert!(held.text.len() <= 8192);
        }
    }

    proptest! {
        #[test]
        fn no_seam_changes_what_is_shown(
            words in prop::collection::vec("[abü\n]{0,9}|token-of-all|tökén\nnumber2", 0..40),
            sizes in prop::collection::vec(1_usize..50, 1..8),
        ) {
            let (first, second) = (Secret::new("token-of-all"), Secret::new("tökén\nnumber2"));
            let redactor = Redactor::new([("A", &first), ("B", &second)]);
            let text = words.concat();
            prop_assert_eq!(in_pieces(&redactor, &text, &sizes), redactor.apply(&text));
        }
    }
}
