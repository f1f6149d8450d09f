//! The jobs that hand messages over: one delivery each.

use std::sync::Arc;
use std::time::Duration;

use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::job::JobKind;
use lintel_domain::message::{Channel, DeliveryState, MailKind, SuppressionReason};
use lintel_store::borrower;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::message::{self, Due};
use lintel_store::suppression::{self, Suppressed};
use serde_json::{Value, json};

use super::address::{is_sendable, sms_number};
use super::content::Content;
use crate::context::{App, within};
use crate::job::{self, BoxFuture, Handler, Handlers, Job, Order, Verdict};
use crate::ports::{Handed, Outgoing, OutgoingSms, Post, Sms, shown_answer};

/// Under whose name an address is suppressed that turned out to be gone.
const SYSTEM: &str = "system";
/// Seconds until another look at a message of a kind only newer nodes know.
const NEWER_NODE_SECONDS: i64 = 60;
/// Attempts after which a message that may have been taken is not tried again.
const PERHAPS_ATTEMPTS: u32 = 3;
/// What came of a message is noted within this: less than the time of a job leaves after the longest
/// hand-over, and less than a lease.
const NOTING: Patience = Patience {
    longest: Duration::from_secs(45),
    once: Duration::from_secs(15),
    wait: Duration::from_millis(250),
};
/// Until another attempt at a message whose outcome is known, or nearly so, but could not be noted:
/// it is likely to be one too many.
const UNNOTED_WAIT: Duration = Duration::from_secs(6 * 3600);

/// Who hands messages over.
#[must_use]
pub fn handlers(post: Arc<dyn Post>, sms: Arc<dyn Sms>) -> Handlers {
    let sending = Arc::new(Sending { post, sms });
    Handlers::new()
        .with(JobKind::MailSend, sending.clone())
        .with(JobKind::SmsSend, sending)
}

const fn job_kind(channel: Channel) -> JobKind {
    match channel {
        Channel::Mail => JobKind::MailSend,
        Channel::Sms => JobKind::SmsSend,
    }
}

fn order<'a>(app: &App, org_id: &'a RowId, channel: Channel, id: &'a RowId) -> Order<'a> {
    Order {
        kind: job_kind(channel),
        org_id: Some(org_id),
        key: Some(id.as_str()),
        payload: json!({ "delivery": id.as_str() }),
        run_at: app.now(),
    }
}

/// Asks for deliveries to be handed over, in the transaction that stores them.
pub(super) async fn ask_in(
    app: &App,
    tx: &mut Tx,
    org_id: &RowId,
    deliveries: &[(Channel, RowId)],
) -> Result<(), Fault> {
    let each = deliveries.iter();
    let orders: Vec<Order<'_>> = each
        .map(|(channel, id)| order(app, org_id, *channel, id))
        .collect();
    job::enqueue_many_in(app, tx, &orders).await
}

/// Asks for a delivery that was given up to be handed over all the same.
pub(super) async fn ask_again_in(
    app: &App,
    tx: &mut Tx,
    org_id: &RowId,
    channel: Channel,
    id: &RowId,
) -> Result<(), Fault> {
    let order = order(app, org_id, channel, id);
    job::again_in(app, tx, &order).await.map(|_| ())
}

struct Sending {
    post: Arc<dyn Post>,
    sms: Arc<dyn Sms>,
}

impl Handler for Sending {
    fn run<'a>(&'a self, app: &'a App, job: &'a Job) -> BoxFuture<'a, Verdict> {
        Box::pin(async move {
            let verdict = self.deliver(app, job).await;
            verdict.unwrap_or_else(Verdict::from)
        })
    }

    fn given_up_in<'a>(
        &'a self,
        app: &'a App,
        tx: &'a mut Tx,
        job: &'a Job,
        why: &'a str,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            if let Some(id) = job.text("delivery") {
                message::failed_in(tx, id, &shown_answer(why), app.now()).await?;
            }
            Ok(())
        })
    }

    fn reopened_in<'a>(
        &'a self,
        app: &'a App,
        tx: &'a mut Tx,
        payload: &'a Value,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            if let Some(id) = payload.get("delivery").and_then(Value::as_str) {
                message::waits_in(tx, id, app.now()).await?;
            }
            Ok(())
        })
    }
}

