//! Filing papers with a loan: one transaction for all of a call.

use std::collections::{BTreeMap, HashSet};

use lintel_domain::document::{
    CheckedPaper, DOCUMENTS_AT_ONCE, DOCUMENTS_EVER_PER_LOAN, DOCUMENTS_PER_LOAN, FileName,
    FiledUnder, Filing, FilingDraft, PaperDraft,
};
use lintel_domain::entry::Entry;
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{DocumentPart, Field, Refusal, Rule};
use lintel_store::db::Tx;
use lintel_store::document::upload::settle_in;
use lintel_store::document::write::{self, NewDocument, Newest};
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::loan::read::LoanHead;
use serde_json::{Value, json};

use super::retention::keep_until;
use super::sheet::Staged;
use crate::catalogue::hex;
use crate::condition;
use crate::context::App;
use crate::error::AppError;
use crate::loan::{LoanCaller, lock_in, note_in, touch_in};

/// Public ids drawn for one paper before something else must be wrong.
const ATTEMPTS: usize = 5;

/// A paper that is to be filed.
#[derive(Debug)]
pub struct DocumentDraft {
    /// Its bytes. Left out: there was no content; unreadable: it could not even be staged.
    pub content: Entry<Staged>,
    /// What was said about it.
    pub paper: PaperDraft,
}

impl DocumentDraft {
    /// A draft nothing of which had to be translated.
    #[must_use]
    pub fn new(staged: Staged, file_name: String, filing: FilingDraft) -> Self {
        Self {
            content: Entry::Given(staged),
            paper: PaperDraft::new(file_name, filing),
        }
    }

    fn check(self) -> Result<(Staged, CheckedPaper), Vec<(DocumentPart, Rule)>> {
        let rule = match &self.content {
            Entry::Given(staged) => staged.verdict.rule(),
            Entry::Absent => Some(Rule::Missing),
            Entry::Unreadable => Some(Rule::Malformed),
        };
        let paper = self.paper.check(rule)?;
        // Without content there was a mistake above.
        let staged = self.content.given().ok_or_else(Vec::new)?;
        Ok((staged, paper))
    }
}

/// A paper that is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The id callers see.
    pub id: PublicId,
    /// What the file is called.
    pub file_name: String,
    /// Where it is filed.
    pub filing: FiledUnder,
    /// Which under that name it is, from 1.
    pub version: u32,
    /// Whether it was not there before with the same bytes.
    pub is_new: bool,
}

/// Files all or none; also says which uploads became papers.
pub(super) async fn file_all(
    app: &App,
    caller: &LoanCaller<'_>,
    loan: &PublicId,
    drafts: Vec<DocumentDraft>,
) -> Result<(Vec<Filed>, Vec<RowId>), AppError> {
    caller.require(Permission::EditDocuments)?;
    let mut tx = app.db().begin().await?;
    let head = lock_in(&mut tx, caller, loan).await?;
    if drafts.is_empty() || drafts.len() > DOCUMENTS_AT_ONCE {
        let (field, rule) = match drafts.len() {
            0 => (Field::Documents, Rule::Missing),
            _ => (Field::Documents, Rule::Malformed),
        };
        return Err(Refusal::Invalid { field, rule }.into());
    }
    let papers = placed_in(&mut tx, &head, drafts).await?;
    let mut filing = FilingRun {
        app,
        caller,
        head: &head,
        now: app.now(),
        settled: Vec::new(),
        events: Vec::new(),
    };
    let mut filed = Vec::with_capacity(papers.len());
    for paper in &papers {
        filed.push(filing.file_in(&mut tx, paper).await?);
    }
    filing.end_in(&mut tx, &papers).await?;
    let settled = filing.settled;
    tx.commit().await?;
    Ok((filed, settled))
}

/// A paper nothing is wrong with, and where it goes.
struct Placed {
    staged: Staged,
    paper: CheckedPaper,
    filing: Filing,
    filed_under: FiledUnder,
    auto_satisfy: bool,
}

/// Finds the conditions and gathers everything that is wrong, in the order of the request.
async fn placed_in(
    tx: &mut Tx,
    head: &LoanHead,
    drafts: Vec<DocumentDraft>,
) -> Result<Vec<Placed>, AppError> {
    let mut mistakes = Vec::new();
    let mut placed = Vec::with_capacity(drafts.len());
    let mut taken = HashSet::new();
    for (document, draft) in drafts.into_iter().enumerate() {
        let mut mistake = |part, rule| mistakes.push((Field::Document { document, part }, rule));
        let (staged, mut paper) = match draft.check() {
            Ok(checked) => checked,
            Err(found) => {
                found
                    .into_iter()
                    .for_each(|(part, rule)| mistake(part, rule));
                continue;
            }
        };
        let (filing, filed_under, auto_satisfy) = match &paper.filing {
            FilingDraft::Loan(kind) => (Filing::Loan(*kind), FiledUnder::Loan(*kind), false),
            FilingDraft::Condition { id, auto_satisfy } => {
                let Some(found) = condition::find_in(tx, head, id).await? else {
                    mistake(DocumentPart::Condition, Rule::Malformed);
                    continue;
                };
                let under = FiledUnder::Condition(id.clone());
                (Filing::Condition(found.id), under, *auto_satisfy)
            }
        };
        paper.name = free_name(&paper.name, &filing, &mut taken);
        placed.push(Placed {
            staged,
            paper,
            filing,
            filed_under,
            auto_satisfy,
        });
    }
    match Refusal::of(mistakes) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(placed),
    }
}

