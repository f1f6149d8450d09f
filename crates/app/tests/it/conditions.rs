//! Conditions: put there once, changed, decided by whoever may, and never a stranger's.

use lintel_app::condition::{self, ConditionLine, Conditioned, Outcome};
use lintel_app::error::AppError;
use lintel_app::loan::{LoanCaller, lock_in};
use lintel_domain::condition::{ConditionDraft, ConditionEdit, ConditionPhase, ConditionStatus};
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::refusal::{ConditionField, Denial, Field, Noun, Refusal, Rule};
use lintel_domain::role::Role;
use lintel_store::event::list_after;
use lintel_testkit::both;

use crate::standing::Floor;
use crate::world::{denial, refusal};

fn draft(title: &str, key: Option<&str>) -> ConditionDraft {
    ConditionDraft {
        title: Some(title.to_owned()),
        phase: Some("Prior to Docs".to_owned()),
        caller_key: key.map(str::to_owned),
        ..ConditionDraft::default()
    }
}

fn to(status: &str) -> ConditionEdit {
    ConditionEdit {
        status: Some(status.to_owned()),
        ..ConditionEdit::default()
    }
}

impl Floor {
    async fn put(
        &self,
        who: &LoanCaller<'_>,
        draft: ConditionDraft,
    ) -> Result<Conditioned, AppError> {
        condition::create(&self.world.app, who, &self.loan, draft).await
    }

    async fn edit(
        &self,
        who: &LoanCaller<'_>,
        id: &PublicId,
        edit: ConditionEdit,
    ) -> Result<Conditioned, AppError> {
        condition::update(&self.world.app, who, id, edit).await
    }

    async fn listed(&self) -> Vec<ConditionLine> {
        let caller = LoanCaller::Program(&self.lender);
        let list = condition::list(&self.world.app, &caller, &self.loan).await;
        list.expect("listed")
    }

    /// A paper comes for a condition, as far as the condition hears of it.
    async fn paper(&self, who: &LoanCaller<'_>, id: &PublicId, auto: bool) -> ConditionStatus {
        let mut tx = self.world.app.db().begin().await.expect("begun");
        let head = lock_in(&mut tx, who, &self.loan).await.expect("there");
        let stored = condition::find_in(&mut tx, &head, id)
            .await
            .expect("read")
            .expect("there");
        let (app, now) = (&self.world.app, self.world.app.now());
        let status =
            condition::received_in(app, &mut tx, (who, &head), &stored.id, auto, now).await;
        tx.commit().await.expect("committed");
        status.expect("received")
    }
}

