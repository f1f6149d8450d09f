//! One part: priced, encoded, written once, and recorded.
//!
//! The record beside it (`summaries/part-00000.json`) is written after the part. A part with a record
//! that fits is finished, and whoever comes across it goes on to the next.

use lintel_pricing::card::Columns;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::header::{Header, json};
use super::plan::{Group, Plan};
use super::rows::{self, Rows};
use super::sink::{Put, Sink};
use super::spec::Format;
use super::summary::Summary;
use super::{Trouble, csv};

/// The folder of the records.
pub(super) const SUMMARIES: &str = "summaries";

/// What is known of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    #[serde(rename = "part")]
    pub(super) entry: Entry,
    pub(super) summary: Summary,
}

/// A part as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) bytes: u64,
    /// Offers.
    pub(super) rows: u64,
    /// Rows priced, with and without an offer.
    pub(super) cells: u64,
    pub(super) product: String,
    pub(super) purpose: String,
    pub(super) first_zip: String,
    pub(super) last_zip: String,
}

/// The name of a part.
pub(super) fn name(part: usize, format: Format) -> String {
    format!("part-{part:05}.{}", format.ending())
}

/// The name of a part's record.
pub(super) fn record_name(part: usize) -> String {
    format!("{SUMMARIES}/part-{part:05}.json")
}

/// Lower-case hexadecimal SHA-256.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let hash = digest(&SHA256, bytes);
    hash.as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Prices and encodes a part. The same plan gives the same bytes, on any machine.
pub(super) fn make(
    header: &Header,
    plan: &Plan,
    part: usize,
    memory: &mut Vec<Columns>,
) -> Result<(Vec<u8>, Record), Trouble> {
    let lost = || Trouble::told("the part is not one of the plan");
    let piece = plan.parts.get(part).ok_or_else(lost)?;
    let group = plan.groups.get(piece.group).ok_or_else(lost)?;
    let (rows, summary) = rows::price(plan, piece, memory)?;
    let bytes = match header.spec.format {
        Format::Csv => csv::encode(plan, group, &rows),
        Format::Parquet => parquet(header, plan, group, &rows)?,
    };
    let zip = |place: usize| plan.zips.get(place).cloned().unwrap_or_default();
    let entry = Entry {
        name: name(part, header.spec.format),
        sha256: sha256(&bytes),
        bytes: bytes.len() as u64,
        rows: rows.len() as u64,
        cells: plan.cells(part),
        product: group.product.clone(),
        purpose: group.purpose.as_str().to_owned(),
        first_zip: zip(piece.places.start),
        last_zip: zip(piece.places.end.saturating_sub(1)),
    };
    Ok((bytes, Record { entry, summary }))
}

#[cfg(feature = "export")]
fn parquet(header: &Header, plan: &Plan, group: &Group, rows: &Rows) -> Result<Vec<u8>, Trouble> {
    super::parquet::encode(header, plan, group, rows)
}

#[cfg(not(feature = "export"))]
fn parquet(_: &Header, _: &Plan, _: &Group, _: &Rows) -> Result<Vec<u8>, Trouble> {
    Err(Trouble::told(
        "this program was built without Parquet: build it with --features export, or ask for --format csv",
    ))
}

/// The record of a part that is finished: its bytes are there and are those of the record.
pub(super) async fn finished(
    sink: &Sink,
    header: &Header,
    part: usize,
) -> Result<Option<Record>, Trouble> {
    let Some(record) = read_record(sink, part).await? else {
        return Ok(None);
    };
    let name = name(part, header.spec.format);
    let there = sink.read(&name).await?;
    match there {
        Some(bytes) if sha256(&bytes) == record.entry.sha256 => Ok(Some(record)),
        Some(_) => Err(changed(sink, &name)),
        None => Err(Trouble::Told(format!(
            "{sink}: {name} is gone, but its record is there; remove {} to have it priced again",
            record_name(part)
        ))),
    }
}

/// The record of a part, if it has one.
pub(super) async fn read_record(sink: &Sink, part: usize) -> Result<Option<Record>, Trouble> {
    let name = record_name(part);
    let Some(text) = sink.read(&name).await? else {
        return Ok(None);
    };
    let record = serde_json::from_slice(&text);
    record
        .map(Some)
        .map_err(|error| Trouble::Told(format!("{sink}: {name} cannot be read: {error}")))
}

/// Writes a part and then its record. Somebody else may have done both: what counts is that the
/// same is there.
pub(super) async fn store(
    sink: &Sink,
    part: usize,
    bytes: Vec<u8>,
    record: &Record,
) -> Result<(), Trouble> {
    let text = json(record)?;
    for (name, bytes) in [
        (record.entry.name.clone(), bytes),
        (record_name(part), text),
    ] {
        match sink.put_if_absent(&name, bytes).await? {
            Put::Written | Put::AlreadyThere { same: true } => {}
            Put::AlreadyThere { same: false } => return Err(changed(sink, &name)),
        }
    }
    Ok(())
}

fn changed(sink: &Sink, name: &str) -> Trouble {
    Trouble::Told(format!(
        "{sink}: {name} is there and is not what this card says; it was changed or is another \
         card's. Remove it, and its record in {SUMMARIES}, to have it priced again"
    ))
}
