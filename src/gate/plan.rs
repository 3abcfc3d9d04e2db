//! From what changed and what the team wants to a plan of steps, each with its reason.

mod built;
mod desk;
mod env;
mod secrets;
pub(super) mod tools;
mod units;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::change::Change;
use crate::checkout::Checkouts;
use crate::command::branches;
use crate::command::hearing::Hearing;
use crate::command::select::{self, Changed, Decision};
use crate::command::work::{CommandWork, Placement, Watching};
use crate::config::valid::{Command, Reads};
use crate::engine::{Context, Ended, Plan, Step, Work};
use crate::event::{Coverage, Will};
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::process::variables::Variables;
use crate::repository::{Id, RepositoryError};

use crate::secret::Found;

use super::World;
use super::memory::{self, Memory, Recalled};
use super::place::Places;
use super::secrets::Searching;
use super::several::Several;
use super::subject::Subject;
use super::verdict::Judge;
use super::witness::{self, Reading, Witness};
use super::{CHANGE, GateError, Request};
use desk::Desk;

/// The plan, and what each of its steps is handed.
pub(crate) struct Planned<'a> {
    /// The steps.
    pub(crate) plan: Plan,
    /// The records that serve.
    pub(crate) memory: Memory<'a>,
    reading: BTreeMap<String, BTreeMap<(RepoPath, Id), u64>>,
    /// The search for secrets, where there is one.
    searching: Option<Arc<Searching>>,
}

impl Planned<'_> {
    /// The run begins: from now on nobody shows what a tool prints before the search has ended.
    pub(crate) fn begin(&self, found: &Found) {
        if let Some(searching) = &self.searching {
            searching.begin(found);
        }
    }

    /// What the steps that ran were handed: a file that several were handed counts once, and so
    /// do the bytes of a blob that several files hold.
    pub(crate) fn coverage(&self, judge: &Judge) -> Coverage {
        let ran = self.reading.iter().filter(|(id, _)| judge.saw(id));
        let mut blobs: BTreeMap<_, u64> = ran.flat_map(|(_, blobs)| blobs.clone()).collect();
        let more = self
            .searching
            .as_ref()
            .map(|searching| searching.read_into(&mut blobs));
        let more = more.unwrap_or_default();
        let distinct: BTreeMap<&Id, u64> =
            blobs.iter().map(|((_, id), size)| (id, *size)).collect();
        Coverage {
            files: blobs.len() as u64 + more.files,
            bytes: distinct.values().sum::<u64>() + more.bytes,
        }
    }
}

/// Plans every command of this moment.
pub(crate) fn plan<'a>(
    world: &'a World<'a>,
    request: &'a Request,
    subject: &Subject,
    checkouts: &'a Arc<Checkouts>,
) -> Result<Planned<'a>, GateError> {
    let (moment, filter) = (request.moment, &request.filter);
    let mut planner = Planner {
        world,
        request,
        checkouts,
        parts: subject
            .parts
            .iter()
            .map(|part| Desk::new(world.repository, part))
            .collect(),
        memory: Memory::new(world, request.cache),
        reading: BTreeMap::new(),
        sizes: HashMap::new(),
        witness: None,
        is_fresh: false,
        built: Vec::new(),
        builds_first: false,
        searching: None,
    };
    let mut steps = Vec::new();
    planner.checks(&mut steps)?;
    for (id, command) in &world.config.commands {
        if !command.at.contains(&moment) {
            continue;
        }
        let (will, reason, work) = match filter.reason(id) {
            Some(reason) => (Will::Skip, reason.to_owned(), None),
            None => planner.step(id, command),
        };
        steps.push(Step {
            id: id.clone(),
            needs: command.needs.clone(),
            will,
            reason,
            work,
        });
    }
    if let [first, rest @ ..] = &subject.unjudged[..] {
        let skipped = filter.reason(CHANGE).filter(|_| filter.names(CHANGE));
        let more = match rest.len() {
            0 => String::new(),
            count => format!(", and {count} more"),
        };
        steps.push(Step {
            id: CHANGE.to_owned(),
            needs: Vec::new(),
            will: if skipped.is_some() {
                Will::Skip
            } else {
                Will::Run
            },
            reason: skipped
                .unwrap_or("something is pushed that is no commit")
                .to_owned(),
            work: Some(Box::new(Unjudged(format!("{first}{more}")))),
        });
    }
    Ok(Planned {
        plan: Plan::new(steps)?,
        memory: planner.memory,
        reading: planner.reading,
        searching: planner.searching,
    })
}

/// What is pushed and cannot be judged, as a step: unknown is never green.
struct Unjudged(String);

impl Work for Unjudged {
    fn run(&self, _: &Context) -> Ended {
        let remedy = "push commits, or skip it this once: `GUARD_SKIP=change git push`";
        Outcome::unknown(&self.0, remedy).into()
    }
}

