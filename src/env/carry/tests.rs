//! From what stands in the code to what stands in the schema.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::schema;
use crate::script::{self, Dialect};
use crate::variable::Side;
use crate::variable::model::{Constraint, Declared, Environment, Kind, Lost, Value};

fn of_script(text: &str) -> Carried {
    let source = Source::new("schema.ts", text);
    let model = script::schema::read(text, Dialect::Typed).expect("there is a schema");
    accepted(carry(&model, &source))
}

fn of_python(text: &str) -> Carried {
    let source = Source::new("settings.py", text);
    let model = crate::python::schema::read(text).expect("there is a schema");
    accepted(carry(&model, &source))
}

fn accepted(carried: Carried) -> Carried {
    if let Err(error) = schema::read(schema::PATH, carried.yaml.as_bytes()) {
        panic!("{error:?}\n{}", carried.yaml);
    }
    carried
}

/// The lines below `variables:`, without what each file begins with.
fn variables(carried: &Carried) -> Vec<&str> {
    let (_, below) = carried.yaml.split_once("variables:\n").expect("variables");
    below.lines().map(str::trim_start).collect()
}

#[test]
fn fields_of_zod() {
    for (field, expected) in [
        ("z.string()", "A: { type: string, required: true }"),
        ("z.string().optional()", "A: { type: string }"),
        ("z.string().url()", "A: { type: url, required: true }"),
        ("z.email()", "A: { type: email, required: true }"),
        (
            "z.string().min(2).max(9)",
            "A: { type: string, min_length: 2, max_length: 9, required: true }",
        ),
        (
            "z.coerce.number().int().min(5).max(50).default(10)",
            "A: { type: int, min: 5, max: 50, default: 10 }",
        ),
        (
            "z.coerce.number().min(-0.5)",
            "A: { type: float, min: -0.5, required: true }",
        ),
        (
            "z.enum(['a', 'no'])",
            "A: { enum: [a, \"no\"], required: true }",
        ),
        (
            "z.literal('x')",
            "A: { type: string, const: x, required: true }",
        ),
        (
            "z.literal(1)",
            "A: { type: string, const: \"1\", required: true }",
        ),
        (
            "z.string().startsWith('sk-').endsWith('=')",
            "A: { type: string, prefix: sk-, suffix: \"=\", required: true }",
        ),
        (
            "z.string().regex(/^G-[A-Z]+$/i)",
            "A: { type: string, pattern: \"(?i:^G-[A-Z]+$)\", required: true }",
        ),
        (
            "z.string().uuid().nullish()",
            "A: { type: string, pattern: \"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$\" }",
        ),
        (
            "z.stringbool().default(false)",
            "A: { type: bool, default: false }",
        ),
        (
            "z.string().default('two words').describe('says: it')",
            "A: { type: string, default: \"two words\", description: \"says: it\" }",
        ),
    ] {
        let text = format!("export const schema = z.object({{ A: {field} }});");
        let carried = of_script(&text);
        assert_eq!(carried.lost, [], "{field}");
        assert_eq!(variables(&carried), [expected], "{field}");
    }
}

