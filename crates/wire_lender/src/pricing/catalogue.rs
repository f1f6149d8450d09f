//! `POST /custom-ppe/get-catalogue` and `POST /custom-ppe/update-catalogue`: ours. The lender's
//! catalogue as texts inside JSON, the same texts `lintel catalogue` reads and writes.

mod read;
mod write;

pub use read::get;
pub use write::update;

use lintel_app::catalogue::Finding;
use lintel_app::sheet::check_lender;
use lintel_domain::organisation::Organisation;
use lintel_pricing::codec::{Level, Part};

use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;
use crate::tree::Node;

/// Longest name of a part or id.
const NAME_MAX: usize = 100;
/// The rate sheets, beside the parts of the catalogue.
const SHEETS: &str = "sheets";

/// The catalogue is its lender's: a broker neither reads nor changes it.
fn check_owner(data: &Reader<'_>, org: &Organisation) -> Result<(), LenderError> {
    let lender = match data.opt_obj("company")? {
        Some(company) => company.opt_text("lenderID", NAME_MAX)?,
        None => None,
    };
    check_lender(org, lender.as_deref()).map_err(|refusal| lender_error(&refusal.into()))
}

/// A part by its name.
fn part(name: &str) -> Option<Part> {
    Part::parse(name)
}

/// Findings as members of an answer, errors first as they were found.
fn findings(findings: &[Finding]) -> Vec<Node> {
    let count = |n: Option<usize>| Node::from(n.and_then(|n| i64::try_from(n).ok()));
    let node = |finding: &Finding| {
        let level = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        Node::object([
            ("level", Node::from(level)),
            ("part", Node::from(&finding.part)),
            ("row", count(finding.row)),
            ("name", Node::from(&finding.name)),
            ("line", count(finding.line)),
            ("field", Node::from(&finding.field)),
            ("message", Node::from(&finding.what)),
        ])
    };
    findings.iter().map(node).collect()
}
