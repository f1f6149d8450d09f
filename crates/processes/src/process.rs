//! A process with everything below it, opened.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::process::{BorrowerFacts, PropertyFacts, RequestState};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::simulation::Request;
use lintel_macros::boxed;
use lintel_offer::Calculation;
use lintel_store::db::Tx;
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::process::{
    self as store, StoredBorrower, StoredPaper, StoredProcess, StoredProperty, StoredRequest, Whose,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How often a process is read anew because somebody changed it meanwhile.
const ATTEMPTS: usize = 8;

/// A process with everything that is known of it.
#[derive(Debug, Clone)]
pub struct Process {
    /// Its head.
    pub head: StoredProcess,
    /// What is asked: the loan and its insurances, without borrowers and property.
    pub terms: Request,
    /// What that comes to.
    pub calculation: Calculation,
    /// Its borrowers, in their order.
    pub borrowers: Vec<Borrower>,
    /// Its property.
    pub property: Property,
    /// Its papers, oldest first.
    pub papers: Vec<Paper>,
    /// What the bank asked for, oldest first.
    pub requests: Vec<InformationRequest>,
}

/// A borrower of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Borrower {
    /// Its id.
    pub id: RowId,
    /// Its place; grows, with gaps.
    pub position: i64,
    /// Whether it is the key borrower.
    pub is_key: bool,
    /// Counts its changes.
    pub revision: i64,
    /// What is known of it.
    pub facts: BorrowerFacts,
    /// When it was added.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// The property of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Its id.
    pub id: RowId,
    /// Counts its changes.
    pub revision: i64,
    /// What is known of it.
    pub facts: PropertyFacts,
    /// When it last changed.
    pub updated_at: Instant,
}

/// What a paper is called. `Debug` shows nothing: names of files often hold names of people.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperNames {
    /// Its title.
    pub title: String,
    /// Its file's name.
    pub file_name: String,
    /// What its sender said about it.
    pub observations: String,
}

impl std::fmt::Debug for PaperNames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PaperNames(*)")
    }
}

/// A paper of a process, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its id.
    pub id: RowId,
    /// The borrower it is about.
    pub borrower_id: Option<RowId>,
    /// The request it answered.
    pub request_id: Option<RowId>,
    /// Its type.
    pub type_id: u32,
    /// What it is called.
    pub names: PaperNames,
    /// What its bytes are.
    pub content_type: String,
    /// How many there are.
    pub byte_len: u64,
    /// Counts its changes.
    pub revision: i64,
    /// Who filed it, as the audit log names actors.
    pub created_by: String,
    /// When it was filed.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// What the bank asked for. `Debug` does not show the words.
#[derive(Clone, PartialEq, Eq)]
pub struct InformationRequest {
    /// Its id.
    pub id: RowId,
    /// The borrower it is about.
    pub borrower_id: Option<RowId>,
    /// The type of paper asked for; `None` when something else is asked in words.
    pub document_type: Option<u32>,
    /// The words; may be empty when a paper is asked for.
    pub text: String,
    /// How it stands.
    pub state: RequestState,
    /// Who asked, as the audit log names actors.
    pub asked_by: String,
    /// When.
    pub asked_at: Instant,
    /// When it was answered or withdrawn.
    pub closed_at: Option<Instant>,
}

impl std::fmt::Debug for InformationRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InformationRequest")
            .field("id", &self.id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// The refusal of a process that is unknown or somebody else's.
#[must_use]
pub fn unknown() -> AppError {
    Refusal::NotFound {
        what: Noun::Process,
    }
    .into()
}

/// The refusal of something below a process that is not there.
pub(crate) fn unknown_part(what: Noun) -> AppError {
    Refusal::NotFound { what }.into()
}

/// Reads JSON of a column.
pub(crate) fn read_json<T: DeserializeOwned>(
    text: &str,
    (table, column, id): (&str, &str, &RowId),
) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::corrupt(table, column, id.as_str()))
}

/// Writes JSON for a column.
pub(crate) fn json_of<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|_| Fault::internal("a value cannot be written as JSON"))
}

pub(crate) fn seal<T: Serialize>(
    app: &App,
    purpose: Purpose,
    id: &RowId,
    value: &T,
) -> Result<Vec<u8>, Fault> {
    let plain = json_of(value)?;
    app.keys()
        .seal(purpose, id.as_str(), plain.as_bytes(), app.rng())
}

fn open<T: DeserializeOwned>(
    app: &App,
    purpose: Purpose,
    (table, column, id): (&str, &str, &RowId),
    sealed: &[u8],
) -> Result<T, Fault> {
    let plain = app.keys().unseal(purpose, id.as_str(), sealed)?;
    serde_json::from_slice(&plain).map_err(|_| Fault::corrupt(table, column, id.as_str()))
}

