//! Env files as people ask about them.

mod check;
mod danger;
mod exec;
#[cfg(feature = "peer-tests")]
mod peers;
mod print;
mod scan;
mod setup;
mod where_;
