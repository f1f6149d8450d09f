//! The letter of approval.

use lintel_papers::{PaperError, Signatory, proposal_letter, sample};

use crate::reader::Read;

#[test]
fn the_letter_has_terms_conditions_and_room_to_sign() {
    let letter = sample::proposal_letter();
    let bytes = proposal_letter(&letter).unwrap();
    assert!(bytes == proposal_letter(&letter).unwrap());
    let read = Read::new(&bytes);
    let text = read.text();
    let mut from = 0;
    for part in [
        "Carta de aprovação de crédito",
        "PRO-2026-000042",
        "(NIF 123456789)",
        "180 000,00 €",
        "360 meses (30 anos)",
        "3,6 %",
        "Entrega da caderneta predial atualizada.",
        "até 21 de dezembro de 2026",
        "reflexão de pelo menos 7 dias",
        "O contrato não é assinado antes do fim desse período",
        "Pelo mutuante, Banco Exemplo",
        "Maria Fictícia da Conceição",
        "João Exemplo Gonçalves",
    ] {
        let found = text[from..]
            .find(part)
            .unwrap_or_else(|| panic!("{part} after {from}"));
        from += found;
    }
    assert_eq!(read.all("L").len(), 2);
    for item in read.all("LI") {
        assert_eq!(item.roles(), ["Lbl", "LBody"]);
    }
}

#[test]
fn a_letter_needs_somebody_to_sign() {
    let mut letter = sample::proposal_letter();
    letter.borrowers.clear();
    assert_eq!(
        proposal_letter(&letter),
        Err(PaperError::Missing { what: "borrowers" })
    );
    letter.borrowers = vec![
        Signatory {
            name: "Ana".to_owned(),
            nif: String::new()
        };
        10
    ];
    letter.conditions.clear();
    letter.terms.rows.clear();
    let text = Read::new(&proposal_letter(&letter).unwrap()).text();
    assert!(text.contains("não depende de outras condições") && !text.contains("NIF"));
}
