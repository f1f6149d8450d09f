//! Letters of our own, in an organisation's name and colours.

use lintel_domain::organisation::Organisation;
use lintel_letters::{Brand, Letter, escaped, figures, render};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::profile;

use super::{MailDraft, Mailbox};
use crate::company::address;
use crate::context::App;

/// What letters show of an organisation: name, logo, colour, address, telephone, NMLS number.
/// Everything in it may be shown to anybody.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn brand_in(app: &App, tx: &mut Tx, org: &Organisation) -> Result<Brand, Fault> {
    let stored = profile::load_in(tx, &org.id).await?.unwrap_or_default();
    let facts = stored.facts;
    let logo = stored.logo.as_ref().zip(app.public_url());
    let phone = facts.phone.as_deref().map(figures::phone);
    let extension = facts.phone_extension.as_deref();
    Ok(Brand {
        name: org.name.clone(),
        logo_url: logo.map(|(logo, public_url)| format!("{public_url}/images/{logo}")),
        color: facts.brand_color.clone(),
        address: address(&facts),
        nmls: org.nmls.clone(),
        phone: phone.map(|phone| match extension {
            Some(extension) => format!("{phone} ext. {extension}"),
            None => phone,
        }),
        website: facts.website,
    })
}

/// Writes a letter to one address, in an organisation's name. Whoever calls adds what it belongs to
/// and hands it to [`mail_in`](super::mail_in).
///
/// # Errors
/// Any fault of the database; a template that cannot be filled.
pub async fn draft_in<L: Letter>(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    to: Mailbox,
    letter: &L,
    created_by: &str,
) -> Result<MailDraft, Fault> {
    let brand = brand_in(app, tx, org).await?;
    let written = render(&brand, letter)
        .map_err(|e| Fault::internal("a letter cannot be written").caused_by(e))?;
    let (text, html) = (written.text, Some(written.html));
    let draft = MailDraft::new(L::KIND, to, written.subject, text, html, created_by);
    Ok(draft)
}

/// The texts a link stands as in a letter, for [`MailDraft::secrets`]: nobody who looks at the letter
/// in our pages may see them.
#[must_use]
pub fn secret(url: &str) -> Vec<String> {
    let mut texts = vec![url.to_owned(), escaped(url)];
    texts.dedup();
    texts
}
