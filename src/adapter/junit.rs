//! Test results as JUnit's XML: what pytest and node's own runner write.

use std::borrow::Cow;

use super::xml::{Event, Reader, value};

/// What a report says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Results {
    /// How many tests there were.
    pub(crate) tests: u64,
    pub(crate) failures: Vec<Failure>,
}

/// A test that failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The suites in which it stands, outermost first.
    pub(crate) suites: Vec<String>,
    pub(crate) class: String,
    pub(crate) name: String,
    pub(crate) file: Option<String>,
    /// The line before which it is declared.
    pub(crate) line: Option<u32>,
    pub(crate) message: String,
    pub(crate) text: String,
}

/// Reads a report; none where it is none, or is cut off.
pub(crate) fn read(text: &str) -> Option<Results> {
    let mut results = Results::default();
    let mut suites: Vec<String> = Vec::new();
    let mut case = Failure::default();
    let mut is_failing = false;
    let mut is_report = false;
    for event in Reader::new(text) {
        match event.ok()? {
            Event::Start {
                name,
                attributes,
                is_empty,
            } => match name {
                "testsuites" => is_report = true,
                "testsuite" => {
                    is_report = true;
                    if !is_empty {
                        suites.push(text_of(&attributes, "name"));
                    }
                }
                "testcase" => {
                    results.tests += 1;
                    case = Failure {
                        suites: suites.clone(),
                        class: text_of(&attributes, "classname"),
                        name: text_of(&attributes, "name"),
                        file: value(&attributes, "file").map(str::to_owned),
                        line: value(&attributes, "line").and_then(|line| line.parse().ok()),
                        ..Failure::default()
                    };
                }
                "failure" | "error" => {
                    case.message = text_of(&attributes, "message");
                    case.text.clear();
                    is_failing = !is_empty;
                    if is_empty {
                        results.failures.push(case.clone());
                    }
                }
                _ => {}
            },
            Event::Text(text) if is_failing => case.text.push_str(&text),
            Event::End("failure" | "error") => {
                is_failing = false;
                results.failures.push(case.clone());
            }
            Event::End("testsuite") => {
                suites.pop();
            }
            Event::Text(_) | Event::End(_) => {}
        }
    }
    is_report.then_some(results)
}

fn text_of(attributes: &[(&str, Cow<'_, str>)], name: &str) -> String {
    value(attributes, name).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_cases_and_failures_are_read() {
        let text = "<?xml version=\"1.0\"?><testsuites><testsuite name=\"outer\"><testcase name=\"in &lt;\" classname=\"c\" \
                    file=\"a.py\" line=\"5\"><failure message=\"m\">t &amp; u</failure></testcase><testcase name=\"ok\"/>\
                    </testsuite><testcase name=\"late\"><error message=\"e\"/></testcase></testsuites>";
        let results = read(text).expect("a report");
        assert_eq!((results.tests, results.failures.len()), (3, 2));
        let first = &results.failures[0];
        assert_eq!(
            (
                first.suites.as_slice(),
                first.name.as_str(),
                first.text.as_str()
            ),
            (&["outer".to_owned()][..], "in <", "t & u")
        );
        assert_eq!((first.file.as_deref(), first.line), (Some("a.py"), Some(5)));
        assert_eq!(results.failures[1].name, "late");
    }

    #[test]
    fn what_is_cut_off_is_no_report() {
        for text in [
            "",
            "<testsuites>",
            "<testsuites><testcase></testsuites>",
            "<html/>",
            "{}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
