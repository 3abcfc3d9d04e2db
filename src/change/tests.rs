//! Bases and their reasons, through real repositories and both readers.

mod ci;
mod push;
mod range;
