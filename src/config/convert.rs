//! From what was written to what is meant, once the rules have nothing to object to.

use std::collections::BTreeMap;

use super::layers::Layers;
use super::node::Trail;
use super::raw::{
    Raw, RawCommand, RawEmptyFix, RawIsolate, RawPatterns, RawReads, RawRun, RawText, RawVariables,
};
use super::tuning::{RawCheck, RawChecks, RawTuning};
use super::valid::{CheckSettings, Command, Config, EmptyFix, Files, Isolate, Reads, Run};
use super::{duration, rules};
use crate::check::{self, Check};
use crate::moment::Moment;

/// The configuration that these layers mean.
pub(super) fn valid(raw: &Raw, layers: &Layers) -> Config {
    let commands = raw.commands.iter().flat_map(|commands| &commands.0);
    Config {
        commands: commands
            .map(|(name, command)| (name.clone(), self::command(name, command, layers)))
            .collect(),
        checks: check::ALL
            .iter()
            .map(|check| (check.id, self::check(check, raw.checks.as_ref(), layers)))
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
        at: moments(raw.at.as_deref().unwrap_or(&Moment::ALL)),
        files: match &raw.files {
            None => Files::All,
            Some(files) if files.is_none() => Files::None,
            Some(files) => Files::Matching(files.items().to_vec()),
        },
        exclude: patterns(raw.exclude.as_ref()),
        root: raw
            .root
            .as_deref()
            .and_then(|root| rules::folder(root).ok())
            .unwrap_or_default(),
        needs: raw.needs.clone().unwrap_or_default(),
        reads,
        isolate: isolate(raw.isolate),
        inputs: raw.inputs.clone().unwrap_or_default(),
        env: variables(
            raw.env.as_ref(),
            &Trail::of(["commands", name, "env"]),
            layers,
        ),
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

/// What is said about a check, on top of its defaults.
fn check(check: &Check, raw: Option<&RawChecks>, layers: &Layers) -> CheckSettings {
    let defaults = CheckSettings::of(check);
    match raw.and_then(|checks| checks.0.get(check.id)) {
        None => defaults,
        Some(RawCheck::Switched(on)) => CheckSettings {
            enabled: *on,
            ..defaults
        },
        Some(RawCheck::Tuned(raw)) => tuned(check, raw, layers),
    }
}

fn tuned(check: &Check, raw: &RawTuning, layers: &Layers) -> CheckSettings {
    let severities = raw.severity.iter().flat_map(|by_code| &by_code.0);
    let named = |tools: &Vec<String>| {
        let all = check.tools.iter().copied();
        all.filter(|tool| tools.iter().any(|named| named == tool))
            .collect()
    };
    CheckSettings {
        enabled: true,
        at: moments(raw.at.as_deref().unwrap_or(check.moments)),
        exclude: patterns(raw.exclude.as_ref()),
        severity: severities
            .filter_map(|(named, severity)| {
                let code = check.codes().iter().find(|code| code.id == named)?;
                Some((code.id, *severity))
            })
            .collect(),
        timeout: raw.timeout.as_deref().and_then(duration::parse),
        branches: raw.branches.clone().unwrap_or_default(),
        isolate: isolate(raw.isolate),
        cache: raw.cache,
        env: variables(
            raw.env.as_ref(),
            &Trail::of(["checks", check.id, "env"]),
            layers,
        ),
        pass_env: raw.pass_env.clone().unwrap_or_default(),
        tools: raw.tools.as_ref().map(named),
        min: raw.min,
        report: patterns(raw.report.as_ref()),
        docker: raw.docker.unwrap_or_default(),
    }
}

fn patterns(raw: Option<&RawPatterns>) -> Vec<String> {
    raw.map(RawPatterns::items).unwrap_or_default().to_vec()
}

fn isolate(raw: Option<RawIsolate>) -> Isolate {
    match raw {
        Some(RawIsolate::Copy) => Isolate::Copy,
        Some(RawIsolate::Link) | None => Isolate::Link,
    }
}

/// Each moment once, in the order in which a change meets them.
fn moments(named: &[Moment]) -> Vec<Moment> {
    let all = Moment::ALL.into_iter();
    all.filter(|moment| named.contains(moment)).collect()
}

/// The variables as they were written: `1.10` stays `1.10`.
fn variables(raw: Option<&RawVariables>, at: &Trail, layers: &Layers) -> BTreeMap<String, String> {
    let pairs = raw.iter().flat_map(|variables| &variables.0);
    pairs
        .map(|(variable, value)| {
            let literal = || layers.literal(&at.key(variable)).map(str::to_owned);
            let text = match value {
                RawText::Text(text) => text.clone(),
                RawText::Number(number) => literal().unwrap_or_else(|| number.to_string()),
                RawText::Boolean(value) => literal().unwrap_or_else(|| value.to_string()),
            };
            (variable.clone(), text)
        })
        .collect()
}