/// Plans the commands one after the other, and remembers what it has looked up.
struct Planner<'a, 'p> {
    world: &'a World<'a>,
    request: &'a Request,
    checkouts: &'a Arc<Checkouts>,
    parts: Vec<Desk<'p>>,
    memory: Memory<'a>,
    reading: BTreeMap<String, BTreeMap<(RepoPath, Id), u64>>,
    /// What blobs weigh: several commands are handed the same.
    sizes: HashMap<Id, Option<u64>>,
    /// Who watches the work tree, once something may run there.
    witness: Option<Arc<Witness>>,
    /// Whether builds are planned for tests that load what they make.
    is_fresh: bool,
    /// The tools that build.
    built: Vec<&'static str>,
    /// The search for secrets, once it is planned.
    searching: Option<Arc<Searching>>,
    /// Whether something that is no build builds what it reads.
    builds_first: bool,
}

type Fate = (Will, String, Option<Box<dyn Work>>);

/// What a command is handed, and why.
struct Handed {
    files: Vec<RepoPath>,
    /// What it looks at, where that is a few files.
    read: Result<Vec<RepoPath>, RepositoryError>,
    reason: String,
    /// Who understands what it says.
    hearing: Option<Hearing>,
    /// Whether it may not run in the work tree: it writes there.
    is_away: bool,
}

impl Planner<'_, '_> {
    /// Decides about one command: a work for each change that it is for.
    fn step(&mut self, id: &str, command: &Command) -> Fate {
        let mut works = Vec::new();
        let (mut run, mut reuse) = (None, None);
        let mut skip = None;
        for at in 0..self.parts.len() {
            match self.part(id, command, at) {
                Ok((reason, work)) => {
                    let known = if work.is_some() { &mut run } else { &mut reuse };
                    known.get_or_insert(reason);
                    let work = work.unwrap_or_else(|| Box::new(Reused));
                    works.push((self.parts[at].part.name.clone(), work));
                }
                Err(reason) => {
                    skip.get_or_insert(reason);
                }
            }
        }
        if let Some(reason) = run {
            return (Will::Run, reason, Some(Several::of(works)));
        }
        if let Some(reason) = reuse {
            return (Will::Reuse, reason, None);
        }
        let reason = skip.unwrap_or_else(|| "nothing is pushed".to_owned());
        (Will::Skip, reason, None)
    }

    /// The work for one change, with the reason, or no work where an earlier pass serves; or the
    /// reason why it is skipped.
    fn part(
        &mut self,
        id: &str,
        command: &Command,
        at: usize,
    ) -> Result<(String, Option<Box<dyn Work>>), String> {
        let part = self.parts[at].part;
        if let Some(reason) = refusal(&command.branches, &part.branches)? {
            return Err(reason);
        }
        let changed: Vec<Changed<'_>> = part.changes.files.iter().map(candidate).collect();
        let (files, reason) = match select::decide(command, &changed).map_err(odd)? {
            Decision::Run { files, reason } => (files, reason),
            Decision::Skip { reason } => return Err(reason),
        };
        let records = match self.recall(id, command, at, &files) {
            Recalled::Passed(reason) => return Ok((reason, None)),
            Recalled::Open(records) => records,
        };
        let read = match command.reads {
            Reads::Files => self.parts[at].read(self.world.repository, command, &files),
            Reads::Project => Ok(Vec::new()),
        };
        let (reason, work) = self.work(
            id,
            command,
            at,
            Handed {
                files,
                read,
                reason,
                hearing: None,
                is_away: false,
            },
        );
        let work = memory::recorded(id, records, work);
        Ok((reason, Some(work)))
    }

    /// What runs a command, and where and why it does.
    fn work(
        &mut self,
        id: &str,
        command: &Command,
        at: usize,
        handed: Handed,
    ) -> (String, Box<dyn Work>) {
        let Handed {
            files,
            read,
            reason,
            hearing,
            is_away,
        } = handed;
        let part = self.parts[at].part;
        let (placement, witness) = if is_away {
            let because = "it writes what it makes of the project".to_owned();
            (Placement::Checkout { because }, None)
        } else {
            self.place(command, at, &read, hearing.is_some())
        };
        let reads = match (&read, command.reads) {
            (Ok(read), Reads::Files) => Some(read.clone()),
            _ => None,
        };
        if reads.is_none() && matches!(placement, Placement::Checkout { .. }) {
            self.checkouts.want_whole();
        }
        let reading = Reading {
            judged: part.changes.judged,
            reads: command.reads,
            root: command.root.clone(),
            files: read.unwrap_or_default(),
        };
        let watching: Watching = match witness {
            Some(witness) => witness.watching(reading),
            None if matches!(placement, Placement::InPlace { .. }) => {
                witness::comparing(self.world.repository, reading)
            }
            // Nothing runs in place.
            None => Box::new(|| Box::new(Vec::new)),
        };
        let reason = match &placement {
            Placement::Checkout { because } => {
                format!("{reason}; in guard's own checkout, since {because}")
            }
            Placement::InPlace { .. } | Placement::Nowhere { .. } => reason,
        };
        let coverage = self.weigh(id, command, &files, &part.changes.files);
        let world = self.world;
        let work = CommandWork {
            id: id.to_owned(),
            moment: self.request.moment,
            run: command.run.clone(),
            has_fix: command.fix.is_some(),
            root: command.root.clone(),
            files,
            reads,
            placement,
            judged: part.changes.judged,
            checkouts: Arc::clone(self.checkouts),
            isolate: command.isolate,
            variables: Variables::of(world.environment, &command.pass_env, &command.env),
            redactor: world.redactor.clone(),
            timeout: command.timeout,
            coverage,
            watching,
            hearing,
        };
        (reason, Box::new(work))
    }

