//! Names that are never laid out: they would leave the tree, or be taken for git's own files.

use std::collections::HashMap;

/// Characters that HFS+ does not see in a name.
const UNSEEN: [char; 16] = [
    '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}',
    '\u{202e}', '\u{206a}', '\u{206b}', '\u{206c}', '\u{206d}', '\u{206e}', '\u{206f}', '\u{feff}',
];

/// Why a path must not be laid out; none when it may.
pub(crate) fn refused(path: &[u8]) -> Option<&'static str> {
    if path.contains(&0) {
        return Some("it has a NUL byte in it");
    }
    path.split(|byte| *byte == b'/').find_map(refused_name)
}

fn refused_name(name: &[u8]) -> Option<&'static str> {
    match name {
        b"" => Some("it is absolute, or a part of it has no name"),
        b"." | b".." => Some("it leads out of its folder"),
        _ if is_gits(name) => Some("it would be taken for git's own folder"),
        _ => refused_here(name),
    }
}

/// Whether some file system takes the name for `.git`.
fn is_gits(name: &[u8]) -> bool {
    // NTFS does not see what follows a colon, nor dots and blanks at the end.
    let seen = name.split(|byte| *byte == b':').next().unwrap_or(name);
    let end = seen.iter().rposition(|byte| !matches!(byte, b' ' | b'.'));
    let seen = end.map_or(&seen[..0], |end| &seen[..=end]);
    if seen.eq_ignore_ascii_case(b".git") || seen.eq_ignore_ascii_case(b"git~1") {
        return true;
    }
    // A backslash separates names on Windows.
    if name.contains(&b'\\') && name.split(|byte| *byte == b'\\').any(is_gits) {
        return true;
    }
    name.contains(&0xe2) | name.contains(&0xef) && {
        let text = String::from_utf8_lossy(name);
        let seen: String = text.chars().filter(|c| !UNSEEN.contains(c)).collect();
        seen.eq_ignore_ascii_case(".git")
    }
}

/// Two of the paths that differ in capitals alone, where there are such.
pub(crate) fn collision<'p>(paths: impl Iterator<Item = &'p [u8]>) -> Option<(&'p [u8], &'p [u8])> {
    let mut seen = HashMap::new();
    paths.into_iter().find_map(|path| {
        let folded = String::from_utf8_lossy(path).to_lowercase();
        seen.insert(folded, path).map(|other| (other, path))
    })
}

#[cfg(not(windows))]
fn refused_here(_: &[u8]) -> Option<&'static str> {
    None
}

#[cfg(windows)]
fn refused_here(name: &[u8]) -> Option<&'static str> {
    const DEVICES: [&str; 7] = ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];
    let text = String::from_utf8_lossy(name).to_lowercase();
    let stem = text.split('.').next().unwrap_or_default().trim_end();
    let is_numbered = ["com", "lpt"].iter().any(|port| {
        let number = stem.strip_prefix(port);
        number.is_some_and(|number| number.chars().count() == 1 && number != "0")
    });
    let is_odd =
        text.ends_with(['.', ' ']) || text.contains(['\\', ':', '*', '?', '"', '<', '>', '|']);
    (is_odd || is_numbered || DEVICES.contains(&stem) || std::str::from_utf8(name).is_err())
        .then_some("this system cannot have such a name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_git_would_not_lay_out_are_refused() {
        for bad in [
            &b""[..],
            b"/etc/passwd",
            b"a//b",
            b"a/",
            b"..",
            b"a/../b",
            b"./a",
            b"a/.",
            b".git",
            b"a/.git/config",
            b".GIT/hooks/post-checkout",
            b".gIt",
            b".git ",
            b".git.",
            b".git . .",
            b"git~1",
            b"GIT~1/x",
            b".git::$INDEX_ALLOCATION/config",
            b"a\\.git\\config",
            b".g\xe2\x80\x8cit/config",
            b"\xef\xbb\xbf.GIT",
            b"a\0b",
        ] {
            assert!(refused(bad).is_some(), "{}", String::from_utf8_lossy(bad));
        }
    }

    #[test]
    fn capitals_alone_do_not_make_two_names() {
        let paths = [&b"a/README"[..], b"a/readme.md", b"b", b"a/Readme"];
        let found = collision(paths.into_iter());
        assert_eq!(found, Some((paths[0], paths[3])));
        assert_eq!(collision(paths[..3].iter().copied()), None);
    }

    #[cfg(unix)]
    #[test]
    fn odd_names_that_are_harmless_stay() {
        for good in [
            &b"a"[..],
            b".gitignore",
            b".github/x",
            b"git",
            b"...",
            b"a..",
            b" ",
            b"\n",
            b"-",
            b"a:b",
            b".git2",
            b"git~2",
            b"caf\xe9",
            b"\xe2\x80\x8c",
            b"a\\b",
            b"*",
            b"con",
        ] {
            assert_eq!(refused(good), None, "{}", String::from_utf8_lossy(good));
        }
    }
}
