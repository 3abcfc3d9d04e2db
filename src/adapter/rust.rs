//! Where a Rust file belongs: its package, and the workspace from which cargo works on it.

use crate::path::RepoPath;
use crate::project::{Project, up};

const MANIFEST: &[u8] = b"Cargo.toml";

/// Whether a folder is a package.
pub(super) fn is_package(project: &Project<'_>, folder: &RepoPath) -> bool {
    if !project.holds(folder, MANIFEST) {
        return false;
    }
    // One that cannot be parsed may be one: cargo says what is wrong with it.
    let manifest = project.toml(&folder.join(MANIFEST));
    manifest.is_none_or(|manifest| manifest.contains_key("package"))
}

/// A package's name, where its manifest says it.
pub(super) fn name(project: &Project<'_>, folder: &RepoPath) -> Option<String> {
    let manifest = project.toml(&folder.join(MANIFEST))?;
    let name = manifest.get("package")?.get("name")?.as_str()?;
    Some(name.to_owned())
}

/// The folder of the workspace to which a package belongs; its own where it belongs to none.
pub(super) fn workspace(project: &Project<'_>, package: &RepoPath) -> RepoPath {
    let table = |folder: &RepoPath, key: &str| {
        let manifest = project.toml(&folder.join(MANIFEST))?;
        manifest.get(key).cloned()
    };
    if let Some(named) = table(package, "package").and_then(|table| table.get("workspace").cloned())
        && let Some(named) = named.as_str()
    {
        return joined(package, named).unwrap_or_else(|| package.clone());
    }
    for folder in up(package) {
        let Some(workspace) = table(&folder, "workspace") else {
            continue;
        };
        let excluded = workspace.get("exclude").and_then(toml::Value::as_array);
        let is_excluded = excluded.into_iter().flatten().any(|path| {
            let path = path.as_str().and_then(|path| joined(&folder, path));
            path.is_some_and(|path| package.is_within(&path))
        });
        if !is_excluded {
            return folder;
        }
    }
    package.clone()
}

/// The edition in which a package is written.
pub(super) fn edition(project: &Project<'_>, package: &RepoPath) -> String {
    let own = project.toml(&package.join(MANIFEST));
    let own = own
        .as_ref()
        .and_then(|manifest| manifest.get("package")?.get("edition").cloned());
    let edition = match own {
        Some(toml::Value::String(edition)) => Some(edition),
        // `edition.workspace = true`
        Some(_) => {
            let root = workspace(project, package);
            let manifest = project.toml(&root.join(MANIFEST));
            let inherited = manifest.as_ref().and_then(|manifest| {
                let package = manifest.get("workspace")?.get("package")?;
                package.get("edition")?.as_str()
            });
            inherited.map(str::to_owned)
        }
        None => None,
    };
    let is_plain = |edition: &String| edition.chars().all(|letter| letter.is_ascii_digit());
    edition
        .filter(is_plain)
        .unwrap_or_else(|| "2015".to_owned())
}

/// A path as a manifest in `folder` writes it; none for one that leaves the repository.
fn joined(folder: &RepoPath, said: &str) -> Option<RepoPath> {
    let mut at = folder.clone();
    for part in said.split('/') {
        match part {
            "" | "." => {}
            ".." if at.is_root() => return None,
            ".." => at = crate::project::split(&at).0,
            name => at = at.join(name.as_bytes()),
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sketch::Sketch;

    #[test]
    fn packages_know_their_workspace_and_edition() {
        let project = Project::new(Sketch::of(&[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"fuzz\"]\n[workspace.package]\nedition = \"2021\"\n",
            ),
            (
                "crates/a/Cargo.toml",
                "[package]\nname = \"a\"\nedition.workspace = true\n",
            ),
            (
                "fuzz/Cargo.toml",
                "[package]\nname = \"fuzz\"\nedition = \"2024\"\n",
            ),
            (
                "crates/b/Cargo.toml",
                "[package]\nname = \"b\"\nworkspace = \"../..\"\n",
            ),
            (
                "crates/c/Cargo.toml",
                "[package]\nname = \"c\"\nworkspace = \"../../..\"\nedition = \"$(x)\"\n",
            ),
        ]));
        let at = |folder: &str| {
            let folder = RepoPath::from(folder);
            (
                workspace(&project, &folder).to_string(),
                edition(&project, &folder),
            )
        };
        assert_eq!(at("crates/a"), (String::new(), "2021".into()));
        assert_eq!(at("fuzz"), ("fuzz".into(), "2024".into()));
        assert_eq!(at("crates/b"), (String::new(), "2015".into()));
        assert_eq!(at("crates/c"), ("crates/c".into(), "2015".into()));
        assert!(!is_package(&project, &RepoPath::root()));
        assert_eq!(name(&project, &"fuzz".into()).as_deref(), Some("fuzz"));
    }
}
