//! Env files as people ask about them.

#[cfg(feature = "peer-tests")]
mod peers;
mod print;
mod scan;
