//! Packages of the same repository that a project reads as they were built: what lies there may be of any day, so
//! they are built before types are judged.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{CONFIG, DEEPEST, meant};
use crate::adapter::Ask;
use crate::adapter::packager::{Node, missing_program};
use crate::adapter::suite::{script, watches};
use crate::adapter::workspace::{Member, Workspace, World, read};
use crate::path::RepoPath;
use crate::project::{Kind, Project, split};
use crate::tool::{Build, Missing};

/// Under which names a package gives its types, where the project does not ask for others; in the order in which
/// they have to stand there, with the most special one first.
const CONDITIONS: [&str; 5] = ["types", "import", "require", "node", "default"];

/// Endings of the sources that stand for a script of a module.
const SOURCES: [&str; 7] = ["d.ts", "ts", "tsx", "d.mts", "mts", "d.cts", "cts"];

/// What is to be built before `config` in `root` can be judged, in its order. What `reached` names is built by tsc
/// itself.
pub(super) fn builds(
    ask: &Ask<'_>,
    root: &RepoPath,
    config: &RepoPath,
    reached: &BTreeSet<RepoPath>,
) -> Result<Vec<Build>, Missing> {
    let project = ask.project;
    let Some((home, _)) = project.nearest(root, &["package.json"]) else {
        return Ok(Vec::new());
    };
    let Some(workspace) = Workspace::around(project, &home, World::Node) else {
        return Ok(Vec::new());
    };
    let compiler = Compiler::of(project, config, &workspace);
    let is_built_by_tsc = |member: &Member| reached.iter().any(|at| at.is_within(&member.folder));
    let mut builds = Vec::new();
    for member in needed(project, root, &home, &workspace) {
        if compiler.maps(&member.name) || is_built_by_tsc(member) {
            continue;
        }
        let Some(entry) = lost(project, member, &compiler.conditions) else {
            continue;
        };
        match of(ask, member, &workspace.root) {
            Some(build) if builds.contains(&build) => {}
            Some(build) => builds.push(build),
            // Where nothing lies, tsc says so.
            None if !lies(ask, &entry) => {}
            None => return Err(unknown(member, &entry, config)),
        }
    }
    let programs = builds.iter().filter_map(|build| build.run.first());
    for program in programs {
        if ask.finder.on_path(program).is_none() {
            return Err(missing_program(
                program,
                &format!("put `{program}` on PATH"),
            ));
        }
    }
    Ok(builds)
}

/// The packages that the files of a configuration need, however far; what another one needs comes before it.
fn needed<'w>(
    project: &Project<'_>,
    root: &RepoPath,
    home: &RepoPath,
    workspace: &'w Workspace,
) -> Vec<&'w Member> {
    let own = read(project, home.clone(), World::Node);
    // Without a configuration of their own their files belong to this one.
    let is_inside = |member: &&Member| {
        let nearest = project.nearest(&member.folder, &[CONFIG]);
        member.folder != *home && nearest.is_some_and(|(folder, _)| folder == *root)
    };
    let inside: Vec<&Member> = workspace.members.iter().filter(is_inside).collect();
    let mut found = Vec::new();
    let mut seen = BTreeSet::from([home.clone()]);
    for from in std::iter::once(&own).chain(inside) {
        behind(workspace, from, &mut seen, &mut found);
    }
    found
}

/// What one package needs, the deepest first.
fn behind<'w>(
    workspace: &'w Workspace,
    from: &Member,
    seen: &mut BTreeSet<RepoPath>,
    found: &mut Vec<&'w Member>,
) {
    for member in &workspace.members {
        let is_needed = from.needs.contains(&member.name) || from.near.contains(&member.folder);
        if is_needed && seen.insert(member.folder.clone()) {
            behind(workspace, member, seen, found);
            found.push(member);
        }
    }
}

/// What a configuration says about where modules are.
struct Compiler {
    paths: Vec<String>,
    conditions: Vec<String>,
}

impl Compiler {
    fn of(project: &Project<'_>, config: &RepoPath, workspace: &Workspace) -> Self {
        let option = |name: &str| option(project, config, workspace, name, DEEPEST);
        let paths = option("paths");
        let paths = paths.as_ref().and_then(Value::as_object);
        let own = option("customConditions");
        let own = own.as_ref().and_then(Value::as_array);
        let own = own.into_iter().flatten().filter_map(Value::as_str);
        Self {
            paths: paths
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect(),
            conditions: own.chain(CONDITIONS).map(str::to_owned).collect(),
        }
    }

    /// Whether it says itself where a package is: then that is its source.
    fn maps(&self, package: &str) -> bool {
        self.paths
            .iter()
            .any(|pattern| match pattern.split_once('*') {
                // `*` alone is for files of one's own.
                Some(("", _)) => false,
                Some((start, _)) => package.starts_with(start),
                None => pattern == package,
            })
    }
}

