//! Tasks: set, given to people, done, and seen by whom they are for.

use lintel_app::error::AppError;
use lintel_app::loan::{DoneBy, LoanCaller, find};
use lintel_app::session::SignedIn;
use lintel_desk::counts;
use lintel_desk::task::{
    self, NewTask, TaskFilter, TaskLine, Whose, assign, assignees, create, finish, reopen,
};
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::message::TaskState;
use lintel_domain::refusal::{Denial, Field, Noun, Refusal, Rule};
use lintel_domain::role::Role;
use lintel_store::event::list_after;
use lintel_testkit::both;

use crate::office::Office;

fn refused<T>(result: Result<T, AppError>) -> Option<Refusal> {
    match result {
        Err(AppError::Refused(refusal)) => Some(refusal),
        Ok(_) | Err(AppError::Document(_) | AppError::Failed(_)) => None,
    }
}

const UNKNOWN: Refusal = Refusal::NotFound { what: Noun::Task };
const DENIED: Refusal = Refusal::Denied(Denial::NotPermitted);

impl Office {
    async fn set(
        &self,
        who: &SignedIn,
        to: Option<&SignedIn>,
        loan: Option<&PublicId>,
    ) -> PublicId {
        let new = NewTask {
            description: "Ask for\r\nthe statements".to_owned(),
            assignee: to.map(|to| to.person.public_id.to_string()),
            loan: loan.cloned(),
        };
        create(&self.app, who, new).await.expect("set")
    }

    async fn tasks(&self, who: &SignedIn, whose: Whose, state: TaskState) -> Vec<TaskLine> {
        let filter = TaskFilter { whose, state };
        let page = task::list(&self.app, who, &filter, 50, 0)
            .await
            .expect("listed");
        assert_eq!(page.total, u64::try_from(page.lines.len()).expect("small"));
        if whose == Whose::Mine && state == TaskState::Open {
            let waiting = counts(&self.app, who).await.expect("counted");
            assert_eq!(u64::from(waiting.tasks), page.total);
        }
        page.lines
    }

    async fn open_of(&self, who: &SignedIn, whose: Whose) -> Vec<PublicId> {
        let lines = self.tasks(who, whose, TaskState::Open).await;
        lines.into_iter().map(|line| line.id).collect()
    }
}

