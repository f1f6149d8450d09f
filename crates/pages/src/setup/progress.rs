//! How far the set-up has come, on top of each of its pages.

use lintel_domain::setup::{Setup as Standing, SetupStep};
use serde::Serialize;

use super::path_of;

/// The steps, one of them the page's own.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Progress {
    steps: Vec<StepView>,
    place: usize,
    count: usize,
    back: Option<&'static str>,
}

/// A step.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct StepView {
    label: &'static str,
    /// Where it is; none while it cannot be reached.
    href: Option<&'static str>,
    is_current: bool,
    is_done: bool,
}

/// What a step is called.
pub(crate) const fn label(step: SetupStep) -> &'static str {
    match step {
        SetupStep::Company => "Company",
        SetupStep::Licensing => "Licenses",
        SetupStep::People => "People",
        SetupStep::Branding => "Branding",
        SetupStep::Review => "Review",
    }
}

impl Progress {
    /// At a step, as far as the set-up stands.
    pub(crate) fn at(step: SetupStep, standing: &Standing) -> Self {
        Self::of(step, standing.step)
    }

    fn of(step: SetupStep, reached: SetupStep) -> Self {
        let view = |each: &SetupStep| StepView {
            label: label(*each),
            href: (*each <= reached && *each != step).then(|| path_of(*each)),
            is_current: *each == step,
            is_done: *each < reached,
        };
        let place = SetupStep::ALL.iter().position(|each| *each == step);
        let place = place.unwrap_or(0);
        let before = place.checked_sub(1).and_then(|at| SetupStep::ALL.get(at));
        Self {
            steps: SetupStep::ALL.iter().map(view).collect(),
            place: place + 1,
            count: SetupStep::ALL.len(),
            back: before.map(|step| path_of(*step)),
        }
    }

    #[cfg(test)]
    pub(crate) fn samples() -> Vec<Self> {
        vec![
            Self::of(SetupStep::Company, SetupStep::Company),
            Self::of(SetupStep::People, SetupStep::Review),
        ]
    }
}
