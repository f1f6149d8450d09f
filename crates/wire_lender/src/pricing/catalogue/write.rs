//! Parts of the catalogue replaced, and sheets: planned or done, with what changes and what was found.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::auth::Principal;
use lintel_app::catalogue::{self, ImportError, Imported, NewCatalogue, Outcome, Parts};
use lintel_app::context::App;
use lintel_app::sheet::{self, SheetImport, SheetUpdate};
use lintel_domain::id::Instant;
use lintel_pricing::catalogue::Sheet;
use lintel_pricing::catalogue::diff::{Diff, sheet_diff};
use lintel_pricing::catalogue::validate::validate_sheets;
use lintel_pricing::codec::sheet::read_sheets;
use lintel_pricing::codec::{self, Finding, Part};

use super::{SHEETS, check_owner, findings, part};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;
use crate::tree::Node;

/// Longest note, in characters.
const NOTE_MAX: usize = 500;
/// Where versions written over the API come from.
const SOURCE: &str = "api";

/// Product codes and their sheets.
type Sheets = BTreeMap<String, Sheet>;

/// What is to be changed.
struct Change {
    /// Parts that are replaced; the others stay.
    parts: Parts,
    /// Sheets that are replaced; the others stay.
    sheets: Sheets,
    effective_at: Option<Instant>,
    note: String,
    is_dry_run: bool,
}

pub async fn update(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    check_owner(&data, &principal.org)?;
    let change = read(&data)?;
    let whole = merged(&face.app, &principal, &change).await?;
    check_sheets(&whole, &change.sheets)?;
    let mut node = Node::object([("status", Node::from("success"))]);
    if change.parts.is_empty() {
        node.push("outcome", "unchanged");
    } else {
        let imported = import(&face.app, &principal, &change, whole).await?;
        render(&mut node, &imported);
    }
    if !change.sheets.is_empty() {
        let sheets = sheets(&face.app, &principal, change).await?;
        node.push(SHEETS, Node::List(sheets));
    }
    Ok(node)
}

fn read(data: &Reader<'_>) -> Result<Change, LenderError> {
    let mut parts = Parts::new();
    if let Some(texts) = data.opt_obj("parts")? {
        for (name, value) in texts.members() {
            let known = part(name).zip(value.as_str());
            let (part, text) = known.ok_or_else(|| LenderError::invalid(&texts.path(name)))?;
            parts.insert(part, text.to_owned());
        }
    }
    if let Some(tables) = data.opt_obj("csv")? {
        for (name, value) in tables.members() {
            let path = tables.path(name);
            let known = part(name).zip(value.as_str());
            let (part, text) = known.ok_or_else(|| LenderError::invalid(&path))?;
            let text = codec::part_from_csv(part, text).map_err(|found| refused(&path, &found))?;
            if parts.insert(part, text).is_some() {
                return Err(LenderError::invalid(&path));
            }
        }
    }
    let sheets = match data.value(SHEETS).map(|value| value.as_str()) {
        Some(Some(text)) => read_sheets(text).map_err(|found| refused(SHEETS, &found))?,
        Some(None) => return Err(LenderError::invalid(SHEETS)),
        None => Sheets::new(),
    };
    if parts.is_empty() && sheets.is_empty() {
        return Err(LenderError::empty("parts"));
    }
    let effective_at = data.opt_int("effectiveAt", 0..=LAST_SECOND)?;
    Ok(Change {
        parts,
        sheets,
        effective_at: effective_at.map(Instant::from_seconds),
        note: data.opt_text("note", NOTE_MAX)?.unwrap_or_default(),
        is_dry_run: data.opt_bit("dryRun")?.unwrap_or(false),
    })
}

/// The last second of the year 2199; the calendar ends there.
const LAST_SECOND: i64 = 7_258_118_399;

/// What the catalogue is to be: the parts sent, and those in force for the rest.
async fn merged(app: &App, principal: &Principal, change: &Change) -> Result<Parts, LenderError> {
    let mut whole = Parts::new();
    if change.parts.len() < Part::ALL.len() {
        let exported = super::read::export(app, &principal.org, None).await?;
        whole = exported.map(|e| e.parts).unwrap_or_default();
    }
    whole.extend(change.parts.clone());
    Ok(whole)
}

