//! `registry`: where a ship would be written down, as far as that can be known before the first one.
//!
//! Nothing is opened: there is no registry yet, and a look must not make one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{World, disk, shown};
use crate::environment::Environment;
use crate::health::{Line, State};
use crate::repository::Repository;

/// A long history is not walked to its end for one id.
const PATIENCE: Duration = Duration::from_millis(800);

pub(super) fn look(world: &World) -> Vec<Line> {
    let id = "registry";
    if let Some(url) = world.read.filled("GUARD_REGISTRY_URL") {
        return vec![match form(url) {
            Ok(what) => Line::ok(id, format!("GUARD_REGISTRY_URL: {what}; not opened")),
            // The address may hold a password.
            Err(why) => Line::new(id, State::Error, format!("GUARD_REGISTRY_URL {why}"))
                .fix("unset GUARD_REGISTRY_URL"),
        }];
    }
    let repository = match world.repository(id) {
        Ok(repository) => repository,
        Err(line) => return vec![line],
    };
    let Some(home) = state_home(&world.environment) else {
        let why = "there is no home folder to keep it in";
        return vec![Line::new(id, State::Warning, why)];
    };
    let root = root_commit(repository).unwrap_or_else(|| "<root commit>".to_owned());
    let file = home.join("guard").join(root).join("registry.sqlite");
    let place = shown(&file);
    vec![match disk::writable(&file) {
        Ok(()) => Line::ok(
            id,
            format!("will be {place}; nothing was shipped from here yet"),
        ),
        Err(why) => {
            let why = format!("{place} could not be written: {why}");
            Line::new(id, State::Warning, why)
        }
    }]
}

/// What an address names.
fn form(url: &str) -> Result<String, &'static str> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        return match path {
            "" => Err("names no file: write sqlite:PATH"),
            path => Ok(format!("SQLite at {path}")),
        };
    }
    let rest = url
        .strip_prefix("postgres://")
        .or_else(|| url.strip_prefix("postgresql://"))
        .ok_or("is neither sqlite:PATH nor postgres://…")?;
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-._:[]".contains(letter);
    if host.is_empty() || !host.chars().all(plain) {
        return Err("names no host: write postgres://USER:PASSWORD@HOST/DATABASE");
    }
    // A password with an `@` or `/` in it would show a part of itself as the host.
    Ok("PostgreSQL".to_owned())
}

pub(super) fn state_home(environment: &Environment) -> Option<PathBuf> {
    let named = environment.os("XDG_STATE_HOME").map(Path::new);
    // A relative one is to be ignored, says its standard.
    match named.filter(|named| named.is_absolute()) {
        Some(named) => Some(named.to_owned()),
        None => Some(environment.home()?.join(".local/state")),
    }
}

/// The id of the first commit; none where there are several or none, or the history is too long.
fn root_commit(repository: &Repository) -> Option<String> {
    let git = repository.git().ok()?.clone().within(PATIENCE);
    let answer = git.ask(&["rev-list", "--max-parents=0", "HEAD", "--"]);
    let answer = answer.ok().filter(crate::process::git::Answer::good)?;
    let text = String::from_utf8(answer.out).ok()?;
    let mut ids = text.lines();
    let id = ids.next()?;
    let is_id = id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_id && ids.next().is_none()).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_judged_and_never_repeated() {
        for (url, good) in [
            ("sqlite:/var/guard.sqlite", true),
            ("postgres://guard:hunter22@db.test:5432/guard", true),
            ("postgresql://db.test/guard?sslmode=require", true),
            ("sqlite:", false),
            ("postgres://", false),
            ("postgres://u:hunter22@/guard", false),
            ("mysql://u:hunter22@db.test/guard", false),
            ("", false),
        ] {
            let told = form(url);
            assert_eq!(told.is_ok(), good, "{url}");
            let said = told.unwrap_or_else(str::to_owned);
            assert!(!said.contains("hunter22"), "{said}");
        }
    }
}
