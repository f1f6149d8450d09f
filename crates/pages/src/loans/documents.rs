//! A loan's papers: the list by kind, with versions; the form that takes new ones.

mod give;
mod remove;
mod upload;

use lintel_edge::one::one;
use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use lintel_app::document::DocumentLine;
use lintel_app::loan::LoanCaller;
use lintel_domain::document::{FiledUnder, LoanDocType};
use lintel_domain::permission::Permission;
use serde::Serialize;

use super::facts::plain_words;
use super::frame::{self, Frame, Part, Record, is_waiting};
use super::history::by;
use crate::Answer;
use crate::pages::Pages;
use crate::show::{self, When};
use crate::templates::Template;
use crate::visit::Staff;

#[cfg(test)]
pub(crate) use remove::DocumentConfirmPage;

/// The routes.
pub(super) fn routes() -> Router<Pages> {
    let head = super::loan::head;
    Router::new()
        .route("/lender/loans/{id}/documents", get(one(show)).head(head))
        .route(
            "/lender/loans/{id}/documents/upload",
            post(one(upload::take)),
        )
        .route("/lender/loans/{id}/documents/zip", post(one(give::zip)))
        .route("/lender/documents/{id}", get(one(give::view)).head(head))
        .route(
            "/lender/documents/{id}/download",
            get(one(give::download)).head(head),
        )
        .route(
            "/lender/documents/{id}/remove",
            get(one(remove::confirm))
                .head(head)
                .post(one(remove::remove)),
        )
}

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct DocumentsPage {
    frame: Frame,
    groups: Vec<Group>,
    upload: Option<UploadForm>,
    /// Where the chosen ones are sent for, as one file.
    zip: String,
}

/// Papers that are filed together.
#[derive(Debug, Serialize)]
struct Group {
    title: String,
    /// The condition they are for.
    condition: Option<String>,
    rows: Vec<Row>,
}

/// A paper, its newest version first.
#[derive(Debug, Serialize)]
struct Row {
    paper: Paper,
    older: Vec<Paper>,
    may_remove: bool,
}

/// One version of a paper.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Paper {
    id: String,
    name: String,
    version: u32,
    size: String,
    at: When,
    by: String,
    keep_until: String,
    is_current: bool,
}

/// The form that takes papers.
#[derive(Debug, Serialize)]
pub(super) struct UploadForm {
    action: String,
    /// Kinds of papers.
    kinds: Vec<Place>,
    /// Conditions that wait for one.
    conditions: Vec<Place>,
    may_satisfy: bool,
    max_bytes: u64,
    max_size: String,
    most: usize,
}

/// Where a paper can be filed.
#[derive(Debug, Clone, Serialize)]
struct Place {
    value: String,
    label: String,
    is_chosen: bool,
}

/// Where papers for a condition are uploaded.
pub(super) fn upload_for(loan: &str, condition: &str) -> String {
    format!("{}?for={condition}#upload", Part::Documents.href(loan))
}

/// A kind of paper for people.
pub(super) fn kind_label(kind: LoanDocType) -> String {
    plain_words(kind.as_str())
}

/// `1.4 MB`, in thousands as file managers say it.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} bytes");
    }
    // Tenths of a unit, rounded down, as there is nothing to be added up.
    let mut tenths = bytes / 100;
    let mut units = UNITS.iter();
    let mut unit = units.next().copied().unwrap_or_default();
    while tenths >= 10_000 {
        let Some(next) = units.next() else { break };
        tenths /= 1000;
        unit = next;
    }
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

impl Paper {
    pub(super) fn of(line: &DocumentLine) -> Self {
        Self {
            id: line.id.to_string(),
            name: line.file_name.clone(),
            version: line.version,
            size: size(line.bytes),
            at: When::of(line.uploaded_at),
            by: by(&line.uploaded_by),
            keep_until: show::long_date(line.keep_until),
            is_current: line.is_current,
        }
    }

    #[cfg(test)]
    pub(super) fn sample() -> Self {
        let text = || crate::templates::HOSTILE.to_owned();
        Self {
            id: text(),
            name: text(),
            version: 2,
            size: text(),
            at: When::of(lintel_domain::id::Instant::from_seconds(0)),
            by: text(),
            keep_until: text(),
            is_current: true,
        }
    }
}

/// The papers by where they are filed: kinds in the order of the list, then conditions in theirs.
fn groups(record: &Record, may_remove: &dyn Fn(&DocumentLine) -> bool) -> Vec<Group> {
    let mut groups = Vec::new();
    for kind in LoanDocType::ALL {
        let mine = record.documents.iter();
        let mine = mine.filter(|d| matches!(d.filing, FiledUnder::Loan(of) if of == *kind));
        groups.push(Group {
            title: kind_label(*kind),
            condition: None,
            rows: rows(mine, may_remove),
        });
    }
    for condition in &record.conditions {
        let id = &condition.public_id;
        let mine = record.documents.iter();
        let mine = mine.filter(|d| matches!(&d.filing, FiledUnder::Condition(of) if of == id));
        groups.push(Group {
            title: condition.title.clone(),
            condition: Some(id.to_string()),
            rows: rows(mine, may_remove),
        });
    }
    groups.retain(|group| !group.rows.is_empty());
    groups
}

