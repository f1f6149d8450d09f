//! Addresses that are not written to about rates.

use lintel_macros::boxed;
use std::collections::HashSet;

use lintel_domain::id::RowId;
use lintel_domain::person::fold_email;

use crate::db::{Tx, Val};
use crate::fault::Fault;
use crate::in_list::{IN_PLACES, places};

fn quiet_sql() -> String {
    let places = places(2);
    format!(
        "SELECT email_folded FROM mail_choice WHERE lender_org_id = $1 AND wants_mail = FALSE \
         AND email_folded IN ({places}) UNION SELECT address_folded FROM suppression \
         WHERE lender_org_id = $1 AND channel = 'mail' AND address_folded IN ({places})"
    )
}

/// The statements of this file and its neighbour.
pub(crate) fn statements() -> Vec<(&'static str, String)> {
    let others = super::waiting::STATEMENTS.into_iter();
    let mut all: Vec<_> = others.map(|(name, sql)| (name, sql.to_owned())).collect();
    all.push(("watch.quiet", quiet_sql()));
    all
}

/// Which of some addresses want no mail about rates of a lender's family, or get no mail at all: folded
/// as [`fold_email`] does.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn quiet_in(
    tx: &mut Tx,
    lender: &RowId,
    emails: &[&str],
) -> Result<HashSet<String>, Fault> {
    let sql = quiet_sql();
    let folded: Vec<String> = emails.iter().map(|email| fold_email(email)).collect();
    let mut quiet = HashSet::new();
    for chunk in folded.chunks(IN_PLACES) {
        let Some(last) = chunk.last() else { continue };
        let mut args = vec![Val::from(lender.as_str())];
        args.extend((0..IN_PLACES).map(|n| Val::from(chunk.get(n).unwrap_or(last))));
        let rows: Vec<(String,)> = tx.all(&sql, args).await?;
        quiet.extend(rows.into_iter().map(|(address,)| address));
    }
    Ok(quiet)
}
