//! Settings classes of pydantic as a schema, read from the code that makes them: nothing of it is run.

use std::collections::HashMap;
use std::ops::Range;

use ruff_python_ast::visitor::Visitor as _;
use ruff_python_ast::{Arguments, Expr, Stmt, StmtClassDef};
use ruff_text_size::Ranged as _;

use super::settings::{self, Classes, Config, Default, Field, config, field};
use super::tree::{self, constant, last_name, range};
use crate::depth;
use crate::variable::model::{Constraint, Declared, Kind, Lost, Model, overlay};

/// `Optional[Annotated[…]]` is deep already, and so are settings in settings.
const DEEP: u8 = 6;

/// Reads the schema of a source. `None` where there is none, or the source cannot be parsed.
pub fn read(text: &str) -> Option<Model> {
    depth::with_room(text.as_bytes(), || {
        tree::with(text, |body, _| model(body, text))
    })?
}

/// Where the first mistake stands in a source that cannot be parsed. None where it can.
pub fn fault(text: &str) -> Option<usize> {
    let found = depth::with_room(text.as_bytes(), || tree::fault(text));
    found.unwrap_or(Some(0))
}

fn model(body: &[Stmt], text: &str) -> Option<Model> {
    let mut classes = Classes::default();
    classes.visit_body(body);
    let reader = Reader {
        classes: &classes,
        text,
    };
    let mut known: HashMap<&str, Config> = HashMap::new();
    let mut model = Model::default();
    for class in &classes.found {
        if let Some(config) = config(class, &known) {
            reader.class(class, &config, &mut model);
            known.insert(class.name.as_str(), config);
        }
    }
    (!known.is_empty()).then_some(model)
}

struct Reader<'r> {
    classes: &'r Classes<'r>,
    text: &'r str,
}

