//! Echo: one real delivery, now, to see whether a receiver is put together well.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::callback::NotificationType;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::intermediary::Partner;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_macros::boxed;
use lintel_store::callback;
use serde_json::Value;

use crate::deliver::{body, count, outgoing};
use crate::notice::About;
use crate::office::Office;
use crate::port::Reply;
use crate::register::{not_found, whose};
use crate::throttle::{Counted, throttled};

/// What came of an echo.
#[derive(Debug, Clone)]
pub struct Echoed {
    /// The id it was sent under.
    pub id: RowId,
    /// When it was sent.
    pub at: Instant,
    /// What came back.
    pub reply: Reply,
}

/// Sends one signed delivery with these data to where the type is told, whether that is on or off, and
/// says what came back. Nothing is kept, and nothing is tried again.
///
/// # Errors
/// Not found when the process or simulation is not the partner's, or nothing is registered for the
/// type; denied for a while after too many; any fault of the database.
#[boxed]
pub async fn echo(
    app: &App,
    office: &Office,
    partner: &Partner,
    kind: NotificationType,
    about: &About,
    data: &Value,
) -> Result<Echoed, AppError> {
    owned(app, partner, about).await?;
    let registration = callback::load(app.db(), &whose(partner, kind)).await?;
    let registration = registration.ok_or_else(not_found)?;
    throttled(app, partner, Counted::Echo).await?;
    let (id, at) = (app.row_id()?, app.now());
    let body = body(office.render(), kind, at, data)
        .to_string()
        .into_bytes();
    let reply = match outgoing(app, office, &registration, &id, at, body)? {
        Some(call) => office.port().call(&call).await,
        None => Reply::none(
            lintel_domain::callback::AttemptOutcome::NotPublic,
            std::time::Duration::ZERO,
        ),
    };
    count(kind, &reply);
    Ok(Echoed { id, at, reply })
}

async fn owned(app: &App, partner: &Partner, about: &About) -> Result<(), AppError> {
    let (db, org, whose) = (app.db(), &partner.org_id, &partner.intermediary_id);
    let (is_owned, what) = match about {
        About::Simulation(id) => {
            let found = callback::owns_simulation(db, org, whose, id).await?;
            (found, Noun::Simulation)
        }
        About::Process(id) => {
            let found = callback::owns_process(db, org, whose, id).await?;
            (found, Noun::Process)
        }
    };
    is_owned
        .then_some(())
        .ok_or_else(|| Refusal::NotFound { what }.into())
}
