//! What ESLint's configuration says, as far as guard has to know: read as text, never run.

use crate::adapter::by_file::mentions;
use crate::adapter::packages::{Touched, ends};
use crate::adapter::traces;
use crate::path::RepoPath;
use crate::project::{Project, split, up};

const FLAT: [&str; 6] = [
    "eslint.config.js",
    "eslint.config.mjs",
    "eslint.config.cjs",
    "eslint.config.ts",
    "eslint.config.mts",
    "eslint.config.cts",
];

const LEGACY: [&str; 6] = [
    ".eslintrc.js",
    ".eslintrc.cjs",
    ".eslintrc.yaml",
    ".eslintrc.yml",
    ".eslintrc.json",
    ".eslintrc",
];

/// Which of the two kinds of configuration is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Flat,
    Legacy,
}

/// The configuration of a package.
pub(super) struct Read {
    pub(super) style: Style,
    /// The text of every file that takes part.
    pub(super) text: String,
}

pub(super) fn is_config(name: &str) -> bool {
    FLAT.contains(&name) || LEGACY.contains(&name)
}

/// Whether a file of this name may be linted, whatever the configuration says.
pub(super) fn may_judge(name: &str) -> bool {
    ends(
        name,
        &["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"],
    ) || ends(name, &["vue", "svelte", "astro"])
        || ends(
            name,
            &[
                "json", "jsonc", "json5", "md", "mdx", "css", "html", "yml", "yaml", "graphql",
            ],
        )
}

/// Whether it is called in this folder. A nested `.eslintrc` only refines one above: plugins and ignored files
/// are looked for where it is called, so it is called where the package is.
pub(super) fn is_home(project: &Project<'_>, folder: &RepoPath) -> bool {
    if project.first(folder, &FLAT).is_some() {
        return true;
    }
    let is_package = project.holds(folder, b"package.json");
    has_legacy(project, folder)
        && (is_package || !up(folder).skip(1).any(|above| has_any(project, &above)))
}

fn has_legacy(project: &Project<'_>, folder: &RepoPath) -> bool {
    project.first(folder, &LEGACY).is_some() || traces::package_key(project, folder, "eslintConfig")
}

fn has_any(project: &Project<'_>, folder: &RepoPath) -> bool {
    project.first(folder, &FLAT).is_some() || has_legacy(project, folder)
}

pub(super) fn read(project: &Project<'_>, touched: &Touched) -> Read {
    let root = &touched.root;
    let text_of = |folder: &RepoPath, name: &str| project.text(&folder.join(name.as_bytes()));
    if let Some(name) = project.first(root, &FLAT) {
        let text = text_of(root, name).unwrap_or_default().to_string();
        let style = Style::Flat;
        return Read { style, text };
    }
    let mut folders: Vec<RepoPath> = up(root).collect();
    for file in &touched.files {
        folders.extend(up(&split(file).0).take_while(|folder| folder != root));
    }
    folders.sort_unstable();
    folders.dedup();
    let mut text = String::new();
    for folder in &folders {
        if let Some(name) = project.first(folder, &LEGACY) {
            text += &text_of(folder, name).unwrap_or_default();
        }
        let manifest = project.json(&folder.join(b"package.json"));
        let section = manifest
            .as_ref()
            .and_then(|manifest| manifest.get("eslintConfig"));
        text += &section.map(ToString::to_string).unwrap_or_default();
        text.push('\n');
    }
    let style = Style::Legacy;
    Read { style, text }
}

impl Read {
    /// Whether a file is to be handed over. With `.eslintrc` a file that is named is linted even where no
    /// parser for it is configured; with a flat configuration ESLint leaves it out by itself.
    pub(super) fn judges(&self, path: &str) -> bool {
        if ends(path, &["js", "mjs", "cjs"]) {
            return true;
        }
        if ends(
            path,
            &[
                "json", "jsonc", "json5", "md", "mdx", "css", "html", "yml", "yaml", "graphql",
            ],
        ) {
            return self.style == Style::Flat
                && mentions(
                    &self.text,
                    &[
                        "json", "markdown", "mdx", "css", "html", "yml", "yaml", "graphql",
                    ],
                );
        }
        if self.style == Style::Flat {
            return true;
        }
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        match ending {
            "vue" | "svelte" | "astro" => self.text.contains(ending),
            "jsx" => mentions(&self.text, &["jsx", "react", "next"]) || self.extends_shared(),
            _ => self.text.contains("typescript") || self.extends_shared(),
        }
    }

