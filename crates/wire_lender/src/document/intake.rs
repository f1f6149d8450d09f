//! Takes the contents of an upload while its body comes: decodes them and hands them to the
//! application, as far as the caller may bring any.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use lintel_app::auth::{Principal, authenticate};
use lintel_app::document::{Batch, Sheet, Staged};
use lintel_app::error::AppError;
use lintel_domain::credential::{KeyPair, is_token_shaped};
use lintel_domain::document::DOCUMENTS_AT_ONCE;
use lintel_edge::{Base64, Begin, Deadline, Sink, SoFar, StreamBounds, Wanted};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::call::{Face, names_a_secret};
use crate::error::LenderError;
use crate::refusal::lender_error;
use crate::reply::Format;

/// Where the contents of an upload are.
pub const WANTED: Wanted = Wanted {
    field: "data",
    lists: &["documents", "uploads"],
    member: "fileContent",
    files: &[],
    known: &["apiID", "apiKey", "accessToken", "format"],
};

/// Most bytes of a call beside its contents.
const GATHERED_BYTES: usize = 1024 * 1024;
/// How much longer than a body the whole call may take.
const FOR_THE_WORK: Duration = Duration::from_secs(30);

/// One at a time may bring a content before its credentials: until they come, nobody knows whose they
/// are, and the places among the uploads are for those who said so first.
#[derive(Debug, Clone)]
pub struct Strangers(Arc<Semaphore>);

impl Default for Strangers {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

/// What became of one content.
#[derive(Debug)]
pub enum Paper {
    /// It came in whole.
    Staged(Staged),
    /// It is not base64.
    NotBase64,
    /// It was thrown away: there were too many, or the caller was refused.
    NotTaken,
}

/// Who brings the contents, as far as that is known.
enum Caller {
    /// Nothing was said yet.
    Unknown,
    /// Credentials that are good, and what was sent.
    Known(KeyPair, String, Box<Principal>),
    /// Credentials that are not, and what is to be said of them. The contents are thrown away; the
    /// answer follows at the end.
    Refused(LenderError),
}

/// The contents of one call.
pub struct Intake {
    face: Face,
    deadline: Option<Deadline>,
    has_credentials_in_query: bool,
    format: Option<Format>,
    caller: Caller,
    stranger: Option<OwnedSemaphorePermit>,
    batch: Option<Batch>,
    current: Option<Current>,
    papers: Vec<Paper>,
    decoded: Vec<u8>,
}

/// The content that is coming.
struct Current {
    decoder: Base64,
    sheet: Sheet,
}

impl Intake {
    /// Nothing has come yet.
    pub fn new(face: &Face, request: &Request) -> Self {
        Self {
            face: face.clone(),
            deadline: request.extensions().get::<Deadline>().cloned(),
            has_credentials_in_query: request.uri().query().is_some_and(names_a_secret),
            format: None,
            caller: Caller::Unknown,
            stranger: None,
            batch: None,
            current: None,
            papers: Vec::new(),
            decoded: Vec::new(),
        }
    }

    /// How large a call may be.
    pub fn bounds(&self) -> StreamBounds {
        StreamBounds {
            body_bytes: self.face.app.document_rules().request_bytes,
            gathered_bytes: GATHERED_BYTES,
        }
    }

    /// Who calls, by the credentials of the finished form. Contents that came under others count for
    /// nothing: such a call is malformed.
    pub async fn principal(
        &mut self,
        pair: &KeyPair,
        token: &str,
    ) -> Result<Principal, LenderError> {
        match &self.caller {
            Caller::Known(known, its_token, principal) => {
                // The caller sent both, so how long the comparison takes tells nobody anything.
                let is_same = known.api_id == pair.api_id
                    && known.api_key == pair.api_key
                    && its_token == token;
                return is_same
                    .then(|| Principal::clone(principal))
                    .ok_or_else(LenderError::credentials_format);
            }
            Caller::Unknown | Caller::Refused(_) => {}
        }
        let principal = authenticate(&self.face.app, pair, token).await;
        let principal = principal.map_err(|e| lender_error(&e))?;
        match self.caller {
            Caller::Refused(_) => Err(LenderError::credentials_format()),
            Caller::Unknown | Caller::Known(..) => Ok(principal),
        }
    }

    /// The papers by their numbers.
    pub fn take_papers(&mut self) -> Vec<Option<Paper>> {
        std::mem::take(&mut self.papers)
            .into_iter()
            .map(Some)
            .collect()
    }

    /// The batch they are in; one of its own for a call without contents.
    pub async fn take_batch(&mut self) -> Result<Batch, LenderError> {
        match self.batch.take() {
            Some(batch) => Ok(batch),
            None => self.open().await,
        }
    }

    /// A place among the uploads: among those of the caller, once that is known.
    async fn open(&mut self) -> Result<Batch, LenderError> {
        let app = &self.face.app;
        let opened = match &self.caller {
            Caller::Known(_, _, principal) => Batch::open_for(app, &principal.org.id).await,
            Caller::Unknown | Caller::Refused(_) => Batch::open(app).await,
        };
        opened.map_err(|e| lender_error(&e))
    }

