//! Shells, Rust, Docker, Compose and workflows; any bytes in each of them.

use proptest::prelude::*;

use super::*;

fn all(path: &str, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(names(path, text), *expected, "{text}");
    }
}

#[test]
fn shells_read_what_they_do_not_set() {
    all(
        "a.sh",
        &[
            ("echo $A ${B} \"$C\" x$D", &["A", "B", "C", "D"]),
            ("echo '$A' # $B\necho \\$C a#$D", &["D"]),
            (
                "${A:-d} ${B:=d} ${C:?no} ${D:+x} ${#E} ${F%%x}",
                &["A?=", "B?=", "C!", "D?", "E", "F"],
            ),
            ("${!A}", &[" dynamic"]),
            ("${A:-${B:-x}}", &["A?=", "B?="]),
            ("A=1\necho $A", &[]),
            ("echo $A\nA=1\necho $A", &["A"]),
            ("A=${A:-x}; echo $A", &["A?="]),
            ("A=\"$B\" C='$D' cmd $E", &["B", "E"]),
            (
                "export A=1 B=$C; echo $A",
                &["A assigned", "B assigned", "C"],
            ),
            ("export A", &[]),
            ("for A in $B; do echo $A; done; read -r C; echo $C", &["B"]),
            ("local A=$1 B; echo $A $B", &[]),
            ("echo A=1; echo $A", &["A"]),
            ("if [ -z \"$A\" ]; then B=1; fi; echo $B", &["A"]),
            ("A=$(cmd $B); echo $A", &["B"]),
            ("echo `cmd $A`", &["A"]),
            ("echo $'it\\'s $A' $B", &["B"]),
            ("cat <<EOF\n$A '$B'\nEOF\necho $C", &["A", "B", "C"]),
            ("cat <<'EOF'\n$A\nEOF\necho $C", &["C"]),
            ("cat <<-EOF > x\n\t$A\n\tEOF\necho $C", &["A", "C"]),
            ("cat <<< $A", &["A"]),
            ("echo $1 $@ $# $lower ${x} $A", &["A"]),
            (
                ". ./.env.local; source \"$DIR/.env\"; . lib.sh",
                &["./.env.local file", "DIR"],
            ),
            ("source .env", &[".env file"]),
        ],
    );
}

#[test]
fn rust_reads_by_macros_and_functions() {
    all(
        "a.rs",
        &[
            (
                "env!(\"A\"); option_env!(\"B\"); std::env!(\"C\")",
                &["A!", "B?", "C!"],
            ),
            ("option_env!(\"A\").unwrap_or(\"x\")", &["A?="]),
            (
                "std::env::var(\"A\")?; ::std::env::var_os(\"B\")",
                &["A!", "B"],
            ),
            ("use std::env;\nenv::var(\"A\").unwrap()", &["A!"]),
            ("use std::env as e;\ne::var(\"A\").ok()", &["A?"]),
            (
                "use std::{env, fs};\nenv::var(\"A\").unwrap_or_else(|_| \"x\".into())",
                &["A?="],
            ),
            (
                "use std::env::{self, var, var_os as get};\nvar(\"A\"); get(\"B\"); x.var(\"C\")",
                &["A", "B"],
            ),
            ("std::env::var(\"A\").ok().unwrap_or_default()", &["A?="]),
            ("std::env::var(name)", &[" dynamic"]),
            ("std::env::var(&name); std::env::vars()", &[" dynamic"]),
            (
                "unsafe { std::env::set_var(\"A\", \"x\") }; std::env::remove_var(\"B\")",
                &["A assigned"],
            ),
            (
                "// env!(\"A\")\n/* env!(\"B\") /* */ env!(\"C\") */ \"env!(\\\"D\\\")\" env!(\"E\")",
                &["E!"],
            ),
            ("r#\"env!(\"A\")\"# '\"' b'\"' '\\'' env!(\"B\")", &["B!"]),
            ("fn f<'a>(x: &'a str) { env!(r\"A\"); }", &["A!"]),
            (
                "#[arg(long, env = \"A\")] x: u8, Arg::new(\"b\").env(\"B\"); cmd.env(\"C\", \"x\")",
                &["A?", "B?"],
            ),
            ("println!(\"cargo:rustc-env=A={}\", x)", &["A assigned"]),
            (
                "dotenvy::var(\"A\"); other::var(\"B\"); fn var(x: u8) {}",
                &["A"],
            ),
            ("env!(\"A", &[]),
        ],
    );
}

