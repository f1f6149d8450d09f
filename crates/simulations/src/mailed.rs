//! How often information sheets are mailed. Addresses are the caller's choice and the mail is the
//! bank's, so a partner must not be able to send many of them.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::id::RowId;
use lintel_domain::intermediary::Partner;
use lintel_domain::person::fold_email;
use lintel_domain::refusal::Denial;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::throttle::{self, Count};

/// How often within an hour the sheet of one thing is mailed to one address.
pub const MAILS_AN_HOUR: i64 = 3;
/// How often within a day the sheet of one thing is mailed at all.
pub const MAILS_OF_ONE_A_DAY: i64 = 20;
/// How many sheets one intermediary mails within an hour, its users together.
pub const MAILS_OF_ALL_AN_HOUR: i64 = 200;

const HOUR_SECONDS: i64 = 3600;
const DAY_SECONDS: i64 = 24 * HOUR_SECONDS;

/// So many mails in so long, under a name.
struct Bound {
    of: String,
    most: i64,
    seconds: i64,
}

/// Counts a mail about something to an address, in the transaction that writes it.
///
/// # Errors
/// Throttled when it is one more than [`MAILS_AN_HOUR`], [`MAILS_OF_ONE_A_DAY`] or
/// [`MAILS_OF_ALL_AN_HOUR`]; any fault of the database or the key ring.
#[boxed]
pub async fn mailed_too_often_in(
    app: &App,
    tx: &mut Tx,
    partner: &Partner,
    (subject, address): (&RowId, &str),
) -> Result<(), AppError> {
    // From the narrowest to the widest: whoever holds one waits only for wider ones.
    for bound in [
        Bound {
            of: format!("mail\u{0}{subject}\u{0}{}", fold_email(address)),
            most: MAILS_AN_HOUR,
            seconds: HOUR_SECONDS,
        },
        Bound {
            of: format!("mail of one\u{0}{subject}"),
            most: MAILS_OF_ONE_A_DAY,
            seconds: DAY_SECONDS,
        },
        Bound {
            of: format!("mail of all\u{0}{}", partner.intermediary_id),
            most: MAILS_OF_ALL_AN_HOUR,
            seconds: HOUR_SECONDS,
        },
    ] {
        count_in(app, tx, &bound).await?;
    }
    Ok(())
}

async fn count_in(app: &App, tx: &mut Tx, bound: &Bound) -> Result<(), AppError> {
    let now = app.now();
    let key = app
        .keys()
        .stable_mac(Purpose::PartnerThrottle, bound.of.as_bytes())?;
    let counted = throttle::lock_in(tx, &key, now).await?;
    let counted = counted.filter(|count| now < count.first_at.plus_seconds(bound.seconds));
    let (mails, first_at) = counted.map_or((0, now), |count| (count.failures, count.first_at));
    if mails >= bound.most {
        let left = first_at.plus_seconds(bound.seconds).seconds() - now.seconds();
        let wait_seconds = u32::try_from(left.max(1)).unwrap_or(u32::MAX);
        return Err(Denial::PartnerThrottled { wait_seconds }.into());
    }
    let count = Count {
        failures: mails.saturating_add(1),
        first_at,
        last_at: now,
    };
    throttle::set_in(tx, &key, count).await?;
    Ok(())
}
