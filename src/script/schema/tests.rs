//! Schemas as people write them, and what is carried over.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::variable::model::{Constraint, Kind};

/// A schema of a web application, with an environment each.
const APPLICATION: &str = include_str!("tests/application.ts");

/// A variable in short: its name, `?` where it may be missing, what it is, what holds, its default, what was lost.
fn told(declared: &Declared, text: &str) -> String {
    let mut line = declared.name.clone();
    if !declared.is_required {
        line.push('?');
    }
    line.push(' ');
    match &declared.kind {
        Kind::Enum(values) => line.push_str(&values.join("|")),
        Kind::Const(value) => write!(line, "={value}").unwrap(),
        kind => line.push_str(&format!("{kind:?}").to_lowercase()),
    }
    for constraint in &declared.constraints {
        let (mark, value) = match constraint {
            Constraint::Min(value) => (" >=", value),
            Constraint::Max(value) => (" <=", value),
            Constraint::MinLength(value) => (" #>=", value),
            Constraint::MaxLength(value) => (" #<=", value),
            Constraint::Prefix(value) => (" ^", value),
            Constraint::Suffix(value) => (" $", value),
            Constraint::Pattern(value) => (" ~", value),
            Constraint::Schemes(_) => continue,
        };
        line.push_str(mark);
        line.push_str(value);
    }
    if let Some(default) = &declared.default {
        write!(line, " :={}", default.text()).unwrap();
    }
    match declared.side {
        Side::Server => line.push_str(" @server"),
        Side::Client => line.push_str(" @client"),
        Side::Unknown => {}
    }
    for lost in &declared.lost {
        write!(line, " -{}", &text[lost.span.clone()]).unwrap();
    }
    line
}

fn base(text: &str) -> Vec<String> {
    let model = read(text, Dialect::Typed).expect("there is a schema");
    model
        .base
        .iter()
        .map(|declared| told(declared, text))
        .collect()
}

#[test]
fn an_application_is_carried_over() {
    let model = read(APPLICATION, Dialect::Typed).unwrap();
    assert_eq!(
        base(APPLICATION),
        [
            "NEXT_PUBLIC_API_BASE_URL url",
            "NEXT_PUBLIC_API_TIMEOUT integer >=1000 <=60000",
            "NEXT_PUBLIC_ENVIRONMENT development|staging|production",
            "NEXTAUTH_URL url",
            "NEXTAUTH_SECRET text #>=32",
            "DATABASE_URL text ^postgresql://",
            "DATABASE_POOL_SIZE? integer >=5 <=50 :=10",
            "REDIS_URL text ^redis://",
            "OPENAI_API_KEY? text ^sk-",
            "ANTHROPIC_API_KEY? text ^sk-ant-",
            "NEXT_PUBLIC_ENABLE_AI_FEATURES? boolean :=true -boolean",
            "NEXT_PUBLIC_ENABLE_QUANTUM_FEATURES? boolean :=false -boolean",
            "NEXT_PUBLIC_SENTRY_DSN? url",
            "NEXT_PUBLIC_GA_ID? text",
        ]
    );
    assert_eq!(model.lost, []);
    let environments: Vec<(&str, Vec<String>)> = model
        .environments
        .iter()
        .map(|environment| {
            let variables = environment.variables.iter();
            (
                environment.name.as_str(),
                variables
                    .map(|declared| told(declared, APPLICATION))
                    .collect(),
            )
        })
        .collect();
    assert_eq!(environments[0], ("development", vec![]));
    assert_eq!(
        environments[1],
        (
            "staging",
            vec![
                "NEXT_PUBLIC_ENVIRONMENT =staging".into(),
                "OPENAI_API_KEY? text".into()
            ]
        )
    );
    assert_eq!(
        environments[2],
        (
            "production",
            [
                "NEXT_PUBLIC_ENVIRONMENT =production",
                "OPENAI_API_KEY text ^sk-",
                "ANTHROPIC_API_KEY text ^sk-ant-",
                "NEXT_PUBLIC_SENTRY_DSN url",
                "NEXT_PUBLIC_GA_ID text ~^G-[A-Z0-9]+$",
                "STRIPE_SECRET_KEY text ^sk_live_",
            ]
            .map(String::from)
            .to_vec()
        )
    );
}

