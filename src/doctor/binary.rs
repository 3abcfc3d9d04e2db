//! `guard` and `guard-path`: which guard runs, and which one a shell finds. Others have the same name.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::ask::{self, Told};
use super::{World, shown};
use crate::health::{Line, State, quoted};

/// What the output of a `guard --version` of this kind begins with.
const OURS: &str = "guard (railguard)";
/// One that has not said by then what it is, is none of this kind.
const PATIENCE: Duration = Duration::from_secs(1);
/// More of that name are not looked at.
const MOST: usize = 8;

/// A `guard` on PATH.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hit {
    path: PathBuf,
    who: Who,
}

/// Which guard it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    /// The one that runs.
    This,
    /// Another one of the same kind, with what it says.
    Sibling(String),
    /// A tool of the same name, with what it says.
    Foreign(String),
}

pub(super) fn look(world: &World) -> Vec<Line> {
    let about = format!(
        "{}, {} {}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH,
        std::env::consts::OS
    );
    let Some(binary) = &world.binary else {
        let why = format!("{about}; the system does not say where this binary is");
        return vec![Line::new("guard", State::Unknown, why)];
    };
    let guard = Line::ok("guard", format!("{about}, {}", shown(binary)));
    vec![guard, on_path(&hits(world, binary), binary)]
}

/// All of them, in the order of PATH.
fn hits(world: &World, binary: &Path) -> Vec<Hit> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let own = real(binary);
    let search = world.environment.os("PATH");
    let found = which::which_in_all("guard", search, &world.environment.directory);
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in found
        .into_iter()
        .flatten()
        .filter(|path| path.is_absolute())
    {
        if !paths.iter().any(|known| real(known) == real(&path)) && paths.len() < MOST {
            paths.push(path);
        }
    }
    let inside = |path: &Path| {
        let work_tree = world.work_tree();
        work_tree.is_some_and(|work_tree| real(path).starts_with(real(work_tree)))
    };
    let variables = world.variables();
    let who = |path: &Path| {
        if real(path) == own {
            return Who::This;
        }
        // What a repository brings is not started to see what it is.
        if inside(path) {
            return Who::Foreign("in this repository, not asked".to_owned());
        }
        match ask::version(path, Path::new("/"), &variables, PATIENCE) {
            Told::Line(line) if line.starts_with(OURS) => Who::Sibling(line),
            Told::Line(line) => Who::Foreign(line),
            _ => Who::Foreign("it does not say what it is".to_owned()),
        }
    };
    thread::scope(|scope| {
        let who = &who;
        let asked: Vec<_> = paths
            .iter()
            .map(|path| scope.spawn(move || who(path)))
            .collect();
        let told = asked.into_iter().zip(&paths).filter_map(|(asked, path)| {
            let who = asked.join().ok()?;
            Some(Hit {
                path: path.clone(),
                who,
            })
        });
        told.collect()
    })
}

/// What a shell finds, as a line.
fn on_path(hits: &[Hit], binary: &Path) -> Line {
    let id = "guard-path";
    let folder = binary.parent().unwrap_or(binary).to_string_lossy();
    let first = format!("export PATH={}:\"$PATH\"", quoted(&folder));
    let foreign: Vec<String> = hits
        .iter()
        .filter_map(|hit| match &hit.who {
            Who::Foreign(said) => Some(format!("{} ({said})", shown(&hit.path))),
            _ => None,
        })
        .collect();
    let others = match &foreign[..] {
        [] => String::new(),
        several => format!("; other tools of that name: {}", several.join(", ")),
    };
    match hits.first() {
        None => {
            let why = "no `guard` on PATH; hooks find the binary by the path that they recorded";
            Line::new(id, State::Warning, why).fix(first)
        }
        Some(Hit { who: Who::This, .. }) => {
            Line::ok(id, format!("`guard` on PATH is this one{others}"))
        }
        Some(Hit {
            path,
            who: Who::Sibling(said),
        }) => {
            let path = shown(path);
            let why = format!("`guard` on PATH is another one: {path}, {said}{others}");
            Line::new(id, State::Warning, why).fix(first)
        }
        Some(Hit {
            path,
            who: Who::Foreign(said),
        }) => {
            let path = shown(path);
            let why =
                format!("`guard` on PATH is a foreign tool of the same name: {path} ({said})");
            Line::new(id, State::Warning, why).fix(first)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_on_path_counts() {
        let hit = |path: &str, who| Hit {
            path: path.into(),
            who,
        };
        let foreign = || hit("/f/guard", Who::Foreign("Guard version 2.18".to_owned()));
        let this = || hit("/o/guard", Who::This);
        let sibling = || {
            hit(
                "/s/guard",
                Who::Sibling("guard (railguard) 9.9.9".to_owned()),
            )
        };
        for (hits, state, part) in [
            (vec![], State::Warning, "no `guard` on PATH"),
            (vec![this()], State::Ok, "is this one"),
            (
                vec![this(), foreign()],
                State::Ok,
                "of that name: /f/guard (Guard version 2.18)",
            ),
            (
                vec![foreign(), this()],
                State::Warning,
                "foreign tool of the same name: /f/guard (Guard version 2.18)",
            ),
            (vec![sibling(), this()], State::Warning, "railguard) 9.9.9"),
        ] {
            let line = on_path(&hits, Path::new("/o d/guard"));
            assert_eq!(line.state, state, "{line:?}");
            assert!(line.reason.contains(part), "{line:?}");
            let fix = (state != State::Ok).then_some("export PATH='/o d':\"$PATH\"");
            assert_eq!(line.fix.as_deref(), fix);
        }
    }
}
