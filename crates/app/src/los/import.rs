//! A loan is fetched from its organisation's own system, and then arrives like any other.

use lintel_macros::boxed;
use std::fmt;

use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Field, Noun, Refusal};

use super::connector;
use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;
use crate::loan::{self, Created, NewLoan, check_los_loan_id, create};
use crate::ports::{LosCall, LosFault, LosFaultKind, LosLoan};

/// Longest other number of a loan.
const GUID_MAX_CHARS: usize = 100;

/// A loan to be fetched.
#[derive(Debug, Clone, Default)]
pub struct ImportLoan {
    /// Its number in the organisation's system, and from then on here.
    pub los_id: String,
    /// Its other number, if the system has one.
    pub guid: Option<String>,
    /// Whether the borrowers are to be invited.
    pub notify: bool,
    /// Mail address of the loan officer it is given to, instead of whom the document names.
    pub officer_email: Option<String>,
}

/// Why no loan came of it.
#[derive(Debug)]
pub enum ImportError {
    /// As when a loan is handed in; or the organisation is not connected, or its system has no such
    /// loan.
    App(AppError),
    /// The system gave no document.
    Los(LosFault),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App(_) => f.write_str("the loan was not taken in"),
            Self::Los(_) => f.write_str("the loan could not be fetched"),
        }
    }
}

impl std::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::App(error) => Some(error),
            Self::Los(fault) => Some(fault),
        }
    }
}

impl<E: Into<AppError>> From<E> for ImportError {
    fn from(error: E) -> Self {
        Self::App(error.into())
    }
}

/// Fetches a loan and takes it in. The same number again fetches again: the same document changes
/// nothing, another one replaces an untouched loan.
///
/// # Errors
/// Refused when a number or the officer cannot be used, the organisation has no connector, or its
/// system no such loan; a fault of the system; and everything that handing in a loan can come to.
#[boxed]
pub async fn import(
    app: &App,
    principal: &Principal,
    wanted: ImportLoan,
) -> Result<Created, ImportError> {
    check_los_loan_id(&wanted.los_id)?;
    if wanted.guid.as_deref().is_some_and(is_no_guid) {
        return Err(Refusal::malformed(Field::LosLoanGuid).into());
    }
    if let Some(email) = &wanted.officer_email {
        loan::officer::check(app, &principal.org, email).await?;
    }
    let loan = LosLoan {
        id: wanted.los_id,
        guid: wanted.guid,
    };
    let document = fetch(app, &principal.org, &loan).await?;
    let new = NewLoan {
        los_loan_id: loan.id,
        document,
        invite_borrowers: wanted.notify,
        status: None,
        officer_email: wanted.officer_email,
        crm_id: None,
    };
    Ok(Box::pin(create(app, principal, new)).await?)
}

fn is_no_guid(text: &str) -> bool {
    text.trim().is_empty()
        || text.chars().count() > GUID_MAX_CHARS
        || text.chars().any(char::is_control)
}

/// Fetches a loan's document with an organisation's own connector.
pub(super) async fn fetch(
    app: &App,
    org: &Organisation,
    loan: &LosLoan,
) -> Result<Vec<u8>, ImportError> {
    let what = Noun::LosConnector;
    let connector = connector::load(app, org).await?;
    let connector = connector.ok_or(Refusal::NotFound { what })?;
    let call = LosCall {
        connector: org.id.as_str(),
        edition: connector.updated_at,
        settings: &connector.settings,
        loan,
    };
    match app.los().fetch(call).await {
        Ok(answer) => Ok(answer.document),
        Err(fault) if fault.kind() == LosFaultKind::NotFound => {
            let what = Noun::LosLoan;
            Err(Refusal::NotFound { what }.into())
        }
        Err(fault) => Err(ImportError::Los(fault)),
    }
}
