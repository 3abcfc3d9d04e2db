//! `guard env check --fix`: a file on the disk written anew, in one step, where nobody else is at it.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::dotenv::LARGEST;
use crate::env::{CHECK, Rewritten};
use crate::finding::{Finding, Severity, code};
use crate::path::RepoPath;

/// As many names are tried for the new file beside the old one.
const TRIES: u32 = 100;

/// Writes a file anew, and says what came of it.
pub(super) fn mend(path: &RepoPath, place: &Path, before: &[u8], made: &Rewritten) -> Finding {
    match replace(place, before, &made.bytes) {
        Ok(()) => applied(path, made),
        Err(Kept::Changed) => changed(path),
        Err(Kept::Odd(why)) => left(path, why),
        Err(Kept::Failed(error)) => left(path, &super::disk::told(&error)),
    }
}

/// Why a file was left as it was.
enum Kept {
    /// Somebody saved it meanwhile.
    Changed,
    /// Writing it anew would change more than its content.
    Odd(&'static str),
    Failed(io::Error),
}

impl From<io::Error> for Kept {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Puts a new file with the same rights in the place of the old one.
fn replace(place: &Path, before: &[u8], after: &[u8]) -> Result<(), Kept> {
    let about = fs::symlink_metadata(place)?;
    plain(&about)?;
    let beside = Beside::create(place)?;
    beside.fill(&about, after)?;
    // Looked at right before it goes: a save since then is somebody's work.
    if plain(&fs::symlink_metadata(place)?).is_err() || !holds(place, before)? {
        return Err(Kept::Changed);
    }
    fs::rename(&beside.place, place)?;
    // The name is free again, and nobody else's file.
    std::mem::forget(beside);
    Ok(())
}

/// Whether a new file would be the same to everybody who knows the old one.
fn plain(about: &Metadata) -> Result<(), Kept> {
    if about.file_type().is_symlink() {
        return Err(Kept::Odd("it is a link; mend the file that it leads to"));
    }
    if !about.is_file() {
        return Err(Kept::Odd("it is no plain file"));
    }
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(about) > 1 {
        return Err(Kept::Odd(
            "it has another name, too, which would keep the old text",
        ));
    }
    if about.permissions().readonly() {
        return Err(Kept::Odd("it must not be written"));
    }
    Ok(())
}

/// Whether the file still holds what was read.
fn holds(place: &Path, before: &[u8]) -> io::Result<bool> {
    let mut bytes = Vec::new();
    let file = File::open(place)?;
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes == before)
}

/// The new file until it has its name; it goes where it never gets it.
struct Beside {
    place: PathBuf,
    file: File,
}

impl Beside {
    fn create(place: &Path) -> Result<Self, Kept> {
        let name = place.file_name().unwrap_or_default();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // It holds what the old one holds, and nobody else may read it meanwhile.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        for number in 0..TRIES {
            // `.env.…` is what most projects ignore: a kill leaves nothing that `git add` takes along.
            let mut own = name.to_owned();
            own.push(format!(".guard-{number}.local"));
            let own = place.with_file_name(own);
            match options.open(&own) {
                Ok(file) => return Ok(Self { place: own, file }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Kept::Odd(
            "what earlier runs left lies beside it: `*.guard-*.local`",
        ))
    }

    fn fill(&self, about: &Metadata, text: &[u8]) -> Result<(), Kept> {
        let mut file = &self.file;
        file.write_all(text)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let own = self.file.metadata()?;
            if own.uid() != about.uid() {
                return Err(Kept::Odd("it belongs to somebody else"));
            }
            if own.gid() != about.gid() {
                std::os::unix::fs::fchown(&self.file, None, Some(about.gid()))?;
            }
        }
        self.file.set_permissions(about.permissions())?;
        self.file.sync_all()?;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Where even this fails, the next run takes another name.
        let _ = fs::remove_file(&self.place);
    }
}

fn applied(path: &RepoPath, made: &Rewritten) -> Finding {
    let codes: Vec<&str> = made.codes.iter().map(|code| code.id).collect();
    let message = format!("`{CHECK}` fixed `{path}`: {}", codes.join(", "));
    let help = "the file on the disk is mended; nothing was staged";
    Finding::new(CHECK, code::FIX_APPLIED, message, help).in_file(path.clone())
}

fn left(path: &RepoPath, why: &str) -> Finding {
    let message = format!("`{path}` could be mended, and was left as it was: {why}");
    let help = "mend it by hand: the findings say how";
    let mut finding = Finding::new(CHECK, code::FIX_LEFT, message, help).in_file(path.clone());
    finding.severity = Severity::Warning;
    finding
}

fn changed(path: &RepoPath) -> Finding {
    let message = format!("`{path}` was saved during the fix: the save stays, the fix is not made");
    let help = "run it again";
    Finding::new(CHECK, code::FIX_SAVED, message, help).in_file(path.clone())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn made(text: &str) -> Rewritten {
        Rewritten {
            bytes: text.as_bytes().to_vec(),
            codes: vec![code::ENV_BLANKS],
        }
    }

    fn told(place: &Path, before: &str) -> (&'static str, String) {
        let finding = mend(&".env".into(), place, before.as_bytes(), &made("A=1\n"));
        (finding.code.id, finding.message)
    }

    fn names(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn a_file_gets_its_new_text_and_keeps_its_rights() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join(".env");
        fs::write(&place, "A=1 \n").unwrap();
        for mode in [0o600, 0o640, 0o664] {
            fs::write(&place, "A=1 \n").unwrap();
            fs::set_permissions(&place, fs::Permissions::from_mode(mode)).unwrap();
            let (code, message) = told(&place, "A=1 \n");
            assert_eq!(code, "FIX-APPLIED");
            assert_eq!(message, "`env` fixed `.env`: ENV-BLANKS");
            assert_eq!(fs::read(&place).unwrap(), b"A=1\n");
            let now = fs::metadata(&place).unwrap().permissions().mode() & 0o777;
            assert_eq!(now, mode);
        }
        assert_eq!(names(folder.path()), 1);
    }

    #[test]
    fn what_somebody_saved_meanwhile_stays() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join(".env");
        fs::write(&place, "B=2 \n").unwrap();
        assert_eq!(told(&place, "A=1 \n").0, "FIX-SAVED");
        assert_eq!(fs::read(&place).unwrap(), b"B=2 \n");
        assert_eq!(names(folder.path()), 1, "nothing is left behind");
    }

    #[test]
    fn links_and_files_of_several_names_are_left() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join(".env"));
        fs::write(&real, "A=1 \n").unwrap();
        symlink(&real, &link).unwrap();
        let (code, message) = told(&link, "A=1 \n");
        assert_eq!(code, "FIX-LEFT");
        assert!(message.contains("it is a link"), "{message}");
        fs::remove_file(&link).unwrap();
        fs::hard_link(&real, &link).unwrap();
        assert!(told(&link, "A=1 \n").1.contains("another name"));
        assert_eq!(fs::read(&real).unwrap(), b"A=1 \n");
        assert!(
            told(&folder.path().join("none"), "")
                .1
                .contains("no such file")
        );
    }
}
