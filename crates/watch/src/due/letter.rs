//! The mails watches come to.

use lintel_app::context::App;
use lintel_app::message::{MailDraft, Mailbox};
use lintel_app::search::again::Wish;
use lintel_domain::id::Instant;
use lintel_domain::loan::Purpose;
use lintel_domain::watch::WatchKind;
use lintel_engine::rate::Pct;
use lintel_letters::figures::short_money;
use lintel_letters::{
    Letter, RateChange, RateReached, RateRow, RateUpdate, ReachedRow, escaped, plain_name, render,
};
use lintel_store::fault::Fault;
use lintel_store::watch::StoredWatch;

use super::orgs::Org;
use crate::known::{Change, Look, News};
use crate::products::Watched;
use crate::token::{self, page_path, stop_path};
use crate::when::day_text;

/// Who has the mails written, as messages name it.
pub(super) const WRITTEN_BY: &str = "rate watch";

/// What a mail is written from.
pub(super) struct Writer<'a> {
    pub(super) app: &'a App,
    pub(super) org: &'a Org,
    pub(super) watch: &'a StoredWatch,
    pub(super) wish: &'a Wish,
    pub(super) watched: &'a [Watched],
    pub(super) now: Instant,
}

impl Writer<'_> {
    /// The mail that tells what a look found.
    pub(super) fn draft(&self, look: &Look) -> Result<MailDraft, Fault> {
        let base = self.app.public_url();
        let base = base.ok_or_else(|| Fault::internal("the public address is not known"))?;
        let token = token::of(self.app, &self.watch.token_key, &self.watch.id)?;
        let page = format!("{base}{}", page_path(&token));
        let mut draft = match self.watch.kind {
            WatchKind::Regular => self.rendered(&self.update(look, &page))?,
            WatchKind::RateTarget => self.rendered(&self.reached(look, &page))?,
        };
        let stop = format!("{base}{}", stop_path(&token));
        draft.secrets = vec![escaped(&page), page, token];
        draft.unsubscribe = Some(stop);
        Ok(draft)
    }

    fn rendered<L: Letter>(&self, letter: &L) -> Result<MailDraft, Fault> {
        let written = render(&self.org.brand, letter);
        let written = written.map_err(|error| {
            Fault::internal("a letter about rates could not be written").caused_by(error)
        })?;
        let watch = self.watch;
        let name = plain_name(&format!("{} {}", watch.first_name, watch.last_name));
        let to = Mailbox {
            name: name.unwrap_or_default(),
            email: watch.email.clone(),
        };
        Ok(MailDraft::new(
            L::KIND,
            to,
            written.subject,
            written.text,
            Some(written.html),
            WRITTEN_BY,
        ))
    }

    fn update(&self, look: &Look, page: &str) -> RateUpdate {
        RateUpdate {
            first_name: plain_name(&self.watch.first_name),
            as_of: self.day(self.now),
            search: self.search(),
            rows: look.news.iter().map(|news| self.row(news)).collect(),
            gone: look.gone.iter().map(|place| self.name(*place)).collect(),
            manage_url: page.to_owned(),
            stop_url: page.to_owned(),
            until: self.watch.expires_at.map(|end| self.day(end)),
        }
    }

    fn reached(&self, look: &Look, page: &str) -> RateReached {
        RateReached {
            first_name: plain_name(&self.watch.first_name),
            as_of: self.day(self.now),
            search: self.search(),
            rows: look
                .news
                .iter()
                .map(|news| ReachedRow {
                    wanted: self.wanted(news.place),
                    row: self.row(news),
                })
                .collect(),
            manage_url: page.to_owned(),
            stop_url: page.to_owned(),
            until: self.watch.expires_at.map(|end| self.day(end)),
        }
    }

    fn day(&self, at: Instant) -> String {
        day_text(self.watch.timezone, at)
    }

    fn name(&self, place: usize) -> String {
        let watched = self.watched.get(place);
        watched.map_or_else(String::new, |one| one.name.clone())
    }

    fn wanted(&self, place: usize) -> Pct {
        let watched = self.watched.get(place);
        watched
            .and_then(|one| one.desired_rate)
            .unwrap_or(Pct::ZERO)
    }

    fn row(&self, news: &News) -> RateRow {
        RateRow {
            product: self.name(news.place),
            rate: news.now.note_rate,
            apr: Some(news.now.apr),
            points: news.now.points,
            payment: Some(news.now.payment),
            change: match news.change {
                Change::First => None,
                Change::New => Some(RateChange::New),
                Change::Same => Some(RateChange::Same),
                Change::Moved { rate, points } => Some(RateChange::Moved { rate, points }),
            },
        }
    }

    /// "Purchase in 92649, loan of $300,000, home of $400,000".
    fn search(&self) -> String {
        let scenario = self.wish.scenario();
        let purpose = match scenario.purpose {
            Purpose::Purchase => "Purchase",
            Purpose::Refinance => "Refinance",
            Purpose::RefinanceCashOut => "Cash-out refinance",
        };
        let loan = short_money(scenario.loan_amount);
        let home = short_money(scenario.home_price);
        format!(
            "{purpose} in {}, loan of {loan}, home of {home}",
            self.wish.zip()
        )
    }
}
