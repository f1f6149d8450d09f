//! `/get-apr-closing-costs` with schedules: rows that add up, rates that move, insurance that ends.

use lintel_testkit::both;
use serde_json::{Value, json};

use crate::quotes::{
    adjustable, cents, changed, fixed, milli, payload, rates, search, with_schedule,
};
use crate::world::World;

/// One row as numbers: payment, principal, interest, insurance, balance in cents; rate in milli.
struct Row {
    payment: i64,
    principal: i64,
    interest: i64,
    insurance: i64,
    balance: i64,
    rate: i64,
    date: String,
}

fn rows(rate: &Value) -> Vec<Row> {
    let list = rate["schedule"].as_array().expect("a schedule");
    list.iter()
        .zip(1..)
        .map(|(row, number)| {
            assert_eq!(row["paymentNumber"], number);
            let names: Vec<&String> = row.as_object().expect("an object").keys().collect();
            assert_eq!(
                names,
                [
                    "paymentNumber",
                    "date",
                    "payment",
                    "principal",
                    "interest",
                    "mortgageInsurance",
                    "balance",
                    "rate",
                ]
            );
            Row {
                payment: cents(&row["payment"]),
                principal: cents(&row["principal"]),
                interest: cents(&row["interest"]),
                insurance: cents(&row["mortgageInsurance"]),
                balance: cents(&row["balance"]),
                rate: milli(&row["rate"]),
                date: row["date"].as_str().expect("text").to_owned(),
            }
        })
        .collect()
}

/// Every payment is its parts, every balance the one before less the principal, and all principal
/// is the loan.
#[track_caller]
fn adds_up(rows: &[Row], principal: i64) {
    let mut balance = principal;
    for (n, row) in rows.iter().enumerate() {
        assert_eq!(
            row.payment,
            row.principal + row.interest + row.insurance,
            "payment {}",
            n + 1
        );
        balance -= row.principal;
        assert_eq!(row.balance, balance, "payment {}", n + 1);
    }
    assert_eq!(balance, 0);
    assert_eq!(rows.iter().map(|r| r.principal).sum::<i64>(), principal);
}

