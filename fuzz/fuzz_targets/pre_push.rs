//! git's pre-push input: each line is an update or said aloud.
#![no_main]

use libfuzzer_sys::fuzz_target;
use railguard::change::push::parse;

fuzz_target!(|input: &[u8]| {
    let (updates, malformed) = parse(input);
    let lines = input
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty());
    assert_eq!(updates.len() + malformed.len(), lines.count());
});
