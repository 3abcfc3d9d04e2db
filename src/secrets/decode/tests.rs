//! Encoded text is found and read, and nothing else is.
