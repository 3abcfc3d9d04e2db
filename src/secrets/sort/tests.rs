//! Each sort is known by what it is known by.

use proptest::prelude::*;

use super::*;

fn sort(path: &str, bytes: &[u8]) -> Sort {
    Sort::of(&RepoPath::from(path), bytes, bytes.len() as u64)
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn every_sort_is_in_the_list_once() {
    let mut sorts: Vec<Sort> = ALL.iter().map(|treatment| treatment.sort).collect();
    sorts.sort_unstable();
    let before = sorts.len();
    sorts.dedup();
    assert_eq!(sorts.len(), before);
    // A sort that is added is added here too: the compiler asks for it.
    let place = |sort| match sort {
        Sort::LfsPointer => 0,
        Sort::Archive => 1,
        Sort::Utf16Le => 2,
        Sort::Utf16Be => 3,
        Sort::Binary => 4,
        Sort::LockFile => 5,
        Sort::Vendored => 6,
        Sort::SourceMap => 7,
        Sort::Snapshot => 8,
        Sort::Minified => 9,
        Sort::Text => 10,
    };
    for (index, treatment) in ALL.iter().enumerate() {
        assert_eq!(place(treatment.sort), index);
        assert_eq!(treatment.sort.treatment().sort, treatment.sort);
        // The docs are made of these: a plural, a clause, a sentence.
        assert!(!treatment.name.is_empty() && !treatment.known_by.ends_with('.'));
        assert!(treatment.why.ends_with('.'), "{}", treatment.why);
    }
}

#[test]
fn files_are_known_by_their_bytes() {
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n";
    for (path, bytes, expected) in [
        ("a.bin", &pointer[..], Sort::LfsPointer),
        ("a", b"PK\x03\x04rest", Sort::Archive),
        ("a", b"\x1f\x8b\x08rest", Sort::Archive),
        ("a.docx", b"\x01\0\x02", Sort::Archive),
        ("a.exe", b"MZ\x90\0\x03", Sort::Binary),
        ("a.png", b"\x89PNG\r\n\x1a\n", Sort::Binary),
        ("a.pdf", b"%PDF-1.7\nno zero yet", Sort::Binary),
        ("package-lock.json", b"\0", Sort::Binary),
        ("empty", b"", Sort::Text),
        ("caf\u{e9}.txt", "gr\u{fc}n".as_bytes(), Sort::Text),
        ("latin.txt", b"gr\xfcn", Sort::Text),
        // UTF-32 with its mark.
        ("wide.txt", b"\xff\xfe\0\0a\0\0\0", Sort::Binary),
    ] {
        assert_eq!(sort(path, bytes), expected, "{path}");
    }
    let mut tar = vec![b'a'; 257];
    tar.extend(b"ustar\x0000");
    assert_eq!(sort("a", &tar), Sort::Archive);
    // Who quotes a pointer in a long text hides nothing behind it.
    let mut long = pointer.to_vec();
    long.resize(2000, b'a');
    assert_ne!(sort("a", &long), Sort::LfsPointer);
}

#[test]
fn texts_are_known_by_their_names() {
    for (path, expected) in [
        ("apps/web/package-lock.json", Sort::LockFile),
        ("Cargo.lock", Sort::LockFile),
        ("my-cargo.lock", Sort::Text),
        ("a/node_modules/b/index.js", Sort::Vendored),
        ("node_modules.md", Sort::Text),
        ("vendor/github.com/x/y.go", Sort::Vendored),
        ("services/api/vendor/golang.org/x/y.go", Sort::Vendored),
        ("src/vendor.rs", Sort::Text),
        ("vendor", Sort::Text),
        // A shop's vendors, a cluster's pods, and one's own code for a library.
        ("app/vendor/dashboard/page.tsx", Sort::Text),
        ("app/vendor/page.tsx", Sort::Text),
        ("src/pods/list.ts", Sort::Text),
        ("static/jquery.checkout.js", Sort::Text),
        ("Third_Party/x.c", Sort::Vendored),
        (".yarn/releases/yarn-4.cjs", Sort::Vendored),
        (".yarnrc.yml", Sort::Text),
        ("static/jquery-3.7.1.slim.min.js", Sort::Vendored),
        ("static/d3.v7.js", Sort::Vendored),
        (".pnp.cjs", Sort::LockFile),
        ("dist/app.js", Sort::Text),
        ("src/__snapshots__/a.test.ts.snap", Sort::Snapshot),
        ("app.min.css", Sort::Minified),
        ("src/main.rs", Sort::Text),
        (".env", Sort::Text),
    ] {
        assert_eq!(sort(path, b"text\n"), expected, "{path}");
    }
    assert_eq!(sort("app.js.map", b"{\"version\":3}"), Sort::SourceMap);
    assert_eq!(sort("world.map", b"#####"), Sort::Text);
    let line = [b'x'; 3000];
    assert_eq!(sort("bundle.js", &line), Sort::Minified);
    assert_eq!(sort("key.txt", &line[..1500]), Sort::Text);
}

#[test]
fn wide_texts_become_utf8_with_the_same_lines_and_columns() {
    let text = "A=1\r\nB=\u{1f600}gr\u{fc}n\r\nC=3\n";
    for (bytes, expected) in [
        (
            utf16(&format!("\u{feff}{text}"), u16::to_le_bytes),
            Sort::Utf16Le,
        ),
        (
            utf16(&format!("\u{feff}{text}"), u16::to_be_bytes),
            Sort::Utf16Be,
        ),
        (utf16(text, u16::to_le_bytes), Sort::Utf16Le),
        (utf16(text, u16::to_be_bytes), Sort::Utf16Be),
    ] {
        assert_eq!(sort("a.txt", &bytes), expected);
        assert_eq!(to_utf8(&bytes, expected).as_deref(), Some(text));
    }
    // Half a character, and half a pair.
    assert_eq!(
        to_utf8(b"a\0\0\xd8b\0c", Sort::Utf16Le).as_deref(),
        Some("a\u{fffd}b\u{fffd}")
    );
    assert_eq!(to_utf8(b"ab", Sort::Text), None);
}

proptest! {
    #[test]
    fn no_bytes_panic(path in "[a-z./]{0,20}", bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let sort = sort(&path, &bytes);
        let _ = to_utf8(&bytes, sort);
        if sort.search() != Search::Not {
            prop_assert!(matches!(sort, Sort::Utf16Le | Sort::Utf16Be) || !bytes.contains(&0));
        }
    }
}

#[test]
fn the_docs_say_how_each_sort_is_treated() {
    let page = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/secrets.md"),
    )
    .unwrap();
    for treatment in &ALL {
        let searched = match treatment.search {
            Search::Whole => "by every rule",
            Search::Formed => "by rules whose values have a form of their own",
            Search::Not => "no",
        };
        let row = format!(
            "| {} | {} | {searched} | {} |\n",
            treatment.name, treatment.known_by, treatment.why
        );
        assert!(page.contains(&row), "docs/secrets.md lacks: {row}");
    }
}