impl Reader<'_> {
    fn class(&self, class: &StmtClassDef, config: &Config, model: &mut Model) {
        let mut fields: Vec<(&str, Declared)> = Vec::new();
        for statement in &class.body {
            match statement {
                Stmt::AnnAssign(assign) => {
                    let Some(field) = field(assign, config) else {
                        continue;
                    };
                    let nested = self.nested(&field, config, DEEP);
                    if nested.is_empty()
                        && let Some(declared) = self.field(&field)
                    {
                        fields.push((last_name(&assign.target).unwrap_or_default(), declared));
                    }
                    fields.extend(nested.into_iter().map(|declared| ("", declared)));
                }
                Stmt::FunctionDef(function) => {
                    for decorator in &function.decorator_list {
                        validator(&decorator.expression, &mut fields, model);
                    }
                }
                _ => {}
            }
        }
        let fields = fields.into_iter().map(|(_, declared)| declared).collect();
        overlay(&mut model.base, fields);
    }

    /// The variables of a model inside of settings: `DATABASE__HOST`. None of them where the field is something else,
    /// or the settings name no delimiter.
    fn nested(&self, field: &Field<'_>, config: &Config, deep: u8) -> Vec<Declared> {
        let inner = last_name(without_none(field.annotation));
        let inner = inner.and_then(|name| self.classes.named(name));
        let (Some(deep), Some(delimiter), Some(inner), Some((name, span))) = (
            deep.checked_sub(1),
            &config.delimiter,
            inner.filter(|inner| is_model(inner)),
            field.names.first(),
        ) else {
            return Vec::new();
        };
        let prefix = format!("{name}{delimiter}");
        let below = config.below(prefix);
        let mut found = Vec::new();
        for assign in inner.body.iter().filter_map(Stmt::as_ann_assign_stmt) {
            let Some(mut own) = settings::field(assign, &below) else {
                continue;
            };
            // Another name counts within the model: what leads to it stays.
            for (name, _) in &mut own.names {
                let lead = below.spelled(&below.prefix);
                if !name.starts_with(&lead) {
                    *name = lead + name;
                }
            }
            let nested = self.nested(&own, &below, deep);
            if nested.is_empty() {
                found.extend(self.field(&own));
            }
            found.extend(nested);
        }
        if !matches!(field.default, Default::None) {
            for declared in &mut found {
                declared.is_required = false;
            }
        }
        if let Some(first) = found.first_mut() {
            let what = format!("`{name}` as one JSON text: its fields stand here one by one");
            first.lose(span.clone(), what);
        }
        found
    }

    fn field(&self, field: &Field<'_>) -> Option<Declared> {
        let (name, span) = field.names.first()?;
        let mut declared = Declared::new(name.clone(), span.clone());
        for (other, span) in &field.names[1..] {
            declared.lose(span.clone(), format!("`{other}` is another name for it"));
        }
        self.kind(field.annotation, &mut declared);
        match field.default {
            Default::None => {}
            Default::Made => {
                declared.is_required = false;
                declared.lose(span.clone(), "the default is made by code");
            }
            Default::Value(Expr::NoneLiteral(_)) => declared.is_required = false,
            Default::Value(value) => {
                if let Some(text) = self.value(value) {
                    declared.or(text);
                } else {
                    declared.is_required = false;
                    declared.lose(range(value.range()), "the default is made by code");
                }
            }
        }
        if let Some(says) = field.says {
            self.says(says, &mut declared);
        }
        Some(declared)
    }

    /// What a type says.
    fn kind(&self, annotation: &Expr, into: &mut Declared) {
        let at = without_none(annotation);
        let name = match at {
            Expr::Subscript(generic) => {
                let choices = (last_name(&generic.value) == Some("Literal"))
                    .then(|| literals(&generic.slice))
                    .flatten();
                if let Some(choices) = choices {
                    into.kind = Kind::Enum(choices);
                    return;
                }
                None
            }
            other => last_name(other),
        };
        into.kind = match name {
            Some(
                "str" | "Path" | "FilePath" | "DirectoryPath" | "SecretStr" | "SecretBytes"
                | "bytes" | "Any",
            ) => Kind::Text,
            Some(
                "int" | "PositiveInt" | "NonNegativeInt" | "NegativeInt" | "NonPositiveInt"
                | "StrictInt",
            ) => Kind::Integer,
            Some("float" | "Decimal" | "PositiveFloat" | "NonNegativeFloat") => Kind::Number,
            Some("bool" | "StrictBool") => Kind::Boolean,
            Some("EmailStr" | "NameEmail") => Kind::Email,
            Some("UUID" | "UUID1" | "UUID3" | "UUID4" | "UUID5") => Kind::Uuid,
            Some("Json") => Kind::Json,
            Some(url) if url.ends_with("Url") || url.ends_with("Dsn") => Kind::Url,
            Some(name) => self.enumeration(name).map_or(Kind::Unknown, Kind::Enum),
            None => Kind::Unknown,
        };
        into.is_secret = matches!(name, Some("SecretStr" | "SecretBytes"));
        let constraint = match name {
            Some("PositiveInt") => Some(Constraint::Min("1".to_owned())),
            Some("NonNegativeInt" | "NonNegativeFloat") => Some(Constraint::Min("0".to_owned())),
            Some("NegativeInt") => Some(Constraint::Max("-1".to_owned())),
            Some("NonPositiveInt") => Some(Constraint::Max("0".to_owned())),
            Some("HttpUrl" | "AnyHttpUrl") => Some(Constraint::Schemes(vec!["http", "https"])),
            Some("RedisDsn") => Some(Constraint::Schemes(vec!["redis", "rediss"])),
            Some("MongoDsn") => Some(Constraint::Schemes(vec!["mongodb", "mongodb+srv"])),
            Some("AmqpDsn") => Some(Constraint::Schemes(vec!["amqp", "amqps"])),
            Some("PostgresDsn") => Some(Constraint::Schemes(vec![
                "postgres",
                "postgresql",
                "postgresql+asyncpg",
                "postgresql+pg8000",
                "postgresql+psycopg",
                "postgresql+psycopg2",
                "postgresql+psycopg2cffi",
                "postgresql+py-postgresql",
                "postgresql+pygresql",
            ])),
            _ => None,
        };
        into.constraints.extend(constraint);
        if into.kind == Kind::Unknown {
            let span = range(at.range());
            let written = self.text.get(span.clone()).unwrap_or_default();
            // A long type would be no sentence any more.
            let short: String = written.chars().take(60).collect();
            into.lose(span, format!("the type `{short}` has no counterpart here"));
        }
    }

    /// The values of an `Enum` of the same file.
    fn enumeration(&self, name: &str) -> Option<Vec<String>> {
        let class = self.classes.named(name)?;
        let bases = &class.arguments.as_ref()?.args;
        let is_enum = bases
            .iter()
            .any(|base| matches!(last_name(base), Some("Enum" | "StrEnum")));
        let values: Vec<String> = class
            .body
            .iter()
            .filter_map(Stmt::as_assign_stmt)
            .filter_map(|assign| constant(&assign.value))
            .map(|(value, _)| value.to_owned())
            .collect();
        (is_enum && !values.is_empty()).then_some(values)
    }

    /// What `Field(…)` says.
    fn says(&self, arguments: &Arguments, into: &mut Declared) {
        let is_whole = into.kind == Kind::Integer;
        for keyword in &arguments.keywords {
            let Some(name) = &keyword.arg else {
                continue;
            };
            let value = self.value(&keyword.value);
            let constraint = match (name.as_str(), value) {
                ("ge", Some(value)) => Constraint::Min(value),
                ("le", Some(value)) => Constraint::Max(value),
                ("gt", Some(value)) if is_whole && next(&value, 1).is_some() => {
                    Constraint::Min(next(&value, 1).unwrap_or_default())
                }
                ("lt", Some(value)) if is_whole && next(&value, -1).is_some() => {
                    Constraint::Max(next(&value, -1).unwrap_or_default())
                }
                ("min_length", Some(value)) => Constraint::MinLength(value),
                ("max_length", Some(value)) => Constraint::MaxLength(value),
                ("pattern" | "regex", Some(value)) => Constraint::Pattern(value),
                ("description", Some(value)) => {
                    into.description = Some(value);
                    continue;
                }
                (
                    "default"
                    | "default_factory"
                    | "alias"
                    | "validation_alias"
                    | "env"
                    | "title"
                    | "examples"
                    | "example"
                    | "description"
                    | "repr"
                    | "frozen"
                    | "exclude"
                    | "serialization_alias"
                    | "json_schema_extra"
                    | "validate_default"
                    | "strict",
                    _,
                ) => continue,
                (other, _) => {
                    let what = format!("`{other}` has no counterpart here");
                    into.lose(range(name.range()), what);
                    continue;
                }
            };
            into.constraints.push(constraint);
        }
    }

    /// A value that stands there as it is, as it would stand in a file.
    fn value(&self, expression: &Expr) -> Option<String> {
        match expression {
            Expr::StringLiteral(text) => Some(text.value.to_str().to_owned()),
            Expr::BooleanLiteral(truth) => Some(truth.value.to_string()),
            Expr::NumberLiteral(_) => self.number(expression),
            Expr::UnaryOp(unary) if unary.operand.is_number_literal_expr() => {
                self.number(expression)
            }
            // `Level.LOW` of an `Enum`.
            Expr::Attribute(member) => {
                let class = self.classes.named(last_name(&member.value)?)?;
                let mut assigns = class.body.iter().filter_map(Stmt::as_assign_stmt);
                let assign = assigns.find(|assign| {
                    let target = assign.targets.first().and_then(last_name);
                    target == Some(member.attr.as_str())
                })?;
                constant(&assign.value).map(|(value, _)| value.to_owned())
            }
            _ => None,
        }
    }

    fn number(&self, expression: &Expr) -> Option<String> {
        let text = self.text.get(range(expression.range()))?;
        let digits: String = text.chars().filter(|letter| *letter != '_').collect();
        digits.parse::<f64>().is_ok().then_some(digits)
    }
}

