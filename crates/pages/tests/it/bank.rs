//! A bank's desk in the browser: the queue, a process and its forms, two people, networks; and that it
//! is nobody else's.

use lintel_domain::id::RowId;
use lintel_domain::intermediary::Partner;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::process::ProcessCommand;
use lintel_domain::role::Role;
use lintel_domain::simulation::{Borrower, Property, Request};
use lintel_engine::{Cents, Date, Pct};
use lintel_processes::{By, lock_in, transition_in};
use lintel_simulations::Caller;
use lintel_store::index_average::{self, Average};
use lintel_store::offer::{self, Version};
use lintel_store::process::Whose;
use lintel_testkit::both;

use crate::office::Office;
use crate::tab::{filled, form, leads_to};

const QUEUE: &str = "/bank/processes";
/// The fictional bank's offer.
const OFFER: &str = include_str!("../../../../data/demo_bank/offer.toml");
/// A name that would break a page that trusts it.
const NAME: &str = "Maria <b>Exemplo</b> \"&";

fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a day")
}

async fn a_bank(office: &Office) -> Organisation {
    let bank = office.org(OrganisationKind::Bank, None).await;
    let app = &office.app;
    let version = Version {
        id: app.row_id().expect("an id"),
        effective_from: day("2026-01-01"),
        digest: OFFER.len().to_be_bytes().to_vec(),
        document: OFFER.to_owned(),
        created_by: "test".to_owned(),
        created_at: app.now(),
    };
    let averages = ["2008-10-01", "2026-05-01"].map(|month| Average {
        tenor: "12M".to_owned(),
        month: day(month),
        average: Pct::new(2_187_000_000),
        source: "test".to_owned(),
    });
    let mut tx = app.db().begin().await.expect("begun");
    offer::insert_in(&mut tx, &bank.id, &version)
        .await
        .expect("kept");
    let now = app.now();
    index_average::put_in(&mut tx, &bank.id, &averages, now)
        .await
        .expect("kept");
    tx.commit().await.expect("committed");
    bank
}

fn asked() -> Request {
    Request {
        product_purpose: Some(2),
        loan_purpose: Some(1),
        product_scheme: Some(1),
        branch: Some(1),
        amount: Some(Cents::new(18_000_000)),
        term_months: Some(360),
        rate_kind: Some(2),
        index_type: Some(5),
        cross_selling: Some(true),
        property: Some(Property {
            typology: Some(1),
            estimated_value: Some(Cents::new(23_000_000)),
            acquisition_amount: Some(Cents::new(22_500_050)),
            district: Some(11),
            county: Some(1106),
            ..Property::default()
        }),
        borrowers: vec![Borrower {
            kind: Some(1),
            name: Some(NAME.to_owned()),
            nif: Some("123456789".to_owned()),
            birth_date: Some(day("1990-02-28")),
            monthly_net_income: Some(Cents::new(350_000)),
            ..Borrower::default()
        }],
        ..Request::default()
    }
}

/// A process that is with the bank, and where its page is.
async fn handed_over(office: &Office, bank: &Organisation) -> String {
    let app = &office.app;
    let id = || app.row_id().expect("an id");
    let partner = Partner {
        org_id: bank.id.clone(),
        network_id: id(),
        intermediary_id: id(),
        intermediary_name: "Intermediário Exemplo".to_owned(),
        user_id: id(),
        user_name: "Anna Exemplo".to_owned(),
    };
    let caller = Caller {
        partner: &partner,
        correlation: None,
    };
    let made = lintel_simulations::create(app, caller, asked(), Vec::new()).await;
    let simulation = made.expect("made").id;
    let made = lintel_processes::create(app, caller, &simulation).await;
    let process: RowId = made.expect("made").0.head.id;
    let whose = Whose {
        org_id: &bank.id,
        intermediary_id: None,
    };
    let mut tx = app.db().begin().await.expect("begun");
    let mut head = lock_in(&mut tx, whose, &process).await.expect("held");
    let by = By::partner(caller);
    let handed = transition_in(app, &mut tx, &mut head, ProcessCommand::Submit, &by, None);
    handed.await.expect("handed over");
    tx.commit().await.expect("committed");
    format!("{QUEUE}/{process}")
}

