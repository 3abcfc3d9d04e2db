//! One record as it lies on disk: a line of JSON and a line that proves it whole.

use serde::{Deserialize, Serialize};

use super::key::{Fields, Key};
use crate::clock::Timestamp;

/// The version of the form. Another one is a miss.
const VERSION: u32 = 1;

/// No record of guard's is longer; what is longer is not read.
pub(super) const LONGEST: u64 = 4096;

/// A longer name is cut: it is for people who look into the folder.
const WIDEST: usize = 200;

/// One pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The command that passed.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// The line.
#[derive(Serialize, Deserialize)]
struct Line {
    version: u32,
    id: String,
    guard: String,
    at: u64,
    duration_ms: u64,
}

impl Record {
    /// The bytes for the file.
    pub(super) fn write(&self, key: &Key) -> Vec<u8> {
        let line = Line {
            version: VERSION,
            id: self.id.chars().take(WIDEST).collect(),
            guard: env!("CARGO_PKG_VERSION").to_owned(),
            at: self.at.0,
            duration_ms: self.duration_ms,
        };
        let line = serde_json::to_string(&line).expect("numbers and text are always JSON");
        let seal = seal(key, &line);
        format!("{line}\n{seal}\n").into_bytes()
    }

    /// Reads what a file holds; none when it is not, to the last byte, what guard wrote for this key.
    pub(super) fn read(key: &Key, bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (line, rest) = text.split_once('\n')?;
        if rest.strip_suffix('\n')? != seal(key, line) {
            return None;
        }
        let line: Line = serde_json::from_str(line).ok()?;
        (line.version == VERSION).then_some(Self {
            id: line.id,
            at: Timestamp(line.at),
            duration_ms: line.duration_ms,
        })
    }
}

/// Belongs to the line and to the key: a record that was moved to another name is no record.
fn seal(key: &Key, line: &str) -> String {
    let mut fields = Fields::new("seal");
    fields.bytes(key.as_bytes()).text(line);
    fields.key().to_string()
}
