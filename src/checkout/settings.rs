//! git's settings as far as they decide what is ignored and how contents are converted.

use std::path::{Path, PathBuf};

use bstr::{BString, ByteSlice};

use super::error::CheckoutError;
use super::hash;
use super::wanted::Source;
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::repository::{MACHINE, Repository};

/// One repository's settings.
pub(crate) struct Settings {
    config: Vec<(BString, BString)>,
    pub(crate) common_dir: PathBuf,
    /// What relative paths are relative to.
    top: PathBuf,
    home: Option<PathBuf>,
    /// Where git looks for the user's files that no setting names.
    user: Option<PathBuf>,
}

impl Settings {
    pub(crate) fn read(
        repository: &Repository,
        environment: &Environment,
    ) -> Result<Self, CheckoutError> {
        let home = environment.home();
        let user = match environment.filled("XDG_CONFIG_HOME") {
            Some(folder) => Some(Path::new(folder).join("git")),
            None => home.as_ref().map(|home| home.join(".config/git")),
        };
        let top = repository.work_tree().unwrap_or(repository.git_dir());
        Ok(Self {
            config: repository.config()?,
            common_dir: repository.common_dir().to_owned(),
            top: top.to_owned(),
            home,
            user,
        })
    }

    /// The last value of a setting.
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        let mut values = self.config.iter().rev();
        let found = values.find(|(key, _)| key == name)?;
        Some(found.1.as_bytes())
    }

    /// A setting that names a file.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        let value = self.get(name).filter(|value| !value.is_empty())?;
        match value.strip_prefix(b"~/") {
            Some(below) => Some(self.home.as_ref()?.join(RepoPath::new(below).to_os())),
            None => Some(self.top.join(RepoPath::new(value).to_os())),
        }
    }

    /// A file of the user's: the one that a setting names, else the one of this name in its usual place.
    pub(crate) fn user_file(&self, setting: &str, name: &str) -> Option<PathBuf> {
        match self.get(setting) {
            Some(_) => self.path(setting),
            None => self.user.as_ref().map(|folder| folder.join(name)),
        }
    }

    /// Whether contents may be converted though no judged attribute says so.
    pub(crate) fn may_convert(&self) -> bool {
        let is_off = |value: &[u8]| {
            let off: [&[u8]; 5] = [b"false", b"no", b"off", b"0", b""];
            off.iter().any(|off| value.eq_ignore_ascii_case(off))
        };
        self.get("core.autocrlf")
            .is_some_and(|value| !is_off(value))
            || self.get("core.eol").is_some()
            || self
                .attributes()
                .iter()
                .any(|file| file.metadata().is_ok_and(|about| about.len() > 0))
    }

    /// Files with attributes outside the judged tree.
    fn attributes(&self) -> Vec<PathBuf> {
        let own = self.common_dir.join("info/attributes");
        let user = self.user_file("core.attributesfile", "attributes");
        let machine = MACHINE.map(PathBuf::from);
        std::iter::once(own).chain(user).chain(machine).collect()
    }

    /// All that decides about conversions outside the judged tree, as one hash.
    fn conversions(&self) -> [u8; 32] {
        let decides = |key: &BString| {
            key.starts_with(b"filter.")
                || [
                    "core.autocrlf",
                    "core.eol",
                    "core.attributesfile",
                    "lfs.storage",
                ]
                .iter()
                .any(|name| key == name)
        };
        let files: Vec<Vec<u8>> = self
            .attributes()
            .iter()
            .map(|file| std::fs::read(file).unwrap_or_default())
            .collect();
        let config = self.config.iter().filter(|(key, _)| decides(key));
        let config = config.flat_map(|(key, value)| [key.as_bytes(), value.as_bytes()]);
        hash::of_parts(config.chain(files.iter().map(Vec::as_slice)))
    }
}

/// The settings of every repository that contents come from.
pub(crate) fn of_all(
    sources: &[Source],
    environment: &Environment,
) -> Result<Vec<Settings>, CheckoutError> {
    let sources = sources.iter();
    sources
        .map(|source| Settings::read(&source.repository, environment))
        .collect()
}

/// All that decides about conversions, as one hash.
pub(crate) fn conversions(all: &[Settings]) -> [u8; 32] {
    let each: Vec<[u8; 32]> = all.iter().map(Settings::conversions).collect();
    hash::of_parts(each.iter().map(<[u8; 32]>::as_slice))
}
