//! lint-staged: a pattern and the commands that get the files behind them.

use serde_json::Value;

use super::{Import, Imported, STAGING, Source, named_after, one_line, repair};
use crate::config;
use crate::path::RepoPath;
use crate::project::{Project, split};
use crate::stack::{LINT_STAGED, node_manager};

/// Every configuration of the project: lint-staged takes for each file the nearest.
pub(super) fn import(source: Source<'_>, import: &mut Import) {
    let project = source.project;
    let mut found = 0;
    for path in project.files() {
        let (root, name) = split(&path);
        let in_modules = path
            .as_bytes()
            .split(|byte| *byte == b'/')
            .any(|part| part == b"node_modules");
        let Ok(name) = std::str::from_utf8(name) else {
            continue;
        };
        let shown = path.to_text();
        let value = match name {
            _ if in_modules => continue,
            "package.json" => match project
                .json(&path)
                .and_then(|package| package.get("lint-staged").cloned())
            {
                Some(value) => value,
                None => continue,
            },
            name if !LINT_STAGED.contains(&name) => continue,
            ".lintstagedrc" | ".lintstagedrc.json" | ".lintstagedrc.yaml" | ".lintstagedrc.yml" => {
                // JSON is YAML too, and a file without an ending may be either.
                let text = project.text(&path).unwrap_or_default();
                let Some(value) = config::yaml_value(&text) else {
                    import.leave(&*shown, "it cannot be read");
                    found += 1;
                    continue;
                };
                value
            }
            _ => {
                import.leave(
                    &*shown,
                    "it is a program, and guard does not run it to learn what it says; write its commands into guard.yaml",
                );
                found += 1;
                continue;
            }
        };
        found += 1;
        patterns(source, import, &path, &root, &value);
    }
    if found == 0 {
        import.leave("lint-staged", "there is no configuration of it here");
    }
}

fn patterns(
    source: Source<'_>,
    import: &mut Import,
    path: &RepoPath,
    root: &RepoPath,
    value: &Value,
) {
    let shown = path.to_text();
    let Some(map) = value.as_object() else {
        import.leave(&*shown, "it does not map patterns to commands");
        return;
    };
    for (pattern, commands) in map {
        let what = format!("{shown}: {pattern}");
        let commands: Vec<&str> = match commands {
            Value::String(one) => vec![one],
            Value::Array(all) if all.iter().all(Value::is_string) => {
                all.iter().filter_map(Value::as_str).collect()
            }
            _ => {
                import.leave(what, "its commands are neither a text nor a list of texts");
                continue;
            }
        };
        if pattern.contains('!')
            || pattern.contains("+(")
            || pattern.contains("@(")
            || pattern.contains("?(")
        {
            import.leave(
                what,
                "guard's patterns are gitignore's, which have no `!( )` or `+( )`",
            );
            continue;
        }
        let mut before: Option<String> = None;
        for command in commands {
            let command = command.trim();
            if command == "git add" || command.starts_with("git add ") {
                import.cover(format!("{what} `{command}`"), STAGING);
                continue;
            }
            if command.is_empty() {
                continue;
            }
            let from = format!("{what} `{}`", one_line(command));
            import.imported.push(
                Imported {
                    name: named_after(command),
                    from: from.clone(),
                    run: format!("{} {{files}}", through(source.project, root, command)),
                    at: vec!["commit", "ci"],
                    files: vec![pattern.trim_start_matches("./").to_owned()],
                    root: root.to_text().into_owned(),
                    needs: before.into_iter().collect(),
                    note: source.twice(command),
                    ..Imported::default()
                }
                .repairing(repair::writes(command)),
            );
            before = Some(from);
        }
    }
}

/// lint-staged finds the programs of installed packages; a shell needs their package manager for it.
fn through(project: &Project<'_>, root: &RepoPath, command: &str) -> String {
    const FOUND: [&str; 20] = [
        "npx", "npm", "pnpm", "yarn", "bun", "bunx", "node", "git", "sh", "bash", "cargo",
        "rustfmt", "python", "python3", "uv", "poetry", "ruff", "black", "go", "make",
    ];
    let program = command.split_whitespace().next().unwrap_or_default();
    if FOUND.contains(&program) || program.contains('/') {
        return command.to_owned();
    }
    let runner = match node_manager(project, root) {
        "pnpm" => "pnpm exec",
        "yarn" => "yarn run",
        "bun" => "bunx",
        _ => "npx --no-install",
    };
    format!("{runner} {command}")
}
