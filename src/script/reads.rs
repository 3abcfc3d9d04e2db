//! Where a program asks for variables, and where it sets them.

use std::collections::HashMap;

use oxc_ast::ast::{
    AssignmentExpression, AssignmentOperator, AssignmentTarget, AssignmentTargetMaybeDefault,
    AssignmentTargetProperty, BinaryExpression, BinaryOperator, BindingPattern, CallExpression,
    ConditionalExpression, Expression, FormalParameter, ImportDeclaration,
    ImportDeclarationSpecifier, LogicalExpression, LogicalOperator, MemberExpression,
    ObjectAssignmentTarget, Program, TSNonNullExpression, UnaryExpression, UnaryOperator,
    VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan as _, Span};

use super::aliases::Aliases;
use super::declared;
use super::objects::{Object, constant, inner, inside, name_of, object_of, range};
use super::tree::Dialect;
use crate::variable::{Mention, Need, Side, Way, What, is_capital};

/// What a program says of variables.
pub(super) fn mentions(program: &Program<'_>, dialect: Dialect) -> Vec<Mention> {
    let mut reads = Reads {
        aliases: Aliases::of(program),
        found: Vec::new(),
        around: HashMap::new(),
        is_set: None,
    };
    reads.visit_program(program);
    let mut found = reads.found;
    found.extend(declared::mentions(program, &reads.aliases, dialect));
    found
}

/// What the surroundings say of an expression that asks for a variable.
#[derive(Clone, Copy, Debug)]
struct Around {
    need: Need,
    has_default: bool,
}

struct Reads<'a> {
    aliases: Aliases<'a>,
    found: Vec<Mention>,
    /// What is known of expressions that are still to be walked over.
    around: HashMap<Span, Around>,
    /// The target of the assignment that is being walked over.
    is_set: Option<Span>,
}

