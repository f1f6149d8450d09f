//! Mail of a version without an outbox moves over: what waited goes out as it would have, the rest is
//! history that can be looked at.

use std::collections::BTreeSet;
use std::sync::Arc;

use lintel_app::keys::Purpose;
use lintel_app::message::{DeliveryState, Filter, MailKind, list, one, retry};
use lintel_app::ports::MemoryPost;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_store::db::Db;
use lintel_store::vals;
use lintel_store::{migrate, organisation};

use crate::desk::world;
use crate::messages::mailbox;
use crate::world::World;

/// The version whose mail moves.
const BEFORE: i64 = 4;

async fn exec(db: &Db, sql: &str) {
    let mut tx = db.begin().await.expect("begun");
    tx.exec(sql, Vec::new()).await.expect("done");
    tx.commit().await.expect("committed");
}

/// Writes a mail as that version did; its row id.
async fn old_mail(
    world: &World,
    org: &Organisation,
    email: &str,
    ends: [Option<i64>; 3],
) -> String {
    let id = world.app.row_id().expect("drawn");
    let text = format!(
        "{{\"to_name\":\"Old\\r\\nName\",\"to_email\":\"{email}\",\"subject\":\"Old news\",\"text\":\"https://x.example/enter/aB3dE6gH9jK2mN5pQ8sT1vW4yZ7a\",\"html\":null}}"
    );
    let (keys, rng) = (world.app.keys(), world.app.rng());
    let sealed = keys.seal(Purpose::Mail, id.as_str(), text.as_bytes(), rng);
    let [locked, sent, failed] = ends;
    let args = vals![
        id.as_str(),
        org.id.as_str(),
        MailKind::Welcome.as_str(),
        sealed.expect("sealed"),
        world.app.now().micros(),
        3_i64,
        locked,
        sent,
        failed,
    ];
    let mut tx = world.app.db().begin().await.expect("begun");
    let sql = "INSERT INTO mail (id, org_id, kind, message_sealed, created_at_us, attempts, \
               locked_until_us, sent_at_us, failed_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    tx.exec(sql, args).await.expect("written");
    tx.commit().await.expect("committed");
    world.clock.advance(1);
    id.to_string()
}

/// Organisations as that version has them: the columns of today came later.
async fn old_org(
    world: &World,
    kind: OrganisationKind,
    parent: Option<&Organisation>,
) -> Organisation {
    let org = Organisation {
        id: world.app.row_id().expect("drawn"),
        public_id: world.app.public_id().expect("drawn"),
        kind,
        name: "Example".to_owned(),
        parent_id: parent.map(|p| p.id.clone()),
        nmls: None,
        is_active: true,
    };
    let mut tx = world.app.db().begin().await.expect("begun");
    organisation::insert_in(&mut tx, &org, world.app.now())
        .await
        .expect("added");
    tx.commit().await.expect("committed");
    org
}

async fn moves(db: Db) {
    let standing = migrate::run_to(&db, BEFORE).await.expect("migrated");
    assert_eq!((standing.applied, standing.is_current()), (BEFORE, false));
    let world = world(&db);
    let lender = old_org(&world, OrganisationKind::Wholesale, None).await;
    let broker = old_org(&world, OrganisationKind::Broker, Some(&lender)).await;
    let now = world.app.now().micros();
    let later = world.app.now().plus_seconds(600).micros();
    let waits = old_mail(&world, &lender, "waits@example.com", [None, None, None]).await;
    let held = old_mail(
        &world,
        &broker,
        "held@example.com",
        [Some(later), None, None],
    )
    .await;
    let sent = old_mail(&world, &lender, "sent@example.com", [None, Some(now), None]).await;
    let failed = old_mail(
        &world,
        &lender,
        "failed@example.com",
        [None, None, Some(now)],
    )
    .await;
    for n in 0..200 {
        old_mail(
            &world,
            &lender,
            &format!("s{n}@example.com"),
            [None, Some(now), None],
        )
        .await;
    }
    assert!(migrate::run(&db).await.expect("migrated").is_current());

    let ids: Vec<(String,)> = db
        .all("SELECT public_id FROM message", Vec::new())
        .await
        .expect("read");
    let distinct: BTreeSet<&String> = ids.iter().map(|(id,)| id).collect();
    assert_eq!((ids.len(), distinct.len()), (204, 204));
    assert!(
        ids.iter().all(|(id,)| PublicId::parse(id).is_some()),
        "{ids:?}"
    );

    let post = Arc::new(MemoryPost::default());
    world.deliver(&post).await;
    assert_eq!(
        post.handed_over(),
        1,
        "the other one is another node's for ten minutes"
    );
    let letter = &post.letters()[0];
    assert_eq!(letter.message_id, format!("{waits}@example.com"));
    assert_eq!(
        (letter.recipient.as_str(), letter.subject.as_str()),
        ("waits@example.com", "Old news")
    );
    assert_eq!(letter.to, [mailbox("Old Name", "waits@example.com")]);
    assert_eq!(letter.from, mailbox("Lintel", "no-reply@example.com"));
    world.clock.advance(600);
    world.deliver(&post).await;
    let reached: BTreeSet<String> = post.letters().into_iter().map(|l| l.message_id).collect();
    let expected = [waits, held].map(|id| format!("{id}@example.com"));
    assert_eq!(
        reached,
        BTreeSet::from(expected),
        "neither {sent} nor {failed} again"
    );

    looked_at(&world, &lender, &broker).await;
}

async fn looked_at(world: &World, lender: &Organisation, broker: &Organisation) {
    let of_lender = world.administrator(lender).await;
    let of_broker = world.administrator(broker).await;
    let filter = |state| Filter {
        state: Some(state),
        ..Filter::default()
    };
    let page = list(&world.app, &of_broker, &filter(DeliveryState::Sent))
        .await
        .expect("listed");
    assert_eq!(page.lines.len(), 1);
    assert_eq!(page.lines[0].recipients[0].address, "held@example.com");
    let page = list(&world.app, &of_lender, &filter(DeliveryState::Failed))
        .await
        .expect("listed");
    assert_eq!(page.lines.len(), 1);
    let id = page.lines[0].public_id.as_str();
    let view = one(&world.app, &of_lender, id).await.expect("shown");
    assert_eq!(
        view.text, "https://x.example/enter/•••",
        "nobody said then what is secret"
    );
    assert_eq!(view.line.recipients[0].attempts, 3);
    assert_eq!(retry(&world.app, &of_lender, id).await.expect("tried"), 1);
    let post = Arc::new(MemoryPost::default());
    world.deliver(&post).await;
    assert_eq!(post.letters()[0].recipient, "failed@example.com");
}

#[test]
fn old_mail_moves_on_sqlite() {
    lintel_testkit::on_sqlite(async |_| {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open_sqlite(&folder.path().join("old.sqlite"))
            .await
            .expect("opened");
        moves(db.clone()).await;
        db.close().await;
    });
}

#[test]
fn old_mail_moves_on_postgres() {
    lintel_testkit::on_postgres("messages_moved::old_mail_moves_on_postgres", async |db| {
        exec(&db, "DROP SCHEMA public CASCADE").await;
        exec(&db, "CREATE SCHEMA public").await;
        moves(db).await;
    });
}
