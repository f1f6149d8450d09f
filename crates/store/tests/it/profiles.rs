//! What organisations say about themselves, and how far their set-ups have come.

use lintel_domain::company::{CompanyFacts, LegalForm, OriginatorType};
use lintel_domain::id::RowId;
use lintel_domain::image::ImageRef;
use lintel_domain::license::{License, StateCode};
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::setup::{Setup, SetupStep};
use lintel_engine::rate::Pct;
use lintel_store::db::Db;
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::profile::{self, StoredProfile};
use lintel_store::{organisation, setup};
use lintel_testkit::both;

use crate::seed::{START, add_org, day, org, row};

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn full() -> StoredProfile {
    let license = |state, number: &str| License {
        state: StateCode::parse(state).expect("a state"),
        number: number.to_owned(),
    };
    StoredProfile {
        facts: CompanyFacts {
            partner_uid: None,
            name: "Example Brokers".to_owned(),
            legal_name: text("Example Brokers, Inc."),
            street: text("1 Example Street"),
            unit: text("#2"),
            city: text("Sampleton"),
            state: StateCode::parse("CA"),
            postal_code: text("90001"),
            county: text("Orange"),
            country: text("USA"),
            website: text("https://example.com"),
            phone: text("8888888888"),
            phone_extension: text("12"),
            email: text("info@example.com"),
            nmls: text("012345"),
            originator: Some(OriginatorType::Correspondent),
            legal_form: Some(LegalForm::Partnership),
            about: text("About"),
            about_short: text("Short"),
            tax_id: None,
            officer_compensation: Some(Pct::new(1_000_000_001)),
            pricing_tier: text("AAA"),
            offers_conventional: Some(true),
            offers_fha: Some(false),
            offers_va: None,
            licenses: vec![license("CA", "1"), license("TX", "n/a")],
            brand_color: text("#112233"),
            accent_color: text("#445566"),
        },
        tax_id_sealed: Some(vec![1, 2, 0, 255]),
        logo: ImageRef::parse(&format!("{}.png", "0a".repeat(32))),
        favicon: ImageRef::parse(&format!("{}.jpg", "0b".repeat(32))),
        updated_at: Some(START),
    }
}

async fn put(db: &Db, id: &RowId, profile: &StoredProfile) {
    let mut tx = db.begin().await.expect("begun");
    profile::put_in(&mut tx, id, profile, START)
        .await
        .expect("put");
    tx.commit().await.expect("committed");
}

async fn read(db: &Db, id: &RowId) -> Option<StoredProfile> {
    profile::load(db, id).await.expect("read")
}

#[track_caller]
fn is_corrupt<T: std::fmt::Debug>(result: Result<T, Fault>, place: &str) {
    let fault = result.expect_err(place);
    let told = fault.chain();
    assert_eq!(fault.kind(), FaultKind::Corrupt, "{place}: {told}");
    assert!(told.contains(place) && told.contains("org-0001"), "{told}");
    assert!(!told.contains("nonsense"), "{told}");
}

async fn spoil(db: &Db, sql: &str) {
    let mut tx = db.begin().await.expect("begun");
    assert_eq!(tx.exec(sql, Vec::new()).await.expect("spoiled"), 1, "{sql}");
    tx.commit().await.expect("committed");
}

