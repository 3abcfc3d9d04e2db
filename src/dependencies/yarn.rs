//! What yarn's newer line keeps outside `node_modules`: the map of Plug'n'Play, and what it
//! remembers of its installation.
//!
//! The map says where each package lies, relative to itself. A package of the repository lies at
//! the same place in the checkout; a place outside the work tree, or among yarn's own files, is
//! spelled anew so that it stays where it is.

mod remembered;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use super::repoint::path_of;
use super::site::Site;
use super::want::{Entries, Want, resolve};
use super::{DependencyError, Isolate};
use crate::path::RepoPath;

/// What makes a folder a project of yarn's.
pub(crate) const MANIFESTS: [&str; 1] = ["yarn.lock"];

/// The map, in its forms.
const MAPS: [&str; 3] = [".pnp.cjs", ".pnp.data.json", ".pnp.loader.mjs"];

/// What yarn remembers; without it no `yarn run`.
const REMEMBERED: &str = "install-state.gz";

/// Folders of packages below `.yarn`.
const PACKAGES: [&str; 2] = ["cache", "unplugged"];

/// How the map names a place.
const LOCATION: &str = "\"packageLocation\": \"";

/// What is planned: everything by its place.
pub(crate) type Plan = BTreeMap<RepoPath, Want>;

/// Plans the root and every folder with a `yarn.lock`.
pub(crate) fn plan(site: &Site<'_>) -> Result<Plan, DependencyError> {
    let mut plan = Plan::new();
    for folder in site.folders_with(&MANIFESTS) {
        for name in MAPS {
            let place = folder.join(name.as_bytes());
            if !site.judges(&place) {
                let want = map(site, &folder, &site.original.join(place.to_os()))?;
                plan.extend(want.map(|want| (place, want)));
            }
        }
        let yarn = folder.join(b".yarn");
        let place = yarn.join(REMEMBERED.as_bytes());
        let path = site.original.join(place.to_os());
        if let Some(text) = site.read(&path)
            && !site.judges(&place)
        {
            if let Some(text) = remembered::moved(&site.repoint(), &site.original, &text) {
                plan.insert(place, Want::File(text, 0o644));
            } else {
                site.note(format!(
                    "{} names the work tree in a way that guard cannot read: `yarn run` will ask for an install",
                    path.display()
                ));
            }
        }
        for name in PACKAGES {
            let place = yarn.join(name.as_bytes());
            let path = site.original.join(place.to_os());
            site.seen.borrow_mut().look(&path);
            if path.is_dir() && !site.judges(&place) {
                let want = match site.isolate {
                    Isolate::Link => Want::Link(path),
                    Isolate::Copy => Want::Tree(path, Entries::new()),
                };
                plan.insert(place, want);
            }
        }
    }
    Ok(plan)
}

/// The map for the checkout.
fn map(site: &Site<'_>, folder: &RepoPath, path: &Path) -> Result<Option<Want>, DependencyError> {
    let Some(text) = site.read(path) else {
        return Ok(None);
    };
    let found = fs::metadata(path).map_err(DependencyError::read(path))?;
    let Ok(text) = String::from_utf8(text) else {
        site.note(format!("{} is not text, and stays away", path.display()));
        return Ok(None);
    };
    let moved = Places {
        from: site.original.join(folder.to_os()),
        to: site.repoint().checkout().join(folder.to_os()),
        site,
    };
    let mut spelled = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(LOCATION) {
        let (place, after) = after.split_once('"').unwrap_or((after, ""));
        let place = moved.place(place);
        if place.contains(['\'', '\\', '"']) {
            site.note(format!(
                "{} would need a place that it cannot spell, and stays away",
                path.display()
            ));
            return Ok(None);
        }
        spelled.extend([before, LOCATION, &place, "\""]);
        rest = after;
    }
    spelled.push_str(rest);
    let mode = found.permissions().mode() & 0o777;
    Ok(Some(Want::File(spelled.into_bytes(), mode)))
}

/// The two folders in which the map lies.
struct Places<'a> {
    from: PathBuf,
    to: PathBuf,
    site: &'a Site<'a>,
}

