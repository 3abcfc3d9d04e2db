//! Where code runs, by what a file and its path say.

use super::*;

fn side(path: &str, text: &str) -> Side {
    let path = RepoPath::from(path);
    let kind = Kind::of(&path).unwrap();
    let content = content(kind, text.as_bytes());
    side::of(&path, kind, &content, &content.spots[0]).0
}

#[test]
fn files_and_paths_say_where_code_runs() {
    let client = "'use client'\nprocess.env.A";
    for (path, text, expected) in [
        ("components/a.tsx", client, Side::Client),
        ("app/page.tsx", "'use server'\nprocess.env.A", Side::Server),
        ("app/page.tsx", "process.env.A", Side::Unknown),
        ("app/api/x/route.ts", "process.env.A", Side::Server),
        ("pages/index.tsx", "process.env.A", Side::Client),
        ("apps/web/pages/index.jsx", "process.env.A", Side::Client),
        ("src/pages/index.tsx", "process.env.A", Side::Client),
        ("pages/api/x.ts", "process.env.A", Side::Server),
        (
            "pages/index.tsx",
            "export function getServerSideProps() { return process.env.A }",
            Side::Unknown,
        ),
        ("lib/pages/a.ts", "process.env.A", Side::Unknown),
        ("src/main.ts", "import.meta.env.A", Side::Client),
        ("src/main.ts", "process.env.A", Side::Unknown),
        ("scripts/a.ts", "import.meta.env.A", Side::Unknown),
        ("vite.config.ts", "process.env.A", Side::Server),
        ("src/app.config.ts", "process.env.A", Side::Unknown),
        ("middleware.ts", "process.env.A", Side::Server),
        ("src/a.server.ts", "import.meta.env.A", Side::Server),
        ("src/a.test.ts", "import.meta.env.A", Side::Server),
        (
            "src/routes/+server.ts",
            "import { A } from '$env/static/public'",
            Side::Client,
        ),
        ("a.py", "import os; os.environ['A']", Side::Server),
        ("a.astro", "---\nimport.meta.env.A\n---", Side::Server),
        (
            "next.config.js",
            "module.exports = { env: { A: 'x' } }",
            Side::Client,
        ),
        (
            "env.ts",
            "createEnv({ client: { A: z.string() } })",
            Side::Client,
        ),
    ] {
        assert_eq!(side(path, text), expected, "{path}: {text}");
    }
}

#[test]
fn frameworks_know_their_names() {
    assert_eq!(side::framework("NEXT_PUBLIC_A"), Some("Next.js"));
    assert_eq!(side::framework("PUBLIC_A"), Some("SvelteKit and Astro"));
    assert_eq!(side::framework("A_PUBLIC_B"), None);
}
