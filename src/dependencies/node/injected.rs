//! Packages of the repository that an installer copied (pnpm's injected dependencies): in the
//! checkout they are copies of what is judged.

use std::path::Path;

use rustix::fs::Mode;

use super::super::DependencyError;
use super::super::folder::Folder;
use super::super::site::{Site, split};
use super::super::want::{Entries, Others, Want};
use crate::path::RepoPath;

/// One such copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Injected {
    /// The package of the repository.
    pub(crate) from: RepoPath,
    /// Where its copy lies, in the repository's words.
    pub(crate) to: RepoPath,
}

/// What pnpm says in `.modules.yaml`: a package's folder, then where it was copied to.
pub(super) fn find(site: &Site<'_>, modules: &Path) -> Vec<Injected> {
    let text = site
        .read(&modules.join(".modules.yaml"))
        .unwrap_or_default();
    let root = modules
        .parent()
        .and_then(|parent| site.place(parent))
        .unwrap_or_default();
    parse(&String::from_utf8_lossy(&text))
        .into_iter()
        .map(|(from, to)| Injected {
            from: root.join(from.as_bytes()),
            to: root.join(to.as_bytes()),
        })
        .filter(|found| is_plain(&found.from) && is_plain(&found.to))
        .collect()
}

/// The part `injectedDeps` of a file that pnpm writes as YAML or, in newer versions, as JSON.
fn parse(text: &str) -> Vec<(String, String)> {
    if let Ok(whole) = serde_json::from_str::<serde_json::Value>(text) {
        let all = whole.get("injectedDeps").and_then(|part| part.as_object());
        let pair =
            |from: &String, to: &serde_json::Value| Some((from.clone(), to.as_str()?.to_owned()));
        return all
            .into_iter()
            .flatten()
            .flat_map(|(from, to)| {
                let to = to.as_array().into_iter().flatten();
                to.filter_map(move |to| pair(from, to))
            })
            .collect();
    }
    let mut found = Vec::new();
    let mut from = "";
    let plain = |word: &str| word.trim_matches(['\'', '"']).to_owned();
    let part = text.lines().skip_while(|line| *line != "injectedDeps:");
    for line in part.skip(1).take_while(|line| line.starts_with(' ')) {
        let line = line.trim();
        if let Some(to) = line.strip_prefix("- ") {
            found.push((plain(from), plain(to)));
        } else if let Some(name) = line.strip_suffix(':') {
            from = name;
        }
    }
    found
}

/// Whether a path that a file names stays in the repository.
fn is_plain(path: &RepoPath) -> bool {
    path.as_bytes()
        .split(|byte| *byte == b'/')
        .all(|part| !part.is_empty() && part != b"." && part != b"..")
}

impl Injected {
    /// What the copy is to hold: the tracked files of the package as they lie in the checkout.
    /// Not links to them: that would change the files' own times.
    pub(crate) fn wants(
        &self,
        site: &Site<'_>,
        checkout: &Folder,
    ) -> Result<Entries, DependencyError> {
        let mut wants = Entries::new();
        for path in site.tracked {
            let Some(inner) = path.relative_to(&self.from).filter(|path| !path.is_root()) else {
                continue;
            };
            let (parent, name) = split(path);
            let Some(folder) = checkout.descend(&parent)? else {
                continue;
            };
            let name = RepoPath::new(name).to_os();
            // A tracked link is no file, and its text would mean something else here.
            let (Some(stat), Some(bytes)) =
                (folder.stat(name.as_os_str()), folder.read(name.as_os_str()))
            else {
                continue;
            };
            let executable = Mode::from_raw_mode(stat.st_mode).contains(Mode::XUSR);
            let want = Want::File(bytes, if executable { 0o755 } else { 0o644 });
            put(&mut wants, &inner.to_os(), want);
        }
        Ok(wants)
    }
}

/// Puts something at a path of several folders.
fn put(entries: &mut Entries, path: &Path, want: Want) {
    let mut parts = path.components();
    let Some(first) = parts.next() else {
        return;
    };
    let rest = parts.as_path();
    if rest.as_os_str().is_empty() {
        entries.insert(first.as_os_str().to_owned(), want);
        return;
    }
    let folder = entries
        .entry(first.as_os_str().to_owned())
        .or_insert_with(|| Want::Folder(Entries::new(), Others::Go));
    if let Want::Folder(inner, _) = folder {
        put(inner, rest, want);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_file_are_read() {
        let expected = vec![(
            "packages/plugin".to_owned(),
            "node_modules/.pnpm/plugin@file+packages+plugin/node_modules/plugin".to_owned(),
        )];
        let yaml = "hoistPattern:\n  - '*'\ninjectedDeps:\n  packages/plugin:\n    - node_modules/.pnpm/plugin@file+packages+plugin/node_modules/plugin\nlayoutVersion: 5\n";
        assert_eq!(parse(yaml), expected);
        let json = r#"{"injectedDeps":{"packages/plugin":["node_modules/.pnpm/plugin@file+packages+plugin/node_modules/plugin"]},"layoutVersion":5}"#;
        assert_eq!(parse(json), expected);
        assert_eq!(parse("layoutVersion: 5\n"), vec![]);
    }

    #[test]
    fn a_path_that_leaves_is_not_plain() {
        for wrong in ["../x", "a/../../x", "/x", "a//b", ""] {
            assert!(!is_plain(&RepoPath::from(wrong)), "{wrong}");
        }
        assert!(is_plain(&RepoPath::from("packages/plugin")));
    }
}
