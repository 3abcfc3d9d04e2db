//! `guard env check`: the one check, asked for by itself, on files as they lie on the disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{self, Files};
use super::{Ground, Judging, Scope};
use crate::clock::Clock;
use crate::config::valid::CheckSettings;
use crate::config::{ConfigError, Problem};
use crate::dotenv::name::{self, Role};
use crate::env::{CHECK, Choice};
use crate::event::Listener;
use crate::exit::Exit;
use crate::finding::{Fix, Severity};
use crate::gate::GateError;
use crate::gate::alone::Alone;
use crate::gate::secrets::Ready;
use crate::path::RepoPath;
use crate::process::signal::Cancel;
use crate::repository::Repository;

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
    /// The gravest fix that may be made first.
    pub(crate) fix: Fix,
    /// `--env`.
    pub(crate) environment: Option<String>,
    /// `GUARD_ENV`.
    pub(crate) usual: Option<String>,
    /// The variables of the process, where they are judged instead of files.
    pub(crate) variables: Option<Vec<(String, String)>>,
    pub(crate) settings: &'a CheckSettings,
    /// What holds for the check `gitignore`; none where nobody wants to hear of it.
    pub(crate) gitignore: Option<&'a CheckSettings>,
    pub(crate) clock: &'a Clock,
    pub(crate) cancel: Cancel,
    pub(crate) notes: Vec<(Severity, String)>,
}

/// Judges the files, and tells the listeners.
pub(crate) fn env(
    world: &Checked<'_>,
    listeners: &mut [&mut dyn Listener],
) -> Result<Exit, GateError> {
    let (subject, scope) = scope(world)?;
    let work = Judging {
        repository: world.repository.cloned(),
        settings: world.settings.clone(),
        scopes: vec![scope],
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

/// What is judged, in words and as it is.
fn scope(world: &Checked<'_>) -> Result<(String, Scope), GateError> {
    let repository = world.repository.map(Arc::as_ref);
    let root = &world.root;
    let are_named = !world.files.is_empty();
    let mut choice = Choice {
        forced: world.environment.clone().filter(|_| are_named),
        asked: world.environment.clone().or_else(|| world.usual.clone()),
        branch: None,
    };
    if let Some(variables) = &world.variables {
        let ground = ground(world, &[])?;
        ground.knows(&choice).map_err(GateError::Schema)?;
        let scope = Scope::Process {
            ground,
            environment: choice.asked.take(),
            variables: variables.clone(),
        };
        return Ok(("the process's own variables".to_owned(), scope));
    }
    let mut kept = Vec::new();
    let files: Vec<(RepoPath, PathBuf)> = if are_named {
        let named = world.files.iter();
        named.map(|file| (told(file, root), file.clone())).collect()
    } else {
        let found = disk::found(root, repository);
        let work_tree = repository.and_then(Repository::work_tree);
        if let (Some(settings), true) = (world.gitignore, work_tree.is_some()) {
            kept = disk::kept(root, &found, settings);
        }
        let paths = found.files.into_iter();
        paths
            .map(|path| (path.clone(), root.join(path.to_os())))
            .collect()
    };
    let ground = ground(world, &files)?;
    ground.knows(&choice).map_err(GateError::Schema)?;
    let is_example = |(path, _): &(RepoPath, PathBuf)| name::role(path) == Some(Role::Example);
    let ready = if are_named && files.iter().any(is_example) {
        Some(Ready::of(repository.and_then(Repository::work_tree))?)
    } else {
        None
    };
    let subject = match &files[..] {
        [] => "no env file".to_owned(),
        [(one, _)] => one.to_text().into_owned(),
        several => format!("{} env files", several.len()),
    };
    let files = Files {
        root: root.clone(),
        listed: files,
        are_named,
        ground,
        choice,
        kept,
        ready,
        fix: world.fix,
    };
    Ok((subject, Scope::Disk(Box::new(files))))
}

/// The schemas: the one that was named, else the nearest to each file.
fn ground(world: &Checked<'_>, files: &[(RepoPath, PathBuf)]) -> Result<Ground, GateError> {
    let common_dir = world.repository.map(|repository| repository.common_dir());
    // Lines that a schema's mistakes are shown in would be values.
    if let Some(mistaken) = world.schema.as_ref().map(|path| told(path, &world.root))
        && name::role(&mistaken).is_some()
    {
        let what = format!("{mistaken} is an env file, and no schema");
        let help = "`guard env check FILE --schema SCHEMA` holds the one against the other";
        let error = ConfigError::one(Problem::new(what, help));
        return Err(GateError::Schema(error));
    }
    let ground = if let Some(path) = &world.schema {
        Ground::one(path, &path.display().to_string(), common_dir)
    } else {
        let paths = files.iter().map(|(path, _)| path);
        Ground::on_disk(&world.root, paths, common_dir)
    };
    ground.map_err(GateError::Schema)
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
