//! Railway as guard knows it: where it is asked, with which token, and what that token is good for.
//!
//! One client for every question to come: an operation is a string and a type that its answer has.

pub mod api;
pub mod identity;
pub mod token;

pub use api::{Api, ApiError, Limits};
pub use identity::{Identity, identify};
pub use token::{Token, tokens};
