//! Whether Docker Compose reads an env file: an `env_file` names it, or it is the `.env` beside a compose file,
//! which compose reads by itself.

use serde_json::Value;

use crate::config::yaml_value;
use crate::dotenv::name::{self, Role};
use crate::path::RepoPath;
use crate::project::{Kind, Project, split, up};

/// Folders in which compose files lie that are about the folder above.
const ASIDE: [&[u8]; 5] = [b"docker", b".docker", b"deploy", b"infra", b".devcontainer"];

/// Of a hostile folder not every file is read.
const MOST: usize = 16;

/// Whether compose reads this file, or what it is an example of.
pub(super) fn reads(project: &Project<'_>, path: &RepoPath) -> bool {
    let (folder, file) = split(path);
    let own = real(path, file);
    up(&folder).any(|place| {
        let is_beside = place == folder;
        let mut files = files(project, &place);
        if is_beside && own == ".env" && !files.is_empty() {
            return true;
        }
        let children = project.about(&place);
        let aside = children
            .iter()
            .filter(|child| child.kind == Kind::Folder && ASIDE.contains(&child.name.as_slice()));
        let aside: Vec<RepoPath> = aside.map(|child| place.join(&child.name)).collect();
        files.extend(aside.iter().flat_map(|folder| self::files(project, folder)));
        let wanted = folder.join(own.as_bytes());
        files.iter().any(|file| names(project, file, &wanted))
    })
}

/// The name of what an example is for: `.env` of `.env.example`.
fn real(path: &RepoPath, file: &[u8]) -> String {
    let name = String::from_utf8_lossy(file).into_owned();
    if name::role(path) != Some(Role::Example) {
        return name;
    }
    match name.rsplit_once('.') {
        Some((real, _)) if real.starts_with(".env") => real.to_owned(),
        _ => ".env".to_owned(),
    }
}

/// The compose files of a folder.
fn files(project: &Project<'_>, folder: &RepoPath) -> Vec<RepoPath> {
    let is_compose = |name: &[u8]| {
        let stem = [&b".yml"[..], b".yaml"]
            .iter()
            .find_map(|end| name.strip_suffix(*end));
        let stem = stem.map(|stem| stem.strip_prefix(b"docker-").unwrap_or(stem));
        stem.is_some_and(|stem| stem == b"compose" || stem.starts_with(b"compose."))
    };
    let children = project.about(folder);
    let found = children
        .iter()
        .filter(|child| child.kind == Kind::File && is_compose(&child.name));
    let found = found.map(|child| folder.join(&child.name));
    // What lies on the disk only is no part of what is judged.
    found.filter(|path| project.has(path)).take(MOST).collect()
}

/// Whether a compose file names an env file.
fn names(project: &Project<'_>, file: &RepoPath, wanted: &RepoPath) -> bool {
    let text = project.text(file).filter(|text| text.contains("env_file"));
    let Some(document) = text.and_then(|text| yaml_value(&text)) else {
        return false;
    };
    let (folder, _) = split(file);
    let services = document.get("services").and_then(Value::as_object);
    let services = services.into_iter().flat_map(|services| services.values());
    let mut named = services.flat_map(|service| match service.get("env_file") {
        Some(Value::Array(several)) => several.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    });
    named.any(|one| {
        let path = one.as_str().or_else(|| one.get("path")?.as_str());
        path.is_some_and(|path| is_at(&folder, path, wanted))
    })
}

/// Whether a path in a compose file leads to a file; what a reference stands for may be anything within a name.
fn is_at(folder: &RepoPath, path: &str, wanted: &RepoPath) -> bool {
    let mut parts: Vec<&str> = Vec::new();
    let folder = folder.to_text();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return false;
                }
            }
            part => parts.push(part),
        }
    }
    let wanted = wanted.to_text();
    let is_same = |(written, real): (&&str, &str)| match written.split_once("${") {
        None => *written == real,
        Some((before, rest)) => {
            let behind = rest.rsplit_once('}').map_or("", |(_, behind)| behind);
            let room = real.len() >= before.len() + behind.len();
            room && real.starts_with(before) && real.ends_with(behind)
        }
    };
    let count = wanted.split('/').count();
    !path.starts_with('/')
        && parts.len() == count
        && parts.iter().zip(wanted.split('/')).all(is_same)
}
