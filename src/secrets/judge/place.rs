//! What a file is for, by its path: what locks versions, what tries the code out, what is a program.

use crate::path::RepoPath;

use super::list::{self, has_any};

/// Files whose long values are hashes of what was downloaded, positions in sources, pictures or translations.
const HASHES: &str = "\
    .lock -lock.json -lock.yaml go.sum .lockb npm-shrinkwrap.json .map .svg .snap .css .scss \
    .less .po .pot .xlf .ipynb .sum .nix .bb /record .tsbuildinfo checksums.txt .pbxproj .csproj \
    .sln .resx .baseline";

/// Whether the file is one of those in which a long value is never a secret.
pub(super) fn holds_hashes(path: &RepoPath) -> bool {
    let path = path.as_bytes();
    list::ends(HASHES, path)
        || has_any(
            path,
            &[b"/locales/", b"/i18n/", b"/locale/", b"/translations/"],
        )
}

/// Folders in which code is tried out.
const TRIALS: &str = "\
    test tests __tests__ testing testdata test-data test_data spec specs fixtures __fixtures__ \
    fixture mock mocks __mocks__ example examples sample samples demo demos e2e cypress \
    playwright stories";

/// Whether the file tries the code out: its values are dummies unless they are plainly none.
pub(super) fn is_trial(path: &RepoPath) -> bool {
    let mut names = path.as_bytes().split(|byte| *byte == b'/');
    let file = names.next_back().unwrap_or_default();
    names.any(|folder| list::is_on(TRIALS, folder))
        || has_any(
            file,
            &[
                b".test.",
                b".spec.",
                b"_test.",
                b"-test.",
                b"_spec.",
                b".stories.",
                b"conftest.py",
                b".fixture.",
            ],
        )
        || file.starts_with(b"test_")
}

/// Languages in which a value without quotes is a name.
const LANGUAGES: &str = "\
    js jsx ts tsx mjs cjs mts cts vue svelte astro py pyi go rs java kt kts scala c h cc cpp cxx \
    hpp m mm cs fs vb php rb swift dart lua ex exs erl clj hs ml pl pm r jl groovy sol zig nim \
    tf hcl graphql";

/// Whether the file is a program, in which a value without quotes is a name.
pub(super) fn is_program(path: &RepoPath) -> bool {
    let path = path.as_bytes();
    path.iter()
        .rposition(|byte| *byte == b'.')
        .is_some_and(|dot| list::is_on(LANGUAGES, &path[dot + 1..]))
}
