//! yarn's lock file, in its classic and its newer form.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{Case, Difference, compare};

/// `yarn.lock` against what is installed.
pub(super) fn differences(case: &Case<'_>) -> Vec<Difference> {
    let place = case.site.original.join(case.folder.to_os());
    if !case.text.contains("\n__metadata:") {
        let Some(text) = case.site.read(&place.join("node_modules/.yarn-integrity")) else {
            return Vec::new();
        };
        let installed: Integrity = serde_json::from_slice(&text).unwrap_or_default();
        return classic(case.text, &installed.lockfile_entries);
    }
    let read = |name: &str| {
        let text = case.site.read(&place.join(name))?;
        Some(String::from_utf8_lossy(&text).into_owned())
    };
    if let Some(state) = read("node_modules/.yarn-state.yml") {
        return newer(case.text, &state_locators(&state));
    }
    match read(".pnp.cjs").or_else(|| read(".pnp.data.json")) {
        Some(map) => newer(case.text, &map_locators(&map)),
        None => Vec::new(),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Integrity {
    #[serde(rename = "lockfileEntries")]
    lockfile_entries: BTreeMap<String, String>,
}

/// Each pattern's archive, which holds the version and a sum.
fn classic(lock: &str, installed: &BTreeMap<String, String>) -> Vec<Difference> {
    let mut wanted = BTreeMap::new();
    let mut patterns: Vec<String> = Vec::new();
    for line in lock.lines() {
        if let Some(head) = line
            .strip_suffix(':')
            .filter(|head| !head.starts_with([' ', '#']))
        {
            let words = head.split(", ");
            patterns = words
                .map(|word| word.trim_matches('"').to_owned())
                .collect();
        } else if let Some(archive) = line.strip_prefix("  resolved ") {
            for pattern in patterns.drain(..) {
                wanted.insert(pattern, archive.trim_matches('"').to_owned());
            }
        }
    }
    let mut found = compare(&wanted, installed, &|_| false);
    for difference in &mut found {
        let name = difference.name.rfind('@').filter(|at| *at > 0);
        difference
            .name
            .truncate(name.unwrap_or(difference.name.len()));
        for side in [&mut difference.wanted, &mut difference.installed] {
            *side = side
                .take()
                .map(|archive| version(&archive, &difference.name));
        }
    }
    // Two archives of one version differ by their sum, and are still worth a word.
    found
}

/// The version in an archive's address.
fn version(archive: &str, name: &str) -> String {
    let address = archive.split('#').next().unwrap_or_default();
    let file = address.rsplit('/').next().unwrap_or_default();
    let short = name.rsplit('/').next().unwrap_or_default();
    file.strip_prefix(short)
        .and_then(|rest| rest.strip_prefix('-'))
        .and_then(|rest| rest.strip_suffix(".tgz"))
        .map_or_else(|| archive.to_owned(), str::to_owned)
}

/// Each package's locator, `NAME@npm:VERSION`.
fn newer(lock: &str, installed: &BTreeSet<String>) -> Vec<Difference> {
    let mut found = Vec::new();
    for entry in lock.split("\n\n") {
        let field = |name: &str| {
            let line = entry
                .lines()
                .find_map(|line| line.trim_start().strip_prefix(name))?;
            Some(line.trim().trim_matches('"').to_owned())
        };
        // What is for some systems only may be absent on this one.
        let (Some(locator), None) = (field("resolution: "), field("conditions: ")) else {
            continue;
        };
        let Some((name, reference)) = split(&locator) else {
            continue;
        };
        if reference.starts_with("workspace:")
            || reference.starts_with("patch:")
            || installed.contains(&locator)
        {
            continue;
        }
        let same = format!("{name}@");
        let other = installed.iter().find_map(|there| there.strip_prefix(&same));
        found.push(Difference {
            name: name.to_owned(),
            wanted: Some(plain(reference)),
            installed: other.map(plain),
        });
    }
    found
}

fn plain(reference: &str) -> String {
    reference.trim_start_matches("npm:").to_owned()
}

/// A name, which may begin with `@`, and a reference.
fn split(locator: &str) -> Option<(&str, &str)> {
    let at = locator.get(1..)?.find('@')? + 1;
    Some((&locator[..at], &locator[at + 1..]))
}

/// A package once for each set of peers is still that package.
fn devirtual(locator: &str) -> String {
    match locator.split_once("@virtual:") {
        Some((name, rest)) => match rest.split_once('#') {
            Some((_, reference)) => format!("{name}@{reference}"),
            None => locator.to_owned(),
        },
        None => locator.to_owned(),
    }
}

/// The keys of `.yarn-state.yml`.
fn state_locators(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix("\":"))
        .map(devirtual)
        .collect()
}

/// The packages of the map: a line with the name, below it one for each reference.
fn map_locators(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut name = "";
    for line in text.lines() {
        let line = line.trim().trim_end_matches('\\');
        let Some(rest) = line.strip_prefix("[\"") else {
            continue;
        };
        if let Some(package) = rest.strip_suffix("\", [") {
            name = package;
        } else if let Some(reference) = rest.strip_suffix("\", {") {
            found.insert(devirtual(&format!("{name}@{reference}")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brief(found: &[Difference]) -> Vec<(&str, Option<&str>, Option<&str>)> {
        found
            .iter()
            .map(|one| {
                (
                    one.name.as_str(),
                    one.wanted.as_deref(),
                    one.installed.as_deref(),
                )
            })
            .collect()
    }

    #[test]
    fn the_classic_form_names_archives() {
        let lock = "# yarn lockfile v1\n\n\n\"@s/a@^1.0.0\", \"@s/a@^1.1.0\":\n  version \"1.2.0\"\n  resolved \"https://r/@s/a/-/a-1.2.0.tgz#aa\"\n\nb@2:\n  version \"2.0.0\"\n  resolved \"https://r/b/-/b-2.0.0.tgz#bb\"\n";
        let installed: BTreeMap<String, String> = [
            ("@s/a@^1.0.0", "https://r/@s/a/-/a-1.1.0.tgz#a0"),
            ("@s/a@^1.1.0", "https://r/@s/a/-/a-1.1.0.tgz#a0"),
            ("b@2", "https://r/b/-/b-2.0.0.tgz#bb"),
        ]
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .into();
        let mut found = classic(lock, &installed);
        found.dedup();
        assert_eq!(brief(&found), [("@s/a", Some("1.2.0"), Some("1.1.0"))]);
    }

    #[test]
    fn the_newer_form_names_locators() {
        let lock = "__metadata:\n  version: 8\n\n\"@s/a@npm:^1.0.0\":\n  version: 1.2.0\n  resolution: \"@s/a@npm:1.2.0\"\n\n\"b@npm:2\":\n  resolution: \"b@npm:2.0.0\"\n\n\"c@npm:2\":\n  resolution: \"c@npm:2.0.0\"\n  conditions: os=darwin\n\n\"root@workspace:.\":\n  resolution: \"root@workspace:.\"\n";
        let state = "\"@s/a@virtual:abc#npm:1.2.0\":\n  locations:\n    - \"node_modules/@s/a\"\n\n\"b@npm:1.0.0\":\n  locations:\n";
        let found = newer(lock, &state_locators(state));
        assert_eq!(brief(&found), [("b", Some("2.0.0"), Some("1.0.0"))]);
        let map = "    [\"@s/a\", [\\\n      [\"virtual:abc#npm:1.2.0\", {\\\n    [\"b\", [\\\n      [\"npm:2.0.0\", {\\\n";
        assert_eq!(newer(lock, &map_locators(map)), vec![]);
    }
}
