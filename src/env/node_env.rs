//! `NODE_ENV=production` in a file that is judged by no environment: it does not choose the rules.

use super::Subject;
use crate::finding::{Finding, code};

/// One note, where no environment was chosen.
pub(super) fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    if !subject.is_real() || subject.asked().environment.is_some() {
        return Vec::new();
    }
    let mut values = subject.values();
    let found = values.find(|(entry, value)| entry.key == "NODE_ENV" && *value == "production");
    let note = found.map(|(entry, _)| {
        subject.found(
            code::ENV_NODE_ENV,
            &Subject::at_value(entry),
            "`NODE_ENV` does not choose the rules: this file is judged by those that hold everywhere",
            "to judge it as production, name it `.env.production`, or say `--env production` or GUARD_ENV",
        )
    });
    note.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use crate::env::tests::{Case, told};

    #[test]
    fn who_relies_on_it_is_told_once() {
        for (path, text, expected) in [
            (
                ".env",
                "A=1\nNODE_ENV=production\n",
                "2:10 info ENV-NODE-ENV",
            ),
            (".env", "NODE_ENV=development\n", ""),
            (".env.production", "NODE_ENV=production\n", ""),
            (".env.example", "NODE_ENV=production\n", ""),
        ] {
            assert_eq!(
                told(&Case::of(path), text, "ENV-NODE-ENV"),
                expected,
                "{path}"
            );
        }
    }
}
