//! `next build`, where a Next.js package has no script of its own for it.

use super::built::hear;
use super::call::{call, unit};
use super::packager::{missing, names};
use super::script::touched_builds;
use super::suite::script;
use super::{Adapter, Ask};
use crate::tool::{Ear, Heard, Told, Unit};

pub(crate) struct Next;

struct Built;

impl Adapter for Next {
    fn id(&self) -> &'static str {
        "next"
    }

    fn check(&self) -> &'static str {
        "build"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let is_next = |folder: &_| names(ask.project, folder, "next");
        let roots = touched_builds(ask, is_next).into_iter();
        let own =
            roots.filter(|root| is_next(root) && script(ask.project, root, "build").is_none());
        own.map(|root| {
            let program = ask.finder.node(&root, "next");
            let made = program.map(|program| {
                let run = vec![program, "build".to_owned()];
                call(run, &Built).with("NEXT_TELEMETRY_DISABLED", "1")
            });
            let made = made.ok_or_else(|| missing(ask, &root, "next"));
            unit(ask, "next", root, made)
        })
        .collect()
    }
}

impl Ear for Built {
    fn hear(&self, told: &Told<'_>) -> Heard {
        hear(told, "npx next build")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::scene::Scene;

    #[test]
    fn it_stands_in_for_a_missing_script_only() {
        let plain = r#"{"dependencies":{"next":"16"}}"#;
        let scripted = r#"{"dependencies":{"next":"16"},"scripts":{"build":"next build"}}"#;
        let files = &[
            ("a/package.json", plain),
            ("b/package.json", scripted),
            ("c/package.json", "{}"),
        ];
        let scene = Scene::of(files, &["a/x.tsx", "b/x.tsx", "c/x.ts"]);
        assert_eq!(
            scene.said(&Next),
            ["a ? `next` is in a/package.json and not installed > cd a && npm install"]
        );
        let scene = scene.installs(&["a/node_modules/.bin/next"]);
        assert_eq!(
            scene.said(&Next),
            ["a: NEXT_TELEMETRY_DISABLED=1 node_modules/.bin/next build"]
        );
    }
}
