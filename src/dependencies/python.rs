//! Virtual environments: real folders whose interpreter, scripts and editable installs are the
//! checkout's, and whose packages are links to what is installed.
//!
//! Python does not resolve links when it imports, and finds its environment from the name by which
//! it was started: a real `bin` beside a `pyvenv.cfg` is all it takes. Only files that spell the
//! original's place have to be rewritten: `.pth`, the finders of editable installs, scripts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::repoint::Repoint;
use super::site::{Entry, Site, entries};
use super::want::{Entries, Others, Want, link_like};
use super::{DependencyError, Isolate};
use crate::path::RepoPath;

/// Files that make a folder a Python project.
pub(crate) const MANIFESTS: [&str; 5] = [
    "Pipfile",
    "pyproject.toml",
    "requirements.txt",
    "setup.cfg",
    "setup.py",
];

/// What an environment is called where nobody says otherwise.
pub(crate) const USUAL: [&str; 4] = [".venv", "venv", "env", ".env"];

/// A larger file is a program or data, and spells no place that matters.
const SMALL: u64 = 256 * 1024;

/// The longest first line that every kernel reads whole.
const LONGEST_SHEBANG: usize = 127;

/// What is planned: each environment by its place.
pub(crate) type Plan = BTreeMap<RepoPath, Want>;

/// Plans the environments at the root and at every Python project.
pub(crate) fn plan(site: &Site<'_>) -> Result<Plan, DependencyError> {
    let mut plan = Plan::new();
    for folder in site.folders_with(&MANIFESTS) {
        let whole = site.original.join(folder.to_os());
        let mut names: BTreeSet<_> = USUAL.iter().map(|name| (*name).into()).collect();
        // One by another name is found whenever something else asks for a new plan.
        names.extend(
            entries(&whole)?
                .into_iter()
                .filter(|entry| entry.kind.is_dir())
                .map(|entry| entry.name),
        );
        for name in names {
            let place = folder.join(name.as_bytes());
            let path = whole.join(&name);
            let config = path.join("pyvenv.cfg");
            let usual = USUAL.iter().any(|usual| name == *usual);
            if !usual && !config.exists() || site.judges(&place) {
                continue;
            }
            site.seen.borrow_mut().look(&config);
            if config.exists() {
                plan.insert(place, environment(site, &path)?);
            }
        }
    }
    Ok(plan)
}

/// A whole environment.
fn environment(site: &Site<'_>, path: &Path) -> Result<Want, DependencyError> {
    let mut wants = Entries::new();
    for entry in site.entries(path)? {
        let name = entry.name.as_bytes();
        let want = match name {
            b"bin" => Some(programs(site, &entry)?),
            b"lib" | b"lib64" if entry.kind.is_dir() => Some(libraries(site, &entry)?),
            b"pyvenv.cfg" => Some(configuration(site, &entry)?),
            _ => like(site, &entry)?,
        };
        if let Some(want) = want {
            wants.insert(entry.name, want);
        }
    }
    Ok(Want::Folder(wants, Others::Go))
}

/// The environment's own file: where its interpreter is installed stays as it is.
fn configuration(site: &Site<'_>, entry: &Entry) -> Result<Want, DependencyError> {
    let text = fs::read(&entry.path).map_err(DependencyError::read(&entry.path))?;
    let mut made = Vec::new();
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b"command") {
            made.extend_from_slice(&site.repoint().text(line));
        } else {
            made.extend_from_slice(line);
        }
    }
    Ok(Want::File(made, 0o644))
}

/// `bin`: links as they are, scripts with the checkout's interpreter, programs as links.
fn programs(site: &Site<'_>, bin: &Entry) -> Result<Want, DependencyError> {
    let mut wants = Entries::new();
    for entry in site.entries(&bin.path)? {
        let want = if entry.kind.is_file() {
            match spelled(&site.repoint(), &entry)? {
                Some((text, mode)) => Some(Want::File(short_shebang(text), mode)),
                None => like(site, &entry)?,
            }
        } else {
            like(site, &entry)?
        };
        if let Some(want) = want {
            wants.insert(entry.name, want);
        }
    }
    Ok(Want::Folder(wants, Others::Go))
}

/// `lib`: down to `site-packages`, which is a real folder.
fn libraries(site: &Site<'_>, lib: &Entry) -> Result<Want, DependencyError> {
    let mut wants = Entries::new();
    for version in site.entries(&lib.path)? {
        let want = if version.kind.is_dir() {
            let mut inner = Entries::new();
            for entry in site.entries(&version.path)? {
                let want = if entry.name == "site-packages" && entry.kind.is_dir() {
                    Some(packages(site, &entry)?)
                } else {
                    like(site, &entry)?
                };
                if let Some(want) = want {
                    inner.insert(entry.name, want);
                }
            }
            Some(Want::Folder(inner, Others::Go))
        } else {
            like(site, &version)?
        };
        if let Some(want) = want {
            wants.insert(version.name, want);
        }
    }
    Ok(Want::Folder(wants, Others::Go))
}

