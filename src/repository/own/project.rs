//! A whole project beside what is judged: folder by folder, each file looked at once by its name in its
//! folder, and each name that nobody expects asked about.
//!
//! git looks at the files and for strangers in two passes, by whole paths. One pass over open folders costs
//! less than `git status`, and git need only be asked about the strangers, of which there are few.

use crate::path::RepoPath;
use crate::repository::agree::conflict;
use crate::repository::entry::{Change, Disagreement, Judged};
use crate::repository::index::{Entry, Index, Unreadable};
use crate::repository::reader::Answer;
use crate::repository::walk::staged::staged;

use super::agreement::{Expected, staged_blob};
use super::survey::Survey;
use super::{Borrowed, Own, Store, tree_of, unreadable};

/// The first path below `root` that is not as it is judged.
pub(super) fn project(own: &Own, judged: Judged, root: &RepoPath) -> Answer<Option<Disagreement>> {
    let index = own.index()?;
    if let Some((_, entry)) = below(index, root).find(|(_, entry)| entry.stage != 0) {
        return Ok(Some(conflict(&RepoPath::new(entry.path))));
    }
    let changes = match judged {
        Judged::Index => Vec::new(),
        Judged::Commit(commit) => {
            let repository = own.lock();
            let tree = tree_of(&repository, commit)?;
            let store = Store(repository.odb().map_err(unreadable)?);
            staged(&Borrowed(&store), Some(tree.as_bytes()), index)?
        }
    };
    let all = expected(index, root, &changes)?;
    let mut survey = Survey::new(own, index, judged)?;
    if let Some(found) = survey.look(root, &all)? {
        return Ok(Some(found));
    }
    survey.settle_strangers(root)
}

/// What is judged below `root`, sorted by path: the index, but for what the judged commit has differently.
fn expected<'a>(
    index: &'a Index,
    root: &'a RepoPath,
    changes: &'a [Change],
) -> Result<Vec<Expected<'a>>, Unreadable> {
    let mut all = Vec::new();
    let mut changes = changes.iter().peekable();
    for (number, entry) in below(index, root) {
        while let Some(change) = changes.next_if(|change| change.path.as_bytes() < entry.path) {
            all.extend(only_judged(change, root));
        }
        let other = changes.next_if(|change| change.path.as_bytes() == entry.path);
        all.push(Expected {
            path: entry.path,
            blob: match other {
                Some(change) => change.old,
                None => staged_blob(&entry)?,
            },
            entry: Some(number),
        });
    }
    all.extend(changes.filter_map(|change| only_judged(change, root)));
    Ok(all)
}

/// What the judged commit has and the index has not.
fn only_judged<'a>(change: &'a Change, root: &RepoPath) -> Option<Expected<'a>> {
    let is_meant = change.new.is_none() && change.path.is_within(root);
    is_meant.then(|| Expected {
        path: change.path.as_bytes(),
        blob: change.old,
        entry: None,
    })
}

/// The index's entries below a folder, the folder's own path included.
pub(super) fn below<'a>(
    index: &'a Index,
    root: &'a RepoPath,
) -> impl Iterator<Item = (usize, Entry<'a>)> {
    let start = index.position(root.as_bytes());
    (start..index.len())
        .map_while(|number| Some((number, index.entry(number)?)))
        .take_while(|(_, entry)| entry.path.starts_with(root.as_bytes()))
        .filter(|(_, entry)| {
            root.is_root() || matches!(entry.path.get(root.as_bytes().len()), None | Some(b'/'))
        })
}
