//! Taking over what another hook manager runs: each of its jobs becomes a command, is covered already, or is
//! left where it is with the reason. Nothing is dropped in silence.

mod glob;
mod husky;
mod lefthook;
mod lint_staged;
mod pre_commit;
mod repair;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::config;
use crate::env::first::yaml;
use crate::project::Project;
use crate::stack::Stack;

/// What can be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum From {
    /// lefthook.yml
    Lefthook,
    /// The files in .husky
    Husky,
    /// .pre-commit-config.yaml
    PreCommit,
    /// package.json or .lintstagedrc
    LintStaged,
}

impl From {
    /// The name.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Lefthook => "lefthook",
            Self::Husky => "husky",
            Self::PreCommit => "pre-commit",
            Self::LintStaged => "lint-staged",
        }
    }
}

/// A job that became a command of guard.yaml.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Imported {
    /// The command's name.
    pub(crate) name: String,
    /// Where it was written: `lefthook.yml: pre-commit.commands.lint`.
    pub(crate) from: String,
    /// What is run.
    pub(crate) run: String,
    /// What repairs, where that was done and committed.
    pub(crate) fix: Option<String>,
    /// At which moments.
    pub(crate) at: Vec<&'static str>,
    /// Which files it is about; empty means all.
    pub(crate) files: Vec<String>,
    /// Which of them not.
    pub(crate) exclude: Vec<String>,
    /// Where it runs.
    pub(crate) root: String,
    /// On which branches; empty means on all.
    pub(crate) branches: Vec<String>,
    /// What it sees besides the inherited variables.
    pub(crate) env: BTreeMap<String, String>,
    /// What ran before it: by its place there, and in the end by its name.
    pub(crate) needs: Vec<String>,
    /// What is not as it was.
    pub(crate) note: Option<String>,
}

/// A job that did not become a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Left {
    /// Where it is written, and what.
    pub(crate) what: String,
    /// Why it was not taken over.
    pub(crate) reason: String,
}

/// A job that guard does without a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Covered {
    /// Where it is written, and what.
    pub(crate) what: String,
    /// The built-in check: `lint`; or guard's staging of what a fix changed.
    pub(crate) by: &'static str,
}

/// What lint-staged's users had to do by hand once.
pub(crate) const STAGING: &str = "staging";

/// What came of it all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) imported: Vec<Imported>,
    pub(crate) covered: Vec<Covered>,
    pub(crate) left: Vec<Left>,
    /// Lines that only call what was taken over.
    calls: Vec<Call>,
}

/// A line of one manager that calls another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Call {
    /// Where it is written, and what.
    from: String,
    /// What it runs, by its places.
    runs: Vec<String>,
}

/// The names that a command may not have: the built-in checks', those of later versions too.
const RESERVED: [&str; 14] = [
    "affected",
    "build",
    "change",
    "coverage",
    "drift",
    "env",
    "fix",
    "format",
    "gitignore",
    "lint",
    "openapi",
    "railway",
    "secrets",
    "tests",
];

/// Where jobs are looked for.
#[derive(Clone, Copy)]
struct Source<'a> {
    project: &'a Project<'a>,
    stack: &'a Stack,
}

impl Source<'_> {
    /// The built-in check that runs the tool of this name, where the project has a trace of the tool.
    fn check_of(self, tool: &str) -> Option<&'static str> {
        let (id, check) = check_of(tool)?;
        let mut tools = self.stack.tools.iter();
        tools.any(|tool| tool.id == id).then_some(check)
    }

    /// What is said of a command whose tool a built-in check runs as well.
    fn twice(self, run: &str) -> Option<String> {
        let check = self.check_of(&named_after(run))?;
        Some(format!(
            "the built-in check `{check}` runs this tool too: keep one, `checks: {{ {check}: false }}` switches that one off"
        ))
    }
}

/// Takes over.
pub(crate) fn import(project: &Project<'_>, stack: &Stack, from: From) -> Import {
    let mut import = Import::default();
    let source = Source { project, stack };
    match from {
        From::Lefthook => lefthook::import(source, &mut import),
        From::Husky => husky::import(source, &mut import),
        From::PreCommit => pre_commit::import(source, &mut import),
        From::LintStaged => lint_staged::import(source, &mut import),
    }
    import.settle(from);
    import
}

impl Import {
    /// Where what guard does now is still run by somebody else.
    pub(crate) fn twice(&self) -> Vec<String> {
        let taken = |place: &String| {
            let imported = self.imported.iter().map(|command| &command.from);
            imported.into_iter().any(|from| from == place)
        };
        // Where all that a line calls was taken over, the line is what is to go.
        let (whole, _): (Vec<&Call>, Vec<&Call>) = self
            .calls
            .iter()
            .partition(|call| call.runs.iter().all(taken));
        let mut twice: Vec<String> = whole.iter().map(|call| call.from.clone()).collect();
        let imported = self.imported.iter().map(|command| &command.from);
        let covered = self.covered.iter().filter(|covered| covered.by != STAGING);
        let covered = covered.map(|covered| &covered.what);
        let rest = imported
            .chain(covered)
            .filter(|from| !whole.iter().any(|call| call.runs.contains(from)));
        twice.extend(rest.cloned());
        twice
    }

    fn leave(&mut self, what: impl Into<String>, reason: impl Into<String>) {
        let (what, reason) = (what.into(), reason.into());
        self.left.push(Left { what, reason });
    }

    fn cover(&mut self, what: impl Into<String>, by: &'static str) {
        let what = what.into();
        self.covered.push(Covered { what, by });
    }

