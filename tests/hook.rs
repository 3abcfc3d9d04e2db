//! Hooks that fire: install, uninstall, and every place where git keeps its hooks.

mod install;
#[cfg(feature = "peer-tests")]
mod managers;
mod places;
mod shim;
