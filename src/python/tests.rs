//! Sources and what they say of variables.

use proptest::prelude::*;

use super::*;
use crate::variable::{Need, What};

/// A source's mentions in short: `NAME` and what is done, `!` required, `?` optional, `=` with a default.
fn told(text: &str) -> Vec<String> {
    read(text)
        .mentions
        .iter()
        .map(|mention| {
            let at = &text[mention.span.clone()];
            let name = match mention.what {
                What::Dynamic => format!("[{at}]"),
                What::Read => mention.name.clone(),
                What::Declared => format!("{} declared", mention.name),
                What::Assigned => format!("{} assigned", mention.name),
                what => format!("{what:?} {}", mention.name),
            };
            let need = match mention.need {
                Need::Required => "!",
                Need::Optional => "?",
                Need::Unknown => "",
            };
            let default = if mention.has_default { "=" } else { "" };
            format!("{name}{need}{default}")
        })
        .collect()
}

fn all(head: &str, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(told(&format!("{head}{text}\n")), *expected, "{text}");
    }
}

#[test]
fn the_module_os_is_asked() {
    all(
        "import os, os as o\nfrom os import environ, environ as e, getenv, getenv as g, environb\n",
        &[
            ("os.environ['A']", &["A!"]),
            ("o.environ[\"A\"]", &["A!"]),
            ("environ['''A''']", &["A!"]),
            ("environb[b'A']", &["A!"]),
            ("e['A']", &["A!"]),
            ("os.environ.get('A')", &["A"]),
            ("os.environ.get('A', 'x')", &["A?="]),
            ("os.environ.get('A', None)", &["A?"]),
            ("os.getenv('A')", &["A"]),
            ("getenv('A', default='x')", &["A?="]),
            ("g(key='A')", &["A"]),
            ("os.getenv('A') or 'x'", &["A?="]),
            ("os.getenv('A') or os.getenv('B') or 'x'", &["A?=", "B?="]),
            ("os.getenv('A') or fail()", &["A?"]),
            ("os.getenv('A') and 1", &["A?"]),
            ("1 if os.getenv('A') else 2", &["A?"]),
            ("if os.getenv('A'): pass", &["A?"]),
            ("'A' in os.environ", &["A?"]),
            ("'A' not in environ", &["A?"]),
            ("os.environ.setdefault('A', 'x')", &["A?="]),
            ("os.environ[name]", &["[name]!"]),
            ("os.environ[f'A_{b}']", &["[f'A_{b}']!"]),
            ("os.environ['A'] = 'x'", &["A assigned"]),
            (
                "os.environ.update({'A': 1}, B=2); os.putenv('C', 'x')",
                &["A assigned", "B assigned", "C assigned"],
            ),
            ("del os.environ['A']", &[]),
            ("# os.environ['A']\n'''os.environ['B']'''", &[]),
            ("a: os.environ['A'] = 1", &[]),
            ("f\"{os.environ['A']}\"", &["A!"]),
            ("env = os.environ.copy(); env['A']", &["A!"]),
            ("env = dict(os.environ); env.get('A')", &["A"]),
            (
                "def f(x=os.getenv('A')): return [os.getenv('B') for _ in y]",
                &["A", "B"],
            ),
            ("other.environ['A']; subprocess.run(env=os.environ)", &[]),
        ],
    );
    assert_eq!(
        told("environ['A']\nimport sys as os\nos.environ['B']"),
        Vec::<String>::new()
    );
}

#[test]
fn readers_of_libraries_are_asked() {
    all(
        "from environs import Env\nenv = Env()\n",
        &[
            ("env('A')", &["A!"]),
            ("env.str('A')", &["A!"]),
            ("env.int('A', 1)", &["A?="]),
            ("env.bool('A', default=False)", &["A?="]),
            ("env.str('A', None)", &["A?"]),
            (
                "with env.prefixed('X_'):\n  env('A')\n  with env.prefixed('Y_'):\n    env.str('B')\nenv('C')",
                &["X_A!", "X_Y_B!", "C!"],
            ),
            ("env.read_env('.env.local')", &["File .env.local"]),
            ("env.seal()", &[]),
        ],
    );
    all(
        "import environ\n",
        &[
            (
                "env = environ.Env(DEBUG=(bool, False), A=str)\nenv('B', int)",
                &["DEBUG declared?=", "A declared!", "B!"],
            ),
            (
                "env = environ.Env()\nenv.db()\nenv.cache('C')\nenv.bool('D', default=True)",
                &["DATABASE_URL!", "C!", "D?="],
            ),
        ],
    );
    all(
        "from decouple import config\nimport dj_database_url\nfrom dotenv import load_dotenv\n",
        &[
            ("config('A')", &["A!"]),
            ("config('A', default=1, cast=int)", &["A?="]),
            ("dj_database_url.config(default='x')", &["DATABASE_URL?="]),
            ("dj_database_url.config(env='A')", &["A?"]),
            ("load_dotenv('.env.x')", &["File .env.x"]),
        ],
    );
    all(
        "from starlette.config import Config\nconfig = Config('.env')\n",
        &[
            ("config('A', cast=bool)", &["A!"]),
            ("config('A', str, default='x')", &["A?="]),
        ],
    );
}

