//! The call of a tool that guard knows, as a command like the team's own.

use std::collections::BTreeMap;

use crate::config::valid::{CheckSettings, Command, Files, Run};
use crate::path::RepoPath;
use crate::tool::Call;

/// A known tool's call as a command.
pub(crate) fn command(call: &Call, root: &RepoPath, settings: &CheckSettings) -> Command {
    let mut env: BTreeMap<String, String> = call.env.clone();
    env.extend(settings.env.clone());
    Command {
        run: Run::Argv(call.run.clone()),
        fix: call.fix.as_ref().map(|fix| Run::Argv(fix.run.clone())),
        fix_on_commit: false,
        at: Vec::new(),
        files: Files::All,
        exclude: Vec::new(),
        root: root.clone(),
        needs: Vec::new(),
        reads: call.reads,
        isolate: settings.isolate.max(call.isolate),
        inputs: Vec::new(),
        env,
        pass_env: settings.pass_env.clone(),
        timeout: settings.timeout,
        cache: Some(settings.cache.unwrap_or(true)),
        branches: Vec::new(),
    }
}
