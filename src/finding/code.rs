//! Every finding code, with the text that `guard explain CODE` prints and the docs are made from.

mod env;
mod secrets;

pub use env::*;
pub use secrets::{SEC_RULE, secret_examples, secrets};

use super::Severity;

/// A kind of finding: a stable name and what there is to know about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// `AREA-NAME`. Never reused.
    pub id: &'static str,
    /// How grave it is unless the configuration says otherwise.
    pub severity: Severity,
    /// What it is, in one line.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// The first version that says it.
    pub since: &'static str,
}

impl Code {
    /// The code of this name.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        let known = ALL.iter().find(|code| code.id == id);
        known.or_else(|| {
            let place = secrets().binary_search_by(|code| code.id.cmp(id)).ok()?;
            Some(&secrets()[place])
        })
    }

    /// Every code there is: those of the checks, then the kinds of secrets.
    pub fn every() -> impl Iterator<Item = &'static Self> {
        ALL.iter().chain(secrets())
    }
}

/// A team's command ended with a failure.
pub const CMD_FAILED: Code = Code {
    id: "CMD-FAILED",
    severity: Severity::Error,
    title: "a command of guard.yaml failed",
    why: "The command said no to the committed or pushed content. Its output stands in the report.",
    fix: "Read the command's output, mend the files, stage them and try again. \
          `guard run pre-commit --only ID` runs that command alone.",
    since: "0.1.0",
};

/// A team's command ran longer than it may.
pub const CMD_TIMEOUT: Code = Code {
    id: "CMD-TIMEOUT",
    severity: Severity::Error,
    title: "a command of guard.yaml ran out of time",
    why: "guard ended the command and every process that it had started. \
          What it would have said is not known, so it counts as failed.",
    fix: "Make the command faster, narrow its `files`, or raise its `timeout`.",
    since: "0.1.0",
};

/// A check-only command changed files.
pub const CMD_CHANGED_FILE: Code = Code {
    id: "CMD-CHANGED-FILE",
    severity: Severity::Error,
    title: "a check-only command changed a file",
    why: "A `run` command judges and must leave files alone: what it changed is not in the commit, \
          so the commit would not be what was judged.",
    fix: "Give `run` the tool's check mode (`--check`, `--no-write`) and put the rewriting form under `fix`.",
    since: "0.1.0",
};

/// Something about guard's own checkout is worth knowing.
pub const CHECKOUT_NOTE: Code = Code {
    id: "CHECKOUT-NOTE",
    severity: Severity::Info,
    title: "something about guard's own checkout is worth knowing",
    why: "Where the work tree is not what is judged, commands run in guard's own checkout. Some of what is \
          installed could not be brought there as it lies in the work tree.",
    fix: "Usually nothing. Where a command fails for that reason, install what it misses.",
    since: "0.1.0",
};

/// A fixer's edit was written back.
pub const FIX_APPLIED: Code = Code {
    id: "FIX-APPLIED",
    severity: Severity::Info,
    title: "a fix was written back",
    why: "The command's `fix` ran on the staged content. Its edit is in the index and, merged with \
          what was not staged, in the work tree.",
    fix: "Nothing to do. `git diff --cached` shows what is going to be committed.",
    since: "0.1.0",
};

/// A fixer changed something that is not written back.
pub const FIX_ASIDE: Code = Code {
    id: "FIX-ASIDE",
    severity: Severity::Info,
    title: "a fix changed more than the commit, and that was left alone",
    why: "Only the content of files in the change is written back: a fixer must not drag other files, \
          generated ones or deletions into a commit.",
    fix: "Run the fixer by hand where its other changes are wanted, and stage them.",
    since: "0.1.0",
};

/// A fixer's edit meets lines that are not staged.
pub const FIX_COLLIDES: Code = Code {
    id: "FIX-COLLIDES",
    severity: Severity::Error,
    title: "a fix meets lines that are not staged",
    why: "The fix of the staged content and the user's unstaged work change the same lines. guard never \
          chooses between them, so nothing was written.",
    fix: "Stage the rest of the file or set it aside, or run the fixer by hand, then try again.",
    since: "0.1.0",
};

/// A fix would leave nothing to commit.
pub const FIX_EMPTY: Code = Code {
    id: "FIX-EMPTY",
    severity: Severity::Error,
    title: "a fix would leave nothing to commit",
    why: "Everything that is staged is what the fixer takes back. An empty commit is rarely meant.",
    fix: "Look at what is staged. `empty_fix: allow` in guard.yaml lets such a commit become empty.",
    since: "0.1.0",
};

