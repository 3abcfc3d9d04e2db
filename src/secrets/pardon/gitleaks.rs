//! `.gitleaksignore`: findings by commit, file, rule and line, for those who come from gitleaks.

use std::collections::HashMap;

use super::super::fault::Fault;
use super::Suspect;

/// A file of fingerprints is not longer.
const LONGEST: usize = 16 << 20;

/// What the file says.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    name: String,
    /// By path and line, whatever the rule: guard's rules have names of their own.
    entries: HashMap<(Vec<u8>, usize), Vec<Fingerprint>>,
}

#[derive(Debug)]
struct Fingerprint {
    /// In lower case; without one it holds in every commit, and in what is staged.
    commit: Option<String>,
    /// Where it stands.
    line: usize,
}

impl Ignored {
    /// The file's name, at the root.
    pub(crate) const NAME: &str = ".gitleaksignore";

    /// Reads the file. A line that is no fingerprint is an error: what it was meant to silence is told, and
    /// nobody would know why.
    pub(crate) fn parse(name: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let source = Fault::text(name, bytes, LONGEST)?;
        let mut entries: HashMap<_, Vec<_>> = HashMap::new();
        let mut offset = 0;
        for (index, line) in source.text().split_inclusive('\n').enumerate() {
            let text = line.trim();
            let at = offset + (line.len() - line.trim_start().len());
            offset += line.len();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let Some((commit, path, place)) = fingerprint(text) else {
                return Err(Fault::at(
                    &source,
                    at.min(source.text().len()),
                    "this is no fingerprint of gitleaks",
                    "Write `FILE:RULE:LINE` or `COMMIT:FILE:RULE:LINE`, or a comment that begins with `#`.",
                ));
            };
            let fingerprint = Fingerprint {
                commit,
                line: index + 1,
            };
            let key = (path.into_bytes(), place);
            entries.entry(key).or_default().push(fingerprint);
        }
        Ok(Self {
            name: name.to_owned(),
            entries,
        })
    }

    /// Which line of the file pardons this: `.gitleaksignore:3`.
    pub(super) fn place_of(&self, suspect: &Suspect<'_>) -> Option<String> {
        if self.entries.is_empty() {
            return None;
        }
        let key = (suspect.path.as_bytes().to_vec(), suspect.line);
        let found = self.entries.get(&key)?.iter().find(|fingerprint| {
            let Some(commit) = &fingerprint.commit else {
                return true;
            };
            // What is said of one commit says nothing of the same line in another.
            suspect
                .commit
                .is_some_and(|seen| seen.eq_ignore_ascii_case(commit))
        })?;
        Some(format!("{}:{}", self.name, found.line))
    }

    /// What another such file does not pardon: with the line in this one, and what it is.
    pub(super) fn beyond(&self, base: &Self) -> Vec<(usize, String)> {
        let mut beyond = Vec::new();
        for (key, fingerprints) in &self.entries {
            let known = base.entries.get(key).map_or(&[][..], Vec::as_slice);
            for fingerprint in fingerprints {
                let is_known = known
                    .iter()
                    .any(|known| known.commit.is_none() || known.commit == fingerprint.commit);
                if !is_known {
                    let path = String::from_utf8_lossy(&key.0);
                    beyond.push((fingerprint.line, format!("line {} of {path}", key.1)));
                }
            }
        }
        beyond.sort();
        beyond
    }
}

/// Commit, path and line. A path may hold colons; the rule and the line hold none.
fn fingerprint(text: &str) -> Option<(Option<String>, String, usize)> {
    let (rest, line) = text.rsplit_once(':')?;
    let (rest, rule) = rest.rsplit_once(':')?;
    let line = line.parse().ok()?;
    let (commit, path) = match rest.split_once(':') {
        Some((commit, path)) if is_commit(commit) => (Some(commit.to_ascii_lowercase()), path),
        _ => (None, rest),
    };
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    (!rule.is_empty() && !path.is_empty()).then(|| (commit, path.to_owned(), line))
}

/// SHA-1 or SHA-256, written out.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
