//! A package's script as one plain command, where it is no more than that.

use std::collections::BTreeMap;

/// What a script runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plain {
    /// Variables that it sets before.
    pub(crate) env: BTreeMap<String, String>,
    /// The program, without what only leads to it (`npx`, `cross-env`), and its arguments.
    pub(crate) words: Vec<String>,
}

/// The one command of a script; none where a shell would have more to do than start it.
pub(crate) fn plain(script: &str) -> Option<Plain> {
    let mut words = split(script)?.into_iter().peekable();
    let mut plain = Plain::default();
    loop {
        while let Some(word) = words.next_if(|word| assignment(word).is_some()) {
            let (name, value) = assignment(&word)?;
            plain.env.insert(name.to_owned(), value.to_owned());
        }
        let leads = match words.peek()?.as_str() {
            "cross-env" | "env" | "npx" | "bunx" => 1,
            "npm" | "pnpm" | "yarn" => {
                let mut ahead = words.clone();
                ahead.next();
                match ahead.next().as_deref() {
                    Some("exec") => 2,
                    _ => 0,
                }
            }
            _ => 0,
        };
        if leads == 0 {
            break;
        }
        words.by_ref().take(leads).for_each(drop);
        while words
            .next_if(|word| {
                matches!(
                    word.as_str(),
                    "--" | "--no-install" | "-y" | "--yes" | "--bun"
                )
            })
            .is_some()
        {}
    }
    plain.words = words.collect();
    through_node(&mut plain);
    (!plain.words.is_empty()).then_some(plain)
}

/// `node --experimental-vm-modules node_modules/jest/bin/jest.js` is jest with options for node.
fn through_node(plain: &mut Plain) {
    if plain.words.first().is_none_or(|word| word != "node") {
        return;
    }
    let options = plain.words[1..]
        .iter()
        .take_while(|word| word.starts_with('-'))
        .count();
    let Some(program) = plain.words.get(1 + options) else {
        return;
    };
    let tool = ["jest", "vitest"].into_iter().find(|tool| {
        program.ends_with(&format!("node_modules/.bin/{tool}"))
            || program.contains(&format!("node_modules/{tool}/"))
    });
    if let Some(tool) = tool {
        let options = plain.words[1..=options].join(" ");
        if !options.is_empty() {
            plain.env.insert("NODE_OPTIONS".into(), options);
        }
        let arguments = plain
            .words
            .iter()
            .position(|word| word == program)
            .map_or(0, |at| at + 1);
        let mut words = vec![tool.to_owned()];
        words.extend(plain.words.drain(arguments..));
        plain.words = words;
    }
}

fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some((name, value))
}

/// The words of a line; none where a shell would do more than cut it.
fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' => words.extend(word.take()),
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        end if end == letter => break,
                        '$' | '`' | '\\' if letter == '"' => return None,
                        other => word.push(other),
                    }
                }
            }
            '&' | '|' | ';' | '<' | '>' | '(' | ')' | '$' | '`' | '\\' | '\n' | '\r' | '*'
            | '?' | '[' | '{' | '~' | '#' | '!' => return None,
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(script: &str) -> String {
        plain(script).map_or_else(String::new, |plain| {
            let env: Vec<String> = plain
                .env
                .iter()
                .map(|(name, value)| format!("{name}={value} "))
                .collect();
            env.concat() + &plain.words.join("|")
        })
    }

    #[test]
    fn what_leads_to_a_program_is_taken_off() {
        for (script, what) in [
            ("jest", "jest"),
            (
                "npx --no-install vitest run --config 'a b.ts'",
                "vitest|run|--config|a b.ts",
            ),
            (
                "cross-env NODE_ENV=test TZ=UTC jest -i",
                "NODE_ENV=test TZ=UTC jest|-i",
            ),
            ("CI=1 pnpm exec vitest", "CI=1 vitest"),
            (
                "node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --x",
                "NODE_OPTIONS=--experimental-vm-modules --no-warnings jest|--x",
            ),
            ("node node_modules/.bin/jest", "jest"),
            ("node --test test/", "node|--test|test/"),
            ("npm run unit", "npm|run|unit"),
            ("tsc && jest", ""),
            ("jest \"$FILES\"", ""),
            ("mocha test/*.js", ""),
            ("jest 'open", ""),
            ("npx", ""),
            ("", ""),
        ] {
            assert_eq!(shown(script), what, "{script}");
        }
    }

    proptest! {
        #[test]
        fn no_script_makes_it_panic(script in "(node |jest|npx |A=b |cross-env |--|'|\"| |[a-z&$]){0,12}") {
            let _ = plain(&script);
        }
    }
}
