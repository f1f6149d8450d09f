//! The information sheet (FINE, the Portuguese ESIS): sections 1 to 15 of annex II of Directive
//! 2014/17/EU, part A, and an annex with each month of the repayment. The words are ours; what each
//! section must say is the annex's, part B.

mod costs;
mod loan;
mod rights;
mod table;

use crate::check;
use crate::context::{Fine, Stage};
use crate::error::PaperError;
use crate::figures::{date, euro, long_date};
use crate::layout::Layout;
use crate::terms;

/// Prints an information sheet.
///
/// # Errors
/// A [`PaperError`] naming what is missing, too much or impossible; no text of the context is in it.
pub fn fine(fine: &Fine) -> Result<Vec<u8>, PaperError> {
    check::fine(fine)?;
    let mut doc = Layout::new()?;
    opening(&mut doc, fine);
    lender(&mut doc, fine);
    intermediary(&mut doc, fine);
    loan::features(&mut doc, fine);
    costs::costs(&mut doc, fine);
    loan::frequency(&mut doc, fine);
    loan::amounts(&mut doc, fine);
    table::short(&mut doc, fine)?;
    rights::obligations(&mut doc, fine);
    rights::early_repayment(&mut doc, fine);
    rights::flexible(&mut doc, fine);
    rights::others(&mut doc, fine);
    rights::complaints(&mut doc, fine);
    rights::default(&mut doc, fine);
    rights::additional(&mut doc, fine);
    rights::supervisor(&mut doc, fine);
    table::full(&mut doc, fine)?;
    let title = format!("FINE {} – {}", fine.number, fine.lender.name);
    let running = format!("FINE {} · {}", fine.number, date(fine.issued_on));
    doc.finish(&title, &fine.lender.name, &running, fine.issued_on)
}

fn opening(doc: &mut Layout, fine: &Fine) {
    doc.heading(1, "Ficha de Informação Normalizada Europeia (FINE)");
    doc.paragraph(match fine.stage {
        Stage::Simulation => {
            "Informação pré-contratual sobre crédito garantido por hipoteca, prestada com a simulação"
        }
        Stage::Process => {
            "Informação pré-contratual sobre crédito garantido por hipoteca, prestada com o processo de crédito, antes da decisão"
        }
        Stage::Approval => {
            "Informação pré-contratual sobre crédito garantido por hipoteca, prestada com a aprovação do crédito"
        }
    });
    let names = match fine.borrowers.as_slice() {
        [] => "o cliente".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} e {last}", first.join(", ")),
    };
    doc.pairs(&[
        (
            match fine.stage {
                Stage::Simulation => "Simulação n.º",
                Stage::Process | Stage::Approval => "Processo n.º",
            },
            fine.number.clone(),
        ),
        ("Data de emissão", date(fine.issued_on)),
        ("Válida até", date(fine.valid_until)),
        ("Proponentes", fine.borrowers.join("; ")),
    ]);
    doc.heading(2, "Introdução");
    doc.paragraph(&format!(
        "Este documento foi preparado para {names} em {}.",
        long_date(fine.issued_on)
    ));
    match fine.stage {
        Stage::Simulation | Stage::Process => {
            doc.paragraph("Foi elaborado com base nas informações que nos prestou até hoje e nas condições atuais do mercado financeiro.");
            doc.paragraph(&format!(
                "As informações que se seguem são válidas até {}. Depois dessa data, podem mudar de acordo com as condições do mercado.",
                long_date(fine.valid_until)
            ));
            doc.paragraph(&format!(
                "Este documento não obriga o mutuante, {}, a conceder-lhe um empréstimo, nem o obriga a si a contratá-lo.",
                fine.lender.name
            ));
        }
        Stage::Approval => {
            doc.paragraph("Foi elaborado com base nas informações e nos documentos que nos entregou e corresponde às condições em que o empréstimo foi aprovado.");
            doc.paragraph(&format!(
                "O mutuante, {}, fica vinculado a estas condições até {}, e nunca por menos de {} dias a contar da aprovação. O valor do indexante é o que vigorar na data da celebração do contrato.",
                fine.lender.name,
                long_date(fine.valid_until),
                fine.rights.offer_days
            ));
        }
    }
}

fn lender(doc: &mut Layout, fine: &Fine) {
    doc.heading(2, "1. Mutuante");
    terms::lender(doc, &fine.lender);
    advice(doc, fine.lender.gives_advice);
}

fn intermediary(doc: &mut Layout, fine: &Fine) {
    doc.heading(2, "2. Intermediário de crédito");
    let Some(intermediary) = &fine.intermediary else {
        doc.paragraph(&format!(
            "O empréstimo é tratado diretamente com o mutuante, {}, sem intervenção de um intermediário de crédito.",
            fine.lender.name
        ));
        return;
    };
    doc.pairs(&[
        ("Denominação", intermediary.name.clone()),
        ("Categoria", intermediary.category.clone()),
        (
            "Registo no Banco de Portugal",
            intermediary.registration.clone(),
        ),
        ("Endereço", intermediary.address.clone()),
        ("Telefone", intermediary.phone.clone()),
        ("Correio eletrónico", intermediary.email.clone()),
        (
            "Remuneração",
            match intermediary.remuneration {
                Some(amount) => format!("{}, paga pelo mutuante", euro(amount)),
                None => {
                    "O montante que o mutuante venha a pagar não é conhecido nesta data".to_owned()
                }
            },
        ),
    ]);
    advice(doc, intermediary.gives_advice);
}

fn advice(doc: &mut Layout, gives: bool) {
    doc.paragraph(if gives {
        "Depois de analisarmos as suas necessidades e a sua situação, recomendamos-lhe que contrate este empréstimo (serviços de consultoria)."
    } else {
        "Não lhe recomendamos um empréstimo em particular (não são prestados serviços de consultoria). Com base nas respostas que deu, prestamos-lhe informação sobre este empréstimo para que possa fazer a sua própria escolha."
    });
}