    /// What is to be said of bad credentials when the body is too long or too slow to be read to its
    /// end: that is what its sender has to know.
    pub fn refusal(&self) -> Option<(LenderError, Format)> {
        match &self.caller {
            Caller::Refused(error) => Some((error.clone(), self.format.unwrap_or(Format::Json))),
            Caller::Unknown | Caller::Known(..) => None,
        }
    }

    /// Throws everything away that was not taken.
    pub async fn discard(self) {
        drop(self.current);
        if let Some(batch) = self.batch {
            batch.discard().await;
        }
    }

    /// Looks at the credentials, once all of them have come.
    async fn identify(&mut self, so_far: SoFar<'_>) -> Result<(), LenderError> {
        let Caller::Unknown = self.caller else {
            return Ok(());
        };
        let texts = (
            so_far.text("apiID"),
            so_far.text("apiKey"),
            so_far.text("accessToken"),
        );
        let (Some(id), Some(key), Some(token)) = texts else {
            return Ok(());
        };
        self.format = so_far.text("format").and_then(Format::parse);
        let pair = KeyPair::parse(id, key).filter(|_| !self.has_credentials_in_query);
        let Some(pair) = pair else {
            self.refuse(LenderError::credentials_format()).await;
            return Ok(());
        };
        if !is_token_shaped(token) {
            self.refuse(LenderError::token_format()).await;
            return Ok(());
        }
        match authenticate(&self.face.app, &pair, token).await {
            Ok(principal) => {
                self.stranger = None;
                if let Some(batch) = &mut self.batch {
                    let counted = batch.belongs_to(&principal.org.id);
                    counted.map_err(|e| lender_error(&e))?;
                }
                // Only now: whoever does not say who it is has no more time than anybody.
                let longest = self.face.app.document_rules().longest;
                if let Some(deadline) = &self.deadline {
                    deadline.extend(longest.saturating_add(FOR_THE_WORK));
                }
                self.caller = Caller::Known(pair, token.to_owned(), Box::new(principal));
            }
            Err(error @ (AppError::Refused(_) | AppError::Document(_))) => {
                self.refuse(lender_error(&error)).await;
            }
            Err(error @ AppError::Failed(_)) => return Err(lender_error(&error)),
        }
        Ok(())
    }

    async fn refuse(&mut self, error: LenderError) {
        self.caller = Caller::Refused(error);
        self.stranger = None;
        for paper in &mut self.papers {
            *paper = Paper::NotTaken;
        }
        if let Some(batch) = self.batch.take() {
            batch.discard().await;
        }
    }

    /// Where the next content goes.
    async fn sheet(&mut self) -> Result<Sheet, LenderError> {
        if matches!(self.caller, Caller::Unknown) {
            // One document, and a sheet keeps no more of it than a document may have.
            if !self.papers.is_empty() {
                return Err(LenderError::busy());
            }
            let strangers = Arc::clone(&self.face.strangers.0);
            let place = strangers.try_acquire_owned();
            self.stranger = Some(place.map_err(|_| LenderError::busy())?);
        }
        let mut batch = self.take_batch().await?;
        let sheet = batch.start().await;
        self.batch = Some(batch);
        sheet.map_err(|e| lender_error(&e))
    }

    /// The content is none: what came of it is thrown away, and so is the rest.
    fn not_base64(&mut self) {
        self.current = None;
        self.decoded.clear();
        self.papers.push(Paper::NotBase64);
    }
}

impl Sink for Intake {
    type Error = LenderError;

    async fn begin(&mut self, begin: &Begin, so_far: SoFar<'_>) -> Result<(), LenderError> {
        self.identify(so_far).await?;
        // Papers are in the order of their numbers; one whose content stopped being read is there.
        let is_taken =
            begin.index < DOCUMENTS_AT_ONCE && !matches!(self.caller, Caller::Refused(_));
        if is_taken {
            self.current = Some(Current {
                sheet: self.sheet().await?,
                decoder: Base64::new(begin.is_urlencoded),
            });
        } else {
            self.papers.push(Paper::NotTaken);
        }
        Ok(())
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), LenderError> {
        let Some(current) = &mut self.current else {
            return Ok(());
        };
        if current.decoder.push(bytes, &mut self.decoded).is_err() {
            self.not_base64();
            return Ok(());
        }
        let written = current.sheet.write(&self.decoded).await;
        self.decoded.clear();
        written.map_err(|e| lender_error(&e))
    }

    async fn end(&mut self) -> Result<(), LenderError> {
        let Some(Current { decoder, mut sheet }) = self.current.take() else {
            return Ok(());
        };
        if decoder.finish(&mut self.decoded).is_err() {
            self.not_base64();
            return Ok(());
        }
        let written = sheet.write(&self.decoded).await;
        self.decoded.clear();
        written.map_err(|e| lender_error(&e))?;
        let staged = sheet.finish().await.map_err(|e| lender_error(&e))?;
        self.papers.push(Paper::Staged(staged));
        Ok(())
    }
}
