//! Inserting what is there already says so, writes nothing, and leaves the transaction usable.

use lintel_domain::id::RowId;
use lintel_domain::loan::Lifecycle;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_engine::money::Cents;
use lintel_store::db::Db;
use lintel_store::loan::write::{self, load_existing_in, replace_in, set_lifecycle_in};
use lintel_store::token::{self, Holder, StoredToken};
use lintel_store::{credential, organisation};
use lintel_testkit::both;

use crate::catalogue::{a_product, add_product};
use crate::seed::{
    START, add_org, add_pair, add_staff, day, draft, org, pair, person, public_id, row,
};

async fn lender(db: &Db) -> Organisation {
    let lender = org(1, OrganisationKind::Retail, None);
    add_org(db, &lender).await;
    lender
}

async fn rows(db: &Db, table: &str) -> i64 {
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}");
    let row: Option<(i64,)> = db.maybe(&sql, Vec::new()).await.expect("counted");
    row.map_or(0, |(n,)| n)
}

fn a_token(lender: &Organisation, api_id: &str) -> StoredToken {
    StoredToken {
        org_id: lender.id.clone(),
        api_id: api_id.to_owned(),
        for_org_id: None,
        nonce: b"nonce".to_vec(),
        key_id: "key00001".to_owned(),
        created_at: START,
        expires_at: day(25),
    }
}

const fn own(api_id: &str) -> Holder<'_> {
    Holder {
        api_id,
        for_org: None,
    }
}

