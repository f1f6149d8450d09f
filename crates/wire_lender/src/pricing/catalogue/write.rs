//! Parts of the catalogue replaced, and sheets: planned or done, with what changes and what was found.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::auth::Principal;
use lintel_app::catalogue::{self, Change, ChangeError, Changed, Outcome, Parts, SheetChange};
use lintel_app::error::AppError;
use lintel_domain::id::Instant;
use lintel_pricing::catalogue::diff::Diff;
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

/// What is to be changed, as sent.
struct Sent {
    /// Parts that are replaced; the others stay.
    parts: Parts,
    /// Parts sent as tables, with their places in the call.
    tables: Vec<(String, Part, String)>,
    /// Sheets that are replaced; the others stay.
    sheets: Option<String>,
    effective_at: Option<Instant>,
    note: String,
    is_dry_run: bool,
}

/// Place in the call, and what is wrong there.
type Wrong = (String, Vec<Finding>);

pub async fn update(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    check_owner(&data, &principal.org)?;
    let sent = read(&data)?;
    // A whole catalogue may be megabytes of tables: not on a thread that answers others.
    let actor = principal.api_id.clone();
    let understood = face
        .app
        .heavy("reading a catalogue", move || understood(sent, actor))
        .await
        .map_err(|fault| lender_error(&AppError::from(fault)))?;
    let change = understood.map_err(|(path, found)| refused(&path, &found))?;
    let changed = carry_out(&face, &principal, change).await?;
    let mut node = Node::object([("status", Node::from("success"))]);
    render(&mut node, &changed);
    if !changed.sheets.is_empty() {
        let sheets = changed.sheets.iter().map(sheet_node);
        node.push(SHEETS, Node::List(sheets.collect()));
    }
    Ok(node)
}

fn read(data: &Reader<'_>) -> Result<Sent, LenderError> {
    let mut parts = Parts::new();
    if let Some(texts) = data.opt_obj("parts")? {
        for (name, value) in texts.members() {
            let known = part(name).zip(value.as_str());
            let (part, text) = known.ok_or_else(|| LenderError::invalid(&texts.path(name)))?;
            parts.insert(part, text.to_owned());
        }
    }
    let mut sent = Vec::new();
    if let Some(tables) = data.opt_obj("csv")? {
        for (name, value) in tables.members() {
            let path = tables.path(name);
            let known = part(name).zip(value.as_str());
            let (part, text) = known.ok_or_else(|| LenderError::invalid(&path))?;
            let is_there = sent.iter().any(|(_, other, _)| *other == part);
            if is_there || parts.contains_key(&part) {
                return Err(LenderError::invalid(&path));
            }
            sent.push((path, part, text.to_owned()));
        }
    }
    let sheets = match data.value(SHEETS).map(|value| value.as_str()) {
        Some(Some(text)) => Some(text.to_owned()),
        Some(None) => return Err(LenderError::invalid(SHEETS)),
        None => None,
    };
    let effective_at = data.opt_int("effectiveAt", 0..=LAST_SECOND)?;
    Ok(Sent {
        parts,
        tables: sent,
        sheets,
        effective_at: effective_at.map(Instant::from_seconds),
        note: data.opt_text("note", NOTE_MAX)?.unwrap_or_default(),
        is_dry_run: data.opt_bit("dryRun")?.unwrap_or(false),
    })
}

/// Reads the tables.
fn understood(sent: Sent, actor: String) -> Result<Change, Wrong> {
    let mut parts = sent.parts;
    for (path, part, text) in sent.tables {
        let text = codec::part_from_csv(part, &text).map_err(|found| (path, found))?;
        parts.insert(part, text);
    }
    let sheets = match sent.sheets {
        Some(text) => read_sheets(&text).map_err(|found| (SHEETS.to_owned(), found))?,
        None => BTreeMap::new(),
    };
    Ok(Change {
        parts,
        sheets,
        effective_at: sent.effective_at,
        note: sent.note,
        actor,
        source: SOURCE.to_owned(),
        is_dry_run: sent.is_dry_run,
    })
}

/// The last second of the year 2199; the calendar ends there.
const LAST_SECOND: i64 = 7_258_118_399;

fn refused(path: &str, found: &[Finding]) -> LenderError {
    LenderError::invalid(path).with_details(findings(found))
}

async fn carry_out(
    face: &Face,
    principal: &Principal,
    change: Change,
) -> Result<Changed, LenderError> {
    if change.parts.is_empty() && change.sheets.is_empty() {
        return Err(LenderError::empty("parts"));
    }
    let changed = catalogue::change(&face.app, &principal.org, change).await;
    changed.map_err(|error| match error {
        ChangeError::Parts(found) => refused("parts", &found),
        ChangeError::Sheets(found) => refused(SHEETS, &found),
        ChangeError::App(error) => lender_error(&error),
    })
}

fn render(node: &mut Node, changed: &Changed) {
    match &changed.outcome {
        None => {
            node.push("outcome", "unchanged");
            return;
        }
        Some(Outcome::Unchanged { version }) => {
            node.push("outcome", "unchanged");
            node.push("version", *version);
        }
        Some(Outcome::Planned { diff, new_codes }) => {
            node.push("outcome", "planned");
            node.push("diff", Node::List(diff_nodes(diff)));
            let named = |code: &String| Node::object([("productCode", Node::from(code))]);
            node.push(
                "newProducts",
                Node::List(new_codes.iter().map(named).collect()),
            );
        }
        Some(Outcome::Stored {
            version,
            effective_at,
            diff,
            new_products,
        }) => {
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
    node.push("warnings", Node::List(findings(&changed.warnings)));
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

/// A sheet planned or replaced, with what changes.
fn sheet_node(sheet: &SheetChange) -> Node {
    let mut node = Node::object([
        ("productCode", Node::from(&sheet.code)),
        ("diff", Node::from(sheet.diff.to_string())),
    ]);
    // On a dry run nothing has a version yet.
    if let (Some(id), Some(version)) = (&sheet.public_id, sheet.version) {
        node.push("publicID", id.as_str());
        node.push("version", version);
        node.push("isChanged", Node::bit(sheet.is_changed));
    }
    node
}
