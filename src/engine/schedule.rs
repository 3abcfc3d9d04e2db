//! Which step may start when: the ready set, without threads, clocks or output.

use std::collections::BTreeSet;

/// The state of a plan that is being run.
pub(super) struct Schedule {
    /// For each step how many of its needs have not ended.
    missing: Vec<usize>,
    needs: Vec<Vec<usize>>,
    needed_by: Vec<Vec<usize>>,
    /// May start, the first of the plan first.
    ready: BTreeSet<usize>,
    state: Vec<State>,
    /// How many have not ended.
    left: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Started,
    Ended(Effect),
}

/// What an end means for those that need the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// They may start.
    LetsGo,
    /// They are skipped, on account of this step.
    Blocks(usize),
}

/// What to do with a step that has become ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Start it.
    Start(usize),
    /// Skip it: the other one, which it needs directly or round about, went wrong.
    Skip(usize, usize),
}

impl Schedule {
    /// `needs` has no cycle.
    pub(super) fn new(needs: &[Vec<usize>]) -> Self {
        let mut needed_by = vec![Vec::new(); needs.len()];
        for (step, needs) in needs.iter().enumerate() {
            for need in needs {
                needed_by[*need].push(step);
            }
        }
        let missing: Vec<usize> = needs.iter().map(Vec::len).collect();
        let nothing_missing = |step: &usize| missing[*step] == 0;
        Self {
            ready: (0..needs.len()).filter(nothing_missing).collect(),
            missing,
            needs: needs.to_vec(),
            needed_by,
            state: vec![State::Waiting; needs.len()],
            left: needs.len(),
        }
    }

    /// The next step to start or to skip, if there is one now. It counts as started.
    pub(super) fn next(&mut self) -> Option<Next> {
        let step = self.ready.pop_first()?;
        self.state[step] = State::Started;
        // The first in the order of `needs`, so that the reason is the same in every run.
        let blocker = self.needs[step]
            .iter()
            .find_map(|need| match self.state[*need] {
                State::Ended(Effect::Blocks(by)) => Some(by),
                _ => None,
            });
        Some(match blocker {
            Some(by) => Next::Skip(step, by),
            None => Next::Start(step),
        })
    }

    /// A step ended, whether it was started or not. Ending twice changes nothing.
    pub(super) fn ended(&mut self, step: usize, effect: Effect) {
        if matches!(self.state[step], State::Ended(_)) {
            return;
        }
        self.state[step] = State::Ended(effect);
        self.ready.remove(&step);
        self.left -= 1;
        for waiting in &self.needed_by[step] {
            self.missing[*waiting] -= 1;
            if self.missing[*waiting] == 0 && self.state[*waiting] == State::Waiting {
                self.ready.insert(*waiting);
            }
        }
    }

    /// The steps that were not started.
    pub(super) fn waiting(&self) -> Vec<usize> {
        self.all(State::Waiting)
    }

    /// The steps that were started and have not ended.
    pub(super) fn running(&self) -> Vec<usize> {
        self.all(State::Started)
    }

    /// Whether every step has ended.
    pub(super) fn is_over(&self) -> bool {
        self.left == 0
    }

    fn all(&self, state: State) -> Vec<usize> {
        (0..self.state.len())
            .filter(|step| self.state[*step] == state)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Graphs without cycles: a step needs only steps behind it, and all are then mixed.
    fn graphs() -> impl Strategy<Value = Vec<Vec<usize>>> {
        (1..25_usize)
            .prop_flat_map(|size| {
                let needs = prop::collection::vec(
                    prop::collection::vec(any::<prop::sample::Index>(), 0..4),
                    size,
                );
                (needs, Just((0..size).collect::<Vec<_>>()).prop_shuffle())
            })
            .prop_map(|(picks, names)| {
                let size = names.len();
                let mut graph = vec![Vec::new(); size];
                for (step, picks) in picks.iter().enumerate() {
                    let behind = size - step - 1;
                    let mut needs: Vec<usize> = Vec::new();
                    for pick in picks.iter().filter(|_| behind > 0) {
                        let need = names[step + 1 + pick.index(behind)];
                        if !needs.contains(&need) {
                            needs.push(need);
                        }
                    }
                    graph[names[step]] = needs;
                }
                graph
            })
    }

    proptest! {
        #[test]
        fn never_before_its_needs_never_twice_always_to_the_end(
            graph in graphs(),
            failing in prop::collection::vec(any::<bool>(), 25),
            order in prop::collection::vec(any::<prop::sample::Index>(), 200),
            at_once in 1..6_usize,
        ) {
            let mut schedule = Schedule::new(&graph);
            let mut effects: Vec<Option<Effect>> = vec![None; graph.len()];
            let mut started = vec![false; graph.len()];
            let mut running: Vec<usize> = Vec::new();
            let mut order = order.iter().cycle();
            while !schedule.is_over() {
                while running.len() < at_once && let Some(next) = schedule.next() {
                    let (Next::Start(step) | Next::Skip(step, _)) = next;
                    prop_assert!(!started[step], "twice");
                    started[step] = true;
                    let needs: Vec<Effect> = graph[step].iter().map(|need| effects[*need].unwrap()).collect();
                    let blocked = needs.iter().any(|effect| matches!(effect, Effect::Blocks(_)));
                    match next {
                        Next::Start(_) => {
                            prop_assert!(!blocked);
                            running.push(step);
                        }
                        Next::Skip(_, by) => {
                            prop_assert!(needs.contains(&Effect::Blocks(by)) && failing[by]);
                            effects[step] = Some(Effect::Blocks(by));
                            schedule.ended(step, Effect::Blocks(by));
                        }
                    }
                }
                prop_assert!(!running.is_empty() || schedule.is_over(), "stuck");
                if !running.is_empty() {
                    let at = order.next().unwrap().index(running.len());
                    let step = running.swap_remove(at);
                    let effect = if failing[step] { Effect::Blocks(step) } else { Effect::LetsGo };
                    effects[step] = Some(effect);
                    schedule.ended(step, effect);
                    schedule.ended(step, effect);
                }
            }
            prop_assert!(effects.iter().all(Option::is_some));
            prop_assert!(schedule.next().is_none());
        }
    }

    #[test]
    fn what_was_ended_without_a_start_does_not_start() {
        let mut schedule = Schedule::new(&[vec![], vec![0], vec![]]);
        assert_eq!(schedule.next(), Some(Next::Start(0)));
        for step in schedule.waiting() {
            schedule.ended(step, Effect::LetsGo);
        }
        assert_eq!(schedule.running(), [0]);
        schedule.ended(0, Effect::LetsGo);
        assert!(schedule.is_over());
        assert_eq!(schedule.next(), None);
    }
}
