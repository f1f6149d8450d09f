//! Why a request was not answered.

use lintel_engine::apr::Solution;
use lintel_engine::{EngineError, Problem};
use serde_json::{Value, json};

/// An error answer.
#[derive(Debug)]
pub(crate) struct Failure {
    /// `invalid`, `unknown_kind`, `too_large`, `no_solution` or `not_converged`.
    pub(crate) code: &'static str,
    /// Path of the input at fault, such as `streams[0].count`.
    pub(crate) field: Option<String>,
    /// What is wrong, for the person who wrote the request.
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            field: None,
            message: message.into(),
        }
    }

    /// An input that is not acceptable.
    pub(crate) fn at(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            ..Self::new("invalid", message)
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        match &self.field {
            Some(field) => {
                json!({ "code": self.code, "field": field, "message": self.message })
            }
            None => json!({ "code": self.code, "message": self.message }),
        }
    }

    /// A search that found nothing to report.
    pub(crate) fn of_solution(solution: &Solution) -> Self {
        match solution {
            Solution::NoSolution(reason) => Self::new("no_solution", reason.to_string()),
            Solution::NotConverged { iterations } => {
                Self::new("not_converged", format!("no rate after {iterations} steps"))
            }
            Solution::Found(_) => Self::new("invalid", "a rate was found"),
        }
    }
}

/// The engine names its own parameters; requests name them with units.
impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let field = match error.field {
            "rate" => "rate_percent",
            "whole" | "start" | "start_whole" => "t",
            "fraction" => "f",
            "per_year" => "unit_periods_per_year",
            "annual_percent" => "mi.annual_percent",
            "monthly" => "mi.monthly",
            "index" => "arm.index_percent",
            "margin" => "arm.margin_percent",
            "first_cap" => "arm.first_cap_percent",
            "periodic_cap" => "arm.periodic_cap_percent",
            "lifetime_cap" => "arm.lifetime_cap_percent",
            "floor" => "arm.floor_percent",
            "rounding" => "arm.rounding_percent",
            "first_adjustment_months" => "arm.first_adjustment_months",
            "adjustment_months" => "arm.adjustment_months",
            other => other,
        };
        let too_big = matches!(error.problem, Problem::TooMany { .. });
        let code = if too_big { "too_large" } else { "invalid" };
        Self {
            code,
            ..Self::at(field, error.problem.to_string())
        }
    }
}
