//! Section 4: the rate and the other costs.

use crate::context::{Fine, LoanRate, Variant};
use crate::figures::{euro, rate};
use crate::layout::Layout;
use crate::terms;

/// Section 4.
pub(super) fn costs(doc: &mut Layout, fine: &Fine) {
    let chosen = &fine.chosen;
    doc.heading(2, "4. Taxa de juro e outros custos");
    doc.paragraph("A taxa anual de encargos efetiva global (TAEG) é o custo total do empréstimo, expresso em percentagem anual. Serve para o ajudar a comparar diferentes propostas.");
    doc.strong(&format!(
        "A TAEG aplicável ao seu empréstimo é de {}.",
        rate(chosen.taeg, 1)
    ));
    doc.pairs(&[
        ("TAEG", rate(chosen.taeg, 1)),
        ("Custo total do crédito", euro(chosen.total_cost)),
        (
            "Montante total imputado ao consumidor (MTIC)",
            euro(chosen.mtic),
        ),
    ]);
    doc.paragraph("A TAEG inclui a taxa de juro e os custos que se seguem.");
    doc.heading(3, "Taxa de juro (TAN)");
    terms::rates(doc, chosen);
    rate_notes(doc, fine);
    illustrative(doc, chosen);
    if let Some((with, without)) = both(fine) {
        doc.heading(3, "Efeito das vendas associadas facultativas");
        terms::compare(doc, with, without);
    }
    if !chosen.one_off.is_empty() {
        doc.heading(3, "Custos a pagar uma única vez");
        terms::paid_once(doc, &chosen.one_off);
    }
    if !chosen.recurring.is_empty() {
        doc.heading(3, "Custos a pagar regularmente");
        terms::listed(doc, &chosen.recurring);
        doc.paragraph("Os prémios de seguro e as comissões podem ser atualizados ao longo do contrato, nas condições neste previstas. A TAEG foi calculada com as tarifas e as comissões em vigor nesta data, incluindo a variação dos prémios e dos impostos que já se conhece.");
    }
    if chosen.one_off.is_empty() && chosen.recurring.is_empty() {
        doc.paragraph("Além dos juros, não há outros custos incluídos na TAEG.");
    }
    if !fine.outside_taeg.is_empty() {
        doc.heading(3, "Custos não incluídos na TAEG");
        terms::listed(doc, &fine.outside_taeg);
    }
    doc.paragraph("Certifique-se de que tem conhecimento de todos os outros impostos e custos associados ao empréstimo e à compra do imóvel, como escrituras, registos e impostos sobre a transmissão.");
    doc.paragraph("A TAEG é calculada no pressuposto de que o contrato vigora pelo prazo acordado e de que ambas as partes cumprem as suas obrigações nas datas previstas.");
}

/// The variant with the products and the one without, where there are both.
pub(super) fn both(fine: &Fine) -> Option<(&Variant, &Variant)> {
    let other = fine.other.as_ref()?;
    Some(if fine.chosen.cross_selling {
        (&fine.chosen, other)
    } else {
        (other, &fine.chosen)
    })
}

fn rate_notes(doc: &mut Layout, fine: &Fine) {
    match fine.loan.rate {
        LoanRate::Fixed => {
            doc.paragraph("A taxa é fixa e não se altera até ao fim do contrato.");
        }
        LoanRate::Variable => {
            doc.paragraph("A taxa resulta da soma do indexante com o spread. O indexante é a média aritmética simples das cotações diárias do mês anterior a cada período de contagem de juros. Se a soma for negativa, é esse o valor que se aplica, nos termos da lei.");
        }
        LoanRate::Mixed { .. } => {
            doc.paragraph("Terminado o período de taxa fixa, a taxa passa a resultar da soma do indexante, média aritmética simples das cotações diárias do mês anterior a cada período de contagem de juros, com o spread. Se a soma for negativa, é esse o valor que se aplica, nos termos da lei. Nessa altura a prestação pode subir ou descer.");
        }
    }
    terms::assumption(doc, &fine.chosen);
}

fn illustrative(doc: &mut Layout, variant: &Variant) {
    let Some(scenario) = &variant.illustrative else {
        return;
    };
    doc.heading(3, "TAEG ilustrativa");
    doc.strong(&format!(
        "A TAEG de {} foi calculada com base em pressupostos sobre a taxa de juro. Como parte ou a totalidade do empréstimo tem taxa variável, a TAEG efetiva pode ser diferente se a taxa de juro mudar.",
        rate(variant.taeg, 1)
    ));
    doc.strong(&format!(
        "Por exemplo, se o indexante subisse para {}, o valor mais elevado dos últimos 20 anos, a TAN seria de {} e a TAEG de {}.",
        rate(scenario.highest_index, 3),
        rate(scenario.tan, 3),
        rate(scenario.taeg, 1)
    ));
}
