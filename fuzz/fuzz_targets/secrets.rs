//! Any text under any rule file: no panic, and time that grows with the text.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|both: (&[u8], &[u8])| {
    let (text, rules) = both;
    let rules = (!rules.is_empty()).then_some(rules);
    let _ = railguard::secrets::codes("a.env", text, rules);
});
