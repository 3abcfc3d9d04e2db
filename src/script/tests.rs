//! Sources and what they say of variables.

mod hostile;

use super::*;
use crate::variable::{Need, Way, What};

/// A source's mentions in short: `NAME` and what is done, `!` required, `?` optional, `=` with a default,
/// `@` the side, `~` of the bundler. Every span is held against the text.
pub(super) fn told(text: &str, dialect: Dialect) -> Vec<String> {
    read(text, dialect)
        .mentions
        .iter()
        .map(|mention| {
            let at = &text[mention.span.clone()];
            if mention.what != What::Dynamic && !mention.name.contains('\\') {
                assert_eq!(at, mention.name, "{text}");
            }
            let name = match mention.what {
                What::Dynamic => format!("[{at}]"),
                What::Read => mention.name.clone(),
                what => format!("{} {what:?}", mention.name).to_lowercase(),
            };
            let need = match mention.need {
                Need::Required => "!",
                Need::Optional => "?",
                Need::Unknown => "",
            };
            let default = if mention.has_default { "=" } else { "" };
            let side = match mention.side {
                Side::Client => "@client",
                Side::Server => "@server",
                Side::Unknown => "",
            };
            let way = if mention.way == Way::Bundle { "~" } else { "" };
            format!("{name}{need}{default}{side}{way}")
        })
        .collect()
}

fn all(dialect: Dialect, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(told(text, dialect), *expected, "{text}");
    }
}

#[test]
fn members_of_the_variables_are_read() {
    all(
        Dialect::TypedElements,
        &[
            ("process.env.A", &["A"]),
            ("process.env['A']", &["A"]),
            ("process.env[`A`]", &["A"]),
            ("process['env'].A", &["A"]),
            ("process?.env?.A", &["A"]),
            ("process?.env?.['A']", &["A"]),
            ("(process.env as any).A", &["A"]),
            ("(<any>process.env).A", &[]),
            ("globalThis.process.env.A", &["A"]),
            ("import.meta.env.A", &["A~"]),
            ("import.meta.env?.A", &["A~"]),
            ("Bun.env.A", &["A"]),
            ("Deno.env.get('A')", &["A"]),
            (
                "Deno.env.has('A'); Deno.env.set('B', '')",
                &["A?", "b assigned"],
            ),
            ("Deno.env.toObject().A", &["A"]),
            (
                "const x = <a href={process.env.A}>process.env.B</a>",
                &["A"],
            ),
            ("`${process.env.A} process.env.B`", &["A"]),
            ("require('process').env.A", &["A"]),
            ("process.env[name]", &["[name]"]),
            ("process.env[`A_${b}`]", &["[`A_${b}`]"]),
            ("process.env.A.split(',')", &["A"]),
            ("use(process.env)", &[]),
            ("process.argv.A; other.env.A; env.A; meta.env.A", &[]),
        ],
    );
}

#[test]
fn comments_strings_and_expressions_are_no_code() {
    all(
        Dialect::Typed,
        &[
            ("// process.env.A\n/* process.env.B */", &[]),
            ("'process.env.A'; \"process.env.B\"; /process.env.C/", &[]),
            ("type A = typeof process.env.B; let c: process.env.D", &[]),
        ],
    );
}

#[test]
fn what_stands_beside_says_whether_it_may_be_missing() {
    all(
        Dialect::Typed,
        &[
            ("process.env.A ?? 'x'", &["A?="]),
            ("process.env.A || 'x'", &["A?="]),
            ("process.env.A ?? process.env.B ?? 'x'", &["A?=", "B?="]),
            ("process.env.A ?? (process.env.B || 1)", &["A?=", "B?="]),
            ("process.env.A ?? process.env.B", &["A?", "B"]),
            ("process.env.A ?? undefined", &["A?"]),
            ("process.env.A ?? fail()", &["A?"]),
            ("process?.env?.A ?? 'x'", &["A?="]),
            ("Deno.env.get('A') ?? 'x'", &["A?="]),
            ("process.env.A!", &["A!"]),
            ("process.env.A as string", &["A"]),
            ("process.env.A && b()", &["A?"]),
            ("process.env.A ? 1 : 2", &["A?"]),
            ("'A' in process.env", &["A?"]),
            ("a in process.env", &["[a]?"]),
            ("process.env.hasOwnProperty('A')", &["A?"]),
            ("Object.hasOwn(process.env, 'A')", &["A?"]),
            ("process.env.A ??= 'x'", &["A?="]),
        ],
    );
}

#[test]
fn setting_and_taking_away_is_not_reading() {
    all(
        Dialect::Script,
        &[
            ("process.env.A = process.env.B", &["a assigned", "B"]),
            ("process.env['A'] = 1", &["a assigned"]),
            ("process.env[name] = 1", &[]),
            ("delete process.env.A", &[]),
        ],
    );
}

#[test]
fn patterns_take_variables_out() {
    all(
        Dialect::Typed,
        &[
            (
                "const { A, B: b = 'd', 'C': c, ...rest } = process.env; rest.D",
                &["A", "B?=", "C", "D"],
            ),
            ("const { env: { A } } = process", &["A"]),
            ("const { env } = process; env.A", &["A"]),
            ("const { [name]: x } = process.env", &["[name]"]),
            ("const { A } = import.meta.env", &["A~"]),
            ("let A, b; ({ A, B: b = 1 } = process.env)", &["A", "B?="]),
            ("function f({ A, B = 1 } = process.env) {}", &["A", "B?="]),
        ],
    );
}

