//! What build tools of Node's world print when they fail, and where it lies: next, tsc, vite, esbuild, webpack, rollup.

use super::place::{Spot, bounded, fault, own, spot};
use super::telling::{broken, exit, from, plain, short, telling};
use crate::finding::Position;
use crate::finding::code::BUILD_FAILED;
use crate::tool::{Fault, Heard, Ran, Told};

/// As many places are told: what comes behind is mostly the same again.
const MOST: usize = 50;

/// Endings of files in which an error can lie.
const SOURCES: [&str; 16] = [
    "ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "vue", "svelte", "astro", "css", "scss",
    "json", "mdx", "html",
];

/// What an answer of a build means.
pub(crate) fn hear(told: &Told<'_>, tool: &str) -> Heard {
    if told.exit == 0 {
        return Heard::Judged {
            faults: Vec::new(),
            files: None,
        };
    }
    if could_not_start(told) {
        return broken(told, tool, tool);
    }
    let out = plain(&String::from_utf8_lossy(told.out));
    let err = plain(told.err);
    let mut faults = places(&err, told.ran);
    for other in places(&out, told.ran) {
        let is_new = |known: &Fault| known.path != other.path || known.span != other.span;
        if faults.iter().all(is_new) {
            faults.push(other);
        }
    }
    faults.truncate(MOST);
    if faults.is_empty() {
        let line = telling(&[&err, &out]).unwrap_or_else(|| "it does not say why".to_owned());
        let message = format!(
            "`{}` failed (exit {}): {line}",
            from(told, tool),
            exit(told.exit)
        );
        faults.push(fault(BUILD_FAILED, message, None));
    }
    Heard::Judged {
        faults: bounded(BUILD_FAILED, faults),
        files: None,
    }
}

/// A shell's own word that there was nothing to start.
pub(crate) fn could_not_start(told: &Told<'_>) -> bool {
    matches!(told.exit, 126 | 127)
}

/// Places of errors, each with what is said about it.
fn places(text: &str, ran: &Ran) -> Vec<Fault> {
    let lines: Vec<&str> = text.lines().collect();
    let mut faults: Vec<Fault> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((spot, message)) = compiler(line, ran).or_else(|| alone(&lines, at, ran)) else {
            continue;
        };
        if faults.iter().all(|known| {
            known.path.as_ref() != Some(&spot.path) || known.span.map(|(from, _)| from) != spot.at
        }) {
            faults.push(fault(BUILD_FAILED, message, Some(spot)));
        }
        if faults.len() > MOST {
            break;
        }
    }
    faults
}

/// `a.ts(3,5): error TS2322: …`, `a.ts:3:5 - error TS2322: …` and esbuild's `a.ts:3:5: ERROR: …`.
fn compiler(line: &str, ran: &Ran) -> Option<(Spot, String)> {
    let marks = [": error ", " - error ", ": ERROR: "];
    let (place, message) = marks.iter().find_map(|mark| line.split_once(mark))?;
    let spot = match place
        .strip_suffix(')')
        .and_then(|place| place.rsplit_once('('))
    {
        Some((path, at)) => {
            let (line, column) = at.split_once(',')?;
            let at = Position {
                line: line.parse().ok()?,
                column: column.parse().ok()?,
            };
            Spot {
                path: own(path, ran)?,
                at: Some(at),
            }
        }
        None => spot(place, ran)?,
    };
    Some((spot, short(message)))
}

