//! What a repository's own configuration says of its form: how ids and refs are kept, and where the work tree is.
//!
//! git decides this at its start, from two files and without what they include. Whatever is not
//! plainly one of the known forms is none here: then git is asked, and says what it thinks of it.

use std::path::Path;

use bstr::{BString, ByteSlice};

use super::Id;

/// The form of a repository, as far as guard must know it to ask git fewer questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) ids: Ids,
    pub(crate) refs: Refs,
    pub(crate) is_bare: bool,
    /// `core.worktree`, as it is written.
    pub(crate) work_tree: Option<BString>,
}

/// The kind of ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ids {
    #[default]
    Sha1,
    Sha256,
}

impl Ids {
    /// The id of the tree that holds nothing. git knows it without storing it.
    pub(crate) fn empty_tree(self) -> &'static str {
        match self {
            Self::Sha1 => "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
            Self::Sha256 => "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
        }
    }

    /// The kind of an id.
    pub(crate) fn of(id: &Id) -> Self {
        match id.as_bytes().len() {
            32 => Self::Sha256,
            _ => Self::Sha1,
        }
    }

    /// How many bytes an id has.
    pub(crate) fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }
}

/// How refs are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Refs {
    #[default]
    Files,
    Reftable,
}

impl Form {
    /// What libgit2 opens: it refuses every other kind of ids and refs.
    pub(crate) fn of_libgit2() -> Self {
        Self {
            ids: Ids::Sha1,
            refs: Refs::Files,
            is_bare: false,
            work_tree: None,
        }
    }

    /// Reads the form of a repository; none when it is out of the ordinary.
    ///
    /// Only for a repository whose owner is trusted.
    pub(crate) fn read(git_dir: &Path, common_dir: &Path) -> Option<Self> {
        let mut seen = Seen::default();
        for (name, value) in settings(&common_dir.join("config"))? {
            seen.take(&name, value)?;
        }
        let is_known = match seen.version? {
            0 => !seen.needs_version_1,
            1 => true,
            _ => false,
        };
        if !is_known {
            return None;
        }
        if seen.has_work_tree_config {
            for (name, value) in settings(&git_dir.join("config.worktree"))? {
                seen.place.take(&name, value)?;
            }
        } else if git_dir != common_dir {
            // A linked work tree shares the configuration, and the place in it is the main one's.
            seen.place = Place::default();
        }
        Some(Self {
            ids: seen.ids,
            refs: seen.refs,
            is_bare: seen.place.is_bare,
            work_tree: seen.place.work_tree,
        })
    }
}

/// What was seen so far; of a setting that stands twice the last one counts.
#[derive(Default)]
struct Seen {
    version: Option<u8>,
    needs_version_1: bool,
    has_work_tree_config: bool,
    ids: Ids,
    refs: Refs,
    place: Place,
}

#[derive(Default)]
struct Place {
    is_bare: bool,
    work_tree: Option<BString>,
}

impl Seen {
    fn take(&mut self, name: &[u8], value: Option<BString>) -> Option<()> {
        let text = value.as_ref().map(|value| value.as_bytes());
        if name == b"core.repositoryformatversion" {
            self.version = Some(text?.to_str().ok()?.parse().ok()?);
            return Some(());
        }
        let Some(extension) = name.strip_prefix(b"extensions.") else {
            return self.place.take(name, value);
        };
        match extension {
            b"worktreeconfig" => self.has_work_tree_config = truth(text)?,
            b"partialclone" => text.map(drop)?,
            b"preciousobjects" => truth(text).map(drop)?,
            b"noop" => {}
            b"relativeworktrees" => {
                truth(text)?;
                self.needs_version_1 = true;
            }
            b"objectformat" => {
                self.ids = match text? {
                    b"sha1" => Ids::Sha1,
                    b"sha256" => Ids::Sha256,
                    _ => return None,
                };
                self.needs_version_1 = true;
            }
            b"refstorage" => {
                self.refs = match text? {
                    b"files" => Refs::Files,
                    b"reftable" => Refs::Reftable,
                    _ => return None,
                };
                self.needs_version_1 = true;
            }
            _ => return None,
        }
        Some(())
    }
}

