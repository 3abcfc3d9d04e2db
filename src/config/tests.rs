//! The configuration as people meet it: what is refused and how, what is taken and as what.

mod chance;
mod checks;
mod formats;
mod layers;
mod meaning;
mod schema;
mod structure;
mod taken;
mod user;

use std::fs;
use std::path::Path;

use super::{Colour, ConfigError, Loaded, Request, load, parse, render};
use crate::environment::Environment;

/// What is said about a text in this format; every line fits 80 columns.
fn complaints(format: &str, text: &str) -> String {
    let error = parse(format, text).expect_err("the text has a mistake");
    shown(&error)
}

fn shown(error: &ConfigError) -> String {
    let shown = render(error, 80, Colour::Off);
    for line in shown.lines() {
        assert!(line.chars().count() <= 80, "too wide: {line}");
        assert!(!line.contains('\u{1b}'), "an escape code: {line:?}");
    }
    shown
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The configuration of a folder, in an environment of these variables.
fn loaded(folder: &Path, variables: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    let environment = Environment::of(folder, variables.iter().copied());
    load(&Request {
        root: folder,
        explicit: None,
        environment: &environment,
        reserved: &["change"],
    })
}

/// What is said about a folder.
fn complaints_about(files: &[(&str, &str)], variables: &[(&str, &str)]) -> String {
    let folder = folder(files);
    shown(&loaded(folder.path(), variables).expect_err("there is a mistake"))
}
