//! Pictures people send, honest and hostile: what is kept is small, ours, and the right way up.

use std::time::{Duration, Instant as StopWatch};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use image::{DynamicImage, GenericImageView as _};
use lintel_app::context::App;
use lintel_app::image::{ImageRefusal, Prepared, keep, open, prepare, register_in, store, url};
use lintel_domain::entry::Entry;
use lintel_domain::image::{ImageDraft, ImageKind, ImagePart, ImageSource, ImageUse};
use lintel_domain::refusal::Rule;
use lintel_testkit::{both, on_sqlite};
use ring::digest::{SHA256, digest};

use crate::pictures::*;
use crate::world::{NOON, World};

const UNREADABLE: ImageRefusal = ImageRefusal {
    part: ImagePart::Content,
    rule: Rule::Malformed,
};
const WRONG_KIND: ImageRefusal = ImageRefusal {
    part: ImagePart::Format,
    rule: Rule::Malformed,
};

fn draft(kind: ImageKind, bytes: &[u8]) -> ImageDraft {
    ImageDraft {
        kind: Entry::Given(kind),
        source: Some(ImageSource::Base64(BASE64.encode(bytes))),
    }
}

async fn look(app: &App, kind: ImageKind, bytes: &[u8]) -> Result<Prepared, ImageRefusal> {
    let made = prepare(app, draft(kind, bytes), ImageUse::Logo).await;
    made.expect("no fault")
}

/// What is kept of a picture, decoded again.
async fn kept(app: &App, picture: &Prepared) -> (Vec<u8>, DynamicImage) {
    keep(app, picture).await.expect("kept");
    let mut tx = app.db().begin().await.expect("begun");
    register_in(&mut tx, picture, NOON)
        .await
        .expect("registered");
    tx.commit().await.expect("committed");
    let served = open(app, &picture.name.to_string()).await.expect("asked");
    let bytes = served.expect("there").bytes;
    let decoded = image::load_from_memory(&bytes).expect("a picture");
    assert_eq!(
        (decoded.width(), decoded.height()),
        (picture.width_px, picture.height_px)
    );
    (bytes, decoded)
}

both! {
    async fn a_picture_is_kept_under_the_hash_of_what_is_kept(db) {
        let world = World::on(&db);
        let app = &world.app;
        app.set_public_url("https://loans.example.com/");
        for (kind, bytes) in [
            (ImageKind::Png, png_of(&gradient(700, 300))),
            (ImageKind::Jpg, jpg_of(&gradient(700, 300))),
        ] {
            let made = store(app, draft(kind, &bytes), ImageUse::Logo).await.expect("no fault");
            let made = made.expect("a picture");
            assert_eq!((made.width_px, made.height_px), (600, 257));
            let name = made.name.to_string();
            assert_eq!(open(app, &name).await.expect("asked"), None, "not registered yet");
            let (kept, _) = kept(app, &made).await;
            let hash: String = digest(&SHA256, &kept).as_ref().iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(name, format!("{hash}.{kind}"));
            let served = open(app, &name).await.expect("asked").expect("there");
            assert_eq!((served.etag, served.media_type), (format!("\"{hash}\""), kind.media_type()));
            let address = url(app, &name).expect("a public address");
            assert_eq!(address, format!("https://loans.example.com/images/{name}"));
            // The same picture again is the same, and the other kind of it is nothing.
            let again = store(app, draft(kind, &bytes), ImageUse::Logo).await.expect("no fault");
            assert_eq!(again.as_ref(), Ok(&made));
            let other = if kind == ImageKind::Png { "jpg" } else { "png" };
            assert_eq!(open(app, &format!("{hash}.{other}")).await.expect("asked"), None);
        }
        assert_eq!(world.rows("image").await, 2);
        for name in ["", "x", "../secret.png", &format!("{}.png", "0".repeat(64))] {
            assert_eq!(open(app, name).await.expect("asked"), None, "{name}");
        }
    }
}

