//! npm's and bun's lock files, which name each package by its place.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::{Case, Difference};

/// A lock file of npm, and what npm leaves in `node_modules`.
#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    packages: BTreeMap<String, Package>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "as npm writes it")]
struct Package {
    version: Option<String>,
    link: bool,
    optional: bool,
    dev_optional: bool,
    peer: bool,
}

/// `package-lock.json` against what is installed.
pub(super) fn differences(case: &Case<'_>) -> Vec<Difference> {
    let Ok(wanted) = serde_json::from_str::<Lock>(case.text) else {
        return Vec::new();
    };
    let modules = case.site.original.join(case.folder.to_os());
    let remembered = modules.join("node_modules/.package-lock.json");
    // Without it another installer was at work, or none.
    let Some(installed) = case
        .site
        .read(&remembered)
        .and_then(|text| serde_json::from_slice::<Lock>(&text).ok())
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (place, package) in &wanted.packages {
        let Some(name) = name(place).filter(|_| !package.link) else {
            continue;
        };
        let there = installed.packages.get(place);
        let version = there.and_then(|there| there.version.clone());
        let may_lack = package.optional || package.dev_optional || package.peer;
        if version != package.version && !(there.is_none() && may_lack) {
            found.push(Difference {
                name: name.to_owned(),
                wanted: package.version.clone(),
                installed: version,
            });
        }
    }
    for (place, package) in &installed.packages {
        let Some(name) = name(place).filter(|_| !package.link) else {
            continue;
        };
        if !wanted.packages.contains_key(place) {
            found.push(Difference {
                name: name.to_owned(),
                wanted: None,
                installed: package.version.clone(),
            });
        }
    }
    found
}

/// The package that lies at a place; a folder of the repository itself is none.
fn name(place: &str) -> Option<&str> {
    Some(place.rsplit_once("node_modules/")?.1)
}

/// `bun.lock` against what is installed.
pub(super) fn bun_differences(case: &Case<'_>) -> Vec<Difference> {
    let Ok(lock) = serde_json::from_str::<Value>(&without_last_commas(case.text)) else {
        return Vec::new();
    };
    let modules = case
        .site
        .original
        .join(case.folder.to_os())
        .join("node_modules");
    let packages = lock.get("packages").and_then(Value::as_object);
    let mut found = Vec::new();
    for (place, package) in packages.into_iter().flatten() {
        // What is nested is named by a way; what leads into the repository has no version.
        let Some((name, version)) = package
            .get(0)
            .and_then(Value::as_str)
            .and_then(|locator| locator.rsplit_once('@'))
            .filter(|(name, version)| {
                name == place && version.starts_with(|c: char| c.is_ascii_digit())
            })
        else {
            continue;
        };
        let here_only = package
            .as_array()
            .into_iter()
            .flatten()
            .any(|part| part.get("os").is_some() || part.get("cpu").is_some());
        let installed = installed(case, &modules, name);
        let stored = modules
            .join(".bun")
            .join(format!("{}@{version}", name.replace('/', "+")));
        if modules.is_dir()
            && installed.as_deref() != Some(version)
            && !stored.exists()
            && !(here_only && installed.is_none())
        {
            // A hoisted copy may be of another version than that of a store without its own.
            found.push(Difference {
                name: name.to_owned(),
                wanted: Some(version.to_owned()),
                installed,
            });
        }
    }
    found
}

/// The version of a package that is installed at the top.
fn installed(case: &Case<'_>, modules: &Path, name: &str) -> Option<String> {
    let relative = Path::new(name);
    if !relative
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)))
    {
        return None;
    }
    let text = case
        .site
        .read(&modules.join(relative).join("package.json"))?;
    let manifest: Value = serde_json::from_slice(&text).ok()?;
    Some(manifest.get("version")?.as_str()?.to_owned())
}

/// JSON as bun writes it has a comma after the last entry.
fn without_last_commas(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut quoted = false;
    let mut escaped = false;
    for letter in text.chars() {
        if quoted {
            quoted = escaped || letter != '"';
            escaped = !escaped && letter == '\\';
        } else if letter == '"' {
            quoted = true;
        } else if letter == '}' || letter == ']' {
            let end = made.trim_end().len();
            if made[..end].ends_with(',') {
                made.remove(end - 1);
            }
        }
        made.push(letter);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_commas_go() {
        for (from, to) in [
            (r#"{"a": [1, 2,],}"#, r#"{"a": [1, 2]}"#),
            (r#"{"a,}": ",]\",}",}"#, r#"{"a,}": ",]\",}"}"#),
            ("{\n  \"a\": 1,\n}", "{\n  \"a\": 1\n}"),
        ] {
            assert_eq!(without_last_commas(from), to);
            assert!(serde_json::from_str::<Value>(to).is_ok());
        }
    }

    #[test]
    fn a_place_names_its_package() {
        assert_eq!(name("node_modules/a/node_modules/@s/b"), Some("@s/b"));
        assert_eq!(name("packages/app"), None);
        assert_eq!(name(""), None);
    }
}
