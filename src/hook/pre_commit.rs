//! guard as one local hook in .pre-commit-config.yaml, which pre-commit and prek read.
//!
//! Both give their hooks no standard input; what git said stands in variables, for one ref only.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::shell::{Joined, MARK, insert, is_ours};
use super::yaml::{first_busy, lines, parse};
use super::{HookName, Missing};
use crate::environment::Environment;

const FILES: [&str; 2] = [".pre-commit-config.yaml", ".pre-commit-config.yml"];

/// The configuration below `top`, relative to it.
pub(crate) fn config(top: &Path) -> Option<PathBuf> {
    FILES
        .into_iter()
        .map(PathBuf::from)
        .find(|file| top.join(file).symlink_metadata().is_ok())
}

/// The line under `repos:`.
pub(crate) fn line(name: HookName, missing: Missing) -> String {
    let entry = entry(name, missing);
    format!(
        "- {{ repo: local, hooks: [{{ id: guard, name: guard, entry: \"{entry}\", language: system, \
         always_run: true, pass_filenames: false, stages: [{name}] }}] }}{MARK}"
    )
}

fn entry(name: HookName, missing: Missing) -> String {
    let call = format!("guard hook {name} --");
    match missing {
        Missing::Block => call,
        Missing::Warn => format!(
            "sh -c 'command -v guard >/dev/null || {{ echo guard: no guard binary was found; exit 0; }}; {call}'"
        ),
    }
}

/// Adds the hook to a configuration.
pub(crate) fn join(text: &str, name: HookName, missing: Missing) -> Joined {
    if text.lines().any(|line| is_ours(line, name)) {
        return Joined::Already;
    }
    let Some(mut wanted) = parse(text) else {
        return Joined::Cannot("it is not valid YAML");
    };
    let all = lines(text);
    let opening = all
        .iter()
        .position(|line| line.indent() == 0 && line.opens("repos"));
    let (Some(opening), Some(repos)) = (
        opening,
        wanted.get_mut("repos").and_then(Value::as_array_mut),
    ) else {
        return Joined::Cannot("it has no list `repos:` with an entry on each line");
    };
    repos.insert(0, meaning(name, missing));
    let below = &all[opening + 1..];
    let indent = first_busy(below).map_or(0, |first| below[first].indent());
    let line = format!("{}{}", " ".repeat(indent), line(name, missing));
    let new = insert(text, all[opening].end, &line);
    if parse(&new) == Some(wanted) {
        Joined::New(new.into_bytes())
    } else {
        Joined::Cannot("its layout is one that guard does not write into")
    }
}

fn meaning(name: HookName, missing: Missing) -> Value {
    json!({ "repo": "local", "hooks": [{
        "id": "guard", "name": "guard", "entry": entry(name, missing), "language": "system",
        "always_run": true, "pass_filenames": false, "stages": [name.word()],
    }] })
}

/// What `SKIP` must name so that only guard's hook runs.
pub(crate) fn others(text: &str) -> Option<Vec<String>> {
    let config = parse(text)?;
    let mut ids = Vec::new();
    for repo in config["repos"].as_array()? {
        for hook in repo["hooks"].as_array().into_iter().flatten() {
            for key in ["id", "alias"] {
                ids.extend(hook[key].as_str().map(str::to_owned));
            }
        }
    }
    ids.retain(|id| id != "guard");
    Some(ids)
}

