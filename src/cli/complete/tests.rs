//! Lines and what could come next on them.
