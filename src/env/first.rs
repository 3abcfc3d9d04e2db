//! The first schema: from what lies there already, examples or the code's own schema, to `schemas/env.yaml`.
//!
//! What is written here is for people to go on with, so it reads as if a person had written it.

pub(crate) mod example;
mod infer;
pub(crate) mod looks;
pub(crate) mod schema;
pub(crate) mod yaml;
