//! cargo needs nothing laid: its packages are tracked, and its target is the checkout's own.

use std::path::Path;
use std::process::Command;

use super::World;
use crate::dependencies::variables;
use crate::environment::Environment;
use crate::process::variables::Variables;

#[test]
fn nothing_is_built_from_or_into_the_original() {
    let manifest = |name: &str, more: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{more}")
    };
    let world = World::new(&[
        (
            "Cargo.toml",
            &manifest(
                "app",
                "[dependencies]\nlib = { path = \"lib\" }\n[workspace]\n",
            ),
        ),
        (
            "src/main.rs",
            "fn main() { println!(\"{}\\n{}\", env!(\"CARGO_MANIFEST_DIR\"), lib::place()) }",
        ),
        ("lib/Cargo.toml", &manifest("lib", "")),
        (
            "lib/src/lib.rs",
            "pub fn place() -> &'static str { env!(\"CARGO_MANIFEST_DIR\") }",
        ),
        (".gitignore", "target\n"),
    ]);
    let shared = world.repo.root.parent().unwrap().join("shared");
    let target = world.repo.root.join("target");
    let cargo = Environment::read().text("CARGO").unwrap().to_owned();
    let programs = Path::new(&cargo).parent().unwrap().display().to_string();
    let path = Environment::read().text("PATH").unwrap().to_owned();
    for place in [&shared, &target] {
        let given: Variables = [
            ("PATH", format!("{programs}:{path}")),
            ("HOME", "/nonexistent".to_owned()),
            ("CARGO_HOME", shared.join("home").display().to_string()),
            ("CARGO_TARGET_DIR", place.display().to_string()),
        ]
        .map(|(name, value)| (name.into(), value.into()))
        .into_iter()
        .collect();
        let before = world.original();
        let output = Command::new(&cargo)
            .args(["run", "--quiet", "--offline"])
            .current_dir(&world.checkout)
            .env_clear()
            .envs(variables(&world.repo.root, &world.checkout, &given).iter())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let root = world.checkout.display();
        assert_eq!(text, format!("{root}\n{root}/lib\n"), "{output:?}");
        assert_eq!(world.original(), before, "the original was written");
        assert!(!shared.join("debug").exists());
    }
}
