//! Sections 8 to 15: what the borrower must do and may do, and who watches.

use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;

use super::costs::both;
use crate::context::{Fine, Obligation, Stage};
use crate::figures::{date, euro, points, rate, short_rate};
use crate::layout::Layout;

/// Section 8.
pub(super) fn obligations(doc: &mut Layout, fine: &Fine) {
    doc.heading(2, "8. Obrigações adicionais");
    doc.paragraph("Para beneficiar das condições de empréstimo descritas neste documento, o mutuário deve cumprir as obrigações que se seguem.");
    let of = |required: bool| -> Vec<String> {
        fine.obligations
            .iter()
            .filter(|obligation| obligation.required == required)
            .map(sentence)
            .collect()
    };
    let (required, optional) = (of(true), of(false));
    if !required.is_empty() {
        doc.heading(3, "Necessárias para obter o empréstimo");
        doc.list(&required);
    }
    if !optional.is_empty() {
        doc.heading(3, "Vendas associadas facultativas");
        doc.paragraph("Estes produtos não são obrigatórios. Detê-los dá acesso às condições descritas para o empréstimo com vendas associadas.");
        doc.list(&optional);
    }
    if required.is_empty() && optional.is_empty() {
        doc.paragraph("Este empréstimo não depende de outras obrigações.");
        return;
    }
    if let Some((with, without)) = both(fine)
        && let (Some(rate_with), Some(rate_without)) = (with.phases.first(), without.phases.first())
    {
        doc.strong(&format!(
            "Sem os produtos associados facultativos, a TAN inicial passa de {} para {} e a TAEG de {} para {}.",
            rate(rate_with.tan, 3),
            rate(rate_without.tan, 3),
            rate(with.taeg, 1),
            rate(without.taeg, 1)
        ));
    }
    doc.paragraph("Tenha em atenção que as condições descritas neste documento, incluindo a taxa de juro aplicável, podem mudar se estas obrigações não forem cumpridas. Pergunte ao mutuante durante quanto tempo tem de manter cada produto e o que acontece se o deixar de ter.");
}

fn sentence(obligation: &Obligation) -> String {
    let mut out = obligation.name.trim().to_owned();
    if !obligation.detail.trim().is_empty() {
        out.push_str(": ");
        out.push_str(obligation.detail.trim().trim_end_matches('.'));
    }
    out.push('.');
    if obligation.elsewhere {
        out.push_str(" Pode contratar com o prestador que escolher, desde que as garantias sejam equivalentes.");
    }
    out
}

