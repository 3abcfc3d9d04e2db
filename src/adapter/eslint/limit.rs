//! How many warnings the team's own `lint` script lets pass: `eslint . --max-warnings 0`.

use serde_json::Value;

use crate::path::RepoPath;
use crate::project::{Project, up};

/// Options whose value is the next word.
const TAKING: [&str; 20] = [
    "--cache-file",
    "--cache-location",
    "--cache-strategy",
    "--concurrency",
    "--config",
    "--env",
    "--ext",
    "--format",
    "--global",
    "--ignore-path",
    "--ignore-pattern",
    "--output-file",
    "--parser",
    "--plugin",
    "--resolve-plugins-relative-to",
    "--rule",
    "--rulesdir",
    "-c",
    "-f",
    "-o",
];

/// What the script says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    /// The folder of its package.json.
    pub(super) home: RepoPath,
    /// More warnings than these are too many.
    pub(super) most: u64,
    /// What it lints.
    pub(super) targets: Vec<String>,
}

/// The limit of the nearest package that has a script which lints with ESLint.
pub(super) fn of(project: &Project<'_>, root: &RepoPath) -> Option<Limit> {
    up(root).find_map(|home| {
        let manifest = project.json(&home.join(b"package.json"))?;
        let scripts = manifest.get("scripts")?.as_object()?;
        let lints = scripts
            .iter()
            .filter(|(name, _)| *name == "lint" || name.starts_with("lint:"));
        let calls: Vec<Vec<&str>> = lints
            .filter_map(|(_, text)| Value::as_str(text))
            .flat_map(|text| text.split(['&', '|', ';']))
            .filter_map(call)
            .collect();
        // One that has a script of its own does not heed the one above.
        (!calls.is_empty()).then(|| strictest(&home, &calls))
    })?
}

/// The words behind `eslint`, or behind `next lint`, which calls it.
fn call(command: &str) -> Option<Vec<&str>> {
    let words: Vec<&str> = command
        .split_whitespace()
        .map(|word| word.trim_matches(['\'', '"', '\\']))
        .collect();
    let is_eslint = |word: &&str| word.rsplit('/').next() == Some("eslint");
    let eslint = words.iter().position(is_eslint);
    let next = words.windows(2).position(|pair| pair == ["next", "lint"]);
    let at = eslint.or(next.map(|at| at + 1))?;
    Some(words[at + 1..].to_vec())
}

fn strictest(home: &RepoPath, calls: &[Vec<&str>]) -> Option<Limit> {
    let limits = calls.iter().filter_map(|words| read(home, words));
    limits.min_by_key(|limit| limit.most)
}

fn read(home: &RepoPath, words: &[&str]) -> Option<Limit> {
    let mut most = None;
    let mut targets = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if *word == "--max-warnings" {
            most = words.next().and_then(|count| count.parse().ok());
        } else if let Some(count) = word.strip_prefix("--max-warnings=") {
            most = count.parse().ok();
        } else if TAKING.contains(word) {
            words.next();
        } else if !word.starts_with('-') {
            targets.push((*word).to_owned());
        }
    }
    Some(Limit {
        home: home.clone(),
        most: most?,
        targets,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sketch::Sketch;

    fn of_script(scripts: &str) -> Option<(u64, String)> {
        let manifest = format!("{{\"scripts\": {scripts}}}");
        let project = Project::new(Sketch::of(&[("package.json", &manifest)]));
        let limit = of(&project, &"apps/web".into())?;
        Some((limit.most, limit.targets.join(" ")))
    }

    #[test]
    fn the_limit_of_a_script_is_read_as_it_is_written() {
        for (scripts, limit) in [
            (r#"{"lint": "eslint . --max-warnings 0"}"#, Some((0, "."))),
            (
                r#"{"lint": "npx eslint --max-warnings=7 --ext .ts,.tsx src 'test/**'"}"#,
                Some((7, "src test/**")),
            ),
            (
                r#"{"lint": "tsc && ./node_modules/.bin/eslint --max-warnings 3 -c x.js src | cat"}"#,
                Some((3, "src")),
            ),
            (
                r#"{"lint:js": "eslint --max-warnings 3 .", "lint:ts": "eslint --max-warnings 2 ."}"#,
                Some((2, ".")),
            ),
            (r#"{"lint": "next lint --max-warnings 0"}"#, Some((0, ""))),
            (r#"{"lint": "eslint . --max-warnings -1"}"#, None),
            (r#"{"lint": "eslint . --max-warnings"}"#, None),
            (r#"{"lint": "eslint ."}"#, None),
            (r#"{"test": "eslint . --max-warnings 0"}"#, None),
            (r#"{"lint": "biome lint --max-warnings 0"}"#, None),
            (r#"{"lint": 3}"#, None),
        ] {
            let limit = limit.map(|(most, targets)| (most, targets.to_owned()));
            assert_eq!(of_script(scripts), limit, "{scripts}");
        }
    }

    #[test]
    fn a_package_with_a_script_of_its_own_does_not_heed_the_one_above() {
        let project = Project::new(Sketch::of(&[
            (
                "package.json",
                r#"{"scripts": {"lint": "eslint --max-warnings 0 ."}}"#,
            ),
            ("own/package.json", r#"{"scripts": {"lint": "eslint ."}}"#),
            (
                "other/package.json",
                r#"{"scripts": {"lint": "biome lint"}}"#,
            ),
        ]));
        assert_eq!(of(&project, &"own".into()), None);
        assert_eq!(
            of(&project, &"other".into()).map(|limit| limit.most),
            Some(0)
        );
    }
}
