//! A broker's set-up, as a browser without script goes through it.

use lintel_app::setup::standing;
use lintel_app::{company, people};
use lintel_domain::company::TaxId;
use lintel_domain::role::Role;
use lintel_domain::setup::SetupStep;
use lintel_testkit::both;

use crate::office::{Office, PNG};
use crate::tab::{Tab, URL, filled, form, leads_to, value};

const COMPANY: &str = "/lender/sign-up/company";
const LICENSING: &str = "/lender/sign-up/licensing";
const PEOPLE: &str = "/lender/sign-up/people";
const BRANDING: &str = "/lender/sign-up/branding";
const REVIEW: &str = "/lender/sign-up/review";
const DONE: &str = "/lender/sign-up/done";

fn path(url: &str) -> &str {
    url.strip_prefix(URL).expect("our address")
}

/// A browser that followed the link, and the broker.
async fn begin(office: &Office) -> (Tab, lintel_domain::organisation::Organisation) {
    let lender = office.lender().await;
    let sent = office.send_broker(&lender, "U1").await;
    let mut tab = Tab::new(&office.router);
    let url = sent.redirect_url.expect("a link");
    let landed = tab.get(path(&url)).await;
    assert_eq!(leads_to(&landed), "/lender/sign-up");
    let resumed = tab.get("/lender/sign-up").await;
    assert_eq!(leads_to(&resumed), COMPANY);
    (tab, sent.broker)
}

/// Confirms the first steps as they are.
async fn through(tab: &mut Tab, last: &str) {
    for (page, next) in [
        (COMPANY, LICENSING),
        (LICENSING, PEOPLE),
        (PEOPLE, BRANDING),
    ] {
        if page == last {
            return;
        }
        let answer = tab.send(page, page, &[]).await;
        assert_eq!(leads_to(&answer), next);
    }
    if last == REVIEW {
        let answer = tab.upload(BRANDING, BRANDING, &[], &[]).await;
        assert_eq!(leads_to(&answer), REVIEW);
    }
}

