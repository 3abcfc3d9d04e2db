//! `guard init`: says what is there and what would be written, asks, writes, installs, and looks for the first time.

use std::io::{BufRead, IsTerminal, Read};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::environment::Environment;
use crate::exit::Exit;
use crate::hook::{self, HookName};
use crate::init::{self, Draft, HookFile, Hooks};
use crate::project::{Project, WorkTree};
use crate::report::Verbosity;
use crate::repository::Repository;

use super::arguments::Init;
use super::context::Context;
use super::told::Told;
use super::{first_look, install};

/// The longest answer that is read.
const ANSWER: u64 = 1024;

/// Runs it.
pub(crate) fn run(context: &Context, arguments: &Init) -> Exit {
    match Session::begin(context, arguments) {
        Ok(session) => session.run(),
        Err(exit) => exit,
    }
}

/// What one call works on.
struct Session<'a> {
    context: &'a Context,
    arguments: &'a Init,
    repository: Arc<Repository>,
    draft: Draft,
    /// What an install would write; none where none was asked for.
    hooks: Option<Hooks>,
}

impl<'a> Session<'a> {
    /// Looks and decides. Whatever stands in the way is said here, before anything is written.
    fn begin(context: &'a Context, arguments: &'a Init) -> Result<Self, Exit> {
        let repository = Repository::discover(&context.environment)
            .and_then(|repository| repository.needs_work_tree().map(|()| repository))
            .map_err(|error| context.fail(&error, error.exit()))?;
        // A broken guard.yaml would make everything after it guesswork.
        let settings = context.settings(&repository)?;
        context.load(&repository, &settings.read)?;
        let top = repository.work_tree().unwrap_or(repository.git_dir());
        let draft = {
            let project = Project::new(WorkTree::new(top));
            init::draft(&project, arguments.import)
        };
        let draft = draft.map_err(|error| context.fail(&error, error.exit()))?;
        draft
            .check(top)
            .map_err(|error| context.fail(&error, error.exit()))?;
        let hooks = if arguments.no_install {
            None
        } else {
            let asked = asked(context)?;
            let preview = hook::preview(&context.environment, &asked);
            let preview = preview.map_err(|error| {
                let exit = context.fail(&error, error.exit());
                context.terminal.err(
                    "help: nothing was changed; `guard init --no-install` leaves the hooks out\n",
                );
                exit
            })?;
            Some(hooks(preview))
        };
        Ok(Self {
            context,
            arguments,
            repository: Arc::new(repository),
            draft,
            hooks,
        })
    }

    fn run(self) -> Exit {
        let context = self.context;
        let style = context.terminal.looks().out;
        if context.verbosity != Verbosity::Quiet {
            self.tell(&init::future(&self.draft, self.hooks.as_ref(), style));
        }
        if self.arguments.dry_run {
            self.tell(&init::past(&self.draft, style));
            self.tell("nothing was written (--dry-run)\n");
            return self.finish(Exit::Good, None);
        }
        let writes = self.writes();
        if writes > 0
            && !self.arguments.yes
            && let Err(why) = self.consent(writes)
        {
            context.terminal.err(why);
            return self.finish(Exit::Refused, None);
        }
        let hooked = match self.write() {
            Ok(exit) => exit,
            Err(exit) => return exit,
        };
        self.tell(&init::past(&self.draft, style));
        if writes == 0 {
            self.tell("nothing to write: everything is there already\n");
        }
        let look = first_look::look(context, &self.repository);
        self.tell(&look.text(style));
        let news = self.to_commit();
        if hooked == Exit::Good && !news.is_empty() {
            self.tell(&format!(
                "\nnext: git add {} && git commit\n",
                news.join(" ")
            ));
        }
        let exit = look.interrupted().unwrap_or(hooked);
        self.finish(exit, Some(look.json()))
    }

    /// How many files are going to be written.
    fn writes(&self) -> usize {
        let hooks = self.hooks.as_ref().map_or(0, |hooks| hooks.files.len());
        self.draft.files.len() + hooks
    }

