//! Any bytes as a schema, and any pairs held against what was read of them: no panic, no endless work.

#![no_main]

use libfuzzer_sys::fuzz_target;
use railguard::schema;

fuzz_target!(|both: (&[u8], Vec<(String, String)>)| {
    let (bytes, pairs) = both;
    let Ok(read) = schema::read("env.yaml", bytes) else {
        return;
    };
    for environment in [None, Some("production")] {
        let effective = read.schema.for_environment(environment);
        let mut given = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let _ = schema::judge(&effective, &mut given);
    }
    let effective = read.schema.for_environment(None);
    let _ = schema::example(&effective);
    let _ = schema::markdown(&effective);
    let _ = schema::json_schema(&effective);
});
