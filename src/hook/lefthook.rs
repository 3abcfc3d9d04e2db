//! guard as one job in lefthook.yml, added as text so that everything else stays as it is.
//!
//! lefthook skips a job when its own list of changed files is empty, and that list is wrong when a
//! branch is pushed that is not checked out. A job that names `{files}` with a list of its own is
//! never skipped; so guard's does.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::HookName;
use super::Missing;
use super::shell::{Joined, MARK, insert, is_ours};
use super::yaml::{Line, first_busy, lines, parse};

/// Where lefthook looks for its configuration, in its own order.
const FILES: [&str; 12] = [
    "lefthook.yml",
    "lefthook.yaml",
    "lefthook.toml",
    "lefthook.json",
    ".lefthook.yml",
    ".lefthook.yaml",
    ".lefthook.toml",
    ".lefthook.json",
    ".config/lefthook.yml",
    ".config/lefthook.yaml",
    ".config/lefthook.toml",
    ".config/lefthook.json",
];

/// lefthook's configuration below `top`, relative to it.
pub(crate) fn config(top: &Path) -> Option<PathBuf> {
    FILES
        .into_iter()
        .map(PathBuf::from)
        .find(|file| top.join(file).symlink_metadata().is_ok())
}

/// The line for a hook that the configuration does not name yet.
pub(crate) fn line(name: HookName, missing: Missing, file: &str) -> String {
    format!(
        "{name}: {{ commands: {{ guard: {} }} }}{MARK}",
        job("", name, missing, file)
    )
}

/// The job in flow style.
fn job(lead: &str, name: HookName, missing: Missing, file: &str) -> String {
    let (run, files) = (run(name, missing), files(file));
    let stdin = match name {
        HookName::PreCommit => "",
        HookName::PrePush => ", use_stdin: true",
    };
    format!("{{ {lead}run: \"{run}\", files: {files}{stdin} }}")
}

fn run(name: HookName, missing: Missing) -> String {
    let arguments = match name {
        HookName::PreCommit => "",
        HookName::PrePush => " '{1}' '{2}'",
    };
    let absent = match missing {
        Missing::Block => "",
        Missing::Warn => {
            "command -v guard >/dev/null || { echo 'guard: no guard binary was found' >&2; exit 0; }; "
        }
    };
    format!(": {{files}}; {absent}guard hook {name} --{arguments}")
}

fn files(file: &str) -> String {
    format!("ls {file}")
}

/// Adds the job to a configuration whose path below the top is `file`.
pub(crate) fn join(text: &str, name: HookName, missing: Missing, file: &str) -> Joined {
    if text.lines().any(|line| is_ours(line, name)) {
        return Joined::Already;
    }
    let Some(old) = parse(text) else {
        return Joined::Cannot("it is not valid YAML");
    };
    if old[name.word()]["commands"].get("guard").is_some() {
        return Joined::Cannot("it has a command named guard already");
    }
    let (at, line, wanted) = place(text, &old, name, missing, file);
    let new = insert(text, at, &line);
    if parse(&new) == Some(wanted) {
        Joined::New(new.into_bytes())
    } else {
        Joined::Cannot("its layout is one that guard does not write into")
    }
}