/// An option of the compiler, by the configuration or those that it extends.
fn option(
    project: &Project<'_>,
    config: &RepoPath,
    workspace: &Workspace,
    name: &str,
    depth: usize,
) -> Option<Value> {
    let value = project.json(config)?;
    let own = value
        .get("compilerOptions")
        .and_then(|options| options.get(name));
    if own.is_some() || depth == 0 {
        return own.cloned();
    }
    let bases: Vec<&str> = match value.get("extends")? {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    // The last one wins.
    bases.iter().rev().find_map(|base| {
        let base = base_of(project, config, workspace, base)?;
        option(project, &base, workspace, name, depth - 1)
    })
}

fn base_of(
    project: &Project<'_>,
    config: &RepoPath,
    workspace: &Workspace,
    said: &str,
) -> Option<RepoPath> {
    let at = if said.starts_with('.') {
        meant(config, said)?
    } else {
        let mut members = workspace.members.iter();
        members.find_map(|member| {
            let rest = said.strip_prefix(member.name.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| beside(&member.folder, rest))?
        })?
    };
    let text = at.to_text().into_owned();
    let ways = [
        text.clone(),
        format!("{text}.json"),
        format!("{text}/{CONFIG}"),
    ];
    let mut ways = ways.iter().map(|way| RepoPath::from(way.as_str()));
    ways.find(|way| project.has(way))
}

/// Where a package's types are said to be that git has no part of; none where a source stands for them, or the
/// package is no module.
fn lost(project: &Project<'_>, member: &Member, conditions: &[String]) -> Option<RepoPath> {
    let manifest = project.json(&member.folder.join(b"package.json"))?;
    let text = |key: &str| manifest.get(key).and_then(Value::as_str);
    let mut said: Vec<&str> = Vec::new();
    if let Some(exports) = manifest.get("exports") {
        targets(exports, conditions, DEEPEST, &mut said);
    }
    if said.is_empty() {
        said.extend(
            text("types")
                .or_else(|| text("typings"))
                .or_else(|| text("main")),
        );
    }
    let paths = said.into_iter().filter(|target| may_have_types(target));
    let mut paths = paths.filter_map(|target| beside(&member.folder, target));
    paths.find(|path| !is_there(project, path))
}

/// The files that a map of exports names for these conditions.
fn targets<'v>(value: &'v Value, conditions: &[String], depth: usize, found: &mut Vec<&'v str>) {
    match value {
        Value::String(target) => found.push(target),
        Value::Object(map) if depth > 0 => {
            if map.keys().any(|key| key.starts_with('.')) {
                let all = map.values();
                all.for_each(|target| targets(target, conditions, depth - 1, found));
                return;
            }
            // The first that fits counts.
            let fitting = conditions.iter().find_map(|name| map.get(name));
            if let Some(target) = fitting {
                targets(target, conditions, depth - 1, found);
            }
        }
        Value::Array(all) if depth > 0 => {
            if let Some(first) = all.first() {
                targets(first, conditions, depth - 1, found);
            }
        }
        _ => {}
    }
}

/// Whether types can come from such a file; a style sheet has none.
fn may_have_types(target: &str) -> bool {
    let name = target.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        None | Some(("", _)) => !name.is_empty(),
        Some((_, ending)) => {
            ["js", "mjs", "cjs", "jsx"].contains(&ending)
                || SOURCES.iter().any(|source| source.ends_with(ending))
                || ending.contains('*')
        }
    }
}

/// Whether the judged tree has a file, or the source that stands for it; of a pattern, whether it has the folder.
fn is_there(project: &Project<'_>, path: &RepoPath) -> bool {
    let text = path.to_text().into_owned();
    if let Some((before, _)) = text.split_once('*') {
        let folder = split(&RepoPath::from(before.trim_end_matches('/'))).0;
        let folder = match before.strip_suffix('/') {
            Some(folder) => RepoPath::from(folder),
            None => folder,
        };
        return !project.children(&folder).is_empty();
    }
    if project.has(path) {
        return true;
    }
    let (folder, name) = split(path);
    let name = String::from_utf8_lossy(name).into_owned();
    let stem = ["js", "mjs", "cjs", "jsx"]
        .iter()
        .find_map(|ending| name.strip_suffix(&format!(".{ending}")))
        .unwrap_or(&name);
    let is_folder = project
        .children(&folder)
        .iter()
        .any(|child| child.kind == Kind::Folder && child.name == name.as_bytes());
    let has = |folder: &RepoPath, stem: &str| {
        let mut names = SOURCES.iter().map(|source| format!("{stem}.{source}"));
        names.any(|name| project.holds(folder, name.as_bytes()))
    };
    has(&folder, stem)
        || is_folder && (has(path, "index") || project.holds(path, b"index.js"))
        || project.holds(&folder, format!("{name}.js").as_bytes())
}

/// How a package is built: by its own script, else by the workspace's.
fn of(ask: &Ask<'_>, member: &Member, top: &RepoPath) -> Option<Build> {
    let project = ask.project;
    let ends =
        |folder: &&RepoPath| script(project, folder, "build").is_some_and(|text| !watches(&text));
    let folder = [&member.folder, top].into_iter().find(ends)?;
    let (manager, _) = Node::of(project, folder);
    Some(Build {
        folder: folder.clone(),
        run: manager.script("build"),
    })
}

fn lies(ask: &Ask<'_>, entry: &RepoPath) -> bool {
    let text = entry.to_text();
    let before = text.split('*').next().unwrap_or_default();
    ask.finder
        .lies(&RepoPath::root(), before.trim_end_matches('/'))
}

fn unknown(member: &Member, entry: &RepoPath, config: &RepoPath) -> Missing {
    let (folder, name) = (&member.folder, &member.name);
    Missing {
        reason: format!(
            "`{name}` is read as it was built once ({entry}), which git has no part of, and nothing \
             here says how to build it"
        ),
        remedy: format!(
            "add a script `build` to {}, or refer to {folder} in `references` of {config}",
            folder.join(b"package.json")
        ),
    }
}

/// A file by its way from a folder; none outside of it.
fn beside(folder: &RepoPath, said: &str) -> Option<RepoPath> {
    let mut parts = said.split('/').filter(|part| !matches!(*part, "" | "."));
    parts.try_fold(folder.clone(), |at, part| {
        (part != "..").then(|| at.join(part.as_bytes()))
    })
}

#[cfg(test)]
mod tests;
