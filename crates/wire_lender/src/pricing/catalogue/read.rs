//! The catalogue in force, or an older version, with the sheets in force.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::catalogue::{self, Exported, Parts};
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::sheet;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_pricing::codec::sheet::write_sheets;
use lintel_pricing::codec::{self, Part};

use super::{NAME_MAX, SHEETS, check_owner, part};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;
use crate::tree::Node;

/// What is asked for.
struct Asked {
    /// None: all, and the sheets.
    names: Option<BTreeSet<String>>,
    version: Option<i64>,
    wants_csv: bool,
}

impl Asked {
    fn has(&self, name: &str) -> bool {
        self.names.as_ref().is_none_or(|names| names.contains(name))
    }
}

pub async fn get(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    check_owner(&data, &principal.org)?;
    let asked = read(&data)?;
    let exported = export(&face.app, &principal.org, asked.version).await?;
    let mut node = Node::object([("status", Node::from("success"))]);
    match &exported {
        Some(Exported { version, .. }) => {
            node.push("version", version.version);
            node.push("effectiveAt", version.effective_at.seconds());
            node.push("createdAt", version.created_at.seconds());
            node.push("note", &version.note);
        }
        None => node.push("version", 0),
    }
    let parts = exported.map(|e| e.parts).unwrap_or_default();
    let mut texts = Node::Object(Vec::new());
    for part in Part::ALL.into_iter().filter(|p| asked.has(p.as_str())) {
        texts.push(part.as_str(), parts.get(&part).map_or("", String::as_str));
    }
    node.push("parts", texts);
    if asked.wants_csv {
        let mut tables = Node::Object(Vec::new());
        for (part, table) in tables_of(&face.app, parts).await? {
            if asked.has(part.as_str()) {
                tables.push(part.as_str(), table);
            }
        }
        node.push("csv", tables);
    }
    if asked.has(SHEETS) {
        node.push(SHEETS, sheets(&face.app, &principal.org).await?);
    }
    Ok(node)
}

/// The parts that have a form for spreadsheets, in that form. Large texts are not for the threads that
/// answer.
async fn tables_of(app: &App, parts: Parts) -> Result<Vec<(Part, String)>, LenderError> {
    let tables = app.heavy("writing a catalogue's tables", move || {
        // It was exported a moment ago: it can be read.
        let catalogue = codec::parse(&parts).ok()?;
        let table = |part| Some((part, codec::part_to_csv(&catalogue, part)?));
        Some(Part::ALL.into_iter().filter_map(table).collect())
    });
    let tables: Option<Vec<_>> = tables.await.map_err(|e| lender_error(&e.into()))?;
    tables.ok_or_else(LenderError::internal)
}

fn read(data: &Reader<'_>) -> Result<Asked, LenderError> {
    let most = Part::ALL.len() + 1;
    let names = data.opt_list_of_text("parts", most, NAME_MAX)?;
    for (at, name) in names.iter().flatten().enumerate() {
        if part(name).is_none() && name != SHEETS {
            return Err(LenderError::invalid(&format!("parts[{at}]")));
        }
    }
    Ok(Asked {
        names: names.map(|names| names.into_iter().collect()),
        version: data.opt_int("version", 1..=i64::MAX)?,
        wants_csv: data.opt_bit("csv")?.unwrap_or(false),
    })
}

/// A lender that has none yet gets an empty one to begin with; a version asked for must be there.
pub(super) async fn export(
    app: &App,
    org: &Organisation,
    version: Option<i64>,
) -> Result<Option<Exported>, LenderError> {
    match catalogue::export(app, org, version).await {
        Ok(exported) => Ok(Some(exported)),
        Err(AppError::Refused(Refusal::NotFound {
            what: Noun::CatalogueVersion,
        })) if version.is_none() => Ok(None),
        Err(error) => Err(lender_error(&error)),
    }
}

async fn sheets(app: &App, org: &Organisation) -> Result<String, LenderError> {
    let sheets = sheet::in_force(app, org)
        .await
        .map_err(|e| lender_error(&e))?;
    let text = app.heavy("writing rate sheets", move || {
        write_sheets(sheets.iter().map(|s| (s.stored.code.as_str(), &s.sheet)))
    });
    text.await.map_err(|e| lender_error(&e.into()))
}
