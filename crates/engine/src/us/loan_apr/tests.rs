//! Published loans and the terms that must be refused.
use super::*;
use crate::us::mi::{MiStop, MiThreshold};

fn cents(text: &str) -> Cents {
    Cents::parse_decimal(text).unwrap()
}

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

fn h_25_b() -> LoanTerms {
    let threshold = MiThreshold {
        original_value: cents("180000"),
        percent: pct("78"),
    };
    let stop = MiStop {
        threshold: Some(threshold),
        ..MiStop::default()
    };
    LoanTerms {
        prepaid_interest: cents("279.04"),
        mi: Some(MiTerms {
            premium: MiPremium::Monthly(cents("82.35")),
            stop,
        }),
        ..LoanTerms::fixed(cents("162000"), pct("3.875"), 360)
    }
}

fn apr(terms: &LoanTerms) -> String {
    loan_apr(terms).unwrap().apr.apr().unwrap().to_fixed(3)
}

#[test]
fn h_25_b_apr_and_totals_of_the_cent_rounded_schedule() {
    let found = loan_apr(&h_25_b()).unwrap();
    assert_eq!(found.apr.apr().unwrap().to_fixed(3), "4.174");
    assert_eq!(found.finance_charge, cents("118831.70"));
    assert_eq!(found.tip.to_fixed(2), "69.46");
    assert_eq!(found.total_of_payments, cents("280831.70"));
    let counts: Vec<_> = found
        .payment_stream
        .iter()
        .map(|i| i.number_of_payments)
        .collect();
    assert_eq!(counts, [80, 279, 1]);
}

#[test]
fn capfed_five_products_one_prepaid_charge() {
    let arm = |first, index| ArmTerms {
        first_adjustment_months: first,
        adjustment_months: 12,
        index: pct(index),
        margin: pct("2.75"),
        first_cap: Some(pct("2")),
        periodic_cap: Some(pct("2")),
        lifetime_cap: Some(pct("5")),
        floor: None,
        rounding: Some(pct("0.125")),
    };
    let loan = |rate, term, arm| LoanTerms {
        prepaid_finance_charge: cents("860"),
        arm,
        ..LoanTerms::fixed(cents("550001"), pct(rate), term)
    };
    assert_eq!(apr(&loan("4.125", 360, None)), "4.138");
    assert_eq!(apr(&loan("3.125", 360, Some(arm(36, "2.5")))), "4.755");
    assert_eq!(apr(&loan("3.375", 360, Some(arm(60, "2.5")))), "4.578");
    assert_eq!(apr(&loan("3.5", 360, Some(arm(84, "2.5")))), "4.426");
}

#[test]
fn dates_move_the_rate_unless_ignored() {
    let with = |ignore_minor_irregularities| LoanTerms {
        first_period: FirstPeriod::Dates {
            closing: Date::parse_iso("2026-04-11").unwrap(),
            first_payment: Date::parse_iso("2026-06-01").unwrap(),
            ignore_minor_irregularities,
        },
        prepaid_finance_charge: cents("6500"),
        ..LoanTerms::fixed(cents("400000"), pct("6.5"), 360)
    };
    // The self-computed vectors with f = 20/30 and 0; the last payment moves the sixth digit.
    assert_eq!(apr(&with(false)), "6.623");
    assert_eq!(apr(&with(true)), "6.658");
    let stream = loan_apr(&with(true)).unwrap().payment_stream;
    assert_eq!(stream[1].start.unwrap().to_string(), "2056-05-01");
}

#[test]
fn balloons_interest_only_and_fha_premiums() {
    let balloon = LoanTerms {
        term_months: 60,
        amortization_months: 360,
        ..h_25_b()
    };
    let found = loan_apr(&balloon).unwrap();
    assert_eq!(found.rows.len(), 60);
    assert!(found.rows[59].row.payment > cents("140000"));
    let io = LoanTerms {
        interest_only_months: 60,
        ..h_25_b()
    };
    assert_eq!(loan_apr(&io).unwrap().rows[0].row.payment, cents("523.13"));
    let premium = MiPremium::AnnualOfBalance {
        annual: pct("0.55"),
        base_loan: cents("162000"),
    };
    let fha = MiTerms {
        premium,
        stop: MiStop::default(),
    };
    let found = loan_apr(&LoanTerms {
        mi: Some(fha),
        ..h_25_b()
    })
    .unwrap();
    assert!(found.payment_stream.len() >= 30);
    assert!(found.apr.apr().unwrap() > pct("4.3"));
}

#[test]
fn a_free_loan_has_the_note_rate_and_a_free_zero_loan_none() {
    let solved = |rate| apr(&LoanTerms::fixed(cents("250000"), pct(rate), 360));
    assert_eq!(solved("7.125"), "7.125");
    assert_eq!(solved("0"), "0.000");
    let io = LoanTerms {
        interest_only_months: 12,
        ..LoanTerms::fixed(cents("1200"), Pct::ZERO, 24)
    };
    assert_eq!(apr(&io), "0.000");
}

#[test]
fn refuses_terms_by_name() {
    let field = |terms: LoanTerms| loan_apr(&terms).unwrap_err().field;
    assert_eq!(
        field(LoanTerms {
            principal: Cents::ZERO,
            ..h_25_b()
        }),
        "principal"
    );
    let charge = cents("162000");
    assert_eq!(
        field(LoanTerms {
            prepaid_finance_charge: charge,
            ..h_25_b()
        }),
        "prepaid_finance_charge"
    );
    assert_eq!(
        field(LoanTerms {
            term_months: 0,
            ..h_25_b()
        }),
        "term_months"
    );
    assert_eq!(
        field(LoanTerms {
            amortization_months: 12,
            ..h_25_b()
        }),
        "amortization_months"
    );
    assert_eq!(
        field(LoanTerms {
            interest_only_months: 361,
            ..h_25_b()
        }),
        "interest_only_months"
    );
    let dates = FirstPeriod::Dates {
        closing: Date::parse_iso("2026-06-01").unwrap(),
        first_payment: Date::parse_iso("2026-06-01").unwrap(),
        ignore_minor_irregularities: true,
    };
    assert_eq!(
        field(LoanTerms {
            first_period: dates,
            ..h_25_b()
        }),
        "first_payment_date"
    );
}
