//! The tools that a project already has, for real.

mod linters;
