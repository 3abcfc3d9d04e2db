//! Where the code of a source runs: what the source says, then what its path says, and otherwise nothing.
//!
//! Each answer has its reason, so that a finding can give it. What no rule knows is unknown, and is not guessed.

use super::kind::Kind;
use super::{Content, Spot};
use crate::path::RepoPath;
use crate::variable::{Side, Way};

/// Where a spot runs, and why that is known.
pub fn of(path: &RepoPath, kind: Kind, content: &Content, spot: &Spot) -> (Side, &'static str) {
    if spot.side != Side::Unknown {
        return (spot.side, "the code says so where the variable is named");
    }
    if !matches!(kind, Kind::Script(_)) {
        return (Side::Server, "only scripts run in a browser");
    }
    match content.directive {
        Some(Side::Client) => return (Side::Client, "the file says \"use client\""),
        Some(Side::Server) => return (Side::Server, "the file says \"use server\""),
        Some(Side::Unknown) => {
            return (Side::Unknown, "a part of this page runs on the server");
        }
        None => {}
    }
    by_path(path, spot.way).unwrap_or((Side::Unknown, "nothing says where this file runs"))
}

fn by_path(path: &RepoPath, way: Way) -> Option<(Side, &'static str)> {
    let text = path.to_text();
    let mut folders: Vec<&str> = text.split('/').collect();
    let name = folders.pop()?;
    let has = |folder: &str| folders.contains(&folder);
    if has("__tests__") || name.contains(".test.") || name.contains(".spec.") {
        return Some((Side::Server, "tests run with the developer"));
    }
    if name.contains(".server.") || name.starts_with("+server.") {
        return Some((Side::Server, "the file's name says server"));
    }
    if name.contains(".client.") {
        return Some((Side::Client, "the file's name says client"));
    }
    let is_application = has("src") || has("app") || name.starts_with("app.");
    if name.contains(".config.") && !is_application {
        return Some((Side::Server, "settings of tools run with the build"));
    }
    if matches!(
        name.split('.').next(),
        Some("middleware" | "instrumentation")
    ) {
        return Some((Side::Server, "Next.js runs this file on the server"));
    }
    let in_package = |folder: &str| {
        let at = folders.iter().position(|part| *part == folder);
        at.is_some_and(|at| at == 0 || folders[at - 1] == "src" || at == 2)
    };
    if in_package("pages") && has("api") || name.starts_with("route.") && has("app") {
        return Some((
            Side::Server,
            "Next.js answers requests with this file, on the server",
        ));
    }
    match way {
        Way::Bundle if has("src") => Some((
            Side::Client,
            "Vite writes import.meta.env below src/ into what the browser gets",
        )),
        Way::Process if in_package("pages") && is_element(name) => {
            Some((Side::Client, "pages are sent to the browser"))
        }
        _ => None,
    }
}

/// Whether a file of this name can hold a page.
fn is_element(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("tsx" | "jsx"))
}

/// How names begin that a framework hands to the browser, and the framework.
const PUBLIC: [(&str, &str); 9] = [
    ("NEXT_PUBLIC_", "Next.js"),
    ("VITE_", "Vite"),
    ("REACT_APP_", "Create React App"),
    ("EXPO_PUBLIC_", "Expo"),
    ("NUXT_PUBLIC_", "Nuxt"),
    ("GATSBY_", "Gatsby"),
    ("VUE_APP_", "Vue CLI"),
    ("STORYBOOK_", "Storybook"),
    ("PUBLIC_", "SvelteKit and Astro"),
];

/// The framework that hands a variable of this name to the browser.
pub fn framework(name: &str) -> Option<&'static str> {
    let mut public = PUBLIC.iter();
    public
        .find(|(start, _)| name.starts_with(start))
        .map(|(_, framework)| *framework)
}
