//! What stands where git looks for hooks, without changing any of it: whose it is, and whether it calls guard.
//!
//! Only hooks in which guard's call comes first are tried, through git itself: nothing else runs then.
//! lefthook, pre-commit and prek write files of their own when they run, so that theirs are not.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::HookError;
use super::files::{self, Standing as Found, is_executable};
use super::git::Git;
use super::place::{Place, Standing};
use super::plan::{Caller, Planned, kept, owner};
use super::probe::prove_within;
use super::shell::is_ours;
use super::shim::{Owner, recorded};
use super::{Fires, HookName, Missing, lefthook, pre_commit, shell};
use crate::environment::Environment;

/// The hooks of a repository.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// The folder in which git looks for them, for people.
    pub(super) folder: String,
    /// What `core.hooksPath` is and where that is set, where it is.
    pub(super) setting: Option<String>,
    /// Why none can fire there, and what to do about it.
    pub(super) refusal: Option<(String, Option<String>)>,
    /// Each of them; none where git runs none.
    pub(super) hooks: Vec<Seen>,
}

/// One hook.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// Which.
    pub(super) name: HookName,
    /// The file that matters.
    pub(super) path: PathBuf,
    /// The same for people.
    pub(super) file: String,
    /// What stands there.
    pub(super) what: What,
    /// Whether git calls guard by it, where that was tried.
    pub(super) fires: Option<Fires>,
}

/// What stands in a hook's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Nothing: git runs no such hook.
    Nothing,
    /// Something that does not call guard.
    Foreign {
        /// Whose it is: `lefthook`, `your own hook`.
        whose: &'static str,
    },
    /// guard's own hook.
    Shim {
        /// Its version, where it says one.
        version: Option<u32>,
        /// Whether somebody changed it.
        edited: bool,
        /// The binary that it tries first.
        binary: Option<PathBuf>,
        /// The foreign hook that it runs before.
        kept: Option<String>,
    },
    /// A line of guard's in a file of the team's.
    Line {
        /// Who reads that file: `husky`, `lefthook`.
        by: &'static str,
        /// The version of the shim that it stands for, where it says one.
        version: Option<u32>,
    },
}

/// Looks, and lets git run what can be run without harm; each proof has `patience`.
pub(super) fn look(environment: &Environment, patience: Duration) -> Result<Look, HookError> {
    let mut git = Git::locate(environment)?;
    let place = Place::find(&mut git)?;
    let refusal = place
        .refusal(&HookName::ALL, &|name| shell::line(name, Missing::Block))
        .map(|error| match &error {
            HookError::HooksOff { remedy, .. } => (error.to_string(), Some(remedy.clone())),
            _ => (error.to_string(), None),
        });
    let mut hooks = Vec::new();
    // Where git runs no hooks at all there is nothing to look at.
    let names: &[HookName] = match place.standing {
        Standing::Off(_) => &[],
        _ => &HookName::ALL,
    };
    for name in names {
        let (mut seen, caller) = seen(&place, *name)?;
        if let Some(caller) = caller {
            let planned = Planned {
                name: *name,
                what: Vec::new(),
                caller,
            };
            seen.fires = Some(match prove_within(patience, &git, &place, &planned) {
                Err(error) => Fires::Unproven(error.to_string()),
                Ok(fires) => fires,
            });
        }
        hooks.push(seen);
    }
    Ok(Look {
        folder: place.shown(&place.hooks),
        setting: place.setting(),
        refusal,
        hooks,
    })
}

/// One hook, and who calls guard where that may be tried.
fn seen(place: &Place, name: HookName) -> Result<(Seen, Option<Caller>), HookError> {
    let path = place.hooks.join(name.word());
    match &place.standing {
        Standing::Husky(folder) => script(place, name, &folder.join(name.word()), "husky"),
        Standing::Tracked | Standing::Outside | Standing::Off(_) => {
            script(place, name, &path, "the team's hook")
        }
        Standing::Private => private(place, name, &path),
    }
}

