//! Completions: what is offered at each place, and that the shells really offer it.

use std::process::{Command, Stdio};

use crate::support::{Ran, Repo};

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  words: { run: 'true', fix: 'true {files}' }\n  \"test:unit\": { run: 'true', files: none }\n",
    )
    .commit("configure");
    repo.git(&["branch", "feature/one"]);
    repo.git(&["tag", "v1.0"]);
    repo
}

/// The candidates for the last of these words.
fn offered(repo: &Repo, words: &[&str]) -> Vec<String> {
    let ran = repo.guard("complete --").args(words).run();
    assert_eq!((ran.code, &*ran.err), (0, ""), "{words:?}");
    ran.out
        .lines()
        .map(|line| line.split('\t').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn each_place_offers_what_may_stand_there() {
    let repo = repo();
    for (words, wanted) in [
        (&["ru"][..], &["run"][..]),
        (&["run", ""], &["pre-commit", "pre-push", "ci"]),
        (&["-v", "run", "pre-"], &["pre-commit", "pre-push"]),
        (&["run", "ci", "--on"], &["--only"]),
        (
            &["run", "ci", "--only", ""],
            &[
                "test:unit",
                "words",
                "build",
                "coverage",
                "env",
                "format",
                "gitignore",
                "lint",
                "secrets",
                "tests",
                "types",
                "fix",
            ],
        ),
        (
            &["run", "ci", "--only", "words,test:"],
            &["words,test:unit"],
        ),
        (&["run", "ci", "--only=w"], &["--only=words"]),
        (
            &["fix", "--skip", ""],
            &["words", "env", "format", "gitignore", "lint"],
        ),
        (&["run", "ci", "--from", "fe"], &["feature/one"]),
        (&["run", "ci", "--from=v"], &["--from=v1.0"]),
        (&["fix", "--to", "ma"], &["main"]),
        (&["fix", "cmd-f"], &["CMD-FAILED"]),
        (&["fix", "CMD-FAILED", "HOOK"], &["HOOK-LINE"]),
        (&["explain", "con"], &["config"]),
        (&["explain", "config", "on"], &["on_unknown"]),
        (
            &["explain", "config", "commands.words.ti"],
            &["commands.words.timeout"],
        ),
        (&["explain", "CMD-FAILED", ""], &["-C"]),
        (&["--format", "nd"], &["ndjson"]),
        (&["--color=al"], &["--color=always"]),
        (&["install", "--missing", "w"], &["warn"]),
        (&["schema", "r"], &["report"]),
        (&["completions", "po"], &["powershell"]),
        (&["man", "ca"], &["cache"]),
        (&["man", "cache", ""], &["prune"]),
        (&["cache", ""], &["prune"]),
        (&["-C", ""], &[":folders"]),
        (&["run", "ci", "--config", ""], &[":files"]),
        (&["run", "pre-push", "--", ""], &[]),
        (&["nonsense", "x"], &[]),
    ] {
        let offered = offered(&repo, words);
        if wanted == ["-C"] {
            assert!(offered.contains(&"--format".to_owned()), "{offered:?}");
        } else {
            assert_eq!(offered, wanted, "{words:?}");
        }
    }
    let all = offered(&repo, &[""]);
    for command in ["run", "fix", "install", "explain", "completions", "man"] {
        assert!(all.contains(&command.to_owned()), "{all:?}");
    }
    assert!(!all.contains(&"hook".to_owned()) && !all.contains(&"complete".to_owned()));
}

#[test]
fn dash_c_and_config_are_heeded() {
    let repo = repo();
    let elsewhere = repo.beside("elsewhere");
    std::fs::create_dir(&elsewhere).expect("a folder");
    repo.write(
        "other.yaml",
        "commands: { else: { run: 'true', files: none } }\n",
    );
    let path = repo.path.to_str().expect("text");
    let ran = repo
        .guard("complete -- -C")
        .args([path, "run", "ci", "--only", "w"])
        .within(&elsewhere)
        .run();
    assert!(ran.out.starts_with("words\t"), "{}", ran.whole());
    let ran = repo
        .guard("complete -- --config=other.yaml run ci --only e")
        .run();
    assert!(ran.out.starts_with("else\t"), "{}", ran.whole());
}

/// Outside of a repository, with a broken configuration, with names made to be run: nothing is said.
#[test]
fn trouble_is_silent_and_a_hostile_name_is_not_offered() {
    let repo = repo();
    repo.git(&["update-ref", "refs/heads/a;touch${IFS}x", "HEAD"]);
    repo.git(&["update-ref", "refs/heads/$(id)", "HEAD"]);
    repo.git(&["update-ref", "refs/heads/a\u{202e}b", "HEAD"]);
    let names = offered(&repo, &["run", "ci", "--from", ""]);
    assert_eq!(names, ["HEAD", "feature/one", "main", "v1.0"]);
    repo.write("guard.yaml", "commands: [");
    assert_eq!(offered(&repo, &["run", "ci", "--only", "w"]), [""; 0]);
    let outside = repo
        .guard("complete -- run ci --only w")
        .within(repo.home())
        .run();
    assert_eq!(outside.whole(), "exit 0\n--- out\n--- err\n");
    for odd in [
        &["--", ""][..],
        &["", "", ""],
        &["-"],
        &["--=", "="],
        &["-C"],
    ] {
        offered(&repo, odd);
    }
}

/// What a shell says, with the binary's folder first on its PATH.
fn shell(repo: &Repo, program: &str, args: &[&str], script: &str) -> Option<Ran> {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_guard"));
    let folder = binary.parent().expect("a binary lies in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    crate::support::scrub(&mut command, &repo.home());
    let output = command
        .env("PATH", format!("{}:{path}", folder.display()))
        .current_dir(&repo.path)
        .args(args)
        .arg(script)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(Ran::of(&output, repo.path.to_str().expect("text")))
}

/// bash is told to complete as it is at a Tab: words split at its own signs.
#[test]
fn bash_completes() {
    let repo = repo();
    let script = r#"
eval "$(guard completions bash)"
complete -p guard
tab() {
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE=${LINE-"$*"}; COMP_POINT=${#COMP_LINE}
    COMPREPLY=(); _guard guard; echo "${COMPREPLY[*]}"
}
tab guard ru
tab guard run ""
tab guard run ci --only words,
LINE='guard run ci --only=w' tab guard run ci --only = w
LINE='guard run ci --only=' tab guard run ci --only =
LINE='guard run ci --only test:u' tab guard run ci --only test : u
tab guard --config gu
tab guard nonsense x
"#;
    let ran = shell(&repo, "bash", &["--norc", "-c"], script).expect("bash is there");
    insta::assert_snapshot!(ran.whole(), @"
    exit 0
    --- out
    complete -F _guard guard
    run
    pre-commit pre-push ci
    words,test:unit words,build words,coverage words,env words,format words,gitignore words,lint words,secrets words,tests words,types words,fix
    words
    test:unit words build coverage env format gitignore lint secrets tests types fix
    unit
    guard.yaml

    --- err
    ");
}

#[cfg(feature = "peer-tests")]
#[test]
fn zsh_completes() {
    let repo = repo();
    // Tab is pressed in a terminal of zsh's own; what it offers is taken where it is handed over.
    let script = r#"
autoload -Uz compinit; compinit -u -d "$HOME/.zcompdump"
eval "$(guard completions zsh)"
print -r -- "$_comps[guard]"
compadd() { print -r -- "${values[*]}"; }
tab() { words=("$@"); CURRENT=$#; PREFIX=$words[-1]; _guard; }
tab guard ru
tab guard run ''
tab guard run ci --only words,
tab guard run ci --only=w
tab guard run ci --from v
"#;
    let ran = shell(&repo, "zsh", &["-f", "-c"], script).expect("zsh is there");
    insta::assert_snapshot!(ran.whole(), @"
    exit 0
    --- out
    _guard
    run
    pre-commit pre-push ci
    words,test:unit words,build words,coverage words,env words,format words,gitignore words,lint words,secrets words,tests words,types words,fix
    --only=words
    v1.0
    --- err
    ");
}

#[cfg(feature = "peer-tests")]
#[test]
fn fish_completes() {
    let repo = repo();
    let script = "guard completions fish | source
for line in 'guard ru' 'guard run ' 'guard run ci --only words,' 'guard run ci --only=w' 'guard fix --to v'
    complete --do-complete $line | cut -f1 | paste -sd ' '
end";
    let ran = shell(&repo, "fish", &["--no-config", "-c"], script).expect("fish is there");
    insta::assert_snapshot!(ran.whole(), @"
    exit 0
    --- out
    run
    pre-commit pre-push ci
    words,test:unit words,build words,coverage words,env words,format words,gitignore words,lint words,secrets words,tests words,types words,fix
    --only=words
    v1.0
    --- err
    ");
}

/// No PowerShell is at hand here: what can be seen without one is that the script is whole.
#[test]
fn the_script_for_powershell_is_whole() {
    let repo = Repo::new();
    let ran = repo.guard("completions powershell").run();
    assert_eq!(ran.code, 0);
    let script = ran.out;
    for (open, close) in [('{', '}'), ('(', ')'), ('[', ']')] {
        let count = |sign: char| script.matches(sign).count();
        assert_eq!(count(open), count(close), "{open}{close} in {script}");
    }
    for part in [
        "Register-ArgumentCompleter -Native",
        "'complete'",
        "CompletionResult",
    ] {
        assert!(script.contains(part), "{part} in {script}");
    }
}

#[test]
fn a_tab_is_answered_at_once() {
    let repo = repo();
    let quickest = (0..20)
        .map(|_| {
            let before = std::time::Instant::now();
            offered(&repo, &["run", "ci", "--only", ""]);
            before.elapsed()
        })
        .min()
        .expect("there were some");
    // Twenty milliseconds are the goal of a release build; a debug build and a loaded machine get more.
    assert!(quickest.as_millis() < 100, "{quickest:?}");
}
