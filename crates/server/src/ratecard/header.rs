//! `card.json`: what a card is, written before its first part.
//!
//! Whoever comes later, to go on or to take a share, prices exactly this: the same lender, prices of
//! the same generation and instant, the same tables and the same program. Anything else is another
//! card and belongs elsewhere.

use lintel_app::admin;
use lintel_app::context::App;
use lintel_app::pricing::{self, OrgBook};
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::Trouble;
use super::moment;
use super::sink::{Put, Sink};
use super::spec::Spec;

/// Its name.
pub(super) const CARD: &str = "card.json";
/// The form of the files of a card. A program that writes another form counts on.
const FORM: u32 = 2;

/// What a card is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) form: u32,
    /// Name and version of the program.
    pub(super) program: String,
    /// lenderID.
    pub(super) lender: String,
    pub(super) lender_name: String,
    /// The newest change of the lender's prices that counts …
    pub(super) generation: i64,
    /// … and the moment they are those of.
    pub(super) priced_at: String,
    /// SHA-256 of the tables that change by decree.
    pub(super) rules_digest: String,
    pub(super) spec: Spec,
}

impl Header {
    /// A card of a lender's prices.
    pub(super) fn new(
        app: &App,
        org: &Organisation,
        (generation, priced_at): (i64, Instant),
        spec: Spec,
    ) -> Result<Self, Trouble> {
        let beyond = || Trouble::told("the clock is beyond the dates there are");
        Ok(Self {
            form: FORM,
            program: program(),
            lender: org.public_id.as_str().to_owned(),
            lender_name: org.name.clone(),
            generation,
            priced_at: moment::text(priced_at).ok_or_else(beyond)?,
            rules_digest: app.rules().digest().to_owned(),
            spec,
        })
    }

    /// The moment the prices are those of.
    pub(super) fn instant(&self) -> Result<Instant, Trouble> {
        let unreadable = || Trouble::Told(format!("{CARD}: priced_at cannot be read"));
        moment::parse(&self.priced_at).ok_or_else(unreadable)
    }

    /// The text of `card.json`.
    pub(super) fn text(&self) -> Result<Vec<u8>, Trouble> {
        json(self)
    }

    fn parse(text: &[u8]) -> Result<Self, Trouble> {
        serde_json::from_slice(text).map_err(|error| {
            Trouble::Told(format!(
                "{CARD} was not written by this program, or by another version of it: {error}"
            ))
        })
    }

    /// Why this program cannot go on with the card, if it cannot.
    fn check(&self, app: &App) -> Result<(), Trouble> {
        let other = |what: &str| {
            Err(Trouble::Told(format!(
                "the card was begun {what}; its parts would not fit together. Begin a card elsewhere"
            )))
        };
        if self.form != FORM || self.program != program() {
            return other(&format!("with {}, and this is {}", self.program, program()));
        }
        if self.rules_digest != app.rules().digest() {
            return other("with other tables of the rule book");
        }
        Ok(())
    }
}

fn program() -> String {
    format!("lintel {}", env!("CARGO_PKG_VERSION"))
}

/// Readable JSON with a newline at its end.
pub(super) fn json(value: &impl Serialize) -> Result<Vec<u8>, Trouble> {
    let text = serde_json::to_vec_pretty(value);
    let mut text = text.map_err(|error| Trouble::Told(format!("cannot be written: {error}")))?;
    text.push(b'\n');
    Ok(text)
}

/// Finds a lender by its lenderID.
pub(super) async fn find_lender(app: &App, lender: &str) -> Result<Organisation, Trouble> {
    let missing = Refusal::NotFound {
        what: Noun::Organisation,
    };
    let id = PublicId::parse(lender.trim()).ok_or(missing)?;
    Ok(admin::find_organisation(app, &id).await?)
}

/// The card that lies in a place, if one was begun there.
pub(super) async fn find(app: &App, sink: &Sink) -> Result<Option<Header>, Trouble> {
    let Some(text) = sink.read(CARD).await? else {
        return Ok(None);
    };
    let header = Header::parse(&text)?;
    header.check(app)?;
    Ok(Some(header))
}

/// Begins a card. When somebody else has begun one in the meantime, theirs counts.
pub(super) async fn begin(app: &App, sink: &Sink, card: &Header) -> Result<Header, Trouble> {
    match sink.put_if_absent(CARD, card.text()?).await? {
        Put::Written | Put::AlreadyThere { same: true } => Ok(card.clone()),
        Put::AlreadyThere { same: false } => {
            let gone = || Trouble::Told(format!("{sink}: {CARD} was there and is gone"));
            find(app, sink).await?.ok_or_else(gone)
        }
    }
}

impl Header {
    /// Refuses to take this card, which lies in a place, for the wanted one unless lender and
    /// specification are the same, and the moment if one was asked for.
    pub(super) fn must_be(
        &self,
        wanted: &Self,
        at: Option<Instant>,
        sink: &Sink,
    ) -> Result<(), Trouble> {
        if self.lender != wanted.lender || self.spec != wanted.spec {
            return Err(Trouble::Told(format!(
                "{sink} holds a card with another specification (see its {CARD}); a card is never \
                 changed, so give another place"
            )));
        }
        if at.is_some_and(|at| self.instant().ok() != Some(at)) {
            return Err(Trouble::Told(format!(
                "{sink} holds a card of {}; give another place for another moment",
                self.priced_at
            )));
        }
        Ok(())
    }
}

/// The prices of a card.
pub(super) async fn book(
    app: &App,
    org: &Organisation,
    header: &Header,
) -> Result<Arc<OrgBook>, Trouble> {
    let at = header.instant()?;
    Ok(pricing::book_at(app, org.lender_id(), header.generation, at).await?)
}
