//! What an install is going to write, decided in full before the first byte is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::HookError;
use super::files::{Standing as Found, look};
use super::place::{Place, Standing};
use super::shell::{self, Joined};
use super::shim::{KEPT, Owner, render};
use super::{HookName, Install, lefthook, pre_commit};

/// Everything that is going to be written.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// guard's own hooks.
    pub(crate) shims: Vec<NewShim>,
    /// Other people's files, by path, as they are going to be.
    pub(crate) texts: BTreeMap<PathBuf, NewText>,
    /// One for each hook that was asked for.
    pub(crate) hooks: Vec<Planned>,
}

/// A hook of guard's own.
#[derive(Debug)]
pub(crate) struct NewShim {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
    /// What stands there now, if it is guard's.
    pub(crate) before: Option<Vec<u8>>,
    /// Where the foreign hook goes that stands there now.
    pub(crate) keep: Option<PathBuf>,
}

/// A file of the team's with guard's line in it.
#[derive(Debug)]
pub(crate) struct NewText {
    pub(crate) bytes: Vec<u8>,
    /// What stands there now; `None` when guard makes the file.
    pub(crate) before: Option<Vec<u8>>,
}

/// What happens for one hook.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) name: HookName,
    /// In words.
    pub(crate) what: Vec<String>,
    /// Who calls guard.
    pub(crate) caller: Caller,
}

/// Who calls guard when git runs the hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// guard's own hook.
    Shim,
    /// A line in this script.
    Script(PathBuf),
    /// lefthook, as this file says.
    Lefthook(PathBuf),
    /// pre-commit or prek, as this file says.
    PreCommit(PathBuf),
    /// Another manager, once somebody has added a line by hand.
    ByHand(String),
}

/// Decides.
pub(crate) fn plan(place: &Place, install: &Install) -> Result<Plan, HookError> {
    let mut plan = Plan::default();
    for name in &install.names {
        let planned = match &place.standing {
            Standing::Husky(folder) => plan.script(place, install, *name, folder)?,
            Standing::Tracked => plan.script(place, install, *name, &place.hooks)?,
            _ => plan.private(place, install, *name)?,
        };
        plan.hooks.push(planned);
    }
    Ok(plan)
}

impl Plan {
    /// A folder of this clone alone: guard's own hook, unless another manager's stands there.
    fn private(
        &mut self,
        place: &Place,
        install: &Install,
        name: HookName,
    ) -> Result<Planned, HookError> {
        let path = place.hooks.join(name.word());
        let found = look(&path)?;
        match owner(name, &found) {
            Some(Owner::Lefthook) => return self.lefthook(place, install, name),
            Some(Owner::PreCommit | Owner::Prek) => return self.pre_commit(place, install, name),
            _ => {}
        }
        let mut what = self.shim(place, install, name, &found)?;
        // These are not active in this clone, and take the hook over as soon as they are.
        if place.is_default() {
            if let Some(folder) = sleeping_husky(&place.top) {
                match self.script(place, install, name, &folder) {
                    Ok(planned) => what.extend(planned.what),
                    // guard's own hook serves until husky wakes up; then this is a refusal.
                    Err(HookError::NotJoined { file, why, .. }) => {
                        what.push(format!("left {} as it is: {why}", place.shown(&file)));
                    }
                    Err(error) => return Err(error),
                }
            }
            if lefthook::config(&place.top).is_some() {
                let planned = self.lefthook(place, install, name)?;
                if let Caller::Lefthook(_) = planned.caller {
                    what.extend(planned.what);
                }
            }
        }
        Ok(Planned {
            name,
            what,
            caller: Caller::Shim,
        })
    }

