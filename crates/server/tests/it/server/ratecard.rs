//! `lintel ratecard` as processes: whole cards, shares, jobs, and a worker killed in the middle.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use lintel_app::ratecard::{self, ShardState};

use super::place::{Place, on_both, on_sqlite};
use super::process::{Finished, Server, lintel, run};

on_both! {
    a_worker_killed_in_the_middle_changes_nothing => super::a_killed_worker_changes_nothing;
}

/// Longest wait for anything a worker does.
const PATIENCE: Duration = Duration::from_secs(120);

/// Loads the demo lender.
fn demo(place: &Place) {
    let (status, _) = Server::start(place, &[]).stop();
    assert_eq!(status.code(), Some(0));
}

fn out(place: &Place, name: &str) -> PathBuf {
    place.folder().join(name)
}

/// `lintel ratecard` for the demo lender.
fn card(place: &Place, out: &Path, words: &[&str]) -> Finished {
    run(&mut card_command(place, out, words))
}

fn card_command(place: &Place, out: &Path, words: &[&str]) -> Command {
    let mut command = lintel(place, &["ratecard"]);
    command
        .args(["--lender", "DEMOLEND", "--out"])
        .arg(out)
        .args(words);
    command
}

/// What the small cards of these tests ask for.
const SMALL: [&str; 6] = [
    "--zips",
    "state:DE",
    "--amounts",
    "250000,400000.50",
    "--scores",
    "640,760",
];

