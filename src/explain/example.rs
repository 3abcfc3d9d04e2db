//! An example of a code: what is in the files and what is typed. People read it as it stands, and the tests run it.
//!
//! ```text
//! by: command                       who says it: a step, `command` for all commands, or `gate`
//! needs: eslint                     programs without which it cannot be run (optional)
//! silence: how it is silenced, or that it cannot be; a further line
//!   is indented by two
//!
//! wrong: what is wrong, in a line
//! --- notes.txt                     a file with these lines, up to the next mark
//! TODO
//! $ git add .                       what is typed; a `\` at its end goes on in the next line
//! # a word to the reader            behind something typed
//! $ guard run pre-commit            the last line is the call that gives the code
//!
//! right: what is right, in a line
//! …
//! ```
//!
//! A half that nobody can run is headed `wrong, in words: …` and told in sentences. `git init` and a
//! name for the author are the test's, and not shown.

/// What there is to show about a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example<'t> {
    /// Who says the code: ids of steps, `command` or `gate`.
    pub by: Vec<&'t str>,
    /// Programs without which neither half can be run.
    pub needs: Vec<&'t str>,
    /// How it is silenced with a reason, or that it cannot be.
    pub silence: String,
    /// What gives the code.
    pub wrong: Half<'t>,
    /// What does not.
    pub right: Half<'t>,
}

/// One half of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Half<'t> {
    /// What it shows, in one line.
    pub title: &'t str,
    /// What is shown, as it is written.
    pub text: &'t str,
    /// What is to be done; none where it is only told.
    pub steps: Option<Vec<Step<'t>>>,
}

/// Something that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'t> {
    /// A file is written.
    Write {
        /// Where.
        path: &'t str,
        /// With this content.
        text: String,
    },
    /// A line is typed.
    Type(String),
}

/// A text that is no example.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The head lacks a line.
    #[error("the head has no line `{0}: ...`")]
    Headless(&'static str),
    /// The head has a line that nobody reads.
    #[error("the head has a line that means nothing: `{0}`")]
    Unread(String),
    /// A half is missing.
    #[error("behind an empty line there is no `{0}: ...` with something below it")]
    Halved(&'static str),
    /// A line stands where it means nothing.
    #[error("this line is neither in a file (`--- PATH`) nor typed (`$ ...`): `{0}`")]
    Stray(String),
    /// Nothing is judged.
    #[error("its last line must be a call of guard: `$ guard ...`")]
    Unjudged,
}

impl<'t> Example<'t> {
    /// Reads a text.
    pub fn parse(text: &'t str) -> Result<Self, Malformed> {
        let (head, body) = text.split_once("\n\n").ok_or(Malformed::Halved("wrong"))?;
        let mut example = Self::headed(head)?;
        let at = body
            .match_indices("\n\nright")
            .map(|(at, _)| at)
            .find(|at| heading("right", &body[at + 2..]).is_some())
            .ok_or(Malformed::Halved("right"))?;
        example.wrong = Half::parse("wrong", &body[..at])?;
        example.right = Half::parse("right", &body[at + 2..])?;
        Ok(example)
    }

    /// An example of which only the head is known.
    fn headed(head: &'t str) -> Result<Self, Malformed> {
        let mut example = Self {
            by: Vec::new(),
            needs: Vec::new(),
            silence: String::new(),
            wrong: Half::EMPTY,
            right: Half::EMPTY,
        };
        for line in head.lines() {
            let list = |ids: &'t str| ids.split(',').map(str::trim).collect();
            if let Some(ids) = line.strip_prefix("by: ") {
                example.by = list(ids);
            } else if let Some(programs) = line.strip_prefix("needs: ") {
                example.needs = list(programs);
            } else if let Some(text) = line.strip_prefix("silence: ") {
                text.clone_into(&mut example.silence);
            } else if let Some(more) = line
                .strip_prefix("  ")
                .filter(|_| !example.silence.is_empty())
            {
                example.silence.push(' ');
                example.silence.push_str(more);
            } else {
                return Err(Malformed::Unread(line.to_owned()));
            }
        }
        match () {
            () if example.by.is_empty() => Err(Malformed::Headless("by")),
            () if example.silence.is_empty() => Err(Malformed::Headless("silence")),
            () => Ok(example),
        }
    }
}

/// The rest of a half's heading, and whether what follows is only told.
fn heading<'t>(kind: &str, text: &'t str) -> Option<(&'t str, Way)> {
    let rest = text.strip_prefix(kind)?;
    let run = rest.strip_prefix(": ").map(|rest| (rest, Way::Run));
    run.or_else(|| Some((rest.strip_prefix(", in words: ")?, Way::Told)))
}