#[test]
fn pictures_fit_their_use_and_are_never_enlarged() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        for (use_, from, to) in [
            (ImageUse::Logo, (600, 300), (600, 300)),
            (ImageUse::Logo, (10, 7), (10, 7)),
            (ImageUse::Logo, (1200, 300), (600, 150)),
            (ImageUse::Logo, (300, 1200), (75, 300)),
            (ImageUse::Logo, (6000, 1), (600, 1)),
            (ImageUse::Logo, (1, 6000), (1, 300)),
            (ImageUse::Favicon, (256, 256), (128, 128)),
            (ImageUse::Favicon, (16, 16), (16, 16)),
            (ImageUse::Headshot, (3000, 2000), (512, 341)),
            (ImageUse::Headshot, (2000, 4000), (256, 512)),
        ] {
            let bytes = png_of(&gradient(from.0, from.1));
            let made = prepare(&app, draft(ImageKind::Png, &bytes), use_).await;
            let made = made.expect("no fault").expect("a picture");
            assert_eq!((made.width_px, made.height_px), to, "{from:?}");
        }
    });
}

#[test]
fn every_layout_of_pixels_is_read() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        let rgb = gradient(40, 30);
        let row = |bytes: &[u8]| [&[0_u8], bytes].concat();
        let indexed = png(
            &header(2, 2, 8, 3),
            &[
                chunk(b"PLTE", &[255, 0, 0, 0, 0, 255]),
                chunk(b"tRNS", &[255, 0]),
                chunk(
                    b"IDAT",
                    &zlib_stored(&[row(&[0, 1]), row(&[1, 0])].concat()),
                ),
            ],
        );
        let bits = png(
            &header(3, 2, 1, 0),
            &[chunk(
                b"IDAT",
                &zlib_stored(&[row(&[0xa0]), row(&[0x40])].concat()),
            )],
        );
        for (what, bytes, has_alpha) in [
            ("rgb", png_of(&rgb), false),
            ("rgba", png_of(&rgb.to_rgba8().into()), true),
            ("grey", png_of(&rgb.to_luma8().into()), false),
            (
                "grey with alpha",
                png_of(&rgb.to_luma_alpha8().into()),
                true,
            ),
            ("16 bit", png_of(&rgb.to_rgb16().into()), false),
            ("16 bit with alpha", png_of(&rgb.to_rgba16().into()), true),
            ("16 bit grey", png_of(&rgb.to_luma16().into()), false),
            ("indexed with transparency", indexed, true),
            ("one bit", bits, false),
        ] {
            let made = look(&app, ImageKind::Png, &bytes).await;
            let made = made.unwrap_or_else(|e| panic!("{what}: {e:?}"));
            let (kept, decoded) = kept(&app, &made).await;
            assert_eq!(decoded.color().has_alpha(), has_alpha, "{what}");
            assert_eq!(kept[24], 8, "{what}: bits a channel");
        }
        for (what, bytes) in [
            ("colour", jpg_of(&rgb)),
            ("grey", jpg_of(&rgb.to_luma8().into())),
            ("cmyk", cmyk()),
            ("progressive", progressive(64, 3)),
        ] {
            let made = look(&app, ImageKind::Jpg, &bytes).await;
            let made = made.unwrap_or_else(|e| panic!("{what}: {e:?}"));
            let (_, decoded) = kept(&app, &made).await;
            assert_eq!(decoded.color(), image::ColorType::Rgb8, "{what}");
        }
    });
}

