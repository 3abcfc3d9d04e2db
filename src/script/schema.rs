//! Schemas of zod and t3-env, read from the code that makes them: nothing of it is run.
//!
//! What is written down is followed: names that the same file binds, `extend` and `merge`, and an exported map of
//! schemas, whose keys are environments. What is made by code (`refine`, `transform`) is said to be lost.

mod bindings;
mod field;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::ops::Range;

use oxc_ast::ast::{
    CallExpression, Expression, MemberExpression, ObjectExpression, ObjectPropertyKind, Program,
};
use oxc_span::GetSpan as _;

use super::declared::{key_range, named};
use super::objects::{inner, range};
use super::tree::{self, Dialect};
use crate::depth;
use crate::variable::Side;
use crate::variable::model::{Declared, Environment, Lost, Model, overlay};
use bindings::Bindings;

/// As deep are names and calls followed.
const DEEP: u8 = 40;

/// As many steps are taken for one source.
const STEPS: u32 = 500_000;

/// Reads the schema of a source. `None` where there is none, or the source cannot be parsed.
pub fn read(text: &str, dialect: Dialect) -> Option<Model> {
    depth::with_room(text.as_bytes(), || {
        tree::with(text, dialect, |program, _| model(program))
    })?
}

/// Where the first mistake stands in a source that cannot be parsed. None where it can.
pub fn fault(text: &str, dialect: Dialect) -> Option<usize> {
    let found = depth::with_room(text.as_bytes(), || tree::fault(text, dialect));
    found.unwrap_or(Some(0))
}

fn model(program: &Program<'_>) -> Option<Model> {
    let bindings = Bindings::of(program);
    let schemas = Schemas {
        bindings: &bindings,
        text: program.source_text,
        steps: Cell::new(STEPS),
    };
    let mut named: Vec<(&str, Shape)> = Vec::new();
    for (name, expression) in bindings.values() {
        if let Some(shape) = schemas.create_env(expression) {
            return Some(shape.model());
        }
        if let Some(shape) = schemas.shape(expression, DEEP) {
            named.push((name, shape));
        }
    }
    if let Some(model) = schemas.map() {
        return Some(model);
    }
    // Without a map, the one that values are parsed by is meant, else what others extend. Which environment the
    // others are, nobody says.
    let applied = schemas.applied();
    let is_within = |other: &Shape, base: &Shape| {
        let has = |field: &Declared| base.fields.iter().any(|known| known.name == field.name);
        applied.is_some() && other.root == base.root && other.fields.iter().all(has)
    };
    let extended = || {
        let most = named.iter().max_by_key(|(_, shape)| {
            let extending = named.iter().filter(|(_, other)| other.root == shape.root);
            (extending.count(), std::cmp::Reverse(shape.span.start))
        });
        most.map(|(_, shape)| shape)
    };
    let base = applied.as_ref().or_else(extended)?;
    let mut model = base.clone().model();
    for (name, other) in &named {
        if other.span != base.span && !is_within(other, base) {
            model.lost.push(Lost {
                span: other.span.clone(),
                what: format!("`{name}` is a schema of its own: no map says of which environment"),
            });
        }
    }
    Some(model)
}

/// The fields of an object schema.
#[derive(Clone, Debug)]
struct Shape {
    fields: Vec<Declared>,
    lost: Vec<Lost>,
    /// Where the first object of a row of extensions stands: who shares it belongs together.
    root: usize,
    /// The whole expression.
    span: Range<usize>,
}

impl Shape {
    fn model(self) -> Model {
        Model {
            base: self.fields,
            environments: Vec::new(),
            lost: self.lost,
        }
    }
}

/// A schema under a key of a map.
struct Named<'s, 'a> {
    name: String,
    span: Range<usize>,
    shape: Shape,
    value: &'s Expression<'a>,
}

struct Schemas<'s, 'a> {
    bindings: &'s Bindings<'s, 'a>,
    text: &'s str,
    /// How many more steps are taken. Schemas that are put together of themselves twice, and those again, would
    /// take one for each grain on the chessboard.
    steps: Cell<u32>,
}

