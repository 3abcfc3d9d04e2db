//! uv, pip and environments that lie elsewhere.

use std::fs;

use super::super::{Isolate, World};

const PROBE: &str = "
import importlib, sys
sys.dont_write_bytecode = False
for name in sys.argv[1:]:
    print(importlib.import_module(name).__file__)
print(sys.prefix)
";

/// A project with a package in `src`, one more in the tree, and one under another name.
fn project() -> World {
    let world = World::new(&[
        (".gitignore", ".venv\n*.egg-info\nbuild\n__pycache__\n"),
        (
            "setup.py",
            "from setuptools import setup\nsetup(name='acme', version='1', packages=['acme', 'odd'], package_dir={'acme': 'src/acme', 'odd': 'strange'}, entry_points={'console_scripts': ['acme-run=acme:main']})\n",
        ),
        ("src/acme/__init__.py", "def main():\n    print(__file__)\n"),
        ("strange/__init__.py", ""),
        (
            "libs/tool/setup.py",
            "from setuptools import setup\nsetup(name='tool', version='1', packages=['tool'])\n",
        ),
        ("libs/tool/tool/__init__.py", ""),
        ("probe.py", PROBE),
    ]);
    let plain = world.repo.root.parent().unwrap().join("plain");
    fs::create_dir_all(plain.join("plain")).unwrap();
    fs::write(plain.join("plain/__init__.py"), "").unwrap();
    fs::write(
        plain.join("setup.py"),
        "from setuptools import setup\nsetup(name='plain', version='1', packages=['plain'])\n",
    )
    .unwrap();
    world
}

const INSTALL: [&str; 7] = [
    "--no-build-isolation",
    "-e",
    ".",
    "-e",
    "libs/tool",
    "../plain",
    "--quiet",
];

/// Makes an environment, and installs into it with the setuptools of the python on PATH, so that
/// none is asked for elsewhere.
fn install(world: &World, make: &[&str], installer: &[&str]) {
    let ask = "import os, setuptools; print(os.path.dirname(os.path.dirname(setuptools.__file__)))";
    let setuptools = world.run(&["python3", "-c", ask]);
    let setting = format!("PYTHONPATH={}", setuptools.trim());
    world.run(make);
    world.run(&[&["env", &setting][..], installer, &INSTALL].concat());
}

/// Loads everything in the checkout.
fn check(world: &World, python: &str) {
    for isolate in [Isolate::Link, Isolate::Copy] {
        world.prepare(isolate);
        let before = world.original();
        let names = ["acme", "odd", "tool", "plain"];
        let argv = [&[python, "probe.py"][..], &names].concat();
        let output = world.run_there("", &argv);
        world.assert_judged(&output);
        assert_eq!(world.original(), before, "the original was written");
    }
}

#[test]
fn pip_in_the_work_tree() {
    let world = project();
    let make = ["python3", "-m", "venv", ".venv"];
    install(&world, &make, &[".venv/bin/python", "-m", "pip", "install"]);
    check(&world, "python");
    check(&world, ".venv/bin/python");
    world.assert_judged(&world.run_there("", &["acme-run"]));
    world.assert_judged(&world.run_there("", &[".venv/bin/acme-run"]));
}

#[test]
fn uv_in_the_work_tree() {
    let world = project();
    let make = ["uv", "venv", "--quiet", ".venv"];
    install(&world, &make, &["uv", "pip", "install"]);
    check(&world, "python");
    world.assert_judged(&world.run_there("", &["uv", "run", "--no-project", "acme-run"]));
}

#[test]
fn uv_with_a_workspace() {
    let world = project();
    world
        .repo
        .git(&["rm", "-q", "-f", "setup.py", "libs/tool/setup.py"]);
    let manifest = |name: &str, more: &str| {
        format!(
            "[project]\nname = \"{name}\"\nversion = \"1\"\nrequires-python = \">=3.9\"\n{more}"
        )
    };
    world.repo.stage(
        "pyproject.toml",
        manifest("acme", "dependencies = [\"tool\"]\n[build-system]\nrequires = [\"uv_build\"]\nbuild-backend = \"uv_build\"\n[tool.uv.sources]\ntool = { workspace = true }\n[tool.uv.workspace]\nmembers = [\"libs/*\"]\n"),
    );
    world.repo.stage(
        "libs/tool/pyproject.toml",
        manifest("tool", "[build-system]\nrequires = [\"uv_build\"]\nbuild-backend = \"uv_build\"\n[tool.uv.build-backend]\nmodule-root = \"\"\n"),
    );
    world.run(&["uv", "sync", "--quiet"]);
    world.repo.git(&["add", "uv.lock"]);
    world.lay();
    for isolate in [Isolate::Link, Isolate::Copy] {
        world.prepare(isolate);
        let before = world.original();
        let output = world.run_there("", &["uv", "run", "python", "probe.py", "acme", "tool"]);
        world.assert_judged(&output);
        let output = world.run_there("", &["uv", "run", "--locked", "python", "probe.py", "tool"]);
        world.assert_judged(&output);
        assert_eq!(world.original(), before, "the original was written");
    }
}

#[test]
fn an_environment_elsewhere_is_shadowed() {
    let world = project();
    let above = world.repo.root.parent().unwrap().join("elsewhere");
    let elsewhere = above.to_str().unwrap();
    let python = format!("{elsewhere}/bin/python");
    let make = ["python3", "-m", "venv", elsewhere];
    install(&world, &make, &[&python, "-m", "pip", "install"]);
    let before = world.original();
    world.prepare(Isolate::Link);
    let names = ["probe.py", "acme", "odd", "tool", "plain"];
    // As it is when somebody has activated it.
    let given = world.given_with("VIRTUAL_ENV", elsewhere);
    let output = world.run_there_with(&given, "", &[&[&python[..]][..], &names].concat());
    world.assert_judged(&output);
    assert_eq!(world.original(), before, "the original was written");
}