    /// guard's own hook, and what is said about it.
    fn shim(
        &mut self,
        place: &Place,
        install: &Install,
        name: HookName,
        found: &Found,
    ) -> Result<Vec<String>, HookError> {
        let path = place.hooks.join(name.word());
        let bytes = render(name, &install.binary, install.missing)?;
        let shown = place.shown(&path);
        let (before, keep, what) = match (owner(name, found), found) {
            (Some(Owner::Guard), Found::File(old)) if *old == bytes => {
                return Ok(vec![format!("already there: {shown}")]);
            }
            (Some(Owner::Guard), Found::File(old)) => {
                (Some(old.clone()), None, vec![format!("renewed {shown}")])
            }
            (Some(Owner::GuardChanged), _) => {
                return Ok(vec![format!(
                    "left {shown} as it is: it is guard's hook, edited or of another version"
                )]);
            }
            (None, _) => (None, None, vec![format!("wrote {shown}")]),
            (Some(_), Found::Other) => {
                return Err(HookError::NotJoined {
                    file: path,
                    why: "it is not a file".into(),
                    line: shell::line(name, install.missing),
                });
            }
            (Some(_), _) => {
                let kept = kept(&path);
                let mut what = vec![format!("kept your hook as {}", place.shown(&kept))];
                what.extend(caution(found));
                what.push(format!("wrote {shown}"));
                if look(&kept)? != Found::Nothing {
                    return Err(HookError::KeptTwice { hook: path, kept });
                }
                (None, Some(kept), what)
            }
        };
        self.shims.push(NewShim {
            path,
            bytes,
            before,
            keep,
        });
        Ok(what)
    }

    /// A script of the team's.
    fn script(
        &mut self,
        place: &Place,
        install: &Install,
        name: HookName,
        folder: &Path,
    ) -> Result<Planned, HookError> {
        let path = folder.join(name.word());
        let shown = place.shown(&path);
        let refuse = |why: &str| HookError::NotJoined {
            file: path.clone(),
            why: why.to_owned(),
            line: shell::line(name, install.missing),
        };
        let what = match self.look(&path)? {
            Found::Nothing => {
                let bytes = shell::file(name, install.missing);
                self.write(&path, None, bytes);
                format!("wrote {shown}")
            }
            Found::File(old) => match shell::join(&old, name, install.missing) {
                Joined::Already => format!("already there: {shown}"),
                Joined::New(bytes) => {
                    let renews = old.split(|byte| *byte == b'\n').count()
                        == bytes.split(|byte| *byte == b'\n').count();
                    self.write(&path, Some(old), bytes);
                    if renews {
                        format!("renewed guard's line in {shown}")
                    } else {
                        format!("added one line to {shown}")
                    }
                }
                Joined::Cannot(why) => return Err(refuse(why)),
            },
            Found::Link => return Err(refuse("it is a link")),
            Found::Huge => return Err(refuse("it is longer than a mebibyte")),
            Found::Other => return Err(refuse("it is not a file")),
        };
        Ok(Planned {
            name,
            what: vec![what],
            caller: Caller::Script(path),
        })
    }

    fn lefthook(
        &mut self,
        place: &Place,
        install: &Install,
        name: HookName,
    ) -> Result<Planned, HookError> {
        let Some(file) = lefthook::config(&place.top) else {
            let line = lefthook::line(name, install.missing, "lefthook.yml");
            return Ok(by_hand(
                name,
                "lefthook runs this hook",
                "lefthook.yml",
                &line,
            ));
        };
        let text = file.to_string_lossy().into_owned();
        let line = lefthook::line(name, install.missing, &text);
        if !matches!(
            file.extension().and_then(|end| end.to_str()),
            Some("yml" | "yaml")
        ) {
            return Ok(by_hand(name, "guard writes into YAML only", &text, &line));
        }
        let path = place.top.join(&file);
        let join = |old: &str| lefthook::join(old, name, install.missing, &text);
        self.yaml(place, name, &path, &line, join, Caller::Lefthook)
    }

