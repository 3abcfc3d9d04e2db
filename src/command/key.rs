//! A command's key: everything that its pass depends on.
//!
//! There are two keys for one pass. The first holds the judged tree's id, and can be had without a
//! look at the tree's files: the same tree is the same content. The second holds path, mode and
//! blob of those files that count, so that it survives a change to any other.

mod links;
pub(super) mod program;
mod words;

use std::collections::BTreeSet;
use std::path::Path;

use super::pattern::{PatternError, Patterns};
use crate::config::valid::{Command, Files, Reads, Run};
use crate::path::RepoPath;
use crate::process::variables::Variables;
use crate::record::{Fields, Key};
use crate::repository::{Blob, Id, Mode};

/// Raised whenever a key begins to mean something else: older records are misses then.
const VERSION: u64 = 1;

/// A path with what is judged there.
pub type Content = (RepoPath, Blob);

/// Whether passes of this command are remembered.
pub fn is_remembered(command: &Command) -> bool {
    let has_inputs = !command.inputs.is_empty();
    if command.files == Files::None && !has_inputs {
        // Nothing is named that it depends on: nobody knows when a pass would be out of date.
        return false;
    }
    command.cache.unwrap_or(has_inputs)
}

/// What a pass depends on besides files of the judged tree.
pub struct Facts {
    fields: Fields,
    /// Scripts of the work tree that the command names; they count as if they were inputs.
    scripts: Vec<RepoPath>,
}

/// The simple commands of a command, each as the tools that it names with the files behind them.
pub(super) fn programs(
    command: &Command,
    variables: &Variables,
    work_tree: &Path,
) -> Vec<Result<Vec<program::Tool>, String>> {
    let place = program::Place {
        folder: &work_tree.join(command.root.to_os()),
        work_tree,
        variables,
    };
    program::named(&command.run, &place)
}

/// Why a pass cannot be told from others.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A pattern that does not compile.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// A link whose end is not in the judged tree: nobody knows what lies there.
    #[error("{0} is a link that leads to nothing judged")]
    Link(RepoPath),
}

/// Collects the facts. What cannot be told is the reason why passes are not remembered.
pub fn facts(command: &Command, variables: &Variables, work_tree: &Path) -> Result<Facts, String> {
    let mut fields = Fields::new("command");
    fields.number(VERSION);
    fields
        .text(std::env::consts::OS)
        .text(std::env::consts::ARCH);
    match &command.run {
        Run::Shell(line) => fields.text("shell").text(line),
        Run::Argv(words) => fields.text("argv").list(words),
    };
    // Whether files are handed over follows from `run`.
    fields.number(command.env.len() as u64);
    for (name, value) in &command.env {
        fields.text(name).text(value);
    }
    fields.number(command.pass_env.len() as u64);
    for name in &command.pass_env {
        // Part of a hash only: nobody reads a secret out of a key.
        match variables.get(name) {
            Some(value) => fields.text(name).bytes(value.as_encoded_bytes()),
            None => fields.text(name).text("unset").number(0),
        };
    }
    fields.bytes(command.root.as_bytes());
    let place = program::Place {
        folder: &work_tree.join(command.root.to_os()),
        work_tree,
        variables,
    };
    let scripts = program::identify(&mut fields, &command.run, &place)?;
    Ok(Facts { fields, scripts })
}

impl Facts {
    /// Counts these files of the judged tree as if they were inputs, and these words as part of what is run.
    pub(crate) fn also(&mut self, inputs: &[RepoPath], words: &str) {
        self.scripts.extend_from_slice(inputs);
        self.fields.text("also").text(words);
    }

    /// The single files of the judged tree that count besides those that match.
    pub(crate) fn singles(&self) -> &[RepoPath] {
        &self.scripts
    }

    /// The key by the judged tree as a whole. Patterns count here, since they say which of its
    /// files a pass is about.
    pub fn by_tree(&self, command: &Command, tree: &Id, handed: &[Content]) -> Key {
        let mut fields = self.fields.clone();
        fields.text("tree").bytes(tree.as_bytes());
        match &command.files {
            Files::All => fields.text("all"),
            Files::None => fields.text("none"),
            Files::Matching(patterns) => fields.text("matching").list(patterns),
        };
        fields.list(&command.exclude).list(&command.inputs);
        fields.text(match command.reads {
            Reads::Files => "files",
            Reads::Project => "project",
        });
        contents(&mut fields, handed);
        fields.key()
    }

    /// The key by the files that count. `tree` is every file of the judged tree, sorted; `read`
    /// gives a blob's bytes.
    ///
    /// A command with `{files}` that reads no others proves something about exactly the files that it
    /// was handed, and about no other that matches: so those are its key, and not all that match.
    pub fn by_content(
        &self,
        command: &Command,
        tree: &[Content],
        handed: &[Content],
        read: &dyn Fn(&Id) -> Option<Vec<u8>>,
    ) -> Result<Key, KeyError> {
        let mut fields = self.fields.clone();
        fields.text("content");
        contents(&mut fields, handed);
        let inputs = Patterns::of_files(&command.inputs)?;
        let matching = Matching::of(command)?;
        let counts = |(path, _): &&Content| {
            let Some(below) = path.relative_to(&command.root) else {
                return self.scripts.contains(path);
            };
            let name = below.to_os();
            inputs.pick_file(&name)
                || matching
                    .as_ref()
                    .is_some_and(|matching| matching.pick(&name))
                || self.scripts.contains(path)
        };
        let mut counting: Vec<Content> = tree.iter().filter(counts).cloned().collect();
        links::follow(&mut counting, tree, read)?;
        contents(&mut fields, &counting);
        Ok(fields.key())
    }

    /// Whether `by_content` looks at the tree at all.
    pub fn needs_tree(&self, command: &Command) -> bool {
        !command.inputs.is_empty() || !self.scripts.is_empty() || counts_matching(command)
    }
}

/// Whether all files that match count, and not only those that are handed over.
fn counts_matching(command: &Command) -> bool {
    command.files != Files::None && (!command.run.takes_files() || command.reads == Reads::Project)
}

/// The files that a command is about.
struct Matching {
    /// None: all files below its root.
    files: Option<Patterns>,
    exclude: Option<Patterns>,
}

impl Matching {
    fn of(command: &Command) -> Result<Option<Self>, PatternError> {
        if !counts_matching(command) {
            return Ok(None);
        }
        let files = match &command.files {
            Files::Matching(patterns) => Some(Patterns::of_files(patterns)?),
            Files::All | Files::None => None,
        };
        let exclude = match &command.exclude[..] {
            [] => None,
            patterns => Some(Patterns::of_files(patterns)?),
        };
        Ok(Some(Self { files, exclude }))
    }

    fn pick(&self, name: &Path) -> bool {
        let picks = |patterns: &Patterns| patterns.pick_file(name);
        self.files.as_ref().is_none_or(picks) && !self.exclude.as_ref().is_some_and(picks)
    }
}

fn contents(fields: &mut Fields, contents: &[Content]) {
    // In one order, and each once, whoever listed them.
    let contents: BTreeSet<&Content> = contents.iter().collect();
    fields.number(contents.len() as u64);
    for (path, blob) in contents {
        fields.bytes(path.as_bytes()).bytes(blob.id.as_bytes());
        fields.text(match blob.mode {
            Mode::File => "file",
            Mode::Executable => "executable",
            Mode::Link => "link",
            Mode::Submodule => "submodule",
        });
    }
}