#[test]
fn fields_of_pydantic() {
    let head = "class Level(str, Enum):\n  LOW = 'low'\n  HIGH = 'high'\nclass Database(BaseModel):\n  host: str\n  port: int = 5432\n\
                class S(BaseSettings):\n  model_config = SettingsConfigDict(env_prefix='X_', env_nested_delimiter='__')\n";
    for (field, expected) in [
        ("a: str", "X_A: { type: string, required: true }"),
        ("a: Optional[str] = None", "X_A: { type: string }"),
        (
            "a: int = Field(8, ge=1, le=10)",
            "X_A: { type: int, min: 1, max: 10, default: 8 }",
        ),
        (
            "a: str = Field(min_length=3, pattern='^x')",
            "X_A: { type: string, pattern: \"^x\", min_length: 3, required: true }",
        ),
        (
            "a: Literal['x', 'z'] = 'x'",
            "X_A: { enum: [x, z], default: x }",
        ),
        ("a: Level", "X_A: { enum: [low, high], required: true }"),
        ("a: bool = True", "X_A: { type: bool, default: true }"),
        (
            "a: SecretStr",
            "X_A: { type: string, secret: true, required: true }",
        ),
        (
            "a: str = Field(alias='B')",
            "B: { type: string, required: true }",
        ),
        (
            "a: HttpUrl",
            "X_A: { type: url, schemes: [http, https], required: true }",
        ),
        ("a: Json", "X_A: { type: json, required: true }"),
    ] {
        let carried = of_python(&format!("{head}  {field}\n"));
        assert_eq!(carried.lost, [], "{field}");
        assert_eq!(variables(&carried), [expected], "{field}");
    }
    let nested = of_python(&format!("{head}  database: Database\n"));
    assert_eq!(
        variables(&nested),
        [
            "# could not be carried over, line 9: `X_DATABASE` as one JSON text: its fields stand here one by one",
            "X_DATABASE__HOST: { type: string, required: true }",
            "X_DATABASE__PORT: { type: int, default: 5432 }",
        ]
    );
}

#[test]
fn sides_and_names_say_who_sees_a_value() {
    let carried = of_script(
        "export const env = createEnv({
  server: { DATABASE_URL: z.string().url(), LOG: z.string() },
  client: { NEXT_PUBLIC_KEY: z.string().min(1), APP: z.string() },
  shared: { NODE_ENV: z.enum(['development', 'production']), VITE_TITLE: z.string().optional() },
});",
    );
    assert_eq!(
        variables(&carried),
        [
            "DATABASE_URL: { type: url, secret: true, visibility: server, required: true }",
            "LOG: { type: string, visibility: server, required: true }",
            "NEXT_PUBLIC_KEY: { type: string, min_length: 1, visibility: public, required: true }",
            "APP: { type: string, visibility: public, required: true }",
            "NODE_ENV: { enum: [development, production], required: true }",
            "VITE_TITLE: { type: string, visibility: public }",
        ]
    );
}

#[test]
fn what_cannot_be_carried_over_is_said_beside_it() {
    let carried = of_script(
        "export const schema = z.object({
  A: z.string().regex(/(?=x)x/).refine(f),
  B: z.coerce.boolean().default(true),
  C: z.coerce.boolean(),
  D: z.coerce.number().min(9).max(3),
  'E-F': z.string(),
  API_TOKEN: z.string().default('not-for-you'),
  G: z.coerce.number().int().min(5).default(1),
}).strict().catchall(z.string());",
    );
    assert_snapshot!(carried.yaml, @r#"
    # What the environment of this project must hold.
    # Carried over from schema.ts by `guard env import`.
    # could not be carried over, line 9: `catchall` is not carried over: it holds for all variables together
    # could not be carried over, line 6: no variable can have this name
    # stricter than the code, lines 3, 4: `coerce.boolean()` takes every text but the empty one for true, "false" too; guard takes it for false
    variables:
      # could not be carried over, line 2: `refine` is code, which is not carried over
      # could not be carried over, line 2: `pattern` is left out: the pattern is broken at its character 1: look-around, including look-ahead and look-behind, is not supported
      A: { type: string, required: true }
      B: { type: bool, default: true }
      C: { type: bool, required: true }
      # could not be carried over, line 5: `max` is left out: `min` is 9 and `max` is 3: no value is both
      D: { type: float, min: 9, required: true }
      # could not be carried over, line 7: its default is not copied: it may be a secret
      API_TOKEN: { type: string, secret: true }
      # could not be carried over, line 8: `default` is left out: `default` breaks the schema's own rule: it is below 5
      G: { type: int, min: 5 }
    "#);
    let places: Vec<(usize, usize, Option<&str>)> = carried
        .lost
        .iter()
        .map(|note| (note.line, note.column, note.variable.as_deref()))
        .collect();
    assert_eq!(
        places,
        [
            (2, 3, Some("A")),
            (2, 33, Some("A")),
            (3, 15, Some("B")),
            (4, 15, Some("C")),
            (5, 3, Some("D")),
            (6, 4, Some("E-F")),
            (7, 3, Some("API_TOKEN")),
            (8, 3, Some("G")),
            (9, 13, None),
        ]
    );
}