/// The papers of one place: versions of the same file together, the file that changed last first.
fn rows<'a>(
    mine: impl Iterator<Item = &'a DocumentLine>,
    may_remove: &dyn Fn(&DocumentLine) -> bool,
) -> Vec<Row> {
    let mut files: BTreeMap<String, Vec<&DocumentLine>> = BTreeMap::new();
    for line in mine {
        let name = line.file_name.to_lowercase();
        files.entry(name).or_default().push(line);
    }
    let mut files: Vec<Vec<&DocumentLine>> = files.into_values().collect();
    for versions in &mut files {
        versions.sort_by_key(|line| std::cmp::Reverse(line.version));
    }
    files.sort_by_key(|versions| std::cmp::Reverse(versions.first().map(|line| line.uploaded_at)));
    let row = |versions: Vec<&DocumentLine>| {
        let (newest, older) = versions.split_first()?;
        Some(Row {
            paper: Paper::of(newest),
            older: older.iter().map(|line| Paper::of(line)).collect(),
            // Versions of one file may come from both sides; the newest speaks for them.
            may_remove: may_remove(newest),
        })
    };
    files.into_iter().filter_map(row).collect()
}

impl UploadForm {
    fn of(staff: &Staff, record: &Record, chosen: &str) -> Self {
        let rules = staff.app().document_rules();
        let place = |value: String, label: String| Place {
            is_chosen: value == chosen,
            value,
            label,
        };
        let kinds = LoanDocType::ALL.iter();
        let kinds = kinds.map(|kind| place(kind.as_str().to_owned(), kind_label(*kind)));
        let waiting = record.conditions.iter().filter(|c| is_waiting(c.status));
        let conditions = waiting.map(|c| {
            let value = format!("{}{}", upload::CONDITION, c.public_id);
            place(value, c.title.clone())
        });
        let id = record.head.line.public_id.as_str();
        Self {
            action: format!("{}/upload", Part::Documents.href(id)),
            kinds: kinds.collect(),
            conditions: conditions.collect(),
            may_satisfy: LoanCaller::Person(&staff.who).may_clear(&record.head),
            max_bytes: rules.max_bytes,
            max_size: size(rules.max_bytes),
            most: upload::MOST,
        }
    }
}

/// The page, with a place for papers chosen.
pub(super) fn page_of(staff: &Staff, record: &Record, chosen: &str) -> DocumentsPage {
    let may_edit = staff.may(Permission::EditDocuments);
    let is_lender = LoanCaller::Person(&staff.who).is_lender_of(&record.head);
    let may_remove = |line: &DocumentLine| may_edit && (is_lender || line.org_id == staff.org().id);
    let id = record.head.line.public_id.as_str();
    DocumentsPage {
        frame: Frame::of(staff, record, Part::Documents),
        groups: groups(record, &may_remove),
        upload: may_edit.then(|| UploadForm::of(staff, record, chosen)),
        zip: format!("{}/zip", Part::Documents.href(id)),
    }
}

async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let record = frame::record(&staff, &id).await?;
    let wanted = staff.query().text("for").unwrap_or_default();
    let chosen = format!("{}{wanted}", upload::CONDITION);
    let page = page_of(&staff, &record, &chosen);
    frame::page(&staff, &page.frame).render(&page)
}

impl Template for DocumentsPage {
    const FILE: &'static str = "loans/documents.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let place = |is_chosen| Place {
            value: text(),
            label: text(),
            is_chosen,
        };
        let upload = |is_full: bool| UploadForm {
            action: text(),
            kinds: vec![place(false), place(true)],
            conditions: if is_full {
                vec![place(false)]
            } else {
                Vec::new()
            },
            may_satisfy: is_full,
            max_bytes: 1000,
            max_size: text(),
            most: 20,
        };
        let row = |older, may_remove| Row {
            paper: Paper::sample(),
            older,
            may_remove,
        };
        let group = |condition| Group {
            title: text(),
            condition,
            rows: vec![row(vec![Paper::sample()], true), row(Vec::new(), false)],
        };
        let page = |groups, upload| Self {
            frame: Frame::sample(Part::Documents, true),
            groups,
            upload,
            zip: text(),
        };
        vec![
            page(vec![group(None), group(Some(text()))], Some(upload(true))),
            page(Vec::new(), Some(upload(false))),
            page(Vec::new(), None),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1.0 KB"),
            (999_999, "999.9 KB"),
            (1_000_000, "1.0 MB"),
            (26_214_400, "26.2 MB"),
            (u64::MAX, "18446744.0 TB"),
        ] {
            assert_eq!(size(bytes), text);
        }
        assert_eq!(kind_label(LoanDocType::Aus), "AUS");
        assert_eq!(kind_label(LoanDocType::TpoSubmitted), "TPO submitted");
    }
}