    /// What the records say.
    fn recall(&mut self, id: &str, command: &Command, at: usize, files: &[RepoPath]) -> Recalled {
        let Desk {
            part, known, tree, ..
        } = &mut self.parts[at];
        let (changes, repository) = (&part.changes, self.world.repository);
        let known = (&*known, changes.judged);
        let list = || Ok(desk::listed(tree, repository, changes.judged)?.to_vec());
        self.memory
            .recall(id, command, files, &changes.files, known, list)
    }

    /// Where a command runs, and who watches it where that is the work tree.
    fn place(
        &mut self,
        command: &Command,
        at: usize,
        read: &Result<Vec<RepoPath>, RepositoryError>,
        is_known: bool,
    ) -> (Placement, Option<Arc<Witness>>) {
        let read = match read {
            Ok(read) => read,
            Err(error) => return (Places::unreadable(error), None),
        };
        let (reads, root) = (command.reads, &command.root);
        // A few files are looked at twice: most often it is known then that nothing runs in place.
        let first: &[RepoPath] = match reads {
            Reads::Files => read,
            Reads::Project => &self.parts[at].likely(root),
        };
        let place = self.parts[at].places.of(Reads::Files, root, first);
        let is_in_place = matches!(place, Placement::InPlace { .. });
        // guard wrote the call of a tool that it knows: it judges and writes nothing, so what it reads is enough.
        if !is_in_place || is_known && reads == Reads::Files {
            return (place, None);
        }
        // Before the look that counts: nothing may slip in between it and the run.
        match self.witness() {
            Ok(witness) => (self.parts[at].places.of(reads, root, read), witness),
            Err(error) => (Places::unreadable(&error), None),
        }
    }

    /// Who watches the work tree; none where nothing will run in one.
    fn witness(&mut self) -> Result<Option<Arc<Witness>>, RepositoryError> {
        let repository = self.world.repository;
        if let (None, false, Some(work_tree)) = (
            &self.witness,
            self.request.plan_only,
            repository.work_tree(),
        ) {
            self.witness = Some(Arc::new(Witness::of(repository, work_tree)?));
        }
        Ok(self.witness.clone())
    }

    /// What the files that the command is handed weigh.
    fn weigh(
        &mut self,
        id: &str,
        command: &Command,
        files: &[RepoPath],
        changes: &[Change],
    ) -> Coverage {
        let mut coverage = Coverage::default();
        if !command.run.takes_files() {
            return coverage;
        }
        let wanted: BTreeSet<&RepoPath> = files.iter().collect();
        let blobs = self.reading.entry(id.to_owned()).or_default();
        let handed = changes
            .iter()
            .filter(|change| wanted.contains(&change.path));
        for (path, blob) in handed.filter_map(|change| Some((&change.path, change.new?))) {
            // A blob whose size cannot be read is one that the command will not find either.
            let look = || self.world.repository.size(&blob.id).ok().flatten();
            let size = *self.sizes.entry(blob.id).or_insert_with(look);
            coverage.files += 1;
            coverage.bytes += size.unwrap_or_default();
            blobs.insert((path.clone(), blob.id), size.unwrap_or_default());
        }
        coverage
    }
}

/// A change for which an earlier pass serves, beside others for which none does.
struct Reused;

impl Work for Reused {
    fn run(&self, _: &Context) -> Ended {
        Ended {
            cached: true,
            ..Outcome::Passed.into()
        }
    }
}

/// A change as a command sees it.
pub(super) fn candidate(change: &Change) -> Changed<'_> {
    Changed {
        path: &change.path,
        present: change.new.is_some(),
        regular: change.new.is_some_and(|blob| blob.mode.is_regular()),
    }
}

/// Why a command is not for these branches: it is where it is for one of them.
fn refusal(patterns: &[String], branches: &[String]) -> Result<Option<String>, String> {
    let mut refusal = branches::skip_reason(patterns, None).map_err(odd)?;
    for branch in branches {
        refusal = branches::skip_reason(patterns, Some(branch)).map_err(odd)?;
        if refusal.is_none() {
            break;
        }
    }
    Ok(refusal)
}

/// A pattern that does not compile was refused with the configuration; one that slips through
/// must be seen.
fn odd(error: impl std::fmt::Display) -> String {
    error.to_string()
}
