//! Processes at their edges: several submits at once, handed back with holes, sheets of other figures,
//! papers whose sender dies or sends too much.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use lintel_app::document::sweep;
use lintel_app::ports::{BlobFuture, BlobWriter, Blobs, MemoryBlobs};
use lintel_domain::process::ProcessCommand;
use lintel_edge::Limits;
use lintel_processes::request::withdraw_in;
use lintel_processes::{By, lock_in, transition_in};
use lintel_simulations::history;
use lintel_store::process::{StoredPaper, Whose, documents, insert_document_in};
use lintel_taxonomy::List;
use lintel_testkit::both;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::house::{House, problem};
use crate::processes::{
    asked_for, borrower_path, filled, first, id_of, missing_papers, opened, paper, submitted,
};
use crate::shop::open;

/// A store whose caller dies as soon as a blob is written.
#[derive(Default)]
struct Deadly {
    blobs: MemoryBlobs,
    kills: AtomicBool,
    written: Arc<Notify>,
}

struct DeadlyWriter(Box<dyn BlobWriter>, Arc<Notify>);

impl Blobs for Deadly {
    fn put<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> BlobFuture<'a, ()> {
        self.blobs.put(name, bytes)
    }

    fn get<'a>(&'a self, name: &'a str, max_bytes: u64) -> BlobFuture<'a, Option<Vec<u8>>> {
        self.blobs.get(name, max_bytes)
    }

    fn delete<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool> {
        self.blobs.delete(name)
    }

    fn exists<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool> {
        self.blobs.exists(name)
    }

    fn begin<'a>(&'a self, name: &'a str) -> BlobFuture<'a, Box<dyn BlobWriter>> {
        Box::pin(async move {
            let writer = self.blobs.begin(name).await?;
            if !self.kills.load(Ordering::Relaxed) {
                return Ok(writer);
            }
            let deadly: Box<dyn BlobWriter> = Box::new(DeadlyWriter(writer, self.written.clone()));
            Ok(deadly)
        })
    }

    fn read<'a>(
        &'a self,
        name: &'a str,
        offset: u64,
        length: usize,
    ) -> BlobFuture<'a, Option<Bytes>> {
        self.blobs.read(name, offset, length)
    }

    fn sweep(&self) -> BlobFuture<'_, u64> {
        self.blobs.sweep()
    }
}

impl BlobWriter for DeadlyWriter {
    fn write<'a>(&'a mut self, piece: Bytes) -> BlobFuture<'a, ()> {
        self.0.write(piece)
    }

    fn finish(self: Box<Self>) -> BlobFuture<'static, ()> {
        Box::pin(async move {
            self.0.finish().await?;
            self.1.notify_one();
            pending().await
        })
    }

    fn abort(self: Box<Self>) -> BlobFuture<'static, ()> {
        self.0.abort()
    }
}

fn bank(house: &House) -> Whose<'_> {
    Whose {
        org_id: &house.bank.id,
        intermediary_id: None,
    }
}

async fn state(house: &House, path: &str) -> Value {
    house.anna.get(path).await.json()["processStatusID"].clone()
}

/// The states a process went through, in the order it did.
async fn states(house: &House, path: &str) -> Vec<String> {
    let steps = history::of(&house.app, &house.bank.id, &id_of(path)).await;
    let steps = steps.expect("read").into_iter();
    steps.map(|step| step.to).collect()
}

/// A paper of a process as it is stored.
async fn stored(house: &House, path: &str) -> StoredPaper {
    let all = documents(house.app.db(), &house.bank.id, &id_of(path)).await;
    all.expect("read").remove(0)
}

/// So many papers more that were there once, each of so many bytes.
async fn once_there(house: &House, of: &StoredPaper, (count, byte_len): (usize, u64)) {
    let mut tx = house.app.db().begin().await.expect("begun");
    for _ in 0..count {
        let old = StoredPaper {
            id: house.app.row_id().expect("an id"),
            byte_len,
            removed_at: Some(house.app.now()),
            ..of.clone()
        };
        insert_document_in(&mut tx, &old).await.expect("kept");
    }
    tx.commit().await.expect("committed");
}

