//! The `git` program, called so that nothing of the repository runs.
