//! HEAD as the files backend keeps it: read here, so that git need not be started for one line of text.
//!
//! Whatever does not look just as git writes it is left to git.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use bstr::ByteSlice;

use super::Id;
use super::form::{Form, Ids, Refs};

/// How many refs may name one another, as in git.
const LINKS: usize = 5;

/// More than the longest ref name; a ref is one line.
const LONGEST: u64 = 8192;

/// What a ref's file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pointer {
    /// The name of a branch.
    Branch(String),
    Object(Id),
}

/// What HEAD leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tip {
    Commit(Id),
    /// A branch before its first commit.
    Unborn,
    /// git should be asked.
    Unclear,
}

/// Where HEAD is kept.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    git_dir: PathBuf,
    common_dir: PathBuf,
    ids: Ids,
}

impl Head {
    /// None where refs are kept in another way.
    pub(crate) fn new(git_dir: &Path, common_dir: &Path, form: &Form) -> Option<Self> {
        (form.refs == Refs::Files).then(|| Self {
            git_dir: git_dir.to_owned(),
            common_dir: common_dir.to_owned(),
            ids: form.ids,
        })
    }

    /// What HEAD itself says; none when git should be asked.
    pub(crate) fn pointer(&self) -> Option<Pointer> {
        match read(&self.git_dir.join("HEAD")) {
            Read::Pointer(pointer) => Some(pointer),
            Read::Nothing | Read::Odd => None,
        }
    }

    /// What HEAD leads to. Whether that commit is there is not looked at.
    pub(crate) fn tip(&self) -> Tip {
        let mut pointer = self.pointer();
        for _ in 0..LINKS {
            let branch = match pointer {
                Some(Pointer::Object(id)) => return self.checked(id),
                Some(Pointer::Branch(branch)) => branch,
                None => return Tip::Unclear,
            };
            pointer = match read(&self.common_dir.join(&branch)) {
                Read::Pointer(next) => Some(next),
                Read::Nothing => return self.packed(&branch),
                Read::Odd => None,
            };
        }
        Tip::Unclear
    }

    fn packed(&self, branch: &str) -> Tip {
        match fs::read(self.common_dir.join("packed-refs")) {
            Ok(text) if text.is_empty() => Tip::Unborn,
            // That a branch is not among the packed ones is for git to say: the file may be damaged.
            Ok(text) => {
                find_packed(&text, branch, self.ids).map_or(Tip::Unclear, |id| self.checked(id))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Tip::Unborn,
            Err(_) => Tip::Unclear,
        }
    }

    fn checked(&self, id: Id) -> Tip {
        if id.as_bytes().len() == self.ids.length() && !id.is_zero() {
            Tip::Commit(id)
        } else {
            Tip::Unclear
        }
    }
}

/// Whether git takes the folder for a repository's own by what its HEAD says.
pub(crate) fn is_plausible(git_dir: &Path) -> bool {
    line(&git_dir.join("HEAD")).is_ok_and(|text| match text.strip_prefix(b"ref:") {
        // Tables of refs leave a name here that no branch can have.
        Some(name) => name.trim_ascii_start().starts_with(b"refs/"),
        None => Id::parse(text).is_some(),
    })
}

enum Read {
    Pointer(Pointer),
    /// No such file: the ref may be among the packed ones.
    Nothing,
    /// Not as git writes it.
    Odd,
}

fn read(file: &Path) -> Read {
    match line(file) {
        Ok(text) => parse(&text).map_or(Read::Odd, Read::Pointer),
        // A folder is left behind by refs below it.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory) => {
            Read::Nothing
        }
        Err(_) => Read::Odd,
    }
}

/// The one line of a plain file.
fn line(file: &Path) -> io::Result<Vec<u8>> {
    let about = fs::symlink_metadata(file)?;
    if about.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !about.is_file() || about.len() > LONGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut text = fs::read(file)?;
    text.truncate(text.trim_ascii_end().len());
    Ok(text)
}

fn parse(text: &[u8]) -> Option<Pointer> {
    let text = text.trim_ascii_end();
    let Some(name) = text.strip_prefix(b"ref:") else {
        return Id::parse(text).map(Pointer::Object);
    };
    let name = name.trim_ascii_start().to_str().ok()?;
    // Other refs may belong to one work tree or to all: git knows which.
    let is_branch = name.starts_with("refs/heads/") && git2::Reference::is_valid_name(name);
    is_branch.then(|| Pointer::Branch(name.to_owned()))
}

