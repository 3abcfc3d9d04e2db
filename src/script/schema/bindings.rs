//! The values to which a file gives names at its top: schemas, lists and enumerations.

use std::collections::HashMap;

use oxc_ast::ast::{
    BindingPattern, Declaration, ExportDefaultDeclarationKind, Expression, Program, Statement,
    TSEnumDeclaration, VariableDeclaration,
};

use super::super::objects::{constant, inner};

/// The names at the top of a file.
#[derive(Debug, Default)]
pub(super) struct Bindings<'s, 'a> {
    order: Vec<(&'s str, &'s Expression<'a>)>,
    values: HashMap<&'s str, &'s Expression<'a>>,
    enums: HashMap<&'s str, Vec<String>>,
}

impl<'s, 'a> Bindings<'s, 'a> {
    pub(super) fn of(program: &'s Program<'a>) -> Self {
        let mut bindings = Self::default();
        for statement in &program.body {
            match statement {
                Statement::VariableDeclaration(declared) => bindings.variables(declared),
                Statement::TSEnumDeclaration(declared) => bindings.enumeration(declared),
                Statement::ExportDeclaration(export) => match &export.declaration {
                    Declaration::VariableDeclaration(declared) => bindings.variables(declared),
                    Declaration::TSEnumDeclaration(declared) => bindings.enumeration(declared),
                    _ => {}
                },
                Statement::ExportDefaultDeclaration(export) => {
                    let declaration: &'s ExportDefaultDeclarationKind<'a> = &export.declaration;
                    if let Some(expression) = declaration.as_expression() {
                        bindings.add("default", expression);
                    }
                }
                _ => {}
            }
        }
        bindings
    }

    fn variables(&mut self, declared: &'s VariableDeclaration<'a>) {
        for one in &declared.declarations {
            if let (BindingPattern::BindingIdentifier(name), Some(init)) = (&one.id, &one.init) {
                self.add(name.name.as_str(), init);
            }
        }
    }

    fn add(&mut self, name: &'s str, value: &'s Expression<'a>) {
        self.order.push((name, value));
        self.values.insert(name, value);
    }

    fn enumeration(&mut self, declared: &'s TSEnumDeclaration<'a>) {
        let values = declared.body.members.iter().filter_map(|member| {
            let value = member.initializer.as_ref()?;
            constant(value).map(|(text, _)| text.to_owned())
        });
        self.enums
            .insert(declared.id.name.as_str(), values.collect());
    }

    /// All of them, in their order.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'s str, &'s Expression<'a>)> {
        self.order.iter().copied()
    }

    pub(super) fn value(&self, name: &str) -> Option<&'s Expression<'a>> {
        self.values.get(name).copied()
    }

    /// The texts of a list, an object or an enumeration that stand there as they are.
    pub(super) fn texts(&self, expression: &Expression<'a>) -> Option<Vec<String>> {
        let named = match inner(expression) {
            Expression::Identifier(name) => {
                if let Some(values) = self.enums.get(name.name.as_str()) {
                    return Some(values.clone()).filter(|values| !values.is_empty());
                }
                inner(self.value(name.name.as_str())?)
            }
            other => other,
        };
        let text =
            |expression: &Expression<'a>| constant(expression).map(|(text, _)| text.to_owned());
        match named {
            Expression::ArrayExpression(list) => list
                .elements
                .iter()
                .map(|one| text(one.as_expression()?))
                .collect(),
            Expression::ObjectExpression(object) => object
                .properties
                .iter()
                .map(|one| text(&one.as_property()?.value))
                .collect(),
            _ => None,
        }
    }
}
