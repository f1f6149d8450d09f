//! Mail: nothing lost, nothing written twice under another name, nothing in clear.

use std::os::unix::fs::PermissionsExt as _;

use lintel_app::mail::{FolderPost, deliver};
use lintel_app::password::ask_reset;
use lintel_app::ports::{MemoryPost, Post as _};
use lintel_testkit::both;

use crate::desk::{SENDER, URL, readable, visitor, world};
use crate::secrecy::dump;
use crate::world::World;

/// Has a letter written to somebody.
async fn write(world: &World, email: &str) {
    ask_reset(&world.app, email, &visitor())
        .await
        .expect("asked");
}

/// A world with one letter waiting.
async fn with_letter(db: &lintel_store::db::Db) -> World {
    let world = world(db);
    let org = world.lender().await;
    world.officer(&org, "olive@example.com").await;
    write(&world, "olive@example.com").await;
    assert_eq!(world.rows("mail").await, 1);
    world
}

async fn open_letters(world: &World) -> i64 {
    lintel_store::mail::waiting(world.app.db())
        .await
        .expect("counted")
}

both! {
    async fn a_letter_goes_out_once(db) {
        let world = with_letter(&db).await;
        let post = MemoryPost::default();
        assert_eq!(deliver(&world.app, &post, SENDER).await.expect("delivered"), 1);
        world.pass_days(1);
        assert_eq!(deliver(&world.app, &post, SENDER).await.expect("delivered"), 0);
        assert_eq!((post.handed_over(), open_letters(&world).await), (1, 0));
        let letter = &post.letters()[0];
        assert_eq!(letter.to, "olive@example.com");
        let text = readable(&letter.bytes);
        for piece in [
            "From: \"Lintel\" <no-reply@example.com>\r\n",
            "To: \"Olive Officer\" <olive@example.com>\r\n",
            "Subject: A new password for your account at Example retail\r\n",
            &format!("Message-ID: <{}@example.com>\r\n", letter.id),
            &format!("{URL}/lender/new-password/"),
        ] {
            assert!(text.contains(piece), "{piece} in {text}");
        }
    }

    async fn nothing_of_a_letter_is_in_clear(db) {
        let world = with_letter(&db).await;
        let stored = dump(&db).await;
        for text in ["new-password", "Somebody, probably you", "A new password for"] {
            assert!(!stored.finds(text), "{text}");
        }
        let letters = world.letters(&MemoryPost::default()).await;
        let (_, rest) = letters[0].split_once("/new-password/").expect("a link");
        assert!(!dump(&db).await.finds(&rest[..50]), "the link is in clear");
    }

    async fn several_postmen_share_the_work(db) {
        let world = world(&db);
        let org = world.lender().await;
        for at in 0..12 {
            let email = format!("olive{at}@example.com");
            world.officer(&org, &email).await;
            write(&world, &email).await;
        }
        let post = std::sync::Arc::new(MemoryPost::default());
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (app, post) = (world.app.clone(), post.clone());
            tasks.spawn(async move { deliver(&app, &*post, SENDER).await });
        }
        while let Some(done) = tasks.join_next().await {
            done.expect("ended").expect("delivered");
        }
        // One that lost every race for a letter may have gone home early; the next round has it.
        deliver(&world.app, &*post, SENDER).await.expect("delivered");
        assert_eq!((post.letters().len(), post.handed_over()), (12, 12));
    }

    async fn a_post_office_that_is_closed_is_tried_again(db) {
        let world = with_letter(&db).await;
        let post = MemoryPost::default();
        post.fail(3);
        let mut handed = Vec::new();
        for wait in [0, 9, 1, 19, 1, 39, 1] {
            world.clock.advance(wait);
            handed.push(deliver(&world.app, &post, SENDER).await.expect("delivered"));
        }
        assert_eq!(handed, [0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(post.handed_over(), 1);
    }

    async fn after_twenty_attempts_a_letter_is_given_up(db) {
        let world = with_letter(&db).await;
        let post = MemoryPost::default();
        post.fail(1000);
        for _ in 0..25 {
            deliver(&world.app, &post, SENDER).await.expect("delivered");
            world.clock.advance(6 * 3600);
        }
        assert_eq!(open_letters(&world).await, 0);
        let left: Option<(i64,)> = db
            .maybe("SELECT attempts FROM mail WHERE failed_at_us IS NOT NULL", Vec::new())
            .await
            .expect("read");
        assert_eq!(left, Some((20,)));
    }

    /// A postman that dies with a letter in his hands: another takes it when the lease is over, and it
    /// is the same letter.
    async fn a_letter_in_dead_hands_is_taken_over(db) {
        let world = with_letter(&db).await;
        let post = MemoryPost::default();
        let begin = world.app.now();
        let mut tx = db.begin().await.expect("begun");
        let claimed = lintel_store::mail::claim_in(&mut tx, begin, begin.plus_seconds(120)).await;
        assert!(claimed.expect("asked").is_some());
        tx.commit().await.expect("committed");
        world.clock.advance(119);
        assert_eq!(deliver(&world.app, &post, SENDER).await.expect("delivered"), 0);
        world.clock.advance(1);
        assert_eq!(deliver(&world.app, &post, SENDER).await.expect("delivered"), 1);
        // As if the first had come so far that only the note was missing.
        let first = post.letters()[0].clone();
        world.meddle("UPDATE mail SET sent_at_us = NULL, locked_until_us = NULL").await;
        world.pass_days(1);
        deliver(&world.app, &post, SENDER).await.expect("delivered");
        assert_eq!((post.letters().len(), post.handed_over()), (1, 2));
        assert_eq!(post.letters()[0].bytes, first.bytes);
    }

    /// A letter that cannot be read does not hold up those behind it.
    async fn a_spoilt_letter_waits_alone(db) {
        let world = with_letter(&db).await;
        let mut tx = db.begin().await.expect("begun");
        let spoilt = lintel_store::vals![b"spoilt".as_slice()];
        tx.exec("UPDATE mail SET message_sealed = $1", spoilt).await.expect("changed");
        tx.commit().await.expect("committed");
        let org = world.lender().await;
        world.officer(&org, "other@example.com").await;
        world.clock.advance(1);
        write(&world, "other@example.com").await;
        let post = MemoryPost::default();
        assert_eq!(deliver(&world.app, &post, SENDER).await.expect("delivered"), 1);
        assert_eq!(post.letters()[0].to, "other@example.com");
    }

    async fn names_bring_no_headers(db) {
        let world = world(&db);
        let org = world.lender().await;
        world.officer(&org, "olive@example.com").await;
        let name = "Eve\r\nBcc: all@example.com\r\n\r\nBuy";
        world.meddle(&format!("UPDATE staff SET first_name = '{name}'")).await;
        world.meddle(&format!("UPDATE organisation SET name = '{name}'")).await;
        write(&world, "olive@example.com").await;
        let letters = world.letters(&MemoryPost::default()).await;
        let (head, _) = letters[0].split_once("\r\n\r\n").expect("a head");
        assert!(head.lines().all(|line| !line.starts_with("Bcc")), "{head}");
        assert!(head.contains("Content-Transfer-Encoding"), "{head}");
    }

    async fn addresses_that_are_none_are_not_written_to(db) {
        let world = world(&db);
        let org = world.lender().await;
        for email in ["no address", "a@example.com, b@example.com", "a@example.com\nBcc: b@example.com"] {
            world.officer(&org, email).await;
            write(&world, email).await;
        }
        assert_eq!(world.rows("mail").await, 0);
    }
}

#[test]
fn letters_are_files_for_their_owner_only() {
    lintel_testkit::on_sqlite(async |db| {
        let world = with_letter(&db).await;
        let scratch = tempfile::tempdir().expect("a folder");
        let folder = scratch.path().join("deep/mail");
        let post = FolderPost::new(folder.clone());
        deliver(&world.app, &post, SENDER).await.expect("delivered");
        let kept = MemoryPost::default();
        world.meddle("UPDATE mail SET sent_at_us = NULL").await;
        deliver(&world.app, &kept, SENDER).await.expect("delivered");
        let letter = &kept.letters()[0];
        // A process that was killed between writing and moving left this behind.
        let half = folder.join(format!(".{}.part", letter.id));
        std::fs::write(&half, "half a let").expect("written");
        post.send(letter).await.expect("sent again");
        let names: Vec<String> = std::fs::read_dir(&folder)
            .expect("a folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("text")
            })
            .collect();
        assert_eq!(names, [format!("{}.eml", letter.id)]);
        let file = folder.join(&names[0]);
        assert_eq!(std::fs::read(&file).expect("read"), letter.bytes);
        let mode = |path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
    });
}

#[test]
fn a_folder_that_cannot_be_written_loses_nothing() {
    lintel_testkit::on_sqlite(async |db| {
        let world = with_letter(&db).await;
        let scratch = tempfile::tempdir().expect("a folder");
        let place = scratch.path().join("mail");
        std::fs::write(&place, "a file where the folder should be").expect("written");
        let post = FolderPost::new(place.clone());
        assert_eq!(
            deliver(&world.app, &post, SENDER).await.expect("delivered"),
            0
        );
        std::fs::remove_file(&place).expect("removed");
        world.clock.advance(10);
        assert_eq!(
            deliver(&world.app, &post, SENDER).await.expect("delivered"),
            1
        );
    });
}
