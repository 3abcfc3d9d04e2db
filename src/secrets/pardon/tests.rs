//! What is pardoned and what is not.
