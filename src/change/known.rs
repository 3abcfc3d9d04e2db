//! What is known here of what a remote has: its remote-tracking refs, and what the push itself says.

use std::collections::{BTreeMap, BTreeSet};

use bstr::{BString, ByteSlice};

use super::push::Update;
use super::pushed::Objects;
use crate::repository::reader::Peeled;
use crate::repository::{Id, Repository, RepositoryError};

/// The remote of a push, as git names it to the hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Its name, or its URL when it has none.
    pub name: BString,
    /// Where it is pushed to.
    pub url: BString,
}

impl Remote {
    /// A remote from the hook's two arguments.
    pub fn new(name: impl Into<Vec<u8>>, url: impl Into<Vec<u8>>) -> Self {
        Self {
            name: BString::new(name.into()),
            url: BString::new(url.into()),
        }
    }

    /// Its name as it may be shown: a URL can hold a password, or a token in the user's place.
    pub fn shown(&self) -> BString {
        without_secret(&self.name)
    }
}

/// A URL without the part that says who asks, where that part is or may be secret.
fn without_secret(url: &[u8]) -> BString {
    let Some((scheme, rest)) = url.split_once_str("://") else {
        return url.into();
    };
    let end = rest.find_byteset(b"/?#").unwrap_or(rest.len());
    let Some(at) = rest[..end].rfind_byte(b'@') else {
        return url.into();
    };
    let may_be_token = scheme.to_ascii_lowercase().starts_with(b"http");
    if !may_be_token && !rest[..at].contains(&b':') {
        return url.into();
    }
    [scheme, b"://", &rest[at + 1..]].concat().into()
}

/// What is known of a remote.
pub(super) struct Known {
    /// The commits that it has, sorted.
    pub(super) commits: Vec<Id>,
    /// Whether its remote-tracking refs tell of another place than the one that is pushed to.
    pub(super) is_elsewhere: bool,
}

/// What the remote is known to have.
///
/// What a line of the push says about a ref outranks the remote-tracking ref, which may be stale.
pub(super) fn look(
    repository: &Repository,
    remote: &Remote,
    updates: &[Update],
    peeled: &mut Objects,
) -> Result<Known, RepositoryError> {
    peeled.look(repository, updates.iter().map(|update| update.remote))?;
    let mut known = BTreeSet::new();
    // Refs of which the remote itself has just said what they are.
    let mut told = BTreeSet::new();
    for update in updates {
        let Some(id) = update.remote else {
            told.insert(&update.remote_ref);
            continue;
        };
        if let Peeled::Commit(commit) = peeled.get(id) {
            known.insert(commit);
            told.insert(&update.remote_ref);
        }
    }
    let (refspecs, is_elsewhere) = refspecs(repository, remote)?;
    for refspec in refspecs {
        let outranked: BTreeSet<BString> = told
            .iter()
            .filter_map(|name| refspec.tracking(name))
            .collect();
        let refs = repository.ask(|reader| reader.refs(&refspec.folder()))?;
        let standing = refs
            .into_iter()
            .filter(|(name, _)| refspec.covers(name) && !outranked.contains(name));
        known.extend(standing.map(|(_, id)| id));
    }
    Ok(Known {
        commits: known.into_iter().collect(),
        is_elsewhere,
    })
}

/// A fetch refspec: which refs of the remote are kept where.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refspec {
    source: Pattern,
    target: Pattern,
}

/// A ref name with at most one `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    start: BString,
    /// What follows the star; none without a star.
    end: Option<BString>,
}

impl Pattern {
    fn new(text: &[u8]) -> Self {
        match text.split_once_str("*") {
            Some((start, end)) => Self {
                start: start.into(),
                end: Some(end.into()),
            },
            None => Self {
                start: text.into(),
                end: None,
            },
        }
    }

    /// What the star stands for in a name.
    fn star<'a>(&self, name: &'a [u8]) -> Option<&'a [u8]> {
        let rest = name.strip_prefix(self.start.as_bytes())?;
        match &self.end {
            Some(end) => rest.strip_suffix(end.as_bytes()),
            None => rest.is_empty().then_some(rest),
        }
    }
}

impl Refspec {
    /// A refspec that keeps remote-tracking refs; a mirror's, which overwrites local branches, tells
    /// nothing about the remote.
    fn parse(text: &[u8]) -> Option<Self> {
        let text = text.strip_prefix(b"+").unwrap_or(text);
        let (source, target) = text.split_once_str(":")?;
        let rest = target.strip_prefix(b"refs/remotes/")?;
        // Without a folder of its own it would take in the refs of other remotes.
        if text.starts_with(b"^") || rest.starts_with(b"*") {
            return None;
        }
        Some(Self {
            source: Pattern::new(source),
            target: Pattern::new(target),
        })
    }

    /// The remote-tracking ref of a ref at the remote.
    fn tracking(&self, name: &[u8]) -> Option<BString> {
        let star = self.source.star(name)?;
        let end = self.target.end.iter().flat_map(|end| end.as_bytes());
        let start = [self.target.start.as_bytes(), star].concat();
        Some(
            start
                .into_iter()
                .chain(end.copied())
                .collect::<Vec<u8>>()
                .into(),
        )
    }

    fn covers(&self, name: &[u8]) -> bool {
        self.target.star(name).is_some()
    }

    /// The folder of refs in which the remote-tracking refs lie.
    fn folder(&self) -> String {
        let start = &self.target.start;
        let end = start.rfind_byte(b'/').map_or(0, |slash| slash + 1);
        start[..end].to_str_lossy().into_owned()
    }
}

/// One remote of the configuration.
#[derive(Default)]
struct Configured {
    urls: Vec<BString>,
    push_urls: Vec<BString>,
    fetch: Vec<BString>,
}

