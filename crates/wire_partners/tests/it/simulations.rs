//! Simulations over HTTP: made, shown, listed, changed, taken back; sheets and messages.

use lintel_testkit::both;
use serde_json::{Value, json};

use crate::golden;
use crate::house::{House, problem};
use crate::shop::{asked, open};

async fn shop(db: &lintel_store::db::Db) -> House {
    let house = House::on(db).await;
    open(&house).await;
    house
}

async fn made(house: &House, body: &Value) -> Value {
    let answer = house.anna.post("/simulations", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn path(simulation: &Value) -> String {
    format!(
        "/simulations/{}",
        simulation["simulationUniqueID"].as_str().expect("an id")
    )
}

/// Lets time pass without the session running out.
async fn later(house: &House, seconds: i64) {
    let mut left = seconds;
    while left > 0 {
        house.clock.advance(left.min(1500));
        left -= 1500;
        assert_eq!(house.anna.get("/simulations").await.status, 200);
    }
}

/// `asked` with some members changed, by JSON pointers.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut body = asked();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        let parent = body.pointer_mut(parent).expect("the parent");
        parent[name] = value.clone();
    }
    body
}

both! {
    async fn a_simulation_is_made_shown_and_listed(db) {
        let house = shop(&db).await;
        let answer = house.anna.post("/simulations", &asked()).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let one = answer.json();
        let place = path(&one);
        assert_eq!(answer.header("location"), format!("/API/partnersPortal{place}"));
        let shown = house.anna.get(&place).await;
        assert_eq!(shown.status, 200);
        assert_eq!(shown.header("etag"), answer.header("etag"));
        assert_eq!(shown.json(), one);
        golden::check("simulation_detail", &one);
        let list = house.anna.get("/simulations").await.json();
        golden::check("simulation_list", &list);
        let tag = shown.header("etag").to_owned();
        let again = house.anna.with("if-none-match", &tag).get(&crate::house::full(&place)).await;
        assert_eq!(again.status, 304);
    }

    async fn the_figures_of_an_answer_belong_together(db) {
        let house = shop(&db).await;
        for changes in [
            vec![],
            vec![("/utilizationPeriodMonths", json!(12))],
            vec![("/indexTypeSubCategoryId", json!(3)), ("/indexTypeId", json!(82)), ("/utilizationPeriodMonths", json!(6))],
            vec![("/indexTypeSubCategoryId", json!(1)), ("/indexTypeId", json!(80))],
        ] {
            let one = made(&house, &with(&changes)).await;
            for name in ["withCrossSelling", "withoutCrossSelling"] {
                let variant = &one["loan"][name];
                let cents = |v: &Value| (v.as_f64().expect("an amount") * 100.0).round();
                let rows = variant["repaymentTable"].as_array().expect("a table");
                assert_eq!(rows.len(), 361, "{changes:?}");
                let paid: f64 = rows.iter().map(|row| cents(&row["payment"])).sum();
                assert_eq!(paid, cents(&variant["mtic"]), "{changes:?}");
                let capital: f64 = rows.iter().map(|row| cents(&row["capital"])).sum();
                assert_eq!((capital, cents(&rows[360]["remainingCapital"])), (18_000_000.0, 0.0));
                assert_eq!(cents(&variant["totalCost"]), paid - 18_000_000.0);
            }
            let validated = house.anna.post("/simulations/validate", &with(&changes)).await;
            assert_eq!(validated.status, 200);
            assert_eq!(validated.json()["loan"], one["loan"]);
        }
        let before = house.rows("simulation").await;
        house.anna.post("/simulations/validate", &asked()).await;
        assert_eq!(house.rows("simulation").await, before, "nothing is kept");
        let mixed = with(&[("/indexTypeSubCategoryId", json!(3)), ("/indexTypeId", json!(82)), ("/utilizationPeriodMonths", json!(6))]);
        golden::check("simulation_mixed", &made(&house, &mixed).await);
    }

    async fn everything_wrong_is_told_at_once(db) {
        let house = shop(&db).await;
        let body = json!({
            "productPurposeId": 2, "productPurposeID": 3, "loanPurposeId": 99, "loanAmount": -1,
            "loanDurationMonths": 1.5, "indexTypeSubCategoryId": 7, "hasCrossSelling": "yes",
            "property": {"districtId": 11, "countyId": 1312, "zipCode": "10"},
            "borrowers": [
                {"borrowerTypeId": 1, "nif": "123456780", "birthDate": "2020-01-01", "monthlyNetIncome": 1.001},
                {"borrowerTypeId": 1, "email": "nobody"},
            ],
        });
        let answer = house.anna.post("/simulations/validate", &body).await;
        let found = problem(&answer, 400);
        assert!(found.len() >= 12, "{found:?}");
        golden::check("simulation_findings", &answer.json());
        let created = house.anna.post("/simulations", &body).await;
        assert_eq!(problem(&created, 400), found);
        for (bad, status) in [(json!([]), 400), (json!("x"), 400), (json!(null), 400)] {
            assert_eq!(house.anna.post("/simulations", &bad).await.status.as_u16(), status, "{bad}");
        }
    }

    async fn what_is_no_borrower_keeps_its_place(db) {
        let house = shop(&db).await;
        let told = async |body: &Value| {
            let answer = house.anna.post("/simulations/validate", body).await;
            problem(&answer, 400)
        };
        let no_borrower = |n: usize| (format!("borrowers[{n}]"), "050102".to_owned());
        assert_eq!(told(&with(&[("/borrowers", json!([1]))])).await, [no_borrower(0)]);
        let mut wrong = asked();
        let mut second = wrong["borrowers"][0].clone();
        second["nif"] = json!("123");
        wrong["borrowers"] = json!([wrong["borrowers"][0], "x", second]);
        let found = told(&wrong).await;
        assert!(found.contains(&no_borrower(1)), "{found:?}");
        assert!(found.iter().any(|(field, _)| field == "borrowers[2].nif"), "{found:?}");
        assert!(!found.iter().any(|(field, _)| field.starts_with("borrowers[1].")), "{found:?}");
    }

    async fn a_term_below_zero_is_as_short_as_none(db) {
        let house = shop(&db).await;
        let message = async |months: i64| {
            let body = with(&[("/loanDurationMonths", json!(months))]);
            let answer = house.anna.post("/simulations/validate", &body).await;
            assert_eq!(problem(&answer, 400), [("loanDurationMonths".to_owned(), "030606".to_owned())]);
            answer.json()["errors"][0]["message"].as_str().unwrap_or_default().to_owned()
        };
        let short = message(0).await;
        assert!(short.contains("60 meses"), "{short}");
        assert_eq!(message(-1).await, short);
    }

    async fn any_of_several_tags_will_do(db) {
        let house = shop(&db).await;
        let place = path(&made(&house, &asked()).await);
        let first = house.anna.get(&place).await.header("etag").to_owned();
        let later = first.replacen("\"1-", "\"9-", 1);
        assert_ne!(first, later);
        let patch = async |tags: &str| {
            let client = house.anna.with("if-match", tags);
            let body = json!({"loanAmount": 150_000});
            crate::house::send(&client, axum::http::Method::PATCH, &place, Some(&body)).await
        };
        problem(&patch(&later).await, 412);
        problem(&patch(&format!("W/{first}, {later}")).await, 412);
        let changed = patch(&format!("{first}, {later}")).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        problem(&patch(&format!("{first}, {later}")).await, 412);
    }

    async fn asking_for_the_head_sends_nothing(db) {
        let house = shop(&db).await;
        let place = path(&made(&house, &asked()).await);
        let mail = format!("{place}/esis/email?sendAddress=maria%40example.com");
        for (path, allow) in [(format!("{place}/esis"), "GET"), (mail, "GET,POST")] {
            let answer = house.anna.send(axum::http::Method::HEAD, &path, None).await;
            assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, allow), "{path}");
        }
        assert_eq!(house.rows("message").await, 0);
        assert!(house.anna.get(&place).await.json()["esisDate"].is_null());
        assert_eq!(house.anna.send(axum::http::Method::HEAD, &place, None).await.status, 200);
    }

    async fn a_patch_keeps_clears_and_replaces(db) {
        let house = shop(&db).await;
        let one = made(&house, &asked()).await;
        let place = path(&one);
        let tag = house.anna.get(&place).await.header("etag").to_owned();
        let patched = house.anna.patch(&place, &json!({"loanAmount": 150000, "property": {"address": null}})).await;
        assert_eq!(patched.status, 200, "{}", patched.text());
        let new = patched.json();
        assert_eq!(new["loan"]["loanAmount"], 150_000.0);
        assert_eq!((&new["property"]["address"], &new["property"]["zipCode"]), (&Value::Null, &json!("1000")));
        assert_eq!(new["borrowers"], one["borrowers"]);
        assert_eq!(new["simulationNumber"], one["simulationNumber"]);
        assert_ne!(patched.header("etag"), tag);
        let stale = house.anna.with("if-match", &tag);
        let stale = crate::house::send(&stale, axum::http::Method::PATCH, &place, Some(&json!({"loanAmount": 1}))).await;
        problem(&stale, 412);
        let found = problem(&house.anna.patch(&place, &json!({"loanAmount": null})).await, 400);
        assert_eq!(found[0].0, "loanAmount");
        assert_eq!(house.anna.get(&place).await.json(), new, "a refused change changes nothing");
    }

    async fn taken_back_it_can_only_be_looked_at(db) {
        let house = shop(&db).await;
        let one = made(&house, &asked()).await;
        let place = path(&one);
        for _ in 0..2 {
            let gone = house.anna.delete(&place).await;
            assert_eq!(gone.status, 200, "{}", gone.text());
            assert_eq!(gone.json()["simulationStatusID"], 3);
        }
        problem(&house.anna.patch(&place, &json!({"loanAmount": 150000})).await, 409);
        problem(&house.anna.get(&format!("{place}/esis")).await, 409);
        assert_eq!(house.anna.get(&place).await.json()["simulationStatusID"], 3);
        let listed = house.anna.get("/simulations?filterSimulationStatus=3").await.json();
        assert_eq!(listed["totalRecords"], 1);
        assert_eq!(house.anna.get("/simulations?filterSimulationStatus=1").await.json()["totalRecords"], 0);
    }

    async fn anothers_simulation_is_as_unknown_as_none(db) {
        let house = shop(&db).await;
        let place = path(&made(&house, &asked()).await);
        let unknown = "/simulations/0193f000-0000-7000-8000-000000000001";
        let message = json!({"subject": "Olá", "text": "Texto"});
        for other in [&house.bruno, &house.carla] {
            for one in [place.as_str(), unknown, "/simulations/x"] {
                let esis = format!("{one}/esis");
                let mail = format!("{one}/esis/email?sendAddress=a%40example.com");
                let messages = format!("{one}/messages");
                let answers = [
                    other.get(one).await, other.patch(one, &json!({})).await, other.delete(one).await,
                    other.get(&esis).await, other.get(&mail).await, other.post(&mail, &json!({})).await,
                    other.get(&messages).await, other.post(&messages, &message).await,
                ];
                for answer in answers {
                    let found = problem(&answer, 404);
                    assert_eq!(found, problem(&other.get(unknown).await, 404), "{one}");
                }
            }
            assert_eq!(other.get("/simulations").await.json()["totalRecords"], 0);
            let id = place.rsplit('/').next().expect("an id");
            let cursor = problem(&other.get(&format!("/simulations?nextRecord={id}")).await, 400);
            assert_eq!(cursor[0].0, "nextRecord");
        }
        assert_eq!(house.anna.get(&place).await.json()["simulationStatusID"], 1);
    }

    async fn sheets_are_the_same_each_time_and_mailed_within_bounds(db) {
        let house = shop(&db).await;
        let place = path(&made(&house, &asked()).await);
        let sheet = house.anna.get(&format!("{place}/esis")).await;
        assert_eq!(sheet.status, 200, "{}", sheet.text());
        let text = sheet.json()["esis"].as_str().expect("base64").to_owned();
        assert!(text.starts_with("JVBERi"));
        later(&house, 1500).await;
        assert_eq!(house.anna.get(&format!("{place}/esis")).await.json()["esis"], text);
        assert!(house.anna.get(&place).await.json()["esisDate"].is_string());
        let mail = format!("{place}/esis/email?sendAddress=maria%40example.com");
        for _ in 0..3 {
            assert_eq!(house.anna.get(&mail).await.status, 200);
        }
        let again = house.anna.post(&mail, &json!({})).await;
        assert_eq!((again.status.as_u16(), again.header("retry-after")), (429, "3600"), "{}", again.text());
        let other = format!("{place}/esis/email?sendAddress=rui%40example.com");
        assert_eq!(house.anna.post(&other, &json!({})).await.status, 200);
        later(&house, 3600).await;
        assert_eq!(house.anna.get(&mail).await.status, 200);
        for bad in ["", "?sendAddress=", "?sendAddress=nobody", "?sendAddress=a%40b%0D%0ABcc:x", "?sendAddress=a%00%40example.com"] {
            let found = problem(&house.anna.get(&format!("{place}/esis/email{bad}")).await, 400);
            assert_eq!(found[0].0, "sendAddress", "{bad}");
        }
        assert_eq!(house.rows("message").await, 5);
    }

    async fn messages_are_written_and_paged(db) {
        let house = shop(&db).await;
        let place = path(&made(&house, &asked()).await);
        let messages = format!("{place}/messages");
        for n in 1..=3 {
            let answer = house.anna.post(&messages, &json!({"subject": format!("Assunto {n}"), "text": "Um texto\ncom duas linhas"})).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
        }
        let page = house.anna.get(&format!("{messages}?pageNumber=2&pageSize=2")).await.json();
        assert_eq!((&page["totalCount"], &page["count"]), (&json!(3), &json!(1)));
        let first = house.anna.get(&messages).await.json();
        golden::check("simulation_messages", &first);
        let found = problem(&house.anna.post(&messages, &json!({"subject": "a\u{0}b", "text": " "})).await, 400);
        let fields: Vec<_> = found.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["subject", "text"]);
    }

    async fn filters_and_cursors_are_held_to_their_bounds(db) {
        let house = shop(&db).await;
        for n in 0..5 {
            made(&house, &with(&[("/borrowers/0/name", json!(format!("João Exemplo {n}")))])).await;
        }
        let get = async |query: &str| house.anna.get(&format!("/simulations?{query}")).await.json();
        for (query, total) in [
            ("filterByText=JOAO", 5), ("filterByText=exemplo%203", 1), ("filterByText=123456789", 5), ("filterByText=12345678", 0),
            ("filterByText=lisboa", 5), ("filterByText=%25", 0), ("filterByText=_", 0), ("filterByText=%27%20OR%201%3D1", 0),
            ("filterStatusLastDateFrom=2026-06-01&filterStatusLastDateTo=2026-06-01", 5), ("filterStatusLastDateFrom=2026-06-02", 0),
            ("filterStatusLastDateTo=2026-05-31", 0), ("filterSimulationStatus=4", 0),
        ] {
            assert_eq!(get(query).await["totalRecords"], total, "{query}");
        }
        let ids = |page: &Value| -> Vec<String> {
            let rows = page["simulations"].as_array().expect("rows").iter();
            rows.map(|row| row["simulationUniqueID"].as_str().expect("an id").to_owned()).collect()
        };
        let all = ids(&get("").await);
        let first = get("lineCount=2").await;
        assert_eq!((ids(&first), &first["hasMoreResults"]), (all[..2].to_vec(), &json!(true)));
        let next = get(&format!("lineCount=2&nextRecord={}", all[1])).await;
        assert_eq!((ids(&next), &next["hasMoreResults"]), (all[2..4].to_vec(), &json!(true)));
        let last = get(&format!("lineCount=2&nextRecord={}", all[3])).await;
        assert_eq!((ids(&last), &last["hasMoreResults"]), (all[4..].to_vec(), &json!(false)));
        let back = get(&format!("lineCount=2&previousRecord={}", all[4])).await;
        assert_eq!((ids(&back), &back["hasMoreResults"]), (all[2..4].to_vec(), &json!(true)));
        let back = get(&format!("lineCount=2&previousRecord={}", all[1])).await;
        assert_eq!((ids(&back), &back["hasMoreResults"]), (all[..1].to_vec(), &json!(false)));
        let bad = "lineCount=101&filterSimulationStatus=9&filterStatusLastDateFrom=2026-02-30&filterByText=a%00b&nextRecord=x";
        let found = problem(&house.anna.get(&format!("/simulations?{bad}")).await, 400);
        let fields: Vec<_> = found.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["lineCount", "nextRecord", "filterByText", "filterStatusLastDateFrom", "filterSimulationStatus"]);
    }
}
