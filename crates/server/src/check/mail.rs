//! `lintel check`: where messages go, and how many wait. Nothing is sent.

use std::fmt::Write as _;

use lintel_app::config::{Config, MailRoute};
use lintel_app::context::App;
use lintel_domain::job::Queue;
use lintel_store::fault::Fault;
use lintel_store::{job, migrate};

use super::{Report, line};

/// Looks at everything messages need but the other side.
pub(super) async fn check(report: &mut Report, app: &App, config: &Config) {
    match lintel_post::open_post(config, app) {
        Ok(_) => line(report, true, "mail", &place(config)),
        Err(fault) => line(report, false, "mail", &fault.chain()),
    }
    match (
        lintel_post::open_sms(config, app),
        &config.mailing.sms_provider,
    ) {
        (Ok(_), Some(file)) => {
            let found = format!("the provider of {}", file.display());
            line(report, true, "text messages", &found);
        }
        (Ok(_), None) => {
            let is_caught = config.mailing.route == Some(MailRoute::Catcher);
            let fate = if is_caught { "kept only" } else { "refused" };
            let text = &mut report.text;
            let _ = writeln!(text, "note   text messages: no provider; they are {fate}");
        }
        (Err(fault), _) => line(report, false, "text messages", &fault.chain()),
    }
    match standing(app).await {
        Ok(Some(told)) => {
            let _ = writeln!(report.text, "note   messages: {told}");
        }
        Ok(None) => {}
        Err(fault) => line(report, false, "messages", &fault.chain()),
    }
}

fn place(config: &Config) -> String {
    let sender = &config.mail_from;
    let place = match &config.mailing.route {
        None | Some(MailRoute::Folder) => {
            format!("files in {}", config.mail_folder.display())
        }
        Some(MailRoute::Catcher) => "kept by the catcher, sent to nobody".to_owned(),
        Some(MailRoute::Smtp(address)) => format!("{}, port {}", address.host, address.port),
    };
    format!("{place}; from {sender}")
}

/// What waits and what was given up; none when the database is not at this version, which is told
/// elsewhere, or nothing does.
async fn standing(app: &App) -> Result<Option<String>, Fault> {
    let db = app.db();
    if !migrate::standing(db).await?.is_current() {
        return Ok(None);
    }
    let counts = job::counts(db).await?;
    let waiting = counts.iter().find(|count| count.queue == Queue::Messages);
    let (open, dead) = (waiting.map_or(0, |c| c.open), job::dead_count(db).await?);
    let told = format!("{open} wait, {dead} jobs were given up");
    Ok((open > 0 || dead > 0).then_some(told))
}
