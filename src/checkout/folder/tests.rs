//! Folders against links.
