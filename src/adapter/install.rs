//! The command that brings what is missing, in the words of the package manager whose lock file lies there.

use super::Ask;
use super::packager::plug_and_play;
use super::traces;
use crate::path::RepoPath;
use crate::project::{Project, up};
use crate::tool::{Missing, Ran};

/// How a package manager is asked: for what its lock file names, and for one package more.
struct Manager {
    /// Its lock file.
    lock: &'static str,
    install: &'static str,
    add: &'static str,
}

/// Package managers for JavaScript, by lock file.
const NODE: [Manager; 6] = [
    Manager {
        lock: "pnpm-lock.yaml",
        install: "pnpm install --frozen-lockfile",
        add: "pnpm add --save-dev",
    },
    Manager {
        lock: "yarn.lock",
        install: "yarn install",
        add: "yarn add --dev",
    },
    Manager {
        lock: "bun.lock",
        install: "bun install --frozen-lockfile",
        add: "bun add --dev",
    },
    Manager {
        lock: "bun.lockb",
        install: "bun install --frozen-lockfile",
        add: "bun add --dev",
    },
    Manager {
        lock: "package-lock.json",
        install: "npm ci",
        add: "npm install --save-dev",
    },
    Manager {
        lock: "npm-shrinkwrap.json",
        install: "npm ci",
        add: "npm install --save-dev",
    },
];

/// Package managers for Python, by lock file.
const PYTHON: [Manager; 4] = [
    Manager {
        lock: "uv.lock",
        install: "uv sync",
        add: "uv add --dev",
    },
    Manager {
        lock: "poetry.lock",
        install: "poetry install",
        add: "poetry add --group dev",
    },
    Manager {
        lock: "pdm.lock",
        install: "pdm sync",
        add: "pdm add --dev",
    },
    Manager {
        lock: "Pipfile.lock",
        install: "pipenv sync --dev",
        add: "pipenv install --dev",
    },
];

/// A program of a package of npm's world: how it is called from `root`.
pub(super) fn node(
    ask: &Ask<'_>,
    root: &RepoPath,
    package: &str,
    program: &str,
) -> Result<String, Missing> {
    if let Some(found) = ask.finder.node(root, program) {
        return Ok(found);
    }
    let is_named = traces::node_names_above(ask.project, root, package);
    if let Some(missing) = plug_and_play(ask, root, program).filter(|_| is_named) {
        return Err(missing);
    }
    Err(Missing {
        reason: reason(program, is_named, "package.json"),
        remedy: node_remedy(ask.project, root, package, is_named),
    })
}

/// A program of Python's world: how it is called from `root`.
pub(super) fn python(ask: &Ask<'_>, root: &RepoPath, package: &str) -> Result<String, Missing> {
    if let Some(found) = ask.finder.python(root, package) {
        return Ok(found);
    }
    let named = up(root).find(|folder| traces::python_names(ask.project, folder, package));
    Err(Missing {
        reason: reason(package, named.is_some(), "the project's requirements"),
        remedy: python_remedy(ask.project, root, package, named.as_ref()),
    })
}

/// A program of the Rust toolchain.
pub(super) fn rust(ask: &Ask<'_>, program: &str, component: &str) -> Result<String, Missing> {
    ask.finder.on_path(program).ok_or_else(|| Missing {
        reason: format!("`{program}` is not installed"),
        remedy: format!("rustup component add {component}"),
    })
}

fn reason(program: &str, is_named: bool, place: &str) -> String {
    if is_named {
        format!("`{program}` is in {place} and not installed")
    } else {
        format!("`{program}` is configured and not installed")
    }
}

fn node_remedy(project: &Project<'_>, root: &RepoPath, package: &str, is_named: bool) -> String {
    let locks = NODE.each_ref().map(|manager| manager.lock);
    let locked = project.nearest(root, &locks);
    let manager = locked.as_ref().and_then(|(_, lock)| known(&NODE, lock));
    if is_named {
        return match (&locked, manager) {
            (Some((folder, _)), Some(manager)) => within(folder, manager.install),
            _ => within(&manifest_above(project, root), "npm install"),
        };
    }
    let add = manager.map_or("npm install --save-dev", |manager| manager.add);
    within(&manifest_above(project, root), &format!("{add} {package}"))
}

fn manifest_above(project: &Project<'_>, root: &RepoPath) -> RepoPath {
    let manifest = project.nearest(root, &["package.json"]);
    manifest.map_or_else(RepoPath::root, |(folder, _)| folder)
}

