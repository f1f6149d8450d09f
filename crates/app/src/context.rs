//! What every use case works with.

mod mailing;
mod papers;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use lintel_domain::id::{Instant, PUBLIC_ID_ALPHABET, PublicId, RowId};
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;
use lintel_store::fault::{Fault, FaultKind};
use tokio::sync::{OnceCell, Semaphore};

use crate::keys::{KeyRing, push_base62};
use crate::ports::{Blobs, Clock, Los, NoBlobs, NoLos, Rng};
use crate::pricing::Shelf;
use crate::search::SearchWriter;
use crate::session::SignInRules;
use mailing::Mailing;
use papers::Papers;

/// The application: the database, the keys, the outside, the rule book. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    keys: KeyRing,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    rules: RuleBook,
    /// Done once the tables of `rules` are kept beside the searches priced with them.
    rules_kept: OnceCell<()>,
    /// One permit per processor for work that would hold up the threads that answer requests.
    processors: Arc<Semaphore>,
    /// The books prices are made from, as this node knows them.
    shelf: Shelf,
    /// Writes searches, many at once.
    searches: SearchWriter,
    /// One permit per two processors for passwords: their hashes are slow on purpose, and prices
    /// must not wait for them.
    hashers: Arc<Semaphore>,
    /// How people sign in.
    sign_in_rules: OnceLock<SignInRules>,
    /// Where callers reach this installation.
    public_url: OnceLock<String>,
    /// Where pictures and documents are kept.
    blobs: OnceLock<Arc<dyn Blobs>>,
    /// How documents come in.
    papers: Papers,
    /// What loans are fetched with from lenders' own systems.
    los: OnceLock<Arc<dyn Los>>,
    /// How messages go out.
    mailing: Mailing,
}

/// How long heavy work may wait for a processor before its caller is told to come back.
const PROCESSOR_WAIT: Duration = Duration::from_secs(10);

impl App {
    /// Puts an application together from its parts.
    #[must_use]
    pub fn new(
        db: Db,
        keys: KeyRing,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        rules: RuleBook,
    ) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            inner: Arc::new(Inner {
                db,
                keys,
                clock,
                rng,
                rules,
                rules_kept: OnceCell::new(),
                processors: Arc::new(Semaphore::new(processors)),
                shelf: Shelf::default(),
                searches: SearchWriter::default(),
                hashers: Arc::new(Semaphore::new((processors / 2).max(1))),
                sign_in_rules: OnceLock::new(),
                public_url: OnceLock::new(),
                blobs: OnceLock::new(),
                papers: Papers::default(),
                los: OnceLock::new(),
                mailing: Mailing::default(),
            }),
        }
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// The key ring.
    #[must_use]
    pub fn keys(&self) -> &KeyRing {
        &self.inner.keys
    }

    /// The rule book: figures that change by decree.
    #[must_use]
    pub fn rules(&self) -> &RuleBook {
        &self.inner.rules
    }

    /// Keeps the rule book's tables in the database, once for each rule book: a search can be priced
    /// again after an operator replaced one.
    ///
    /// # Errors
    /// Any fault of the database; the next call tries again.
    pub(crate) async fn keep_rules(&self) -> Result<(), Fault> {
        let keep = || async {
            let book = self.rules();
            if lintel_store::rules::is_kept(self.db(), book.digest()).await? {
                return Ok(());
            }
            let mut tx = self.db().begin().await?;
            lintel_store::rules::keep_in(&mut tx, book.digest(), book.texts()).await?;
            tx.commit().await
        };
        self.inner
            .rules_kept
            .get_or_try_init(keep)
            .await
            .map(|_| ())
    }

    /// The source of random bytes.
    #[must_use]
    pub fn rng(&self) -> &dyn Rng {
        &*self.inner.rng
    }

    /// The books prices are made from.
    pub(crate) fn shelf(&self) -> &Shelf {
        &self.inner.shelf
    }

    /// The writer of searches.
    pub(crate) fn searches(&self) -> &SearchWriter {
        &self.inner.searches
    }

    /// The source of random bytes, for a task that outlives a request.
    pub(crate) fn shared_rng(&self) -> Arc<dyn Rng> {
        Arc::clone(&self.inner.rng)
    }

    /// Says where callers reach this installation, such as `https://loans.example.com`: links are
    /// made with it. Once, at start; saying it again changes nothing.
    pub fn set_public_url(&self, url: &str) {
        let _ = self
            .inner
            .public_url
            .set(url.trim_end_matches('/').to_owned());
    }

    /// Where callers reach this installation, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> Option<&str> {
        self.inner.public_url.get().map(String::as_str)
    }

    /// Says where pictures and documents are kept. Once, at start; saying it again changes nothing.
    pub fn set_blobs(&self, blobs: Arc<dyn Blobs>) {
        let _ = self.inner.blobs.set(blobs);
    }

    /// Where pictures and documents are kept. Until that is said, a store that refuses everything.
    #[must_use]
    pub fn blobs(&self) -> &dyn Blobs {
        self.inner.blobs.get().map_or(&NoBlobs, |blobs| &**blobs)
    }

    /// Says what loans are fetched with from lenders' own systems. Once, at start; saying it again
    /// changes nothing.
    pub fn set_los(&self, los: Arc<dyn Los>) {
        let _ = self.inner.los.set(los);
    }

    /// What loans are fetched with from lenders' own systems. Until that is said, something that
    /// reaches none.
    #[must_use]
    pub fn los(&self) -> &dyn Los {
        self.inner.los.get().map_or(&NoLos, |los| &**los)
    }

    /// Says how people sign in. Once, at start; saying it again changes nothing.
    pub fn set_sign_in_rules(&self, rules: SignInRules) {
        let _ = self.inner.sign_in_rules.set(rules);
    }

    /// How people sign in. Until that is said, as [`SignInRules::default`] has it.
    #[must_use]
    pub fn sign_in_rules(&self) -> SignInRules {
        self.inner.sign_in_rules.get().copied().unwrap_or_default()
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.inner.clock.now()
    }

    /// Does heavy work away from the threads that answer requests, as much of it at once as there
    /// are processors. The permit goes with the work, not with the caller: callers that hang up
    /// cannot pile it up.
    ///
    /// # Errors
    /// Busy when no processor becomes free in time; internal when the work crashed. The crash's own
    /// text is left out: it may quote what it stumbled over.
    pub async fn heavy<T: Send + 'static>(
        &self,
        what: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        away(&self.inner.processors, what, work).await
    }

    /// As [`App::heavy`], for passwords, which wait among themselves.
    ///
    /// # Errors
    /// As [`App::heavy`].
    pub(crate) async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        away(&self.inner.hashers, "hashing a password", work).await
    }

    /// A new row id: time-ordered, with 74 random bits.
    ///
    /// # Errors
    /// When no random bytes are to be had.
    pub fn row_id(&self) -> Result<RowId, Fault> {
        let mut random = [0_u8; 10];
        self.rng().fill(&mut random)?;
        let millis = u64::try_from(self.now().micros().div_euclid(1000)).unwrap_or(0);
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        Ok(RowId::new(id.to_string()))
    }

    /// A new public id.
    ///
    /// # Errors
    /// When no random bytes are to be had.
    pub fn public_id(&self) -> Result<PublicId, Fault> {
        loop {
            // Sixteen bytes give eight fair characters all but never in vain; then draw again.
            let mut random = [0_u8; 16];
            self.rng().fill(&mut random)?;
            if let Some(id) = PublicId::from_random(&random) {
                return Ok(id);
            }
        }
    }

    /// A random text of capital letters and digits, as public ids are made of.
    ///
    /// # Errors
    /// When no random bytes are to be had.
    pub fn code(&self, length: usize) -> Result<String, Fault> {
        random_code(self.rng(), length)
    }

    /// A random text of base 62.
    ///
    /// # Errors
    /// When no random bytes are to be had.
    pub fn secret_base62(&self, length: usize) -> Result<String, Fault> {
        let mut text = String::with_capacity(length);
        while text.len() < length {
            let mut random = [0_u8; 64];
            self.rng().fill(&mut random)?;
            push_base62(&mut text, &random, length);
        }
        Ok(text)
    }
}

