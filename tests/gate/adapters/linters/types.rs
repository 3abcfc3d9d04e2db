//! Types: what is wrong may be in a file that nobody touched.

use std::fs;
use std::os::unix::fs::symlink;

use super::{MANIFEST, check, found, judged, node, with};

const CONFIG: &str = "{\"compilerOptions\": {\"strict\": true, \"types\": [], \"module\": \"esnext\", \"moduleResolution\": \"bundler\"}, \"include\": [\"src\"]}\n";

#[test]
fn a_changed_type_is_wrong_where_it_is_used() {
    let repo = with(
        node(),
        &[
            ("tsconfig.json", CONFIG),
            ("src/a.ts", "export const a: number = 1;\n"),
            (
                "src/b.ts",
                "import { a } from \"./a\";\nexport const é = \"😀\", b: number = a;\n",
            ),
        ],
    );
    repo.write("src/a.ts", "export const a: string = \"1\";\n")
        .stage();
    // What is not staged is not judged.
    repo.write("src/b.ts", "export const b = 1;\n");
    let before = repo.status();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(found(&ran), ["types TYPES-ERROR src/b.ts:2:23"]);
    assert_eq!(repo.status(), before, "nothing is left in the tree");
}

#[test]
fn a_gone_file_breaks_those_that_import_it() {
    let repo = with(
        node(),
        &[
            ("tsconfig.json", CONFIG),
            ("src/a.ts", "export const a = 1;\n"),
            ("src/b.ts", "export { a } from \"./a\";\n"),
        ],
    );
    fs::remove_file(repo.path.join("src/a.ts")).expect("it is there");
    repo.stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(found(&ran), ["types TYPES-ERROR src/b.ts:1:19"]);
}

/// As Vite's template has it: `tsc --noEmit` there checks nothing.
#[test]
fn what_only_refers_to_others_is_checked_through_them() {
    let repo = with(
        node(),
        &[
            (
                "tsconfig.json",
                "{\"files\": [], \"references\": [{\"path\": \"./tsconfig.app.json\"}]}\n",
            ),
            ("tsconfig.app.json", CONFIG),
        ],
    );
    repo.write("src/a.ts", "export const a: number = \"\";\n")
        .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(found(&ran), ["types TYPES-ERROR src/a.ts:1:14"]);
    assert_eq!(repo.status(), "A  src/a.ts", "nothing is left in the tree");
    repo.write("src/a.ts", "export const a: number = 1;\n")
        .stage();
    assert_eq!(judged(&repo).code, 0);
}

#[test]
fn who_uses_a_package_is_checked_with_it() {
    let web = "{\"name\": \"web\", \"private\": true, \"dependencies\": {\"core\": \"*\"}}\n";
    let repo = with(
        node(),
        &[
            (
                "package.json",
                "{\"private\": true, \"workspaces\": [\"core\", \"web\"]}\n",
            ),
            (
                "core/package.json",
                "{\"name\": \"core\", \"private\": true}\n",
            ),
            ("core/tsconfig.json", CONFIG),
            ("core/src/a.ts", "export const a: number = 1;\n"),
            ("web/package.json", web),
            ("web/tsconfig.json", CONFIG),
            (
                "web/src/b.ts",
                "import { a } from \"../../core/src/a\";\nexport const b: number = a;\n",
            ),
        ],
    );
    repo.write("core/src/a.ts", "export const a = \"\";\n")
        .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(found(&ran), ["types TYPES-ERROR web/src/b.ts:2:14"]);
}

#[test]
fn a_broken_configuration_is_unknown() {
    let config = CONFIG.replace("[]", "[\"no-such-types\"]");
    let repo = with(
        node(),
        &[("tsconfig.json", &config), ("package.json", MANIFEST)],
    );
    repo.write("src/a.ts", "export const a = 1;\n").stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 3, "{}", ran.whole());
    let types = check(&ran, "types");
    assert!(
        types["reason"].to_string().contains("no-such-types"),
        "{types}"
    );
}

