//! A table of the file, asked for what it holds by name; a wrong type is a fault at its place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::compiled::{Expression, Form};
use super::super::fault::Fault;
use crate::source::Source;

/// What to do, whatever is wrong.
const HELP: &str = "docs/secrets.md says what guard reads of the gitleaks format";

/// A table with its place.
#[derive(Clone)]
pub(super) struct Table<'a> {
    source: &'a Source,
    span: Range<usize>,
    entries: &'a DeTable<'a>,
}

/// A text with its place.
#[derive(Clone)]
pub(super) struct Field<'a> {
    source: &'a Source,
    span: Range<usize>,
    pub(super) text: &'a str,
}

impl<'a> Table<'a> {
    pub(super) fn new(source: &'a Source, span: Range<usize>, entries: &'a DeTable<'a>) -> Self {
        Self {
            source,
            span,
            entries,
        }
    }

    /// Something is wrong with it.
    pub(super) fn fault(&self, message: String) -> Fault {
        Fault::at(self.source, self.span.start, message, HELP)
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.entries.get(key)
    }

    fn wrong(&self, value: &Spanned<DeValue<'_>>, key: &str, wanted: &str) -> Fault {
        let message = format!("`{key}` is not {wanted}");
        Fault::at(self.source, value.span().start, message, HELP)
    }

    fn field(&self, key: &str, value: &'a Spanned<DeValue<'a>>) -> Result<Field<'a>, Fault> {
        match value.get_ref() {
            DeValue::String(text) => Ok(Field {
                source: self.source,
                span: value.span(),
                text,
            }),
            _ => Err(self.wrong(value, key, "a text")),
        }
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<Field<'a>>, Fault> {
        self.get(key)
            .map(|value| self.field(key, value))
            .transpose()
    }

    /// A text that is an expression, and compiles.
    pub(super) fn expression(&self, key: &str) -> Result<Option<Field<'a>>, Fault> {
        let field = self.text(key)?.filter(|field| !field.text.is_empty());
        field.as_ref().map(Field::compiles).transpose()?;
        Ok(field)
    }

    pub(super) fn texts(&self, key: &str) -> Result<Vec<Field<'a>>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| self.field(key, item)).collect(),
            _ => Err(self.wrong(value, key, "a list of texts")),
        }
    }

    pub(super) fn table(&self, key: &str) -> Result<Option<Table<'a>>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        match value.get_ref() {
            DeValue::Table(entries) => Ok(Some(Table::new(self.source, value.span(), entries))),
            // gitleaks' older files have a list where a table was meant, and the other way round.
            DeValue::Array(_) => Ok(self.tables(key)?.into_iter().next()),
            _ => Err(self.wrong(value, key, "a table")),
        }
    }

    pub(super) fn tables(&self, key: &str) -> Result<Vec<Table<'a>>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let table = |item: &'a Spanned<DeValue<'a>>| match item.get_ref() {
            DeValue::Table(entries) => Ok(Table::new(self.source, item.span(), entries)),
            _ => Err(self.wrong(item, key, "a table")),
        };
        match value.get_ref() {
            DeValue::Array(items) => items.iter().map(table).collect(),
            _ => Ok(vec![table(value)?]),
        }
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, Fault> {
        match self.get(key).map(|value| (value, value.get_ref())) {
            None => Ok(false),
            Some((_, DeValue::Boolean(flag))) => Ok(*flag),
            Some((value, _)) => Err(self.wrong(value, key, "true or false")),
        }
    }

    pub(super) fn count(&self, key: &str) -> Result<Option<usize>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let count = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().replace('_', "").parse().ok(),
            _ => None,
        };
        match count {
            Some(count) => Ok(Some(count)),
            None => Err(self.wrong(value, key, "a whole number from 0 on")),
        }
    }

    pub(super) fn number(&self, key: &str) -> Result<Option<f64>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let number: Option<f64> = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().replace('_', "").parse().ok(),
            DeValue::Float(number) => number.as_str().replace('_', "").parse().ok(),
            _ => None,
        };
        match number.filter(|number| number.is_finite()) {
            Some(number) => Ok(Some(number)),
            None => Err(self.wrong(value, key, "a number")),
        }
    }
}

impl Field<'_> {
    /// Something is wrong with it.
    pub(super) fn fault(&self, message: String) -> Fault {
        Fault::at(self.source, self.span.start, message, HELP)
    }

    /// The expression, where guard can search with it.
    pub(super) fn compiles(&self) -> Result<Expression, Fault> {
        Expression::of(self.text, Form::Light).map_err(|refused| {
            self.fault(format!("the expression cannot be used: {}", refused.why))
        })
    }
}
