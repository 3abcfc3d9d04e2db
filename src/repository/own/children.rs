//! What lies directly in a folder: the index is sorted by whole paths, so what lies deeper is leapt over.

use bstr::BString;
use git2::ErrorCode;

use super::agreement::staged_blob;
use super::{Own, tree_of, unreadable};
use crate::path::RepoPath;
use crate::repository::entry::Judged;
use crate::repository::index::{Index, Unreadable};
use crate::repository::reader::{Answer, Child};
use crate::repository::tree::Items;
use crate::repository::walk::blob;

/// The children of a folder, sorted by name.
pub(super) fn children(own: &Own, judged: Judged, folder: &RepoPath) -> Answer<Vec<Child>> {
    let mut children = match judged {
        Judged::Index => indexed(own.merged_index()?, folder)?,
        Judged::Commit(commit) => {
            let repository = own.lock();
            let tree = tree_of(&repository, commit)?;
            let mut tree = repository.find_tree(tree).map_err(unreadable)?;
            if !folder.is_root() {
                let found = match tree.get_path(&folder.to_os()) {
                    Ok(entry) => entry,
                    Err(error) if error.code() == ErrorCode::NotFound => return Ok(Vec::new()),
                    Err(error) => return Err(unreadable(error).into()),
                };
                let Ok(object) = found.to_object(&repository) else {
                    // A submodule's commit is not here; it has no files of this repository.
                    return Ok(Vec::new());
                };
                tree = match object.into_tree() {
                    Ok(tree) => tree,
                    Err(_) => return Ok(Vec::new()),
                };
            }
            let store = repository.odb().map_err(unreadable)?;
            let object = store.read(tree.id()).map_err(unreadable)?;
            stored(object.data())?
        }
    };
    children.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(children)
}

fn indexed(index: &Index, folder: &RepoPath) -> Result<Vec<Child>, Unreadable> {
    let mut before = folder.as_bytes().to_vec();
    if !folder.is_root() {
        before.push(b'/');
    }
    let mut children = Vec::new();
    let mut at = index.position(&before);
    while let Some(entry) = index.entry(at) {
        let Some(rest) = entry.path.strip_prefix(before.as_slice()) else {
            break;
        };
        match memchr::memchr(b'/', rest) {
            None => {
                // What is only meant to be added has no content yet: it is not judged.
                if let Some(blob) = staged_blob(&entry)? {
                    children.push(Child {
                        name: BString::from(rest),
                        blob: Some(blob),
                    });
                }
                at += 1;
            }
            Some(end) => {
                children.push(Child {
                    name: BString::from(&rest[..end]),
                    blob: None,
                });
                // The byte behind `/`: the first path that does not lie in that folder.
                let mut behind = before.clone();
                behind.extend_from_slice(&rest[..end]);
                behind.push(b'/' + 1);
                at = index.position(&behind).max(at + 1);
            }
        }
    }
    Ok(children)
}

fn stored(bytes: &[u8]) -> Result<Vec<Child>, Unreadable> {
    let mut items = Items::new(bytes);
    let mut children = Vec::new();
    while let Some(item) = items.next()? {
        children.push(Child {
            name: BString::from(item.name),
            blob: if item.is_folder() {
                None
            } else {
                Some(blob(item.mode, item.id)?)
            },
        });
    }
    Ok(children)
}