/// `site-packages`: one link an entry, and what spells the original rewritten.
fn packages(site: &Site<'_>, folder: &Entry) -> Result<Want, DependencyError> {
    let mut wants = Entries::new();
    for entry in site.entries(&folder.path)? {
        let name = entry.name.as_bytes();
        if name == b"__pycache__" {
            continue;
        }
        let want = if entry.kind.is_file() {
            if name.ends_with(b".pth") {
                site.seen.borrow_mut().look(&entry.path);
            }
            match spelled(&site.repoint(), &entry)? {
                Some((text, mode)) => {
                    site.seen.borrow_mut().look(&entry.path);
                    say_absent(site, name, &text);
                    Some(Want::File(text, mode))
                }
                None => like(site, &entry)?,
            }
        } else if entry.kind.is_dir() && name.ends_with(b".dist-info") {
            metadata(site, &entry)?
        } else {
            like(site, &entry)?
        };
        if let Some(want) = want {
            wants.insert(entry.name, want);
        }
    }
    Ok(Want::Folder(wants, Others::Go))
}

/// What is known of an installed package. Of an editable one it names its source.
fn metadata(site: &Site<'_>, entry: &Entry) -> Result<Option<Want>, DependencyError> {
    let text = fs::read(entry.path.join("direct_url.json")).unwrap_or_default();
    let repoint = site.repoint();
    let moved = repoint.text(&text);
    if moved == text {
        return like(site, entry);
    }
    let mut wants = Entries::new();
    for inner in entries(&entry.path)? {
        if let Some(want) = like(site, &inner)? {
            wants.insert(inner.name, want);
        }
    }
    let url = Want::File(moved.into_owned(), 0o644);
    wants.insert("direct_url.json".into(), url);
    Ok(Some(Want::Folder(wants, Others::Go)))
}

/// An entry that spells nothing: a link to it, or a copy where that is asked for.
fn like(site: &Site<'_>, entry: &Entry) -> Result<Option<Want>, DependencyError> {
    if entry.kind.is_symlink() {
        return Ok(link_like(&site.repoint(), &entry.path).map(Want::Link));
    }
    if entry.kind.is_file() && entry.name.as_bytes().starts_with(b".") {
        // `.gitignore`, `.lock`: small, and written by tools.
        let text = fs::read(&entry.path).map_err(DependencyError::read(&entry.path))?;
        return Ok(Some(Want::File(text, 0o644)));
    }
    Ok(match site.isolate {
        Isolate::Link => Some(Want::Link(entry.path.clone())),
        Isolate::Copy if entry.kind.is_dir() => {
            Some(Want::Tree(entry.path.clone(), Entries::new()))
        }
        Isolate::Copy if entry.kind.is_file() => Some(Want::Clone(entry.path.clone())),
        Isolate::Copy => None,
    })
}

/// The text of a small file that spells the original, rewritten, with its mode.
fn spelled(repoint: &Repoint, entry: &Entry) -> Result<Option<(Vec<u8>, u32)>, DependencyError> {
    let found = fs::symlink_metadata(&entry.path).map_err(DependencyError::read(&entry.path))?;
    if found.len() > SMALL {
        return Ok(None);
    }
    let text = fs::read(&entry.path).map_err(DependencyError::read(&entry.path))?;
    let moved = repoint.text(&text);
    let changed = moved != text && !text.contains(&0);
    Ok(changed.then(|| (moved.into_owned(), found.permissions().mode() & 0o777)))
}

/// A first line that is too long for a kernel becomes the shell's to read, as pip writes it.
fn short_shebang(text: Vec<u8>) -> Vec<u8> {
    let end = text.iter().position(|byte| *byte == b'\n');
    let (line, rest) = text.split_at(end.map_or(text.len(), |end| end + 1));
    let python = line.windows(6).any(|word| word == b"python");
    if line.len() <= LONGEST_SHEBANG || !line.starts_with(b"#!/") || !python {
        return text;
    }
    let program = line[2..].trim_ascii();
    [
        b"#!/bin/sh\n'''exec' \"",
        program,
        b"\" \"$0\" \"$@\"\n' '''\n",
        rest,
    ]
    .concat()
}

/// Says which folder an editable install asks for that the checkout does not have.
fn say_absent(site: &Site<'_>, name: &[u8], text: &[u8]) {
    if !name.ends_with(b".pth") {
        return;
    }
    for line in text.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        let path = super::repoint::path_of(line);
        if let Ok(below) = path.strip_prefix(site.repoint().checkout())
            && !line.starts_with(b"import")
        {
            let place = RepoPath::new(below.as_os_str().as_bytes());
            let installed = USUAL.iter().any(|usual| below.starts_with(usual));
            if !site.judges(&place) && !installed {
                site.note(format!(
                    "{} leads to {place}, which git does not track: it is not in the checkout",
                    String::from_utf8_lossy(name)
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_line_goes_through_the_shell() {
        let short = b"#!/w/.venv/bin/python\nimport x\n".to_vec();
        assert_eq!(short_shebang(short.clone()), short);
        let place = format!("/{}/bin/python3", "x".repeat(130));
        let long = format!("#!{place}\nimport x\n").into_bytes();
        let made = String::from_utf8(short_shebang(long)).unwrap();
        assert_eq!(
            made,
            format!("#!/bin/sh\n'''exec' \"{place}\" \"$0\" \"$@\"\n' '''\nimport x\n")
        );
        let shell = format!("#!/{}/sh\n", "x".repeat(130)).into_bytes();
        assert_eq!(short_shebang(shell.clone()), shell);
    }
}
