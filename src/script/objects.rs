//! Which object an expression stands for, as far as variables hang on it.

use oxc_ast::ast::{
    CallExpression, ChainElement, Expression, MemberExpression, ObjectPropertyKind,
};
use oxc_span::{GetSpan as _, Span};

use super::aliases::Aliases;
use crate::variable::{Side, Way};

/// An object that has to do with variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    /// What holds `process`, `Deno` and `Bun`: `globalThis` and its other names.
    Global,
    /// `process`, or another thing whose `env` holds the variables.
    Process,
    /// `import.meta`.
    Meta,
    /// `Deno`.
    Deno,
    /// `Deno.env`, which is asked by calls.
    DenoEnv,
    /// The variables themselves.
    Variables(Way, Side),
}

/// The variables of the process.
pub(super) const PROCESS: Object = Object::Variables(Way::Process, Side::Unknown);

/// The variables of the bundler.
const BUNDLE: Object = Object::Variables(Way::Bundle, Side::Unknown);

impl Object {
    /// What a member of this object is.
    pub(super) fn member(self, name: &str) -> Option<Self> {
        match (self, name) {
            // `default` is what a module gives that exports nothing but its object.
            (Self::Global, "process" | "Bun") | (Self::Process, "default") => Some(Self::Process),
            (Self::Global, "Deno") => Some(Self::Deno),
            (Self::Process, "env") => Some(PROCESS),
            (Self::Meta, "env") => Some(BUNDLE),
            (Self::Deno, "env") => Some(Self::DenoEnv),
            _ => None,
        }
    }
}

/// As deep is looked for an object: the longest way is `globalThis.process.env` behind a choice or two. Every
/// member of a long chain is asked, so the look itself must be short.
const DEEP: u8 = 6;

/// Which object an expression is, if it is one of those.
pub(super) fn object_of(expression: &Expression<'_>, aliases: &Aliases<'_>) -> Option<Object> {
    look(expression, aliases, DEEP)
}

fn look(expression: &Expression<'_>, aliases: &Aliases<'_>, deep: u8) -> Option<Object> {
    let deep = deep.checked_sub(1)?;
    let object_of = |expression| look(expression, aliases, deep);
    match inner(expression) {
        Expression::Identifier(name) => aliases.object(name.name.as_str()),
        Expression::ImportMeta(_) => Some(Object::Meta),
        Expression::ChainExpression(chain) => match &chain.expression {
            ChainElement::CallExpression(call) => called(call, aliases, deep),
            ChainElement::TSNonNullExpression(sure) => object_of(&sure.expression),
            other => member_object(other.member_expression()?, aliases, deep),
        },
        // `process.env ?? {}`, and `typeof process === "undefined" ? {} : process.env`.
        Expression::LogicalExpression(either) => {
            object_of(&either.left).or_else(|| object_of(&either.right))
        }
        Expression::ConditionalExpression(either) => {
            object_of(&either.consequent).or_else(|| object_of(&either.alternate))
        }
        // A copy of the variables: `{ ...process.env }`.
        Expression::ObjectExpression(copy) => {
            copy.properties.iter().find_map(|property| match property {
                ObjectPropertyKind::SpreadProperty(spread) => match object_of(&spread.argument) {
                    found @ Some(Object::Variables(..)) => found,
                    _ => None,
                },
                ObjectPropertyKind::ObjectProperty(_) => None,
            })
        }
        Expression::CallExpression(call) => called(call, aliases, deep),
        other => member_object(other.as_member_expression()?, aliases, deep),
    }
}

fn member_object(member: &MemberExpression<'_>, aliases: &Aliases<'_>, deep: u8) -> Option<Object> {
    look(member.object(), aliases, deep)?.member(member.static_property_name()?)
}

/// What a call gives: a module that is asked for, or the variables as an object.
fn called(call: &CallExpression<'_>, aliases: &Aliases<'_>, deep: u8) -> Option<Object> {
    if let Some(module) = call.common_js_require() {
        return matches!(module.value.as_str(), "process" | "node:process")
            .then_some(Object::Process);
    }
    // Vite's own way to read files of variables.
    if call.callee.is_specific_id("loadEnv") {
        return Some(PROCESS);
    }
    let member = inner(&call.callee).as_member_expression()?;
    let is_whole = member.static_property_name() == Some("toObject");
    (is_whole && look(member.object(), aliases, deep) == Some(Object::DenoEnv)).then_some(PROCESS)
}

/// The name of a member, with its place in the text; the whole place where the name is made while it runs.
pub(super) fn name_of<'a>(member: &MemberExpression<'a>) -> Result<(&'a str, Span), Span> {
    match member {
        MemberExpression::ComputedMemberExpression(computed) => {
            constant(&computed.expression).ok_or_else(|| computed.expression.span())
        }
        MemberExpression::StaticMemberExpression(named) => {
            Ok((named.property.name.as_str(), named.property.span))
        }
        MemberExpression::PrivateFieldExpression(private) => Err(private.span),
    }
}

/// A text that stands there as it is, with the place between its quotes.
pub(super) fn constant<'a>(expression: &Expression<'a>) -> Option<(&'a str, Span)> {
    match inner(expression) {
        Expression::StringLiteral(text) => Some((text.value.as_str(), inside(text.span))),
        Expression::TemplateLiteral(text) => {
            Some((text.single_quasi()?.as_str(), inside(text.span)))
        }
        _ => None,
    }
}

/// What stands between quotes.
pub(super) fn inside(span: Span) -> Span {
    if span.end - span.start < 2 {
        return span;
    }
    Span::new(span.start + 1, span.end - 1)
}

/// A span as the rest of guard has it.
pub(super) fn range(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.end as usize
}

/// What stands inside of parentheses and claims about types.
pub(super) fn inner<'e, 'a>(mut expression: &'e Expression<'a>) -> &'e Expression<'a> {
    /// Nobody writes more of them; every one of a long row is asked.
    const MOST: usize = 8;
    for _ in 0..MOST {
        expression = match expression {
            Expression::ParenthesizedExpression(e) => &e.expression,
            Expression::TSAsExpression(e) => &e.expression,
            Expression::TSSatisfiesExpression(e) => &e.expression,
            Expression::TSInstantiationExpression(e) => &e.expression,
            Expression::TSNonNullExpression(e) => &e.expression,
            Expression::TSTypeAssertion(e) => &e.expression,
            _ => break,
        };
    }
    expression
}
