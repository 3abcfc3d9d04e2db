//! The gate as people meet it: real commits, real pushes, real commands.

#[cfg(feature = "peer-tests")]
mod adapters;
mod changed;
mod ci;
mod commands;
mod commit;
mod contents;
mod dependencies;
mod fixes;
mod interrupt;
mod kills;
mod odd;
mod push;
mod records;
mod starts;
