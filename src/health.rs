//! What guard says of its surroundings: one line a thing, with its state, why, and the next command.

use serde::Serialize;

use crate::outcome::{Outcome, Verdict};

/// How a thing is. `Unknown` is never green: guard could not find out what counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Ok,
    /// guard works, and something wants attention.
    Warning,
    /// guard does not work as it should.
    Error,
    /// It counts, and could not be found out.
    Unknown,
    /// Not looked at, and that is right.
    Skipped,
}

/// One thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// How it is.
    pub state: State,
    /// Why, in half a sentence.
    pub reason: String,
    /// The exact next command, where there is one.
    pub fix: Option<String>,
}

impl Line {
    /// A line.
    pub fn new(id: impl Into<String>, state: State, reason: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            state,
            reason: reason.into(),
            fix: None,
        }
    }

    /// As it should be.
    pub fn ok(id: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::new(id, State::Ok, reason)
    }

    /// Not looked at.
    pub fn skipped(id: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::new(id, State::Skipped, reason)
    }

    /// With the next command.
    #[must_use]
    pub fn fix(mut self, command: impl Into<String>) -> Self {
        self.fix = Some(command.into());
        self
    }

    /// The same as the end of a step. A warning passed; whoever tells it says so beside.
    pub fn outcome(&self) -> Outcome {
        let reason = match &self.fix {
            Some(fix) => format!("{}; next: `{fix}`", self.reason),
            None => self.reason.clone(),
        };
        match self.state {
            State::Ok | State::Warning => Outcome::Passed,
            State::Error => Outcome::failed(reason),
            State::Unknown => {
                let remedy = match &self.fix {
                    Some(fix) => format!("`{fix}`"),
                    None => "mend what stands in the way, then `guard doctor`".to_owned(),
                };
                Outcome::unknown(self.reason.clone(), remedy)
            }
            State::Skipped => Outcome::skipped(reason),
        }
    }
}

/// What all lines together mean: an error outweighs what is unknown.
pub fn verdict(lines: &[Line]) -> Verdict {
    let has = |state| lines.iter().any(|line| line.state == state);
    if has(State::Error) {
        Verdict::Failed
    } else if has(State::Unknown) {
        Verdict::Unknown
    } else {
        Verdict::Passed
    }
}

/// A word as a shell takes it for exactly that.
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./:=@%+,".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_line_decides() {
        let of = |states: &[State]| {
            let lines: Vec<Line> = states
                .iter()
                .map(|state| Line::new("x", *state, "y"))
                .collect();
            verdict(&lines)
        };
        assert_eq!(of(&[]), Verdict::Passed);
        let fine = [State::Ok, State::Warning, State::Skipped];
        assert_eq!(of(&fine), Verdict::Passed);
        assert_eq!(of(&[State::Ok, State::Unknown]), Verdict::Unknown);
        assert_eq!(of(&[State::Error, State::Unknown]), Verdict::Failed);
    }

    #[test]
    fn a_word_stays_one_word() {
        for (word, expected) in [
            ("/a/b-c_1", "/a/b-c_1"),
            ("/a b", "'/a b'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("~", "'~'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
