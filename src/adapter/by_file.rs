//! Tools that judge one file after the other: what is the same for all of them.

use std::collections::BTreeMap;

use super::Ask;
use super::packages::{Touched, influences};
use crate::config::valid::Reads;
use crate::finding::Fix;
use crate::path::RepoPath;
use crate::tool::{Call, Ear, Missing, Repair, Unit};

/// What says which files a tool leaves out, among much that is no matter to it: an input, and no reason to judge all.
const IGNORED: [&str; 2] = [".gitignore", ".ignore"];

/// Where the files go in a command line.
pub(super) const FILES: &str = "{files}";

/// How a tool is called on files, and on a whole package.
pub(super) struct ByFile<'t> {
    pub(super) tool: &'static str,
    /// Where it is.
    pub(super) found: Result<String, Missing>,
    /// What stands between the program and the files.
    pub(super) run: Vec<String>,
    /// The same for repairing.
    pub(super) fix: Vec<String>,
    /// Whether what it says of a file may depend on others.
    pub(super) reads: Reads,
    /// Names of files that can influence it, beside and above those that it judges.
    pub(super) rules: &'t dyn Fn(&str) -> bool,
    pub(super) ear: &'static dyn Ear,
    pub(super) env: BTreeMap<String, String>,
}

impl ByFile<'_> {
    /// The unit for a package; none where nothing is left to judge.
    pub(super) fn unit(self, ask: &Ask<'_>, touched: Touched) -> Option<Unit> {
        // Without a file, what reads others may still say no to those that are left.
        let whole = touched.whole || (touched.files.is_empty() && self.reads == Reads::Project);
        if touched.files.is_empty() && !whole {
            return None;
        }
        let target = if whole { "." } else { FILES };
        let reads = if whole { Reads::Project } else { self.reads };
        let inputs = match reads {
            Reads::Files => influences(ask.project, &touched.files, &|name| {
                (self.rules)(name) || IGNORED.contains(&name)
            }),
            Reads::Project => Vec::new(),
        };
        let line = |program: &String, middle: Vec<String>| {
            let mut line = vec![program.clone()];
            line.extend(middle);
            line.push(target.to_owned());
            line
        };
        let call = self.found.map(|program| Call {
            fix: Some(Repair {
                run: line(&program, self.fix),
                kind: Fix::Safe,
                without: &["RUFF_OUTPUT_FORMAT"],
            }),
            run: line(&program, self.run),
            reads,
            inputs,
            env: self.env,
            ..call(ask, Vec::new(), self.ear)
        });
        Some(Unit {
            tool: self.tool,
            root: touched.root,
            files: touched.files,
            call,
        })
    }
}

/// A call that reads a project and has nothing special about it.
pub(super) fn call(ask: &Ask<'_>, run: Vec<String>, ear: &'static dyn Ear) -> Call {
    Call {
        run,
        fix: None,
        reads: Reads::Project,
        inputs: Vec::new(),
        env: BTreeMap::new(),
        isolate: ask.settings.isolate,
        floor: None,
        is_away: false,
        first: Vec::new(),
        leaves: Vec::new(),
        ear,
    }
}

/// Words of a command line.
pub(super) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Whether a text mentions one of these.
pub(super) fn mentions(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// The text of the files of these names in a folder, one after the other.
pub(super) fn text_of(ask: &Ask<'_>, folder: &RepoPath, names: &[&str]) -> String {
    let texts = names
        .iter()
        .filter_map(|name| ask.project.text(&folder.join(name.as_bytes())));
    texts.fold(String::new(), |all, text| all + &text + "\n")
}