/// Scaled down, the colours are still where they were, and what is transparent lends none.
#[test]
fn scaling_keeps_colours() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        let made = look(&app, ImageKind::Png, &png_of(&gradient(2400, 1200))).await;
        let (_, small) = kept(&app, &made.expect("a picture")).await;
        for (x, y, expected) in [
            (300, 150, [127, 127, 128]),
            (60, 30, [25, 25, 128]),
            (599, 299, [254, 254, 128]),
        ] {
            let found = small.get_pixel(x, y).0;
            for channel in 0..3 {
                let off = found[channel].abs_diff(expected[channel]);
                assert!(off <= 3, "{x},{y}: {found:?}");
            }
        }
        // Left half red, right half invisible green: no green at the seam.
        let half = image::RgbaImage::from_fn(1200, 600, |x, _| {
            image::Rgba(if x < 600 {
                [255, 0, 0, 255]
            } else {
                [0, 255, 0, 0]
            })
        });
        let made = look(&app, ImageKind::Png, &png_of(&half.into())).await;
        let (_, small) = kept(&app, &made.expect("a picture")).await;
        for (x, y, pixel) in small.pixels() {
            assert!(pixel.0[1] < 8 || pixel.0[3] < 8, "{x},{y}: {pixel:?}");
        }
    });
}

#[test]
fn pictures_are_turned_the_right_way_up_and_notes_are_gone() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        // Dark on the left, bright on the right.
        let lying = DynamicImage::ImageLuma8(image::GrayImage::from_fn(64, 32, |x, _| {
            image::Luma([if x < 32 { 10 } else { 240 }])
        }));
        for (turn, size, top_left) in [
            (1, (64, 32), 10),
            (3, (64, 32), 240),
            (6, (32, 64), 10),
            (8, (32, 64), 240),
        ] {
            let noted = with_segment(&jpg_of(&lying), 0xe1, &orientation(turn));
            let made = look(&app, ImageKind::Jpg, &noted).await.expect("a picture");
            let (bytes, decoded) = kept(&app, &made).await;
            assert_eq!((decoded.width(), decoded.height()), size, "{turn}");
            let found = decoded.get_pixel(2, 2).0[0];
            assert!(found.abs_diff(top_left) < 12, "{turn}: {found}");
            assert!(!bytes.windows(4).any(|w| w == b"Exif"), "{turn}");
        }
        let secret = b"Comment\0GPS 40.0 -70.0, Ann Example";
        let noted = with_chunks(
            &png_of(&gradient(20, 20)),
            &[chunk(b"tEXt", secret), chunk(b"eXIf", &orientation(6)[6..])],
        );
        let made = look(&app, ImageKind::Png, &noted).await.expect("a picture");
        let (bytes, _) = kept(&app, &made).await;
        assert!(!bytes.windows(3).any(|w| w == b"GPS" || w == b"eXI"));
        let commented = with_segment(&jpg_of(&gradient(20, 20)), 0xfe, secret);
        let made = look(&app, ImageKind::Jpg, &commented)
            .await
            .expect("a picture");
        assert!(!kept(&app, &made).await.0.windows(3).any(|w| w == b"GPS"));
    });
}

/// A file that is a picture and something else is, once kept, a picture only.
#[test]
fn nothing_after_the_end_is_kept() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        let tail = b"<script>alert(1)</script>PK\x03\x04";
        for (kind, mut bytes) in [
            (ImageKind::Png, png_of(&gradient(20, 20))),
            (ImageKind::Jpg, jpg_of(&gradient(20, 20))),
        ] {
            bytes.extend_from_slice(tail);
            let made = look(&app, kind, &bytes).await.expect("a picture");
            let (kept, _) = kept(&app, &made).await;
            assert!(!kept.windows(8).any(|w| w == b"<script>"), "{kind}");
            assert!(!kept.windows(4).any(|w| w == b"PK\x03\x04"), "{kind}");
        }
    });
}

