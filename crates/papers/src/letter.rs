//! The letter of approval: the bank's offer for a process, with what it takes to accept it.

use crate::check;
use crate::context::ProposalLetter;
use crate::error::PaperError;
use crate::figures::{date, euro, long_date, months, rate};
use crate::layout::Layout;
use crate::terms;

/// Prints a letter of approval.
///
/// # Errors
/// A [`PaperError`] naming what is missing, too much or impossible; no text of the context is in it.
pub fn proposal_letter(letter: &ProposalLetter) -> Result<Vec<u8>, PaperError> {
    check::letter(letter)?;
    let mut doc = Layout::new()?;
    opening(&mut doc, letter);
    figures(&mut doc, letter);
    conditions(&mut doc, letter);
    acceptance(&mut doc, letter);
    signatures(&mut doc, letter);
    let title = format!(
        "Carta de aprovação {} – {}",
        letter.number, letter.lender.name
    );
    let running = format!(
        "Carta de aprovação {} · {}",
        letter.number,
        date(letter.issued_on)
    );
    doc.finish(&title, &letter.lender.name, &running, letter.issued_on)
}

fn opening(doc: &mut Layout, letter: &ProposalLetter) {
    doc.heading(1, "Carta de aprovação de crédito");
    let people: Vec<String> = letter
        .borrowers
        .iter()
        .map(|person| {
            if person.nif.trim().is_empty() {
                person.name.clone()
            } else {
                format!("{} (NIF\u{a0}{})", person.name, person.nif)
            }
        })
        .collect();
    doc.pairs(&[
        ("Proposta n.º", letter.number.clone()),
        ("Processo n.º", letter.process_number.clone()),
        ("Data", date(letter.issued_on)),
        ("Válida até", date(letter.valid_until)),
        ("Proponentes", people.join("; ")),
        (
            "Intermediário de crédito",
            letter
                .intermediary
                .as_ref()
                .map(|intermediary| intermediary.name.clone())
                .unwrap_or_default(),
        ),
        ("Imóvel", letter.property.clone()),
    ]);
    doc.paragraph("Exmos. Senhores,");
    doc.paragraph(&format!(
        "O mutuante, {}, aprovou o crédito que solicitaram, nas condições desta carta e da Ficha de Informação Normalizada Europeia (FINE) que a acompanha. Em caso de dúvida, prevalece a FINE.",
        letter.lender.name
    ));
}

fn figures(doc: &mut Layout, letter: &ProposalLetter) {
    let (loan, chosen) = (&letter.loan, &letter.terms);
    doc.heading(2, "Mutuante");
    terms::lender(doc, &letter.lender);
    doc.heading(2, "Condições financeiras");
    doc.pairs(&[
        ("Produto", loan.product.clone()),
        ("Finalidade", loan.purpose.clone()),
        ("Montante do empréstimo", euro(loan.amount)),
        ("Prazo", months(loan.term_months)),
        ("Tipo de taxa de juro", terms::kind_of_rate(loan, chosen)),
        (
            "Vendas associadas",
            format!("Empréstimo {}", terms::name_of(chosen)),
        ),
        ("TAEG", rate(chosen.taeg, 1)),
        (
            "TAEG ilustrativa",
            chosen
                .illustrative
                .map(|scenario| rate(scenario.taeg, 1))
                .unwrap_or_default(),
        ),
        (
            "Montante total imputado ao consumidor (MTIC)",
            euro(chosen.mtic),
        ),
        ("Custo total do crédito", euro(chosen.total_cost)),
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
    doc.heading(3, "Taxa de juro (TAN)");
    terms::rates(doc, chosen);
    terms::assumption(doc, chosen);
    doc.heading(3, "Prestações");
    terms::instalments(doc, chosen);
    if !chosen.one_off.is_empty() {
        doc.heading(3, "Custos a pagar uma única vez");
        terms::paid_once(doc, &chosen.one_off);
    }
    if !chosen.recurring.is_empty() {
        doc.heading(3, "Custos a pagar regularmente");
        terms::listed(doc, &chosen.recurring);
    }
}

fn conditions(doc: &mut Layout, letter: &ProposalLetter) {
    doc.heading(2, "Condições a cumprir antes da celebração do contrato");
    if letter.conditions.is_empty() {
        doc.paragraph("A aprovação não depende de outras condições.");
    } else {
        doc.list(&letter.conditions);
    }
}

fn acceptance(doc: &mut Layout, letter: &ProposalLetter) {
    doc.heading(2, "Validade e aceitação");
    doc.paragraph(&format!(
        "Esta proposta obriga o mutuante, {}, até {}. Se não for aceite até essa data, caduca.",
        letter.lender.name,
        long_date(letter.valid_until)
    ));
    doc.paragraph(&format!(
        "Os proponentes dispõem de um período de reflexão de pelo menos {} dias, a contar da receção desta carta, para comparar e ponderar a proposta. O contrato não é assinado antes do fim desse período, ainda que a aceitação seja comunicada mais cedo.",
        letter.rights.reflection_days
    ));
    doc.paragraph("A aprovação pressupõe que as informações prestadas são verdadeiras e completas e que a situação dos proponentes não se altera de forma relevante até à celebração do contrato. O valor do indexante é o que vigorar nessa data.");
}

fn signatures(doc: &mut Layout, letter: &ProposalLetter) {
    doc.heading(2, "Assinaturas");
    doc.signature(
        &format!("Pelo mutuante, {}", letter.lender.name),
        "Assinatura e data",
    );
    doc.paragraph(
        "Declaro que recebi esta carta, a FINE e a minuta do contrato, e que aceito a proposta:",
    );
    for borrower in &letter.borrowers {
        doc.signature(&borrower.name, "Assinatura e data");
    }
}
