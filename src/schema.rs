//! The env schema: what `schemas/env.yaml` asks of every environment, and which of it a value breaks.
//!
//! ```text
//! schemas/env.yaml ── config::document ──> read ──> model::Schema ──> coherent     all mistakes at once, each in its place
//!                                                    │    kept: its compact form, by the hash of the text
//!                                                    v
//!                              effective::Effective (base, `extends`, own) ── judge ──> broken::Broken
//!                                                    └── export: JSON Schema, .env.example, Markdown
//! ```
//!
//! It knows nothing of files' syntax: it is handed keys and values, and answers with the rule that a value breaks.
//! No value that it is handed comes into a message.

mod broken;
mod coherent;
mod danger;
mod effective;
mod export;
mod fault;
mod judge;
mod kept;
mod kind;
mod model;
mod overlay;
mod own;
mod pattern;
mod read;
mod reference;
#[cfg(test)]
mod tests;

pub use broken::{Breach, Broken};
pub use effective::Effective;
pub use export::{example, json_schema, markdown};
pub use judge::{Side, judge, judge_between};
pub use kept::load;
pub use kind::Kind;
pub use model::{Environment, Provider, Required, Schema, Span, Stage, Variable, Visibility, When};
pub use own::own_schema;
pub use read::{Read, none, read};

/// Where a repository has its schema.
pub const PATH: &str = "schemas/env.yaml";
