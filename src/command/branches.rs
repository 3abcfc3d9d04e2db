//! On which branches a command runs.

use super::pattern::{PatternError, Patterns};

/// Why a command with these `branches` does not run here; `None` when it does.
///
/// `branch` is the short name of the branch, of the remote one at a push. A tag and a detached
/// HEAD have none, and so match no pattern.
pub fn skip_reason(
    branches: &[String],
    branch: Option<&str>,
) -> Result<Option<String>, PatternError> {
    if branches.is_empty() {
        return Ok(None);
    }
    let patterns = Patterns::of_names(branches)?;
    let list = branches.join(", ");
    Ok(match branch {
        None => Some(format!("not on a branch (branches: {list})")),
        Some(branch) if patterns.pick_name(branch) => None,
        Some(branch) => Some(format!("branch {branch} (branches: {list})")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs_on(patterns: &[&str], branch: &str) -> bool {
        let patterns: Vec<String> = patterns
            .iter()
            .map(|pattern| (*pattern).to_owned())
            .collect();
        skip_reason(&patterns, Some(branch)).unwrap().is_none()
    }

    #[test]
    fn a_pattern_means_the_whole_name() {
        assert!(runs_on(&[], "anything"));
        assert!(runs_on(&["main", "release/*"], "main"));
        assert!(runs_on(&["main", "release/*"], "release/1.2"));
        assert!(!runs_on(&["main", "release/*"], "feature/main"));
        assert!(!runs_on(&["main", "release/*"], "main/x"));
        assert!(!runs_on(&["main", "release/*"], "release/1/2"));
        assert!(runs_on(&["release/**"], "release/1/2"));
        assert!(!runs_on(&["release"], "release/1"));
        assert!(!runs_on(&["*"], "feature/x"));
        assert!(runs_on(&["**"], "feature/x"));
        assert!(runs_on(&["!wip/**"], "main"));
        assert!(!runs_on(&["!wip/**"], "wip/x"));
        assert!(runs_on(&["v[0-9]*"], "v2"));
        assert!(!runs_on(&["main"], ""));
    }

    #[test]
    fn the_reason_names_the_branch_and_the_patterns() {
        let patterns = ["main".to_owned(), "release/*".to_owned()];
        assert_eq!(
            skip_reason(&patterns, Some("dev")).unwrap().unwrap(),
            "branch dev (branches: main, release/*)"
        );
        assert_eq!(
            skip_reason(&patterns, None).unwrap().unwrap(),
            "not on a branch (branches: main, release/*)"
        );
    }
}
