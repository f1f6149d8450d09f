//! Pieces of text and tables that the sheet and the letter share.

use lintel_engine::money::Cents;

use crate::context::{
    Cost, CostTiming, IndexUsed, Lender, Loan, LoanRate, Phase, PhaseRate, Variant,
};
use crate::figures::{euro, month, months, plain, rate};
use crate::layout::{Column, Layout, Line, Table};

/// Size of the text in tables.
pub(crate) const TABLE: i64 = 8_500;

/// The lender's particulars.
pub(crate) fn lender(doc: &mut Layout, lender: &Lender) {
    doc.pairs(&[
        ("Denominação", lender.name.clone()),
        ("Endereço", lender.address.clone()),
        ("Telefone", lender.phone.clone()),
        ("Correio eletrónico", lender.email.clone()),
        ("Sítio na Internet", lender.website.clone()),
        ("Registo no Banco de Portugal", lender.registration.clone()),
    ]);
}

/// The index of a variant's variable phase.
pub(crate) fn index(variant: &Variant) -> Option<&IndexUsed> {
    variant.phases.iter().find_map(|phase| match &phase.rate {
        PhaseRate::Variable { index, .. } => Some(index),
        PhaseRate::Fixed => None,
    })
}

/// The kind of rate in a sentence.
pub(crate) fn kind_of_rate(loan: &Loan, variant: &Variant) -> String {
    let rhythm = index(variant).map_or_else(String::new, |index| {
        format!(
            ", indexada à {}, revista {}",
            index.name,
            every(index.reset_months)
        )
    });
    match loan.rate {
        LoanRate::Fixed => {
            "Taxa fixa: não se altera durante todo o prazo do empréstimo.".to_owned()
        }
        LoanRate::Variable => format!("Taxa variável{rhythm}."),
        LoanRate::Mixed { fixed_months } => format!(
            "Taxa mista: fixa durante os primeiros {}; depois, taxa variável{rhythm}.",
            months(fixed_months)
        ),
    }
}

fn span(first: u32, last: u32) -> String {
    if first == last {
        format!("Mês {first}")
    } else {
        format!("Meses {first} a {last}")
    }
}

/// Months in which only interest is paid.
fn idle(variant: &Variant) -> u32 {
    variant.utilisation.map_or(0, |first| first.months)
}

/// The phases in which capital is repaid.
fn repaying(variant: &Variant) -> impl Iterator<Item = &Phase> {
    let idle = idle(variant);
    let phases = variant.phases.iter();
    phases.filter(move |phase| phase.last_month > idle)
}

/// The first instalment of capital and interest.
pub(crate) fn first_instalment(variant: &Variant) -> Option<Cents> {
    repaying(variant).next().map(|phase| phase.instalment)
}

/// What TAEG and table assume where the contract's rate would be lower.
pub(crate) fn assumption(doc: &mut Layout, variant: &Variant) {
    if let Some(tan) = variant.assumed_tan {
        doc.paragraph(&format!(
            "A TAEG, o montante total imputado e o quadro de reembolso pressupõem que, terminado o período de taxa fixa, se mantém a TAN de {}, por ser mais alta do que a soma do valor atual do indexante com o spread.",
            rate(tan, 3)
        ));
    }
}

/// The State's guarantee in a sentence; empty without one.
pub(crate) fn security(loan: &Loan) -> String {
    let Some(guarantee) = loan.guarantee else {
        return loan.security.clone();
    };
    let condition = if guarantee.is_assumed {
        ", se se confirmarem os requisitos que a lei exige"
    } else {
        ""
    };
    format!(
        "{}; garantia pessoal do Estado até {}, durante {} anos (Decreto-Lei n.º\u{a0}44/2024){condition}",
        loan.security.trim().trim_end_matches('.'),
        euro(guarantee.amount),
        guarantee.years
    )
}

