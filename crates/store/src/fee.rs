//! A lender's fee templates.

use lintel_domain::fee::{FeeBasis, FeeTemplate, FinanceChargeRule, LeSection};
use lintel_domain::id::{Instant, RowId};
use lintel_domain::loan::{Program, Purpose};

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, cents, pct, row_id};
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO fee_template (org_id, id, position, name, \
     mismo_type, mismo_type_other, le_section, basis, amount_cents, percent_pct_e9, interest_days, \
     finance_charge, program, purpose, state, min_loan_cents, max_loan_cents, effective_from, \
     effective_to, created_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
     $14, $15, $16, $17, $18, $19, $20) ON CONFLICT DO NOTHING";
pub(crate) const LIST: &str = "SELECT id, position, name, mismo_type, mismo_type_other, \
     le_section, basis, amount_cents, percent_pct_e9, interest_days, finance_charge, program, \
     purpose, state, min_loan_cents, max_loan_cents, effective_from, effective_to \
     FROM fee_template WHERE org_id = $1 ORDER BY position, id LIMIT 10000";

const FLAT: &str = "flat";
const PERCENT: &str = "percent_of_loan";
const INTEREST: &str = "interest_days";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    position: i64,
    name: String,
    mismo_type: String,
    mismo_type_other: Option<String>,
    le_section: String,
    basis: String,
    amount_cents: Option<i64>,
    percent_pct_e9: Option<i64>,
    interest_days: Option<i64>,
    finance_charge: String,
    program: Option<String>,
    purpose: Option<String>,
    state: Option<String>,
    min_loan_cents: Option<i64>,
    max_loan_cents: Option<i64>,
    effective_from: String,
    effective_to: Option<String>,
}

impl Row {
    fn basis(&self, at: &At<'_>) -> Result<FeeBasis, Fault> {
        match self.basis.as_str() {
            FLAT => Ok(FeeBasis::Flat(cents(
                at.need("amount_cents", self.amount_cents)?,
            ))),
            PERCENT => Ok(FeeBasis::PercentOfLoan(pct(
                at.need("percent_pct_e9", self.percent_pct_e9)?
            ))),
            INTEREST => {
                let days = at.need("interest_days", self.interest_days)?;
                Ok(FeeBasis::InterestDays(at.count("interest_days", days)?))
            }
            _ => Err(Fault::corrupt(at.table, "basis", at.id)),
        }
    }

    fn read(self) -> Result<FeeTemplate, Fault> {
        let at = At {
            table: "fee_template",
            id: &self.id,
        };
        Ok(FeeTemplate {
            basis: self.basis(&at)?,
            section: at.word("le_section", &self.le_section, LeSection::parse)?,
            finance_charge: at.word(
                "finance_charge",
                &self.finance_charge,
                FinanceChargeRule::parse,
            )?,
            program: at.maybe_word("program", self.program.as_deref(), Program::parse)?,
            purpose: at.maybe_word("purpose", self.purpose.as_deref(), Purpose::parse)?,
            effective_from: at.date("effective_from", &self.effective_from)?,
            effective_to: self
                .effective_to
                .as_deref()
                .map(|d| at.date("effective_to", d))
                .transpose()?,
            position: self.position,
            name: self.name,
            mismo_type: self.mismo_type,
            mismo_type_other: self.mismo_type_other,
            state: self.state,
            min_loan: self.min_loan_cents.map(cents),
            max_loan: self.max_loan_cents.map(cents),
            id: row_id(self.id),
        })
    }
}

/// Adds a template; `false` when its id is taken.
///
/// # Errors
/// Any fault of the database.
pub async fn insert_in(
    tx: &mut Tx,
    org_id: &RowId,
    fee: &FeeTemplate,
    now: Instant,
) -> Result<bool, Fault> {
    let (basis, amount, percent, days) = match fee.basis {
        FeeBasis::Flat(amount) => (FLAT, Some(amount.get()), None, None),
        FeeBasis::PercentOfLoan(percent) => (PERCENT, None, Some(percent.e9()), None),
        FeeBasis::InterestDays(days) => (INTEREST, None, None, Some(i64::from(days))),
    };
    let args = vals![
        org_id.as_str(),
        fee.id.as_str(),
        fee.position,
        &fee.name,
        &fee.mismo_type,
        fee.mismo_type_other.clone(),
        fee.section.as_str(),
        basis,
        amount,
        percent,
        days,
        fee.finance_charge.as_str(),
        fee.program.map(Program::as_str),
        fee.purpose.map(Purpose::as_str),
        fee.state.clone(),
        fee.min_loan.map(|m| m.get()),
        fee.max_loan.map(|m| m.get()),
        fee.effective_from.to_string(),
        fee.effective_to.map(|d| d.to_string()),
        now.micros(),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// A lender's templates in the order they are shown.
///
/// # Errors
/// Any fault of the database.
pub async fn list(db: &Db, org_id: &RowId) -> Result<Vec<FeeTemplate>, Fault> {
    let rows: Vec<Row> = db.all(LIST, vals![org_id.as_str()]).await?;
    rows.into_iter().map(Row::read).collect()
}
