//! The small git folder of a slot: tools that ask git see what is judged, and never the user's own state.

use std::fs;
use std::io;
use std::path::Path;

use super::error::{CheckoutError, refusal};
use super::folder::{Folder, Look, Stat};
use super::settings::Settings;
use super::state::Entry;
use super::wanted::Wanted;
use super::{index, write};
use crate::change::{Judged, Mode};
use crate::repository::{Id, Repository, RepositoryError};

/// The folder's name in the slot.
pub(crate) const GIT: &[u8] = b"git";

/// What may lie in it; a tool's git leaves locks and half-done merges.
const OWN: [&[u8]; 5] = [b"HEAD", b"commondir", b"gitdir", b"index", b"reftable"];

/// Makes the folder say what is judged.
pub(crate) fn settle(
    slot: &Folder,
    place: &Path,
    repository: &Repository,
    judged: Judged,
    settings: &Settings,
) -> Result<(), CheckoutError> {
    let git_dir = place.join("git");
    let refused = refusal("written", &git_dir);
    let git = slot.make_below(GIT).map_err(&refused)?;
    for name in git.names().map_err(&refused)? {
        if !OWN.contains(&name.as_slice()) {
            git.remove(&name).map_err(&refused)?;
        }
    }
    let common = repository.common_dir();
    let common = common.canonicalize().unwrap_or_else(|_| common.to_owned());
    let common = [common.as_os_str().as_encoded_bytes(), b"\n"].concat();
    keep(&git, b"commondir", &common).map_err(&refused)?;
    let head = head(repository, judged)?;
    if settings.get("extensions.refstorage") == Some(b"reftable") {
        in_tables(&git, place, repository, &head)?;
    } else {
        keep(&git, b"HEAD", format!("{head}\n").as_bytes()).map_err(&refused)?;
    }
    let tree = place.join("tree");
    let refused = refusal("written", &tree);
    let pointer = [b"gitdir: ", git_dir.as_os_str().as_encoded_bytes(), b"\n"].concat();
    let tree = Folder::open(&tree).map_err(&refused)?;
    keep(&tree, b".git", &pointer).map_err(&refused)
}

/// What HEAD says: the commit, or the branch before its first one.
fn head(repository: &Repository, judged: Judged) -> Result<String, CheckoutError> {
    if let Judged::Commit(commit) = judged {
        return Ok(commit.to_string());
    }
    if let Some(commit) = repository.ask(|reader| reader.head())? {
        return Ok(commit.to_string());
    }
    let branch = repository.ask(|reader| reader.head_ref())?;
    Ok(match branch {
        Some(branch) => format!("ref: {branch}"),
        None => "ref: refs/heads/main".to_owned(),
    })
}

/// Where refs are kept in tables, only git can write them.
fn in_tables(
    git_dir: &Folder,
    place: &Path,
    repository: &Repository,
    head: &str,
) -> Result<(), CheckoutError> {
    let at = place.join("git");
    let refused = refusal("written", &at);
    keep(git_dir, b"HEAD", b"ref: refs/heads/.invalid\n").map_err(&refused)?;
    git_dir.only_folder(b"reftable").map_err(&refused)?;
    git_dir.make_below(b"reftable").map_err(&refused)?;
    let mut git = repository.git()?.clone();
    git.set("GIT_DIR", &at);
    git.set("GIT_WORK_TREE", place.join("tree"));
    let arguments = match head.strip_prefix("ref: ") {
        Some(branch) => ["symbolic-ref", "HEAD", branch].to_vec(),
        None => ["update-ref", "--no-deref", "HEAD", head].to_vec(),
    };
    let answer = git.ask(&arguments).map_err(RepositoryError::from)?;
    if answer.good() {
        return Ok(());
    }
    Err(CheckoutError::System {
        action: "written",
        place: at.clone(),
        reason: answer.complaint(),
    })
}

/// Writes a file unless it is an ordinary one and says so already.
fn keep(folder: &Folder, name: &[u8], content: &[u8]) -> io::Result<()> {
    if folder.read(name)?.as_deref() == Some(content) {
        return Ok(());
    }
    let is_folder = |look: Look| look.sort == super::folder::Sort::Folder;
    if folder.look(name)?.is_some_and(is_folder) {
        folder.remove(name)?;
    }
    write::replace(folder, name, content)
}

/// Writes the slot's index, and tells how it looks then.
pub(crate) fn write_index(
    slot: &Folder,
    place: &Path,
    wanted: &Wanted,
    entries: &[Entry],
) -> Result<Stat, CheckoutError> {
    let own = wanted
        .files
        .iter()
        .zip(entries)
        .filter(|(file, _)| file.source == 0);
    let mut lines: Vec<index::Line> = own
        .map(|(_, entry)| index::Line {
            path: &entry.path,
            mode: entry.mode,
            id: entry.id,
            stat: entry.stat,
        })
        .collect();
    lines.extend(wanted.submodules.iter().map(|(path, id)| index::Line {
        path,
        mode: Mode::Submodule,
        id: *id,
        stat: Stat::default(),
    }));
    lines.sort_unstable_by_key(|line| line.path);
    let none = Id::from_bytes(&[0; 20]).expect("twenty bytes are an id");
    let like = lines.first().map_or(none, |line| line.id);
    let bytes = index::bytes(&lines, &like);
    let file = place.join("git/index");
    let refused = refusal("written", &file);
    let git = slot.make_below(GIT).map_err(&refused)?;
    write::replace(&git, b"index", &bytes).map_err(&refused)?;
    let look = git.look(b"index").map_err(&refused)?;
    Ok(look.map(|look| look.stat).unwrap_or_default())
}

/// How the slot's index looks.
pub(crate) fn index_stat(place: &Path) -> Option<Stat> {
    let file = fs::File::open(place.join("git/index")).ok()?;
    Some(super::folder::look_at(&file).ok()?.stat)
}
