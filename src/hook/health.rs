//! The hooks as lines of `guard doctor`: there, whose, of which version, and whether they fire.

use std::path::Path;
use std::time::Duration;

use super::error::{HookError, plain, shown};
use super::files::is_executable;
use super::look::{Look, Seen, What, is_program, look};
use super::shim::shim_version;
use super::{Fires, HookName};
use crate::environment::Environment;
use crate::health::{Line, State, quoted};

/// What puts everything right that guard can put right itself.
const INSTALL: &str = "guard install";

/// The folder's line, then one for each hook. `binary` is the guard that asks.
pub fn health(environment: &Environment, binary: Option<&Path>, patience: Duration) -> Vec<Line> {
    match look(environment, patience) {
        Ok(looked) => lines(&looked, binary, is_ci(environment)),
        Err(HookError::NoRepository { .. }) => {
            vec![Line::skipped("hooks", "not in a git repository")]
        }
        Err(HookError::NoWorkTree) => {
            vec![Line::skipped("hooks", "no work tree here, so no hook runs")]
        }
        Err(error) => vec![Line::new("hooks", State::Unknown, error.to_string())],
    }
}

/// Where nobody commits and pushes, no hook is wanted.
fn is_ci(environment: &Environment) -> bool {
    let value = environment.filled("CI");
    value.is_some_and(|value| !matches!(value, "false" | "0"))
}

fn id(name: HookName) -> String {
    format!("hook-{name}")
}

fn lines(looked: &Look, binary: Option<&Path>, is_ci: bool) -> Vec<Line> {
    let place = match &looked.setting {
        Some(setting) => format!("{} ({setting})", looked.folder),
        None => format!("{}, where git looks by itself", looked.folder),
    };
    let folder = match &looked.refusal {
        None => Line::ok("hooks", place),
        // Lines put in by hand may be there all the same.
        Some((why, fix)) => {
            let calls = |seen: &Seen| seen.fires == Some(Fires::Yes);
            let state = if !looked.hooks.is_empty() && looked.hooks.iter().all(calls) {
                State::Ok
            } else {
                State::Error
            };
            Line {
                fix: fix.clone(),
                ..Line::new("hooks", state, why)
            }
        }
    };
    let mut lines = vec![folder];
    lines.extend(looked.hooks.iter().map(|seen| line(seen, binary, is_ci)));
    lines
}

/// One hook. The first thing that is wrong is said.
fn line(seen: &Seen, binary: Option<&Path>, is_ci: bool) -> Line {
    let id = id(seen.name);
    let file = plain(&seen.file);
    let (what, version) = match &seen.what {
        What::Nothing if is_ci => {
            return Line::skipped(
                id,
                "not installed, and CI needs none: it runs `guard run ci`",
            );
        }
        What::Nothing => {
            let why = format!("no {} hook: nothing is judged then", seen.name);
            return Line::new(id, State::Error, why).fix(INSTALL);
        }
        What::Foreign { whose } => {
            let why = format!("{file} is there ({whose}), and does not call guard");
            return Line::new(id, State::Error, why).fix(INSTALL);
        }
        What::Shim { version, .. } => (format!("guard's own, {file}"), *version),
        What::Line { by, version } => (format!("guard's line in {file} ({by})"), *version),
    };
    // husky reads its files with a shell: they need no such bit.
    let is_run = !matches!(&seen.what, What::Line { by, .. } if by.to_string().contains("husky"));
    if is_run && seen.fires.is_some() && !is_executable(&seen.path) {
        let why = format!("{what}: git passes it over, since it is not executable");
        let file = quoted(&seen.path.to_string_lossy());
        return Line::new(id, State::Error, why).fix(format!("chmod +x {file}"));
    }
    if let Some(Fires::No(why)) = &seen.fires {
        let why = format!("{what}: it does not fire: {}", plain(why));
        return Line::new(id, State::Error, why).fix(INSTALL);
    }
    let own = shim_version();
    if let Some(other) = version.filter(|version| *version != own) {
        let why = format!("{what}: of version {other}, and this guard writes version {own}");
        let renew = if other < own {
            Some(renewal(seen))
        } else {
            None
        };
        return Line {
            fix: renew,
            ..Line::new(id, State::Warning, why)
        };
    }
    if let What::Shim { edited: true, .. } = seen.what {
        let why = format!("{what}: edited by hand, so it was not tried");
        return Line::new(id, State::Warning, why).fix(renewal(seen));
    }
    let mut said = what;
    if let What::Shim {
        binary: recorded,
        kept,
        ..
    } = &seen.what
    {
        if let Some(kept) = kept {
            said = format!("{said}, after {}", plain(kept));
        }
        if let Some(trouble) = binary_trouble(recorded.as_deref(), binary) {
            let why = format!("{said}: {trouble}");
            return Line::new(id, State::Warning, why).fix(INSTALL);
        }
    }
    match &seen.fires {
        Some(Fires::Yes) => Line::ok(id, format!("{said}: it fires")),
        Some(Fires::Unproven(why)) => {
            let why = format!("{said}: whether it fires is not proven: {}", plain(why));
            Line::new(id, State::Warning, why)
        }
        // The reason is in the module's own words: it would write files when it runs.
        _ => {
            let why = format!("{said}: not tried here, since that would write files");
            Line::new(id, State::Warning, why).fix(INSTALL)
        }
    }
}

