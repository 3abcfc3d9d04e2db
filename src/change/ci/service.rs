//! What CI services say about the change in their variables.

use std::fs::File;
use std::io::Read;

use serde_json::Value;

use crate::environment::Environment;
use crate::repository::Id;

/// A base that a service names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// A commit, and the variable that names it.
    Commit(Id, &'static str),
    /// A branch into which the change is to go, and the variable that names it.
    Branch(String, &'static str),
    /// A merge that the service made: its first parent is what the change goes into.
    Merge(Id),
}

impl Hint {
    /// The base in words.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Commit(id, from) => format!("{} ({from})", id.short()),
            Self::Branch(branch, from) => format!("`{branch}` ({from})"),
            Self::Merge(id) => format!("the first parent of the merge {}", id.short()),
        }
    }
}

/// A GitHub event is a few hundred kilobytes at most.
const EVENT_LIMIT: u64 = 16 << 20;

/// Variables that name the branch into which a pull request is to go.
const TARGETS: [&str; 10] = [
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "CHANGE_TARGET",
    "DRONE_TARGET_BRANCH",
    "CI_COMMIT_TARGET_BRANCH",
    "TRAVIS_BRANCH",
];

/// Variables that name the commit from which a pull request or a push goes on.
const COMMITS: [&str; 6] = [
    "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    "CI_COMMIT_BEFORE_SHA",
    "BITBUCKET_PR_DESTINATION_COMMIT",
    "DRONE_COMMIT_BEFORE",
    "CI_PREV_COMMIT_SHA",
    "GIT_PREVIOUS_SUCCESSFUL_COMMIT",
];

/// Variables that name the repository's default branch.
const DEFAULTS: [&str; 3] = [
    "CI_DEFAULT_BRANCH",
    "BUILDKITE_PIPELINE_DEFAULT_BRANCH",
    "DRONE_REPO_BRANCH",
];

/// The bases that the service names, the most exact first.
pub(super) fn hints(environment: &Environment) -> Vec<Hint> {
    let event = github_event(environment);
    let said = |path: &str| event.as_ref().and_then(|e| e.pointer(path)?.as_str());
    let variable = |name: &'static str| commit(environment.filled(name), name);
    let travis = environment.filled("TRAVIS_COMMIT_RANGE");
    let travis = travis
        .and_then(|range| range.split_once(".."))
        .map(|(start, _)| start);

    let exact = [
        variable(COMMITS[0]),
        commit(
            said("/merge_group/base_sha"),
            "merge_group.base_sha of GITHUB_EVENT_PATH",
        ),
    ];
    let branches = TARGETS
        .iter()
        .filter(|name| is_about_a_pull_request(environment, name))
        .map(|name| Some(Hint::Branch(environment.filled(name)?.to_owned(), name)));
    // The event of a pull request says `before` too, and means its last push: less than all of it.
    let is_pull = event
        .as_ref()
        .is_some_and(|e| e.get("pull_request").is_some());
    let told = [
        github_merge(environment),
        commit(
            said("/pull_request/base/sha"),
            "pull_request.base.sha of GITHUB_EVENT_PATH",
        ),
        commit(said("/before"), "before of GITHUB_EVENT_PATH").filter(|_| !is_pull),
    ];
    let commits = COMMITS[1..].iter().map(|name| variable(name));
    let all = exact.into_iter().chain(branches).chain(told).chain(commits);
    all.chain([commit(travis, "TRAVIS_COMMIT_RANGE")])
        .flatten()
        .collect()
}

/// What GitHub checks out for a pull request: the branch merged into its target.
fn github_merge(environment: &Environment) -> Option<Hint> {
    let name = environment.filled("GITHUB_REF")?;
    let is_merge = name.starts_with("refs/pull/") && name.ends_with("/merge");
    let merge = environment.filled("GITHUB_SHA").and_then(Id::parse);
    merge.filter(|_| is_merge).map(Hint::Merge)
}

