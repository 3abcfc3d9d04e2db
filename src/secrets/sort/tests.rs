//! Each sort is known by what it is known by.
