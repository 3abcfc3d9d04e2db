//! Many contents by few processes: git is asked for all sizes at once, and then for all contents.

use bstr::ByteSlice;

use super::Program;
use crate::repository::Id;
use crate::repository::contents::Content;
use crate::repository::error::RepositoryError;
use crate::repository::reader::Answer;

/// What is asked for.
const WHAT: &str = "contents";

/// As much is in memory at once.
const TOGETHER: u64 = 32 << 20;

impl Program {
    /// Hands these contents on, one after the other and in their order; one of more than `most` bytes by its size.
    pub(crate) fn each_content(
        &self,
        ids: &[Id],
        most: u64,
        take: &mut dyn FnMut(usize, Content),
    ) -> Answer<()> {
        let sizes = self.sizes(ids)?;
        let mut waiting: Vec<usize> = Vec::new();
        let mut weight = 0;
        for (place, size) in sizes.iter().enumerate() {
            match size {
                None => take(place, Content::Missing),
                Some(size) if *size > most => take(place, Content::Large(*size)),
                Some(size) => {
                    waiting.push(place);
                    weight += size;
                }
            }
            if weight >= TOGETHER {
                self.hand_on(ids, &std::mem::take(&mut waiting), take)?;
                weight = 0;
            }
        }
        self.hand_on(ids, &waiting, take)
    }

    fn sizes(&self, ids: &[Id]) -> Answer<Vec<Option<u64>>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let arguments = ["cat-file", "--batch-check=%(objectsize)"];
        let out = self.tell(WHAT, &arguments, lines(ids.iter()))?;
        // `<id> missing` is no number.
        let size = |line: &[u8]| line.to_str().ok()?.parse().ok();
        let sizes: Vec<Option<u64>> = out.lines().map(size).collect();
        if sizes.len() == ids.len() {
            Ok(sizes)
        } else {
            Err(odd().into())
        }
    }

    fn hand_on(
        &self,
        ids: &[Id],
        places: &[usize],
        take: &mut dyn FnMut(usize, Content),
    ) -> Answer<()> {
        if places.is_empty() {
            return Ok(());
        }
        let input = lines(places.iter().map(|place| &ids[*place]));
        let arguments = ["cat-file", "--batch=%(objectsize)"];
        let out = self.tell(WHAT, &arguments, input)?;
        let mut rest = &out[..];
        for place in places {
            let Some((head, tail)) = rest.split_once_str("\n") else {
                return Err(odd().into());
            };
            let Some(size) = head.to_str().ok().and_then(|size| size.parse().ok()) else {
                take(*place, Content::Missing);
                rest = tail;
                continue;
            };
            if tail.len() <= size {
                return Err(odd().into());
            }
            let (content, tail) = tail.split_at(size);
            take(*place, Content::Whole(content.to_vec()));
            rest = &tail[1..];
        }
        Ok(())
    }
}

fn lines<'i>(ids: impl Iterator<Item = &'i Id>) -> Vec<u8> {
    let lines: Vec<String> = ids.map(|id| format!("{id}\n")).collect();
    lines.concat().into_bytes()
}

fn odd() -> RepositoryError {
    RepositoryError::Unreadable {
        what: WHAT,
        why: "git said something else than was asked for".to_owned(),
    }
}
