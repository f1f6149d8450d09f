//! Writing sheets' new versions in a transaction that may write more than sheets.

use lintel_domain::event::EventKind;
use lintel_domain::id::Instant;
use lintel_domain::organisation::Organisation;
use lintel_engine::rate::Pct;
use lintel_pricing::catalogue::Sheet;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::product::RegisteredProduct;
use lintel_store::sheet::{self, StoredSheet};
use ring::digest::{SHA256, digest};

use super::SheetUpdated;
use crate::catalogue::hex;
use crate::context::App;

/// A change of prices whose number is taken.
pub(crate) struct Replacing<'a> {
    pub(crate) app: &'a App,
    pub(crate) org: &'a Organisation,
    /// The number of the change, and of every version it writes.
    pub(crate) generation: i64,
    pub(crate) effective_at: Instant,
    pub(crate) actor: &'a str,
    /// Where the sheets come from.
    pub(crate) source: &'a str,
}

impl Replacing<'_> {
    /// Writes a product's sheet, unless the one that is in force then is the same; also returns that
    /// one.
    pub(crate) async fn replace_in(
        &self,
        tx: &mut Tx,
        product: &RegisteredProduct,
        new: &Sheet,
        body: &str,
    ) -> Result<(SheetUpdated, Option<StoredSheet>), Fault> {
        let (org_id, generation) = (&self.org.id, self.generation);
        let at = self.effective_at;
        let before = sheet::in_force_of_in(tx, org_id, &product.id, generation, at).await?;
        let kept = |of: fn(&StoredSheet) -> Option<Pct>| before.as_ref().and_then(of);
        let index = new.index.or_else(|| kept(|s| s.index));
        let margin = new.margin.or_else(|| kept(|s| s.margin));
        let digest = sheet_digest(body, index, margin);
        let same = before.as_ref().filter(|sheet| sheet.digest == digest);
        let updated = SheetUpdated {
            public_id: product.public_id.clone(),
            code: product.code.clone(),
            version: same.map_or(generation, |sheet| sheet.version),
            index,
            margin,
            is_changed: same.is_none(),
        };
        if updated.is_changed {
            let stored = StoredSheet {
                product_id: product.id.clone(),
                code: product.code.clone(),
                version: generation,
                effective_at: at,
                created_at: self.app.now(),
                actor: self.actor.to_owned(),
                source: self.source.to_owned(),
                index,
                margin,
                body: body.to_owned(),
                digest,
            };
            sheet::insert_in(tx, org_id, &stored).await?;
        }
        Ok((updated, before))
    }

    /// Records which sheets changed; `false` when none did, and then there is nothing to record.
    pub(crate) async fn record_in(
        &self,
        tx: &mut Tx,
        updated: impl Iterator<Item = &SheetUpdated>,
    ) -> Result<bool, Fault> {
        let changed = updated.filter(|one| one.is_changed);
        let changed: Vec<&str> = changed.map(|one| one.code.as_str()).collect();
        if changed.is_empty() {
            return Ok(false);
        }
        let body = serde_json::json!({
            "version": self.generation,
            "effectiveAtUs": self.effective_at.micros(),
            "source": self.source,
            "products": changed,
        });
        let event = NewEvent {
            org_id: &self.org.id,
            at: self.app.now(),
            actor: self.actor,
            kind: EventKind::RatesUpdated,
            subject: self.org.id.as_str(),
            body: &body.to_string(),
        };
        record_in(tx, &event).await?;
        Ok(true)
    }
}

fn sheet_digest(body: &str, index: Option<Pct>, margin: Option<Pct>) -> String {
    let text = format!("{:?} {:?}\n{body}", index.map(Pct::e9), margin.map(Pct::e9));
    hex(digest(&SHA256, text.as_bytes()).as_ref())
}
