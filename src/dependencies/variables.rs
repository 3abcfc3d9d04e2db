//! The variables of a tool that runs in the checkout: none leads it back into the original.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use super::folder::Folder;
use super::repoint::Repoint;
use super::{beside, editable};
use crate::process::variables::Variables;

/// What keeps tools from writing into an installation that they see through links, or from making
/// one of their own. Set over whatever the user has.
const HANDS_OFF: [(&str, &str); 2] = [
    // `uv run` installs before it runs.
    ("UV_NO_SYNC", "1"),
    // pnpm since version 11.
    ("pnpm_config_verify_deps_before_run", "false"),
];

/// The same for pnpm before version 11; npm complains about it, so only where pnpm is at home.
const HANDS_OFF_OLD_PNPM: (&str, &str) = ("npm_config_verify_deps_before_run", "false");

/// What pnpm leaves at the root of a project of its own.
const OF_PNPM: [&str; 2] = ["pnpm-lock.yaml", "pnpm-workspace.yaml"];

/// Where a tool keeps what it builds, if the user says so; an absolute place is shared by all
/// work trees, and the last that built there would be what runs.
const TARGETS: [&str; 2] = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"];

/// The child's variables with every mention of the original work tree re-pointed into the
/// checkout, and with what keeps tools from writing through links into the user's installation.
pub fn variables(original: &Path, checkout: &Path, variables: &Variables) -> Variables {
    let repoint = Repoint::new(original, checkout);
    let own = beside(checkout);
    // A work tree may be the home folder itself: then only what the checkout has is meant.
    let all = variables
        .get("HOME")
        .is_none_or(|home| repoint.below(Path::new(home)).is_none());
    let wanted = |path: &Path| all || path != checkout && path.exists();
    let mut made: BTreeMap<OsString, OsString> = variables
        .iter()
        .map(|(name, value)| (name.to_owned(), repoint.os(value, &wanted)))
        .collect();
    let is_pnpms = OF_PNPM.iter().any(|file| checkout.join(file).exists());
    let old_pnpm = is_pnpms.then_some(HANDS_OFF_OLD_PNPM);
    for (name, value) in HANDS_OFF.into_iter().chain(old_pnpm) {
        made.insert(name.into(), value.into());
    }
    // Bytecode lies beside its source unless told otherwise, and the source of what is installed
    // is reached through a link.
    made.entry("PYTHONPYCACHEPREFIX".into())
        .or_insert_with(|| own.join("pycache").into());
    shadow(&repoint, &own, &mut made);
    for name in TARGETS {
        if let Some(target) = made.get_mut(OsStr::new(name))
            && is_shared(target, checkout)
        {
            *target = own.join("target").into();
        }
    }
    if shares_target(checkout, variables) {
        made.entry("CARGO_TARGET_DIR".into())
            .or_insert_with(|| own.join("target").into());
    }
    made.into_iter().collect()
}

/// Puts the checkout's packages before editable installs of the original's in environments that
/// cannot be mirrored, because they lie elsewhere.
fn shadow(repoint: &Repoint, own: &Path, made: &mut BTreeMap<OsString, OsString>) {
    let known = ["VIRTUAL_ENV", "CONDA_PREFIX"].map(|name| made.contains_key(OsStr::new(name)));
    let given: Variables = made.clone().into_iter().collect();
    if !known.contains(&true)
        && let Some(environment) = editable::elsewhere(repoint, &given)
    {
        made.insert("VIRTUAL_ENV".into(), environment.into());
    }
    let given: Variables = made.clone().into_iter().collect();
    let found = editable::find(repoint, &given);
    let mut folders: Vec<PathBuf> = found.folders.into_iter().collect();
    if !found.renamed.is_empty() {
        folders.insert(0, rename(own, &found.renamed));
    }
    if !folders.is_empty() {
        let path = editable::in_front(&folders, given.get("PYTHONPATH"));
        made.insert("PYTHONPATH".into(), path);
    }
}

/// A folder in which these packages lie by their own names.
fn rename(own: &Path, packages: &BTreeSet<(String, PathBuf)>) -> PathBuf {
    #[cfg(unix)]
    if let Some(above) = own.parent()
        && let Some(name) = own.file_name()
    {
        // The folder beside was made with the checkout, so that this fails only when that broke.
        let _ = Folder::open(above)
            .and_then(|above| above.make(name)?.make(OsStr::new("python")))
            .and_then(|folder| {
                let link = |(name, place): &(String, PathBuf)| folder.link(name.as_ref(), place);
                packages.iter().try_for_each(link)
            });
    }
    #[cfg(not(unix))]
    let _ = packages;
    own.join("python")
}

/// Whether this target folder is one for several work trees.
fn is_shared(target: &OsStr, checkout: &Path) -> bool {
    let target = Path::new(target);
    target.is_absolute() && !target.starts_with(checkout)
}