/// Where the line goes, the line, and what the whole must then mean.
fn place(
    text: &str,
    old: &Value,
    name: HookName,
    missing: Missing,
    file: &str,
) -> (usize, String, Value) {
    let mut wanted = if old.is_null() {
        json!({})
    } else {
        old.clone()
    };
    let plain = meaning(name, missing, file);
    let all = lines(text);
    let section = all
        .iter()
        .position(|line| line.indent() == 0 && line.opens(name.word()));
    let Some(section) = section else {
        set(&mut wanted, name, "commands", json!({ "guard": plain }));
        return (text.len(), line(name, missing, file), wanted);
    };
    let inside = children(&all[section + 1..], 0);
    let depth = first_busy(inside).map_or(2, |first| inside[first].indent());
    for key in ["jobs", "commands"] {
        let found = inside
            .iter()
            .position(|line| line.indent() == depth && line.opens(key));
        let Some(found) = found else { continue };
        let below = children(&inside[found + 1..], depth);
        let indent = first_busy(below).map_or(depth + 2, |first| below[first].indent());
        let space = " ".repeat(indent);
        let at = inside[found].end;
        if key == "jobs" {
            let job = job("name: guard, ", name, missing, file);
            let mut named = plain.clone();
            named["name"] = json!("guard");
            let section = wanted.get_mut(name.word());
            let jobs = section.and_then(|section| section.get_mut("jobs"));
            if let Some(jobs) = jobs.and_then(Value::as_array_mut) {
                jobs.insert(0, named);
            }
            return (at, format!("{space}- {job}{MARK}"), wanted);
        }
        let section = wanted.get_mut(name.word());
        if let Some(commands) = section.and_then(|section| section.get_mut("commands")) {
            if commands.is_null() {
                *commands = json!({});
            }
            if let Some(commands) = commands.as_object_mut() {
                commands.insert("guard".into(), plain);
            }
        }
        let job = job("", name, missing, file);
        return (at, format!("{space}guard: {job}{MARK}"), wanted);
    }
    set(&mut wanted, name, "commands", json!({ "guard": plain }));
    let job = job("", name, missing, file);
    let space = " ".repeat(depth);
    let line = format!("{space}commands: {{ guard: {job} }}{MARK}");
    (all[section].end, line, wanted)
}

fn meaning(name: HookName, missing: Missing, file: &str) -> Value {
    let mut job = json!({ "run": run(name, missing), "files": files(file) });
    if name == HookName::PrePush {
        job["use_stdin"] = json!(true);
    }
    job
}

/// Sets a key of the hook's section, which may be absent or empty. A section of another kind
/// stays as it is, and the comparison that follows fails.
fn set(wanted: &mut Value, name: HookName, key: &str, value: Value) {
    let Some(root) = wanted.as_object_mut() else {
        return;
    };
    let section = root.entry(name.word()).or_insert_with(|| json!({}));
    if section.is_null() {
        *section = json!({});
    }
    if let Some(section) = section.as_object_mut() {
        section.insert(key.into(), value);
    }
}

/// The lines below a key that begins at `parent`: idle ones, deeper ones, and items of its list.
fn children<'l, 't>(below: &'l [Line<'t>], parent: usize) -> &'l [Line<'t>] {
    let end = below.iter().position(|line| {
        let item = line.indent() == parent && line.text.trim_start().starts_with("- ");
        !line.is_idle() && line.indent() <= parent && !item
    });
    &below[..end.unwrap_or(below.len())]
}

