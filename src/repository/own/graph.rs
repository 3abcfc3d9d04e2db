//! Questions about history, by libgit2.
//!
//! libgit2 stops where a shallow clone was cut, but not where it finds a commit graph, which may be older
//! than the cut. git does not look at the graph of a shallow clone, so there git answers.

use std::collections::HashSet;

use git2::{ErrorCode, Sort};

use super::{Own, id, oid, unreadable};
use crate::repository::Id;
use crate::repository::index::Unreadable;
use crate::repository::reader::{Answer, Lacking, Line};

const GRAPH: Unreadable = Unreadable("a shallow clone with a commit graph");

pub(super) fn is_ancestor(own: &Own, old: Id, new: Id) -> Answer<bool> {
    if old == new {
        return Ok(true);
    }
    trusted(own)?;
    let repository = own.lock();
    let found = repository.graph_descendant_of(oid(new)?, oid(old)?);
    Ok(found.map_err(unreadable)?)
}

pub(super) fn merge_bases(own: &Own, a: Id, b: Id) -> Answer<Vec<Id>> {
    trusted(own)?;
    let repository = own.lock();
    match repository.merge_bases(oid(a)?, oid(b)?) {
        Ok(bases) => {
            let mut bases: Vec<Id> = bases
                .iter()
                .map(|base| id(*base))
                .collect::<Result<_, _>>()?;
            bases.sort();
            Ok(bases)
        }
        Err(error) if error.code() == ErrorCode::NotFound => Ok(Vec::new()),
        Err(error) => Err(unreadable(error).into()),
    }
}

pub(super) fn lacking(own: &Own, tip: Id, known: &[Id]) -> Answer<Lacking> {
    trusted(own)?;
    let repository = own.lock();
    let mut walk = repository.revwalk().map_err(unreadable)?;
    walk.push(oid(tip)?).map_err(unreadable)?;
    for known in known {
        // A ref to something that is not here tells nothing; without it more counts as lacking.
        drop(walk.hide(oid(*known)?));
    }
    let lacking: HashSet<git2::Oid> = walk.collect::<Result<_, _>>().map_err(unreadable)?;
    let mut boundaries = Vec::new();
    for commit in &lacking {
        let commit = repository.find_commit(*commit).map_err(unreadable)?;
        for parent in commit
            .parent_ids()
            .filter(|parent| !lacking.contains(parent))
        {
            boundaries.push(id(parent)?);
        }
    }
    boundaries.sort();
    boundaries.dedup();
    Ok(Lacking {
        commits: lacking.len(),
        boundaries,
    })
}

pub(super) fn lines(own: &Own, tips: &[Id], known: &[Id]) -> Answer<Vec<Line>> {
    trusted(own)?;
    let repository = own.lock();
    let mut walk = repository.revwalk().map_err(unreadable)?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)
        .map_err(unreadable)?;
    for tip in tips {
        walk.push(oid(*tip)?).map_err(unreadable)?;
    }
    for known in known {
        // As above: without it more is looked at.
        drop(walk.hide(oid(*known)?));
    }
    let mut lines = Vec::new();
    for commit in walk {
        let commit = repository
            .find_commit(commit.map_err(unreadable)?)
            .map_err(unreadable)?;
        let parents = commit.parent_ids().map(id).collect::<Result<_, _>>()?;
        lines.push(Line {
            commit: id(commit.id())?,
            parents,
        });
    }
    Ok(lines)
}

pub(super) fn independent(own: &Own, commits: &[Id]) -> Answer<Vec<Id>> {
    trusted(own)?;
    let repository = own.lock();
    let mut dated = Vec::new();
    for commit in commits {
        let found = repository.find_commit(oid(*commit)?).map_err(unreadable)?;
        dated.push((found.time().seconds(), found.id()));
    }
    // The newest first: it is most often the one that has the others in its history.
    dated.sort();
    let mut kept: Vec<git2::Oid> = Vec::new();
    for (_, commit) in dated.into_iter().rev() {
        let reaches = |from: &git2::Oid, to: git2::Oid| repository.graph_descendant_of(*from, to);
        let mut is_reached = false;
        for other in &kept {
            is_reached |= *other == commit || reaches(other, commit).map_err(unreadable)?;
        }
        if !is_reached {
            // A clock that was wrong can put an ancestor first.
            let mut standing = Vec::new();
            for other in kept {
                if !reaches(&commit, other).map_err(unreadable)? {
                    standing.push(other);
                }
            }
            standing.push(commit);
            kept = standing;
        }
    }
    let mut kept: Vec<Id> = kept.into_iter().map(id).collect::<Result<_, _>>()?;
    kept.sort();
    Ok(kept)
}

fn trusted(own: &Own) -> Result<(), Unreadable> {
    if own.has_old_graph {
        Err(GRAPH)
    } else {
        Ok(())
    }
}
