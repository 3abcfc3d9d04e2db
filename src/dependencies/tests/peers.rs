//! The real installers, and the real interpreters run in the checkout: nothing is loaded from the
//! original but what is installed there.
//!
//! They need npm and python3 and, on PATH, pnpm, yarn (classic), bun, uv, and beside that yarn
//! `@yarnpkg/cli-dist`. No test asks a registry: what is installed lies beside the repository.

mod node;
mod python;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::World;
use crate::dependencies::variables;
use crate::environment::Environment;
use crate::process::variables::Variables;

impl World {
    /// The variables that people have, with a home of the test's own.
    fn given(&self) -> Variables {
        let home = self.repo.root.parent().unwrap().join("home");
        fs::create_dir_all(&home).unwrap();
        let path = Environment::read().text("PATH").unwrap().to_owned();
        let root = self.repo.root.display();
        let path = format!("{root}/node_modules/.bin:{root}/.venv/bin:{path}");
        [
            ("PATH", path.as_str()),
            ("HOME", home.to_str().unwrap()),
            ("npm_config_offline", "true"),
            ("npm_config_audit", "false"),
            ("npm_config_fund", "false"),
            ("YARN_ENABLE_IMMUTABLE_INSTALLS", "0"),
            ("YARN_ENABLE_TELEMETRY", "0"),
            ("YARN_ENABLE_NETWORK", "0"),
            ("UV_OFFLINE", "1"),
            ("PIP_NO_INDEX", "1"),
            ("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
        ]
        .map(|(name, value)| (name.into(), value.into()))
        .into_iter()
        .collect()
    }

    /// Runs something in the original, as people do.
    fn run(&self, argv: &[&str]) -> String {
        said(&self.repo.root, &self.given(), argv)
    }

    /// The same with one more.
    fn given_with(&self, name: &str, value: &str) -> Variables {
        let all = self.given();
        let all = all.iter().map(|(name, value)| (name.into(), value.into()));
        all.chain([(name.into(), value.into())]).collect()
    }

    /// Runs something in a folder of the checkout, as guard does.
    fn run_there(&self, folder: &str, argv: &[&str]) -> String {
        self.run_there_with(&self.given(), folder, argv)
    }

    fn run_there_with(&self, given: &Variables, folder: &str, argv: &[&str]) -> String {
        let given = variables(&self.repo.root, &self.checkout, given);
        said(&self.checkout.join(folder), &given, argv)
    }

    /// Fails for a path, on any line, that really lies in the original and is not installed.
    fn assert_judged(&self, output: &str) {
        let mut judged = 0;
        for line in output.lines().filter(|line| line.starts_with('/')) {
            // A file in an archive lies where the archive does.
            let line = Path::new(line);
            let real = line.ancestors().find_map(|path| path.canonicalize().ok());
            let real = real.unwrap();
            let Ok(below) = real.strip_prefix(&self.repo.root) else {
                judged += usize::from(real.starts_with(&self.checkout));
                continue;
            };
            let installed = ["node_modules", "site-packages", ".yarn"];
            let mut parts = below.components();
            assert!(
                parts.any(|part| installed.iter().any(|name| part.as_os_str() == *name)),
                "loaded from the original: {}\n{output}",
                line.display()
            );
        }
        assert!(
            judged > 0,
            "nothing was loaded from the checkout:\n{output}"
        );
    }
}

fn said(directory: &Path, variables: &Variables, argv: &[&str]) -> String {
    // As guard does it: the program is looked for on the child's own PATH.
    let path = variables.get("PATH").unwrap();
    let found = std::env::split_paths(path)
        .map(|folder| folder.join(argv[0]))
        .find(|program| program.is_file());
    let program = found.unwrap_or_else(|| PathBuf::from(argv[0]));
    let output = Command::new(program)
        .args(&argv[1..])
        .current_dir(directory)
        .env_clear()
        .envs(variables.iter())
        .output()
        .unwrap_or_else(|error| panic!("{argv:?}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{argv:?}:\n{out}{err}");
    out
}
