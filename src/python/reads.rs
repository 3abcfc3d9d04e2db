//! Where a program asks for variables, and where it sets them.

use std::collections::HashMap;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{
    BoolOp, CmpOp, Expr, ExprBoolOp, ExprCall, ExprCompare, ExprContext, ExprSubscript, Stmt,
    StmtWith,
};
use ruff_text_size::{Ranged as _, TextRange};

use super::names::{Maker, Names, Object};
use super::tree::{constant, key, range};
use crate::variable::{Mention, Need, What};

/// What a program says of variables, but for its settings classes.
pub(super) fn mentions(body: &[Stmt]) -> Vec<Mention> {
    let mut reads = Reads {
        names: Names::of(body),
        found: Vec::new(),
        around: HashMap::new(),
        prefix: String::new(),
    };
    reads.visit_body(body);
    reads.found
}

struct Reads {
    names: Names,
    found: Vec<Mention>,
    /// Expressions without whose value the code goes on, and whether another value stands beside them.
    around: HashMap<TextRange, bool>,
    /// What `with env.prefixed("…")` puts in front.
    prefix: String,
}

/// What is asked for, and how.
struct Asked<'a> {
    key: &'a Expr,
    default: Option<&'a Expr>,
    /// What it means that there is no default.
    without: Need,
    /// Whether prefixes count.
    is_prefixed: bool,
}

impl Reads {
    fn add(&mut self, asked: &Asked<'_>, whole: TextRange) {
        let around = self.around.get(&whole).copied();
        let mut mention = match key(asked.key) {
            Some((name, span)) if asked.is_prefixed => {
                Mention::read(format!("{}{name}", self.prefix), span)
            }
            Some((name, span)) => Mention::read(name, span),
            None => Mention::dynamic(range(asked.key.range())),
        };
        mention.need = match (asked.default, around) {
            (None, None) => asked.without,
            (None, Some(_)) if asked.without == Need::Required => Need::Required,
            _ => Need::Optional,
        };
        let has_default = asked
            .default
            .is_some_and(|default| !default.is_none_literal_expr());
        mention.has_default = has_default || around == Some(true);
        self.found.push(mention);
    }

    fn assign(&mut self, name: &Expr) {
        if let Some((name, span)) = key(name) {
            self.found.push(Mention::new(What::Assigned, name, span));
        }
    }

    fn call(&mut self, call: &ExprCall) {
        match self.names.object(&call.func) {
            Some(Object::GetEnv) => {
                let arguments = &call.arguments;
                let Some(key) = arguments.find_argument_value("key", 0) else {
                    return;
                };
                let asked = Asked {
                    key,
                    default: arguments.find_argument_value("default", 1),
                    without: Need::Unknown,
                    is_prefixed: false,
                };
                self.add(&asked, call.range());
            }
            Some(Object::PutEnv) => {
                if let Some(name) = call.arguments.find_positional(0) {
                    self.assign(name);
                }
            }
            Some(Object::Reader(maker)) => self.reader(call, maker),
            Some(Object::EnvClass(Maker::Django)) => self.django(call),
            Some(Object::DotenvLoad) => self.file(call),
            Some(_) => {}
            None => {
                self.method(call);
            }
        }
    }

    /// A call of a method: of the variables, or of a reader.
    fn method(&mut self, call: &ExprCall) -> Option<()> {
        let method = call.func.as_attribute_expr()?;
        let arguments = &call.arguments;
        match (self.names.object(&method.value)?, method.attr.as_str()) {
            (Object::Environ, "get" | "setdefault" | "pop" | "__getitem__") => {
                let asked = Asked {
                    key: arguments.find_positional(0)?,
                    default: arguments.find_argument_value("default", 1),
                    without: match method.attr.as_str() {
                        "get" => Need::Unknown,
                        _ => Need::Required,
                    },
                    is_prefixed: false,
                };
                self.add(&asked, call.range());
            }
            (Object::Environ, "update") => {
                for keyword in &arguments.keywords {
                    if let Some(name) = &keyword.arg {
                        let span = range(name.range());
                        self.found
                            .push(Mention::new(What::Assigned, name.as_str(), span));
                    }
                }
                let table = arguments.find_positional(0).and_then(Expr::as_dict_expr);
                for item in table.iter().flat_map(|table| &table.items) {
                    if let Some(name) = &item.key {
                        self.assign(name);
                    }
                }
            }
            (Object::Reader(_), "prefixed" | "seal" | "dump" | "parser_for" | "add_parser") => {}
            (Object::EnvClass(_) | Object::Reader(_), "read_env" | "read_envfile") => {
                self.file(call);
            }
            (Object::Reader(maker), name) => {
                let own = match name {
                    "db" | "db_url" => Some("DATABASE_URL"),
                    "cache" | "cache_url" => Some("CACHE_URL"),
                    "email" | "email_url" => Some("EMAIL_URL"),
                    "search_url" => Some("SEARCH_URL"),
                    _ => None,
                };
                if let (Some(own), None) = (own, arguments.find_argument_value("var", 0)) {
                    self.well_known(own, call, range(method.attr.range()));
                } else {
                    self.reader(call, maker);
                }
            }
            (Object::DatabaseUrl, "config") => {
                if let Some(name) = arguments.find_argument_value("env", 0) {
                    let asked = Asked {
                        key: name,
                        default: arguments.find_argument_value("default", 1),
                        without: Need::Optional,
                        is_prefixed: false,
                    };
                    self.add(&asked, call.range());
                } else {
                    self.well_known("DATABASE_URL", call, range(method.attr.range()));
                }
            }
            _ => {}
        }
        Some(())
    }

