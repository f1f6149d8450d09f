//! The pipeline and the loans in it: who sees which, and what an address can do to the page.

use lintel_app::loan::{NewLoan, create};
use lintel_domain::loan::Status;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::role::Role;
use lintel_testkit::both;

use crate::office::Office;
use crate::tab::Tab;

/// The invented loan document, the same the use cases are tested with.
const DOCUMENT: &str = include_str!("../../../app/tests/it/fixtures/loan.xml");

/// A loan of an organisation, with its borrower's name and its officer's address.
pub async fn loan(
    office: &Office,
    org: &Organisation,
    los: &str,
    name: &str,
    officer: &str,
) -> String {
    let document = DOCUMENT
        .replace("<FirstName>Wren<", &format!("<FirstName>{name}<"))
        .replace("olive.officer@example.com", officer);
    let new = NewLoan {
        los_loan_id: los.to_owned(),
        document: document.into_bytes(),
        invite_borrowers: false,
        status: Some(Status {
            main: "Processing".to_owned(),
            sub: String::new(),
        }),
        officer_email: None,
        crm_id: None,
    };
    let made = create(&office.app, &office.caller(org), new).await;
    made.expect("taken").public_id.to_string()
}

async fn status(tab: &mut Tab, path: &str) -> u16 {
    tab.get(path).await.status.as_u16()
}