/// A fixer did not mend everything.
pub const FIX_LEFT: Code = Code {
    id: "FIX-LEFT",
    severity: Severity::Error,
    title: "a fix did not mend everything",
    why: "The command's `fix` ended with an exit code that says no. What it mended is written back; \
          what it could not mend is still there.",
    fix: "Read the command's output and mend the rest by hand. `guard run pre-commit` judges what is staged.",
    since: "0.1.0",
};

/// A file was saved while a fix was written back.
pub const FIX_SAVED: Code = Code {
    id: "FIX-SAVED",
    severity: Severity::Warning,
    title: "a file was saved while a fix was written back",
    why: "An editor or another program saved the file in the same moment. What was saved is kept; \
          the fix is in the commit, and may be missing in the work tree.",
    fix: "Look at `git diff` for the file, save what is meant, and stage it.",
    since: "0.1.0",
};

/// What is installed is not what the lock file asks for.
pub const DEPS_STALE: Code = Code {
    id: "DEPS-STALE",
    severity: Severity::Warning,
    title: "what is installed is not what the lock file asks for",
    why: "Commands that run in guard's own checkout use the packages that are installed in the work tree. \
          Where the judged lock file names other versions, production will not run what was tested.",
    fix: "Install what the lock file names (`npm ci`, `pnpm install --frozen-lockfile`, `uv sync`), then try again.",
    since: "0.1.0",
};

/// The base of the change could not be found, so every file counts as changed.
pub const GATE_ALL_FILES: Code = Code {
    id: "GATE-ALL-FILES",
    severity: Severity::Info,
    title: "no base was found, so all files are judged",
    why: "guard judges what changed since a base. Where no base can be found it judges everything: \
          slower, and never less than asked for.",
    fix: "In CI fetch enough history (`fetch-depth: 0`), or name the base: `guard run ci --from REF`.",
    since: "0.1.0",
};

/// git's pre-push input held a line that is not a ref update.
pub const HOOK_LINE: Code = Code {
    id: "HOOK-LINE",
    severity: Severity::Warning,
    title: "a line of git's pre-push input could not be read",
    why: "git writes one line a ref: local name, local object, remote name, remote object. \
          The other lines were judged; what this one meant is not known.",
    fix: "If a hook manager or script stands between git and guard, let it pass git's lines unchanged.",
    since: "0.1.0",
};

/// Checks were skipped or switched off.
pub const GATE_BYPASS: Code = Code {
    id: "GATE-BYPASS",
    severity: Severity::Info,
    title: "checks were bypassed",
    why: "`GUARD=0`, `GUARD_SKIP` and `--skip` let a change pass unjudged. That is allowed, and it is said: \
          bypasses since the last push are shown at the next one.",
    fix: "Run what was skipped: `guard run pre-push`, or leave it to `guard run ci`, which judges again.",
    since: "0.1.0",
};

/// guard itself went wrong.
pub const GUARD_BUG: Code = Code {
    id: "GUARD-BUG",
    // Not an error of the user's files: the verdict is unknown, and the exit code says the rest.
    severity: Severity::Warning,
    title: "guard itself went wrong",
    why: "A step ended in a way that guard's authors held to be impossible. What it judged is unknown; \
          the other steps were judged.",
    fix: "Please report it with the message and `guard --version`. `--skip ID` lets the others run without it.",
    since: "0.1.0",
};

/// A linter broke a rule.
pub const LINT_RULE: Code = Code {
    id: "LINT-RULE",
    severity: Severity::Error,
    title: "a linter found something",
    why: "The project's own linter says that this code breaks one of its rules. The message names the tool and \
          the rule; guard only ran it on what is judged.",
    fix: "Mend the line, or change the rule in the linter's own configuration. Where the tool can repair it, \
          `guard fix` does.",
    since: "0.1.0",
};

/// A file is not formatted as the project wants it.
pub const FORMAT_DIFFERS: Code = Code {
    id: "FORMAT-DIFFERS",
    severity: Severity::Error,
    title: "a file is not formatted",
    why: "The project has a formatter, and this file is not as it would write it. The next person who saves it \
          gets a change that is none.",
    fix: "`guard fix` lets the formatter write the file and stages it.",
    since: "0.1.0",
};

/// A type checker found an error.
pub const TYPES_ERROR: Code = Code {
    id: "TYPES-ERROR",
    severity: Severity::Error,
    title: "a type checker found an error",
    why: "The types do not fit together as the commit stands: the build fails later, or production does.",
    fix: "Mend the place that the message names. The whole project was checked, so the cause may be in another file.",
    since: "0.1.0",
};

/// A build failed.
pub const BUILD_FAILED: Code = Code {
    id: "BUILD-FAILED",
    severity: Severity::Error,
    title: "the build failed",
    why: "What is pushed does not build here, so it will not build on Railway either. Its output stands in the report.",
    fix: "Read the output's end, mend what it names and try again.",
    since: "0.1.0",
};