/// Every file below a folder but the unfinished ones of writers that were killed.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(folder)
                .expect("below")
                .display()
                .to_string();
            if !name.rsplit('/').next().expect("a name").starts_with('.') {
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

fn manifest(folder: &Path) -> serde_json::Value {
    let text = std::fs::read(folder.join("manifest.json")).expect("a manifest");
    serde_json::from_slice(&text).expect("JSON")
}

#[track_caller]
fn assert_done(finished: &Finished) {
    assert_eq!(finished.code, Some(0), "{finished:?}");
}

#[track_caller]
fn assert_told(finished: &Finished, expected: &str) {
    assert_eq!(finished.code, Some(1), "{finished:?}");
    assert!(finished.err.contains(expected), "{finished:?}");
    assert_eq!(finished.out, "");
}

#[test]
fn a_card_is_made_once_and_gone_on_with() {
    on_sqlite(|place| {
        demo(place);
        let folder = out(place, "card");
        let made = card(place, &folder, &SMALL);
        assert_done(&made);
        assert!(made.out.contains("the card is complete"), "{made:?}");
        let first = files(&folder);
        check_figures(&folder, &first);

        let again = card(place, &folder, &SMALL);
        assert_done(&again);
        assert!(again.out.contains("nothing was changed"), "{again:?}");
        assert!(files(&folder) == first);

        let other = card(place, &folder, &["--zips", "state:DE"]);
        assert_told(&other, "another specification");
        assert!(files(&folder) == first);

        // As a process leaves it that was killed before its end.
        for name in [
            "manifest.json",
            "index.html",
            "part-00001.csv",
            "summaries/part-00001.json",
            "summaries/part-00003.json",
        ] {
            std::fs::remove_file(folder.join(name)).expect("removed");
        }
        let resumed = card(place, &folder, &SMALL);
        assert_done(&resumed);
        assert!(resumed.out.contains("went on with the card"), "{resumed:?}");
        assert!(resumed.out.contains("2 parts written"), "{resumed:?}");
        assert!(files(&folder) == first);

        std::fs::remove_file(folder.join("manifest.json")).expect("removed");
        std::fs::write(folder.join("part-00002.csv"), b"zip,rate\n").expect("written");
        assert_told(
            &card(place, &folder, &SMALL),
            "part-00002.csv is there and is not what",
        );
    });
}

/// The manifest is the sum of the parts, and the parts are tables.
fn check_figures(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    let manifest = manifest(folder);
    let (mut rows, mut bytes) = (0, 0);
    for part in manifest["parts"].as_array().expect("parts") {
        let text = &files[part["name"].as_str().expect("a name")];
        let text = std::str::from_utf8(text).expect("text");
        let mut lines = text.lines();
        let columns = lines.next().expect("a head").split(',').count();
        assert_eq!(columns, 19);
        let mut count = 0;
        for line in lines {
            let fields: Vec<&str> = line.split(',').collect();
            assert_eq!(fields.len(), columns, "{line}");
            assert_eq!(fields[4], "DE", "{line}");
            let zip = lintel_places::Zip::parse(fields[2]).expect("a ZIP code");
            let there = lintel_places::find(zip).expect("a place").county_fips;
            let county = there.map_or(String::new(), |county| county.to_string());
            assert_eq!(fields[3], county, "{line}");
            let number = |at: usize| fields[at].parse::<f64>().expect("a number");
            let (amount, price, points) = (number(5), number(11), number(12));
            assert!((price + points - 100.0).abs() < 1e-9, "{line}");
            // Points of the loan, to the cent.
            assert!(
                (amount * points / 100.0 - number(13)).abs() < 0.006,
                "{line}"
            );
            assert!(number(14) >= number(13), "{line}");
            assert!((number(6) * 0.8 - amount).abs() < 0.01, "{line}");
            assert_eq!(fields[7], "80.000", "{line}");
            assert!(number(17) > number(9) - 1.0 && number(15) > 0.0, "{line}");
            count += 1;
        }
        assert_eq!(part["rows"], count, "{part}");
        rows += count;
        bytes += text.len();
    }
    assert!(rows > 1000, "{rows}");
    assert_eq!(manifest["rows"], rows);
    assert_eq!(manifest["bytes"], bytes);
    assert_eq!(manifest["summary"]["all"]["offers"], rows);
    let states = &manifest["summary"]["states"];
    assert_eq!(states["DE"], manifest["summary"]["all"]);
    let page = std::str::from_utf8(&files["index.html"]).expect("text");
    assert!(page.contains("<svg") && !page.contains("src=\"http"));
    // Places, products, purposes, amounts, scores and note rates, each asked for once.
    let cells = manifest["cells"].as_u64().expect("a count");
    let zips = manifest["zips"].as_u64().expect("a count");
    assert!(cells > rows && cells.is_multiple_of(zips));
}

/// Rows by loan amount, home price and ratio; no two rows may have the same key.
fn rows_by_loan(folder: &Path) -> BTreeMap<[String; 3], u64> {
    let mut keys = std::collections::BTreeSet::new();
    let mut loans = BTreeMap::new();
    for (_, text) in files(folder)
        .iter()
        .filter(|(name, _)| name.starts_with("part-"))
    {
        for line in std::str::from_utf8(text).expect("text").lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let key = [0, 1, 2, 5, 6, 8, 9].map(|at| fields[at].to_owned());
            assert!(keys.insert(key), "{line}");
            let loan = [5, 6, 7].map(|at| fields[at].to_owned());
            *loans.entry(loan).or_insert(0) += 1;
        }
    }
    loans
}

