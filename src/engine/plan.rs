//! What is going to happen, before anything does: steps, what they need, and why they run or not.

use std::collections::HashMap;
use std::sync::Arc;

use miette::Diagnostic;
use thiserror::Error;

use super::work::Work;
use crate::event::Will;

/// One thing to do.
pub struct Step {
    /// Its name in reports, `--only` and `needs`.
    pub id: String,
    /// The steps that must have ended before it starts. One that is not planned is not waited for.
    pub needs: Vec<String>,
    /// What is going to happen.
    pub will: Will,
    /// Why.
    pub reason: String,
    /// What is done when it runs.
    pub work: Option<Box<dyn Work>>,
}

/// Why steps are not a plan.
#[derive(Debug, Error, Diagnostic, PartialEq, Eq)]
pub enum PlanError {
    /// Steps that need each other.
    #[error("these steps need each other: {}", .members.join(" -> "))]
    #[diagnostic(help("take one of these `needs` out"))]
    Cycle {
        /// The way round: each needs the next; the last is the first again.
        members: Vec<String>,
    },
    /// Two steps with one name.
    #[error("two steps are called `{id}`")]
    #[diagnostic(help("rename one of them"))]
    Duplicate {
        /// The name.
        id: String,
    },
}

/// Steps that can be run: each name once, no step needing itself, not even round about.
#[derive(Clone)]
pub struct Plan {
    /// Shared, so that a step that does not end cannot hold up the run's end.
    steps: Arc<[Step]>,
    needs: Vec<Vec<usize>>,
}

impl Plan {
    /// Puts steps together.
    pub fn new(steps: Vec<Step>) -> Result<Self, PlanError> {
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (place, step) in steps.iter().enumerate() {
            if places.insert(&step.id, place).is_some() {
                return Err(PlanError::Duplicate {
                    id: step.id.clone(),
                });
            }
        }
        let needs: Vec<Vec<usize>> = steps
            .iter()
            .map(|step| {
                let mut needs = Vec::new();
                for need in &step.needs {
                    if let Some(place) = places.get(need.as_str())
                        && !needs.contains(place)
                    {
                        needs.push(*place);
                    }
                }
                needs
            })
            .collect();
        if let Some(cycle) = cycle(&needs) {
            return Err(PlanError::Cycle {
                members: cycle.iter().map(|place| steps[*place].id.clone()).collect(),
            });
        }
        Ok(Self {
            steps: steps.into(),
            needs,
        })
    }

    /// The steps, in the order in which they were given.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many of them are run.
    pub(super) fn runs(&self) -> usize {
        let runs = |step: &&Step| step.will == Will::Run && step.work.is_some();
        self.steps.iter().filter(runs).count()
    }

    pub(super) fn shared(&self) -> Arc<[Step]> {
        Arc::clone(&self.steps)
    }

    /// For each step the places of those planned ones that it needs.
    pub(super) fn needs(&self) -> &[Vec<usize>] {
        &self.needs
    }
}

/// A way round, if there is one: each needs the next, and the last is the first again.
fn cycle(needs: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut done = vec![false; needs.len()];
    for start in 0..needs.len() {
        // The way from `start` to where we are, and for each step on it which need comes next.
        // Not recursive: a chain of needs may be as long as the configuration allows.
        let mut way: Vec<(usize, usize)> = Vec::new();
        let mut next = Some(start);
        while let Some(place) = next.take() {
            if let Some(first) = way.iter().position(|(on, _)| *on == place) {
                let mut round: Vec<usize> = way[first..].iter().map(|(on, _)| *on).collect();
                round.push(place);
                return Some(round);
            }
            if !done[place] {
                way.push((place, 0));
            }
            while let Some((on, taken)) = way.last_mut() {
                if let Some(need) = needs[*on].get(*taken) {
                    *taken += 1;
                    next = Some(*need);
                    break;
                }
                done[*on] = true;
                way.pop();
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(steps: &[(&str, &[&str])]) -> Result<Plan, PlanError> {
        let steps = steps.iter().map(|(id, needs)| Step {
            id: (*id).to_owned(),
            needs: needs.iter().map(|need| (*need).to_owned()).collect(),
            will: Will::Skip,
            reason: String::new(),
            work: None,
        });
        Plan::new(steps.collect())
    }

    fn error(steps: &[(&str, &[&str])]) -> String {
        plan(steps).err().unwrap().to_string()
    }

    #[test]
    fn what_is_not_a_plan_says_which_steps() {
        insta::assert_snapshot!(
            error(&[("a", &["b"]), ("x", &["a"]), ("b", &["y", "c"]), ("c", &["a"]), ("y", &[])]),
            @"these steps need each other: a -> b -> c -> a"
        );
        insta::assert_snapshot!(error(&[("a", &["a"])]), @"these steps need each other: a -> a");
        insta::assert_snapshot!(error(&[("a", &[]), ("a", &[])]), @"two steps are called `a`");
    }

    #[test]
    fn the_same_need_twice_and_one_that_is_not_planned_are_fine() {
        let plan = plan(&[("a", &["b", "gone", "b"]), ("b", &[])]).unwrap();
        assert_eq!(plan.needs(), [vec![1], vec![]]);
    }

    #[test]
    fn a_long_chain_and_a_wide_diamond_are_plans() {
        let ids: Vec<String> = (0..20_000).map(|number| number.to_string()).collect();
        let chain = ids.iter().enumerate().map(|(at, id)| Step {
            id: id.clone(),
            needs: ids.get(at + 1).cloned().into_iter().collect(),
            will: Will::Skip,
            reason: String::new(),
            work: None,
        });
        assert!(Plan::new(chain.collect()).is_ok());
        let layers = (0..40).map(|layer: i32| Step {
            id: layer.to_string(),
            needs: (0..layer).map(|need| need.to_string()).collect(),
            will: Will::Skip,
            reason: String::new(),
            work: None,
        });
        assert!(Plan::new(layers.collect()).is_ok());
    }
}
