//! `guard env check`: the one check, asked for by itself, on files as they lie on the disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{self, Files};
use super::{Ground, Judging, Scope};
use crate::clock::Clock;
use crate::config::valid::CheckSettings;
use crate::config::{ConfigError, Problem};
use crate::dotenv;
use crate::env::{CHECK, Choice};
use crate::event::Listener;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::gate::GateError;
use crate::gate::alone::Alone;
use crate::path::RepoPath;
use crate::process::signal::Cancel;
use crate::repository::Repository;
use crate::schema;

/// What a look at env files stands on.
pub(crate) struct Checked<'a> {
    /// None outside of any.
    pub(crate) repository: Option<&'a Arc<Repository>>,
    /// From where paths are told.
    pub(crate) root: PathBuf,
    /// The files that were named; none means all at package roots.
    pub(crate) files: Vec<PathBuf>,
    /// Another schema than the project's.
    pub(crate) schema: Option<PathBuf>,
    /// `--env`.
    pub(crate) environment: Option<String>,
    /// `GUARD_ENV`.
    pub(crate) usual: Option<String>,
    pub(crate) settings: &'a CheckSettings,
    pub(crate) clock: &'a Clock,
    pub(crate) cancel: Cancel,
    pub(crate) notes: Vec<(Severity, String)>,
}

/// Judges the files, and tells the listeners.
pub(crate) fn env(
    world: Checked<'_>,
    listeners: &mut [&mut dyn Listener],
) -> Result<Exit, GateError> {
    let repository = world.repository.map(Arc::as_ref);
    let common_dir = repository.map(Repository::common_dir);
    let usual = world.root.join(schema::PATH);
    let name = world.schema.as_ref().map(|path| path.display().to_string());
    let name = name.as_deref().unwrap_or(schema::PATH);
    let path = world.schema.as_deref().unwrap_or(&usual);
    // Lines that a schema's mistakes are shown in would be values.
    if let Some(mistaken) = world.schema.as_ref().map(|path| told(path, &world.root))
        && dotenv::name::role(&mistaken).is_some()
    {
        let what = format!("{mistaken} is an env file, and no schema");
        let help = "`guard env check FILE --schema SCHEMA` holds the one against the other";
        let error = ConfigError::one(Problem::new(what, help));
        return Err(GateError::Schema(error));
    }
    let ground = Ground::on_disk(path, name, common_dir).map_err(GateError::Schema)?;
    let are_named = !world.files.is_empty();
    let choice = Choice {
        forced: world.environment.clone().filter(|_| are_named),
        asked: world.environment.or(world.usual),
        branch: None,
    };
    let is_known = choice.check(&ground.schema().schema);
    is_known.map_err(GateError::Schema)?;
    let root = &world.root;
    let files: Vec<(RepoPath, PathBuf)> = if are_named {
        let named = world.files.iter();
        named.map(|file| (told(file, root), file.clone())).collect()
    } else {
        let found = disk::found(root, repository).into_iter();
        found
            .map(|path| (path.clone(), root.join(path.to_os())))
            .collect()
    };
    let subject = match &files[..] {
        [] => "no env file".to_owned(),
        [(one, _)] => one.to_text().into_owned(),
        several => format!("{} env files", several.len()),
    };
    let work = Judging {
        repository: world.repository.cloned(),
        settings: world.settings.clone(),
        scopes: vec![Scope::Disk(Files {
            root: world.root,
            files,
            are_named,
            ground,
            choice,
        })],
    };
    let alone = Alone {
        command: "env check",
        id: CHECK,
        subject,
        clock: world.clock,
        cancel: &world.cancel,
        notes: &world.notes,
    };
    alone.run(Box::new(work), listeners)
}

/// A path as seen from the root; one outside as it is.
fn told(file: &Path, root: &Path) -> RepoPath {
    // `..` and links lead elsewhere than the words say.
    let place = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    // A link is told by its own name.
    let own = file.parent().and_then(|folder| folder.canonicalize().ok());
    let own = own
        .zip(file.file_name())
        .map(|(folder, name)| folder.join(name));
    let place = own.unwrap_or(place);
    let seen = place.strip_prefix(&root).unwrap_or(&place);
    RepoPath::new(seen.as_os_str().as_encoded_bytes())
}
