//! `config` and `variables`: guard.yaml and its layers, the user's own file, and what the environment sets.

use super::{World, counted, shown};
use crate::config::{ConfigError, Loaded};
use crate::environment::SECRETS;
use crate::health::{Line, State};

/// More mistakes are counted, not told.
const MOST: usize = 3;

pub(super) fn look(world: &World) -> Vec<Line> {
    vec![config(world), variables(world)]
}

fn config(world: &World) -> Line {
    let id = "config";
    match &world.config {
        None => match world.repository(id) {
            Err(line) => line,
            // The user's own file is wrong, and told below: what it sets could be a layer.
            Ok(_) => Line::skipped(id, "not read, since a file with variables is wrong"),
        },
        Some(Err(error)) => Line::new(id, State::Error, mistakes(error))
            // It shows each with its line.
            .fix("guard run pre-commit --plan"),
        Some(Ok(loaded)) => loaded_line(loaded),
    }
}

fn loaded_line(loaded: &Loaded) -> Line {
    let commands = counted(loaded.config.commands.len() as u64, "command");
    let Some(file) = &loaded.file else {
        let why = "there is no guard.yaml here, so there are no commands to run";
        return Line::new("config", State::Warning, why).fix("guard init");
    };
    let name = file
        .file_name()
        .map_or_else(|| shown(file), |name| name.to_string_lossy().into_owned());
    let others: Vec<&str> = loaded
        .layers()
        .into_iter()
        .filter(|layer| *layer != name)
        .collect();
    let on_top = match &others[..] {
        [] => String::new(),
        several => format!("; on top of it {}", several.join(", ")),
    };
    Line::ok("config", format!("{name} is valid: {commands}{on_top}"))
}

/// The first mistakes, each with its place.
fn mistakes(error: &ConfigError) -> String {
    let problems = error.problems();
    let mut told: Vec<String> = problems
        .iter()
        .take(MOST)
        .map(|problem| match problem.place() {
            Some(place) => format!("{place}: {}", problem.message()),
            None => problem.message().to_owned(),
        })
        .collect();
    if problems.len() > MOST {
        told.push(format!("and {} more", problems.len() - MOST));
    }
    told.join("; ")
}

/// Names only: a value may be a secret.
fn variables(world: &World) -> Line {
    let id = "variables";
    let mut warnings = match &world.settings {
        Ok(warnings) => warnings.clone(),
        Err(error) => {
            let is_tracked = error.to_string().contains("is tracked by git");
            let line = Line::new(id, State::Error, mistakes(error));
            return if is_tracked {
                line.fix("git rm --cached .env.guard")
            } else {
                line
            };
        }
    };
    if let Some(Ok(loaded)) = &world.config {
        warnings.extend(loaded.warnings.iter().cloned());
    }
    let set: Vec<&str> = world
        .read
        .iter()
        .filter_map(|(name, value)| Some((name.to_str()?, value)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, _)| name)
        .filter(|name| is_read(name))
        .collect();
    let from_files: Vec<&str> = set
        .iter()
        .copied()
        .filter(|name| world.environment.os(name).is_none())
        .collect();
    let mut said = match &set[..] {
        [] => "nothing is set that guard reads".to_owned(),
        names => format!("set: {}", names.join(", ")),
    };
    if !from_files.is_empty() {
        said = format!("{said}; from the user's files: {}", from_files.join(", "));
    }
    if world.environment.text("GUARD") == Some("0") {
        let why = "GUARD=0: guard is off in this shell, and each time is recorded";
        return Line::new(id, State::Warning, format!("{why}; {said}")).fix("unset GUARD");
    }
    if world.read.filled("GUARD_SKIP").is_some() {
        let why = "GUARD_SKIP leaves steps out in this shell";
        return Line::new(id, State::Warning, format!("{why}; {said}")).fix("unset GUARD_SKIP");
    }
    match &warnings[..] {
        [] => Line::ok(id, said),
        several => Line::new(
            id,
            State::Warning,
            format!("{}; {said}", several.join("; ")),
        ),
    }
}

/// Whether guard reads a variable of that name, or it looks as if it should.
fn is_read(name: &str) -> bool {
    name == "GUARD"
        || name.starts_with("GUARD_")
        || name == "RAILWAY_GRAPHQL_ENDPOINT"
        || SECRETS.contains(&name)
}
