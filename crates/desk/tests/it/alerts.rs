//! Alerts: who sees which, and until when.

use lintel_app::error::AppError;
use lintel_app::loan::{LoanCaller, find};
use lintel_app::session::SignedIn;
use lintel_desk::alert::{self, AlertLine, Target};
use lintel_desk::counts;
use lintel_desk::event::{AlertDraft, AlertFor, TaskDraft, TaskFor, ToldRole, WorkDraft};
use lintel_desk::task::{self, TaskFilter, Whose};
use lintel_domain::entry::Entry;
use lintel_domain::id::DAY_SECONDS;
use lintel_domain::message::TaskState;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::role::Role;
use lintel_testkit::both;

use crate::office::Office;

const ALL: &[ToldRole] = &[ToldRole::Everybody];

fn of(role: Role) -> [ToldRole; 1] {
    [ToldRole::Of(role)]
}

impl Office {
    /// What somebody sees, as texts, newest first.
    async fn sees(&self, who: &SignedIn) -> Vec<String> {
        let page = alert::list(&self.app, who, 50, 0).await.expect("listed");
        assert_eq!(page.total, u64::try_from(page.lines.len()).expect("small"));
        let waiting = counts(&self.app, who).await.expect("counted");
        assert_eq!(u64::from(waiting.alerts), page.total);
        page.lines.into_iter().map(|line| line.text).collect()
    }

    async fn lines(&self, who: &SignedIn) -> Vec<AlertLine> {
        alert::list(&self.app, who, 50, 0)
            .await
            .expect("listed")
            .lines
    }
}

