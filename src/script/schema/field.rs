//! One field of a schema: the call that makes it, and the calls that follow.

use oxc_ast::ast::{CallExpression, Expression};
use oxc_span::GetSpan as _;

use super::super::objects::{constant, inner, range};
use super::{Schemas, method_range};
use crate::variable::model::{Constraint, Declared, Kind};

impl<'a> Schemas<'_, 'a> {
    /// Reads what an expression says of a variable.
    pub(super) fn field(&self, expression: &Expression<'a>, into: &mut Declared, deep: u8) {
        let expression = inner(expression);
        let Some(deep) = self.step_down(deep) else {
            into.lose(
                range(expression.span()),
                "this goes on for too long to be followed",
            );
            return;
        };
        let call = match expression {
            Expression::Identifier(name) => {
                match self.bindings.value(name.name.as_str()) {
                    Some(bound) => self.field(bound, into, deep),
                    None => into.lose(
                        range(name.span),
                        format!("`{}` is made elsewhere", name.name),
                    ),
                }
                return;
            }
            Expression::CallExpression(call) => call,
            other => {
                into.lose(range(other.span()), "this is no schema that can be read");
                return;
            }
        };
        let Some(member) = inner(&call.callee).as_member_expression() else {
            into.lose(
                range(call.span),
                "this function makes the schema while it runs",
            );
            return;
        };
        let Some(method) = member.static_property_name() else {
            into.lose(
                range(call.span),
                "this method is chosen while the program runs",
            );
            return;
        };
        if self.is_library(member.object()) {
            self.start(method, call, into, deep);
        } else if self.is_coercion(member.object()) {
            self.start(method, call, into, deep);
            if into.kind == Kind::Boolean {
                let what = "`coerce.boolean()` takes every text but the empty one for true, \"false\" too; \
                            guard takes it for false";
                into.lose(method_range(call), what);
            }
        } else {
            self.field(member.object(), into, deep);
            self.step(method, call, into);
        }
    }

    /// `z.coerce`.
    fn is_coercion(&self, expression: &Expression<'_>) -> bool {
        let member = inner(expression).as_member_expression();
        member.is_some_and(|member| {
            member.static_property_name() == Some("coerce") && self.is_library(member.object())
        })
    }

    fn start(&self, method: &str, call: &CallExpression<'a>, into: &mut Declared, deep: u8) {
        let first = call
            .arguments
            .first()
            .and_then(|first| first.as_expression());
        into.kind = match method {
            "string" | "any" | "unknown" => Kind::Text,
            "number" => Kind::Number,
            "int" | "int32" | "uint32" | "bigint" => Kind::Integer,
            "boolean" | "stringbool" => Kind::Boolean,
            "url" | "httpUrl" => Kind::Url,
            "email" => Kind::Email,
            "uuid" | "uuidv4" | "guid" => Kind::Uuid,
            "base64" => Kind::Base64,
            "hex" => Kind::Hex,
            "json" => Kind::Json,
            "enum" | "nativeEnum" => first
                .and_then(|first| self.bindings.texts(first))
                .map_or(Kind::Unknown, Kind::Enum),
            "literal" => match first.map(|first| (self.value(first), self.bindings.texts(first))) {
                Some((Some(value), _)) => Kind::Const(value),
                Some((_, Some(values))) => Kind::Enum(values),
                _ => Kind::Unknown,
            },
            "union" => first.map_or(Kind::Unknown, |first| self.union(first, deep)),
            "optional" | "nullable" | "nullish" => {
                if let Some(first) = first {
                    self.field(first, into, deep);
                }
                into.is_required &= method == "nullable";
                return;
            }
            "preprocess" => {
                if let Some(second) = call.arguments.get(1).and_then(|one| one.as_expression()) {
                    self.field(second, into, deep);
                }
                into.lose(
                    method_range(call),
                    "`preprocess` changes values by code, which is not carried over",
                );
                return;
            }
            _ => Kind::Unknown,
        };
        if into.kind == Kind::Unknown {
            into.lose(
                method_range(call),
                format!("`{method}` has no counterpart here"),
            );
        }
    }

    /// A choice between constants.
    fn union(&self, list: &Expression<'a>, deep: u8) -> Kind {
        let Expression::ArrayExpression(list) = inner(list) else {
            return Kind::Unknown;
        };
        let values: Option<Vec<String>> = list
            .elements
            .iter()
            .map(|one| {
                let mut declared = Declared::new("", 0..0);
                self.field(one.as_expression()?, &mut declared, deep);
                match declared.kind {
                    Kind::Const(value) if declared.lost.is_empty() => Some(value),
                    _ => None,
                }
            })
            .collect();
        values.map_or(Kind::Unknown, Kind::Enum)
    }

    fn step(&self, method: &str, call: &CallExpression<'a>, into: &mut Declared) {
        let first = call
            .arguments
            .first()
            .and_then(|first| first.as_expression());
        let value = first.and_then(|first| self.value(first));
        let is_number = matches!(into.kind, Kind::Number | Kind::Integer);
        let constraint = match (method, value) {
            ("optional" | "nullish" | "exactOptional", _) => {
                into.is_required = false;
                return;
            }
            ("default" | "prefault", Some(value)) => return into.or(value),
            ("default" | "prefault", None) => {
                into.is_required = false;
                into.lose(method_range(call), "the default is made by code");
                return;
            }
            ("describe", Some(value)) => {
                into.description = Some(value);
                return;
            }
            ("nullable" | "brand" | "readonly" | "meta" | "finite" | "safe" | "register", _) => {
                return;
            }
            ("int", _) => {
                into.kind = Kind::Integer;
                return;
            }
            ("url", _) => return into.kind = Kind::Url,
            ("email", _) => return into.kind = Kind::Email,
            ("uuid" | "guid", _) => return into.kind = Kind::Uuid,
            ("base64", _) => return into.kind = Kind::Base64,
            ("min" | "gte", Some(value)) if is_number => Constraint::Min(value),
            ("max" | "lte", Some(value)) if is_number => Constraint::Max(value),
            ("gt", Some(value)) if into.kind == Kind::Integer => match next(&value, 1) {
                Some(next) => Constraint::Min(next),
                None => return self.lost(method, call, into),
            },
            ("lt", Some(value)) if into.kind == Kind::Integer => match next(&value, -1) {
                Some(next) => Constraint::Max(next),
                None => return self.lost(method, call, into),
            },
            ("positive", _) if into.kind == Kind::Integer => Constraint::Min("1".to_owned()),
            ("nonnegative", _) if is_number => Constraint::Min("0".to_owned()),
            ("nonpositive", _) if is_number => Constraint::Max("0".to_owned()),
            ("min", Some(value)) => Constraint::MinLength(value),
            ("max", Some(value)) => Constraint::MaxLength(value),
            ("nonempty", _) => Constraint::MinLength("1".to_owned()),
            ("length", Some(value)) => {
                into.constraints.push(Constraint::MinLength(value.clone()));
                Constraint::MaxLength(value)
            }
            ("startsWith", Some(value)) => Constraint::Prefix(value),
            ("endsWith", Some(value)) => Constraint::Suffix(value),
            ("regex", _) => match first.map(inner) {
                Some(Expression::RegExpLiteral(literal)) => {
                    // The other flags say nothing about which texts are right.
                    let flags = literal.regex.flags.to_string();
                    let flags: String =
                        flags.chars().filter(|flag| "ims".contains(*flag)).collect();
                    let pattern = literal.regex.pattern.text.as_str();
                    Constraint::Pattern(match flags.as_str() {
                        "" => pattern.to_owned(),
                        flags => format!("(?{flags}:{pattern})"),
                    })
                }
                _ => return self.lost(method, call, into),
            },
            _ => return self.lost(method, call, into),
        };
        into.constraints.push(constraint);
    }

    #[expect(
        clippy::unused_self,
        reason = "it stands in a row of methods that end by it"
    )]
    fn lost(&self, method: &str, call: &CallExpression<'_>, into: &mut Declared) {
        let is_code = matches!(
            method,
            "refine" | "superRefine" | "transform" | "pipe" | "check" | "overwrite" | "catch"
        );
        let what = if is_code {
            format!("`{method}` is code, which is not carried over")
        } else {
            format!("`{method}` has no counterpart here")
        };
        if method == "catch" {
            into.is_required = false;
        }
        into.lose(method_range(call), what);
    }

    /// A value that stands there as it is, as it would stand in a file.
    fn value(&self, expression: &Expression<'a>) -> Option<String> {
        if let Some((text, _)) = constant(expression) {
            return Some(text.to_owned());
        }
        let expression = inner(expression);
        match expression {
            Expression::BooleanLiteral(truth) => Some(truth.value.to_string()),
            Expression::NumericLiteral(_) | Expression::BigIntLiteral(_) => self.number(expression),
            Expression::UnaryExpression(unary)
                if matches!(inner(&unary.argument), Expression::NumericLiteral(_)) =>
            {
                self.number(expression)
            }
            Expression::Identifier(name) => {
                let bound = inner(self.bindings.value(name.name.as_str())?);
                if let Some((text, _)) = constant(bound) {
                    return Some(text.to_owned());
                }
                matches!(bound, Expression::NumericLiteral(_)).then(|| self.number(bound))?
            }
            _ => None,
        }
    }

    /// A number as it is written, without what makes it easier to read.
    fn number(&self, expression: &Expression<'_>) -> Option<String> {
        let text = self.text.get(range(expression.span()))?;
        let digits: String = text
            .chars()
            .filter(|letter| *letter != '_' && *letter != 'n')
            .collect();
        // Hexadecimal ones and sums are no numbers in other files.
        digits.parse::<f64>().is_ok().then_some(digits)
    }
}

/// The whole number beside another.
fn next(number: &str, step: i64) -> Option<String> {
    let next = number.parse::<i64>().ok()?.checked_add(step)?;
    Some(next.to_string())
}
