//! Stand-in until the judging is merged.
use crate::path::RepoPath;
use std::ops::Range;
pub(crate) struct Setting<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) whole: Range<usize>,
    pub(crate) value: Range<usize>,
    pub(crate) path: &'a RepoPath,
}
#[derive(Clone, Copy)]
pub(crate) enum Strictness {
    Light,
    Strict,
}
pub(crate) enum Verifier {
    Mixed,
}
impl Verifier {
    pub(crate) fn from_name(_: &str) -> Option<Self> {
        Some(Self::Mixed)
    }
    pub(crate) fn holds(&self, _: &Setting<'_>) -> bool {
        true
    }
}
pub(crate) fn is_placeholder(value: &[u8], _: Strictness) -> bool {
    let lower = value.to_ascii_lowercase();
    memchr::memmem::find(&lower, b"example").is_some()
        || memchr::memmem::find(&lower, b"xxxx").is_some()
}
pub(crate) fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value {
        counts[usize::from(*byte)] += 1;
    }
    let all = value.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let p = f64::from(*count) / all;
            -p * p.log2()
        })
        .sum()
}