/// Waits for a permit, then does the work where it holds nobody up.
async fn away<T: Send + 'static>(
    permits: &Arc<Semaphore>,
    what: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    let wait = Arc::clone(permits).acquire_owned();
    let permit = match tokio::time::timeout(PROCESSOR_WAIT, wait).await {
        Ok(Ok(permit)) => permit,
        Ok(Err(_)) | Err(_) => {
            return Err(Fault::new(
                FaultKind::Busy,
                format!("{what}: no processor free"),
            ));
        }
    };
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        work()
    })
    .await
    .map_err(|_| Fault::internal(format!("{what} crashed")))
}

/// Waits for work with the database that nobody else bounds, at most so long: a connection may be
/// dead without anybody having said so, and the network finds out only after a quarter of an hour.
pub(crate) async fn within<T>(
    longest: Duration,
    what: &str,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    match tokio::time::timeout(longest, work).await {
        Ok(result) => result,
        Err(_) => Err(Fault::new(
            FaultKind::Unavailable,
            format!("{what}: no answer within {} s", longest.as_secs()),
        )),
    }
}

/// A random text of capital letters and digits.
pub(crate) fn random_code(rng: &dyn Rng, length: usize) -> Result<String, Fault> {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let mut random = [0_u8; 16];
        rng.fill(&mut random)?;
        // 252 is the largest multiple of 36 below 256: every character stays equally likely.
        let fair = random.iter().filter(|byte| **byte < 252);
        let letters = PUBLIC_ID_ALPHABET;
        text.extend(
            fair.take(length - text.len())
                .map(|byte| char::from(letters[usize::from(*byte) % letters.len()])),
        );
    }
    Ok(text)
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("database", &self.db().kind())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let never = std::future::pending::<Result<(), Fault>>();
        let fault = within(Duration::from_millis(1), "storing", never).await;
        assert_eq!(fault.map_err(|f| f.kind()), Err(FaultKind::Unavailable));
        let at_once = std::future::ready(Ok::<_, Fault>(7));
        assert_eq!(
            within(Duration::from_secs(1), "storing", at_once)
                .await
                .ok(),
            Some(7)
        );
    }
}