/// How more of the history is fetched, in the words of the service.
pub(super) fn deeper(environment: &Environment) -> &'static str {
    let is = |name: &str| environment.filled(name).is_some();
    if is("GITHUB_ACTIONS") {
        "`fetch-depth: 0` of actions/checkout"
    } else if is("GITLAB_CI") {
        "`GIT_DEPTH: \"0\"` in the job's variables"
    } else if is("CIRCLECI") {
        "`method: full` of the checkout step"
    } else {
        "`git fetch --unshallow`"
    }
}

/// A commit that a service names; zeros say that there was nothing before.
fn commit(text: Option<&str>, from: &'static str) -> Option<Hint> {
    let id = text.and_then(Id::parse).filter(|id| !id.is_zero())?;
    Some(Hint::Commit(id, from))
}

/// The default branch, where the service names it.
pub(super) fn default_branch(environment: &Environment) -> Option<&str> {
    DEFAULTS.iter().find_map(|name| environment.filled(name))
}

/// Some services set the target's variable for plain pushes too: to the pushed branch itself.
fn is_about_a_pull_request(environment: &Environment, name: &str) -> bool {
    let number = match name {
        "TRAVIS_BRANCH" => "TRAVIS_PULL_REQUEST",
        "DRONE_TARGET_BRANCH" => "DRONE_PULL_REQUEST",
        "CI_COMMIT_TARGET_BRANCH" => "CI_COMMIT_PULL_REQUEST",
        _ => return true,
    };
    environment
        .filled(number)
        .is_some_and(|number| number != "false")
}

fn github_event(environment: &Environment) -> Option<Value> {
    let path = environment.os("GITHUB_EVENT_PATH")?;
    let mut text = Vec::new();
    let file = File::open(path).ok()?;
    file.take(EVENT_LIMIT).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(digit: &str) -> Id {
        Id::parse(digit.repeat(40)).unwrap()
    }

    fn of(variables: &[(&str, &str)]) -> Vec<Hint> {
        hints(&Environment::of("/", variables.iter().copied()))
    }

    #[test]
    fn a_github_pull_request_names_its_branch_and_a_push_what_was_before() {
        let folder = tempfile::tempdir().unwrap();
        let event = folder.path().join("event.json");
        let path = event.to_str().unwrap();
        let text = format!(r#"{{"pull_request":{{"base":{{"sha":"{}"}}}}}}"#, id("a"));
        std::fs::write(&event, text).unwrap();
        assert_eq!(
            of(&[("GITHUB_BASE_REF", "main"), ("GITHUB_EVENT_PATH", path)]),
            [
                Hint::Branch("main".to_owned(), "GITHUB_BASE_REF"),
                Hint::Commit(id("a"), "pull_request.base.sha of GITHUB_EVENT_PATH"),
            ]
        );
        std::fs::write(&event, format!(r#"{{"before":"{}"}}"#, id("b"))).unwrap();
        assert_eq!(
            of(&[("GITHUB_BASE_REF", ""), ("GITHUB_EVENT_PATH", path)]),
            [Hint::Commit(id("b"), "before of GITHUB_EVENT_PATH")]
        );
        for nothing in [
            &format!(r#"{{"before":"{}"}}"#, id("0")),
            "[",
            "{\"before\":1}",
            "",
        ] {
            std::fs::write(&event, nothing).unwrap();
            assert_eq!(of(&[("GITHUB_EVENT_PATH", path)]), [], "{nothing}");
        }
    }

    #[test]
    fn a_push_at_travis_or_drone_is_no_pull_request() {
        let push = [("TRAVIS_BRANCH", "main"), ("TRAVIS_PULL_REQUEST", "false")];
        assert_eq!(of(&push), []);
        let pull = [("DRONE_TARGET_BRANCH", "main"), ("DRONE_PULL_REQUEST", "7")];
        assert_eq!(
            of(&pull),
            [Hint::Branch("main".to_owned(), "DRONE_TARGET_BRANCH")]
        );
    }

    #[test]
    fn gitlab_names_the_exact_base_of_a_merge_request() {
        let base = id("c").to_string();
        let hints = of(&[
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
            ("CI_COMMIT_BEFORE_SHA", &id("0").to_string()),
        ]);
        assert_eq!(
            hints[0],
            Hint::Commit(id("c"), "CI_MERGE_REQUEST_DIFF_BASE_SHA")
        );
        assert_eq!(hints.len(), 2);
    }
}