both! {
    async fn several_submits_at_once_are_one(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let path = opened(&house).await;
        filled(&house.anna, &path).await;
        assert_eq!(house.anna.get(&format!("{path}/esis")).await.status, 200);
        let submit = format!("{path}/submit");
        let gaps = house.anna.post(&submit, &json!({})).await;
        for kind in missing_papers(&gaps.json()) {
            assert_eq!(house.anna.post(&format!("{path}/documents"), &paper(kind)).await.status, 201);
        }
        let changes = "event WHERE kind = 'process.status_changed'";
        let before = house.rows(changes).await;
        let (body, who) = (json!({}), &house.anna);
        let answers = tokio::join!(
            who.post(&submit, &body), who.post(&submit, &body), who.post(&submit, &body), who.post(&submit, &body),
        );
        let first = answers.0.json();
        assert_eq!(first["processStatusID"], 2, "{}", answers.0.text());
        for answer in [answers.0, answers.1, answers.2, answers.3] {
            assert_eq!((answer.status.as_u16(), answer.json()), (200, first.clone()));
        }
        assert_eq!(states(&house, &path).await, ["in_creation", "submitted"]);
        assert_eq!(house.rows(changes).await, before + 1);
    }

    async fn facts_do_not_go_back_with_holes(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let path = submitted(&house).await;
        asked_for(&house, &path, None, "Qual é o andar?").await;
        let (submit, borrower) = (format!("{path}/submit"), borrower_path(&house.anna, &path).await);
        let holes = json!({ "dataConsent": false, "identificationNumber": null });
        assert_eq!(house.anna.put(&borrower, &holes).await.status, 200);
        let refused = problem(&house.anna.post(&submit, &json!({})).await, 400);
        assert_eq!(refused.len(), 2, "{refused:?}");
        assert_eq!(state(&house, &path).await, 4);
        assert_eq!(house.anna.get(&path).await.json()["informationRequests"][0]["state"], "open");
        let whole = json!({ "dataConsent": true, "identificationNumber": "00000000" });
        assert_eq!(house.anna.put(&borrower, &whole).await.status, 200);
        let (one, other, body) = (house.anna.clone(), house.anna.clone(), json!({}));
        let (one, other) = tokio::join!(one.post(&submit, &body), other.post(&submit, &body));
        for answer in [one, other] {
            assert_eq!((answer.status.as_u16(), &answer.json()["processStatusID"]), (200, &json!(3)), "{}", answer.text());
        }
        assert_eq!(states(&house, &path).await.len(), 5);
    }

    async fn a_paper_that_was_asked_for_does_not_take_holes_along(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let path = submitted(&house).await;
        asked_for(&house, &path, Some(38), "").await;
        let (all, submit) = (format!("{path}/documents"), format!("{path}/submit"));
        let there = house.anna.get(&all).await.json()["documents"][0].clone();
        let kind = u32::try_from(there["documentTypeID"].as_u64().expect("a type")).expect("an id");
        let one = format!("{all}/{}", there["documentUniqueID"].as_str().expect("an id"));
        assert_eq!(house.anna.delete(&one).await.status, 204);
        assert_eq!(house.anna.post(&all, &paper(38)).await.status, 201);
        assert_eq!(state(&house, &path).await, 4, "a paper that is needed is not there any more");
        assert_eq!(missing_papers(&house.anna.post(&submit, &json!({})).await.json()), [kind]);
        assert_eq!(house.anna.post(&all, &paper(kind)).await.status, 201);
        assert_eq!(state(&house, &path).await, 3);
    }

    async fn what_the_bank_does_not_ask_any_more_goes_back_as_it_is(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let path = submitted(&house).await;
        asked_for(&house, &path, None, "Qual é o andar?").await;
        let borrower = borrower_path(&house.anna, &path).await;
        assert_eq!(house.anna.put(&borrower, &json!({ "employer": null })).await.status, 200);
        let asked = house.anna.get(&path).await.json();
        let request = asked["informationRequests"][0]["informationRequestUniqueID"].as_str().expect("an id").to_owned();
        let by = By::bank("staff:TEST0001".to_owned(), "Rita Exemplo".to_owned());
        let mut tx = house.app.db().begin().await.expect("begun");
        let mut head = lock_in(&mut tx, bank(&house), &id_of(&path)).await.expect("held");
        withdraw_in(&house.app, &mut tx, &mut head, &by, &id_of(&request)).await.expect("withdrawn");
        tx.commit().await.expect("committed");
        assert_eq!(state(&house, &path).await, 3);
    }

    async fn a_sheet_shows_the_figures_of_its_process(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let path = submitted(&house).await;
        asked_for(&house, &path, None, "Quando nasceu?").await;
        let (esis, submit) = (format!("{path}/esis"), format!("{path}/submit"));
        assert_eq!(house.anna.get(&esis).await.status, 200, "what was handed over is given again");
        let borrower = borrower_path(&house.anna, &path).await;
        assert_eq!(house.anna.put(&borrower, &json!({ "birthDate": null })).await.status, 200);
        problem(&house.anna.get(&esis).await, 400);
        problem(&house.anna.get(&format!("{esis}/email?sendAddress=a@example.com")).await, 400);
        let ignored = house.anna.get(&format!("{esis}?ignoreRules=true")).await;
        assert_eq!(ignored.status, 200, "{}", ignored.text());
        assert_eq!(house.anna.get(&path).await.json()["esisDate"], Value::Null);
        problem(&house.anna.post(&submit, &json!({})).await, 400);
        assert_eq!(house.anna.put(&borrower, &json!({ "birthDate": "1990-02-28" })).await.status, 200);
        problem(&house.anna.post(&submit, &json!({})).await, 400);
        assert_eq!(house.anna.get(&esis).await.status, 200);
        assert_ne!(house.anna.get(&path).await.json()["esisDate"], Value::Null);
        let done = house.anna.post(&submit, &json!({})).await;
        assert_eq!(done.json()["processStatusID"], 3, "{}", done.text());
    }

    async fn state_comes_before_the_reason(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let path = submitted(&house).await;
        asked_for(&house, &path, Some(38), "").await;
        let by = By::bank("staff:TEST0001".to_owned(), "Rita Exemplo".to_owned());
        let mut tx = house.app.db().begin().await.expect("begun");
        let mut head = lock_in(&mut tx, bank(&house), &id_of(&path)).await.expect("held");
        for command in [ProcessCommand::Answer, ProcessCommand::Decline] {
            transition_in(&house.app, &mut tx, &mut head, command, &by, None).await.expect("moved");
        }
        tx.commit().await.expect("committed");
        problem(&house.anna.delete(&format!("{path}?cancelReasonId=4711")).await, 409);
        problem(&house.anna.delete(&format!("{path}?cancelReasonId=x")).await, 400);
        problem(&house.anna.delete(&format!("{path}?cancelReasonId={}", first(List::ProposalCancelReasons))).await, 409);
    }

    async fn a_process_keeps_so_much_and_no_more(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let path = submitted(&house).await;
        asked_for(&house, &path, Some(38), "").await;
        let all = format!("{path}/documents");
        let one = stored(&house, &path).await;
        let place = format!("{all}/{}", one.id);
        let there = usize::try_from(house.rows("process_document").await).expect("a count");
        once_there(&house, &one, (999 - there, 1)).await;
        let content = paper(one.type_id)["documentContent"].clone();
        let other = json!({ "documentContent": content });
        assert_eq!(house.anna.put(&place, &other).await.status, 200);
        let uploads = house.rows("blob_upload").await;
        let refused = problem(&house.anna.put(&place, &other).await, 400);
        assert_eq!(refused[0].0, "documentContent");
        problem(&house.anna.post(&all, &paper(38)).await, 400);
        assert_eq!(house.rows("blob_upload").await, uploads, "nothing was written");
        assert_eq!(house.anna.put(&place, &json!({ "documentTitle": "Outro" })).await.status, 200);
        assert_eq!(house.rows("process_document").await, 1000);
    }

    async fn a_process_keeps_so_many_bytes_and_no_more(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let path = submitted(&house).await;
        asked_for(&house, &path, Some(38), "").await;
        let all = format!("{path}/documents");
        let one = stored(&house, &path).await;
        once_there(&house, &one, (4, 1 << 30)).await;
        problem(&house.anna.post(&all, &paper(38)).await, 400);
        problem(&house.anna.put(&format!("{all}/{}", one.id), &paper(one.type_id)).await, 400);
        assert_eq!(state(&house, &path).await, 4);
    }

    async fn what_the_bank_never_had_leaves_nothing(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let all = format!("{}/documents", opened(&house).await);
        for _ in 0..3 {
            let filed = house.anna.post(&all, &paper(30)).await.json();
            let one = format!("{all}/{}", filed["documentUniqueID"].as_str().expect("an id"));
            assert_eq!(house.anna.delete(&one).await.status, 204);
        }
        assert_eq!(house.rows("process_document").await, 0);
        assert_eq!(house.rows("blob_upload").await, 3, "the bytes wait for the sweep");
    }

    async fn bytes_whose_sender_died_are_swept(db) {
        let blobs = Arc::new(Deadly::default());
        let house = House::keeping(&db, &Limits::default(), blobs.clone()).await;
        open(&house).await;
        let path = opened(&house).await;
        let all = format!("{path}/documents");
        assert_eq!(house.anna.post(&all, &paper(30)).await.status, 201);
        blobs.kills.store(true, Ordering::Relaxed);
        // Whoever is dropped here does nothing any more, as if the machine had lost its power: the
        // bytes are written, nothing was committed after them.
        let body = paper(30);
        tokio::select! {
            answer = house.anna.post(&all, &body) => panic!("answered {}", answer.status),
            () = blobs.written.notified() => {}
        }
        let counts = async || {
            let rows = (house.rows("process_document").await, house.rows("blob_upload").await);
            (rows.0, rows.1, blobs.blobs.names().len())
        };
        assert_eq!(counts().await, (1, 1, 2));
        sweep(&house.app).await.expect("swept");
        assert_eq!(counts().await, (1, 1, 2), "somebody may be about to file it");
        house.clock.advance(2 * 3600 + 1);
        sweep(&house.app).await.expect("swept");
        assert_eq!(counts().await, (1, 0, 1));
    }

    async fn a_document_that_is_too_large_is_told_so(db) {
        let house = House::on(&db).await;
        open(&house).await;
        let all = format!("{}/documents", opened(&house).await);
        let mut body = paper(30);
        body["documentContent"] = json!(STANDARD.encode(vec![b'%'; 13 << 20]));
        let answer = house.anna.post(&all, &body).await;
        assert_eq!(problem(&answer, 413), [("body".to_owned(), "010108".to_owned())]);
        assert_eq!((house.rows("process_document").await, house.rows("blob_upload").await), (0, 0));
        let filed = house.anna.post(&all, &paper(30)).await;
        let one = format!("{all}/{}", filed.json()["documentUniqueID"].as_str().expect("an id"));
        problem(&house.anna.put(&one, &body).await, 413);
        assert_eq!(house.anna.get(&one).await.json()["content"], paper(30)["documentContent"]);
    }
}