impl Sending {
    async fn deliver(&self, app: &App, job: &Job) -> Result<Verdict, Fault> {
        let Some(id) = job.text("delivery") else {
            return Ok(Verdict::fail("the job names no delivery"));
        };
        let Some(due) = message::due(app.db(), id).await? else {
            return Ok(Verdict::Done);
        };
        match due.state {
            // One that was given up has a job only when somebody opened it again.
            DeliveryState::Waiting | DeliveryState::Failed => {}
            DeliveryState::Sent
            | DeliveryState::Suppressed
            | DeliveryState::Cancelled
            | DeliveryState::Archived => return Ok(Verdict::Done),
        }
        let Some(kind) = MailKind::parse(&due.kind) else {
            let later = app.now().plus_seconds(NEWER_NODE_SECONDS);
            return Ok(Verdict::Later(later));
        };
        let content = Content::open(app, &due.message_id, &due.content_sealed)?;
        let address = match content.to.first() {
            Some(only) if due.address.is_empty() => only.email.clone(),
            Some(_) | None => due.address.clone(),
        };
        let is_stopped = kind.is_marketing() && content.is_stopped(app).await?;
        if is_stopped || is_held_back(app, &due, kind, &address).await? {
            let mut tx = app.db().begin().await?;
            message::held_back_in(&mut tx, &due.id, app.now()).await?;
            return noted(app, tx, job).await;
        }
        let handed = match due.channel {
            Channel::Mail if is_sendable(&address) => {
                let letter = letter(app, &due, content, address.clone());
                self.post.send(&letter).await
            }
            Channel::Sms if sms_number(&address).is_some() => {
                let message = OutgoingSms {
                    delivery: due.id.clone(),
                    number: address.clone(),
                    text: content.text,
                };
                self.sms.send(&message).await
            }
            Channel::Mail | Channel::Sms => Handed::Refused {
                answer: "nothing can be sent to this address".to_owned(),
                is_gone: false,
            },
        };
        Ok(conclude(app, job, &due, &address, handed).await)
    }
}

/// Whether a mail is about somebody's own way in, which nobody else may cut off by hand.
const fn is_about_account(kind: MailKind) -> bool {
    matches!(
        kind,
        MailKind::PasswordReset | MailKind::PasswordChanged | MailKind::Welcome
    )
}

/// Whether an address must not be written to: at all, or not about this.
async fn is_held_back(app: &App, due: &Due, kind: MailKind, address: &str) -> Result<bool, Fault> {
    let (db, lender) = (app.db(), &due.lender_org_id);
    let found = suppression::load(db, lender, due.channel, address).await?;
    match found.map(|found| found.reason) {
        Some(SuppressionReason::Bounced) => return Ok(true),
        Some(SuppressionReason::Asked | SuppressionReason::Complained) => {
            return Ok(!is_about_account(kind));
        }
        None => {}
    }
    if !kind.is_marketing() {
        return Ok(false);
    }
    let wants = borrower::wants_mail(db, lender, address).await?;
    Ok(wants == Some(false))
}

fn letter(app: &App, due: &Due, content: Content, recipient: String) -> Outgoing {
    Outgoing {
        delivery: due.id.clone(),
        message_id: content.message_id(app, &due.message_id),
        at: due.created_at,
        from: content.sender(app),
        reply_to: content.reply_to,
        to: content.to,
        cc: content.cc,
        subject: content.subject,
        text: content.text,
        html: content.html,
        unsubscribe: content.unsubscribe,
        attachments: content.attachments,
        recipient,
    }
}

/// Writes down what came of handing a delivery over, and insists: a letter that was taken would go
/// out again because of a moment without a database.
async fn conclude(app: &App, job: &Job, due: &Due, address: &str, handed: Handed) -> Verdict {
    let handed = settled(job, handed);
    if let Handed::NotYet { until } = handed {
        return Verdict::Later(until);
    }
    let noting = NOTING.insist(|| conclude_once(app, job, due, address, &handed));
    let fault = match noting.await {
        Ok(verdict) => return verdict,
        Err(fault) => fault,
    };
    let error = fault.chain();
    tracing::error!(delivery = %due.id, error, "what came of a message could not be noted");
    match handed {
        Handed::Refused { answer, .. } => Verdict::fail(shown_answer(&answer)),
        Handed::Later {
            answer,
            after,
            perhaps_taken: false,
        } => Verdict::Retry {
            why: shown_answer(&answer),
            after,
        },
        Handed::Taken { answer } | Handed::Later { answer, .. } => Verdict::Retry {
            why: shown_answer(&format!("could not be noted: {answer}")),
            after: Some(UNNOTED_WAIT),
        },
        Handed::NotYet { until } => Verdict::Later(until),
    }
}

/// A message that may have been taken several times by now is left to a person.
fn settled(job: &Job, handed: Handed) -> Handed {
    match handed {
        Handed::Later {
            answer,
            perhaps_taken: true,
            ..
        } if job.attempt >= PERHAPS_ATTEMPTS => Handed::Refused {
            answer: format!("may have been taken, so not tried again: {answer}"),
            is_gone: false,
        },
        handed => handed,
    }
}

