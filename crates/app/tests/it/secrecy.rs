//! Personal data at rest: nothing of it can be read without the key ring, in any column of any
//! table, or in the bytes of the file.

use lintel_app::context::App;
use lintel_app::keys::{KeyRing, Purpose};
use lintel_app::loan::{application, document};
use lintel_app::ports::Rng as _;
use lintel_store::db::{Db, DbKind};
use lintel_store::migrate;
use lintel_testkit::both;

use crate::world::{DOCUMENT, SECRETS, World, refusal};

/// Every text and every byte string of a database, with its place.
pub struct Dump(Vec<(String, Vec<u8>)>);

impl Dump {
    /// Where a text occurs.
    pub fn places(&self, text: &str) -> Vec<&str> {
        let holds = |bytes: &[u8]| bytes.windows(text.len()).any(|w| w == text.as_bytes());
        self.0
            .iter()
            .filter(|(_, bytes)| holds(bytes))
            .map(|(place, _)| place.as_str())
            .collect()
    }

    pub fn finds(&self, text: &str) -> bool {
        !self.places(text).is_empty()
    }
}

pub async fn dump(db: &Db) -> Dump {
    let sql = match db.kind() {
        DbKind::Sqlite => {
            "SELECT m.name, c.name, LOWER(c.type) FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND LOWER(c.type) IN ('text', 'blob')"
        }
        DbKind::Postgres => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT) \
             FROM information_schema.columns WHERE table_schema = current_schema() \
             AND data_type IN ('text', 'bytea')"
        }
    };
    let columns: Vec<(String, String, String)> = db.all(sql, Vec::new()).await.expect("listed");
    assert!(
        columns.len() > 50,
        "only {} columns to search",
        columns.len()
    );
    let mut found = Vec::new();
    for (table, column, kind) in columns {
        let value = match (db.kind(), kind.as_str()) {
            (DbKind::Postgres, "text") => format!("convert_to(\"{column}\", 'UTF8')"),
            (DbKind::Postgres, _) => format!("\"{column}\""),
            (DbKind::Sqlite, _) => format!("CAST(\"{column}\" AS BLOB)"),
        };
        let sql = format!("SELECT {value} FROM {table}");
        let rows: Vec<(Option<Vec<u8>>,)> = db.all(&sql, Vec::new()).await.expect("read");
        let place = format!("{table}.{column}");
        found.extend(
            rows.into_iter()
                .filter_map(|(v,)| v)
                .map(|bytes| (place.clone(), bytes)),
        );
    }
    Dump(found)
}