#[test]
fn what_is_said_must_be_what_it_is() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        let (png, jpg) = (png_of(&gradient(8, 8)), jpg_of(&gradient(8, 8)));
        assert_eq!(look(&app, ImageKind::Jpg, &png).await, Err(WRONG_KIND));
        assert_eq!(look(&app, ImageKind::Png, &jpg).await, Err(WRONG_KIND));
        let bytes = |bytes: &[u8]| Some(ImageSource::Bytes(bytes.to_vec()));
        let text = |bytes: &[u8]| Some(ImageSource::Base64(BASE64.encode(bytes)));
        let missing = |part| {
            Some(ImageRefusal {
                part,
                rule: Rule::Missing,
            })
        };
        for (kind, source, expected) in [
            (Entry::Absent, bytes(&png), None),
            (Entry::Absent, text(&png), missing(ImagePart::Format)),
            (Entry::Unreadable, bytes(&png), Some(WRONG_KIND)),
            (
                Entry::Given(ImageKind::Png),
                None,
                missing(ImagePart::Content),
            ),
            (
                Entry::Given(ImageKind::Png),
                text(b""),
                missing(ImagePart::Content),
            ),
            (
                Entry::Given(ImageKind::Png),
                text(b"GIF89a"),
                Some(UNREADABLE),
            ),
        ] {
            let made = prepare(&app, ImageDraft { kind, source }, ImageUse::Favicon).await;
            assert_eq!(made.expect("no fault").err(), expected, "{kind:?}");
        }
    });
}

/// Everything here is refused, fast, without much memory.
fn hostile_pngs() -> Vec<(&'static str, ImageKind, Vec<u8>)> {
    let idat = |bytes: &[u8]| chunk(b"IDAT", &zlib_stored(bytes));
    let zeros = |count: usize| chunk(b"IDAT", &zlib_zeros(count));
    let small = png_of(&gradient(8, 8));
    let mut broken_sum = small.clone();
    let at = broken_sum.len() - 20;
    broken_sum[at] ^= 0xff;
    let png_case = |what, bytes| (what, ImageKind::Png, bytes);
    vec![
        png_case("a signature alone", SIGNATURE.to_vec()),
        png_case("no picture", png(&header(8, 8, 8, 2), &[])),
        png_case("no width", png(&header(0, 8, 8, 2), &[idat(&[0; 8])])),
        png_case("no height", png(&header(8, 0, 8, 2), &[idat(&[0; 8])])),
        png_case("too wide", png(&header(6001, 1, 8, 0), &[idat(&[0; 6002])])),
        png_case(
            "too high",
            png(&header(1, 6001, 8, 0), &[idat(&[0; 12_002])]),
        ),
        png_case(
            "too many pixels",
            png(&header(4001, 4001, 8, 0), &[zeros(4002 * 4001)]),
        ),
        png_case(
            "a claim of four thousand million pixels",
            png(&header(65_535, 65_535, 8, 6), &[zeros(1_000_000)]),
        ),
        png_case(
            "the largest claim there is",
            png(&header(u32::MAX, u32::MAX, 16, 6), &[zeros(1000)]),
        ),
        png_case(
            "too much memory",
            png(&header(4000, 4000, 16, 6), &[zeros(32_001 * 4000)]),
        ),
        png_case(
            "less than it says",
            png(&header(4000, 4000, 8, 6), &[idat(&[0; 1000])]),
        ),
        png_case(
            "an unknown colour type",
            png(&header(8, 8, 8, 5), &[idat(&[0; 200])]),
        ),
        png_case(
            "an unknown depth",
            png(&header(8, 8, 7, 2), &[idat(&[0; 200])]),
        ),
        png_case(
            "colours without a palette",
            png(&header(2, 2, 8, 3), &[idat(&[0; 6])]),
        ),
        png_case(
            "the header twice",
            with_chunks(&small, &[header(9, 9, 8, 2)]),
        ),
        png_case(
            "no compressed data",
            png(&header(8, 8, 8, 2), &[chunk(b"IDAT", b"hello")]),
        ),
        png_case("a wrong sum", broken_sum),
        png_case(
            "a chunk longer than the file",
            [&SIGNATURE[..], &[0xff; 4], b"IHDR"].concat(),
        ),
        png_case("no end", small[..small.len() - 12].to_vec()),
    ]
}