#[test]
fn fields_say_what_they_are() {
    for (field, expected) in [
        ("z.string()", "A text"),
        ("z.string().min(1).max(9)", "A text #>=1 #<=9"),
        ("z.string().length(3)", "A text #>=3 #<=3"),
        ("z.string().nonempty().optional()", "A? text #>=1"),
        ("z.string().url().endsWith('/')", "A url $/"),
        ("z.string().email()", "A email"),
        ("z.email()", "A email"),
        ("z.url().nullable()", "A url"),
        ("z.string().uuid().nullish()", "A? uuid"),
        ("z.coerce.number().gt(0).lt(10)", "A number -gt -lt"),
        ("z.coerce.number().int().gt(0).lt(10)", "A integer >=1 <=9"),
        ("z.coerce.number().int().positive()", "A integer >=1"),
        (
            "z.coerce.number().nonnegative().default(1_000)",
            "A? number >=0 :=1000",
        ),
        ("z.coerce.number().min(-1.5)", "A number >=-1.5"),
        ("z.number().int().min(0x10)", "A integer -min"),
        ("z.enum(['a', \"b\"])", "A a|b"),
        ("z.enum(LIST)", "A x|y"),
        ("z.nativeEnum(Level)", "A low|high"),
        ("z.nativeEnum(TABLE)", "A t"),
        ("z.enum(elsewhere)", "A unknown -enum"),
        ("z.literal('a')", "A =a"),
        ("z.literal(1)", "A =1"),
        ("z.literal(['a', 'b'])", "A a|b"),
        ("z.union([z.literal('a'), z.literal('b')])", "A a|b"),
        ("z.union([z.string(), z.number()])", "A unknown -union"),
        ("z.string().regex(/^a\\/b$/g)", "A text ~^a\\/b$"),
        ("z.string().regex(/^a\\/b$/iu)", "A text ~(?i:^a\\/b$)"),
        ("z.string().default(NAME)", "A? text :=n"),
        ("z.string().default(() => make())", "A? text -default"),
        ("z.string().refine((x) => x)", "A text -refine"),
        (
            "z.string().transform((x) => x).pipe(z.number())",
            "A text -transform -pipe",
        ),
        ("z.string().trim().ip()", "A text -trim -ip"),
        ("z.optional(z.string())", "A? text"),
        ("z.preprocess((x) => x, z.string())", "A text -preprocess"),
        ("z.stringbool().default(false)", "A? boolean :=false"),
        ("z.record(z.string())", "A unknown -record"),
        ("shared", "A text ^s"),
        ("shared.optional()", "A? text ^s"),
        ("imported", "A unknown -imported"),
        ("make()", "A unknown -make()"),
        ("z.string().describe('what it is')", "A text"),
    ] {
        let text = format!(
            "const LIST = ['x', 'y'] as const; enum Level {{ Low = 'low', High = 'high' }} const TABLE = {{ T: 't' }};
             const NAME = 'n'; const shared = z.string().startsWith('s');
             export const schema = z.object({{ A: {field} }});"
        );
        assert_eq!(base(&text), [expected], "{field}");
    }
}

#[test]
fn objects_are_put_together() {
    for (schema, expected) in [
        (
            "B.extend({ A: z.email(), C: z.string() })",
            vec!["A email", "B? text", "C text"],
        ),
        ("B.merge(D)", vec!["A text", "B? text", "D text"]),
        ("B.extend(D.shape)", vec!["A text", "B? text"]),
        (
            "z.object({ ...B.shape, E: z.string() })",
            vec!["A text", "B? text", "E text"],
        ),
        ("B.partial()", vec!["A? text", "B? text"]),
        ("B.pick({ A: true })", vec!["A text"]),
        ("B.omit({ A: true }).strict()", vec!["B? text"]),
        ("z.intersection(B, D)", vec!["A text", "B? text", "D text"]),
    ] {
        let text = format!(
            "const B = z.object({{ A: z.string(), B: z.string().optional() }}); const D = z.object({{ D: z.string() }});
             export const environments = {{ one: {schema} }};"
        );
        let model = read(&text, Dialect::Typed).unwrap();
        let mut all = model.base.clone();
        overlay(&mut all, model.environments[0].variables.clone());
        let mut all: Vec<String> = all.iter().map(|declared| told(declared, &text)).collect();
        // What an environment leaves out stands in the base only.
        all.retain(|line| expected.contains(&line.as_str()));
        assert_eq!(all, expected, "{schema}");
    }
}

#[test]
fn environments_say_what_they_are_made_from() {
    let text = "const A = z.object({ A: z.string() }); const B = A.extend({ B: z.string() }); const C = B.strict().merge(A);
                export const environments = { one: A, two: B, three: C, four: C.extend({}), five: z.object({}) };";
    let model = read(text, Dialect::Typed).unwrap();
    let told: Vec<Option<&str>> = model
        .environments
        .iter()
        .map(|environment| environment.extends.as_deref())
        .collect();
    assert_eq!(told, [None, Some("one"), Some("two"), Some("three"), None]);
}