/// Whether a configuration file of cargo names an absolute target folder.
fn shares_target(checkout: &Path, variables: &Variables) -> bool {
    let home = variables
        .get("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(Path::new(variables.get("HOME")?).join(".cargo")));
    let folders = [Some(checkout.join(".cargo")), home];
    folders.into_iter().flatten().any(|folder| {
        ["config.toml", "config"].iter().any(|name| {
            let text = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            let config: CargoConfig = toml::from_str(&text).unwrap_or_default();
            config
                .build
                .target_dir
                .is_some_and(|target| is_shared(target.as_ref(), checkout))
        })
    })
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct CargoConfig {
    build: CargoBuild,
}

#[derive(Default, serde::Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct CargoBuild {
    target_dir: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(given: &[(&str, &str)]) -> BTreeMap<String, String> {
        let given: Variables = given
            .iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        variables(Path::new("/w/app"), Path::new("/s/tree"), &given)
            .iter()
            .map(|(name, value)| {
                let text = |word: &OsStr| word.to_str().unwrap().to_owned();
                (text(name), text(value))
            })
            .collect()
    }

    #[test]
    fn every_mention_leads_into_the_checkout() {
        let made = made(&[
            ("PATH", "/w/app/node_modules/.bin:/bin:/w/app/.venv/bin"),
            ("VIRTUAL_ENV", "/w/app/.venv"),
            ("PYTHONPATH", "/w/app/src"),
            ("NODE_PATH", "/w/app/lib:/opt/lib"),
            ("npm_package_json", "/w/app/package.json"),
            ("INIT_CWD", "/w/app"),
            ("CFLAGS", "-I/w/app/include"),
            ("OTHER", "/w/application"),
        ]);
        assert_eq!(
            made["PATH"],
            "/s/tree/node_modules/.bin:/bin:/s/tree/.venv/bin"
        );
        assert_eq!(made["VIRTUAL_ENV"], "/s/tree/.venv");
        assert_eq!(made["PYTHONPATH"], "/s/tree/src");
        assert_eq!(made["NODE_PATH"], "/s/tree/lib:/opt/lib");
        assert_eq!(made["npm_package_json"], "/s/tree/package.json");
        assert_eq!(made["INIT_CWD"], "/s/tree");
        assert_eq!(made["CFLAGS"], "-I/s/tree/include");
        assert_eq!(made["OTHER"], "/w/application");
        assert!(!made.values().any(|value| value.contains("/w/app/")));
    }

    #[test]
    fn tools_keep_their_hands_off_what_is_installed() {
        let made = made(&[("UV_NO_SYNC", "0")]);
        assert_eq!(made["UV_NO_SYNC"], "1");
        assert_eq!(made["PYTHONPYCACHEPREFIX"], "/s/tree-own/pycache");
        assert!(!made.contains_key("CARGO_TARGET_DIR"));
    }

    #[test]
    fn a_target_for_several_work_trees_gets_one_of_its_own() {
        for (given, expected) in [
            ("/shared/target", "/s/tree-own/target"),
            ("/w/app/target", "/s/tree/target"),
            ("target/ci", "target/ci"),
        ] {
            assert_eq!(
                made(&[("CARGO_TARGET_DIR", given)])["CARGO_TARGET_DIR"],
                expected
            );
        }
    }

    #[test]
    fn a_target_from_a_configuration_file_is_seen() {
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join("config.toml");
        let cargo_home = home.path().to_str().unwrap();
        std::fs::write(&config, "[build]\ntarget-dir = \"/shared\"\n").unwrap();
        let with = made(&[("CARGO_HOME", cargo_home)]);
        assert_eq!(with["CARGO_TARGET_DIR"], "/s/tree-own/target");
        std::fs::write(&config, "[build]\ntarget-dir = \"out\"\n").unwrap();
        assert!(!made(&[("CARGO_HOME", cargo_home)]).contains_key("CARGO_TARGET_DIR"));
    }

    #[test]
    fn a_home_that_is_the_work_tree_stays_home() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().canonicalize().unwrap();
        let checkout = home.join(".state/tree");
        std::fs::create_dir_all(checkout.join("bin")).unwrap();
        let given: Variables = [
            ("HOME", home.clone()),
            ("PATH", home.join("bin")),
            ("XDG_CACHE_HOME", home.join(".cache")),
        ]
        .map(|(name, value)| (name.into(), value.into_os_string()))
        .into_iter()
        .collect();
        let made = variables(&home, &checkout, &given);
        // The folder itself is there in the checkout's form too, but it is where people live.
        assert_eq!(made.get("HOME"), Some(home.as_os_str()));
        assert_eq!(made.get("PATH"), Some(checkout.join("bin").as_os_str()));
        assert_eq!(
            made.get("XDG_CACHE_HOME"),
            Some(home.join(".cache").as_os_str())
        );
    }
}
