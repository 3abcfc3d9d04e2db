//! Packages of one repository that use one another: what changes in one may be wrong in those that use it.

use std::collections::{BTreeMap, BTreeSet};

use super::traces;
use crate::path::RepoPath;
use crate::project::{Project, split, up};

/// Where a package manager is told that there are several packages.
const SIGNS: [&str; 3] = ["lerna.json", "nx.json", "pnpm-workspace.yaml"];

/// The folders with a file of this name whose package uses one of these, directly or not; without these themselves.
///
/// Costs a look at the whole project where there are several packages, and nothing where there are not.
pub(super) fn users(
    project: &Project<'_>,
    touched: &BTreeSet<RepoPath>,
    sign: &[u8],
) -> Vec<RepoPath> {
    if !touched.iter().any(|folder| is_one_of_many(project, folder)) {
        return Vec::new();
    }
    let listing = project.listing();
    let signed = listing.iter().map(split).filter(|(_, name)| *name == sign);
    let homes: Vec<RepoPath> = signed.map(|(folder, _)| folder).collect();
    let names: BTreeMap<&RepoPath, String> = homes
        .iter()
        .chain(touched)
        .filter_map(|home| Some((home, name(project, home)?)))
        .collect();
    let mut reached = touched.clone();
    // Each round finds who uses what the last one found.
    loop {
        let sought: Vec<&String> = reached.iter().filter_map(|home| names.get(home)).collect();
        let uses = |home: &&RepoPath| {
            let mut sought = sought.iter();
            !reached.contains(*home)
                && sought.any(|name| traces::node_names(project, &package(project, home), name))
        };
        let more: Vec<RepoPath> = homes.iter().filter(uses).cloned().collect();
        if more.is_empty() {
            break;
        }
        reached.extend(more);
    }
    reached.difference(touched).cloned().collect()
}

fn is_one_of_many(project: &Project<'_>, folder: &RepoPath) -> bool {
    up(folder).any(|above| {
        project.first(&above, &SIGNS).is_some()
            || traces::package_key(project, &above, "workspaces")
    })
}

/// The folder of the package to which a folder belongs.
fn package(project: &Project<'_>, folder: &RepoPath) -> RepoPath {
    let manifest = project.nearest(folder, &["package.json"]);
    manifest.map_or_else(|| folder.clone(), |(folder, _)| folder)
}

fn name(project: &Project<'_>, folder: &RepoPath) -> Option<String> {
    let manifest = project.json(&package(project, folder).join(b"package.json"))?;
    Some(manifest.get("name")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sketch::Sketch;

    fn users_of(root: &str, touched: &str) -> Vec<String> {
        let project = Project::new(Sketch::of(&[
            ("package.json", root),
            ("tsconfig.json", "{}"),
            ("packages/core/package.json", r#"{"name": "@x/core"}"#),
            ("packages/core/tsconfig.json", "{}"),
            (
                "packages/ui/package.json",
                r#"{"name": "@x/ui", "dependencies": {"@x/core": "*"}}"#,
            ),
            ("packages/ui/tsconfig.json", "{}"),
            (
                "apps/web/package.json",
                r#"{"name": "web", "devDependencies": {"@x/ui": "*"}}"#,
            ),
            ("apps/web/tsconfig.json", "{}"),
            ("apps/api/package.json", r#"{"name": "api"}"#),
            ("apps/api/tsconfig.json", "{}"),
        ]));
        let touched = BTreeSet::from([RepoPath::from(touched)]);
        let users = users(&project, &touched, b"tsconfig.json");
        users.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn who_uses_a_package_is_found_also_through_others() {
        let many = r#"{"workspaces": ["packages/*", "apps/*"]}"#;
        assert_eq!(users_of(many, "packages/core"), ["apps/web", "packages/ui"]);
        assert_eq!(users_of(many, "packages/ui"), ["apps/web"]);
        assert!(users_of(many, "apps/api").is_empty());
        assert!(users_of("{}", "packages/core").is_empty());
    }
}