both! {
    async fn the_whole_set_up_without_a_script(db) {
        let office = Office::on(&db);
        let (mut tab, broker) = begin(&office).await;
        let html = tab.page(COMPANY, 200).await;
        assert_eq!(value(&html, COMPANY, "legal_name"), "Example Brokers, Inc.");
        assert_eq!(value(&html, COMPANY, "tax_id"), "", "a tax number never comes back");
        assert!(html.contains("ends in 3311") && html.contains("Tier AAA"), "{html}");
        assert!(html.contains("aria-current=\"step\""), "{html}");
        let changes = [("name", "Renamed <Brokers>"), ("website", "https://www.example.com"), ("offers_va", "1")];
        let answer = tab.send(COMPANY, COMPANY, &changes).await;
        assert_eq!(leads_to(&answer), LICENSING);
        let html = tab.page(COMPANY, 200).await;
        assert!(html.contains("Renamed &lt;Brokers&gt;") && !html.contains("<Brokers>"));

        // Two more licences: in the spare rows, and one in rows that were asked for.
        let html = tab.page(LICENSING, 200).await;
        let typed = [("licenses[1][state]", "NV"), ("licenses[1][number]", "76543"), ("licenses[2][state]", "TX"), ("licenses[2][number]", "N/A")];
        let more = filled(form(&html, LICENSING), &[&typed[..], &[("more_licenses", "1")]].concat());
        let answer = tab.post(LICENSING, &more).await;
        assert_eq!(answer.status.as_u16(), 200);
        let html = answer.text().into_owned();
        assert_eq!(value(&html, LICENSING, "licenses[2][number]"), "N/A");
        assert_eq!(value(&html, LICENSING, "licenses[7][state]"), "");
        let removed = filled(form(&html, LICENSING), &[("remove_license", "1")]);
        let html = tab.post(LICENSING, &removed).await.text().into_owned();
        assert_eq!(value(&html, LICENSING, "licenses[1][state]"), "TX");
        let kept = filled(form(&html, LICENSING), &[]);
        let answer = tab.post(LICENSING, &kept).await;
        assert_eq!(leads_to(&answer), PEOPLE);

        // Somebody is changed, address included; somebody is added.
        let list = people::list(&office.app, &broker, 10, 0).await.expect("listed").people;
        assert_eq!(list.len(), 2);
        let officer = list.iter().find(|p| p.roles.has(Role::LoanOfficer)).expect("an officer");
        let edit = format!("{PEOPLE}/{}", officer.public_id);
        let changes = [("preferred_name", "Sam"), ("email", "sam@example.com"), ("licenses[1][state]", "NV"), ("licenses[1][number]", "5")];
        let answer = tab.send(&edit, &edit, &changes).await;
        assert_eq!(leads_to(&answer), PEOPLE);
        let new = format!("{PEOPLE}/new");
        let typed = [
            ("first_name", "Nora"), ("last_name", "New"), ("email", "nora@example.com"),
            ("phone", "714 555 0100"), ("roles[]", "processor"), ("roles[]", "closer"),
        ];
        let answer = tab.send(&new, &new, &typed).await;
        assert_eq!(leads_to(&answer), PEOPLE);
        // Whoever was added without an id of the lender's can have another address, too.
        let list = people::list(&office.app, &broker, 10, 0).await.expect("listed").people;
        let nora = list.iter().find(|p| p.first_name == "Nora").expect("added");
        assert_eq!(nora.partner_uid, None);
        let edit = format!("{PEOPLE}/{}", nora.public_id);
        let answer = tab.send(&edit, &edit, &[("email", "nora.new@example.com")]).await;
        assert_eq!(leads_to(&answer), PEOPLE);
        let list = people::list(&office.app, &broker, 10, 0).await.expect("listed").people;
        let mails: Vec<_> = list.iter().map(|p| p.email.as_str()).collect();
        assert_eq!(list.len(), 3, "{mails:?}");
        for mail in ["u1@example.com", "sam@example.com", "nora.new@example.com"] {
            assert!(mails.contains(&mail), "{mails:?}");
        }
        let html = tab.page(PEOPLE, 200).await;
        assert!(html.contains("Nora New") && html.contains("Sam Sample U2") && html.contains("Closer"));
        let answer = tab.send(PEOPLE, PEOPLE, &[]).await;
        assert_eq!(leads_to(&answer), BRANDING);

        let answer = tab.upload(BRANDING, BRANDING, &[("logo", &PNG)], &[("preview", "1"), ("brand_color", "#aa3311")]).await;
        assert_eq!(leads_to(&answer), BRANDING, "a look first");
        let html = tab.page(BRANDING, 200).await;
        assert!(html.contains("alt=\"Your logo\"") && html.contains("#aa3311"), "{html}");
        let answer = tab.upload(BRANDING, BRANDING, &[], &[]).await;
        assert_eq!(leads_to(&answer), REVIEW);

        let html = tab.page(REVIEW, 200).await;
        for part in ["Renamed &lt;Brokers&gt;", "Texas", "Nora New", "ends in 3311", COMPANY, LICENSING, PEOPLE, BRANDING] {
            assert!(html.contains(part), "{part}: {html}");
        }
        let answer = tab.send(REVIEW, REVIEW, &[]).await;
        assert_eq!(leads_to(&answer), DONE);
        let done = standing(&office.app, &broker).await.expect("read").expect("there");
        assert!(done.is_completed());
        let profile = company::profile(&office.app, &broker).await.expect("read");
        let facts = &profile.facts;
        let states: Vec<_> = facts.licenses.iter().map(|l| (l.state.as_str(), &*l.number)).collect();
        assert_eq!(states, [("CA", "09876"), ("TX", "n/a")]);
        assert_eq!(facts.tax_id.as_ref().map(TaxId::expose), Some("900773311"));
        assert_eq!((facts.offers_conventional, facts.offers_va), (Some(true), Some(true)));
        assert_eq!(facts.brand_color.as_deref(), Some("#aa3311"));
        assert_eq!(facts.accent_color, None, "a colour nobody chose stays unchosen");
        assert!(profile.logo.is_some());
        for page in ["/lender/sign-up", COMPANY, REVIEW] {
            assert_eq!(leads_to(&tab.get(page).await), DONE, "{page}");
        }
        let answer = tab.send(DONE, DONE, &[]).await;
        assert_eq!(leads_to(&answer), "/lender/home");
        assert!(tab.cookie("lintel").is_some() && tab.cookie("lintel-setup").is_none());
        tab.page("/lender/settings/company", 200).await;
        tab.page(COMPANY, 410).await;
    }

    async fn every_mistake_is_shown_and_nothing_typed_is_lost(db) {
        let office = Office::on(&db);
        let (mut tab, broker) = begin(&office).await;
        let before = company::profile(&office.app, &broker).await.expect("read");
        let typed = [
            ("name", "  "), ("legal_name", ""), ("street", "1 <b>Way</b>"), ("city", ""), ("state", ""),
            ("postal_code", "1"), ("phone", "12"), ("phone_extension", "123456"), ("email", "nobody"),
            ("website", "ftp://x"), ("nmls", "abc"), ("tax_id", "12"), ("officer_compensation", "101"),
        ];
        let answer = tab.send(COMPANY, COMPANY, &typed).await;
        assert_eq!(answer.status.as_u16(), 422);
        let html = answer.text().into_owned();
        assert!(html.contains("<title>Error:"));
        for name in ["name", "legal_name", "city", "state", "postal_code", "phone", "phone_extension", "email", "website", "nmls", "tax_id", "officer_compensation"] {
            assert!(html.contains(&format!("href=\"#{name}\"")), "{name} in the summary: {html}");
            assert!(html.contains(&format!("id=\"{name}-error\"")), "{name} beside the field");
        }
        for (name, typed) in typed {
            let shown = value(&html, COMPANY, name);
            assert_eq!(shown, if name == "tax_id" { "" } else { typed }, "{name}");
        }
        assert!(!html.contains("<b>Way"));
        let after = company::profile(&office.app, &broker).await.expect("read");
        assert_eq!(before.facts, after.facts);

        through(&mut tab, LICENSING).await;
        let typed = [("licenses[0][number]", ""), ("licenses[1][state]", "CA"), ("licenses[1][number]", "1"), ("licenses[2][number]", "2")];
        let answer = tab.send(LICENSING, LICENSING, &typed).await;
        assert_eq!(answer.status.as_u16(), 422);
        let html = answer.text().into_owned();
        // A second row for a state is a mistake; so is a row without one.
        for id in ["licenses-0-number", "licenses-2-state"] {
            assert!(html.contains(&format!("id=\"{id}-error\"")), "{id}: {html}");
        }
        let twice = [("licenses[1][state]", "CA"), ("licenses[1][number]", "1")];
        let answer = tab.send(LICENSING, LICENSING, &twice).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.text().contains("twice"), "{}", answer.text());
        let answer = tab.send(LICENSING, LICENSING, &[("licenses[0][state]", ""), ("licenses[0][number]", "")]).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.text().contains("at least one state license"), "{}", answer.text());

        through(&mut tab, PEOPLE).await;
        let new = format!("{PEOPLE}/new");
        let typed = [("first_name", ""), ("last_name", "<i>"), ("email", "U1@example.com"), ("phone", "x"), ("roles[]", "loan_officer")];
        let answer = tab.send(&new, &new, &typed).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.text().contains("Somebody in your list has this email address."));
        let answer = tab.send(&new, &new, &[&typed[..2], &typed[3..], &[("email", "")]].concat()).await;
        let html = answer.text().into_owned();
        for id in ["first_name", "email", "phone", "nmls", "licenses-0-state"] {
            assert!(html.contains(&format!("id=\"{id}-error\"")), "{id}: {html}");
        }
        assert_eq!(value(&html, &new, "last_name"), "<i>");
        let ticked = form(&html, &new).into_iter().filter(|(n, _)| n == "roles[]").collect::<Vec<_>>();
        assert_eq!(ticked, [("roles[]".to_owned(), "loan_officer".to_owned())]);
        assert_eq!(office.rows("staff").await, 2);

        through(&mut tab, BRANDING).await;
        let answer = tab.upload(BRANDING, BRANDING, &[("logo", b"no picture")], &[("brand_color", "red")]).await;
        assert_eq!(answer.status.as_u16(), 422, "{}", answer.text());
        let html = answer.text().into_owned();
        for id in ["logo", "brand_color"] {
            assert!(html.contains(&format!("id=\"{id}-error\"")), "{id}: {html}");
        }
    }

    async fn steps_come_in_order_and_the_place_is_kept(db) {
        let office = Office::on(&db);
        let (mut tab, broker) = begin(&office).await;
        for page in [LICENSING, PEOPLE, BRANDING, REVIEW, DONE] {
            assert_eq!(leads_to(&tab.get(page).await), COMPANY, "{page}");
        }
        through(&mut tab, PEOPLE).await;
        assert_eq!(leads_to(&tab.get("/lender/sign-up").await), PEOPLE);
        // Going back and confirming an earlier step again loses nothing.
        let answer = tab.send(COMPANY, COMPANY, &[]).await;
        assert_eq!(leads_to(&answer), LICENSING);
        let now = standing(&office.app, &broker).await.expect("read").expect("there");
        assert_eq!(now.step, SetupStep::People);
        assert_eq!(leads_to(&tab.get(REVIEW).await), PEOPLE);
        // Another day, another browser, a new link.
        let lender = office.app.db();
        let lender = lintel_store::organisation::load_by_id(lender, broker.lender_id()).await;
        let lender = lender.expect("read").expect("there");
        let again = office.send_broker(&lender, "U1").await;
        let mut other = Tab::new(&office.router);
        let url = again.redirect_url.expect("a link");
        other.get(path(&url)).await;
        assert_eq!(leads_to(&other.get("/lender/sign-up").await), PEOPLE);
    }

    async fn a_link_works_once_for_the_starter_and_says_so_afterwards(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let first = office.send_broker(&lender, "U1").await.redirect_url.expect("a link");
        let url = office.send_broker(&lender, "U1").await.redirect_url.expect("a link");
        assert_eq!(office.send_broker(&lender, "U2").await.redirect_url, None);
        let link = path(&url);
        let mut tab = Tab::new(&office.router);
        let html = tab.page(path(&first), 410).await;
        assert!(html.contains("no longer works") && html.contains("from your lender"), "{html}");
        // Looking at a link is not following it.
        let client = lintel_edge::test_client::TestClient::new(office.router.clone());
        let head = client.send(axum::http::Method::HEAD, link, None, axum::body::Body::empty()).await;
        assert!(head.status.is_success());
        for wrong in [
            "/lender/sign-up/start-basic".to_owned(),
            format!("{}x", link),
            link.replace("lenderID=", "lenderID=X"),
            link.replace("lenderID=", "lenderid="),
            format!("/lender/sign-up/start-basic?lenderID={}&token=%00", lender.public_id),
        ] {
            tab.page(&wrong, 410).await;
        }
        assert_eq!(leads_to(&tab.get(link).await), "/lender/sign-up");
        // The same browser again goes on; another one does not.
        assert_eq!(leads_to(&tab.get(link).await), "/lender/sign-up");
        let mut other = Tab::new(&office.router);
        other.page(link, 410).await;
        other.page(COMPANY, 410).await;
        let answer = other.post(COMPANY, &[]).await;
        assert_eq!(answer.status.as_u16(), 410);
        // Somebody signed in as staff has no business here either.
        through(&mut tab, REVIEW).await;
        let unused = office.send_broker(&lender, "U1").await.redirect_url.expect("a link");
        leads_to(&tab.send(REVIEW, REVIEW, &[]).await);
        let html = other.page(path(&unused), 410).await;
        assert!(html.contains("already finished") && html.contains("/lender/sign-in"), "{html}");
    }

    async fn forms_need_their_token(db) {
        let office = Office::on(&db);
        let (mut tab, broker) = begin(&office).await;
        let html = tab.page(COMPANY, 200).await;
        let mut fields = form(&html, COMPANY);
        fields.retain(|(name, _)| name != "form_token");
        let answer = tab.post(COMPANY, &fields).await;
        assert_eq!(answer.status.as_u16(), 403);
        fields.push(("form_token".to_owned(), "x".repeat(43)));
        assert_eq!(tab.post(COMPANY, &fields).await.status.as_u16(), 403);
        let now = standing(&office.app, &broker).await.expect("read").expect("there");
        assert_eq!(now.step, SetupStep::Company);
    }

    async fn other_peoples_ids_are_unknown_ones(db) {
        let office = Office::on(&db);
        let (mut tab, _) = begin(&office).await;
        through(&mut tab, PEOPLE).await;
        let other = office.lender().await;
        let stranger = office.person(&other, "X9", Role::Admin).await;
        let foreign = tab.get(&format!("{PEOPLE}/{}", stranger.public_id)).await;
        let unknown = tab.get(&format!("{PEOPLE}/AAAA0000")).await;
        assert_eq!((foreign.status.as_u16(), unknown.status.as_u16()), (404, 404));
        let text = |answer: &lintel_edge::test_client::Answer| answer.text().replace("AAAA0000", "").replace(stranger.public_id.as_str(), "");
        assert_eq!(text(&foreign), text(&unknown));
        for id in ["nonsense", "%00", "..", "new2"] {
            tab.page(&format!("{PEOPLE}/{id}"), 404).await;
        }
    }
}
