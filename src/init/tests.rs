//! The first contact over projects in memory.
