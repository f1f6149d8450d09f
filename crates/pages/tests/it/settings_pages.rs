//! The settings: who may open what, every form once, other tenants' ids.

use lintel_app::by::By;
use lintel_app::vendor::{self, GrantFlags};
use lintel_app::{auth, branch, company, credentials, people};
use lintel_domain::branch::BranchDraft;
use lintel_domain::credential::KeyPair;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::role::Role;
use lintel_domain::staff::Person;
use lintel_testkit::both;

use crate::office::{Office, PNG};
use crate::tab::{Tab, filled, form, leads_to, value};

const SETTINGS: &str = "/lender/settings";
const COMPANY: &str = "/lender/settings/company";
const LICENSES: &str = "/lender/settings/company/licenses";
const BRANDING: &str = "/lender/settings/company/branding";
const PEOPLE: &str = "/lender/settings/people";
const BRANCHES: &str = "/lender/settings/branches";
const CREDENTIALS: &str = "/lender/settings/credentials";
const VENDORS: &str = "/lender/settings/vendors";
const BROKERS: &str = "/lender/settings/brokers";
const ROLES: &str = "/lender/settings/roles";

/// Pages only an administrator opens.
const ADMINS: [&str; 10] = [
    COMPANY,
    LICENSES,
    BRANDING,
    "/lender/settings/people/new",
    BRANCHES,
    "/lender/settings/branches/new",
    CREDENTIALS,
    VENDORS,
    BROKERS,
    "/lender/settings/people/AAAA0000/deactivate",
];

fn named(text: &str) -> BranchDraft {
    BranchDraft {
        name: Some(text.to_owned()),
        ..BranchDraft::default()
    }
}

async fn person(office: &Office, org: &Organisation, id: &PublicId) -> Person {
    people::load(&office.app, org, id).await.expect("there")
}

async fn row(tab: &mut Tab, page: &str, action: &str, changes: &[(&str, &str)]) -> String {
    leads_to(&tab.send(page, action, changes).await)
}

