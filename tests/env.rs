//! Env files as people ask about them.

mod bad;
#[cfg(feature = "peer-tests")]
mod peers;
mod print;
mod values;
