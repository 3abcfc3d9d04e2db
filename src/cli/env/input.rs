//! A file that was named, or standard input in its place.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::cli::context::Context;
use crate::dotenv::LARGEST;
use crate::terminal::escape_line;

/// What stands for standard input.
const INPUT: &str = "-";

/// Whether standard input is meant.
pub(super) fn is_input(file: &Path) -> bool {
    file == Path::new(INPUT)
}

/// The name for messages.
pub(super) fn name(file: &Path) -> String {
    if is_input(file) {
        return "standard input".to_owned();
    }
    escape_line(&file.display().to_string()).into_owned()
}

/// The content, up to what shows that there is too much of it.
pub(super) fn read(context: &Context, file: &Path) -> io::Result<Vec<u8>> {
    if is_input(file) {
        return bounded(io::stdin().lock());
    }
    bounded(fs::File::open(context.environment.directory.join(file))?)
}

fn bounded(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
