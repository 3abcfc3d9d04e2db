//! An install's writes: all drafts first, then every file moved to its place, and back if one cannot be.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::HookError;
use super::files::{Draft, Rights, Sharing, keep};
use super::plan::{NewShim, Plan};

/// What was done so far, so that it can be undone.
enum Written {
    /// A folder was made.
    Folder(PathBuf),
    /// A file was made.
    New(PathBuf),
    /// A file's bytes were replaced.
    Changed(PathBuf, Vec<u8>),
    /// A foreign hook was moved from the first to the second.
    Kept(PathBuf, PathBuf),
}

/// Writes everything, or nothing.
pub(crate) fn apply(plan: &Plan, sharing: Sharing) -> Result<(), HookError> {
    let mut written = Vec::new();
    write(plan, sharing, &mut written).inspect_err(|_| {
        for step in written.iter().rev() {
            undo(step);
        }
    })
}

fn write(plan: &Plan, sharing: Sharing, written: &mut Vec<Written>) -> Result<(), HookError> {
    let executable = Rights::Executable(sharing);
    let shims = plan.shims.iter().map(|shim| &shim.path);
    for path in shims.chain(plan.texts.keys()) {
        folder(path, written)?;
    }
    // A disk that is full says so here.
    let mut drafts = Vec::new();
    for shim in &plan.shims {
        drafts.push(Draft::write(&shim.path, &shim.bytes, executable)?);
    }
    let mut text_drafts = Vec::new();
    for (path, text) in &plan.texts {
        let rights = match text.before {
            Some(_) => Rights::AsBefore,
            None => executable,
        };
        text_drafts.push(Draft::write(path, &text.bytes, rights)?);
    }
    for (shim, draft) in plan.shims.iter().zip(drafts) {
        put_shim(shim, draft, written)?;
    }
    for ((path, text), draft) in plan.texts.iter().zip(text_drafts) {
        draft.put()?;
        written.push(match &text.before {
            Some(before) => Written::Changed(path.clone(), before.clone()),
            None => Written::New(path.clone()),
        });
    }
    Ok(())
}

fn put_shim(shim: &NewShim, draft: Draft, written: &mut Vec<Written>) -> Result<(), HookError> {
    if let Some(kept) = &shim.keep {
        keep(&shim.path, kept)?;
        written.push(Written::Kept(shim.path.clone(), kept.clone()));
    }
    draft.put()?;
    if shim.keep.is_none() {
        written.push(match &shim.before {
            Some(before) => Written::Changed(shim.path.clone(), before.clone()),
            None => Written::New(shim.path.clone()),
        });
    }
    Ok(())
}

fn folder(path: &Path, written: &mut Vec<Written>) -> Result<(), HookError> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    let missing: Vec<&Path> = folder
        .ancestors()
        .take_while(|folder| folder.symlink_metadata().is_err())
        .collect();
    for folder in missing.into_iter().rev() {
        fs::create_dir(folder).map_err(HookError::file("make", folder))?;
        written.push(Written::Folder(folder.to_path_buf()));
    }
    Ok(())
}

/// Undoing is tried as far as it goes: the error that led here is the one to be told.
fn undo(step: &Written) {
    match step {
        Written::Folder(path) => drop(fs::remove_dir(path)),
        Written::New(path) => drop(fs::remove_file(path)),
        Written::Kept(path, kept) => drop(fs::rename(kept, path)),
        Written::Changed(path, before) => {
            if let Ok(draft) = Draft::write(path, before, Rights::AsBefore) {
                drop(draft.put());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::NewText;
    use super::*;

    #[test]
    fn a_write_that_fails_late_takes_back_the_earlier_ones() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("text"), "before").unwrap();
        fs::write(at("foreign"), "theirs").unwrap();
        fs::write(at("old"), "old shim").unwrap();
        // Something came between the plan and the writing.
        fs::write(at("blocked"), "theirs too").unwrap();
        fs::write(at("blocked.kept"), "in the way").unwrap();
        let shim = |path: &str, before: Option<&str>, keep: Option<&str>| NewShim {
            path: at(path),
            bytes: b"guard".to_vec(),
            before: before.map(Into::into),
            keep: keep.map(at),
        };
        let text = NewText {
            bytes: b"after".to_vec(),
            before: Some(b"before".to_vec()),
        };
        let plan = Plan {
            shims: vec![
                shim("deep/er/new", None, None),
                shim("foreign", None, Some("foreign.kept")),
                shim("old", Some("old shim"), None),
                shim("blocked", None, Some("blocked.kept")),
            ],
            texts: [(at("text"), text)].into(),
            hooks: Vec::new(),
        };
        let picture = || {
            let mut all: Vec<(String, Option<String>)> = fs::read_dir(folder.path())
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .map(|path| (path.display().to_string(), fs::read_to_string(path).ok()))
                .collect();
            all.sort();
            all
        };
        let before = picture();
        let error = apply(&plan, Sharing::Mask).unwrap_err();
        assert!(error.to_string().contains("blocked.kept"), "{error}");
        assert_eq!(picture(), before);
        fs::remove_file(at("blocked.kept")).unwrap();
        apply(&plan, Sharing::Mask).unwrap();
        assert_eq!(fs::read(at("text")).unwrap(), b"after");
        assert_eq!(fs::read(at("deep/er/new")).unwrap(), b"guard");
        assert_eq!(fs::read(at("blocked.kept")).unwrap(), b"theirs too");
    }
}
