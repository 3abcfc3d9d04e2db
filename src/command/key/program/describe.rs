//! What a program's file is, so that another one in its place is seen.
//!
//! What the package managers and git write into a work tree is known by its content, so that linked
//! work trees agree about it. Everything else is known by its size and its times.

use std::fs::{self, File, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::Place;
use crate::record::Fields;

/// A longer file is known by its size and times.
const LONGEST: u64 = 1 << 20;

/// Files that say which version of a tool a version manager chooses.
const PINS: [&str; 7] = [
    ".node-version",
    ".nvmrc",
    ".python-version",
    ".tool-versions",
    "mise.toml",
    "rust-toolchain",
    "rust-toolchain.toml",
];

/// Adds a program: its path, what it is, what runs it, and the packages that it is made of.
pub(super) fn file(fields: &mut Fields, place: &Place<'_>, path: &Path) {
    name(fields, place, path);
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    name(fields, place, &real);
    let is_in_tree = real.starts_with(place.work_tree);
    let environment = environment(path);
    if is_in_tree && environment.is_none() {
        content(fields, &real);
    } else {
        state(fields, &real);
    }
    packages(fields, path, &real);
    if let Some(environment) = environment {
        python(fields, &environment);
    }
    if is_rustup(path, &real) {
        rustup(fields, place);
    }
    if let Some(interpreter) = interpreter(&real) {
        let search = place.variables.get("PATH");
        let found = which::which_in(&interpreter, search, place.folder);
        state(fields, &found.unwrap_or_else(|_| interpreter.into()));
    }
}

/// Adds what chooses the versions of tools.
pub(super) fn pins(fields: &mut Fields, place: &Place<'_>) {
    let mut folders = vec![place.work_tree];
    if place.folder != place.work_tree {
        folders.push(place.folder);
    }
    for folder in folders {
        for pin in PINS {
            let path = folder.join(pin);
            if path.is_file() {
                fields.text(pin);
                content(fields, &path);
            }
        }
    }
}

/// A path as every linked work tree has it.
fn name(fields: &mut Fields, place: &Place<'_>, path: &Path) {
    match path.strip_prefix(place.work_tree) {
        Ok(below) => fields
            .text("here")
            .bytes(below.as_os_str().as_encoded_bytes()),
        Err(_) => fields.text("at").bytes(path.as_os_str().as_encoded_bytes()),
    };
}

/// A file by its bytes; a long one by its state.
fn content(fields: &mut Fields, path: &Path) {
    let read = || {
        let file = File::open(path).ok()?;
        let about = file.metadata().ok().filter(Metadata::is_file)?;
        let mut bytes = Vec::new();
        file.take(LONGEST + 1).read_to_end(&mut bytes).ok()?;
        (bytes.len() as u64 <= LONGEST).then_some((about, bytes))
    };
    match read() {
        Some((about, bytes)) => {
            fields
                .text("content")
                .number(u64::from(is_executable(&about)))
                .bytes(&bytes);
        }
        None => state(fields, path),
    }
}

/// A file or folder by its size and times.
fn state(fields: &mut Fields, path: &Path) {
    match fs::metadata(path) {
        Ok(about) => {
            fields.text("state").number(about.len());
            times(fields, &about);
        }
        Err(_) => {
            fields.text("nothing");
        }
    }
}

#[cfg(unix)]
fn times(fields: &mut Fields, about: &Metadata) {
    use std::os::unix::fs::MetadataExt as _;
    // The second pair is the system's own: a tool that copies times cannot set it.
    for number in [
        about.mtime(),
        about.mtime_nsec(),
        about.ctime(),
        about.ctime_nsec(),
    ] {
        fields.number(number.cast_unsigned());
    }
    fields.number(u64::from(about.mode()));
}

#[cfg(not(unix))]
fn times(fields: &mut Fields, about: &Metadata) {
    let since = about
        .modified()
        .ok()
        .and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let nanos = since.unwrap_or_default().as_nanos();
    fields.text(&nanos.to_string());
}

#[cfg(unix)]
fn is_executable(about: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &Metadata) -> bool {
    true
}

/// The node package that a program belongs to, by its package.json: that has the version.
fn packages(fields: &mut Fields, path: &Path, real: &Path) {
    let in_packages = |folder: &&Path| {
        let Some(parent) = folder.parent() else {
            return false;
        };
        let is_scope = parent
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"@"));
        let modules = if is_scope {
            parent.parent()
        } else {
            Some(parent)
        };
        modules.is_some_and(|modules| modules.ends_with("node_modules"))
    };
    if let Some(package) = real.ancestors().skip(1).find(in_packages) {
        content(fields, &package.join("package.json"));
    }
    // pnpm puts scripts there instead of links: they say nothing of the version.
    if let Some(bin) = path
        .parent()
        .filter(|bin| bin.ends_with("node_modules/.bin"))
        && let Some(modules) = bin.parent()
        && path
            .symlink_metadata()
            .is_ok_and(|about| !about.is_symlink())
    {
        state(fields, &modules.join(".modules.yaml"));
        if let Some(tool) = path.file_name() {
            content(fields, &modules.join(tool).join("package.json"));
        }
    }
}

/// The Python environment that a program lies in.
fn environment(path: &Path) -> Option<PathBuf> {
    let environment = path.parent()?.parent()?;
    environment
        .join("pyvenv.cfg")
        .is_file()
        .then(|| environment.to_owned())
}

/// What is installed in a Python environment: each change to it changes these folders.
fn python(fields: &mut Fields, environment: &Path) {
    state(fields, &environment.join("pyvenv.cfg"));
    let Ok(versions) = fs::read_dir(environment.join("lib")) else {
        return;
    };
    let mut folders: Vec<PathBuf> = versions.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    for folder in folders {
        state(fields, &folder.join("site-packages"));
    }
}

/// rustup's programs are one file that stays the same when the toolchains behind it change.
fn is_rustup(path: &Path, real: &Path) -> bool {
    real.file_stem().is_some_and(|name| name == "rustup") || path.with_file_name("rustup").is_file()
}

fn rustup(fields: &mut Fields, place: &Place<'_>) {
    let variable = |name: &str| place.variables.get(name).filter(|value| !value.is_empty());
    if let Some(toolchain) = variable("RUSTUP_TOOLCHAIN") {
        fields.bytes(toolchain.as_encoded_bytes());
    }
    let home = match (variable("RUSTUP_HOME"), variable("HOME")) {
        (Some(rustup), _) => PathBuf::from(rustup),
        (None, Some(home)) => Path::new(home).join(".rustup"),
        (None, None) => return,
    };
    content(fields, &home.join("settings.toml"));
    let Ok(hashes) = fs::read_dir(home.join("update-hashes")) else {
        return;
    };
    let mut hashes: Vec<PathBuf> = hashes.flatten().map(|entry| entry.path()).collect();
    hashes.sort();
    for hash in hashes {
        fields.bytes(hash.as_os_str().as_encoded_bytes());
        content(fields, &hash);
    }
}

/// What a script's first line names.
fn interpreter(path: &Path) -> Option<std::ffi::OsString> {
    const FIRST: u64 = 256;
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.metadata().ok().filter(Metadata::is_file)?;
    file.take(FIRST).read_to_end(&mut bytes).ok()?;
    let line = bytes
        .strip_prefix(b"#!")?
        .split(|byte| *byte == b'\n')
        .next()?;
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split_ascii_whitespace();
    let program = words.next()?;
    if !program.ends_with("/env") {
        return Some(program.into());
    }
    let named = words.find(|word| !word.starts_with('-') && !word.contains('='))?;
    Some(named.into())
}
