//! `/get-list-loans` over the wire: every filter, paging, add-ons.

use lintel_domain::event::EventKind;
use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_store::event::{NewEvent, record_in};
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::{DOCUMENT, NOON, Party, World, success};

const LIST: &str = "/get-list-loans";

/// Six loans, one a day from noon on the first of June 2026, and the officer of two of them.
struct Pipeline {
    me: Party,
    officer: String,
    ids: Vec<String>,
}

impl Pipeline {
    /// State, status and officer of each loan; the rest is the document's.
    const LOANS: [(&'static str, &'static str, &'static str); 6] = [
        ("ME", "Start Application", "olive.officer@example.com"),
        ("CA", "Start Application", "somebody.else@example.com"),
        ("CA", "Loan Approval", "olive.officer@example.com"),
        ("CA", "Withdrawn", "olive.officer@example.com"),
        ("ME", "Archived", "somebody.else@example.com"),
        ("TX", "Declined", "somebody.else@example.com"),
    ];

    async fn seed(world: &World) -> Self {
        let me = world.lender().await;
        let officer = world.staff(&me.org, 1, "olive.officer@example.com").await;
        let mut ids = Vec::new();
        for (n, (state, status, email)) in Self::LOANS.into_iter().enumerate() {
            let document = DOCUMENT
                .replace("<StateCode>ME", &format!("<StateCode>{state}"))
                .replace("olive.officer@example.com", email)
                .replace("Wren.Ashdown@example.com", &format!("wren{n}@example.com"));
            let created = world
                .loan(&me, &format!("LOS-{n}"), &document, status)
                .await;
            ids.push(created.public_id.to_string());
            world.pass_days(1);
        }
        Self {
            me,
            officer: officer.public_id.to_string(),
            ids,
        }
    }

    /// Which loans a query finds, by number, in the order of the answer.
    async fn numbers(&self, world: &World, data: &Value) -> Vec<usize> {
        let body = success(&world.call(&self.me, LIST, data).await);
        let loans = body["loans"].as_array().expect("a list");
        let number = |loan: &Value| self.ids.iter().position(|id| loan["ID"] == id.as_str());
        loans
            .iter()
            .map(|loan| number(loan).expect("one of ours"))
            .collect()
    }
}

/// A query for active loans with more members.
fn active(more: Value) -> Value {
    merged(json!({ "isActive": "true" }), more)
}

fn ended(more: Value) -> Value {
    merged(json!({ "isActive": "false" }), more)
}

fn merged(mut base: Value, more: Value) -> Value {
    let Value::Object(more) = more else {
        return base;
    };
    for (name, value) in more {
        base[name] = value;
    }
    base
}

both! {
    async fn every_filter(db) {
        let world = World::on(&db);
        let seeded = Pipeline::seed(&world).await;
        let stamp = |day: i64| NOON.seconds() + day * DAY_SECONDS;
        let dates =
            |from: &str, to: &str| json!({ "action": "DateRange", "dateFrom": from, "dateTo": to });
        let filter = |inner: Value| json!({ "filter": inner });
        let officer = json!({ "loanOfficer": { "loanOfficerUID": seeded.officer } });
        let table: Vec<(Value, &[usize])> = vec![
            (active(json!({})), &[2, 1, 0]),
            (ended(json!({})), &[5, 4, 3]),
            (json!({ "isActive": true }), &[2, 1, 0]),
            (json!({ "isActive": 0 }), &[5, 4, 3]),
            (active(json!({ "sortBy": "asc" })), &[0, 1, 2]),
            (active(json!({ "sortBy": "desc" })), &[2, 1, 0]),
            (active(dates("06/01/2026", "06/02/2026")), &[1, 0]),
            (active(dates("06/02/2026", "06/02/2026")), &[1]),
            (active(dates("2026-06-03", "2026-12-31")), &[2]),
            (active(dates("01/01/2025", "05/31/2026")), &[]),
            // Dates without the action are not a range.
            (
                active(json!({ "dateFrom": "06/02/2026", "dateTo": "06/02/2026" })),
                &[2, 1, 0],
            ),
            (active(json!({ "userID": seeded.officer })), &[2, 0]),
            (
                active(json!({ "userEmail": "OLIVE.officer@EXAMPLE.com" })),
                &[2, 0],
            ),
            (active(json!({ "userEmail": "wren1@example.com" })), &[1]),
            (
                active(json!({ "userEmail": "tam.ashdown@example.com" })),
                &[2, 1, 0],
            ),
            (active(json!({ "userEmail": "nobody@example.com" })), &[]),
            (
                active(filter(json!({ "property": { "state": "CA" } }))),
                &[2, 1],
            ),
            (
                active(filter(json!({ "property": { "state": "me" } }))),
                &[0],
            ),
            (
                active(filter(json!({ "property": { "state": "NV" } }))),
                &[],
            ),
            (active(filter(officer.clone())), &[2, 0]),
            (ended(filter(officer)), &[3]),
            (
                active(filter(
                    json!({ "loanOfficer": { "loanOfficerLOSUID": "LO-1" } }),
                )),
                &[2, 0],
            ),
            (
                active(filter(
                    json!({ "loanOfficer": { "loanOfficerLOSUID": "LO-9" } }),
                )),
                &[],
            ),
            (
                active(filter(
                    json!({ "wholesaleLenderUID": seeded.me.org.public_id.as_str() }),
                )),
                &[2, 1, 0],
            ),
            (
                active(filter(json!({ "timestampLastModified": stamp(1) }))),
                &[2, 1],
            ),
            (
                active(filter(
                    json!({ "timestampLastModified": (stamp(1) + 1).to_string() }),
                )),
                &[2],
            ),
            (
                active(filter(json!({ "timestampLastModified": i64::MAX }))),
                &[],
            ),
            // It is six days after the first loan: loan 3 was withdrawn three days ago.
            (
                ended(filter(json!({ "status": { "withdrawn": { "since": 3 } } }))),
                &[3],
            ),
            (
                ended(filter(
                    json!({ "status": { "withdrawn": { "since": "2" } } }),
                )),
                &[],
            ),
            (
                ended(filter(
                    json!({ "status": { "archived": { "since": 240 } } }),
                )),
                &[4],
            ),
            (
                ended(filter(
                    json!({ "status": { "archived": { "since": 240 }, "withdrawn": { "since": 240 } } }),
                )),
                &[4, 3],
            ),
            // Active loans have reached no end, so the ages of ends say nothing about them.
            (
                active(filter(json!({ "status": { "archived": { "since": 1 } } }))),
                &[2, 1, 0],
            ),
            (active(filter(json!({}))), &[2, 1, 0]),
            (active(filter(json!([]))), &[2, 1, 0]),
        ];
        for (data, expected) in table {
            assert_eq!(seeded.numbers(&world, &data).await, expected, "{data}");
        }
    }

    /// The sample payload of the public text: all its members at once.
    async fn everything_at_once(db) {
        let world = World::on(&db);
        let seeded = Pipeline::seed(&world).await;
        let data = json!({
            "isActive": "true", "action": "DateRange", "dateFrom": "06/01/2026", "dateTo": "06/30/2026",
            "userID": seeded.officer, "sortBy": "desc", "limit": 1000, "offset": 0,
            "userEmail": "olive.officer@example.com",
            "filter": {
                "status": { "archived": { "since": 240 }, "withdrawn": { "since": 240 } },
                "property": { "state": "CA" },
                "wholesaleLenderUID": seeded.me.org.public_id.as_str(),
                "loanOfficer": { "loanOfficerUID": seeded.officer },
                "timestampLastModified": NOON.seconds(),
            },
            "withBorrower": ["email", "ssoID", "firstName", "middleName", "lastName", "isPrimary"],
        });
        assert_eq!(seeded.numbers(&world, &data).await, [2]);
    }

    async fn pages(db) {
        let world = World::on(&db);
        let seeded = Pipeline::seed(&world).await;
        let table: [(Value, Value, &[usize]); 8] = [
            (json!(1), json!(0), &[2]),
            (json!(1), json!("1"), &[1]),
            (json!("2"), json!(1), &[1, 0]),
            (json!(1000), json!(2), &[0]),
            (json!(2), json!(3), &[]),
            (json!(2), json!(u32::MAX), &[]),
            (json!(1000), json!(i64::MAX), &[]),
            (Value::Null, json!(""), &[2, 1, 0]),
        ];
        for (limit, offset, expected) in table {
            let data = active(json!({ "limit": limit, "offset": offset }));
            assert_eq!(seeded.numbers(&world, &data).await, expected, "{data}");
            let total = success(&world.call(&seeded.me, LIST, &data).await)["totalCount"].clone();
            assert_eq!(total, 3, "all matches, not the page: {data}");
        }
    }

    async fn add_ons_show_what_was_asked_for(db) {
        let world = World::on(&db);
        let seeded = Pipeline::seed(&world).await;
        let row: Vec<(String,)> = db
            .all(
                "SELECT id FROM loan ORDER BY created_at_us LIMIT 1",
                Vec::new(),
            )
            .await
            .expect("read");
        let mut tx = db.begin().await.expect("begun");
        for (viewer, at) in [(seeded.officer.as_str(), 10), ("NOBODY00", 20)] {
            let body = json!({ "userID": viewer }).to_string();
            let event = NewEvent {
                org_id: &seeded.me.org.id,
                at: Instant::from_seconds(at),
                actor: viewer,
                kind: EventKind::LoanViewed,
                subject: &row[0].0,
                body: &body,
            };
            record_in(&mut tx, &event).await.expect("recorded");
        }
        tx.commit().await.expect("committed");
        let ask = async |more: Value| {
            let mut data = active(more);
            data["sortBy"] = json!("asc");
            success(&world.call(&seeded.me, LIST, &data).await)["loans"].clone()
        };
        let plain = ask(json!({})).await;
        assert!(plain[0].get("borrowers").is_none() && plain[0].get("loanViews").is_none());
        let some = ask(
            json!({ "withBorrower": ["lastName", "isPrimary"], "loanViews": ["time", "name"] }),
        )
        .await;
        let borrowers = json!([
            { "lastName": "Ashdown", "isPrimary": true },
            { "lastName": "Ashdown", "isPrimary": false },
        ]);
        assert_eq!(some[0]["borrowers"], borrowers);
        // Somebody who left has no name any more.
        let views = json!([{ "name": "Olive Officer", "time": 10 }, { "name": "", "time": 20 }]);
        assert_eq!(some[0]["loanViews"], views);
        assert_eq!(some[1]["loanViews"], json!([]));
        let all = ask(json!({ "withBorrower": ["email", "ssoID", "firstName", "middleName", "lastName", "isPrimary"] })).await;
        let first = json!({
            "firstName": "Wren", "middleName": "Ivy", "lastName": "Ashdown",
            "email": "wren0@example.com", "ssoID": null, "isPrimary": true,
        });
        assert_eq!(all[0]["borrowers"][0], first);
        assert_eq!(all[0]["borrowers"][1]["middleName"], Value::Null);
        let none = ask(json!({ "withBorrower": [], "loanViews": [] })).await;
        assert_eq!(
            none[0]["borrowers"],
            json!([{}, {}]),
            "members asked for: none"
        );
    }
}