/// Stretches of months at one rate: a change between utilisation and repayment is none of rates.
fn stretches(variant: &Variant) -> Vec<(u32, u32, &Phase)> {
    let mut all: Vec<(u32, u32, &Phase)> = Vec::new();
    for phase in &variant.phases {
        match all.last_mut() {
            Some((_, last, same)) if same.rate == phase.rate && same.tan == phase.tan => {
                *last = phase.last_month;
            }
            Some(_) | None => all.push((phase.first_month, phase.last_month, phase)),
        }
    }
    all
}

/// The rates of a variant, phase by phase.
pub(crate) fn rates(doc: &mut Layout, variant: &Variant) {
    const COLUMNS: [Column; 5] = [
        Column::left("Período", 20),
        Column::left("Taxa", 38),
        Column::right("Indexante", 14),
        Column::right("Spread", 14),
        Column::right("TAN", 14),
    ];
    let lines = stretches(variant)
        .into_iter()
        .map(|(first, last, phase)| {
            let (kind, index, spread) = match &phase.rate {
                PhaseRate::Fixed => ("Fixa".to_owned(), "–".to_owned(), "–".to_owned()),
                PhaseRate::Variable { index, spread } => (
                    format!("Variável: {}, média de {}", index.name, month(index.month)),
                    rate(index.value, 3),
                    rate(*spread, 3),
                ),
            };
            Line {
                cells: vec![span(first, last), kind, index, spread, rate(phase.tan, 3)],
                strong: false,
            }
        })
        .collect();
    doc.table(&Table {
        columns: &COLUMNS,
        lines,
        size: TABLE,
    });
}

/// The instalments of a variant, phase by phase.
pub(crate) fn instalments(doc: &mut Layout, variant: &Variant) {
    const COLUMNS: [Column; 3] = [
        Column::left("Período", 30),
        Column::left("O que se paga", 45),
        Column::right("Prestação mensal", 25),
    ];
    let utilisation = variant.utilisation.map(|utilisation| Line {
        cells: vec![
            span(1, utilisation.months),
            "Utilização: só juros do capital utilizado (valor máximo)".to_owned(),
            euro(utilisation.highest_instalment),
        ],
        strong: false,
    });
    let idle = idle(variant);
    let phases = repaying(variant).map(|phase| Line {
        cells: vec![
            span(
                phase.first_month.max(idle.saturating_add(1)),
                phase.last_month,
            ),
            match phase.rate {
                PhaseRate::Fixed => "Capital e juros, à taxa fixa".to_owned(),
                PhaseRate::Variable { .. } => {
                    "Capital e juros, à taxa variável, com o valor atual do indexante".to_owned()
                }
            },
            euro(phase.instalment),
        ],
        strong: false,
    });
    doc.table(&Table {
        columns: &COLUMNS,
        lines: utilisation.into_iter().chain(phases).collect(),
        size: TABLE,
    });
}

/// Costs paid once, with their sum. Nothing for none.
pub(crate) fn paid_once(doc: &mut Layout, costs: &[Cost]) {
    const COLUMNS: [Column; 4] = [
        Column::left("Custo", 40),
        Column::left("Quando se paga", 26),
        Column::right("Imposto (€)", 18),
        Column::right("Montante (€)", 16),
    ];
    let mut lines: Vec<Line> = costs
        .iter()
        .map(|cost| Line {
            cells: vec![
                cost.name.clone(),
                timing(cost.timing),
                plain(cost.tax),
                plain(cost.amount),
            ],
            strong: false,
        })
        .collect();
    let total = |of: fn(&Cost) -> Cents| Cents::try_sum(costs.iter().map(of)).ok();
    if let (2.., Some(tax), Some(amount)) = (
        costs.len(),
        total(|cost| cost.tax),
        total(|cost| cost.amount),
    ) {
        lines.push(Line {
            cells: vec![
                "Total".to_owned(),
                "Uma única vez".to_owned(),
                plain(tax),
                plain(amount),
            ],
            strong: true,
        });
    }
    doc.table(&Table {
        columns: &COLUMNS,
        lines,
        size: TABLE,
    });
}

