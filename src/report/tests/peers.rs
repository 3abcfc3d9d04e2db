//! The published schemas and a real renderer of GitHub's Markdown, as `.ci/run` installs them under `target/peers`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::{faults, json, rendered};
use crate::report::samples;

/// A file below the folder of the peers.
fn peer(path: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers");
    let peer = folder.join(path);
    assert!(
        peer.exists(),
        "{} is missing: .ci/run installs it",
        peer.display()
    );
    peer
}

/// Runs a peer, which must succeed; its output.
fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(peer(program))
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said}{wrong}");
    said
}

#[test]
fn sarif_keeps_the_published_schema() {
    let schema = peer("formats/package/lib/schemas/sarif-2.1.0-rtm.5.json");
    let schema: Value = serde_json::from_slice(&fs::read(schema).unwrap()).unwrap();
    for (name, report) in samples::every() {
        assert_eq!(faults(&schema, &json("sarif", &report)), [""; 0], "{name}");
    }
    let wrong = serde_json::json!({ "version": "2.1.0", "runs": [{}] });
    assert_ne!(faults(&schema, &wrong), [""; 0], "the schema judges");
}

#[test]
fn junit_keeps_the_published_schema() {
    let schema = peer("formats/junit-10.xsd");
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = vec!["--schema".to_owned(), schema.to_str().unwrap().to_owned()];
    for (name, report) in samples::every() {
        let path = folder.path().join(format!("{name}.xml"));
        fs::write(&path, rendered("junit", &report)).unwrap();
        arguments.push(path.to_str().unwrap().to_owned());
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let said = run("formats/venv/bin/xmlschema-validate", &arguments);
    let valid = said
        .lines()
        .filter(|line| line.ends_with("is valid"))
        .count();
    assert_eq!(valid, samples::every().len(), "{said}");
}

#[test]
fn markdown_means_what_was_meant() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.md");
    for (name, report) in samples::every() {
        fs::write(&page, rendered("markdown", &report)).unwrap();
        let script = "import cmarkgfm, sys; from cmarkgfm.cmark import Options; print(cmarkgfm.github_flavored_markdown_to_html(open(sys.argv[1]).read(), options=Options.CMARK_OPT_UNSAFE))";
        let html = run(
            "formats/venv/bin/python",
            &["-c", script, page.to_str().unwrap()],
        );
        let around = without_code(&html);
        for harmful in ["<a ", "<img", "<b>", "@", "##[", "::error", "!["] {
            assert!(!around.contains(harmful), "{name}: {harmful} in\n{around}");
        }
        let rows = html.matches("<tr>").count();
        let wanted = if report.steps.is_empty() {
            0
        } else {
            report.steps.len() + 1
        };
        assert_eq!(rows, wanted, "{name}: a row for each step\n{html}");
        let cells = html.matches("<td>").count();
        assert_eq!(
            cells,
            report.steps.len() * 4,
            "{name}: four cells each\n{html}"
        );
    }
}

/// A page without what stands in code, where nothing is looked for.
fn without_code(html: &str) -> String {
    let mut around = String::new();
    let mut rest = html;
    while let Some((before, behind)) = rest.split_once("<code") {
        around.push_str(before);
        let (_, behind) = behind.split_once("</code>").expect("code ends");
        rest = behind;
    }
    around + rest
}
