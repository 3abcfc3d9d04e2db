//! The gate as people meet it: real commits, real pushes, real commands.

mod ci;
mod commands;
mod commit;
mod interrupt;
mod odd;
mod push;
mod records;
mod starts;
