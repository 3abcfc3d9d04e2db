//! One look at a path of the work tree, without reading what lies there.

use std::io::ErrorKind;
use std::path::Path;

use super::Abilities;
use super::about::{About, Thing};
use crate::path::RepoPath;
use crate::repository::entry::{Blob, Mode, OTHER_MODE};

/// What a look tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Nothing is judged there, and nothing lies there.
    Agrees,
    /// It is something else, in this way.
    Differs(&'static str),
    /// A file: its content decides.
    File,
    /// A link to this target.
    Link(Vec<u8>),
    /// A folder where a submodule belongs.
    Submodule,
}

/// The work tree, looked at path by path. Neighbours share the look at their folder.
pub(crate) struct Looker<'a> {
    root: &'a Path,
    abilities: Abilities,
    /// The folder that was looked at last, and what stands in the way there.
    folder: (Vec<u8>, Option<Look>),
}

pub(crate) const ABSENT: Look = Look::Differs("is not in the work tree");
pub(crate) const BEHIND_LINK: Look = Look::Differs("lies behind a symbolic link");
pub(crate) const OTHER_KIND: Look = Look::Differs("is another kind of file in the work tree");

impl<'a> Looker<'a> {
    pub(crate) fn new(root: &'a Path, abilities: Abilities) -> Self {
        Self {
            root,
            abilities,
            folder: (Vec::new(), None),
        }
    }

    /// Looks at a path, and says what the file system knows of a file there.
    pub(crate) fn look(&mut self, path: &RepoPath, judged: Option<Blob>) -> (Look, Option<About>) {
        if !stays_inside(path.as_bytes()) {
            return (Look::Differs("leads out of the work tree"), None);
        }
        if let Some(obstacle) = self.obstacle(path.as_bytes()) {
            let nothing_judged = judged.is_none() && obstacle == ABSENT;
            return (
                if nothing_judged {
                    Look::Agrees
                } else {
                    obstacle
                },
                None,
            );
        }
        let place = self.root.join(path.to_os());
        match place.symlink_metadata() {
            Ok(about) => {
                let about = About::from(&about);
                let target = || {
                    let target = std::fs::read_link(&place).ok()?;
                    Some(target.into_os_string().into_encoded_bytes())
                };
                (self.abilities.compare(&about, judged, target), Some(about))
            }
            Err(error) if is_absence(&error) && judged.is_none() => (Look::Agrees, None),
            Err(error) if is_absence(&error) => (ABSENT, None),
            Err(_) => (Look::Differs("cannot be read in the work tree"), None),
        }
    }

    /// What stands between the root and the path's own folder.
    fn obstacle(&mut self, path: &[u8]) -> Option<Look> {
        let folder = &path[..memchr::memrchr(b'/', path)?];
        let (known, obstacle) = &self.folder;
        if known == folder {
            return obstacle.clone();
        }
        // Folders that lead to a folder without an obstacle have none either.
        let clear = if obstacle.is_none() {
            shared(known, folder)
        } else {
            0
        };
        let mut place = self.root.join(RepoPath::new(&folder[..clear]).to_os());
        let rest = folder[clear..].split(|byte| *byte == b'/');
        let mut found = None;
        for part in rest.filter(|part| !part.is_empty()) {
            place.push(RepoPath::new(part).to_os());
            found = match place.symlink_metadata() {
                Ok(about) if about.is_dir() => continue,
                Ok(about) if about.is_symlink() => Some(BEHIND_LINK),
                _ => Some(ABSENT),
            };
            break;
        }
        self.folder = (folder.to_vec(), found.clone());
        found
    }
}

