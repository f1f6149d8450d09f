//! What is asked for of a registration: read, and its address looked up.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::intermediary::Partner;
use lintel_domain::refusal::Denial;
use lintel_store::fault::{Fault, FaultKind};

use super::Wanted;
use crate::address::is_public;
use crate::office::Office;
use crate::port::LookUp;
use crate::sign::Secret;
use crate::target::{BadTarget, Host, Target, URL_MAX_LEN};
use crate::throttle::{Counted, throttled};

/// Seconds a partner waits whose other names are still being looked up.
const ASKING_SECONDS: u32 = 5;

/// What was read and checked before anything is written.
pub(super) struct Checked {
    pub target: Option<Target>,
    pub secret: Option<Secret>,
    pub is_active: Option<bool>,
}

/// Reads what is asked for, and looks its address up.
pub(super) async fn check(
    by: (&App, &Office, &Partner),
    wanted: &Wanted,
    is_new: bool,
    found: &mut Vec<Finding>,
) -> Result<Checked, AppError> {
    let url_told = found.iter().any(|f| f.field == CreditField::CallbackUrl);
    let mut target = None;
    match &wanted.url {
        Some(url) if !url_told => match reachable(by, url).await? {
            Ok(good) => target = Some(good),
            Err(rule) => found.push(Finding::new(CreditField::CallbackUrl, rule)),
        },
        None if is_new && !url_told => {
            found.push(Finding::new(CreditField::CallbackUrl, CreditRule::Missing));
        }
        Some(_) | None => {}
    }
    let secret = wanted.secret.as_deref().map(Secret::parse);
    if secret == Some(None) {
        let finding = Finding::new(CreditField::CallbackSecret, CreditRule::Malformed);
        found.push(finding);
    }
    found.sort_by_key(|finding| finding.field);
    Ok(Checked {
        target,
        secret: secret.flatten(),
        is_active: wanted.is_active,
    })
}

/// Reads an address and finds out whether it leads to public addresses, all of them.
async fn reachable(
    (app, office, partner): (&App, &Office, &Partner),
    url: &str,
) -> Result<Result<Target, CreditRule>, AppError> {
    let allow_private = office.rules().allow_private;
    let target = match Target::parse(url, allow_private) {
        Ok(target) => target,
        Err(BadTarget::Malformed) => return Ok(Err(CreditRule::Malformed)),
        Err(BadTarget::TooLong) => {
            let longest = u64::try_from(URL_MAX_LEN).unwrap_or(u64::MAX);
            return Ok(Err(CreditRule::TooLong(Bound::Count(longest))));
        }
        Err(BadTarget::NotPublic) => return Ok(Err(CreditRule::NotPublic)),
    };
    throttled(app, partner, Counted::Address).await?;
    let Host::Name(name) = target.host() else {
        return Ok(Ok(target));
    };
    let Some(asking) = office.asking(&partner.intermediary_id) else {
        let wait_seconds = ASKING_SECONDS;
        return Err(Denial::PartnerThrottled { wait_seconds }.into());
    };
    let found = office.port().look_up(name, Box::new(asking)).await;
    match found {
        LookUp::Found(addresses) => {
            let is_good = allow_private || addresses.iter().copied().all(is_public);
            Ok(is_good.then_some(target).ok_or(CreditRule::NotPublic))
        }
        LookUp::Nothing => Ok(Err(CreditRule::Failed)),
        // It says nothing of the address.
        LookUp::Busy => {
            Err(Fault::new(FaultKind::Busy, "too many names are being looked up").into())
        }
    }
}
