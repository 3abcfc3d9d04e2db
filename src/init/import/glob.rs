//! Patterns of other tools as gitignore-style ones: what they match is matched, sometimes a little more.

/// lefthook's usual matcher lets `*` run over folders: `src/*.ts` means every depth below `src`.
pub(super) fn over_folders(pattern: &str) -> String {
    let Some((folder, name)) = pattern.rsplit_once('/') else {
        return pattern.to_owned();
    };
    if name.contains('*') && !folder.ends_with("**") && name != "**" {
        return format!("{folder}/**/{name}");
    }
    pattern.to_owned()
}

/// A pattern as seen from `root`; itself where it does not begin there.
pub(super) fn below(root: &str, pattern: &str) -> String {
    let pattern = pattern.trim_start_matches("./");
    let root = root.trim_end_matches('/');
    if root.is_empty() {
        return pattern.to_owned();
    }
    match pattern
        .strip_prefix(root)
        .and_then(|rest| rest.strip_prefix('/'))
    {
        Some(rest) => rest.to_owned(),
        None => pattern.to_owned(),
    }
}

/// A regular expression over paths, where it is one of the forms that people write: an ending, a folder.
pub(super) fn of_regex(regex: &str) -> Option<Vec<String>> {
    let regex = regex.trim();
    let word = |text: &str| {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "_-/".contains(letter);
        (!text.is_empty() && text.chars().all(fits)).then(|| text.to_owned())
    };
    // `^folder/`
    if let Some(folder) = regex
        .strip_prefix('^')
        .and_then(|rest| rest.strip_suffix('/'))
    {
        return Some(vec![format!("/{}/**", word(folder)?)]);
    }
    // `\.py$`, `\.(ts|tsx)$`, `\.tsx?$`, also below a folder: `^src/.*\.py$`
    let (folder, ending) = regex.strip_suffix('$')?.rsplit_once("\\.")?;
    let folder = match folder {
        "" | "^.*" | ".*" => String::new(),
        folder => {
            let folder = folder.strip_prefix('^')?.strip_suffix("/.*")?;
            format!("/{}/", word(folder)?)
        }
    };
    let endings: Vec<String> = match ending
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        Some(group) => {
            let group = group.strip_prefix("?:").unwrap_or(group);
            group.split('|').map(word).collect::<Option<_>>()?
        }
        None => match ending.strip_suffix('?') {
            Some(long) => {
                let long = word(long)?;
                vec![long[..long.len() - 1].to_owned(), long]
            }
            None => vec![word(ending)?],
        },
    };
    Some(
        endings
            .iter()
            .map(|ending| format!("{folder}**/*.{ending}"))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_runs_over_folders() {
        for (pattern, wide) in [
            ("*.ts", "*.ts"),
            ("src/*.ts", "src/**/*.ts"),
            ("src/**/*.ts", "src/**/*.ts"),
            ("src/a.ts", "src/a.ts"),
            ("src/**", "src/**"),
        ] {
            assert_eq!(over_folders(pattern), wide);
        }
        assert_eq!(below("web/", "web/src/*.ts"), "src/*.ts");
        assert_eq!(below("web", "*.ts"), "*.ts");
        assert_eq!(below("web", "website/*.ts"), "website/*.ts");
    }

    #[test]
    fn usual_expressions_become_patterns_and_others_do_not() {
        let of = |regex| of_regex(regex).map(|patterns| patterns.join(" "));
        assert_eq!(of(r"\.py$").as_deref(), Some("**/*.py"));
        assert_eq!(of(r"\.(ts|tsx)$").as_deref(), Some("**/*.ts **/*.tsx"));
        assert_eq!(of(r"\.tsx?$").as_deref(), Some("**/*.ts **/*.tsx"));
        assert_eq!(of(r"^src/.*\.py$").as_deref(), Some("/src/**/*.py"));
        assert_eq!(of("^docs/").as_deref(), Some("/docs/**"));
        for regex in [
            "",
            "a|b",
            r"^(a|b)/.*\.py$",
            r"\.[jt]s$",
            r"\.?$",
            "(?x)^a$",
        ] {
            assert_eq!(of(regex), None, "{regex}");
        }
    }
}