both! {
    async fn who_sees_own_loans_sees_no_others(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let mut olive = office.desk(&lender, "olive", Role::LoanOfficer).await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        office.person(&lender, "otto", Role::LoanOfficer).await;
        let hers = loan(&office, &lender, "A", "Hers", "olive@example.com").await;
        let his = loan(&office, &lender, "B", "His", "otto@example.com").await;
        let all = ada.page("/lender/home", 200).await;
        assert!(all.contains(">Hers Ashdown<") && all.contains(">His Ashdown<"));
        for path in ["/lender/home", "/lender/home?email=otto@example.com&status=", "/lender/home?state=ME"] {
            let own = olive.page(path, 200).await;
            assert!(!own.contains(">His Ashdown<"), "{path}");
        }
        assert!(olive.page("/lender/home", 200).await.contains(">Hers Ashdown<"));
        let unknown = olive.page("/lender/loans/ZZZZZZZZ", 404).await;
        assert_eq!(olive.page(&format!("/lender/loans/{his}"), 404).await, unknown.replace("ZZZZZZZZ", &his));
        let html = olive.page(&format!("/lender/loans/{hers}"), 200).await;
        assert!(html.contains("•••-••-1234") && !html.contains("900661234"), "the tax id is masked");
        assert_eq!(status(&mut olive, "/lender/home.csv").await, 403);
        let before = office.rows("event").await;
        let csv = ada.get("/lender/home.csv").await;
        assert_eq!(office.rows("event").await, before + 1, "who takes all along is written down");
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert!(csv.text().contains("\"Hers Ashdown\"") && csv.text().contains("\"His Ashdown\""));
        assert_eq!(csv.text().lines().count(), 3);
    }

    async fn an_opened_loan_says_who_opened_it_and_its_head_does_not_open_it(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        let id = loan(&office, &lender, "A", "Wren", "olive@example.com").await;
        let path = format!("/lender/loans/{id}");
        let events = office.rows("event").await;
        let first = ada.page(&path, 200).await;
        assert!(!first.contains(">Opened<"));
        assert_eq!(office.rows("event").await, events + 1);
        assert!(ada.page(&path, 200).await.contains(">Opened<"));
        assert_eq!(office.rows("event").await, events + 1, "the same look");
        office.clock.advance(120);
        ada.page(&path, 200).await;
        assert_eq!(office.rows("event").await, events + 2);
    }

    async fn other_families_loans_are_unknown(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let broker = office.org(OrganisationKind::Broker, Some(&lender)).await;
        let stranger = office.org(OrganisationKind::Retail, None).await;
        let lenders = loan(&office, &lender, "A", "Lent", "x@example.com").await;
        let brokers = loan(&office, &broker, "B", "Brokered", "x@example.com").await;
        let strangers = loan(&office, &stranger, "C", "Strange", "x@example.com").await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        let mut bob = office.desk(&broker, "bob", Role::Admin).await;
        let mut cat = office.desk(&stranger, "cat", Role::Admin).await;
        let table = [
            (&mut ada, [200, 200, 404], "lender"),
            (&mut bob, [404, 200, 404], "broker"),
            (&mut cat, [404, 404, 200], "stranger"),
        ];
        for (tab, expected, who) in table {
            for (id, wanted) in [&lenders, &brokers, &strangers].into_iter().zip(expected) {
                let answer = tab.get(&format!("/lender/loans/{id}")).await;
                assert_eq!(answer.status.as_u16(), wanted, "{who} {id}");
            }
        }
        let list = bob.page("/lender/home", 200).await;
        assert!(list.contains("Brokered") && !list.contains("Lent") && !list.contains("Strange"));
        // Filters that name somebody else's person find nothing, as with nobody's.
        let person = office.person(&stranger, "dan", Role::LoanOfficer).await;
        let foreign = ada.page(&format!("/lender/home?officer={}", person.public_id), 200).await;
        let nobody = ada.page("/lender/home?officer=ZZZZZZZZ", 200).await;
        assert_eq!(foreign.replace(person.public_id.as_str(), "ZZZZZZZZ"), nobody);
    }

    async fn every_role_opens_what_it_may(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let id = loan(&office, &lender, "A", "Wren", "nobody@example.com").await;
        for (n, role) in Role::ALL.iter().enumerate() {
            use lintel_domain::permission::Permission as P;
            let mut tab = office.desk(&lender, &format!("p{n}"), *role).await;
            let sees = role.may(P::SeeAllLoans) || role.may(P::SeeOwnLoans);
            let expect = |is_open: bool, refused: u16| if is_open { 200 } else { refused };
            let table = [
                ("/lender/home".to_owned(), expect(sees, 403)),
                ("/lender/leads".to_owned(), expect(sees, 403)),
                ("/lender/home.csv".to_owned(), expect(sees && role.may(P::ExportLoans), 403)),
                (format!("/lender/loans/{id}"), expect(role.may(P::SeeAllLoans), if sees { 404 } else { 403 })),
                ("/lender/account".to_owned(), 200),
            ];
            for (path, wanted) in table {
                assert_eq!(status(&mut tab, &path).await, wanted, "{role} {path}");
            }
        }
    }

    async fn an_address_cannot_hurt_the_page(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        loan(&office, &lender, "A", "&lt;script&gt;alert(1)&lt;/script&gt;", "olive@example.com").await;
        let long = format!("/lender/home?email={}", "x".repeat(20_000));
        for path in [
            "/lender/home?status=%3Cscript%3E&state=%27%22%3E&sort=%00&page=-1",
            "/lender/home?page=4294967295",
            "/lender/home?page=99999999999999999999&from=0000-00-00&to=9999-12-31&changed=1900-01-01",
            "/lender/home?from=9999-12-31&to=1900-01-01",
            "/lender/home?email=%22%3E%3Cscript%3Ealert(1)%3C/script%3E@x",
            "/lender/home?since=99999999999&status=withdrawn",
            "/lender/home?since=3650&status=ended",
            "/lender/home?%FF=%FF&a[b][c]=d&state[]=CA&=&&&",
            "/lender/leads?page=100000",
            &long,
        ] {
            let html = ada.page(path, 200).await;
            assert!(!html.contains("<script>"), "{path}");
        }
        let list = ada.page("/lender/home", 200).await;
        assert!(list.contains("&lt;script&gt;alert(1)"));
        for path in ["/lender/loans/%3Cscript%3E", "/lender/loans/%00", "/lender/loans/uu473ioj", "/lender/loans/"] {
            assert_eq!(status(&mut ada, path).await, 404, "{path}");
        }
    }
}
