//! What comes of looking at a watch.

use std::sync::Arc;

use lintel_app::context::App;
use lintel_app::message::{MailDraft, is_sendable};
use lintel_app::pricing::OrgBook;
use lintel_app::search::again::{Today, Wish};
use lintel_domain::id::Instant;
use lintel_domain::watch::{WatchKind, WatchState};
use lintel_engine::date::Date;
use lintel_store::fault::Fault;
use lintel_store::watch::StoredWatch;

use super::is_in_time;
use super::letter::Writer;
use super::orgs::Orgs;
use super::price::{self, Priced};
use crate::known::{self, Known};
use crate::products::{self, Names};
use crate::when::Schedule;

/// What watches are looked at with.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) app: App,
    pub(super) book: Arc<OrgBook>,
    /// The state of the prices in the book.
    pub(super) prices: i64,
    pub(super) day: Date,
    pub(super) orgs: Arc<Orgs>,
    pub(super) now: Instant,
}

/// A watch that was looked at.
#[derive(Debug)]
pub(super) struct Judged {
    /// As it is to be written when nothing is told.
    pub(super) watch: StoredWatch,
    /// What there is to tell.
    pub(super) news: Option<News>,
}

/// What is told, and what is known then.
#[derive(Debug)]
pub(super) struct News {
    pub(super) known: String,
    pub(super) draft: MailDraft,
}

impl Scene {
    /// Looks at watches in their order.
    pub(super) fn judge_all(&self, watches: Vec<StoredWatch>) -> Result<Vec<Judged>, Fault> {
        let today = Today::try_new(self.app.rules(), &self.book, self.day)?;
        let names = Names::of(&self.book.book.catalogue);
        let mut priced = Priced::new();
        let found: Vec<_> = watches
            .iter()
            .map(|watch| self.found_or_logged(watch, (&today, &names), &mut priced))
            .collect::<Result<_, Fault>>()?;
        let judged = watches.into_iter().zip(found);
        Ok(judged
            .map(|(watch, found)| self.moved_on(watch, found))
            .collect())
    }

    /// A watch that cannot be read, or whose letter cannot be written, holds up no other one.
    fn found_or_logged<'a>(
        &self,
        watch: &'a StoredWatch,
        prices: (&Today<'_>, &Names),
        priced: &mut Priced<'a>,
    ) -> Result<Found, Fault> {
        match self.found(watch, prices, priced) {
            Err(fault) if !fault.kind().is_retryable() => {
                let id = &watch.id;
                tracing::error!(%id, error = fault.chain(), "a rate watch is passed over");
                Ok(Found::default())
            }
            other => other,
        }
    }

    fn found<'a>(
        &self,
        watch: &'a StoredWatch,
        (today, names): (&Today<'_>, &Names),
        priced: &mut Priced<'a>,
    ) -> Result<Found, Fault> {
        let id = watch.id.as_str();
        let Some(org) = self.orgs.get(&watch.org_id) else {
            return Err(Fault::internal(
                "an organisation of a rate watch is missing",
            ));
        };
        // An address older rules let through must not keep a whole batch from being written.
        let is_told = !org.is_silent && is_sendable(&watch.email);
        if !is_told || !is_in_time(watch, self.now) {
            return Ok(Found::default());
        }
        let wish = Wish::read(&watch.search);
        let wish = wish.ok_or_else(|| Fault::corrupt("rate_watch", "search", id))?;
        let watched = products::read(&watch.products, id)?;
        let known = Known::read(&watch.known, watched.len(), id)?;
        let search = (watch.search.as_str(), &wish);
        let now = price::best(today, names, search, &watched, priced)?;
        let look = match watch.kind {
            WatchKind::Regular => known::regular(&known, &now),
            WatchKind::RateTarget => known::targets(&known, &watched, &now),
        };
        let draft = if look.is_news() {
            let writer = Writer {
                app: &self.app,
                org,
                watch,
                wish: &wish,
                watched: &watched,
                now: self.now,
            };
            Some(writer.draft(&look)?)
        } else {
            None
        };
        Ok(Found {
            silence: Some(look.after_silence.write()),
            news: draft.map(|draft| News {
                known: look.after_told.write(),
                draft,
            }),
        })
    }

    /// The watch as it goes on.
    fn moved_on(&self, mut watch: StoredWatch, found: Found) -> Judged {
        let next = Schedule::of(&watch).next_after(self.now);
        watch.next_at = match (next, watch.expires_at) {
            (Some(next), Some(end)) if next > end => match watch.kind {
                // What may be reached at any time is looked at until the last instant.
                WatchKind::RateTarget => Some(end).filter(|end| *end > self.now),
                WatchKind::Regular => None,
            },
            (next, _) => next,
        };
        if watch.next_at.is_none() {
            watch.state = WatchState::Expired;
        }
        watch.prices = self.prices;
        if let Some(known) = found.silence {
            watch.known = known;
        }
        Judged {
            watch,
            news: found.news,
        }
    }
}

/// What looking found: nothing, when there was no looking.
#[derive(Default)]
struct Found {
    silence: Option<String>,
    news: Option<News>,
}
