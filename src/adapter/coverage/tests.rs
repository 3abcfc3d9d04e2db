//! Coverage as it is judged: the border, the words, several reports.

use proptest::prelude::*;

use super::*;

fn ran() -> Ran {
    Ran {
        tops: vec!["/state/tree".into()],
        root: "web".into(),
    }
}

fn hear(percent: f64, left: Vec<(&str, String)>) -> Heard {
    let left = left.into_iter();
    let told = Told {
        exit: 0,
        out: b"",
        err: "",
        report: None,
        left: left
            .map(|(path, text)| (path.to_owned(), text.into_bytes()))
            .collect(),
        floor: Some(Floor { percent }),
        ran: &ran(),
        is_judged: &|path| !path.is_within(&"web/dist".into()),
        files: &[],
    };
    let passed = Heard::Judged {
        faults: vec![],
        files: None,
    };
    judged(passed, &told)
}

fn said(heard: Heard) -> String {
    match heard {
        Heard::Judged { faults, .. } => faults.into_iter().map(|fault| fault.message).collect(),
        Heard::Broken { reason, .. } => format!("unknown: {reason}"),
    }
}

fn lcov_of(file: &str, covered: u32, total: u32) -> String {
    let line = |number| format!("DA:{number},{}\n", u32::from(number <= covered));
    let lines: String = (1..=total).map(line).collect();
    format!("SF:{file}\n{lines}end_of_record\n")
}

#[test]
fn the_border_is_exact() {
    for (percent, covered, is_low) in [
        (80.0, 8000, false),
        (80.0, 7999, true),
        (79.99, 7999, false),
        (79.995, 7999, true),
        (100.0, 9999, true),
        (100.0, 10000, false),
        (0.0, 0, false),
    ] {
        let heard = said(hear(percent, vec![("l", lcov_of("a.ts", covered, 10_000))]));
        assert_eq!(
            !heard.is_empty(),
            is_low,
            "{covered} for {percent}: {heard}"
        );
    }
}

#[test]
fn the_message_names_what_is_asked_and_the_three_worst_files() {
    let files = [
        ("a.ts", 3, 4),
        ("b.ts", 0, 9),
        ("c.ts", 5, 5),
        ("d.ts", 1, 7),
        ("e.ts", 0, 2),
    ];
    let text: String = files
        .map(|(file, covered, total)| lcov_of(file, covered, total))
        .concat();
    assert_eq!(
        said(hear(79.99, vec![("{reports}/lcov.info", text)])),
        "tests reach 33.33% of the lines of web, 79.99% are asked for; \
         least covered: web/b.ts (0 of 9), web/d.ts (1 of 7), web/e.ts (0 of 2)"
    );
    assert!(
        said(hear(80.0, vec![("l", lcov_of("a", 79_999, 100_000))]))
            .starts_with("tests reach 79.99% ")
    );
}

#[test]
fn reports_are_merged_by_file_and_line() {
    let xml = "<coverage><sources><source>/state/tree/web</source></sources><class filename=\"a.ts\">\
               <line number=\"3\" hits=\"1\"/><line number=\"9\" hits=\"0\"/></class></coverage>";
    let summary =
        r#"{"total":{"lines":{}},"/state/tree/web/a.ts":{"lines":{"total":50,"covered":1}}}"#;
    let left = vec![
        ("lcov.info", lcov_of("a.ts", 2, 4)),
        ("coverage.xml", xml.to_owned()),
        ("coverage/coverage-summary.json", summary.to_owned()),
        ("other", lcov_of("/usr/lib/outside.js", 0, 1000)),
    ];
    assert!(said(hear(60.01, left.clone())).starts_with("tests reach 60% "));
    assert_eq!(said(hear(60.0, left)), "");
}

#[test]
fn what_was_built_and_is_no_part_of_the_judged_tree_does_not_count() {
    let built = lcov_of("dist/a.js", 100, 100);
    let left = |files: &[String]| vec![("lcov.info", files.concat())];
    let both = [lcov_of("a.ts", 1, 4), built.clone()];
    let heard = said(hear(80.0, left(&both)));
    assert!(heard.starts_with("tests reach 25% "), "{heard}");
    let heard = said(hear(80.0, left(&[built])));
    assert!(heard.contains("names no line"), "{heard}");
}

#[test]
fn no_report_or_one_of_nothing_is_unknown() {
    let left_none = said(hear(80.0, vec![]));
    assert!(left_none.starts_with("unknown: ") && left_none.contains("left no coverage report"));
    for text in [String::new(), lcov_of("/elsewhere/a.ts", 1, 1)] {
        let heard = said(hear(80.0, vec![("l", text)]));
        assert!(heard.contains("names no line"), "{heard}");
    }
    for text in ["<coverage>", "{\"a\":1}", "SF:a\nDA:1,1\n", "\u{1}\u{2}"] {
        let heard = said(hear(0.0, vec![("{reports}/x", text.to_owned())]));
        assert_eq!(
            heard, "unknown: the coverage report `x` cannot be read",
            "{text}"
        );
    }
}

#[test]
fn a_failed_run_is_told_by_its_failures_alone() {
    let failed = Heard::Broken {
        reason: "crashed".into(),
        remedy: String::new(),
    };
    let told = Told {
        exit: 1,
        out: b"",
        err: "",
        report: None,
        left: vec![],
        floor: Some(Floor { percent: 80.0 }),
        ran: &ran(),
        is_judged: &|path| !path.is_within(&"web/dist".into()),
        files: &[],
    };
    assert_eq!(said(judged(failed, &told)), "unknown: crashed");
}

#[test]
fn a_scripts_reports_are_looked_for_where_the_settings_say() {
    let named = |report: &[&str]| CheckSettings {
        report: report.iter().map(|name| (*name).to_owned()).collect(),
        ..CheckSettings::default()
    };
    let web = RepoPath::from("web");
    assert!(left_by_scripts(None, &web).is_empty());
    assert!(left_by_scripts(Some(&named(&[])), &web).contains(&"coverage/lcov.info".to_owned()));
    let some = named(&["/web/out/lcov.info", "**/coverage.xml", "api/coverage.xml"]);
    assert_eq!(
        left_by_scripts(Some(&some), &web),
        ["out/lcov.info", "coverage.xml"]
    );
}

proptest! {
    #[test]
    fn more_is_never_less(covered in 0_u64..5000, total in 1_u64..5000, percent in 0.0_f64..100.0) {
        let measure = |covered: u64| Measure { covered: covered.min(total), total, files: vec![] };
        let floor = Floor { percent };
        prop_assert!(!measure(covered).reaches(floor) || measure(covered + 1).reaches(floor));
        prop_assert!(measure(total).reaches(floor));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }
}
