//! Section 7 and the annex: what is repaid when.

use lintel_engine::money::Cents;

use crate::context::{Fine, LoanRate, Row, Variant};
use crate::error::PaperError;
use crate::figures::{euro, plain};
use crate::layout::{Layout, Line};
use crate::terms;

/// Section 7: each instalment of the first year, the sums of the years after it, the sum of all.
pub(super) fn short(doc: &mut Layout, fine: &Fine) -> Result<(), PaperError> {
    doc.heading(2, "7. Quadro de reembolso ilustrativo");
    doc.paragraph("O quadro mostra o montante a pagar em cada mês do primeiro ano e, depois, em cada ano. O montante a pagar é a soma dos juros, do capital reembolsado e dos outros custos. O capital em dívida é o que fica por reembolsar depois de cada pagamento. O quadro completo, mês a mês, está em anexo.");
    if fine.loan.rate != LoanRate::Fixed {
        doc.strong("Como a taxa pode variar, os valores do quadro são ilustrativos.");
    }
    at_contract(doc, &fine.chosen);
    let rows = &fine.chosen.rows;
    let first = rows.iter().take_while(|row| row.month <= 12).count();
    let (first, later) = rows.split_at(first);
    let mut lines: Vec<Line> = monthly(first);
    // Years of the contract, not of the calendar: month 13 begins the second.
    for year in later.chunk_by(|a, b| year_of(a) == year_of(b)) {
        if let (Some(first), Some(last)) = (year.first(), year.last()) {
            let name = format!("Ano {} ({} a {})", year_of(first), first.month, last.month);
            lines.push(line(name, &sum(year)?, false));
        }
    }
    lines.push(line("Total".to_owned(), &sum(rows)?, true));
    terms::repayment(doc, lines, terms::TABLE);
    Ok(())
}

/// The annex: each month, of both variants where there are two.
pub(super) fn full(doc: &mut Layout, fine: &Fine) -> Result<(), PaperError> {
    doc.page_break();
    doc.heading(2, "Anexo: quadro de reembolso mês a mês");
    every_month(doc, &fine.chosen, fine.other.is_some())?;
    if let Some(other) = &fine.other {
        doc.page_break();
        every_month(doc, other, true)?;
    }
    Ok(())
}

fn every_month(doc: &mut Layout, variant: &Variant, named: bool) -> Result<(), PaperError> {
    if named {
        doc.heading(3, &format!("Empréstimo {}", terms::name_of(variant)));
    }
    at_contract(doc, variant);
    let mut lines: Vec<Line> = monthly(&variant.rows);
    lines.push(line("Total".to_owned(), &sum(&variant.rows)?, true));
    terms::repayment(doc, lines, 7_500);
    Ok(())
}

/// What is paid before the first instalment.
fn at_contract(doc: &mut Layout, variant: &Variant) {
    if let Some(row) = variant.rows.first().filter(|row| row.month == 0) {
        doc.paragraph(&format!(
            "Na celebração do contrato paga {} de outros custos, que estão incluídos no total do quadro.",
            euro(row.payment)
        ));
    }
}

fn monthly(rows: &[Row]) -> Vec<Line> {
    rows.iter()
        .filter(|row| row.month > 0)
        .map(|row| line(row.month.to_string(), row, false))
        .collect()
}

fn line(name: String, row: &Row, strong: bool) -> Line {
    Line {
        cells: vec![
            name,
            plain(row.payment),
            plain(row.interest),
            plain(row.capital),
            plain(row.other_costs),
            plain(row.remaining),
        ],
        strong,
    }
}

/// Months 1 to 12 are year 1.
const fn year_of(row: &Row) -> u32 {
    row.month.saturating_sub(1) / 12 + 1
}

fn sum(rows: &[Row]) -> Result<Row, PaperError> {
    let of = |figure: fn(&Row) -> Cents| {
        Cents::try_sum(rows.iter().map(figure)).map_err(|_| PaperError::Figures {
            what: "sums of variant.rows",
        })
    };
    Ok(Row {
        month: 0,
        payment: of(|row| row.payment)?,
        interest: of(|row| row.interest)?,
        capital: of(|row| row.capital)?,
        other_costs: of(|row| row.other_costs)?,
        remaining: rows.last().map_or(Cents::ZERO, |row| row.remaining),
    })
}
