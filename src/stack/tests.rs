//! What stacks are found in which projects.
