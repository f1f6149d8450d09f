//! What every use case works with.

use std::sync::Arc;

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_store::db::Db;
use lintel_store::fault::Fault;

use crate::keys::{KeyRing, push_base62};
use crate::ports::{Clock, Rng};
use crate::rule_book::RuleBook;

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
}

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
        Self {
            inner: Arc::new(Inner {
                db,
                keys,
                clock,
                rng,
                rules,
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

    /// The source of random bytes.
    #[must_use]
    pub fn rng(&self) -> &dyn Rng {
        &*self.inner.rng
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.inner.clock.now()
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

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("database", &self.db().kind())
            .finish_non_exhaustive()
    }
}