#[test]
fn dockerfiles_take_set_and_read() {
    all(
        "Dockerfile",
        &[
            (
                "ARG A\nARG B=1 C=\"x y\"",
                &["A declared?", "B declared?=", "C declared?="],
            ),
            (
                "ENV A=1 B=$C\nENV D $E f",
                &["A assigned", "B assigned", "C", "D assigned", "E"],
            ),
            (
                "ARG A=1\nFROM x:$A\nCOPY $B ${C:-x} /",
                &["A declared?=", "B", "C?="],
            ),
            ("# $A\nRUN echo $B \\\n  # $C\n  && D=1 echo $D", &["B"]),
            (
                "ENV A=1\nRUN echo $A $B\nCMD next start -p $PORT",
                &["A assigned", "B", "PORT"],
            ),
            (
                "CMD [\"node\", \"$A\"]\nCMD [\"sh\", \"-c\", \"run $B\"]",
                &["B"],
            ),
            ("RUN <<EOF\necho $A\nEOF\nENV B=1", &["A", "B assigned"]),
            (
                "HEALTHCHECK --interval=5s CMD curl localhost:$PORT",
                &["PORT"],
            ),
            ("from x\nrun echo \\$A '$B'", &[]),
        ],
    );
}

#[test]
fn compose_files_put_in_hand_in_and_set() {
    all(
        "docker-compose.yml",
        &[
            (
                "image: x:${TAG:-1}\n# $A\nb: $B # $C\nd: $$E '${F?no}'",
                &["TAG?=", "B", "F!"],
            ),
            (
                "services:\n  web:\n    environment:\n      A: 1\n      B: ${C}\n      D:\n    image: x",
                &["A assigned", "B assigned", "C", "D"],
            ),
            (
                "    environment:\n    - A=1\n    - \"B=$C\"\n    - D\n    ports:\n    - 80",
                &["A assigned", "B assigned", "C", "D?"],
            ),
            ("environment: { A: 1, B: x }", &["A assigned", "B assigned"]),
            ("env_file: .env", &[".env file"]),
            (
                "env_file: [.env, \"x/.env.local\"]",
                &[".env file", "x/.env.local file"],
            ),
            (
                "env_file:\n  - .env\n  - path: ./b.env\n    required: false",
                &[".env file", "./b.env file"],
            ),
            ("command: |\n  # $A\n  echo $$B $C", &["A", "C"]),
        ],
    );
}

#[test]
fn workflows_set_and_name_secrets() {
    all(
        ".github/workflows/ci.yml",
        &[
            (
                "env:\n  A: 1\n  B: ${{ secrets.C }}\non: push\njobs:\n  x:\n    env:\n      D: ${{ vars.E || 'secrets.F' }}\n    steps:\n      - run: echo ${{ secrets['G'] }} $H\n        env:\n          I: x",
                &[
                    "A assigned",
                    "B assigned",
                    "C secret",
                    "D assigned",
                    "E setting",
                    "G secret",
                    "I assigned",
                ],
            ),
            (
                "# ${{ secrets.A }}\nrun: |\n  echo ${{ secrets.B }} ${{ steps.secrets.outputs }}",
                &["B secret"],
            ),
            (
                "if: ${{ secrets.A != '' && secrets.B",
                &["A secret", "B secret"],
            ),
        ],
    );
}

const PATHS: [&str; 9] = [
    "a.sh",
    "a.rs",
    "Dockerfile",
    "compose.yml",
    ".github/workflows/a.yml",
    "a.ts",
    "a.py",
    "a.vue",
    "a.astro",
];

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for path in PATHS {
            count(path, &bytes);
        }
    }

    #[test]
    fn no_mixture_panics_and_places_lie_in_the_text(parts in prop::collection::vec(prop::sample::select(vec![
        "$", "{", "}", "A", "B=", "${A:-", "${{ ", "secrets.", "['", "']", "vars", "'", "\"", "`", "\\", "\n", " ", "\t", "#", "<<", "EOF",
        "<<-'EOF'", "(", ")", ";", "export ", "for ", "read ", "source ", ". ", "é", "env!(", "\"", "r#\"", "\"#", "std::env::var(", "use std::env;",
        "/*", "*/", "//", "'a", "b'", "ARG ", "ENV ", "RUN ", "CMD [", "environment:", "env_file:", "env:", "- ", ": ", "|", "[", "]", "import os\n",
    ]), 0..40)) {
        let text: String = parts.concat();
        let lines: Vec<&str> = text.split('\n').collect();
        for path in PATHS {
            let kind = Kind::of(&RepoPath::from(path)).unwrap();
            for spot in content(kind, text.as_bytes()).spots {
                let line = lines[spot.line as usize - 1];
                let behind: String = line.chars().skip(spot.column as usize - 1).collect();
                if spot.what == What::Read {
                    prop_assert!(behind.starts_with(&spot.name), "{} {:?}", path, spot);
                }
            }
        }
    }
}

#[test]
fn time_grows_with_the_text_only() {
    for part in [
        "$",
        "${A:-",
        "\"",
        "'",
        "`",
        "(",
        "<<A\n",
        "A=",
        "A=$(",
        "\\\n",
        "/*",
        "r#\"",
        "'a",
        "- ",
        "ENV A=",
        "${{ ",
        "RUN <<A\n",
        "x: |\n",
        "{ ",
        "env:\n ",
    ] {
        let text = part.repeat(60_000 / part.len());
        for path in &PATHS[..5] {
            count(path, text.as_bytes());
        }
    }
}
