//! The syntax tree of one source: made, looked at, and gone.

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;

use crate::variable::{Reading, Side};

/// How a source is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// JavaScript, with or without elements: `.js`, `.jsx`, `.mjs`, `.cjs`.
    Script,
    /// TypeScript without elements: `.ts`, `.mts`, `.cts`.
    Typed,
    /// TypeScript with elements: `.tsx`.
    TypedElements,
    /// A component with `<script>` blocks: `.vue`, `.svelte`.
    Component,
    /// A page with a part for the server between `---` and `<script>` blocks: `.astro`.
    Page,
    /// The settings of Next.js, whose `env` is written into the bundle.
    NextConfig,
}

impl Dialect {
    /// Whether code is only a part of the text.
    pub(super) fn has_blocks(self) -> bool {
        matches!(self, Self::Component | Self::Page)
    }

    fn source_type(self) -> SourceType {
        match self {
            Self::Script => SourceType::jsx().with_unambiguous(true),
            Self::Typed => SourceType::ts(),
            Self::TypedElements | Self::Component | Self::Page => SourceType::tsx(),
            Self::NextConfig => SourceType::ts().with_unambiguous(true),
        }
    }
}

/// Shows the tree of a text to `look`, with how much of the text it holds. `Rough` means that it is empty.
pub(super) fn with<T>(
    text: &str,
    dialect: Dialect,
    look: impl FnOnce(&Program<'_>, Reading) -> T,
) -> T {
    let allocator = Allocator::default();
    let options = ParseOptions {
        preserve_parens: false,
        allow_return_outside_function: true,
        ..ParseOptions::default()
    };
    let parsed = Parser::new(&allocator, text, dialect.source_type())
        .with_options(options)
        .parse();
    let reading = if parsed.panicked {
        Reading::Rough
    } else if parsed.diagnostics.has_errors() {
        Reading::Broken
    } else {
        Reading::Whole
    };
    look(&parsed.program, reading)
}

/// Where the first mistake of a text stands; none where it can be parsed.
pub(super) fn fault(text: &str, dialect: Dialect) -> Option<usize> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, dialect.source_type()).parse();
    let places = parsed.diagnostics.errors().map(|error| {
        let places = error.labels.iter().map(|label| label.offset() as usize);
        places.min().unwrap_or_default()
    });
    places.min().or(parsed.panicked.then_some(0))
}

/// What a source says of where it runs. A page with parts that Next.js runs on the server says that it is both.
pub(super) fn directive(program: &Program<'_>) -> Option<Side> {
    let said = program
        .directives
        .iter()
        .find_map(|directive| match directive.directive.as_str() {
            "use client" => Some(Side::Client),
            "use server" => Some(Side::Server),
            _ => None,
        });
    let text = program.source_text.as_bytes();
    let is_both = || {
        [
            "getServerSideProps",
            "getStaticProps",
            "getStaticPaths",
            "getInitialProps",
        ]
        .iter()
        .any(|name| memchr::memmem::find(text, name.as_bytes()).is_some())
    };
    said.or_else(|| is_both().then_some(Side::Unknown))
}