/// The name of a paper among those of its call: papers that come together are never versions of each
/// other, so those called alike are numbered.
fn free_name(name: &FileName, filing: &Filing, taken: &mut HashSet<(Filing, String)>) -> FileName {
    let numbered = (2..).map(|number| name.numbered(number));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    // Of endless names one is free.
    names
        .find(|name| taken.insert((filing.clone(), name.folded())))
        .unwrap_or_else(|| name.clone())
}

/// What filing the papers of one call needs and leaves.
struct FilingRun<'a> {
    app: &'a App,
    caller: &'a LoanCaller<'a>,
    head: &'a LoanHead,
    now: Instant,
    /// Uploads that became papers.
    settled: Vec<RowId>,
    /// One for each of them.
    events: Vec<Value>,
}

impl FilingRun<'_> {
    fn row(&self) -> (&RowId, &RowId) {
        (&self.head.lender_id, &self.head.line.id)
    }

    /// Files one paper: as the next version of its name, unless the current one has the same bytes.
    async fn file_in(&mut self, tx: &mut Tx, placed: &Placed) -> Result<Filed, AppError> {
        let folded = placed.paper.name.folded();
        // Nobody's paper takes the place of another organisation's.
        let org_id = &self.caller.org().id;
        let under = (&placed.filing, &*folded);
        let newest = write::newest_in(tx, self.row(), org_id, under).await?;
        if let Some(same) = newest.as_ref().filter(|n| is_same(n, &placed.staged)) {
            return Ok(Filed {
                id: same.public_id.clone(),
                file_name: same.file_name.clone(),
                filing: placed.filed_under.clone(),
                version: same.version,
                is_new: false,
            });
        }
        if !settle_in(tx, &placed.staged.upload).await? {
            let what = "an upload waited so long to be filed that it was swept";
            return Err(Fault::new(FaultKind::Busy, what).into());
        }
        if let Some(older) = newest.as_ref().filter(|n| n.is_current) {
            write::supersede_in(tx, self.row(), &older.id).await?;
        }
        let version = newest.map_or(1, |n| n.version.saturating_add(1));
        let id = self.insert_in(tx, placed, (&folded, version)).await?;
        self.settled.push(placed.staged.id().clone());
        self.events.push(event_body(&id, placed, version));
        Ok(Filed {
            id,
            file_name: placed.paper.name.as_str().to_owned(),
            filing: placed.filed_under.clone(),
            version,
            is_new: true,
        })
    }

    async fn insert_in(
        &self,
        tx: &mut Tx,
        placed: &Placed,
        (folded, version): (&str, u32),
    ) -> Result<PublicId, Fault> {
        let staged = &placed.staged;
        let kind = match &placed.filing {
            Filing::Loan(kind) => Some(*kind),
            Filing::Condition(_) => None,
        };
        let actor = self.caller.actor();
        let until = keep_until(self.app, kind, self.now)?;
        for _ in 0..ATTEMPTS {
            let public_id = self.app.public_id()?;
            let new = NewDocument {
                id: staged.id(),
                org_id: &self.caller.org().id,
                public_id: &public_id,
                filing: &placed.filing,
                file_name: placed.paper.name.as_str(),
                folded,
                version,
                bytes: staged.bytes,
                sha256: &staged.sha256,
                crc32: staged.crc32,
                blob_name: &staged.upload.blob_name,
                key_sealed: &staged.key_sealed,
                actor: &actor,
                keep_until: until,
            };
            if write::insert_in(tx, self.row(), &new, self.now).await? {
                return Ok(public_id);
            }
        }
        Err(Fault::internal("no public id is free for a paper"))
    }

    /// What follows from the papers: the loan changed, its log says so, conditions have what they
    /// asked for. Also of papers that were there before: a condition may have been opened again.
    async fn end_in(&self, tx: &mut Tx, papers: &[Placed]) -> Result<(), AppError> {
        if !self.events.is_empty() {
            let (all, standing) = write::count_in(tx, self.row()).await?;
            if standing > DOCUMENTS_PER_LOAN || all > DOCUMENTS_EVER_PER_LOAN {
                let (field, rule) = (Field::Documents, Rule::Conflict);
                return Err(Refusal::Invalid { field, rule }.into());
            }
            touch_in(tx, self.head, self.now).await?;
        }
        let (app, caller, head) = (self.app, self.caller, self.head);
        for body in &self.events {
            let what = (EventKind::DocumentFiled, self.now);
            note_in(app, tx, caller, head, what, body).await?;
        }
        let mut conditions: BTreeMap<&RowId, bool> = BTreeMap::new();
        for placed in papers {
            if let Filing::Condition(id) = &placed.filing {
                *conditions.entry(id).or_default() |= placed.auto_satisfy;
            }
        }
        for (id, auto_satisfy) in conditions {
            condition::received_in(app, tx, (caller, head), id, auto_satisfy, self.now).await?;
        }
        Ok(())
    }
}

/// Whether a paper is the one that stands under its name already.
fn is_same(newest: &Newest, staged: &Staged) -> bool {
    newest.is_current && newest.sha256 == staged.sha256
}

/// What the log says of a filed paper: not what the file is called, which may be personal.
fn event_body(id: &PublicId, placed: &Placed, version: u32) -> Value {
    let mut body = json!({
        "document": id.as_str(),
        "version": version,
        "bytes": placed.staged.bytes,
        "sha256": hex(&placed.staged.sha256),
    });
    let (key, value) = match &placed.filed_under {
        FiledUnder::Loan(kind) => ("kind", kind.as_str()),
        FiledUnder::Condition(id) => ("for_condition", id.as_str()),
    };
    body[key] = value.into();
    body
}
