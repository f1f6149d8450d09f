//! Withdrawing access works at once, for whatever was given out before.

use lintel_app::admin::{
    self, MadeCredential, NewOrganisation, NewStaff, add_staff, create_credential,
    list_credentials, revoke_credential,
};
use lintel_app::auth::{authenticate, check_pair};
use lintel_app::demo;
use lintel_app::token::{destroy, issue};
use lintel_domain::credential::KeyPair;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::{Denial, Field, Noun, Refusal, Rule};
use lintel_store::event::{ChainState, verify};
use lintel_testkit::both;

use crate::world::{World, denial, refusal};

both! {
    /// A vendor reaches lenders' data through what they granted it, never as a lender of its own.
    async fn a_vendor_is_not_a_lender(db) {
        let world = World::on(&db);
        let vendor = world.org(OrganisationKind::Vendor, None).await;
        let pair = world.pair(&vendor).await;
        assert_eq!(
            denial(issue(&world.app, &pair, None, "").await),
            Denial::CredentialsUnknown
        );
    }

    /// A broker works under its wholesale lender, and stops with it.
    async fn a_broker_stops_with_its_wholesale_lender(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let pair = world.pair(&broker).await;
        let token = issue(&world.app, &pair, None, "").await.expect("issued").token;
        world.meddle("UPDATE organisation SET active = FALSE WHERE kind = 'wholesale'").await;
        assert_eq!(
            denial(authenticate(&world.app, &pair, &token).await),
            Denial::CredentialsUnknown
        );
    }

    /// Work whose caller went away gives its processor back only when it is done, so that callers
    /// who hang up cannot pile it up.
    async fn heavy_work_holds_its_processor_to_the_end(db) {
        let world = World::on(&db);
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let (start, go) = std::sync::mpsc::sync_channel::<()>(0);
        let go = std::sync::Arc::new(std::sync::Mutex::new(go));
        for _ in 0..processors {
            let go = std::sync::Arc::clone(&go);
            let held = world.app.heavy("held", move || {
                go.lock().expect("not poisoned").recv().expect("told to go on");
            });
            let gone = tokio::time::timeout(std::time::Duration::from_millis(20), held).await;
            assert!(gone.is_err(), "the caller went away first");
        }
        let next = world.app.heavy("next", || 7);
        let mut next = std::pin::pin!(next);
        let early = tokio::time::timeout(std::time::Duration::from_millis(50), &mut next).await;
        assert!(early.is_err(), "every processor is still at work");
        for _ in 0..processors {
            start.send(()).expect("somebody waits");
        }
        assert_eq!(next.await.expect("a processor is free again"), 7);
    }

    async fn a_withdrawn_pair_stops_at_once_with_its_token(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let (old, new) = (world.pair(&org).await, world.pair(&org).await);
        let token = issue(&world.app, &old, None, "")
            .await
            .expect("issued")
            .token;
        let other = issue(&world.app, &new, None, "")
            .await
            .expect("issued")
            .token;
        let first = revoke_credential(&world.app, &old.api_id)
            .await
            .expect("withdrawn");
        let answers = [
            check_pair(&world.app, &old).await.map(drop),
            authenticate(&world.app, &old, &token).await.map(drop),
            issue(&world.app, &old, None, "").await.map(drop),
            destroy(&world.app, &old, &token).await,
        ];
        for answer in answers {
            assert_eq!(denial(answer), Denial::CredentialsUnknown);
        }
        authenticate(&world.app, &new, &other)
            .await
            .expect("the other pair goes on");
        world.pass_days(1);
        let again = revoke_credential(&world.app, &old.api_id)
            .await
            .expect("withdrawn already");
        assert_eq!(
            again.revoked_at, first.revoked_at,
            "the second time changes nothing"
        );
        let unknown = refusal(revoke_credential(&world.app, "nobody").await);
        assert_eq!(
            unknown,
            Refusal::NotFound {
                what: Noun::Credential
            }
        );
    }

    async fn a_deactivated_organisation_stops_at_once(db) {
        let world = World::on(&db);
        let (org, other) = (world.lender().await, world.lender().await);
        let (pair, unharmed) = (world.pair(&org).await, world.pair(&other).await);
        let token = issue(&world.app, &pair, None, "")
            .await
            .expect("issued")
            .token;
        world
            .meddle(&format!(
                "UPDATE organisation SET active = FALSE WHERE id = '{}'",
                org.id
            ))
            .await;
        let answer = authenticate(&world.app, &pair, &token).await;
        assert_eq!(denial(answer), Denial::CredentialsUnknown);
        assert_eq!(
            denial(issue(&world.app, &pair, None, "").await),
            Denial::CredentialsUnknown
        );
        issue(&world.app, &unharmed, None, "")
            .await
            .expect("another organisation");
        world
            .meddle(&format!(
                "UPDATE organisation SET active = TRUE WHERE id = '{}'",
                org.id
            ))
            .await;
        authenticate(&world.app, &pair, &token)
            .await
            .expect("active again");
    }

    async fn a_wrong_secret_is_as_unknown_as_a_wrong_name(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let (pair, other) = (world.pair(&org).await, world.pair(&org).await);
        for (id, key) in [
            (pair.api_id.as_str(), other.api_key.as_str()),
            (other.api_id.as_str(), pair.api_key.as_str()),
            ("nobody", pair.api_key.as_str()),
            (pair.api_id.as_str(), &pair.api_key[1..]),
        ] {
            let wrong = KeyPair::parse(id, key).expect("well formed");
            assert_eq!(
                denial(check_pair(&world.app, &wrong).await),
                Denial::CredentialsUnknown
            );
        }
    }

    async fn pairs_are_shown_once_and_listed_without_their_secret(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let made = create_credential(&world.app, &org.public_id, " first ")
            .await
            .expect("made");
        assert_eq!(made.credential.label, "first");
        assert!(!format!("{made:?}").contains(&made.api_key));
        let MadeCredential { credential, .. } = made;
        let listed = list_credentials(&world.app, &org.public_id)
            .await
            .expect("listed");
        assert_eq!(listed, [credential]);
        let nobody = PublicId::parse("NOBODY00").expect("an id");
        let missing = Refusal::NotFound {
            what: Noun::Organisation,
        };
        assert_eq!(
            refusal(list_credentials(&world.app, &nobody).await),
            missing
        );
        assert_eq!(
            refusal(create_credential(&world.app, &nobody, "x").await),
            missing
        );
        for label in ["", " ", "a\nb", &"x".repeat(201)] {
            let refused = refusal(create_credential(&world.app, &org.public_id, label).await);
            assert!(
                matches!(
                    refused,
                    Refusal::Invalid {
                        field: Field::CredentialLabel,
                        ..
                    }
                ),
                "{label:?}"
            );
        }
    }

    /// Only brokers have a parent, and only a lender is one.
    async fn organisations_fit_their_parents(db) {
        let world = World::on(&db);
        let (wholesale, vendor) = (
            world.org(OrganisationKind::Wholesale, None).await,
            world.org(OrganisationKind::Vendor, None).await,
        );
        let ask = async |kind, parent: Option<PublicId>| {
            let new = NewOrganisation {
                name: "Example".to_owned(),
                kind,
                parent,
                nmls: None,
            };
            admin::create_organisation(&world.app, new).await
        };
        let field = Field::ParentOrganisation;
        let orphan = refusal(ask(OrganisationKind::Broker, None).await);
        assert_eq!(
            orphan,
            Refusal::Invalid {
                field: field.clone(),
                rule: Rule::Missing
            }
        );
        let misfits = [
            (OrganisationKind::Broker, vendor.public_id),
            (
                OrganisationKind::Broker,
                PublicId::parse("NOBODY00").expect("an id"),
            ),
            (OrganisationKind::Retail, wholesale.public_id.clone()),
        ];
        for (kind, parent) in misfits {
            let refused = refusal(ask(kind, Some(parent)).await);
            assert_eq!(refused, Refusal::malformed(field.clone()), "{kind}");
        }
        let broker = ask(OrganisationKind::Broker, Some(wholesale.public_id))
            .await
            .expect("a broker");
        assert_eq!(broker.lender_id(), &wholesale.id);
    }

    async fn staff_are_added_once(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let new = || NewStaff {
            first_name: "Olive".to_owned(),
            last_name: "Officer".to_owned(),
            email: "olive.officer@example.com".to_owned(),
            nmls: None,
            los_id: None,
        };
        assert!(
            add_staff(&world.app, &org, new())
                .await
                .expect("asked")
                .is_some()
        );
        let mut shouted = new();
        shouted.email = shouted.email.to_uppercase();
        assert!(
            add_staff(&world.app, &org, shouted)
                .await
                .expect("asked")
                .is_none()
        );
        assert_eq!(world.rows("staff").await, 1);
    }

    async fn the_demo_lender_is_loaded_once(db) {
        let world = World::on(&db);
        let (first, is_new) = demo::load(&world.app).await.expect("loaded");
        assert!(is_new);
        let tables = [
            "organisation",
            "staff",
            "product",
            "catalogue_version",
            "rate_sheet",
            "event",
        ];
        let mut before = Vec::new();
        for table in tables {
            before.push(world.rows(table).await);
        }
        assert!(before.iter().all(|rows| *rows > 0), "{before:?}");
        // One stroke: there is no moment with a catalogue and without sheets.
        let book = lintel_app::catalogue::in_force(&world.app, &first).await.expect("read");
        assert_eq!((book.generation, book.catalogue_version), (1, 1));
        for product in &book.book.catalogue.products {
            assert_eq!(book.sheet_version(&product.code), Some(1), "{}", product.code);
        }
        let (second, is_new) = demo::load(&world.app).await.expect("loaded");
        assert!(!is_new);
        assert_eq!(first, second);
        for (table, before) in tables.into_iter().zip(before) {
            assert_eq!(world.rows(table).await, before, "{table}");
        }
        let state = verify(&db, &first.id).await.expect("verified");
        assert!(
            matches!(state, ChainState::Intact { .. }),
            "{state:?}"
        );
    }
}
