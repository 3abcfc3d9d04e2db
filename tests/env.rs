//! Env files as people ask about them.

mod check;
mod danger;
#[cfg(feature = "peer-tests")]
mod peers;
mod print;
mod scan;
