//! pnpm's lock file, of which it keeps the installed form beside its store.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Difference};

/// `pnpm-lock.yaml` against the one in the store.
pub(super) fn differences(case: &Case<'_>) -> Vec<Difference> {
    let modules = case
        .site
        .original
        .join(case.folder.to_os())
        .join("node_modules");
    let Some(installed) = case.site.read(&modules.join(".pnpm/lock.yaml")) else {
        return Vec::new();
    };
    if installed == case.text.as_bytes() {
        return Vec::new();
    }
    let marks = case
        .site
        .read(&modules.join(".modules.yaml"))
        .unwrap_or_default();
    let marks = String::from_utf8_lossy(&marks).into_owned();
    compare(
        &packages(case.text),
        &packages(&String::from_utf8_lossy(&installed)),
        &|package| marks.contains(package),
    )
}

/// `NAME@VERSION` of everything in the part `packages`: each is a key, two spaces in. Versions
/// before 9 write a slash in front and the peers behind.
fn packages(text: &str) -> BTreeSet<String> {
    text.lines()
        .skip_while(|line| *line != "packages:")
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with(' '))
        .filter_map(|line| {
            let key = line.strip_prefix("  ")?.strip_suffix(':')?;
            if key.starts_with(' ') {
                return None;
            }
            let key = key.trim_matches(['\'', '"']).trim_start_matches('/');
            let key = key.split('(').next()?;
            key.get(1..)?.contains('@').then(|| key.to_owned())
        })
        .collect()
}

/// What is in one and not in the other, by name. What pnpm `skipped` it was right to skip.
fn compare(
    wanted: &BTreeSet<String>,
    installed: &BTreeSet<String>,
    skipped: &dyn Fn(&str) -> bool,
) -> Vec<Difference> {
    let mut found: BTreeMap<String, Difference> = BTreeMap::new();
    let mut put = |package: &str, is_wanted: bool| {
        let Some((name, version)) = package
            .rsplit_once('@')
            .filter(|(name, _)| !name.is_empty())
        else {
            return;
        };
        let entry = found.entry(name.to_owned()).or_insert_with(|| Difference {
            name: name.to_owned(),
            wanted: None,
            installed: None,
        });
        let side = if is_wanted {
            &mut entry.wanted
        } else {
            &mut entry.installed
        };
        *side = Some(version.to_owned());
    };
    for package in wanted.difference(installed) {
        if !skipped(package) {
            put(package, true);
        }
    }
    for package in installed.difference(wanted) {
        put(package, false);
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "lockfileVersion: '9.0'\n\npackages:\n\n  '@s/a@1.0.0':\n    resolution: {integrity: x}\n    peerDependencies:\n      b: '*'\n\n  b@2.0.0:\n    resolution: {integrity: x}\n\nsnapshots:\n\n  c@3.0.0: {}\n";

    #[test]
    fn packages_are_read_and_compared() {
        let wanted = packages(LOCK);
        assert_eq!(wanted, ["@s/a@1.0.0", "b@2.0.0"].map(String::from).into());
        let installed = packages(
            &LOCK
                .replace("b@2.0.0", "b@1.9.0")
                .replace("'@s/a@1.0.0'", "'@s/z@1.0.0'"),
        );
        let found = compare(&wanted, &installed, &|_| false);
        let said: Vec<_> = found
            .iter()
            .map(|one| {
                (
                    one.name.as_str(),
                    one.wanted.as_deref(),
                    one.installed.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                ("@s/a", Some("1.0.0"), None),
                ("@s/z", None, Some("1.0.0")),
                ("b", Some("2.0.0"), Some("1.9.0")),
            ]
        );
        assert_eq!(compare(&wanted, &BTreeSet::new(), &|_| true), vec![]);
        assert_eq!(packages("packages:\n\n  /b@2.0.0(c@1.0.0):\n").len(), 1);
    }
}
