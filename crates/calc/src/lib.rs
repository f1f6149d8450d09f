//! `lintel calc`: the engine's calculations over JSON Lines, one request a line, one answer a line.
//!
//! A request that cannot be answered gets an error in its place and the rest go on. Lines are
//! bounded, and read in bounded memory; answers are flushed whenever the input has nothing more
//! ready, so a program may ask and wait.
//!
//! To add a kind: a function from `Fields` to a JSON object, and its [`KindDoc`] in the list of
//! its file.

mod apr;
mod apr_dates;
mod charges;
mod eu;
mod eu_loan;
mod failure;
mod fields;
mod json;
mod lines;
mod loan;
mod numbers;
mod payments;
mod pt;
mod us;

use std::io::{self, BufRead, Write};

use serde_json::Value;

use failure::Failure;
use fields::Fields;
use json::{Json, Members};
use lines::{Line, Lines};
use lintel_rule_book::RuleBook;

/// Longest accepted line, in bytes.
const MAX_LINE: usize = 1024 * 1024;
/// Most payments in one request.
const MAX_PAYMENTS: u32 = lintel_engine::schedule::MAX_PAYMENTS;

/// What a kind of calculation is: the text of `--kinds` and `--help`, and the calculation itself.
pub struct KindDoc {
    /// Name in requests.
    pub name: &'static str,
    /// One line: what it answers.
    pub summary: &'static str,
    /// Inputs and their meaning.
    pub inputs: &'static [(&'static str, &'static str)],
    /// Results and their meaning.
    pub results: &'static [(&'static str, &'static str)],
    /// The formula or rule.
    pub formula: &'static str,
    /// Where the rule is written.
    pub source: &'static str,
    calculate: fn(&Fields<'_>) -> Result<Value, Failure>,
}

/// Every kind, in the order they are listed.
static KINDS: &[KindDoc] = &[
    apr::US_APR,
    apr_dates::US_APR_DATES,
    apr::US_UNIT_PERIOD_INTERVAL,
    loan::US_LOAN_APR,
    payments::PAYMENT,
    payments::SCHEDULE,
    payments::US_ARM_COMPOSITE_PAYMENTS,
    charges::US_PREPAID_INTEREST,
    charges::US_MI_TERMINATION,
    charges::US_TRID_FINANCE_CHARGE,
    us::US_FINANCE_CHARGE_CLASS,
    us::US_POINTS_AND_FEES,
    us::US_TRID_TOTALS,
    us::US_PROJECTED_PAYMENTS,
    us::US_HPA,
    us::US_TOLERANCES,
    us::US_MI_PREMIUM,
    us::US_FHA_ANNUAL_MIP,
    us::US_FHA_UFMIP,
    us::US_ANNUAL_PREMIUMS,
    us::US_VA_FUNDING_FEE,
    us::US_USDA_UPFRONT,
    us::US_LLPA_BASE,
    us::US_CONFORMING_LIMIT,
    us::US_FHA_LIMIT,
    us::US_HPML,
    us::US_QM_PRICE_THRESHOLD,
    us::US_QM_POINTS_FEES_CAP,
    us::US_HOEPA_POINTS_FEES_TRIGGER,
    us::US_PRICE_TESTS,
    us::US_SHORT_RESET_APR,
    eu::EU_APRC,
    eu::EU_APRC_DATES,
    eu::EU_INTERVAL,
    eu_loan::EU_LOAN,
    pt::PT_PAYMENT,
    pt::PT_TAEG_MTIC,
    pt::PT_SIMULATION,
    pt::PT_STAMP_DUTY_CREDIT,
    pt::PT_STAMP_DUTY_FEE,
    pt::PT_IMT,
    pt::PT_IMT_JOVEM,
    pt::PT_MAX_MATURITY,
    pt::PT_DSTI_RATE_SHOCK,
    pt::PT_ASSESSMENT,
    pt::PT_GUARANTEE,
    pt::PT_EARLY_REPAYMENT,
    pt::PT_EURIBOR_AVERAGE,
];

/// The kinds this build answers.
#[must_use]
pub fn kinds() -> &'static [KindDoc] {
    KINDS
}