/// Section 9.
pub(super) fn early_repayment(doc: &mut Layout, fine: &Fine) {
    let terms = &fine.early_repayment;
    doc.heading(2, "9. Reembolso antecipado");
    doc.paragraph(
        "Pode reembolsar o empréstimo antecipadamente, no todo ou em parte, em qualquer momento.",
    );
    doc.list(&[
        format!(
            "Reembolso parcial: com um pré-aviso de {} dias úteis, coincidindo com a data de vencimento de uma prestação.",
            terms.partial_notice_days
        ),
        format!(
            "Reembolso total: com um pré-aviso de {} dias úteis.",
            terms.full_notice_days
        ),
    ]);
    let fee = |when: &str, fee: Pct| {
        if fee.is_zero() {
            return format!("Enquanto a taxa for {when}: sem comissão.");
        }
        // Ten thousand euro as the example; half up, as fees are charged.
        let example = Cents::new(1_000_000).percent(fee, Rounding::HalfUp);
        let example = example.map_or_else(String::new, |example| {
            format!(
                " Por exemplo, {} por {} de capital reembolsado.",
                euro(example),
                euro(Cents::new(1_000_000))
            )
        });
        format!(
            "Enquanto a taxa for {when}: comissão de {} do capital reembolsado.{example}",
            short_rate(fee)
        )
    };
    let fees: Vec<String> = [
        terms.fixed_fee.map(|percent| fee("fixa", percent)),
        terms.variable_fee.map(|percent| fee("variável", percent)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if fees.is_empty() {
        doc.paragraph("O reembolso antecipado não tem comissão.");
    } else {
        doc.list(&fees);
        doc.paragraph("A comissão não é devida se o reembolso resultar de morte, desemprego ou deslocação profissional de um dos mutuários. Contacte o mutuante para saber o montante exato antes de decidir.");
    }
}

/// Section 10.
pub(super) fn flexible(doc: &mut Layout, fine: &Fine) {
    doc.heading(2, "10. Características flexíveis");
    if fine.flexible_features.is_empty() {
        doc.paragraph("Este empréstimo não tem características flexíveis, além das que resultam da lei ou de acordo posterior entre as partes.");
    } else {
        doc.list(&fine.flexible_features);
    }
}

/// Section 11.
pub(super) fn others(doc: &mut Layout, fine: &Fine) {
    doc.heading(2, "11. Outros direitos do mutuário");
    let rights = &fine.rights;
    let mut items = Vec::new();
    match fine.stage {
        Stage::Simulation | Stage::Process => items.push(format!(
            "Se o crédito for aprovado, recebe uma nova ficha e a minuta do contrato; a proposta obriga o mutuante durante pelo menos {} dias.",
            rights.offer_days
        )),
        Stage::Approval => items.push(format!(
            "A proposta obriga o mutuante até {}, e durante pelo menos {} dias.",
            date(fine.valid_until),
            rights.offer_days
        )),
    }
    items.push(format!(
        "Período de reflexão: dispõe de pelo menos {} dias, a contar da receção da proposta, para a comparar e ponderar antes de assinar o contrato, que não é assinado antes do fim desse período.",
        rights.reflection_days
    ));
    for fixed in [
        "Tem direito a receber uma cópia da minuta do contrato e do relatório de avaliação do imóvel, e a pedir uma segunda avaliação.",
        "Pode escolher livremente a seguradora, desde que a apólice cubra os mesmos riscos e dê as mesmas garantias.",
        "Pode transferir o empréstimo para outra instituição.",
        "Pode pedir esclarecimentos ao mutuante ou ao intermediário, sem custos, antes de decidir.",
    ] {
        items.push(fixed.to_owned());
    }
    doc.list(&items);
}

/// Section 12.
pub(super) fn complaints(doc: &mut Layout, fine: &Fine) {
    doc.heading(2, "12. Reclamações");
    let lender = &fine.lender;
    let ways: Vec<&str> = [
        &lender.address,
        &lender.phone,
        &lender.email,
        &lender.website,
    ]
    .into_iter()
    .map(|way| way.trim())
    .filter(|way| !way.is_empty())
    .collect();
    let mut items = vec![
        if ways.is_empty() {
            format!("Junto do mutuante, {}.", lender.name)
        } else {
            format!("Junto do mutuante, {}: {}.", lender.name, ways.join("; "))
        },
        "No livro de reclamações, em qualquer balcão ou em www.livroreclamacoes.pt.".to_owned(),
        "Junto do Banco de Portugal, no Portal do Cliente Bancário: clientebancario.bportugal.pt."
            .to_owned(),
    ];
    if !fine.dispute_bodies.is_empty() {
        items.push(format!(
            "Por resolução alternativa de litígios, junto de: {}.",
            fine.dispute_bodies.join("; ")
        ));
    }
    doc.paragraph("Se quiser apresentar uma reclamação, pode fazê-lo:");
    doc.list(&items);
    doc.paragraph("O mutuante responde no prazo que a lei fixa. Se não ficar satisfeito com a resposta, pode dirigir-se às entidades acima indicadas.");
}

/// Section 13.
pub(super) fn default(doc: &mut Layout, fine: &Fine) {
    doc.heading(2, "13. Incumprimento dos compromissos associados ao empréstimo: consequências para o mutuário");
    doc.list(&[
        format!(
            "As prestações em atraso vencem juros de mora, à taxa do contrato acrescida de até {}, além da comissão pela recuperação de valores em dívida que a lei admite.",
            points(fine.default_surcharge)
        ),
        "O incumprimento é comunicado à Central de Responsabilidades de Crédito do Banco de Portugal, o que pode dificultar o acesso a novos créditos.".to_owned(),
        "Antes de recorrer aos tribunais, o mutuante deve acompanhar o risco de incumprimento (PARI) e propor-lhe soluções no procedimento extrajudicial de regularização (PERSI), previsto no Decreto-Lei n.º\u{a0}227/2012.".to_owned(),
    ]);
    doc.paragraph("Se tiver dificuldade em pagar as prestações, contacte-nos com a maior brevidade possível para procurarmos soluções.");
    doc.strong("Em último recurso, pode perder a sua casa se não pagar as prestações.");
}

/// Section 14.
pub(super) fn additional(doc: &mut Layout, fine: &Fine) {
    doc.heading(2, "14. Informações adicionais");
    doc.paragraph("Ao contrato aplica-se a lei portuguesa. O contrato e a informação que dele resulte são redigidos em português, língua em que comunicaremos consigo durante toda a sua duração.");
    doc.list(&fine.additional);
}

/// Section 15.
pub(super) fn supervisor(doc: &mut Layout, fine: &Fine) {
    doc.heading(2, "15. Supervisor");
    doc.paragraph(&format!(
        "O mutuante, {}, é supervisionado pelo Banco de Portugal, www.bportugal.pt.",
        fine.lender.name
    ));
    if let Some(intermediary) = &fine.intermediary {
        doc.paragraph(&format!(
            "O intermediário de crédito, {}, é também supervisionado pelo Banco de Portugal.",
            intermediary.name
        ));
    }
}
