//! Env files as people ask about them.

mod bad;
mod check;
mod danger;
mod exec;
#[cfg(feature = "peer-tests")]
mod peers;
mod print;
mod scan;
mod setup;
mod values;
mod where_;