fn private(
    place: &Place,
    name: HookName,
    path: &Path,
) -> Result<(Seen, Option<Caller>), HookError> {
    let found = files::look(path)?;
    let of = |file: &Path, what| Seen {
        name,
        path: file.to_owned(),
        file: place.shown(file),
        what,
        fires: None,
    };
    let managed = |by, file: Option<PathBuf>| {
        let file = file.map(|file| place.top.join(file));
        let text = file.as_deref().and_then(text);
        match (file, text.and_then(|text| line(&text, name))) {
            (Some(file), Some(Own { version })) => of(&file, What::Line { by, version }),
            _ => of(path, What::Foreign { whose: by }),
        }
    };
    Ok(match (owner(name, &found), &found) {
        (None, _) => (of(path, What::Nothing), None),
        (Some(owner @ (Owner::Guard | Owner::GuardChanged)), Found::File(bytes)) => {
            let (version, binary) = recorded(name, bytes);
            let kept = kept(path);
            let kept = kept.symlink_metadata().ok().map(|_| place.shown(&kept));
            let what = What::Shim {
                version,
                edited: owner == Owner::GuardChanged
                    && version == Some(super::shim::shim_version()),
                binary,
                kept,
            };
            // One that somebody changed may do anything before it calls guard.
            let tried = (owner == Owner::Guard).then_some(Caller::Shim);
            (of(path, what), tried)
        }
        (Some(Owner::Lefthook), _) => (managed("lefthook", lefthook::config(&place.top)), None),
        (Some(Owner::PreCommit), _) => {
            let config = pre_commit::config(&place.top);
            (managed("pre-commit", config), None)
        }
        (Some(Owner::Prek), _) => (managed("prek", pre_commit::config(&place.top)), None),
        _ => return script(place, name, path, "your own hook"),
    })
}

/// A script that people wrote: guard is called by a line in it, or not at all.
fn script(
    place: &Place,
    name: HookName,
    path: &Path,
    by: &'static str,
) -> Result<(Seen, Option<Caller>), HookError> {
    let found = files::look(path)?;
    let (what, caller) = match &found {
        Found::Nothing => (What::Nothing, None),
        Found::File(bytes) => match line(&String::from_utf8_lossy(bytes), name) {
            Some(Own { version }) => {
                let caller = Caller::Script(path.to_owned());
                (What::Line { by, version }, Some(caller))
            }
            None => (What::Foreign { whose: by }, None),
        },
        Found::Link | Found::Huge | Found::Other => (What::Foreign { whose: by }, None),
    };
    let seen = Seen {
        name,
        path: path.to_owned(),
        file: place.shown(path),
        what,
        fires: None,
    };
    Ok((seen, caller))
}

/// A line of guard's in a file of the team's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Own {
    /// The version of the shim that it stands for, where it says one.
    version: Option<u32>,
}

/// guard's line in a text, where there is one.
fn line(text: &str, name: HookName) -> Option<Own> {
    let line = text.lines().find(|line| is_ours(line, name))?;
    let said = line.split("GUARD_SHIM=").nth(1);
    let version = said.and_then(|rest| rest.split(' ').next()?.parse().ok());
    Some(Own { version })
}

/// The text of a file of the team's; a link or a device is none.
fn text(path: &Path) -> Option<String> {
    match files::look(path) {
        Ok(Found::File(bytes)) => String::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// Whether a binary that a hook names is there and can be run.
pub(super) fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|about| about.is_file()) && is_executable(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_its_version_where_it_has_one() {
        let shell = shell::line(HookName::PrePush, Missing::Block);
        let version = super::super::shim::shim_version();
        let own = |version| Some(Own { version });
        assert_eq!(line(&shell, HookName::PrePush), own(Some(version)));
        assert_eq!(line(&shell, HookName::PreCommit), None);
        let yaml = pre_commit::line(HookName::PrePush, Missing::Warn);
        assert_eq!(line(&yaml, HookName::PrePush), own(None));
        assert_eq!(line("npm test\n", HookName::PrePush), None);
    }
}
