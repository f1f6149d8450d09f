//! Recognising what a lender sends about a broker when it comes again. Partners send the same at every
//! log-in; what was changed here meanwhile must outlive that.

use lintel_domain::entry::Entry;
use lintel_domain::organisation::Organisation;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::setup::{self, Sent as Stored};

use super::broker::Sent;
use crate::context::App;
use crate::keys::Purpose;

const PURPOSE: Purpose = Purpose::SetupSent;

/// The two parts of what was sent, as texts that are the same for the same parts. They hold personal
/// data, and leave this file as keyed hashes only.
pub(super) struct Prints {
    company: String,
    people: String,
}

impl Prints {
    /// Of what was sent. People may come in any order.
    ///
    /// The texts are those of the types: a version of Lintel that knows more of a company or a person
    /// takes what comes after its installation for something new, once.
    pub fn new(broker: &Organisation, sent: &Sent) -> Self {
        let id = broker.id.as_str();
        let tax_id = match &sent.company.tax_id {
            Entry::Given(number) => number.expose().as_str(),
            // Told apart in the text of the company.
            Entry::Absent | Entry::Unreadable => "",
        };
        let (company, pictures) = (&sent.company, sent.pictures.names());
        let mut people: Vec<String> = sent.people.iter().map(|p| format!("{p:?}")).collect();
        people.sort_unstable();
        Self {
            company: format!("company|{id}|{company:?}|{tax_id:?}|{pictures:?}"),
            people: format!("people|{id}|{people:?}"),
        }
    }

    /// Whether the company is as it was sent last.
    pub fn is_company(&self, app: &App, last: &Stored) -> bool {
        is(app, &self.company, last.company.as_deref())
    }

    /// Whether the people are as they were sent last.
    pub fn are_people(&self, app: &App, last: &Stored) -> bool {
        is(app, &self.people, last.people.as_deref())
    }

    /// Notes what was sent, if it is something else than last time.
    #[boxed]
    pub async fn note_in(
        &self,
        app: &App,
        tx: &mut Tx,
        broker: &Organisation,
        last: &Stored,
    ) -> Result<(), Fault> {
        if self.is_company(app, last) && self.are_people(app, last) {
            return Ok(());
        }
        let print = |text: &str| app.keys().fingerprint(PURPOSE, text.as_bytes());
        let sent = Stored {
            company: Some(print(&self.company)?),
            people: Some(print(&self.people)?),
        };
        setup::set_sent_in(tx, &broker.id, &sent).await
    }
}

fn is(app: &App, text: &str, last: Option<&[u8]>) -> bool {
    last.is_some_and(|last| app.keys().is_fingerprint_of(PURPOSE, text.as_bytes(), last))
}
