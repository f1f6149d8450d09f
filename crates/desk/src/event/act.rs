//! Carrying an event out: one transaction, everything or nothing.

use lintel_app::auth::Principal;
use lintel_app::context::App;
use lintel_app::message::{self, MailDraft, MailKind, MessageRef, SmsDraft};
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::message::TaskState;
use lintel_store::alert::{self, StoredAlert};
use lintel_store::crm::{self, CrmPerson, Subject};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, announce_in, record_in};
use lintel_store::fault::Fault;
use lintel_store::task::StoredTask;
use serde_json::{Value, json};

use super::check::{Action, Alert, Email, Sms, Task, Told, Work};
use super::part::{AlertPart, Mistake, Part, SmsPart, TaskPart, Wrong};
use crate::task;

/// Public ids collide once in a long while; then another is drawn.
const ATTEMPTS: usize = 5;

/// How carrying an event out ended.
pub(super) enum End {
    /// Everything was done.
    Done,
    /// Somebody else did it in the meantime.
    Known,
    /// It names something or somebody that is not known; nothing was done.
    Wrong(Mistake),
}

/// Why an action was not carried out.
enum Bar {
    Unknown(Part),
    Fault(Fault),
}

impl From<Fault> for Bar {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Does everything, remembers the event, and notes what was done. The log comes last: its lock is the
/// one everybody waits for.
pub(super) async fn carry_out(
    app: &App,
    principal: &Principal,
    event_id: &str,
    actions: &[Action],
) -> Result<End, Fault> {
    let now = app.now();
    let count = u32::try_from(actions.len()).unwrap_or(u32::MAX);
    let org_id = &principal.org.id;
    let mut tx = app.db().begin().await?;
    if !crm::insert_in(&mut tx, org_id, event_id, count, now).await? {
        return Ok(End::Known);
    }
    let mut acting = Acting {
        app,
        principal,
        now,
        notes: Vec::new(),
        written: Vec::new(),
        archived: Vec::new(),
    };
    for (place, action) in actions.iter().enumerate() {
        match acting.act_in(&mut tx, action).await {
            Ok(()) => {}
            Err(Bar::Unknown(part)) => {
                return Ok(End::Wrong(Mistake {
                    action: Some(place),
                    part,
                    wrong: Wrong::Unknown,
                }));
            }
            Err(Bar::Fault(fault)) => return Err(fault),
        }
    }
    acting.note_in(&mut tx, count).await?;
    tx.commit().await?;
    Ok(End::Done)
}

/// What an action is about, by row ids.
#[derive(Debug, Clone, Default)]
struct About {
    loan_id: Option<RowId>,
    lead: Option<(RowId, RowId)>,
}

/// An event at work.
struct Acting<'a> {
    app: &'a App,
    principal: &'a Principal,
    now: Instant,
    /// What the log is told: what happened, to what, and its public id.
    notes: Vec<(EventKind, RowId, Value)>,
    written: Vec<MessageRef>,
    archived: Vec<MessageRef>,
}