#[test]
fn the_first_mistake_has_its_place() {
    for (text, place) in [
        ("const a = 1", None),
        ("const a = {\n  b: ,\n}", Some(17)),
        ("const a = (", Some(11)),
    ] {
        assert_eq!(fault(text, Dialect::Typed), place, "{text}");
    }
}

#[test]
fn sections_of_t3_say_the_side() {
    let text = "export const env = createEnv({
        server: { A: z.string().url(), ...more },
        client: { NEXT_PUBLIC_B: z.string().optional() },
        shared: { C: z.enum(['x']) },
        extends: [vercel()],
        runtimeEnv: process.env,
    })";
    assert_eq!(
        base(text),
        ["A url @server", "NEXT_PUBLIC_B? text @client", "C x"]
    );
    let lost = read(text, Dialect::Typed).unwrap().lost;
    let spans: Vec<&str> = lost.iter().map(|lost| &text[lost.span.clone()]).collect();
    assert_eq!(spans, ["...more", "extends"]);
}

#[test]
fn the_schema_that_values_are_parsed_by_is_the_one_that_is_meant() {
    for (text, names, lost) in [
        (
            "const b = z.object({ A: z.string() });\n\
             export const env = b.extend({ B: z.url() }).parse(process.env);",
            &["A", "B"][..],
            0,
        ),
        (
            "const b = z.object({ A: z.string() }), c = b.extend({ B: z.url() });\n\
             const parsed = b.safeParse(process.env);",
            &["A"],
            1,
        ),
        // Two are parsed: then what others extend is the base.
        (
            "const b = z.object({ A: z.string() }), c = z.object({ B: z.url() });\n\
             const one = b.parse(x), other = c.parse(x);",
            &["A"],
            1,
        ),
    ] {
        let model = read(text, Dialect::Typed).unwrap();
        let read: Vec<&str> = model.base.iter().map(|one| one.name.as_str()).collect();
        assert_eq!((read.as_slice(), model.lost.len()), (names, lost), "{text}");
    }
}

#[test]
fn what_cannot_be_followed_is_said() {
    let text = "const A = Imported.extend({ A: z.string() });\nexport const B = z.object({ B: z.string() }).refine(f);
                export const C = z.object({ C: z.string(), [d]: z.string() });";
    let model = read(text, Dialect::Typed).unwrap();
    assert_eq!(model.base.len(), 1);
    let spans: Vec<&str> = model
        .lost
        .iter()
        .map(|lost| &text[lost.span.clone()])
        .collect();
    assert_eq!(
        spans,
        ["refine", "z.object({ C: z.string(), [d]: z.string() })"]
    );
    assert_eq!(read("const a = 1", Dialect::Typed), None);
    assert_eq!(read("const a = z.object(b)", Dialect::Typed), None);
}

#[test]
fn circles_and_long_chains_end() {
    for text in [
        "const A = B.extend({}); const B = A.extend({}); export const m = { a: A }".to_owned(),
        "const A = z.object({ X: A, Y: B }); const B = B".to_owned(),
        "const A = z.object({ ...B.shape, ...B.shape }); const B = z.object({ ...A.shape, ...A.shape, ...A.shape })".to_owned(),
        "const A = B.merge(B).merge(B); const B = A.merge(A).merge(A); export const m = { a: A, b: B }".to_owned(),
        "const A = z.union([A, A, A, A]); export const B = z.object({ X: A })".to_owned(),
        format!("export const A = z.object({{ X: z.string(){} }})", ".min(1)".repeat(5000)),
        format!("export const A = z.object({{}}){}", ".strict()".repeat(5000)),
    ] {
        let _ = read(&text, Dialect::Typed);
    }
}

#[test]
fn a_default_is_shown_to_nobody() {
    let model = read(
        "export const a = z.object({ A: z.string().default('hidden') })",
        Dialect::Typed,
    );
    assert!(!format!("{model:?}").contains("hidden"));
}

proptest! {
    #[test]
    fn no_mixture_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "const A = ", "const B = ", "export ", "z.object({", "})", "A: ", "B: ", "z.string()", "z.coerce.number()", ".min(", "1", ")", ".extend({",
        "A", "B", ".merge(", "createEnv({", "server: {", "}", ", ", ";", "z.enum([", "'x'", "]", ".default(", ".regex(/a/)", "...A.shape", "{", "\n",
    ]), 0..30)) {
        let text: String = parts.concat();
        if let Some(model) = read(&text, Dialect::Typed) {
            for declared in model.base {
                prop_assert_eq!(&text[declared.span], declared.name);
            }
        }
    }
}
