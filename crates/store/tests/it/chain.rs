//! The audit log notices every change made to it behind its back.

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_store::db::{Db, Val};
use lintel_store::event::{
    ChainState, NewEvent, announce_in, list_after, of_subjects, outbox_depth, record_in, verify,
};
use lintel_store::vals;
use lintel_testkit::both;

use crate::seed::{add_org, day, org, row};

async fn organisation(db: &Db, n: usize) -> Organisation {
    let org = org(n, OrganisationKind::Retail, None);
    add_org(db, &org).await;
    org
}

async fn record(db: &Db, org: &Organisation, at: Instant, subject: &str, body: &str) -> i64 {
    let mut tx = db.begin().await.expect("begun");
    let event = NewEvent {
        org_id: &org.id,
        at,
        actor: "operator",
        kind: EventKind::LoanViewed,
        subject,
        body,
    };
    let seq = record_in(&mut tx, &event).await.expect("recorded");
    tx.commit().await.expect("committed");
    seq
}

/// An organisation with five events.
async fn five(db: &Db, n: usize) -> Organisation {
    let org = organisation(db, n).await;
    for number in 1..=5 {
        let seq = record(db, &org, day(number), &format!("loan-{number}"), "{}").await;
        assert_eq!(seq, number);
    }
    org
}

async fn tamper(db: &Db, sql: &str, args: Vec<Val>) {
    let mut tx = db.begin().await.expect("begun");
    assert!(
        tx.exec(sql, args).await.expect("tampered") > 0,
        "{sql} touched nothing"
    );
    tx.commit().await.expect("committed");
}

async fn state(db: &Db, org: &Organisation) -> ChainState {
    verify(db, &org.id).await.expect("verified")
}

