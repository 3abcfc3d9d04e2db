//! The simple commands in a line for the shell, as far as they can be told without running it.

/// Words that stand before a command.
const BEFORE: [&str; 12] = [
    "!", "{", "}", "(", "do", "elif", "else", "if", "then", "time", "until", "while",
];

/// Words after which no command stands.
const NONE: [&str; 7] = ["case", "done", "esac", "fi", "for", "function", "select"];

/// Each simple command as its words, without assignments, redirections and the shell's own words.
pub(super) fn commands(text: &str) -> Vec<Vec<String>> {
    let mut split = Split::default();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => {
                split.open = true;
                split
                    .word
                    .extend(letters.by_ref().take_while(|letter| *letter != '\''));
            }
            '"' => {
                split.open = true;
                split.is_quoted = !split.is_quoted;
            }
            '\\' => match letters.next() {
                Some('\n') | None => {}
                Some(next) => split.word.push(next),
            },
            // A command in the place of a word, also between quotes.
            '$' if letters.peek() == Some(&'(') => {
                letters.next();
                split.descend('(');
            }
            '`' if split.inside == Some('`') => split.ascend(),
            '`' => split.descend('`'),
            _ if split.is_quoted => split.word.push(letter),
            '#' if split.word.is_empty() && !split.open => {
                letters.by_ref().find(|letter| *letter == '\n');
                split.end_command();
            }
            ' ' | '\t' => split.end_word(),
            ')' if split.inside == Some('(') => split.ascend(),
            '\n' | ';' | '&' | '|' | '(' | ')' => split.end_command(),
            '<' | '>' => split.redirect(letter),
            _ => split.word.push(letter),
        }
    }
    // What was left open ends here.
    while split.inside.is_some() {
        split.ascend();
    }
    split.end_command();
    split.commands
}

#[derive(Default)]
struct Split {
    commands: Vec<Vec<String>>,
    words: Vec<String>,
    word: String,
    /// Whether a word has begun that may be empty.
    open: bool,
    is_quoted: bool,
    /// Whether the next word is where output goes or input comes from.
    redirects: bool,
    /// What began the substitution that this is, and the command that it is a part of.
    inside: Option<char>,
    outer: Vec<Split>,
}

impl Split {
    /// Begins a command that stands for a part of a word.
    fn descend(&mut self, by: char) {
        let inner = Self {
            inside: Some(by),
            commands: std::mem::take(&mut self.commands),
            outer: std::mem::take(&mut self.outer),
            ..Self::default()
        };
        let outer = std::mem::replace(self, inner);
        self.outer.push(outer);
    }

    /// Goes on with the word, of which nobody knows what it is now.
    fn ascend(&mut self) {
        self.end_command();
        let Some(outer) = self.outer.pop() else {
            self.inside = None;
            return;
        };
        let inner = std::mem::replace(self, outer);
        (self.commands, self.outer) = (inner.commands, inner.outer);
        self.word.push('$');
    }

    fn redirect(&mut self, letter: char) {
        // `2>file`: the number is no word.
        if self.word.chars().all(|letter| letter.is_ascii_digit()) {
            self.word.clear();
        }
        self.end_word();
        self.redirects = matches!(letter, '<' | '>');
    }

    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        if word.is_empty() && !std::mem::take(&mut self.open) {
            return;
        }
        self.open = false;
        if std::mem::take(&mut self.redirects) {
            return;
        }
        let is_first = self.words.is_empty();
        if is_first && (is_assignment(&word) || BEFORE.contains(&word.as_str())) {
            return;
        }
        self.words.push(word);
    }

    fn end_command(&mut self) {
        self.end_word();
        self.redirects = false;
        let words = std::mem::take(&mut self.words);
        if words
            .first()
            .is_some_and(|first| !NONE.contains(&first.as_str()))
        {
            self.commands.push(words);
        }
    }
}

/// `NAME=value`.
pub(super) fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|first: char| first.is_ascii_digit())
            && name
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        let commands = commands(text);
        let shown = commands.iter().map(|words| words.join("·"));
        shown.collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn every_command_of_a_line_is_seen() {
        for (line, commands) in [
            ("eslint a b", "eslint·a·b"),
            ("CI=1 A='x y' eslint --fix", "eslint·--fix"),
            (
                "cd web && npx tsc; echo done",
                "cd·web | npx·tsc | echo·done",
            ),
            ("cat x | sh check.sh > out 2>&1", "cat·x | sh·check.sh | 1"),
            (
                "for f in a b; do sh -n \"$f\" || exit 1; done",
                "sh·-n·$f | exit·1",
            ),
            ("if ! grep -q x y; then exit 1; fi", "grep·-q·x·y | exit·1"),
            (
                "V=$(git rev-parse \"HEAD\") make `uname`",
                "git·rev-parse·HEAD | uname | make·$",
            ),
            ("echo \"$(node x.js) ok\" b", "node·x.js | echo·$ ok·b"),
            ("$(which \"$(cat x)\") y", "cat·x | which·$ | $·y"),
            ("echo `a $(b) c", "b | a·$·c | echo·$"),
            ("# a comment\nruff check .", "ruff·check·."),
            ("'a tool' \"an arg\" '' b\\ c", "a tool·an arg··b c"),
            ("(cd x; mypy) <in >>out", "cd·x | mypy"),
            ("mypy \\\n  src", "mypy·src"),
            ("A=1", ""),
            ("", ""),
        ] {
            assert_eq!(shown(line), commands, "{line}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_split_to_its_end(text in "[ab '\"$()`;|&<>#=\\\\\n\t]{0,60}") {
            for words in commands(&text) {
                prop_assert!(!words.is_empty());
            }
        }
    }
}
