//! `guard env exec`: judged variables, and then the program itself.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::support::Repo;

const SCHEMA: &str = "\
variables:
  DATABASE_URL: { type: url, secret: true, required: true }
  COUNT: { type: int, min: 1, default: 5 }
environments:
  staging: {}
  production: { branches: [main] }
";

const SECRET: &str = "postgres://me:planted-word@db/app";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("schemas/env.yaml", SCHEMA)
        .write(".gitignore", ".env*\n")
        .write("package.json", "{}");
    repo
}

#[test]
fn values_come_from_the_process_and_under_it_from_files() {
    let repo = repo();
    repo.write(".env", "DATABASE_URL=http://a\nONLY=env\n")
        .write(".env.local", "DATABASE_URL=http://b\nCOUNT=2\n")
        .write(".env.development", "DATABASE_URL=http://c\n")
        .write(".env.production", "DATABASE_URL=http://p\n")
        .write(".env.production.local", "COUNT=7\n");
    let show = "echo \"$DATABASE_URL $COUNT ${ONLY-none}\"";
    let of = |arguments: &str| {
        let ran = repo
            .guard(&format!("env exec {arguments}"))
            .args(["--", "sh", "-c", show]);
        let ran = ran.env("ONLY_IN_PROCESS", "1").run();
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(ran.err, "");
        ran.out
    };
    assert_eq!(of("--env development"), "http://c 2 env\n");
    assert_eq!(of("--env production"), "http://p 7 none\n");
    assert_eq!(of("--env development --file .env"), "http://a  env\n");
    assert_eq!(
        of("--env development --file .env --file .env.production"),
        "http://p  env\n"
    );
    // The branch says it, too: main goes to production.
    assert_eq!(of(""), "http://p 7 none\n");
    let call = repo
        .guard("env exec --env development --")
        .args(["sh", "-c", show]);
    let ran = call.env("DATABASE_URL", "http://process").run();
    assert_eq!(ran.out, "http://process 2 env\n");
    let call = repo
        .guard("env exec --no-files --")
        .args(["sh", "-c", show]);
    let ran = call
        .env("DATABASE_URL", "http://x")
        .env("GUARD_ENV", "staging")
        .run();
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "http://x  none\n"),
        "{}",
        ran.err
    );
}

#[test]
fn what_is_wrong_is_told_and_nothing_starts() {
    let repo = repo();
    repo.write(".env.staging", format!("# a\nCOUNT=0\nOTHER={SECRET}\n"));
    let ran = repo
        .guard("env exec --env staging -- sh -c")
        .arg("echo started")
        .run();
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("error[ENV-RANGE]: `COUNT`"), "{}", ran.err);
    assert!(ran.err.contains("at .env.staging:2:7"), "{}", ran.err);
    assert!(
        ran.err
            .contains("error[ENV-MISSING]: `DATABASE_URL` is not set"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("at schemas/env.yaml:2:"), "{}", ran.err);
    assert!(!ran.err.contains("planted"), "{}", ran.err);
    let call = repo.guard("env exec --env staging --no-files -- true");
    let ran = call.env("DATABASE_URL", "planted-word").run();
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(
        ran.err.contains("`DATABASE_URL` of the process"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("planted-word"), "{}", ran.err);
}

#[test]
fn which_environment_must_be_said() {
    let repo = repo();
    repo.git(&["checkout", "--quiet", "-b", "feature"]);
    let call = repo
        .guard("env exec -- echo started")
        .env("NODE_ENV", "production");
    let ran = call.run();
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("`staging`, `production`"), "{}", ran.err);
    let ran = repo
        .guard("env exec --env prod-uction -- echo started")
        .run();
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    for wrong in [
        "env exec --env staging",
        "env exec --env staging echo",
        "env exec --env staging --no-files --file .env -- echo",
    ] {
        assert_eq!(repo.guard(wrong).run().code, 2, "{wrong}");
    }
    let ran = repo
        .guard("env exec --env staging --file nowhere -- echo started")
        .run();
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    repo.write("schemas/env.yaml", "variables: { A: { type: nothing } }\n");
    let ran = repo.guard("env exec --env staging -- echo started").run();
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    assert!(ran.err.contains("schemas/env.yaml:1:"), "{}", ran.err);
}