both! {
    async fn an_organisation_has_its_public_id_alone(db) {
        let lender = lender(&db).await;
        let mut tx = db.begin().await.expect("begun");
        let twin = Organisation {
            id: row("org", 2),
            ..lender.clone()
        };
        assert!(
            !organisation::insert_in(&mut tx, &twin, START)
                .await
                .expect("asked")
        );
        let other = Organisation {
            public_id: public_id('O', 2),
            ..twin
        };
        assert!(
            organisation::insert_in(&mut tx, &other, START)
                .await
                .expect("asked")
        );
        tx.commit().await.expect("committed");
        let found = organisation::load(&db, &lender.public_id)
            .await
            .expect("loaded");
        assert_eq!(found, Some(lender));
        assert_eq!(organisation::list(&db, 10).await.expect("listed").len(), 2);
        assert_eq!(organisation::list(&db, 1).await.expect("listed").len(), 1);
    }

    async fn staff_have_their_address_alone_whatever_its_case(db) {
        let lender = lender(&db).await;
        add_staff(&db, &lender, &person(1)).await;
        let mut tx = db.begin().await.expect("begun");
        let mut twin = person(2);
        twin.email = "OFFICER1@EXAMPLE.COM".to_owned();
        assert!(
            !organisation::insert_staff_in(&mut tx, &lender.id, &twin, START)
                .await
                .expect("asked")
        );
        let mut twin = person(2);
        twin.public_id = person(1).public_id;
        assert!(
            !organisation::insert_staff_in(&mut tx, &lender.id, &twin, START)
                .await
                .expect("asked")
        );
        assert!(
            organisation::insert_staff_in(&mut tx, &lender.id, &person(2), START)
                .await
                .expect("asked")
        );
        let by_nmls = organisation::match_staff_in(
            &mut tx,
            &lender.id,
            Some("9900002"),
            Some("officer1@example.com"),
        );
        assert_eq!(
            by_nmls.await.expect("asked"),
            Some(person(2)),
            "the registry number wins"
        );
        let by_email = organisation::match_staff_in(
            &mut tx,
            &lender.id,
            Some("0"),
            Some(" Officer1@example.com"),
        );
        assert_eq!(by_email.await.expect("asked"), Some(person(1)));
        let stranger = row("org", 9);
        let nobody = organisation::match_staff_in(&mut tx, &stranger, Some("9900002"), None);
        assert_eq!(
            nobody.await.expect("asked"),
            None,
            "staff of another organisation"
        );
        tx.commit().await.expect("committed");
        let by_los = organisation::load_staff_by_los_id(&db, &lender.id, "LO-2")
            .await
            .expect("asked");
        assert_eq!(by_los, Some(person(2)));
        let by_id = organisation::load_staff(&db, &person(1).public_id)
            .await
            .expect("asked");
        assert_eq!(by_id, Some(person(1)));
    }

    async fn a_pair_has_its_name_alone_and_is_withdrawn_once(db) {
        let lender = lender(&db).await;
        let first = add_pair(&db, &lender, 1).await;
        let mut tx = db.begin().await.expect("begun");
        assert!(
            !credential::insert_in(&mut tx, &pair(&lender, 1), b"other", "k")
                .await
                .expect("asked")
        );
        assert!(
            credential::revoke_in(&mut tx, &first.api_id, day(1))
                .await
                .expect("asked")
        );
        assert!(
            !credential::revoke_in(&mut tx, &first.api_id, day(2))
                .await
                .expect("asked")
        );
        assert!(
            !credential::revoke_in(&mut tx, "nobody", day(2))
                .await
                .expect("asked")
        );
        let found = credential::load_in(&mut tx, &first.api_id)
            .await
            .expect("asked");
        assert_eq!(found.and_then(|c| c.revoked_at), Some(day(1)));
        tx.commit().await.expect("committed");
        assert!(
            credential::load_secret(&db, &first.api_id)
                .await
                .expect("asked")
                .is_none()
        );
        assert_eq!(
            credential::list(&db, &lender.id)
                .await
                .expect("listed")
                .len(),
            1
        );
    }

    async fn the_keys_of_secrets_are_listed_once_each(db) {
        let lender = lender(&db).await;
        assert_eq!(credential::key_ids(&db).await.expect("read"), Vec::<String>::new());
        let mut tx = db.begin().await.expect("begun");
        for (n, key) in ["key00002", "key00001", "key00002"].into_iter().enumerate() {
            let added = credential::insert_in(&mut tx, &pair(&lender, n), b"hash", key).await;
            assert!(added.expect("asked"));
        }
        tx.commit().await.expect("committed");
        let ids = credential::key_ids(&db).await.expect("read");
        assert_eq!(ids, ["key00001", "key00002"]);
    }

    async fn a_pair_has_one_current_token(db) {
        let lender = lender(&db).await;
        let pair = add_pair(&db, &lender, 1).await;
        let stored = a_token(&lender, &pair.api_id);
        let mut tx = db.begin().await.expect("begun");
        assert!(
            token::insert_in(&mut tx, b"one", &stored)
                .await
                .expect("asked")
        );
        assert!(
            !token::insert_in(&mut tx, b"two", &stored)
                .await
                .expect("asked"),
            "two current"
        );
        assert!(
            !token::insert_in(&mut tx, b"one", &stored)
                .await
                .expect("asked"),
            "same hash"
        );
        assert!(
            token::extend_in(&mut tx, own(&pair.api_id), day(30), day(1))
                .await
                .expect("asked")
        );
        assert!(
            !token::extend_in(&mut tx, own(&pair.api_id), day(90), day(30))
                .await
                .expect("asked"),
            "ran out"
        );
        let current = token::load_current_in(&mut tx, own(&pair.api_id))
            .await
            .expect("asked");
        assert_eq!(current.map(|t| t.expires_at), Some(day(30)));
        token::retire_in(&mut tx, own(&pair.api_id), day(30), day(0))
            .await
            .expect("retired");
        assert!(
            token::insert_in(&mut tx, b"two", &stored)
                .await
                .expect("asked")
        );
        assert!(
            !token::destroy_in(&mut tx, b"two", "pair-9")
                .await
                .expect("asked"),
            "another's"
        );
        assert!(
            token::destroy_in(&mut tx, b"two", &pair.api_id)
                .await
                .expect("asked")
        );
        tx.commit().await.expect("committed");
        assert!(
            token::load_by_hash(&db, b"one")
                .await
                .expect("asked")
                .is_some(),
            "remembered"
        );
        assert!(
            token::load_by_hash(&db, b"two")
                .await
                .expect("asked")
                .is_none(),
            "destroyed"
        );
    }

    /// A vendor's pair has one for each organisation it works with, and each ends by itself.
    async fn a_vendors_pair_has_one_current_token_for_each_organisation(db) {
        let lender = lender(&db).await;
        let broker = org(2, OrganisationKind::Broker, Some(&lender));
        add_org(&db, &broker).await;
        let vendor = org(3, OrganisationKind::Vendor, None);
        add_org(&db, &vendor).await;
        let pair = add_pair(&db, &vendor, 1).await;
        let mut tx = db.begin().await.expect("begun");
        for (name, for_org) in [(&b"lender"[..], &lender), (b"broker", &broker)] {
            let stored = StoredToken {
                for_org_id: Some(for_org.id.clone()),
                ..a_token(&vendor, &pair.api_id)
            };
            let holder = Holder {
                api_id: &pair.api_id,
                for_org: Some(&for_org.id),
            };
            assert!(token::insert_in(&mut tx, name, &stored).await.expect("asked"));
            assert!(!token::insert_in(&mut tx, b"other", &stored).await.expect("asked"));
            let current = token::load_current_in(&mut tx, holder).await.expect("read");
            assert_eq!(current.expect("there").for_org_id.as_ref(), Some(&for_org.id));
        }
        let own = token::load_current_in(&mut tx, own(&pair.api_id)).await;
        assert!(own.expect("read").is_none());
        token::end_of_vendor_at_brokers_in(&mut tx, &vendor.id, &lender.id)
            .await
            .expect("ended");
        tx.commit().await.expect("committed");
        let there = async |name: &[u8]| token::load_by_hash(&db, name).await.expect("read").is_some();
        assert!(there(b"lender").await && !there(b"broker").await);
        let mut tx = db.begin().await.expect("begun");
        token::end_of_org_in(&mut tx, &lender.id).await.expect("ended");
        tx.commit().await.expect("committed");
        assert!(!there(b"lender").await, "what is for an organisation ends with it");
    }

    async fn long_expired_tokens_are_forgotten(db) {
        let lender = lender(&db).await;
        let pair = add_pair(&db, &lender, 1).await;
        let mut tx = db.begin().await.expect("begun");
        token::insert_in(&mut tx, b"one", &a_token(&lender, &pair.api_id))
            .await
            .expect("asked");
        token::retire_in(&mut tx, own(&pair.api_id), day(300), day(26))
            .await
            .expect("retired");
        tx.commit().await.expect("committed");
        assert_eq!(rows(&db, "access_token").await, 0);
    }

    async fn the_catalogue_refuses_twins(db) {
        let lender = lender(&db).await;
        assert!(add_product(&db, &lender.id, &a_product(1)).await);
        let mut twin = a_product(2);
        twin.code = "CODE1".to_owned();
        assert!(!add_product(&db, &lender.id, &twin).await, "same code");
        let mut twin = a_product(2);
        twin.public_id = public_id('P', 1);
        assert!(!add_product(&db, &lender.id, &twin).await, "same public id");
    }

    /// A refused loan leaves no borrower, application or document behind.
    async fn a_loan_number_is_taken_once_per_originator(db) {
        let lender = lender(&db).await;
        let other = org(2, OrganisationKind::Retail, None);
        add_org(&db, &other).await;
        let mut tx = db.begin().await.expect("begun");
        let insert = async |tx: &mut _, home: &Organisation, draft: &_| {
            write::insert_in(tx, &home.id, &home.id, "LOS-1", draft)
                .await
                .expect("asked")
        };
        assert!(insert(&mut tx, &lender, &draft(1)).await);
        assert!(!insert(&mut tx, &lender, &draft(2)).await, "same number");
        let mut twin = draft(2);
        twin.line.public_id = draft(1).line.public_id;
        assert!(!insert(&mut tx, &other, &twin).await, "same public id");
        assert!(insert(&mut tx, &other, &draft(3)).await, "another's number");
        tx.commit().await.expect("committed");
        for table in ["loan", "loan_application", "loan_source", "borrower"] {
            assert_eq!(rows(&db, table).await, 2, "{table}");
        }
    }

    async fn a_loan_is_replaced_only_at_the_revision_that_was_seen(db) {
        let lender = lender(&db).await;
        let mut tx = db.begin().await.expect("begun");
        write::insert_in(&mut tx, &lender.id, &lender.id, "LOS-1", &draft(1))
            .await
            .expect("asked");
        let mut newer = draft(1);
        newer.document_hash = b"newer".to_vec();
        newer.line.loan_amount = Cents::new(1);
        assert!(
            !replace_in(&mut tx, &lender.id, 2, &newer, day(1))
                .await
                .expect("asked"),
            "future"
        );
        assert!(
            replace_in(&mut tx, &lender.id, 1, &newer, day(1))
                .await
                .expect("asked")
        );
        assert!(
            !replace_in(&mut tx, &lender.id, 1, &newer, day(2))
                .await
                .expect("asked"),
            "stale"
        );
        let existing = load_existing_in(&mut tx, &lender.id, "LOS-1")
            .await
            .expect("asked")
            .expect("there");
        assert_eq!((existing.revision, existing.imported_revision), (2, 2));
        assert_eq!(existing.document_hash, b"newer");
        let id: RowId = existing.id;
        assert!(
            set_lifecycle_in(&mut tx, &lender.id, &id, Lifecycle::Funded, day(3))
                .await
                .expect("asked")
        );
        assert!(
            !replace_in(&mut tx, &lender.id, 3, &newer, day(4))
                .await
                .expect("asked"),
            "touched"
        );
        let foreign = row("org", 9);
        assert!(
            !set_lifecycle_in(&mut tx, &foreign, &id, Lifecycle::Funded, day(3))
                .await
                .expect("asked")
        );
        tx.commit().await.expect("committed");
        assert_eq!(rows(&db, "borrower").await, 1);
        assert_eq!(rows(&db, "loan_source").await, 2, "both documents are kept");
        let application = write::load_application(&db, &lender.id, &id)
            .await
            .expect("asked");
        assert_eq!(application.as_deref(), Some(&b"application"[..]));
        let foreign = write::load_application(&db, &foreign, &id)
            .await
            .expect("asked");
        assert_eq!(foreign, None);
        assert!(
            write::load_source(&db, &lender.id, &id)
                .await
                .expect("asked")
                .is_some()
        );
    }
}
