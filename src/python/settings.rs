//! Settings classes of pydantic: fields that are variables, by their names, prefixes and aliases.

use std::collections::HashMap;
use std::ops::Range;

use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{Arguments, Expr, ExprCall, Keyword, Stmt, StmtAnnAssign, StmtClassDef};
use ruff_text_size::Ranged as _;

use super::tree::{constant, last_name, range};
use crate::variable::{Mention, Need, What};

/// As deep go settings in settings.
const DEEP: u8 = 4;

/// What the settings classes of a file declare.
pub(super) fn mentions(body: &[Stmt]) -> Vec<Mention> {
    let mut classes = Classes::default();
    classes.visit_body(body);
    let mut found = Vec::new();
    let mut known: HashMap<&str, Config> = HashMap::new();
    for class in &classes.found {
        let Some(config) = config(class, &known) else {
            continue;
        };
        if let Some(file) = config.file.clone() {
            found.push(file);
        }
        classes.declare(class, &config, &mut found);
        known.insert(class.name.as_str(), config);
    }
    found
}

/// All classes of a file, in their order.
#[derive(std::default::Default)]
pub(super) struct Classes<'a> {
    pub(super) found: Vec<&'a StmtClassDef>,
    by_name: HashMap<&'a str, &'a StmtClassDef>,
}

impl<'a> Visitor<'a> for Classes<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::ClassDef(class) = statement {
            self.found.push(class);
            self.by_name.insert(class.name.as_str(), class);
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, _: &'a Expr) {}
}

/// What a class says of the names of all its variables.
#[derive(Clone, Debug, std::default::Default)]
pub(super) struct Config {
    pub(super) prefix: String,
    pub(super) delimiter: Option<String>,
    is_case_sensitive: bool,
    file: Option<Mention>,
    /// By field, as the first version of pydantic had it.
    names: HashMap<String, Vec<(String, Range<usize>)>>,
}

/// The configuration of a class, where it is one of settings.
pub(super) fn config(class: &StmtClassDef, known: &HashMap<&str, Config>) -> Option<Config> {
    let arguments = class.arguments.as_ref()?;
    let mut config = arguments.args.iter().find_map(|base| {
        let name = last_name(base)?;
        match known.get(name) {
            Some(inherited) => Some(Config {
                file: None,
                ..inherited.clone()
            }),
            None => (name == "BaseSettings").then(Config::default),
        }
    })?;
    for keyword in &arguments.keywords {
        config.set_keyword(keyword);
    }
    for statement in &class.body {
        match statement {
            Stmt::Assign(assign) => {
                let is_config = |target: &Expr| last_name(target) == Some("model_config");
                if assign.targets.iter().any(is_config) {
                    config.set_all(&assign.value);
                }
            }
            Stmt::AnnAssign(assign) if last_name(&assign.target) == Some("model_config") => {
                if let Some(value) = &assign.value {
                    config.set_all(value);
                }
            }
            Stmt::ClassDef(inner) if inner.name.as_str() == "Config" => {
                for statement in &inner.body {
                    if let Stmt::Assign(assign) = statement
                        && let Some(name) = assign.targets.first().and_then(last_name)
                    {
                        config.set(name, &assign.value);
                    }
                }
            }
            _ => {}
        }
    }
    Some(config)
}

impl Config {
    fn set_keyword(&mut self, keyword: &Keyword) {
        if let Some(name) = &keyword.arg {
            self.set(name.as_str(), &keyword.value);
        }
    }

    /// `SettingsConfigDict(env_prefix="A_")`, `{"env_prefix": "A_"}`.
    fn set_all(&mut self, value: &Expr) {
        match value {
            Expr::Call(call) => {
                for keyword in &call.arguments.keywords {
                    self.set_keyword(keyword);
                }
            }
            Expr::Dict(table) => {
                for item in &table.items {
                    if let Some((name, _)) = item.key.as_ref().and_then(constant) {
                        self.set(name, &item.value);
                    }
                }
            }
            _ => {}
        }
    }

