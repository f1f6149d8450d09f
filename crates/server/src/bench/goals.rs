//! Goals of speed and exactness, and whether this run met them.

use super::{figure, table};

/// A figure with what it should be.
pub(super) struct Goal {
    pub(super) what: String,
    /// Least acceptable value, when there is one.
    pub(super) must: Option<f64>,
    /// What would be better still.
    pub(super) stretch: Option<f64>,
    /// None when what it is compared with was not measured.
    pub(super) measured: Option<f64>,
    pub(super) better: Better,
}

/// Which way a figure is good.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Better {
    Less,
    More,
}

impl Goal {
    /// A time or an error.
    pub(super) fn at_most(what: &str, must: f64, stretch: Option<f64>, measured: f64) -> Self {
        Self {
            what: what.to_owned(),
            must: Some(must),
            stretch,
            measured: Some(measured),
            better: Better::Less,
        }
    }

    /// A ratio or a rate.
    pub(super) fn at_least(
        what: &str,
        must: f64,
        stretch: Option<f64>,
        measured: Option<f64>,
    ) -> Self {
        Self {
            what: what.to_owned(),
            must: Some(must),
            stretch,
            measured,
            better: Better::More,
        }
    }

    /// Nothing must be reached: only the further mark counts.
    pub(super) fn without_must(self) -> Self {
        Self { must: None, ..self }
    }

    fn reaches(&self, bound: f64) -> bool {
        self.measured.is_some_and(|measured| match self.better {
            Better::Less => measured <= bound,
            Better::More => measured >= bound,
        })
    }

    fn verdict(&self) -> &'static str {
        if self.measured.is_none() {
            "not measured"
        } else if self.stretch.is_some_and(|stretch| self.reaches(stretch)) {
            "stretch"
        } else {
            match self.must {
                Some(must) if self.reaches(must) => "met",
                Some(_) => "MISSED",
                None => "below stretch",
            }
        }
    }
}

pub(super) fn render(goals: &[Goal]) -> String {
    let mut lines = table(&["goal", "must", "stretch", "measured", ""], 1);
    for goal in goals {
        let sign = match goal.better {
            Better::Less => "≤",
            Better::More => "≥",
        };
        let bound = |bound: Option<f64>| {
            bound.map_or_else(String::new, |bound| format!("{sign} {}", short(bound)))
        };
        lines.add_row([
            goal.what.clone(),
            bound(goal.must),
            bound(goal.stretch),
            goal.measured.map_or_else(String::new, short),
            goal.verdict().to_owned(),
        ]);
    }
    lines.to_string()
}

fn short(value: f64) -> String {
    if value != 0.0 && value.abs() < 1e-4 {
        format!("{value:.1e}")
    } else {
        figure(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_follow_the_direction() {
        let verdict = |goal: Goal| goal.verdict();
        assert_eq!(verdict(Goal::at_most("t", 12.0, Some(8.0), 7.9)), "stretch");
        assert_eq!(verdict(Goal::at_most("t", 12.0, Some(8.0), 9.0)), "met");
        assert_eq!(verdict(Goal::at_most("t", 12.0, None, 12.1)), "MISSED");
        assert_eq!(
            verdict(Goal::at_least("r", 4.0, Some(6.5), Some(7.0))),
            "stretch"
        );
        assert_eq!(verdict(Goal::at_least("r", 4.0, None, Some(3.9))), "MISSED");
        assert_eq!(
            verdict(Goal::at_least("r", 4.0, None, None)),
            "not measured"
        );
        let mark = Goal::at_least("r", 0.0, Some(17.0), Some(12.0));
        assert_eq!(verdict(mark.without_must()), "below stretch");
        let text = render(&[Goal::at_most("worst error", 1e-11, None, 2e-13)]);
        assert!(text.contains("1.0e-11") && text.contains("2.0e-13"));
    }
}
