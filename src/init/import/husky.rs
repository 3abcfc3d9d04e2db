//! husky: shell scripts, of which plain lines can be taken over one by one.

use super::{Call, Import, Imported, Source, lint_staged, named_after, one_line, repair};
use crate::path::RepoPath;
use crate::project::Kind;

/// Every hook below `.husky`.
pub(super) fn import(source: Source<'_>, import: &mut Import) {
    let project = source.project;
    let folder = RepoPath::from(".husky");
    let mut found = false;
    for child in project.children(&folder).iter() {
        let name = String::from_utf8_lossy(&child.name).into_owned();
        if child.kind != Kind::File
            || name.starts_with(['.', '_'])
            || name == "install.mjs"
            || name == "README.md"
        {
            continue;
        }
        found = true;
        let path = folder.join(&child.name);
        let at = match name.as_str() {
            "pre-commit" => vec!["commit", "ci"],
            "pre-push" => vec!["push", "ci"],
            _ => {
                import.leave(
                    format!(".husky/{name}"),
                    "guard has no such hook; husky goes on running it",
                );
                continue;
            }
        };
        match project.text(&path) {
            Some(text) => script(source, import, &name, &text, &at),
            None => import.leave(format!(".husky/{name}"), "it cannot be read"),
        }
    }
    if !found {
        import.leave("husky", "there is no hook below .husky");
    }
}

fn script(source: Source<'_>, import: &mut Import, name: &str, text: &str, at: &[&'static str]) {
    let shown = format!(".husky/{name}");
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| is_work(line))
        .collect();
    if let Some(odd) = lines.iter().find(|line| !is_plain(line)) {
        import.leave(
            shown,
            format!("`{}` is more than a command on a line of its own; call what it does from guard.yaml", one_line(odd)),
        );
        return;
    }
    let mut before: Option<String> = None;
    for line in lines {
        let from = format!("{shown}: {}", one_line(line));
        let name = named_after(line);
        if name == "lint-staged" {
            if line.split_whitespace().any(|word| {
                word.starts_with('-') && !["--no-install", "--no", "--"].contains(&word)
            }) {
                import.leave(from, "it calls lint-staged with options of its own");
                continue;
            }
            let (before, left) = (import.imported.len(), import.left.len());
            lint_staged::import(source, import);
            if import.left.len() == left {
                let runs = import.imported[before..].iter();
                let runs = runs.map(|command| command.from.clone()).collect();
                import.calls.push(Call { from, runs });
            }
            continue;
        }
        import.imported.push(
            Imported {
                name,
                from: from.clone(),
                run: line.to_owned(),
                at: at.to_vec(),
                needs: before.into_iter().collect(),
                note: source.twice(line),
                ..Imported::default()
            }
            .repairing(repair::writes(line)),
        );
        before = Some(from);
    }
}

/// Whether a line does something of the team's: husky's own lines, guard's and comments do not.
fn is_work(line: &str) -> bool {
    let of_husky = line.contains("husky.sh") || line.contains("/_/h");
    let of_guard = line.ends_with("# guard") || line.contains("guard hook ");
    let idle =
        line.is_empty() || line.starts_with('#') || ["set -e", "set -eu", "exit 0"].contains(&line);
    !idle && !of_husky && !of_guard
}

/// Whether a line is one command: nothing that depends on other lines, or on what came of another.
fn is_plain(line: &str) -> bool {
    const WORDS: [&str; 24] = [
        "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac",
        "{", "}", "exit", "return", "export", "cd", "source", ".", "eval", "exec", "read", "trap",
    ];
    let first = line.split_whitespace().next().unwrap_or_default();
    let sets = first.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    // `A=1` alone; `A=1 command` is a command.
    let only_sets = sets && !line.contains(' ');
    let odd = ["||", "<<", "$(", "`", "$1", "$@", "$*", "$?", "()", ";;"];
    !WORDS.contains(&first)
        && !only_sets
        && !line.ends_with(['\\', '{', '|', '&'])
        && !odd.iter().any(|sign| line.contains(sign))
}