/// The id on the line of a ref in `packed-refs`.
fn find_packed(text: &[u8], name: &str, ids: Ids) -> Option<Id> {
    let ending = format!(" {name}\n");
    let digits = 2 * ids.length();
    // No ref has a blank in its name, so that this is the end of its own line and of no other.
    let end = text.find(ending.as_bytes())?;
    let start = end.checked_sub(digits)?;
    let begins_a_line = start == 0 || text[start - 1] == b'\n';
    begins_a_line.then(|| Id::parse(&text[start..end]))?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(digit: char, ids: Ids) -> String {
        digit.to_string().repeat(2 * ids.length())
    }

    #[test]
    fn only_what_git_writes_is_read() {
        let one = id('1', Ids::Sha1);
        let branch = Pointer::Branch("refs/heads/a/b".to_owned());
        assert_eq!(parse(b"ref: refs/heads/a/b\n"), Some(branch.clone()));
        assert_eq!(parse(b"ref:\trefs/heads/a/b \n"), Some(branch));
        assert_eq!(
            parse(format!("{one}\n").as_bytes()),
            Id::parse(&one).map(Pointer::Object)
        );
        for odd in [
            "",
            "ref:",
            "ref: refs/heads/",
            "ref: refs/heads/../../x",
            "ref: refs/heads/a.lock",
            "ref: refs/heads/a b",
            "ref: refs/heads//a",
            "ref: refs/bisect/bad",
            "ref: refs/worktree/x",
            "ref: /etc/passwd",
            "refs/heads/a",
            &one[1..],
        ] {
            assert_eq!(parse(odd.as_bytes()), None, "{odd}");
        }
    }

    #[test]
    fn a_packed_ref_is_found_by_its_whole_name() {
        for ids in [Ids::Sha1, Ids::Sha256] {
            let [one, two, three] = ['1', '2', '3'].map(|digit| id(digit, ids));
            let text = format!(
                "# pack-refs with: peeled fully-peeled sorted \n{one} refs/heads/a\n\
                 {two} refs/tags/refs/heads/b\n^{one}\n{three} refs/heads/b\n"
            );
            let find = |name| find_packed(text.as_bytes(), name, ids);
            assert_eq!(find("refs/heads/a"), Id::parse(&one));
            assert_eq!(find("refs/heads/b"), Id::parse(&three));
            assert_eq!(find("refs/heads/c"), None);
            assert_eq!(find("heads/a"), None);
        }
        let short = format!("{} refs/heads/a\n", id('1', Ids::Sha1));
        assert_eq!(
            find_packed(short.as_bytes(), "refs/heads/a", Ids::Sha256),
            None
        );
        let long = format!("{} refs/heads/a\n", id('1', Ids::Sha256));
        assert_eq!(
            find_packed(long.as_bytes(), "refs/heads/a", Ids::Sha1),
            None
        );
    }

    #[test]
    fn refs_that_name_one_another_end() {
        let folder = tempfile::tempdir().unwrap();
        let heads = folder.path().join("refs/heads");
        fs::create_dir_all(&heads).unwrap();
        let write = |file: &str, text: &str| fs::write(folder.path().join(file), text).unwrap();
        write("HEAD", "ref: refs/heads/a\n");
        write("refs/heads/a", "ref: refs/heads/b\n");
        write("refs/heads/b", "ref: refs/heads/a\n");
        let head = Head::new(folder.path(), folder.path(), &Form::of_libgit2()).unwrap();
        assert_eq!(head.tip(), Tip::Unclear);
        let one = id('1', Ids::Sha1);
        write("refs/heads/b", &one);
        assert_eq!(head.tip(), Tip::Commit(Id::parse(&one).unwrap()));
        for odd in [id('0', Ids::Sha1), id('1', Ids::Sha256)] {
            write("refs/heads/b", &odd);
            assert_eq!(head.tip(), Tip::Unclear, "{odd}");
        }
        fs::remove_file(folder.path().join("refs/heads/b")).unwrap();
        assert_eq!(head.tip(), Tip::Unborn);
        fs::create_dir(folder.path().join("refs/heads/b")).unwrap();
        assert_eq!(head.tip(), Tip::Unborn);
        write(
            "packed-refs",
            "# pack-refs with: peeled fully-peeled sorted \n",
        );
        assert_eq!(head.tip(), Tip::Unclear);
    }

    proptest! {
        #[test]
        fn no_content_is_too_odd(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&text);
            let _ = find_packed(&text, "a", Ids::Sha1);
        }

        #[test]
        fn no_branch_leaves_the_folder_of_branches(name in "[a./ ]{0,9}") {
            if let Some(Pointer::Branch(name)) = parse(format!("ref: refs/heads/{name}").as_bytes()) {
                prop_assert!(!name.split('/').any(|part| part.is_empty() || part.starts_with('.')));
            }
        }
    }
}