/// What `LEFTHOOK_EXCLUDE` must name so that only guard's job runs; `None` when a job has no name.
pub(crate) fn others(text: &str, name: HookName) -> Option<Vec<String>> {
    let config = parse(text)?;
    let section = &config[name.word()];
    let mut names = Vec::new();
    for key in ["commands", "scripts"] {
        if let Some(map) = section[key].as_object() {
            names.extend(map.keys().cloned());
        }
    }
    for job in section["jobs"].as_array().into_iter().flatten() {
        names.push(job["name"].as_str()?.to_owned());
    }
    if section.get("setup").is_some()
        || config.get("extends").is_some()
        || config.get("remotes").is_some()
    {
        return None;
    }
    names.retain(|name| name != "guard");
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::super::shell::{Left, part};
    use super::*;

    fn joined(text: &str) -> String {
        match join(text, HookName::PrePush, Missing::Block, "lefthook.yml") {
            Joined::New(bytes) => String::from_utf8(bytes).unwrap(),
            other => panic!("{text} gave {other:?}"),
        }
    }

    const JOB: &str = "{ run: \": {files}; guard hook pre-push -- '{1}' '{2}'\", files: ls lefthook.yml, use_stdin: true }";
    const NAMED: &str = "{ name: guard, run: \": {files}; guard hook pre-push -- '{1}' '{2}'\", files: ls lefthook.yml, use_stdin: true }";

    #[test]
    fn every_usual_layout_takes_the_job_and_gives_it_back() {
        for (text, with) in [
            ("", "pre-push: { commands: { guard: JOB } } # guard\n"),
            (
                "# EXAMPLE\n#\n# pre-push:\n",
                "# EXAMPLE\n#\n# pre-push:\npre-push: { commands: { guard: JOB } } # guard\n",
            ),
            (
                "pre-commit:\n  parallel: true",
                "pre-commit:\n  parallel: true\npre-push: { commands: { guard: JOB } } # guard",
            ),
            (
                "pre-push:\n",
                "pre-push:\n  commands: { guard: JOB } # guard\n",
            ),
            (
                "pre-push:\n    # Fast.\n    parallel: true\n    scripts:\n        x.sh: { runner: sh }\nother:\n",
                "pre-push:\n    commands: { guard: JOB } # guard\n    # Fast.\n    parallel: true\n    scripts:\n        x.sh: { runner: sh }\nother:\n",
            ),
            (
                "\"pre-push\":   # why\n  commands:\n\n    test:\n      run: npm test # guard\n",
                "\"pre-push\":   # why\n  commands:\n    guard: JOB # guard\n\n    test:\n      run: npm test # guard\n",
            ),
            (
                "pre-push:\r\n  jobs:\r\n    - name: a\r\n      run: a\r\n",
                "pre-push:\r\n  jobs:\r\n    - NAMED # guard\r\n    - name: a\r\n      run: a\r\n",
            ),
            (
                "pre-push:\n  jobs:\n  - run: a\n  - run: b\n",
                "pre-push:\n  jobs:\n  - NAMED # guard\n  - run: a\n  - run: b\n",
            ),
            (
                "pre-push:\n  commands:\n    a: { run: a }\n  jobs:\n    - run: b\n",
                "pre-push:\n  commands:\n    a: { run: a }\n  jobs:\n    - NAMED # guard\n    - run: b\n",
            ),
        ] {
            let got = joined(text);
            assert_eq!(got.replace(NAMED, "NAMED").replace(JOB, "JOB"), with);
            assert_eq!(
                join(&got, HookName::PrePush, Missing::Block, "lefthook.yml"),
                Joined::Already
            );
            assert_eq!(
                part(got.as_bytes(), HookName::PrePush),
                Left::Script(text.as_bytes().to_vec())
            );
        }
    }

    #[test]
    fn a_layout_that_would_change_its_meaning_is_left() {
        for text in [
            "pre-push: { commands: { a: { run: a } } }\n",
            "pre-push: &a\n  parallel: true\n",
            "pre-push:\n  commands: { a: { run: a } }\n",
            "pre-push:\n  commands:\n    guard: { run: mine }\n",
            "[1, 2]\n",
            "a: [\n",
            "--- \na: 1\n...\n",
            "a: |\n  pre-push:\npre-push: x\n",
        ] {
            let left = join(text, HookName::PrePush, Missing::Block, "lefthook.yml");
            assert!(matches!(left, Joined::Cannot(_)), "{text} gave {left:?}");
        }
    }

    #[test]
    fn the_other_jobs_are_named_for_the_proof() {
        let text = "pre-push:\n  commands:\n    a: { run: a }\n  jobs:\n    - { name: b, run: b }\n    - { name: guard, run: g }\n";
        assert_eq!(
            others(text, HookName::PrePush),
            Some(vec!["a".into(), "b".into()])
        );
        assert_eq!(
            others("pre-push:\n  jobs:\n    - run: b\n", HookName::PrePush),
            None
        );
        assert_eq!(others("extends: [x.yml]\n", HookName::PrePush), None);
        assert_eq!(others("", HookName::PrePush), Some(vec![]));
    }
}
