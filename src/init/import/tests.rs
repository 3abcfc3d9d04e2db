//! Taking over from every manager.