/// A line that is a place and little else: what is wrong stands beside it.
fn alone(lines: &[&str], at: usize, ran: &Ran) -> Option<(Spot, String)> {
    let line = lines[at].trim();
    let webpack = line.strip_prefix("ERROR in ");
    let place = webpack
        .or_else(|| line.strip_prefix("file: "))
        .or_else(|| line.strip_prefix("[FILE] "))
        .unwrap_or(line);
    let place = place.strip_suffix(':').unwrap_or(place);
    // webpack writes `./src/a.ts 3:5-20`.
    let joined;
    let place = match place.rsplit_once(' ') {
        Some((path, at)) if webpack.is_some() && at.starts_with(|c: char| c.is_ascii_digit()) => {
            joined = format!("{path}:{}", at.split('-').next().unwrap_or_default());
            &joined
        }
        _ => place,
    };
    let spot = match spot(place, ran) {
        Some(spot) => spot,
        // next's own checks and SWC name the file alone, and the error behind it.
        None if line.starts_with("./") && !line.contains(' ') => Spot::file(own(line, ran)?),
        None => return None,
    };
    let is_source = |path: &str| {
        path.rsplit_once('.')
            .is_some_and(|(_, ending)| SOURCES.contains(&ending))
    };
    if !is_source(&spot.path.to_text()) {
        return None;
    }
    // The message stands right behind, or before for esbuild and vite.
    let tells = |line: &&&str| {
        line.contains("rror")
            || line.contains("annot")
            || line.contains("failed")
            || line.contains("ERROR")
    };
    let behind = lines[at + 1..].iter().take(3).find(tells);
    let before = || lines[..at].iter().rev().take(3).find(tells);
    // A warning has a place as well: only what is told as an error is one.
    let message = match (behind, webpack) {
        (Some(line), _) => line,
        (None, Some(_)) => lines.get(at + 1)?,
        (None, None) => before()?,
    };
    Some((spot, short(message.trim_start_matches(['✘', ' ', '\t']))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(text: &str) -> Vec<String> {
        let ran = Ran {
            tops: vec!["/tree".into()],
            root: "app".into(),
        };
        let line = |fault: Fault| {
            let at = fault.span.map_or_else(String::new, |(from, _)| {
                format!(":{}:{}", from.line, from.column)
            });
            format!("{}{at} {}", fault.path.unwrap_or_default(), fault.message)
        };
        places(text, &ran).into_iter().map(line).collect()
    }

    #[test]
    fn each_tools_errors_have_places() {
        for (tool, text, line) in [
            (
                "next types",
                "Failed to compile.\n\n./app/page.tsx:3:9\nType error: Type 'string' is not assignable to type 'number'.\n",
                "app/app/page.tsx:3:9 Type error: Type 'string' is not assignable to type 'number'.",
            ),
            (
                "next swc",
                "./app/page.tsx\nError:   x Expected ';', '}' or <eof>\n   ,-[/tree/app/app/page.tsx:1:1]\n",
                "app/app/page.tsx Error:   x Expected ';', '}' or <eof>",
            ),
            (
                "tsc",
                "src/a.ts(3,5): error TS2322: Type 'x'.",
                "app/src/a.ts:3:5 TS2322: Type 'x'.",
            ),
            (
                "tsc pretty",
                "src/a.ts:3:5 - error TS2322: Type 'x'.",
                "app/src/a.ts:3:5 TS2322: Type 'x'.",
            ),
            (
                "vite",
                "error during build:\n[vite:esbuild] Transform failed with 1 error:\n/tree/app/src/main.ts:2:6: ERROR: x\nfile: /tree/app/src/main.ts:2:6",
                "app/src/main.ts:2:6 x",
            ),
            (
                "esbuild",
                "✘ [ERROR] Expected \";\" but found \"b\"\n\n    src/a.ts:1:2:\n      1 │ a b\n",
                "app/src/a.ts:1:2 [ERROR] Expected \";\" but found \"b\"",
            ),
            (
                "webpack",
                "ERROR in ./src/a.js 3:5-20\nModule not found: Can't resolve './x'",
                "app/src/a.js:3:5 Module not found: Can't resolve './x'",
            ),
        ] {
            assert_eq!(said(text), [line], "{tool}");
        }
    }

    #[test]
    fn warnings_installed_files_and_chatter_are_no_errors() {
        for text in [
            "./app/page.tsx\n3:5  Warning: 'x' is never used.  no-unused-vars\n",
            "/tree/node_modules/x/a.js:1:2\nError: y",
            "rendered at 12:30:45\nerror",
            "Local: http://localhost:3000\nError",
            "",
        ] {
            assert_eq!(said(text), [""; 0], "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\./a\\.ts|:3:5|\\(3,5\\)|: error | - error |ERROR in |file: |é| |:|\n){0,40}") {
            let _ = said(&text);
        }
    }
}
