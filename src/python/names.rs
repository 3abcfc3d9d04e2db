//! What the names of a file stand for, as far as variables hang on them: `import os as o`, `env = Env()`.

use std::collections::HashMap;

use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{Expr, Stmt, StmtImport, StmtImportFrom};

/// Something that has to do with variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    /// The module `os`.
    Os,
    /// `os.environ`, or a copy of it.
    Environ,
    /// `os.getenv`.
    GetEnv,
    /// `os.putenv`.
    PutEnv,
    /// A module whose `Env` makes readers.
    EnvModule(Maker),
    /// `Env` itself.
    EnvClass(Maker),
    /// What `Env()` gives: it is called for a variable.
    Reader(Maker),
    /// A module that has a reader `config`.
    ConfigModule(Maker),
    /// A class `Config` that makes readers.
    ConfigClass(Maker),
    /// The module `dj_database_url`, whose `config` reads one variable.
    DatabaseUrl,
    /// The module `dotenv`, or its functions that read a file.
    Dotenv,
    DotenvLoad,
}

/// Who made a reader: their second arguments differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    Environs,
    Django,
    Decouple,
    Starlette,
}

impl Object {
    /// What a module has under a name.
    fn member(self, name: &str) -> Option<Self> {
        match (self, name) {
            (Self::Os, "environ" | "environb") => Some(Self::Environ),
            (Self::Os, "getenv" | "getenvb") => Some(Self::GetEnv),
            (Self::Os, "putenv") => Some(Self::PutEnv),
            (Self::EnvModule(maker), "Env" | "FileAwareEnv") => Some(Self::EnvClass(maker)),
            (Self::EnvModule(Maker::Environs), "env") => Some(Self::Reader(Maker::Environs)),
            (Self::ConfigModule(Maker::Decouple), "config") => Some(Self::Reader(Maker::Decouple)),
            (Self::ConfigModule(maker), "Config" | "AutoConfig") => Some(Self::ConfigClass(maker)),
            (Self::Dotenv, "load_dotenv" | "dotenv_values") => Some(Self::DotenvLoad),
            _ => None,
        }
    }

    /// A module that is imported.
    fn module(name: &str) -> Option<Self> {
        Some(match name {
            "os" => Self::Os,
            "environs" => Self::EnvModule(Maker::Environs),
            "environ" => Self::EnvModule(Maker::Django),
            "decouple" => Self::ConfigModule(Maker::Decouple),
            "starlette.config" => Self::ConfigModule(Maker::Starlette),
            "dj_database_url" => Self::DatabaseUrl,
            "dotenv" => Self::Dotenv,
            _ => return None,
        })
    }
}

/// The names of a file.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, Object>);

impl Names {
    /// Those of a file.
    pub(super) fn of(body: &[Stmt]) -> Self {
        let mut names = Self::default();
        names.visit_body(body);
        names
    }

    /// What an expression stands for.
    pub(super) fn object(&self, expression: &Expr) -> Option<Object> {
        /// `os.environ.copy()` is as deep as it gets; every part of a long chain is asked.
        const DEEP: u8 = 5;
        self.look(expression, DEEP)
    }

    fn look(&self, expression: &Expr, deep: u8) -> Option<Object> {
        let deep = deep.checked_sub(1)?;
        match expression {
            Expr::Name(name) => self.0.get(name.id.as_str()).copied(),
            Expr::Attribute(attribute) => {
                let object = self.look(&attribute.value, deep)?;
                object.member(attribute.attr.as_str())
            }
            Expr::Call(call) => {
                if let Expr::Attribute(method) = &*call.func
                    && method.attr.as_str() == "copy"
                {
                    let object = self.look(&method.value, deep);
                    return object.filter(|object| *object == Object::Environ);
                }
                if let Expr::Name(name) = &*call.func
                    && name.id.as_str() == "dict"
                {
                    let object = self.look(call.arguments.args.first()?, deep);
                    return object.filter(|object| *object == Object::Environ);
                }
                match self.look(&call.func, deep)? {
                    Object::EnvClass(maker) | Object::ConfigClass(maker) => {
                        Some(Object::Reader(maker))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn import(&mut self, import: &StmtImport) {
        for alias in &import.names {
            let Some(object) = Object::module(alias.name.as_str()) else {
                continue;
            };
            let local = alias.asname.as_ref().unwrap_or(&alias.name);
            self.0.insert(local.to_string(), object);
        }
    }

    fn import_from(&mut self, import: &StmtImportFrom) {
        let module = import.module.as_ref().filter(|_| import.level == 0);
        let Some(module) = module.and_then(|module| Object::module(module.as_str())) else {
            return;
        };
        for alias in &import.names {
            if let Some(object) = module.member(alias.name.as_str()) {
                let local = alias.asname.as_ref().unwrap_or(&alias.name);
                self.0.insert(local.to_string(), object);
            }
        }
    }
}

impl<'a> Visitor<'a> for Names {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Assign(assign) => {
                if let Some(object) = self.object(&assign.value) {
                    for target in assign.targets.iter().filter_map(Expr::as_name_expr) {
                        self.0.insert(target.id.to_string(), object);
                    }
                }
            }
            Stmt::AnnAssign(assign) => {
                let object = assign.value.as_ref().and_then(|value| self.object(value));
                if let (Some(object), Expr::Name(target)) = (object, &*assign.target) {
                    self.0.insert(target.id.to_string(), object);
                }
            }
            other => walk_stmt(self, other),
        }
    }

    // Names are bound by statements only; the walk need not go into what they say.
    fn visit_expr(&mut self, _: &'a Expr) {}
}
