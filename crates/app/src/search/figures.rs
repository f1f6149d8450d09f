//! A digest of an answer's figures: equal digests mean that every figure is the same.

use lintel_pricing::catalogue::Catalogue;
use lintel_pricing::priced::{Priced, PricedProduct, PricedRow};
use ring::digest::{Context, SHA256};

use crate::catalogue::hex;

/// SHA-256 over everything a caller is shown of an answer but its explanations and remarks, whose
/// wording may improve.
pub(super) fn digest(catalogue: &Catalogue, priced: &Priced) -> String {
    let mut sum = Sum {
        context: Context::new(&SHA256),
        bytes: Vec::with_capacity(4096),
    };
    sum.count(priced.products.len());
    for product in &priced.products {
        let code = catalogue.products.get(product.product);
        sum.text(code.map_or("", |p| p.code.as_str()));
        add_product(&mut sum, product);
    }
    sum.flush();
    hex(sum.context.finish().as_ref())
}

fn add_product(sum: &mut Sum, product: &PricedProduct) {
    sum.maybe(product.index_value.map(|v| v.e9()));
    sum.maybe(product.margin.map(|v| v.e9()));
    sum.count(product.rows.len());
    for row in &product.rows {
        add_row(sum, row);
        sum.flush();
    }
}

fn add_row(sum: &mut Sum, row: &PricedRow) {
    sum.number(row.note_rate.e9());
    sum.number(i64::from(row.lock_days));
    for percent in [row.price, row.points, row.apr] {
        sum.number(percent.e9());
    }
    sum.number(row.points_amount.get());
    sum.number(row.principal.get());
    sum.maybe(row.is_hpml.map(i64::from));
    sum.count(row.fees.len());
    for fee in row.fees.iter() {
        sum.text(fee.name);
        sum.number(fee.amount.get());
        sum.text(fee.mismo_type);
        sum.text(fee.mismo_type_other.unwrap_or(""));
        sum.text(fee.section.as_str());
        sum.number(i64::from(fee.is_finance_charge));
    }
    let piti = &row.piti;
    for part in [
        piti.principal_and_interest,
        piti.property_taxes,
        piti.insurance,
        piti.mortgage_insurance,
    ] {
        sum.number(part.get());
    }
    sum.count(row.stream.len());
    for run in &row.stream {
        sum.number(i64::from(run.payments));
        sum.number(run.principal_and_interest.get());
        sum.number(run.mortgage_insurance.get());
        for part in [
            i64::from(run.starts.year()),
            i64::from(run.starts.month()),
            i64::from(run.starts.day()),
        ] {
            sum.number(part);
        }
    }
}

/// Bytes on their way into the digest. Texts carry their length, so no two answers read the same.
struct Sum {
    context: Context,
    bytes: Vec<u8>,
}

impl Sum {
    fn number(&mut self, value: i64) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    fn count(&mut self, value: usize) {
        self.bytes.extend_from_slice(&(value as u64).to_be_bytes());
    }

    fn maybe(&mut self, value: Option<i64>) {
        self.bytes.push(u8::from(value.is_some()));
        self.number(value.unwrap_or(0));
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn flush(&mut self) {
        self.context.update(&self.bytes);
        self.bytes.clear();
    }
}