both! {
    async fn an_untouched_chain_is_intact(db) {
        let org = five(&db, 1).await;
        assert_eq!(state(&db, &org).await, ChainState::Intact { events: 5 });
        let silent = organisation(&db, 2).await;
        assert_eq!(state(&db, &silent).await, ChainState::Intact { events: 0 });
        let unknown = verify(&db, &RowId::new("nobody".to_owned()))
            .await
            .expect("verified");
        assert_eq!(unknown, ChainState::Intact { events: 0 });
    }

    async fn a_changed_event_breaks_the_chain_where_it_stands(db) {
        let changes = [
            "at_us = at_us + 1",
            "actor = 'somebody'",
            "kind = 'loan.created'",
            "subject = 'loan-9'",
            "body = '{\"a\":1}'",
        ];
        for (n, change) in changes.into_iter().enumerate() {
            let org = five(&db, n).await;
            let sql = format!("UPDATE event SET {change} WHERE org_id = $1 AND seq = 3");
            tamper(&db, &sql, vals![org.id.as_str()]).await;
            assert_eq!(
                state(&db, &org).await,
                ChainState::Broken { seq: 3 },
                "{change}"
            );
        }
    }

    /// Moving a character from one field to the next must not hash the same.
    async fn fields_do_not_run_into_each_other(db) {
        let org = five(&db, 1).await;
        let sql =
            "UPDATE event SET actor = 'operato', kind = 'r' || kind WHERE org_id = $1 AND seq = 2";
        tamper(&db, sql, vals![org.id.as_str()]).await;
        assert_eq!(state(&db, &org).await, ChainState::Broken { seq: 2 });
    }

    async fn a_deleted_event_breaks_the_chain(db) {
        for (n, seq) in [1_i64, 3, 5].into_iter().enumerate() {
            let org = five(&db, n).await;
            let sql = "DELETE FROM event WHERE org_id = $1 AND seq = $2";
            tamper(&db, sql, vals![org.id.as_str(), seq]).await;
            assert_eq!(
                state(&db, &org).await,
                ChainState::Broken { seq },
                "without {seq}"
            );
        }
    }

    async fn a_deleted_head_breaks_the_chain(db) {
        let org = five(&db, 1).await;
        let sql = "DELETE FROM event_head WHERE org_id = $1";
        tamper(&db, sql, vals![org.id.as_str()]).await;
        assert_eq!(state(&db, &org).await, ChainState::Broken { seq: 1 });
    }

    /// Put back to an earlier event, with that event's own hash, or to before the first: the events
    /// after it must not go unnoticed.
    async fn a_head_put_back_breaks_the_chain(db) {
        let org = five(&db, 1).await;
        let sql = "UPDATE event_head SET seq = 4 WHERE org_id = $1";
        tamper(&db, sql, vals![org.id.as_str()]).await;
        assert_eq!(state(&db, &org).await, ChainState::Broken { seq: 5 }, "with another hash");
        let sql = "UPDATE event_head SET hash = (SELECT hash FROM event WHERE org_id = $1 AND seq = 4) \
             WHERE org_id = $1";
        tamper(&db, sql, vals![org.id.as_str()]).await;
        assert_eq!(state(&db, &org).await, ChainState::Broken { seq: 5 }, "with its own hash");
        let sql = "UPDATE event_head SET seq = 0, hash = $2 WHERE org_id = $1";
        tamper(&db, sql, vals![org.id.as_str(), vec![0_u8; 32]]).await;
        assert_eq!(state(&db, &org).await, ChainState::Broken { seq: 1 }, "to before the first");
    }

    /// A head ahead of its events: the newest ones are missing.
    async fn a_head_ahead_of_its_events_breaks_the_chain(db) {
        let org = five(&db, 1).await;
        let sql = "UPDATE event_head SET seq = 7 WHERE org_id = $1";
        tamper(&db, sql, vals![org.id.as_str()]).await;
        assert_eq!(state(&db, &org).await, ChainState::Broken { seq: 6 });
    }

    /// A check in the middle of traffic finds nothing wrong.
    async fn checking_while_events_arrive(db) {
        let org = organisation(&db, 1).await;
        let writer = async {
            for n in 0..60 {
                record(&db, &org, day(n), "loan-1", "{}").await;
            }
        };
        let checker = async {
            for _ in 0..60 {
                assert!(matches!(state(&db, &org).await, ChainState::Intact { .. }));
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(writer, checker);
        assert_eq!(state(&db, &org).await, ChainState::Intact { events: 60 });
    }

    async fn tampering_with_one_chain_leaves_the_others_intact(db) {
        let (one, other) = (five(&db, 1).await, five(&db, 2).await);
        let sql = "UPDATE event SET body = 'x' WHERE org_id = $1";
        tamper(&db, sql, vals![one.id.as_str()]).await;
        assert_eq!(state(&db, &one).await, ChainState::Broken { seq: 1 });
        assert_eq!(state(&db, &other).await, ChainState::Intact { events: 5 });
    }

    /// More events than the check reads at once.
    async fn long_chains_are_checked_to_the_end(db) {
        let org = organisation(&db, 1).await;
        let mut tx = db.begin().await.expect("begun");
        for n in 0..1005 {
            let event = NewEvent {
                org_id: &org.id,
                at: day(n),
                actor: "operator",
                kind: EventKind::StaffAdded,
                subject: "somebody",
                body: "{}",
            };
            record_in(&mut tx, &event).await.expect("recorded");
        }
        tx.commit().await.expect("committed");
        assert_eq!(state(&db, &org).await, ChainState::Intact { events: 1005 });
        assert_eq!(list_after(&db, &org.id, 0).await.expect("read").len(), 1000);
        assert_eq!(list_after(&db, &org.id, 1000).await.expect("read").len(), 5);
        let sql = "UPDATE event SET body = 'x' WHERE org_id = $1 AND seq = 1004";
        tamper(&db, sql, vals![org.id.as_str()]).await;
        assert_eq!(state(&db, &org).await, ChainState::Broken { seq: 1004 });
    }

    async fn an_event_of_a_transaction_that_fails_was_never_there(db) {
        let org = five(&db, 1).await;
        let mut tx = db.begin().await.expect("begun");
        let event = NewEvent {
            org_id: &org.id,
            at: day(9),
            actor: "operator",
            kind: EventKind::LoanCreated,
            subject: "loan-9",
            body: "{}",
        };
        assert_eq!(record_in(&mut tx, &event).await.expect("recorded"), 6);
        drop(tx);
        assert_eq!(state(&db, &org).await, ChainState::Intact { events: 5 });
        assert_eq!(record(&db, &org, day(9), "loan-9", "{}").await, 6);
        assert_eq!(state(&db, &org).await, ChainState::Intact { events: 6 });
    }

    /// Events of one organisation are numbered without gaps, whoever writes at the same time.
    async fn writers_at_the_same_time_make_one_chain(db) {
        let org = organisation(&db, 1).await;
        let mut tasks = tokio::task::JoinSet::new();
        for task in 0..8 {
            let (db, org) = (db.clone(), org.clone());
            tasks.spawn(async move {
                for n in 0..5 {
                    record(&db, &org, day(n), &format!("task-{task}"), "{}").await;
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.expect("recorded");
        }
        assert_eq!(state(&db, &org).await, ChainState::Intact { events: 40 });
    }

    async fn events_are_found_by_subject(db) {
        let (org, other) = (organisation(&db, 1).await, organisation(&db, 2).await);
        record(&db, &org, day(1), "loan-1", "first").await;
        record(&db, &org, day(2), "loan-2", "second").await;
        record(&db, &org, day(3), "loan-1", "third").await;
        record(&db, &other, day(4), "loan-1", "foreign").await;
        let subjects: Vec<RowId> = (1..400).map(|n| RowId::new(format!("loan-{n}"))).collect();
        let found = of_subjects(&db, &org.id, EventKind::LoanViewed, &subjects)
            .await
            .expect("read");
        let bodies: Vec<&str> = found.iter().map(|(_, _, body)| body.as_str()).collect();
        assert_eq!(bodies, ["first", "second", "third"]);
        let none = of_subjects(&db, &org.id, EventKind::LoanCreated, &subjects)
            .await
            .expect("read");
        assert_eq!(none, []);
    }

    async fn the_outbox_counts_what_waits(db) {
        let org = five(&db, 1).await;
        assert_eq!(outbox_depth(&db).await.expect("asked"), 0);
        let mut tx = db.begin().await.expect("begun");
        for n in 0..3 {
            let id = row("out", n);
            announce_in(&mut tx, &id, &org.id, 1, EventKind::LoanCreated, day(1))
                .await
                .expect("written");
        }
        tx.commit().await.expect("committed");
        assert_eq!(outbox_depth(&db).await.expect("asked"), 3);
        tamper(
            &db,
            "UPDATE outbox SET done_at_us = 1 WHERE id = $1",
            vals!["out-0001"],
        )
        .await;
        assert_eq!(outbox_depth(&db).await.expect("asked"), 2);
    }
}
