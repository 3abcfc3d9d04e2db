//! The schemas that files are judged by: the nearest `schemas/env.yaml` at or above each; and those before a change.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::Path;

use super::{Reach, disk};
use crate::change::{self, ChangeSet};
use crate::config::{ConfigError, Problem};
use crate::dotenv::name;
use crate::env::Choice;
use crate::path::RepoPath;
use crate::project::{split, up};
use crate::repository::{Blob, Mode, Repository, RepositoryError};
use crate::schema::{self, Read};

/// The schemas as they are judged, and as they were, by the folders in which they hold.
pub(in crate::gate) struct Ground {
    places: BTreeMap<RepoPath, Place>,
    none: Box<Place>,
}

/// One schema.
pub(in crate::gate) struct Place {
    schema: Read,
    /// Where the change changes it.
    before: Option<Read>,
}

/// Why there is no schema to judge by.
pub(in crate::gate) enum NoGround {
    /// It is wrong.
    Schema(ConfigError),
    /// It cannot be read.
    Repository(RepositoryError),
}

impl Ground {
    /// The schemas of what is judged, which the change may have changed.
    pub(in crate::gate) fn of(
        repository: &Repository,
        changes: &ChangeSet,
        reach: Reach,
    ) -> Result<Self, NoGround> {
        let mut ground = Self::empty();
        for folder in above(changes) {
            ground.add(repository, changes, &folder)?;
        }
        // Others can lie anywhere; who has none at the root is not made to wait for a look at all files.
        let is_whole = reach == Reach::Everything || ground.has_before();
        if is_whole && ground.is_there() {
            let all = change::everything(repository, changes.judged);
            let all = all.map_err(NoGround::Repository)?;
            let below = all.files.iter().filter_map(|file| of_schema(&file.path));
            for folder in below.collect::<BTreeSet<_>>() {
                if !ground.places.contains_key(&folder) {
                    ground.add(repository, changes, &folder)?;
                }
            }
        }
        Ok(ground)
    }

    fn add(
        &mut self,
        repository: &Repository,
        changes: &ChangeSet,
        folder: &RepoPath,
    ) -> Result<(), NoGround> {
        let path = folder.join(schema::PATH.as_bytes());
        let (parent, name) = split(&path);
        let children = repository.children(changes.judged, &parent);
        let children = children.map_err(NoGround::Repository)?;
        let child = children.into_iter().find(|child| child.name == name);
        let Some(child) = child else {
            return Ok(());
        };
        let called = path.to_text();
        // A schema that is there and cannot be read is no reason to ask for nothing.
        let odd = match child.blob.map(|blob| blob.mode) {
            Some(mode) if mode.is_regular() => None,
            Some(Mode::Link) => Some("it is a link, and git keeps only where that leads"),
            Some(_) => Some("it is another repository"),
            None => Some("it is a folder"),
        };
        if let Some(why) = odd {
            return Err(NoGround::Schema(unreadable(&called, why)));
        }
        let read = |blob: Option<Blob>| match blob {
            Some(blob) => repository.read(&blob.id).map_err(NoGround::Repository),
            None => Ok(None),
        };
        let Some(bytes) = read(child.blob)? else {
            return Ok(());
        };
        let common = repository.common_dir();
        let now = schema::load(common, &called, &bytes).map_err(NoGround::Schema)?;
        let change = changes.files.iter().find(|change| change.path == path);
        let before = match change {
            // A first schema is one more than none, and one that was wrong said nothing about what was right.
            Some(change) => Some(match read(change.old)? {
                Some(bytes) => schema::load(common, &called, &bytes).ok(),
                None => None,
            }),
            None => None,
        };
        let before = before.map(|before| before.unwrap_or_else(schema::none));
        let place = Place {
            schema: now,
            before,
        };
        self.places.insert(folder.clone(), place);
        Ok(())
    }

    /// One schema for all files, wherever they lie; who names one means what it leads to.
    pub(in crate::gate) fn one(
        path: &Path,
        name: &str,
        common_dir: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let mut ground = Self::empty();
        let bytes = disk::content(path, true).map_err(|why| unreadable(name, &why))?;
        ground.take(&bytes, (name, &RepoPath::root()), common_dir)?;
        Ok(ground)
    }

