//! Files that go with a mail: sealed with it, handed over as they were, bounded.

use std::sync::Arc;

use lintel_app::message::{ATTACHMENTS_MAX, ATTACHMENTS_MAX_LEN, Attachment, MailDraft, list, one};
use lintel_app::ports::MemoryPost;
use lintel_testkit::both;

use crate::desk::world;
use crate::messages::mail;
use crate::secrecy::dump;

fn file(name: &str, kind: &str, bytes: Vec<u8>) -> Attachment {
    Attachment {
        name: name.to_owned(),
        content_type: kind.to_owned(),
        bytes,
    }
}

fn with(attachments: Vec<Attachment>) -> MailDraft {
    MailDraft {
        attachments,
        ..mail("wilma@example.com")
    }
}

both! {
    async fn files_are_sealed_and_arrive_as_they_were(db) {
        let world = world(&db);
        let org = world.lender().await;
        let bytes: Vec<u8> = b"Cormorant".iter().copied().chain(0..=255).collect();
        let files = vec![file("FINE 4711.pdf", "application/pdf", bytes.clone()), file("b.txt", "text/plain", Vec::new())];
        world.write(&org, &with(files.clone())).await;
        let stored = dump(&db).await;
        assert!(!stored.finds("Cormorant") && !stored.finds("4711") && !stored.finds("Q29ybW9yYW50"));
        let who = world.administrator(&org).await;
        let listed = list(&world.app, &who, &Default::default()).await.expect("listed");
        let view = one(&world.app, &who, listed.lines[0].public_id.as_str()).await.expect("shown");
        assert_eq!(view.attachments, [("FINE 4711.pdf".to_owned(), bytes.len()), ("b.txt".to_owned(), 0)]);
        let post = Arc::new(MemoryPost::default());
        world.deliver(&post).await;
        let letters = post.letters();
        let letter = letters.last().expect("a letter");
        assert_eq!(letter.attachments, files);
    }

    async fn too_many_too_long_and_unnamed_files_are_refused(db) {
        let world = world(&db);
        let org = world.lender().await;
        let small = || file("a.pdf", "application/pdf", b"x".to_vec());
        let most = vec![small(); ATTACHMENTS_MAX];
        assert!(world.try_write(&org, &with(most)).await.is_ok());
        let long = file("a.pdf", "application/pdf", vec![0; ATTACHMENTS_MAX_LEN]);
        assert!(world.try_write(&org, &with(vec![long.clone()])).await.is_ok());
        for bad in [
            vec![small(); ATTACHMENTS_MAX + 1],
            vec![long, small()],
            vec![file("", "application/pdf", Vec::new())],
            vec![file("../a.pdf", "application/pdf", Vec::new())],
            vec![file("a\\b.pdf", "application/pdf", Vec::new())],
            vec![file("a\r\nb.pdf", "application/pdf", Vec::new())],
            vec![file("a.pdf", "application", Vec::new())],
            vec![file("a.pdf", "text/html; charset=utf-8", Vec::new())],
            vec![file("a.pdf", "a/b\r\nX: 1", Vec::new())],
        ] {
            assert!(world.try_write(&org, &with(bad)).await.is_err());
        }
    }
}