/// Rows of one ZIP code that differ in nothing but what the home costs.
#[test]
fn rows_of_several_ratios_and_values_are_told_apart() {
    on_sqlite(|place| {
        demo(place);
        let list = place.folder().join("zips.txt");
        std::fs::write(&list, "19801").expect("written");
        let list = list.display().to_string();
        let one = ["--zips", &list, "--scores", "740", "--purposes", "purchase"];
        let one = [&one[..], &["--amounts", "400000,300000"]].concat();
        for (name, words, expected) in [
            (
                "ltvs",
                &["--ltvs", "60,66.6667,95"][..],
                [
                    ("300000.00", "315789.48", "95.000"),
                    ("300000.00", "449999.78", "66.667"),
                    ("300000.00", "500000.00", "60.000"),
                    ("400000.00", "421052.64", "95.000"),
                    ("400000.00", "599999.71", "66.667"),
                    ("400000.00", "666666.67", "60.000"),
                ],
            ),
            (
                "values",
                &["--values", "450000,600000,700000"],
                [
                    ("300000.00", "450000.00", "66.667"),
                    ("300000.00", "600000.00", "50.000"),
                    ("300000.00", "700000.00", "42.857"),
                    ("400000.00", "450000.00", "88.889"),
                    ("400000.00", "600000.00", "66.667"),
                    ("400000.00", "700000.00", "57.143"),
                ],
            ),
        ] {
            let folder = out(place, name);
            let made = card(place, &folder, &[&one[..], words].concat());
            assert_done(&made);
            assert!(
                made.out.contains("57.143 % of 700,000") == (name == "values"),
                "{made:?}"
            );
            let loans = rows_by_loan(&folder);
            let seen: Vec<(&str, &str, &str)> = loans
                .keys()
                .map(|[a, b, c]| (a.as_str(), b.as_str(), c.as_str()))
                .collect();
            assert_eq!(seen, expected);
            let summary = &manifest(&folder)["summary"]["loans"];
            assert_eq!(summary.as_object().expect("loans").len(), expected.len());
            for ([amount, price, _], rows) in &loans {
                assert_eq!(summary[format!("{amount}/{price}")]["offers"], *rows);
            }
            let page = std::fs::read_to_string(folder.join("index.html")).expect("a page");
            assert!(
                page.contains("By loan") && page.contains(" % of 6"),
                "{name}"
            );
        }
    });
}

#[test]
fn shares_make_the_same_card_as_one_process() {
    on_sqlite(|place| {
        demo(place);
        let whole = out(place, "whole");
        assert_done(&card(place, &whole, &SMALL));
        let manifest = manifest(&whole);
        let at = manifest["card"]["priced_at"].as_str().expect("a moment");
        let shared = out(place, "shared");
        for (shard, said) in [
            ("2", "are missing"),
            ("0", "are missing"),
            ("2", "0 parts written"),
            ("1", "is complete"),
        ] {
            let words = [
                &SMALL[..],
                &[
                    "--at",
                    at,
                    "--shards",
                    "3",
                    "--shard",
                    shard,
                    "--threads",
                    "1",
                ],
            ]
            .concat();
            let done = card(place, &shared, &words);
            assert_done(&done);
            assert!(done.out.contains(said), "{shard}: {done:?}");
        }
        assert!(files(&shared) == files(&whole));
    });
}

#[test]
fn what_cannot_be_priced_is_told_and_touches_nothing() {
    on_sqlite(|place| {
        demo(place);
        let folder = out(place, "card");
        let list = place.folder().join("zips.txt");
        std::fs::write(&list, "19801\n00000 x").expect("written");
        let list = list.display().to_string();
        let spec = place.folder().join("card.toml");
        std::fs::write(&spec, "scores = [700]\nsores = [1]\n").expect("written");
        let spec = spec.display().to_string();
        for (words, told) in [
            (&["--zips", "state:XX"][..], "XX is no state"),
            (&["--zips", &list], "each of 2 entries is no ZIP code"),
            (&["--zips", "nowhere.txt"], "nowhere.txt"),
            (&["--products", "NONE"], "NONE"),
            (&["--purposes", "gift"], "gift is none of"),
            (&["--amounts", "1e308"], "amounts"),
            (&["--amounts", "0"], "amounts are positive"),
            (&["--amounts", "99999999"], "30000000.00"),
            (&["--ltvs", "0.000000001"], "price"),
            (&["--ltvs", "80,80.000000001"], "on a home of 500000.00"),
            (&["--values", "0.01"], "of a home of 0.01"),
            (&["--scores", "900"], "scores"),
            (&["--lock-days", "731"], "lock_days"),
            (&["--lock-days", "730"], "nothing to price"),
            (&["--spec", &spec], "sores"),
            (&["--at", "2199-01-01T00:00:00Z"], "future"),
            (&["--at", "yesterday"], "--at is a moment"),
            (&["--at", "2001-01-01T00:00:00Z"], ""),
        ] {
            let words = [&["--zips", "state:DE"], words].concat();
            let words = if words[2] == "--zips" {
                &words[2..]
            } else {
                &words[..]
            };
            assert_told(&card(place, &folder, words), told);
            assert!(!folder.exists(), "{words:?}");
        }
        let mut unknown = lintel(place, &["ratecard", "--lender", "AAAAAAAA", "--out", "x"]);
        assert_eq!(run(&mut unknown).code, Some(1));
        let mut nothing = lintel(place, &["ratecard"]);
        let asked = run(&mut nothing);
        assert_eq!(asked.code, Some(2));
        assert!(asked.err.contains("--lender <LENDER_ID>"), "{asked:?}");
    });
}