impl Configured {
    fn places(&self) -> impl Iterator<Item = &BString> {
        self.urls.iter().chain(&self.push_urls)
    }

    /// Whether every push goes where it is fetched from, which is the first URL. git moves the
    /// remote-tracking refs whichever place was pushed to, so that one that differs spoils them for all.
    fn is_one_place(&self, rewrites: &[(BString, BString)]) -> bool {
        let mut places = self.places().map(|url| spellings(url, rewrites));
        let Some(fetched) = places.next() else {
            return true;
        };
        places.all(|pushed| !pushed.is_disjoint(&fetched))
    }
}

/// The refspecs of the remote: of that name, or of every remote with that URL. Of a remote that is
/// pushed elsewhere than it is fetched from there are none, and it is said that there was one.
fn refspecs(
    repository: &Repository,
    remote: &Remote,
) -> Result<(Vec<Refspec>, bool), RepositoryError> {
    let config = repository.config()?;
    let mut remotes: BTreeMap<BString, Configured> = BTreeMap::new();
    let mut rewrites = Vec::new();
    for (key, value) in config {
        let Some((section, rest)) = key.split_once_str(".") else {
            continue;
        };
        let Some((name, setting)) = rest.rsplit_once_str(".") else {
            continue;
        };
        match (section, setting) {
            (b"remote", b"url") => remotes.entry(name.into()).or_default().urls.push(value),
            (b"remote", b"pushurl") => {
                let remote = remotes.entry(name.into()).or_default();
                remote.push_urls.push(value);
            }
            (b"remote", b"fetch") => remotes.entry(name.into()).or_default().fetch.push(value),
            (b"url", b"insteadof" | b"pushinsteadof") => rewrites.push((value, name.into())),
            _ => {}
        }
    }
    let matching: Vec<Configured> = if let Some(named) = remotes.remove(&remote.name) {
        vec![named]
    } else {
        let wanted = [
            spellings(&remote.name, &rewrites),
            spellings(&remote.url, &rewrites),
        ];
        let is_it = |url: &BString| {
            let known = spellings(url, &rewrites);
            wanted.iter().flatten().any(|wanted| known.contains(wanted))
        };
        let all = remotes.into_values();
        all.filter(|remote| remote.places().any(is_it)).collect()
    };
    let (trusted, spoilt): (Vec<_>, Vec<_>) = matching
        .iter()
        .partition(|remote| remote.is_one_place(&rewrites));
    let specs = trusted.iter().flat_map(|remote| &remote.fetch);
    let specs = specs.filter_map(|spec| Refspec::parse(spec)).collect();
    Ok((specs, !spoilt.is_empty()))
}

/// A URL as it is written and as git rewrites it, without the endings that change nothing.
fn spellings(url: &BString, rewrites: &[(BString, BString)]) -> BTreeSet<BString> {
    let mut all = BTreeSet::from([bare(url)]);
    for (prefix, base) in rewrites {
        if let Some(rest) = url.strip_prefix(prefix.as_bytes()) {
            all.insert(bare(&[base.as_bytes(), rest].concat()));
        }
    }
    all
}

fn bare(url: &[u8]) -> BString {
    let url = url.trim_end_with(|c| c == '/');
    let url = url.strip_suffix(b".git").unwrap_or(url);
    url.trim_end_with(|c| c == '/').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refspecs_map_refs_to_where_they_are_kept() {
        let spec = Refspec::parse(b"+refs/heads/*:refs/remotes/up/*").unwrap();
        let kept = spec.tracking(b"refs/heads/a/b").unwrap();
        assert_eq!(kept, "refs/remotes/up/a/b");
        assert!(spec.covers(b"refs/remotes/up/a/b") && !spec.covers(b"refs/remotes/upper/a"));
        assert_eq!(spec.tracking(b"refs/tags/v1"), None);
        assert_eq!(spec.folder(), "refs/remotes/up/");
        let single = Refspec::parse(b"refs/heads/main:refs/remotes/up/trunk").unwrap();
        assert_eq!(
            single.tracking(b"refs/heads/main").unwrap(),
            "refs/remotes/up/trunk"
        );
        assert!(single.covers(b"refs/remotes/up/trunk") && !single.covers(b"refs/remotes/up/x"));
        for other in [
            "+refs/*:refs/*",
            "^refs/heads/x",
            "refs/heads/main",
            "a:refs/remotes/*",
        ] {
            assert_eq!(Refspec::parse(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn no_password_of_a_url_is_shown() {
        for (url, shown) in [
            ("http://bob:hush@host/x", "http://host/x"),
            ("http://bob:hu@sh@host:80/x@y", "http://host:80/x@y"),
            ("https://token@host", "https://host"),
            ("ssh://git:hush@host/x", "ssh://host/x"),
            ("ssh://git@host/x", "ssh://git@host/x"),
            ("git@host:x/y", "git@host:x/y"),
            ("http://host/a:b@c", "http://host/a:b@c"),
            ("origin", "origin"),
        ] {
            assert_eq!(Remote::new(url, url).shown(), shown);
        }
    }

    #[test]
    fn one_place_has_many_spellings() {
        let rewrites = [("gh:".into(), "https://github.com/".into())];
        let wanted = spellings(&"https://github.com/o/r".into(), &rewrites);
        for url in [
            "gh:o/r.git",
            "https://github.com/o/r/",
            "https://github.com/o/r.git/",
        ] {
            assert!(
                !spellings(&url.into(), &rewrites).is_disjoint(&wanted),
                "{url}"
            );
        }
        for url in ["gh:o/r2", "https://github.com/o"] {
            assert!(
                spellings(&url.into(), &rewrites).is_disjoint(&wanted),
                "{url}"
            );
        }
    }
}