    /// The schemas of files on the disk, by the folders of the files.
    pub(in crate::gate) fn on_disk<'f>(
        root: &Path,
        files: impl Iterator<Item = &'f RepoPath>,
        common_dir: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let mut ground = Self::empty();
        let mut folders: BTreeSet<RepoPath> = files.flat_map(folders).collect();
        folders.insert(RepoPath::root());
        for folder in folders {
            let name = folder.join(schema::PATH.as_bytes());
            if let Some(bytes) = own(&root.join(name.to_os()), &name)? {
                ground.take(&bytes, (&name.to_text(), &folder), common_dir)?;
            }
        }
        Ok(ground)
    }

    fn take(
        &mut self,
        bytes: &[u8],
        (name, folder): (&str, &RepoPath),
        common_dir: Option<&Path>,
    ) -> Result<(), ConfigError> {
        let schema = match common_dir {
            Some(common_dir) => schema::load(common_dir, name, bytes)?,
            None => schema::read(name, bytes)?,
        };
        let place = Place {
            schema,
            before: None,
        };
        self.places.insert(folder.clone(), place);
        Ok(())
    }

    fn empty() -> Self {
        Self {
            places: BTreeMap::new(),
            none: Box::new(Place {
                schema: schema::none(),
                before: None,
            }),
        }
    }

    /// The schema of the files in a folder, and the folder that it lies in.
    pub(in crate::gate) fn at(&self, folder: &RepoPath) -> (RepoPath, &Place) {
        let mut folders = up(folder);
        let found = folders.find_map(|folder| {
            let place = self.places.get(&folder)?;
            Some((folder, place))
        });
        found.unwrap_or_else(|| (RepoPath::root(), &*self.none))
    }

    /// Every schema that there is.
    pub(in crate::gate) fn all(&self) -> impl Iterator<Item = &Read> {
        self.places.values().map(|place| &place.schema)
    }

    /// Whether some schema knows the environment that was asked for.
    pub(in crate::gate) fn knows(&self, choice: &Choice) -> Result<(), ConfigError> {
        let none = (!self.is_there()).then_some(&self.none.schema);
        let mut wrong = None;
        for read in self.all().chain(none) {
            match choice.check(&read.schema) {
                Ok(()) => return Ok(()),
                Err(error) => wrong = wrong.or(Some(error)),
            }
        }
        wrong.map_or(Ok(()), Err)
    }

    /// Whether the change changes one.
    pub(in crate::gate) fn has_before(&self) -> bool {
        self.places.values().any(|place| place.before.is_some())
    }

    /// Whether the project has one.
    pub(in crate::gate) fn is_there(&self) -> bool {
        !self.places.is_empty()
    }
}

impl Place {
    pub(in crate::gate) fn schema(&self) -> &Read {
        &self.schema
    }

    pub(in crate::gate) fn before(&self) -> Option<&Read> {
        self.before.as_ref()
    }
}

/// Whether a path is that of a schema: the folder that it is for.
pub(in crate::gate) fn of_schema(path: &RepoPath) -> Option<RepoPath> {
    let rest = path.as_bytes().strip_suffix(schema::PATH.as_bytes())?;
    match rest.strip_suffix(b"/") {
        Some(folder) => Some(RepoPath::new(folder)),
        None => rest.is_empty().then(RepoPath::root),
    }
}

/// The folders above the env files and the schemas of a change, the root among them.
fn above(changes: &ChangeSet) -> BTreeSet<RepoPath> {
    let mut found = BTreeSet::from([RepoPath::root()]);
    for change in &changes.files {
        if name::role(&change.path).is_some() {
            found.extend(folders(&change.path));
        }
        found.extend(of_schema(&change.path));
    }
    found
}

/// The folders above a file.
fn folders(path: &RepoPath) -> impl Iterator<Item = RepoPath> {
    up(&split(path).0).collect::<Vec<_>>().into_iter()
}

/// The bytes of a project's own schema, where there is one. It is a plain file, as it is for the gate.
fn own(place: &Path, name: &RepoPath) -> Result<Option<Vec<u8>>, ConfigError> {
    match place.symlink_metadata() {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Ok(about) if about.is_symlink() => {
            let why = "it is a link, and git keeps only where that leads";
            return Err(unreadable(&name.to_text(), why));
        }
        _ => {}
    }
    let bytes = disk::content(place, false);
    let bytes = bytes.map_err(|why| unreadable(&name.to_text(), &why))?;
    Ok(Some(bytes))
}

/// A schema that is there and is no file that can be read.
fn unreadable(name: &str, why: &str) -> ConfigError {
    let what = format!("{name} cannot be read: {why}");
    let help = "the schema is a plain file; `guard env check --schema FILE` reads another one";
    ConfigError::one(Problem::new(what, help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_for_the_folder_that_its_folder_lies_in() {
        for (path, folder) in [
            ("schemas/env.yaml", Some("")),
            ("apps/web/schemas/env.yaml", Some("apps/web")),
            ("my-schemas/env.yaml", None),
            ("schemas/env.yml", None),
        ] {
            assert_eq!(
                of_schema(&path.into()),
                folder.map(RepoPath::from),
                "{path}"
            );
        }
    }
}
