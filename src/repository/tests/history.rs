//! Random histories, with merges, several roots and clocks that run wrong: both readers see the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::random::Dice;
use super::{Repo, both};
use crate::repository::Id;
use crate::repository::reader::Lacking;

/// Whether a commit is always younger than its parents.
#[derive(Clone, Copy, PartialEq)]
enum Clocks {
    Right,
    /// Off by a day or two now and then.
    Wrong,
}

/// A repository of `count` commits, each a ref `refs/c/N`.
fn grow(dice: &mut Dice, count: usize, clocks: Clocks) -> (Repo, Vec<Id>) {
    let repo = Repo::new();
    let mut stream = String::new();
    for number in 1..=count {
        let skew = match clocks {
            Clocks::Right => 0,
            Clocks::Wrong => [0, 0, 0, 86_400, 172_800][dice.roll(5)],
        };
        let date = 1_700_000_000 + number * 60 + skew;
        write!(
            stream,
            "commit refs/c/{number}\nmark :{number}\ncommitter c <c@example.com> {date} +0000\n\
             data 1\n{}\n",
            number % 10
        )
        .unwrap();
        let parents = [0, 1, 1, 1, 1, 2, 2, 3][dice.roll(8)].min(number - 1);
        let mut chosen = Vec::new();
        for _ in 0..parents {
            // Mostly the last ones, so that history gets long.
            let back = 1 + dice.roll(number.min(6)).min(number - 2);
            if !chosen.contains(&back) {
                chosen.push(back);
            }
        }
        for (at, back) in chosen.iter().enumerate() {
            let word = if at == 0 { "from" } else { "merge" };
            writeln!(stream, "{word} :{}", number - back).unwrap();
        }
        stream.push('\n');
    }
    repo.git_with(&["fast-import", "--quiet"], &stream);
    let ids = (1..=count).map(|number| repo.id(&format!("refs/c/{number}")));
    let ids = ids.collect();
    (repo, ids)
}

/// The parents of every commit.
fn parents(repo: &Repo) -> BTreeMap<Id, Vec<Id>> {
    let out = repo.git(&["rev-list", "--parents", "--all"]);
    let ids = |line: &str| line.split(' ').filter_map(Id::parse).collect::<Vec<_>>();
    let lines = out.lines().map(ids);
    lines.map(|ids| (ids[0], ids[1..].to_vec())).collect()
}

/// All that a commit reaches, itself included.
fn reach(parents: &BTreeMap<Id, Vec<Id>>, tips: &[Id]) -> BTreeSet<Id> {
    let (mut found, mut open) = (BTreeSet::new(), tips.to_vec());
    while let Some(commit) = open.pop() {
        if found.insert(commit) {
            open.extend(&parents[&commit]);
        }
    }
    found
}

/// What `tip` lacks, by the plain definition.
fn lacking(parents: &BTreeMap<Id, Vec<Id>>, tip: Id, known: &[Id]) -> Lacking {
    let hidden = reach(parents, known);
    let lacking: BTreeSet<Id> = reach(parents, &[tip])
        .difference(&hidden)
        .copied()
        .collect();
    let below = lacking.iter().flat_map(|commit| &parents[commit]);
    let boundaries: BTreeSet<Id> = below.filter(|id| hidden.contains(*id)).copied().collect();
    Lacking {
        commits: lacking.len(),
        boundaries: boundaries.into_iter().collect(),
    }
}

fn histories(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let mut dice = Dice::new(seed);
        let clocks = [Clocks::Right, Clocks::Wrong][dice.roll(2)];
        let (repo, ids) = grow(&mut dice, 24, clocks);
        let parents = parents(&repo);
        let open = || repo.open();
        for _ in 0..6 {
            let mut pick = || ids[dice.roll(ids.len())];
            let (tip, other, known) = (pick(), pick(), [pick(), pick(), pick()]);
            let found = both(open, |r| r.ask(|reader| reader.is_ancestor(other, tip)));
            let status = [
                "merge-base",
                "--is-ancestor",
                &other.to_string(),
                &tip.to_string(),
            ];
            assert_eq!(
                found,
                Ok(repo.try_git(&status).status.success()),
                "seed {seed}"
            );
            both(open, |r| r.ask(|reader| reader.merge_bases(tip, other))).unwrap();
            both(open, |r| r.ask(|reader| reader.independent(&known))).unwrap();
            let wanted = lacking(&parents, tip, &known);
            if clocks == Clocks::Right {
                let found = both(open, |r| r.ask(|reader| reader.lacking(tip, &known)));
                assert_eq!(found, Ok(wanted), "seed {seed}");
                continue;
            }
            // git and libgit2 go by dates: where those lie, more counts as lacking, never less.
            for repository in [repo.open(), repo.open().by_program()] {
                let found = repository
                    .ask(|reader| reader.lacking(tip, &known))
                    .unwrap();
                assert!(found.commits >= wanted.commits, "seed {seed}");
            }
        }
    }
}

#[test]
fn every_random_history_is_seen_alike() {
    histories(0..6);
}

#[cfg(feature = "slow-tests")]
#[test]
fn hundreds_of_random_histories_are_seen_alike() {
    histories(1000..1150);
}
