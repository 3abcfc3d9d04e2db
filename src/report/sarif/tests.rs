//! temporary
use crate::report::{FORMATS, samples, Manner, Verbosity};
use crate::terminal::Style;
#[test]
fn dump_all() {
    std::fs::create_dir_all("/tmp/snap").unwrap();
    for (name, report) in samples::every() {
        for format in FORMATS {
            let text = format.render(&report, Manner { style: Style::PLAIN, verbosity: Verbosity::Normal });
            std::fs::write(format!("/tmp/snap/{name}.{}", format.id()), text).unwrap();
        }
    }
}
