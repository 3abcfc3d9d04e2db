//! Every exit code of guard: one number, one action for the caller, never reused.

use crate::outcome::Verdict;

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Good.
    Good,
    /// Findings block.
    Blocked,
    /// Wrong usage or wrong configuration.
    Usage,
    /// Could not find out. Never green.
    Unknown,
    /// Refused, nothing was changed.
    Refused,
    /// A bug in guard.
    Bug,
    /// Interrupted by Ctrl-C.
    Interrupted,
    /// Ended from outside: SIGTERM, or a closed terminal.
    Terminated,
    /// A foreign hook that guard keeps said no with this code, which is passed on.
    Foreign(u8),
}

/// Every exit code with its meaning, as `--help` prints it.
pub const TABLE: [(Exit, &str); 8] = [
    (Exit::Good, "good"),
    (Exit::Blocked, "findings block"),
    (Exit::Usage, "wrong usage or wrong configuration"),
    (Exit::Unknown, "could not find out (never green)"),
    (Exit::Refused, "refused, nothing was changed"),
    (Exit::Bug, "a bug in guard"),
    (Exit::Interrupted, "interrupted (Ctrl-C)"),
    (Exit::Terminated, "terminated, or the terminal closed"),
];

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Blocked => 1,
            Self::Usage => 2,
            Self::Unknown => 3,
            Self::Refused => 6,
            Self::Bug => 70,
            Self::Interrupted => 130,
            Self::Terminated => 143,
            Self::Foreign(code) => code,
        }
    }

    /// The exit that a verdict asks for. A bug and the kind of signal are not in the verdict:
    /// whoever knows them says so.
    pub fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Passed => Self::Good,
            Verdict::Failed => Self::Blocked,
            Verdict::Unknown => Self::Unknown,
            Verdict::Refused => Self::Refused,
            Verdict::Interrupted => Self::Interrupted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_is_used_twice() {
        let mut codes: Vec<u8> = TABLE.iter().map(|(exit, _)| exit.code()).collect();
        codes.dedup();
        assert_eq!(codes, [0, 1, 2, 3, 6, 70, 130, 143]);
    }
}
