//! The process environment, read once at the start: the only place that asks the system for it.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::secret::{Found, Redactor, Secret};

/// Variables that hold what must not be shown, and that no child of guard sees unless it is given back.
pub const SECRETS: [&str; 9] = [
    "GITHUB_TOKEN",
    "GUARD_CACHE_TOKEN",
    "GUARD_CACHE_URL",
    "GUARD_REGISTRY_URL",
    "GUARD_SMTP_URL",
    "PAGERDUTY_ROUTING_KEY",
    "RAILWAY_API_TOKEN",
    "RAILWAY_TOKEN",
    "SLACK_WEBHOOK_URL",
];

/// Variables by which git tells a hook where the repository is. A test or a build that inherits
/// them works on the user's repository when it means its own.
pub const GIT_LOCATION: [&str; 15] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// A snapshot of the environment, the working directory included.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
    /// The directory in which guard was called.
    pub directory: PathBuf,
    /// The secrets that are found in files while guard runs: whatever shows text hides them.
    pub found: Found,
}

impl Environment {
    /// Reads the process's own environment.
    pub fn read() -> Self {
        Self {
            variables: std::env::vars_os().collect(),
            directory: std::env::current_dir().unwrap_or_default(),
            found: Found::default(),
        }
    }

    /// The words that guard was called with, its own name first.
    pub fn arguments() -> Vec<OsString> {
        std::env::args_os().collect()
    }

    /// The path of the running binary, where the system tells.
    pub fn binary() -> Option<PathBuf> {
        std::env::current_exe().ok()
    }

    /// An environment made of these variables, as called in `directory`.
    pub fn of<K: Into<OsString>, V: Into<OsString>>(
        directory: impl Into<PathBuf>,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            directory: directory.into(),
            found: Found::default(),
        }
    }

    /// A variable as the system has it.
    pub fn os(&self, name: &str) -> Option<&OsStr> {
        self.variables
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
    }

    /// A variable as text; one that is not UTF-8 counts as absent.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.os(name)?.to_str()
    }

    /// A variable that is set and not empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|value| !value.is_empty())
    }

    /// Sets a variable that nothing has set yet; what is set already stands.
    pub fn add(&mut self, name: &str, value: &str) {
        self.variables
            .entry(name.into())
            .or_insert_with(|| value.into());
    }

    /// All variables, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.variables
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// The user's folder, where there is one.
    pub fn home(&self) -> Option<PathBuf> {
        self.os("HOME")
            .filter(|home| !home.is_empty())
            .map(PathBuf::from)
    }

    /// The filter that hides this environment's secrets in whatever is shown.
    pub fn redactor(&self) -> Redactor {
        let secrets: Vec<(&str, Secret)> = SECRETS
            .into_iter()
            .filter_map(|name| Some((name, Secret::new(self.filled(name)?))))
            .collect();
        Redactor::new(secrets.iter().map(|(name, secret)| (*name, secret))).with(&self.found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_already_stands() {
        let mut environment = Environment::of("/", [("A", "1"), ("E", "")]);
        environment.add("A", "2");
        environment.add("B", "3");
        assert_eq!(environment.text("A"), Some("1"));
        assert_eq!(environment.text("B"), Some("3"));
        assert_eq!(environment.filled("E"), None);
    }

    #[test]
    fn the_lists_are_sorted_so_that_a_double_shows() {
        assert!(SECRETS.is_sorted());
        assert!(GIT_LOCATION.is_sorted());
    }
}
