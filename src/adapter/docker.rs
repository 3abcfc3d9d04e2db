//! `docker build`, where it is asked for: `checks.build.docker: true`.

use std::collections::BTreeSet;

use super::call::{argv, call, unit};
use super::packager::missing_program;
use super::place::{Spot, fault};
use super::telling::{broken, plain, short, telling};
use super::{Adapter, Ask};
use crate::finding::Position;
use crate::finding::code::BUILD_FAILED;
use crate::path::RepoPath;
use crate::project::split;
use crate::tool::{Ear, Heard, Told, Unit};

pub(crate) struct Docker;

struct Built;

/// Words by which docker says that it, or a registry, was out of reach.
const OUT_OF_REACH: [&str; 9] = [
    "Cannot connect to the Docker daemon",
    "failed to connect to the docker API",
    "permission denied while trying to connect",
    "error during connect",
    "failed to resolve source metadata",
    "dial tcp",
    "TLS handshake",
    "toomanyrequests",
    "no space left on device",
];

impl Adapter for Docker {
    fn id(&self) -> &'static str {
        "docker"
    }

    fn check(&self) -> &'static str {
        "build"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        if !ask.settings.docker {
            return Vec::new();
        }
        let folders = ask.changed.iter().filter_map(|change| {
            let (folder, _) = split(&change.path);
            ask.project.nearest(&folder, &["Dockerfile"])
        });
        let roots: BTreeSet<RepoPath> = folders.map(|(folder, _)| folder).collect();
        roots
            .into_iter()
            .map(|root| {
                let program = ask.finder.on_path("docker");
                let made = program.map(|program| {
                    let rest = argv(&["build", "--quiet", "-f", "Dockerfile", "."]);
                    call([vec![program], rest].concat(), &Built)
                });
                let missing = || {
                    missing_program(
                        "docker",
                        "install Docker from https://docs.docker.com/get-docker",
                    )
                };
                unit(ask, "docker", root, made.ok_or_else(missing))
            })
            .collect()
    }
}

impl Ear for Built {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let mut faults = Vec::new();
        if told.exit != 0 {
            if OUT_OF_REACH.iter().any(|words| told.err.contains(words)) {
                return broken(told, "docker build", "docker build -f Dockerfile .");
            }
            let err = plain(told.err);
            let errors = err.lines().rev().find(|line| line.starts_with("ERROR: "));
            let message = errors.map(short).or_else(|| telling(&[&err]));
            let line = err
                .lines()
                .find_map(|line| line.strip_prefix("Dockerfile:")?.trim().parse().ok());
            let spot = Spot {
                path: told.ran.root.join(b"Dockerfile"),
                at: line.map(|line| Position { line, column: 1 }),
            };
            let message =
                message.unwrap_or_else(|| "docker build failed and does not say why".to_owned());
            faults.push(fault(BUILD_FAILED, message, Some(spot)));
        }
        Heard::Judged {
            faults,
            files: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::scene::{Answer, Scene};
    use crate::config::valid::CheckSettings;

    #[test]
    fn images_are_built_only_where_that_is_asked_for() {
        let files = &[("Dockerfile", ""), ("api/Dockerfile", ""), ("api/a.py", "")];
        let scene = Scene::of(files, &["api/a.py"]);
        assert!(scene.said(&Docker).is_empty());
        let scene = scene.with(CheckSettings {
            docker: true,
            ..CheckSettings::default()
        });
        let missing = "api ? `docker` is not on PATH > install Docker from https://docs.docker.com/get-docker";
        assert_eq!(scene.said(&Docker), [missing]);
        let scene = scene.installs(&["bin/docker"]);
        assert_eq!(
            scene.said(&Docker),
            ["api: docker build --quiet -f Dockerfile ."]
        );
    }

    #[test]
    fn a_failing_step_is_a_fault_and_docker_out_of_reach_is_not() {
        let err = "Dockerfile:3\n--------------------\n   3 | >>> RUN exit 1\n--------------------\nERROR: failed to build: failed to solve: process \"/bin/sh -c exit 1\" did not complete successfully: exit code: 1\n";
        assert_eq!(
            Answer {
                exit: 1,
                err,
                ..Answer::default()
            }
            .to(&Built),
            [
                "app/Dockerfile:3:1 BUILD-FAILED ERROR: failed to build: failed to solve: process \"/bin/sh -c exit 1\" did not \
              complete successfully: exit code: 1"
            ]
        );
        let err = "ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is it running?";
        let heard = Answer {
            exit: 1,
            err,
            ..Answer::default()
        }
        .to(&Built);
        assert!(
            heard[0].starts_with("? `docker build` could not judge"),
            "{heard:?}"
        );
    }
}