/// Answers every request of `input` on `output`, in order; true when none had an error.
///
/// # Errors
/// Reading or writing failed.
pub fn run(input: impl BufRead, mut output: impl Write, rules: &RuleBook) -> io::Result<bool> {
    let mut lines = Lines::new(input, MAX_LINE);
    let mut all_answered = true;
    while let Some(line) = lines.next_line()? {
        let answered = match line {
            Line::Blank => continue,
            Line::TooLong => {
                let message = format!("a line may have {MAX_LINE} bytes");
                let failure = Failure::new("too_large", message);
                Reply::of(None, None).fail(&mut output, &failure)?
            }
            Line::Text(bytes) => answer(bytes, rules, &mut output)?,
        };
        all_answered &= answered;
        if lines.would_wait() {
            output.flush()?;
        }
    }
    output.flush()?;
    Ok(all_answered)
}

/// Answers one request; true when it had no error.
fn answer(line: &[u8], rules: &RuleBook, output: &mut impl Write) -> io::Result<bool> {
    let request: Members<'_> = match serde_json::from_slice(line) {
        Ok(request) => request,
        Err(error) => {
            let message = format!("the line is not a JSON object: {error}");
            let failure = Failure::new("invalid", message);
            return Reply::of(None, None).fail(output, &failure);
        }
    };
    let id = request.get("id");
    let Some(Json::Text(kind)) = request.get("kind") else {
        let failure = Failure::at("kind", "must be the name of a kind");
        return Reply::of(id, None).fail(output, &failure);
    };
    let reply = Reply::of(id, Some(kind));
    let Some(known) = KINDS.iter().find(|known| known.name == kind) else {
        let message = "there is no such kind; lintel calc --kinds lists them";
        let failure = Failure {
            field: Some("kind".to_owned()),
            ..Failure::new("unknown_kind", message)
        };
        return reply.fail(output, &failure);
    };
    let result = match request.get("inputs") {
        Some(Json::Object(inputs)) => (known.calculate)(&Fields::new(inputs, rules)),
        Some(_) | None => Err(Failure::at("inputs", "must be an object")),
    };
    match result {
        Ok(result) => reply.succeed(output, &result),
        Err(failure) => reply.fail(output, &failure),
    }
}

/// The line that answers a request, in the making.
struct Reply<'a> {
    id: Option<&'a Json<'a>>,
    kind: Option<&'a str>,
}

impl<'a> Reply<'a> {
    const fn of(id: Option<&'a Json<'a>>, kind: Option<&'a str>) -> Self {
        Self { id, kind }
    }

    fn succeed(&self, output: &mut impl Write, result: &Value) -> io::Result<bool> {
        self.write(output, "result", result)?;
        Ok(true)
    }

    fn fail(&self, output: &mut impl Write, failure: &Failure) -> io::Result<bool> {
        self.write(output, "error", &failure.to_json())?;
        Ok(false)
    }

    fn write(&self, output: &mut impl Write, name: &str, value: &Value) -> io::Result<()> {
        output.write_all(b"{\"id\":")?;
        serde_json::to_writer(&mut *output, &self.id)?;
        if let Some(kind) = self.kind {
            output.write_all(b",\"kind\":")?;
            serde_json::to_writer(&mut *output, kind)?;
        }
        write!(output, ",\"{name}\":")?;
        serde_json::to_writer(&mut *output, value)?;
        output.write_all(b"}\n")
    }
}

/// The table of `lintel calc --kinds`.
#[must_use]
pub fn kinds_table() -> String {
    let names = |list: &[(&str, &str)]| {
        // Indented names are members of the one before them.
        let mut outer = "";
        let mut full = Vec::new();
        for (name, _) in list {
            match name.strip_prefix("  ") {
                Some(inner) => {
                    full.extend(inner.split(", ").map(|part| format!("{outer}.{part}")));
                }
                None => {
                    outer = *name;
                    full.push((*name).to_owned());
                }
            }
        }
        full.join(", ")
    };
    let mut text = String::new();
    for kind in kinds() {
        text.push_str(&format!(
            "{}\n    {}\n    inputs:  {}\n    results: {}\n",
            kind.name,
            kind.summary,
            names(kind.inputs),
            names(kind.results),
        ));
    }
    text
}

/// The page of `lintel calc KIND --help`; none when there is no such kind.
#[must_use]
pub fn explain_kind(name: &str) -> Option<String> {
    let kind = kinds().iter().find(|kind| kind.name == name)?;
    let list = |rows: &[(&str, &str)]| {
        let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        rows.iter()
            .map(|(name, meaning)| format!("  {name:width$}  {meaning}\n"))
            .collect::<String>()
    };
    Some(format!(
        "{}: {}\n\nInputs\n{}\nResults\n{}\nFormula\n  {}\n\nSource\n  {}\n",
        kind.name,
        kind.summary,
        list(kind.inputs),
        list(kind.results),
        kind.formula,
        kind.source,
    ))
}