    fn pre_commit(
        &mut self,
        place: &Place,
        install: &Install,
        name: HookName,
    ) -> Result<Planned, HookError> {
        let line = pre_commit::line(name, install.missing);
        let Some(file) = pre_commit::config(&place.top) else {
            return Ok(by_hand(
                name,
                "there is no such file",
                ".pre-commit-config.yaml",
                &line,
            ));
        };
        let path = place.top.join(file);
        let join = |old: &str| pre_commit::join(old, name, install.missing);
        let mut planned = self.yaml(place, name, &path, &line, join, Caller::PreCommit)?;
        if name == HookName::PrePush {
            planned.what.push(
                "pre-commit and prek tell their hooks one ref of a push only: \
                 push several branches one by one, or let CI judge the others"
                    .into(),
            );
        }
        Ok(planned)
    }

    fn yaml(
        &mut self,
        place: &Place,
        name: HookName,
        path: &Path,
        line: &str,
        join: impl Fn(&str) -> Joined,
        caller: impl Fn(PathBuf) -> Caller,
    ) -> Result<Planned, HookError> {
        let shown = place.shown(path);
        let text = match self.look(path)? {
            Found::File(bytes) => String::from_utf8(bytes).ok(),
            _ => None,
        };
        let Some(text) = text else {
            return Ok(by_hand(name, "it is not a plain text file", &shown, line));
        };
        let what = match join(&text) {
            Joined::Already => format!("already there: {shown}"),
            Joined::New(bytes) => {
                self.write(path, Some(text.into_bytes()), bytes);
                format!("added one line to {shown}")
            }
            Joined::Cannot(why) => return Ok(by_hand(name, why, &shown, line)),
        };
        Ok(Planned {
            name,
            what: vec![what],
            caller: caller(path.to_path_buf()),
        })
    }

    /// What stands at a path, or is going to.
    fn look(&self, path: &Path) -> Result<Found, HookError> {
        match self.texts.get(path) {
            Some(text) => Ok(Found::File(text.bytes.clone())),
            None => look(path),
        }
    }

    fn write(&mut self, path: &Path, before: Option<Vec<u8>>, bytes: Vec<u8>) {
        // A second line in one file: what stands on disk is what it was before the first.
        let before = match self.texts.remove(path) {
            Some(earlier) => earlier.before,
            None => before,
        };
        self.texts
            .insert(path.to_path_buf(), NewText { bytes, before });
    }
}

/// Whose hook stands there; `None` where there is none.
pub(crate) fn owner(name: HookName, found: &Found) -> Option<Owner> {
    match found {
        Found::File(bytes) => Some(Owner::of(name, bytes)),
        Found::Nothing => None,
        Found::Link | Found::Huge | Found::Other => Some(Owner::Other),
    }
}

/// Where the foreign hook is kept that stood at `path`.
pub(crate) fn kept(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(KEPT);
    path.with_file_name(name)
}

fn by_hand(name: HookName, why: &str, file: &str, line: &str) -> Planned {
    Planned {
        name,
        what: vec![format!("left {file} as it is: {why}")],
        caller: Caller::ByHand(format!("add to {file}: {line}")),
    }
}

/// A hook that asks for its own name gets another answer now.
fn caution(found: &Found) -> Option<String> {
    let Found::File(bytes) = found else {
        return None;
    };
    let text = String::from_utf8_lossy(bytes);
    let asks = [
        "basename \"$0\"",
        "basename $0",
        "basename -- \"$0\"",
        "${0##*/}",
        "$PROGRAM_NAME",
    ];
    asks.iter()
        .any(|form| text.contains(form))
        .then(|| format!("look at it: it asks for its own name, which now ends with `{KEPT}`"))
}

/// husky's folder in a clone where `npm install` has not set core.hooksPath yet.
fn sleeping_husky(top: &Path) -> Option<PathBuf> {
    let folder = top.join(".husky");
    let real = folder.symlink_metadata().ok()?.is_dir();
    let Ok(Found::File(package)) = look(&top.join("package.json")) else {
        return None;
    };
    let used = String::from_utf8_lossy(&package).contains("\"husky\"");
    (real && used).then_some(folder)
}