impl Reads<'_> {
    /// Says of an expression what its surroundings mean for it. Who walks over it takes the word up.
    fn say(&mut self, expression: &Expression<'_>, around: Around) {
        let expression = inner(expression);
        let may_ask = expression.is_member_expression()
            || expression.is_call_expression()
            || matches!(
                expression,
                Expression::ChainExpression(_) | Expression::LogicalExpression(_)
            );
        if may_ask {
            self.around.insert(asked(expression), around);
        }
    }

    /// Takes down one mention, with what is known of its surroundings.
    fn add(&mut self, mut mention: Mention, whole: Span) {
        if let Some(around) = self.around.get(&whole) {
            if mention.need == Need::Unknown {
                mention.need = around.need;
            }
            mention.has_default |= around.has_default;
        }
        self.found.push(mention);
    }

    /// A member of an object: a read where the object is the variables.
    fn member(&mut self, member: &MemberExpression<'_>) {
        let Some(Object::Variables(way, side)) = object_of(member.object(), &self.aliases) else {
            return;
        };
        let whole = member.span();
        let is_set = self.is_set == Some(whole);
        let mut mention = match name_of(member) {
            Ok((name, _)) if !self.is_likely(member.object(), name) => return,
            Ok((name, span)) => {
                let what = if is_set { What::Assigned } else { What::Read };
                Mention::new(what, name, range(span))
            }
            Err(_) if is_set => return,
            Err(span) => Mention::dynamic(range(span)),
        };
        mention.way = way;
        mention.side = side;
        self.add(mention, whole);
    }

    /// Whether a member of this name can be a variable. What objects have by themselves is none, and of a name
    /// that may be something else only what looks like a variable counts.
    fn is_likely(&self, object: &Expression<'_>, name: &str) -> bool {
        if matches!(name, "hasOwnProperty" | "toString" | "valueOf") || name.is_empty() {
            return false;
        }
        match inner(object) {
            Expression::Identifier(id) => {
                is_capital(name) || !self.aliases.is_doubtful(id.name.as_str())
            }
            _ => true,
        }
    }

    /// What a pattern takes out of an object.
    fn pattern(&mut self, pattern: &BindingPattern<'_>, object: Object) {
        let parts = match pattern {
            BindingPattern::ObjectPattern(parts) => parts,
            BindingPattern::AssignmentPattern(or) => return self.pattern(&or.left, object),
            _ => return,
        };
        for part in &parts.properties {
            let name = part.key.static_name();
            let Object::Variables(way, side) = object else {
                if let Some(member) = name.and_then(|name| object.member(&name)) {
                    self.pattern(&part.value, member);
                }
                continue;
            };
            let span = part.key.span();
            let mut mention = match name {
                Some(name) => {
                    let is_quoted = part.key.is_specific_string_literal(&name);
                    let span = if is_quoted { inside(span) } else { span };
                    Mention::read(name, range(span))
                }
                None => Mention::dynamic(range(span)),
            };
            if matches!(part.value, BindingPattern::AssignmentPattern(_)) {
                mention = mention.with_default();
            }
            mention.way = way;
            mention.side = side;
            self.found.push(mention);
        }
    }

    /// What an assignment to a pattern takes out of the variables: `({ A, B: b } = process.env)`.
    fn target(&mut self, target: &ObjectAssignmentTarget<'_>, way: Way) {
        for property in &target.properties {
            let (name, span, has_default) = match property {
                AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(short) => (
                    Some(short.binding.name.to_string()),
                    short.binding.span,
                    short.init.is_some(),
                ),
                AssignmentTargetProperty::AssignmentTargetPropertyProperty(long) => (
                    long.name.static_name().map(|name| name.to_string()),
                    long.name.span(),
                    matches!(
                        long.binding,
                        AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(_)
                    ),
                ),
            };
            let mut mention = match name {
                Some(name) => Mention::read(name, range(span)),
                None => Mention::dynamic(range(span)),
            };
            if has_default {
                mention = mention.with_default();
            }
            mention.way = way;
            self.found.push(mention);
        }
    }

    /// Calls that ask for a variable: `Deno.env.get("X")`, `Object.hasOwn(process.env, "X")`.
    fn call(&mut self, call: &CallExpression<'_>) -> Option<()> {
        let callee = inner(&call.callee);
        let member = match callee {
            Expression::ChainExpression(chain) => chain.expression.member_expression()?,
            other => other.as_member_expression()?,
        };
        let method = member.static_property_name()?;
        let mut arguments = call
            .arguments
            .iter()
            .map(|argument| argument.as_expression());
        let first = arguments.next()??;
        let (asked, what, need) = match (object_of(member.object(), &self.aliases), method) {
            (Some(Object::DenoEnv), "get") => (first, What::Read, Need::Unknown),
            (Some(Object::DenoEnv), "set") => (first, What::Assigned, Need::Unknown),
            (Some(Object::DenoEnv), "has") | (Some(Object::Variables(..)), "hasOwnProperty") => {
                (first, What::Read, Need::Optional)
            }
            _ if matches!(method, "hasOwn" | "has" | "get")
                && matches!(object_of(first, &self.aliases), Some(Object::Variables(..))) =>
            {
                (arguments.next()??, What::Read, Need::Optional)
            }
            _ => return None,
        };
        let mention = match constant(asked) {
            Some((name, span)) => Mention::new(what, name, range(span)),
            None if what == What::Read => Mention::dynamic(range(asked.span())),
            None => return None,
        };
        self.add(mention.needed(need), call.span);
        Some(())
    }

    fn import(&mut self, import: &ImportDeclaration<'_>) {
        let (way, side) = match import.source.value.as_str() {
            "$env/static/private" => (Way::Process, Side::Server),
            "$env/static/public" => (Way::Bundle, Side::Client),
            _ => return,
        };
        for specifier in import.specifiers.iter().flatten() {
            let ImportDeclarationSpecifier::ImportSpecifier(one) = specifier else {
                continue;
            };
            let mut mention =
                Mention::read(one.imported.name().as_str(), range(one.imported.span()));
            // The build fails without it.
            mention.need = Need::Required;
            mention.way = way;
            mention.side = side;
            self.found.push(mention);
        }
    }
}

