//! The user's own variables: who wins, what is taken, and that no value is ever shown.

use insta::assert_snapshot;

use super::{folder, shown};
use crate::config::{ConfigError, user_environment};
use crate::environment::Environment;
use crate::path::RepoPath;

fn read(
    files: &[(&str, &str)],
    variables: &[(&str, &str)],
    tracked: Option<&str>,
) -> Result<(Environment, Vec<String>), ConfigError> {
    let folder = folder(files);
    let root = folder.path().join("repository");
    let home = folder.path().to_owned();
    let mut environment = Environment::of(&root, [("HOME", home.as_os_str())]);
    for (name, value) in variables {
        environment.add(name, value);
    }
    let is_tracked = |path: &RepoPath| tracked.is_some_and(|name| *path == RepoPath::from(name));
    let warnings = user_environment(&mut environment, &root, &is_tracked)?;
    Ok((environment, warnings))
}

#[test]
fn the_process_wins_over_the_repository_and_that_over_the_user() {
    let files = [
        (
            "repository/.env.guard",
            "RAILWAY_TOKEN=near\nGUARD_SKIP=a\nGUARD_SKIP=b\nGUARD_JOBS=3 ",
        ),
        (
            ".config/guard/env",
            "RAILWAY_TOKEN=far\nGITHUB_TOKEN='far $x'\nSLACK_WEBHOOK_URL=far\n",
        ),
    ];
    let (environment, warnings) = read(&files, &[("SLACK_WEBHOOK_URL", "process")], None).unwrap();
    assert_eq!(environment.text("RAILWAY_TOKEN"), Some("near"));
    assert_eq!(environment.text("GUARD_SKIP"), Some("b"));
    assert_eq!(environment.text("GUARD_JOBS"), Some("3"));
    assert_eq!(environment.text("GITHUB_TOKEN"), Some("far $x"));
    assert_eq!(environment.text("SLACK_WEBHOOK_URL"), Some("process"));
    assert_eq!(warnings, Vec::<String>::new());
}

#[test]
fn the_folder_of_the_specification_counts() {
    let files = [
        ("own/guard/env", "RAILWAY_TOKEN=own"),
        (".config/guard/env", "RAILWAY_TOKEN=home"),
    ];
    let (environment, _) = read(&files, &[("XDG_CONFIG_HOME", "relative")], None).unwrap();
    assert_eq!(environment.text("RAILWAY_TOKEN"), Some("home"));
    let folder = folder(&files);
    let own = folder.path().join("own");
    let mut environment = Environment::of(folder.path(), [("XDG_CONFIG_HOME", own.as_os_str())]);
    user_environment(&mut environment, folder.path(), &|_| false).unwrap();
    assert_eq!(environment.text("RAILWAY_TOKEN"), Some("own"));
}

#[test]
fn other_names_are_named_and_not_taken() {
    let files = [(
        "repository/.env.guard",
        "PATH=/evil\nDATABASE_URL=s3cret\nLD_PRELOAD=x\n",
    )];
    let (environment, warnings) = read(&files, &[], None).unwrap();
    assert_eq!(environment.text("PATH"), None);
    assert_eq!(environment.text("DATABASE_URL"), None);
    assert_snapshot!(warnings.join("\n"), @r"
    .env.guard: guard takes no variable PATH from there
    .env.guard: guard takes no variable DATABASE_URL from there
    .env.guard: guard takes no variable LD_PRELOAD from there
    ");
}

#[test]
fn a_tracked_file_is_refused() {
    let files = [("repository/.env.guard", "RAILWAY_TOKEN=s3cret")];
    let error = read(&files, &[], Some(".env.guard")).unwrap_err();
    assert_snapshot!(shown(&error), @r"
    ✗ .env.guard is tracked by git, and it holds secrets
    help: take it out with `git rm --cached .env.guard`, ignore it, and renew
          what it held
    ");
}

#[test]
fn a_mistake_names_the_line_and_never_the_value() {
    for text in [
        "GUARD_SKIP=a\n\nRAILWAY_TOKEN s3cret\n",
        "GUARD_SKIP=a\n\nRAILWAY_TOKEN=\"s3cret\n",
        "GUARD_SKIP=a\n\nRAILWAY_TOKEN=s3cret s3cret\n",
        "GUARD_SKIP=a\r\n\r\nRAILWAY_TOKEN='s3cret",
    ] {
        let error = read(&[("repository/.env.guard", text)], &[], None).unwrap_err();
        let shown = shown(&error);
        assert!(
            shown.contains(".env.guard:3: not written as NAME=value"),
            "{text:?}: {shown}"
        );
        assert!(
            !shown.contains("s3cret") && !format!("{error:?}").contains("s3cret"),
            "{shown}"
        );
    }
}