    fn set(&mut self, name: &str, value: &Expr) {
        let text = constant(value);
        match name {
            "env_prefix" => self.prefix = text.map_or_else(String::new, |text| text.0.to_owned()),
            "env_nested_delimiter" => self.delimiter = text.map(|text| text.0.to_owned()),
            "case_sensitive" => {
                let literal = value.as_boolean_literal_expr();
                self.is_case_sensitive = literal.is_some_and(|literal| literal.value);
            }
            "env_file" => {
                let file = text.map(|(path, span)| Mention::new(What::File, path, span));
                self.file = file;
            }
            "fields" => self.set_fields(value),
            _ => {}
        }
    }

    /// `fields = {"name": {"env": "NAME"}}`.
    fn set_fields(&mut self, value: &Expr) {
        for item in value.as_dict_expr().iter().flat_map(|table| &table.items) {
            let field = item.key.as_ref().and_then(constant);
            let inner = item.value.as_dict_expr();
            let env = inner
                .into_iter()
                .flat_map(|inner| &inner.items)
                .find(|item| {
                    item.key
                        .as_ref()
                        .and_then(constant)
                        .is_some_and(|key| key.0 == "env")
                });
            if let (Some((field, _)), Some(env)) = (field, env) {
                self.names.insert(field.to_owned(), aliases(&env.value));
            }
        }
    }

    /// What holds for the fields of a model inside, whose names begin so.
    pub(super) fn below(&self, prefix: String) -> Self {
        Self {
            prefix,
            delimiter: self.delimiter.clone(),
            is_case_sensitive: self.is_case_sensitive,
            ..Self::default()
        }
    }

    /// As the environment has it: where case does not count, in capitals.
    pub(super) fn spelled(&self, name: &str) -> String {
        if self.is_case_sensitive {
            name.to_owned()
        } else {
            name.to_uppercase()
        }
    }
}

/// The value of a field where the variable is missing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Default<'a> {
    /// There is none.
    None,
    /// What stands there.
    Value(&'a Expr),
    /// One that a function makes.
    Made,
}

/// One field of a settings class.
#[derive(Debug)]
pub(super) struct Field<'a> {
    /// Its names in the environment, the first of which counts most.
    pub(super) names: Vec<(String, Range<usize>)>,
    /// Its type.
    pub(super) annotation: &'a Expr,
    /// Its value where it is missing.
    pub(super) default: Default<'a>,
    /// What `Field(…)` says.
    pub(super) says: Option<&'a Arguments>,
}

impl Field<'_> {
    fn has_default(&self) -> bool {
        !matches!(self.default, Default::None)
    }
}

/// What a statement of a settings class declares.
pub(super) fn field<'a>(assign: &'a StmtAnnAssign, config: &Config) -> Option<Field<'a>> {
    let target = assign.target.as_name_expr()?;
    let name = target.id.as_str();
    let is_class_variable = match &*assign.annotation {
        Expr::Subscript(generic) => last_name(&generic.value) == Some("ClassVar"),
        other => last_name(other) == Some("ClassVar"),
    };
    if name.starts_with('_') || name == "model_config" || is_class_variable {
        return None;
    }
    let (annotation, noted) = annotated(&assign.annotation);
    let value = assign.value.as_deref();
    let call = value.and_then(field_call);
    let says = call.or(noted).map(|call| &call.arguments);
    let default = match (call, value) {
        (Some(call), _) => default_of(&call.arguments),
        (None, Some(Expr::EllipsisLiteral(_))) => Default::None,
        (None, Some(value)) => Default::Value(value),
        (None, None) => noted.map_or(Default::None, |call| default_of(&call.arguments)),
    };
    let own = || {
        let full = config.spelled(&format!("{}{name}", config.prefix));
        vec![(full, range(target.range()))]
    };
    let said = ["validation_alias", "alias", "env"]
        .iter()
        .find_map(|keyword| {
            let value = &says?.find_keyword(keyword)?.value;
            // An alias that is made while the program runs is unknown; the field keeps its own name.
            Some(aliases(value)).filter(|names| !names.is_empty())
        });
    let said = said.or_else(|| config.names.get(name).cloned());
    let names = match said {
        Some(names) => names
            .into_iter()
            .map(|(name, span)| (config.spelled(&name), span))
            .collect(),
        None => own(),
    };
    Some(Field {
        names,
        annotation,
        default,
        says,
    })
}