/// What is wrong with the binary that the hook tries first.
fn binary_trouble(recorded: Option<&Path>, own: Option<&Path>) -> Option<String> {
    let recorded = recorded?;
    let named = shown(recorded);
    if !is_program(recorded) {
        return Some(format!("the binary that it names is gone: {named}"));
    }
    let real = |path: &Path| path.canonicalize().ok();
    let is_own = own.is_none_or(|own| real(own) == real(recorded));
    (!is_own).then(|| format!("it calls another guard than this one: {named}"))
}

/// An install leaves a hook that was changed as it is: it has to go first.
fn renewal(seen: &Seen) -> String {
    match &seen.what {
        What::Shim { .. } => {
            let file = quoted(&seen.path.to_string_lossy());
            format!("rm {file} && {INSTALL}")
        }
        _ => INSTALL.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(what: What, fires: Option<Fires>) -> Seen {
        Seen {
            name: HookName::PrePush,
            // Something that can be run.
            path: "/bin/sh".into(),
            file: ".git/hooks/pre-push".to_owned(),
            what,
            fires,
        }
    }

    fn shim(version: u32, edited: bool) -> What {
        What::Shim {
            version: Some(version),
            edited,
            binary: Some("/dev/null/guard".into()),
            kept: None,
        }
    }

    #[test]
    fn each_hook_says_the_first_thing_that_is_wrong() {
        let version = shim_version();
        let by_line = What::Line {
            by: "lefthook",
            version: None,
        };
        let no = Fires::No("why".to_owned());
        for (what, fires, state, part) in [
            (What::Nothing, None, State::Error, "no pre-push hook"),
            (
                What::Foreign { whose: "lefthook" },
                None,
                State::Error,
                "(lefthook), and does not call guard",
            ),
            (
                What::Foreign {
                    whose: "your own hook",
                },
                None,
                State::Error,
                "(your own hook), and does not",
            ),
            (
                shim(version, false),
                Some(no),
                State::Error,
                "does not fire: why",
            ),
            (
                shim(version + 1, false),
                None,
                State::Warning,
                "of version 2",
            ),
            (shim(version, true), None, State::Warning, "edited by hand"),
            (
                shim(version, false),
                Some(Fires::Yes),
                State::Warning,
                "is gone: /dev/null/guard",
            ),
            (by_line, None, State::Warning, "not tried here"),
        ] {
            let line = line(&seen(what, fires), None, false);
            assert_eq!(line.state, state, "{line:?}");
            assert!(line.reason.contains(part), "{line:?}");
        }
        let by_line = What::Line {
            by: "husky",
            version: Some(version),
        };
        let fires = seen(by_line, Some(Fires::Yes));
        assert_eq!(line(&fires, None, false).state, State::Ok);
    }

    #[test]
    fn ci_needs_no_hooks() {
        let line = line(&seen(What::Nothing, None), None, true);
        assert_eq!(line.state, State::Skipped);
        let of = |value| is_ci(&Environment::of("/", [("CI", value)]));
        assert!(of("true") && of("1") && !of("false") && !of("0") && !of(""));
    }
}
