//! The proof: git itself runs the hook, and guard at its other end answers with a number that only
//! this install knows.
//!
//! Nothing else may run meanwhile, and nothing of the user's may move. So guard's answer is a
//! failure, which ends a script; the other jobs of a manager are named as skipped; and where a
//! manager would first put unstaged work aside, nothing is tried.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::{HookError, plain};
use super::files::nonce;
use super::git::Git;
use super::place::Place;
use super::plan::{Caller, Planned};
use super::shell::is_first;
use super::{Fires, HookName, lefthook, pre_commit};
use crate::environment::Environment;
use crate::exit::Exit;
use crate::process::script::{Captured, End, Script};

/// The question.
const PROBE: &str = "GUARD_PROBE";
/// A proof that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(30);
/// The first git that has `git hook run`, and the first whose `git hook run` takes standard input.
const HOOK_RUN: (u32, u32) = (2, 36);
const TO_STDIN: (u32, u32) = (2, 40);

/// How guard ends after answering a probe: a failure, so that nothing after it runs, and so that
/// a probe variable left in an environment by mistake lets nothing pass.
pub const PROBE_EXIT: Exit = Exit::Blocked;

/// What to print on standard output instead of judging, where this call is only a probe.
pub fn probe_answer(environment: &Environment, name: HookName) -> Option<String> {
    let nonce = environment.os(PROBE)?.to_string_lossy();
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    if nonce.is_empty() || nonce.len() > 64 || !nonce.bytes().all(plain) {
        return Some(format!("guard-probe ? {name}"));
    }
    Some(format!("guard-probe {nonce} {name}"))
}

/// Runs the hook through git.
pub(crate) fn prove(git: &Git<'_>, place: &Place, planned: &Planned) -> Result<Fires, HookError> {
    prove_within(PATIENCE, git, place, planned)
}

/// The same with less patience: where that runs out, nothing is proven.
pub(crate) fn prove_within(
    patience: Duration,
    git: &Git<'_>,
    place: &Place,
    planned: &Planned,
) -> Result<Fires, HookError> {
    let version = git.version()?;
    if version.is_none_or(|version| version < HOOK_RUN) {
        return Ok(Fires::Unproven(format!(
            "this git cannot run a hook by itself (2.36 can): \
             try it with `{PROBE}=1 git commit`, which must say `guard-probe`",
        )));
    }
    let name = planned.name;
    let trial = Trial {
        git,
        place,
        name,
        nonce: nonce(),
        takes_input: version >= Some(TO_STDIN),
        patience,
    };
    match &planned.caller {
        Caller::Shim => trial.plainly(),
        Caller::Script(file) => trial.script(file),
        Caller::Lefthook(file) => trial.lefthook(file),
        Caller::PreCommit(file) => trial.pre_commit(file),
        // Nothing was written, so nothing calls guard.
        Caller::ByHand(what) => Ok(Fires::No(what.clone())),
    }
}

struct Trial<'a> {
    git: &'a Git<'a>,
    place: &'a Place,
    name: HookName,
    nonce: String,
    takes_input: bool,
    patience: Duration,
}

