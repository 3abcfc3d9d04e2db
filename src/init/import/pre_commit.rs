//! pre-commit and prek: local hooks become commands, hooks of well-known tools are covered, others go on through
//! pre-commit itself.

use serde_json::Value;

use super::{Import, Imported, Source, glob, repair};
use crate::config;
use crate::project::Project;

const FILES: [&str; 2] = [".pre-commit-config.yaml", ".pre-commit-config.yml"];

/// Repositories of hooks whose tool a built-in check runs, by the end of their address.
const KNOWN: [&str; 10] = [
    "/ruff-pre-commit",
    "/black",
    "/black-pre-commit-mirror",
    "/mirrors-mypy",
    "/mirrors-eslint",
    "/mirrors-prettier",
    "/flake8",
    "/pyright-python",
    "/biome-pre-commit",
    "/pre-commit-rust",
];

pub(super) fn import(source: Source<'_>, import: &mut Import) {
    let project = source.project;
    let mut files = FILES.into_iter();
    let Some(file) = files.find(|file| project.has(&(*file).into())) else {
        import.leave("pre-commit", "there is no .pre-commit-config.yaml here");
        return;
    };
    let text = project.text(&file.into()).unwrap_or_default();
    let Some(config) = config::yaml_value(&text) else {
        import.leave(file, "it is not valid YAML");
        return;
    };
    let Some(repositories) = config["repos"].as_array() else {
        import.leave(file, "it has no list `repos`");
        return;
    };
    for key in ["files", "exclude"] {
        if config
            .get(key)
            .is_some_and(|value| value.as_str() != Some(""))
        {
            import.leave(format!("{file}: {key}"), "a filter for all hooks; hooks that go on through pre-commit keep it, the others need `files` or `exclude` of their own");
        }
    }
    let usual = stages(&config["default_stages"]).unwrap_or_else(|| vec!["commit"]);
    for repository in repositories {
        let address = repository["repo"].as_str().unwrap_or_default();
        for hook in repository["hooks"].as_array().into_iter().flatten() {
            one(source, import, file, address, hook, &usual);
        }
    }
}

