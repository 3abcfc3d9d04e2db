//! Leads every mention of the original work tree into the checkout.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use bstr::ByteSlice;

/// The two places.
#[derive(Clone, Debug)]
pub(crate) struct Repoint {
    /// The original as it is called, links resolved and not, the longest first.
    from: Vec<PathBuf>,
    to: PathBuf,
}

impl Repoint {
    /// From the original work tree to the checkout.
    pub(crate) fn new(original: &Path, checkout: &Path) -> Self {
        let mut from = vec![original.to_owned()];
        if let Ok(real) = original.canonicalize()
            && real != original
        {
            from.push(real);
        }
        // A root is mentioned by every path there is.
        from.retain(|path| path.is_absolute() && path.parent().is_some());
        from.sort_by_key(|path| std::cmp::Reverse(path.as_os_str().len()));
        Self {
            from,
            to: checkout.to_owned(),
        }
    }

    /// One more place that is the original by another name.
    #[cfg(unix)]
    pub(crate) fn also(&mut self, other: &Path) {
        if !self.from.iter().any(|from| from == other) && other.parent().is_some() {
            self.from.push(other.to_owned());
            self.from
                .sort_by_key(|path| std::cmp::Reverse(path.as_os_str().len()));
        }
    }

    /// The checkout.
    #[cfg(unix)]
    pub(crate) fn checkout(&self) -> &Path {
        &self.to
    }

    /// Where a path lies below the original; a path in the checkout does not, wherever that is.
    pub(crate) fn below<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        if path.starts_with(&self.to) {
            return None;
        }
        self.from
            .iter()
            .find_map(|from| path.strip_prefix(from).ok())
    }

    /// The same place in the checkout.
    pub(crate) fn path(&self, path: &Path) -> Option<PathBuf> {
        let rest = self.below(path)?;
        // Joining an empty path would add a slash, and `X/` is not `X` to every tool.
        Some(if rest.as_os_str().is_empty() {
            self.to.clone()
        } else {
            self.to.join(rest)
        })
    }

    /// A text with every mention replaced; borrowed where there is none.
    #[cfg(unix)]
    pub(crate) fn text<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        self.text_where(text, &|_| true)
    }

    /// The same for those mentions whose place in the checkout pleases `wanted`.
    pub(crate) fn text_where<'a>(
        &self,
        text: &'a [u8],
        wanted: &dyn Fn(&Path) -> bool,
    ) -> Cow<'a, [u8]> {
        let to = bytes(self.to.as_os_str());
        let mut made: Vec<u8> = Vec::new();
        let mut done = 0;
        let mut at = 0;
        while let Some((found, from)) = self.next(text, at) {
            let end = found + from.len();
            at = end;
            let within = text[found..].starts_with(&to) && ends_name(&text[found + to.len()..]);
            if within || !begins(&text[..found]) || !ends_name(&text[end..]) {
                continue;
            }
            let tail = &text[end..];
            let tail = &tail[..tail
                .iter()
                .position(|b| ends_path(*b))
                .unwrap_or(tail.len())];
            if !wanted(
                &self
                    .to
                    .join(path_of(tail.strip_prefix(b"/").unwrap_or(tail))),
            ) {
                continue;
            }
            made.extend_from_slice(&text[done..found]);
            made.extend_from_slice(&to);
            done = end;
        }
        if done == 0 {
            return Cow::Borrowed(text);
        }
        made.extend_from_slice(&text[done..]);
        Cow::Owned(made)
    }

    /// The next place where the original is spelled, the longest spelling first.
    fn next(&self, text: &[u8], at: usize) -> Option<(usize, Vec<u8>)> {
        self.from
            .iter()
            .filter_map(|from| {
                let from = bytes(from.as_os_str()).into_owned();
                Some((at + text[at..].find(&from)?, from))
            })
            .min_by_key(|(found, from)| (*found, std::cmp::Reverse(from.len())))
    }

    /// The same for what a variable holds.
    pub(crate) fn os(&self, text: &OsStr, wanted: &dyn Fn(&Path) -> bool) -> OsString {
        match self.text_where(&bytes(text), wanted) {
            Cow::Borrowed(_) => text.to_owned(),
            Cow::Owned(made) => path_of(&made).into_os_string(),
        }
    }
}

/// Whether an absolute path may begin after this text: not in the middle of a longer one.
fn begins(before: &[u8]) -> bool {
    match before {
        [] => true,
        // `-I/place`: a flag with its value.
        [rest @ .., b'-', flag] if flag.is_ascii_alphabetic() => {
            rest.last().is_none_or(u8::is_ascii_whitespace)
        }
        [.., last] => !names(*last),
    }
}

/// Whether a name has ended where this text begins.
fn ends_name(after: &[u8]) -> bool {
    after.first().is_none_or(|first| !names(*first))
}

fn names(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.@+~".contains(&byte) || byte >= 0x80
}

fn ends_path(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b":;,\"'`|<>()\0".contains(&byte)
}

/// The bytes of a system's string; off Unix those of its text.
pub(crate) fn bytes(text: &OsStr) -> Cow<'_, [u8]> {
    #[cfg(unix)]
    {
        Cow::Borrowed(std::os::unix::ffi::OsStrExt::as_bytes(text))
    }
    #[cfg(not(unix))]
    {
        match text.to_string_lossy() {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    }
}

/// The path that these bytes spell.
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    crate::path::RepoPath::new(bytes).to_os()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(text: &str) -> String {
        let repoint = Repoint::new(Path::new("/w/app"), Path::new("/s/tree"));
        String::from_utf8(repoint.text(text.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn mentions_are_replaced_and_neighbours_stay() {
        for (from, to) in [
            ("/w/app", "/s/tree"),
            ("/w/app/", "/s/tree/"),
            ("/w/app/bin:/bin:/w/app", "/s/tree/bin:/bin:/s/tree"),
            (
                "-I/w/app/include -L/w/app/l",
                "-I/s/tree/include -L/s/tree/l",
            ),
            ("file:///w/app/src", "file:///s/tree/src"),
            ("{'a': '/w/app/a'}", "{'a': '/s/tree/a'}"),
            ("#!/w/app/.venv/bin/python", "#!/s/tree/.venv/bin/python"),
            ("/w/app2/bin", "/w/app2/bin"),
            ("/w/app.bak", "/w/app.bak"),
            ("/srv/w/app", "/srv/w/app"),
            ("/x-I/w/app", "/x-I/w/app"),
            ("", ""),
        ] {
            assert_eq!(moved(from), to, "{from}");
        }
    }

    #[test]
    fn a_checkout_inside_the_original_is_left_alone() {
        let repoint = Repoint::new(Path::new("/srv/u"), Path::new("/srv/u/.state/tree"));
        let text = b"/srv/u/.state/tree/bin:/srv/u/bin";
        assert_eq!(
            repoint.text(text).as_bstr(),
            "/srv/u/.state/tree/bin:/srv/u/.state/tree/bin"
        );
        assert_eq!(repoint.path(Path::new("/srv/u/.state/tree/x")), None);
        assert_eq!(
            repoint.path(Path::new("/srv/u")),
            Some("/srv/u/.state/tree".into())
        );
    }

    #[test]
    fn only_wanted_mentions_move() {
        let repoint = Repoint::new(Path::new("/w"), Path::new("/s"));
        let wanted = |path: &Path| path == Path::new("/s/in/bin");
        assert_eq!(
            repoint
                .text_where(b"/w/in/bin:/w/out:/w", &wanted)
                .as_bstr(),
            "/s/in/bin:/w/out:/w"
        );
    }
}