both! {
    async fn roles_see_what_is_for_them(db) {
        let office = Office::on(&db).await;
        let org = &office.lender.org;
        let mine = office.person(org, Role::LoanOfficer).await;
        let colleague = office.person(org, Role::LoanOfficer).await;
        let processor = office.person(org, Role::Processor).await;
        let closer = office.person(org, Role::Closer).await;
        let representative = office.person(org, Role::Representative).await;
        let loan = office.loan(&office.lender, "LOS-1", Some(&mine)).await;
        office.alert(&office.lender, &loan, &of(Role::LoanOfficer), "for its officer").await;
        office.clock.advance(1);
        office.alert(&office.lender, &loan, &of(Role::Processor), "for processors").await;
        office.clock.advance(1);
        office.alert(&office.lender, &loan, ALL, "for all").await;
        assert_eq!(office.sees(&mine).await, ["for all", "for its officer"]);
        assert!(office.sees(&colleague).await.is_empty(), "it is not the colleague's loan");
        assert_eq!(office.sees(&processor).await, ["for all", "for processors"]);
        assert_eq!(office.sees(&closer).await, ["for all"]);
        assert!(office.sees(&representative).await.is_empty(), "sees own loans only");
        // Without an officer everybody of that role who sees the loan is meant.
        let orphan = office.loan(&office.lender, "LOS-2", None).await;
        office.alert(&office.lender, &orphan, &of(Role::LoanOfficer), "for nobody").await;
        assert_eq!(office.sees(&colleague).await.len(), 0);
        let line = &office.lines(&processor).await[1];
        assert_eq!(line.target, Target::Roles(vec![Role::Processor]));
        assert_eq!(line.loan.as_ref().map(|loan| &loan.id), Some(&loan));
    }

    async fn one_person_and_nobody_else(db) {
        let office = Office::on(&db).await;
        let org = &office.lender.org;
        let admin = office.person(org, Role::Admin).await;
        let other = office.person(org, Role::Representative).await;
        let alert = AlertDraft {
            target: Entry::Given(AlertFor::Person),
            user: Entry::Given(other.person.public_id.to_string()),
            message: Entry::Given("<p onclick=x()>Call <b>back</b><script>x()</script>".to_owned()),
            ..AlertDraft::default()
        };
        office.raise(&office.lender, None, alert).await;
        assert!(office.sees(&admin).await.is_empty());
        let line = office.lines(&other).await.remove(0);
        assert!(!line.html.contains("script") && !line.html.contains("onclick"), "{}", line.html);
        assert_eq!(line.text.trim(), "Call back");
        // Only that person puts it away, once.
        let put = async |who: &SignedIn| alert::put_away(&office.app, who, &line.id).await;
        let unknown = Refusal::NotFound { what: Noun::Alert };
        assert!(matches!(put(&admin).await, Err(AppError::Refused(r)) if r == unknown));
        assert_eq!(put(&other).await.ok(), Some(true));
        assert_eq!(put(&other).await.ok(), Some(false));
        assert!(office.sees(&other).await.is_empty());
    }

    async fn a_broker_and_its_lender_have_their_own(db) {
        let office = Office::on(&db).await;
        let (lender, broker) = (&office.lender.org, &office.broker.org);
        let officer = office.person(broker, Role::LoanOfficer).await;
        let assistant = office.person(broker, Role::LoanOfficerAssistant).await;
        let underwriter = office.person(lender, Role::Underwriter).await;
        let loan = office.loan(&office.broker, "LOS-1", Some(&officer)).await;
        office.alert(&office.lender, &loan, &of(Role::Underwriter), "inside").await;
        office.alert(&office.broker, &loan, &of(Role::LoanOfficerAssistant), "at the broker").await;
        office.clock.advance(1);
        office.alert(&office.lender, &loan, &of(Role::LoanOfficer), "to the officer").await;
        assert_eq!(office.sees(&underwriter).await, ["inside"]);
        assert_eq!(office.sees(&assistant).await, ["at the broker"]);
        assert_eq!(office.sees(&officer).await, ["to the officer"], "the loan's own officer");
        for (who, count) in [(&underwriter, 1), (&assistant, 1), (&officer, 1)] {
            let caller = LoanCaller::Person(who);
            let head = find(&office.app, &caller, &loan).await.expect("seen");
            let lines = alert::of_loan(&office.app, &caller, &head).await.expect("read");
            assert_eq!(lines.len(), count);
        }
        for (program, count) in [(&office.lender, 2), (&office.broker, 1)] {
            let caller = LoanCaller::Program(program);
            let head = find(&office.app, &caller, &loan).await.expect("seen");
            let lines = alert::of_loan(&office.app, &caller, &head).await.expect("read");
            assert_eq!(lines.len(), count);
        }
    }

    async fn what_is_about_a_loan_names_it_to_those_who_see_it_only(db) {
        let office = Office::on(&db).await;
        let inside = office.person(&office.lender.org, Role::Processor).await;
        let outside = office.person(&office.broker.org, Role::Admin).await;
        let foreign = office.loan(&office.lender, "LOS-1", None).await;
        let own = office.loan(&office.broker, "LOS-2", None).await;
        for (who, loan, is_named) in [
            (&inside, &foreign, true), (&inside, &own, true), (&outside, &own, true), (&outside, &foreign, false),
        ] {
            let user = Entry::Given(who.person.public_id.to_string());
            let alert = AlertDraft {
                target: Entry::Given(AlertFor::Person),
                user: user.clone(),
                message: Entry::Given("Call back".to_owned()),
                ..AlertDraft::default()
            };
            let task = TaskDraft {
                target: Entry::Given(TaskFor::Person),
                assignee: user,
                description: Entry::Given("Call back".to_owned()),
                ..TaskDraft::default()
            };
            office.raise(&office.lender, Some(loan), alert).await;
            office.act(&office.lender, Some(loan), WorkDraft::Task(task)).await;
            let alerts = office.lines(who).await;
            let filter = TaskFilter { whose: Whose::Mine, state: TaskState::Open };
            let tasks = task::list(&office.app, who, &filter, 50, 0).await.expect("listed").lines;
            let (alert, task) = (&alerts[0], tasks.last().expect("set"));
            assert_eq!((&alert.text[..], &task.description[..]), ("Call back", "Call back"));
            for about in [&alert.loan, &task.loan] {
                let named = about.as_ref().map(|loan| (&loan.id, loan.borrower.is_some()));
                assert_eq!(named, is_named.then_some((loan, true)));
            }
            office.clock.advance(1);
        }
    }

    async fn news_gets_old(db) {
        let office = Office::on(&db).await;
        let closer = office.person(&office.lender.org, Role::Closer).await;
        let loan = office.loan(&office.lender, "LOS-1", None).await;
        office.alert(&office.lender, &loan, ALL, "look").await;
        office.clock.advance(90 * DAY_SECONDS);
        assert_eq!(office.sees(&closer).await.len(), 1);
        office.clock.advance(1);
        assert!(office.sees(&closer).await.is_empty());
        let caller = LoanCaller::Person(&closer);
        let head = find(&office.app, &caller, &loan).await.expect("seen");
        assert_eq!(alert::of_loan(&office.app, &caller, &head).await.expect("read").len(), 1);
    }
}
