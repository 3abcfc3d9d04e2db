//! Virtual environments as uv, pip and setuptools make them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{Isolate, World};

const PACKAGES: &str = ".venv/lib/python3.11/site-packages";

/// A project with an environment beside it that holds both forms of editable installs.
fn project() -> World {
    let world = World::new(&[
        (".gitignore", ".venv\n"),
        ("pyproject.toml", "[project]\n"),
        ("src/acme/__init__.py", "judged"),
        ("libs/tool/pyproject.toml", "[project]\n"),
        ("libs/tool/tool/__init__.py", "judged"),
    ]);
    let root = world.repo.root.display().to_string();
    let outside = world.repo.root.parent().unwrap().join("python/bin");
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("python3"), "").unwrap();
    world.link(".venv/bin/python", outside.join("python3"));
    world.link(".venv/bin/python3", "python");
    world.link(".venv/lib64", "lib");
    for (path, text) in [
        (
            ".venv/pyvenv.cfg",
            format!("home = {root}/python\ncommand = venv {root}/.venv\n"),
        ),
        (".venv/bin/pytest", format!("#!{root}/.venv/bin/python\n")),
        (".venv/bin/ruff", "\0program".to_owned()),
        (".venv/bin/activate", format!("VIRTUAL_ENV={root}/.venv\n")),
        (&format!("{PACKAGES}/six.py"), "installed".to_owned()),
        (
            &format!("{PACKAGES}/pytest/__init__.py"),
            "installed".to_owned(),
        ),
        (&format!("{PACKAGES}/_acme.pth"), format!("{root}/src\n")),
        (
            &format!("{PACKAGES}/gone.pth"),
            format!("{root}/build/lib\n"),
        ),
        (
            &format!("{PACKAGES}/__editable___tool_finder.py"),
            format!("MAPPING = {{'tool': '{root}/libs/tool/tool'}}\n"),
        ),
        (
            &format!("{PACKAGES}/acme-1.dist-info/direct_url.json"),
            format!("{{\"url\":\"file://{root}\"}}"),
        ),
        (
            &format!("{PACKAGES}/acme-1.dist-info/METADATA"),
            "installed".to_owned(),
        ),
        (
            &format!("{PACKAGES}/__pycache__/six.pyc"),
            "installed".to_owned(),
        ),
    ] {
        world.install(path, &text);
    }
    let script = world.repo.root.join(".venv/bin/pytest");
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    world
}

#[test]
fn editable_installs_and_scripts_name_the_checkout() {
    for isolate in [Isolate::Link, Isolate::Copy] {
        let world = project();
        let before = world.original();
        let prepared = world.prepare(isolate);
        let root = world.checkout.display().to_string();
        let read = |path: &str| fs::read_to_string(world.checkout.join(path)).unwrap();
        assert_eq!(
            read(&format!("{PACKAGES}/_acme.pth")),
            format!("{root}/src\n")
        );
        assert_eq!(
            read(&format!("{PACKAGES}/__editable___tool_finder.py")),
            format!("MAPPING = {{'tool': '{root}/libs/tool/tool'}}\n")
        );
        assert_eq!(
            read(&format!("{PACKAGES}/acme-1.dist-info/direct_url.json")),
            format!("{{\"url\":\"file://{root}\"}}")
        );
        assert_eq!(
            read(".venv/bin/activate"),
            format!("VIRTUAL_ENV={root}/.venv\n")
        );
        assert_eq!(
            read(".venv/pyvenv.cfg"),
            format!(
                "home = {}/python\ncommand = venv {root}/.venv\n",
                world.repo.root.display()
            )
        );
        let script = fs::metadata(world.checkout.join(".venv/bin/pytest")).unwrap();
        assert_eq!(script.permissions().mode() & 0o777, 0o755);
        assert!(read(".venv/bin/pytest").contains(&root));
        assert_eq!(
            prepared.notes,
            ["gone.pth leads to build/lib, which git does not track: it is not in the checkout"]
        );
        assert_eq!(world.original(), before);
    }
}

#[test]
fn packages_are_links_and_the_interpreter_is_found_from_the_checkout() {
    let world = project();
    world.prepare(Isolate::Link);
    let six = format!("{PACKAGES}/six.py");
    for (path, real) in [
        (PACKAGES, format!("checkout:{PACKAGES}")),
        (&six, format!("original:{six}")),
        (
            &format!("{PACKAGES}/acme-1.dist-info"),
            format!("checkout:{PACKAGES}/acme-1.dist-info"),
        ),
        (&format!("{PACKAGES}/__pycache__"), "none".to_owned()),
        (".venv/lib64", "checkout:.venv/lib".to_owned()),
        (".venv/bin", "checkout:.venv/bin".to_owned()),
        (".venv/bin/ruff", "original:.venv/bin/ruff".to_owned()),
    ] {
        assert_eq!(world.real(path), real, "{path}");
    }
    let link = fs::read_link(world.checkout.join(".venv/bin/python3")).unwrap();
    assert_eq!(link.to_str(), Some("python"));
}

#[test]
fn an_environment_comes_and_goes_with_the_original() {
    let world = project();
    world.prepare(Isolate::Link);
    let first = world.laid();
    world.prepare(Isolate::Link);
    assert_eq!(world.laid(), first);
    // An install replaces the file; an edit in place is seen as well.
    let root = world.repo.root.display();
    world.install(
        &format!("{PACKAGES}/_acme.pth"),
        &format!("{root}/libs/tool\n"),
    );
    world.prepare(Isolate::Link);
    let text = fs::read_to_string(world.checkout.join(PACKAGES).join("_acme.pth")).unwrap();
    assert_eq!(text, format!("{}/libs/tool\n", world.checkout.display()));
    fs::remove_dir_all(world.repo.root.join(".venv")).unwrap();
    world.prepare(Isolate::Link);
    assert_eq!(world.real(".venv"), "none");
}

#[test]
fn a_folder_that_is_no_environment_is_left_alone() {
    let world = World::new(&[("env/settings.py", "judged"), ("pyproject.toml", "")]);
    world.install("venv/notes", "no environment");
    let before = world.laid();
    world.prepare(Isolate::Link);
    assert_eq!(world.laid(), before);
}
