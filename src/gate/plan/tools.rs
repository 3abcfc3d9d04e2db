//! The built-in checks as steps: which of the project's own tools a change concerns, and how each is run.

use super::built::Stuck;
use super::units::{self, Aside, Before, Covered, Names, One, Units};
use super::{Handed, Planner, refusal};
use crate::adapter::{self, Ask};
use crate::change::Change;
use crate::check;
use crate::command::hearing::Hearing;
use crate::command::known;
use crate::command::pattern::Patterns;
use crate::config::valid::{CheckSettings, Command, Reads, Run};
use crate::engine::{Step, Work};
use crate::env;
use crate::event::Will;
use crate::gate::GateError;
use crate::gate::memory::{self, Counts, Recalled};
use crate::gate::place::remedy;
use crate::outcome::Outcome;
use crate::project::{Judgement, Project};
use crate::secrets;
use crate::tool::{Build, Finder, Missing, Unit};

/// The check that judges what the tests measure.
const COVERAGE: &str = "coverage";

/// The check that looks at what git ignores.
const GITIGNORE: &str = "gitignore";

/// The check that runs test suites.
const TESTS: &str = "tests";

/// The check that builds.
const BUILD: &str = "build";

/// The check that may have to build first what it reads.
const TYPES: &str = "types";

/// Builds whose output tests may load: it lies where git does not look, and may be another commit's.
const WRITERS: [&str; 2] = ["next", "script"];

/// What became of one change under one check.
#[derive(Default)]
struct Told {
    /// What is to be run, each with its reason.
    runs: Vec<(One, String)>,
    /// What is built before them, in this order.
    before: Vec<Before>,
    /// Why an earlier pass serves.
    reused: Vec<String>,
}