impl Acting<'_> {
    async fn act_in(&mut self, tx: &mut Tx, action: &Action) -> Result<(), Bar> {
        let about = self.about_in(tx, action.about.as_deref()).await?;
        match &action.work {
            Work::Task(task) => self.task_in(tx, about, task).await,
            Work::Alert(alert) => self.alert_in(tx, about, alert).await,
            Work::Email(email) => Ok(self.email_in(tx, about, email).await?),
            Work::Sms(sms) => self.sms_in(tx, about, sms).await,
        }
    }

    async fn about_in(&self, tx: &mut Tx, name: Option<&str>) -> Result<About, Bar> {
        let Some(name) = name else {
            return Ok(About::default());
        };
        match crm::subject_in(tx, &self.principal.org, name).await? {
            Some(Subject::Loan { id, .. }) => Ok(About {
                loan_id: Some(id),
                lead: None,
            }),
            Some(Subject::Lead { org_id, id }) => Ok(About {
                loan_id: None,
                lead: Some((org_id, id)),
            }),
            None => Err(Bar::Unknown(Part::Subject)),
        }
    }

    /// Somebody who is switched on.
    async fn person_in(&self, tx: &mut Tx, name: &str, part: Part) -> Result<CrmPerson, Bar> {
        let found = crm::person_in(tx, &self.principal.org, name).await?;
        let person = found.filter(|person| person.is_active);
        person.ok_or(Bar::Unknown(part))
    }

    async fn task_in(&mut self, tx: &mut Tx, about: About, task: &Task) -> Result<(), Bar> {
        let assignee = match &task.assignee {
            Some(name) => {
                let part = Part::Task(TaskPart::Assignee);
                let person = self.person_in(tx, name, part).await?;
                Some((person.org_id, person.id))
            }
            None => None,
        };
        let requested_by = match &task.requested_by {
            Some(name) => {
                let found = crm::person_in(tx, &self.principal.org, name).await?;
                // Whoever is not known here is somebody there all the same.
                found.map_or_else(
                    || Some(name.clone()),
                    |person| Some(format!("staff:{}", person.public_id)),
                )
            }
            None => None,
        };
        let stored = StoredTask {
            org_id: self.principal.org.id.clone(),
            id: self.app.row_id()?,
            public_id: self.app.public_id()?,
            lender_id: self.principal.org.lender_id().clone(),
            loan_id: about.loan_id,
            lead: about.lead,
            assignee,
            requested_by,
            crm_id: task.crm_id.clone(),
            code: task.code.clone(),
            description: task.description.clone(),
            state: TaskState::Open,
            created_at: self.now,
            created_by: self.principal.api_id.clone(),
            done_at: None,
            done_by: None,
        };
        let stored = task::insert_in(self.app, tx, stored).await?;
        let subject = stored.loan_id.unwrap_or(stored.id);
        self.keep(EventKind::TaskCreated, subject, "taskID", &stored.public_id);
        Ok(())
    }

    async fn alert_in(&mut self, tx: &mut Tx, about: About, alert: &Alert) -> Result<(), Bar> {
        let staff_id = match &alert.told {
            Told::Person(name) => {
                let part = Part::Alert(AlertPart::User);
                Some(self.person_in(tx, name, part).await?.id)
            }
            Told::Everybody | Told::Roles(_) => None,
        };
        let (is_for_everybody, roles) = match &alert.told {
            Told::Everybody => (true, Vec::new()),
            Told::Roles(roles) => (false, roles.clone()),
            Told::Person(_) => (false, Vec::new()),
        };
        let mut stored = StoredAlert {
            org_id: self.principal.org.id.clone(),
            id: self.app.row_id()?,
            public_id: self.app.public_id()?,
            lender_id: self.principal.org.lender_id().clone(),
            loan_id: about.loan_id,
            lead: about.lead,
            staff_id,
            crm_id: alert.crm_id.clone(),
            code: alert.code.clone(),
            message: alert.message.clone(),
            severity: alert.severity,
            is_for_everybody,
            roles,
            created_at: self.now,
            created_by: self.principal.api_id.clone(),
        };
        for _ in 0..ATTEMPTS {
            if alert::insert_in(tx, &stored).await? {
                let subject = stored.loan_id.unwrap_or(stored.id);
                self.keep(
                    EventKind::AlertRaised,
                    subject,
                    "alertID",
                    &stored.public_id,
                );
                return Ok(());
            }
            stored.public_id = self.app.public_id()?;
        }
        Err(Fault::internal("no free public id found").into())
    }

    async fn email_in(&mut self, tx: &mut Tx, about: About, email: &Email) -> Result<(), Fault> {
        let draft = MailDraft {
            kind: MailKind::Crm,
            to: email.to.clone(),
            cc: email.cc.clone(),
            bcc: email.bcc.clone(),
            reply_to: email.reply_to.clone(),
            sender: Some(email.sender.clone()),
            subject: email.subject.clone(),
            text: email.text.clone(),
            html: (!email.html.is_empty()).then(|| email.html.clone()),
            attachments: Vec::new(),
            loan_id: about.loan_id,
            lead_id: about.lead.map(|(_, id)| id),
            unsubscribe: None,
            secrets: Vec::new(),
            crm_id: email.crm_id.clone(),
            crm_code: email.code.clone(),
            created_by: self.principal.api_id.clone(),
        };
        let org = &self.principal.org;
        match email.sent_at {
            Some(sent_at) => {
                let kept = message::archive_in(self.app, tx, org, &draft, sent_at).await?;
                self.archived.push(kept);
            }
            None => {
                let written = message::mail_in(self.app, tx, org, &draft).await?;
                self.written.push(written);
            }
        }
        Ok(())
    }

    async fn sms_in(&mut self, tx: &mut Tx, about: About, sms: &Sms) -> Result<(), Bar> {
        if let Some(name) = &sms.user {
            self.person_in(tx, name, Part::Sms(SmsPart::User)).await?;
        }
        let draft = SmsDraft {
            kind: MailKind::Crm,
            number: sms.number.clone(),
            text: sms.body.clone(),
            loan_id: about.loan_id,
            lead_id: about.lead.map(|(_, id)| id),
            crm_id: sms.crm_id.clone(),
            crm_code: sms.code.clone(),
            created_by: self.principal.api_id.clone(),
        };
        let org = &self.principal.org;
        let written = message::sms_in(self.app, tx, org, &draft).await?;
        self.written.push(written);
        Ok(())
    }

    fn keep(&mut self, kind: EventKind, subject: RowId, name: &str, id: &PublicId) {
        self.notes
            .push((kind, subject, json!({ name: id.as_str() })));
    }

    /// Tells the log, in the order things were done, then of the event as a whole.
    async fn note_in(mut self, tx: &mut Tx, count: u32) -> Result<(), Fault> {
        let (org, actor) = (&self.principal.org, self.principal.api_id.as_str());
        let done = json!({ "actions": count });
        self.notes
            .push((EventKind::CrmEventDone, org.id.clone(), done));
        for (kind, refs) in [
            (EventKind::MessageArchived, &self.archived),
            (EventKind::MessageWritten, &self.written),
        ] {
            if !refs.is_empty() {
                message::note_in(self.app, tx, org, actor, kind, refs).await?;
            }
        }
        for (kind, subject, body) in &self.notes {
            let body = body.to_string();
            let event = NewEvent {
                body: &body,
                ..NewEvent::plain(&org.id, self.now, actor, *kind, subject.as_str())
            };
            let seq = record_in(tx, &event).await?;
            announce_in(tx, &self.app.row_id()?, &org.id, seq, *kind, self.now).await?;
        }
        Ok(())
    }
}
