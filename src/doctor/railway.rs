//! `railway`, `railway-cli` and `railway-files`, and the `clock` that Railway's answer tells.
//!
//! A token that is set is shown to Railway, and to nobody else. One that could not be checked is
//! unknown: whoever ships with it would learn it too late. Without any, nothing is asked.

use std::path::Path;
use std::thread;
use std::time::Duration;

use super::ask::{self, Told};
use super::{World, clock, shown};
use crate::clock::Timestamp;
use crate::environment::Environment;
use crate::health::{Line, State};
use crate::railway::api::endpoint_variable;
use crate::railway::token::Kind;
use crate::railway::{Api, ApiError, Identity, Limits, Token, identify, tokens};

/// For all questions to Railway together.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many names are told.
const MOST: usize = 5;

/// Files by which Railway is told what to do, the old ones first.
const FILES: [&str; 5] = [
    "railway.json",
    "railway.toml",
    ".railway/railway.ts",
    ".railway/railway.py",
    ".railway/railway.go",
];
/// From this day on Railway reads the first two no more.
const OLD_FILES_END: &str = "2026-12-01";

pub(super) fn look(world: &World) -> Vec<Line> {
    let (online, cli) = thread::scope(|scope| {
        let cli = scope.spawn(|| cli(world));
        (online(&world.read), cli.join())
    });
    let (mut lines, date) = online;
    let failed = |_| Line::new("railway-cli", State::Unknown, "it could not be looked at");
    lines.push(cli.unwrap_or_else(failed));
    lines.push(files(world));
    lines.push(clock::line(world, date));
    lines
}

/// The tokens, and the time at which Railway answered.
fn online(environment: &Environment) -> (Vec<Line>, Option<Timestamp>) {
    let tokens = tokens(environment);
    if tokens.is_empty() {
        let why = "no RAILWAY_TOKEN and no RAILWAY_API_TOKEN is set; hooks need none";
        return (vec![Line::skipped("railway", why)], None);
    }
    let api = match Api::of(environment, PATIENCE) {
        Ok(api) => api,
        Err(error) => {
            let name = endpoint_variable(environment).unwrap_or_default();
            let why = format!("{name} is not used: {error}");
            let line = Line::new("railway", State::Error, why).fix(format!("unset {name}"));
            return (vec![line], None);
        }
    };
    let mut date = None;
    let mut lines = thread::scope(|scope| {
        let asked: Vec<_> = tokens
            .iter()
            .map(|token| (token, scope.spawn(|| check(&api, token))))
            .collect();
        asked
            .into_iter()
            .map(|(token, asked)| {
                let (line, at) = asked.join().unwrap_or_else(|_| {
                    let why = format!("{} could not be checked", token.variable);
                    (Line::new("railway", State::Unknown, why), None)
                });
                date = date.or(at);
                line
            })
            .collect::<Vec<Line>>()
    });
    if let [line, second] = &mut lines[..] {
        "railway-api-token".clone_into(&mut second.id);
        if line.state == State::Ok {
            line.reason = format!("{}; it serves before RAILWAY_API_TOKEN", line.reason);
        }
    }
    (lines, date)
}

fn check(api: &Api<'_>, token: &Token) -> (Line, Option<Timestamp>) {
    let name = token.variable;
    if !token.is_plain() {
        let why = format!("{name} holds characters that no token has");
        return (
            Line::new("railway", State::Error, why).fix(format!("unset {name}")),
            None,
        );
    }
    let (identity, aside) = identify(api, token);
    let line = match identity {
        Ok(identity) => {
            let place = if api.is_public() {
                String::new()
            } else {
                format!(", at {}", api.endpoint)
            };
            let why = format!("{name}: {}{}{place}", told(&identity), left(aside.limits));
            Line::ok("railway", why)
        }
        Err(error) => trouble(token, &error, api),
    };
    (line, aside.date)
}

fn told(identity: &Identity) -> String {
    match identity {
        Identity::Project {
            project,
            environment,
        } => format!("a project token for `{project}`, environment `{environment}`"),
        Identity::Account { workspaces } => {
            format!("an account token; workspaces: {}", names(workspaces))
        }
        Identity::Workspace { workspaces } => {
            format!("a workspace token for {}", names(workspaces))
        }
    }
}