#[test]
fn an_environment_asks_for_what_the_code_asks_there() {
    let carried = of_script(
        "const Base = z.object({
  STAGE: z.enum(['development', 'staging', 'production']),
  KEY: z.string().startsWith('sk-').optional(),
  MODE: z.enum(['a', 'b']).default('a'),
  POOL: z.coerce.number().int().max(50).default(10),
});
const Staging = Base.extend({ STAGE: z.literal('staging'), KEY: z.string().optional() });
const Production = Staging.extend({ STAGE: z.literal('production'), MODE: z.literal('b'), POOL: z.coerce.number().int(), MORE: z.string() });
export const schemas = { development: Base, staging: Staging, production: Production };",
    );
    assert_snapshot!(carried.yaml, @r"
    # What the environment of this project must hold.
    # Carried over from schema.ts by `guard env import`.
    variables:
      STAGE: { enum: [development, staging, production], required: true }
      # not everywhere the same, and so with each environment: `prefix`
      KEY: { type: string, secret: true }
      MODE: { enum: [a, b], required: [production], default: a }
      # not everywhere the same, and so with each environment: `max`, `default`
      POOL: { type: int, required: [production] }
    environments:
      development:
        variables:
          KEY: { prefix: sk- }
          POOL: { max: 50, default: 10 }
      staging:
        variables:
          STAGE: { const: staging }
          POOL: { max: 50, default: 10 }
      production:
        variables:
          STAGE: { const: production }
          MODE: { const: b }
          MORE: { type: string, required: true }
    ");
    let read = schema::read("env.yaml", carried.yaml.as_bytes()).unwrap();
    let told = |environment: &str, values: &[(&str, &str)]| -> Vec<String> {
        let effective = read.schema.for_environment(Some(environment));
        let broken = schema::judge(&effective, &mut values.iter().copied());
        let codes = broken
            .iter()
            .map(|broken| format!("{} {}", broken.breach.code(), broken.key));
        codes.collect()
    };
    let odd = [("STAGE", "staging"), ("KEY", "any")];
    assert_eq!(told("staging", &odd), Vec::<String>::new());
    assert_eq!(told("development", &odd), ["ENV-SHAPE KEY"]);
    assert_eq!(
        told(
            "production",
            &[("STAGE", "staging"), ("POOL", "51"), ("MODE", "a")]
        ),
        ["ENV-ENUM STAGE", "ENV-ENUM MODE", "ENV-MISSING MORE"]
    );
    assert_eq!(
        told(
            "production",
            &[("STAGE", "production"), ("MODE", "b"), ("MORE", "x")]
        ),
        ["ENV-MISSING POOL"]
    );
}

#[test]
fn an_environment_goes_on_from_another() {
    let carried = of_script(
        "const Base = z.object({ A: z.string(), B: z.string().optional() });
const Staging = Base.extend({ A: z.url(), C: z.string() });
const Production = Staging.extend({ B: z.string() });
const Other = Staging.extend({ A: z.string() });
export const all = { local: Base, staging: Staging, production: Production, other: Other };",
    );
    assert_eq!(
        variables(&carried),
        [
            "A: { type: string, required: true }",
            "B: { type: string, required: [production] }",
            "environments:",
            "local: {}",
            "staging:",
            "variables:",
            "A: { type: url }",
            "C: { type: string, required: true }",
            "production:",
            "extends: staging",
            "other:",
            "extends: staging",
            "variables:",
            "A: { type: string }",
        ]
    );
}

