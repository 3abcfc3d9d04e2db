//! The first guard.yaml: few lines, since what the project has is found without them, and comments that teach.

use std::fmt::Write as _;

use super::import::Imported;
use crate::env::first::yaml;
use crate::stack::Stack;

/// Where an editor finds the schema: in guard's own folder, so that it is the schema of the guard that is
/// installed here, needs no network, and lies in nobody's way. An address of the same file serves as well.
pub(crate) const SCHEMA: &str = ".git/guard/schema/guard.json";

/// The text.
pub(crate) fn text(stack: &Stack, imported: &[Imported]) -> String {
    let mut text = format!(
        "# yaml-language-server: $schema={SCHEMA}\n\
         # What guard does here at a commit, at a push and in CI. The line above is for editors:\n\
         # `guard init` keeps that file up to date, `guard schema config` prints it.\n\
         min_version: \"{}\"\n\n",
        oldest()
    );
    text.push_str(
        "# Built-in checks need no entry: the tools that the project has are found.\n\
         #   guard run pre-commit --plan    what would run at a commit, and why\n\
         #   guard explain config           what can be set, and from where it comes\n",
    );
    let tools: Vec<&str> = stack.tools.iter().map(|tool| tool.id).collect();
    if !tools.is_empty() {
        let _ = writeln!(text, "# Found when this was written: {}.", tools.join(", "));
    }
    // Formatters of YAML, each with a taste of its own.
    let formats_yaml = tools
        .iter()
        .any(|tool| ["prettier", "biome"].contains(tool));
    text.push_str(if formats_yaml {
        "checks:\n\
         \x20 format: { exclude: [guard.yaml, schemas/env.yaml] } # as `init` wrote them; take it out once they are formatted\n\
         #   coverage: { min: 80 }        # the share of lines that tests must reach\n\n"
    } else {
        "# checks:\n\
         #   coverage: { min: 80 }        # the share of lines that tests must reach\n\n"
    });
    if imported.is_empty() {
        text.push_str("# Commands of your own stand beside them, for example:\n# commands:\n");
        for line in example(stack).lines() {
            let _ = writeln!(text, "#   {line}");
        }
        return text;
    }
    text.push_str("# {files} stands for the changed files; `needs` keeps an order that mattered before.\ncommands:\n");
    for command in imported {
        text.push_str(&command.text());
    }
    text
}

/// The oldest guard that reads what is written: this one's major and minor number.
fn oldest() -> &'static str {
    concat!(
        env!("CARGO_PKG_VERSION_MAJOR"),
        ".",
        env!("CARGO_PKG_VERSION_MINOR")
    )
}

/// A command that this project is likely to want next.
pub(super) fn example(stack: &Stack) -> String {
    let place = |root: &crate::path::RepoPath| {
        if root.is_root() || root.to_text().contains('\u{fffd}') {
            String::new()
        } else {
            format!("  root: {}\n", yaml::text(&root.to_text()))
        }
    };
    if let Some(package) = stack.uses("Alembic") {
        return format!(
            "migrations:\n  run: alembic check\n{}  files: [\"**/*.py\"]\n  at: [push]\n  branches: [main]\n",
            place(&package.root)
        );
    }
    if let Some(package) = stack.uses("Prisma") {
        return format!(
            "migrations:\n  run: npx prisma validate\n{}  files: [\"**/*.prisma\"]\n  at: [commit, push]\n",
            place(&package.root)
        );
    }
    "smoke:\n  run: ./scripts/smoke.sh\n  files: none\n  at: [push]\n  branches: [main, \"release/*\"]\n".to_owned()
}