/// A type without what says that it may be missing. Types in types go on for a few levels only.
fn without_none(annotation: &Expr) -> &Expr {
    let mut at = annotation;
    for _ in 0..DEEP {
        at = match at {
            Expr::Subscript(generic) if last_name(&generic.value) == Some("Optional") => {
                &generic.slice
            }
            // `str | None`.
            Expr::BinOp(either) if either.right.is_none_literal_expr() => &either.left,
            Expr::BinOp(either) if either.left.is_none_literal_expr() => &either.right,
            _ => break,
        };
    }
    at
}

/// Whether a class holds fields, and not a list of words.
fn is_model(class: &StmtClassDef) -> bool {
    let bases = class.arguments.iter().flat_map(|arguments| &arguments.args);
    let words = ["Enum", "StrEnum", "IntEnum", "Flag", "IntFlag"];
    let mut names = bases.filter_map(last_name);
    !names.any(|base| words.contains(&base)) && class.body.iter().any(Stmt::is_ann_assign_stmt)
}

/// `"a", "b"` of `Literal["a", "b"]`.
fn literals(slice: &Expr) -> Option<Vec<String>> {
    let text = |one: &Expr| constant(one).map(|(text, _)| text.to_owned());
    match slice {
        Expr::Tuple(list) => list.elts.iter().map(text).collect(),
        one => text(one).map(|one| vec![one]),
    }
}