impl<'a> Schemas<'_, 'a> {
    /// The schema that values are parsed by, where that is one: `schema.parse(process.env)`.
    fn applied(&self) -> Option<Shape> {
        let mut found: Option<Shape> = None;
        for (_, expression) in self.bindings.values() {
            let Expression::CallExpression(call) = inner(expression) else {
                continue;
            };
            let Some(member) = inner(&call.callee).as_member_expression() else {
                continue;
            };
            let parses = ["parse", "safeParse", "parseAsync", "safeParseAsync"];
            let is_parse = member.static_property_name();
            if !is_parse.is_some_and(|name| parses.contains(&name)) {
                continue;
            }
            let Some(shape) = self.shape(member.object(), DEEP) else {
                continue;
            };
            if found.as_ref().is_some_and(|known| known.span != shape.span) {
                return None;
            }
            found = Some(shape);
        }
        found
    }

    /// One step further down, if there is one left.
    fn step_down(&self, deep: u8) -> Option<u8> {
        self.steps.set(self.steps.get().checked_sub(1)?);
        deep.checked_sub(1)
    }

    /// The fields of an expression that is an object schema.
    fn shape(&self, expression: &Expression<'a>, deep: u8) -> Option<Shape> {
        let deep = self.step_down(deep)?;
        let call = match inner(expression) {
            Expression::Identifier(name) => {
                return self.shape(self.bindings.value(name.name.as_str())?, deep);
            }
            Expression::CallExpression(call) => call,
            _ => return None,
        };
        let span = range(call.span);
        let member = inner(&call.callee).as_member_expression()?;
        let method = member.static_property_name()?;
        let argument = |at: usize| call.arguments.get(at).and_then(|one| one.as_expression());
        if self.is_library(member.object()) {
            let object = match inner(argument(0)?) {
                Expression::ObjectExpression(object) => object,
                first if method == "intersection" => {
                    let (first, second) = (self.shape(first, deep)?, argument(1)?);
                    return Some(self.both(first, second, span, deep));
                }
                _ => return None,
            };
            let is_object = matches!(method, "object" | "strictObject" | "looseObject");
            return is_object.then(|| self.object(object, span, deep));
        }
        let mut shape = self.shape(member.object(), deep)?;
        shape.span = span.clone();
        match (method, argument(0).map(inner)) {
            ("extend" | "safeExtend" | "augment", Some(Expression::ObjectExpression(object))) => {
                let over = self.object(object, span, deep);
                overlay(&mut shape.fields, over.fields);
                shape.lost.extend(over.lost);
            }
            ("merge" | "and" | "extend", Some(other)) => {
                return Some(self.both(shape, other, span, deep));
            }
            ("partial", None) => {
                for field in &mut shape.fields {
                    field.is_required = false;
                }
            }
            ("required", None) => {
                for field in &mut shape.fields {
                    field.is_required = field.default.is_none();
                }
            }
            ("pick" | "omit", Some(Expression::ObjectExpression(object))) => {
                let chosen: Vec<String> = named(object).map(|(name, _)| name).collect();
                shape
                    .fields
                    .retain(|field| chosen.contains(&field.name) == (method == "pick"));
            }
            (
                "strict" | "passthrough" | "strip" | "loose" | "describe" | "brand" | "readonly"
                | "meta",
                _,
            ) => {}
            ("parse" | "safeParse" | "keyof" | "parseAsync" | "safeParseAsync", _) => return None,
            _ => shape.lost.push(Lost {
                span: method_range(call),
                what: format!(
                    "`{method}` is not carried over: it holds for all variables together"
                ),
            }),
        }
        Some(shape)
    }

    fn both(
        &self,
        mut shape: Shape,
        other: &Expression<'a>,
        span: Range<usize>,
        deep: u8,
    ) -> Shape {
        match self.shape(other, deep) {
            Some(over) => {
                overlay(&mut shape.fields, over.fields);
                shape.lost.extend(over.lost);
            }
            None => shape.lost.push(Lost {
                span: range(other.span()),
                what: "this schema is made elsewhere: its variables are missing".to_owned(),
            }),
        }
        shape.span = span;
        shape
    }

    /// `{ NAME: z.string(), ...Other.shape }`.
    fn object(&self, object: &ObjectExpression<'a>, span: Range<usize>, deep: u8) -> Shape {
        let mut shape = Shape {
            fields: Vec::new(),
            lost: Vec::new(),
            root: object.span.start as usize,
            span,
        };
        for property in &object.properties {
            match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    let Some(name) = property.key.static_name() else {
                        shape.lost.push(Lost {
                            span: range(property.key.span()),
                            what: "this name is made while the program runs".to_owned(),
                        });
                        continue;
                    };
                    let mut declared = Declared::new(name, key_range(&property.key));
                    self.field(&property.value, &mut declared, deep);
                    overlay(&mut shape.fields, vec![declared]);
                }
                ObjectPropertyKind::SpreadProperty(spread) => {
                    let argument = inner(&spread.argument);
                    let inside = argument
                        .as_member_expression()
                        .filter(|member| member.static_property_name() == Some("shape"));
                    let other = inside.map_or(argument, |member| member.object());
                    let over = match inner(other) {
                        Expression::ObjectExpression(object) => {
                            Some(self.object(object, range(object.span), deep))
                        }
                        other => self.shape(other, deep),
                    };
                    match over {
                        Some(over) => {
                            overlay(&mut shape.fields, over.fields);
                            shape.lost.extend(over.lost);
                        }
                        None => shape.lost.push(Lost {
                            span: range(spread.span),
                            what: "these variables are made elsewhere".to_owned(),
                        }),
                    }
                }
            }
        }
        shape
    }

    /// t3-env: `createEnv({ server: { … }, client: { … } })`.
    fn create_env(&self, expression: &Expression<'a>) -> Option<Shape> {
        let Expression::CallExpression(call) = inner(expression) else {
            return None;
        };
        if !call.callee.is_specific_id("createEnv") {
            return None;
        }
        let Expression::ObjectExpression(object) = inner(call.arguments.first()?.as_expression()?)
        else {
            return None;
        };
        let mut whole = Shape {
            fields: Vec::new(),
            lost: Vec::new(),
            root: call.span.start as usize,
            span: range(call.span),
        };
        for (section, property) in named(object) {
            let side = match section.as_str() {
                "server" => Side::Server,
                "client" => Side::Client,
                "shared" => Side::Unknown,
                "extends" | "onValidationError" | "createFinalSchema" => {
                    whole.lost.push(Lost {
                        span: key_range(&property.key),
                        what: format!("`{section}` is not carried over"),
                    });
                    continue;
                }
                _ => continue,
            };
            let Expression::ObjectExpression(fields) = inner(&property.value) else {
                whole.lost.push(Lost {
                    span: range(property.value.span()),
                    what: format!("the variables of `{section}` are made elsewhere"),
                });
                continue;
            };
            let mut shape = self.object(fields, range(fields.span), DEEP);
            for field in &mut shape.fields {
                field.side = side;
            }
            overlay(&mut whole.fields, shape.fields);
            whole.lost.extend(shape.lost);
        }
        Some(whole)
    }

    /// `{ staging: StagingSchema, production: ProductionSchema }`: the keys are environments.
    fn map(&self) -> Option<Model> {
        for (_, expression) in self.bindings.values() {
            let Expression::ObjectExpression(object) = inner(expression) else {
                continue;
            };
            let shapes: Option<Vec<Named<'_, 'a>>> = object
                .properties
                .iter()
                .map(|property| {
                    let property = property.as_property()?;
                    Some(Named {
                        name: property.key.static_name()?.into_owned(),
                        span: key_range(&property.key),
                        shape: self.shape(&property.value, DEEP)?,
                        value: &property.value,
                    })
                })
                .collect();
            if let Some(shapes) = shapes.filter(|shapes| !shapes.is_empty()) {
                return Some(self.environments(&shapes));
            }
        }
        None
    }

    fn environments(&self, shapes: &[Named<'_, 'a>]) -> Model {
        // The base is the schema that the others extend, or else the first.
        let root = shapes[0].shape.root;
        let all = self.bindings.values().map(|(_, expression)| expression);
        let base = all
            .filter_map(|expression| self.shape(expression, DEEP))
            .find(|shape| shape.root == root)
            .unwrap_or_else(|| shapes[0].shape.clone());
        let mut model = base.model();
        for Named {
            name,
            span,
            shape,
            value,
        } in shapes
        {
            let differs = |field: &Declared| {
                !model
                    .base
                    .iter()
                    .any(|base| base.name == field.name && base.is_like(field))
            };
            let variables = shape.fields.iter().filter(|field| differs(field));
            let variables = variables.cloned().collect();
            model.environments.push(Environment {
                name: name.clone(),
                span: span.clone(),
                extends: self.made_from(value, shapes),
                variables,
            });
            for lost in &shape.lost {
                if !model.lost.contains(lost) {
                    model.lost.push(lost.clone());
                }
            }
        }
        model
    }

    /// The environment whose schema an expression goes on from: `production: Staging.extend({ … })`.
    fn made_from(&self, value: &Expression<'a>, all: &[Named<'_, 'a>]) -> Option<String> {
        let name_of = |value: &Expression<'a>| match inner(value) {
            Expression::Identifier(name) => Some(name.name.as_str()),
            _ => None,
        };
        let own = name_of(value);
        let mut at = value;
        for _ in 0..DEEP {
            at = match inner(at) {
                Expression::Identifier(name) => {
                    let name = name.name.as_str();
                    let other = all.iter().find(|other| name_of(other.value) == Some(name));
                    if let Some(other) = other.filter(|_| own != Some(name)) {
                        return Some(other.name.clone());
                    }
                    self.bindings.value(name)?
                }
                Expression::CallExpression(call) => {
                    inner(&call.callee).as_member_expression()?.object()
                }
                _ => return None,
            };
        }
        None
    }

    /// Whether an expression is the library itself: a name that this file does not make.
    fn is_library(&self, expression: &Expression<'_>) -> bool {
        match inner(expression) {
            Expression::Identifier(name) => self.bindings.value(name.name.as_str()).is_none(),
            _ => false,
        }
    }
}

/// Where the name of a method stands.
fn method_range(call: &CallExpression<'_>) -> Range<usize> {
    let member = inner(&call.callee).as_member_expression();
    let info = member.and_then(MemberExpression::static_property_info);
    info.map_or_else(|| range(call.span), |(span, _)| range(span))
}
