//! `guard fix`: from what was typed to what is repaired.

use std::sync::Arc;

use clap::Args;

use crate::change::Wanted;
use crate::clock::Clock;
use crate::event::Listener;
use crate::exit::Exit;
use crate::finding::{Fix, Severity};
use crate::gate::{self, Filter, Repairs, World};
use crate::process::signal::Cancel;
use crate::repository::Repository;

use super::context::Context;
use super::{help, near};

/// Arguments of `guard fix`.
#[derive(Args, Debug)]
#[command(before_help = help::FIX, after_help = help::FIX_EXITS)]
pub(crate) struct Arguments {
    /// Only what mends these finding codes
    #[arg(value_name = "CODES")]
    codes: Vec<String>,
    /// Also fixes that may change what the files mean
    #[arg(long = "unsafe")]
    is_unsafe: bool,
    /// Print who would repair what, change nothing
    #[arg(long, visible_alias = "dry-run")]
    plan: bool,
    /// Every tracked file
    #[arg(long, conflicts_with_all = ["from", "to"])]
    all_files: bool,
    /// The files that changed since this commit
    #[arg(long, value_name = "A")]
    from: Option<String>,
    /// Up to this commit (default: HEAD)
    #[arg(long, value_name = "B", requires = "from")]
    to: Option<String>,
    /// Only the fixes of these, separated by commas
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    only: Vec<String>,
    /// Not the fixes of these, separated by commas
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    skip: Vec<String>,
}

/// `guard fix [CODES…]`.
pub(crate) fn run(context: &Context, arguments: &Arguments) -> Exit {
    let mut codes = Vec::new();
    for asked in &arguments.codes {
        match near::code(asked) {
            Ok(code) => codes.push(code),
            Err(error) => return context.fail(&error, Exit::Usage),
        }
    }
    let repository = match Repository::discover(&context.environment) {
        Ok(repository) => Arc::new(repository),
        Err(error) => return context.fail(&error, error.exit()),
    };
    let settings = match context.settings(&repository) {
        Ok(settings) => settings,
        Err(exit) => return exit,
    };
    let loaded = match context.load(&repository, &settings.read) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let warnings = loaded.warnings.iter().chain(&settings.warnings);
    let notes = warnings.map(|warning| (Severity::Warning, warning.clone()));
    let repairs = Repairs {
        wanted: wanted(arguments),
        filter: Filter::new(arguments.only.clone(), &arguments.skip, &[]),
        codes,
        allowed: if arguments.is_unsafe {
            Fix::Unsafe
        } else {
            Fix::Safe
        },
        notes: notes.collect(),
        plan_only: arguments.plan,
    };
    let clock = Clock::Real;
    let world = World {
        repository: &repository,
        config: &loaded.config,
        environment: &context.environment,
        redactor: settings.redactor.clone(),
        clock: &clock,
        cancel: Cancel::new(),
    };
    let mut reporter = context.reporter(arguments.plan);
    let ended = {
        let mut listeners: Vec<&mut dyn Listener> = reporter.listeners();
        gate::repair(&world, &repairs, &mut listeners)
    };
    match ended {
        Ok(exit) => reporter.finish(exit),
        Err(error) => context.fail(&error, error.exit()),
    }
}

fn wanted(arguments: &Arguments) -> Wanted {
    match &arguments.from {
        _ if arguments.all_files => Wanted::AllFiles,
        None => Wanted::Usual,
        Some(from) => Wanted::Range {
            from: from.clone(),
            to: arguments.to.clone().unwrap_or_else(|| "HEAD".to_owned()),
        },
    }
}