impl<'a> Planner<'a, '_> {
    /// Plans every built-in check of this moment of which the project has a trace.
    pub(super) fn checks(&mut self, steps: &mut Vec<Step>) -> Result<(), GateError> {
        let coverage = self.coverage();
        let aside = coverage.map(|_| Aside::default());
        // It begins first: what it finds is hidden in all that the others print.
        if let Some(settings) = self.meant(secrets::CHECK) {
            steps.extend(self.secrets(settings)?);
        }
        for check in check::ALL {
            let Some(settings) = self.meant(check.id) else {
                continue;
            };
            match check.id {
                // They come last: one judges what the tests measure, the others what was built.
                COVERAGE | BUILD | TESTS | secrets::CHECK => {}
                GITIGNORE => steps.extend(self.ignoring(settings)),
                env::CHECK => steps.extend(self.env(settings)?),
                id => steps.extend(self.check(id, settings, None)),
            }
        }
        let tests = self.meant(TESTS);
        let tests = tests.and_then(|settings| self.check(TESTS, settings, aside.as_ref()));
        let runs = tests.as_ref().is_some_and(|tests| tests.will == Will::Run);
        // An earlier pass of a build says nothing about what lies there now.
        self.is_fresh = runs;
        let build = self.meant(BUILD);
        let build = build.and_then(|settings| self.check(BUILD, settings, None));
        self.is_fresh = false;
        let is_needed = build.as_ref().is_some_and(|build| {
            build.will == Will::Run && WRITERS.iter().any(|tool| self.built.contains(tool))
        });
        let is_two = build.as_ref().is_some_and(|build| build.will == Will::Run);
        steps.extend(build);
        let types = steps.iter_mut().find(|step| step.id == TYPES);
        let builds = types.filter(|types| types.will == Will::Run && self.builds_first);
        // Two that write to one folder, or one that reads there meanwhile: one after the other.
        let is_before = builds.is_some();
        if let Some(types) = builds.filter(|_| is_two) {
            types.needs.push(BUILD.to_owned());
        }
        steps.extend(tests.map(|mut tests| {
            if runs && is_needed {
                tests.needs.push(BUILD.to_owned());
            }
            if runs && is_before {
                tests.needs.push(TYPES.to_owned());
            }
            tests
        }));
        let tests = steps.iter().find(|step| step.id == TESTS);
        if let (Some(tests), Some(settings), Some(aside)) = (tests, coverage, aside) {
            let step = Step {
                id: COVERAGE.to_owned(),
                needs: vec![TESTS.to_owned()],
                will: tests.will,
                reason: match tests.will {
                    Will::Run => "the tests measure it".to_owned(),
                    Will::Reuse | Will::Skip => tests.reason.clone(),
                },
                work: Some(Box::new(Covered::new(aside, settings.clone()))),
            };
            steps.push(step);
        }
        Ok(())
    }

    /// The settings of a check that is to be done at this moment.
    fn meant(&self, id: &str) -> Option<&'a CheckSettings> {
        let settings = self.world.config.checks.get(id)?;
        (settings.enabled && settings.at.contains(&self.request.moment)).then_some(settings)
    }

    /// What coverage is asked for, where it is.
    fn coverage(&self) -> Option<&'a CheckSettings> {
        let is_open = self.request.filter.reason(COVERAGE).is_none();
        let settings = self.meant(COVERAGE)?;
        (is_open && settings.min.is_some()).then_some(settings)
    }

    fn check(
        &mut self,
        id: &'static str,
        settings: &CheckSettings,
        aside: Option<&Aside>,
    ) -> Option<Step> {
        let filter = &self.request.filter;
        // Without the tests nothing is measured.
        let is_wanted = id == TESTS && aside.is_some() && filter.asks(COVERAGE);
        if filter.reason(id).is_some() && !filter.names(id) && !is_wanted {
            // Nobody asked for it, and nobody has to be told.
            return None;
        }
        let skipped = filter.reason(id).filter(|_| !is_wanted);
        let mut told = Told::default();
        let mut refused = None;
        for at in 0..self.parts.len() {
            match refusal(&settings.branches, &self.parts[at].part.branches) {
                Ok(Some(reason)) | Err(reason) => refused = Some(reason),
                Ok(None) => self.units(id, settings, at, &mut told),
            }
        }
        let step = |will, reason: String, work| {
            Some(Step {
                id: id.to_owned(),
                needs: Vec::new(),
                will,
                reason,
                work,
            })
        };
        if told.runs.is_empty() && told.reused.is_empty() {
            let is_asked = filter.asks(id);
            let reason =
                refused.unwrap_or_else(|| "no tool of this project is about this change".into());
            return if is_asked {
                step(Will::Skip, reason, None)
            } else {
                None
            };
        }
        if let Some(reason) = skipped {
            return step(Will::Skip, reason.to_owned(), None);
        }
        if told.runs.is_empty() {
            return step(Will::Reuse, told.reused.swap_remove(0), None);
        }
        self.builds_first |= !told.before.is_empty();
        let reasons: Vec<&str> = told
            .runs
            .iter()
            .map(|(_, reason)| reason.as_str())
            .collect();
        let reason = reasons.join("; ");
        let runs = told.runs.into_iter().map(|(one, _)| one).collect();
        let work = Units::new(
            runs,
            settings.clone(),
            self.world.repository,
            aside.cloned(),
        )
        .with(told.before);
        step(Will::Run, reason, Some(Box::new(work)))
    }

    /// What one check means for one change.
    fn units(&mut self, id: &'static str, settings: &CheckSettings, at: usize, told: &mut Told) {
        let world = self.world;
        let part = self.parts[at].part;
        let (changed, files) = match without(&part.changes.files, &settings.exclude) {
            Ok(changed) => (changed, &part.changes.files),
            Err(reason) => {
                let work = Box::new(Stuck(Outcome::unknown(reason, "correct the pattern")));
                told.runs.push((
                    One::of(Names::default(), part.changes.judged, work),
                    String::new(),
                ));
                return;
            }
        };
        let project = Project::new(Judgement::new(world.repository, part.changes.judged));
        let finder = Finder::new(world.repository.work_tree(), world.environment);
        let ask = Ask {
            project: &project,
            changed: changed.as_deref().unwrap_or(files),
            finder: &finder,
            settings,
            coverage: if id == TESTS { self.coverage() } else { None },
            moment: self.request.moment,
        };
        let adapters = adapter::ALL
            .iter()
            .filter(|adapter| adapter.check() == id && settings.uses(adapter.id()));
        let units: Vec<Unit> = adapters.flat_map(|adapter| adapter.units(&ask)).collect();
        if let Some(error) = project.take_trouble() {
            let outcome = Outcome::unknown(error.to_string(), remedy(&error));
            let reason = "what the project is made of could not be read".to_owned();
            told.runs.push((
                One::of(
                    Names::default(),
                    part.changes.judged,
                    Box::new(Stuck(outcome)),
                ),
                reason,
            ));
            return;
        }
        for unit in units {
            self.unit(id, settings, at, unit, told);
        }
    }

    fn unit(
        &mut self,
        id: &'static str,
        settings: &CheckSettings,
        at: usize,
        unit: Unit,
        told: &mut Told,
    ) {
        let part = self.parts[at].part;
        let names = Names {
            part: part.name.clone(),
            tool: unit.tool,
            root: unit.root.clone(),
        };
        let call = match unit.call {
            Ok(call) => call,
            Err(Missing { reason, remedy }) => {
                let work = Box::new(Stuck(Outcome::unknown(reason.clone(), remedy)));
                told.runs
                    .push((One::of(names, part.changes.judged, work), reason));
                return;
            }
        };
        if id == BUILD {
            self.built.push(unit.tool);
        }
        let command = known::command(&call, &unit.root, settings);
        let coverage = if id == TESTS { self.coverage() } else { None };
        let words = format!("{settings:?} {coverage:?}");
        let counts = Counts {
            files: &unit.files,
            changes: &part.changes.files,
            inputs: &call.inputs,
            words: &words,
        };
        let known = (&self.parts[at].known, part.changes.judged);
        let records = match self.memory.recall_unit(id, &command, counts, known) {
            Recalled::Passed(_) if self.is_fresh && WRITERS.contains(&unit.tool) => None,
            Recalled::Passed(reason) => {
                told.reused.push(format!("{names}: {reason}"));
                return;
            }
            Recalled::Open(records) => records,
        };
        let builds = call.first.len();
        let after: Vec<_> = call
            .first
            .iter()
            .cloned()
            .map(|build| (at, build))
            .collect();
        for what in &after {
            if told.before.iter().all(|before| before.what != *what) {
                let work = self.building(id, &command, what);
                told.before.push(Before {
                    what: what.clone(),
                    work,
                });
            }
        }
        let takes_files = command.run.takes_files();
        let read = match call.reads {
            Reads::Project => Vec::new(),
            Reads::Files => unit.files.iter().chain(&call.inputs).cloned().collect(),
        };
        let reason = match (takes_files, unit.files.len()) {
            (true, 1) => format!("{names} on 1 file"),
            (true, count) => format!("{names} on {count} files"),
            (false, _) => names.to_string(),
        };
        let reason = match builds {
            0 => reason,
            1 => format!("{reason}, after building the package that it reads"),
            many => format!("{reason}, after building {many} packages that it reads"),
        };
        let hearing = Hearing {
            ear: call.ear,
            tool: unit.tool,
            check: id,
            leaves: call.leaves,
            floor: call.floor,
            is_judged: units::judges(self.world.repository, part.changes.judged),
            files: unit.files.clone(),
        };
        let handed = Handed {
            files: unit.files,
            read: Ok(read),
            reason,
            hearing: Some(hearing),
            is_away: call.is_away,
        };
        let (reason, work) = self.work(id, &command, at, handed);
        let work = memory::recorded(&format!("{id}:{}", unit.tool), records, work);
        let one = One::of(names, part.changes.judged, work).after(after);
        told.runs.push((one, reason));
    }

    /// A build of what a tool reads, where the tool runs as well.
    fn building(
        &mut self,
        id: &str,
        tool: &Command,
        (at, build): &(usize, Build),
    ) -> Box<dyn Work> {
        let command = Command {
            run: Run::Argv(build.run.clone()),
            root: build.folder.clone(),
            fix: None,
            ..tool.clone()
        };
        let handed = Handed {
            files: Vec::new(),
            read: Ok(Vec::new()),
            reason: String::new(),
            hearing: None,
            is_away: true,
        };
        self.work(id, &command, *at, handed).1
    }
}

/// The changes without those that are excluded; none where all stay.
pub(in crate::gate) fn without(
    changes: &[Change],
    exclude: &[String],
) -> Result<Option<Vec<Change>>, String> {
    if exclude.is_empty() {
        return Ok(None);
    }
    let patterns = Patterns::of_files(exclude).map_err(|error| error.to_string())?;
    let stays = |change: &&Change| !patterns.pick_file(&change.path.to_os());
    Ok(Some(changes.iter().filter(stays).cloned().collect()))
}
