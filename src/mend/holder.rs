//! Who else is at a file: the process that holds git's lock, and those that still write to a file that guard moved away.

use std::path::Path;

use crate::clock::Clock;

/// Who holds a lock file, in words, or how old it is.
pub(crate) fn of_lock(lock: &Path, places: &[&Path]) -> String {
    if let Some(process) = processes::holding(lock) {
        return process;
    }
    let age = age(lock).map_or_else(String::new, |age| format!("; it is {age} old"));
    match processes::git_at(places) {
        Some(process) => format!("perhaps {process}{age}"),
        None => format!("no running process that guard can see{age}"),
    }
}

fn age(file: &Path) -> Option<String> {
    let written = std::fs::symlink_metadata(file).ok()?.modified().ok()?;
    let written = written.duration_since(std::time::UNIX_EPOCH).ok()?;
    let now = u128::from(Clock::Real.now().0);
    let seconds = now.saturating_sub(written.as_millis()) / 1000;
    Some(match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    })
}

/// Whether any process has one of these files open for writing.
pub(crate) fn is_written(files: &[(u64, u64)]) -> bool {
    !files.is_empty() && processes::writes(files)
}

#[cfg(target_os = "linux")]
mod processes {
    use std::fs;
    use std::os::unix::fs::MetadataExt;
    use std::path::{Path, PathBuf};

    /// Flags of an open file that mean writing: write only, read and write.
    const WRITING: u32 = 0o3;

    /// The folders of the processes that this user may look into.
    fn all() -> impl Iterator<Item = PathBuf> {
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        })
    }

    fn open_files(process: &Path) -> impl Iterator<Item = PathBuf> {
        let entries = fs::read_dir(process.join("fd")).into_iter().flatten();
        entries.flatten().map(|entry| entry.path())
    }

    /// The process that has a file open.
    pub(super) fn holding(file: &Path) -> Option<String> {
        let about = fs::symlink_metadata(file).ok()?;
        let is_it = |open: PathBuf| {
            fs::metadata(open).is_ok_and(|it| (it.dev(), it.ino()) == (about.dev(), about.ino()))
        };
        let process = all().find(|process| open_files(process).any(is_it))?;
        describe(&process)
    }

    /// A git that works in one of these places, and did not start guard.
    pub(super) fn git_at(places: &[&Path]) -> Option<String> {
        let above = ancestors();
        let is_git = |process: &PathBuf| {
            let name = fs::read(process.join("comm")).unwrap_or_default();
            let here = fs::read_link(process.join("cwd")).unwrap_or_default();
            name.starts_with(b"git")
                && places.iter().any(|place| here.starts_with(place))
                && !above.contains(process)
        };
        describe(&all().find(is_git)?)
    }

    fn ancestors() -> Vec<PathBuf> {
        let mut above = Vec::new();
        let mut next = Some(PathBuf::from(format!("/proc/{}", std::process::id())));
        while let Some(process) = next.take().filter(|_| above.len() < 100) {
            let status = fs::read_to_string(process.join("status")).unwrap_or_default();
            let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
            next = parent.map(|id| PathBuf::from(format!("/proc/{}", id.trim())));
            above.push(process);
        }
        above
    }

    /// The program and what it was told to do; no more, as arguments may hold secrets.
    fn describe(process: &Path) -> Option<String> {
        let id = process.file_name()?.to_string_lossy().into_owned();
        let line = fs::read(process.join("cmdline")).ok()?;
        let mut words = line.split(|byte| *byte == 0);
        let program = String::from_utf8_lossy(words.next()?).into_owned();
        let program = program.rsplit('/').next().unwrap_or_default();
        let is_word = |word: &&[u8]| word.iter().all(u8::is_ascii_lowercase) && !word.is_empty();
        let verb = words.next().filter(is_word).filter(|_| program == "git");
        let verb = verb.map_or_else(String::new, |verb| {
            format!(" {}", String::from_utf8_lossy(verb))
        });
        let shown: String = format!("{program}{verb}")
            .chars()
            .filter(|c| !c.is_control())
            .take(60)
            .collect();
        Some(format!("`{shown}` (process {id})"))
    }

    /// Whether any process has one of the files open for writing.
    pub(super) fn writes(files: &[(u64, u64)]) -> bool {
        all().any(|process| {
            open_files(&process).any(|open| {
                fs::metadata(&open).is_ok_and(|it| files.contains(&(it.dev(), it.ino())))
                    && is_for_writing(&process, &open)
            })
        })
    }

    fn is_for_writing(process: &Path, open: &Path) -> bool {
        let name = open.file_name().unwrap_or_default();
        let told = fs::read_to_string(process.join("fdinfo").join(name)).unwrap_or_default();
        let flags = told.lines().find_map(|line| line.strip_prefix("flags:"));
        let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
        flags.is_some_and(|flags| flags & WRITING != 0)
    }
}

/// Elsewhere guard does not look into other processes.
#[cfg(not(target_os = "linux"))]
mod processes {
    use std::path::Path;

    pub(super) fn holding(_: &Path) -> Option<String> {
        None
    }

    pub(super) fn git_at(_: &[&Path]) -> Option<String> {
        None
    }

    pub(super) fn writes(_: &[(u64, u64)]) -> bool {
        false
    }
}
