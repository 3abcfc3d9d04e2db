//! The room as a whole: what the real parsers read, nothing lost, spans that point at what they say, no panic.