const SECRET: &str = "k9Xw2mQ7vT4pL8sD1fG6";

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "a",
            "5",
            "-1",
            "1.50",
            "true",
            "no",
            "a: b #",
            "https://a.io",
            "(",
            "(?=x)",
            "x{9999}"
        ])
        .prop_map(str::to_owned),
        Just(SECRET.to_owned()),
        "\\PC{0,6}",
        any::<String>(),
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        prop::sample::select(vec![
            Kind::Text,
            Kind::Integer,
            Kind::Number,
            Kind::Boolean,
            Kind::Url,
            Kind::Email,
            Kind::Uuid,
            Kind::Json,
            Kind::Base64,
            Kind::Hex,
            Kind::Unknown,
        ]),
        prop::collection::vec(value(), 0..4).prop_map(Kind::Enum),
        value().prop_map(Kind::Const),
    ]
}

fn constraint() -> impl Strategy<Value = Constraint> {
    (value(), 0..8usize).prop_map(|(value, which)| match which {
        0 => Constraint::Min(value),
        1 => Constraint::Max(value),
        2 => Constraint::MinLength(value),
        3 => Constraint::MaxLength(value),
        4 => Constraint::Prefix(value),
        5 => Constraint::Suffix(value),
        6 => Constraint::Pattern(value),
        _ => Constraint::Schemes(vec!["https", "http"]),
    })
}

fn declared() -> impl Strategy<Value = Declared> {
    let names = prop::sample::select(vec![
        "A",
        "B",
        "no",
        "API_TOKEN",
        "NEXT_PUBLIC_KEY",
        "DATABASE_URL",
        "_",
        "a-b",
        "",
        "1A",
        "null",
    ]);
    let side = prop::sample::select(vec![Side::Server, Side::Client, Side::Unknown]);
    (
        (names, kind(), prop::collection::vec(constraint(), 0..5)),
        (
            any::<bool>(),
            prop::option::of(value()),
            any::<bool>(),
            side,
        ),
        (
            prop::option::of(value()),
            prop::collection::vec(value(), 0..2),
        ),
    )
        .prop_map(
            |(
                (name, kind, constraints),
                (is_required, default, is_secret, side),
                (description, lost),
            )| Declared {
                kind,
                constraints,
                is_required,
                default: default.map(Value),
                is_secret,
                side,
                description,
                lost: lost
                    .into_iter()
                    .map(|what| Lost { span: 0..1, what })
                    .collect(),
                ..Declared::new(name, 0..1)
            },
        )
}

fn model() -> impl Strategy<Value = Model> {
    let names = prop::sample::select(vec![
        "staging",
        "production",
        "on",
        "base",
        "a b",
        "",
        "blue",
    ]);
    let environment = (
        names.clone(),
        prop::option::of(names),
        prop::collection::vec(declared(), 0..4),
    )
        .prop_map(|(name, extends, variables)| Environment {
            name: name.to_owned(),
            span: 0..1,
            extends: extends.map(str::to_owned),
            variables,
        });
    let environments = prop::collection::vec(environment, 0..4);
    (
        prop::collection::vec(declared(), 0..6),
        environments,
        prop::collection::vec(value(), 0..2),
    )
        .prop_map(|(base, environments, lost)| Model {
            base,
            environments,
            lost: lost
                .into_iter()
                .map(|what| Lost { span: 0..1, what })
                .collect(),
        })
}

proptest! {
    #[test]
    fn whatever_is_carried_over_is_a_schema(model in model()) {
        let source = Source::new("a\nb", "text\nmore");
        let carried = carry(&model, &source);
        let read = schema::read(schema::PATH, carried.yaml.as_bytes());
        prop_assert!(read.is_ok(), "{:?}\n{}", read.err(), carried.yaml);
        prop_assert_eq!(read.unwrap().schema.environments.len(), carried.environments);
    }

    #[test]
    fn a_secret_default_is_carried_nowhere(mut model in model()) {
        // What could not be carried over is said in words that hold no value of the code but its own.
        model.lost.clear();
        let source = Source::new("a", "text");
        let carried = carry(&model, &source);
        prop_assert!(!carried.yaml.contains(SECRET), "{}", carried.yaml);
        let told = format!("{:?}", carried.lost);
        prop_assert!(!told.contains(SECRET), "{}", told);
    }
}