both! {
    async fn personal_data_is_in_no_column(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        world.send(&who, "LOS-1", DOCUMENT).await.expect("taken");
        let newer = crate::world::document("161000.00");
        world.send(&who, "LOS-1", &newer).await.expect("replaced");
        let dump = dump(&db).await;
        assert_eq!(
            dump.places("Lantern Row"),
            ["loan.street"],
            "the search finds what is there"
        );
        for secret in SECRETS {
            assert!(DOCUMENT.contains(secret), "{secret} is not in the document");
            assert_eq!(
                dump.places(secret),
                Vec::<&str>::new(),
                "{secret} is in clear"
            );
        }
        for other in [
            "900-66-1234",
            "900661234".chars().rev().collect::<String>().as_str(),
            "07/19/1984",
            "Granite",
        ] {
            assert!(!dump.finds(other), "{other}");
        }
    }

    /// A refused document leaves nothing behind, findings neither.
    async fn findings_hold_no_personal_data(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        // Values that are wrong in a way a careless message would quote.
        let odd = DOCUMENT
            .replace("900661234", "90066-1234")
            .replace("1984-07-19", "1984-13-19");
        let outcome = world.send(&who, "LOS-1", &odd).await;
        let findings = match outcome {
            Ok(created) => created.findings,
            Err(lintel_app::error::AppError::Document(findings)) => findings,
            other => panic!("{other:?}"),
        };
        assert!(!findings.is_empty());
        let text = format!("{findings:?}");
        let dump = dump(&db).await;
        for value in ["90066-1234", "1984-13-19"] {
            assert!(!text.contains(value), "{text}");
            assert!(!dump.finds(value), "{value}");
        }
    }

    async fn the_sealed_store_gives_back_what_was_sent(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        world.send(&who, "LOS-1", DOCUMENT).await.expect("taken");
        let id: Option<(String,)> = db
            .maybe("SELECT id FROM loan", Vec::new())
            .await
            .expect("read");
        let id = lintel_domain::id::RowId::new(id.expect("there").0);
        let stored = application(&world.app, &who.org.id, &id)
            .await
            .expect("opened")
            .expect("there");
        let sent = lintel_mismo::read(DOCUMENT.as_bytes(), &lintel_mismo::Limits::default());
        assert_eq!(stored, sent.expect("a good document").application);
        let first = &stored.borrowers[0];
        assert_eq!(
            first.tax_id.as_ref().map(|t| t.value.expose().as_str()),
            Some("900661234")
        );
        assert_eq!(
            first
                .birth_date
                .as_ref()
                .map(|d| d.expose().to_string())
                .as_deref(),
            Some("1984-07-19")
        );
        let source = document(&world.app, &who.org.id, &id)
            .await
            .expect("opened");
        assert_eq!(source.as_deref(), Some(DOCUMENT.as_bytes()));
        let nobody = lintel_domain::id::RowId::new("nobody".to_owned());
        assert_eq!(
            application(&world.app, &nobody, &id).await.expect("asked"),
            None,
            "another lender"
        );
        let sealed: Option<(Vec<u8>,)> = db
            .maybe(
                "SELECT tax_id_sealed FROM borrower WHERE position = 1",
                Vec::new(),
            )
            .await
            .expect("read");
        let plain = world.app.keys().unseal(
            Purpose::TaxId,
            &format!("{id}/1"),
            &sealed.expect("there").0,
        );
        assert_eq!(plain.expect("opened"), b"900665678");
    }

    /// Another key ring, or a value moved to another row, is a fault, not somebody else's data.
    async fn a_sealed_application_cannot_be_moved(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        for (los, amount) in [("LOS-1", "160000.00"), ("LOS-2", "170000.00")] {
            world
                .send(&who, los, &crate::world::document(amount))
                .await
                .expect("taken");
        }
        let sql = "SELECT id FROM loan ORDER BY los_loan_id";
        let ids: Vec<(String,)> = db.all(sql, Vec::new()).await.expect("read");
        let (one, two) = (&ids[0].0, &ids[1].0);
        world
            .meddle(&format!(
                "UPDATE loan_application SET application_sealed = (SELECT a.application_sealed \
                 FROM loan_application a WHERE a.loan_id = '{one}') WHERE loan_id = '{two}'"
            ))
            .await;
        let moved = lintel_domain::id::RowId::new(two.clone());
        application(&world.app, &who.org.id, &moved)
            .await
            .expect_err("moved");
        let kept = lintel_domain::id::RowId::new(one.clone());
        application(&world.app, &who.org.id, &kept)
            .await
            .expect("opened");
    }

    /// Errors of the use cases name fields, not values.
    async fn refusals_hold_no_values(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        let refused = refusal(world.send(&who, "LOS\n900661234", DOCUMENT).await);
        assert!(!format!("{refused} {refused:?}").contains("900661234"));
    }
}

/// The same, looked for in the bytes of the database file, its log and its index.
#[tokio::test(flavor = "multi_thread")]
async fn personal_data_is_not_in_the_bytes_of_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lintel.sqlite");
    let db = Db::open_sqlite(&path).await.expect("opened");
    migrate::run(&db).await.expect("migrated");
    let world = World::on(&db);
    let who = world.principal(&world.lender().await).await;
    world.send(&who, "LOS-1", DOCUMENT).await.expect("taken");
    assert_clean(folder.path());
    db.close().await;
    assert_clean(folder.path());
}

#[track_caller]
fn assert_clean(folder: &std::path::Path) {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).expect("listed") {
        bytes.extend(std::fs::read(entry.expect("an entry").path()).expect("read"));
    }
    let holds = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(holds("Ashdown"), "the search finds what is there");
    for secret in SECRETS {
        assert!(!holds(secret), "{secret} is in the file");
    }
}

/// A ring of its own, so that a lost key file loses the data and a stolen file gives nothing away.
#[tokio::test(flavor = "multi_thread")]
async fn another_key_ring_opens_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::open_sqlite(&folder.path().join("lintel.sqlite"))
        .await
        .expect("opened");
    migrate::run(&db).await.expect("migrated");
    let world = World::on(&db);
    let who = world.principal(&world.lender().await).await;
    world.send(&who, "LOS-1", DOCUMENT).await.expect("taken");
    let rng = lintel_app::ports::SeededRng::new(99);
    rng.fill(&mut [0; 8]).expect("bytes");
    let other = App::new(
        db.clone(),
        KeyRing::in_memory(&rng).expect("a ring"),
        world.clock.clone(),
        std::sync::Arc::new(rng),
        lintel_rule_book::RuleBook::embedded().expect("the rule book"),
    );
    let id: Option<(String,)> = db
        .maybe("SELECT id FROM loan", Vec::new())
        .await
        .expect("read");
    let id = lintel_domain::id::RowId::new(id.expect("there").0);
    application(&other, &who.org.id, &id)
        .await
        .expect_err("another ring");
    db.close().await;
}
