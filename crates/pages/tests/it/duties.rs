//! Tasks and alerts on their pages, and what a rate mail leads to.

use lintel_domain::organisation::OrganisationKind;
use lintel_domain::permission::Permission as P;
use lintel_domain::role::Role;
use lintel_testkit::both;

use crate::office::Office;
use crate::pipeline::loan as a_loan;
use crate::tab::{Tab, form, leads_to};

const TASKS: &str = "/lender/tasks";

/// The id of the first task on a page.
fn task_of(html: &str) -> String {
    let rest = html.split_once("id=\"t-").expect("a task").1;
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Adds a task and says which it is.
async fn add(tab: &mut Tab, what: &str, loan: &str) -> String {
    let sent = [("description", what), ("loan", loan)];
    let answer = tab.send(TASKS, TASKS, &sent).await;
    let list = tab.page(&leads_to(&answer), 200).await;
    task_of(&list)
}

both! {
    async fn a_task_is_given_done_and_opened_again(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        let paul = office.person(&lender, "paul", Role::Processor).await;
        let mut pauls = office.desk_of(&lender, &paul).await;
        let loan = a_loan(&office, &lender, "A", "Wren", "x@example.com").await;
        let what = "Call <b>Wren</b>\nabout the \"pay stubs\" & more";
        let id = add(&mut ada, what, &loan.to_lowercase()).await;
        let page = format!("{TASKS}/{id}");
        assert!(!pauls.page(TASKS, 200).await.contains(&id), "not given to him yet");
        let html = ada.page(&page, 200).await;
        assert!(html.contains("Call &lt;b&gt;Wren&lt;/b&gt;\nabout the &quot;pay stubs&quot; &amp; more"), "{html}");
        assert!(html.contains(&format!("href=\"/lender/loans/{loan}\"")));
        let given = ada.send(&page, &page, &[("assignee", paul.public_id.as_str())]).await;
        assert_eq!(leads_to(&given), page);

        let list = pauls.page(TASKS, 200).await;
        assert!(list.contains(&id) && list.contains("for you"));
        assert!(list.contains("nav__count\">1<"), "counted beside the link");
        let overview = pauls.page(&format!("/lender/loans/{loan}"), 200).await;
        assert!(overview.contains(&format!("/lender/tasks/{id}/done")));
        let done = form(&overview, &format!("{page}/done"));
        let answer = pauls.post(&format!("{page}/done"), &done).await;
        assert_eq!(leads_to(&answer), format!("/lender/loans/{loan}"), "back to where it was");
        assert!(!pauls.page(TASKS, 200).await.contains(&id));
        let over = pauls.page("/lender/tasks?show=done", 200).await;
        assert!(over.contains(&id) && over.contains("Adam Sample paul"));
        leads_to(&pauls.send("/lender/tasks?show=done", &format!("{page}/reopen"), &[]).await);
        assert!(pauls.page(TASKS, 200).await.contains(&id));
    }

    async fn who_may_give_tasks_and_who_sees_them(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let stranger = office.org(OrganisationKind::Retail, None).await;
        let broker = office.org(OrganisationKind::Broker, Some(&lender)).await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        let loan = a_loan(&office, &lender, "A", "Wren", "x@example.com").await;
        let id = add(&mut ada, "Call Wren", &loan).await;
        let foreign = office.person(&stranger, "dan", Role::LoanOfficer).await;
        for (n, role) in Role::ALL.iter().enumerate() {
            let mut tab = office.desk(&lender, &format!("p{n}"), *role).await;
            let edits = role.may(P::EditTasks);
            let list = tab.page("/lender/tasks?show=all", 200).await;
            assert_eq!(list.contains("Add the task"), edits, "{role}");
            assert_eq!(list.contains(&id), role.may(P::SeeAllLoans), "{role}");
            tab.page("/lender/alerts", 200).await;
            let token = tab.token("/lender/account").await;
            let fields = vec![
                ("form_token".to_owned(), token),
                ("description".to_owned(), "More".to_owned()),
            ];
            let answer = tab.post(TASKS, &fields).await;
            assert_eq!(answer.status.as_u16(), if edits { 303 } else { 403 }, "{role}");
        }
        let page = format!("{TASKS}/{id}");
        for (org, name) in [(&stranger, "cat"), (&broker, "bob")] {
            let mut tab = office.desk(org, name, Role::Admin).await;
            assert_eq!(tab.get(&page).await.status.as_u16(), 404, "{name}");
            let token = vec![("form_token".to_owned(), tab.token("/lender/account").await)];
            for part in ["", "/done", "/reopen"] {
                let answer = tab.post(&format!("{page}{part}"), &token).await;
                assert_eq!(answer.status.as_u16(), 404, "{name} {part}");
            }
            let answer = tab.post(&format!("/lender/alerts/{id}/put-away"), &token).await;
            assert_eq!(answer.status.as_u16(), 404, "{name}");
        }
        // What is wrong is said beside its field.
        let long = "x".repeat(5000);
        for (name, value) in [
            ("description", ""),
            ("description", long.as_str()),
            ("description", "a\u{0}b"),
            ("loan", "ZZZZZZZZ"),
            ("loan", "<b>"),
            ("assignee", foreign.public_id.as_str()),
            ("assignee", "nobody"),
        ] {
            let sent = [("description", "Call"), (name, value)];
            let answer = ada.send(TASKS, TASKS, &sent).await;
            assert_eq!(answer.status.as_u16(), 422, "{name}");
            assert!(answer.text().contains(&format!("id=\"{name}-error\"")), "{name}: {}", answer.text());
        }
        assert_eq!(office.rows("task").await, 1 + i64::try_from(Role::ALL.iter().filter(|r| r.may(P::EditTasks)).count()).unwrap());
    }

    async fn a_link_of_no_mail_changes_nothing_and_says_so(db) {
        let office = Office::on(&db);
        let mut tab = Tab::new(&office.router);
        let token = "Z".repeat(60);
        for unknown in [token.as_str(), "x", "%F0%9F%98%80"] {
            let page = tab.page(&format!("/app/rates/{unknown}"), 404).await;
            assert!(page.contains("This link leads nowhere"));
        }
        let stop = format!("/app/rates/{token}/stop");
        let one_click = [("List-Unsubscribe".to_owned(), "One-Click".to_owned())];
        for _ in 0..2 {
            let mut program = Tab::new(&office.router);
            let answer = program.post(&stop, &one_click).await;
            assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
            assert!(answer.text().contains("Nothing is sent by this link"));
        }
        for (kind, bytes) in [("text/plain", &b"List-Unsubscribe=One-Click"[..]), ("application/x-www-form-urlencoded", b"%"), ("multipart/form-data; boundary=x", b"--y")] {
            assert_eq!(tab.raw(&stop, kind, bytes).await.status.as_u16(), 200, "{kind}");
        }
        assert_eq!(leads_to(&tab.get(&stop).await), format!("/app/rates/{token}"));
    }
}
