//! What tests about papers share: a world whose blob store they can look into, and papers in it.

use std::sync::Arc;

use futures_util::StreamExt as _;
use lintel_app::auth::Principal;
use lintel_app::condition::{self, ConditionLine};
use lintel_app::context::App;
use lintel_app::document::{self, Batch, DocumentDraft, DocumentLine, Download, Filed, Staged};
use lintel_app::error::{AppError, Fault};
use lintel_app::keys::KeyRing;
use lintel_app::loan::LoanCaller;
use lintel_app::ports::{Blobs, FixedClock, MemoryBlobs, SeededRng};
use lintel_domain::condition::ConditionDraft;
use lintel_domain::document::{FilingDraft, LoanDocType};
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::Organisation;
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;
use lintel_store::event::{Recorded, list_after};

use crate::world::{DOCUMENT, NOON, World};

/// A world and what it keeps its blobs in.
pub struct Archive {
    pub world: World,
    pub blobs: Arc<MemoryBlobs>,
    pub org: Organisation,
    pub who: Principal,
    pub loan: PublicId,
}

/// An application over a blob store. The same seed gives the same keys.
pub fn app_over(db: &Db, blobs: Arc<dyn Blobs>, seed: u64) -> World {
    let keys = KeyRing::in_memory(&SeededRng::new(seed)).expect("keys");
    let clock = Arc::new(FixedClock::at(NOON));
    // Two applications over one database must not draw the same ids.
    let rng = Arc::new(SeededRng::new(u64::from(rand_seed())));
    let rules = RuleBook::embedded().expect("the rule book");
    let app = App::new(db.clone(), keys, clock.clone(), rng, rules);
    app.set_blobs(blobs);
    World { app, clock }
}

fn rand_seed() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(1000);
    NEXT.fetch_add(1, Ordering::SeqCst)
}

pub const SEED: u64 = 7;

impl Archive {
    pub async fn on(db: &Db) -> Self {
        let blobs = Arc::new(MemoryBlobs::default());
        let world = app_over(db, blobs.clone(), SEED);
        Self::of(world, blobs).await
    }

    pub async fn of(world: World, blobs: Arc<MemoryBlobs>) -> Self {
        let org = world.lender().await;
        let who = world.principal(&org).await;
        let loan = world.send(&who, "LOS-1", DOCUMENT).await.expect("taken");
        Self {
            world,
            blobs,
            org,
            who,
            loan: loan.public_id,
        }
    }

    pub fn app(&self) -> &App {
        &self.world.app
    }

    pub fn caller(&self) -> LoanCaller<'_> {
        LoanCaller::Program(&self.who)
    }

    pub async fn file(
        &self,
        papers: Vec<(Vec<u8>, &str, FilingDraft)>,
    ) -> Result<Vec<Filed>, AppError> {
        file(self.app(), &self.caller(), &self.loan, papers).await
    }

    /// Files one paper that has to be taken.
    pub async fn file_one(&self, bytes: &[u8], name: &str, filing: FilingDraft) -> Filed {
        let papers = vec![(bytes.to_vec(), name, filing)];
        let mut filed = self.file(papers).await.expect("filed");
        filed.pop().expect("one")
    }

    pub async fn list(&self) -> Vec<DocumentLine> {
        let listed = document::list(self.app(), &self.caller(), &self.loan).await;
        listed.expect("listed")
    }

    pub async fn one(&self, id: &PublicId) -> Download {
        let found = document::one(self.app(), &self.caller(), id).await;
        found.expect("there")
    }

    pub async fn condition(&self, title: &str, auto_satisfy: bool) -> ConditionLine {
        condition_of(
            self.app(),
            &self.caller(),
            &self.loan,
            (title, auto_satisfy),
        )
        .await
    }

    pub async fn conditions(&self) -> Vec<ConditionLine> {
        let listed = condition::list(self.app(), &self.caller(), &self.loan).await;
        listed.expect("listed")
    }

    /// Asserts that nothing is on its way any more and every blob belongs to a paper.
    pub async fn assert_tidy(&self) {
        assert_eq!(self.world.rows("blob_upload").await, 0, "registered");
        let papers = self.world.rows("loan_document").await;
        let blobs = self.blobs.names().len();
        assert_eq!(i64::try_from(blobs).expect("few"), papers, "blobs");
    }

    pub async fn events(&self, kind: EventKind) -> Vec<Recorded> {
        let mut all = list_after(self.app().db(), &self.org.id, 0)
            .await
            .expect("read");
        all.retain(|event| event.kind == kind);
        all
    }
}

pub async fn condition_of(
    app: &App,
    caller: &LoanCaller<'_>,
    loan: &PublicId,
    (title, auto_satisfy): (&str, bool),
) -> ConditionLine {
    let draft = ConditionDraft {
        title: Some(title.to_owned()),
        phase: Some("prior to docs".to_owned()),
        auto_satisfy: Some(auto_satisfy),
        ..ConditionDraft::default()
    };
    let made = condition::create(app, caller, loan, draft).await;
    made.expect("made").line
}

/// Stages the bytes in pieces of a size that fits nothing.
pub async fn stage(batch: &mut Batch, bytes: &[u8]) -> Result<Staged, AppError> {
    let mut sheet = batch.start().await?;
    for piece in bytes.chunks(10_007) {
        sheet.write(piece).await?;
    }
    sheet.finish().await
}

pub async fn file(
    app: &App,
    caller: &LoanCaller<'_>,
    loan: &PublicId,
    papers: Vec<(Vec<u8>, &str, FilingDraft)>,
) -> Result<Vec<Filed>, AppError> {
    let mut batch = Batch::open(app).await?;
    let mut drafts = Vec::new();
    for (bytes, name, filing) in papers {
        let staged = stage(&mut batch, &bytes).await?;
        drafts.push(DocumentDraft::new(staged, name.to_owned(), filing));
    }
    batch.file(caller, loan, drafts).await
}

/// The bytes of a paper, or the fault its stream ends with and how much came before.
pub async fn fetch(download: Download) -> Result<Vec<u8>, (Fault, usize)> {
    let mut pieces = Box::pin(download.stream());
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(piece) => bytes.extend_from_slice(&piece),
            Err(fault) => return Err((fault, bytes.len())),
        }
    }
    Ok(bytes)
}

/// An obviously invented PDF of exactly so many bytes, with a text in it that tests look for.
pub fn pdf(text: &str, bytes: usize) -> Vec<u8> {
    let head = format!("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% {text} ");
    let tail = "\n%%EOF\n";
    let filling = bytes.checked_sub(head.len() + tail.len()).expect("room");
    let mut pdf = head.into_bytes();
    // Not all alike, so that pieces differ.
    pdf.extend((0..filling).map(|n| b'a' + u8::try_from(n / 977 % 26).expect("a letter")));
    pdf.extend_from_slice(tail.as_bytes());
    pdf
}

pub const fn misc() -> FilingDraft {
    FilingDraft::Loan(LoanDocType::Misc)
}

pub fn for_condition(condition: &ConditionLine, auto_satisfy: bool) -> FilingDraft {
    FilingDraft::Condition {
        id: condition.public_id.clone(),
        auto_satisfy,
    }
}
