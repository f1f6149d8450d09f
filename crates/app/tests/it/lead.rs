//! Somebody chose an offer: a lead, and a link that shows exactly that offer.

use lintel_app::auth::Principal;
use lintel_app::error::AppError;
use lintel_app::lead::{self, LeadBorrower, PricedLoan, Signup, SignupLink};
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::scenario::{Employment, PropertyKind};
use lintel_engine::money::Cents;
use lintel_store::event::list_after;
use lintel_testkit::both;

use crate::prices::percent;
use crate::world::{World, refusal};

const URL: &str = "https://loans.example.com";

pub fn offer() -> PricedLoan {
    PricedLoan {
        street: Some("5361 Example Dr".to_owned()),
        city: Some("Springvale".to_owned()),
        state: Some("ME".to_owned()),
        postal_code: "04083".to_owned(),
        purpose: Some(Purpose::RefinanceCashOut),
        lock_days: Some(30),
        home_price: Some(Cents::new(50_000_000)),
        down_payment: Some(Cents::new(25_000_000)),
        cash_out: Some(Cents::new(1_000_000)),
        score: Some(750),
        monthly_income: Some(Cents::new(500_000)),
        monthly_debts: None,
        property: Some(PropertyKind::SingleFamily),
        occupancy: Some(Occupancy::PrimaryResidence),
        had_bankruptcy: Some(false),
        had_foreclosure: None,
        waives_escrow: Some(true),
        is_first_time_buyer: None,
        employment: Some(Employment::FullTime),
        documentation: Some("Full".to_owned()),
        homes_owned: Some(0),
        finances_upfront_fee: None,
        is_flip: None,
        is_streamline: None,
        program: Some(Program::Conventional),
        is_adjustable: Some(true),
        amortization_years: Some(30),
        arm_type: Some("7/1".to_owned()),
        arm_margin: Some(percent(2_250)),
        arm_caps: Some("5/2/5".to_owned()),
        has_lender_paid_mi: None,
        is_hpml: None,
        note_rate: Some(percent(4_500)),
        apr: Some(percent(4_552)),
        monthly_payment: Some(Cents::new(131_584)),
        points: Some(percent(-1_000)),
        points_amount: Some(Cents::new(-260_000)),
        campaign_provider_id: Some("53781".to_owned()),
        advertiser_id: None,
        campaign_uid: None,
        campaign_id: None,
        offer_id: None,
        channel: None,
    }
}

pub fn signup() -> Signup {
    Signup {
        lender: None,
        lead: None,
        officer: None,
        borrower: LeadBorrower {
            first_name: Some("Zebulon".to_owned()),
            email: Some("zebulon@example.com".to_owned()),
            crm_lead_id: Some("CRM-7\0".to_owned()),
            goes_to_crm: Some(true),
            ..LeadBorrower::default()
        },
        loan: offer(),
    }
}

async fn sign(world: &World, who: &Principal, signup: Signup) -> Result<SignupLink, AppError> {
    lead::set_signup(&world.app, who, signup).await
}

/// Slug and code of a link's address.
pub fn parts(url: &str) -> (String, String) {
    let path = url
        .strip_prefix(&format!("{URL}/app/signup/p/"))
        .expect("our address");
    let (slug, rest) = path.split_once("/r/").expect("a code");
    let (code, _) = rest.split_once("?leadReferralSource=").expect("a source");
    (slug.to_owned(), code.to_owned())
}

