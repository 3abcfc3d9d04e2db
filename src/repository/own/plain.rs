//! Whether git would store a file's bytes as they are: then git need not be asked what it would store.

use std::path::{Path, PathBuf};

use git2::ConfigLevel;

use super::Own;
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::repository::reader::Reader;

/// Attributes for everybody on this machine; which of them git reads depends on how it was built.
pub(crate) const MACHINE: [&str; 3] = [
    "/etc/gitattributes",
    "/usr/local/etc/gitattributes",
    "/opt/homebrew/etc/gitattributes",
];

/// Where attributes lie that no repository has.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere {
    /// The user's own, unless a setting names another file.
    pub(crate) user: Option<PathBuf>,
    /// Whether settings come from where libgit2 does not look.
    pub(crate) settings: bool,
    /// Whether the machine's settings do not count, and the user's.
    pub(crate) without: (bool, bool),
}

/// Variables with settings that libgit2 does not read.
const SETTINGS: [&str; 4] = [
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_SYSTEM",
];

impl Elsewhere {
    pub(crate) fn of(environment: &Environment) -> Self {
        let folder = match environment.filled("XDG_CONFIG_HOME") {
            Some(folder) => Some(PathBuf::from(folder)),
            None => environment.home().map(|home| home.join(".config")),
        };
        let is_set = |name: &&str| environment.os(name).is_some();
        // What takes settings away is followed here; what brings others is for git to read.
        let machine = environment.os("GIT_CONFIG_NOSYSTEM");
        let users = environment.os("GIT_CONFIG_GLOBAL");
        let without_machine = machine.is_some_and(|value| value == "1" || value == "true");
        let without_users = users.is_some_and(|file| file.is_empty() || file == "/dev/null");
        Self {
            user: folder.map(|folder| folder.join("git/attributes")),
            settings: SETTINGS.iter().any(is_set)
                || machine.is_some() && !without_machine
                || users.is_some() && !without_users,
            without: (without_machine, without_users),
        }
    }

    /// Whether a setting of this level counts.
    pub(super) fn counts(&self, level: ConfigLevel) -> bool {
        match level {
            ConfigLevel::ProgramData | ConfigLevel::System => !self.without.0,
            ConfigLevel::XDG | ConfigLevel::Global => !self.without.1,
            _ => true,
        }
    }
}

impl Own {
    /// Whether no setting and no attribute can have git store anything but a file's own bytes.
    pub(super) fn is_plain(&self, path: &RepoPath) -> bool {
        *self.is_plain.get_or_init(|| self.has_no_conversions()) && !self.has_attributes(path)
    }

    /// The same for what is not said in the tree.
    fn has_no_conversions(&self) -> bool {
        let Ok(config) = self.config() else {
            return false;
        };
        let says = |name: &str| config.iter().any(|(key, _)| key == name);
        let converts = ["core.autocrlf", "core.eol", "core.attributesfile"];
        let common = self.lock().commondir().join("info/attributes");
        let machine = MACHINE.iter().map(Path::new);
        let mut files = machine
            .chain([common.as_path()])
            .chain(self.elsewhere.user.as_deref());
        !self.elsewhere.settings
            && !converts.iter().any(|name| says(name))
            && !files.any(|file| file.symlink_metadata().is_ok())
    }

    /// Whether attributes stand in a folder of the path, in the work tree or in the index.
    fn has_attributes(&self, path: &RepoPath) -> bool {
        let (Some(work_tree), Ok(index)) = (&self.work_tree, self.index()) else {
            return true;
        };
        let path = path.as_bytes();
        let ends = memchr::memchr_iter(b'/', path).map(|slash| slash + 1);
        std::iter::once(0).chain(ends).any(|end| {
            let file = RepoPath::new([&path[..end], b".gitattributes"].concat());
            index.find(file.as_bytes()).is_some()
                || work_tree.join(file.to_os()).symlink_metadata().is_ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_are_only_taken_away_need_no_git() {
        let of = |pairs: &[(&str, &str)]| {
            let environment = Environment::of("/", pairs.iter().copied());
            let elsewhere = Elsewhere::of(&environment);
            (elsewhere.settings, elsewhere.without)
        };
        assert_eq!(of(&[]), (false, (false, false)));
        let (none, system) = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM");
        assert_eq!(of(&[(none, "/dev/null")]), (false, (false, true)));
        assert_eq!(of(&[(none, ""), (system, "1")]), (false, (true, true)));
        for others in [
            (none, "/home/other/.gitconfig"),
            (system, "0"),
            (system, "perhaps"),
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_SYSTEM", "/etc/other"),
        ] {
            assert!(of(&[others]).0, "{others:?}");
        }
    }
}
