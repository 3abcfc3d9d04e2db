//! Installs in real repositories of every kind, proven by real git and undone again.

mod kinds;
mod managers;
mod refusals;
mod shims;
