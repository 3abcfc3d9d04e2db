//! Command lines that write what they find wrong: in guard.yaml one form judges, and another repairs.

use super::Imported;

/// Tools that repair unless they are told to check.
const BY_NATURE: [&str; 4] = ["black", "isort", "gofmt", "rustfmt"];

impl Imported {
    /// The command with what it does split in two, where it `writes`.
    pub(super) fn repairing(mut self, writes: bool) -> Self {
        if !writes {
            if sounds_writing(&self.run) {
                self.at.retain(|at| *at != "ci");
            }
            return self;
        }
        let is_commit = self.at.contains(&"commit");
        if let Some(judges) = judging(&self.run) {
            let fix = std::mem::replace(&mut self.run, judges);
            self.fix = is_commit.then_some(fix);
            return self;
        }
        // It can only be told by what it changes, and that is looked at where its fix came first.
        self.fix = is_commit.then(|| self.run.clone());
        self.at.retain(|at| *at != "ci");
        self
    }
}

/// Whether a command line writes what it finds wrong.
pub(super) fn writes(command: &str) -> bool {
    const ASKED: [&str; 6] = [
        "--fix",
        "--write",
        "--apply",
        "--autofix",
        "-w",
        "--fix-only",
    ];
    let words: Vec<&str> = command.split_whitespace().collect();
    let judges = words
        .iter()
        .any(|word| word.starts_with("--check") || *word == "--fix-dry-run" || *word == "--diff");
    !judges && (words.iter().any(|word| ASKED.contains(word)) || is_formatter(&words))
}

/// The same command line, only judging.
fn judging(command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    // Quotes and several commands on a line are left to people.
    if command.contains(['\'', '"', ';', '&', '|', '`', '$']) {
        return None;
    }
    let is = |name: &str| {
        words
            .iter()
            .any(|word| word.rsplit('/').next() == Some(name))
    };
    if is("prettier") {
        let swapped = words.iter().map(|word| {
            if ["--write", "-w"].contains(word) {
                "--check"
            } else {
                word
            }
        });
        return Some(swapped.collect::<Vec<_>>().join(" "));
    }
    if is_formatter(&words) {
        if is("gofmt") {
            return None;
        }
        let at = words
            .iter()
            .position(|word| BY_NATURE.contains(word) || *word == "format")?;
        let mut all = words.clone();
        all.insert(at + 1, "--check");
        return Some(all.join(" "));
    }
    let known = [
        "eslint",
        "ruff",
        "stylelint",
        "biome",
        "oxlint",
        "markdownlint",
        "standard",
        "rubocop",
    ];
    if !known.iter().any(|name| is(name)) {
        return None;
    }
    let rest = words
        .iter()
        .filter(|word| !["--fix", "--write", "--apply"].contains(word));
    let rest = rest.copied().collect::<Vec<_>>().join(" ");
    (rest != words.join(" ")).then_some(rest)
}

fn is_formatter(words: &[&str]) -> bool {
    let by_nature = words.iter().any(|word| BY_NATURE.contains(word));
    by_nature || words.windows(2).any(|pair| pair == ["ruff", "format"])
}

/// Whether a script's name says that it writes: it is then no judge of what lies in CI.
fn sounds_writing(command: &str) -> bool {
    let signs = ["fix", "format", "write"];
    command
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .any(|word| signs.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repairing_line_is_split_in_two() {
        for (command, judges) in [
            ("eslint --fix {files}", Some("eslint {files}")),
            (
                "npx --no-install prettier --write {files}",
                Some("npx --no-install prettier --check {files}"),
            ),
            ("ruff check --fix {files}", Some("ruff check {files}")),
            ("ruff format {files}", Some("ruff format --check {files}")),
            ("uv run black {files}", Some("uv run black --check {files}")),
            ("biome check --write {files}", Some("biome check {files}")),
            ("./tidy --fix {files}", None),
            ("eslint --fix {files} && git add .", None),
            ("gofmt -w {files}", None),
        ] {
            assert!(writes(command), "{command}");
            assert_eq!(judging(command).as_deref(), judges, "{command}");
        }
        for command in [
            "eslint {files}",
            "prettier --check {files}",
            "black --check .",
            "ruff format --check",
            "npm test",
        ] {
            assert!(!writes(command), "{command}");
        }
    }

    #[test]
    fn what_cannot_judge_does_not_run_in_ci() {
        let command = |run: &str| Imported {
            run: run.into(),
            at: vec!["commit", "ci"],
            ..Imported::default()
        };
        let tidy = command("./tidy --fix {files}").repairing(true);
        assert_eq!(tidy.fix.as_deref(), Some("./tidy --fix {files}"));
        assert_eq!(tidy.at, ["commit"]);
        assert_eq!(command("npm run lint:fix").repairing(false).at, ["commit"]);
        assert_eq!(
            command("npm run lint").repairing(false).at,
            ["commit", "ci"]
        );
    }
}
