//! Sections 3, 5 and 6: the loan's features, how often and how much is paid.

use lintel_engine::money::{Cents, Rounding};

use crate::context::{Fine, LoanRate};
use crate::figures::{date, euro, months, rate};
use crate::layout::Layout;
use crate::terms;

/// Section 3.
pub(super) fn features(doc: &mut Layout, fine: &Fine) {
    doc.heading(2, "3. Características principais do empréstimo");
    let loan = &fine.loan;
    let utilisation = fine
        .chosen
        .utilisation
        .map_or_else(String::new, |utilisation| {
            format!(
                "{} a contar da celebração do contrato, durante os quais só se pagam juros",
                months(utilisation.months)
            )
        });
    doc.pairs(&[
        ("Produto", loan.product.clone()),
        ("Finalidade", loan.purpose.clone()),
        (
            "Montante e moeda do empréstimo",
            format!("{} (euro)", euro(loan.amount)),
        ),
        ("Duração do empréstimo", months(loan.term_months)),
        ("Período de utilização", utilisation),
        (
            "Tipo de empréstimo",
            "Empréstimo hipotecário reembolsado em prestações mensais de capital e juros, ao longo de toda a duração".to_owned(),
        ),
        ("Tipo de taxa de juro", terms::kind_of_rate(loan, &fine.chosen)),
        (
            "Montante total a reembolsar (MTIC)",
            match per_euro(fine.chosen.mtic, loan.amount) {
                Some(each) => format!(
                    "{}. Isto significa que reembolsará {} por cada euro emprestado.",
                    euro(fine.chosen.mtic),
                    euro(each)
                ),
                None => euro(fine.chosen.mtic),
            },
        ),
        (
            "Valor do imóvel considerado",
            loan.property_value.map(euro).unwrap_or_default(),
        ),
        (
            "Rácio entre o empréstimo e o valor do imóvel (LTV)",
            loan.loan_to_value
                .map(|ratio| rate(ratio, 2))
                .unwrap_or_default(),
        ),
        ("Garantia", terms::security(loan)),
    ]);
    if loan.rate != LoanRate::Fixed {
        doc.paragraph("Como o empréstimo tem, no todo ou em parte, taxa variável, o montante total a reembolsar é meramente ilustrativo: mudará sempre que a taxa de juro mudar.");
    }
    if fine.other.is_some() {
        doc.paragraph(&format!(
            "As informações deste documento referem-se ao empréstimo {}, salvo onde se diga o contrário.",
            terms::name_of(&fine.chosen)
        ));
    }
}

/// What is paid back for each euro; half up, as amounts are shown.
fn per_euro(mtic: Cents, amount: Cents) -> Option<Cents> {
    Cents::new(100).mul_ratio(
        i128::from(mtic.get()),
        i128::from(amount.get()),
        Rounding::HalfUp,
    )
}

/// Section 5.
pub(super) fn frequency(doc: &mut Layout, fine: &Fine) {
    doc.heading(2, "5. Periodicidade e número de prestações");
    let count = fine.loan.term_months;
    let of_interest = fine
        .chosen
        .utilisation
        .map_or_else(String::new, |utilisation| {
            format!("{}, das quais {} só de juros", count, utilisation.months)
        });
    doc.pairs(&[
        ("Periodicidade de reembolso", "Mensal".to_owned()),
        (
            "Número de prestações",
            if of_interest.is_empty() {
                count.to_string()
            } else {
                of_interest
            },
        ),
        (
            "Data da primeira prestação",
            fine.loan.first_payment.map(date).unwrap_or_default(),
        ),
    ]);
}

/// Section 6.
pub(super) fn amounts(doc: &mut Layout, fine: &Fine) {
    doc.heading(2, "6. Montante de cada prestação");
    terms::instalments(doc, &fine.chosen);
    doc.paragraph("Aos montantes indicados acrescem os outros custos regulares descritos na secção 4. A última prestação pode ser ligeiramente diferente, para acertar o capital em dívida.");
    if let Some(first) = fine.other.as_ref().and_then(|other| {
        let instalment = terms::first_instalment(other)?;
        Some((terms::name_of(other), instalment))
    }) {
        doc.paragraph(&format!(
            "No empréstimo {}, a primeira prestação de capital e juros seria de {}.",
            first.0,
            euro(first.1)
        ));
    }
    doc.strong("Os seus rendimentos podem mudar. Pense se conseguiria continuar a pagar as prestações mensais caso os seus rendimentos diminuam.");
    match (&fine.chosen.illustrative, fine.loan.rate) {
        (Some(scenario), _) => doc.strong(&format!(
            "Parte ou a totalidade do empréstimo tem taxa variável. O montante das prestações pode aumentar: por exemplo, se a TAN subisse para {}, a prestação poderia aumentar para {}.",
            rate(scenario.tan, 3),
            euro(scenario.highest_instalment)
        )),
        (None, LoanRate::Fixed) => {
            doc.paragraph("A taxa é fixa: o montante da prestação de capital e juros mantém-se durante todo o prazo.");
        }
        (None, LoanRate::Variable | LoanRate::Mixed { .. }) => {
            doc.strong("Parte ou a totalidade do empréstimo tem taxa variável. O montante das prestações pode aumentar ou diminuir com o indexante.");
        }
    }
}