/// The line that git would have written, from what pre-commit and prek put into variables; `None`
/// when neither called. `resolve` gives the object of a local ref: where a whole new history is
/// pushed they name no object at all.
pub fn lines_from_pre_commit(
    environment: &Environment,
    resolve: impl Fn(&str) -> Option<String>,
) -> Option<Vec<u8>> {
    let filled = |name: &str| environment.filled(name);
    filled("PRE_COMMIT")?;
    let (local, remote) = (
        filled("PRE_COMMIT_LOCAL_BRANCH")?,
        filled("PRE_COMMIT_REMOTE_BRANCH")?,
    );
    let to = match filled("PRE_COMMIT_TO_REF") {
        Some(to) => to.to_owned(),
        // Left empty where it cannot be resolved either: a line that is told to be malformed is
        // better than a push that nobody judged.
        None => resolve(local).unwrap_or_else(|| "unknown".into()),
    };
    let none = "0".repeat(to.len().max(40));
    let from = filled("PRE_COMMIT_FROM_REF").unwrap_or(&none);
    let parts = [local, &to, remote, from];
    let clean = parts.iter().all(|part| !part.contains(['\n', '\r', '\0']));
    clean.then(|| format!("{}\n", parts.join(" ")).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::shell::{Left, part};
    use super::*;

    #[test]
    fn the_hook_goes_first_and_comes_out_again() {
        for (text, indent) in [
            (
                "repos:\n- repo: https://example.com/a\n  rev: v1\n  hooks: [{ id: x }]\n",
                "",
            ),
            (
                "default_stages: [pre-push]\nrepos: # all\n  # Why.\n  - repo: meta\n    hooks:\n      - id: check-hooks-apply",
                "  ",
            ),
        ] {
            for name in HookName::ALL {
                for missing in [Missing::Block, Missing::Warn] {
                    let Joined::New(new) = join(text, name, missing) else {
                        panic!("{text}");
                    };
                    let new = String::from_utf8(new).unwrap();
                    assert!(
                        new.contains(&format!("\n{indent}{}\n", line(name, missing))),
                        "{new}"
                    );
                    assert_eq!(join(&new, name, missing), Joined::Already);
                    assert_eq!(
                        part(new.as_bytes(), name),
                        Left::Script(text.as_bytes().to_vec())
                    );
                }
            }
        }
    }

    #[test]
    fn a_layout_that_would_change_its_meaning_is_left() {
        for text in [
            "",
            "repos: []\n",
            "repos:\n",
            "repos: [{ repo: meta }]\n",
            "- a\n",
            "a: [\n",
        ] {
            assert!(
                matches!(
                    join(text, HookName::PrePush, Missing::Block),
                    Joined::Cannot(_)
                ),
                "{text}"
            );
        }
    }

    #[test]
    fn every_other_hook_is_named_for_the_proof() {
        let text = "repos:\n- repo: a\n  hooks: [{ id: x, alias: y }, { id: z }]\n- { repo: local, hooks: [{ id: guard }] }\n";
        assert_eq!(others(text), Some(vec!["x".into(), "y".into(), "z".into()]));
    }

    #[test]
    fn their_variables_become_gits_line() {
        let (one, two) = ("1".repeat(40), "2".repeat(40));
        let of = |from: Option<&str>, to: Option<&str>| {
            let mut environment = Environment::of("/", [("PRE_COMMIT", "1")]);
            environment.add("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/a");
            environment.add("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/b");
            for (name, value) in [("PRE_COMMIT_FROM_REF", from), ("PRE_COMMIT_TO_REF", to)] {
                if let Some(value) = value {
                    environment.add(name, value);
                }
            }
            let line = lines_from_pre_commit(&environment, |name| {
                (name == "refs/heads/a").then(|| "3".repeat(40))
            });
            line.map(|line| String::from_utf8(line).unwrap())
        };
        let zero = "0".repeat(40);
        assert_eq!(
            of(Some(&one), Some(&two)),
            Some(format!("refs/heads/a {two} refs/heads/b {one}\n"))
        );
        assert_eq!(
            of(None, Some(&two)),
            Some(format!("refs/heads/a {two} refs/heads/b {zero}\n"))
        );
        assert_eq!(
            of(None, None),
            Some(format!(
                "refs/heads/a {} refs/heads/b {zero}\n",
                "3".repeat(40)
            ))
        );
        let sha256 = "4".repeat(64);
        assert_eq!(
            of(None, Some(&sha256)),
            Some(format!(
                "refs/heads/a {sha256} refs/heads/b {}\n",
                "0".repeat(64)
            ))
        );
        assert_eq!(of(Some("a\nrefs/heads/x"), Some(&two)), None);
        assert_eq!(
            lines_from_pre_commit(&Environment::of("/", [("X", "")]), |_| None),
            None
        );
    }
}
