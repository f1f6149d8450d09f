//! Finding people by a part of a name or an address.

use lintel_domain::organisation::Organisation;
use lintel_macros::boxed;
use lintel_store::staff::{self, Wanted};

use super::{PAGE_MAX, PeoplePage};
use crate::context::App;
use crate::error::AppError;

/// Longest text looked for; nobody's name is longer.
const TEXT_MAX_CHARS: usize = 200;

/// What to look for.
#[derive(Debug, Clone, Default)]
pub struct PeopleQuery {
    /// A part of the name or the address, whatever its case; `None` for everybody.
    pub text: Option<String>,
    /// Whether to be switched on; `None` for both.
    pub is_active: Option<bool>,
    /// Most people of the answer; at most 200.
    pub limit: u32,
    /// How many to leave out before.
    pub offset: u32,
}

/// Finds an organisation's people: who is switched on first, then by name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn search(
    app: &App,
    org: &Organisation,
    query: PeopleQuery,
) -> Result<PeoplePage, AppError> {
    let text: String = query.text.unwrap_or_default();
    let text: String = text.trim().chars().take(TEXT_MAX_CHARS).collect();
    let is_active = query.is_active;
    let wanted = Wanted {
        text: &text,
        is_active,
    };
    let page = (query.limit.min(PAGE_MAX), query.offset);
    Ok(PeoplePage {
        total: staff::search_count(app.db(), &org.id, wanted).await?,
        people: staff::search(app.db(), &org.id, wanted, page).await?,
    })
}
