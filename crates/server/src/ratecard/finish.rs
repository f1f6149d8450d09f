//! The end of a card: when every part is there, the page and then the manifest. With the manifest the
//! card is complete, and nothing of it changes any more.

use serde::{Deserialize, Serialize};

use super::header::{Header, json};
use super::part::{self, Entry};
use super::plan::Plan;
use super::sink::{Put, Sink};
use super::summary::Summary;
use super::{Trouble, page};

/// Its name.
pub(super) const MANIFEST: &str = "manifest.json";
/// The name of the page.
pub(super) const PAGE: &str = "index.html";

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) card: Header,
    /// Offers in all parts.
    pub(super) rows: u64,
    /// Rows priced, with and without an offer.
    pub(super) cells: u64,
    pub(super) bytes: u64,
    pub(super) zips: u64,
    pub(super) parts: Vec<Entry>,
    pub(super) summary: Summary,
}

/// The manifest of a finished card, if it is finished.
pub(super) async fn find(sink: &Sink) -> Result<Option<Manifest>, Trouble> {
    let Some(text) = sink.read(MANIFEST).await? else {
        return Ok(None);
    };
    let manifest = serde_json::from_slice(&text);
    manifest
        .map(Some)
        .map_err(|error| Trouble::Told(format!("{sink}: {MANIFEST} cannot be read: {error}")))
}

/// How far a card is after this process did its share.
pub(super) enum Finish {
    /// All parts are there, and so is the manifest.
    Complete(Box<Manifest>),
    /// This many parts are not there yet.
    Missing(usize),
}

/// Writes page and manifest if every part is there.
pub(super) async fn finish(sink: &Sink, header: &Header, plan: &Plan) -> Result<Finish, Trouble> {
    let mut entries = Vec::with_capacity(plan.parts.len());
    let mut summary = Summary::default();
    let mut missing = 0;
    for number in 0..plan.parts.len() {
        match part::read_record(sink, number).await? {
            Some(record) => {
                summary.merge(&record.summary);
                entries.push(record.entry);
            }
            None => missing += 1,
        }
    }
    if missing > 0 {
        return Ok(Finish::Missing(missing));
    }
    let sum = |of: fn(&Entry) -> u64| entries.iter().map(of).sum();
    let manifest = Manifest {
        card: header.clone(),
        rows: sum(|entry| entry.rows),
        cells: sum(|entry| entry.cells),
        bytes: sum(|entry| entry.bytes),
        zips: plan.places.len() as u64,
        parts: entries,
        summary,
    };
    for (name, bytes) in [
        (PAGE, page::render(&manifest).into_bytes()),
        (MANIFEST, json(&manifest)?),
    ] {
        if sink.put_if_absent(name, bytes).await? == (Put::AlreadyThere { same: false }) {
            return Err(Trouble::Told(format!(
                "{sink}: {name} is there and is not what this card says; remove it and run again"
            )));
        }
    }
    sink.sweep();
    Ok(Finish::Complete(Box::new(manifest)))
}
