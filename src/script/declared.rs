//! Variables that a program declares in a schema of its own: t3-env, envalid, and objects that take the variables in.

use memchr::memmem;
use oxc_ast::ast::{CallExpression, Expression, ObjectExpression, ObjectPropertyKind, Program};
use oxc_ast::ast::{MemberExpression, ObjectProperty, PropertyKey};
use oxc_ast_visit::{Visit, walk};
use oxc_span::GetSpan as _;

use super::aliases::Aliases;
use super::objects::{Object, inner, inside, object_of, range};
use super::tree::Dialect;
use crate::variable::{Mention, Need, Side, Way, What, is_capital};

/// What a program declares.
pub(super) fn mentions(
    program: &Program<'_>,
    aliases: &Aliases<'_>,
    dialect: Dialect,
) -> Vec<Mention> {
    // Every way to declare has one of these words, and most sources have none.
    let text = program.source_text.as_bytes();
    let has = |word: &[u8]| memmem::find(text, word).is_some();
    if dialect != Dialect::NextConfig && !has(b"Env(") && !has(b"bject(") {
        return Vec::new();
    }
    let mut declared = Declarations {
        aliases,
        dialect,
        sure: Vec::new(),
        fields: Vec::new(),
        takes_variables: false,
    };
    declared.visit_program(program);
    if declared.takes_variables {
        declared.sure.append(&mut declared.fields);
    }
    declared.sure
}

struct Declarations<'s> {
    aliases: &'s Aliases<'s>,
    dialect: Dialect,
    sure: Vec<Mention>,
    /// Fields of schemas, of which it is not known yet whether variables go into one.
    fields: Vec<Mention>,
    /// Whether a schema of this file is given the variables.
    takes_variables: bool,
}

impl Declarations<'_> {
    fn call(&mut self, call: &CallExpression<'_>) {
        let callee = inner(&call.callee);
        let member = callee.as_member_expression();
        let name = match callee {
            Expression::Identifier(name) => Some(name.name.as_str()),
            _ => member.and_then(MemberExpression::static_property_name),
        };
        let object = |at: usize| match inner(call.arguments.get(at)?.as_expression()?) {
            Expression::ObjectExpression(object) => Some(&**object),
            _ => None,
        };
        match name {
            Some("createEnv") => {
                if let Some(object) = object(0) {
                    self.create_env(object);
                }
            }
            Some("cleanEnv") => {
                if let Some(object) = object(1) {
                    let fields = named(object)
                        .map(|(name, field)| declaration(name, field, need(&field.value)));
                    self.sure.extend(fields);
                }
            }
            Some(
                "object" | "strictObject" | "looseObject" | "extend" | "safeExtend" | "augment"
                | "keys" | "append",
            ) => {
                if let Some(object) = object(0) {
                    let fields = named(object)
                        .filter(|(name, _)| is_capital(name))
                        .map(|(name, field)| declaration(name, field, need(&field.value)));
                    self.fields.extend(fields);
                }
            }
            Some(
                "parse" | "safeParse" | "parseAsync" | "safeParseAsync" | "validate"
                | "validateSync" | "validateAsync" | "assert" | "check" | "decode" | "cast",
            ) => {
                let mut arguments = call.arguments.iter();
                self.takes_variables |= arguments.any(|argument| {
                    let object = argument.as_expression();
                    let object = object.and_then(|object| object_of(object, self.aliases));
                    matches!(object, Some(Object::Variables(..)))
                });
            }
            _ => {}
        }
    }

    /// t3-env: the section says where a variable is read.
    fn create_env(&mut self, object: &ObjectExpression<'_>) {
        for (section, property) in named(object) {
            let side = match section.as_str() {
                "server" => Side::Server,
                "client" => Side::Client,
                "shared" => Side::Unknown,
                _ => continue,
            };
            let Expression::ObjectExpression(fields) = inner(&property.value) else {
                continue;
            };
            let fields = named(fields).map(|(name, field)| Mention {
                side,
                ..declaration(name, field, need(&field.value))
            });
            self.sure.extend(fields);
        }
    }

    /// `env: { NAME: "value" }` of Next.js: the value is written into what the browser gets.
    fn next_config(&mut self, property: &ObjectProperty<'_>) {
        let Expression::ObjectExpression(fields) = inner(&property.value) else {
            return;
        };
        for (name, field) in named(fields) {
            let mention = Mention::new(What::Assigned, name, key_range(&field.key));
            self.sure.push(Mention {
                side: Side::Client,
                way: Way::Bundle,
                ..mention
            });
        }
    }
}

impl<'a> Visit<'a> for Declarations<'_> {
    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        self.call(call);
        walk::walk_call_expression(self, call);
    }

    fn visit_object_property(&mut self, property: &ObjectProperty<'a>) {
        if self.dialect == Dialect::NextConfig && property.key.is_specific_static_name("env") {
            self.next_config(property);
        }
        walk::walk_object_property(self, property);
    }
}

/// The fields of an object whose names stand there.
pub(super) fn named<'o, 'a>(
    object: &'o ObjectExpression<'a>,
) -> impl Iterator<Item = (String, &'o ObjectProperty<'a>)> {
    object
        .properties
        .iter()
        .filter_map(|property| match property {
            ObjectPropertyKind::ObjectProperty(field) => {
                Some((field.key.static_name()?.into_owned(), &**field))
            }
            ObjectPropertyKind::SpreadProperty(_) => None,
        })
}

/// Where a key stands, without its quotes.
pub(super) fn key_range(key: &PropertyKey<'_>) -> std::ops::Range<usize> {
    let span = key.span();
    range(if key.is_identifier() {
        span
    } else {
        inside(span)
    })
}

fn declaration(name: String, field: &ObjectProperty<'_>, need: (Need, bool)) -> Mention {
    Mention {
        need: need.0,
        has_default: need.1,
        ..Mention::new(What::Declared, name, key_range(&field.key))
    }
}

/// Whether a field may be missing, and whether it has a value then: what the calls say that make it.
fn need(field: &Expression<'_>) -> (Need, bool) {
    /// Longer chains of calls are made by nobody.
    const MOST: usize = 64;
    let mut need = (Need::Required, false);
    let mut at = inner(field);
    for _ in 0..MOST {
        let Expression::CallExpression(call) = at else {
            break;
        };
        let options =
            call.arguments
                .iter()
                .filter_map(|argument| match inner(argument.as_expression()?) {
                    Expression::ObjectExpression(options) => Some(&**options),
                    _ => None,
                });
        let has_default = options.flat_map(named).any(|(name, _)| name == "default");
        let callee = inner(&call.callee);
        let member = callee.as_member_expression();
        let method = member.and_then(MemberExpression::static_property_name);
        need = match method {
            Some("default" | "catch" | "prefault") => (Need::Optional, true),
            Some("optional" | "nullish" | "exactOptional") => (Need::Optional, need.1),
            // envalid, where a default is an option.
            _ if has_default => (Need::Optional, true),
            _ => need,
        };
        let Some(member) = member else {
            break;
        };
        at = inner(member.object());
    }
    need
}