/// A package that others refer to is read as it was built; what lies there may have been built long ago.
#[test]
fn what_others_were_built_to_is_built_anew_and_never_in_the_work_tree() {
    let options = "\"composite\": true, \"strict\": true, \"types\": [], \"rootDir\": \"src\", \"outDir\": \"dist\"";
    let config = |more: &str| {
        format!("{{\"compilerOptions\": {{{options}}}, \"include\": [\"src\"]{more}}}\n")
    };
    let api = config(", \"references\": [{\"path\": \"../shared\"}]");
    let repo = with(
        node(),
        &[
            (".gitignore", "node_modules\ndist\n*.tsbuildinfo\n"),
            (
                "tsconfig.json",
                "{\"files\": [], \"references\": [{\"path\": \"shared\"}, {\"path\": \"api\"}]}\n",
            ),
            ("shared/package.json", "{}\n"),
            ("shared/tsconfig.json", &config("")),
            (
                "shared/src/index.ts",
                "export const name = (): string => \"a\";\n",
            ),
            ("api/package.json", "{}\n"),
            ("api/tsconfig.json", &api),
            (
                "api/src/index.ts",
                "import { name } from \"../../shared/src/index\";\nexport const q: string = name();\n",
            ),
        ],
    );
    // Nothing was ever built here, and that is no fault.
    repo.write("api/src/more.ts", "export const r = 1;\n")
        .stage();
    let ran = judged(&repo);
    assert_eq!((ran.code, found(&ran)), (0, vec![]), "{}", ran.whole());
    assert!(!repo.has("shared/dist") && !repo.has("api/dist"));
    // What lies in the work tree is old, and says that all is well.
    repo.write(
        "shared/dist/index.d.ts",
        "export declare const name: () => string;\n",
    );
    repo.write(
        "shared/src/index.ts",
        "export const name = (): number => 1;\n",
    )
    .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(found(&ran), ["types TYPES-ERROR api/src/index.ts:2:14"]);
}

/// The same without a reference: the package says where its types lie, and git has no part of that folder.
#[test]
fn what_a_package_was_built_to_earlier_is_never_believed() {
    let core = "{\"name\": \"core\", \"private\": true, \"types\": \"dist/index.d.ts\", \"scripts\": {\"build\": \"tsc -p .\"}}\n";
    let emits = "{\"compilerOptions\": {\"declaration\": true, \"strict\": true, \"types\": [], \"rootDir\": \"src\", \"outDir\": \"dist\"}, \"include\": [\"src\"]}\n";
    let repo = with(
        node(),
        &[
            (".gitignore", "node_modules\ndist\n"),
            (
                "package.json",
                "{\"private\": true, \"workspaces\": [\"core\", \"web\"]}\n",
            ),
            ("core/package.json", core),
            ("core/tsconfig.json", emits),
            ("core/src/index.ts", "export const a = (): number => 1;\n"),
            (
                "web/package.json",
                "{\"name\": \"web\", \"private\": true, \"dependencies\": {\"core\": \"*\"}}\n",
            ),
            ("web/tsconfig.json", CONFIG),
            (
                "web/src/b.ts",
                "import { a } from \"core\";\nexport const b: number = a();\n",
            ),
        ],
    );
    symlink("../core", repo.path.join("node_modules/core")).expect("a link");
    // Built long ago, when all was well.
    let old = "export declare const a: () => number;\n";
    repo.write("core/dist/index.d.ts", old);
    repo.write(
        "core/src/index.ts",
        "export const a = (): string => \"\";\n",
    )
    .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(found(&ran), ["types TYPES-ERROR web/src/b.ts:2:14"]);
    assert_eq!(repo.read("core/dist/index.d.ts"), old, "it is the user's");
    // Built when nothing was well.
    repo.write("core/dist/index.d.ts", "export {};\n");
    repo.write("core/src/index.ts", "export const a = (): number => 2;\n")
        .stage();
    let ran = judged(&repo);
    assert_eq!((ran.code, found(&ran)), (0, vec![]), "{}", ran.whole());
}
