//! Any bytes as an env file, by every reader's rules: no panic, and time that grows with the file.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = railguard::dotenv::count(bytes);
});
