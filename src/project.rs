//! The project as it is judged or as it lies there: which files are where, and what the small ones say.
//!
//! Folders are looked at one by one, when somebody asks: a hook wants to know what lies beside and above a few
//! changed files, in a repository of any size.

mod judged;
#[cfg(test)]
pub(crate) mod sketch;
mod work_tree;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use bstr::ByteSlice;

use crate::path::RepoPath;
use crate::repository::RepositoryError;

pub(crate) use judged::Judgement;
pub(crate) use work_tree::WorkTree;

/// A manifest that is larger than this is none.
const LARGEST: usize = 4 << 20;

/// Where a project's files are read from.
pub(crate) trait Contents {
    /// What lies directly in a folder, sorted by name; nothing where there is no such folder.
    fn children(&self, folder: &RepoPath) -> Result<Vec<Child>, RepositoryError>;
    /// What lies directly in a folder as far as can be told for nothing: a name that is not there is in no
    /// judged folder either. None where looking is cheap anyway.
    fn guess(&self, _folder: &RepoPath) -> Option<Vec<Child>> {
        None
    }
    /// A file's bytes; none where there is none, or it is no file.
    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, RepositoryError>;
    /// Every file, sorted.
    fn files(&self) -> Result<Vec<RepoPath>, RepositoryError>;
}

/// What lies in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    /// Its name there.
    pub(crate) name: Vec<u8>,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What something in a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    /// A link or a submodule: not followed.
    Other,
}

/// A project. Each question is asked once.
pub(crate) struct Project<'a> {
    contents: Box<dyn Contents + 'a>,
    folders: RefCell<HashMap<RepoPath, Rc<[Child]>>>,
    guesses: RefCell<HashMap<RepoPath, Option<Rc<[Child]>>>>,
    texts: RefCell<HashMap<RepoPath, Option<Rc<str>>>>,
    json: RefCell<HashMap<RepoPath, Option<Rc<serde_json::Value>>>>,
    toml: RefCell<HashMap<RepoPath, Option<Rc<toml::Table>>>>,
    listing: RefCell<Option<Rc<[RepoPath]>>>,
    /// The first thing that could not be read: then nothing that was said is sure.
    trouble: RefCell<Option<RepositoryError>>,
}

impl<'a> Project<'a> {
    pub(crate) fn new(contents: impl Contents + 'a) -> Self {
        Self {
            contents: Box::new(contents),
            folders: RefCell::default(),
            guesses: RefCell::default(),
            texts: RefCell::default(),
            json: RefCell::default(),
            toml: RefCell::default(),
            listing: RefCell::default(),
            trouble: RefCell::default(),
        }
    }

    /// What lies directly in a folder, sorted by name.
    pub(crate) fn children(&self, folder: &RepoPath) -> Rc<[Child]> {
        if let Some(known) = self.folders.borrow().get(folder) {
            return Rc::clone(known);
        }
        let children = self.contents.children(folder);
        let children: Rc<[Child]> = self.sure(children).into();
        let mut folders = self.folders.borrow_mut();
        folders.insert(folder.clone(), Rc::clone(&children));
        children
    }

    /// The same as far as it can be told for nothing: for signs, not for judgements.
    pub(crate) fn about(&self, folder: &RepoPath) -> Rc<[Child]> {
        self.guess(folder).unwrap_or_else(|| self.children(folder))
    }

    /// Whether there is a file at a path.
    pub(crate) fn has(&self, path: &RepoPath) -> bool {
        let (folder, name) = split(path);
        self.holds(&folder, name)
    }

    /// Whether a folder directly holds a file of that name.
    pub(crate) fn holds(&self, folder: &RepoPath, name: &[u8]) -> bool {
        let is_there = |children: &[Child]| {
            let found = children.binary_search_by(|child| child.name.as_slice().cmp(name));
            found.is_ok_and(|at| children[at].kind == Kind::File)
        };
        if let Some(guess) = self.guess(folder)
            && !is_there(&guess)
        {
            return false;
        }
        is_there(&self.children(folder))
    }

    fn guess(&self, folder: &RepoPath) -> Option<Rc<[Child]>> {
        let mut guesses = self.guesses.borrow_mut();
        let guess = guesses.entry(folder.clone());
        let guess = guess.or_insert_with(|| self.contents.guess(folder).map(Into::into));
        guess.clone()
    }

