//! What is kept of a schema is the schema.

use std::fmt::Write as _;

use super::schema;
use crate::schema::kept::{decode, encode};
use crate::schema::load;

fn long() -> String {
    let mut text = String::from("variables:\n");
    for index in 0..200 {
        let _ = writeln!(
            text,
            "  V{index}: {{ type: int, min: {index}, required: [production], description: 'é {index}' }}"
        );
    }
    text.push_str(
        "environments: { production: { branches: main, variables: { V0: { max: 9 } } } }\n",
    );
    text.push_str("rules: [{ le: [V1, V2] }, { differs_between: [staging, production] }]\n");
    text
}

#[test]
fn what_was_kept_reads_back_the_same() {
    let schema = schema(&long());
    let bytes = encode(&schema).unwrap();
    assert_eq!(decode(&bytes), Some(schema));
    for end in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        assert!(decode(&bytes[..end]).is_none(), "{end}");
    }
}

#[test]
fn the_second_time_is_the_first_time() {
    let folder = tempfile::tempdir().unwrap();
    let text = long();
    let first = load(folder.path(), "env.yaml", text.as_bytes()).unwrap();
    let kept = folder.path().join("guard/env");
    assert_eq!(std::fs::read_dir(&kept).unwrap().count(), 1);
    let second = load(folder.path(), "env.yaml", text.as_bytes()).unwrap();
    assert_eq!(first.schema, second.schema);
    assert_eq!(first.source.text(), second.source.text());
    // Another text has another key; a damaged file is read anew.
    let other = format!("{text}# more\n");
    load(folder.path(), "env.yaml", other.as_bytes()).unwrap();
    assert_eq!(std::fs::read_dir(&kept).unwrap().count(), 2);
    for entry in std::fs::read_dir(&kept).unwrap() {
        std::fs::write(entry.unwrap().path(), b"nonsense").unwrap();
    }
    let third = load(folder.path(), "env.yaml", text.as_bytes()).unwrap();
    assert_eq!(first.schema, third.schema);
}

#[test]
fn what_is_wrong_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{}oops: 1\n", long());
    for _ in 0..2 {
        assert!(load(folder.path(), "env.yaml", text.as_bytes()).is_err());
    }
    assert!(!folder.path().join("guard/env").exists());
}
