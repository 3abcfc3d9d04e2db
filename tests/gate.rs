//! The gate as people meet it: real commits, real pushes, real commands.

mod changed;
mod ci;
mod commands;
mod commit;
mod interrupt;
mod odd;
mod push;
mod starts;
