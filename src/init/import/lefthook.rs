//! lefthook: commands, jobs, groups and scripts of pre-commit and pre-push.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Import, Imported, Source, glob, named_after, one_line, repair};
use crate::config;
use crate::path::RepoPath;
use crate::project::Project;

/// What is written beside hooks.
const SETTINGS: [&str; 14] = [
    "assert_lefthook_installed",
    "colors",
    "glob_matcher",
    "install_non_git_hooks",
    "lefthook",
    "min_version",
    "no_auto_install",
    "no_tty",
    "output",
    "rc",
    "skip_lfs",
    "source_dir",
    "source_dir_local",
    "templates",
];

pub(super) fn import(source: Source<'_>, import: &mut Import) {
    let project = source.project;
    let mut managers = source.stack.hook_managers.iter();
    let Some(found) = managers.find(|manager| manager.id == "lefthook") else {
        import.leave("lefthook", "there is no configuration of it here");
        return;
    };
    let file = found.file.to_text().into_owned();
    let Some(config) = read(project, &found.file) else {
        import.leave(file, "it cannot be read");
        return;
    };
    let Some(map) = config.as_object() else {
        import.leave(file, "it is no map of hooks");
        return;
    };
    for (key, value) in map {
        let at = match key.as_str() {
            "pre-commit" => vec!["commit", "ci"],
            "pre-push" => vec!["push", "ci"],
            "extends" | "remotes" | "remote" => {
                import.leave(format!("{file}: {key}"), "other files are not followed");
                continue;
            }
            setting if SETTINGS.contains(&setting) => continue,
            _ => {
                import.leave(
                    format!("{file}: {key}"),
                    "guard has no such hook; lefthook goes on running it",
                );
                continue;
            }
        };
        let reader = Reader {
            from: source,
            file: &file,
            source: config["source_dir"].as_str().unwrap_or(".lefthook"),
            doublestar: config["glob_matcher"].as_str() == Some("doublestar"),
            hook: key,
            at,
        };
        reader.section(import, value);
    }
    for local in ["lefthook-local.yml", ".lefthook-local.yml"] {
        if project.has(&local.into()) {
            import.leave(
                local,
                "it is for one machine; guard.local.yaml is its counterpart",
            );
        }
    }
}

fn read(project: &Project<'_>, file: &RepoPath) -> Option<Value> {
    let name = file.to_text();
    if name.ends_with(".json") {
        return project.json(file).map(|value| (*value).clone());
    }
    if name.ends_with(".toml") {
        return serde_json::to_value(&*project.toml(file)?).ok();
    }
    config::yaml_value(&project.text(file)?)
}

struct Reader<'a> {
    from: Source<'a>,
    file: &'a str,
    source: &'a str,
    doublestar: bool,
    hook: &'a str,
    at: Vec<&'static str>,
}

/// What a job inherits from its hook and its groups.
#[derive(Clone, Default)]
struct Inherited {
    root: String,
    globs: Vec<String>,
    exclude: Vec<String>,
    env: BTreeMap<String, String>,
    branches: Vec<String>,
    /// During what lefthook skips it.
    states: Vec<String>,
}

