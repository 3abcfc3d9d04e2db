//! What the tests stand on: a real repository, the real binary, and text without what differs from run to run.

mod binary;
mod person;
mod repo;

pub(crate) use binary::{Ran, scrub};
pub(crate) use person::Person;
pub(crate) use repo::Repo;