/// How long a step is tried.
struct Patience {
    /// With all attempts and the waits between.
    longest: Duration,
    /// One attempt.
    once: Duration,
    /// The first wait; doubled each time.
    wait: Duration,
}

impl Patience {
    /// Does a step that may be done twice until it succeeds; the last fault when it never does.
    async fn insist<T, F: Future<Output = Result<T, Fault>>>(
        &self,
        mut step: impl FnMut() -> F,
    ) -> Result<T, Fault> {
        let (started, mut wait) = (tokio::time::Instant::now(), self.wait);
        loop {
            let fault = match within(self.once, "noting a message", step()).await {
                Ok(done) => return Ok(done),
                Err(fault) => fault,
            };
            let next_end = started.elapsed().saturating_add(wait);
            if next_end.saturating_add(self.once) > self.longest {
                return Err(fault);
            }
            tokio::time::sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
    }
}

async fn conclude_once(
    app: &App,
    job: &Job,
    due: &Due,
    address: &str,
    handed: &Handed,
) -> Result<Verdict, Fault> {
    let now = app.now();
    match handed {
        Handed::Taken { answer } => {
            let mut tx = app.db().begin().await?;
            message::sent_in(&mut tx, &due.id, &shown_answer(answer), now).await?;
            noted(app, tx, job).await
        }
        Handed::Later { answer, after, .. } => {
            let answer = shown_answer(answer);
            let mut tx = app.db().begin().await?;
            message::tried_in(&mut tx, &due.id, &answer, now).await?;
            tx.commit().await?;
            Ok(Verdict::Retry {
                why: answer,
                after: *after,
            })
        }
        Handed::Refused { answer, is_gone } => {
            let answer = shown_answer(answer);
            let mut tx = app.db().begin().await?;
            message::tried_in(&mut tx, &due.id, &answer, now).await?;
            if *is_gone {
                bounced_in(app, &mut tx, due, address).await?;
            }
            tx.commit().await?;
            Ok(Verdict::fail(answer))
        }
        Handed::NotYet { until } => Ok(Verdict::Later(*until)),
    }
}

/// Commits what is known of a delivery with the word that its job is done. When the job is another
/// node's by now, what is known stays true, and spares that node the work.
async fn noted(app: &App, mut tx: Tx, job: &Job) -> Result<Verdict, Fault> {
    job.done_in(app, &mut tx).await?;
    tx.commit().await?;
    Ok(Verdict::Noted)
}

/// Has nobody write again to an address that is gone.
async fn bounced_in(app: &App, tx: &mut Tx, due: &Due, address: &str) -> Result<(), Fault> {
    let gone = Suppressed {
        channel: due.channel,
        address: address.to_owned(),
        reason: SuppressionReason::Bounced,
        created_at: app.now(),
        created_by: SYSTEM.to_owned(),
    };
    if !suppression::insert_in(tx, &due.lender_org_id, &gone).await? {
        return Ok(());
    }
    let body = json!({ "channel": due.channel, "reason": gone.reason }).to_string();
    let (kind, subject) = (EventKind::AddressSuppressed, due.message_id.as_str());
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(&due.org_id, app.now(), SYSTEM, kind, subject)
    };
    record_in(tx, &event).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn noting_is_insisted_on_within_its_time() {
        let calls = Cell::new(0_u32);
        let step = |needed: u32| {
            let calls = &calls;
            calls.set(0);
            move || {
                calls.set(calls.get() + 1);
                let is_enough = calls.get() >= needed;
                let fault = || Fault::internal("no database");
                std::future::ready(is_enough.then(|| calls.get()).ok_or_else(fault))
            }
        };
        let quick = Patience {
            longest: Duration::from_secs(60),
            once: Duration::from_secs(59),
            wait: Duration::from_micros(1),
        };
        assert_eq!(quick.insist(step(1)).await.ok(), Some(1));
        assert_eq!(quick.insist(step(5)).await.ok(), Some(5));
        assert!(quick.insist(step(u32::MAX)).await.is_err());
        let tries = calls.get();
        assert!(
            (2..=30).contains(&tries),
            "as long as another may end in time"
        );
        assert!(NOTING.longest > NOTING.once.saturating_mul(2));
    }

    #[test]
    fn only_mail_about_an_account_passes_what_was_put_away_by_hand() {
        let passing = MailKind::ALL.iter().filter(|kind| is_about_account(**kind));
        let passing: Vec<_> = passing.copied().collect();
        assert_eq!(passing.len(), 3);
        assert!(!passing.iter().any(|kind| kind.is_marketing()));
    }
}
