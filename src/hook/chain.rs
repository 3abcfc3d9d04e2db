//! The foreign hook that stood where guard's stands now: run first, with git's own arguments and input.

use std::ffi::OsString;
use std::path::Path;

use super::HookName;
use super::error::shown;
use super::files::is_executable;
use super::place::real;
use super::plan::kept;
use crate::environment::Environment;
use crate::process::script::{End, Script};

/// Set for a chained hook: `NAME:GIT_DIR`. A guard that is called again for the same hook of the
/// same repository sees itself in it.
const CHAIN: &str = "GUARD_CHAIN";

/// git's call of a hook.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Which hook.
    pub name: HookName,
    /// Its arguments.
    pub args: &'a [OsString],
    /// What git wrote to its standard input.
    pub stdin: &'a [u8],
    /// The repository: git's folder of this work tree.
    pub git_dir: &'a Path,
}

/// What became of the foreign hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chained {
    /// There is none, or git would have ignored it.
    None,
    /// It ran and said yes.
    Passed,
    /// It said no: guard's own run does not happen.
    Failed {
        /// The exit code to pass on.
        code: u8,
        /// What to tell.
        reason: String,
    },
}

/// Runs the foreign hook kept in `hooks_dir`, if there is one.
///
/// `environment` is the one that git gave, before anything was added to it.
pub fn chain(hooks_dir: &Path, call: &Call<'_>, environment: &Environment) -> Chained {
    let hook = kept(&hooks_dir.join(call.name.word()));
    if !hook.is_file() || !is_executable(&hook) {
        return Chained::None;
    }
    let ended = Script::new(&hook, &environment.directory, environment)
        .args(call.args.iter().cloned())
        .set(CHAIN, mark(call.name, call.git_dir))
        .input(call.stdin)
        .run();
    let file = shown(&hook);
    match ended {
        Ok(end) if end.is_good() => Chained::Passed,
        Ok(End::Code(code)) => Chained::Failed {
            code: End::Code(code).code(),
            reason: format!("your own hook {file} said no (exit code {code})"),
        },
        Ok(End::Signal(signal)) => Chained::Failed {
            code: End::Signal(signal).code(),
            reason: format!("your own hook {file} was killed by signal {signal}"),
        },
        // git, too, blocks when it cannot start a hook.
        Err(error) => Chained::Failed {
            code: 1,
            reason: format!("your own hook {file} could not be started: {error}"),
        },
    }
}

/// Whether this process was called, at whatever depth, by the foreign hook of the same hook.
pub fn is_repeat(environment: &Environment, name: HookName, git_dir: &Path) -> bool {
    environment.os(CHAIN) == Some(&mark(name, git_dir))
}

fn mark(name: HookName, git_dir: &Path) -> OsString {
    let mut mark = OsString::from(name.word());
    mark.push(":");
    mark.push(real(git_dir));
    mark
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::PathBuf;

    use super::super::support::write_script;
    use super::*;

    struct Hooks {
        folder: tempfile::TempDir,
        environment: Environment,
    }

    impl Hooks {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = Environment::read().os("PATH").unwrap().to_owned();
            let environment = Environment::of(folder.path(), [("PATH", path)]);
            Self {
                folder,
                environment,
            }
        }

        fn kept(&self, name: HookName) -> PathBuf {
            kept(&self.folder.path().join(name.word()))
        }

        fn chain(&self, name: HookName, args: &[&str], stdin: &[u8]) -> Chained {
            let args: Vec<OsString> = args.iter().map(Into::into).collect();
            let call = Call {
                name,
                args: &args,
                stdin,
                git_dir: self.folder.path(),
            };
            chain(self.folder.path(), &call, &self.environment)
        }

        fn said(&self) -> String {
            fs::read_to_string(self.folder.path().join("log")).unwrap()
        }
    }

    #[test]
    fn it_gets_arguments_and_input_and_passes_its_code_on() {
        let hooks = Hooks::new();
        write_script(
            &hooks.kept(HookName::PrePush),
            "#!/bin/sh\nprintf '%s|' \"$@\" >log; cat >>log; echo \"$GUARD_CHAIN\" >>log; exit 7\n",
        );
        let chained = hooks.chain(HookName::PrePush, &["origin", "a b\n$(id)"], b"refs x\n");
        let Chained::Failed { code: 7, reason } = chained else {
            panic!("{chained:?}");
        };
        assert!(reason.contains("exit code 7"), "{reason}");
        let mark = mark(HookName::PrePush, hooks.folder.path());
        assert_eq!(
            hooks.said(),
            format!("origin|a b\n$(id)|refs x\n{}\n", mark.to_str().unwrap())
        );
    }

    #[test]
    fn none_is_run_that_git_would_not_have_run() {
        let hooks = Hooks::new();
        assert_eq!(hooks.chain(HookName::PreCommit, &[], b""), Chained::None);
        let kept = hooks.kept(HookName::PreCommit);
        write_script(&kept, "#!/bin/sh\nexit 1\n");
        fs::set_permissions(&kept, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(hooks.chain(HookName::PreCommit, &[], b""), Chained::None);
        fs::remove_file(&kept).unwrap();
        symlink("nowhere", &kept).unwrap();
        assert_eq!(hooks.chain(HookName::PreCommit, &[], b""), Chained::None);
    }

    #[test]
    fn a_link_runs_and_one_that_cannot_start_blocks() {
        let hooks = Hooks::new();
        let target = hooks.folder.path().join("target");
        write_script(&target, "#!/bin/sh\nexit 0\n");
        symlink(&target, hooks.kept(HookName::PreCommit)).unwrap();
        assert_eq!(hooks.chain(HookName::PreCommit, &[], b""), Chained::Passed);
        write_script(&target, "#!/nonexistent/interpreter\n");
        let chained = hooks.chain(HookName::PreCommit, &[], b"");
        assert!(
            matches!(chained, Chained::Failed { code: 1, .. }),
            "{chained:?}"
        );
    }

    #[test]
    fn only_the_same_hook_of_the_same_repository_is_a_repeat() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let set = mark(HookName::PrePush, one.path());
        let environment = Environment::of("/", [(CHAIN, set)]);
        assert!(is_repeat(&environment, HookName::PrePush, one.path()));
        assert!(is_repeat(
            &environment,
            HookName::PrePush,
            &one.path().join(".")
        ));
        assert!(!is_repeat(&environment, HookName::PreCommit, one.path()));
        assert!(!is_repeat(&environment, HookName::PrePush, two.path()));
        assert!(!is_repeat(
            &Environment::of("/", [("A", "")]),
            HookName::PrePush,
            one.path()
        ));
    }
}
