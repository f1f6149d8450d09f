//! `lintel import offer`: what a bank offers, into the database.

use std::path::PathBuf;

use clap::Args;
use lintel_app::bank_offer::{OfferLoad, store_offer};
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::lisbon;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_offer::Offer;
use lintel_store::fault::Fault;
use lintel_store::offer;

/// The demo bank's offer.
const DEMO: &str = include_str!("../../../../data/demo_bank/offer.toml");
/// Who loads offers on the command line, as the event log tells it.
const ACTOR: &str = "operator";

/// Options of `import offer`.
#[derive(Debug, Args)]
pub struct OfferArgs {
    /// The offer's document, TOML; `data/demo_bank/offer.toml` is an example.
    pub file: PathBuf,
    /// Public id of the bank.
    #[arg(long, value_name = "PUBLIC_ID")]
    pub org: String,
    /// Say what would change, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// A document that was read.
#[derive(Debug, Clone)]
pub struct Document {
    text: String,
    offer: Offer,
}

/// Reads a document.
///
/// # Errors
/// Every mistake in it, a line each.
pub fn read(bytes: Vec<u8>) -> Result<Document, String> {
    let text = String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
    match Offer::parse(&text) {
        Ok(offer) => Ok(Document { text, offer }),
        Err(error) => Err(format!("{} mistakes\n{error}", error.mistakes.len())),
    }
}

/// Stores a document of a bank; the text says what came of it, and `true` that it is in the database.
///
/// # Errors
/// Any fault of the database, a version there that cannot be read among them.
pub async fn load(
    app: &App,
    org: &Organisation,
    document: &Document,
    dry_run: bool,
) -> Result<(String, bool), AppError> {
    if org.kind != OrganisationKind::Bank {
        let text = format!("nothing written: {} is no bank\n", org.public_id.as_str());
        return Ok((text, false));
    }
    let (offer, day) = (&document.offer, document.offer.effective_from());
    if let Some(before) = offer::in_force(app.db(), &org.id, day).await? {
        let before = Offer::parse(&before.document).map_err(|error| {
            Fault::internal(format!("bank_offer {}: {error}", before.id.as_str()))
        })?;
        // Processes and proposals keep numbers of schemes and branches: they stay readable for ever.
        let gone = offer.lost_since(&before);
        if !gone.is_empty() {
            let text = format!(
                "nothing written: mark as retired what is not offered any more\n{}\n",
                gone.join("\n")
            );
            return Ok((text, false));
        }
    }
    let done = store_offer(app, org, ACTOR, (day, &document.text), dry_run).await?;
    let what = match done {
        OfferLoad::Same => "as before, nothing written",
        OfferLoad::Stored(_) if dry_run => "would be written",
        OfferLoad::Stored(_) => "written",
    };
    let text = format!(
        "offer {} from {day}: {} schemes, {} branches: {what}\n",
        offer.edition(),
        offer.schemes().len(),
        offer.branches().len(),
    );
    Ok((text, true))
}

/// Gives the demo bank its offer, unless it has one in force: what an operator changed stays.
///
/// # Errors
/// Any fault of the database; a carried document that cannot be read, which a test keeps from shipping.
pub async fn load_demo(app: &App, bank: &Organisation, actor: &str) -> Result<(), AppError> {
    let today = lisbon::day_of(app.now());
    if offer::in_force_id(app.db(), &bank.id, today)
        .await?
        .is_some()
    {
        return Ok(());
    }
    let read = Offer::parse(DEMO);
    let read = read.map_err(|error| Fault::internal(format!("the demo's offer: {error}")))?;
    // A demonstration of an earlier day has it too.
    let day = read.effective_from().min(today);
    store_offer(app, bank, actor, (day, DEMO), false).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_carried_document_is_read_and_mistakes_are_lines() {
        let document = read(DEMO.as_bytes().to_vec()).expect("whole");
        assert!(document.offer.lost_since(&document.offer).is_empty());
        let error = read(DEMO.replace("min_age = 18", "min_age = 7").into_bytes());
        let error = error.expect_err("too young");
        assert!(error.contains("terms.min_age"), "{error}");
        assert!(read(vec![0xff]).is_err());
    }
}
