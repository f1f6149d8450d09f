//! Writing what came of looking: watches, mails and their jobs, all or nothing.

use std::collections::{BTreeMap, BTreeSet};

use lintel_app::context::App;
use lintel_app::message::{MailDraft, mails_in, note_in};
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::person::fold_email;
use lintel_domain::watch::WatchState;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::watch::{self, StoredWatch};

use super::Run;
use super::judge::Judged;
use super::letter::WRITTEN_BY;
use super::orgs::Orgs;

/// Writes watches that were looked at, in their order; those somebody changed meanwhile are left as
/// they are, and their mails are not written.
pub(super) async fn write(
    app: &App,
    lender: &RowId,
    orgs: &Orgs,
    judged: Vec<Judged>,
    now: Instant,
) -> Result<Run, Fault> {
    let mut tx = app.db().begin().await?;
    let told = judged.iter().filter(|one| one.news.is_some());
    let addresses: Vec<&str> = told.map(|one| one.watch.email.as_str()).collect();
    let quiet = watch::quiet_in(&mut tx, lender, &addresses).await?;
    let mut run = Run::default();
    let mut mails: BTreeMap<RowId, Vec<MailDraft>> = BTreeMap::new();
    let mut expired: BTreeMap<RowId, Vec<StoredWatch>> = BTreeMap::new();
    for Judged { mut watch, news } in judged {
        let news = news.filter(|_| !quiet.contains(&fold_email(&watch.email)));
        let draft = news.map(|news| {
            watch.known = news.known;
            news.draft
        });
        if !watch::looked_in(&mut tx, &watch, now).await? {
            continue;
        }
        run.looked = run.looked.saturating_add(1);
        if let Some(draft) = draft {
            mails.entry(watch.org_id.clone()).or_default().push(draft);
        }
        if watch.state == WatchState::Expired {
            run.expired = run.expired.saturating_add(1);
            expired.entry(watch.org_id.clone()).or_default().push(watch);
        }
    }
    let mut written = BTreeMap::new();
    for (org_id, drafts) in &mails {
        let org = orgs.get(org_id);
        let org =
            org.ok_or_else(|| Fault::internal("an organisation of a rate watch is missing"))?;
        let refs = mails_in(app, &mut tx, &org.org, drafts).await?;
        run.mails = run
            .mails
            .saturating_add(u64::try_from(refs.len()).unwrap_or(u64::MAX));
        written.insert(org_id, (&org.org, refs));
    }
    // Events last: what locks an organisation's log is held as briefly as can be. All of an
    // organisation's together, in the order in which everybody locks logs.
    let logs: BTreeSet<&RowId> = mails.keys().chain(expired.keys()).collect();
    for org_id in logs {
        if let Some((org, refs)) = written.get(org_id) {
            let kind = EventKind::MessageWritten;
            note_in(app, &mut tx, org, WRITTEN_BY, kind, refs).await?;
        }
        for watch in expired.get(org_id).into_iter().flatten() {
            let (kind, id) = (EventKind::RateWatchEnded, watch.id.as_str());
            let event = NewEvent::plain(org_id, now, WRITTEN_BY, kind, id);
            record_in(&mut tx, &event).await?;
        }
    }
    tx.commit().await?;
    Ok(run)
}