both! {
    async fn a_task_is_set_done_and_opened_again(db) {
        let office = Office::on(&db).await;
        let (app, org) = (&office.app, &office.lender.org);
        let boss = office.person(org, Role::Processor).await;
        let officer = office.person(org, Role::LoanOfficer).await;
        let id = office.set(&boss, Some(&officer), None).await;
        let line = office.tasks(&officer, Whose::Mine, TaskState::Open).await.remove(0);
        assert_eq!(line.description, "Ask for\nthe statements");
        assert_eq!((line.is_mine, line.may_finish, line.may_edit), (true, true, false));
        assert_eq!(line.created_by, DoneBy::Person(boss.person.display_name()));
        assert_eq!(line.assignee.as_ref().map(|a| a.name.clone()), Some(officer.person.display_name()));
        assert_eq!(finish(app, &officer, &id).await.ok(), Some(true));
        assert_eq!(finish(app, &officer, &id).await.ok(), Some(false), "done once");
        let done = task::one(app, &boss, &id).await.expect("seen");
        assert_eq!(done.done_by, Some(DoneBy::Person(officer.person.display_name())));
        assert_eq!(done.done_at, Some(app.now()));
        assert!(office.open_of(&officer, Whose::Mine).await.is_empty());
        assert_eq!(office.tasks(&officer, Whose::Mine, TaskState::Done).await.len(), 1);
        assert_eq!(reopen(app, &boss, &id).await.ok(), Some(true));
        let again = task::one(app, &boss, &id).await.expect("seen");
        assert_eq!((again.state, again.done_at, again.done_by), (TaskState::Open, None, None));
        let events = list_after(app.db(), &org.id, 0).await.expect("read");
        let kinds: Vec<EventKind> = events.iter().map(|event| event.kind)
            .filter(|kind| matches!(kind, EventKind::TaskCreated | EventKind::TaskChanged)).collect();
        assert_eq!(kinds, [EventKind::TaskCreated, EventKind::TaskChanged, EventKind::TaskChanged]);
    }

    async fn who_may_give_tasks(db) {
        let office = Office::on(&db).await;
        let (app, org) = (&office.app, &office.lender.org);
        let boss = office.person(org, Role::Admin).await;
        let officer = office.person(org, Role::LoanOfficer).await;
        let other = office.person(org, Role::LoanOfficer).await;
        let stranger = office.person(&office.broker.org, Role::Admin).await;
        let id = office.set(&boss, Some(&officer), None).await;
        let to = |who: &SignedIn| who.person.public_id.to_string();
        assert_eq!(refused(create(app, &officer, NewTask::default()).await), Some(DENIED));
        assert_eq!(refused(assign(app, &officer, &id, None).await), Some(DENIED));
        assert_eq!(refused(assignees(app, &officer).await), Some(DENIED));
        for nobody in [to(&stranger), "nobody".to_owned(), "\0".to_owned()] {
            let refusal = refused(assign(app, &boss, &id, Some(&nobody)).await);
            assert_eq!(refusal, Some(Refusal::NotFound { what: Noun::Staff }));
        }
        assert_eq!(refused(finish(app, &stranger, &id).await), Some(UNKNOWN));
        assert_eq!(refused(assign(app, &stranger, &id, None).await), Some(UNKNOWN));
        assert_eq!(assign(app, &boss, &id, Some(&to(&other))).await.ok(), Some(true));
        assert_eq!(assign(app, &boss, &id, Some(&to(&other))).await.ok(), Some(false));
        // It is about no loan, so that colleagues see it; doing it is for who has it.
        assert_eq!(refused(finish(app, &officer, &id).await), Some(DENIED));
        assert_eq!(finish(app, &other, &id).await.ok(), Some(true));
        assert_eq!(assign(app, &boss, &id, Some(" ")).await.ok(), Some(true), "the organisation's");
        assert!(task::one(app, &boss, &id).await.expect("seen").assignee.is_none());
        assert_eq!(assignees(app, &boss).await.expect("listed").len(), 3);
    }

    async fn what_a_task_says(db) {
        let office = Office::on(&db).await;
        let boss = office.person(&office.lender.org, Role::Admin).await;
        let said = async |description: &str| {
            let new = NewTask { description: description.to_owned(), ..NewTask::default() };
            refused(create(&office.app, &boss, new).await)
        };
        let field = Field::TaskDescription;
        let missing = Refusal::Invalid { field: field.clone(), rule: Rule::Missing };
        for blank in ["", " \r\n "] {
            assert_eq!(said(blank).await, Some(missing.clone()));
        }
        for bad in ["a\0b", &"x".repeat(4001)] {
            assert_eq!(said(bad).await, Some(Refusal::malformed(field.clone())));
        }
        assert_eq!(said(&"x".repeat(4000)).await, None);
        let unknown = NewTask {
            description: "x".to_owned(),
            loan: PublicId::parse("NOBODY00"),
            ..NewTask::default()
        };
        let refusal = refused(create(&office.app, &boss, unknown).await);
        assert_eq!(refusal, Some(Refusal::NotFound { what: Noun::Loan }));
    }

    async fn tasks_are_seen_as_far_as_loans_are(db) {
        let office = Office::on(&db).await;
        let org = &office.lender.org;
        let boss = office.person(org, Role::Admin).await;
        let mine = office.person(org, Role::LoanOfficer).await;
        let other = office.person(org, Role::LoanOfficer).await;
        let broker = office.person(&office.broker.org, Role::Admin).await;
        let loan = office.loan(&office.lender, "LOS-1", Some(&mine)).await;
        let about = office.set(&boss, None, Some(&loan)).await;
        office.clock.advance(1);
        let about_none = office.set(&boss, None, None).await;
        office.clock.advance(1);
        let given = office.set(&boss, Some(&other), Some(&loan)).await;
        let all = vec![about.clone(), about_none.clone(), given.clone()];
        assert_eq!(office.open_of(&boss, Whose::Organisation).await, all);
        assert_eq!(office.open_of(&mine, Whose::Organisation).await, all);
        assert_eq!(office.open_of(&other, Whose::Organisation).await, [about_none, given.clone()]);
        assert!(office.open_of(&broker, Whose::Organisation).await.is_empty());
        assert_eq!(office.open_of(&other, Whose::Mine).await, [given]);
        assert_eq!(refused(task::one(&office.app, &other, &about).await), Some(UNKNOWN));
        for (who, count) in [(&boss, 2), (&mine, 2)] {
            let caller = LoanCaller::Person(who);
            let head = find(&office.app, &caller, &loan).await.expect("seen");
            let lines = task::of_loan(&office.app, &caller, &head).await.expect("read");
            assert_eq!(lines.len(), count);
            assert!(lines.iter().all(|line| line.loan.as_ref().is_some_and(|l| l.borrower.is_some())));
        }
    }
}