/// The same, of the other kind.
fn hostile_jpgs() -> Vec<(&'static str, ImageKind, Vec<u8>)> {
    let jpg_case = |what, bytes| (what, ImageKind::Jpg, bytes);
    let flat = |header: Vec<u8>, scans: &[u8]| [&jpg_start()[..], &header, scans, &END].concat();
    let one_scan = scan(1, [0, 63, 0], &[0]);
    vec![
        jpg_case("a signature alone", vec![0xff, 0xd8, 0xff]),
        jpg_case("no picture", [&[0xff, 0xd8][..], &END].concat()),
        jpg_case("too wide", flat(frame(0xc0, 6001, 1, 1), &one_scan)),
        jpg_case(
            "too many pixels",
            flat(frame(0xc0, 5000, 5000, 1), &one_scan),
        ),
        jpg_case(
            "the largest claim there is",
            flat(frame(0xc2, 65_535, 65_535, 4), &one_scan),
        ),
        jpg_case("no height", flat(frame(0xc0, 8, 0, 1), &one_scan)),
        jpg_case(
            "a scan before the frame",
            [&jpg_start()[..], &one_scan, &frame(0xc0, 8, 8, 1), &END].concat(),
        ),
        jpg_case(
            "two frames",
            flat(
                [frame(0xc0, 8, 8, 1), frame(0xc0, 8, 8, 1)].concat(),
                &one_scan,
            ),
        ),
        jpg_case("lossless", flat(frame(0xc3, 8, 8, 1), &one_scan)),
        jpg_case("arithmetic codes", flat(frame(0xc9, 8, 8, 1), &one_scan)),
        jpg_case("nine components", flat(frame(0xc0, 8, 8, 9), &one_scan)),
        jpg_case(
            "a picture within",
            flat(
                frame(0xc0, 8, 8, 1),
                &[&[0xff, 0xd8][..], &one_scan].concat(),
            ),
        ),
        jpg_case("a thousand passes", progressive(3000, 1000)),
        jpg_case(
            "no end",
            [&jpg_start()[..], &frame(0xc0, 8, 8, 1), &one_scan].concat(),
        ),
    ]
}

#[test]
fn hostile_pictures_are_refused_at_once() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        for (what, kind, bytes) in hostile_pngs().into_iter().chain(hostile_jpgs()) {
            let watch = StopWatch::now();
            assert_eq!(
                look(&app, kind, &bytes).await,
                Err(UNREADABLE),
                "{kind}: {what}"
            );
            let spent = watch.elapsed();
            assert!(
                spent < Duration::from_secs(3),
                "{kind}: {what} took {spent:?}"
            );
        }
    });
}

#[test]
fn other_files_are_no_pictures() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        for bytes in [
            &b"GIF89a\x01\0\x01\0\0\0\0;"[..],
            b"RIFF\x0c\0\0\0WEBPVP8 ",
            b"BM\x3a\0\0\0",
            b"\0\0\x01\0\x01\0",
            b"%PDF-1.7",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
            b"<!DOCTYPE html>",
            b"II*\0",
            b"\x89PNG",
            b"\xff\xd8",
            b" ",
        ] {
            for kind in ImageKind::ALL {
                assert_eq!(look(&app, *kind, bytes).await, Err(UNREADABLE));
            }
        }
        let mut long = png_of(&gradient(8, 8));
        long.resize(2 * 1024 * 1024 + 1, 0);
        assert_eq!(
            look(&app, ImageKind::Png, &long).await,
            Err(UNREADABLE),
            "too long"
        );
        long.pop();
        look(&app, ImageKind::Png, &long)
            .await
            .expect("just short enough");
    });
}

/// Cut off anywhere, a picture is refused: half a face is no face.
#[test]
fn what_was_cut_off_is_refused() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        for (kind, bytes) in [
            (ImageKind::Png, png_of(&gradient(40, 30))),
            (ImageKind::Jpg, jpg_of(&gradient(40, 30))),
        ] {
            for cut in (1..bytes.len()).step_by(7).chain([bytes.len() - 1]) {
                let made = look(&app, kind, &bytes[..cut]).await;
                assert_eq!(made.err(), Some(UNREADABLE), "{kind} at {cut}");
            }
        }
    });
}

