//! Projects as they are, and what the check says about them.

use proptest::prelude::*;

use super::*;
use crate::project::sketch::Sketch;
use crate::repository::{Blob, Id, Mode};

const NEXT: &str = r#"{"dependencies":{"next":"16"}}"#;

fn changes(paths: &[&str]) -> Vec<Change> {
    let id = Id::from_bytes(&[1; 20]).expect("an id");
    let blob = Blob {
        id,
        mode: Mode::File,
    };
    let change =
        |path: &&str| Change::between(path.as_bytes(), None, Some(blob)).expect("it is new");
    paths.iter().map(change).collect()
}

fn said(files: &[(&str, &str)], scope: Scope) -> Vec<String> {
    let project = Project::new(Sketch::of(files));
    let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
    let judgement = judge(&project, &changes(&paths), scope);
    let line = |finding: &Finding| {
        let place = finding.place.as_ref().expect("all have a file");
        let at = place.span.map_or_else(String::new, |(from, to)| {
            format!(":{}-{}", from.line, to.column)
        });
        let word = finding.severity.word();
        format!(
            "{}{at} {word} {} {}",
            place.path, finding.code.id, finding.message
        )
    };
    match judgement.skipped {
        Some(reason) => vec![format!("skipped: {reason}")],
        None => judgement.findings.iter().map(line).collect(),
    }
}

#[test]
fn what_covers_env_files_is_quiet() {
    for ignore in [
        ".env*\n",
        ".env\n.env.*\n!.env.example\n",
        "*.env\n.env.*\n",
        "# a\r\n.env*\r\n",
        "/.env*",
    ] {
        let files = [
            ("package.json", NEXT),
            (".gitignore", ignore),
            (".env.example", "A=\n"),
        ];
        assert_eq!(said(&files, Scope::Change), [""; 0], "{ignore}");
    }
}

#[test]
fn what_is_missing_is_said_once_and_as_gravely_as_it_is() {
    for (ignore, line) in [
        (
            "node_modules\n",
            "error ENV-NOT-IGNORED .gitignore does not cover `.env`, `.env.development.local`, `.env.local`, `.env.production`, `.env.production.local`",
        ),
        (
            "*.local\n",
            "error ENV-NOT-IGNORED .gitignore does not cover `.env`, `.env.production`",
        ),
        (
            ".env\n.env.local\n.env.*.local\n",
            "warning ENV-NOT-IGNORED .gitignore does not cover `.env.production`",
        ),
    ] {
        let files = [
            ("package.json", NEXT),
            (".gitignore", ignore),
            ("apps/web/package.json", "{}"),
        ];
        assert_eq!(
            said(&files, Scope::Change),
            [format!(".gitignore {line}")],
            "{ignore}"
        );
    }
    // Python's world reads `.env`: the names of npm's world are not asked for there.
    let fastapi = [("requirements.txt", "fastapi\n"), (".gitignore", ".env\n")];
    assert_eq!(said(&fastapi, Scope::Change), [""; 0]);
    // A manifest alone says nothing about env files.
    assert_eq!(
        said(&[("package.json", "{}")], Scope::Change),
        ["skipped: nothing here suggests env files"]
    );
}

#[test]
fn a_rule_that_takes_back_is_named() {
    let files = [
        ("package.json", NEXT),
        (".gitignore", ".env*\n"),
        ("api/pyproject.toml", ""),
        ("api/.gitignore", "x\n!.env.local\n"),
    ];
    assert_eq!(
        said(&files, Scope::Change),
        ["api/.gitignore:2-12 error ENV-NOT-IGNORED api/.gitignore does not cover `.env.local`"]
    );
    let covered = [
        ("a/package.json", NEXT),
        ("a/.gitignore", "/.env*\n"),
        (".gitignore", ".env*\n"),
    ];
    assert_eq!(said(&covered, Scope::Change), [""; 0]);
}

#[test]
fn projects_without_env_files_are_left_alone() {
    let c = [("Makefile", ""), ("src/main.c", ""), ("configure.ac", "")];
    assert_eq!(
        said(&c, Scope::Everything),
        ["skipped: nothing here suggests env files"]
    );
    let rust = [(
        "Cargo.toml",
        "[package]\nname=\"a\"\n[dependencies]\nserde=\"1\"",
    )];
    assert_eq!(
        said(&rust, Scope::Change),
        ["skipped: nothing here suggests env files"]
    );
    let axum = [("Cargo.toml", "[dependencies]\ndotenvy = \"0.15\"")];
    assert!(said(&axum, Scope::Change)[0].contains(" error ENV-NOT-IGNORED "));
}