impl Place {
    fn take(&mut self, name: &[u8], value: Option<BString>) -> Option<()> {
        match name {
            b"core.bare" => self.is_bare = truth(value.as_ref().map(|value| value.as_bytes()))?,
            b"core.worktree" => self.work_tree = Some(value?),
            _ => {}
        }
        Some(())
    }
}

/// A yes or a no as git reads it; none for what else git may take for one, or refuse.
fn truth(value: Option<&[u8]>) -> Option<bool> {
    let Some(value) = value else {
        // A key without a value is a yes.
        return Some(true);
    };
    match value.to_ascii_lowercase().as_slice() {
        b"true" | b"yes" | b"on" | b"1" => Some(true),
        b"false" | b"no" | b"off" | b"0" | b"" => Some(false),
        _ => None,
    }
}

/// All settings of one file, without those of files that it includes.
fn settings(file: &Path) -> Option<Vec<(BString, Option<BString>)>> {
    let config = git2::Config::open(file).ok()?;
    let mut found = Vec::new();
    let entries = config.entries(None).ok()?;
    let read = entries.for_each(|entry| {
        if entry.include_depth() == 0 {
            let value = entry.has_value().then(|| entry.value_bytes().into());
            found.push((entry.name_bytes().into(), value));
        }
    });
    read.ok().map(|()| found)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The form of a repository with this configuration, its work tree's own beside it.
    fn form(config: &str, own: &str) -> Option<Form> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("config"), config).unwrap();
        if !own.is_empty() {
            fs::write(folder.path().join("config.worktree"), own).unwrap();
        }
        Form::read(folder.path(), folder.path())
    }

    #[test]
    fn ordinary_forms_are_known() {
        let plain = form("[core]\nrepositoryformatversion = 0\nbare = false\n", "");
        assert_eq!(plain, Some(Form::of_libgit2()));
        let text = "[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = sha256\n\
                    refStorage = reftable\npartialClone = origin\n";
        let other = form(text, "").unwrap();
        assert_eq!((other.ids, other.refs), (Ids::Sha256, Refs::Reftable));
    }

    #[test]
    fn the_work_trees_own_settings_count_where_they_are_switched_on() {
        let own = "[core]\nbare = false\nworktree = ../there\n";
        let shared = "[core]\nrepositoryformatversion = 1\nbare\n";
        let off = form(shared, own).unwrap();
        assert_eq!((off.is_bare, off.work_tree), (true, None));
        let on = form(&format!("{shared}[extensions]\nworktreeConfig\n"), own).unwrap();
        assert_eq!((on.is_bare, on.work_tree), (false, Some("../there".into())));
    }

    #[test]
    fn a_linked_work_tree_does_not_take_the_main_ones_place() {
        let folder = tempfile::tempdir().unwrap();
        let text = "[core]\nrepositoryformatversion = 0\nbare = true\nworktree = /x\n";
        fs::write(folder.path().join("config"), text).unwrap();
        let linked = folder.path().join("worktrees/a");
        let form = Form::read(&linked, folder.path()).unwrap();
        assert_eq!((form.is_bare, form.work_tree), (false, None));
    }

    #[test]
    fn whatever_is_out_of_the_ordinary_is_left_to_git() {
        let version = |number: &str| format!("[core]\nrepositoryformatversion = {number}\n");
        for config in [
            String::new(),
            "[core\n".to_owned(),
            version("2"),
            version("-1"),
            version("1k"),
            version("0") + "[extensions]\nobjectFormat = sha256\n",
            version("1") + "[extensions]\nobjectFormat = sha512\n",
            version("1") + "[extensions]\nrefStorage = reftable://x\n",
            version("1") + "[extensions]\nrefStorage\n",
            version("1") + "[extensions]\nnew = true\n",
            version("1") + "[extensions \"noop\"]\nx = true\n",
            version("0") + "bare = 2\n",
            version("0") + "worktree\n",
        ] {
            assert_eq!(form(&config, ""), None, "{config}");
        }
    }

    #[test]
    fn included_files_do_not_say_where_the_work_tree_is() {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other");
        fs::write(&other, "[core]\nbare = true\nworktree = /x\n").unwrap();
        let text = format!(
            "[core]\nrepositoryformatversion = 0\n[include]\npath = {}\n",
            other.display()
        );
        fs::write(folder.path().join("config"), text).unwrap();
        let form = Form::read(folder.path(), folder.path());
        assert_eq!(form, Some(Form::of_libgit2()));
    }
}
