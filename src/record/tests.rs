//! The store, with real files, threads and processes.
