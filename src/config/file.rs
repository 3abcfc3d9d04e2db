//! Which files hold the configuration, and their text.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::layers::{Layer, Origin};
use super::node::{Fault, Parsed, Value};
use super::problem::{ConfigError, Problem};
use super::{json, names, toml, yaml};
use crate::source::Source;

/// No configuration is longer. What is, is something else.
const LONGEST: u64 = 1024 * 1024;

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Yaml,
    Toml,
    Json,
}

impl Format {
    const ALL: [(Format, &str); 3] = [
        (Self::Yaml, "yaml"),
        (Self::Toml, "toml"),
        (Self::Json, "json"),
    ];

    /// The format that a name asks for.
    fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        // Whoever names a file is free to call it .yml; only discovery wants one name.
        let extension = if extension == "yml" {
            "yaml"
        } else {
            extension
        };
        let (format, _) = Self::ALL.into_iter().find(|(_, name)| *name == extension)?;
        Some(format)
    }

    pub(super) fn parse(self, text: &str) -> Result<Parsed, Vec<Fault>> {
        match self {
            Self::Yaml => yaml::parse(text),
            Self::Toml => toml::parse(text),
            Self::Json => json::parse(text),
        }
    }
}

/// The one file of this name (`guard`, `guard.local`) in a folder, where there is one.
pub(super) fn discover(folder: &Path, stem: &str) -> Result<Option<PathBuf>, ConfigError> {
    let found: Vec<String> = Format::ALL
        .into_iter()
        .map(|(_, extension)| format!("{stem}.{extension}"))
        .filter(|name| folder.join(name).symlink_metadata().is_ok())
        .collect();
    let misnamed = format!("{stem}.yml");
    if folder.join(&misnamed).symlink_metadata().is_ok() {
        return Err(ConfigError::one(Problem::new(
            format!("{misnamed}: guard does not read a file of this name"),
            format!("call it {stem}.yaml: `git mv {misnamed} {stem}.yaml`"),
        )));
    }
    match &found[..] {
        [] => Ok(None),
        [one] => Ok(Some(folder.join(one))),
        several => Err(ConfigError::one(Problem::new(
            format!(
                "there are {} configurations: {}",
                several.len(),
                several.join(" and ")
            ),
            "keep one of them: guard does not choose",
        ))),
    }
}

/// A file that could be read, and what is wrong with it all the same.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) layer: Layer,
    pub(super) problems: Vec<Problem>,
}

/// Reads a file as a layer.
pub(super) fn read(path: &Path, root: &Path) -> Result<Read, ConfigError> {
    let name = name(path, root);
    let text = String::from_utf8(bytes(path, &name)?).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let source = Source::new(name.clone(), String::from_utf8_lossy(error.as_bytes()));
        let help = Some("save the file as UTF-8".to_owned());
        ConfigError::one(Problem::at(&source, valid..valid + 1, "not UTF-8", help))
    })?;
    layer(Path::new(&name), text)
}

/// A text as a layer; the name says what it is written in.
pub(super) fn layer(path: &Path, text: String) -> Result<Read, ConfigError> {
    let name = path.to_string_lossy();
    let Some(format) = Format::of(path) else {
        return Err(ConfigError::one(Problem::new(
            format!("{name}: the name does not say what the file is written in"),
            "let it end in .yaml, .toml or .json",
        )));
    };
    let source = Source::new(name, text);
    let problem = |fault: Fault| Problem::at(&source, fault.span, fault.message, fault.help);
    match format.parse(source.text()) {
        Err(faults) => Err(ConfigError::of(faults.into_iter().map(problem).collect())),
        Ok(Parsed { root, .. }) if !matches!(root.value, Value::Map(_) | Value::Null) => {
            Err(ConfigError::one(Problem::at(
                &source,
                root.span,
                "the configuration consists of keys and values, and this is neither",
                Some("begin with `commands:`".to_owned()),
            )))
        }
        Ok(Parsed { root, doubles }) => Ok(Read {
            problems: doubles.into_iter().map(problem).collect(),
            layer: Layer {
                origin: Origin::File(source),
                node: root,
            },
        }),
    }
}

/// The bytes of a file that exists, is a file, and is not too long.
pub(super) fn bytes(path: &Path, name: &str) -> Result<Vec<u8>, ConfigError> {
    let cannot =
        |what: String, help: &str| ConfigError::one(Problem::new(format!("{name}: {what}"), help));
    let unreadable = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => cannot("there is no such file".to_owned(), "is the path right?"),
        kind => cannot(
            format!("cannot be read: {kind}"),
            "may you read it? `ls -l` tells",
        ),
    };
    // Asked before it is opened: opening a pipe waits for whoever writes into it.
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err(cannot(
            "is not a file".to_owned(),
            "put a file in its place, or take it away",
        ));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() as u64 > LONGEST {
        return Err(cannot(
            "is longer than 1 MiB".to_owned(),
            "is this the right file?",
        ));
    }
    Ok(bytes)
}

/// The name under which people know a file: as seen from the repository's root.
pub(super) fn name(path: &Path, root: &Path) -> String {
    let near = path.strip_prefix(root).unwrap_or(path);
    near.to_string_lossy().chars().map(names::visible).collect()
}
