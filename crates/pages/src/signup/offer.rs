//! The offer a link was made with, as its sender stated it. Nothing is worked out: what the sender
//! left out is left out here. Score, income, debts and the like are not shown: whoever holds the link
//! would see them.

use lintel_domain::lead::PricedLoan;
use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_domain::scenario::PropertyKind;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::Serialize;

use crate::show::{self, When};

/// An offer on the page.
#[derive(Debug, Serialize)]
pub(super) struct OfferView {
    rate: Option<String>,
    apr: Option<String>,
    payment: Option<String>,
    product: String,
    lines: Vec<Line>,
    notes: Vec<&'static str>,
    stated: Option<When>,
}

/// A fact of the offer.
#[derive(Debug, Serialize)]
struct Line {
    name: &'static str,
    text: String,
}

impl OfferView {
    /// Writes an offer, and when it was stated.
    pub(super) fn of(loan: &PricedLoan, stated: Option<When>) -> Self {
        Self {
            rate: loan.note_rate.map(show::percent),
            apr: loan.apr.map(show::percent),
            payment: loan.monthly_payment.map(show::money),
            product: product(loan),
            lines: lines(loan),
            notes: notes(loan),
            stated,
        }
    }
}

#[cfg(test)]
impl OfferView {
    pub(super) fn sample() -> Self {
        use crate::templates::HOSTILE;
        let text = || HOSTILE.to_owned();
        Self {
            rate: Some(text()),
            apr: Some(text()),
            payment: Some(text()),
            product: text(),
            lines: vec![Line {
                name: "Property",
                text: text(),
            }],
            notes: vec!["Streamline refinance."],
            stated: Some(When::of(lintel_domain::id::Instant::from_seconds(0))),
        }
    }
}

/// `Conventional, 30 years, adjustable 7/1`.
fn product(loan: &PricedLoan) -> String {
    let kind = match (loan.is_adjustable, &loan.arm_type) {
        (Some(true), Some(arm)) => Some(format!("adjustable {arm}")),
        (Some(true), None) => Some("adjustable rate".to_owned()),
        (Some(false), _) => Some("fixed rate".to_owned()),
        (None, _) => None,
    };
    let program = loan.program.map(|known| program(known).to_owned());
    let years = loan.amortization_years;
    let years = years.map(|years| format!("{years} years"));
    let parts: Vec<String> = [program, years, kind].into_iter().flatten().collect();
    parts.join(", ")
}

pub(super) const fn program(program: Program) -> &'static str {
    match program {
        Program::Conventional => "Conventional",
        Program::Fha => "FHA",
        Program::Va => "VA",
        Program::Usda => "USDA",
        Program::Other => "Other programme",
    }
}

pub(super) const fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Purchase => "Purchase",
        Purpose::Refinance => "Refinance",
        Purpose::RefinanceCashOut => "Refinance with cash out",
    }
}

fn lines(loan: &PricedLoan) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut add = |name, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            lines.push(Line { name, text });
        }
    };
    add("Offer", loan.offer_id.clone());
    add("Purpose", loan.purpose.map(|p| purpose(p).to_owned()));
    add("Property", Some(address(loan)));
    add("Kind of home", loan.property.map(|p| kind(p).to_owned()));
    add("Use", loan.occupancy.map(|o| occupancy(o).to_owned()));
    let (price, down) = match loan.purpose {
        Some(Purpose::Purchase) => ("Home price", "Down payment"),
        Some(Purpose::Refinance | Purpose::RefinanceCashOut) => {
            ("Home value", "Present loan balance")
        }
        None => ("Home price or value", "Down payment or present balance"),
    };
    add(price, loan.home_price.map(show::whole_money));
    add(down, loan.down_payment.map(show::whole_money));
    add("Cash out", loan.cash_out.map(show::whole_money));
    if let Some((name, text)) = points(loan.points, loan.points_amount) {
        add(name, Some(text));
    }
    if loan.is_adjustable == Some(true) {
        add("Adjusts", loan.arm_type.as_deref().map(arm));
        add("Margin over the index", loan.arm_margin.map(show::percent));
        add("Caps", loan.arm_caps.as_deref().map(caps));
    }
    add(
        "Rate lock",
        loan.lock_days.map(|days| format!("{days} days")),
    );
    lines
}

fn address(loan: &PricedLoan) -> String {
    let state = loan.state.as_deref().unwrap_or_default();
    let end = format!("{state} {}", loan.postal_code);
    let parts = [
        loan.street.as_deref(),
        loan.city.as_deref(),
        Some(end.trim()),
    ];
    let parts: Vec<&str> = parts
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect();
    parts.join(", ")
}

