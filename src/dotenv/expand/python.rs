//! python-dotenv's references: `${NAME}` and `${NAME:-default}` in every value, whatever its quotes; `$NAME` stays.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem, memrchr};

use super::{Grown, InFile, ProblemKind, Scope};

/// The value with its references replaced.
pub(super) fn expand<'v>(value: &'v str, scope: &Scope) -> Result<Cow<'v, str>, ProblemKind> {
    let Some(last) = memrchr(b'}', value.as_bytes()) else {
        return Ok(Cow::Borrowed(value));
    };
    let mut grown = Grown::of(value);
    let mut done = 0;
    let mut from = 0;
    let mut stop = 0;
    let mut is_changed = false;
    while let Some(found) = memmem::find(&value.as_bytes()[from..], b"${") {
        let open = from + found;
        let name = open + 2;
        // The name ends at the first of these; one that was found for an earlier `${` serves the later ones.
        if stop < name {
            match memchr2(b'}', b':', &value.as_bytes()[name..]) {
                Some(behind) => stop = name + behind,
                None => break,
            }
        }
        if stop > last {
            break;
        }
        let Some((default, end)) = rest(value, stop) else {
            // A colon that begins no default: no reference that holds it is one.
            from = name;
            continue;
        };
        grown.push(&value[done..open])?;
        grown.push(&resolve(&value[name..stop], default, scope))?;
        is_changed = true;
        done = end;
        from = end;
    }
    if !is_changed {
        return Ok(Cow::Borrowed(value));
    }
    grown.push(&value[done..])?;
    Ok(Cow::Owned(grown.text))
}

/// The default behind a name that ends here, and where the reference ends.
fn rest(value: &str, stop: usize) -> Option<(Option<&str>, usize)> {
    if value.as_bytes()[stop] == b'}' {
        return Some((None, stop + 1));
    }
    let default = value[stop..].strip_prefix(":-")?;
    let length = memchr(b'}', default.as_bytes())?;
    Some((Some(&default[..length]), stop + 2 + length + 1))
}

/// The file goes before the lookup; a bare name counts as empty, and hides both.
fn resolve<'s>(name: &str, default: Option<&'s str>, scope: &'s Scope) -> Cow<'s, str> {
    match scope.file(name) {
        InFile::Value(value) => return Cow::Borrowed(value),
        InFile::Bare => return Cow::Borrowed(""),
        InFile::Unsaid => {}
    }
    match (scope.lookup)(name) {
        Some(value) => Cow::Owned(value),
        None => Cow::Borrowed(default.unwrap_or_default()),
    }
}
