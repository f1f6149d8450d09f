//! Documents over the wire: in by every kind of body, out as they were.

use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::papers::{
    DOWNLOAD, OF_CONDITION, UPLOAD, WAYS, base64, condition, loan, misc, payload, pdf, send,
    uploaded,
};
use crate::world::{Party, World, is_error, success};

async fn download(world: &World, me: &Party, data: Value) -> lintel_edge::test_client::Answer {
    world.call(me, DOWNLOAD, &data).await
}

both! {
    async fn all_kinds_of_bodies_file_the_same_bytes(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        for format in ["json", "xml"] {
            for (n, way) in WAYS.into_iter().enumerate() {
                // Past a piece, and of every remainder modulo three.
                let content = pdf(&format!("{format} {way:?}"), 40_000 + n);
                let name = format!("{format} {way:?}.pdf");
                let data = payload(&loan, json!([misc(&name, &content)]));
                let answer = send(&world, way, UPLOAD, &me.fields(format), &data).await;
                assert_eq!(answer.status.as_u16(), 200, "{way:?} {}", answer.text());
                let id = match format {
                    "json" => {
                        let body = success(&answer);
                        let id = body["documents"][0]["docID"].as_str().expect("an id").to_owned();
                        let expected = json!({ "documents": [
                            { "docID": id, "fileName": name, "loanDocType": "misc" },
                        ] });
                        assert_eq!(body, expected);
                        id
                    }
                    _ => {
                        let text = answer.text().into_owned();
                        let (_, rest) = text.split_once("<docID>").expect(&text);
                        assert!(text.contains("<response><documents><docID>"), "{text}");
                        rest.split('<').next().unwrap_or_default().to_owned()
                    }
                };
                let got = download(&world, &me, json!({ "docID": id })).await;
                assert_eq!(got.status.as_u16(), 200, "{}", got.text());
                assert_eq!(got.header("content-type"), "application/pdf");
                assert_eq!(got.header("content-length"), content.len().to_string());
                let disposition = format!(
                    "attachment; filename=\"{name}\"; filename*=UTF-8''{}",
                    name.replace(' ', "%20")
                );
                assert_eq!(got.header("content-disposition"), disposition);
                assert!(got.body == content, "{way:?}");
            }
        }
        assert_eq!(world.rows("blob_upload").await, 0);
    }

    async fn twenty_documents_in_one_call_and_one_zip(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        let contents: Vec<Vec<u8>> = (0..20).map(|n| pdf(&format!("no {n}"), 90_000)).collect();
        let documents: Vec<Value> = contents
            .iter()
            .enumerate()
            .map(|(n, content)| misc(&format!("paper {n}"), content))
            .collect();
        let ids = uploaded(&world, &me, &loan, json!(documents)).await;
        assert_eq!(ids.len(), 20);
        for (id, content) in ids.iter().zip(&contents) {
            assert!(download(&world, &me, json!({ "docID": id })).await.body == *content);
        }
        let all = json!({ "loanPublicID": loan, "docTypes": ["MISC", "misc"] });
        let zip = download(&world, &me, all).await;
        assert_eq!(zip.header("content-type"), "application/zip");
        assert_eq!(zip.header("content-length"), zip.body.len().to_string());
        assert!(zip.header("content-disposition").contains(&format!("filename=\"{loan}.zip\"")));
        for (n, content) in contents.iter().enumerate() {
            let holds = |part: &[u8]| zip.body.windows(part.len()).any(|w| w == part);
            assert!(holds(format!("paper {n}.pdf").as_bytes()) && holds(content), "{n}");
        }
        // The same again: nothing is new.
        assert_eq!(uploaded(&world, &me, &loan, json!(documents)).await, ids);
        assert_eq!(world.rows("loan_document").await, 20);
    }

    async fn twenty_documents_called_alike_are_twenty(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        let contents: Vec<Vec<u8>> = (0..20).map(|n| pdf(&format!("no {n}"), 700)).collect();
        let documents: Vec<Value> = contents.iter().map(|c| misc("paper.pdf", c)).collect();
        let data = payload(&loan, json!(documents));
        let body = success(&world.call(&me, UPLOAD, &data).await);
        let answered = body["documents"].as_array().expect("a list");
        assert_eq!(answered[0]["fileName"], "paper.pdf");
        for (n, (document, content)) in answered.iter().zip(&contents).enumerate().skip(1) {
            assert_eq!(document["fileName"], format!("paper ({}).pdf", n + 1));
            let got = download(&world, &me, json!({ "docID": document["docID"] })).await;
            assert!(got.body == *content, "{n}");
        }
        // The same call again: the same answer, and nothing is new.
        assert_eq!(success(&world.call(&me, UPLOAD, &data).await), body);
        assert_eq!(world.rows("loan_document").await, 20);
        let kinds = json!({ "loanPublicID": loan, "docTypes": "misc" });
        let zip = download(&world, &me, kinds).await;
        assert!(contents.iter().all(|c| zip.body.windows(c.len()).any(|w| w == c)));
        // In another call the name means the first of them.
        uploaded(&world, &me, &loan, json!([misc("paper", &pdf("newer", 700))])).await;
        let got = json!({ "docID": answered[0]["docID"] });
        assert!(download(&world, &me, got).await.body == contents[0], "it stays");
        assert_eq!(world.rows("loan_document WHERE is_current").await, 20);
    }

    /// What the public text leaves to the sender.
    async fn lenient_payloads(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        let content = pdf("lenient", 5_000);
        let text = base64(&content);
        let lines = text.as_bytes().chunks(76).map(|l| String::from_utf8_lossy(l).into_owned());
        let lines: Vec<String> = lines.collect();
        let url_safe = text.replace('+', "-").replace('/', "_");
        for (n, changes) in [
            json!({ "fileFormat": null }),
            json!({ "fileFormat": "PDF" }),
            json!({ "documentType": "loandoc", "loanDocType": "Initial Disclosures" }),
            json!({ "fileContent": lines.join("\r\n") }),
            json!({ "fileContent": text.trim_end_matches('=') }),
            json!({ "fileContent": url_safe }),
            json!({ "fileContent": format!("data:application/pdf;base64,{text}") }),
            json!({ "fileName": "Gehälter \u{1F4C4}" }),
            json!({ "fileName": "C:\\scans\\w2" }),
            json!({ "unknown": { "fileContent": "ignored" }, "autoSatisfyCondition": "1" }),
        ]
        .into_iter()
        .enumerate()
        {
            let mut document = misc(&format!("paper {n}"), b"");
            document["fileContent"] = json!(text);
            for (name, value) in changes.as_object().expect("an object") {
                document[name] = value.clone();
            }
            let ids = uploaded(&world, &me, &loan, json!([document])).await;
            let got = download(&world, &me, json!({ "docID": ids[0] })).await;
            assert!(got.body == content, "{changes}");
            assert!(got.header("content-disposition").is_ascii());
        }
        // Both names of the list, and an id as another endpoint answers it.
        let data = json!({
            "publicID": loan,
            "uploads": [misc("last", &pdf("u", 900))],
            "documents": [misc("first", &pdf("d", 900))],
        });
        let body = success(&world.call(&me, UPLOAD, &data).await);
        assert_eq!(body["documents"][0]["fileName"], "first");
        assert_eq!(body["documents"][1]["fileName"], "last");
        // A plus sign nobody escaped.
        let sloppy = payload(&loan, json!([misc("sloppy", &content)])).to_string();
        assert!(sloppy.contains('+'));
        let fields = me.fields("json").map(|(name, value)| format!("{name}={value}"));
        let body = format!("{}&data={sloppy}", fields.join("&"));
        let kind = "application/x-www-form-urlencoded";
        let answer = world
            .client
            .post_raw(&crate::world::path(UPLOAD), kind, body.as_bytes())
            .await;
        let id = success(&answer)["documents"][0]["docID"].clone();
        assert!(download(&world, &me, json!({ "docID": id })).await.body == content);
    }

    async fn documents_of_conditions(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        let first = condition(&world, &me, &loan, "Latest pay slip").await;
        let second = condition(&world, &me, &loan, "Two bank statements").await;
        let paper = |name: &str, id: &str, satisfies: Value| {
            let mut document = misc(name, &pdf(name, 2_000));
            document["documentType"] = json!("LoanConditionDocument");
            document["conditionID"] = json!(id);
            document["autoSatisfyCondition"] = satisfies;
            document
        };
        let documents = json!([
            paper("slip", &first, json!(true)),
            paper("one", &second, json!("false")),
            paper("two", &second, Value::Null),
        ]);
        let answer = success(&world.call(&me, UPLOAD, &payload(&loan, documents)).await);
        assert_eq!(answer["documents"][0]["conditionID"], json!(first));
        assert!(answer["documents"][0].get("loanDocType").is_none());
        let full = success(&world.call(&me, "/get-loan", &json!({ "loanPublicID": loan })).await);
        let status = |id: &str| {
            let conditions = full["conditions"].as_array().expect("a list").iter();
            let found = conditions.filter(|c| c["conditionID"] == id);
            found.map(|c| c["status"].clone()).next().expect("a status")
        };
        assert_eq!((status(&first), status(&second)), (json!("satisfied"), json!("received")));
        let one = json!({ "loanConditionPublicID": first });
        let one = world.call(&me, OF_CONDITION, &one).await;
        assert!(one.body == pdf("slip", 2_000));
        let two = world.call(&me, OF_CONDITION, &json!({ "conditionID": second })).await;
        assert_eq!(two.header("content-type"), "application/zip");
        assert!(two.header("content-disposition").contains(&loan));
    }

    /// The current version of each is what kinds give; an id gives any.
    async fn versions(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = loan(&world, &me, "LOS-1").await;
        let (old, new) = (pdf("old", 3_000), pdf("new", 4_000));
        let first = uploaded(&world, &me, &loan, json!([misc("W2", &old)])).await;
        let second = uploaded(&world, &me, &loan, json!([misc("w2.pdf", &new)])).await;
        assert_ne!(first, second);
        let kinds = json!({ "loanPublicID": loan, "docTypes": "misc" });
        assert!(download(&world, &me, kinds).await.body == new);
        assert!(download(&world, &me, json!({ "docID": first[0] })).await.body == old);
        let both = json!({ "docID": second[0], "loanPublicID": loan, "docTypes": ["nonsense"] });
        assert!(download(&world, &me, both).await.body == new);
    }

    async fn a_broker_s_paper_takes_the_place_of_none_of_its_lender_s(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let (lender, broker) = (world.party(&wholesale).await, world.party(&broker).await);
        let loan = loan(&world, &broker, "LOS-1").await;
        let (theirs, own) = (pdf("lender", 900), pdf("broker", 900));
        uploaded(&world, &lender, &loan, json!([misc("CD", &theirs)])).await;
        uploaded(&world, &broker, &loan, json!([misc("cd.pdf", &own)])).await;
        for seeing in [&lender, &broker] {
            let kinds = json!({ "loanPublicID": loan, "docTypes": "misc" });
            let zip = download(&world, seeing, kinds).await;
            assert_eq!(zip.header("content-type"), "application/zip");
            let holds = |part: &[u8]| zip.body.windows(part.len()).any(|w| w == part);
            assert!(holds(&theirs) && holds(&own));
        }
    }

    async fn nobody_else_s_papers(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let sibling = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let (wholesale, broker) = (world.party(&wholesale).await, world.party(&broker).await);
        let (sibling, stranger) = (world.party(&sibling).await, world.lender().await);
        let theirs = loan(&world, &broker, "LOS-1").await;
        let slip = condition(&world, &broker, &theirs, "Latest pay slip").await;
        let mut of_condition = misc("slip", &pdf("slip", 900));
        of_condition["documentType"] = json!("LoanConditionDocument");
        of_condition["conditionID"] = json!(slip);
        let documents = json!([misc("W2", &pdf("w2", 900)), of_condition]);
        let ids = uploaded(&world, &broker, &theirs, documents).await;
        for seeing in [&wholesale, &broker] {
            let got = download(&world, seeing, json!({ "docID": ids[0] })).await;
            assert!(got.body == pdf("w2", 900));
        }
        for other in [&sibling, &stranger] {
            let own = loan(&world, other, "LOS-9").await;
            let document = json!([misc("W2", &pdf("w2", 900))]);
            let mut elsewhere = of_condition.clone();
            elsewhere["fileName"] = json!("other");
            for (endpoint, foreign, unknown) in [
                (DOWNLOAD, json!({ "docID": ids[0] }), json!({ "docID": "NOBODY00" })),
                (
                    DOWNLOAD,
                    json!({ "loanPublicID": theirs, "docTypes": ["misc"] }),
                    json!({ "loanPublicID": "NOBODY00", "docTypes": ["misc"] }),
                ),
                (
                    DOWNLOAD,
                    json!({ "docID": ids[0], "loanPublicID": own }),
                    json!({ "docID": "NOBODY00", "loanPublicID": own }),
                ),
                (
                    OF_CONDITION,
                    json!({ "loanConditionPublicID": slip }),
                    json!({ "loanConditionPublicID": "NOBODY00" }),
                ),
                (UPLOAD, payload(&theirs, document.clone()), payload("NOBODY00", document.clone())),
                (UPLOAD, payload(&own, json!([elsewhere])), {
                    let mut nowhere = elsewhere.clone();
                    nowhere["conditionID"] = json!("NOBODY00");
                    payload(&own, json!([nowhere]))
                }),
            ] {
                let a = world.call(other, endpoint, &foreign).await;
                let b = world.call(other, endpoint, &unknown).await;
                assert_eq!((a.status, a.text()), (b.status, b.text()), "{endpoint} {foreign}");
                assert_eq!(a.status.as_u16(), 501, "{}", a.text());
            }
        }
        assert_eq!(world.rows("loan_document").await, 2);
        assert_eq!(world.rows("blob_upload").await, 0);
    }

    async fn downloads_that_are_refused(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let (one, other) = (loan(&world, &me, "LOS-1").await, loan(&world, &me, "LOS-2").await);
        let empty = condition(&world, &me, &one, "Latest pay slip").await;
        let ids = uploaded(&world, &me, &one, json!([misc("W2", &pdf("w2", 900))])).await;
        for (endpoint, data, name) in [
            (DOWNLOAD, json!({}), "docID"),
            (DOWNLOAD, json!({ "docID": null, "loanPublicID": "" }), "docID"),
            (DOWNLOAD, json!({ "docID": [] }), "docID"),
            (DOWNLOAD, json!({ "docID": "../../x" }), "docID"),
            (DOWNLOAD, json!({ "docID": ids[0], "loanPublicID": other }), "loanPublicID"),
            (DOWNLOAD, json!({ "docID": ids[0], "loanPublicID": 7 }), "loanPublicID"),
            (DOWNLOAD, json!({ "loanPublicID": one }), "docTypes"),
            (DOWNLOAD, json!({ "loanPublicID": one, "docTypes": [] }), "docTypes"),
            (DOWNLOAD, json!({ "loanPublicID": one, "docTypes": 7 }), "docTypes"),
            (DOWNLOAD, json!({ "loanPublicID": one, "docTypes": [["misc"]] }), "docTypes"),
            (DOWNLOAD, json!({ "loanPublicID": one, "docTypes": ["misc", "x"] }), "docTypes[1]"),
            (DOWNLOAD, json!({ "loanPublicID": one, "docTypes": ["credit"] }), "docTypes"),
            (DOWNLOAD, json!({ "docTypes": ["misc"] }), "loanPublicID"),
            (OF_CONDITION, json!({}), "loanConditionPublicID"),
            (OF_CONDITION, json!({ "conditionID": "x" }), "conditionID"),
            (OF_CONDITION, json!({ "loanConditionPublicID": empty }), "loanConditionPublicID"),
        ] {
            let answer = world.call(&me, endpoint, &data).await;
            is_error(&answer, 501, &format!("Parameter {name} missing or invalid format."));
            assert_eq!(answer.json()["error"]["field"], name, "{data}");
        }
        let nothing = download(&world, &me, json!({})).await.json();
        let details = nothing["error"]["details"].as_array().expect("a list");
        assert_eq!(details.len(), 3, "{nothing}");
    }
}
