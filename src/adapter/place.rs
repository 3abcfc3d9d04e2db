//! Places in what tools print: stack frames, tracebacks, panics, compilers' lines.
//!
//! JavaScript's engines count columns in UTF-16 units. That is the same number but behind characters outside the
//! basic plane, and the file is not at hand, so it is taken as it is.

use crate::finding::code::Code;
use crate::finding::{Fix, Position};
use crate::path::RepoPath;
use crate::tool::{Fault, Ran};

/// Folders of what is installed: a failure lies in the team's own code.
const INSTALLED: [&str; 6] = [
    "node_modules",
    "site-packages",
    ".venv",
    "venv",
    ".yarn",
    ".cargo",
];

/// As many faults are told.
const MOST: usize = 1000;

/// A file, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) path: RepoPath,
    pub(crate) at: Option<Position>,
}

impl Spot {
    /// The file as a whole.
    pub(crate) fn file(path: RepoPath) -> Self {
        Self { path, at: None }
    }
}

/// A fault of this kind at a place.
pub(crate) fn fault(code: Code, message: String, spot: Option<Spot>) -> Fault {
    let (path, at) = spot.map_or((None, None), |spot| (Some(spot.path), spot.at));
    let behind = |at: Position| Position {
        column: at.column.saturating_add(1),
        ..at
    };
    Fault {
        code,
        severity: code.severity,
        path,
        span: at.map(|at| (at, behind(at))),
        rule: None,
        message,
        help: None,
        fix: Fix::None,
    }
}

/// As many faults as are told, and how many were left out.
pub(crate) fn bounded(code: Code, mut faults: Vec<Fault>) -> Vec<Fault> {
    let more = faults.len().saturating_sub(MOST);
    if more > 0 {
        faults.truncate(MOST);
        faults.push(fault(
            code,
            format!("and {more} more, which are left out here"),
            None,
        ));
    }
    faults
}

/// `path:line:column` or `path:line`, in the team's own code.
pub(crate) fn spot(said: &str, ran: &Ran) -> Option<Spot> {
    let (before, last) = said.trim().rsplit_once(':')?;
    let last: u32 = last.parse().ok().filter(|number| *number > 0)?;
    let (path, line, column) = match before.rsplit_once(':') {
        Some((path, line)) if !path.is_empty() => match line.parse::<u32>() {
            Ok(line) if line > 0 => (path, line, last),
            _ => (before, last, 1),
        },
        _ => (before, last, 1),
    };
    let path = own(path, ran)?;
    Some(Spot {
        path,
        at: Some(Position { line, column }),
    })
}

/// A path of the team's own code.
pub(crate) fn own(said: &str, ran: &Ran) -> Option<RepoPath> {
    let is_text = !said.is_empty() && !said.starts_with("node:") && !said.starts_with('<');
    let path = is_text.then(|| ran.path(said)).flatten()?;
    let text = path.to_text();
    let is_installed = text.split('/').any(|part| INSTALLED.contains(&part));
    (!is_installed).then_some(path)
}

/// The first frame of a JavaScript stack that lies in the team's own code.
pub(crate) fn frame(text: &str, ran: &Ran) -> Option<Spot> {
    text.lines().find_map(|line| {
        let line = line.trim();
        let frame = line
            .strip_prefix("at ")
            .or_else(|| line.strip_prefix("❯ "))?;
        let inside = match frame.strip_suffix(')') {
            Some(open) => open.split_once(" (").map_or(open, |(_, inside)| inside),
            None => frame.rsplit(' ').next()?,
        };
        spot(inside.trim_start_matches("async "), ran)
    })
}

/// The last place of a Python traceback that lies in the team's own code: where it was raised.
pub(crate) fn raised(text: &str, ran: &Ran) -> Option<Spot> {
    text.lines().rev().find_map(|line| {
        let (place, _) = line
            .split_once(": ")
            .or_else(|| line.trim_end().strip_suffix(':').map(|p| (p, "")))?;
        let is_place = !place.starts_with([' ', '>', '\t'])
            && !place.starts_with("E ")
            && place.contains(".py:");
        is_place.then(|| spot(place, ran)).flatten()
    })
}

/// Where a Rust thread panicked, and what it said.
pub(crate) fn panicked(text: &str, ran: &Ran) -> Option<(Option<Spot>, String)> {
    let mut lines = text.lines();
    let line = lines.find(|line| line.contains("panicked at "))?;
    let (_, said) = line.split_once("panicked at ")?;
    if let Some(place) = said.strip_suffix(':') {
        let message = lines.next().unwrap_or_default();
        return Some((spot(place, ran), super::telling::short(message)));
    }
    // Before Rust 1.73: `panicked at 'message', src/lib.rs:3:5`.
    let (message, place) = said.rsplit_once(", ")?;
    let message = message.trim_matches('\'');
    Some((spot(place, ran), super::telling::first_line(message)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ran() -> Ran {
        Ran {
            tops: vec!["/tree".into()],
            root: "web".into(),
        }
    }

    fn shown(spot: Option<Spot>) -> String {
        let at = |at: Position| format!(":{}:{}", at.line, at.column);
        spot.map_or_else(String::new, |spot| {
            format!("{}{}", spot.path, spot.at.map_or(String::new(), at))
        })
    }

    #[test]
    fn frames_lead_to_the_teams_own_code() {
        for (text, place) in [
            (
                "Error: x\n    at Object.toBe (/tree/web/a.test.js:4:23)\n",
                "web/a.test.js:4:23",
            ),
            (
                "    at file:///tree/web/node_modules/x/i.js:1:1\n    at /tree/web/a.ts:5:23",
                "web/a.ts:5:23",
            ),
            ("    at async f (src/a (1).ts:7:2)", "web/src/a (1).ts:7:2"),
            (" ❯ test/a.ts:5:23", "web/test/a.ts:5:23"),
            (
                "    at node:internal/test:1:1\n at new Promise (<anonymous>)\n at f (/usr/x.js:1:2)",
                "",
            ),
            ("at (", ""),
            ("at x:0:0", ""),
        ] {
            assert_eq!(shown(frame(text, &ran())), place, "{text}");
        }
    }

    #[test]
    fn tracebacks_end_where_it_was_raised() {
        let text = "tests/test_a.py:7: \n_ _ _\n    x: int\ntests/test_a.py:4: AssertionError\n/usr/lib/x.py:9: in f";
        assert_eq!(shown(raised(text, &ran())), "web/tests/test_a.py:4:1");
        assert_eq!(shown(raised("E   a.py:1: x", &ran())), "");
    }

    #[test]
    fn panics_of_old_and_new_compilers_are_read() {
        for text in [
            "\nthread 't' (31) panicked at src/lib.rs:6:9:\nleft != right\n  left: 3",
            "thread 't' panicked at 'left != right', src/lib.rs:6:9\nnote: run",
        ] {
            let (spot, message) = panicked(text, &ran()).expect("a panic");
            assert_eq!(
                (shown(spot).as_str(), message.as_str()),
                ("web/src/lib.rs:6:9", "left != right")
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(at |panicked at |: |[a-z.é:()0-9\n']){0,40}") {
            let _ = (frame(&text, &ran()), raised(&text, &ran()), panicked(&text, &ran()), spot(&text, &ran()));
        }
    }
}
