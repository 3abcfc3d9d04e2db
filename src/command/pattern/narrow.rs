//! Patterns that cannot match any of a few paths, found out without compiling them.
//!
//! Compiling takes most of the time that a hook has when nothing matches, and nothing matches most
//! of the time: a file that holds `.md` and no `.ts` needs no compiled `**/*.ts` to be told so.

use memchr::memmem;

use crate::path::RepoPath;

/// Looking is only worth it for a few paths.
const MOST_PATHS: usize = 200;

/// The patterns that might pick one of the paths, alternatives each on its own. None are left when
/// nothing can be picked.
pub(super) fn narrow(patterns: &[String], paths: &[&RepoPath]) -> Vec<String> {
    let expanded: Vec<String> = patterns
        .iter()
        .flat_map(|pattern| alternatives(pattern))
        .collect();
    let takes_back = |pattern: &String| pattern.starts_with('!');
    if paths.len() > MOST_PATHS || expanded.iter().all(takes_back) {
        return expanded;
    }
    let narrowed: Vec<String> = expanded
        .into_iter()
        .filter(|pattern| takes_back(pattern) || might_match(pattern, paths))
        .collect();
    if narrowed.iter().all(takes_back) {
        return Vec::new();
    }
    narrowed
}

/// `*.{ts,tsx}` as `*.ts` and `*.tsx`: a plain ending needs no regular expression.
fn alternatives(pattern: &str) -> Vec<String> {
    let whole = || vec![pattern.to_owned()];
    let Some((before, rest)) = pattern.split_once('{') else {
        return whole();
    };
    let Some((inside, behind)) = rest.split_once('}') else {
        return whole();
    };
    let plain =
        !pattern.contains(['\\', '[']) && !inside.contains('{') && !behind.contains(['{', '}']);
    let parts: Vec<&str> = inside.split(',').collect();
    // A slash in one part anchors all of them; an empty part is left to who knows what it means.
    if !plain
        || parts
            .iter()
            .any(|part| part.is_empty() || part.contains('/'))
    {
        return whole();
    }
    parts
        .into_iter()
        .map(|part| format!("{before}{part}{behind}"))
        .collect()
}

/// Whether all that is literal in the pattern stands in one of the paths.
fn might_match(pattern: &str, paths: &[&RepoPath]) -> bool {
    if pattern.contains(['\\', '[', '{', '}', '#']) {
        return true;
    }
    // A slash beside a wildcard need not stand in the path: `**/x` matches `x`.
    let runs = pattern
        .trim_end()
        .split(['*', '?'])
        .map(|run| run.trim_matches('/'));
    let Some(longest) = runs.max_by_key(|run| run.len()) else {
        return true;
    };
    let finder = memmem::Finder::new(longest);
    paths
        .iter()
        .any(|path| finder.find(path.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Patterns;
    use super::*;

    fn narrowed(patterns: &[&str], path: &str) -> Vec<String> {
        let patterns: Vec<String> = patterns
            .iter()
            .map(|pattern| (*pattern).to_owned())
            .collect();
        narrow(&patterns, &[&path.into()])
    }

    #[test]
    fn what_cannot_match_is_not_compiled() {
        let none: [&str; 0] = [];
        assert_eq!(
            narrowed(&["**/*.{ts,tsx}", "*.py", "src/**"], "docs/a.md"),
            none
        );
        assert_eq!(
            narrowed(&["**/*.{ts,tsx}", "!gen/"], "a.tsx"),
            ["**/*.ts", "**/*.tsx", "!gen/"]
        );
        assert_eq!(narrowed(&["**/*.{ts,tsx}", "!gen/"], "a.md"), none);
        assert_eq!(narrowed(&["!*.md"], "a.md"), ["!*.md"]);
        assert_eq!(narrowed(&["*"], "a.md"), ["*"]);
        assert_eq!(
            narrowed(&["{a,b/c}.md", "{x,{y,z}}", "{,a}", "[x]*"], "q"),
            ["{a,b/c}.md", "{x,{y,z}}", "{,a}", "[x]*"]
        );
        assert_eq!(narrowed(&[], "a"), none);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn narrowing_changes_no_answer(
            patterns in prop::collection::vec("!?/?([ab.]|\\*|\\*\\*/|/|\\?|\\{[ab]{1,2},b\\.?\\}|/\\*\\*| ){0,5}/?", 0..4),
            path in "[ab][ab.]{0,2}(/[ab][ab.]{0,2}){0,2}",
        ) {
            let Ok(full) = Patterns::of_files(&patterns) else { return Ok(()) };
            let repo_path = RepoPath::from(path.as_str());
            let narrowed = narrow(&patterns, &[&repo_path]);
            let answer = !narrowed.is_empty()
                && Patterns::of_files(&narrowed).unwrap().pick_file(path.as_ref());
            prop_assert_eq!(answer, full.pick_file(path.as_ref()), "{:?} became {:?}", patterns, narrowed);
        }
    }
}
