//! Where git looks for hooks here, and whose folder that is.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::HookName;
use super::error::{HookError, shown};
use super::git::{Git, said};
use crate::path::RepoPath;
use crate::process::script::End;

/// The repository as far as hooks are concerned; all paths are absolute.
#[derive(Debug)]
pub(crate) struct Place {
    /// The work tree's top.
    pub(crate) top: PathBuf,
    /// git's folder of this work tree.
    pub(crate) git_dir: PathBuf,
    /// git's folder of all linked work trees.
    pub(crate) common_dir: PathBuf,
    /// The folder in which git looks for hooks, links resolved.
    pub(crate) hooks: PathBuf,
    /// Who sets it, where somebody does.
    setting: Option<Setting>,
    /// Whose folder it is.
    pub(crate) standing: Standing,
}

/// Whose folder the hook folder is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// This clone's own: in git's folder, or ignored by git.
    Private,
    /// The team's: in the work tree, and tracked or about to be.
    Tracked,
    /// husky's generated folder: people's hooks are the files one folder up.
    Husky(PathBuf),
    /// git runs no hooks at all.
    Off(&'static str),
    /// Shared with other repositories.
    Outside,
}

/// `core.hooksPath`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Setting {
    scope: String,
    origin: String,
    value: Vec<u8>,
}

impl Place {
    /// Asks git.
    pub(crate) fn find(git: &mut Git<'_>) -> Result<Self, HookError> {
        let git_dir = git_dir(git)?;
        let top = work_tree(git)?;
        git.settle(&top, &git_dir);
        let common_dir = real(&top.join(git.ask_path(&["rev-parse", "--git-common-dir"])?));
        let setting = setting(git)?;
        let hooks = real(&top.join(git.ask_path(&["rev-parse", "--git-path", "hooks"])?));
        let mut place = Self {
            top: real(&top),
            git_dir: real(&git_dir),
            common_dir,
            hooks,
            setting,
            standing: Standing::Private,
        };
        place.standing = place.judge(git)?;
        Ok(place)
    }

    fn judge(&self, git: &Git<'_>) -> Result<Standing, HookError> {
        if let Some(off) = self.setting.as_ref().and_then(Setting::switches_off) {
            return Ok(Standing::Off(off));
        }
        if self.hooks.starts_with(&self.common_dir) || self.hooks.starts_with(&self.git_dir) {
            return Ok(Standing::Private);
        }
        let shared = self.setting.as_ref().is_some_and(Setting::is_shared);
        if shared || !self.hooks.starts_with(&self.top) {
            return Ok(Standing::Outside);
        }
        if let Some(folder) = husky_folder(&self.hooks) {
            return Ok(Standing::Husky(folder));
        }
        let probe = self.hooks.join(HookName::PreCommit.word());
        let ignored = ["check-ignore", "-q", "--"].map(String::from);
        let captured = git
            .call(&ignored.each_ref().map(String::as_str))
            .args([probe])
            .capture(std::time::Duration::from_secs(20))
            .map_err(HookError::file("ask git about", &self.hooks))?;
        if captured.end == Some(End::Code(0)) {
            Ok(Standing::Private)
        } else {
            Ok(Standing::Tracked)
        }
    }

    /// Why no hook can be put there, if none can.
    pub(crate) fn refusal(
        &self,
        names: &[HookName],
        line: &dyn Fn(HookName) -> String,
    ) -> Option<HookError> {
        let origin = self.setting.as_ref().map_or_else(
            || "a link leads there".to_owned(),
            |setting| format!("core.hooksPath, {}", setting.whence()),
        );
        match &self.standing {
            Standing::Off(value) => Some(HookError::HooksOff {
                value,
                origin: self
                    .setting
                    .as_ref()
                    .map(Setting::whence)
                    .unwrap_or_default(),
                remedy: self
                    .setting
                    .as_ref()
                    .map(Setting::unset)
                    .unwrap_or_default(),
            }),
            Standing::Outside => {
                let mut remedy = String::from(
                    "add these lines by hand, or give this repository its own \
                     folder: `git config core.hooksPath .githooks`, then `guard install`",
                );
                for name in names {
                    let file = shown(&self.hooks.join(name.word()));
                    let _ = write!(remedy, "\n{file}:\n{}", line(*name));
                }
                Some(HookError::Outside {
                    folder: self.hooks.clone(),
                    origin,
                    remedy,
                })
            }
            Standing::Private | Standing::Tracked | Standing::Husky(_) => None,
        }
    }

    /// A path for people: from the work tree's top where it lies below.
    pub(crate) fn shown(&self, path: &Path) -> String {
        shown(path.strip_prefix(&self.top).unwrap_or(path))
    }

    /// What `core.hooksPath` is and where that is set, where it is set at all.
    pub(crate) fn setting(&self) -> Option<String> {
        let setting = self.setting.as_ref()?;
        let value = super::error::plain(&String::from_utf8_lossy(&setting.value));
        Some(format!("core.hooksPath = {value}, {}", setting.whence()))
    }

    /// Whether `core.hooksPath` is set at all.
    pub(crate) fn is_default(&self) -> bool {
        self.setting.is_none()
    }
}

