//! `/get-list-loans`: every value that cannot be read is refused by its path.

use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::{World, is_error, success};

const LIST: &str = "/get-list-loans";

/// Sets a member by its dotted path, making objects on the way.
fn set(data: &mut Value, path: &str, value: Value) {
    let mut at = data;
    for name in path.split('.') {
        at = &mut at[name];
    }
    *at = value;
}

both! {
    async fn required_members(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let missing = |name: &str| format!("Parameter {name} missing or invalid format.");
        for bad in [
            Value::Null,
            json!(""),
            json!("yes"),
            json!(2),
            json!([]),
            json!({}),
            json!("TRUE"),
        ] {
            let answer = world.call(&me, LIST, &json!({ "isActive": bad })).await;
            is_error(&answer, 501, &missing("isActive"));
        }
        let range = |from: Value, to: Value| json!({ "isActive": "true", "action": "DateRange", "dateFrom": from, "dateTo": to });
        let day = || json!("06/01/2026");
        for bad in [
            Value::Null,
            json!(""),
            json!("2026"),
            json!("13/01/2026"),
            json!("02/30/2026"),
            json!("06-01-2026"),
            json!("6/1/26"),
            json!(20_260_601),
            json!("06/01/2026 00:00"),
            json!("2026-06-01T00:00"),
            json!("06/01/9999"),
        ] {
            is_error(
                &world.call(&me, LIST, &range(bad.clone(), day())).await,
                501,
                &missing("dateFrom"),
            );
            is_error(
                &world.call(&me, LIST, &range(day(), bad)).await,
                501,
                &missing("dateTo"),
            );
        }
        let backwards = range(json!("06/02/2026"), day());
        is_error(
            &world.call(&me, LIST, &backwards).await,
            501,
            "Parameter dateTo invalid format.",
        );
        success(&world.call(&me, LIST, &range(day(), day())).await);
    }

    async fn optional_members(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let table: Vec<(&str, Vec<Value>)> = vec![
            ("action", vec![json!("daterange"), json!("x"), json!(1)]),
            (
                "userID",
                vec![
                    json!("short"),
                    json!("abcd1234"),
                    json!("ABCD12345"),
                    json!([]),
                ],
            ),
            (
                "userEmail",
                vec![
                    json!("nobody"),
                    json!({}),
                    json!(format!("{}@x", "a".repeat(254))),
                ],
            ),
            ("sortBy", vec![json!("up"), json!("ASC"), json!(1)]),
            (
                "limit",
                vec![
                    json!(0),
                    json!(-1),
                    json!(1001),
                    json!(1.5),
                    json!("x"),
                    json!([]),
                    json!(1e308),
                ],
            ),
            (
                "offset",
                vec![
                    json!(-1),
                    json!(0.5),
                    json!("x"),
                    json!("9223372036854775808"),
                    json!(1e300),
                ],
            ),
            ("filter", vec![json!("x"), json!(1), json!([1])]),
            ("filter.status", vec![json!("archived"), json!([1])]),
            ("filter.status.archived", vec![json!(1)]),
            ("filter.property", vec![json!("CA")]),
            (
                "filter.wholesaleLenderUID",
                vec![json!("x"), json!("tvdg4jdi"), json!({})],
            ),
            ("filter.loanOfficer", vec![json!("EYKSHL3G")]),
            (
                "filter.loanOfficer.loanOfficerUID",
                vec![json!("x"), json!(1)],
            ),
            (
                "filter.loanOfficer.loanOfficerLOSUID",
                vec![json!([]), json!("9".repeat(101)), json!("a\u{0}b")],
            ),
            (
                "filter.timestampLastModified",
                vec![json!(-1), json!("yesterday"), json!(1.5), json!("NaN")],
            ),
            (
                "withBorrower",
                vec![
                    json!("email"),
                    json!({}),
                    json!(["ssn"]),
                    json!(vec!["email"; 7]),
                ],
            ),
            (
                "loanViews",
                vec![json!("name"), json!(["name", "ip"]), json!(vec!["name"; 4])],
            ),
        ];
        for (path, values) in table {
            for value in values {
                let mut data = json!({ "isActive": "true" });
                set(&mut data, path, value);
                let answer = world.call(&me, LIST, &data).await;
                let expected = format!("Parameter {path} invalid format.");
                assert_eq!(crate::world::error(&answer), (501, expected), "{data}");
            }
        }
    }

    /// A list with something else among its texts is refused by the place of it.
    async fn items_of_lists(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        for bad in [
            Value::Null,
            json!(""),
            json!(" "),
            json!({}),
            json!(["email"]),
        ] {
            for name in ["withBorrower", "loanViews"] {
                let mut data = json!({ "isActive": "true" });
                data[name] = json!([bad]);
                let answer = world.call(&me, LIST, &data).await;
                is_error(
                    &answer,
                    501,
                    &format!("Parameter {name}[0] invalid format."),
                );
            }
        }
    }

    /// Members that are required once their group is there.
    async fn members_required_by_their_group(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let (state, archived) = ("filter.property.state", "filter.status.archived.since");
        let withdrawn = "filter.status.withdrawn.since";
        let table = [
            ("filter.property", json!({}), state),
            ("filter.property", json!([]), state),
            (state, json!("California"), state),
            (state, json!("C1"), state),
            (state, json!("C"), state),
            (state, json!(6), state),
            ("filter.status.archived", json!({}), archived),
            (withdrawn, json!(-1), withdrawn),
            (withdrawn, json!(36_501), withdrawn),
            (withdrawn, json!("x"), withdrawn),
        ];
        for (path, value, blamed) in table {
            let mut data = json!({ "isActive": "true" });
            set(&mut data, path, value);
            let answer = world.call(&me, LIST, &data).await;
            let message = format!("Parameter {blamed} missing or invalid format.");
            is_error(&answer, 501, &message);
        }
    }

    /// What is absent, null or blank is not asked for.
    async fn blanks_are_absent(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let optional = [
            "action",
            "userID",
            "userEmail",
            "sortBy",
            "limit",
            "offset",
            "filter",
            "filter.status",
            "filter.property",
            "filter.wholesaleLenderUID",
            "filter.loanOfficer",
            "filter.loanOfficer.loanOfficerUID",
            "filter.timestampLastModified",
            "withBorrower",
            "loanViews",
        ];
        for path in optional {
            for blank in [Value::Null, json!(""), json!("  ")] {
                let mut data = json!({ "isActive": "true" });
                set(&mut data, path, blank);
                success(&world.call(&me, LIST, &data).await);
            }
        }
    }
}
