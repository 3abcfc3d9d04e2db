//! Env files as people ask about them.

mod exec;
#[cfg(feature = "peer-tests")]
mod peers;
mod print;
mod setup;
mod where_;