    /// Whether what it says of a file may depend on other files: types, imports, configurations of its own.
    /// Where that cannot be told, it may.
    pub(super) fn reads_others(&self) -> bool {
        // What is asked for by name of an option.
        let typed = [
            "TypeChecked",
            "type-checked",
            "requiring-type-checking",
            "projectService",
        ];
        let project = ["project:", "\"project\"", "'project'", "project\":"];
        if mentions(&self.text, &typed) || mentions(&self.text, &project) {
            return true;
        }
        match self.style {
            Style::Flat => !self.packages().all(is_plain),
            Style::Legacy => {
                self.extends_shared()
                    || mentions(
                        &self.text,
                        &[
                            "import",
                            "boundaries",
                            "project",
                            "\"n\"",
                            "plugin:n/",
                            "node/",
                        ],
                    )
                    || self.text.contains("require(")
            }
        }
    }

    /// Whether an `.eslintrc` builds on what is not ESLint's own and not known to be plain.
    fn extends_shared(&self) -> bool {
        const KNOWN: [&str; 7] = [
            "eslint:",
            "prettier",
            "plugin:@typescript-eslint/",
            "plugin:jsx-a11y/",
            "plugin:prettier/",
            "plugin:react",
            "plugin:vue/",
        ];
        let is_known = |word: &String| KNOWN.iter().any(|known| word.starts_with(known));
        extended(&self.text).any(|word| !is_known(&word))
    }

    /// What a JavaScript configuration imports.
    fn packages(&self) -> impl Iterator<Item = &str> {
        let starts = ["from", "import", "require(", "import("].into_iter();
        let text = &self.text;
        let behind = starts.flat_map(move |start| {
            let found = text.match_indices(start);
            found.map(|(at, start)| &text[at + start.len()..])
        });
        behind.filter_map(|rest| {
            let rest = rest.trim_start();
            let quote = rest
                .chars()
                .next()
                .filter(|letter| "'\"`".contains(*letter))?;
            rest[1..].split(quote).next()
        })
    }
}

/// What `.eslintrc` files build on: one word, a list in brackets, or a list of lines.
fn extended(text: &str) -> impl Iterator<Item = String> + '_ {
    let values = text.match_indices("extends").filter_map(|(at, key)| {
        let rest = text[at + key.len()..].trim_start_matches(['"', '\'', ' ']);
        let value = rest.strip_prefix(':')?.trim_start();
        if let Some(list) = value.strip_prefix('[') {
            return Some(list.split(']').next().unwrap_or_default());
        }
        let ends = |line: &&str| line.trim_start().starts_with('-');
        let lines = value.split_inclusive('\n').take_while(ends);
        let length: usize = lines.map(str::len).sum();
        match length {
            0 => value.split([',', '}', '\n']).next(),
            _ => Some(&value[..length]),
        }
    });
    let words = values.flat_map(|value| value.split([',', '\n']));
    words
        .map(|word| word.trim_matches(|letter: char| " \t\r\"'`-".contains(letter)))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
}

/// Packages whose rules look at one file only.
fn is_plain(package: &str) -> bool {
    const PLAIN: [&str; 22] = [
        "@eslint/js",
        "@stylistic/eslint-plugin",
        "@typescript-eslint/eslint-plugin",
        "@typescript-eslint/parser",
        "eslint",
        "eslint/config",
        "eslint-config-prettier",
        "eslint-config-prettier/flat",
        "eslint-plugin-jest",
        "eslint-plugin-jsx-a11y",
        "eslint-plugin-prettier",
        "eslint-plugin-prettier/recommended",
        "eslint-plugin-react",
        "eslint-plugin-react-hooks",
        "eslint-plugin-react-refresh",
        "eslint-plugin-simple-import-sort",
        "eslint-plugin-unicorn",
        "eslint-plugin-unused-imports",
        "eslint-plugin-vue",
        "globals",
        "typescript-eslint",
        "vue-eslint-parser",
    ];
    PLAIN.contains(&package) || package.starts_with("node:")
}
