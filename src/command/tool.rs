//! A tool that is not there: which one it is, and the command that brings it.

use std::path::Path;

use crate::outcome::Outcome;

/// What a shell exits with when the program is there and cannot be run.
const NOT_EXECUTABLE: i32 = 126;
/// What a shell exits with when there is no such program.
const NOT_FOUND: i32 = 127;

/// What ends a shell's complaint, behind the tool's name.
const COMPLAINTS: [&str; 4] = [
    ": command not found",
    ": not found",
    ": No such file or directory",
    ": Permission denied",
];

/// `unknown`, where an exit code says that the command could not even be run.
///
/// `said` is the end of its output: the shell names the tool there.
pub(super) fn could_not_run(id: &str, folder: &Path, code: i32, said: &str) -> Option<Outcome> {
    // Only the shell knows which one: the command's first word is mostly what did run.
    match (code, named(said)) {
        (NOT_FOUND, Some(tool)) => Some(not_found(id, &tool, folder)),
        (NOT_FOUND, None) => Some(Outcome::unknown(
            "a program that it calls was not found (exit code 127)",
            "read its output; install what it calls, or put its folder on PATH",
        )),
        (NOT_EXECUTABLE, Some(tool)) => Some(not_executable(&tool)),
        (NOT_EXECUTABLE, None) => Some(Outcome::unknown(
            "a program that it calls cannot be run (exit code 126)",
            "read its output; make what it calls executable",
        )),
        _ => None,
    }
}

/// The tool is not there.
pub(super) fn not_found(id: &str, tool: &str, folder: &Path) -> Outcome {
    Outcome::unknown(format!("`{tool}` was not found"), remedy(id, tool, folder))
}

/// The tool is there and cannot be run.
pub(super) fn not_executable(tool: &str) -> Outcome {
    Outcome::unknown(
        format!("`{tool}` cannot be run: it is not executable"),
        format!("`git update-index --chmod=+x {tool} && chmod +x {tool}`"),
    )
}

pub(super) fn remedy(id: &str, tool: &str, folder: &Path) -> String {
    if tool.contains('/') {
        return format!("correct `run` of `{id}` in guard.yaml, or add {tool}");
    }
    // Installed for the project already, and only not on PATH.
    for (place, runner) in [("node_modules/.bin", "npx"), (".venv/bin", ".venv/bin/")] {
        if folder
            .ancestors()
            .any(|folder| folder.join(place).join(tool).exists())
        {
            let written = match runner {
                "npx" => format!("npx {tool}"),
                prefix => format!("{prefix}{tool}"),
            };
            return format!("it lies in {place}: write `{written}` in `run` of `{id}`");
        }
    }
    match install(tool) {
        Some(command) => format!("`{command}`"),
        None => format!("install `{tool}`, or put its folder on PATH"),
    }
}

/// How to get the tools that teams name most.
fn install(tool: &str) -> Option<String> {
    Some(match tool {
        "eslint" | "jest" | "knip" | "oxlint" | "playwright" | "prettier" | "stylelint"
        | "turbo" | "vite" | "vitest" => format!("npm install --save-dev {tool}"),
        "biome" => "npm install --save-dev @biomejs/biome".to_owned(),
        "tsc" => "npm install --save-dev typescript".to_owned(),
        "next" => "npm install next".to_owned(),
        "pnpm" | "yarn" | "bun" => format!("npm install --global {tool}"),
        "railway" => "npm install --global @railway/cli".to_owned(),
        "black" | "flake8" | "isort" | "mypy" | "pylint" | "pyright" | "pytest" | "ruff"
        | "alembic" => format!("pip install {tool}"),
        "poetry" | "uv" | "hatch" | "tox" => format!("pipx install {tool}"),
        "cargo-clippy" | "cargo-fmt" | "clippy-driver" | "rustfmt" => {
            "rustup component add clippy rustfmt".to_owned()
        }
        "cargo-deny" | "cargo-nextest" => format!("cargo install --locked {tool}"),
        _ => return None,
    })
}

/// The tool that a shell complains about: `sh: 1: eslint: not found`, `zsh: command not found: eslint`.
fn named(said: &str) -> Option<String> {
    said.lines().rev().find_map(|line| {
        let line = line.trim_end();
        if let Some((_, tool)) = line.rsplit_once("command not found: ") {
            return bare(tool);
        }
        let before = COMPLAINTS
            .iter()
            .find_map(|complaint| line.strip_suffix(complaint))?;
        bare(before.rsplit(": ").next()?)
    })
}

/// A tool's name without quotes; none, if it is a sentence.
fn bare(name: &str) -> Option<String> {
    let name = name.trim_matches(['\'', '"', '`', '‘', '’']);
    let plausible = !name.is_empty() && !name.contains(char::is_whitespace);
    plausible.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_s_complaint_names_the_tool() {
        for said in [
            "sh: 1: eslint: not found\n",
            "sh: line 1: eslint: command not found\n",
            "./check.sh: line 3: eslint: command not found",
            "sh: eslint: not found",
            "zsh:1: command not found: eslint",
            "checking\n/usr/bin/env: 'eslint': No such file or directory\n",
            "env: ‘eslint’: No such file or directory\n",
        ] {
            assert_eq!(named(said).as_deref(), Some("eslint"), "{said}");
        }
        assert_eq!(named("all is well\n"), None);
        assert_eq!(named("the file you want: not found\n"), None);
    }

    #[test]
    fn without_a_complaint_no_tool_is_named() {
        let reason = |code, said| {
            let outcome = could_not_run("lint", Path::new("/"), code, said).unwrap();
            outcome.reason().map(ToOwned::to_owned)
        };
        assert_eq!(
            reason(127, "checking\n").as_deref(),
            Some("a program that it calls was not found (exit code 127)")
        );
        assert_eq!(
            reason(126, "").as_deref(),
            Some("a program that it calls cannot be run (exit code 126)")
        );
    }

    #[test]
    fn the_remedy_is_the_next_thing_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("apps/web");
        std::fs::create_dir_all(folder.path().join("node_modules/.bin")).unwrap();
        std::fs::create_dir_all(&inside).unwrap();
        let remedy = |tool: &str| remedy("lint", tool, &inside);
        assert_eq!(remedy("eslint"), "`npm install --save-dev eslint`");
        assert_eq!(remedy("frob"), "install `frob`, or put its folder on PATH");
        assert_eq!(
            remedy("./x.sh"),
            "correct `run` of `lint` in guard.yaml, or add ./x.sh"
        );
        std::fs::write(folder.path().join("node_modules/.bin/eslint"), "").unwrap();
        assert_eq!(
            remedy("eslint"),
            "it lies in node_modules/.bin: write `npx eslint` in `run` of `lint`"
        );
    }

    #[test]
    fn only_a_shell_s_own_codes_mean_that_nothing_ran() {
        let folder = Path::new("/");
        assert_eq!(could_not_run("lint", folder, 1, "sh: x: not found"), None);
        let outcome = could_not_run("lint", folder, 127, "sh: frob: not found").unwrap();
        assert_eq!(outcome.reason(), Some("`frob` was not found"));
        let outcome = could_not_run("lint", folder, 126, "sh: 1: ./x: Permission denied").unwrap();
        assert_eq!(
            outcome.reason(),
            Some("`./x` cannot be run: it is not executable")
        );
    }
}
