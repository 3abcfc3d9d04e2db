//! `tool-NAME`: the program of each command in guard.yaml, where it lies and which version it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::ask::{self, Told};
use super::{World, adapters, shown};
use crate::command::program::{self, Main};
use crate::health::{Line, State};
use crate::process::variables::Variables;

/// A tool that takes longer to say its version is there all the same.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many are asked at once.
const AT_ONCE: usize = 16;
/// More programs are not asked.
const MOST: usize = 64;

/// Programs that have no version worth asking for; some take `--version` for something else.
const PLAIN: [&str; 31] = [
    "[", "awk", "bash", "cat", "cp", "cut", "dash", "date", "diff", "echo", "env", "false", "find",
    "grep", "head", "ls", "mkdir", "mv", "printf", "pwd", "rm", "sed", "sh", "sleep", "sort",
    "tail", "tee", "test", "touch", "tr", "true",
];

/// A tool that something needs.
pub(super) struct Wanted {
    /// The id of its line.
    pub(super) id: String,
    /// The folder in which it runs.
    pub(super) folder: PathBuf,
    pub(super) main: Main,
}

/// Who names tools, each with the tools that it names; one line adds another.
const SOURCES: [fn(&World, &Variables) -> Vec<Wanted>; 2] = [of_commands, adapters::wanted];

pub(super) fn look(world: &World) -> Vec<Line> {
    let variables = world.variables();
    let wanted: Vec<Wanted> = SOURCES
        .iter()
        .flat_map(|named| named(world, &variables))
        .collect();
    if wanted.is_empty() {
        let why = match (&world.repository, &world.config) {
            (Err(_), _) => super::NO_REPOSITORY,
            (_, Some(Ok(_))) => "guard.yaml names no command, and no tool is known here",
            _ => "the configuration is not valid",
        };
        return vec![Line::skipped("tools", why)];
    }
    let versions = versions(&wanted, world.work_tree(), &variables);
    wanted
        .iter()
        .map(|wanted| line(wanted, &versions, world.work_tree()))
        .collect()
}

fn of_commands(world: &World, variables: &Variables) -> Vec<Wanted> {
    let (Some(Ok(loaded)), Some(work_tree)) = (&world.config, world.work_tree()) else {
        return Vec::new();
    };
    let commands = loaded.config.commands.iter();
    commands
        .map(|(name, command)| {
            // It may see a PATH of its own.
            let own = Variables::of(&world.environment, &[], &command.env);
            let own = if command.env.is_empty() {
                variables
            } else {
                &own
            };
            Wanted {
                id: format!("tool-{name}"),
                folder: work_tree.join(command.root.to_os()),
                main: program::main(name, command, own, work_tree),
            }
        })
        .collect()
}

/// What each program says, asked once and side by side.
fn versions(
    wanted: &[Wanted],
    work_tree: Option<&Path>,
    variables: &Variables,
) -> BTreeMap<PathBuf, Told> {
    let mut asked: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    for wanted in wanted {
        if let Main::Found { name, path } = &wanted.main
            && is_asked(name, path, work_tree)
            && asked.len() < MOST
        {
            asked.insert(path.clone(), &wanted.folder);
        }
    }
    let asked: Vec<(PathBuf, &Path)> = asked.into_iter().collect();
    let mut told = BTreeMap::new();
    for some in asked.chunks(AT_ONCE) {
        thread::scope(|scope| {
            let running: Vec<_> = some
                .iter()
                .map(|(path, folder)| {
                    // A folder that is not there is no folder to run in.
                    let folder = if folder.is_dir() {
                        folder
                    } else {
                        Path::new("/")
                    };
                    let ask = move || ask::version(path, folder, variables, PATIENCE);
                    (path.clone(), scope.spawn(ask))
                })
                .collect();
            for (path, running) in running {
                told.insert(path, running.join().unwrap_or(Told::Nothing));
            }
        });
    }
    told
}

/// Whether a program may be asked: a script of the repository may do anything with an argument that it
/// does not know.
fn is_asked(name: &str, path: &Path, work_tree: Option<&Path>) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    !PLAIN.contains(&base) && !is_own_script(path, work_tree)
}