impl Places<'_> {
    /// The same place, seen from the checkout.
    fn place(&self, place: &str) -> String {
        let end = if place.ends_with('/') { "/" } else { "" };
        // `.yarn/__virtual__/NAME/N/REST` is REST, N folders above `.yarn`: one package once for
        // each set of peers.
        let mut virtually = None;
        let mut real = self.whole(place);
        if let Some((before, after)) = place.split_once("/__virtual__/") {
            let mut parts = after.splitn(3, '/');
            if let (Some(name), Some(Ok(up)), Some(rest)) =
                (parts.next(), parts.next().map(str::parse), parts.next())
            {
                let up = "../".repeat(up);
                real = self.whole(&format!("{before}/{up}{rest}"));
                virtually = Some((before, name));
            }
        }
        if self.stays(&real) {
            return place.to_owned();
        }
        let Some((before, name)) = virtually else {
            return format!("{}{end}", relative(&self.to, &real));
        };
        let base = resolve(&self.to.join("map"), Path::new(before));
        let way = relative(&base, &real);
        let up = way.split('/').take_while(|part| *part == "..").count();
        let rest = way.splitn(up + 1, "../").last().unwrap_or_default();
        let rest = rest.trim_start_matches("./");
        format!("{before}/__virtual__/{name}/{up}/{rest}{end}")
    }

    fn whole(&self, place: &str) -> PathBuf {
        resolve(&self.from.join("map"), &path_of(place.as_bytes()))
    }

    /// Whether the checkout has this at the same place: its own files, and yarn's where they are
    /// copied. Yarn's are not followed as links, since the map knows them by their real place.
    fn stays(&self, real: &Path) -> bool {
        let Ok(below) = real.strip_prefix(&self.from) else {
            return self.site.is_local(real);
        };
        self.site.isolate == Isolate::Copy
            || below.components().next() != Some(Component::Normal(".yarn".as_ref()))
            || self
                .site
                .place(real)
                .is_some_and(|place| self.site.judges(&place))
    }
}

/// The way from one folder to a path, by their letters.
fn relative(from: &Path, to: &Path) -> String {
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = from.components().count() - shared;
    let rest: PathBuf = to.components().skip(shared).collect();
    let up = if up == 0 {
        "./".to_owned()
    } else {
        "../".repeat(up)
    };
    format!("{up}{}", rest.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_short_and_right() {
        for (from, to, way) in [
            ("/s/tree", "/home/cache/x.zip", "../../home/cache/x.zip"),
            ("/s/tree", "/s/tree/a", "./a"),
            ("/s/tree/apps", "/s/own/a", "../../own/a"),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)), way);
        }
    }

    #[test]
    fn what_lies_outside_is_spelled_anew_and_the_rest_stays() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        let original = folder.join("work");
        let checkout = folder.join("state/slot/tree");
        fs::create_dir_all(&original).unwrap();
        for (isolate, place, expected) in [
            (Isolate::Link, "./", "./"),
            (Isolate::Link, "./packages/lib/", "./packages/lib/"),
            (
                Isolate::Link,
                "../home/ms.zip/ms/",
                "../../../home/ms.zip/ms/",
            ),
            (
                Isolate::Link,
                "./.yarn/cache/ms.zip/",
                "../../../work/.yarn/cache/ms.zip/",
            ),
            (
                Isolate::Copy,
                "./.yarn/cache/ms.zip/",
                "./.yarn/cache/ms.zip/",
            ),
            (
                Isolate::Link,
                "./.yarn/__virtual__/a-virtual-1/1/packages/lib/",
                "./.yarn/__virtual__/a-virtual-1/1/packages/lib/",
            ),
            (
                Isolate::Link,
                "./.yarn/__virtual__/a-virtual-1/2/home/a.zip/",
                "./.yarn/__virtual__/a-virtual-1/4/home/a.zip/",
            ),
            (
                Isolate::Link,
                "./.yarn/__virtual__/a-virtual-1/0/cache/a.zip/",
                "./.yarn/__virtual__/a-virtual-1/4/work/.yarn/cache/a.zip/",
            ),
        ] {
            let site = Site::new(&original, &checkout, &[], isolate).unwrap();
            let places = Places {
                from: original.clone(),
                to: checkout.clone(),
                site: &site,
            };
            assert_eq!(places.place(place), expected, "{place}");
        }
    }
}
