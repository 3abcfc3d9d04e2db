//! Python's lock files against what the environment beside them holds.

use std::collections::{BTreeMap, BTreeSet};

use bstr::ByteSlice;
use serde::Deserialize;

use super::super::site::entries;
use super::{Case, Difference};

/// Each wanted package with its versions: several where platforms differ.
type Wanted = BTreeMap<String, BTreeSet<String>>;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: Option<String>,
}

/// `uv.lock`, `poetry.lock` and `pdm.lock`: they hold what all platforms and extras want, so only
/// what is installed in another version says something.
pub(super) fn toml_differences(case: &Case<'_>) -> Vec<Difference> {
    let lock: Lock = toml::from_str(case.text).unwrap_or_default();
    let mut wanted = Wanted::new();
    for package in lock.package {
        let versions = wanted.entry(normal(&package.name)).or_default();
        versions.extend(package.version);
    }
    compare(case, &wanted, &BTreeSet::new())
}

/// `Pipfile.lock`: two lists of pinned packages.
pub(super) fn pipfile_differences(case: &Case<'_>) -> Vec<Difference> {
    let lock: serde_json::Value = serde_json::from_str(case.text).unwrap_or_default();
    let mut wanted = Wanted::new();
    for list in ["default", "develop"] {
        let packages = lock.get(list).and_then(serde_json::Value::as_object);
        for (name, package) in packages.into_iter().flatten() {
            let version = package.get("version").and_then(serde_json::Value::as_str);
            if let Some(version) = version.and_then(|version| version.strip_prefix("==")) {
                wanted
                    .entry(normal(name))
                    .or_default()
                    .insert(version.to_owned());
            }
        }
    }
    compare(case, &wanted, &BTreeSet::new())
}

/// `requirements.txt`: its pins. One without a condition has to be installed.
pub(super) fn requirements_differences(case: &Case<'_>) -> Vec<Difference> {
    let (wanted, needed) = pins(case.text);
    compare(case, &wanted, &needed)
}

/// The pinned packages, and those of them that no condition excuses.
fn pins(text: &str) -> (Wanted, BTreeSet<String>) {
    let mut wanted = Wanted::new();
    let mut needed = BTreeSet::new();
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        let Some((name, rest)) = line
            .split_once("==")
            .filter(|_| !line.starts_with(['#', '-']))
        else {
            continue;
        };
        let name = normal(name.split('[').next().unwrap_or_default().trim());
        let version = rest
            .trim_start_matches('=')
            .trim_start()
            .split(|c: char| c.is_whitespace() || ";,\\".contains(c))
            .next()
            .unwrap_or_default()
            .to_owned();
        if version.is_empty() || version.contains('*') {
            continue;
        }
        wanted.entry(name.clone()).or_default().insert(version);
        if !rest.contains(';') {
            needed.insert(name);
        }
    }
    (wanted, needed)
}

/// Compares with the environment beside the lock file, else with the one at the root. One that
/// lies elsewhere is nobody's to know.
fn compare(case: &Case<'_>, wanted: &Wanted, needed: &BTreeSet<String>) -> Vec<Difference> {
    let beside = case.site.original.join(case.folder.to_os());
    let environment = [beside.as_path(), &case.site.original]
        .iter()
        .flat_map(|folder| [".venv", "venv"].map(|name| folder.join(name)))
        .find(|path| path.join("pyvenv.cfg").exists());
    let Some(environment) = environment else {
        return Vec::new();
    };
    let mut installed = BTreeMap::new();
    for version in entries(&environment.join("lib")).unwrap_or_default() {
        for entry in entries(&version.path.join("site-packages")).unwrap_or_default() {
            let name = entry.name.as_encoded_bytes().to_str_lossy().into_owned();
            if let Some((name, version)) = name
                .strip_suffix(".dist-info")
                .and_then(|name| name.rsplit_once('-'))
            {
                installed.insert(normal(name), version.to_owned());
            }
        }
    }
    differing(wanted, &installed, needed)
}

fn differing(
    wanted: &Wanted,
    installed: &BTreeMap<String, String>,
    needed: &BTreeSet<String>,
) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, versions) in wanted {
        // A package of the repository itself may have no version.
        let Some(first) = versions.first() else {
            continue;
        };
        let there = installed.get(name);
        let differs = match there {
            Some(there) => !versions.iter().any(|version| same(version, there)),
            None => needed.contains(name),
        };
        if differs {
            found.push(Difference {
                name: name.clone(),
                wanted: Some(first.clone()),
                installed: there.cloned(),
            });
        }
    }
    found
}

/// A name as all indexes compare it.
fn normal(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// Whether two spellings mean one version: `1.0` is `1.0.0`, and what follows a plus is local.
fn same(a: &str, b: &str) -> bool {
    let plain = |version: &str| {
        let public = version.split('+').next().unwrap_or_default();
        let mut text = public.trim_start_matches('v').to_ascii_lowercase();
        while let Some(shorter) = text.strip_suffix(".0") {
            text = shorter.to_owned();
        }
        text
    };
    plain(a) == plain(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_read() {
        let text = "# a==1\n-r other.txt\nDjango_Extra[x]==4.2.1 \\\n    --hash=sha256:aa\nb==2.*\nc == 3.0 ; python_version < '3'\nd>=1\ne===1.0 # why\n";
        let (wanted, needed) = pins(text);
        let said: Vec<_> = wanted
            .iter()
            .map(|(name, versions)| (name.as_str(), versions.first().unwrap().as_str()))
            .collect();
        assert_eq!(
            said,
            [("c", "3.0"), ("django-extra", "4.2.1"), ("e", "1.0")]
        );
        assert_eq!(needed, ["django-extra", "e"].map(String::from).into());
    }

    #[test]
    fn versions_are_compared_as_indexes_do() {
        for (a, b, equal) in [
            ("1.0", "1.0.0", true),
            ("2.1.0+cu118", "2.1.0", true),
            ("1.10", "1.1", false),
            ("1.0rc1", "1.0RC1", true),
        ] {
            assert_eq!(same(a, b), equal, "{a} {b}");
        }
    }

    #[test]
    fn several_versions_are_all_right_and_only_what_is_needed_may_lack() {
        let one = |name: &str, versions: &[&str]| {
            (
                normal(name),
                versions
                    .iter()
                    .map(|version| (*version).to_owned())
                    .collect(),
            )
        };
        let wanted: Wanted = [
            one("A", &["1", "2"]),
            one("b", &["3"]),
            one("c", &[]),
            one("d", &["5"]),
        ]
        .into();
        let installed = [("a", "2"), ("b", "4"), ("c", "1")]
            .map(|(name, version)| (name.to_owned(), version.to_owned()))
            .into();
        let names = |needed: &[&str]| {
            let needed = needed.iter().map(|name| (*name).to_owned()).collect();
            let found = differing(&wanted, &installed, &needed);
            found.into_iter().map(|one| one.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&[]), ["b"]);
        assert_eq!(names(&["d"]), ["b", "d"]);
    }
}
