//! Env files as people ask about them.

mod check;
#[cfg(feature = "peer-tests")]
mod peers;
mod print;
