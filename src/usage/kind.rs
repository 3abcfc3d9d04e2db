//! Which files are sources, by their paths, and how each kind is read.

use memchr::memmem;

use super::{compose, docker, rust, shell, workflow};
use crate::path::RepoPath;
use crate::python;
use crate::script::{self, Dialect};
use crate::variable::{Mention, Reading, Side};

/// A kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// JavaScript or TypeScript.
    Script(Dialect),
    /// Python.
    Python,
    /// Rust.
    Rust,
    /// A shell script.
    Shell,
    /// A Dockerfile.
    Docker,
    /// A Compose file.
    Compose,
    /// A workflow of GitHub.
    Workflow,
}

/// What a text says, before its places are counted in lines.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) mentions: Vec<Mention>,
    pub(super) directive: Option<Side>,
    pub(super) reading: Reading,
}

impl Kind {
    /// The kind of the source at a path, if it is one.
    pub fn of(path: &RepoPath) -> Option<Self> {
        let bytes = path.as_bytes();
        let name = bytes.rsplit(|byte| *byte == b'/').next().unwrap_or(bytes);
        if name.ends_with(b".d.ts") {
            return None;
        }
        if name.starts_with(b"next.config.") {
            return Some(Self::Script(Dialect::NextConfig));
        }
        let is_docker = name.starts_with(b"Dockerfile")
            || name.starts_with(b"Containerfile")
            || name.ends_with(b".Dockerfile")
            || name.ends_with(b".dockerfile");
        if is_docker {
            return Some(Self::Docker);
        }
        let ending = name.iter().rposition(|byte| *byte == b'.')? + 1;
        match &name[ending..] {
            b"js" | b"jsx" | b"mjs" | b"cjs" => Some(Self::Script(Dialect::Script)),
            b"ts" | b"mts" | b"cts" => Some(Self::Script(Dialect::Typed)),
            b"tsx" => Some(Self::Script(Dialect::TypedElements)),
            b"vue" | b"svelte" => Some(Self::Script(Dialect::Component)),
            b"astro" => Some(Self::Script(Dialect::Page)),
            b"py" => Some(Self::Python),
            b"rs" => Some(Self::Rust),
            b"sh" | b"bash" | b"zsh" | b"ksh" | b"envrc" => Some(Self::Shell),
            b"yml" | b"yaml" if is_compose(name) => Some(Self::Compose),
            b"yml" | b"yaml" if memmem::find(bytes, b".github/workflows/") == Some(0) => {
                Some(Self::Workflow)
            }
            _ => None,
        }
    }

    /// A number for each, by which facts are kept. It never changes its meaning.
    pub(super) fn number(self) -> u8 {
        match self {
            Self::Script(Dialect::Script) => 1,
            Self::Script(Dialect::Typed) => 2,
            Self::Script(Dialect::TypedElements) => 3,
            Self::Script(Dialect::Component) => 4,
            Self::Script(Dialect::Page) => 5,
            Self::Script(Dialect::NextConfig) => 6,
            Self::Python => 7,
            Self::Rust => 8,
            Self::Shell => 9,
            Self::Docker => 10,
            Self::Compose => 11,
            Self::Workflow => 12,
        }
    }

    /// Whether a text of this kind can say anything at all: most hold none of the words, and are not parsed.
    pub(super) fn may_speak(self, text: &[u8]) -> bool {
        match self {
            Self::Script(_) => has_word(text, b"env") || memmem::find(text, b"Env(").is_some(),
            Self::Python => {
                const WORDS: [&[u8]; 8] = [
                    b"environ",
                    b"getenv",
                    b"putenv",
                    b"Settings",
                    b"decouple",
                    b"dotenv",
                    b"starlette",
                    b"dj_database_url",
                ];
                WORDS.iter().any(|word| memmem::find(text, word).is_some())
            }
            Self::Rust => memmem::find(text, b"env").is_some(),
            Self::Shell => memchr::memchr3(b'$', b'=', b'.', text).is_some(),
            Self::Docker | Self::Compose | Self::Workflow => true,
        }
    }

    /// Reads a text of this kind.
    pub(super) fn read(self, text: &str) -> Said {
        let mentions = match self {
            Self::Script(dialect) => {
                let facts = script::read(text, dialect);
                return Said {
                    mentions: facts.mentions,
                    directive: facts.directive,
                    reading: facts.reading,
                };
            }
            Self::Python => {
                let facts = python::read(text);
                return Said {
                    mentions: facts.mentions,
                    directive: None,
                    reading: facts.reading,
                };
            }
            Self::Rust => rust::mentions(text),
            Self::Shell => shell::mentions(text),
            Self::Docker => docker::mentions(text),
            Self::Compose => compose::mentions(text),
            Self::Workflow => workflow::mentions(text),
        };
        Said {
            mentions,
            directive: None,
            reading: Reading::Whole,
        }
    }
}

fn is_compose(name: &[u8]) -> bool {
    name.starts_with(b"docker-compose") || name.starts_with(b"compose.")
}

/// Whether a word stands in a text by itself, not as a part of a longer one.
fn has_word(text: &[u8], word: &[u8]) -> bool {
    let is_letter =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    memmem::find_iter(text, word).any(|at| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        !is_letter(before) && !is_letter(text.get(at + word.len()))
    })
}
