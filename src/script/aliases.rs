//! Other names of the objects on which variables hang: `const env = process.env`, `import { env } from "process"`.
//!
//! A name that a file binds more than once may be something else at a given place. There it counts only for
//! members that are written as variables are.

use std::collections::HashMap;

use oxc_ast::ast::{
    BindingIdentifier, BindingPattern, FormalParameter, ImportDeclaration,
    ImportDeclarationSpecifier, Program, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};

use super::objects::{Object, PROCESS, object_of};
use crate::variable::{Side, Way};

/// The names of a file.
#[derive(Debug, Default)]
pub(super) struct Aliases<'a> {
    objects: HashMap<&'a str, Object>,
    /// How often each name is bound.
    bound: HashMap<&'a str, u32>,
}

impl<'a> Aliases<'a> {
    /// Those of a program.
    pub(super) fn of(program: &Program<'a>) -> Self {
        let mut aliases = Self::default();
        aliases.visit_program(program);
        if !aliases.objects.is_empty() {
            // The second time sees what stands in front of the name that it hangs on.
            aliases.bound.clear();
            aliases.visit_program(program);
        }
        aliases
    }

    /// What a name stands for.
    pub(super) fn object(&self, name: &str) -> Option<Object> {
        if let Some(object) = self.objects.get(name) {
            return Some(*object);
        }
        // A name that the file itself binds is no global one.
        if self.bound.contains_key(name) {
            return None;
        }
        match name {
            "process" | "Bun" => Some(Object::Process),
            "Deno" => Some(Object::Deno),
            "globalThis" | "global" | "window" | "self" => Some(Object::Global),
            _ => None,
        }
    }

    /// Whether a name may stand for something else at some places.
    pub(super) fn is_doubtful(&self, name: &str) -> bool {
        self.bound.get(name).is_some_and(|times| *times > 1)
    }

    /// Notes what a pattern takes out of an object.
    fn bind(&mut self, pattern: &BindingPattern<'a>, object: Object) {
        match pattern {
            BindingPattern::BindingIdentifier(name) => {
                self.objects.insert(name.name.as_str(), object);
            }
            BindingPattern::AssignmentPattern(or) => self.bind(&or.left, object),
            BindingPattern::ObjectPattern(parts) => {
                for part in &parts.properties {
                    let member = part.key.static_name();
                    if let Some(member) = member.and_then(|name| object.member(&name)) {
                        self.bind(&part.value, member);
                    }
                }
                if let Some(rest) = &parts.rest {
                    self.bind(&rest.argument, object);
                }
            }
            BindingPattern::ArrayPattern(_) => {}
        }
    }

    fn import(&mut self, import: &ImportDeclaration<'a>) {
        let module = match import.source.value.as_str() {
            "process" | "node:process" => Object::Process,
            "$env/dynamic/private" => Object::Variables(Way::Process, Side::Server),
            "$env/dynamic/public" => Object::Variables(Way::Bundle, Side::Client),
            _ => return,
        };
        for specifier in import.specifiers.iter().flatten() {
            let object = match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(one) => match module {
                    // `env` is all that these modules have.
                    Object::Variables(..) => Some(module),
                    _ => module.member(one.imported.name().as_str()),
                },
                _ if module == Object::Process => Some(module),
                _ => None,
            };
            if let Some(object) = object {
                let local = specifier.local().name.as_str();
                self.objects.insert(local, object);
            }
        }
    }
}

impl<'a> Visit<'a> for Aliases<'a> {
    fn visit_binding_identifier(&mut self, name: &BindingIdentifier<'a>) {
        *self.bound.entry(name.name.as_str()).or_default() += 1;
    }

    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        self.import(import);
        walk::walk_import_declaration(self, import);
    }

    fn visit_variable_declarator(&mut self, declared: &VariableDeclarator<'a>) {
        let object = declared
            .init
            .as_ref()
            .and_then(|init| object_of(init, self));
        if let Some(object) = object {
            self.bind(&declared.id, object);
        }
        walk::walk_variable_declarator(self, declared);
    }

    fn visit_formal_parameter(&mut self, parameter: &FormalParameter<'a>) {
        let object = parameter.initializer.as_ref();
        if let Some(object) = object.and_then(|init| object_of(init, self)) {
            self.bind(&parameter.pattern, object);
        } else if is_process_env_type(parameter) {
            self.bind(&parameter.pattern, PROCESS);
        }
        walk::walk_formal_parameter(self, parameter);
    }
}

/// `env: NodeJS.ProcessEnv`: somebody hands the variables in.
fn is_process_env_type(parameter: &FormalParameter<'_>) -> bool {
    use oxc_ast::ast::{TSType, TSTypeName};
    let Some(annotation) = &parameter.type_annotation else {
        return false;
    };
    let TSType::TSTypeReference(named) = &annotation.type_annotation else {
        return false;
    };
    match &named.type_name {
        TSTypeName::QualifiedName(name) => name.right.name == "ProcessEnv",
        TSTypeName::IdentifierReference(name) => name.name == "ProcessEnv",
        TSTypeName::ThisExpression(_) => false,
    }
}
