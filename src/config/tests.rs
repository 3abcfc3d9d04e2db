//! The configuration as people meet it: what is refused and how, what is taken and as what.
