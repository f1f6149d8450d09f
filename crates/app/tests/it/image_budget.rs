//! How much work the pictures of one request may be.

use lintel_app::image::Budget;
use lintel_domain::entry::Entry;
use lintel_domain::image::{ImageDraft, ImageKind, ImageSource, ImageUse};
use lintel_testkit::on_sqlite;

use crate::pictures::{chunk, header, png, progressive, zlib_zeros};
use crate::world::World;

/// Small files that are much work are refused unread once a request had its share, and so is one that
/// would need more than its share alone.
#[test]
fn a_request_has_a_budget() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        let all = async |count: usize, kind: ImageKind, bytes: Vec<u8>| {
            let mut budget = Budget::default();
            let mut ends = Vec::new();
            for _ in 0..count {
                let draft = ImageDraft {
                    kind: Entry::Given(kind),
                    source: Some(ImageSource::Bytes(bytes.clone())),
                };
                let end = budget.prepare(&app, draft, ImageUse::Headshot).await;
                ends.push(end.expect("looked at").is_ok());
            }
            ends
        };
        // Three passes beside the decoder's: 2000 by 2000 pixels, 61 of them.
        let ends = all(4, ImageKind::Jpg, progressive(2000, 60)).await;
        assert_eq!(ends, [true, true, false, false]);
        assert_eq!(all(1, ImageKind::Jpg, progressive(4000, 60)).await, [false]);
        let small = png(&header(1, 1, 8, 0), &[chunk(b"IDAT", &zlib_zeros(2))]);
        let ends = all(321, ImageKind::Png, small).await;
        assert_eq!(ends.iter().filter(|is_fine| **is_fine).count(), 319);
    });
}
