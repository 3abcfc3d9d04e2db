//! The walk over an index beside a tree, both made up.
#![no_main]

use libfuzzer_sys::fuzz_target;
use railguard::repository::names_from_bytes;

fuzz_target!(|bytes: (Vec<u8>, Vec<u8>)| {
    let (index, tree) = bytes;
    drop(names_from_bytes(index, &tree));
});