/// The type inside of `Annotated[T, Field(…)]`, and the field.
fn annotated(annotation: &Expr) -> (&Expr, Option<&ExprCall>) {
    if let Expr::Subscript(generic) = annotation
        && last_name(&generic.value) == Some("Annotated")
        && let Expr::Tuple(parts) = &*generic.slice
        && let Some((first, rest)) = parts.elts.split_first()
    {
        return (first, rest.iter().find_map(field_call));
    }
    (annotation, None)
}

fn field_call(value: &Expr) -> Option<&ExprCall> {
    let call = value.as_call_expr()?;
    (last_name(&call.func) == Some("Field")).then_some(call)
}

fn default_of(arguments: &Arguments) -> Default<'_> {
    if arguments.find_keyword("default_factory").is_some() {
        return Default::Made;
    }
    match arguments.find_argument_value("default", 0) {
        None | Some(Expr::EllipsisLiteral(_)) => Default::None,
        Some(default) => Default::Value(default),
    }
}

/// The names that an alias gives: a text, `AliasChoices("A", "B")`, `AliasPath("A", 0)`, a list.
fn aliases(value: &Expr) -> Vec<(String, Range<usize>)> {
    let one = |expression: &Expr| constant(expression).map(|(name, span)| (name.to_owned(), span));
    match value {
        Expr::List(list) => list.elts.iter().filter_map(one).collect(),
        Expr::Tuple(list) => list.elts.iter().filter_map(one).collect(),
        Expr::Call(call) if last_name(&call.func) == Some("AliasPath") => call
            .arguments
            .args
            .first()
            .and_then(one)
            .into_iter()
            .collect(),
        Expr::Call(call) if last_name(&call.func) == Some("AliasChoices") => {
            let choices = call
                .arguments
                .args
                .iter()
                .filter_map(|choice| match choice {
                    Expr::Call(path) => path.arguments.args.first().and_then(one),
                    other => one(other),
                });
            choices.collect()
        }
        other => one(other).into_iter().collect(),
    }
}

impl Classes<'_> {
    fn declare(&self, class: &StmtClassDef, config: &Config, found: &mut Vec<Mention>) {
        for assign in class.body.iter().filter_map(Stmt::as_ann_assign_stmt) {
            let Some(field) = field(assign, config) else {
                continue;
            };
            let nested = config.delimiter.as_ref().and_then(|delimiter| {
                let inner = self.named(last_name(field.annotation)?)?;
                Some((inner, delimiter))
            });
            let need = if field.has_default() || field.names.len() > 1 || nested.is_some() {
                Need::Optional
            } else {
                Need::Required
            };
            for (name, span) in &field.names {
                found.push(Mention {
                    need,
                    has_default: field.has_default(),
                    ..Mention::new(What::Declared, name.clone(), span.clone())
                });
            }
            if let (Some((inner, delimiter)), Some((name, _))) = (nested, field.names.first()) {
                self.nested(
                    inner,
                    &format!("{name}{delimiter}"),
                    (config, delimiter),
                    DEEP,
                    found,
                );
            }
        }
    }

    /// The fields of a model inside of settings: `DATABASE__HOST`.
    fn nested(
        &self,
        class: &StmtClassDef,
        prefix: &str,
        (config, delimiter): (&Config, &str),
        deep: u8,
        found: &mut Vec<Mention>,
    ) {
        /// As many variables are made of nested models; more would be no settings.
        const MOST: usize = 10_000;
        let Some(deep) = deep.checked_sub(1) else {
            return;
        };
        for assign in class.body.iter().filter_map(Stmt::as_ann_assign_stmt) {
            let Some(target) = assign.target.as_name_expr() else {
                continue;
            };
            if found.len() > MOST {
                return;
            }
            let name = config.spelled(&format!("{prefix}{}", target.id));
            if let Some(inner) = last_name(&assign.annotation).and_then(|name| self.named(name)) {
                let prefix = format!("{name}{delimiter}");
                self.nested(inner, &prefix, (config, delimiter), deep, found);
            }
            let mention = Mention::new(What::Declared, name, range(target.range()));
            found.push(mention.needed(Need::Optional));
        }
    }

    pub(super) fn named(&self, name: &str) -> Option<&StmtClassDef> {
        self.by_name.get(name).copied()
    }
}
