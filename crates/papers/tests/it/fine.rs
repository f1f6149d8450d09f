//! The information sheet.

use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_papers::{
    Fine, Guarantee, LoanRate, PaperError, Phase, PhaseRate, Stage, Utilisation, fine, sample,
};

use crate::reader::Read;

fn read(sheet: &Fine) -> Read {
    Read::new(&fine(sheet).unwrap())
}

#[test]
fn the_same_context_gives_the_same_bytes() {
    let first = fine(&sample::fine(360, true)).unwrap();
    assert!(first == fine(&sample::fine(360, true)).unwrap());
    let mut other = sample::fine(360, true);
    other.number.push('4');
    assert!(first != fine(&other).unwrap());
}

#[test]
fn sections_stand_in_their_order() {
    let read = read(&sample::fine(360, true));
    assert_eq!(read.all("H1").len(), 1);
    let headings: Vec<&str> = read
        .all("H2")
        .iter()
        .map(|node| node.text.as_str())
        .collect();
    assert_eq!(headings.len(), 17);
    assert_eq!(headings[0], "Introdução");
    for (at, heading) in headings[1..16].iter().enumerate() {
        assert!(heading.starts_with(&format!("{}. ", at + 1)), "{heading}");
    }
    assert!(headings[16].starts_with("Anexo"));
    let text = read.text();
    let mut from = 0;
    for part in [
        "Ficha de Informação Normalizada Europeia",
        "Maria Fictícia da Conceição",
        "1. Mutuante",
        "180 000,00 € (euro)",
        "A TAEG aplicável ao seu empréstimo é de 3,6 %.",
        "3,037 %",
        "se o indexante subisse para 5,393 %",
        "Custos a pagar uma única vez",
        "1 620,80",
        "6. Montante de cada prestação",
        "1 102,33 €",
        "Ano 30 (349 a 360)",
        "50,00 € por 10 000,00 €",
        "Portal do Cliente Bancário",
        "15. Supervisor",
        "sem vendas associadas facultativas",
    ] {
        let found = text[from..]
            .find(part)
            .unwrap_or_else(|| panic!("{part} after {from}"));
        from += found;
    }
}

#[test]
fn the_file_says_what_it_is() {
    let bytes = fine(&sample::fine(120, false)).unwrap();
    let read = Read::new(&bytes);
    assert!(bytes.starts_with(b"%PDF-1.7\n"));
    for entry in [
        "/Lang(pt-PT)",
        "/Marked true",
        "/DisplayDocTitle true",
        "/Outlines ",
        "/OutputIntents[",
    ] {
        assert!(read.catalog.contains(entry), "{entry}");
    }
    let xmp = read
        .streams
        .values()
        .find(|(dict, _)| dict.contains("/Type/Metadata"));
    let xmp = String::from_utf8(xmp.unwrap().1.clone()).unwrap();
    for entry in [
        "<pdfuaid:part>1<",
        "<pdfaid:part>2<",
        "<pdfaid:conformance>A<",
        "FINE SIM-2026-000123",
        "2026-11-21T00:00:00Z",
    ] {
        assert!(xmp.contains(entry), "{entry}");
    }
    assert!(
        read.artifacts
            .contains(&format!("Página 1 de {}", read.pages.len()))
    );
    for page in &read.pages {
        assert!(read.objects[page].contains("/StructParents "));
    }
}

#[test]
fn tables_have_headers_and_even_rows() {
    let read = read(&sample::fine(360, true));
    let tables = read.all("Table");
    assert!(tables.len() > 8);
    for table in tables {
        let rows: Vec<_> = table.kids.iter().flat_map(|part| &part.kids).collect();
        let width = rows[0].kids.len();
        for row in &rows {
            assert_eq!((row.role.as_str(), row.kids.len()), ("TR", width));
        }
        if table.roles() == ["THead", "TBody"] {
            let scopes = rows[0].kids.iter().map(|cell| cell.scope.as_deref());
            assert!(scopes.eq(std::iter::repeat_n(Some("Column"), width)));
        } else {
            assert_eq!(table.roles(), ["TBody"]);
        }
        for row in &rows[rows.len() - 1..] {
            assert_eq!(row.kids[0].scope.as_deref(), Some("Row"));
            assert!(row.roles()[1..].iter().all(|role| *role == "TD"));
        }
    }
    let annex = read.all("Table").len() - 2;
    assert_eq!(read.all("Table")[annex].kids[1].kids.len(), 361);
    assert!(
        read.artifacts.matches("Prestação n.º").count() > 10,
        "headers are repeated"
    );
}

