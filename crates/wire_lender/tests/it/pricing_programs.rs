//! `/get-apr-closing-costs` for FHA, VA and USDA: what the programme charges, paid or financed.
//!
//! The APR figures were computed a second time outside this code base, as those of the goldens.

use lintel_testkit::both;
use serde_json::{Value, json};

use crate::quotes::{cents, changed, fixed, milli, payload, rates, search, with_schedule};
use crate::world::{Party, World};

/// What a quote says of a programme's charge.
struct Charge {
    fee: Option<(String, i64)>,
    principal: i64,
    first_premium: i64,
    premiums: usize,
    apr: i64,
}

async fn quote(world: &World, me: &Party, program: &str, changes: &[(&str, Value)]) -> Charge {
    let product = changed(fixed(&["6.000"]), &[("productProgram", json!(program))]);
    let asked = with_schedule(payload(changed(search(), changes), product));
    let rate = rates(world, me, &asked).await.remove(0);
    let rows = rate["schedule"].as_array().expect("a schedule").clone();
    let fee = rate["fees"].as_array().and_then(|f| f.first()).map(|fee| {
        assert_eq!(fee["leSection"], "B");
        (
            fee["mismoType"].as_str().expect("text").to_owned(),
            cents(&fee["fee"]),
        )
    });
    Charge {
        fee,
        principal: rows.iter().map(|r| cents(&r["principal"])).sum(),
        first_premium: cents(&rows[0]["mortgageInsurance"]),
        premiums: rows
            .iter()
            .take_while(|r| cents(&r["mortgageInsurance"]) > 0)
            .count(),
        apr: milli(&rate["apr"]),
    }
}

both! {
    /// 1.75 % up front; 0.50 % a year of the average balance for eleven years at 80 %.
    async fn fha(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let paid = quote(&world, &me, "FHA", &[]).await;
        assert_eq!(paid.fee, Some(("MIUpfrontPremium".to_owned(), 280_000)));
        assert_eq!(paid.principal, 16_000_000);
        assert_eq!(paid.premiums, 132);
        assert_eq!(paid.first_premium, 6_630);
        let financed = quote(&world, &me, "FHA", &[("financeUFMIP", json!("1"))]).await;
        assert_eq!(financed.fee, paid.fee);
        assert_eq!(financed.principal, 16_280_000);
        assert_eq!(
            financed.first_premium, paid.first_premium,
            "of the base loan either way"
        );
        assert_eq!((paid.apr, financed.apr), (6525, 6515));
        let ninety_seven = [
            ("loanAmount", json!("193000")),
            ("downPayment", json!("7000")),
        ];
        let high = quote(&world, &me, "FHA", &ninety_seven).await;
        assert_eq!(high.premiums, 360, "above 90 % for the whole term");
        // Other programmes' switches change nothing.
        let others = [
            ("financeVAFF", json!("1")),
            ("financeUSDAGuaranteeFee", json!("1")),
        ];
        assert_eq!(
            quote(&world, &me, "FHA", &others).await.principal,
            16_000_000
        );
    }

    /// 38 USC 3729: by down payment on a purchase; half a percent on a rate reduction.
    async fn va(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = |amount: &str, down: &str| {
            [("loanAmount", json!(amount)), ("downPayment", json!(down))]
        };
        for (amount, down, fee) in [
            ("200000", "0", 430_000),
            ("190001", "9999", 408_502),
            // What is stated counts only as far as price and loan leave room for it.
            ("200000", "40000", 430_000),
            ("210000", "40000", 451_500),
            ("190000", "10000", 285_000),
            ("180000", "20000", 225_000),
        ] {
            let charge = quote(&world, &me, "VA", &loan(amount, down)).await;
            assert_eq!(
                charge.fee,
                Some(("VAFundingFee".to_owned(), fee)),
                "{down} down"
            );
            assert_eq!(charge.premiums, 0, "no monthly premium");
            let mut financed = loan(amount, down).to_vec();
            financed.push(("financeVAFF", json!("1")));
            let charge = quote(&world, &me, "VA", &financed).await;
            let base = amount.parse::<i64>().expect("dollars") * 100;
            assert_eq!(charge.principal, base + fee);
        }
        let paid = quote(&world, &me, "VA", &loan("200000", "0")).await;
        let financing = [
            ("loanAmount", json!("200000")),
            ("downPayment", json!("0")),
            ("financeVAFF", json!("1")),
        ];
        let financed = quote(&world, &me, "VA", &financing).await;
        assert_eq!((paid.apr, financed.apr), (6204, 6200));
        let purpose = |purpose: &str, streamline: &str| {
            [
                ("loanPurpose", json!(purpose)),
                ("streamline", json!(streamline)),
                ("downPayment", Value::Null),
            ]
        };
        for (why, streamline, fee) in [
            ("Refinance", "1", 80_000),
            ("Refinance", "0", 344_000),
            ("RefinanceCashOut", "0", 344_000),
            ("RefinanceCashOut", "1", 344_000),
        ] {
            let charge = quote(&world, &me, "VA", &purpose(why, streamline)).await;
            assert_eq!(charge.fee.map(|f| f.1), Some(fee), "{why} {streamline}");
        }
        // Nothing said about a down payment: price less loan, a fifth here.
        let unsaid = quote(&world, &me, "VA", &[("downPayment", Value::Null)]).await;
        assert_eq!(unsaid.fee.map(|f| f.1), Some(200_000));
    }

    /// One percent up front, 0.35 % a year of the average balance to the end.
    async fn usda(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let paid = quote(&world, &me, "USDA", &[]).await;
        assert_eq!(paid.principal, 16_000_000);
        let (kind, fee) = paid.fee.clone().expect("a fee");
        assert_eq!(
            (kind.as_str(), fee),
            ("USDARuralDevelopmentGuaranteeFee", 160_000)
        );
        assert_eq!(paid.premiums, 360);
        let financed = quote(
            &world,
            &me,
            "USDA",
            &[("financeUSDAGuaranteeFee", json!(1))],
        )
        .await;
        let (_, fee) = financed.fee.clone().expect("a fee");
        assert_eq!(financed.principal, 16_000_000 + fee);
        assert_eq!(fee, 161_616, "a hundredth of the loan with the fee");
        assert!(
            financed.first_premium > paid.first_premium,
            "of the loan with the fee"
        );
        assert_eq!((paid.apr, financed.apr), (6447, 6447));
    }

    async fn conventional_loans_have_no_programme_charge(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let switches = [
            ("financeUFMIP", json!("1")),
            ("financeVAFF", json!("1")),
            ("financeUSDAGuaranteeFee", json!("1")),
        ];
        let charge = quote(&world, &me, "Conventional", &switches).await;
        assert_eq!(
            (charge.fee, charge.principal, charge.premiums, charge.apr),
            (None, 16_000_000, 0, 6000)
        );
    }
}
