//! What the team wants: guard.yaml and its layers, from raw text to valid values.

pub mod valid;
