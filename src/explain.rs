//! `guard explain CODE`: what a finding code means, from the same texts that the docs page is made of.

use std::fmt::Write as _;

use crate::finding::code::{ALL, Code};
use crate::terminal::{escape_line, text};

/// Lines end here.
const WIDTH: usize = 80;

/// Nobody knows that code.
#[derive(Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("there is no finding code `{}`", escape_line(asked))]
#[diagnostic(help("{}", help(*nearest)))]
pub struct UnknownCode {
    /// As it was typed.
    pub asked: String,
    /// The code that was probably meant.
    pub nearest: Option<&'static str>,
}

fn help(nearest: Option<&'static str>) -> String {
    match nearest {
        Some(code) => format!("did you mean `guard explain {code}`?"),
        None => "`guard explain` lists all codes".to_owned(),
    }
}

/// All there is to know about a code, for 80 columns. Small letters and `_` will do as well.
pub fn code(asked: &str) -> Result<String, UnknownCode> {
    let meant = asked.trim().to_ascii_uppercase().replace('_', "-");
    match ALL.iter().find(|code| code.id == meant) {
        Some(code) => Ok(page(code)),
        None => Err(UnknownCode {
            asked: asked.to_owned(),
            nearest: nearest(&meant),
        }),
    }
}

/// Every code with its title, a line each.
pub fn list() -> String {
    let widest = ALL.iter().map(|code| code.id.len()).max().unwrap_or(0);
    let line = |code: &Code| format!("{}  {}", text::pad(code.id, widest), code.title);
    ALL.iter().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// The docs page `docs/codes.md`.
pub fn docs() -> String {
    let mut page = String::from(
        "# Finding codes\n\n\
         What `guard explain CODE` says, for all codes. This page is made from `src/finding/code.rs`.\n",
    );
    for code in ALL {
        let anchor = code.id.to_ascii_lowercase();
        let _ = write!(
            page,
            "\n<a id=\"{anchor}\"></a>\n\n## {}: {}\n\nSeverity: {} · since {}\n\n{}\n\nWhat to do: {}\n",
            code.id,
            code.title,
            code.severity.word(),
            code.since,
            code.why,
            code.fix,
        );
    }
    page
}

fn page(code: &Code) -> String {
    let title = format!("{}: {}", code.id, code.title);
    format!(
        "{}\n\n{}\n\n{}\n\n  severity: {}, since {}\n",
        text::wrap(&title, WIDTH, "", "  "),
        text::wrap(code.why, WIDTH, "  why: ", "       "),
        text::wrap(code.fix, WIDTH, "  fix: ", "       "),
        code.severity.word(),
        code.since,
    )
}

fn nearest(meant: &str) -> Option<&'static str> {
    // What is typed is compared with every code: a book is no code.
    if meant.len() > 64 {
        return None;
    }
    ALL.iter()
        .map(|code| (strsim::damerau_levenshtein(code.id, meant), code.id))
        .min()
        .filter(|(distance, id)| *distance <= id.len() / 3)
        .map(|(_, id)| id)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn a_code_is_explained_on_a_page() {
        insta::assert_snapshot!(code("cmd_timeout").unwrap(), @"
        CMD-TIMEOUT: a command of guard.yaml ran out of time

          why: guard ended the command and every process that it had started. What it
               would have said is not known, so it counts as failed.

          fix: Make the command faster, narrow its `files`, or raise its `timeout`.

          severity: error, since 0.1.0
        ");
        for known in ALL {
            for line in code(known.id).unwrap().lines() {
                assert!(text::width(line) <= WIDTH, "{line}");
            }
        }
    }

    #[test]
    fn a_slip_is_put_right_and_nonsense_is_not() {
        let slip = code("CMD-FALED").unwrap_err();
        assert_eq!(slip.nearest, Some("CMD-FAILED"));
        assert_eq!(code("\x1b[31m").unwrap_err().nearest, None);
        assert_eq!(
            code("\x1b[31m").unwrap_err().to_string(),
            "there is no finding code `\\u{1b}[31m`"
        );
        assert_eq!(
            code(&"CMD-FAILED".repeat(10_000)).unwrap_err().nearest,
            None
        );
        let help = miette::Diagnostic::help(&slip).unwrap().to_string();
        assert_eq!(help, "did you mean `guard explain CMD-FAILED`?");
    }

    #[test]
    fn every_code_is_listed_on_one_line() {
        let listed = list();
        assert_eq!(listed.lines().count(), ALL.len());
        assert!(listed.lines().all(|line| text::width(line) <= WIDTH));
    }

    #[test]
    fn the_docs_page_is_what_the_codes_say() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes.md");
        let committed = fs::read_to_string(&path).unwrap_or_default();
        if committed != docs() {
            let fresh = tempfile::Builder::new()
                .prefix("codes-")
                .suffix(".md")
                .tempfile()
                .unwrap();
            fs::write(fresh.path(), docs()).unwrap();
            let (_, kept) = fresh.keep().unwrap();
            panic!(
                "docs/codes.md is out of date: `cp {} docs/codes.md`",
                kept.display()
            );
        }
    }
}
