//! rustfmt. It follows `mod` declarations and would judge every file that it comes to; guard asks about files
//! of the change, and hears only what it says of those.

use super::by_file::{FILES, call, words};
use super::packages::{Interest, Touched, ends, touched};
use super::said::{self, Faults, at, fault, plain, span};
use super::{Adapter, Ask, install, rust};
use crate::finding::Fix;
use crate::finding::code::FORMAT_DIFFERS;
use crate::tool::{Call, Ear, Fault, Heard, Repair, Told, Unit};

const CONFIGS: [&str; 2] = ["rustfmt.toml", ".rustfmt.toml"];

/// The adapter.
pub(super) struct Rustfmt;

impl Adapter for Rustfmt {
    fn id(&self) -> &'static str {
        "rustfmt"
    }

    fn check(&self) -> &'static str {
        "format"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let interest = Interest {
            judges: &|name| ends(name, &["rs"]),
            rules: &|name| CONFIGS.contains(&name) || name == "Cargo.toml",
            home: &|folder| rust::is_package(ask.project, folder),
        };
        let touched = touched(ask, &interest).into_iter();
        touched.filter_map(|touched| unit(ask, touched)).collect()
    }
}

fn unit(ask: &Ask<'_>, touched: Touched) -> Option<Unit> {
    if touched.files.is_empty() && !touched.whole {
        return None;
    }
    let found = install::rust(ask, "rustfmt", "rustfmt");
    let edition = rust::edition(ask.project, &touched.root);
    let call = found.map(|_| {
        let named = ["rustfmt", "--edition", &edition, "--check", "-l", FILES];
        let (run, fix, ear): (&[&str], &[&str], &'static RustfmtEar) = if touched.whole {
            let run = &["cargo", "fmt", "--", "--check", "-l"];
            (run, &["cargo", "fmt"], &WHOLE)
        } else {
            (&named, &["rustfmt", "--edition", &edition, FILES], &NAMED)
        };
        Call {
            fix: Some(repair(fix)),
            ..call(ask, words(run), ear)
        }
    });
    Some(Unit {
        tool: "rustfmt",
        root: touched.root,
        files: touched.files,
        call,
    })
}

fn repair(run: &[&str]) -> Repair {
    Repair {
        run: words(run),
        kind: Fix::Safe,
        without: &[],
    }
}

/// Understands `--check -l`: names on standard output, what it could not read on standard error.
struct RustfmtEar {
    /// Whether only files that it was handed count.
    handed_only: bool,
}

static NAMED: RustfmtEar = RustfmtEar { handed_only: true };
static WHOLE: RustfmtEar = RustfmtEar { handed_only: false };

impl Ear for RustfmtEar {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let mut faults = Faults::new(FORMAT_DIFFERS);
        let out = String::from_utf8_lossy(told.out);
        let names: Vec<&str> = out
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty())
            .collect();
        for path in names.iter().filter_map(|name| told.ran.path(name)) {
            if !self.handed_only || told.files.contains(&path) {
                faults.push(Fault {
                    fix: Fix::Safe,
                    ..fault(
                        FORMAT_DIFFERS,
                        Some(path),
                        "rustfmt would format it differently",
                    )
                });
            }
        }
        let is_read = unreadable(told, &mut faults);
        // Names that do not count explain a failure as well; an error that has no place does not.
        let is_explained = is_read && (faults.has_error() || !names.is_empty());
        if told.exit == 0 || (told.exit == 1 && is_explained) {
            return faults.heard(None);
        }
        said::broken(told, "rustfmt", "cargo fmt --check")
    }
}

/// Errors with their places: `error: …` and, on the next line, ` --> src/lib.rs:1:6`. Whether all have one.
fn unreadable(told: &Told<'_>, faults: &mut Faults) -> bool {
    let mut is_read = true;
    let mut lines = told.err.lines().map(plain).peekable();
    while let Some(line) = lines.next() {
        let Some(message) = line
            .strip_prefix("error: ")
            .or_else(|| line.strip_prefix("Error writing files: "))
        else {
            continue;
        };
        let place = lines
            .peek()
            .and_then(|next| next.trim_start().strip_prefix("--> "));
        let place = place.and_then(|place| {
            let mut parts = place.rsplitn(3, ':');
            let column = parts.next()?.parse().ok()?;
            let line = parts.next()?.parse().ok()?;
            Some((told.ran.path(parts.next()?), at(line, column)))
        });
        match place {
            Some((path, place)) => faults.push(Fault {
                span: Some(span(place, None)),
                ..fault(FORMAT_DIFFERS, path, format!("cannot be read: {message}"))
            }),
            None if message.starts_with("aborting") => {}
            None => is_read = false,
        }
    }
    is_read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::rehearsal::{Rehearsal, heard, heard_of};

    fn package() -> Rehearsal {
        Rehearsal::of(&[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"a\"]\n[workspace.package]\nedition = \"2024\"\n",
            ),
            (
                "a/Cargo.toml",
                "[package]\nname = \"a\"\nedition.workspace = true\n",
            ),
        ])
        .with_path(&["rustfmt"])
    }

    #[test]
    fn files_are_named_with_their_edition() {
        assert_eq!(
            package().changed(&["a/src/b.rs"]).said(&Rustfmt),
            ["a: rustfmt --edition 2024 --check -l {files}"]
        );
        assert_eq!(
            package()
                .changed(&["rustfmt.toml", "a/src/b.rs"])
                .said(&Rustfmt),
            ["a: cargo fmt -- --check -l"]
        );
        assert!(package().gone(&["a/src/b.rs"]).units(&Rustfmt).is_empty());
    }

    #[test]
    fn only_what_was_asked_about_counts() {
        let out = "/tree/app/src/b.rs\n/tree/app/src/lib.rs\n";
        let lib = "app/src/lib.rs error - rustfmt would format it differently [safe]";
        assert_eq!(heard_of(&NAMED, 1, out, "", &["app/src/lib.rs"]), [lib]);
        assert!(heard_of(&NAMED, 1, "/tree/app/src/b.rs\n", "", &["app/src/lib.rs"]).is_empty());
        assert_eq!(heard(&WHOLE, 1, out, "").len(), 2);
    }

    #[test]
    fn what_does_not_parse_has_its_place() {
        let err = "error: this file contains an unclosed delimiter\n --> /tree/app/src/lib.rs:1:6\n  |\n1 | fn (\n  |    -^\n\n";
        assert_eq!(
            heard(&NAMED, 1, "", err),
            [
                "app/src/lib.rs:1:6-1:6 error - cannot be read: this file contains an unclosed delimiter"
            ]
        );
    }

    #[test]
    fn what_is_not_understood_is_no_pass() {
        for (exit, err) in [
            (1, ""),
            (1, "Error: Decoding config file failed\n"),
            (1, "error: couldn't read `src/gone.rs`\n"),
            (101, ""),
        ] {
            assert!(
                heard(&NAMED, exit, "", err)[0].starts_with('?'),
                "{exit} {err}"
            );
        }
    }
}