    /// What was written into the project itself.
    fn to_commit(&self) -> Vec<String> {
        let files = self.draft.files.iter().map(|file| file.path.to_string());
        let hooks = self.hooks.iter().flat_map(|hooks| &hooks.files);
        let hooks = hooks.map(|file| file.path.clone());
        let inside = hooks.filter(|path| !path.starts_with(".git/") && !path.starts_with('/'));
        files.chain(inside).collect()
    }

    /// Asks, where somebody can answer.
    fn consent(&self, writes: usize) -> Result<(), &'static str> {
        const UNASKED: &str = "nothing was written: there is nobody to ask\nhelp: `guard init --yes` writes without asking\n";
        const DECLINED: &str = "nothing was written\n";
        let context = self.context;
        let stdin = std::io::stdin();
        let can_ask = context.may_ask && context.is_for_people();
        if !can_ask || !stdin.is_terminal() || !context.terminal.is_watched() {
            return Err(UNASKED);
        }
        context.terminal.err(&init::ask(writes));
        let mut answer = String::new();
        // What cannot be read is no yes.
        let _ = stdin.lock().take(ANSWER).read_line(&mut answer);
        if init::is_yes(&answer) {
            Ok(())
        } else {
            Err(DECLINED)
        }
    }

    /// Writes the files and puts the hooks in: both, or neither.
    fn write(&self) -> Result<Exit, Exit> {
        let context = self.context;
        let top = self.repository.work_tree().unwrap_or(Path::new("."));
        let written = self
            .draft
            .write(top)
            .map_err(|error| context.fail(&error, error.exit()))?;
        if self.hooks.is_none() {
            self.lay_schema();
            return Ok(Exit::Good);
        }
        let done = asked(context).and_then(|asked| {
            let done = hook::install(&context.environment, &asked);
            done.map_err(|error| context.fail(&error, error.exit()))
        });
        match done {
            Ok(done) => {
                self.lay_schema();
                let (text, exit) = install::shown(context, &done);
                self.tell(&text);
                Ok(exit)
            }
            Err(exit) => {
                written.take_back();
                Err(exit)
            }
        }
    }

    fn lay_schema(&self) {
        install::lay_schema(self.context, self.repository.common_dir());
    }

    /// Data for people, as it comes.
    fn tell(&self, text: &str) {
        if self.context.is_for_people() {
            self.context.terminal.out(text);
        }
    }

    /// Ends the call; programs get one report.
    fn finish(&self, exit: Exit, look: Option<Value>) -> Exit {
        if self.context.is_for_people() {
            return match self.context.say("") {
                Exit::Good => exit,
                lost => lost,
            };
        }
        let mut told = Told::new("init", "this project");
        let said = init::json(&self.draft, self.hooks.as_ref());
        for (name, value) in said.as_object().into_iter().flatten() {
            told.data(name, value.clone());
        }
        let is_written = exit != Exit::Refused && !self.arguments.dry_run;
        told.data("written", Value::from(is_written));
        told.data("run", look.unwrap_or_default());
        told.finish(self.context, exit)
    }
}

/// What an install would write, in the words of `init`.
fn hooks(preview: hook::Preview) -> Hooks {
    let files = preview.files.into_iter();
    let file = |file: hook::FileChange| HookFile {
        path: file.path,
        is_new: file.is_new,
        lines: file.lines,
    };
    Hooks {
        files: files.map(file).collect(),
        notes: preview.notes,
    }
}

/// What is to be installed.
fn asked(context: &Context) -> Result<hook::Install, Exit> {
    let Some(binary) = Environment::binary() else {
        context
            .terminal
            .err("error: the system does not say where this binary is\n");
        return Err(Exit::Unknown);
    };
    Ok(hook::Install {
        binary,
        missing: hook::Missing::Block,
        names: HookName::ALL.to_vec(),
    })
}