    /// Gives each command a name of its own, and leaves what guard.yaml cannot say.
    fn settle(&mut self, from: From) {
        let mut taken: Vec<Imported> = Vec::new();
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for mut command in std::mem::take(&mut self.imported) {
            command.name = free(&command.name, from, &taken);
            let known = |need: &String| names.get(need).cloned();
            command.needs = command.needs.iter().filter_map(known).collect();
            // What guard.yaml says must hold by itself, whatever the others are.
            let alone = Imported {
                needs: Vec::new(),
                ..command.clone()
            };
            match config::parse("yaml", &format!("commands:\n{}", alone.text())) {
                Ok(_) => {
                    names.insert(command.from.clone(), command.name.clone());
                    taken.push(command);
                }
                Err(error) => {
                    let why = error.problems().first().map(ToString::to_string);
                    let why = why.unwrap_or_else(|| error.to_string());
                    let why = why.lines().next().unwrap_or_default();
                    self.leave(
                        format!("{} `{}`", command.from, one_line(&command.run)),
                        format!("guard.yaml cannot say it: {why}"),
                    );
                }
            }
        }
        self.imported = taken;
    }
}

impl Imported {
    /// The command as it stands in guard.yaml.
    pub(super) fn text(&self) -> String {
        let mut text = format!("  # {}\n", yaml::comment(&self.from));
        if let Some(note) = &self.note {
            let _ = writeln!(text, "  # {}", yaml::comment(note));
        }
        let _ = writeln!(text, "  {}:", yaml::text(&self.name));
        let _ = writeln!(text, "    run: {}", line(&self.run));
        if let Some(fix) = &self.fix {
            let _ = writeln!(text, "    fix: {}", line(fix));
            let _ = writeln!(text, "    fix_on_commit: true");
        }
        let mut key = |key: &str, items: &[String]| {
            if !items.is_empty() {
                let items = yaml::list(items.iter().map(String::as_str));
                let _ = writeln!(text, "    {key}: {items}");
            }
        };
        key("files", &self.files);
        key("exclude", &self.exclude);
        key("needs", &self.needs);
        key("branches", &self.branches);
        if !self.root.is_empty() {
            let _ = writeln!(text, "    root: {}", yaml::text(&self.root));
        }
        if !self.env.is_empty() {
            let env = self.env.iter();
            let env: Vec<String> = env
                .map(|(name, value)| format!("{}: {}", yaml::text(name), yaml::text(value)))
                .collect();
            let _ = writeln!(text, "    env: {{ {} }}", env.join(", "));
        }
        let _ = writeln!(text, "    at: [{}]", self.at.join(", "));
        text
    }
}

/// A line for the shell: quoted only where it must be, since people read it.
fn line(run: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" _-./=@+{}".contains(&byte);
    let is_plain = run.starts_with(|first: char| first.is_ascii_alphabetic())
        && run.contains(' ')
        && !run.ends_with(' ')
        && run.bytes().all(plain);
    if is_plain {
        run.to_owned()
    } else {
        yaml::text(run)
    }
}

/// A name that is allowed and free.
fn free(wanted: &str, from: From, taken: &[Imported]) -> String {
    let mut name: String = wanted
        .chars()
        .map(|letter| {
            let fits = letter.is_ascii_alphanumeric() || "_.-".contains(letter);
            if fits { letter } else { '-' }
        })
        .take(60)
        .collect();
    name.truncate(name.trim_end_matches('-').len());
    name.drain(..name.len() - name.trim_start_matches('-').len());
    if name.is_empty() || name == "types" || RESERVED.contains(&name.as_str()) {
        let longer = format!("{}-{name}", from.word());
        longer.trim_end_matches('-').clone_into(&mut name);
    }
    let is_taken = |name: &str| taken.iter().any(|other| other.name == name);
    if !is_taken(&name) {
        return name;
    }
    let numbered = (2..).map(|count| format!("{name}-{count}"));
    numbered
        .into_iter()
        .find(|name| !is_taken(name))
        .expect("the numbers do not run out")
}

/// A text on one line, not without end.
fn one_line(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 60 {
        return line;
    }
    line.chars().take(59).chain(['…']).collect()
}

/// A name from the first words of a command line: `npm run lint` is `lint`, `npx tsc --noEmit` is `tsc`.
fn named_after(run: &str) -> String {
    const RUNNERS: [&str; 16] = [
        "npx", "npm", "pnpm", "yarn", "bun", "bunx", "uv", "poetry", "pipenv", "run", "exec",
        "python", "python3", "-m", "cargo", "dlx",
    ];
    let mut words = run.split_whitespace().filter(|word| !word.contains('='));
    let word = words.find(|word| !RUNNERS.contains(word) && !word.starts_with('-'));
    let word = word.unwrap_or("command");
    word.rsplit('/').next().unwrap_or(word).to_owned()
}

/// The tool, and the built-in check that runs it.
fn check_of(tool: &str) -> Option<(&'static str, &'static str)> {
    Some(match tool {
        "eslint" => ("eslint", "lint"),
        "oxlint" => ("oxlint", "lint"),
        "ruff" | "ruff-check" => ("ruff", "lint"),
        "ruff-format" => ("ruff", "format"),
        "flake8" => ("flake8", "lint"),
        "clippy" => ("clippy", "lint"),
        "biome-lint" => ("biome", "lint"),
        "prettier" => ("prettier", "format"),
        "black" => ("black", "format"),
        "biome-format" => ("biome", "format"),
        "rustfmt" | "fmt" => ("rustfmt", "format"),
        "mypy" => ("mypy", "types"),
        "pyright" => ("pyright", "types"),
        "tsc" => ("tsc", "types"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
