//! `/get-ppe-anonymous` with many permutations: streamed, the same as one by one, bounded.

use lintel_testkit::both;
use serde_json::{Value, json};

use crate::stock::{PPE, lender, sample, search, with};
use crate::world::{World, error};

/// Real ZIP codes of several states, as many as wanted.
fn zips(count: usize) -> Vec<String> {
    let step = lintel_places::count() / count;
    let all = lintel_places::iter().step_by(step.max(1)).take(count);
    all.map(|place| place.zip.to_string()).collect()
}

both! {
    async fn a_streamed_answer_is_whole(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let zips = zips(150);
        let asked = with(sample(), &[
            ("loanPurpose", json!(["Purchase", "Refinance"])), ("zipcode", json!(zips)),
        ]);
        let answer = world.call(&me, PPE, &asked).await;
        assert!(answer.body.len() > 4 * 256 * 1024, "{} bytes are no stream", answer.body.len());
        let json_answer = answer.json();
        let found = json_answer["permutations"].as_array().expect("a list");
        assert_eq!(found.len(), 300);
        for (n, one) in found.iter().enumerate() {
            let purpose = ["Purchase", "Refinance"][n / zips.len()];
            assert_eq!(one["loanPurpose"], purpose);
            assert_eq!(one["zipcode"], zips[n % zips.len()].as_str());
        }
        assert_eq!(world.rows("quote_search").await, 300);
        for n in [0, 77, 149, 150, 299] {
            let one = &found[n];
            let alone = with(sample(), &[
                ("loanPurpose", one["loanPurpose"].clone()), ("zipcode", one["zipcode"].clone()),
            ]);
            assert_eq!(search(&world, &me, &alone).await["products"], one["products"], "{n}");
        }
        let text = asked.to_string();
        let mut fields = me.fields("xml").to_vec();
        fields.push(("data", &text));
        let xml = world.post(PPE, &fields).await;
        let body = xml.text();
        let document = roxmltree::Document::parse(&body).expect("XML");
        let all = document.root_element().children().filter(|n| n.has_tag_name("permutations"));
        assert_eq!(all.count(), 300);
    }

    async fn too_many_are_refused_before_anything_is_stored(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let many: Vec<Value> = vec![json!("92649"); 16_667];
        let asked = with(sample(), &[
            ("loanPurpose", json!(["Purchase", "Refinance", "RefinanceCashOut"])), ("zipcode", json!(many)),
        ]);
        let answer = world.call(&me, PPE, &asked).await;
        assert_eq!(error(&answer), (501, "Parameter zipcode invalid format.".to_owned()));
        assert!(answer.text().contains("50000"), "{}", answer.text());
        let last = with(asked, &[("zipcode", json!(["92649", "x"]))]);
        let answer = world.call(&me, PPE, &last).await;
        assert_eq!(error(&answer).1, "Parameter zipcode[1] missing or invalid format.");
        assert_eq!(world.rows("quote_search").await, 0);
    }
}
