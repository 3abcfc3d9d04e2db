//! A Secret among the manifests of a cluster: what it holds is base64, which hides nothing.

use super::list::has;
use super::placeholder::{Strictness, is_placeholder};
use super::{Setting, base64};

/// Whether the first value of a Secret's data is one.
pub(super) fn holds(at: &Setting<'_>) -> bool {
    let whole = at.text.get(at.whole.clone()).unwrap_or_default();
    let value = at.value();
    // Another document begins in between, or somebody else's tool sealed it.
    if has(whole, b"\n---")
        || has(whole, b"sealedsecret")
        || is_placeholder(value, Strictness::Light)
    {
        return false;
    }
    base64::decode(value).is_some_and(|plain| {
        plain.len() >= 4
            && !has(&plain[..plain.len().min(64)], b"-begin certificate")
            && (plain.len() > 40 || !is_placeholder(&plain, Strictness::Light))
    })
}
