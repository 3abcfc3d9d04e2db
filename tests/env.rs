//! Env files as people ask about them.

mod import;
#[cfg(feature = "peer-tests")]
mod peers;
mod print;
