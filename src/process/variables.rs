//! What a child sees as its environment: the user's, without git's location and guard's secrets.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use crate::environment::{Environment, GIT_LOCATION, SECRETS};

/// The environment of a child, complete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables(BTreeMap<OsString, OsString>);

impl Variables {
    /// The environment's variables without those that say where git's repository is and without
    /// the secrets, except the secrets named in `give_back`; `extra` comes on top.
    pub fn of(
        environment: &Environment,
        give_back: &[String],
        extra: &BTreeMap<String, String>,
    ) -> Self {
        let withheld = |name: &OsStr| {
            name.to_str().is_some_and(|name| {
                GIT_LOCATION.contains(&name)
                    || SECRETS.contains(&name) && !give_back.iter().any(|given| given == name)
            })
        };
        let mut variables: BTreeMap<OsString, OsString> = environment
            .iter()
            .filter(|(name, _)| !withheld(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        variables.extend(
            extra
                .iter()
                .map(|(name, value)| (name.into(), value.into())),
        );
        Self(variables)
    }

    /// One variable.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    /// All variables, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// How much of the system's space for arguments they take: `name=value`, a NUL and a pointer each.
    pub fn space(&self) -> usize {
        self.iter()
            .map(|(name, value)| name.len() + value.len() + 2 + size_of::<usize>())
            .sum()
    }
}

impl FromIterator<(OsString, OsString)> for Variables {
    fn from_iter<I: IntoIterator<Item = (OsString, OsString)>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn location_and_secrets_stay_and_the_rest_goes() {
        let environment = Environment::of(
            "/",
            [
                ("GIT_DIR", "/repo/.git"),
                ("GIT_INDEX_FILE", "/repo/.git/index"),
                ("GIT_AUTHOR_NAME", "someone"),
                ("GIT_SSH_COMMAND", "ssh -v"),
                ("GIT_CONFIG_COUNT", "0"),
                ("RAILWAY_TOKEN", "not for children"),
                ("GITHUB_TOKEN", "given back"),
                ("PATH", "/bin"),
            ],
        );
        let extra = BTreeMap::from([("CI".to_owned(), "1".to_owned())]);
        // Location never comes back: only secrets may be asked for.
        let give_back = ["GITHUB_TOKEN".to_owned(), "GIT_DIR".to_owned()];
        let variables = Variables::of(&environment, &give_back, &extra);
        let names: Vec<_> = variables.iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            [
                "CI",
                "GITHUB_TOKEN",
                "GIT_AUTHOR_NAME",
                "GIT_CONFIG_COUNT",
                "GIT_SSH_COMMAND",
                "PATH"
            ]
        );
    }
}