#[test]
fn settings_declare_their_fields() {
    all(
        "from pydantic_settings import BaseSettings, SettingsConfigDict\n",
        &[
            (
                "class S(BaseSettings):\n  a_url: str\n  b: int = 1\n  c: str = Field(...)\n  d: str = Field(default='x', min_length=1)\n  e: list = Field(default_factory=list)\n  _f: str\n  g: ClassVar[int] = 1\n  def h(self): pass\n  i = 1",
                &[
                    "A_URL declared!",
                    "B declared?=",
                    "C declared!",
                    "D declared?=",
                    "E declared?=",
                ],
            ),
            (
                "class S(BaseSettings):\n  model_config = SettingsConfigDict(env_prefix='app_', env_file='.env')\n  a: str\n  b: str = Field(validation_alias='B_URL')\n  c: str = Field(alias='c')\n  d: str = Field(validation_alias=AliasChoices('D', 'DD'))\n  e: Annotated[str, Field(alias='EE')]",
                &[
                    "File .env",
                    "APP_A declared!",
                    "B_URL declared!",
                    "C declared!",
                    "D declared?",
                    "DD declared?",
                    "EE declared!",
                ],
            ),
            (
                "class S(pydantic.BaseSettings):\n  a: str = Field(..., env='AA')\n  b: str\n  c: int\n  class Config:\n    env_prefix = 'X_'\n    case_sensitive = True\n    fields = {'b': {'env': ['B1', 'B2']}}",
                &[
                    "AA declared!",
                    "X_c declared!",
                    "B1 declared?",
                    "B2 declared?",
                ],
            ),
            (
                "class Db(BaseModel):\n  host: str\n  port: int = 1\nclass S(BaseSettings):\n  model_config = {'env_nested_delimiter': '__'}\n  db: Db",
                &["DB__HOST declared?", "DB__PORT declared?", "DB declared?"],
            ),
            (
                "class A(BaseSettings, env_prefix='P_'):\n  a: str\nclass B(A):\n  b: str\nclass C(Other):\n  c: str",
                &["P_A declared!", "P_B declared!"],
            ),
        ],
    );
}

#[test]
fn what_stands_beside_an_error_is_read() {
    let facts = read("import os\nos.environ['A']\nx = = (\n\nos.getenv('B')\n");
    assert_eq!(facts.reading, Reading::Broken);
    assert_eq!(
        told("import os\nos.environ['A']\nx = = (\n\nos.getenv('B')\n"),
        ["A!", "B"]
    );
}

#[test]
fn depth_is_an_answer_and_no_end() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{1:", "}"),
        ("a(", ")"),
        ("not ", ""),
        ("-", ""),
        ("a.", "a"),
        ("a+", "a"),
        ("a or ", "a"),
        ("lambda:", "a"),
        ("a if a else ", "a"),
        ("a[", "]"),
        ("await ", "a"),
        ("f'{", "}'"),
        ("a<", "a"),
        ("*", ""),
        ("a=", "a"),
        ("a**", "a"),
        (" if a:\n", ""),
    ] {
        for times in [500, 60_000 / (open.len() + close.len())] {
            let text = format!(
                "import os\nos.environ['A']\n{}{}",
                open.repeat(times),
                close.repeat(times)
            );
            let facts = read(&text);
            assert!(
                facts.reading == Reading::Rough || facts.mentions.len() == 1,
                "{open} {times}"
            );
        }
    }
    let blocks: String = (0..99)
        .flat_map(|deep| [" ".repeat(deep), "if a:\n".to_owned()])
        .collect();
    assert_eq!(
        told(&format!(
            "import os\n{blocks}{}os.environ['A']",
            " ".repeat(99)
        )),
        ["A!"]
    );
}

proptest! {
    #[test]
    fn no_text_panics(text in "[-a-zA-Z.{}()\\[\\]'\"`$<>/\\\\ \n\t;:=?!é@*]{0,120}") {
        for mention in read(&text).mentions {
            prop_assert!(text.get(mention.span).is_some());
        }
    }

    #[test]
    fn no_mixture_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "import os", "\n", "os", ".environ", "['A']", "[b'A']", "b'\\x41'", "('A'", ", ", ")", ".get", "from os import *", "class S(BaseSettings):",
        "\n  ", "a: str", " = ", "Field(", "alias=", "'é'", "env = Env()", "env", "with env.prefixed('A'):", "f'{", "}'", " or ", " in ", "del ",
        "model_config", "{", "}", "'env_prefix': ", "\\", "'''", "lambda: ", "AliasChoices(", "class Config:", "environ.Env(", "x=",
    ]), 0..30)) {
        let text: String = parts.concat();
        for mention in read(&text).mentions {
            prop_assert!(text.get(mention.span).is_some());
        }
    }
}