/// A test failed.
pub const TESTS_FAILED: Code = Code {
    id: "TESTS-FAILED",
    severity: Severity::Error,
    title: "a test failed",
    why: "The package that the change touches has tests, and one of them says no to the pushed commit.",
    fix: "Run the test alone with the project's own runner, mend it or the code, and push again.",
    since: "0.1.0",
};

/// Tests reach too little of the code.
pub const COVERAGE_LOW: Code = Code {
    id: "COVERAGE-LOW",
    severity: Severity::Error,
    title: "tests reach less of the code than the team asks for",
    why: "`checks.coverage.min` in guard.yaml says how much of the code tests must reach. What no test runs breaks \
          unseen.",
    fix: "Add tests for the files that the message names, or lower `checks.coverage.min` with a reason.",
    since: "0.1.0",
};

/// Files with secrets would not be ignored by git.
pub const ENV_NOT_IGNORED: Code = Code {
    id: "ENV-NOT-IGNORED",
    severity: Severity::Error,
    title: "git does not ignore env files",
    why: "`.env` files hold what must not leave the machine. One `git add .` commits them where .gitignore does not \
          cover them, and what was pushed once must be rotated.",
    fix: "`guard fix` adds the missing lines to .gitignore.",
    since: "0.1.0",
};

/// An env file is tracked.
pub const ENV_TRACKED: Code = Code {
    id: "ENV-TRACKED",
    severity: Severity::Error,
    title: "an env file is in the commit",
    why: "Whoever can read the repository can read the file, also after it was deleted: it stays in the history.",
    fix: "`git rm --cached FILE`, add it to .gitignore, and change every secret that was in it. An example belongs \
          in `.env.example`.",
    since: "0.1.0",
};

/// A change lets pass what was told before.
pub const GATE_LOOSENED: Code = Code {
    id: "GATE-LOOSENED",
    severity: Severity::Warning,
    title: "a change lets pass what was told before",
    why: "A baseline, an ignore file or a comment that allows something is part of the gate. Loosened in passing, \
          it hides what everybody relies on being told.",
    fix: "Look whether it is meant, and say why in the commit message; otherwise take it out of the change.",
    since: "0.1.0",
};

/// Every code, by name.
pub static ALL: &[Code] = &[
    BUILD_FAILED,
    CHECKOUT_NOTE,
    CMD_CHANGED_FILE,
    CMD_FAILED,
    CMD_TIMEOUT,
    COVERAGE_LOW,
    DEPS_STALE,
    ENV_BLANKS,
    ENV_BOOLEAN,
    ENV_CLIENT,
    ENV_CORS,
    ENV_DEBUG,
    ENV_DEPRECATED,
    ENV_DUPLICATE,
    ENV_DYNAMIC,
    ENV_ENCODING,
    ENV_ENUM,
    ENV_EXAMPLE,
    ENV_KEY,
    ENV_LINE_ENDS,
    ENV_LIVE_KEY,
    ENV_LOCALHOST,
    ENV_MISSING,
    ENV_NO_VALUE,
    ENV_NODE_ENV,
    ENV_NOT_IGNORED,
    ENV_PLACEHOLDER,
    ENV_PORTABILITY,
    ENV_PRECISION,
    ENV_PUBLIC_NAME,
    ENV_PUBLIC_SECRET,
    ENV_RANGE,
    ENV_REFERENCE,
    ENV_RULE,
    ENV_SHAPE,
    ENV_STAGING_HOST,
    ENV_SYNTAX,
    ENV_TEST_KEY,
    ENV_TRACKED,
    ENV_TYPE,
    ENV_UNDECLARED,
    ENV_UNKNOWN,
    ENV_UNREAD,
    ENV_UNREADABLE,
    ENV_UNUSED,
    FIX_APPLIED,
    FIX_ASIDE,
    FIX_COLLIDES,
    FIX_EMPTY,
    FIX_LEFT,
    FIX_SAVED,
    FORMAT_DIFFERS,
    GATE_ALL_FILES,
    GATE_BYPASS,
    GATE_LOOSENED,
    GUARD_BUG,
    HOOK_LINE,
    LINT_RULE,
    TESTS_FAILED,
    TYPES_ERROR,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_without_doubles_and_speaks() {
        assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id));
        for code in ALL {
            assert!(code.id.contains('-') && code.id == code.id.to_uppercase());
            for text in [code.title, code.why, code.fix, code.since] {
                assert!(
                    !text.is_empty() && !text.contains('!'),
                    "{}: {text}",
                    code.id
                );
            }
        }
    }
}