impl Setting {
    /// The empty value makes git look in the root folder, and a device holds no files: both are
    /// how people switch hooks off.
    fn switches_off(&self) -> Option<&'static str> {
        match self.value.as_slice() {
            b"" => Some("empty"),
            b"/dev/null" | b"/dev/null/" => Some("/dev/null"),
            b"NUL" | b"nul" => Some("NUL"),
            _ => None,
        }
    }

    /// A value of the user's or the system's configuration that names one folder for every repository.
    fn is_shared(&self) -> bool {
        let everywhere = matches!(self.scope.as_str(), "global" | "system");
        let fixed = matches!(self.value.first(), Some(b'/' | b'~' | b'%'));
        everywhere && fixed
    }

    fn whence(&self) -> String {
        let file = self.origin.strip_prefix("file:").unwrap_or(&self.origin);
        format!("set in {}", super::error::plain(file))
    }

    fn unset(&self) -> String {
        let scope = match self.scope.as_str() {
            "local" => "--unset".to_owned(),
            "command" => return "unset GIT_CONFIG_COUNT GIT_CONFIG_PARAMETERS".to_owned(),
            scope => format!("--{scope} --unset"),
        };
        format!("git config {scope} core.hooksPath")
    }
}

fn git_dir(git: &Git<'_>) -> Result<PathBuf, HookError> {
    let captured = git.try_ask(&["rev-parse", "--absolute-git-dir"])?;
    if captured.end == Some(End::Code(0)) {
        let answer = captured.out.strip_suffix(b"\n").unwrap_or(&captured.out);
        return Ok(RepoPath::new(answer).to_os());
    }
    let said = said(&captured);
    if said.contains("not a git repository") {
        return Err(HookError::NoRepository {
            directory: git.directory.clone(),
        });
    }
    Err(HookError::Git {
        question: "rev-parse --absolute-git-dir".into(),
        said,
    })
}

fn work_tree(git: &Git<'_>) -> Result<PathBuf, HookError> {
    match git.ask_path(&["rev-parse", "--show-toplevel"]) {
        Err(HookError::Git { said, .. }) if said.contains("work tree") => {
            Err(HookError::NoWorkTree)
        }
        other => other,
    }
}

fn setting(git: &Git<'_>) -> Result<Option<Setting>, HookError> {
    let question = [
        "config",
        "--null",
        "--show-origin",
        "--show-scope",
        "--get",
        "core.hooksPath",
    ];
    let captured = git.try_ask(&question)?;
    match captured.end {
        Some(End::Code(1)) => Ok(None),
        Some(End::Code(0)) => Ok(parse_setting(&captured.out)),
        _ => Err(HookError::Git {
            question: question.join(" "),
            said: said(&captured),
        }),
    }
}

/// `scope NUL origin NUL value NUL`.
fn parse_setting(answer: &[u8]) -> Option<Setting> {
    let mut parts = answer.split(|byte| *byte == 0);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some(Setting {
        scope: text(parts.next()?),
        origin: text(parts.next()?),
        value: parts.next()?.to_vec(),
    })
}

/// husky 9 generates `.husky/_`, whose files only call the ones in `.husky`.
fn husky_folder(hooks: &Path) -> Option<PathBuf> {
    let generated = hooks.file_name()? == "_" && hooks.join("h").is_file();
    generated.then(|| hooks.parent().map(Path::to_path_buf))?
}

/// The path without links, also where its end does not exist yet.
pub(crate) fn real(path: &Path) -> PathBuf {
    for ancestor in path.ancestors() {
        if let Ok(real) = ancestor.canonicalize() {
            let rest = path.strip_prefix(ancestor).unwrap_or(Path::new(""));
            return if rest.as_os_str().is_empty() {
                real
            } else {
                real.join(rest)
            };
        }
    }
    path.to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_hold_line_ends() {
        let setting = parse_setting(b"local\0file:.git/config\0a\nb\0").unwrap();
        assert_eq!(
            (setting.scope.as_str(), setting.value.as_slice()),
            ("local", &b"a\nb"[..])
        );
        assert_eq!(setting.unset(), "git config --unset core.hooksPath");
        assert_eq!(setting.whence(), "set in .git/config");
    }

    #[test]
    fn only_a_fixed_folder_of_everybodys_configuration_is_shared() {
        for (scope, value, shared) in [
            ("global", "/opt/x/hooks", true),
            ("global", "~/hooks", true),
            ("system", "%(prefix)/hooks", true),
            ("global", ".githooks", false),
            ("local", "/repo/.githooks", false),
            ("worktree", "~/repo/hooks", false),
        ] {
            let setting = Setting {
                scope: scope.into(),
                origin: String::new(),
                value: value.into(),
            };
            assert_eq!(setting.is_shared(), shared, "{scope} {value}");
        }
    }

    #[test]
    fn what_does_not_exist_yet_keeps_its_name_below_the_real_folder() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        assert_eq!(real(&base.join("a/b")), base.join("a/b"));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("elsewhere", base.join("link")).unwrap();
            std::fs::create_dir(base.join("elsewhere")).unwrap();
            assert_eq!(real(&base.join("link/x")), base.join("elsewhere/x"));
        }
    }
}