#[test]
fn the_short_table_sums_the_years() {
    let sheet = sample::fine(30, false);
    let read = read(&sheet);
    let tables = read.all("Table");
    let table = tables[tables.len() - 2];
    let rows: Vec<Vec<&str>> = table.kids[1]
        .kids
        .iter()
        .map(|row| row.kids.iter().map(|cell| cell.text.as_str()).collect())
        .collect();
    let names: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(
        names[..12],
        [
            "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"
        ]
    );
    assert_eq!(names[12..], ["Ano 2 (13 a 24)", "Ano 3 (25 a 30)", "Total"]);
    assert_eq!(rows[14][3], "180 000,00");
    assert_eq!(rows[14][5], "0,00");
    let mtic: i64 = sheet.chosen.rows.iter().map(|row| row.payment.get()).sum();
    assert_eq!(rows[14][1].replace([' ', ','], ""), mtic.to_string());
}

fn phase(first_month: u32, last_month: u32, variable: Option<&Phase>) -> Phase {
    Phase {
        first_month,
        last_month,
        rate: variable.map_or(PhaseRate::Fixed, |phase| phase.rate.clone()),
        tan: Pct::new(3_100_000_000),
        instalment: Cents::new(76_248),
    }
}

#[test]
fn every_variant_is_printed() {
    let mut sheet = sample::fine(480, true);
    let variable = sheet.chosen.phases[0].clone();
    for rate in [
        LoanRate::Fixed,
        LoanRate::Variable,
        LoanRate::Mixed { fixed_months: 60 },
    ] {
        for stage in [Stage::Simulation, Stage::Process, Stage::Approval] {
            sheet.loan.rate = rate;
            sheet.stage = stage;
            sheet.chosen.utilisation = Some(Utilisation {
                months: 12,
                highest_instalment: Cents::new(45_555),
            });
            sheet.chosen.phases = match rate {
                LoanRate::Fixed => vec![phase(1, 480, None)],
                LoanRate::Variable => vec![phase(1, 480, Some(&variable))],
                LoanRate::Mixed { .. } => vec![phase(1, 60, None), phase(61, 480, Some(&variable))],
            };
            let text = read(&sheet).text();
            let (kind, bound) = match rate {
                LoanRate::Fixed => ("Taxa fixa: não se altera", "Meses 1 a 480"),
                LoanRate::Variable => (
                    "Taxa variável, indexada à Euribor a 12 meses",
                    "Meses 1 a 480",
                ),
                LoanRate::Mixed { .. } => (
                    "Taxa mista: fixa durante os primeiros 60 meses (5 anos)",
                    "Meses 61 a 480",
                ),
            };
            assert!(text.contains(kind) && text.contains(bound));
            assert!(text.contains("480, das quais 12 só de juros"));
            assert_eq!(
                text.contains("não obriga o mutuante"),
                stage != Stage::Approval
            );
            assert_eq!(text.contains("fica vinculado"), stage == Stage::Approval);
            assert!(text.contains("dispõe de pelo menos 7 dias"));
            assert!(!text.contains("não pode aceitá-la"));
            assert_eq!(text.contains("Simulação n.º"), stage == Stage::Simulation);
            let negative = text.contains("Se a soma for negativa");
            assert_eq!(negative, rate != LoanRate::Fixed);
        }
    }
}

/// Cells of the table that begins with a heading.
fn table<'r>(read: &'r Read, heading: &str) -> Vec<Vec<&'r str>> {
    let tables = read.all("Table");
    let cells = |row: &&'r crate::reader::Node| -> Vec<&'r str> {
        row.kids.iter().map(|cell| cell.text.as_str()).collect()
    };
    let rows = tables.iter().map(|table| {
        let rows: Vec<_> = table.kids.iter().flat_map(|part| &part.kids).collect();
        rows.iter().map(cells).collect::<Vec<_>>()
    });
    let mut found = rows.filter(|rows| rows[0].contains(&heading));
    found.next().unwrap()
}

#[test]
fn months_of_utilisation_are_not_months_of_capital() {
    let mut sheet = sample::fine(360, true);
    sheet.loan.rate = LoanRate::Mixed { fixed_months: 36 };
    for (variant, only_interest) in [(Some(34_667), 34_667), (None, 42_667)] {
        let of = match variant {
            Some(_) => &mut sheet.chosen,
            None => sheet.other.as_mut().unwrap(),
        };
        let variable = of.phases[0].clone();
        of.utilisation = Some(Utilisation {
            months: 24,
            highest_instalment: Cents::new(only_interest),
        });
        let at = |phase: Phase, cents| Phase {
            instalment: Cents::new(cents),
            ..phase
        };
        of.phases = vec![
            at(phase(1, 24, None), only_interest),
            at(phase(25, 36, None), only_interest + 30_000),
            at(phase(37, 360, Some(&variable)), only_interest + 40_000),
        ];
    }
    let read = read(&sheet);
    let rows = table(&read, "O que se paga");
    let spans: Vec<&str> = rows.iter().skip(1).map(|row| row[0]).collect();
    assert_eq!(spans, ["Meses 1 a 24", "Meses 25 a 36", "Meses 37 a 360"]);
    let amounts: Vec<String> = rows.iter().map(|r| r[2].replace('\u{a0}', " ")).collect();
    assert_eq!(amounts[1..], ["346,67 €", "646,67 €", "746,67 €"]);
    // Rates do not change where utilisation ends.
    let rates = table(&read, "Indexante");
    let spans: Vec<&str> = rows_of(&rates);
    assert_eq!(spans, ["Meses 1 a 36", "Meses 37 a 360"]);
    let compared = table(&read, "Comparação");
    let first = compared
        .iter()
        .find(|row| row[0].starts_with("Primeira prestação"));
    let first: Vec<String> = first.unwrap()[1..]
        .iter()
        .map(|c| c.replace('\u{a0}', " "))
        .collect();
    assert_eq!(first, ["646,67 €", "726,67 €"]);
    let text = read.text().replace('\u{a0}', " ");
    assert!(text.contains("a primeira prestação de capital e juros seria de 726,67 €"));
}

