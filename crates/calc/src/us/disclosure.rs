//! Kinds `us_projected_payments`, `us_trid_totals` and `us_hpa`.

use lintel_engine::Pct;
use lintel_engine::schedule::{MAX_TERM_MONTHS, Plan};
use lintel_engine::us::arm::composite_path;
use lintel_engine::us::hpa::{HpaPercents, end_date, hpa_ends};
use lintel_engine::us::projected_payments::{Column, InterestOnly, Range, projected_payments};
use lintel_engine::us::trid::{TridLoan, totals, whole_dollars};
use serde_json::{Value, json};

use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::loan::{arm_terms, loan_terms};

pub(crate) const US_PROJECTED_PAYMENTS: KindDoc = KindDoc {
    name: "us_projected_payments",
    summary: "The projected-payments table of the Loan Estimate and Closing Disclosure.",
    inputs: &[
        (
            "(loan)",
            "a loan as of us_loan_apr; an adjustable one needs arm.lifetime_cap_percent",
        ),
        (
            "arm.floor_percent",
            "lowest rate of the note; the margin when left out",
        ),
        ("escrow_monthly", "0 when left out"),
    ],
    results: &[
        ("columns[]", "at most 4:"),
        (
            "  first_year, last_year",
            "years of payments it covers; none for a final balloon",
        ),
        ("  final_balloon", "true for the balloon's own column"),
        (
            "  interest_only",
            "\"all\", \"some\" or \"none\" of its payments",
        ),
        ("  principal_and_interest", "{min, max}, cents"),
        ("  mortgage_insurance, escrow", "cents"),
        ("  total", "{min, max}, cents"),
        (
            "  shown",
            "principal_and_interest and total in whole dollars {min, max}",
        ),
    ],
    formula: "lowest and highest rates the note allows, each re-amortising; a column begins where a payment may \
              change, where insurance has ended the year before, and with a balloon",
    source: "12 CFR 1026.37(c), sample H-24(C); the rule for more than four columns was recalled, not confirmed",
    calculate: us_projected_payments,
};

pub(crate) const US_TRID_TOTALS: KindDoc = KindDoc {
    name: "us_trid_totals",
    summary: "Totals of the Loan Estimate and Closing Disclosure for a fixed, fully amortising loan.",
    inputs: &[
        ("principal", "loan amount"),
        ("rate_percent", "yearly note rate"),
        ("term_months", "number of payments"),
        (
            "mi_monthly, mi_payments",
            "mortgage insurance; 0 when left out",
        ),
        ("loan_costs", "total of section D; 0 when left out"),
        ("prepaid_interest", "section F; 0 when left out"),
    ],
    results: &[
        (
            "total_of_payments",
            "principal, interest, insurance, loan costs, prepaid interest",
        ),
        (
            "finance_charge",
            "interest and insurance, as the samples count it",
        ),
        ("total_interest", "of the payments"),
        ("tip_percent", "total interest percentage, 9 decimals"),
        ("five_years_paid, five_years_principal", "\"In 5 years\""),
        (
            "loan_estimate",
            "the same in whole dollars, tip with 3 decimals",
        ),
    ],
    formula: "exact level payment times the number of payments; each total rounded once, half up",
    source: "12 CFR 1026.37(l), 1026.38(o), 1026.37(o)(4); samples H-24(B), H-25(B)",
    calculate: us_trid_totals,
};

pub(crate) const US_HPA: KindDoc = KindDoc {
    name: "us_hpa",
    summary: "When borrower-paid conventional mortgage insurance may and must end.",
    inputs: &[
        ("principal", "loan amount"),
        ("rate_percent", "yearly note rate"),
        ("term_months", "months to maturity"),
        ("amortization_months", "term_months when left out"),
        ("interest_only_months", "0 when left out"),
        (
            "arm",
            "adjustable rate, as us_loan_apr: the composite path is scheduled",
        ),
        ("original_value", "lower of price and appraisal"),
        (
            "request_percent, automatic_percent",
            "80 and 78 when left out",
        ),
        ("first_payment_date", "gives dates too"),
    ],
    results: &[
        (
            "request_after, automatic_after, final_after",
            "number of the payment after which it ends",
        ),
        ("mi_payments", "payments that carry it when nobody asks"),
        (
            "request_date, automatic_date, final_date",
            "due dates of those payments; null before the first",
        ),
    ],
    formula: "scheduled balance at or below 80 % (request), 78 % (automatic) of the original value; midpoint (final)",
    source: "12 USC 4901(2), (18), 4902(a) to (c)",
    calculate: us_hpa,
};

