//! Programs that run others: what is looked through to find the tool that does the work.

use super::words;

/// Where a tool is looked for first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// On PATH.
    Path,
    /// In `node_modules/.bin`, and nowhere else.
    Node,
    /// In `.venv/bin`, then on PATH.
    Python,
}

/// A tool that a command names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) home: Home,
    /// Whether nothing is known of the command without it.
    pub(super) is_needed: bool,
}

/// How a runner is written, where what it runs lies, and whether that must be there: what is not
/// may be a script of package.json, or be fetched.
const RUNNERS: [(&[&str], Home, bool); 22] = [
    (&["npx"], Home::Node, true),
    (&["bunx"], Home::Node, true),
    (&["npm", "exec"], Home::Node, true),
    (&["npm", "run"], Home::Node, false),
    (&["pnpm", "exec"], Home::Node, true),
    (&["pnpm", "dlx"], Home::Node, true),
    (&["pnpm", "run"], Home::Node, false),
    (&["pnpm"], Home::Node, false),
    (&["yarn", "dlx"], Home::Node, true),
    (&["yarn", "exec"], Home::Node, true),
    (&["yarn", "run"], Home::Node, false),
    (&["yarn"], Home::Node, false),
    (&["bun", "x"], Home::Node, true),
    (&["bun", "run"], Home::Node, false),
    (&["uv", "run"], Home::Python, false),
    (&["uvx"], Home::Python, true),
    (&["poetry", "run"], Home::Python, false),
    (&["pipenv", "run"], Home::Python, false),
    (&["hatch", "run"], Home::Python, false),
    (&["rye", "run"], Home::Python, false),
    (&["bundle", "exec"], Home::Path, false),
    (&["mise", "exec"], Home::Path, false),
];

/// Programs that take another one as their argument and change nothing about it.
const WRAPPERS: [&str; 9] = [
    "command", "env", "exec", "ionice", "nice", "nohup", "time", "timeout", "xargs",
];

/// Programs that run the file that they are given.
const INTERPRETERS: [&str; 17] = [
    ".", "bash", "bun", "dash", "deno", "ksh", "node", "perl", "php", "pypy3", "python", "python3",
    "ruby", "sh", "source", "tsx", "zsh",
];

/// The tools that a simple command names: its own program, and those that it is there to run.
pub(super) fn tools(words: &[String]) -> Result<Vec<Found>, String> {
    let mut found = Vec::new();
    let (mut rest, mut home, mut is_needed) = (words, Home::Path, false);
    while let Some(name) = rest.first() {
        if name.contains(['$', '`', '*', '?']) {
            return Err(format!("only the shell knows what `{name}` is"));
        }
        found.push(Found {
            name: name.clone(),
            home,
            is_needed,
        });
        // Each turn takes a word at least.
        let Some((inner, next, needed)) = inside(rest) else {
            break;
        };
        (rest, home, is_needed) = (inner, next, needed);
    }
    if let [cargo, name, ..] = words
        && cargo == "cargo"
    {
        found.push(Found {
            name: format!("cargo-{name}"),
            home: Home::Path,
            is_needed: false,
        });
    }
    Ok(found)
}

/// What a runner or wrapper runs, and where that lies.
fn inside(words: &[String]) -> Option<(&[String], Home, bool)> {
    let name = words.first()?.as_str();
    if WRAPPERS.contains(&name) {
        return Some((skip_options(&words[1..]), Home::Path, false));
    }
    let is_python = name
        .rsplit('/')
        .next()
        .is_some_and(|name| name.starts_with("python"));
    if is_python && let Some(module) = words.iter().position(|word| word == "-m") {
        // A module's program mostly has its name.
        return Some((words.get(module + 1..)?, Home::Python, false));
    }
    let fits = |runner: &&[&str]| {
        words.len() > runner.len() && runner.iter().zip(words).all(|(word, given)| word == given)
    };
    let (runner, home, needed) = RUNNERS.iter().find(|(runner, ..)| fits(runner))?;
    Some((skip_options(&words[runner.len()..]), *home, *needed))
}

/// Leaves out options, assignments, and numbers such as a timeout's.
fn skip_options(words: &[String]) -> &[String] {
    let is_option = |word: &&String| {
        word.starts_with('-')
            || words::is_assignment(word)
            || word.starts_with(|first: char| first.is_ascii_digit())
    };
    let skipped = words.iter().take_while(is_option).count();
    &words[skipped..]
}

/// Words that may name a file with what the command does: a script, a list of tasks.
pub(super) fn scripts(words: &[String]) -> Vec<&str> {
    let Some(name) = words.iter().find(|word| !WRAPPERS.contains(&word.as_str())) else {
        return Vec::new();
    };
    let name = name.rsplit('/').next().unwrap_or(name);
    let mut scripts: Vec<&str> = match name {
        "npm" | "pnpm" | "yarn" | "bun" => vec!["package.json"],
        "make" | "gmake" => vec!["Makefile", "makefile", "GNUmakefile"],
        "just" => vec!["justfile", "Justfile", ".justfile"],
        "task" => vec!["Taskfile.yml", "Taskfile.yaml"],
        "cargo" => vec![".cargo/config.toml", ".cargo/config"],
        _ => Vec::new(),
    };
    let runs_files = |word: &&String| {
        let word = word.rsplit('/').next().unwrap_or(word);
        INTERPRETERS.contains(&word)
    };
    if let Some(at) = words.iter().position(|word| runs_files(&word)) {
        let given = words[at + 1..].iter().filter(|word| !word.starts_with('-'));
        scripts.extend(given.take(8).map(String::as_str));
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn runners_are_looked_through() {
        for (line, wanted) in [
            ("eslint a", "eslint"),
            ("npx eslint a", "npx eslint@node!"),
            ("npx --no-install eslint a", "npx eslint@node!"),
            ("pnpm exec tsc", "pnpm tsc@node!"),
            ("pnpm lint", "pnpm lint@node"),
            ("yarn run jest", "yarn jest@node"),
            ("uv run ruff check", "uv ruff@python"),
            (
                "uv run python -m pytest -q",
                "uv python@python pytest@python",
            ),
            (".venv/bin/python -m mypy", ".venv/bin/python mypy@python"),
            ("env A=1 timeout 5s npx tsc", "env timeout npx tsc@node!"),
            ("xargs -0 -n 1 eslint", "xargs eslint"),
            ("cargo clippy", "cargo cargo-clippy"),
            ("npx", "npx"),
            ("env", "env"),
        ] {
            let found = tools(&words(line)).unwrap().into_iter().map(|found| {
                let home = match found.home {
                    Home::Path => "",
                    Home::Node => "@node",
                    Home::Python => "@python",
                };
                format!(
                    "{}{home}{}",
                    found.name,
                    if found.is_needed { "!" } else { "" }
                )
            });
            assert_eq!(found.collect::<Vec<_>>().join(" "), wanted, "{line}");
        }
        assert!(tools(&words("$TOOL x")).is_err());
        assert!(tools(&words("npx $TOOL")).is_err());
    }

    #[test]
    fn scripts_are_what_interpreters_are_given() {
        for (line, wanted) in [
            ("sh check.sh out", "check.sh out"),
            ("python3 -u tools/x.py", "tools/x.py"),
            ("uv run python x.py", "x.py"),
            ("npm run lint", "package.json"),
            ("npx eslint", ""),
            ("make all", "Makefile makefile GNUmakefile"),
            ("touch marker", ""),
            ("./check.sh x", ""),
        ] {
            assert_eq!(scripts(&words(line)).join(" "), wanted, "{line}");
        }
    }
}
