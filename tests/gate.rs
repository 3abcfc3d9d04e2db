//! The gate as people meet it: real commits, real pushes, real commands.

mod adapters;
mod bypasses;
mod changed;
mod ci;
mod commands;
mod commit;
mod contents;
mod dependencies;
mod env;
mod faults;
mod fixes;
mod interrupt;
mod kills;
mod odd;
mod push;
mod records;
mod secrets;
mod starts;
