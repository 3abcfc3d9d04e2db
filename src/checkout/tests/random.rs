//! Random histories: whatever the way a slot took, it holds what git checks out.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Names that are in each other's way, and names that need quoting.
const NAMES: [&[u8]; 22] = [
    b".gitattributes",
    b".gitignore",
    b"a",
    b"a-b",
    b"a/b",
    b"a/b/c.txt",
    b"d/.gitattributes",
    b"d/id.c",
    b"d/x.txt",
    b"d/x.u16",
    b"caf\xe9.txt",
    "é.txt".as_bytes(),
    b" lead.txt",
    b"tab\tname.txt",
    b"new\nline.txt",
    b"q\"uote.txt",
    b"-dash.txt",
    b"star*.txt",
    b"up.shout",
    b"id.c",
    b"raw.bin",
    b"deep/er/and/deeper/file.txt",
];

const CONTENTS: [&str; 5] = [
    "",
    "one\ntwo\n",
    "one\r\ntwo\r\n",
    "$Id$ no end",
    "a$Id: 12 $\n",
];

const ATTRIBUTES: [&str; 7] = [
    "",
    "* text=auto\n",
    "*.txt text eol=crlf\n",
    "*.c ident\n*.bin -text\n",
    "*.shout filter=shout\n",
    "*.u16 working-tree-encoding=UTF-16\n",
    "[attr]win text eol=crlf\n*.c win ident\n* text=auto\n",
];

/// What a commit does to one name: a kind of thing and a content, or nothing any more.
#[derive(Clone, Debug)]
struct Step(usize, Option<(&'static str, usize)>);

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        4 => Just("100644"),
        1 => Just("100755"),
        1 => Just("120000"),
    ];
    let to = prop::option::weighted(0.8, (kind, 0..10_usize));
    (0..NAMES.len(), to).prop_map(|(name, to)| Step(name, to))
}

type Tree = BTreeMap<&'static [u8], (&'static str, &'static str)>;

fn apply(tree: &mut Tree, Step(name, to): &Step) {
    let name = NAMES[*name];
    tree.remove(name);
    let Some((kind, content)) = to else { return };
    // A file and a folder of one name exclude each other: the new one wins.
    let within = |a: &[u8], b: &[u8]| a.starts_with(b) && a.get(b.len()) == Some(&b'/');
    tree.retain(|other, _| !within(other, name) && !within(name, other));
    let content = match (name.ends_with(b"attributes"), *kind) {
        (_, "120000") => ["a", "/", "../up", "d"][content % 4],
        (true, _) => ATTRIBUTES[content % ATTRIBUTES.len()],
        (false, _) => CONTENTS[content % CONTENTS.len()],
    };
    tree.insert(name, (kind, content));
}

fn quoted(name: &[u8]) -> String {
    let octal: Vec<String> = name.iter().map(|byte| format!("\\{byte:03o}")).collect();
    format!("\"{}\"", octal.concat())
}

/// Commits every tree, without a work tree that could change contents.
fn import(repo: &Repo, trees: &[Tree]) -> Vec<Id> {
    let commits = trees.iter().enumerate().map(|(at, tree)| {
        let mark = at + 1;
        let about = format!("mark :{mark}\ncommitter c <c@example.com> 0 +0000\ndata 0\n");
        let files = tree.iter().map(|(name, (kind, content))| {
            let (name, length) = (quoted(name), content.len());
            format!("M {kind} inline {name}\ndata {length}\n{content}\n")
        });
        let files: Vec<String> = files.collect();
        format!(
            "commit refs/heads/main\n{about}deleteall\n{}",
            files.concat()
        )
    });
    let stream: Vec<String> = commits.collect();
    let stream = stream.concat();
    let marks = repo.root.join("marks");
    let export = format!("--export-marks={}", marks.display());
    repo.git_with(&["fast-import", "--quiet", "--force", &export], &stream);
    let mut ids: Vec<(usize, Id)> = fs::read_to_string(&marks)
        .unwrap()
        .lines()
        .map(|line| {
            let (mark, id) = line.split_once(' ').unwrap();
            (mark[1..].parse().unwrap(), Id::parse(id).unwrap())
        })
        .collect();
    ids.sort_unstable();
    ids.into_iter().map(|(_, id)| id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_way_to_a_tree_ends_in_what_git_checks_out(
        commits in prop::collection::vec(prop::collection::vec(step(), 1..12), 2..6),
        way in prop::collection::vec(any::<prop::sample::Index>(), 2..6),
        setting in prop::sample::select(vec!["", "core.autocrlf", "core.eol"]),
    ) {
        let world = World::new();
        world.repo.git(&["config", "filter.shout.smudge", "tr a-z A-Z"]);
        world.repo.git(&["config", "filter.shout.clean", "tr A-Z a-z"]);
        if !setting.is_empty() {
            let value = if setting == "core.eol" { "crlf" } else { "true" };
            world.repo.git(&["config", setting, value]);
        }
        let mut tree = Tree::new();
        let trees = commits.iter().map(|steps| {
            for step in steps {
                apply(&mut tree, step);
            }
            tree.clone()
        });
        let trees: Vec<Tree> = trees.collect();
        let ids = import(&world.repo, &trees);
        for stop in way {
            let commit = *stop.get(&ids);
            let checkout = world.at(commit);
            assert_same(&files(checkout.root()), &world.reference(commit));
            let staged = world.git_in(&checkout, &["ls-files", "--stage"]);
            let listed = world.git_in(&checkout, &["ls-tree", "-r", "--format=%(objectmode) %(objectname) 0\t%(path)", "HEAD"]);
            assert_eq!(staged, listed);
            assert!(checkout.changed().unwrap().is_empty());
        }
    }
}
