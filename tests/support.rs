//! What the tests stand on: a real repository, the real binary, and text without what differs from run to run.

mod binary;
mod repo;

pub(crate) use binary::Ran;
#[cfg(all(feature = "slow-tests", target_os = "linux"))]
pub(crate) use binary::scrub;
pub(crate) use repo::Repo;