#[test]
fn the_exit_and_the_signal_are_the_programs_own() {
    let repo = repo();
    repo.write(".env.staging", "DATABASE_URL=http://a\n")
        .write("plain", "text")
        .script("own.sh", "#!/bin/sh\necho \"$0 $#\"\nexit 42\n");
    let run = |command: &[&str]| {
        let ran = repo.guard("env exec --env staging --").args(command).run();
        (ran.code, ran.out, ran.err)
    };
    assert_eq!(run(&["sh", "-c", "exit 7"]).0, 7);
    assert_eq!(run(&["sh", "-c", "kill -TERM $$"]).0, 128 + 15);
    assert_eq!(run(&["sh", "-c", "kill -KILL $$"]).0, 128 + 9);
    let (code, out, _) = run(&["./own.sh", "a b", ""]);
    assert_eq!((code, out.trim_end().rsplit(' ').next()), (42, Some("2")));
    let (code, out, err) = run(&["no-such-program"]);
    assert_eq!((code, out.as_str()), (127, ""));
    assert!(err.contains("`no-such-program` was not found"), "{err}");
    let (code, _, err) = run(&["./plain"]);
    assert_eq!(code, 126, "{err}");
    let (code, _, err) = run(&["./schemas"]);
    assert_eq!(code, 126, "{err}");
}

#[test]
fn words_and_variables_go_through_as_they_are() {
    let repo = repo();
    repo.write(".env.staging", "DATABASE_URL=http://a\nQUOTED='a  $b'\n");
    let show = "for word; do printf '[%s]' \"$word\"; done; printf '<%s>' \"$QUOTED\" \"$RAW\" \"$RAILWAY_TOKEN\"";
    let call = repo
        .guard("env exec --env staging --")
        .args(["sh", "-c", show, "sh"]);
    let call = call
        .args(["two words", "--env", "--", "-x", ""])
        .arg(OsStr::from_bytes(b"\xff\xfe"));
    let mut command = call
        .env("RAW", OsStr::from_bytes(b"\xfd"))
        .env("RAILWAY_TOKEN", "own-token")
        .command();
    let output = command.output().expect("it runs");
    let expected = b"[two words][--env][--][-x][][\xff\xfe]<a  $b><\xfd><own-token>";
    assert_eq!(
        output.stdout,
        expected,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.stderr.is_empty());
}

#[test]
fn standard_input_and_the_folder_are_the_programs() {
    let repo = repo();
    repo.write(".env.staging", "DATABASE_URL=http://a\n")
        .write("below/file", "");
    let ran = repo
        .guard("env exec --env staging -- cat")
        .stdin("through")
        .run();
    assert_eq!((ran.code, ran.out.as_str()), (0, "through"), "{}", ran.err);
    let call = repo
        .guard("-C below env exec --env staging -- sh -c")
        .arg("pwd; ls");
    let ran = call.env("PWD", repo.path.as_os_str()).run();
    assert_eq!(ran.out, "[FOLDER]/repo/below\nfile\n", "{}", ran.err);
}

#[test]
fn outside_of_a_repository_the_folder_counts() {
    let repo = repo();
    let app = repo.beside("app");
    std::fs::create_dir_all(app.join("schemas")).unwrap();
    std::fs::write(app.join("schemas/env.yaml"), SCHEMA).unwrap();
    let call = || {
        repo.guard("env exec --env production -- sh -c")
            .arg("echo $DATABASE_URL")
            .within(&app)
    };
    let ran = call().env("DATABASE_URL", "http://a").run();
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "http://a\n"),
        "{}",
        ran.err
    );
    assert_eq!(call().run().code, 1);
}

#[test]
fn odd_files_are_told_or_passed_by() {
    let repo = repo();
    // One of Python's virtual environments may be called so.
    repo.write(".env/pyvenv.cfg", "")
        .write(".env.local", "DATABASE_URL=http://a\n");
    let ran = repo
        .guard("env exec --env development -- echo started")
        .run();
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "started\n"),
        "{}",
        ran.err
    );
    let ran = repo
        .guard("env exec --env development --file .env -- echo started")
        .run();
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
    repo.write(".env.local", "DATABASE_URL=http://a\nCOUNT='x\0'\n");
    let ran = repo
        .guard("env exec --env development -- echo started")
        .run();
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
    assert!(ran.err.contains("at .env.local:2:7"), "{}", ran.err);
}