both! {
    async fn rows_add_up_for_every_kind_of_product(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let years = |n: u32| json!(n.to_string());
        let products = [
            (fixed(&["6.500", "0", "0.125", "14.750"]), 360),
            (
                changed(
                    fixed(&["6.500"]),
                    &[("loanTerm", years(15)), ("loanAmortization", years(15))],
                ),
                180,
            ),
            (changed(fixed(&["6.500"]), &[("loanTerm", years(7))]), 84),
            (
                changed(fixed(&["6.500"]), &[("interestOnly", json!("1"))]),
                360,
            ),
            (adjustable(&["3.500", "6.250", "9.000"]), 360),
            (
                changed(adjustable(&["3.500"]), &[("interestOnly", json!("1"))]),
                360,
            ),
        ];
        for (product, months) in products {
            let asked = with_schedule(payload(search(), product));
            for rate in rates(&world, &me, &asked).await {
                let rows = rows(&rate);
                assert_eq!(rows.len(), months);
                adds_up(&rows, 16_000_000);
                assert!(rows.iter().all(|r| r.insurance == 0));
            }
        }
    }

    /// Closing is assumed thirty days on; the first payment is on the first of the second month after.
    async fn payments_fall_on_the_first_of_each_month(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let asked = with_schedule(payload(search(), fixed(&["6.500"])));
        let rows = rows(&rates(&world, &me, &asked).await[0]);
        let dates: Vec<&str> = rows.iter().map(|r| r.date.as_str()).collect();
        assert_eq!(
            dates[..6],
            [
                "2026-09-01",
                "2026-10-01",
                "2026-11-01",
                "2026-12-01",
                "2027-01-01",
                "2027-02-01"
            ]
        );
        assert_eq!(dates[359], "2056-08-01");
    }

    async fn interest_only_then_amortising(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let product = changed(fixed(&["6.000"]), &[("interestOnly", json!("1"))]);
        let rows = rows(&rates(&world, &me, &with_schedule(payload(search(), product))).await[0]);
        assert!(
            rows[..120]
                .iter()
                .all(|r| r.principal == 0 && r.payment == 80_000),
            "half a percent a month"
        );
        assert!(rows[120..].iter().all(|r| r.principal > 0));
    }

    /// Index 4.00 and margin 2.25 make 6.25; caps say how fast the rate gets there.
    async fn an_adjustable_rate_moves_within_its_caps(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let steps = async |product: Value| {
            let answer = rates(&world, &me, &with_schedule(payload(search(), product))).await;
            let rows = rows(&answer[0]);
            let mut steps: Vec<(usize, i64)> = Vec::new();
            for (n, row) in rows.iter().enumerate() {
                if steps.last().is_none_or(|(_, rate)| *rate != row.rate) {
                    steps.push((n + 1, row.rate));
                }
            }
            (steps, milli(&answer[0]["apr"]))
        };
        let cap = |name: &'static str, points: &str| [(name, json!(points))];
        let (up, apr) = steps(adjustable(&["3.500"])).await;
        assert_eq!(up, [(1, 3500), (61, 6250)]);
        assert!(3500 < apr && apr < 6250, "{apr}");
        let (down, apr) = steps(adjustable(&["9.000"])).await;
        assert_eq!(down, [(1, 9000), (61, 6250)]);
        assert!(6250 < apr && apr < 9000, "{apr}");
        let (slow, _) = steps(changed(adjustable(&["3.500"]), &cap("armFirstAdjCap", "1"))).await;
        assert_eq!(slow, [(1, 3500), (61, 4500), (73, 6250)]);
        let (slower, _) = steps(changed(
            adjustable(&["3.500"]),
            &[
                ("armFirstAdjCap", json!("1")),
                ("armPerAdjCap", json!("0.5")),
                ("armPerAdj", json!("6")),
            ],
        ))
        .await;
        assert_eq!(
            slower,
            [
                (1, 3500),
                (61, 4500),
                (67, 5000),
                (73, 5500),
                (79, 6000),
                (85, 6250)
            ]
        );
        let (capped, _) = steps(changed(adjustable(&["3.500"]), &cap("armLifeCap", "2"))).await;
        assert_eq!(capped, [(1, 3500), (61, 5500)]);
        let (fixed_for_ever, apr) =
            steps(changed(adjustable(&["3.500"]), &cap("armLifeCap", "0"))).await;
        assert_eq!((fixed_for_ever, apr), (vec![(1, 3500)], 3500));
        // 4.00 + 2.30 is rounded to the nearest eighth.
        let (rounded, _) = steps(changed(
            adjustable(&["3.500"]),
            &cap("armIndexMargin", "2.300"),
        ))
        .await;
        assert_eq!(rounded, [(1, 3500), (61, 6250)]);
    }

    /// 180,000 on a price of 200,000: insured until the scheduled balance is 156,000.
    async fn mortgage_insurance_ends_at_78_percent(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let ninety = changed(
            search(),
            &[
                ("loanAmount", json!("180000")),
                ("downPayment", json!("20000")),
            ],
        );
        let asked = with_schedule(payload(ninety.clone(), fixed(&["6.500"])));
        let answer = rates(&world, &me, &asked).await;
        let insured = rows(&answer[0]);
        adds_up(&insured, 18_000_000);
        let count = insured.iter().take_while(|r| r.insurance > 0).count();
        assert!(insured[count..].iter().all(|r| r.insurance == 0));
        assert!(
            insured[count - 2].balance > 15_600_000,
            "still above before the last premium"
        );
        assert!(
            insured[count - 1].balance <= 15_600_000,
            "reached with the last premium"
        );
        // 0.38 % a year of 180,000 in twelfths.
        assert!(insured[..count].iter().all(|r| r.insurance == 5_700));
        let by_lender = changed(fixed(&["6.500"]), &[("lpmi", json!("1"))]);
        let without = rates(&world, &me, &with_schedule(payload(ninety, by_lender))).await;
        assert!(rows(&without[0]).iter().all(|r| r.insurance == 0));
        assert_eq!(without[0]["apr"], "6.500");
        // Computed a second time outside this code base, as the figures of the goldens.
        assert_eq!((count, milli(&answer[0]["apr"])), (109, 6753));
        let eighty = rates(
            &world,
            &me,
            &with_schedule(payload(search(), fixed(&["6.500"]))),
        )
        .await;
        assert!(
            rows(&eighty[0]).iter().all(|r| r.insurance == 0),
            "none at 80 %"
        );
    }

    async fn schedules_are_sent_only_when_asked_for(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        for (options, expected) in [
            (json!({ "isReturnSchedule": "1" }), true),
            (json!({ "isReturnSchedule": true }), true),
            (json!({ "isReturnSchedule": 0 }), false),
            (json!({}), false),
            (json!([]), false),
            (Value::Null, false),
        ] {
            let mut asked = payload(search(), fixed(&["6.500"]));
            asked["options"] = options.clone();
            let answer = rates(&world, &me, &asked).await;
            assert_eq!(answer[0].get("schedule").is_some(), expected, "{options}");
        }
    }
}