/// Costs as a list. Not a table: text readers take two tables one below the other for one, and put
/// the heading between them somewhere else.
pub(crate) fn listed(doc: &mut Layout, costs: &[Cost]) {
    let items: Vec<String> = costs
        .iter()
        .map(|cost| {
            let tax = if cost.tax.is_zero() {
                String::new()
            } else {
                format!(", com imposto de {}", euro(cost.tax))
            };
            let mut when = timing(cost.timing);
            if let Some(first) = when.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            let mut item = format!("{}: {}{tax}, {when}", cost.name.trim(), euro(cost.amount));
            if let Some(total) = cost.over_term {
                item.push_str(&format!(
                    "; é o primeiro valor, varia ao longo do contrato e soma {} em todo o prazo",
                    euro(total)
                ));
            }
            item.push('.');
            let detail = cost.detail.trim().trim_end_matches('.');
            if !detail.is_empty() {
                item.push_str(&format!(" {detail}."));
            }
            item
        })
        .collect();
    doc.list(&items);
}

fn timing(timing: CostTiming) -> String {
    match timing {
        CostTiming::AtContract => "Uma vez, até à celebração".to_owned(),
        CostTiming::AtEnd => "Uma vez, no fim".to_owned(),
        CostTiming::Monthly | CostTiming::EveryMonths(1) => "Todos os meses".to_owned(),
        CostTiming::EveryMonths(12) => "Todos os anos".to_owned(),
        CostTiming::EveryMonths(count) => format!("A cada {count} meses"),
    }
}

fn every(months: u32) -> String {
    if months == 1 {
        "todos os meses".to_owned()
    } else {
        format!("a cada {months} meses")
    }
}

/// Name of a variant.
pub(crate) const fn name_of(variant: &Variant) -> &'static str {
    if variant.cross_selling {
        "com vendas associadas facultativas"
    } else {
        "sem vendas associadas facultativas"
    }
}

/// Both variants side by side.
pub(crate) fn compare(doc: &mut Layout, with: &Variant, without: &Variant) {
    const COLUMNS: [Column; 3] = [
        Column::left("Comparação", 40),
        Column::left("Com vendas associadas", 30),
        Column::left("Sem vendas associadas", 30),
    ];
    let mut lines = Vec::new();
    let mut line = |name: &str, of: &dyn Fn(&Variant) -> Option<String>| {
        if let (Some(with), Some(without)) = (of(with), of(without)) {
            lines.push(Line {
                cells: vec![name.to_owned(), with, without],
                strong: false,
            });
        }
    };
    line("Spread", &|variant| {
        variant.phases.iter().find_map(|phase| match &phase.rate {
            PhaseRate::Variable { spread, .. } => Some(rate(*spread, 3)),
            PhaseRate::Fixed => None,
        })
    });
    line("TAN inicial", &|variant| {
        variant.phases.first().map(|phase| rate(phase.tan, 3))
    });
    line("Prestação de juros durante a utilização", &|variant| {
        variant.utilisation.map(|u| euro(u.highest_instalment))
    });
    line("Primeira prestação de capital e juros", &|variant| {
        first_instalment(variant).map(euro)
    });
    line("Taxa anual de encargos efetiva global (TAEG)", &|variant| {
        Some(rate(variant.taeg, 1))
    });
    line("Custo total do crédito", &|variant| {
        Some(euro(variant.total_cost))
    });
    line("Montante total imputado ao consumidor (MTIC)", &|variant| {
        Some(euro(variant.mtic))
    });
    doc.table(&Table {
        columns: &COLUMNS,
        lines,
        size: TABLE,
    });
}

/// The repayment table: each month, or the months of the first year and the years after it.
pub(crate) fn repayment(doc: &mut Layout, lines: Vec<Line>, size: i64) {
    const COLUMNS: [Column; 6] = [
        Column::left("Prestação n.º", 19),
        Column::right("A pagar (€)", 16),
        Column::right("Juros (€)", 14),
        Column::right("Capital (€)", 15),
        Column::right("Outros custos (€)", 17),
        Column::right("Em dívida (€)", 19),
    ];
    doc.table(&Table {
        columns: &COLUMNS,
        lines,
        size,
    });
}
