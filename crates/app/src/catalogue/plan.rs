//! What a change comes to, worked out from texts alone, before a transaction begins: reading a large
//! catalogue takes a while, and a database may have one writer.

use lintel_domain::id::PublicId;
use lintel_pricing::catalogue::diff::{Diff, diff};
use lintel_pricing::catalogue::validate::validate_sheets;
use lintel_pricing::catalogue::{Catalogue, Sheet};
use lintel_pricing::codec::sheet::pack_rows;
use lintel_pricing::codec::{self, Finding, Level, Parts};
use lintel_store::catalogue::CatalogueVersion;
use lintel_store::fault::Fault;
use ring::digest::{Context, SHA256};

use super::change::{Change, ChangeError, Rest};
use super::hex;
use crate::sheet::MAX_PRODUCTS;

/// The version a change is made upon, with its texts.
pub(super) struct OldVersion {
    pub(super) version: CatalogueVersion,
    pub(super) texts: Parts,
}

/// A change that was found good.
pub(super) struct Plan {
    /// The version it was made upon; when another one is in force by then, the plan is void.
    pub(super) base: Option<i64>,
    /// The new catalogue; none when no part of it was sent.
    pub(super) catalogue: Option<Checked>,
    pub(super) sheets: Vec<PlannedSheet>,
    /// What was noticed, nothing of it an error.
    pub(super) warnings: Vec<Finding>,
}

/// A catalogue that was read and found good.
pub(super) struct Checked {
    pub(super) codes: Vec<String>,
    /// Public ids the texts state, by place of the product.
    pub(super) stated: Vec<Option<PublicId>>,
    pub(super) texts: Parts,
    pub(super) digest: String,
    /// Whether it is what the base is.
    pub(super) is_same: bool,
    pub(super) diff: Diff,
}

/// A sheet that can be priced from.
pub(super) struct PlannedSheet {
    pub(super) code: String,
    pub(super) sheet: Sheet,
    pub(super) body: String,
}

/// Puts the new parts beside the old ones and reads the whole, with the sheets.
pub(super) fn make(
    change: &Change,
    rest: Rest,
    org: &str,
    base: Option<OldVersion>,
) -> Result<Plan, ChangeError> {
    let old = match &base {
        Some(base) => codec::parse(&base.texts).map_err(|_| {
            let place = format!("{org}, version {}", base.version.version);
            Fault::corrupt("catalogue_part", "body", &place)
        })?,
        None => Catalogue::default(),
    };
    let (version, texts) = base.map_or((None, Parts::new()), |b| (Some(b.version), b.texts));
    let mut texts = match rest {
        Rest::Stays => texts,
        Rest::Goes => Parts::new(),
    };
    let mut warnings = Vec::new();
    let mut catalogue = None;
    if rest == Rest::Goes || !change.parts.is_empty() {
        texts.extend(change.parts.clone());
        let loaded = codec::load(&texts).map_err(ChangeError::Parts)?;
        warnings = loaded.warnings;
        catalogue = Some(loaded.catalogue);
    }
    let of_sheets = validate_sheets(catalogue.as_ref().unwrap_or(&old), &change.sheets);
    let sheets = sheets(change, of_sheets, &mut warnings)?;
    let base = version.as_ref().map(|version| version.version);
    Ok(Plan {
        base,
        catalogue: catalogue.map(|new| check(&old, new, version.as_ref())),
        sheets,
        warnings,
    })
}

fn check(old: &Catalogue, mut new: Catalogue, base: Option<&CatalogueVersion>) -> Checked {
    // Ids are the server's: they are not part of the content.
    let stated = new.products.iter_mut().map(|p| p.public_id.take());
    let stated = stated.collect();
    let texts = codec::write(&new);
    let digest = digest(&texts);
    Checked {
        stated,
        is_same: base.is_some_and(|base| base.digest == digest),
        diff: diff(old, &new),
        codes: new.products.into_iter().map(|p| p.code).collect(),
        digest,
        texts,
    }
}

/// The sheets, each checked by itself too: they may come from anywhere.
fn sheets(
    change: &Change,
    found: Vec<Finding>,
    warnings: &mut Vec<Finding>,
) -> Result<Vec<PlannedSheet>, ChangeError> {
    let wrong = |code: &str, what: String| {
        ChangeError::Sheets(vec![Finding {
            level: Level::Error,
            part: "sheets".to_owned(),
            row: None,
            name: code.to_owned(),
            line: None,
            field: String::new(),
            what,
        }])
    };
    if change.sheets.len() > MAX_PRODUCTS {
        let what = format!("more than {MAX_PRODUCTS} sheets at once");
        return Err(wrong("", what));
    }
    if found.iter().any(|finding| finding.level == Level::Error) {
        return Err(ChangeError::Sheets(found));
    }
    warnings.extend(found);
    let mut sheets = Vec::with_capacity(change.sheets.len());
    for (code, sheet) in &change.sheets {
        let sheet = Sheet::try_new(sheet.rows.clone(), sheet.index, sheet.margin)
            .map_err(|problem| wrong(code, problem.fault.to_string()))?;
        sheets.push(PlannedSheet {
            code: code.clone(),
            body: pack_rows(&sheet.rows),
            sheet,
        });
    }
    Ok(sheets)
}

/// SHA-256 of canonical texts, each with its length in front.
fn digest(texts: &Parts) -> String {
    let mut context = Context::new(&SHA256);
    for (part, text) in texts {
        for piece in [part.as_str(), text.as_str()] {
            context.update(&(piece.len() as u64).to_be_bytes());
            context.update(piece.as_bytes());
        }
    }
    hex(context.finish().as_ref())
}
