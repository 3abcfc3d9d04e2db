//! `guard schema config|env|report`.

use crate::config;
use crate::exit::Exit;
use crate::report;
use crate::schema;

use super::arguments::Schema;
use super::context::Context;

/// Prints the schema.
pub(crate) fn run(context: &Context, which: Schema) -> Exit {
    let text = match which {
        Schema::Config => format!("{:#}\n", config::schema()),
        Schema::Env => format!("{:#}\n", schema::own_schema()),
        Schema::Report => report::schema(),
    };
    context.say(&text)
}