/// Small files that ask for much: taken, because they are pictures, and bounded in time.
#[test]
fn the_largest_pictures_there_may_be_are_still_quick() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        let zeros = |width: u32, height: u32, pixel: usize, kind: u8| {
            let row = usize::try_from(width).expect("small") * pixel + 1;
            let rows = usize::try_from(height).expect("small");
            png(
                &header(width, height, 8, kind),
                &[chunk(b"IDAT", &zlib_zeros(row * rows))],
            )
        };
        for (what, kind, bytes) in [
            ("grey", ImageKind::Png, zeros(4000, 4000, 1, 0)),
            ("with alpha", ImageKind::Png, zeros(4000, 4000, 4, 6)),
            ("wide", ImageKind::Png, zeros(6000, 2666, 3, 2)),
            ("passes", ImageKind::Jpg, progressive(2000, 60)),
        ] {
            assert!(
                bytes.len() < 2 * 1024 * 1024,
                "{what}: {} bytes",
                bytes.len()
            );
            let watch = StopWatch::now();
            look(&app, kind, &bytes)
                .await
                .unwrap_or_else(|e| panic!("{what}: {e:?}"));
            let spent = watch.elapsed();
            assert!(spent < Duration::from_secs(20), "{what} took {spent:?}");
            println!("{what}: {} bytes, {spent:?}", bytes.len());
        }
    });
}

/// Compressed texts and profiles are dropped unread, or refused; never unpacked without end.
#[test]
fn compressed_notes_are_no_way_in() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        let small = png_of(&gradient(20, 20));
        let packed = |start: &[u8]| [start, &zlib_zeros(400_000_000)].concat();
        for (what, note) in [
            ("zTXt", chunk(b"zTXt", &packed(b"Comment\0\0"))),
            (
                "iTXt",
                chunk(b"iTXt", &packed(b"XML:com.adobe.xmp\0\x01\0\0\0")),
            ),
            ("iCCP", chunk(b"iCCP", &packed(b"profile\0\0"))),
        ] {
            let watch = StopWatch::now();
            let made = look(&app, ImageKind::Png, &with_chunks(&small, &[note])).await;
            assert!(made.is_ok() || made == Err(UNREADABLE), "{what}: {made:?}");
            let spent = watch.elapsed();
            assert!(spent < Duration::from_secs(5), "{what} took {spent:?}");
        }
    });
}

/// An animation is its first picture.
#[test]
fn an_animation_stands_still() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        let small = png_of(&gradient(20, 20));
        let control = chunk(b"acTL", &[0, 0, 0, 100, 0, 0, 0, 0]);
        let made = look(&app, ImageKind::Png, &with_chunks(&small, &[control])).await;
        let (bytes, _) = kept(&app, &made.expect("a picture")).await;
        assert!(!bytes.windows(4).any(|w| w == b"acTL" || w == b"fdAT"));
    });
}

/// Bytes changed at random: an answer each time, and what is taken decodes.
#[test]
fn damaged_pictures_are_pictures_or_refused() {
    on_sqlite(|db| async move {
        let app = World::on(&db).app;
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = move |below: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % u64::try_from(below).expect("small")).expect("small")
        };
        let mut taken = 0;
        for round in 0..600 {
            let (kind, mut bytes) = match round % 3 {
                0 => (ImageKind::Png, png_of(&gradient(24, 16))),
                1 => (ImageKind::Jpg, jpg_of(&gradient(24, 16))),
                _ => (ImageKind::Jpg, progressive(64, 3)),
            };
            for _ in 0..=next(4) {
                let at = next(bytes.len());
                bytes[at] = u8::try_from(next(256)).expect("a byte");
            }
            match look(&app, kind, &bytes).await {
                Ok(made) => {
                    taken += 1;
                    kept(&app, &made).await;
                }
                Err(refusal) => assert!(refusal == UNREADABLE || refusal == WRONG_KIND),
            }
        }
        assert!(taken > 20, "only {taken} were taken, so little was tried");
    });
}