    /// The first of these names of which a folder directly holds a file.
    pub(crate) fn first<'n>(&self, folder: &RepoPath, names: &[&'n str]) -> Option<&'n str> {
        let mut names = names.iter();
        names
            .find(|name| self.holds(folder, name.as_bytes()))
            .copied()
    }

    /// The nearest folder, `from` or above it, that directly holds one of these files; and which.
    pub(crate) fn nearest<'n>(
        &self,
        from: &RepoPath,
        names: &[&'n str],
    ) -> Option<(RepoPath, &'n str)> {
        up(from).find_map(|folder| Some((folder.clone(), self.first(&folder, names)?)))
    }

    /// A small file as text; what is not UTF-8 in it is replaced. None where there is none, or it is too large.
    pub(crate) fn text(&self, path: &RepoPath) -> Option<Rc<str>> {
        if let Some(known) = self.texts.borrow().get(path) {
            return known.clone();
        }
        let bytes = if self.has(path) {
            self.sure(self.contents.read(path))
        } else {
            None
        };
        let bytes = bytes.filter(|bytes| bytes.len() <= LARGEST);
        let text: Option<Rc<str>> = bytes.map(|bytes| bytes.to_str_lossy().into());
        let mut texts = self.texts.borrow_mut();
        texts.insert(path.clone(), text.clone());
        text
    }

    /// A small JSON file; comments and trailing commas are allowed, as in tsconfig.json. None where it cannot be read.
    pub(crate) fn json(&self, path: &RepoPath) -> Option<Rc<serde_json::Value>> {
        if let Some(known) = self.json.borrow().get(path) {
            return known.clone();
        }
        let parse = |text: Rc<str>| {
            let plain = serde_json::from_str(&text).ok();
            plain.or_else(|| serde_json::from_str(&bare(&text)).ok())
        };
        let value = self.text(path).and_then(parse).map(Rc::new);
        let mut json = self.json.borrow_mut();
        json.insert(path.clone(), value.clone());
        value
    }

    /// A small TOML file. None where it cannot be read.
    pub(crate) fn toml(&self, path: &RepoPath) -> Option<Rc<toml::Table>> {
        if let Some(known) = self.toml.borrow().get(path) {
            return known.clone();
        }
        let value = self.text(path).and_then(|text| text.parse().ok());
        let value: Option<Rc<toml::Table>> = value.map(Rc::new);
        let mut toml = self.toml.borrow_mut();
        toml.insert(path.clone(), value.clone());
        value
    }

    /// Every file of the project, sorted. Costs a look at all of it: for `init` and `doctor`, not for hooks.
    pub(crate) fn files(&self) -> Vec<RepoPath> {
        self.sure(self.contents.files())
    }

    /// The same, looked at once: for what concerns everything below a folder.
    pub(crate) fn listing(&self) -> Rc<[RepoPath]> {
        let mut listing = self.listing.borrow_mut();
        Rc::clone(listing.get_or_insert_with(|| self.files().into()))
    }

    /// What could not be read, if anything: then nothing that was said is sure.
    pub(crate) fn take_trouble(&self) -> Option<RepositoryError> {
        self.trouble.borrow_mut().take()
    }

    fn sure<T: Default>(&self, answer: Result<T, RepositoryError>) -> T {
        answer.unwrap_or_else(|error| {
            self.trouble.borrow_mut().get_or_insert(error);
            T::default()
        })
    }
}

/// A folder and all above it, the root last.
pub(crate) fn up(folder: &RepoPath) -> impl Iterator<Item = RepoPath> {
    let above = |folder: &RepoPath| (!folder.is_root()).then(|| split(folder).0);
    std::iter::successors(Some(folder.clone()), above)
}

/// The folder that a path lies in, and its name there.
pub(crate) fn split(path: &RepoPath) -> (RepoPath, &[u8]) {
    let bytes = path.as_bytes();
    match memchr::memrchr(b'/', bytes) {
        Some(at) => (RepoPath::new(&bytes[..at]), &bytes[at + 1..]),
        None => (RepoPath::root(), bytes),
    }
}

/// JSON without its comments and trailing commas; what stands in texts is left alone.
fn bare(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    let mut in_text = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if in_text => {
                bare.push(letter);
                bare.extend(letters.next());
                continue;
            }
            '"' => in_text = !in_text,
            '/' if !in_text && letters.peek() == Some(&'/') => {
                while letters.next_if(|letter| *letter != '\n').is_some() {}
                continue;
            }
            '/' if !in_text && letters.peek() == Some(&'*') => {
                letters.next();
                let mut last = ' ';
                for letter in letters.by_ref() {
                    if last == '*' && letter == '/' {
                        break;
                    }
                    last = letter;
                }
                bare.push(' ');
                continue;
            }
            '}' | ']' if !in_text => {
                let end = bare.trim_end().len();
                if bare[..end].ends_with(',') {
                    bare.truncate(end - 1);
                }
            }
            _ => {}
        }
        bare.push(letter);
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_with_comments_is_read() {
        for (text, plain) in [
            (
                r#"{"a": "//", /* b */ "c": [1, 2,], } // d"#,
                r#"{"a": "//",   "c": [1, 2]} "#,
            ),
            (r#"{"a": "\"/*"}"#, r#"{"a": "\"/*"}"#),
            ("/* open", " "),
            ("\u{feff}{}", "{}"),
        ] {
            assert_eq!(bare(text), plain);
        }
    }

    #[test]
    fn the_way_up_ends_at_the_root() {
        let way: Vec<String> = up(&"a/b/c".into())
            .map(|folder| folder.to_string())
            .collect();
        assert_eq!(way, ["a/b/c", "a/b", "a", ""]);
        assert_eq!(up(&RepoPath::root()).count(), 1);
    }
}
