//! What the tests of the hooks share: a real repository, a stand-in for the guard binary, real shells.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::{Done, Fires, HookError, HookName, Install, Missing, Removed, install, uninstall};
use crate::environment::Environment;
use crate::process::script::{Captured, Script};

/// Writes an executable file by a process of its own: a file that this process holds open for
/// writing while another thread starts a child could not be executed.
pub(super) fn write_script(path: &Path, text: &str) {
    let environment = Environment::read();
    let path = path.to_str().unwrap();
    let written = Script::new("/bin/sh", Path::new("/"), &environment)
        .args(["-c", "cat >\"$1\" && chmod 755 \"$1\"", "sh", path])
        .input(text)
        .capture(Duration::from_secs(20))
        .unwrap();
    assert!(written.end.unwrap().is_good(), "{written:?}");
}

/// A repository in a folder of its own, and a home beside it.
pub(super) struct Repo {
    folder: TempDir,
    pub(super) top: PathBuf,
    pub(super) variables: Vec<(String, String)>,
}

impl Repo {
    /// An empty repository with an identity, `guard` at `bin/guard`.
    pub(super) fn new() -> Self {
        let repo = Self::bare_folder();
        repo.git(&["init", "-q", "-b", "main", "."]);
        repo
    }

    /// No repository yet.
    pub(super) fn bare_folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        for name in ["repo", "home", "bin"] {
            fs::create_dir(base.join(name)).unwrap();
        }
        write_script(&base.join("bin/guard"), GUARD);
        let path = Environment::read().os("PATH").unwrap().to_owned();
        let path = path.to_str().unwrap();
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        let variables = [
            ("PATH", path.to_owned()),
            ("HOME", text(base.join("home"))),
            ("GIT_CONFIG_GLOBAL", text(base.join("gitconfig"))),
            ("GIT_CONFIG_NOSYSTEM", "1".into()),
            ("GUARD_LOG", text(base.join("log"))),
            ("GIT_AUTHOR_NAME", "A".into()),
            ("GIT_AUTHOR_EMAIL", "a@example.com".into()),
            ("GIT_COMMITTER_NAME", "A".into()),
            ("GIT_COMMITTER_EMAIL", "a@example.com".into()),
        ];
        Self {
            top: base.join("repo"),
            variables: variables.map(|(name, value)| (name.into(), value)).into(),
            folder,
        }
    }

    pub(super) fn base(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    pub(super) fn guard(&self) -> PathBuf {
        self.base().join("bin/guard")
    }

    /// As a line in a tracked file needs it, which names no path.
    pub(super) fn put_guard_on_path(&mut self) {
        let bin = self.base().join("bin");
        let path = &mut self.variables[0].1;
        *path = format!("{}:{path}", bin.to_str().unwrap());
    }

    pub(super) fn environment(&self) -> Environment {
        Environment::of(&self.top, self.variables.clone())
    }

    /// Runs a program in the work tree.
    pub(super) fn run(
        &self,
        program: &str,
        arguments: &[&str],
        extra: &[(&str, &str)],
    ) -> Captured {
        let environment = self.environment();
        let mut script = Script::new("/usr/bin/env", &self.top, &environment)
            .args([program])
            .args(arguments.iter().copied());
        for (name, value) in extra {
            script = script.set(name, *value);
        }
        script.capture(Duration::from_mins(1)).unwrap()
    }

    /// Runs git, which must succeed.
    pub(super) fn git(&self, arguments: &[&str]) -> String {
        let captured = self.run("git", arguments, &[]);
        let said = String::from_utf8_lossy(&captured.all()).into_owned();
        assert!(captured.end.unwrap().is_good(), "git {arguments:?}: {said}");
        String::from_utf8(captured.out).unwrap()
    }

    /// Makes one commit, without hooks.
    pub(super) fn commit(&self) {
        self.git(&["commit", "-q", "--no-verify", "--allow-empty", "-m", "x"]);
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.top.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes an executable hook.
    pub(super) fn hook(&self, path: &str, text: &str) {
        let path = self.top.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_script(&path, text);
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.top.join(path)).unwrap()
    }

    pub(super) fn mode(&self, path: &str) -> u32 {
        let metadata = self.top.join(path).symlink_metadata().unwrap();
        metadata.permissions().mode() & 0o777
    }

    /// What the stand-in for guard was told, line by line.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.base().join("log")).unwrap_or_default()
    }

    pub(super) fn forget_log(&self) {
        drop(fs::remove_file(self.base().join("log")));
    }

    pub(super) fn install_as(&self, missing: Missing) -> Result<Vec<Done>, HookError> {
        let wanted = Install {
            binary: self.guard(),
            missing,
            names: HookName::ALL.into(),
        };
        install(&self.environment(), &wanted)
    }

    pub(super) fn install(&self) -> Vec<Done> {
        self.install_as(Missing::Block).unwrap()
    }

    /// Installs, and every hook must fire. Returns what was done, in words.
    pub(super) fn install_that_fires(&self) -> String {
        let done = self.install();
        for one in &done {
            assert_eq!(one.fires, Fires::Yes, "{one:?}");
        }
        told(&done)
    }

    pub(super) fn uninstall(&self) -> String {
        let removed: Vec<Removed> = uninstall(&self.environment()).unwrap();
        let lines: Vec<&str> = removed.iter().map(|one| one.what.as_str()).collect();
        lines.join("\n")
    }

    /// Every file outside the object store with its mode and bytes, to see what changed.
    pub(super) fn picture(&self) -> Vec<(String, u32, Vec<u8>)> {
        let mut all = Vec::new();
        walk(&self.top, &self.top, &mut all);
        all.sort();
        all
    }
}

pub(super) fn told(done: &[Done]) -> String {
    let lines: Vec<String> = done.iter().flat_map(|one| one.what.clone()).collect();
    lines.join("\n")
}

fn walk(top: &Path, folder: &Path, all: &mut Vec<(String, u32, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let metadata = path.symlink_metadata().unwrap();
        let name = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
        let mode = metadata.permissions().mode();
        if metadata.is_symlink() {
            let target = fs::read_link(&path).unwrap();
            all.push((name, mode, target.to_str().unwrap().into()));
        } else if metadata.is_dir() {
            walk(top, &path, all);
        } else {
            all.push((name, mode, fs::read(&path).unwrap()));
        }
    }
}

/// A stand-in for the binary: answers probes as guard does, writes down what it was told, and
/// ends with `$GUARD_TEST_EXIT`.
pub(super) const GUARD: &str = r#"#!/bin/sh
if [ "$1" = --version ]; then echo 'guard (railguard) 0.1.0'; exit 0; fi
if [ -n "$GUARD_PROBE" ]; then echo "guard-probe $GUARD_PROBE $2"; exit 1; fi
{ echo "shim=$GUARD_SHIM"; for word in "$@"; do echo "<$word>"; done; } >>"$GUARD_LOG"
[ "$2" != pre-push ] || sed 's/^/in: /' >>"$GUARD_LOG"
exit "${GUARD_TEST_EXIT-0}"
"#;