fn names(names: &[String]) -> String {
    let told: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    match (told.as_slice(), names.len().saturating_sub(MOST)) {
        ([], _) => "none".to_owned(),
        (told, 0) => told.join(", "),
        (told, more) => format!("{} and {more} more", told.join(", ")),
    }
}

fn left(limits: Limits) -> String {
    match (limits.remaining, limits.limit) {
        (Some(left), Some(of)) => format!("; {left} of {of} calls left"),
        (Some(left), None) => format!("; {left} calls left"),
        _ => String::new(),
    }
}

fn trouble(token: &Token, error: &ApiError, api: &Api<'_>) -> Line {
    let name = token.variable;
    let why = format!("{name}: {error}");
    match error {
        ApiError::Refused(_) => {
            // The two kinds are often mistaken for each other.
            let hint = match token.kind {
                Kind::Project => "a project token belongs here, other kinds into RAILWAY_API_TOKEN",
                Kind::Account => {
                    "an account's or workspace's token belongs here, a project's into RAILWAY_TOKEN"
                }
            };
            let why = format!("{why}; {hint}");
            Line::new("railway", State::Error, why).fix(format!("unset {name}"))
        }
        ApiError::Redirect(_) | ApiError::NotRailway(_) => {
            let why = format!("{why}: {}", api.endpoint);
            Line::new("railway", State::Unknown, why).fix("guard doctor")
        }
        _ => Line::new("railway", State::Unknown, why).fix("guard doctor"),
    }
}

/// Railway's own program.
fn cli(world: &World) -> Line {
    let id = "railway-cli";
    let search = world.environment.os("PATH");
    let directory = &world.environment.directory;
    let found = which::which_in_all("railway", search, directory);
    let is_own = |path: &Path| world.work_tree().is_some_and(|top| path.starts_with(top));
    let found = found
        .into_iter()
        .flatten()
        .find(|path| path.is_absolute() && !is_own(path));
    let Some(path) = found else {
        return Line::skipped(id, "no `railway` program on PATH; hooks need none")
            .fix("npm install --global @railway/cli");
    };
    let place = shown(&path);
    let home = world.environment.home();
    // What it holds is a token: only that it is there is told.
    let has_config = home.is_some_and(|home| home.join(".railway/config.json").is_file());
    let config = if has_config {
        "; it has a login or a link in ~/.railway/config.json"
    } else {
        "; no ~/.railway/config.json"
    };
    let told = ask::version(&path, Path::new("/"), &world.variables(), PATIENCE);
    let Told::Line(said) = told else {
        let why = format!("{place} does not say its version{config}");
        return Line::new(id, State::Warning, why);
    };
    let number = ask::number(&said).unwrap_or("of an unknown version");
    Line::ok(id, format!("{number}, {place}{config}"))
}

/// The files in the work tree's top.
fn files(world: &World) -> Line {
    let id = "railway-files";
    let Some(top) = world.work_tree() else {
        let line = world.repository(id).err();
        return line.unwrap_or_else(|| Line::skipped(id, "no work tree here"));
    };
    let found: Vec<&str> = FILES
        .into_iter()
        .filter(|file| {
            top.join(file)
                .symlink_metadata()
                .is_ok_and(|about| about.is_file())
        })
        .collect();
    let is_old = found.iter().any(|file| FILES[..2].contains(file));
    match &found[..] {
        [] => Line::skipped(id, "none at the top of the work tree"),
        found if is_old => {
            let why = format!(
                "{}; Railway reads railway.json and railway.toml only until {OLD_FILES_END}",
                found.join(", ")
            );
            Line::new(id, State::Warning, why)
        }
        found => Line::ok(id, found.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_limits_are_told_in_few_words() {
        let many: Vec<String> = (1..=7).map(|number| format!("w{number}")).collect();
        assert_eq!(names(&many), "w1, w2, w3, w4, w5 and 2 more");
        assert_eq!(names(&[]), "none");
        let limits = |remaining, limit| left(Limits { limit, remaining });
        assert_eq!(limits(Some(9), Some(10)), "; 9 of 10 calls left");
        assert_eq!(limits(Some(9), None), "; 9 calls left");
        assert_eq!(limits(None, Some(10)), "");
    }

    #[test]
    fn without_a_token_nobody_is_asked() {
        let environment = Environment::of("/", [("RAILWAY_TOKEN", "")]);
        let (lines, date) = online(&environment);
        assert_eq!(lines[0].state, State::Skipped);
        assert_eq!((lines.len(), date), (1, None));
    }
}