/// A process that is killed when the test ends before it.
struct Worker(Child);

impl Worker {
    fn start(place: &Place, job: &str) -> Self {
        let mut command = lintel(place, &["ratecard"]);
        command.args(["work", "--job", job, "--workers", "1", "--lease", "3"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().expect("the program starts"))
    }

    fn signal(&self, signal: &str) {
        let id = self.0.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.expect("kill runs").success());
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Looks again and again until there is something to see.
fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let (_open, never) = sync_channel::<()>(0);
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < deadline, "nothing happened in two minutes");
        let _ = never.recv_timeout(Duration::from_millis(20));
    }
}

fn assert_same_outputs(outputs: &[ratecard::ShardOutput], parts: &serde_json::Value) {
    let parts = parts.as_array().expect("parts");
    assert_eq!(outputs.len(), parts.len());
    for (output, part) in outputs.iter().zip(parts) {
        assert_eq!(part["sha256"], output.digest.as_str());
        assert_eq!(part["rows"], output.rows);
    }
}

fn a_killed_worker_changes_nothing(place: &Place) {
    demo(place);
    let shared = out(place, "shared");
    let mut submit = lintel(place, &["ratecard"]);
    submit
        .args(["submit", "--lender", "DEMOLEND", "--out"])
        .arg(&shared)
        .args(SMALL);
    let submitted = run(&mut submit);
    assert_done(&submitted);
    let job = submitted.value("job");
    let mut workers: Vec<Worker> = (0..3).map(|_| Worker::start(place, &job)).collect();

    // One runtime to the end: a connection lives no longer than the one it was opened on.
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let app = runtime.block_on(place.open());
    let victim = workers.remove(0);
    let own = format!("{}-", victim.0.id());
    let shards = || {
        let job = runtime
            .block_on(ratecard::load(&app, &job))
            .expect("read")
            .expect("the job");
        runtime
            .block_on(ratecard::shards(&app, &job))
            .expect("read")
    };
    let held = wait_for(|| {
        victim.signal("-STOP");
        let is_its = |shard: &&ratecard::ShardStatus| {
            shard.state == ShardState::Taken
                && shard.worker.as_ref().is_some_and(|w| w.starts_with(&own))
        };
        let held = shards().iter().find(is_its).map(|shard| shard.shard);
        if held.is_none() {
            victim.signal("-CONT");
        }
        held
    });
    drop(victim);
    for mut worker in workers {
        let ended = wait_for(|| worker.0.try_wait().expect("asked"));
        assert_eq!(ended.code(), Some(0));
    }
    let shard = shards()
        .into_iter()
        .find(|shard| shard.shard == held)
        .expect("the shard");
    assert_eq!((shard.state, shard.attempts), (ShardState::Done, 2));
    assert!(shards().iter().all(|shard| shard.state == ShardState::Done));

    let mut status = lintel(place, &["ratecard"]);
    let status = run(status.args(["status", &job]));
    assert_done(&status);
    assert!(
        status.out.contains("done, prices of generation"),
        "{status:?}"
    );
    let manifest = manifest(&shared);
    let at = manifest["card"]["priced_at"].as_str().expect("a moment");
    let alone = out(place, "alone");
    assert_done(&card(place, &alone, &[&SMALL[..], &["--at", at]].concat()));
    assert!(files(&alone) == files(&shared));
    // What the queue says of its outputs is what the manifest says.
    let job = runtime.block_on(ratecard::load(&app, &job));
    let job = job.expect("read").expect("the job");
    let outputs = runtime.block_on(ratecard::outputs(&app, &job));
    assert_same_outputs(&outputs.expect("read"), &manifest["parts"]);
    runtime.block_on(app.db().close());
}