fn python_remedy(
    project: &Project<'_>,
    root: &RepoPath,
    package: &str,
    named: Option<&RepoPath>,
) -> String {
    let locks = PYTHON.each_ref().map(|manager| manager.lock);
    let locked = project.nearest(root, &locks);
    let manager = locked.as_ref().and_then(|(_, lock)| known(&PYTHON, lock));
    if let (Some((folder, _)), Some(manager)) = (&locked, manager) {
        return match named {
            Some(_) => within(folder, manager.install),
            None => within(root, &format!("{} {package}", manager.add)),
        };
    }
    let Some(folder) = named else {
        return within(root, &format!("python3 -m pip install {package}"));
    };
    if let Some(file) = traces::requirements_with(project, folder, package) {
        return format!("python3 -m pip install -r {}", quoted(&file.to_text()));
    }
    let manifest = project.toml(&folder.join(b"pyproject.toml"));
    let tool = |name: &str| {
        let tools = manifest.as_ref().and_then(|manifest| manifest.get("tool"));
        tools.is_some_and(|tools| tools.get(name).is_some())
    };
    let command = match () {
        () if tool("poetry") => "poetry install".to_owned(),
        () if tool("uv") => "uv sync".to_owned(),
        () => format!("python3 -m pip install {package}"),
    };
    within(folder, &command)
}

/// For what a tool says is missing while it runs: install all again; then, what shows the rest.
pub(super) fn again(ran: &Ran, see: &str) -> String {
    let lies = |folder: &RepoPath, lock: &str| {
        let path = folder.join(lock.as_bytes()).to_os();
        ran.tops.iter().any(|top| top.join(&path).is_file())
    };
    let managers = || NODE.iter().chain(&PYTHON);
    let found = up(&ran.root).find_map(|folder| {
        let manager = managers().find(|manager| lies(&folder, manager.lock))?;
        Some(within(&folder, manager.install))
    });
    match found {
        Some(install) => format!("{install}; if it stays, `{see}` shows all of it"),
        None => format!("install what it names; `{see}` shows all of it"),
    }
}

fn known<'m>(managers: &'m [Manager], lock: &str) -> Option<&'m Manager> {
    managers.iter().find(|manager| manager.lock == lock)
}

/// A command that is to be run in a folder.
fn within(folder: &RepoPath, command: &str) -> String {
    if folder.is_root() {
        command.to_owned()
    } else {
        format!("cd {} && {command}", quoted(&folder.to_text()))
    }
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./@+".contains(letter);
    if word.chars().all(is_plain) && !word.starts_with('-') {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::rehearsal::Rehearsal;

    fn missing(files: &[(&str, &str)], root: &str) -> String {
        let rehearsal = Rehearsal::of(files);
        rehearsal.asked(|ask| {
            let missing = node(ask, &root.into(), "@biomejs/biome", "biome");
            missing.expect_err("nothing is installed").remedy
        })
    }

    const NAMED: (&str, &str) = (
        "package.json",
        r#"{"devDependencies": {"@biomejs/biome": "2"}}"#,
    );

    #[test]
    fn what_is_named_is_installed_as_its_lock_file_wants_it() {
        for (lock, command) in [
            ("package-lock.json", "npm ci"),
            ("pnpm-lock.yaml", "pnpm install --frozen-lockfile"),
            ("yarn.lock", "yarn install"),
            ("bun.lock", "bun install --frozen-lockfile"),
        ] {
            assert_eq!(missing(&[NAMED, (lock, "")], "apps/web"), command);
        }
        assert_eq!(missing(&[NAMED], ""), "npm install");
    }

    #[test]
    fn what_yarn_keeps_to_itself_is_not_called_missing() {
        let rehearsal = Rehearsal::of(&[NAMED, ("yarn.lock", "")]).installs(&[".pnp.cjs"]);
        let told = |package: &str| {
            let missing = rehearsal.asked(|ask| node(ask, &"apps/web".into(), package, "biome"));
            missing.expect_err("nothing is where guard looks")
        };
        let named = told("@biomejs/biome");
        assert!(named.reason.contains("only Yarn finds it"), "{named:?}");
        assert!(named.remedy.contains("`yarn biome`"), "{named:?}");
        assert_eq!(told("other").remedy, "yarn add --dev other");
    }

    #[test]
    fn what_is_not_named_is_added_where_the_package_is() {
        let files = [("apps/it's/package.json", "{}"), ("pnpm-lock.yaml", "")];
        assert_eq!(
            missing(&files, "apps/it's/src"),
            r"cd 'apps/it'\''s' && pnpm add --save-dev @biomejs/biome"
        );
        assert_eq!(missing(&[], ""), "npm install --save-dev @biomejs/biome");
    }

    #[test]
    fn python_packages_come_by_their_own_managers() {
        for (files, command) in [
            (
                vec![("uv.lock", ""), ("requirements.txt", "no-such-tool")],
                "uv sync",
            ),
            (
                vec![("poetry.lock", "")],
                "poetry add --group dev no-such-tool",
            ),
            (
                vec![("requirements-dev.txt", "no_such_tool==1\n")],
                "python3 -m pip install -r requirements-dev.txt",
            ),
            (
                vec![(
                    "pyproject.toml",
                    "[tool.poetry.group.dev.dependencies]\nno-such-tool='1'",
                )],
                "poetry install",
            ),
            (vec![], "python3 -m pip install no-such-tool"),
        ] {
            let rehearsal = Rehearsal::of(&files);
            let missing = rehearsal.asked(|ask| python(ask, &RepoPath::root(), "no-such-tool"));
            assert_eq!(missing.expect_err("nothing is installed").remedy, command);
        }
    }
}
