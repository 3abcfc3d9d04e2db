//! Tools as package managers lay them out: what is installed in the place of another is another key.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

use super::*;
use crate::environment::Environment;
use crate::record::Key;

/// A work tree with a home and a folder of programs beside it.
struct World(tempfile::TempDir);

impl World {
    fn new() -> Self {
        let world = Self(tempfile::tempdir().unwrap());
        for folder in ["tree/sub", "home", "bin"] {
            fs::create_dir_all(world.at(folder)).unwrap();
        }
        world
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().unwrap().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn identify(&self, line: &str) -> Result<(Key, Vec<String>), String> {
        let variables = [
            ("PATH", self.at("bin").to_str().unwrap().to_owned()),
            ("HOME", self.at("home").to_str().unwrap().to_owned()),
        ];
        let environment = Environment::of(self.at("tree"), variables);
        let variables = Variables::of(&environment, &[], &std::collections::BTreeMap::new());
        let place = Place {
            folder: &self.at("tree/sub"),
            work_tree: &self.at("tree"),
            variables: &variables,
        };
        let mut fields = Fields::new("test");
        let scripts = identify(&mut fields, &Run::Shell(line.to_owned()), &place)?;
        let scripts = scripts.iter().map(ToString::to_string).collect();
        Ok((fields.key(), scripts))
    }

    fn key(&self, line: &str) -> Key {
        self.identify(line).unwrap().0
    }
}

#[test]
fn whatever_stands_behind_a_tool_counts() {
    type Change = (&'static str, &'static str, &'static str);
    let changes: [Change; 12] = [
        ("tool", "bin/tool", "#!/bin/sh\n: other\n"),
        (
            "A=1 env B=2 tool x | cat",
            "bin/tool",
            "#!/bin/sh\n: other\n",
        ),
        // What runs it.
        ("script", "bin/node", "another node"),
        ("npx lint", "bin/npx", "another npx"),
        // What it is made of.
        (
            "npx lint",
            "tree/node_modules/lint/package.json",
            "{\"version\":\"2\"}",
        ),
        ("npx lint", "tree/node_modules/lint/bin.js", "other"),
        (
            "npx packed",
            "tree/node_modules/packed/package.json",
            "{\"version\":\"2\"}",
        ),
        (
            "uv run mypy",
            "tree/.venv/lib/python3.13/site-packages/new.py",
            "x",
        ),
        ("python -m mypy", "tree/.venv/bin/mypy", "other"),
        ("cargo check", "home/.rustup/update-hashes/stable", "2"),
        // What the repository says about it.
        ("tool", "tree/rust-toolchain.toml", "other"),
        ("npm run lint", "tree/sub/package.json", "{\"scripts\":{}}"),
    ];
    for (line, changed, text) in changes {
        let world = World::new();
        world.write("bin/tool", "#!/bin/sh\n");
        world.write("bin/script", "#!/usr/bin/env node\n");
        for name in ["node", "npx", "npm", "uv", "python", "cargo", "rustup"] {
            world.write(&format!("bin/{name}"), "program");
        }
        world.write("tree/node_modules/lint/package.json", "{}");
        world.write("tree/node_modules/lint/bin.js", "js");
        fs::create_dir_all(world.at("tree/node_modules/.bin")).unwrap();
        symlink("../lint/bin.js", world.at("tree/node_modules/.bin/lint")).unwrap();
        world.write("tree/node_modules/.bin/packed", "#!/bin/sh\n");
        world.write("tree/node_modules/packed/package.json", "{}");
        world.write("tree/.venv/pyvenv.cfg", "home = x\n");
        world.write("tree/.venv/bin/mypy", "#!/bin/sh\n");
        world.write("tree/.venv/lib/python3.13/site-packages/old.py", "x");
        world.write("home/.rustup/settings.toml", "x");
        world.write("home/.rustup/update-hashes/stable", "1");
        let before = world.key(line);
        assert_eq!(world.key(line), before, "{line}");
        world.write("tree/elsewhere.txt", "no matter");
        assert_eq!(world.key(line), before, "{line}");
        world.write(changed, text);
        assert_ne!(world.key(line), before, "{line}: {changed}");
    }
}

#[test]
fn what_nobody_can_name_has_no_key() {
    let world = World::new();
    for line in ["$TOOL x", "npx none", "pnpm dlx none", "`which x` y"] {
        assert!(world.identify(line).is_err(), "{line}");
    }
    assert!(world.identify("none --there").is_ok(), "it will not pass");
}

#[test]
fn scripts_of_the_work_tree_are_named_and_others_are_not() {
    let world = World::new();
    world.write("tree/sub/check.sh", "x");
    world.write("tree/up.sh", "x");
    world.write("outside.sh", "x");
    for (line, wanted) in [
        ("./check.sh", "sub/check.sh"),
        ("sh ../up.sh", "up.sh"),
        ("sh ../../outside.sh", ""),
        ("cat check.sh > out", ""),
    ] {
        assert_eq!(world.identify(line).unwrap().1.join(" "), wanted, "{line}");
    }
}

#[test]
fn linked_work_trees_agree_about_what_they_hold() {
    let key = || {
        let world = World::new();
        world.write("tree/sub/check.sh", "#!/bin/sh\n");
        world.write("tree/node_modules/lint/package.json", "{}");
        world.write("tree/node_modules/.bin/lint", "#!/bin/sh\n");
        world.key("./check.sh && ../node_modules/.bin/lint")
    };
    assert_eq!(key(), key());
}
