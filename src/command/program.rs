//! Which program a command of the team's runs, for whoever wants to know before it is run.

use std::path::{Path, PathBuf};

use super::{key, tool};
use crate::config::valid::{Command, Run};
use crate::process::variables::Variables;

/// Words that every shell knows without a program.
const BUILTIN: [&str; 27] = [
    ".", ":", "[", "alias", "break", "cd", "command", "continue", "echo", "eval", "exec", "exit",
    "export", "false", "printf", "pwd", "read", "return", "set", "shift", "source", "test", "trap",
    "true", "type", "umask", "unset",
];

/// What a command runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Main {
    /// This program.
    Found {
        /// As the command names it.
        name: String,
        /// The file.
        path: PathBuf,
    },
    /// A program that is not here.
    Missing {
        /// As the command names it.
        name: String,
        /// What to do about it.
        remedy: String,
    },
    /// Nothing but words of the shell's own.
    Shell,
    /// Only the shell knows, for this reason.
    Untold(String),
}

/// What the command named `id` runs first, words of the shell's own left out. A runner (`npx`, `uv run`)
/// is looked through to the tool that it is there for.
pub fn main(id: &str, command: &Command, variables: &Variables, work_tree: &Path) -> Main {
    let is_shell = matches!(command.run, Run::Shell(_));
    for tools in key::programs(command, variables, work_tree) {
        let tools = match tools {
            Ok(tools) => tools,
            Err(why) => return Main::Untold(why),
        };
        let is_builtin = |name: &str| is_shell && BUILTIN.contains(&name);
        if tools.first().is_none_or(|first| is_builtin(&first.name)) {
            continue;
        }
        let missing = tools
            .iter()
            .find(|tool| tool.is_needed && tool.path.is_none());
        if let Some(missing) = missing {
            let folder = work_tree.join(command.root.to_os());
            return Main::Missing {
                name: missing.name.clone(),
                remedy: tool::remedy(id, &missing.name, &folder),
            };
        }
        let last = tools
            .into_iter()
            .rev()
            .find_map(|tool| Some((tool.name, tool.path?)));
        if let Some((name, path)) = last {
            return Main::Found { name, path };
        }
    }
    Main::Shell
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::ffi::OsString;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_tool_behind_runners_and_the_shell_is_meant() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path();
        for name in ["bin/npx", "bin/ruff", "node_modules/.bin/eslint"] {
            let path = top.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let path = OsString::from(top.join("bin"));
        let variables: Variables = [(OsString::from("PATH"), path)].into_iter().collect();
        let of = |run: &str| {
            let text = format!("commands:\n  it: {{ run: {run}, files: none }}\n");
            let config = crate::config::parse("yaml", &text).unwrap();
            match main("it", &config.commands["it"], &variables, top) {
                Main::Found { path, .. } => {
                    let below = path.strip_prefix(top).unwrap();
                    below.to_string_lossy().into_owned()
                }
                Main::Missing { name, remedy } => format!("no {name}: {remedy}"),
                Main::Shell => "shell".to_owned(),
                Main::Untold(why) => why,
            }
        };
        for (run, expected) in [
            ("npx eslint .", "node_modules/.bin/eslint"),
            ("cd web && CI=1 npx eslint", "node_modules/.bin/eslint"),
            ("[ruff, check]", "bin/ruff"),
            ("ruff check | frob", "bin/ruff"),
            ("exit 1", "shell"),
            ("npx tsc", "no tsc: `npm install --save-dev typescript`"),
            ("mypy src", "no mypy: `pip install mypy`"),
            ("[cd, x]", "no cd: install `cd`, or put its folder on PATH"),
            ("$TOOL x", "only the shell knows what `$TOOL` is"),
        ] {
            assert_eq!(of(run), expected, "{run}");
        }
    }
}
