//! From what was written to what is meant, once the rules have nothing to object to.

use std::collections::BTreeMap;

use super::layers::Layers;
use super::node::Trail;
use super::raw::{
    Raw, RawCommand, RawEmptyFix, RawIsolate, RawPatterns, RawReads, RawRun, RawText,
};
use super::valid::{Command, Config, EmptyFix, Files, Isolate, Reads, Run};
use super::{duration, rules};
use crate::moment::Moment;

/// The configuration that these layers mean.
pub(super) fn valid(raw: &Raw, layers: &Layers) -> Config {
    let commands = raw.commands.iter().flat_map(|commands| &commands.0);
    Config {
        commands: commands
            .map(|(name, command)| (name.clone(), self::command(name, command, layers)))
            .collect(),
        on_unknown: raw.on_unknown.unwrap_or_default(),
        empty_fix: match raw.empty_fix {
            Some(RawEmptyFix::Allow) => EmptyFix::Allow,
            Some(RawEmptyFix::Block) | None => EmptyFix::Block,
        },
        jobs: raw.jobs.and_then(|jobs| usize::try_from(jobs).ok()),
    }
}

fn command(name: &str, raw: &RawCommand, layers: &Layers) -> Command {
    let run = run(&raw.run);
    let reads = match raw.reads {
        Some(RawReads::Files) => Reads::Files,
        None if run.takes_files() => Reads::Files,
        Some(RawReads::Project) | None => Reads::Project,
    };
    Command {
        run,
        fix: raw.fix.as_ref().map(self::run),
        fix_on_commit: raw.fix_on_commit.unwrap_or_default(),
        at: moments(raw.at.as_deref()),
        files: match &raw.files {
            None => Files::All,
            Some(files) if files.is_none() => Files::None,
            Some(files) => Files::Matching(files.items().to_vec()),
        },
        exclude: raw
            .exclude
            .as_ref()
            .map(RawPatterns::items)
            .unwrap_or_default()
            .to_vec(),
        root: raw
            .root
            .as_deref()
            .and_then(|root| rules::folder(root).ok())
            .unwrap_or_default(),
        needs: raw.needs.clone().unwrap_or_default(),
        reads,
        isolate: match raw.isolate {
            Some(RawIsolate::Copy) => Isolate::Copy,
            Some(RawIsolate::Link) | None => Isolate::Link,
        },
        inputs: raw.inputs.clone().unwrap_or_default(),
        env: variables(name, raw, layers),
        pass_env: raw.pass_env.clone().unwrap_or_default(),
        timeout: raw.timeout.as_deref().and_then(duration::parse),
        cache: raw.cache,
        branches: raw.branches.clone().unwrap_or_default(),
    }
}

fn run(raw: &RawRun) -> Run {
    match raw {
        RawRun::Shell(text) => Run::Shell(text.clone()),
        RawRun::Argv(words) => Run::Argv(words.clone()),
    }
}

/// Each moment once, in the order in which a change meets them.
fn moments(at: Option<&[Moment]>) -> Vec<Moment> {
    let all = Moment::ALL.into_iter();
    match at {
        None => all.collect(),
        Some(named) => all.filter(|moment| named.contains(moment)).collect(),
    }
}

/// The variables as they were written: `1.10` stays `1.10`.
fn variables(name: &str, raw: &RawCommand, layers: &Layers) -> BTreeMap<String, String> {
    let pairs = raw.env.iter().flat_map(|variables| &variables.0);
    pairs
        .map(|(variable, value)| {
            let literal = || {
                layers
                    .literal(&Trail::of(["commands", name, "env", variable]))
                    .map(str::to_owned)
            };
            let text = match value {
                RawText::Text(text) => text.clone(),
                RawText::Number(number) => literal().unwrap_or_else(|| number.to_string()),
                RawText::Boolean(value) => literal().unwrap_or_else(|| value.to_string()),
            };
            (variable.clone(), text)
        })
        .collect()
}