impl Trial<'_> {
    fn plainly(&self) -> Result<Fires, HookError> {
        self.judge(&self.call(&["hook", "run", self.name.word()]))
    }

    fn script(&self, file: &Path) -> Result<Fires, HookError> {
        let script = fs::read(file).map_err(HookError::file("read", file))?;
        if !is_first(&script, self.name) {
            return Ok(unproven(
                "something else comes before guard's line, and would run",
                &self.by_hand(),
            ));
        }
        self.plainly()
    }

    fn lefthook(&self, file: &Path) -> Result<Fires, HookError> {
        let text = fs::read_to_string(file).map_err(HookError::file("read", file))?;
        let Some(others) = lefthook::others(&text, self.name) else {
            return Ok(unproven(
                "lefthook cannot be told to leave out jobs without a name, or from other files",
                &self.by_hand(),
            ));
        };
        if self.name == HookName::PreCommit && self.moves_partly_staged()? {
            return Ok(unproven(
                "lefthook would first put aside what is only partly staged",
                "commit or stash it, then `guard install` again",
            ));
        }
        let call = self
            .call(&["hook", "run", self.name.word()])
            .set("LEFTHOOK_EXCLUDE", others.join(","))
            // Otherwise the answer may be among what the configuration does not show.
            .set("LEFTHOOK_OUTPUT", "execution");
        self.judge(&call)
    }

    fn pre_commit(&self, file: &Path) -> Result<Fires, HookError> {
        let text = fs::read_to_string(file).map_err(HookError::file("read", file))?;
        let others = pre_commit::others(&text).unwrap_or_default();
        let shown = self.place.shown(file);
        if self.unstaged(&["--", ".", &format!(":(exclude,top,literal){shown}")])? {
            return Ok(unproven(
                "pre-commit and prek would first put unstaged changes aside",
                "commit or stash them, then `guard install` again",
            ));
        }
        let aside = Aside::make(self.place, &self.nonce)?;
        let mut call = self.call(&["hook", "run"]);
        if self.unstaged(&["--", &shown])? {
            // Both refuse to run while their configuration is not staged, and guard has just
            // changed it. So they see a copy of the index in which it is.
            call = self.with_copied_index(call, &aside, &shown)?;
        }
        if self.name == HookName::PrePush {
            let Some(input) = self.pushed_head(&aside)? else {
                return Ok(unproven(
                    "there is no commit yet that could be pushed, or git is older than 2.40",
                    &self.by_hand(),
                ));
            };
            call = call.args([
                input.as_str(),
                self.name.word(),
                "--",
                "origin",
                "guard-probe",
            ]);
        } else {
            call = call.args([self.name.word()]);
        }
        let skip = others.join(",");
        self.judge(&call.set("SKIP", skip.clone()).set("PREK_SKIP", skip))
    }

    /// The call of git that runs the hook, as a commit or push would run it.
    fn call(&self, arguments: &[&str]) -> Script<'_> {
        let mut call = self.git.call(arguments).set(PROBE, &self.nonce);
        for name in ["GUARD", "GUARD_CHAIN", "GUARD_SHIM"] {
            call = call.unset(name);
        }
        call
    }

    fn judge(&self, call: &Script<'_>) -> Result<Fires, HookError> {
        let captured = call
            .capture(self.patience)
            .map_err(|error| HookError::Git {
                question: format!("hook run {}", self.name),
                said: error.to_string(),
            })?;
        let answer = format!("guard-probe {} {}", self.nonce, self.name);
        let said = String::from_utf8_lossy(&captured.all()).into_owned();
        if said.lines().any(|line| line.trim() == answer) {
            return Ok(Fires::Yes);
        }
        if captured.end.is_none() && self.patience < PATIENCE {
            let waited = self.patience.as_secs_f32();
            return Ok(unproven(
                &format!("the hook gave no answer within {waited}s"),
                &self.by_hand(),
            ));
        }
        Ok(Fires::No(why(&captured, &said)))
    }

    /// Whether a file is staged and changed again.
    fn moves_partly_staged(&self) -> Result<bool, HookError> {
        let names = |question: &[&str]| -> Result<Vec<Vec<u8>>, HookError> {
            let answer = self.git.ask(question)?;
            Ok(answer
                .split(|byte| *byte == 0)
                .filter(|name| !name.is_empty())
                .map(<[u8]>::to_vec)
                .collect())
        };
        let unstaged = names(&["diff", "--no-ext-diff", "--name-only", "-z"])?;
        let staged = names(&["diff", "--no-ext-diff", "--cached", "--name-only", "-z"])?;
        Ok(unstaged.iter().any(|name| staged.contains(name)))
    }

    fn unstaged(&self, paths: &[&str]) -> Result<bool, HookError> {
        let mut question = vec!["diff", "--no-ext-diff", "--no-textconv", "--quiet"];
        question.extend_from_slice(paths);
        let captured = self.git.try_ask(&question)?;
        Ok(captured.end != Some(End::Code(0)))
    }

    fn with_copied_index<'s>(
        &self,
        call: Script<'s>,
        aside: &Aside,
        file: &str,
    ) -> Result<Script<'s>, HookError> {
        let index =
            self.place
                .top
                .join(self.git.ask_path(&["rev-parse", "--git-path", "index"])?);
        let copy = aside.folder.join("index");
        if index.exists() {
            fs::copy(&index, &copy).map_err(HookError::file("copy", &index))?;
        }
        let objects = self.git.ask_path(&["rev-parse", "--git-path", "objects"])?;
        let objects = self.place.top.join(objects);
        let redirected = [
            ("GIT_INDEX_FILE", &copy),
            ("GIT_OBJECT_DIRECTORY", &aside.folder),
            ("GIT_ALTERNATE_OBJECT_DIRECTORIES", &objects),
        ];
        let add = self.git.call(&["add", "--", file]);
        let added = redirect(add, &redirected)
            .capture(PATIENCE)
            .map_err(HookError::file(
                "copy the index with",
                &self.place.top.join(file),
            ))?;
        if added.end != Some(End::Code(0)) {
            return Err(HookError::Git {
                question: "add".into(),
                said: super::git::said(&added),
            });
        }
        Ok(redirect(call, &redirected))
    }

    /// A push of HEAD onto itself: a ref to judge, and nothing in it.
    fn pushed_head(&self, aside: &Aside) -> Result<Option<String>, HookError> {
        let head = self
            .git
            .try_ask(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])?;
        if head.end != Some(End::Code(0)) || !self.takes_input {
            return Ok(None);
        }
        let head = String::from_utf8_lossy(&head.out).trim().to_owned();
        let file = aside.folder.join("refs");
        let line = format!("HEAD {head} refs/heads/guard-probe {head}\n");
        fs::write(&file, line).map_err(HookError::file("write", &file))?;
        Ok(file.to_str().map(|file| format!("--to-stdin={file}")))
    }

    fn by_hand(&self) -> String {
        let action = match self.name {
            HookName::PreCommit => "git commit",
            HookName::PrePush => "git push",
        };
        format!("`{PROBE}=1 {action}` must say `guard-probe`; it neither commits nor pushes")
    }
}