pub(crate) fn open_borrower(app: &App, stored: StoredBorrower) -> Result<Borrower, Fault> {
    let place = ("process_borrower", "facts", &stored.id);
    Ok(Borrower {
        facts: open(app, Purpose::ProcessBorrower, place, &stored.facts)?,
        position: stored.position,
        is_key: stored.is_key,
        revision: stored.revision,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        id: stored.id,
    })
}

fn open_property(app: &App, stored: StoredProperty) -> Result<Property, Fault> {
    let place = ("process_property", "facts", &stored.id);
    Ok(Property {
        facts: open(app, Purpose::ProcessProperty, place, &stored.facts)?,
        revision: stored.revision,
        updated_at: stored.updated_at,
        id: stored.id,
    })
}

pub(crate) fn open_paper(app: &App, stored: &StoredPaper) -> Result<Paper, Fault> {
    let place = ("process_document", "about", &stored.id);
    Ok(Paper {
        names: open(app, Purpose::CreditPaper, place, &stored.about)?,
        id: stored.id.clone(),
        borrower_id: stored.borrower_id.clone(),
        request_id: stored.request_id.clone(),
        type_id: stored.type_id,
        content_type: stored.content_type.clone(),
        byte_len: stored.byte_len,
        revision: stored.revision,
        created_by: stored.created_by.clone(),
        created_at: stored.created_at,
        updated_at: stored.updated_at,
    })
}

fn open_request(app: &App, stored: StoredRequest) -> Result<InformationRequest, Fault> {
    let place = ("information_request", "content", &stored.id);
    Ok(InformationRequest {
        text: open(app, Purpose::PartnerMessage, place, &stored.content)?,
        borrower_id: stored.borrower_id,
        document_type: stored.document_type_id,
        state: stored.state,
        asked_by: stored.asked_by,
        asked_at: stored.asked_at,
        closed_at: stored.closed_at,
        id: stored.id,
    })
}

/// A process with everything below it, as it was at one moment: whatever changes below it counts in the
/// head, so when that still says the same after everything was read, nothing changed meanwhile.
///
/// # Errors
/// Not found for what is unknown or somebody else's, alike; busy when it changes all the time; any fault
/// of the database.
#[boxed]
pub async fn load(app: &App, whose: Whose<'_>, id: &RowId) -> Result<Process, AppError> {
    for _ in 0..ATTEMPTS {
        let process = read(app, whose, id).await?;
        let head = store::find(app.db(), whose, id).await?;
        if head.is_some_and(|head| head.revision == process.head.revision) {
            return Ok(process);
        }
    }
    Err(Fault::new(FaultKind::Busy, "a process changes all the time").into())
}

async fn read(app: &App, whose: Whose<'_>, id: &RowId) -> Result<Process, AppError> {
    let head = store::find(app.db(), whose, id).await?;
    let head = head.ok_or_else(unknown)?;
    let (db, org) = (app.db(), &head.org_id);
    let answer = store::answer(db, &head).await?;
    let borrowers = store::borrowers(db, org, id).await?.into_iter();
    let borrowers: Result<_, Fault> = borrowers.map(|stored| open_borrower(app, stored)).collect();
    let papers = store::documents(db, org, id).await?;
    let papers: Result<_, Fault> = papers
        .iter()
        .map(|stored| open_paper(app, stored))
        .collect();
    let requests = store::requests(db, org, id).await?.into_iter();
    let requests: Result<_, Fault> = requests.map(|stored| open_request(app, stored)).collect();
    let property = store::property(db, org, id).await?;
    Ok(Process {
        terms: terms_of(&head)?,
        calculation: read_json(&answer, ("process", "answer", &head.id))?,
        borrowers: borrowers?,
        property: open_property(app, property)?,
        papers: papers?,
        requests: requests?,
        head,
    })
}

/// What is asked, of a head.
///
/// # Errors
/// Corrupt when it cannot be read.
pub fn terms_of(head: &StoredProcess) -> Result<Request, Fault> {
    read_json(&head.terms, ("process", "terms", &head.id))
}

/// The head of a process, held until the transaction ends. Everything below it stands still meanwhile.
///
/// # Errors
/// As [`load`].
#[boxed]
pub async fn lock_in(tx: &mut Tx, whose: Whose<'_>, id: &RowId) -> Result<StoredProcess, AppError> {
    store::lock_in(tx, whose, id).await?.ok_or_else(unknown)
}

impl Process {
    /// Everything that is asked, borrowers and property with it, to calculate with.
    #[must_use]
    pub fn request(&self) -> Request {
        crate::facts::request_of(&self.terms, &self.borrowers, &self.property.facts)
    }

    /// The key borrower.
    #[must_use]
    pub fn key_borrower(&self) -> Option<&Borrower> {
        self.borrowers.iter().find(|borrower| borrower.is_key)
    }

    /// What the bank still waits for.
    pub fn open_requests(&self) -> impl Iterator<Item = &InformationRequest> {
        let open = |request: &&InformationRequest| request.state == RequestState::Open;
        self.requests.iter().filter(open)
    }
}
