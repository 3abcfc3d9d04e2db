//! What git tells a pre-push hook on its standard input: one ref update a line.
//!
//! `<local ref> SP <local id> SP <remote ref> SP <remote id> LF`. The local ref may be any expression,
//! blanks included (`HEAD@{1 day ago}`), so a line is read from its end.

use bstr::{BString, ByteSlice};

use crate::repository::Id;

/// One ref that is pushed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Update {
    /// What the user named: a ref, an expression, or `(delete)`.
    pub local_ref: BString,
    /// What is pushed; none when the ref is deleted.
    pub local: Option<Id>,
    /// The ref at the remote.
    pub remote_ref: BString,
    /// What the remote has there; none when the ref is new.
    pub remote: Option<Id>,
}

impl Update {
    /// The short name of the remote branch; none for tags and other refs.
    pub fn branch(&self) -> Option<String> {
        let short = self.remote_ref.strip_prefix(b"refs/heads/")?;
        Some(short.to_str_lossy().into_owned())
    }
}

/// A line that is no ref update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Its number, from 1.
    pub line: usize,
    /// Its text, cut to a length that can be shown.
    pub text: String,
}

/// The most characters of a malformed line that are worth showing.
const SHOWN: usize = 120;

/// Reads all lines. Never fails: what is no update is returned as such, to be said aloud.
pub fn parse(input: &[u8]) -> (Vec<Update>, Vec<Malformed>) {
    let (mut updates, mut malformed) = (Vec::new(), Vec::new());
    for (at, line) in input.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.trim_ascii().is_empty() {
            continue;
        }
        match update(line) {
            Some(update) => updates.push(update),
            None => malformed.push(Malformed {
                line: at + 1,
                text: line.to_str_lossy().chars().take(SHOWN).collect(),
            }),
        }
    }
    (updates, malformed)
}

fn update(line: &[u8]) -> Option<Update> {
    let mut fields = line.rsplitn(4, |byte| *byte == b' ');
    let remote = Id::parse(fields.next()?)?;
    let remote_ref = fields.next()?;
    let local = Id::parse(fields.next()?)?;
    let local_ref = fields.next()?;
    let is_name = |name: &[u8]| !name.is_empty() && !name.iter().any(u8::is_ascii_control);
    let fits = local.as_bytes().len() == remote.as_bytes().len();
    (fits && is_name(local_ref) && is_name(remote_ref)).then(|| Update {
        local_ref: local_ref.into(),
        local: Some(local).filter(|id| !id.is_zero()),
        remote_ref: remote_ref.into(),
        remote: Some(remote).filter(|id| !id.is_zero()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(digit: &str) -> String {
        digit.repeat(40)
    }

    #[test]
    fn updates_new_branches_and_deletions_are_told_apart() {
        let input = format!(
            "refs/heads/a {} refs/heads/a {}\n\
             HEAD@{{1 day ago}} {} refs/heads/b c {}\r\n\
             (delete) {} refs/tags/v1 {}",
            id("1"),
            id("2"),
            id("3"),
            id("0"),
            id("0"),
            id("4"),
        );
        // A blank in a remote ref is impossible, and shifts the fields: the line is said aloud.
        let (updates, malformed) = parse(input.as_bytes());
        assert_eq!(malformed.len(), 1);
        assert_eq!(malformed[0].line, 2);
        assert_eq!(updates[0].branch().as_deref(), Some("a"));
        assert_eq!(updates[1].local, None);
        assert_eq!(updates[1].branch(), None);

        let line = format!(
            "HEAD@{{1 day ago}} {} refs/heads/b {}\r\n",
            id("3"),
            id("0")
        );
        let (updates, malformed) = parse(line.as_bytes());
        assert_eq!(malformed, []);
        assert_eq!(updates[0].local_ref, "HEAD@{1 day ago}");
        assert_eq!(updates[0].remote, None);
    }

    #[test]
    fn sha_256_zeros_mean_nothing_too() {
        let line = format!("a {} b {}\n", "e".repeat(64), "0".repeat(64));
        let (updates, _) = parse(line.as_bytes());
        assert!(updates[0].local.is_some() && updates[0].remote.is_none());
        let mixed = format!("a {} b {}\n", "e".repeat(64), id("0"));
        assert_eq!(parse(mixed.as_bytes()).1.len(), 1);
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(parse(b""), (vec![], vec![]));
        assert_eq!(parse(b"\n\r\n  \n"), (vec![], vec![]));
    }

    proptest! {
        #[test]
        fn any_bytes_are_updates_or_said_aloud(input in prop::collection::vec(any::<u8>(), 0..400)) {
            let (updates, malformed) = parse(&input);
            let lines = input.split(|b| *b == b'\n').filter(|l| !l.trim_ascii().is_empty());
            prop_assert_eq!(updates.len() + malformed.len(), lines.count());
        }

        #[test]
        fn what_git_writes_is_read(
            local in "[ -~]{1,30}[!-~]",
            remote in "refs/[!-~]{1,30}",
            a in "[0-9a-f]{40}",
            b in "[0-9a-f]{40}",
        ) {
            let (updates, malformed) = parse(format!("{local} {a} {remote} {b}\n").as_bytes());
            prop_assert!(malformed.is_empty());
            prop_assert_eq!(&updates[0].local_ref, &local);
            prop_assert_eq!(&updates[0].remote_ref, &remote);
            prop_assert_eq!(updates[0].local, Id::parse(&a).filter(|id| !id.is_zero()));
            prop_assert_eq!(updates[0].remote, Id::parse(&b).filter(|id| !id.is_zero()));
        }
    }
}
