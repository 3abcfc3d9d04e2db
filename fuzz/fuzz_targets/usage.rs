//! Any bytes as a source of any kind: places inside of the text or none, never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;

const PATHS: [&str; 9] = [
    "a.tsx",
    "a.js",
    "a.vue",
    "a.astro",
    "a.py",
    "a.rs",
    "a.sh",
    "Dockerfile",
    "compose.yml",
];

fuzz_target!(|both: (u8, &[u8])| {
    let (choice, bytes) = both;
    let path = PATHS[usize::from(choice) % PATHS.len()];
    let count = railguard::usage::count(path, bytes);
    assert!(count.is_some());
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = railguard::script::schema::read(text, railguard::script::Dialect::Typed);
        let _ = railguard::python::schema::read(text);
    }
});