    /// A reader that is called without a name has one of its own.
    fn well_known(&mut self, name: &str, call: &ExprCall, span: std::ops::Range<usize>) {
        let mention = Mention::read(name, span);
        let has_default = call.arguments.find_keyword("default").is_some();
        self.found.push(if has_default {
            mention.with_default()
        } else {
            mention.needed(Need::Required)
        });
    }

    fn reader(&mut self, call: &ExprCall, maker: Maker) {
        let arguments = &call.arguments;
        let keywords = ["var", "name", "key", "option"];
        let named = keywords
            .iter()
            .find_map(|name| arguments.find_keyword(name));
        let Some(key) = arguments
            .find_positional(0)
            .or(named.map(|named| &named.value))
        else {
            return;
        };
        let second = match maker {
            Maker::Environs | Maker::Decouple => arguments.find_positional(1),
            // What it is turned into.
            Maker::Django | Maker::Starlette => None,
        };
        let keyword = arguments.find_keyword("default");
        let asked = Asked {
            key,
            default: keyword.map(|keyword| &keyword.value).or(second),
            without: Need::Required,
            is_prefixed: true,
        };
        self.add(&asked, call.range());
    }

    /// `environ.Env(DEBUG=(bool, False))`.
    fn django(&mut self, call: &ExprCall) {
        for keyword in &call.arguments.keywords {
            let Some(name) = &keyword.arg else {
                continue;
            };
            let mention = Mention::new(What::Declared, name.as_str(), range(name.range()));
            let pair = keyword.value.as_tuple_expr();
            self.found
                .push(if pair.is_some_and(|pair| pair.elts.len() == 2) {
                    mention.with_default()
                } else {
                    mention.needed(Need::Required)
                });
        }
    }

    fn file(&mut self, call: &ExprCall) {
        let named = ["dotenv_path", "path", "env_file"]
            .iter()
            .find_map(|name| call.arguments.find_keyword(name));
        let path = call
            .arguments
            .find_positional(0)
            .or(named.map(|named| &named.value));
        if let Some((path, span)) = path.and_then(constant) {
            self.found.push(Mention::new(What::File, path, span));
        }
    }

    fn subscript(&mut self, subscript: &ExprSubscript) {
        if self.names.object(&subscript.value) != Some(Object::Environ) {
            return;
        }
        match subscript.ctx {
            ExprContext::Load => {
                let asked = Asked {
                    key: &subscript.slice,
                    default: None,
                    without: Need::Required,
                    is_prefixed: false,
                };
                self.add(&asked, subscript.range());
            }
            ExprContext::Store => self.assign(&subscript.slice),
            // What is taken away is not asked for.
            ExprContext::Del | ExprContext::Invalid => {}
        }
    }

    fn compare(&mut self, compare: &ExprCompare) {
        let mut left = &*compare.left;
        for (operator, right) in compare.ops.iter().zip(&compare.comparators) {
            if matches!(operator, CmpOp::In | CmpOp::NotIn)
                && self.names.object(right) == Some(Object::Environ)
            {
                let mention = match key(left) {
                    Some((name, span)) => Mention::read(name, span),
                    None => Mention::dynamic(range(left.range())),
                };
                self.found.push(mention.needed(Need::Optional));
            }
            left = right;
        }
    }

    fn either(&mut self, either: &ExprBoolOp) {
        let Some((last, rest)) = either.values.split_last() else {
            return;
        };
        let outer = self.around.get(&either.range()).copied();
        let gives = match last {
            Expr::NoneLiteral(_) | Expr::Call(_) | Expr::Subscript(_) | Expr::Name(_) => false,
            _ => either.op == BoolOp::Or,
        };
        for value in rest {
            self.around
                .insert(value.range(), gives || outer == Some(true));
        }
        if let Some(outer) = outer {
            self.around.insert(last.range(), outer);
        }
    }

    /// `with env.prefixed("A_"):` holds for what is inside.
    fn with(&mut self, with: &StmtWith) {
        let before = self.prefix.len();
        for item in &with.items {
            self.visit_with_item(item);
            let prefix = item.context_expr.as_call_expr().and_then(|call| {
                let method = call.func.as_attribute_expr()?;
                let is_reader = matches!(self.names.object(&method.value)?, Object::Reader(_));
                let prefix = call.arguments.find_positional(0)?;
                (is_reader && method.attr.as_str() == "prefixed").then_some(constant(prefix)?.0)
            });
            self.prefix.push_str(prefix.unwrap_or_default());
        }
        self.visit_body(&with.body);
        self.prefix.truncate(before);
    }
}

impl<'a> Visitor<'a> for Reads {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::With(with) => self.with(with),
            Stmt::If(when) => {
                self.around.insert(when.test.range(), false);
                walk_stmt(self, statement);
            }
            _ => walk_stmt(self, statement),
        }
    }

    // Types are no reads.
    fn visit_annotation(&mut self, _: &'a Expr) {}

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Call(call) => self.call(call),
            Expr::Subscript(subscript) => self.subscript(subscript),
            Expr::Compare(compare) => self.compare(compare),
            Expr::BoolOp(either) => self.either(either),
            Expr::If(either) => {
                self.around.insert(either.test.range(), false);
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}
