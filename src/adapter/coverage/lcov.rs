//! Coverage as lcov writes it, and with it istanbul, vitest, llvm-cov and node's own runner.

use super::{Lines, Report};

/// Reads a report; none where it is no lcov, or is cut off.
pub(crate) fn read(text: &str) -> Option<Report> {
    let mut report = Report::default();
    let mut open: Option<Record> = None;
    for line in text.lines() {
        let line = line.trim();
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        match (key, &mut open) {
            ("SF", None) => {
                open = Some(Record {
                    file: value.to_owned(),
                    lines: Lines::default(),
                    found: None,
                    hit: None,
                });
            }
            ("SF", Some(_)) => return None,
            ("DA", Some(record)) => {
                let mut parts = value.split(',');
                let number: u32 = parts.next()?.parse().ok()?;
                // llvm-cov writes large counts, some tools negative ones: only more than none counts.
                let hits: f64 = parts.next()?.parse().ok()?;
                record.lines.see(number, hits > 0.0);
            }
            ("LF", Some(record)) => record.found = value.parse().ok(),
            ("LH", Some(record)) => record.hit = value.parse().ok(),
            ("end_of_record", open) => {
                let record = open.take()?;
                report
                    .files
                    .push((record.file.clone(), record.into_lines()));
            }
            _ if key.is_empty() || is_known(key) => {}
            _ => return None,
        }
    }
    open.is_none().then_some(report)
}

struct Record {
    file: String,
    lines: Lines,
    found: Option<u64>,
    hit: Option<u64>,
}

impl Record {
    /// Its lines; where it has only sums, these.
    fn into_lines(self) -> Lines {
        match (self.found, self.hit) {
            (Some(total), Some(covered)) if self.lines.is_empty() => Lines::counted(covered, total),
            _ => self.lines,
        }
    }
}

fn is_known(key: &str) -> bool {
    let known = [
        "TN", "VER", "FN", "FNDA", "FNF", "FNH", "FNL", "FNA", "BRDA", "BRF", "BRH", "MCDC", "MCF",
        "MCH", "DA", "LF", "LH",
    ];
    known.contains(&key) || key.starts_with('#')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What jest 30 writes.
    const JEST: &str = "TN:\nSF:src/add.js\nFN:1,(anonymous_0)\nFNF:2\nFNH:1\nFNDA:2,(anonymous_0)\nDA:1,2\nDA:2,1\n\
                        DA:3,0\nDA:4,0\nDA:6,0\nLF:5\nLH:2\nBRDA:3,0,0,0\nBRF:2\nBRH:0\nend_of_record\n";

    #[test]
    fn a_record_is_read() {
        let report = read(JEST).expect("lcov");
        assert_eq!(report.files.len(), 1);
        let (file, lines) = &report.files[0];
        assert_eq!((file.as_str(), lines.sums()), ("src/add.js", (2, 5)));
    }

    #[test]
    fn sums_stand_for_missing_lines_and_cut_off_ones_for_nothing() {
        let sums = read("SF:a\nLF:7\nLH:3\nend_of_record").expect("lcov");
        assert_eq!(sums.files[0].1.sums(), (3, 7));
        assert_eq!(read("").expect("nothing was measured").files.len(), 0);
        for text in [
            "SF:a\nDA:1,1",
            "SF:a\nSF:b",
            "end_of_record",
            "hello",
            "SF:a\nDA:x,1\nend_of_record",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(lines in proptest::collection::btree_map(1_u32..500, any::<bool>(), 0..40)) {
            let mut text = String::from("TN:\nSF:a b,c:d\n");
            let line = |(line, hit): (&u32, &bool)| format!("DA:{line},{}\n", u32::from(*hit) * 7);
            text.extend(lines.iter().map(line));
            text += "end_of_record\n";
            let report = read(&text).expect("lcov");
            let covered = lines.values().filter(|hit| **hit).count() as u64;
            prop_assert_eq!(report.files[0].1.sums(), (covered, lines.len() as u64));
            prop_assert_eq!(report.files[0].0.as_str(), "a b,c:d");
        }

        #[test]
        fn no_text_makes_it_panic(text in "(SF:|DA:|LF:|LH:|end_of_record|\n|,|[0-9a-é.-]){0,60}") {
            let _ = read(&text);
        }
    }
}
