//! A folder of files: what is found, and what no number reaches.

use std::fs;

use lintel_app::ports::LosFaultKind;
use lintel_los::MAX_BYTES;

use crate::world::{World, block_on, folder, kind};

#[test]
fn files_are_found_by_number_and_by_guid() {
    let place = tempfile::tempdir().expect("a folder");
    let write = |name: &str| fs::write(place.path().join(name), name).expect("written");
    let long = "9".repeat(100);
    let of_long = format!("{long}.xml");
    for name in [
        "2026-11.xml",
        "2026%2F11.xml",
        "{8A1B-77}.xml",
        "Müller 7.xml",
        "貸付.xml",
        "a%00b.xml",
        "%2E..xml",
        &of_long,
    ] {
        write(name);
    }
    let settings = folder(place.path());
    let world = World::new();
    block_on(async {
        for (id, guid, name) in [
            ("2026-11", None, "2026-11.xml"),
            ("2026-11", Some("{8A1B-77}"), "2026-11.xml"),
            ("unknown", Some("{8A1B-77}"), "{8A1B-77}.xml"),
            ("2026/11", None, "2026%2F11.xml"),
            ("Müller 7", None, "Müller 7.xml"),
            ("貸付", None, "貸付.xml"),
            // Names no system would give, but each has exactly one place, inside.
            ("a\0b", None, "a%00b.xml"),
            ("..", None, "%2E..xml"),
            (&long, None, &of_long),
        ] {
            let answer = world.fetch(&settings, id, guid).await;
            assert_eq!(World::text(answer), name, "{id:?}");
        }
    });
}

#[test]
fn no_number_leads_out_of_the_folder() {
    let place = tempfile::tempdir().expect("a folder");
    let inside = place.path().join("loans");
    fs::create_dir(&inside).expect("made");
    fs::create_dir(inside.join("sub")).expect("made");
    fs::write(place.path().join("secret.xml"), "secret").expect("written");
    fs::write(inside.join("sub/deep.xml"), "deep").expect("written");
    fs::write(inside.join(".hidden.xml"), "hidden").expect("written");
    fs::write(inside.join("plain"), "no ending").expect("written");
    let settings = folder(&inside);
    let world = World::new();
    let absolute = place.path().join("secret").display().to_string();
    let wide = "貸".repeat(100);
    block_on(async {
        for id in [
            "../secret",
            "..\\secret",
            "%2e%2e/secret",
            "../../../../etc/passwd",
            &absolute,
            "sub/deep",
            "sub/../../secret",
            ".hidden",
            "plain",
            ".",
            "..",
            "",
            "\0",
            "../secret.xml\0",
            "x\u{2215}y",
            &wide,
        ] {
            let guid = Some(id);
            let answer = world.fetch(&settings, id, guid).await;
            assert_eq!(kind(answer), Some(LosFaultKind::NotFound), "{id:?}");
        }
    });
}

#[test]
fn what_is_no_file_of_the_folder_is_not_read() {
    let place = tempfile::tempdir().expect("a folder");
    let inside = place.path().join("loans");
    fs::create_dir(&inside).expect("made");
    fs::create_dir(inside.join("folder.xml")).expect("made");
    fs::write(place.path().join("outside.xml"), "outside").expect("written");
    fs::write(inside.join("real.xml"), "real").expect("written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(place.path().join("outside.xml"), inside.join("out.xml")).expect("linked");
        symlink("../outside.xml", inside.join("up.xml")).expect("linked");
        symlink("/dev/zero", inside.join("device.xml")).expect("linked");
        symlink("nowhere", inside.join("dangling.xml")).expect("linked");
        symlink("loop.xml", inside.join("loop.xml")).expect("linked");
        symlink("real.xml", inside.join("within.xml")).expect("linked");
        let made = std::process::Command::new("mkfifo")
            .arg(inside.join("pipe.xml"))
            .status();
        assert!(made.expect("mkfifo runs").success());
    }
    let settings = folder(&inside);
    let world = World::new();
    block_on(async {
        for (id, expected) in [
            ("folder", Some(LosFaultKind::Garbled)),
            ("out", Some(LosFaultKind::Garbled)),
            ("up", Some(LosFaultKind::Garbled)),
            ("device", Some(LosFaultKind::Garbled)),
            ("pipe", Some(LosFaultKind::Garbled)),
            ("dangling", Some(LosFaultKind::NotFound)),
            (
                "loop",
                Some(LosFaultKind::Unavailable {
                    retry_after_s: None,
                }),
            ),
            ("within", None),
            ("real", None),
        ] {
            let answer = world.fetch(&settings, id, None).await;
            assert_eq!(kind(answer), expected, "{id}");
        }
    });
}

#[test]
fn lengths_and_missing_folders() {
    let place = tempfile::tempdir().expect("a folder");
    let sized = |name: &str, len: u64| {
        let file = fs::File::create(place.path().join(name)).expect("made");
        file.set_len(len).expect("sized");
    };
    sized("most.xml", MAX_BYTES);
    sized("more.xml", MAX_BYTES + 1);
    sized("empty.xml", 0);
    let world = World::new();
    block_on(async {
        let settings = folder(place.path());
        let most = world.fetch(&settings, "most", None).await.expect("read");
        assert_eq!(most.document.len() as u64, MAX_BYTES);
        let more = world.fetch(&settings, "more", None).await;
        assert_eq!(kind(more), Some(LosFaultKind::TooLarge));
        let empty = world.fetch(&settings, "empty", None).await.expect("read");
        assert!(
            empty.document.is_empty(),
            "the reader of documents names it"
        );
        let nowhere = folder(&place.path().join("nowhere"));
        let fault = world.fetch(&nowhere, "most", None).await.expect_err("none");
        let unavailable = LosFaultKind::Unavailable {
            retry_after_s: None,
        };
        assert_eq!(fault.kind(), unavailable);
    });
}
