//! What the members of a document mean, as far as a face has to know.

use lintel_app::document::{DocumentDraft, Staged};
use lintel_domain::document::{DOCUMENTS_AT_ONCE, DocumentClass, LoanDocType, PaperDraft, Verdict};
use lintel_domain::entry::Entry;
use lintel_domain::id::PublicId;
use lintel_domain::refusal::{Field, Rule};
use serde_json::Value;

use super::intake::Paper;
use super::told::{Places, Wrong};
use crate::form::Reader;
use crate::names;

/// The list as the sample calls it, and as the table of parameters does.
const LISTS: [&str; 2] = ["documents", "uploads"];
/// What a document can be a document of.
const CLASSES: &[(&str, DocumentClass)] = &[
    ("LoanDoc", DocumentClass::Loan),
    ("LoanConditionDocument", DocumentClass::Condition),
];
/// The only format there is.
const PDF: &str = "pdf";

/// The documents of a call.
pub struct Upload {
    /// What there is of each.
    pub drafts: Vec<DocumentDraft>,
    /// Where each stands in the payload, and what is wrong with its content.
    pub places: Places,
}

/// Reads the lists; `papers` are the contents by their numbers.
///
/// # Errors
/// The name of a list that is none, or too long.
pub fn upload(data: &Reader<'_>, mut papers: Vec<Option<Paper>>) -> Result<Upload, &'static str> {
    let [first, second] = LISTS;
    let is_second = data.has(second) && !data.has(first);
    let mut upload = Upload {
        drafts: Vec::new(),
        places: Places::new(if is_second { second } else { first }),
    };
    for list in LISTS {
        let items = match data.entry_objects(list, DOCUMENTS_AT_ONCE) {
            Entry::Absent => continue,
            Entry::Unreadable => return Err(list),
            Entry::Given(items) => items,
        };
        for item in items {
            let (content, reason) = content(&item, &mut papers);
            upload.places.add(&item, reason);
            upload.drafts.push(DocumentDraft {
                content,
                paper: paper(&item),
            });
        }
    }
    Ok(upload)
}

impl Upload {
    /// Everything that is wrong with the documents, when there is no loan the application could be
    /// asked about.
    pub fn mistakes(self) -> Vec<Wrong> {
        let mut mistakes = Vec::new();
        if self.drafts.is_empty() {
            mistakes.push((Field::Documents, Rule::Missing));
        }
        for (document, draft) in self.drafts.into_iter().enumerate() {
            let content = match &draft.content {
                Entry::Given(staged) => staged.verdict.rule(),
                Entry::Absent => Some(Rule::Missing),
                Entry::Unreadable => Some(Rule::Malformed),
            };
            let parts = draft.paper.check(content).err().unwrap_or_default();
            let fields = parts.into_iter();
            mistakes.extend(fields.map(|(part, rule)| (Field::Document { document, part }, rule)));
        }
        self.places.wrong(&mistakes)
    }
}

fn paper(item: &Reader<'_>) -> PaperDraft {
    let is_pdf = |text: &str| Some(text.eq_ignore_ascii_case(PDF));
    PaperDraft {
        file_name: item.entry_text("fileName"),
        is_pdf: item.entry_as("fileFormat", is_pdf),
        class: item.entry_as("documentType", class),
        kind: item.entry_as("loanDocType", LoanDocType::read),
        condition: item.entry_as("conditionID", PublicId::parse),
        auto_satisfy: item.entry_bit("autoSatisfyCondition"),
    }
}

fn class(text: &str) -> Option<DocumentClass> {
    let mut classes = CLASSES.iter();
    let found = classes.find(|(word, _)| word.eq_ignore_ascii_case(text));
    found.map(|(_, class)| *class)
}

/// Where a content was, its number stands as a text; nothing else can, for every text there is taken.
fn content(
    item: &Reader<'_>,
    papers: &mut [Option<Paper>],
) -> (Entry<Staged>, Option<&'static str>) {
    let Some(value) = item.value("fileContent") else {
        return (Entry::Absent, Some("there is no content"));
    };
    let number: Option<usize> = value.as_str().and_then(|number| number.parse().ok());
    let paper = number.and_then(|number| papers.get_mut(number)?.take());
    match paper {
        Some(Paper::Staged(staged)) => {
            let reason = reason(staged.verdict);
            (Entry::Given(staged), reason)
        }
        Some(Paper::NotBase64) => (Entry::Unreadable, Some("not base64")),
        Some(Paper::NotTaken) => (Entry::Unreadable, Some("too many contents in one call")),
        None => (Entry::Unreadable, Some("not a text")),
    }
}

fn reason(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Good => None,
        Verdict::TooLarge => Some("larger than a document may be"),
        Verdict::Empty => Some("empty"),
        Verdict::NotPdf => Some("not a PDF"),
        Verdict::Infected => Some("refused by the malware scanner"),
    }
}

/// The kinds a download asks for, without repetitions.
///
/// # Errors
/// Everything that is wrong.
pub fn kinds(data: &Reader<'_>) -> Result<Vec<LoanDocType>, Vec<Wrong>> {
    let wrong = |field: Field| (names::path(&field), None);
    let words = match data.value("docTypes") {
        // One word alone: no word holds a comma, so a text may be several as well.
        Some(Value::String(_) | Value::Array(_) | Value::Object(_)) => {
            data.entry_texts("docTypes", DOCUMENTS_AT_ONCE).given()
        }
        Some(Value::Null | Value::Bool(_) | Value::Number(_)) | None => None,
    };
    let Some(words) = words.filter(|words| !words.is_empty()) else {
        return Err(vec![wrong(Field::DocumentKinds)]);
    };
    let mut kinds = Vec::new();
    let mut mistakes = Vec::new();
    for (place, word) in words.iter().enumerate() {
        match LoanDocType::read(word) {
            None => mistakes.push(wrong(Field::DocumentKind { place })),
            Some(kind) if kinds.contains(&kind) => {}
            Some(kind) => kinds.push(kind),
        }
    }
    if mistakes.is_empty() {
        Ok(kinds)
    } else {
        Err(mistakes)
    }
}
