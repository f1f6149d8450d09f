//! What the letter says. Names are those of strangers: nothing of a form but a plain name goes into a
//! letter. The figures of the loan are those the sender stated.

use lintel_domain::lead::{LeadBorrower, PricedLoan};
use lintel_domain::loan::{Program, Purpose};
use lintel_domain::staff::Person;
use lintel_letters::figures::{money, percent, points};
use lintel_letters::{ApplicationInvitation, Line, Officer, plain_name};

/// The letter to a borrower.
pub(super) fn letter(
    officer: &Person,
    borrower: &LeadBorrower,
    loan: Option<&PricedLoan>,
    url: String,
) -> ApplicationInvitation {
    ApplicationInvitation {
        first_name: borrower.first_name.as_deref().and_then(plain_name),
        officer: Officer {
            name: officer.display_name(),
            nmls: officer.nmls.clone(),
            phone: officer.phone.clone(),
            email: Some(officer.email.clone()),
        },
        url,
        loan: loan.map(lines).unwrap_or_default(),
    }
}

/// How the borrower is addressed; empty when that is no plain name.
pub(super) fn full_name(borrower: &LeadBorrower) -> String {
    let names = [
        borrower.first_name.as_deref(),
        borrower.last_name.as_deref(),
    ];
    let names: Vec<&str> = names.into_iter().flatten().map(str::trim).collect();
    plain_name(&names.join(" ")).unwrap_or_default()
}

/// The loan in short. Score, income and debts are nobody's business who reads over a shoulder.
fn lines(loan: &PricedLoan) -> Vec<Line> {
    let (price, down) = match loan.purpose {
        Some(Purpose::Refinance | Purpose::RefinanceCashOut) => {
            ("Home value", "Present loan balance")
        }
        Some(Purpose::Purchase) => ("Home price", "Down payment"),
        None => ("Home price or value", "Down payment or present balance"),
    };
    let lock = loan.lock_days.map(|days| format!("{days} days"));
    let all = [
        ("Offer", loan.offer_id.clone()),
        ("Purpose", loan.purpose.map(|p| purpose(p).to_owned())),
        ("Property", Some(address(loan))),
        (price, loan.home_price.map(money)),
        (down, loan.down_payment.map(money)),
        ("Cash out", loan.cash_out.map(money)),
        ("Loan", Some(product(loan))),
        ("Rate", loan.note_rate.map(percent)),
        ("APR", loan.apr.map(percent)),
        ("Monthly payment", loan.monthly_payment.map(money)),
        ("Points", loan.points.map(points)),
        ("Rate lock", lock),
    ];
    let said = all
        .into_iter()
        .filter_map(|(label, text)| Some((label, text?)));
    let said = said.filter(|(_, text)| !text.is_empty());
    said.map(|(label, text)| Line::new(label, text)).collect()
}

fn address(loan: &PricedLoan) -> String {
    let state = loan.state.as_deref().unwrap_or_default();
    let end = format!("{state} {}", loan.postal_code);
    let parts = [
        loan.street.as_deref(),
        loan.city.as_deref(),
        Some(end.trim()),
    ];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<&str>>().join(", ")
}

fn product(loan: &PricedLoan) -> String {
    let program = loan.program.map(|known| program(known).to_owned());
    let years = loan.amortization_years;
    let years = years.map(|years| format!("{years} years"));
    let kind = loan.is_adjustable.map(|is_adjustable| {
        let arm = loan.arm_type.as_deref().filter(|_| is_adjustable);
        match arm {
            Some(arm) => format!("adjustable {arm}"),
            None if is_adjustable => "adjustable rate".to_owned(),
            None => "fixed rate".to_owned(),
        }
    });
    let parts: Vec<String> = [program, years, kind].into_iter().flatten().collect();
    parts.join(", ")
}

const fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Purchase => "Purchase",
        Purpose::Refinance => "Refinance",
        Purpose::RefinanceCashOut => "Refinance with cash out",
    }
}

const fn program(program: Program) -> &'static str {
    match program {
        Program::Conventional => "Conventional",
        Program::Fha => "FHA",
        Program::Va => "VA",
        Program::Usda => "USDA",
        Program::Other => "Other programme",
    }
}
