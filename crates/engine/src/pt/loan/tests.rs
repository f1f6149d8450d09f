//! Published instalments, schedule identities and refusals of home loans.

use super::*;
use crate::schedule::Plan;

fn cents(text: &str) -> Cents {
    Cents::parse_decimal(text).unwrap()
}

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

fn path(steps: &[(&str, u32)]) -> Vec<RateStep> {
    let step = |(rate, months): &(&str, u32)| RateStep {
        rate: pct(rate),
        months: *months,
    };
    steps.iter().map(step).collect()
}

fn loan(amount: &str, steps: &[(&str, u32)]) -> Loan {
    Loan::try_new(cents(amount), &path(steps)).unwrap()
}

fn rows(loan: &Loan) -> Vec<Row> {
    let months = loan.schedule().unwrap();
    months.iter().map(|month| month.row).collect()
}

/// Identities of every schedule: parts add up, capital is the amount, the balance ends at zero.
fn check(loan: &Loan) {
    let rows = rows(loan);
    for row in &rows {
        assert_eq!(
            row.payment,
            row.interest.checked_add(row.principal).unwrap()
        );
    }
    let repaid = Cents::try_sum(rows.iter().map(|row| row.principal)).unwrap();
    assert_eq!(repaid, loan.amount());
    assert_eq!(rows.last().unwrap().balance, Cents::ZERO);
    assert_eq!(rows.len(), usize::try_from(loan.term_months()).unwrap());
}

#[test]
fn deco_monthly_simulation() {
    // 150,000 over 30 years, index plus one point, as printed from 2018 to 2025.
    for (index, expected) in [
        ("3.002", "716.30"),
        ("3.167", "730.64"),
        ("2.114", "641.67"),
        ("2.107", "641.10"),
        ("2.034", "635.16"),
        ("2.187", "647.63"),
        ("-0.316", "461.00"),
        ("-0.394", "455.79"),
        ("-0.355", "458.39"),
    ] {
        let tan = crate::pt::spread::variable_tan(pct(index), pct("1.000")).unwrap();
        let paid = instalment(cents("150000"), tan, 360).unwrap();
        assert_eq!(paid.to_string(), expected, "{index}");
    }
}

#[test]
fn a_negative_rate_is_passed_through() {
    // 150000 × i / (1 − (1+i)^−360) at i = −0.2 % / 12.
    let paid = instalment(cents("150000"), pct("-0.2"), 360).unwrap();
    assert_eq!(paid, cents("404.26"));
    assert_eq!(
        instalment(cents("100"), pct("-12"), 1).unwrap(),
        cents("99")
    );
    assert_eq!(
        instalment(cents("100"), Pct::ZERO, 3).unwrap(),
        cents("33.33")
    );
    let loan = loan("150000", &[("-0.2", 360)]);
    check(&loan);
    let rows = rows(&loan);
    assert_eq!(rows[0].interest, cents("-25.00"));
    assert_eq!(rows[0].principal, cents("429.26"));
    assert!(rows[359].payment <= cents("405"));
}

#[test]
fn banked_interest_is_set_against_later_interest() {
    let loan =
        loan("12000", &[("-1.2", 12), ("6", 108)]).negative_interest(NegativeInterest::Banked);
    check(&loan);
    let months = loan.schedule().unwrap();
    // A rate of zero for the instalment: 12000 / 120.
    assert_eq!(months[0].row.payment, cents("100"));
    assert_eq!(months[0].interest_credit, cents("12"));
    let banked = months[11].interest_credit;
    // 0.1 % of 12000, 11900 … 10900.
    assert_eq!(banked, cents("137.40"));
    // 10800 at 6 %: 54.00 of interest a month, paid out of the credit first.
    assert_eq!(months[12].row.interest, Cents::ZERO);
    assert_eq!(months[12].interest_credit, cents("83.40"));
    assert_eq!(
        months[12].row.principal,
        rows(&Loan::try_new(cents("10800"), &path(&[("6", 108)])).unwrap())[0].principal
    );
    assert_eq!(months[119].interest_credit, Cents::ZERO);
}

#[test]
fn credit_left_at_the_end_is_paid_out() {
    let loan = loan("1200", &[("-12", 12)]).negative_interest(NegativeInterest::Banked);
    check(&loan);
    let months = loan.schedule().unwrap();
    // 1 % of 1200, 1100 … 200 is 77, and the last month's own 1.00.
    assert_eq!(months[10].interest_credit, cents("77"));
    assert_eq!(months[11].row.payment, cents("22"));
}