both! {
    async fn each_role_opens_what_it_may_and_sees_no_other_way_in(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        for role in Role::ALL {
            let mut tab = office.desk(&lender, role.as_str(), *role).await;
            let is_admin = *role == Role::Admin;
            let html = tab.page(SETTINGS, 200).await;
            for page in [COMPANY, BRANCHES, CREDENTIALS, VENDORS, BROKERS] {
                let is_shown = html.contains(&format!("href=\"{page}\""));
                assert_eq!(is_shown, is_admin, "{role} {page}");
            }
            assert!(html.contains(PEOPLE) && html.contains(ROLES), "{role}");
            tab.page(PEOPLE, 200).await;
            tab.page(ROLES, 200).await;
            for page in ADMINS {
                let expected = match (is_admin, page.contains("AAAA0000")) {
                    (true, true) => 404,
                    (true, false) => 200,
                    (false, _) => 403,
                };
                tab.page(page, expected).await;
            }
        }
    }

    async fn what_a_page_refuses_to_show_it_refuses_to_do(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let broker = office.org(OrganisationKind::Broker, Some(&lender)).await;
        let vendor_org = office.org(OrganisationKind::Vendor, None).await;
        let by = By::Operator(&lender);
        let branch = branch::create(&office.app, &by, named("Harbor")).await.expect("made").public_id;
        let somebody = office.person(&lender, "P1", Role::Closer).await.public_id;
        let pair = lintel_app::admin::create_credential(&office.app, &lender.public_id, "a").await;
        let pair = pair.expect("made").credential.api_id;
        let (caller, vendor) = (office.caller(&lender), &vendor_org.public_id);
        vendor::connect(&office.app, &caller, vendor.as_str(), GrantFlags::default()).await.expect("in");
        let mut tab = office.desk(&lender, "M1", Role::SalesManager).await;
        // A page of its own gives a good form token.
        let token = value(&tab.page(PEOPLE, 200).await, "/lender/sign-out", "form_token");
        let before = office.rows("event").await;
        for path in [
            COMPANY.to_owned(), LICENSES.to_owned(), BRANDING.to_owned(), format!("{BRANDING}/remove"),
            format!("{PEOPLE}/new"), format!("{PEOPLE}/{somebody}"), format!("{PEOPLE}/{somebody}/picture"),
            format!("{PEOPLE}/{somebody}/deactivate"), format!("{PEOPLE}/{somebody}/activate"),
            format!("{PEOPLE}/{somebody}/send-link"), format!("{BRANCHES}/new"), format!("{BRANCHES}/{branch}"),
            format!("{BRANCHES}/{branch}/status"), format!("{BRANCHES}/{branch}/officers"),
            CREDENTIALS.to_owned(), format!("{CREDENTIALS}/{pair}/withdraw"), VENDORS.to_owned(),
            format!("{VENDORS}/{vendor}"), format!("{VENDORS}/{vendor}/withdraw"),
            format!("{BROKERS}/{}/deactivate", broker.public_id), format!("{BROKERS}/{}/activate", broker.public_id),
        ] {
            let fields = [("form_token".to_owned(), token.clone()), ("status".to_owned(), "inactive".to_owned()), ("picture".to_owned(), "logo".to_owned()), ("label".to_owned(), "x".to_owned())];
            let answer = tab.post(&path, &fields).await;
            assert_eq!(answer.status.as_u16(), 403, "{path}");
            let mut stranger = Tab::new(&office.router);
            let answer = stranger.post(&path, &fields).await;
            assert_eq!(leads_to(&answer), "/lender/sign-in", "{path}");
        }
        assert_eq!(office.rows("event").await, before, "nothing happened");
    }

    async fn other_tenants_ids_answer_like_unknown_ones(db) {
        let office = Office::on(&db);
        let (lender, other) = (office.lender().await, office.lender().await);
        let broker = office.org(OrganisationKind::Broker, Some(&lender)).await;
        let their_broker = office.org(OrganisationKind::Broker, Some(&other)).await;
        let theirs = office.person(&other, "T1", Role::Closer).await.public_id;
        let of_broker = office.person(&broker, "B1", Role::Closer).await.public_id;
        let by = By::Operator(&other);
        let branch = branch::create(&office.app, &by, named("Harbor")).await.expect("made").public_id;
        let pair = lintel_app::admin::create_credential(&office.app, &other.public_id, "a").await;
        let pair = pair.expect("made");
        let vendor_org = office.org(OrganisationKind::Vendor, None).await;
        let vendor_id = vendor_org.public_id.to_string();
        let theirs_caller = office.caller(&other);
        vendor::connect(&office.app, &theirs_caller, &vendor_id, GrantFlags::default()).await.expect("in");
        let mut tab = office.desk(&lender, "A1", Role::Admin).await;
        let token = value(&tab.page(PEOPLE, 200).await, "/lender/sign-out", "form_token");
        let before = office.rows("event").await;
        let (gets, posts) = (true, true);
        for (start, end, foreign, is_got, is_posted) in [
            (PEOPLE, "", theirs.as_str(), gets, posts),
            (PEOPLE, "", of_broker.as_str(), gets, posts),
            (PEOPLE, "/deactivate", theirs.as_str(), gets, posts),
            (PEOPLE, "/activate", theirs.as_str(), false, posts),
            (PEOPLE, "/picture", theirs.as_str(), false, posts),
            (PEOPLE, "/send-link", theirs.as_str(), false, posts),
            (BRANCHES, "", branch.as_str(), gets, posts),
            (BRANCHES, "/status", branch.as_str(), false, posts),
            (BRANCHES, "/officers", branch.as_str(), false, posts),
            (CREDENTIALS, "/withdraw", &pair.credential.api_id, gets, posts),
            (VENDORS, "", &vendor_id, false, posts),
            (VENDORS, "/withdraw", &vendor_id, gets, posts),
            (BROKERS, "/deactivate", their_broker.public_id.as_str(), gets, posts),
            (BROKERS, "/deactivate", other.public_id.as_str(), gets, posts),
            (BROKERS, "/deactivate", lender.public_id.as_str(), gets, posts),
            (BROKERS, "/activate", their_broker.public_id.as_str(), false, posts),
        ] {
            let unknown = if start == CREDENTIALS { "Unknown0000000000000" } else { "AAAA0000" };
            let mut answers = Vec::new();
            for id in [foreign, unknown] {
                let path = format!("{start}/{id}{end}");
                let fields = [("form_token".to_owned(), token.clone()), ("status".to_owned(), "inactive".to_owned())];
                let got = if is_got { tab.get(&path).await.text().replace(id, "") } else { String::new() };
                let posted = if is_posted { tab.post(&path, &fields).await } else { continue };
                assert_eq!(posted.status.as_u16(), 404, "{path}: {}", posted.text());
                answers.push((got, posted.text().replace(id, "")));
            }
            assert_eq!(answers[0], answers[1], "{start}{end}");
        }
        assert_eq!(office.rows("event").await, before, "nothing happened");
        let pair = KeyPair::parse(&pair.credential.api_id, &pair.api_key).expect("a pair");
        auth::check_pair(&office.app, &pair).await.expect("still works");
        // A broker's administrator has no brokers and no vendors.
        let mut tab = office.desk(&broker, "A2", Role::Admin).await;
        let html = tab.page(SETTINGS, 200).await;
        assert!(!html.contains(VENDORS) && !html.contains(BROKERS));
        tab.page(VENDORS, 404).await;
        tab.page(BROKERS, 404).await;
    }

    async fn the_company_is_changed_page_by_page(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let mut tab = office.desk(&lender, "A1", Role::Admin).await;
        let typed = [("name", "New <Name>"), ("phone", "714-555-0100"), ("tax_id", "12-3456789"), ("about", "Two\r\nlines."), ("offers_fha", "1")];
        assert_eq!(row(&mut tab, COMPANY, COMPANY, &typed).await, COMPANY);
        let html = tab.page(COMPANY, 200).await;
        assert!(html.contains("Your changes are saved.") && html.contains("ends in 6789"), "{html}");
        assert_eq!(value(&html, COMPANY, "about").replace('\r', ""), "Two\nlines.");
        assert!(!tab.page(COMPANY, 200).await.contains("Your changes are saved."), "said once");
        let answer = tab.send(COMPANY, COMPANY, &[("name", ""), ("phone", "1"), ("state", "XX")]).await;
        assert_eq!(answer.status.as_u16(), 422);
        for id in ["name", "phone", "state"] {
            assert!(answer.text().contains(&format!("id=\"{id}-error\"")), "{id}");
        }
        let typed = [("licenses[0][state]", "WA"), ("licenses[0][number]", "<1>")];
        assert_eq!(row(&mut tab, LICENSES, LICENSES, &typed).await, LICENSES);
        let answer = tab.send(LICENSES, LICENSES, &[("licenses[1][state]", "WA"), ("licenses[1][number]", "2")]).await;
        assert_eq!(answer.status.as_u16(), 422);
        let answer = tab.upload(BRANDING, BRANDING, &[("logo", &PNG), ("favicon", &PNG)], &[("accent_color", "#123456")]).await;
        assert_eq!(leads_to(&answer), BRANDING);
        let profile = company::profile(&office.app, &lender).await.expect("read");
        assert_eq!(profile.facts.accent_color.as_deref(), Some("#123456"));
        assert_eq!(profile.facts.brand_color, None);
        assert_eq!(profile.facts.licenses.len(), 1);
        assert_eq!(profile.facts.offers_fha, Some(true));
        let html = tab.page(BRANDING, 200).await;
        let picture = format!("/images/{}", profile.logo.expect("a logo"));
        assert!(html.contains(&picture));
        tab.get(&picture).await;
        let remove = format!("{BRANDING}/remove");
        assert_eq!(row(&mut tab, BRANDING, &remove, &[]).await, BRANDING);
        let profile = company::profile(&office.app, &lender).await.expect("read");
        assert!(profile.logo.is_none() && profile.favicon.is_some());
        let answer = tab.send(BRANDING, &remove, &[("picture", "everything")]).await;
        assert_eq!(answer.status.as_u16(), 400);
    }

    async fn a_broker_does_not_change_its_own_terms(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let broker = office.send_broker(&lender, "U1").await.broker;
        let mut tx = db.begin().await.expect("begun");
        let done = "UPDATE organisation_setup SET completed_at_us = 1";
        tx.exec(done, Vec::new()).await.expect("done");
        tx.commit().await.expect("committed");
        let admin = people::find(&office.app, &broker, "U1").await.expect("looked").expect("there");
        let mut tab = office.desk_of(&broker, &admin).await;
        let html = tab.page(COMPANY, 200).await;
        assert!(html.contains("Tier AAA") && !html.contains("name=\"officer_compensation\""));
        let typed = [("pricing_tier", "Tier Z"), ("officer_compensation", "3"), ("partner_uid", "X"), ("city", "Elsewhere")];
        assert_eq!(row(&mut tab, COMPANY, COMPANY, &typed).await, COMPANY);
        let facts = company::profile(&office.app, &broker).await.expect("read").facts;
        assert_eq!(facts.pricing_tier.as_deref(), Some("Tier AAA"));
        assert_eq!(facts.officer_compensation.map(|p| p.to_fixed(2)).as_deref(), Some("1.00"));
        assert_eq!(facts.partner_uid.as_deref(), Some("B-1"));
        assert_eq!(facts.city.as_deref(), Some("Elsewhere"));
    }

    async fn people_are_added_changed_switched_off_and_found(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let by = By::Operator(&lender);
        let harbor = branch::create(&office.app, &by, named("Harbor")).await.expect("made").public_id;
        let hill = branch::create(&office.app, &by, named("Hill <b>")).await.expect("made").public_id;
        let mut tab = office.desk(&lender, "A1", Role::Admin).await;
        let new = format!("{PEOPLE}/new");
        let typed = [
            ("first_name", "Olive"), ("last_name", "O<ffi>cer"), ("email", "olive@example.com"), ("phone", "7145550100"),
            ("timezone", "America/Denver"), ("roles[]", "loan_officer"), ("roles[]", "sales_manager"), ("nmls", "778899"),
            ("licenses[0][state]", "CA"), ("licenses[0][number]", "1"), ("primary_branch", harbor.as_str()),
            ("secondary_branches[]", hill.as_str()), ("los_id", "LOS-9"), ("is_assignable", "1"),
        ];
        // More rows first: nothing typed is lost.
        let html = tab.page(&new, 200).await;
        let more = filled(form(&html, &new), &[&typed[..], &[("more_licenses", "1")]].concat());
        let html = tab.post(&new, &more).await.text().into_owned();
        assert_eq!(value(&html, &new, "primary_branch"), harbor.as_str());
        let answer = tab.post(&new, &form(&html, &new)).await;
        let path = leads_to(&answer);
        let id = PublicId::parse(path.rsplit('/').next().expect("an id")).expect("an id");
        let olive = person(&office, &lender, &id).await;
        assert_eq!(olive.branches.len(), 2);
        assert_eq!(olive.primary_branch().map(|b| &b.public_id), Some(&harbor));
        assert_eq!(olive.roles.iter().count(), 2);
        assert_eq!((olive.los_id.as_deref(), olive.licenses.len()), (Some("LOS-9"), 1));
        assert!(olive.is_assignable);
        let html = tab.page(&path, 200).await;
        assert!(html.contains("/app/signup/partner/") && !html.contains("<ffi>"), "{html}");
        // Another with the same address.
        let answer = tab.send(&new, &new, &typed).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.text().contains("Somebody else has this email address."));
        // Everything is taken away that can be.
        let html = tab.page(&path, 200).await;
        let mut fields = form(&html, &path);
        fields.retain(|(name, _)| !matches!(&**name, "roles[]" | "secondary_branches[]" | "is_assignable" | "wants_mail"));
        let fields = filled(fields, &[("roles[]", "processor"), ("nmls", ""), ("primary_branch", ""), ("licenses[0][state]", ""), ("licenses[0][number]", ""), ("timezone", ""), ("los_id", "")]);
        assert_eq!(leads_to(&tab.post(&path, &fields).await), path);
        let olive = person(&office, &lender, &id).await;
        assert_eq!((olive.branches.len(), olive.licenses.len()), (0, 0));
        assert_eq!((olive.nmls, olive.timezone, olive.los_id), (None, None, None));
        assert!(!olive.is_assignable && !olive.wants_mail);
        let upload = format!("{path}/picture");
        let answer = tab.upload(&path, &upload, &[("headshot", &PNG)], &[]).await;
        assert_eq!(leads_to(&answer), path);
        assert!(person(&office, &lender, &id).await.headshot.is_some());
        let answer = tab.upload(&path, &upload, &[("headshot", b"GIF89a")], &[]).await;
        assert_eq!(answer.status.as_u16(), 422);
        let answer = tab.upload(&path, &upload, &[], &[]).await;
        assert_eq!(answer.status.as_u16(), 422);

        // A mailed link, then off: session and link die, and on again.
        let send = format!("{path}/send-link");
        assert_eq!(row(&mut tab, &path, &send, &[]).await, path);
        assert_eq!(office.rows("message").await, 1);
        let mut hers = office.desk_of(&lender, &olive_of(&office, &lender, &id).await).await;
        hers.page(PEOPLE, 200).await;
        let off = format!("{path}/deactivate");
        assert_eq!(row(&mut tab, &off, &off, &[]).await, path);
        assert!(leads_to(&hers.get(PEOPLE).await).starts_with("/lender/sign-in"));
        let html = tab.page(&path, 200).await;
        assert!(!html.contains("/send-link") && html.contains("Switched off"));
        let on = format!("{path}/activate");
        assert_eq!(row(&mut tab, &path, &on, &[]).await, path);
        assert!(leads_to(&hers.get(PEOPLE).await).starts_with("/lender/sign-in"), "stays dead");

        // Nobody switches off the own account; the only administrator stays one.
        let me = people::find(&office.app, &lender, "A1").await.expect("looked").expect("there");
        let mine = format!("{PEOPLE}/{}", me.public_id);
        let off = format!("{mine}/deactivate");
        let answer = tab.send(&off, &off, &[]).await;
        assert_eq!(answer.status.as_u16(), 422, "{}", answer.text());
        let html = tab.page(&mine, 200).await;
        assert!(!html.contains("/deactivate"));
        let mut fields = form(&html, &mine);
        fields.retain(|(name, _)| name != "roles[]");
        let answer = tab.post(&mine, &filled(fields, &[("roles[]", "closer")])).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.text().contains("last active administrator"), "{}", answer.text());

        for (query, is_there) in [("?q=olive", true), ("?q=OLIVE%40", true), ("?q=nobody", false), ("?show=inactive", false), ("?show=all&page=1", true), ("?page=9", false), ("?q=%25", false), ("?q=%3Cscript%3E", false)] {
            let html = tab.page(&format!("{PEOPLE}{query}"), 200).await;
            assert_eq!(html.contains("olive@example.com"), is_there, "{query}");
            assert!(!html.contains("<script>"));
        }
    }

    async fn branches_say_who_takes_borrowers(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let officer = office.person(&lender, "O1", Role::LoanOfficer).await.public_id;
        let mut tab = office.desk(&lender, "A1", Role::Admin).await;
        let new = format!("{BRANCHES}/new");
        let answer = tab.send(&new, &new, &[("postal_code", "1"), ("nmls", "x")]).await;
        assert_eq!(answer.status.as_u16(), 422);
        for id in ["name", "postal_code", "nmls"] {
            assert!(answer.text().contains(&format!("id=\"{id}-error\"")), "{id}");
        }
        let path = row(&mut tab, &new, &new, &[("name", "Harbor <b>"), ("city", "Sampleton"), ("state", "WA")]).await;
        let html = tab.page(BRANCHES, 200).await;
        assert!(html.contains("Harbor &lt;b&gt;") && html.contains("Sampleton, WA"), "{html}");
        let page = format!("{PEOPLE}/{officer}");
        let id = path.rsplit('/').next().expect("an id").to_owned();
        assert_eq!(row(&mut tab, &page, &page, &[("primary_branch", &id)]).await, page);
        let officers = format!("{path}/officers");
        let html = tab.page(&path, 200).await;
        let fields = form(&html, &officers);
        assert!(fields.contains(&("officers[]".to_owned(), officer.to_string())), "{fields:?}");
        let rule = async || person(&office, &lender, &officer).await.branches[0].is_assignable;
        let unticked: Vec<_> = fields.iter().filter(|(n, _)| n != "officers[]").cloned().collect();
        assert_eq!(leads_to(&tab.post(&officers, &unticked).await), path);
        assert!(!rule().await);
        assert_eq!(leads_to(&tab.post(&officers, &fields).await), path);
        assert!(rule().await);
        let status = format!("{path}/status");
        assert_eq!(row(&mut tab, &path, &status, &[]).await, path);
        assert!(tab.page(&path, 200).await.contains("Open this branch again"));
        assert_eq!(row(&mut tab, &path, &status, &[]).await, path);
        assert_eq!(row(&mut tab, &path, &path, &[("name", "Renamed")]).await, path);
        assert!(tab.page(BRANCHES, 200).await.contains("Renamed"));
    }

    async fn a_secret_is_shown_once_and_a_withdrawn_pair_stops(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let mut tab = office.desk(&lender, "A1", Role::Admin).await;
        let answer = tab.send(CREDENTIALS, CREDENTIALS, &[("label", " ")]).await;
        assert_eq!(answer.status.as_u16(), 422);
        let answer = tab.send(CREDENTIALS, CREDENTIALS, &[("label", "LOS <1>")]).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(answer.header("cache-control"), "no-store");
        let html = answer.text().into_owned();
        let shown: Vec<&str> = html.split("data-copy=\"").skip(1).filter_map(|p| p.split('"').next()).collect();
        let [id, key] = shown[..] else { panic!("{shown:?}") };
        let pair = KeyPair::parse(id, key).expect("a pair");
        auth::check_pair(&office.app, &pair).await.expect("works");
        let html = tab.page(CREDENTIALS, 200).await;
        assert!(html.contains(id) && !html.contains(key) && html.contains("LOS &lt;1&gt;"));
        let withdraw = format!("{CREDENTIALS}/{id}/withdraw");
        let html = tab.page(&withdraw, 200).await;
        assert!(html.contains("last working key pair"), "{html}");
        assert_eq!(row(&mut tab, &withdraw, &withdraw, &[]).await, CREDENTIALS);
        assert!(auth::check_pair(&office.app, &pair).await.is_err());
        tab.page(&withdraw, 404).await;
        assert!(tab.page(CREDENTIALS, 200).await.contains("Withdrawn key pairs"));
    }

    async fn there_is_an_end_to_key_pairs(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        for n in 0..credentials::WORKING_MAX {
            let (id, label) = (&lender.public_id, n.to_string());
            let made = lintel_app::admin::create_credential(&office.app, id, &label).await;
            made.expect("made");
        }
        let mut tab = office.desk(&lender, "A1", Role::Admin).await;
        let answer = tab.send(CREDENTIALS, CREDENTIALS, &[("label", "more")]).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.text().contains("already"), "{}", answer.text());
    }

    async fn vendors_come_and_go(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let vendor_org = office.org(OrganisationKind::Vendor, None).await;
        let id = vendor_org.public_id.to_string();
        let mut tab = office.desk(&lender, "A1", Role::Admin).await;
        for bad in ["", "AAAA0000", lender.public_id.as_str(), "<b>"] {
            let answer = tab.send(VENDORS, VENDORS, &[("vendor", bad)]).await;
            assert_eq!(answer.status.as_u16(), 422, "{bad}");
            assert!(answer.text().contains("id=\"vendor-error\""), "{bad}");
        }
        let lower = id.to_lowercase();
        assert_eq!(row(&mut tab, VENDORS, VENDORS, &[("vendor", &lower), ("sees_loans", "1")]).await, VENDORS);
        let granted = async || vendor::list(&office.app, &lender).await.expect("listed");
        let now = granted().await;
        assert_eq!((now.len(), now[0].sees_loans, now[0].sees_brokers), (1, true, false));
        let answer = tab.send(VENDORS, VENDORS, &[("vendor", &id), ("sees_loans", "1")]).await;
        assert_eq!(answer.status.as_u16(), 422);
        let change = format!("{VENDORS}/{id}");
        assert_eq!(row(&mut tab, VENDORS, &change, &[("sees_brokers", "1")]).await, VENDORS);
        let now = granted().await;
        assert_eq!((now[0].sees_loans, now[0].sees_brokers), (true, true));
        let mut fields = form(&tab.page(VENDORS, 200).await, &change);
        fields.retain(|(name, _)| name == "form_token");
        for _ in 0..2 {
            assert_eq!(leads_to(&tab.post(&change, &fields).await), VENDORS);
        }
        let now = granted().await;
        assert_eq!((now[0].sees_loans, now[0].sees_brokers), (false, false));
        let withdraw = format!("{change}/withdraw");
        assert_eq!(row(&mut tab, &withdraw, &withdraw, &[]).await, VENDORS);
        assert_eq!(granted().await.len(), 0);
        tab.page(&withdraw, 404).await;
    }

    async fn brokers_are_listed_with_their_set_up_and_switched(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let mut tab = office.desk(&lender, "A1", Role::Admin).await;
        assert!(tab.page(BROKERS, 200).await.contains("No brokers yet"));
        let sent = office.send_broker(&lender, "U1").await;
        let html = tab.page(BROKERS, 200).await;
        assert!(html.contains("Example Brokers") && html.contains("Under way"), "{html}");
        let path = format!("{BROKERS}/{}", sent.broker.public_id);
        let (off, on) = (format!("{path}/deactivate"), format!("{path}/activate"));
        assert_eq!(row(&mut tab, &off, &off, &[]).await, BROKERS);
        let officer = async || people::find(&office.app, &sent.broker, "U2").await.expect("looked").expect("there");
        assert!(!officer().await.is_active);
        let html = tab.page(BROKERS, 200).await;
        assert!(html.contains("Switched off"), "{html}");
        assert_eq!(row(&mut tab, BROKERS, &on, &[]).await, BROKERS);
        assert!(officer().await.is_active);
    }

    async fn who_may_only_read_reads(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let officer = office.person(&lender, "O1", Role::LoanOfficer).await.public_id;
        let mut tab = office.desk(&lender, "C1", Role::Closer).await;
        let html = tab.page(PEOPLE, 200).await;
        assert!(!html.contains("Add a person"));
        let html = tab.page(&format!("{PEOPLE}/{officer}"), 200).await;
        assert!(html.contains("o1@example.com") && html.contains("California"), "{html}");
        assert!(!html.contains("name=\"first_name\"") && !html.contains("deactivate"));
        let html = tab.page(ROLES, 200).await;
        for role in Role::ALL {
            assert!(html.contains(role.title()), "{role}");
        }
        assert!(html.contains("yours"));
    }
}

async fn olive_of(office: &Office, org: &Organisation, id: &PublicId) -> Person {
    person(office, org, id).await
}