fn rows_of<'r>(rows: &[Vec<&'r str>]) -> Vec<&'r str> {
    rows.iter().skip(1).map(|row| row[0]).collect()
}

#[test]
fn what_varies_is_assumed_or_guaranteed_is_said() {
    let mut sheet = sample::fine(360, false);
    sheet.chosen.recurring[0].over_term = Some(Cents::new(922_992));
    sheet.chosen.recurring[0].detail = "Depende da idade".to_owned();
    sheet.chosen.assumed_tan = Some(Pct::new(2_500_000_000));
    sheet.loan.guarantee = Some(Guarantee {
        amount: Cents::new(4_500_000),
        years: 10,
        is_assumed: true,
    });
    let text = read(&sheet).text().replace('\u{a0}', " ");
    for said in [
        "todos os meses; é o primeiro valor, varia ao longo do contrato e soma 9 229,92 € em todo o prazo. Depende da idade.",
        "se mantém a TAN de 2,500 %",
        "garantia pessoal do Estado até 45 000,00 €, durante 10 anos",
        "se se confirmarem os requisitos",
        "Montante total imputado ao consumidor (MTIC)",
    ] {
        assert!(text.contains(said), "{said}");
    }
    assert!(!text.contains("pressupõe que se mantêm"));
}

#[test]
fn a_sheet_without_options_is_whole() {
    let mut sheet = sample::fine(12, false);
    sheet.intermediary = None;
    sheet.borrowers.clear();
    sheet.obligations.clear();
    sheet.outside_taeg.clear();
    sheet.additional.clear();
    sheet.dispute_bodies.clear();
    sheet.chosen.one_off.clear();
    sheet.chosen.recurring.clear();
    sheet.chosen.illustrative = None;
    sheet.early_repayment.variable_fee = None;
    sheet.loan.property_value = None;
    sheet.loan.loan_to_value = None;
    sheet.loan.first_payment = None;
    let read = read(&sheet);
    assert_eq!(read.all("H2").len(), 17);
    let text = read.text();
    assert!(text.contains("preparado para o cliente"));
    assert!(text.contains("sem intervenção de um intermediário"));
    assert!(text.contains("não tem comissão"));
    assert!(!text.contains("vendas associadas facultativas"));
}

#[test]
fn impossible_contexts_are_refused() {
    let refused = |change: fn(&mut Fine)| {
        let mut sheet = sample::fine(24, true);
        change(&mut sheet);
        fine(&sheet).map(|bytes| bytes.len()).unwrap_err()
    };
    assert_eq!(
        refused(|sheet| sheet.chosen.rows.clear()),
        PaperError::Missing {
            what: "variant.rows"
        }
    );
    assert_eq!(
        refused(|sheet| sheet.chosen.rows.swap(3, 4)),
        PaperError::Figures {
            what: "variant.rows"
        }
    );
    assert_eq!(
        refused(|sheet| sheet.loan.amount = Cents::ZERO),
        PaperError::Figures {
            what: "loan.amount"
        }
    );
    assert_eq!(
        refused(|sheet| {
            for row in &mut sheet.chosen.rows {
                row.payment = Cents::MAX;
            }
        }),
        PaperError::Figures {
            what: "sums of variant.rows"
        }
    );
    assert_eq!(
        refused(|sheet| sheet.borrowers = vec!["x".to_owned(); 201]),
        PaperError::TooMany { what: "borrowers" }
    );
    assert_eq!(
        refused(|sheet| sheet.lender.name = " \n".to_owned()),
        PaperError::Missing {
            what: "lender.name"
        }
    );
    assert_eq!(
        refused(|sheet| sheet.additional = vec!["x".repeat(40_001)]),
        PaperError::TooLong { what: "additional" }
    );
    assert_eq!(
        refused(|sheet| sheet.additional = vec!["W".repeat(40_000); 14]),
        PaperError::TooManyPages
    );
}