#[test]
fn other_names_of_the_variables_are_followed() {
    all(
        Dialect::Typed,
        &[
            ("const env = process.env; env.A", &["A"]),
            (
                "function f() { return env.A }\nconst env = process.env",
                &["A"],
            ),
            ("const e = process.env, f = e; f.A", &["A"]),
            ("const env = process.env || {}; env.A", &["A"]),
            ("const env = { ...process.env, b: 1 }; env.A", &["A"]),
            ("const p = process; p.env.A", &["A"]),
            ("import { env } from 'process'; env.A", &["A"]),
            ("import { env as e } from 'node:process'; e.A", &["A"]),
            ("import p from 'node:process'; p.env.A", &["A"]),
            ("import * as p from 'node:process'; p.env.A", &["A"]),
            (
                "const env = loadEnv(mode, process.cwd(), ''); env.A",
                &["A"],
            ),
            ("function f(env: NodeJS.ProcessEnv) { env.A }", &["A"]),
            ("function f(env = process.env) { env.A }", &["A"]),
            // One name for two things: only what is written as a variable counts.
            (
                "const env = process.env; function f(env) { env.map; env.B }",
                &["B"],
            ),
            ("function f(process) { process.env.A }", &[]),
            ("import { env } from './env'; env.A", &[]),
        ],
    );
}

#[test]
fn svelte_kit_says_the_side() {
    all(
        Dialect::Typed,
        &[
            (
                "import { A, B as b } from '$env/static/private'",
                &["A!@server", "B!@server"],
            ),
            (
                "import { PUBLIC_A } from '$env/static/public'",
                &["PUBLIC_A!@client~"],
            ),
            (
                "import { env } from '$env/dynamic/private'; env.A",
                &["A@server"],
            ),
            (
                "import { env } from '$env/dynamic/public'; env.A",
                &["A@client~"],
            ),
        ],
    );
}

#[test]
fn schemas_declare() {
    all(
        Dialect::Typed,
        &[
            (
                "export const env = createEnv({
                    server: { A: z.string(), B: z.string().optional() },
                    client: { NEXT_PUBLIC_C: z.string().default('x') },
                    shared: { D: z.enum(['a']) },
                    runtimeEnv: { A: process.env.A },
                    other: { E: z.string() },
                })",
                &[
                    "a declared!@server",
                    "b declared?@server",
                    "next_public_c declared?=@client",
                    "d declared!",
                    "A",
                ],
            ),
            (
                "cleanEnv(process.env, { A: str(), B: num({ default: 1 }), C: str({ devDefault: 'x' }) })",
                &["a declared!", "b declared?=", "c declared!"],
            ),
            (
                "const S = z.object({ A: z.string(), B: z.coerce.number().default(1), lower: z.any() });\nS.parse(process.env)",
                &["a declared!", "b declared?="],
            ),
            (
                "z.object({ A: z.string() }).safeParse(process.env)",
                &["a declared!"],
            ),
            (
                "v.parse(v.object({ A: v.string() }), process.env)",
                &["a declared!"],
            ),
            // A schema of something else.
            ("z.object({ A: z.string() }).parse(body)", &[]),
        ],
    );
}

#[test]
fn the_settings_of_next_are_written_into_the_page() {
    all(
        Dialect::NextConfig,
        &[(
            "module.exports = { env: { A: 'x', B: process.env.C } }",
            &["a assigned@client~", "b assigned@client~", "C"],
        )],
    );
}

#[test]
fn blocks_of_components_are_code_and_the_rest_is_not() {
    all(
        Dialect::Component,
        &[
            (
                "<template>process.env.A</template>\n<script setup lang=\"ts\" generic=\"T extends {a: 1 > 2}\">\nconst a = import.meta.env.B\n</script>\n<script>process.env.C</script>",
                &["B~", "C"],
            ),
            ("<script src='x'/><p>process.env.A</p>", &[]),
            ("<script>process.env.A", &[]),
        ],
    );
    all(
        Dialect::Page,
        &[(
            "---\nconst a = import.meta.env.A\n---\n<p>{import.meta.env.X}</p><script>import.meta.env.B</script>",
            &["A@server~", "B@client~"],
        )],
    );
}

#[test]
fn a_file_says_where_it_runs() {
    for (text, side) in [
        ("'use client'\nprocess.env.A", Some(Side::Client)),
        (
            "// first\n\"use strict\"; \"use server\";",
            Some(Side::Server),
        ),
        ("f(); 'use client'", None),
    ] {
        assert_eq!(read(text, Dialect::TypedElements).directive, side, "{text}");
    }
}

#[test]
fn what_stands_beside_an_error_is_read() {
    for (text, reading, names) in [
        (
            "const a = process.env.A; const a = 1; let let = 2",
            Reading::Whole,
            vec!["A"],
        ),
        (
            "const a = process.env.A;\nconst = ;\nprocess.env.B",
            Reading::Rough,
            vec!["A", "B"],
        ),
        (
            "process.env.A; await 1; ) import.meta.env.B",
            Reading::Rough,
            vec!["A", "B~"],
        ),
        (
            "break; process.env.A; function f() { 'use strict'; with (a) {} }",
            Reading::Whole,
            vec!["A"],
        ),
    ] {
        let facts = read(text, Dialect::Script);
        assert_eq!(told(text, Dialect::Script), names, "{text}");
        assert_eq!(facts.reading, reading, "{text}");
    }
}
