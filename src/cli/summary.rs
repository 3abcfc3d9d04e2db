//! The page that a CI service shows beside a job: the format's summary, appended to the file that the service names.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::report::Report;
use crate::terminal::escape_line;

use super::context::Context;

/// The variable in which GitHub names the file.
const FILE: &str = "GITHUB_STEP_SUMMARY";

/// GitHub drops a longer page whole, with what other commands of the step wrote.
const MOST: u64 = 1 << 20;

/// Appends the summary, where the format has one and the service wants one. That it could not be
/// written is said, and changes nothing: the report was given.
pub(crate) fn append(context: &Context, report: &Report) {
    let named = context.environment.os(FILE).filter(|name| !name.is_empty());
    let Some(path) = named.map(Path::new) else {
        return;
    };
    let hidden = context.terminal.hidden();
    let page = |most| {
        let text = context.format.summary(report, most)?;
        Some(hidden.apply(&text).into_owned())
    };
    if let Err(error) = append_page(path, page) {
        let path = path.to_string_lossy();
        context.terminal.err(&format!(
            "guard: the job summary could not be written to `{}`: {error}\n",
            escape_line(&path)
        ));
    }
}

/// Appends a page to what stands there, as far as there is room; a file is made where there is none.
fn append_page(path: &Path, page: impl FnOnce(usize) -> Option<String>) -> io::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => Some(found),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let taken = found.as_ref().map_or(0, fs::Metadata::len);
    let room = usize::try_from(MOST.saturating_sub(taken)).unwrap_or(usize::MAX);
    let Some(text) = page(room) else {
        return Ok(());
    };
    if text.is_empty() || text.len() > room {
        return Err(io::Error::other("there is no room left in it"));
    }
    // A link is not followed, and a pipe would be waited for.
    if found.as_ref().is_some_and(|found| !found.is_file()) {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut options = OpenOptions::new();
    options.append(true).create_new(found.is_none());
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> impl FnOnce(usize) -> Option<String> {
        let text = text.to_owned();
        |_| Some(text)
    }

    #[test]
    fn a_page_goes_behind_what_stands_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary");
        append_page(&path, of("a\n")).unwrap();
        append_page(&path, of("b\n")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "a\nb\n");
        append_page(&path, |_| None).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "a\nb\n");
    }

    #[test]
    fn the_page_never_grows_beyond_what_github_shows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary");
        let most = usize::try_from(MOST).unwrap();
        fs::write(&path, "x".repeat(most - 10)).unwrap();
        append_page(&path, |room| Some("y".repeat(room))).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), MOST);
        let error = append_page(&path, |room| Some("y".repeat(room))).unwrap_err();
        assert_eq!(error.to_string(), "there is no room left in it");
        assert_eq!(fs::metadata(&path).unwrap().len(), MOST);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let error = append_page(&link, of("a\n")).unwrap_err();
        assert_eq!(error.to_string(), "it is not a regular file");
        assert_eq!(fs::read_to_string(&file).unwrap(), "");
        append_page(folder.path(), of("a\n")).unwrap_err();
        append_page(&folder.path().join("no/file"), of("a\n")).unwrap_err();
    }
}