#[test]
fn agrees_with_the_plan_of_ordinary_loans() {
    for steps in [
        vec![("3.125", 84), ("3.125", 36), ("12", 60)],
        vec![("3.037", 360)],
        vec![("2.5", 24), ("3.037", 336)],
        vec![("0", 12), ("4.1", 48)],
    ] {
        let plan = Plan::adjustable(cents("180000"), &path(&steps)).unwrap();
        assert_eq!(rows(&loan("180000", &steps)), plan.schedule().unwrap().rows);
    }
    let plan = Plan::adjustable(cents("180000"), &path(&[("3", 24), ("4", 96)])).unwrap();
    let plan = plan.interest_only(12).unwrap().schedule().unwrap();
    let utilised = loan("180000", &[("3", 24), ("4", 96)])
        .utilisation(12, &[])
        .unwrap();
    assert_eq!(rows(&utilised), plan.rows);
}

#[test]
fn utilisation_pays_interest_on_what_is_drawn() {
    let drawings = [(0, "60000"), (6, "40000"), (12, "20000")].map(|(month, amount)| Drawing {
        month,
        amount: cents(amount),
    });
    let loan = loan("120000", &[("3", 372)])
        .utilisation(12, &drawings)
        .unwrap();
    check_capital(&loan);
    let rows = rows(&loan);
    assert_eq!(rows[0].payment, cents("150"));
    assert_eq!(rows[5].payment, cents("150"));
    assert_eq!(rows[6].payment, cents("250"));
    assert_eq!(rows[11].principal, Cents::ZERO);
    assert_eq!(
        rows[12].payment,
        instalment(cents("120000"), pct("3"), 360).unwrap()
    );
}

fn check_capital(loan: &Loan) {
    let repaid = Cents::try_sum(rows(loan).iter().map(|row| row.principal)).unwrap();
    assert_eq!(repaid, loan.amount());
}

#[test]
fn negative_interest_lowers_the_capital_in_utilisation() {
    let loan = loan("120000", &[("-1", 360)]).utilisation(2, &[]).unwrap();
    check(&loan);
    let rows = rows(&loan);
    assert_eq!(
        (rows[0].payment, rows[0].balance),
        (Cents::ZERO, cents("119900"))
    );
}

#[test]
fn a_residual_value_waits_for_the_last_instalment() {
    let loan = loan("150000", &[("3", 360)])
        .residual(cents("45000"))
        .unwrap();
    check(&loan);
    let rows = rows(&loan);
    // Annuity of 105000 and a month's interest on 45000: 442.68… + 112.50.
    assert_eq!(rows[0].payment, cents("555.18"));
    let last = rows[359].payment;
    assert!(last > cents("45000") && last < cents("45700"), "{last}");
}

#[test]
fn negative_interest_on_a_large_residual_leaves_nothing_to_pay() {
    let loan = loan("100000", &[("-2", 120)])
        .residual(cents("90000"))
        .unwrap();
    check(&loan);
    let rows = rows(&loan);
    // 10000 / 120 is less than the 150.00 of negative interest on the residual.
    assert_eq!(
        (rows[0].payment, rows[0].balance),
        (Cents::ZERO, cents("99833.33"))
    );
    assert!(rows[119].payment < cents("90000"));
}

#[test]
fn refuses_what_is_no_loan() {
    let field = |result: Result<Loan, EngineError>| result.unwrap_err().field;
    let new = |amount: i64, steps: &[(&str, u32)]| Loan::try_new(Cents::new(amount), &path(steps));
    assert_eq!(field(new(0, &[("3", 12)])), "principal");
    assert_eq!(field(new(i64::MAX, &[("3", 12)])), "principal");
    assert_eq!(field(new(1, &[])), "rate_path");
    assert_eq!(field(new(1, &[("3", 0)])), "rate_path");
    assert_eq!(field(new(1, &[("3", 1201)])), "term_months");
    assert_eq!(field(new(1, &[("-100.1", 12)])), "rate");
    assert_eq!(field(new(1, &[("10001", 12)])), "rate");
    let base = || loan("1000", &[("3", 12)]);
    assert_eq!(field(base().utilisation(12, &[])), "utilisation_months");
    assert_eq!(field(base().residual(cents("1000"))), "residual");
    let drawn = |month, amount| Drawing {
        month,
        amount: cents(amount),
    };
    for bad in [
        vec![drawn(1, "1000")],
        vec![drawn(0, "999")],
        vec![drawn(0, "500"), drawn(0, "500")],
        vec![drawn(0, "500"), drawn(7, "500")],
        vec![drawn(0, "1001"), drawn(1, "-1")],
        vec![drawn(0, "1"); 121],
    ] {
        assert_eq!(field(base().utilisation(6, &bad)), "drawings");
    }
    for (amount, tan, months) in [(0, "1", 1), (1, "-101", 1), (1, "1", 0), (1, "1", 1201)] {
        assert!(instalment(Cents::new(amount), pct(tan), months).is_err());
    }
}

#[test]
fn huge_loans_end_in_an_answer_or_an_error() {
    let huge = Loan::try_new(Cents::MAX, &path(&[("3", 360)])).unwrap();
    check(&huge);
    let ruinous = Loan::try_new(Cents::MAX, &path(&[("10000", 360)])).unwrap();
    assert_eq!(ruinous.schedule().unwrap_err().field, "principal");
}
