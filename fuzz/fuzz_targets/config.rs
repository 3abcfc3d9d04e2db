//! Any bytes as guard.yaml, guard.toml, guard.json and a variable: refused or taken, never a panic.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| railguard::config::fuzz(bytes));