#[test]
fn env_files_in_the_commit_are_as_bad_as_what_they_hold() {
    for (path, text, line) in [
        (
            ".env",
            "PORT=1",
            Some("error ENV-TRACKED .env is in the commit and holds values"),
        ),
        (
            ".env",
            "A=\nB=changeme",
            Some(
                "info ENV-TRACKED .env is in the commit and holds no value: it may be called `.env.example`",
            ),
        ),
        (
            "web/.env.local",
            "A=b",
            Some("error ENV-TRACKED web/.env.local is in the commit and holds values"),
        ),
        (
            ".env.development",
            "NEXT_PUBLIC_URL=http://localhost:3000",
            Some(
                "warning ENV-TRACKED .env.development is in the commit and holds values, none of which looks like a secret",
            ),
        ),
        (
            ".env.test",
            "JWT_SECRET=9f8a7b6c5d4e",
            Some("error ENV-TRACKED .env.test is in the commit and holds what looks like a secret"),
        ),
        ("tests/fixtures/.env", "A=b", None),
        (
            "tests/fixtures/.env",
            "A=ghp_aaaa",
            Some(
                "warning ENV-TRACKED tests/fixtures/.env is in the commit and holds what looks like a secret",
            ),
        ),
        (".env.example", "KEY=sk_live_1", None),
        (".env", "DOTENV_PUBLIC_KEY=1\nA=encrypted:x", None),
    ] {
        let lines = said(&[(path, text)], Scope::Everything);
        let expected: Vec<String> = line
            .map(|line| format!("{path} {line}"))
            .into_iter()
            .collect();
        let told: Vec<String> = lines
            .into_iter()
            .filter(|line| line.contains("ENV-TRACKED"))
            .collect();
        assert_eq!(told, expected, "{path} {text}");
    }
}

#[test]
fn only_what_changed_is_looked_at_unless_all_is_asked_for() {
    let files = [
        (".gitignore", ".env*"),
        ("package.json", NEXT),
        (".env", "A=b"),
    ];
    let project = Project::new(Sketch::of(&files));
    let changed = changes(&["package.json"]);
    assert!(judge(&project, &changed, Scope::Change).findings.is_empty());
    assert_eq!(
        judge(&project, &changed, Scope::Everything).findings.len(),
        1
    );
    let mut gone = changes(&[".env"]);
    gone[0] = Change::between(b".env", gone[0].new, None).expect("it is gone");
    assert!(judge(&project, &gone, Scope::Change).findings.is_empty());
}

#[test]
fn a_folder_of_keys_must_be_ignored_and_one_of_code_need_not() {
    let keys = [
        ("package.json", NEXT),
        (".gitignore", ".env*"),
        ("secrets/prod.pem", ""),
    ];
    assert_eq!(
        said(&keys, Scope::Change),
        [".gitignore warning ENV-NOT-IGNORED .gitignore does not cover `secrets/`"]
    );
    let code = [
        ("package.json", NEXT),
        (".gitignore", ".env*"),
        ("secrets/index.ts", ""),
    ];
    assert_eq!(said(&code, Scope::Change), [""; 0]);
}

#[test]
fn a_repair_keeps_what_stands_there() {
    assert_eq!(
        repaired("", &[".env"]),
        "# Env files hold what must not leave the machine.\n.env\n"
    );
    assert_eq!(
        repaired("# mine\r\ndist", &[".env", ".env.local"]),
        "# mine\r\ndist\r\n\r\n# Env files hold what must not leave the machine.\r\n.env\r\n.env.local\r\n"
    );
}

proptest! {
    #[test]
    fn what_was_repaired_is_covered(
        root in "(!?\\.env(\\.local|\\*|\\.production)?\r?\n|node_modules\n|#.env\n|\\*\n){0,6}",
        nested in "(!?\\.env(\\.local|\\*|\\.production)?\n|!\\*\n){0,4}",
    ) {
        let files = [("package.json", NEXT), ("web/package.json", "{}"), (".gitignore", &root), ("web/.gitignore", &nested)];
        let project = Project::new(Sketch::of(&files));
        let changed = changes(&["package.json", "web/package.json"]);
        let judgement = judge(&project, &changed, Scope::Change);
        let mut mended: Vec<(String, String)> =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        for (path, text) in &judgement.repairs {
            let old = mended.iter_mut().find(|(name, _)| *name == path.to_text()).expect("it is there");
            prop_assert!(text.starts_with(&old.1));
            old.1.clone_from(text);
        }
        let mended: Vec<(&str, &str)> = mended.iter().map(|(path, text)| (&**path, &**text)).collect();
        let project = Project::new(Sketch::of(&mended));
        let again = judge(&project, &changed, Scope::Change);
        prop_assert!(again.findings.is_empty(), "{:?}", again.findings);
    }
}