/// Sheets are looked at before anything is written, so that a bad one leaves the catalogue alone.
fn check_sheets(whole: &Parts, sheets: &Sheets) -> Result<(), LenderError> {
    if sheets.is_empty() {
        return Ok(());
    }
    let loaded = codec::load(whole).map_err(|found| refused("parts", &found))?;
    let found = validate_sheets(&loaded.catalogue, sheets);
    let is_bad = |finding: &Finding| matches!(finding.level, codec::Level::Error);
    if found.iter().any(is_bad) {
        return Err(refused(SHEETS, &found));
    }
    Ok(())
}

fn refused(path: &str, found: &[Finding]) -> LenderError {
    LenderError::invalid(path).with_details(findings(found))
}

async fn import(
    app: &App,
    principal: &Principal,
    change: &Change,
    parts: Parts,
) -> Result<Imported, LenderError> {
    let new = NewCatalogue {
        parts,
        effective_at: change.effective_at,
        note: change.note.clone(),
        actor: principal.api_id.clone(),
        is_dry_run: change.is_dry_run,
    };
    let imported = catalogue::import(app, &principal.org, new).await;
    imported.map_err(|error| match error {
        ImportError::Findings(found) => refused("parts", &found),
        ImportError::App(error) => lender_error(&error),
    })
}

fn render(node: &mut Node, imported: &Imported) {
    match &imported.outcome {
        Outcome::Unchanged { version } => {
            node.push("outcome", "unchanged");
            node.push("version", *version);
        }
        Outcome::Planned { diff, new_codes } => {
            node.push("outcome", "planned");
            node.push("diff", Node::List(diff_nodes(diff)));
            let named = |code: &String| Node::object([("productCode", Node::from(code))]);
            node.push(
                "newProducts",
                Node::List(new_codes.iter().map(named).collect()),
            );
        }
        Outcome::Stored {
            version,
            effective_at,
            diff,
            new_products,
        } => {
            node.push("outcome", "stored");
            node.push("version", *version);
            node.push("effectiveAt", effective_at.seconds());
            node.push("diff", Node::List(diff_nodes(diff)));
            let named = new_products.iter().map(|(code, id)| {
                Node::object([
                    ("publicID", Node::from(id.as_str())),
                    ("productCode", Node::from(code)),
                ])
            });
            node.push("newProducts", Node::List(named.collect()));
        }
    }
    node.push("warnings", Node::List(findings(&imported.warnings)));
}

fn diff_nodes(diff: &Diff) -> Vec<Node> {
    let count = |n: usize| Node::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let node = |part: &lintel_pricing::catalogue::diff::PartDiff| {
        Node::object([
            ("part", Node::from(part.part.as_str())),
            ("added", count(part.added)),
            ("removed", count(part.removed)),
            ("changed", count(part.changed)),
            ("isReordered", Node::bit(part.is_reordered)),
            ("lines", Node::list(part.lines.iter())),
        ])
    };
    diff.parts.iter().map(node).collect()
}

/// Sheets planned or replaced, each with what changes.
async fn sheets(
    app: &App,
    principal: &Principal,
    change: Change,
) -> Result<Vec<Node>, LenderError> {
    let org = &principal.org;
    let before = sheet::in_force(app, org)
        .await
        .map_err(|e| lender_error(&e))?;
    let mut nodes: Vec<Node> = Vec::with_capacity(change.sheets.len());
    for (code, new) in &change.sheets {
        let old = before.iter().find(|s| s.stored.code == *code);
        let diff = sheet_diff(code, old.map(|s| &s.sheet), new);
        nodes.push(Node::object([
            ("productCode", Node::from(code)),
            ("diff", Node::from(diff.to_string())),
        ]));
    }
    if change.is_dry_run {
        return Ok(nodes);
    }
    let update = |(code, sheet): (String, Sheet)| SheetUpdate {
        public_id: None,
        code: Some(code),
        index: sheet.index,
        margin: sheet.margin,
        rows: sheet.rows,
    };
    let import = SheetImport {
        updates: change.sheets.into_iter().map(update).collect(),
        effective_at: change.effective_at,
        actor: principal.api_id.clone(),
        source: SOURCE.to_owned(),
    };
    let updated = sheet::import(app, org, import)
        .await
        .map_err(|e| lender_error(&e))?;
    for (node, updated) in nodes.iter_mut().zip(&updated) {
        node.push("publicID", updated.public_id.as_str());
        node.push("version", updated.version);
        node.push("isChanged", Node::bit(updated.is_changed));
    }
    Ok(nodes)
}
