//! What a Node.js package is built with, by its package.json.

use serde_json::Value;

use super::{Part, version};
use crate::path::RepoPath;
use crate::project::Project;

/// What people say that they build with, by the package that brings it.
const KNOWN: [(&str, &str); 16] = [
    ("next", "Next.js"),
    ("vite", "Vite"),
    ("express", "Express"),
    ("fastify", "Fastify"),
    ("@nestjs/core", "NestJS"),
    ("hono", "Hono"),
    ("@remix-run/node", "Remix"),
    ("nuxt", "Nuxt"),
    ("@sveltejs/kit", "SvelteKit"),
    ("astro", "Astro"),
    ("bullmq", "BullMQ workers"),
    ("bull", "Bull workers"),
    ("@supabase/supabase-js", "Supabase"),
    ("@prisma/client", "Prisma"),
    ("prisma", "Prisma"),
    ("drizzle-orm", "Drizzle"),
];

const SECTIONS: [&str; 4] = [
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
];

pub(super) fn uses(project: &Project<'_>, manifest: &RepoPath) -> Vec<Part> {
    let Some(package) = project.json(manifest) else {
        return Vec::new();
    };
    let mut uses: Vec<Part> = Vec::new();
    for (dependency, name) in KNOWN {
        let Some(range) = range(&package, dependency) else {
            continue;
        };
        if uses.iter().all(|part| part.name != name) {
            let shown = !name.ends_with("workers");
            uses.push(Part {
                name,
                version: version(range).filter(|_| shown),
            });
        }
    }
    uses
}

/// The range in which a package.json asks for a package.
pub(super) fn range<'p>(package: &'p Value, dependency: &str) -> Option<&'p str> {
    let mut sections = SECTIONS.into_iter();
    sections.find_map(|section| package.get(section)?.get(dependency)?.as_str())
}
