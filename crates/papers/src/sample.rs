//! Fictional contexts, for tests, benchmarks and a look at the layout. Their figures hang together
//! well enough to be read; they are nobody's offer.

use lintel_engine::date::Date;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;

use crate::context::{
    Cost, CostTiming, EarlyRepayment, Fine, Illustrative, IndexUsed, Intermediary, Lender, Loan,
    LoanRate, Obligation, Phase, PhaseRate, ProposalLetter, Rights, Row, Signatory, Stage, Variant,
};

const AMOUNT: Cents = Cents::new(18_000_000);

/// A sheet of a loan at a variable rate over so many months, with both variants when `both`.
#[must_use]
pub fn fine(term_months: u32, both: bool) -> Fine {
    Fine {
        stage: Stage::Simulation,
        number: "SIM-2026-000123".to_owned(),
        issued_on: day(),
        valid_until: day().add_months(1).unwrap_or(day()),
        lender: lender(),
        intermediary: Some(intermediary()),
        borrowers: vec![
            "Maria Fictícia da Conceição".to_owned(),
            "João Exemplo Gonçalves".to_owned(),
        ],
        loan: loan(term_months),
        chosen: variant(term_months, true),
        other: both.then(|| variant(term_months, false)),
        outside_taeg: vec![
            cost("Registo da aquisição", 22_500, 0, CostTiming::AtContract),
            cost("IMT (estimativa)", 374_708, 0, CostTiming::AtContract),
        ],
        obligations: vec![
            Obligation {
                name: "Seguro de vida".to_owned(),
                detail: "cobre morte e invalidez dos mutuários pelo capital em dívida".to_owned(),
                required: true,
                elsewhere: true,
            },
            Obligation {
                name: "Domiciliação de ordenado".to_owned(),
                detail: String::new(),
                required: false,
                elsewhere: false,
            },
        ],
        early_repayment: EarlyRepayment {
            variable_fee: Some(Pct::new(500_000_000)),
            fixed_fee: None,
            partial_notice_days: 7,
            full_notice_days: 10,
        },
        flexible_features: Vec::new(),
        rights: rights(),
        dispute_bodies: vec!["Centro de Arbitragem Exemplo, www.example.com".to_owned()],
        default_surcharge: Pct::new(3_000_000_000),
        additional: vec!["Exemplo fictício, sem valor contratual.".to_owned()],
    }
}

/// A letter of the same loan.
#[must_use]
pub fn proposal_letter() -> ProposalLetter {
    ProposalLetter {
        number: "PRO-2026-000042".to_owned(),
        process_number: "PRC-2026-000077".to_owned(),
        issued_on: day(),
        valid_until: day().add_months(1).unwrap_or(day()),
        lender: lender(),
        intermediary: Some(intermediary()),
        borrowers: vec![
            Signatory {
                name: "Maria Fictícia da Conceição".to_owned(),
                nif: "123456789".to_owned(),
            },
            Signatory {
                name: "João Exemplo Gonçalves".to_owned(),
                nif: "999999990".to_owned(),
            },
        ],
        property: "Apartamento T3, Rua do Exemplo, 1, 1000-001 Lisboa".to_owned(),
        loan: loan(360),
        terms: variant(360, true),
        conditions: vec![
            "Entrega da caderneta predial atualizada.".to_owned(),
            "Constituição do seguro de vida antes da escritura.".to_owned(),
        ],
        rights: rights(),
    }
}

fn day() -> Date {
    Date::new(2026, 11, 21).unwrap_or(Date::FIRST)
}

const fn rights() -> Rights {
    Rights {
        reflection_days: 7,
        offer_days: 30,
    }
}

fn lender() -> Lender {
    Lender {
        name: "Banco Exemplo, S.A. (fictício)".to_owned(),
        address: "Avenida da Demonstração, 100, 1000-001 Lisboa".to_owned(),
        phone: "+351 200 000 000".to_owned(),
        email: "credito@example.com".to_owned(),
        website: "www.example.com".to_owned(),
        registration: "0000".to_owned(),
        gives_advice: false,
    }
}