both! {
    async fn a_profile_comes_back_as_it_was_put_and_is_replaced_whole(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        assert_eq!(read(&db, &row("org", 9)).await, None);
        let named = CompanyFacts { name: lender.name.clone(), ..CompanyFacts::default() };
        let bare = StoredProfile { facts: named, ..StoredProfile::default() };
        assert_eq!(read(&db, &lender.id).await, Some(bare.clone()));
        put(&db, &lender.id, &full()).await;
        assert_eq!(read(&db, &lender.id).await, Some(full()));
        let loaded = organisation::load(&db, &lender.public_id).await.expect("read").expect("there");
        assert_eq!((loaded.name.as_str(), loaded.nmls.as_deref()), ("Example Brokers", Some("012345")));
        put(&db, &lender.id, &bare).await;
        let cleared = StoredProfile { updated_at: Some(START), ..bare };
        assert_eq!(read(&db, &lender.id).await, Some(cleared));
    }

    async fn a_profile_that_cannot_be_says_where(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        for column in ["state", "originator_type", "legal_form", "logo", "favicon"] {
            put(&db, &lender.id, &full()).await;
            spoil(&db, &format!("UPDATE organisation_profile SET {column} = 'nonsense'")).await;
            let place = format!("organisation_profile.{column}");
            is_corrupt(profile::load(&db, &lender.id).await, &place);
        }
        put(&db, &lender.id, &full()).await;
        spoil(&db, "UPDATE organisation_license SET state = 'nonsense' WHERE state = 'CA'").await;
        is_corrupt(profile::load(&db, &lender.id).await, "organisation_license.state");
    }

    async fn a_broker_has_the_id_its_lender_gave_it_alone(db) {
        let lenders = [org(1, OrganisationKind::Wholesale, None), org(2, OrganisationKind::Retail, None)];
        for lender in &lenders {
            add_org(&db, lender).await;
        }
        let mut tx = db.begin().await.expect("begun");
        let broker = |n: usize, lender: usize| org(n, OrganisationKind::Broker, Some(&lenders[lender]));
        for (n, lender, is_new) in [(3, 0, true), (4, 0, false), (5, 1, true)] {
            let broker = broker(n, lender);
            let added = organisation::insert_broker_in(&mut tx, &broker, "B-1", START).await;
            assert_eq!(added.expect("asked"), is_new, "{n}");
        }
        let found = organisation::load_by_partner_uid_in(&mut tx, &lenders[1].id, "B-1").await;
        assert_eq!(found.expect("read"), Some(broker(5, 1)));
        let none = organisation::load_by_partner_uid_in(&mut tx, &lenders[1].id, "b-1").await;
        assert_eq!(none.expect("read"), None);
        assert!(organisation::lock_in(&mut tx, &lenders[0].id).await.expect("locked"));
        assert!(!organisation::lock_in(&mut tx, &row("org", 9)).await.expect("asked"));
        tx.commit().await.expect("committed");
        let brokers = organisation::list_brokers(&db, &lenders[0].id, 10).await.expect("listed");
        assert_eq!(brokers, [broker(3, 0)]);
        let uid = organisation::load_partner_uid(&db, &row("org", 3)).await.expect("read");
        assert_eq!(uid.as_deref(), Some("B-1"));
    }

    async fn a_set_up_is_started_once_and_does_not_move_once_done(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        let started = Setup {
            started_by: row("staff", 1),
            started_at: START,
            step: SetupStep::Company,
            completed_at: None,
        };
        let mut tx = db.begin().await.expect("begun");
        assert!(!setup::set_step_in(&mut tx, &lender.id, SetupStep::People).await.expect("asked"));
        assert!(setup::insert_in(&mut tx, &lender.id, &started).await.expect("asked"));
        let late = Setup { started_by: row("staff", 2), ..started.clone() };
        assert!(!setup::insert_in(&mut tx, &lender.id, &late).await.expect("asked"));
        assert!(setup::set_step_in(&mut tx, &lender.id, SetupStep::People).await.expect("asked"));
        assert!(setup::complete_in(&mut tx, &lender.id, day(1)).await.expect("asked"));
        assert!(!setup::complete_in(&mut tx, &lender.id, day(2)).await.expect("asked"));
        assert!(!setup::set_step_in(&mut tx, &lender.id, SetupStep::Company).await.expect("asked"));
        tx.commit().await.expect("committed");
        let expected = Setup { step: SetupStep::People, completed_at: Some(day(1)), ..started };
        assert_eq!(setup::load(&db, &lender.id).await.expect("read"), Some(expected));
        spoil(&db, "UPDATE organisation_setup SET step = 'nonsense'").await;
        is_corrupt(setup::load(&db, &lender.id).await, "organisation_setup.step");
    }
}
