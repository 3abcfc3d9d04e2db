//! Coverage as JSON: coverage.json of coverage.py, and istanbul's coverage-summary.json.

use serde_json::Value;

use super::{Lines, Report};

/// Reads a report; none where it is neither.
pub(crate) fn read(text: &str) -> Option<Report> {
    let value: Value = serde_json::from_str(text).ok()?;
    let top = value.as_object()?;
    let files = match top.get("files") {
        Some(files) if top.contains_key("meta") || top.contains_key("totals") => files
            .as_object()?
            .iter()
            .map(|(file, about)| Some((file.clone(), of_python(about)?)))
            .collect::<Option<Vec<_>>>()?,
        _ => {
            top.get("total")?.get("lines")?;
            top.iter()
                .filter(|(file, _)| *file != "total")
                .map(|(file, about)| Some((file.clone(), of_istanbul(about)?)))
                .collect::<Option<Vec<_>>>()?
        }
    };
    Some(Report {
        files,
        ..Report::default()
    })
}

fn of_python(about: &Value) -> Option<Lines> {
    let mut lines = Lines::default();
    for (name, is_hit) in [("executed_lines", true), ("missing_lines", false)] {
        for number in about.get(name)?.as_array()? {
            lines.see(u32::try_from(number.as_u64()?).ok()?, is_hit);
        }
    }
    Some(lines)
}

fn of_istanbul(about: &Value) -> Option<Lines> {
    let lines = about.get("lines")?;
    let count = |name| lines.get(name)?.as_u64();
    Some(Lines::counted(count("covered")?, count("total")?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_forms_are_read() {
        let python = r#"{"meta":{"format":3},"files":{"app/__init__.py":{"executed_lines":[1,2,4],
            "summary":{"covered_lines":3},"missing_lines":[5,6,7],"excluded_lines":[]}},"totals":{}}"#;
        let istanbul = r#"{"total":{"lines":{"total":7,"covered":2,"skipped":0,"pct":28.57}},
            "/w/add.js":{"lines":{"total":7,"covered":2,"skipped":0,"pct":28.57}}}"#;
        for (text, file, sums) in [
            (python, "app/__init__.py", (3, 6)),
            (istanbul, "/w/add.js", (2, 7)),
        ] {
            let report = read(text).expect(text);
            assert_eq!(report.files.len(), 1);
            assert_eq!(
                (report.files[0].0.as_str(), report.files[0].1.sums()),
                (file, sums)
            );
        }
    }

    #[test]
    fn other_json_is_not_read() {
        for text in [
            "",
            "{}",
            "[]",
            "{\"files\":{}}",
            "{\"meta\":{},\"files\":{\"a\":{}}}",
            "{\"total\":1}",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_numbers_make_it_panic(covered in any::<u64>(), total in any::<i64>()) {
            let text = format!("{{\"total\":{{\"lines\":0}},\"a\":{{\"lines\":{{\"total\":{total},\"covered\":{covered}}}}}}}");
            let sums = read(&text).map(|report| report.files[0].1.sums());
            prop_assert!(sums.is_none_or(|(covered, total)| covered <= total));
        }
    }
}