/// Whether a program is the repository's own, and not one that was installed there.
fn is_own_script(path: &Path, work_tree: Option<&Path>) -> bool {
    let below = work_tree.and_then(|work_tree| path.strip_prefix(work_tree).ok());
    below.is_some_and(|below| {
        let installed = |folder: &std::ffi::OsStr| {
            ["node_modules", ".venv", "venv"]
                .iter()
                .any(|name| folder == *name)
        };
        !below.iter().any(installed)
    })
}

fn line(wanted: &Wanted, versions: &BTreeMap<PathBuf, Told>, work_tree: Option<&Path>) -> Line {
    let id = wanted.id.as_str();
    match &wanted.main {
        Main::Missing { name, remedy } => {
            let why = format!("`{name}` was not found");
            match command_in(remedy) {
                Some(command) => Line::new(id, State::Error, why).fix(command),
                None => Line::new(id, State::Error, format!("{why}: {remedy}")),
            }
        }
        Main::Shell => Line::ok(id, "the shell itself"),
        Main::Untold(why) => Line::skipped(id, why),
        Main::Found { name, path } => {
            let place = work_tree.and_then(|work_tree| path.strip_prefix(work_tree).ok());
            let place = shown(place.unwrap_or(path));
            match versions.get(path) {
                None if is_own_script(path, work_tree) => Line::ok(
                    id,
                    format!("{place}, of this repository; not run for its version"),
                ),
                None => Line::ok(id, place),
                Some(Told::Line(said)) => match ask::number(said) {
                    Some(number) => Line::ok(id, format!("{name} {number}, {place}")),
                    None => Line::ok(id, format!("{name}, {place}; it says no version")),
                },
                Some(Told::Nothing) => Line::ok(id, format!("{name}, {place}; it says no version")),
                Some(Told::Late) => {
                    let why = format!(
                        "{name}, {place}: no version within {}s, so it may hang",
                        PATIENCE.as_secs()
                    );
                    Line::new(id, State::Warning, why)
                }
                Some(Told::NotStarted(why)) => Line::new(
                    id,
                    State::Error,
                    format!("{place} cannot be started: {why}"),
                ),
            }
        }
    }
}

/// The command that a remedy is, where it is nothing else.
fn command_in(remedy: &str) -> Option<&str> {
    let inside = remedy.strip_prefix('`')?.strip_suffix('`')?;
    (!inside.contains('`')).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_of_the_repository_is_never_run_and_an_installed_tool_is() {
        let top = Some(Path::new("/repo"));
        for (name, path, asked) in [
            ("eslint", "/repo/node_modules/.bin/eslint", true),
            ("ruff", "/repo/.venv/bin/ruff", true),
            ("cargo", "/home/x/.cargo/bin/cargo", true),
            ("./deploy.sh", "/repo/deploy.sh", false),
            ("deploy", "/repo/bin/deploy", false),
            ("touch", "/usr/bin/touch", false),
            ("/bin/sh", "/bin/sh", false),
        ] {
            assert_eq!(is_asked(name, Path::new(path), top), asked, "{name}");
        }
    }

    #[test]
    fn each_end_has_its_state() {
        let path = PathBuf::from("/usr/bin/frob");
        let of = |told: Option<Told>| {
            let wanted = Wanted {
                id: "tool-x".to_owned(),
                folder: "/".into(),
                main: Main::Found {
                    name: "frob".to_owned(),
                    path: path.clone(),
                },
            };
            let versions = told.map(|told| (path.clone(), told)).into_iter().collect();
            line(&wanted, &versions, None)
        };
        let said = of(Some(Told::Line("Frob v1.2.3".to_owned())));
        assert_eq!(said.reason, "frob 1.2.3, /usr/bin/frob");
        assert_eq!(of(Some(Told::Nothing)).state, State::Ok);
        assert_eq!(of(Some(Told::Late)).state, State::Warning);
        let dead = Told::NotStarted("permission denied".to_owned());
        assert_eq!(of(Some(dead)).state, State::Error);
        assert_eq!(of(None).reason, "/usr/bin/frob");
    }

    #[test]
    fn only_a_whole_command_is_a_fix() {
        assert_eq!(command_in("`pip install x`"), Some("pip install x"));
        assert_eq!(command_in("it lies in `a`: write `b`"), None);
        assert_eq!(command_in("`a` or `b`"), None);
    }
}