/// Notes a check that is code: `@field_validator("name")`, `@model_validator(mode="after")`.
fn validator(decorator: &Expr, fields: &mut [(&str, Declared)], model: &mut Model) {
    let (function, arguments) = match decorator {
        Expr::Call(call) => (&*call.func, Some(&call.arguments)),
        other => (other, None),
    };
    let Some(name) = last_name(function) else {
        return;
    };
    let span: Range<usize> = range(function.range());
    let what = format!("`{name}` is code, which is not carried over");
    match name {
        "validator" | "field_validator" => {
            let named: Vec<&str> = arguments
                .iter()
                .flat_map(|arguments| &arguments.args)
                .filter_map(|one| constant(one).map(|(text, _)| text))
                .collect();
            for (field, declared) in fields {
                if named.contains(field) {
                    declared.lose(span.clone(), what.clone());
                }
            }
        }
        "root_validator" | "model_validator" => model.lost.push(Lost { span, what }),
        _ => {}
    }
}

/// The whole number beside another.
fn next(number: &str, step: i64) -> Option<String> {
    let next = number.parse::<i64>().ok()?.checked_add(step)?;
    Some(next.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "class Level(str, Enum):\n  LOW = 'low'\n  HIGH = 'high'\nclass S(BaseSettings):\n";

    fn told(text: &str) -> Vec<String> {
        let model = read(text).expect("there is a schema");
        model
            .base
            .iter()
            .map(|declared| {
                let need = if declared.is_required { "" } else { "?" };
                let secret = if declared.is_secret { " secret" } else { "" };
                let default = declared.default.as_ref();
                let default = default.map_or(String::new(), |value| format!(" :={}", value.text()));
                let lost = declared.lost.iter();
                let lost: Vec<&str> = lost.map(|lost| &text[lost.span.clone()]).collect();
                format!(
                    "{}{need} {:?} {:?}{secret}{default} {lost:?}",
                    declared.name, declared.kind, declared.constraints
                )
            })
            .collect()
    }

    #[test]
    fn fields_say_what_they_are() {
        for (field, expected) in [
            ("a: str", "A Text [] []"),
            ("a: int = 1_000", "A? Integer [] :=1000 []"),
            ("a: float = -1.5", "A? Number [] :=-1.5 []"),
            ("a: bool = False", "A? Boolean [] :=false []"),
            ("a: str | None = None", "A? Text [] []"),
            ("a: Optional[SecretStr] = None", "A? Text [] secret []"),
            ("a: Literal['x', 'y']", "A Enum([\"x\", \"y\"]) [] []"),
            (
                "a: Level = Level.LOW",
                "A? Enum([\"low\", \"high\"]) [] :=low []",
            ),
            ("a: HttpUrl", "A Url [Schemes([\"http\", \"https\"])] []"),
            ("a: EmailStr", "A Email [] []"),
            ("a: PositiveInt", "A Integer [Min(\"1\")] []"),
            (
                "a: int = Field(default=5, ge=1, lt=10)",
                "A? Integer [Min(\"1\"), Max(\"9\")] :=5 []",
            ),
            (
                "a: str = Field(min_length=3, pattern='^x')",
                "A Text [MinLength(\"3\"), Pattern(\"^x\")] []",
            ),
            ("a: float = Field(gt=0)", "A Number [] [\"gt\"]"),
            ("a: list[str] = []", "A? Unknown [] [\"list[str]\", \"[]\"]"),
            ("a: str = Field(default_factory=make)", "A? Text [] [\"a\"]"),
            ("a: Annotated[str, Field(alias='B')]", "B Text [] []"),
            (
                "a: str = Field(validation_alias=AliasChoices('B', 'C'))",
                "B Text [] [\"C\"]",
            ),
            (
                "a: str\n  @field_validator('a')\n  def f(cls, v): return v",
                "A Text [] [\"field_validator\"]",
            ),
        ] {
            let text = format!("{HEAD}  {field}\n");
            assert_eq!(told(&text), [expected], "{field}");
        }
    }

    #[test]
    fn what_holds_for_all_is_lost_for_all() {
        let text = format!(
            "{HEAD}  a: str\n  @model_validator(mode='after')\n  def f(self): return self\n"
        );
        let model = read(&text).unwrap();
        assert_eq!(&text[model.lost[0].span.clone()], "model_validator");
        assert_eq!(read("class S(BaseModel):\n  a: str\n"), None);
    }
}
