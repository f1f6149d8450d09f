//! The pages of one loan: who sees and may do what, conditions, status, history, export.

use lintel_app::loan::LoanCaller;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::permission::Permission as P;
use lintel_domain::role::Role;
use lintel_edge::test_client::Part;
use lintel_testkit::both;

use crate::office::Office;
use crate::papers::pdf;
use crate::pipeline::loan;
use crate::tab::{Tab, leads_to};

const PARTS: [&str; 6] = [
    "",
    "/application",
    "/conditions",
    "/documents",
    "/status",
    "/history",
];

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(pair).collect()
}

/// The id of the only condition on a page.
fn condition_of(html: &str) -> String {
    let rest = html.split_once("id=\"c-").expect("a condition").1;
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Puts a condition on a loan and says which it is.
async fn add(tab: &mut Tab, path: &str, title: &str, phase: &str) -> String {
    let changes = [
        ("title", title),
        ("phase", phase),
        ("responsible", "borrower"),
    ];
    let answer = tab.send(path, path, &changes).await;
    let place = leads_to(&answer);
    place.rsplit_once("#c-").expect("its place").1.to_owned()
}

both! {
    async fn every_role_sees_and_does_what_it_may(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let id = loan(&office, &lender, "A", "Wren", "nobody@example.com").await;
        let base = format!("/lender/loans/{id}");
        for (n, role) in Role::ALL.iter().enumerate() {
            let mut tab = office.desk(&lender, &format!("p{n}"), *role).await;
            let sees = role.may(P::SeeAllLoans);
            for part in PARTS {
                let status = tab.get(&format!("{base}{part}")).await.status.as_u16();
                assert_eq!(status, if sees { 200 } else { 404 }, "{role} {part}");
            }
            let export = tab.get(&format!("{base}/export")).await.status.as_u16();
            let allowed = if role.may(P::ExportLoans) { 200 } else { 403 };
            assert_eq!(export, if sees { allowed } else { 404 }, "{role} export");
            let token = tab.token("/lender/account").await;
            let token = ("form_token", token.as_str());
            let posts = [
                ("/conditions", P::EditConditions, vec![token, ("title", "T"), ("phase", "prior to docs")]),
                ("/status", P::ChangeStatus, vec![token, ("step", "Chose Loan")]),
                ("/export", P::ExportLoans, vec![token]),
                ("/documents/upload", P::EditDocuments, vec![token]),
            ];
            for (part, permission, sent) in posts {
                let answer = tab.post(&format!("{base}{part}"), &fields(&sent)).await;
                let status = answer.status.as_u16();
                if role.may(permission) && sees {
                    assert!(matches!(status, 200 | 303 | 422), "{role} {part} {status}");
                } else {
                    assert!(matches!(status, 403 | 404), "{role} {part} {status}");
                }
            }
            if !sees {
                continue;
            }
            let page = tab.page(&format!("{base}/conditions"), 200).await;
            assert_eq!(page.contains("Add the condition"), role.may(P::EditConditions), "{role}");
            assert_eq!(page.contains(">Satisfy<"), role.may(P::ClearConditions), "{role}");
            let page = tab.page(&format!("{base}/documents"), 200).await;
            assert_eq!(page.contains("data-upload"), role.may(P::EditDocuments), "{role}");
            let page = tab.page(&format!("{base}/status"), 200).await;
            assert_eq!(page.contains("Change the status"), role.may(P::ChangeStatus), "{role}");
            assert_eq!(page.contains(">Export<"), role.may(P::ExportLoans), "{role}");
        }
    }

    async fn the_application_is_readable_and_secrets_are_not(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let id = loan(&office, &lender, "A", "&lt;i&gt;Wren&lt;/i&gt;", "olive@example.com").await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        let html = ada.page(&format!("/lender/loans/{id}/application"), 200).await;
        for said in [
            "$160,000.00", "6.375%", "360 months (30 years)", "12 Lantern Row #3", "Granite Example Bank",
            "$61,250.40", "••••5123", "••••9321", "$9,120.33", "Jul 19, 1984", "•••-••-1234", "Pension",
            "$5,000.00", "&lt;i&gt;Wren&lt;/i&gt; Ivy Ashdown", "tam.ashdown@example.com", "Checking account",
        ] {
            assert!(html.contains(said), "{said}");
        }
        for secret in ["900661234", "900665678", "770055123", "440099321", "<i>Wren"] {
            assert!(!html.contains(secret), "{secret}");
        }
    }

    async fn conditions_are_asked_for_met_and_reopened(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let id = loan(&office, &lender, "A", "Wren", "olive@example.com").await;
        let path = format!("/lender/loans/{id}/conditions");
        let mut paula = office.desk(&lender, "paula", Role::Processor).await;
        let wrong = paula.send(&path, &path, &[("title", " "), ("phase", "whenever")]).await;
        assert_eq!(wrong.status.as_u16(), 422);
        assert!(wrong.text().contains("What is needed is missing."), "{}", wrong.text());
        let condition = add(&mut paula, &path, "<b>Pay stubs</b>", "prior to docs").await;
        let html = paula.page(&path, 200).await;
        assert!(html.contains("&lt;b&gt;Pay stubs&lt;/b&gt;") && html.contains("1 of 1 open"));
        assert_eq!(condition_of(&html), condition);
        let status = format!("/lender/conditions/{condition}/status");
        let token = paula.token(&path).await;
        let set = |word: &str| fields(&[("form_token", &token), ("status", word)]);
        assert_eq!(paula.post(&status, &set("received")).await.status.as_u16(), 422, "no paper");
        assert_eq!(paula.post(&status, &set("satisfied")).await.status.as_u16(), 403);
        assert_eq!(paula.post(&status, &set("<b>")).await.status.as_u16(), 422);
        let parts = [
            Part::text("filing", &format!("condition:{condition}")),
            Part::file("file", "stubs.pdf", "application/pdf", &pdf("x")),
        ];
        let upload = format!("/lender/loans/{id}/documents/upload");
        let filed = paula.parts(&upload, &parts, Some(&token)).await;
        assert_eq!(filed.status.as_u16(), 200, "{}", filed.text());
        let html = paula.page(&path, 200).await;
        assert!(html.contains(">Received<") && html.contains("stubs.pdf"));
        let mut una = office.desk(&lender, "una", Role::Underwriter).await;
        let token = una.token(&path).await;
        let set = |word: &str| fields(&[("form_token", &token), ("status", word)]);
        let answer = una.post(&status, &set("satisfied")).await;
        assert_eq!(leads_to(&answer), format!("{path}#c-{condition}"));
        assert!(una.page(&path, 200).await.contains("All 1 cleared"));
        una.post(&status, &set("open")).await;
        assert!(una.page(&path, 200).await.contains("1 of 1 open"));
        let edit = format!("/lender/conditions/{condition}");
        let saved = una.send(&edit, &edit, &[("title", "Pay stubs of June"), ("description", "All\nof them")]).await;
        leads_to(&saved);
        assert!(una.page(&path, 200).await.contains("Pay stubs of June"));
        let unknown = una.page("/lender/conditions/ZZZZ0000", 404).await;
        let stranger = office.org(OrganisationKind::Retail, None).await;
        let mut cat = office.desk(&stranger, "cat", Role::Admin).await;
        assert!(!unknown.is_empty());
        let token = cat.token("/lender/account").await;
        for path in [edit.as_str(), status.as_str()] {
            let sent = fields(&[("form_token", &token), ("status", "waived"), ("title", "Mine")]);
            assert_eq!(cat.post(path, &sent).await.status.as_u16(), 404, "{path}");
        }
        assert_eq!(cat.get(&edit).await.status.as_u16(), 404);
    }

    async fn a_broker_does_not_clear_its_lenders_conditions(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let broker = office.org(OrganisationKind::Broker, Some(&lender)).await;
        let id = loan(&office, &broker, "A", "Wren", "x@example.com").await;
        let path = format!("/lender/loans/{id}/conditions");
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        let condition = add(&mut ada, &path, "Appraisal", "prior to docs").await;
        let mut bob = office.desk(&broker, "bob", Role::Admin).await;
        let html = bob.page(&path, 200).await;
        assert!(html.contains("Appraisal") && !html.contains(">Satisfy<") && !html.contains(">Waive<"));
        let token = bob.token(&path).await;
        let sent = fields(&[("form_token", &token), ("status", "waived")]);
        let answer = bob.post(&format!("/lender/conditions/{condition}/status"), &sent).await;
        assert_eq!(answer.status.as_u16(), 403);
        assert!(ada.page(&path, 200).await.contains("1 of 1 open"));
    }

    async fn open_conditions_stand_in_the_way_of_a_status(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let id = loan(&office, &lender, "A", "Wren", "olive@example.com").await;
        let (base, mut ada) = (format!("/lender/loans/{id}"), office.desk(&lender, "ada", Role::Admin).await);
        let (path, conditions) = (format!("{base}/status"), format!("{base}/conditions"));
        let html = ada.page(&path, 200).await;
        assert!(html.contains("value=\"Chose Loan\"") && !html.contains("value=\"Funded\""));
        let to = |step: &'static str| [("step", step)];
        leads_to(&ada.send(&path, &path, &to("In Underwriting")).await);
        let condition = add(&mut ada, &conditions, "Flood certificate", "prior to docs").await;
        let html = ada.page(&path, 200).await;
        let barred = html.split("value=\"Clear to Close\"").nth(1).expect("the step");
        assert!(barred.starts_with(" required disabled"), "{}", &barred[..80]);
        assert!(html.contains("Flood certificate"));
        let refused = ada.send(&path, &path, &to("Clear to Close")).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(refused.text().contains("Flood certificate"));
        for wrong in ["", "Funded", "<b>", "Signed Up"] {
            let answer = ada.send(&path, &path, &[("step", wrong)]).await;
            assert_eq!(answer.status.as_u16(), 422, "{wrong}");
        }
        let answer = ada.send(&path, &path, &[("step", "Suspended"), ("closing", "31/12/2026")]).await;
        assert_eq!(answer.status.as_u16(), 422);
        let token = ada.token(&path).await;
        let waive = fields(&[("form_token", &token), ("status", "waived")]);
        leads_to(&ada.post(&format!("/lender/conditions/{condition}/status"), &waive).await);
        let moved = ada.send(&path, &path, &[("step", "Clear to Close"), ("closing", "2026-07-01")]).await;
        assert_eq!(leads_to(&moved), path);
        let html = ada.page(&base, 200).await;
        assert!(html.contains("Underwriting · Clear to Close") && html.contains("Jul 1, 2026"));
        let archived = fields(&[("form_token", &token), ("step", "Archived")]);
        leads_to(&ada.post(&path, &archived).await);
        let html = ada.page(&path, 200).await;
        assert!(html.contains("Open it again") && html.contains("value=\"Clear to Close\""));
        let back = fields(&[("form_token", &token), ("step", "Clear to Close")]);
        leads_to(&ada.post(&path, &back).await);
    }

    async fn the_history_says_who_did_what(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let id = loan(&office, &lender, "A", "Wren", "olive@example.com").await;
        let (base, mut ada) = (format!("/lender/loans/{id}"), office.desk(&lender, "ada", Role::Admin).await);
        let path = format!("{base}/status");
        leads_to(&ada.send(&path, &path, &[("step", "Chose Loan")]).await);
        let conditions = format!("{base}/conditions");
        add(&mut ada, &conditions, "Appraisal", "prior to docs").await;
        let html = ada.page(&format!("{base}/history"), 200).await;
        for said in ["Loan arrived", "Status changed", "Loan Approval · Chose Loan", "Condition added", "Appraisal", "a program, through the API"] {
            assert!(html.contains(said), "{said}");
        }
        let html = ada.page(&format!("{base}/history?about=status"), 200).await;
        assert!(html.contains("Status changed") && !html.contains("Loan arrived"));
        let html = ada.page(&format!("{base}/history?about=%3Cb%3E&who=nobody"), 200).await;
        assert!(html.contains("Loan arrived"), "what cannot be read is left out");
    }

    async fn taking_a_loan_out_is_written_down(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let id = loan(&office, &lender, "A", "Wren", "olive@example.com").await;
        let path = format!("/lender/loans/{id}/export");
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        ada.page(&path, 200).await;
        let before = office.rows("event").await;
        let answer = ada.send(&path, &path, &[]).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/xml");
        assert!(answer.header("content-disposition").starts_with("attachment; filename=\"loan-"));
        assert!(answer.header("cache-control").contains("no-store"));
        assert!(answer.text().contains("900661234") && answer.text().contains("<MESSAGE"));
        assert_eq!(office.rows("event").await, before + 1);
        let id = lintel_domain::id::PublicId::parse(&id).expect("an id");
        let caller = office.caller(&lender);
        let found = lintel_app::loan::find(&office.app, &LoanCaller::Program(&caller), &id).await;
        assert!(found.is_ok());
    }
}