impl Abilities {
    /// What lies at a path, beside what is judged there. `target` reads a link.
    pub(crate) fn compare(
        self,
        about: &About,
        judged: Option<Blob>,
        target: impl FnOnce() -> Option<Vec<u8>>,
    ) -> Look {
        let Some(judged) = judged else {
            // A folder holds files of its own, which are judged or not by themselves.
            return if about.thing == Thing::Folder {
                Look::Agrees
            } else {
                Look::Differs(super::UNTRACKED)
            };
        };
        match (judged.mode, about.thing) {
            (Mode::Submodule, Thing::Folder) => Look::Submodule,
            (Mode::Link, Thing::Link) => target().map_or(OTHER_KIND, Look::Link),
            (Mode::Link, Thing::File) if !self.links => Look::File,
            (Mode::File | Mode::Executable, Thing::File) => {
                let wanted = judged.mode == Mode::Executable;
                // Without an executable bit there is nothing to disagree about.
                if self.executable_bit && about.executable.is_some_and(|is| is != wanted) {
                    Look::Differs(OTHER_MODE)
                } else {
                    Look::File
                }
            }
            _ => OTHER_KIND,
        }
    }
}

/// The length of the folders that two folders have in common.
fn shared(a: &[u8], b: &[u8]) -> usize {
    let ends = |path: &[u8], at: usize| path.get(at).is_none_or(|byte| *byte == b'/');
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    (0..=same)
        .rev()
        .find(|at| ends(a, *at) && ends(b, *at))
        .unwrap_or_default()
}

fn is_absence(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Whether a path names something below the root, and nothing of git's own.
fn stays_inside(path: &[u8]) -> bool {
    !path.contains(&0)
        && path
            .split(|byte| *byte == b'/')
            .all(|part| !matches!(part, b"" | b"." | b"..") && !part.eq_ignore_ascii_case(b".git"))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::repository::Id;

    fn judged(mode: Mode) -> Option<Blob> {
        let id = Id::parse("a".repeat(40));
        id.map(|id| Blob { id, mode })
    }

    #[test]
    fn only_whole_folders_are_shared() {
        for (a, b, length) in [
            ("", "a", 0),
            ("a", "a/b", 1),
            ("a/b", "a/bc", 1),
            ("a/b/c", "a/b/d", 3),
            ("ab", "ac", 0),
            ("a-b", "a", 0),
        ] {
            assert_eq!(shared(a.as_bytes(), b.as_bytes()), length, "{a} {b}");
        }
    }

    #[test]
    fn a_look_tells_what_stands_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir(root.join("real")).unwrap();
        std::fs::write(root.join("real/file"), "x").unwrap();
        std::os::unix::fs::symlink("real", root.join("way")).unwrap();
        let abilities = Abilities {
            executable_bit: true,
            links: true,
        };
        let mut looker = Looker::new(root, abilities);
        let mut look = |path: &str, judged| looker.look(&path.into(), judged).0;

        assert_eq!(look("real/file", judged(Mode::File)), Look::File);
        assert_eq!(
            look("real/file", None),
            Look::Differs(super::super::UNTRACKED)
        );
        assert_eq!(look("real", None), Look::Agrees);
        assert_eq!(look("real", judged(Mode::File)), OTHER_KIND);
        assert_eq!(look("way/file", judged(Mode::File)), BEHIND_LINK);
        assert_eq!(look("way/other", judged(Mode::File)), BEHIND_LINK);
        assert_eq!(
            look("way", judged(Mode::Link)),
            Look::Link(b"real".to_vec())
        );
        assert_eq!(look("gone/file", judged(Mode::File)), ABSENT);
        assert_eq!(look("gone/file", None), Look::Agrees);
        let mode = Look::Differs(OTHER_MODE);
        assert_eq!(look("real/file", judged(Mode::Executable)), mode);
        let out = Look::Differs("leads out of the work tree");
        for path in [
            "../x",
            "/etc/passwd",
            ".git/config",
            "a/.GIT/b",
            "",
            "a//b",
            "./a",
        ] {
            assert_eq!(look(path, judged(Mode::File)), out, "{path}");
        }
    }
}
