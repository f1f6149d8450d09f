//! A lender's catalogue of products.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::loan::Program;
use lintel_domain::product::{ArmFeatures, ArmIndex, Product, ProductTerms, RateKind};

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, pct, row_id};
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO product (org_id, id, public_id, code, name, program, \
     term_months, amortization_months, interest_only_months, lender_paid_mi, arm_index, \
     arm_index_value_pct_e9, arm_margin_pct_e9, arm_first_adjustment_months, arm_first_cap_pct_e9, \
     arm_adjustment_months, arm_periodic_cap_pct_e9, arm_lifetime_cap_pct_e9, created_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
     ON CONFLICT DO NOTHING";
pub(crate) const LIST: &str = "SELECT id, public_id, code, name, program, term_months, \
     amortization_months, interest_only_months, lender_paid_mi, arm_index, arm_index_value_pct_e9, \
     arm_margin_pct_e9, arm_first_adjustment_months, arm_first_cap_pct_e9, arm_adjustment_months, \
     arm_periodic_cap_pct_e9, arm_lifetime_cap_pct_e9 FROM product WHERE org_id = $1 \
     ORDER BY code, id LIMIT 10000";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    public_id: String,
    code: String,
    name: String,
    program: String,
    term_months: i64,
    amortization_months: i64,
    interest_only_months: i64,
    lender_paid_mi: bool,
    arm_index: Option<String>,
    arm_index_value_pct_e9: Option<i64>,
    arm_margin_pct_e9: Option<i64>,
    arm_first_adjustment_months: Option<i64>,
    arm_first_cap_pct_e9: Option<i64>,
    arm_adjustment_months: Option<i64>,
    arm_periodic_cap_pct_e9: Option<i64>,
    arm_lifetime_cap_pct_e9: Option<i64>,
}

impl Row {
    fn rate_kind(&self, at: &At<'_>) -> Result<RateKind, Fault> {
        let Some(index) = at.maybe_word("arm_index", self.arm_index.as_deref(), ArmIndex::parse)?
        else {
            return Ok(RateKind::Fixed);
        };
        let months = |column, value: Option<i64>| at.count(column, at.need(column, value)?);
        let points = |column, value: Option<i64>| at.need(column, value).map(pct);
        Ok(RateKind::Adjustable(ArmFeatures {
            index,
            margin: points("arm_margin_pct_e9", self.arm_margin_pct_e9)?,
            first_adjustment_months: months(
                "arm_first_adjustment_months",
                self.arm_first_adjustment_months,
            )?,
            first_cap: points("arm_first_cap_pct_e9", self.arm_first_cap_pct_e9)?,
            adjustment_months: months("arm_adjustment_months", self.arm_adjustment_months)?,
            periodic_cap: points("arm_periodic_cap_pct_e9", self.arm_periodic_cap_pct_e9)?,
            lifetime_cap: points("arm_lifetime_cap_pct_e9", self.arm_lifetime_cap_pct_e9)?,
        }))
    }

    fn read(self) -> Result<Product, Fault> {
        let at = At {
            table: "product",
            id: &self.id,
        };
        let terms = ProductTerms {
            program: at.word("program", &self.program, Program::parse)?,
            term_months: at.count("term_months", self.term_months)?,
            amortization_months: at.count("amortization_months", self.amortization_months)?,
            interest_only_months: at.count("interest_only_months", self.interest_only_months)?,
            lender_paid_mi: self.lender_paid_mi,
            rate_kind: self.rate_kind(&at)?,
        };
        Ok(Product {
            public_id: at.public_id(&self.public_id)?,
            code: self.code,
            name: self.name,
            terms,
            index_value: self.arm_index_value_pct_e9.map(pct),
            id: row_id(self.id),
        })
    }
}

/// Adds a product; `false` when its code or public id is taken.
///
/// # Errors
/// Any fault of the database.
pub async fn insert_in(
    tx: &mut Tx,
    org_id: &RowId,
    product: &Product,
    now: Instant,
) -> Result<bool, Fault> {
    let terms = &product.terms;
    let arm = match &terms.rate_kind {
        RateKind::Fixed => None,
        RateKind::Adjustable(arm) => Some(arm),
    };
    let args = vals![
        org_id.as_str(),
        product.id.as_str(),
        product.public_id.as_str(),
        &product.code,
        &product.name,
        terms.program.as_str(),
        terms.term_months,
        terms.amortization_months,
        terms.interest_only_months,
        terms.lender_paid_mi,
        arm.map(|a| a.index.as_str()),
        product.index_value.map(|v| v.e9()),
        arm.map(|a| a.margin.e9()),
        arm.map(|a| i64::from(a.first_adjustment_months)),
        arm.map(|a| a.first_cap.e9()),
        arm.map(|a| i64::from(a.adjustment_months)),
        arm.map(|a| a.periodic_cap.e9()),
        arm.map(|a| a.lifetime_cap.e9()),
        now.micros(),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// A lender's products, by code.
///
/// # Errors
/// Any fault of the database.
pub async fn list(db: &Db, org_id: &RowId) -> Result<Vec<Product>, Fault> {
    let rows: Vec<Row> = db.all(LIST, vals![org_id.as_str()]).await?;
    rows.into_iter().map(Row::read).collect()
}