fn intermediary() -> Intermediary {
    Intermediary {
        name: "Intermediários Exemplo, Lda.".to_owned(),
        category: "Intermediário de crédito vinculado".to_owned(),
        registration: "0000000".to_owned(),
        address: "Rua Imaginária, 5, 4000-001 Porto".to_owned(),
        phone: "+351 220 000 000".to_owned(),
        email: "ic@example.com".to_owned(),
        gives_advice: false,
        remuneration: Some(Cents::new(90_000)),
    }
}

fn loan(term_months: u32) -> Loan {
    Loan {
        product: "Crédito Habitação Exemplo".to_owned(),
        purpose: "Aquisição de habitação própria permanente".to_owned(),
        amount: AMOUNT,
        term_months,
        rate: LoanRate::Variable,
        property_value: Some(Cents::new(22_500_000)),
        loan_to_value: Some(Pct::new(80_000_000_000)),
        security: "Hipoteca sobre o imóvel a adquirir".to_owned(),
        guarantee: None,
        first_payment: day().add_months(1).ok(),
    }
}

fn cost(name: &str, amount: i64, tax: i64, timing: CostTiming) -> Cost {
    Cost {
        name: name.to_owned(),
        amount: Cents::new(amount),
        tax: Cents::new(tax),
        timing,
        over_term: None,
        detail: String::new(),
    }
}

fn variant(months: u32, cross_selling: bool) -> Variant {
    let spread = if cross_selling {
        850_000_000
    } else {
        1_250_000_000
    };
    let tan = Pct::new(2_187_000_000 + spread);
    let one_off = vec![
        cost("Comissão de avaliação", 24_000, 923, CostTiming::AtContract),
        cost("Comissão de estudo", 30_080, 1_157, CostTiming::AtContract),
        cost(
            "Imposto do selo sobre o crédito",
            108_000,
            108_000,
            CostTiming::AtContract,
        ),
    ];
    let rows = rows(months, tan);
    let instalment = rows.get(1).map_or(Cents::ZERO, |row| {
        row.payment.checked_sub(row.other_costs).unwrap_or_default()
    });
    let mtic = Cents::try_sum(rows.iter().map(|row| row.payment)).unwrap_or_default();
    Variant {
        cross_selling,
        phases: vec![Phase {
            first_month: 1,
            last_month: months,
            rate: PhaseRate::Variable {
                index: IndexUsed {
                    name: "Euribor a 12 meses".to_owned(),
                    value: Pct::new(2_187_000_000),
                    month: day().add_months(-1).unwrap_or(day()),
                    reset_months: 12,
                },
                spread: Pct::new(spread),
            },
            tan,
            instalment,
        }],
        utilisation: None,
        assumed_tan: None,
        taeg: Pct::new(3_593_877_000),
        mtic,
        total_cost: mtic.checked_sub(AMOUNT).unwrap_or_default(),
        illustrative: Some(Illustrative {
            taeg: Pct::new(7_012_345_000),
            tan: Pct::new(5_393_000_000 + spread),
            highest_instalment: Cents::new(110_233),
            highest_index: Pct::new(5_393_000_000),
        }),
        one_off,
        recurring: vec![
            cost("Seguro de vida", 2_890, 0, CostTiming::Monthly),
            cost("Seguro multirriscos", 1_321, 0, CostTiming::Monthly),
        ],
        rows,
    }
}

/// Level capital, so that a benchmark has figures of the right length without an annuity.
fn rows(months: u32, tan: Pct) -> Vec<Row> {
    let upfront = Cents::new(162_080);
    let mut rows = vec![Row {
        month: 0,
        payment: upfront,
        interest: Cents::ZERO,
        capital: Cents::ZERO,
        other_costs: upfront,
        remaining: AMOUNT,
    }];
    let mut remaining = AMOUNT.get();
    for month in 1..=months {
        let left = i64::from(months - month + 1);
        let capital = remaining / left;
        let interest = Cents::new(remaining)
            .percent(tan, Rounding::HalfUp)
            .and_then(|year| year.mul_ratio(1, 12, Rounding::HalfUp))
            .unwrap_or_default();
        remaining -= capital;
        rows.push(Row {
            month,
            payment: Cents::new(capital + interest.get() + 4_211),
            interest,
            capital: Cents::new(capital),
            other_costs: Cents::new(4_211),
            remaining: Cents::new(remaining),
        });
    }
    rows
}