#[cfg(not(feature = "export"))]
#[test]
fn without_the_feature_parquet_and_s3_are_told() {
    on_sqlite(|place| {
        demo(place);
        let parquet = [&SMALL[..], &["--format", "parquet"]].concat();
        assert_told(
            &card(place, &out(place, "card"), &parquet),
            "--features export",
        );
        assert_told(
            &card(place, Path::new("s3://cards/a"), &SMALL),
            "--features export",
        );
    });
}

#[cfg(feature = "export")]
mod exported {
    use lintel_export::bucket::Bucket;

    use super::*;

    /// Keys that no message may repeat.
    const KEYS: [(&str, &str); 3] = [
        ("AWS_ACCESS_KEY_ID", "AKIDNEVERSHOWN"),
        ("AWS_SECRET_ACCESS_KEY", "secret-never-shown"),
        ("AWS_REGION", "us-east-1"),
    ];

    #[test]
    fn a_bucket_holds_the_same_card_as_a_folder() {
        let endpoint = std::env::vars_os().find(|(name, _)| name == "LINTEL_TEST_S3");
        let Some((_, endpoint)) = endpoint else {
            println!("SKIPPED: LINTEL_TEST_S3 is not set");
            return;
        };
        let endpoint = endpoint.into_string().expect("text");
        on_sqlite(|place| {
            demo(place);
            let bucket = format!("card-{}", std::process::id());
            ureq::put(format!("{endpoint}/{bucket}"))
                .send_empty()
                .expect("a bucket");
            let address = format!("s3://{bucket}/demo/card");
            let s3 = |words: &[&str]| {
                let mut command = card_command(place, Path::new(&address), words);
                run(command.envs(KEYS).env("AWS_ENDPOINT_URL", &endpoint))
            };
            let parquet = [&SMALL[..], &["--format", "parquet"]].concat();
            let made = s3(&parquet);
            assert_done(&made);
            let again = s3(&parquet);
            assert_done(&again);
            assert!(again.out.contains("nothing was changed"), "{again:?}");
            assert_told(&s3(&SMALL), "another specification");
            for said in [&made, &again] {
                assert!(!format!("{said:?}").contains("NEVERSHOWN"));
                assert!(!format!("{said:?}").contains("never-shown"));
            }
            let mut settings = KEYS
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .to_vec();
            settings.push(("AWS_ENDPOINT_URL".to_owned(), endpoint.clone()));
            let there = Bucket::open_with(&address, settings).expect("the bucket");
            let read = |name: &str| {
                super::super::place::block_on(there.read(name))
                    .expect("read")
                    .expect("an object")
            };
            let manifest: serde_json::Value =
                serde_json::from_slice(&read("manifest.json")).expect("JSON");
            let at = manifest["card"]["priced_at"].as_str().expect("a moment");
            let folder = out(place, "card");
            assert_done(&card(
                place,
                &folder,
                &[&parquet[..], &["--at", at]].concat(),
            ));
            for (name, bytes) in files(&folder) {
                assert!(read(&name) == bytes, "{name}");
            }
        });
    }

    #[test]
    fn a_bucket_that_is_not_there_is_told_without_keys() {
        on_sqlite(|place| {
            demo(place);
            // A port that was free a moment ago.
            let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
            let endpoint = format!("http://{}", port.local_addr().expect("its address"));
            drop(port);
            let mut command = card_command(place, Path::new("s3://cards/a"), &SMALL);
            let told = run(command.envs(KEYS).env("AWS_ENDPOINT_URL", endpoint));
            assert_told(&told, "connection refused");
            assert!(!format!("{told:?}").contains("NEVERSHOWN"));
        });
    }
}