fn redirect<'s>(call: Script<'s>, variables: &[(&str, &PathBuf)]) -> Script<'s> {
    variables
        .iter()
        .fold(call, |call, (name, value)| call.set(name, *value))
}

fn unproven(why: &str, remedy: &str) -> Fires {
    Fires::Unproven(format!("{why}: {remedy}"))
}

/// Why guard did not answer.
fn why(captured: &Captured, said: &str) -> String {
    let Some(end) = captured.end else {
        return format!("the hook gave no answer within {}s", PATIENCE.as_secs());
    };
    if said.contains("cannot find a hook named") {
        return "git finds no hook there that it may run: is the file executable, \
                and does its file system let files be executed?"
            .into();
    }
    let line = said.lines().rev().find(|line| !line.trim().is_empty());
    match line {
        Some(line) => format!(
            "the hook ran (exit code {}), but guard did not answer; it said: {}",
            end.code(),
            plain(line)
        ),
        None => format!(
            "the hook ran (exit code {}), but guard did not answer",
            end.code()
        ),
    }
}

/// A folder of guard's own in git's folder, gone with this value.
struct Aside {
    folder: PathBuf,
}

impl Aside {
    fn make(place: &Place, nonce: &str) -> Result<Self, HookError> {
        let folder = place
            .common_dir
            .join("guard")
            .join(format!("probe-{nonce}"));
        fs::create_dir_all(&folder).map_err(HookError::file("make", &folder))?;
        Ok(Self { folder })
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
        // Made for this folder alone, or not empty.
        let _ = self.folder.parent().map(fs::remove_dir);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probe_is_answered_and_a_strange_one_lets_nothing_pass() {
        let of =
            |value: &str| probe_answer(&Environment::of("/", [(PROBE, value)]), HookName::PrePush);
        assert_eq!(of("a1"), Some("guard-probe a1 pre-push".into()));
        for strange in ["", "a b", "\u{1b}[2J", &"a".repeat(65)] {
            assert_eq!(of(strange), Some("guard-probe ? pre-push".into()));
        }
        assert_eq!(
            probe_answer(&Environment::of("/", [("A", "")]), HookName::PrePush),
            None
        );
        assert_ne!(PROBE_EXIT.code(), 0);
    }
}