fn one(
    source: Source<'_>,
    import: &mut Import,
    file: &str,
    address: &str,
    hook: &Value,
    usual: &[&'static str],
) {
    let Some(id) = hook["id"].as_str() else {
        import.leave(format!("{file}: a hook of {address}"), "it has no id");
        return;
    };
    let what = format!("{file}: {id}");
    let entry = hook["entry"].as_str().unwrap_or_default();
    if entry.contains("guard hook ") {
        return;
    }
    let at = match hook.get("stages") {
        None => usual.to_vec(),
        Some(list) => stages(list).unwrap_or_default(),
    };
    if at.is_empty() {
        import.leave(what, "it runs at none of the moments that guard knows");
        return;
    }
    if address == "meta" {
        import.leave(what, "it checks pre-commit's own file");
        return;
    }
    let mirror = KNOWN
        .iter()
        .any(|end| address.trim_end_matches(".git").ends_with(end));
    let covering = source.check_of(id).filter(|_| mirror);
    // As a formatter ruff is found by this very file: only where more says so may the hook go.
    let is_lasting = id != "ruff-format" || formats_with_ruff(source.project);
    if let Some(check) = covering.filter(|_| is_lasting) {
        import.cover(what, check);
        return;
    }
    let twice = covering.map(|check| {
        format!(
            "; the built-in check `{check}` does it too while pre-commit's file names it: keep one, \
             `checks: {{ {check}: false }}` switches that one off"
        )
    });
    let mut at = at;
    at.push("ci");
    let language = hook["language"].as_str().unwrap_or_default();
    let plain = address == "local"
        && ["system", "unsupported", "script", "unsupported_script"].contains(&language);
    let files = if plain { patterns(hook) } else { None };
    let Some((files, exclude)) = files else {
        // pre-commit has the environment of the hook, and picks its files from those it is given.
        import.imported.push(Imported {
            name: id.to_owned(),
            from: what,
            run: format!("pre-commit run {id} --files {{files}}"),
            at,
            note: Some(format!(
                "through pre-commit, which keeps its environment{}",
                twice.unwrap_or_default()
            )),
            ..Imported::default()
        });
        return;
    };
    let mut run = entry.to_owned();
    for word in hook["args"].as_array().into_iter().flatten() {
        run.push(' ');
        run.push_str(&shell_word(word.as_str().unwrap_or_default()));
    }
    let takes = hook["pass_filenames"].as_bool().unwrap_or(true);
    if takes {
        run.push_str(" {files}");
    }
    if language.ends_with("script") && !run.starts_with(['/', '.']) {
        run.insert_str(0, "./");
    }
    let always = hook["always_run"].as_bool() == Some(true);
    import.imported.push(
        Imported {
            name: id.to_owned(),
            from: what,
            run,
            at,
            files: if always { Vec::new() } else { files },
            exclude,
            note: source.twice(entry),
            ..Imported::default()
        }
        .repairing(repair::writes(entry)),
    );
}

/// Whether ruff's own configuration says that it formats.
fn formats_with_ruff(project: &Project<'_>) -> bool {
    let says = |file: &str, way: &[&str]| {
        let table = project.toml(&file.into());
        let table = table.as_ref().and_then(|table| {
            let mut way = way.iter();
            let first = table.get(*way.next()?)?;
            way.try_fold(first, |at, name| at.get(*name))
        });
        table.is_some()
    };
    says("pyproject.toml", &["tool", "ruff", "format"])
        || says("ruff.toml", &["format"])
        || says(".ruff.toml", &["format"])
}

/// The moments; none where nothing is said.
fn stages(list: &Value) -> Option<Vec<&'static str>> {
    let list = list.as_array()?;
    let mut moments = Vec::new();
    for stage in list.iter().filter_map(Value::as_str) {
        match stage {
            "pre-commit" | "commit" => moments.push("commit"),
            "pre-push" | "push" => moments.push("push"),
            _ => {}
        }
    }
    Some(moments)
}

/// What a hook is about, where it is said in a form that has a counterpart.
fn patterns(hook: &Value) -> Option<(Vec<String>, Vec<String>)> {
    if hook.get("exclude_types").is_some() {
        return None;
    }
    let exclude = match hook["exclude"].as_str() {
        None | Some("" | "^$") => Vec::new(),
        Some(regex) => glob::of_regex(regex)?,
    };
    let by_path = match hook["files"].as_str() {
        None | Some("") => Vec::new(),
        Some(regex) => glob::of_regex(regex)?,
    };
    let mut types: Vec<&str> = Vec::new();
    for key in ["types", "types_or"] {
        types.extend(
            hook[key]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str),
        );
    }
    types.retain(|kind| !["file", "text"].contains(kind));
    let mut by_type = Vec::new();
    for kind in types {
        by_type.extend(endings(kind)?.iter().map(|end| format!("**/*.{end}")));
    }
    match (by_path.is_empty(), by_type.is_empty()) {
        // Both at once would have to hold together.
        (false, false) => None,
        (true, _) => Some((by_type, exclude)),
        (false, true) => Some((by_path, exclude)),
    }
}

fn endings(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "python" => &["py", "pyi"],
        "pyi" => &["pyi"],
        "javascript" => &["js", "mjs", "cjs"],
        "jsx" => &["jsx"],
        "ts" => &["ts", "mts", "cts"],
        "tsx" => &["tsx"],
        "json" => &["json"],
        "yaml" => &["yaml", "yml"],
        "toml" => &["toml"],
        "markdown" => &["md", "markdown"],
        "css" => &["css"],
        "html" => &["html", "htm"],
        "rust" => &["rs"],
        "sql" => &["sql"],
        _ => return None,
    })
}

/// A word for the shell.
fn shell_word(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./=:,@%+".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
