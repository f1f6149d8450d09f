//! Processes over HTTP: from a simulation to the bank and back, with everything that is missing told and
//! given one by one; foreign ids, hostile papers, races.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lintel_domain::id::RowId;
use lintel_domain::process::ProcessCommand;
use lintel_edge::Limits;
use lintel_edge::test_client::TestClient;
use lintel_processes::request::{Ask, ask_in};
use lintel_processes::{By, lock_in, transition_in};
use lintel_store::db::Db;
use lintel_store::process::Whose;
use lintel_taxonomy::{List, list};
use lintel_testkit::both;
use lintel_wire_partners::router;
use serde_json::{Value, json};

use crate::golden;
use crate::house::{Caller, House, full, problem};
use crate::shop::{asked, open};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n";

/// A house with a process in creation, and the process's path.
async fn begun(db: &Db) -> (House, String) {
    let house = House::on(db).await;
    open(&house).await;
    let path = opened(&house).await;
    (house, path)
}

pub async fn opened(house: &House) -> String {
    let answer = house.anna.post("/simulations", &asked()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let body = json!({ "simulationUniqueId": answer.json()["simulationUniqueID"] });
    let made = house.anna.post("/processes", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    format!(
        "/processes/{}",
        made.json()["processUniqueID"].as_str().expect("an id")
    )
}

/// The first value of a list that may be named.
pub fn first(of: List) -> u32 {
    list(of)
        .iter()
        .find(|entry| entry.active)
        .expect("a value")
        .id
}

/// Everything a borrower has to say beyond a simulation.
fn whole_borrower() -> Value {
    json!({
        "genderId": first(List::Genders), "nationalityId": 620,
        "identificationDocumentID": 1, "identificationNumber": "00000000",
        "identificationValidity": "2030-01-01", "maritalStatusId": 1,
        "residenceTypeId": first(List::ResidenceTypes), "residenceSince": "2015-01-01",
        "residenceCountryId": 620, "residenceDistrictId": 11, "residenceCountyId": 1106,
        "residenceAddress": "Rua do Exemplo, 2", "residenceZipCode": "1000",
        "residenceZipCodeLocal": "002", "professionId": first(List::Professions),
        "employmentSituationId": 1,
        "employmentContractTypeId": first(List::EmploymentContractTypes),
        "employmentDepartmentPositionId": first(List::EmploymentDepartmentPositions),
        "employer": "Empresa Exemplo, Lda.", "employedSince": "2018-01-01",
        "dataConsent": true, "creditBureauConsent": true,
    })
}

pub fn paper(kind: u32) -> Value {
    json!({
        "documentTypeID": kind, "documentTitle": "Documento de exemplo",
        "fileName": "exemplo.pdf", "documentContent": STANDARD.encode(PDF),
    })
}

pub async fn borrower_path(who: &Caller, path: &str) -> String {
    let list = who.get(&format!("{path}/borrowers")).await.json();
    let id = list["borrowers"][0]["borrowerUniqueID"]
        .as_str()
        .expect("an id");
    format!("{path}/borrowers/{id}")
}

pub async fn property_path(who: &Caller, path: &str) -> String {
    let one = who.get(&format!("{path}/properties")).await.json();
    let id = one["propertyUniqueID"].as_str().expect("an id");
    format!("{path}/properties/{id}")
}

/// Gives everything but papers and sheet.
pub async fn filled(who: &Caller, path: &str) {
    let borrower = borrower_path(who, path).await;
    let answer = who.put(&borrower, &whole_borrower()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let facts = json!({ "grossBuiltArea": 95.5, "yearBuilt": 1998, "floor": "2" });
    let answer = who.put(&property_path(who, path).await, &facts).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// The types of papers a submission says are missing.
pub fn missing_papers(answer: &Value) -> Vec<u32> {
    let errors = answer["errors"].as_array().expect("errors").iter();
    let kinds = errors.filter_map(|error| error["documentTypeID"].as_u64());
    kinds
        .map(|kind| u32::try_from(kind).expect("an id"))
        .collect()
}

/// The same without the ids of what is stored, which are drawn.
fn nameless(mut answer: Value) -> Value {
    for error in answer["errors"].as_array_mut().expect("errors") {
        if let Some(id) = error.get_mut("uniqueID") {
            *id = json!("<id>");
        }
    }
    answer
}

/// A process that is with the bank.
pub async fn submitted(house: &House) -> String {
    let path = opened(house).await;
    filled(&house.anna, &path).await;
    house.anna.get(&format!("{path}/esis")).await;
    let gaps = house.anna.post(&format!("{path}/submit"), &json!({})).await;
    for kind in missing_papers(&gaps.json()) {
        let filed = house
            .anna
            .post(&format!("{path}/documents"), &paper(kind))
            .await;
        assert_eq!(filed.status, 201, "{}", filed.text());
    }
    let done = house.anna.post(&format!("{path}/submit"), &json!({})).await;
    assert_eq!(done.status, 200, "{}", done.text());
    path
}

/// The id a path ends with.
pub fn id_of(path: &str) -> RowId {
    RowId::new(path.rsplit('/').next().expect("an id").to_owned())
}

/// Somebody at the bank takes the process on and asks for something.
pub async fn asked_for(house: &House, path: &str, document_type: Option<u32>, text: &str) {
    let whose = Whose {
        org_id: &house.bank.id,
        intermediary_id: None,
    };
    let by = By::bank("staff:TEST0001".to_owned(), "Rita Exemplo".to_owned());
    let mut tx = house.app.db().begin().await.expect("begun");
    let mut head = lock_in(&mut tx, whose, &id_of(path)).await.expect("held");
    transition_in(
        &house.app,
        &mut tx,
        &mut head,
        ProcessCommand::Take,
        &by,
        None,
    )
    .await
    .expect("taken");
    let ask = Ask {
        borrower_id: None,
        document_type,
        text: text.to_owned(),
    };
    ask_in(&house.app, &mut tx, &mut head, &by, &ask)
        .await
        .expect("asked");
    tx.commit().await.expect("committed");
}

both! {
    async fn a_simulation_becomes_one_process(db) {
        let (house, path) = begun(&db).await;
        let shown = house.anna.get(&path).await;
        assert_eq!(shown.status, 200, "{}", shown.text());
        let one = shown.json();
        golden::check("process_detail", &one);
        golden::check("process_list", &house.anna.get("/processes").await.json());
        let body = json!({ "simulationUniqueID": one["simulationUniqueID"] });
        let again = house.anna.post("/processes", &body).await;
        assert_eq!((again.status.as_u16(), again.json()), (200, one.clone()));
        let simulation = one["simulationUniqueID"].as_str().expect("an id");
        let simulation = house.anna.get(&format!("/simulations/{simulation}")).await.json();
        assert_eq!(simulation["simulationStatusID"], 2);
        assert_eq!(simulation["loan"], one["loan"]);
        problem(&house.anna.post("/processes", &json!({})).await, 400);
        problem(&house.bruno.post("/processes", &body).await, 404);
        let by_name = house.anna.get("/processes?filterByText=conceicao").await.json();
        assert_eq!(by_name["totalRecords"], 1);
        for none in ["filterByText=Ningu%C3%A9m", "filterProcessStatus=2", "filterStatusLastDateTo=2026-05-31"] {
            let found = house.anna.get(&format!("/processes?{none}")).await.json();
            assert_eq!(found["totalRecords"], 0, "{none}");
        }
        assert_eq!(house.bruno.get("/processes").await.json()["totalRecords"], 0);
    }

    async fn every_gap_is_told_and_closed(db) {
        let (house, path) = begun(&db).await;
        let submit = format!("{path}/submit");
        let first = house.anna.post(&submit, &json!({})).await;
        let before = problem(&first, 400).len();
        golden::check("process_gaps", &nameless(first.json()));
        filled(&house.anna, &path).await;
        let second = problem(&house.anna.post(&submit, &json!({})).await, 400);
        assert!(second.len() < before, "{second:?}");
        let sheet = house.anna.get(&format!("{path}/esis")).await;
        assert_eq!(sheet.status, 200, "{}", sheet.text());
        let pdf = STANDARD.decode(sheet.json()["esis"].as_str().expect("a text")).expect("base64");
        assert!(pdf.starts_with(b"%PDF-"));
        let third = house.anna.post(&submit, &json!({})).await;
        let kinds = missing_papers(&third.json());
        assert_eq!(problem(&third, 400).len(), kinds.len(), "only papers: {}", third.text());
        for (given, kind) in kinds.iter().enumerate() {
            let left = house.anna.post(&submit, &json!({})).await;
            assert_eq!(problem(&left, 400).len(), kinds.len() - given);
            let filed = house.anna.post(&format!("{path}/documents"), &paper(*kind)).await;
            assert_eq!(filed.status, 201, "{}", filed.text());
        }
        let done = house.anna.post(&submit, &json!({})).await;
        assert_eq!((done.status.as_u16(), done.json()["processStatusID"].as_u64()), (200, Some(2)));
        let again = house.anna.post(&submit, &json!({})).await;
        assert_eq!(again.json(), done.json(), "done twice is done once");
        problem(&house.anna.put(&path, &json!({"loanAmount": 1})).await, 409);
        problem(&house.anna.post(&format!("{path}/documents"), &paper(99)).await, 409);
        problem(&house.anna.put(&borrower_path(&house.anna, &path).await, &json!({})).await, 409);
    }

    async fn a_paper_that_is_asked_for_sends_it_back(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let path = submitted(&house).await;
        asked_for(&house, &path, Some(38), "").await;
        let waiting = house.anna.get(&path).await.json();
        assert_eq!(waiting["processStatusID"], 4);
        assert_eq!(waiting["informationRequests"][0]["state"], "open");
        problem(&house.anna.post(&format!("{path}/submit"), &json!({})).await, 400);
        // No question in words: facts stay.
        problem(&house.anna.put(&borrower_path(&house.anna, &path).await, &json!({})).await, 409);
        let other = house.anna.post(&format!("{path}/documents"), &paper(99)).await;
        assert_eq!(other.status, 201, "{}", other.text());
        assert_eq!(house.anna.get(&path).await.json()["processStatusID"], 4);
        let filed = house.anna.post(&format!("{path}/documents"), &paper(38)).await;
        assert_eq!(filed.status, 201, "{}", filed.text());
        let back = house.anna.get(&path).await.json();
        assert_eq!(back["processStatusID"], 3);
        assert_eq!(back["informationRequests"][0]["state"], "answered");
        let asked = &back["informationRequests"][0]["informationRequestUniqueID"];
        assert_eq!(&filed.json()["informationRequestUniqueID"], asked);
    }

    async fn a_question_in_words_opens_the_facts(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let path = submitted(&house).await;
        asked_for(&house, &path, None, "Qual é o andar?").await;
        let property = property_path(&house.anna, &path).await;
        assert_eq!(house.anna.put(&property, &json!({"floor": "3"})).await.status, 200);
        let borrower = borrower_path(&house.anna, &path).await;
        assert_eq!(house.anna.put(&borrower, &json!({"employer": "Outra, Lda."})).await.status, 200);
        problem(&house.anna.post(&format!("{path}/borrowers"), &json!({})).await, 409);
        let done = house.anna.post(&format!("{path}/submit"), &json!({})).await;
        assert_eq!(done.json()["processStatusID"], 3, "{}", done.text());
    }

    async fn terms_are_worked_out_anew(db) {
        let (house, path) = begun(&db).await;
        house.anna.get(&format!("{path}/esis")).await;
        let before = house.anna.get(&path).await;
        assert_ne!(before.json()["esisDate"], Value::Null);
        let tag = before.header("etag").to_owned();
        let changed = house.anna.put(&path, &json!({"loanAmount": 150000, "borrowers": 7})).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        let new = changed.json();
        assert_eq!((&new["terms"]["loanAmount"], &new["loan"]["loanAmount"]), (&json!(150000.0), &json!(150000.0)));
        assert_eq!(new["esisDate"], Value::Null, "another sheet is needed");
        assert_eq!(new["terms"]["loanDurationMonths"], 360, "the rest stays");
        let stale = house.anna.with("if-match", &tag);
        let stale = crate::house::send(&stale, axum::http::Method::PUT, &path, Some(&json!({}))).await;
        problem(&stale, 412);
        let wrong = json!({"loanAmount": -1, "productSchemeId": 999});
        assert!(problem(&house.anna.put(&path, &wrong).await, 400).len() >= 2);
        assert_eq!(house.anna.get(&path).await.json(), new, "nothing changed");
        // Days go by: what was worked out stands no longer, until it is worked out again.
        house.clock.advance(31 * 86_400);
        let over = house.anna.sign_in().await.json();
        let mut anna = house.anna.clone();
        anna.token = over["sessionToken"].as_str().expect("a token").to_owned();
        problem(&anna.get(&format!("{path}/esis")).await, 400);
        let ignored = anna.get(&format!("{path}/esis?ignoreRules=true")).await;
        assert_eq!(ignored.status, 200, "{}", ignored.text());
        assert_eq!(anna.get(&path).await.json()["esisDate"], Value::Null);
    }

    async fn borrowers_come_and_go_but_the_key_borrower(db) {
        let (house, path) = begun(&db).await;
        let all = format!("{path}/borrowers");
        let key = borrower_path(&house.anna, &path).await;
        problem(&house.anna.delete(&key).await, 409);
        problem(&house.anna.put(&key, &json!({"borrowerTypeId": 2})).await, 400);
        let same = json!({"nif": "123456789"});
        assert_eq!(problem(&house.anna.post(&all, &same).await, 400)[0].0, "nif");
        let mut made = Vec::new();
        for n in 0..9 {
            let body = json!({"name": format!("Pessoa {n}"), "keyBorrowerRelationId": 1});
            let answer = house.anna.post(&all, &body).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
            made.push(answer.json()["borrowerUniqueID"].as_str().expect("an id").to_owned());
        }
        for _ in 0..10 {
            problem(&house.anna.post(&all, &json!({"name": "Mais uma"})).await, 400);
        }
        let other = format!("{all}/{}", made[0]);
        let moved = house.anna.put(&other, &json!({"borrowerTypeID": 1})).await;
        assert_eq!(moved.status, 200, "{}", moved.text());
        let list = house.anna.get(&all).await.json();
        let keys = list["borrowers"].as_array().expect("a list").iter();
        assert_eq!(keys.filter(|b| b["isKeyBorrower"] == true).count(), 1);
        problem(&house.anna.delete(&other).await, 409);
        assert_eq!(house.anna.delete(&key).await.status, 204);
        problem(&house.anna.get(&key).await, 404);
        let cleared = house.anna.put(&other, &json!({"name": null, "nationalityId": 620})).await.json();
        assert_eq!((&cleared["name"], &cleared["nationalityID"]), (&Value::Null, &json!(620)));
        let wrong = json!({
            "nif": "123456780", "birthDate": "2030-01-01", "email": "nobody", "genderId": 99,
            "residenceDistrictId": 11, "residenceCountyId": 1312, "residenceZipCode": "1",
            "monthlyNetIncome": -1, "matrimonialRegimeId": 1, "maritalStatusId": 1,
        });
        let found = problem(&house.anna.put(&other, &wrong).await, 400);
        assert_eq!(found.len(), 8, "{found:?}");
    }

    async fn hostile_papers_are_refused_and_leave_nothing(db) {
        let (house, path) = begun(&db).await;
        let all = format!("{path}/documents");
        let with = |name: &str, value: Value| {
            let mut body = paper(30);
            body[name] = value;
            body
        };
        for (name, value) in [
            ("documentContent", json!("not base64!")),
            ("documentContent", json!("")),
            ("documentContent", json!(7)),
            ("documentContent", json!(STANDARD.encode(b"PK\x03\x04 a zip that calls itself a PDF"))),
            ("documentContent", json!(STANDARD.encode(b"<html><script>"))),
            ("documentTypeID", json!(98765)),
            ("documentTypeID", Value::Null),
            ("fileName", json!("../../etc/passwd")),
            ("fileName", json!("a\u{0}b")),
            ("fileName", json!("x".repeat(201))),
            ("borrowerUniqueId", json!("0193f000-0000-7000-8000-000000000001")),
        ] {
            problem(&house.anna.post(&all, &with(name, value.clone())).await, 400);
            assert_eq!(house.rows("process_document").await, 0, "{name} {value}");
        }
        assert_eq!(house.rows("blob_upload").await, 0);
        let filed = house.anna.post(&all, &paper(30)).await;
        let one = filed.json();
        let place = format!("{all}/{}", one["documentUniqueID"].as_str().expect("an id"));
        let read = house.anna.get(&place).await;
        assert_eq!(read.status, 200, "{}", read.text());
        let content = read.json()["content"].as_str().map(str::to_owned).expect("a text");
        assert_eq!(STANDARD.decode(content).expect("base64"), PDF);
        assert_eq!((&read.json()["title"], &read.json()["fileName"]), (&one["title"], &one["fileName"]));
        let jpeg = [b"\xff\xd8\xff\xe0 a picture ".as_slice(), b"\xff\xd9"].concat();
        let body = json!({"documentContent": STANDARD.encode(&jpeg), "documentTitle": "Outro"});
        let changed = house.anna.put(&place, &body).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        assert_eq!(changed.json()["contentType"], "image/jpeg");
        assert_eq!(house.anna.get(&place).await.json()["content"], STANDARD.encode(&jpeg));
        assert_eq!(house.rows("blob_upload").await, 1, "the old bytes wait for the sweep");
        assert_eq!(house.anna.delete(&place).await.status, 204);
        problem(&house.anna.get(&place).await, 404);
        problem(&house.anna.delete(&place).await, 404);
    }

    async fn papers_hold_their_room_until_they_are_written(db) {
        let (house, path) = begun(&db).await;
        let limits = Limits {
            body_bytes: 512 * 1024, body_budget_bytes: 512 * 1024,
            budget_wait: Duration::from_secs(1), ..Limits::default()
        };
        let client = TestClient::new(router(house.app.clone(), &limits))
            .with_header("authorization", &format!("Bearer {}", house.anna.token));
        let (begin, end) = PDF.split_at(b"%PDF-1.7\n".len());
        let big = [begin, &vec![b' '; 300 * 1024], end].concat();
        let mut body = paper(1);
        body["documentContent"] = json!(STANDARD.encode(&big));
        // Nothing is written while all places are taken.
        let slots = house.app.upload_slots();
        let all = u32::try_from(slots.available_permits()).expect("a count");
        let held = slots.acquire_many_owned(all).await.expect("places");
        let place = full(&format!("{path}/documents"));
        let upload = client.post_json(&place, &body);
        let filler = vec![b' '; 300 * 1024];
        let others = async {
            let mut answers = Vec::new();
            for _ in 0..50 {
                let place = full("/simulations/validate");
                let answer = client.post_raw(&place, "application/json", &filler).await;
                answers.push(answer.status.as_u16());
                if answer.status == 503 {
                    break;
                }
            }
            drop(held);
            answers
        };
        let (filed, answers) = tokio::join!(upload, others);
        assert_eq!(filed.status, 201, "{}", filed.text());
        assert_eq!(answers.last(), Some(&503), "{answers:?}");
        let after = client.post_raw(&full("/simulations/validate"), "application/json", &filler).await;
        assert_eq!(after.status, 400);
    }

    async fn what_is_somebody_elses_is_unknown(db) {
        let (house, path) = begun(&db).await;
        let filed = house.anna.post(&format!("{path}/documents"), &paper(30)).await.json();
        let document = format!("{path}/documents/{}", filed["documentUniqueID"].as_str().expect("an id"));
        let (borrower, property) = (borrower_path(&house.anna, &path).await, property_path(&house.anna, &path).await);
        let nobody = "/processes/0193f000-0000-7000-8000-000000000001";
        let some = json!({"subject": "a", "text": "b"});
        for who in [&house.bruno, &house.carla] {
            for place in ["", "/borrowers", "/documents", "/properties", "/esis", "/messages", "/esis/email?sendAddress=a@example.com"] {
                let (theirs, none) = (who.get(&format!("{path}{place}")).await, who.get(&format!("{nobody}{place}")).await);
                assert_eq!(problem(&theirs, 404), problem(&none, 404), "{place}");
            }
            for place in ["/submit", "/borrowers", "/messages", "/esis/email"] {
                problem(&who.post(&format!("{path}{place}"), &some).await, 404);
            }
            problem(&who.post(&format!("{path}/documents"), &paper(30)).await, 404);
            for place in [&path, &borrower, &document, &property] {
                problem(&who.put(place, &json!({})).await, 404);
            }
            for place in [&path, &borrower, &document] {
                problem(&who.delete(place).await, 404);
            }
            problem(&who.get(&document).await, 404);
            problem(&who.get(&format!("/processes?nextRecord={}", id_of(&path))).await, 400);
        }
        assert_eq!(house.anna.get(&path).await.json()["processStatusID"], 1);
    }

    async fn two_at_once_do_it_once(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let path = submitted(&house).await;
        let simulation = house.anna.post("/simulations", &asked()).await.json();
        let body = json!({ "simulationUniqueId": simulation["simulationUniqueID"] });
        let (one, other) = tokio::join!(house.anna.post("/processes", &body), house.anna.post("/processes", &body));
        assert_eq!(one.json()["processUniqueID"], other.json()["processUniqueID"], "{} {}", one.text(), other.text());
        let cancel = format!("{path}?cancelReasonId={}", first(List::ProposalCancelReasons));
        let (one, other) = tokio::join!(house.anna.delete(&cancel), house.anna.delete(&cancel));
        for answer in [one, other] {
            assert_eq!((answer.status.as_u16(), answer.json()["processStatusID"].as_u64()), (200, Some(8)));
        }
        assert_eq!(house.anna.delete(&format!("{path}?cancelReasonId=4711")).await.status, 200);
        problem(&house.anna.delete(&format!("{path}?cancelReasonId=x")).await, 400);
        problem(&house.anna.post(&format!("{path}/submit"), &json!({})).await, 409);
        problem(&house.anna.get(&format!("{path}/esis")).await, 409);
        let history = lintel_simulations::history::of(&house.app, &house.bank.id, &id_of(&path)).await.expect("read");
        let states: Vec<&str> = history.iter().map(|step| step.to.as_str()).collect();
        assert_eq!(states, ["in_creation", "submitted", "cancelled"]);
    }

    async fn messages_are_written_and_read(db) {
        let (house, path) = begun(&db).await;
        let place = format!("{path}/messages");
        let written = house.anna.post(&place, &json!({"subject": "Dúvida", "text": "Olá"})).await;
        assert_eq!(written.status, 201, "{}", written.text());
        assert_eq!(problem(&house.anna.post(&place, &json!({"text": ""})).await, 400).len(), 2);
        let page = house.anna.get(&format!("{place}?pageSize=1")).await.json();
        assert_eq!((&page["totalCount"], &page["messages"][0]["subject"]), (&json!(1), &json!("Dúvida")));
    }
}