both! {
    async fn the_same_name_is_the_same_condition(db) {
        let floor = Floor::on(&db).await;
        let who = LoanCaller::Program(&floor.lender);
        let made = floor.put(&who, draft("Statements", Some("C-1"))).await.expect("made");
        assert_eq!(made.outcome, Outcome::Created);
        assert_eq!((made.line.status, made.line.phase), (ConditionStatus::Open, ConditionPhase::PriorToDocs));
        let events = async || list_after(&db, &floor.lender.org.id, 0).await.expect("read").len();
        let before = events().await;
        let again = floor.put(&who, draft(" Statements ", Some("C-1"))).await.expect("known");
        assert_eq!((again.outcome, &again.line), (Outcome::Unchanged, &made.line));
        assert_eq!(events().await, before);
        floor.world.pass_days(1);
        let today = floor.world.app.now();
        let told = ConditionDraft {
            description: Some("Both pages.".to_owned()),
            responsible: Some("THIRD PARTY".to_owned()),
            ..draft("Bank statements", Some("C-1"))
        };
        let updated = floor.put(&who, told).await.expect("updated");
        assert_eq!((updated.outcome, &updated.line.public_id), (Outcome::Updated, &made.line.public_id));
        assert_eq!(updated.line.status_at, made.line.status_at, "its status did not change");
        assert_eq!(floor.changed_since(today).await, 1);
        let kept = floor.put(&who, draft("Bank statements", Some("C-1"))).await.expect("known");
        assert_eq!((kept.outcome, kept.line.description.as_str()), (Outcome::Unchanged, "Both pages."));
        for _ in 0..2 {
            floor.put(&who, draft("Statements", None)).await.expect("made");
        }
        assert_eq!(floor.listed().await.len(), 3, "without a name each call makes one");
        // The loan itself did not change: a newer document may still replace it.
        assert_eq!(floor.full(&floor.lender).await.head.revision, 1);
    }

    async fn everything_wrong_is_said_at_once(db) {
        let floor = Floor::on(&db).await;
        let who = LoanCaller::Program(&floor.lender);
        let wrong = floor.put(&who, ConditionDraft::default()).await;
        let fields: Vec<Field> = refusal(wrong).mistakes().into_iter().map(|m| m.0).collect();
        assert_eq!(fields, [Field::Condition(ConditionField::Title), Field::Condition(ConditionField::Phase)]);
        let id = floor.condition(&floor.lender, "post closing").await;
        let nothing = floor.edit(&who, &id, to("received")).await;
        let field = Field::Condition(ConditionField::Status);
        assert_eq!(refusal(nothing), Refusal::malformed(field.clone()), "no paper");
        assert_eq!(refusal(floor.edit(&who, &id, to("done")).await), Refusal::malformed(field));
        assert_eq!(floor.listed().await[0].status, ConditionStatus::Open);
    }

    async fn what_is_decided_is_the_lenders(db) {
        let floor = Floor::on(&db).await;
        let (lender, broker) = (LoanCaller::Program(&floor.lender), LoanCaller::Program(&floor.broker));
        let id = floor.condition(&floor.lender, "prior to docs").await;
        for status in ["satisfied", "waived"] {
            assert_eq!(denial(floor.edit(&broker, &id, to(status)).await), Denial::NotPermitted);
        }
        let worded = ConditionEdit { phase: Some("post closing".to_owned()), ..ConditionEdit::default() };
        assert_eq!(denial(floor.edit(&broker, &id, worded.clone()).await), Denial::NotPermitted);
        let processor = floor.person(&floor.lender.org, Role::Processor).await;
        let (denied, person) = (to("waived"), LoanCaller::Person(&processor));
        assert_eq!(denial(floor.edit(&person, &id, denied).await), Denial::NotPermitted);
        let officer = floor.person(&floor.broker.org, Role::LoanOfficerAssistant).await;
        let denied = floor.put(&LoanCaller::Person(&officer), draft("x", None)).await;
        assert_eq!(denial(denied), Denial::NotPermitted);
        let underwriter = floor.person(&floor.lender.org, Role::Underwriter).await;
        floor.world.pass_days(1);
        let done = floor.edit(&LoanCaller::Person(&underwriter), &id, to("satisfied")).await.expect("done");
        assert_eq!((done.line.status, done.line.status_at), (ConditionStatus::Satisfied, floor.world.app.now()));
        let again = floor.edit(&lender, &id, to("satisfied")).await.expect("done");
        assert_eq!(again.outcome, Outcome::Unchanged);
        assert_eq!(denial(floor.edit(&broker, &id, to("open")).await), Denial::NotPermitted);
        let reopened = floor.edit(&lender, &id, to("open")).await.expect("reopened");
        assert_eq!(reopened.line.status, ConditionStatus::Open);
        // What the broker put there itself it may put otherwise.
        let own = floor.condition(&floor.broker, "prior to docs").await;
        let moved = floor.edit(&broker, &own, worded).await.expect("moved");
        assert_eq!(moved.line.phase, ConditionPhase::PostClosing);
    }

    async fn what_the_lender_says_again_is_the_lenders(db) {
        let floor = Floor::on(&db).await;
        let (lender, broker) = (LoanCaller::Program(&floor.lender), LoanCaller::Program(&floor.broker));
        let late = ConditionEdit { phase: Some("post closing".to_owned()), ..ConditionEdit::default() };
        let made = floor.put(&broker, draft("Statements", Some("C-1"))).await.expect("made");
        let claimed = floor.put(&lender, draft("Statements", Some("C-1"))).await.expect("said again");
        assert_eq!((claimed.outcome, &claimed.line.public_id), (Outcome::Updated, &made.line.public_id));
        assert_eq!(denial(floor.edit(&broker, &made.line.public_id, late.clone()).await), Denial::NotPermitted);
        assert_eq!(denial(floor.put(&broker, draft("Nothing", Some("C-1"))).await), Denial::NotPermitted);
        for who in [&broker, &lender] {
            let known = floor.put(who, draft("Statements", Some("C-1"))).await.expect("known");
            assert_eq!(known.outcome, Outcome::Unchanged);
        }
        // Nor does the broker take back what the lender put otherwise; a decision alone claims nothing.
        let own = floor.put(&broker, draft("Gift letter", None)).await.expect("made").line.public_id;
        floor.edit(&lender, &own, to("waived")).await.expect("waived");
        floor.edit(&broker, &own, late.clone()).await.expect("its own");
        let docs = ConditionEdit { phase: Some("prior to docs".to_owned()), ..ConditionEdit::default() };
        floor.edit(&lender, &own, docs).await.expect("moved");
        assert_eq!(denial(floor.edit(&broker, &own, late).await), Denial::NotPermitted);
    }

    async fn papers_move_a_condition(db) {
        let floor = Floor::on(&db).await;
        let (lender, broker) = (LoanCaller::Program(&floor.lender), LoanCaller::Program(&floor.broker));
        let id = floor.condition(&floor.lender, "prior to docs").await;
        assert_eq!(floor.paper(&broker, &id, true).await, ConditionStatus::Received);
        assert_eq!(floor.paper(&broker, &id, false).await, ConditionStatus::Received);
        assert_eq!(floor.paper(&lender, &id, true).await, ConditionStatus::Satisfied);
        assert_eq!(floor.paper(&broker, &id, false).await, ConditionStatus::Satisfied);
        let auto = ConditionEdit { auto_satisfy: Some(true), ..to("open") };
        floor.edit(&lender, &id, auto).await.expect("reopened");
        assert_eq!(floor.paper(&lender, &id, false).await, ConditionStatus::Satisfied);
        let moves = list_after(&db, &floor.broker.org.id, 0).await.expect("read");
        let moves = moves.iter().filter(|e| e.kind == EventKind::ConditionUpdated).count();
        assert_eq!(moves, 1, "only what changed is in the log");
    }

    async fn a_strangers_condition_is_not_there(db) {
        let floor = Floor::on(&db).await;
        let id = floor.condition(&floor.lender, "prior to docs").await;
        let unknown = Refusal::NotFound { what: Noun::Condition };
        let nobody = PublicId::parse("ZZZZZZZZ").expect("an id");
        let stranger = LoanCaller::Program(&floor.stranger);
        let officer = floor.person(&floor.broker.org, Role::Admin).await;
        let mut own_only = officer.clone();
        own_only.person.roles = lintel_domain::role::RoleSet::only(Role::LoanOfficer);
        for (caller, id) in [(&stranger, &id), (&stranger, &nobody), (&LoanCaller::Program(&floor.lender), &nobody)] {
            assert_eq!(refusal(floor.edit(caller, id, to("open")).await), unknown);
            assert_eq!(refusal(condition::find(&floor.world.app, caller, id).await), unknown);
        }
        let own_only = LoanCaller::Person(&own_only);
        assert_eq!(refusal(condition::find(&floor.world.app, &own_only, &id).await), unknown);
        let put = floor.put(&stranger, draft("x", None)).await;
        assert_eq!(refusal(put), Refusal::NotFound { what: Noun::Loan });
        let other = floor.world.send(&floor.lender, "LOS-2", crate::world::DOCUMENT).await.expect("taken");
        let mut tx = db.begin().await.expect("begun");
        let lender = LoanCaller::Program(&floor.lender);
        let head = lock_in(&mut tx, &lender, &other.public_id).await.expect("there");
        assert_eq!(condition::find_in(&mut tx, &head, &id).await.expect("read"), None, "of another loan");
    }

    async fn there_are_not_too_many(db) {
        let floor = Floor::on(&db).await;
        let id = floor.condition(&floor.lender, "prior to docs").await;
        let copy = "INSERT INTO loan_condition (lender_org_id, loan_id, id, org_id, public_id, \
             caller_key, phase, responsible, title, description, auto_satisfy, status, \
             created_at_us, created_by, status_at_us, status_by) SELECT lender_org_id, loan_id, \
             $1, org_id, $1, NULL, phase, responsible, title, description, auto_satisfy, status, \
             created_at_us, created_by, status_at_us, status_by FROM loan_condition \
             WHERE public_id = $2";
        let mut tx = db.begin().await.expect("begun");
        for n in 0..498 {
            let name = format!("COPY{n:04}");
            let args = vec![name.as_str().into(), id.as_str().into()];
            tx.exec(copy, args).await.expect("copied");
        }
        tx.commit().await.expect("committed");
        let who = LoanCaller::Program(&floor.lender);
        floor.put(&who, draft("the last", Some("last"))).await.expect("made");
        let full = floor.put(&who, draft("one more", None)).await;
        let field = Field::Condition(ConditionField::Count);
        assert_eq!(refusal(full), Refusal::Invalid { field, rule: Rule::Conflict });
        let known = floor.put(&who, draft("the last", Some("last"))).await.expect("known");
        assert_eq!(known.outcome, Outcome::Unchanged);
        assert_eq!(floor.listed().await.len(), 500);
    }

    async fn two_at_once_put_one_there(db) {
        let floor = Floor::on(&db).await;
        let who = LoanCaller::Program(&floor.lender);
        let put = || floor.put(&who, draft("Statements", Some("C-1")));
        let (one, two, three) = tokio::join!(put(), put(), put());
        let outcomes = [one, two, three].map(|made| made.expect("made").outcome);
        let created = outcomes.iter().filter(|o| **o == Outcome::Created).count();
        assert_eq!((created, floor.listed().await.len()), (1, 1), "{outcomes:?}");
    }
}