impl<'a> Visit<'a> for Reads<'a> {
    fn visit_member_expression(&mut self, member: &MemberExpression<'a>) {
        self.member(member);
        walk::walk_member_expression(self, member);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        self.call(call);
        walk::walk_call_expression(self, call);
    }

    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        self.import(import);
    }

    fn visit_variable_declarator(&mut self, declared: &VariableDeclarator<'a>) {
        if let Some(init) = &declared.init
            && let Some(object) = object_of(init, &self.aliases)
        {
            self.pattern(&declared.id, object);
        }
        walk::walk_variable_declarator(self, declared);
    }

    fn visit_formal_parameter(&mut self, parameter: &FormalParameter<'a>) {
        if let Some(init) = &parameter.initializer
            && let Some(object) = object_of(init, &self.aliases)
        {
            self.pattern(&parameter.pattern, object);
        }
        walk::walk_formal_parameter(self, parameter);
    }

    fn visit_logical_expression(&mut self, either: &LogicalExpression<'a>) {
        // `X && use(X)` goes on without it.
        let mut left = Around {
            need: Need::Optional,
            has_default: false,
        };
        if either.operator != LogicalOperator::And {
            // Of `a ?? b ?? "x"` both have a default.
            let outer = self.around.get(&either.span).copied();
            left.has_default =
                gives_value(&either.right) || outer.is_some_and(|outer| outer.has_default);
            if let Some(outer) = outer {
                self.say(&either.right, outer);
            }
        }
        self.say(&either.left, left);
        walk::walk_logical_expression(self, either);
    }

    fn visit_conditional_expression(&mut self, either: &ConditionalExpression<'a>) {
        let around = Around {
            need: Need::Optional,
            has_default: false,
        };
        self.say(&either.test, around);
        walk::walk_conditional_expression(self, either);
    }

    fn visit_ts_non_null_expression(&mut self, sure: &TSNonNullExpression<'a>) {
        let around = Around {
            need: Need::Required,
            has_default: false,
        };
        self.say(&sure.expression, around);
        walk::walk_ts_non_null_expression(self, sure);
    }

    fn visit_unary_expression(&mut self, unary: &UnaryExpression<'a>) {
        if unary.operator == UnaryOperator::Delete {
            let target = inner(&unary.argument);
            if let Some(member) = target.as_member_expression() {
                // What is taken away is not asked for. The name may be.
                if matches!(
                    object_of(member.object(), &self.aliases),
                    Some(Object::Variables(..))
                ) {
                    return;
                }
            }
        }
        walk::walk_unary_expression(self, unary);
    }

    fn visit_binary_expression(&mut self, binary: &BinaryExpression<'a>) {
        if binary.operator == BinaryOperator::In
            && let Some(Object::Variables(way, side)) = object_of(&binary.right, &self.aliases)
        {
            let mut mention = match constant(&binary.left) {
                Some((name, span)) => Mention::read(name, range(span)),
                None => Mention::dynamic(range(binary.left.span())),
            };
            mention.need = Need::Optional;
            mention.way = way;
            mention.side = side;
            self.found.push(mention);
        }
        walk::walk_binary_expression(self, binary);
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        if let AssignmentTarget::ObjectAssignmentTarget(target) = &assignment.left
            && let Some(Object::Variables(way, _)) = object_of(&assignment.right, &self.aliases)
        {
            self.target(target, way);
        }
        if let Some(member) = assignment.left.as_member_expression() {
            if assignment.operator == AssignmentOperator::Assign {
                self.is_set = Some(member.span());
            } else {
                // `X ??= "d"` asks for it first.
                let around = Around {
                    need: Need::Optional,
                    has_default: true,
                };
                self.around.insert(member.span(), around);
            }
        }
        walk::walk_assignment_target(self, &assignment.left);
        self.is_set = None;
        self.visit_expression(&assignment.right);
    }
}

/// What of an expression asks: `process?.env?.X` is a member inside of its chain.
fn asked(expression: &Expression<'_>) -> Span {
    let Expression::ChainExpression(chain) = expression else {
        return expression.span();
    };
    chain.expression.span()
}

/// Whether an expression is a value to go on with: not nothing, no failure, and no other variable.
fn gives_value(expression: &Expression<'_>) -> bool {
    let expression = inner(expression);
    // `X ?? fail("X is missing")`: who calls a function may want it to throw. Another member may be a variable.
    let is_open = expression.is_null_or_undefined()
        || expression.is_call_expression()
        || expression.is_member_expression()
        || matches!(expression, Expression::ChainExpression(_));
    match expression {
        Expression::LogicalExpression(either) => gives_value(&either.right),
        _ => !is_open,
    }
}
