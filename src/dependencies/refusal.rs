//! Tools that refuse links out of their root, known by what they say.

/// What a tool prints, in small letters, and what that means.
const REFUSALS: &[(&str, &str)] = &[
    (
        "points out of the filesystem root",
        "Turbopack refuses links out of its root: set `isolate: copy` for this command",
    ),
    (
        "leaves the filesystem root",
        "Turbopack refuses links out of its root: set `isolate: copy` for this command",
    ),
    (
        "is outside of vite serving allow list",
        "Vite refuses to serve files out of its root: set `isolate: copy` for this command",
    ),
    (
        "is not in the sha-1 map",
        "Metro does not follow links out of its root: set `isolate: copy` for this command",
    ),
    (
        "is not watched by haste map",
        "Metro does not follow links out of its root: set `isolate: copy` for this command",
    ),
];

/// Why a tool's output is no verdict: it refuses links out of its root. `None` where it says no
/// such thing.
pub fn refuses_links(output: &str) -> Option<&'static str> {
    let output = output.to_ascii_lowercase();
    REFUSALS
        .iter()
        .find(|(said, _)| output.contains(said))
        .map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_known_and_other_failures_are_not() {
        let said =
            "Error: Symlink node_modules/react is invalid, it points out of the filesystem root";
        assert!(refuses_links(said).is_some_and(|why| why.contains("isolate: copy")));
        assert_eq!(refuses_links("error TS2322: Type 'string'"), None);
        assert_eq!(refuses_links(""), None);
    }

    #[test]
    fn the_list_is_written_as_it_is_compared() {
        for (said, _) in REFUSALS {
            assert_eq!(*said, said.to_ascii_lowercase());
        }
    }
}