both! {
    async fn a_process_goes_through_the_desk(db) {
        let office = Office::on(&db);
        let bank = a_bank(&office).await;
        let page = handed_over(&office, &bank).await;
        let mut rita = office.desk(&bank, "rita", Role::Underwriter).await;
        assert_eq!(leads_to(&rita.get("/lender/home").await), QUEUE);
        let queue = rita.page(QUEUE, 200).await;
        assert!(queue.contains("Maria &lt;b&gt;Exemplo&lt;/b&gt;") && queue.contains("€180,000.00"), "{queue}");
        assert!(!queue.contains("/lender/leads") && !queue.contains("Equal Housing"));
        for none in ["?who=me", "?text=ninguem", "?days=7", "?status=approved", "?page=9"] {
            assert!(rita.page(&format!("{QUEUE}{none}"), 200).await.contains("No processes here"), "{none}");
        }
        for found in ["?text=MARIA", "?text=123456789", "?status=nonsense&days=x"] {
            assert!(rita.page(&format!("{QUEUE}{found}"), 200).await.contains(&page), "{found}");
        }
        assert_eq!(leads_to(&rita.send(&page, &format!("{page}/take"), &[]).await), page);

        let ask = format!("{page}/ask");
        let answer = rita.send(&page, &ask, &[("question", "")]).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        leads_to(&rita.send(&page, &ask, &[("question", "Qual é a área?")]).await);
        let html = rita.page(&page, 200).await;
        assert!(html.contains("Qual é a área?") && html.contains("Pending information"));
        let withdraw = html.split("action=\"").find(|part| part.contains("/withdraw\"")).expect("a form");
        let withdraw = withdraw.split('"').next().expect("an address").to_owned();
        leads_to(&rita.send(&page, &withdraw, &[]).await);
        leads_to(&rita.send(&page, &format!("{page}/messages"), &[("subject", "Olá"), ("text", "Bom dia")]).await);

        let approve = format!("{page}/approve");
        for wrong in [("amount", "180000,50"), ("months", "x"), ("valid_days", "5"), ("amount", "99999999")] {
            let answer = rita.send(&page, &approve, &[("step", "issue"), wrong]).await;
            assert_eq!(answer.status, 422, "{wrong:?} {}", answer.text());
        }
        let ahead = rita.send(&page, &approve, &[("step", "look"), ("amount", "150,000.00")]).await;
        assert!(ahead.status == 200 && ahead.text().contains("What these terms come to"), "{}", ahead.text());
        assert!(ahead.text().contains("€150,000.00"));
        // What is missing is told; nothing is issued until it is there.
        let issue = [("step", "issue"), ("conditions", "Seguro de vida.\r\nSeguro multirriscos.")];
        let answer = rita.send(&page, &approve, &issue).await;
        assert!(answer.status == 422 && answer.text().contains("There are some problems"), "{}", answer.text());
        assert_eq!(office.rows("proposal").await, 0);
        let decline = format!("{page}/decline");
        let old = form(&rita.page(&page, 200).await, &decline);
        assert_eq!(rita.send(&page, &decline, &[]).await.status, 422, "no reason");
        leads_to(&rita.send(&page, &decline, &[("reason", "information")]).await);
        let again = rita.post(&decline, &filled(old, &[("reason", "property")])).await;
        assert_eq!(leads_to(&again), page);
        let html = rita.page(&page, 200).await;
        assert!(html.contains("changed since you opened it") && html.contains("Information missing"), "{html}");
        assert!(!html.contains("Property is no sufficient security"));
    }

    async fn two_people_decide(db) {
        let office = Office::on(&db);
        let bank = a_bank(&office).await;
        let page = handed_over(&office, &bank).await;
        let mut ada = office.desk(&bank, "ada", Role::Admin).await;
        let mut rita = office.desk(&bank, "rita", Role::Underwriter).await;
        rita.page("/bank/settings", 403).await;
        leads_to(&ada.send("/bank/settings", "/bank/settings", &[("four_eyes", "1")]).await);
        assert!(ada.page("/bank/settings", 200).await.contains(" checked"));
        leads_to(&rita.send(&page, &format!("{page}/take"), &[]).await);
        leads_to(&rita.send(&page, &format!("{page}/decline"), &[("reason", "property")]).await);
        let own = rita.page(&page, 200).await;
        assert!(own.contains("Somebody else has to confirm it") && !own.contains("/confirm\""), "{own}");
        let html = ada.page(&page, 200).await;
        let confirm = html.split("action=\"").find(|part| part.contains("/confirm\"")).expect("a form");
        let confirm = confirm.split('"').next().expect("an address").to_owned();
        leads_to(&ada.send(&page, &confirm, &[]).await);
        assert!(ada.page(&page, 200).await.contains("Property is no sufficient security"));
    }

    async fn it_is_nobody_elses(db) {
        let office = Office::on(&db);
        let (bank, other) = (a_bank(&office).await, office.org(OrganisationKind::Bank, None).await);
        let page = handed_over(&office, &bank).await;
        let lender = office.lender().await;
        let none = format!("{QUEUE}/0193f000-0000-7000-8000-000000000001");
        for org in [&other, &lender] {
            let mut tab = office.desk(org, "eve", Role::Admin).await;
            tab.page(&page, 404).await;
            tab.page(&none, 404).await;
            let token = ("form_token".to_owned(), tab.token("/lender/account").await);
            for act in ["take", "take-over", "ask", "messages", "approve", "decline"] {
                let fields = vec![token.clone(), ("reason".to_owned(), "property".to_owned())];
                let answer = tab.post(&format!("{page}/{act}"), &fields).await;
                assert_eq!(answer.status, 404, "{act} {}", answer.text());
            }
            let nobody = "0193f000-0000-7000-8000-000000000001";
            for act in ["requests/ID/withdraw", "decisions/ID/confirm", "decisions/ID/return"] {
                let path = format!("{page}/{}", act.replace("ID", nobody));
                assert_eq!(tab.post(&path, std::slice::from_ref(&token)).await.status, 404, "{act}");
            }
            tab.page(&format!("{page}/documents/{nobody}"), 404).await;
            tab.page(&format!("/bank/proposals/{nobody}/fine"), 404).await;
        }
        let mut lenders = office.desk(&lender, "dan", Role::Admin).await;
        for path in [QUEUE, "/bank/networks", "/bank/settings"] {
            lenders.page(path, 404).await;
        }
        let mut rep = office.desk(&bank, "rep", Role::Representative).await;
        for path in [QUEUE, &page, "/bank/networks", "/bank/settings"] {
            rep.page(path, 403).await;
        }
        let mut rita = office.desk(&bank, "rita", Role::Underwriter).await;
        for odd in ["x", "%00", "0193f000-0000-7000-8000-00000000000z", "'"] {
            rita.page(&format!("{QUEUE}/{odd}"), 404).await;
        }
    }

    async fn networks_are_switched(db) {
        let office = Office::on(&db);
        let bank = a_bank(&office).await;
        let mut ada = office.desk(&bank, "ada", Role::Admin).await;
        assert!(ada.page("/bank/networks", 200).await.contains("No networks yet"));
        let by = lintel_app::by::By::Operator(&bank);
        let made = lintel_intermediaries::network::add(&office.app, &by, "Rede Exemplo").await;
        let client = made.expect("made").network.client_id;
        let switch = format!("/bank/networks/{client}/switch");
        leads_to(&ada.send("/bank/networks", &switch, &[]).await);
        let html = ada.page("/bank/networks", 200).await;
        assert!(html.contains("Switch on") && !html.contains("Switch off"), "{html}");
        leads_to(&ada.send("/bank/networks", &switch, &[]).await);
        assert!(ada.page("/bank/networks", 200).await.contains("Switch off"));
    }
}