fn us_projected_payments(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let loan = loan_terms(inputs)?;
    let escrow = inputs.money_or_zero("escrow_monthly")?;
    let columns = projected_payments(&loan, escrow)?;
    Ok(json!({ "columns": columns.iter().map(column).collect::<Vec<_>>() }))
}

fn column(column: &Column) -> Value {
    let cents =
        |range: Range| json!({ "min": range.min.to_string(), "max": range.max.to_string() });
    let dollars = |range: Range| {
        let (min, max) = (whole_dollars(range.min), whole_dollars(range.max));
        json!({ "min": min.to_string(), "max": max.to_string() })
    };
    let years = (!column.is_final_balloon).then_some((column.first_year, column.last_year));
    json!({
        "first_year": years.map(|years| years.0),
        "last_year": years.map(|years| years.1),
        "final_balloon": column.is_final_balloon,
        "interest_only": match column.interest_only {
            InterestOnly::All => "all",
            InterestOnly::Some => "some",
            InterestOnly::None => "none",
        },
        "principal_and_interest": cents(column.principal_and_interest),
        "mortgage_insurance": column.mortgage_insurance.to_string(),
        "escrow": column.escrow.to_string(),
        "total": cents(column.total),
        "shown": {
            "principal_and_interest": dollars(column.principal_and_interest),
            "total": dollars(column.total),
        },
    })
}

fn us_trid_totals(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let term_months = inputs.whole("term_months", 1, MAX_TERM_MONTHS)?;
    let found = totals(&TridLoan {
        principal: inputs.positive_money("principal")?,
        rate: inputs.pct("rate_percent")?,
        term_months,
        mi_monthly: inputs.money_or_zero("mi_monthly")?,
        mi_payments: inputs.whole_or("mi_payments", 0, (0, term_months))?,
        loan_costs: inputs.money_or_zero("loan_costs")?,
        prepaid_interest: inputs.money_or_zero("prepaid_interest")?,
    })?;
    let shown = |amount| whole_dollars(amount).to_string();
    Ok(json!({
        "total_of_payments": found.total_of_payments.to_string(),
        "finance_charge": found.finance_charge.to_string(),
        "total_interest": found.total_interest.to_string(),
        "tip_percent": found.tip.to_fixed(9),
        "five_years_paid": found.five_years_paid.to_string(),
        "five_years_principal": found.five_years_principal.to_string(),
        "loan_estimate": {
            "five_years_paid": shown(found.five_years_paid),
            "five_years_principal": shown(found.five_years_principal),
            "tip_percent": found.tip.to_fixed(3),
        },
    }))
}

fn us_hpa(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let term_months = inputs.whole("term_months", 1, MAX_TERM_MONTHS)?;
    let bounds = (term_months, MAX_TERM_MONTHS);
    let amortization = inputs.whole_or("amortization_months", term_months, bounds)?;
    let principal = inputs.positive_money("principal")?;
    let rate = inputs.pct("rate_percent")?;
    let plan = match inputs.object("arm")? {
        Some(arm) => {
            let path = composite_path(rate, &arm_terms(&arm)?, term_months)?;
            Plan::adjustable(principal, &path)?
        }
        None => Plan::fixed(principal, rate, term_months)?,
    };
    let interest_only = inputs.whole_or("interest_only_months", 0, (0, term_months))?;
    let plan = plan.interest_only(interest_only)?;
    let rows = plan.amortized_over(amortization)?.schedule()?.rows;
    let percent = |name, usual: i64| -> Result<Pct, Failure> {
        let stated = inputs.optional_pct(name)?;
        let percent = stated.unwrap_or(Pct::new(usual * Pct::SCALE));
        if percent <= Pct::ZERO || percent > Pct::HUNDRED {
            return Err(inputs.fault(name, "must be more than 0 and at most 100"));
        }
        Ok(percent)
    };
    let percents = HpaPercents {
        request: percent("request_percent", 80)?,
        automatic: percent("automatic_percent", 78)?,
    };
    let value = inputs.positive_money("original_value")?;
    let ends = hpa_ends(&rows, value, percents, amortization)?;
    let first = inputs
        .has("first_payment_date")
        .then(|| inputs.date("first_payment_date"))
        .transpose()?;
    let date = |after| -> Result<Option<String>, Failure> {
        let Some(first) = first else { return Ok(None) };
        Ok(end_date(first, after)?.map(|date| date.to_string()))
    };
    Ok(json!({
        "request_after": ends.request_after,
        "automatic_after": ends.automatic_after,
        "final_after": ends.final_after,
        "mi_payments": ends.last_premium(),
        "request_date": date(ends.request_after)?,
        "automatic_date": date(ends.automatic_after)?,
        "final_date": date(ends.final_after)?,
    }))
}
