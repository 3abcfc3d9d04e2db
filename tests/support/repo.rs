//! A real git repository in a temporary folder, with a home of its own and a neutral configuration.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::binary::{Guard, scrub};

/// A repository that reads as a story: `Repo::new().write(..).commit(..)`.
pub(crate) struct Repo {
    folder: TempDir,
    /// The work tree.
    pub(crate) path: PathBuf,
}

impl Repo {
    /// An empty repository on branch `main`.
    pub(crate) fn new() -> Self {
        Self::with(&["init", "--quiet", "--initial-branch=main"])
    }

    /// A repository made by this git command, run in the new folder.
    pub(crate) fn with(init: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder
            .path()
            .canonicalize()
            .expect("the folder is there")
            .join("repo");
        fs::create_dir_all(path.join("../home")).expect("a home");
        fs::create_dir_all(&path).expect("a work tree");
        let repo = Self { folder, path };
        repo.git(init);
        repo
    }

    /// A folder beside the work tree.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder
            .path()
            .canonicalize()
            .expect("the folder is there")
            .join(name)
    }

    /// The home that git and guard see.
    pub(crate) fn home(&self) -> PathBuf {
        self.beside("home")
    }

    /// Writes a file in the work tree.
    pub(crate) fn write(&self, name: impl AsRef<OsStr>, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path.join(Path::new(name.as_ref()));
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder");
        fs::write(path, text).expect("the file can be written");
        self
    }

    /// Writes an executable script.
    pub(crate) fn script(&self, name: &str, text: &str) -> &Self {
        self.write(name, text);
        fs::set_permissions(self.path.join(name), fs::Permissions::from_mode(0o755))
            .expect("the mode can be set");
        self
    }

    /// Reads a file of the work tree.
    pub(crate) fn read(&self, name: impl AsRef<OsStr>) -> String {
        String::from_utf8_lossy(
            &fs::read(self.path.join(Path::new(name.as_ref()))).expect("the file is there"),
        )
        .into_owned()
    }

    /// Whether a file is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.path.join(name).symlink_metadata().is_ok()
    }

    /// Stages everything.
    pub(crate) fn stage(&self) -> &Self {
        self.git(&["add", "--all"]);
        self
    }

    /// Stages everything and commits it, past all hooks.
    pub(crate) fn commit(&self, message: &str) -> &Self {
        self.stage();
        self.git(&[
            "commit",
            "--quiet",
            "--no-verify",
            "--allow-empty",
            "-m",
            message,
        ]);
        self
    }

    /// A bare repository beside this one, as remote `name`.
    pub(crate) fn remote(&self, name: &str) -> PathBuf {
        let bare = self.beside(&format!("{name}.git"));
        self.git(&[
            "init",
            "--quiet",
            "--bare",
            "--initial-branch=main",
            bare.to_str().expect("text"),
        ]);
        self.git(&["remote", "add", name, bare.to_str().expect("text")]);
        bare
    }

    /// Runs git, which must succeed; its standard output, trimmed.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let output = self.try_git(args);
        assert!(
            output.status.success(),
            "git {args:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned()
    }

    /// Runs git, whatever comes of it.
    pub(crate) fn try_git(&self, args: &[&str]) -> Output {
        self.git_command(args).output().expect("git runs")
    }

    /// A git command in this repository, ready to be given more.
    pub(crate) fn git_command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        scrub(&mut command, &self.home());
        command
            .current_dir(&self.path)
            .args([
                "-c",
                "protocol.file.allow=always",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(args)
            .stdin(Stdio::null());
        command
    }

    /// The binary, called in this repository.
    pub(crate) fn guard(&self, args: &str) -> Guard {
        Guard::new(&self.path, &self.home()).args(args.split_whitespace())
    }

    /// A line for the shell in this repository, with this folder before all others on PATH.
    pub(crate) fn shell(&self, line: &str, programs: &Path) -> Command {
        let mut command = Command::new("sh");
        scrub(&mut command, &self.home());
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(programs.to_owned()).chain(std::env::split_paths(&path));
        command
            .env("PATH", std::env::join_paths(folders).expect("folders"))
            .current_dir(&self.path)
            .args(["-c", line])
            .stdin(Stdio::null());
        command
    }

    /// Installs the hooks, and insists that they fire.
    pub(crate) fn installed(&self) -> &Self {
        let ran = self.guard("install").run();
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        self
    }

    /// What the commands of a test wrote to `../log`; empty when they wrote nothing.
    pub(crate) fn logged(&self) -> String {
        fs::read_to_string(self.beside("log")).unwrap_or_default()
    }

    /// The same, and clears it.
    pub(crate) fn take_log(&self) -> String {
        let text = self.logged();
        let _ = fs::remove_file(self.beside("log"));
        text
    }

    /// The hash of a revision.
    pub(crate) fn id(&self, revision: &str) -> String {
        self.git(&["rev-parse", revision])
    }

    /// `git status --porcelain`, for before-and-after comparisons.
    pub(crate) fn status(&self) -> String {
        self.git(&["status", "--porcelain", "--untracked-files=all"])
    }
}