impl Reader<'_> {
    fn section(&self, import: &mut Import, section: &Value) {
        let what = format!("{}: {}", self.file, self.hook);
        let Some(map) = section.as_object() else {
            return;
        };
        let mut over = Inherited::default();
        if let Err(reason) = Self::conditions(map, &mut over) {
            import.leave(what, reason);
            return;
        }
        let globs = texts(&map.get("exclude").cloned().unwrap_or_default());
        over.exclude = globs;
        let mut before = None;
        let in_order = map.get("piped").and_then(Value::as_bool) == Some(true);
        for (name, command) in map
            .get("commands")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let what = format!("{what}.commands.{name}");
            self.job(import, &what, Some(name), command, &over, &mut before);
            before = before.filter(|_| in_order);
        }
        for (name, script) in map
            .get("scripts")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let what = format!("{what}.scripts.{name}");
            let run = self.script(name, script);
            self.run(import, &what, name, &run, script, &over, &mut before);
            before = before.filter(|_| in_order);
        }
        self.jobs(import, &what, section, &over, &mut before);
    }

    /// A list of jobs, groups within it too.
    fn jobs(
        &self,
        import: &mut Import,
        what: &str,
        holder: &Value,
        over: &Inherited,
        before: &mut Option<String>,
    ) {
        let in_order = holder["piped"].as_bool() == Some(true);
        for (at, job) in holder["jobs"].as_array().into_iter().flatten().enumerate() {
            let name = job["name"].as_str();
            let what = match name {
                Some(name) => format!("{what}.jobs.{name}"),
                None => format!("{what}.jobs[{at}]"),
            };
            self.job(import, &what, name, job, over, before);
            if !in_order {
                *before = None;
            }
        }
    }

    fn job(
        &self,
        import: &mut Import,
        what: &str,
        name: Option<&str>,
        job: &Value,
        over: &Inherited,
        before: &mut Option<String>,
    ) {
        if let Some(group) = job.get("group") {
            let mut inner = over.clone();
            let map = job.as_object().cloned().unwrap_or_default();
            if let Err(reason) = Self::conditions(&map, &mut inner) {
                import.leave(what, reason);
                return;
            }
            self.inherit(&map, &mut inner);
            self.jobs(import, what, group, &inner, before);
            return;
        }
        if let Some(script) = job["script"].as_str() {
            let run = self.script(script, job);
            self.run(
                import,
                what,
                name.unwrap_or(script),
                &run,
                job,
                over,
                before,
            );
            return;
        }
        match job["run"].as_str() {
            Some(run) if run.contains("guard hook ") => {}
            Some(run) => {
                let name = name.map_or_else(|| named_after(run), str::to_owned);
                self.run(import, what, &name, run, job, over, before);
            }
            None => import.leave(what, "it runs nothing that guard can see"),
        }
    }

    /// One command line.
    #[expect(
        clippy::too_many_arguments,
        reason = "a job is as much as it is told, and where"
    )]
    fn run(
        &self,
        import: &mut Import,
        what: &str,
        name: &str,
        run: &str,
        job: &Value,
        over: &Inherited,
        before: &mut Option<String>,
    ) {
        let said = format!("{what} `{}`", one_line(run));
        let map = job.as_object().cloned().unwrap_or_default();
        let mut over = over.clone();
        if let Err(reason) = Self::conditions(&map, &mut over) {
            import.leave(said, reason);
            return;
        }
        self.inherit(&map, &mut over);
        if map.contains_key("files") {
            import.leave(
                said,
                "it makes a list of files of its own; in guard.yaml `files` are patterns",
            );
            return;
        }
        for key in ["use_stdin", "interactive"] {
            if map.get(key).and_then(Value::as_bool) == Some(true) {
                import.leave(
                    said,
                    format!("`{key}`: a command of guard's reads no standard input"),
                );
                return;
            }
        }
        let mut line = run.to_owned();
        for list in ["{staged_files}", "{push_files}", "{files}"] {
            for form in [format!("\"{list}\""), format!("'{list}'"), list.to_owned()] {
                line = line.replace(&form, "{files}");
            }
        }
        let rest = line.replace("{files}", "");
        let asked = [
            "{all_files}",
            "{cmd}",
            "{lefthook_job_name}",
            "{0}",
            "{1}",
            "{2}",
        ];
        if let Some(asked) = asked.iter().find(|asked| rest.contains(**asked)) {
            import.leave(said, format!("guard has no counterpart of `{asked}`"));
            return;
        }
        let is_commit = self.at[0] == "commit";
        let fixes = map.get("stage_fixed").and_then(Value::as_bool) == Some(true) && is_commit;
        import.imported.push(
            Imported {
                name: name.to_owned(),
                from: what.to_owned(),
                at: self.at.clone(),
                files: over
                    .globs
                    .iter()
                    .map(|pattern| glob::below(&over.root, pattern))
                    .collect(),
                exclude: over
                    .exclude
                    .iter()
                    .map(|pattern| glob::below(&over.root, pattern))
                    .collect(),
                root: over.root.trim_matches('/').to_owned(),
                branches: over.branches,
                env: over.env,
                needs: before.take().into_iter().collect(),
                note: joined(self.from.twice(run), during(&over.states)),
                run: line,
                ..Imported::default()
            }
            .repairing(fixes || repair::writes(run)),
        );
        *before = Some(what.to_owned());
    }

    fn script(&self, name: &str, job: &Value) -> String {
        let path = format!("{}/{}/{name}", self.source.trim_end_matches('/'), self.hook);
        match job["runner"].as_str() {
            Some(runner) => format!("{runner} {path}"),
            None if path.starts_with(['/', '.']) => path,
            None => format!("./{path}"),
        }
    }

    fn inherit(&self, map: &Map<String, Value>, over: &mut Inherited) {
        let get = |key: &str| map.get(key).cloned().unwrap_or_default();
        if let Some(root) = get("root").as_str() {
            root.trim_matches('/').clone_into(&mut over.root);
        }
        let wide = |pattern: String| {
            if self.doublestar {
                pattern
            } else {
                glob::over_folders(&pattern)
            }
        };
        let globs = texts(&get("glob"));
        if !globs.is_empty() {
            over.globs = globs.into_iter().map(wide).collect();
        }
        over.exclude
            .extend(texts(&get("exclude")).into_iter().map(wide));
        for (name, value) in get("env").as_object().into_iter().flatten() {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            over.env.insert(name.clone(), value);
        }
    }

    /// `skip` and `only`; the reason where a job has conditions that guard.yaml cannot say.
    fn conditions(map: &Map<String, Value>, over: &mut Inherited) -> Result<(), String> {
        match map.get("skip") {
            None | Some(Value::Bool(false) | Value::Null) => {}
            Some(Value::Bool(true)) => return Err("it is switched off there (`skip: true`)".into()),
            Some(skip) => {
                // What is committed then is judged as well: that is said, and no reason to leave the job.
                let states = ["merge", "rebase", "merge-commit"];
                let items = skip
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![skip.clone()]);
                let all = items
                    .iter()
                    .all(|item| item.as_str().is_some_and(|item| states.contains(&item)));
                if all {
                    let items = items.iter().filter_map(Value::as_str);
                    over.states.extend(items.map(str::to_owned));
                } else {
                    return Err("`skip` has a condition that guard.yaml cannot say; `branches` says where a command runs".into());
                }
            }
        }
        match map.get("only") {
            None | Some(Value::Bool(true) | Value::Null) => Ok(()),
            Some(only) => {
                let items = only
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![only.clone()]);
                let branch = |item: &Value| item["ref"].as_str().map(str::to_owned);
                let branches: Option<Vec<String>> = items.iter().map(branch).collect();
                match branches {
                    Some(branches) if !branches.is_empty() => {
                        over.branches = branches;
                        Ok(())
                    }
                    _ => Err("`only` has a condition that guard.yaml cannot say".into()),
                }
            }
        }
    }
}

/// What is said of a job that lefthook skips during a merge and the like.
fn during(states: &[String]) -> Option<String> {
    let known: BTreeSet<&str> = states.iter().map(String::as_str).collect();
    let list = known.into_iter().collect::<Vec<_>>().join(", ");
    (!list.is_empty()).then(|| format!("lefthook had `skip: {list}`; guard runs it then too"))
}

/// Two notes as one.
fn joined(first: Option<String>, second: Option<String>) -> Option<String> {
    match (first, second) {
        (Some(first), Some(second)) => Some(format!("{first}; {second}")),
        (first, second) => first.or(second),
    }
}

/// A text or a list of texts.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(all) => all
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}