both! {
    async fn a_lead_is_made_and_its_link_shows_the_offer(db) {
        let world = World::on(&db);
        world.app.set_public_url(&format!("{URL}/"));
        let org = world.lender().await;
        let who = world.principal(&org).await;
        let link = sign(&world, &who, signup()).await.expect("signed");
        assert!(link.is_new_lead);
        let (slug, code) = parts(&link.url);
        assert_eq!(slug, "example-retail");
        assert_eq!(code.len(), 12);
        assert!(code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()), "{code}");
        assert!(link.url.ends_with(&format!("={}", link.lead)));
        let opened = lead::open_link(&world.app, &slug, &code).await.expect("opened");
        assert_eq!((opened.loan, opened.borrower), (offer(), signup().borrower));
        assert_eq!((opened.lead, opened.org), (link.lead, org.clone()));
        assert_eq!(world.rows("outbox").await, 1);
        let events = list_after(&db, &org.id, 0).await.expect("read");
        let told = events.iter().find(|e| e.kind == EventKind::LeadCreated).expect("told");
        assert_eq!(told.body, "{\"pushToCRM\":true}");
        for (slug, code) in [
            ("example-retail", "NOSUCHCODE12"),
            ("example-retail", "NOSUCHCODE1\0"),
            ("nobody", code.as_str()),
            ("no\0body", code.as_str()),
        ] {
            let unknown = lead::open_link(&world.app, slug, code).await;
            assert_eq!(refusal(unknown), Refusal::NotFound { what: Noun::Lead });
        }
    }

    async fn what_a_lead_says_is_sealed(db) {
        let world = World::on(&db);
        world.app.set_public_url(URL);
        let who = world.principal(&world.lender().await).await;
        sign(&world, &who, signup()).await.expect("signed");
        let sql = "SELECT l.borrower_sealed, l.loan_sealed, k.loan_sealed FROM lead l \
             JOIN signup_link k ON k.lead_id = l.id";
        let rows: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> = db.all(sql, Vec::new()).await.expect("read");
        let (borrower, loan, of_link) = &rows[0];
        assert_ne!(loan, of_link);
        for text in [borrower, loan, of_link] {
            assert!(text.len() > 100, "nothing is in it");
            for secret in ["Zebulon", "zebulon@example.com", "5361 Example", "Springvale", "04083", "750"] {
                let found = text.windows(secret.len()).any(|w| w == secret.as_bytes());
                assert!(!found, "{secret} is stored in clear");
            }
        }
        let shown = format!("{:?}", signup());
        for secret in ["Zebulon", "5361 Example", "04083", "750"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    /// What is sealed for one row does not open in another.
    async fn a_loan_that_was_moved_is_not_shown(db) {
        let world = World::on(&db);
        world.app.set_public_url(URL);
        let who = world.principal(&world.lender().await).await;
        let (slug, code) = parts(&sign(&world, &who, signup()).await.expect("signed").url);
        world.meddle("UPDATE signup_link SET loan_sealed = (SELECT loan_sealed FROM lead)").await;
        let opened = lead::open_link(&world.app, &slug, &code).await;
        assert!(matches!(opened, Err(AppError::Failed(_))), "{opened:?}");
    }

    /// A lead that comes again keeps what it does not say again; older links keep their offer.
    async fn a_lead_is_updated(db) {
        let world = World::on(&db);
        world.app.set_public_url(URL);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        let first = sign(&world, &who, signup()).await.expect("signed");
        let mut newer = signup();
        newer.lead = Some(first.lead.to_string());
        newer.borrower = LeadBorrower {
            email: Some("other@example.com".to_owned()),
            ..LeadBorrower::default()
        };
        newer.loan.note_rate = Some(percent(4_250));
        let second = sign(&world, &who, newer).await.expect("signed");
        assert_eq!((second.is_new_lead, &second.lead), (false, &first.lead));
        assert_ne!(first.url, second.url);
        for (link, rate) in [(&first, 4_500), (&second, 4_250)] {
            let (slug, code) = parts(&link.url);
            let opened = lead::open_link(&world.app, &slug, &code).await.expect("opened");
            assert_eq!(opened.loan.note_rate, Some(percent(rate)));
            assert_eq!(opened.borrower.first_name.as_deref(), Some("Zebulon"));
            assert_eq!(opened.borrower.email.as_deref(), Some("other@example.com"));
        }
        assert_eq!(world.rows("lead").await, 1);
        assert_eq!(world.rows("signup_link").await, 2);
        let events = list_after(&db, &org.id, 0).await.expect("read");
        assert!(events.iter().any(|e| e.kind == EventKind::LeadUpdated));
    }

    async fn foreign_and_unknown_names_are_refused(db) {
        let world = World::on(&db);
        world.app.set_public_url(URL);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let stranger = world.lender().await;
        let who = world.principal(&wholesale).await;
        let theirs = world.principal(&stranger).await;
        let foreign = sign(&world, &theirs, signup()).await.expect("signed").lead;
        let gone = |what| Refusal::NotFound { what };
        let with = |lender: Option<&PublicId>, lead: Option<&str>, officer: Option<&str>| Signup {
            lender: lender.map(ToString::to_string),
            lead: lead.map(str::to_owned),
            officer: officer.map(str::to_owned),
            ..signup()
        };
        for (signup, what) in [
            (with(Some(&stranger.public_id), None, None), Noun::Organisation),
            (with(None, Some(foreign.as_str()), None), Noun::Lead),
            (with(None, Some("NOSUCH12"), None), Noun::Lead),
            (with(None, Some("<script>"), None), Noun::Lead),
            (with(None, None, Some("NOSUCH12")), Noun::Staff),
        ] {
            assert_eq!(refusal(sign(&world, &who, signup).await), gone(what));
        }
        assert_eq!(world.rows("lead").await, 1);
        assert_eq!(world.rows("signup_link").await, 1);
        // A wholesale lender may sign somebody up for one of its brokers; the lead is the broker's.
        let link = sign(&world, &who, with(Some(&broker.public_id), Some(" "), None)).await;
        let (slug, code) = parts(&link.expect("signed").url);
        let opened = lead::open_link(&world.app, &slug, &code).await.expect("opened");
        assert_eq!(opened.org, broker);
    }

    /// A lead stays its organisation's, and so do its links, whomever a later call names.
    async fn an_updated_lead_keeps_its_organisation(db) {
        let world = World::on(&db);
        world.app.set_public_url(URL);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let who = world.principal(&wholesale).await;
        let own = sign(&world, &who, signup()).await.expect("signed");
        let theirs = Signup { lender: Some(broker.public_id.to_string()), ..signup() };
        let of_broker = sign(&world, &who, theirs.clone()).await.expect("signed");
        for (first, org) in [(&own, &wholesale), (&of_broker, &broker)] {
            let lead = Some(first.lead.to_string());
            let again = Signup { lead, ..theirs.clone() };
            let second = sign(&world, &who, again).await.expect("signed");
            assert_eq!((&second.lead, second.is_new_lead), (&first.lead, false));
            for link in [first, &second] {
                let (slug, code) = parts(&link.url);
                let opened = lead::open_link(&world.app, &slug, &code).await.expect("opened");
                assert_eq!((&opened.org, &opened.lead), (org, &first.lead));
            }
        }
    }

    async fn without_a_public_address_there_is_no_link(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        let error = sign(&world, &who, signup()).await;
        assert!(matches!(error, Err(AppError::Failed(_))), "{error:?}");
        assert_eq!(world.rows("lead").await, 0);
    }

    async fn leads_at_once_each_get_their_own(db) {
        let world = World::on(&db);
        world.app.set_public_url(URL);
        let who = world.principal(&world.lender().await).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (app, who) = (world.app.clone(), who.clone());
            tasks.spawn(async move { lead::set_signup(&app, &who, signup()).await.expect("signed") });
        }
        let mut leads: Vec<PublicId> = tasks.join_all().await.into_iter().map(|l| l.lead).collect();
        leads.sort();
        leads.dedup();
        assert_eq!(leads.len(), 8);
    }
}