/// Points a borrower pays, or a credit the lender gives, as far as it was said.
fn points(points: Option<Pct>, amount: Option<Cents>) -> Option<(&'static str, String)> {
    let is_nothing = points.is_none_or(Pct::is_zero) && amount.is_none_or(Cents::is_zero);
    if points.is_none() && amount.is_none() {
        return None;
    }
    if is_nothing {
        return Some(("Discount points", "None".to_owned()));
    }
    let is_credit = points.is_none_or(Pct::is_negative) && amount.is_none_or(Cents::is_negative);
    let unsigned = |points: Pct| Pct::new(points.e9().saturating_neg());
    let positive = |amount: Cents| amount.checked_neg().unwrap_or(amount);
    let (name, points, amount) = if is_credit {
        ("Lender credit", points.map(unsigned), amount.map(positive))
    } else {
        ("Discount points", points, amount)
    };
    let text = match (amount.map(show::money), points.map(show::percent)) {
        (Some(amount), Some(percent)) => format!("{amount} ({percent})"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return None,
    };
    Some((name, text))
}

/// `7/1` in words; a text of another shape as it is.
fn arm(text: &str) -> String {
    let years = |n: &str| n.trim().parse::<u32>().ok();
    let parts = text.split_once('/');
    match parts.and_then(|(first, later)| years(first).zip(years(later))) {
        Some((first, 1)) => format!("{text}: fixed for {first} years, then every year"),
        Some((first, later)) if later <= 40 => {
            format!("{text}: fixed for {first} years, then every {later} years")
        }
        Some(_) | None => text.to_owned(),
    }
}

/// `5/2/5` in words; a text of another shape as it is.
fn caps(text: &str) -> String {
    let parts: Vec<&str> = text.split('/').map(str::trim).collect();
    let is_number = |part: &&str| Pct::parse_decimal(part).is_ok();
    match parts[..] {
        [first, later, life] if parts.iter().all(is_number) => {
            format!("{text}: {first}% at first, {later}% each time after, {life}% in all")
        }
        _ => text.to_owned(),
    }
}

const fn kind(kind: PropertyKind) -> &'static str {
    match kind {
        PropertyKind::SingleFamily => "Single-family home",
        PropertyKind::Townhouse => "Townhouse",
        PropertyKind::TwoToFourUnits => "Two to four units",
        PropertyKind::Duplex => "Duplex",
        PropertyKind::Triplex => "Triplex",
        PropertyKind::Quadplex => "Quadplex",
        PropertyKind::Condominium => "Condominium",
        PropertyKind::HighRiseCondominium => "High-rise condominium",
        PropertyKind::DetachedCondominium => "Detached condominium",
        PropertyKind::SiteCondominium => "Site condominium",
        PropertyKind::Cooperative => "Cooperative",
        PropertyKind::Pud => "Planned unit development",
        PropertyKind::Manufactured => "Manufactured or mobile home",
        PropertyKind::Land => "Land",
    }
}

const fn occupancy(occupancy: Occupancy) -> &'static str {
    match occupancy {
        Occupancy::PrimaryResidence => "Primary residence",
        Occupancy::SecondHome => "Second home",
        Occupancy::Investor => "Investment property",
    }
}

/// What is so, and changes what the figures mean.
fn notes(loan: &PricedLoan) -> Vec<&'static str> {
    [
        (
            loan.waives_escrow,
            "Property taxes and insurance are not part of the payment.",
        ),
        (
            loan.has_lender_paid_mi,
            "The lender pays the mortgage insurance.",
        ),
        (
            loan.finances_upfront_fee,
            "The programme's up-front fee is added to the loan.",
        ),
        (loan.is_streamline, "Streamline refinance."),
        (loan.is_hpml, "Higher-priced mortgage loan."),
        (
            loan.is_first_time_buyer,
            "Priced for first-time home buyers.",
        ),
    ]
    .into_iter()
    .filter_map(|(is_so, text)| (is_so == Some(true)).then_some(text))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_adjustable_loans_are_explained_when_they_have_their_shape() {
        assert_eq!(arm("7/1"), "7/1: fixed for 7 years, then every year");
        assert_eq!(arm("5/5"), "5/5: fixed for 5 years, then every 5 years");
        assert_eq!(
            caps("5/2/5"),
            "5/2/5: 5% at first, 2% each time after, 5% in all"
        );
        for odd in ["", "7", "a/b", "7/1/1", "<b>", "7/99"] {
            assert_eq!(arm(odd), odd);
        }
        for odd in ["", "5", "a/b/c", "5/2", "5/2/5/1", "<b>"] {
            assert_eq!(caps(odd), odd);
        }
    }

    #[test]
    fn points_and_credits() {
        let pct = |text: &str| Pct::parse_decimal(text).unwrap();
        let points = |percent: Pct, amount: Cents| points(Some(percent), Some(amount)).unwrap();
        let credit = points(pct("-1"), Cents::new(-260_000));
        assert_eq!(credit, ("Lender credit", "$2,600.00 (1.000%)".to_owned()));
        let paid = points(pct("0.5"), Cents::new(130_000));
        assert_eq!(paid, ("Discount points", "$1,300.00 (0.500%)".to_owned()));
        let none = points(pct("0"), Cents::new(0));
        assert_eq!(none, ("Discount points", "None".to_owned()));
        let odd = points(pct("1"), Cents::new(-5));
        assert_eq!(odd, ("Discount points", "−$0.05 (1.000%)".to_owned()));
        let least = points(Pct::new(i64::MIN), Cents::new(i64::MIN));
        assert!(!least.1.is_empty());
    }

    #[test]
    fn what_was_not_said_is_left_out() {
        let pct = |text: &str| Pct::parse_decimal(text).unwrap();
        assert_eq!(points(None, None), None);
        let credit = points(Some(pct("-1")), None);
        assert_eq!(credit, Some(("Lender credit", "1.000%".to_owned())));
        let paid = points(None, Some(Cents::new(130_000)));
        assert_eq!(paid, Some(("Discount points", "$1,300.00".to_owned())));
        let none = points(None, Some(Cents::ZERO));
        assert_eq!(none, Some(("Discount points", "None".to_owned())));
    }
}