/// How a half is shown.
#[derive(Clone, Copy)]
enum Way {
    Run,
    Told,
}

impl<'t> Half<'t> {
    const EMPTY: Self = Self {
        title: "",
        text: "",
        steps: None,
    };

    fn parse(kind: &'static str, text: &'t str) -> Result<Self, Malformed> {
        let halved = Malformed::Halved(kind);
        let (rest, way) = heading(kind, text).ok_or(halved.clone())?;
        let (title, text) = rest.split_once('\n').ok_or(halved)?;
        let text = text.trim_end();
        let steps = match way {
            Way::Run => Some(steps(text)?),
            Way::Told => None,
        };
        Ok(Self { title, text, steps })
    }
}

fn steps(text: &str) -> Result<Vec<Step<'_>>, Malformed> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for line in text.lines() {
        if let Some(Step::Type(typed)) = steps.last_mut().filter(|step| step.goes_on()) {
            typed.push('\n');
            typed.push_str(line);
        } else if let Some(path) = line.strip_prefix("--- ") {
            let text = String::new();
            steps.push(Step::Write { path, text });
        } else if let Some(typed) = line.strip_prefix("$ ") {
            steps.push(Step::Type(typed.to_owned()));
        } else if let Some(Step::Write { text, .. }) = steps.last_mut() {
            text.push_str(line);
            text.push('\n');
        } else if !line.starts_with("# ") && !line.is_empty() {
            return Err(Malformed::Stray(line.to_owned()));
        }
    }
    match steps.last() {
        Some(Step::Type(typed)) if typed.contains("guard ") => Ok(steps),
        _ => Err(Malformed::Unjudged),
    }
}

impl Step<'_> {
    /// Whether the next line belongs to it, whatever it begins with.
    fn goes_on(&self) -> bool {
        matches!(self, Self::Type(typed) if typed.ends_with('\\'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "by: lint, command\nneeds: eslint\nsilence: one,\n  two\n\n";

    fn parse(body: &str) -> Result<(Half<'_>, Half<'_>), Malformed> {
        Example::parse(body).map(|example| (example.wrong, example.right))
    }

    #[test]
    fn an_example_is_read_as_it_is_written() {
        let text = format!(
            "{HEAD}wrong: it is\n--- a/b.txt\n# not a word to the reader\n\nright\n$ one \\\n--- two\n# a word\n--- c\n$ guard run ci\n\nright, in words: it is not\nAll is well.\n"
        );
        let example = Example::parse(&text).unwrap();
        assert_eq!(example.by, ["lint", "command"]);
        assert_eq!(example.needs, ["eslint"]);
        assert_eq!(example.silence, "one, two");
        let write = |path, text: &str| Step::Write {
            path,
            text: text.to_owned(),
        };
        assert_eq!(
            example.wrong.steps.unwrap(),
            [
                write("a/b.txt", "# not a word to the reader\n\nright\n"),
                Step::Type("one \\\n--- two".to_owned()),
                write("c", ""),
                Step::Type("guard run ci".to_owned()),
            ]
        );
        assert_eq!(example.wrong.title, "it is");
        assert_eq!(example.right.title, "it is not");
        assert_eq!(example.right.text, "All is well.");
        assert_eq!(example.right.steps, None);
    }

    #[test]
    fn what_is_missing_or_stray_is_named() {
        let run = "$ guard run ci";
        let good = format!("{HEAD}wrong: x\n{run}\n\nright: y\n{run}\n");
        assert!(parse(&good).is_ok());
        for (from, to, error) in [
            ("by: lint, command\n", "", Malformed::Headless("by")),
            ("silence: one,\n  two\n", "", Malformed::Headless("silence")),
            (
                "needs",
                "neds",
                Malformed::Unread("neds: eslint".to_owned()),
            ),
            ("wrong: ", "bad: ", Malformed::Halved("wrong")),
            ("right: ", "good: ", Malformed::Halved("right")),
            (
                "$ guard run ci\n\n",
                "echo\n\n",
                Malformed::Stray("echo".to_owned()),
            ),
            ("$ guard run ci\n\n", "--- a\n\n", Malformed::Unjudged),
            ("$ guard run ci\n\n", "$ ls\n\n", Malformed::Unjudged),
        ] {
            let text = good.replacen(from, to, 1);
            assert_eq!(parse(&text).unwrap_err(), error, "{text}");
        }
        assert_eq!(parse("").unwrap_err(), Malformed::Halved("wrong"));
    }
}
