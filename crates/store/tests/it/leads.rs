//! Leads and the links made for them.

use lintel_domain::id::RowId;
use lintel_domain::organisation::OrganisationKind;
use lintel_store::lead::{self, StoredLead, StoredLink};
use lintel_testkit::both;

use crate::seed::{START, add_org, day, org, public_id, row};

pub fn a_lead(org_id: &RowId, n: usize) -> StoredLead {
    StoredLead {
        org_id: org_id.clone(),
        id: row("lead", n),
        uid: public_id('L', n),
        borrower_sealed: b"sealed".to_vec(),
        loan_sealed: b"loan".to_vec(),
        officer_id: None,
        crm_lead_id: Some("CRM-1".to_owned()),
        created_at: START,
        updated_at: START,
        signup: None,
        is_listed: true,
    }
}

fn a_link(lead: &StoredLead, code: &str) -> StoredLink {
    StoredLink {
        code: code.to_owned(),
        org_id: lead.org_id.clone(),
        lead_id: lead.id.clone(),
        loan_sealed: b"of the link".to_vec(),
        created_at: day(1),
    }
}

both! {
    async fn leads_are_written_and_changed(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        let first = a_lead(&lender.id, 1);
        let mut tx = db.begin().await.expect("begun");
        assert!(lead::insert_in(&mut tx, &first).await.expect("asked"));
        let twin = StoredLead { uid: first.uid.clone(), ..a_lead(&lender.id, 2) };
        assert!(!lead::insert_in(&mut tx, &twin).await.expect("asked"), "same uid");
        let (stranger, other) = (row("org", 8), row("org", 9));
        for orgs in [[&lender.id, &stranger], [&stranger, &lender.id]] {
            let locked = lead::lock_in(&mut tx, orgs, &first.uid).await.expect("asked");
            assert_eq!(locked.as_ref(), Some(&first));
            let unknown = lead::lock_in(&mut tx, orgs, &public_id('X', 1)).await;
            assert_eq!(unknown.expect("asked"), None);
        }
        let foreign = lead::lock_in(&mut tx, [&stranger, &other], &first.uid).await;
        assert_eq!(foreign.expect("asked"), None);
        let changed = StoredLead {
            borrower_sealed: b"other".to_vec(),
            loan_sealed: b"other loan".to_vec(),
            officer_id: Some(row("staff", 1)),
            crm_lead_id: None,
            updated_at: day(2),
            ..first.clone()
        };
        assert!(lead::update_in(&mut tx, &changed).await.expect("asked"));
        assert!(!lead::update_in(&mut tx, &a_lead(&lender.id, 3)).await.expect("asked"));
        tx.commit().await.expect("committed");
        let loaded = lead::load(&db, &lender.id, &first.id).await.expect("asked");
        assert_eq!(loaded, Some(changed));
        let foreign = lead::load(&db, &row("org", 9), &first.id).await.expect("asked");
        assert_eq!(foreign, None);
    }

    async fn a_link_keeps_the_loan_it_was_made_for(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        let lead = a_lead(&lender.id, 1);
        let link = a_link(&lead, "GEU5229JCL3Z");
        let mut tx = db.begin().await.expect("begun");
        assert!(lead::insert_in(&mut tx, &lead).await.expect("asked"));
        assert!(lead::insert_link_in(&mut tx, &link).await.expect("asked"));
        assert!(!lead::insert_link_in(&mut tx, &link).await.expect("asked"), "same code");
        tx.commit().await.expect("committed");
        assert_eq!(lead::load_link(&db, "GEU5229JCL3Z").await.expect("asked"), Some(link));
        assert_eq!(lead::load_link(&db, "GEU5229JCL3Y").await.expect("asked"), None);
    }
}
