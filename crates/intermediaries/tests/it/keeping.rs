//! What is kept: no secret, no token, no tax number in clear; and nothing that is over.

use lintel_domain::event::EventKind;
use lintel_store::event;
use lintel_testkit::both;

use crate::house::{House, NIFS};

/// Every text and every bytes of a table, as far as they can be read as text.
async fn dump(house: &House, table: &str, columns: &[&str]) -> String {
    let mut all = String::new();
    for column in columns {
        let sql = format!("SELECT {column} FROM {table}");
        let rows: Vec<(Vec<u8>,)> = house.app.db().all(&sql, Vec::new()).await.expect("read");
        for (bytes,) in rows {
            all.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    all
}

both! {
    async fn nothing_secret_is_in_clear(db) {
        let house = House::on(&db);
        let (_, firm) = house.firm().await;
        let token = house.token(&firm).await;
        let mut stored = dump(&house, "network", &["secret_hash"]).await;
        stored.push_str(&dump(&house, "intermediary", &["nif", "nif_hash"]).await);
        stored.push_str(&dump(&house, "partner_session", &["token_hash", "secret_hash"]).await);
        for secret in [firm.secret.as_str(), token.as_str(), NIFS[0]] {
            assert!(!stored.contains(secret));
        }
    }

    async fn whoever_comes_and_goes_is_written_down(db) {
        let house = House::on(&db);
        let (bank, firm) = house.firm().await;
        let session = house.sign_in(&firm.stated()).await.expect("signed in");
        lintel_intermediaries::sign_out(&house.app, &session.token).await.expect("signed out");
        let events = event::list_after(&db, &bank.id, 0).await.expect("read");
        let kinds: Vec<String> = events.iter().map(|e| e.kind.to_string()).collect();
        assert_eq!(kinds[1..], [
            EventKind::NetworkAdded,
            EventKind::IntermediaryAdded,
            EventKind::IntermediaryUserAdded,
            EventKind::PartnerSignedIn,
            EventKind::PartnerSignedOut,
        ].map(|kind| kind.to_string()));
        let last = events.last().expect("one");
        assert_eq!(last.actor, format!("partner:{}", session.partner.user_id));
    }

    async fn sessions_that_are_over_are_forgotten(db) {
        let house = House::on(&db);
        let (_, firm) = house.firm().await;
        house.token(&firm).await;
        house.clock.advance(1799);
        let living = house.token(&firm).await;
        lintel_app::session::sweep(&house.app).await.expect("swept");
        assert_eq!(house.rows("partner_session").await, 2);
        house.clock.advance(1);
        lintel_app::session::sweep(&house.app).await.expect("swept");
        assert_eq!(house.rows("partner_session").await, 1);
        assert!(house.is_alive(&living).await);
    }

    async fn a_session_that_is_used_is_written_once_a_second(db) {
        let house = House::on(&db);
        let (_, firm) = house.firm().await;
        let token = house.token(&firm).await;
        let used = async || {
            let sql = "SELECT used_at_us FROM partner_session";
            let row: Option<(i64,)> = house.app.db().maybe(sql, Vec::new()).await.expect("read");
            row.expect("a session").0
        };
        let begun = used().await;
        assert!(house.is_alive(&token).await);
        assert_eq!(used().await, begun);
        house.clock.advance(1);
        assert!(house.is_alive(&token).await);
        assert_eq!(used().await, begun + 1_000_000);
    }
}
