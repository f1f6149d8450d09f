//! `lintel catalogue` as the program runs it: a lender's files in and out, dry runs, refusals.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A database with one lender.
struct Shop {
    folder: TempDir,
    lender: String,
}

fn lintel(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lintel"));
    command.current_dir(folder).args(words).output().unwrap()
}

fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/demo")
}

impl Shop {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let words = [
            "admin", "org", "create", "--name", "Shop", "--kind", "retail",
        ];
        let made = told(&lintel(folder.path(), &words));
        let lender = made.lines().find_map(|line| line.strip_prefix("lenderID"));
        let lender = lender.unwrap_or_else(|| panic!("{made}")).trim().to_owned();
        Self { folder, lender }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command with the lender's id behind it: whether it was good, and what it said.
    fn run(&self, words: &[&str]) -> (bool, String) {
        let words = [&["catalogue"], words, &["--lender", &self.lender]].concat();
        let output = lintel(self.folder.path(), &words);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
        (output.status.success(), told(&output))
    }

    fn good(&self, words: &[&str]) -> String {
        let (is_good, text) = self.run(words);
        assert!(is_good, "{words:?}: {text}");
        text
    }

    fn bad(&self, words: &[&str]) -> String {
        let (is_good, text) = self.run(words);
        assert!(!is_good, "{words:?}: {text}");
        text
    }

    fn with_demo() -> Self {
        let shop = Self::open();
        let folder = demo();
        let folder = folder.to_str().unwrap();
        let text = shop.good(&["import", folder, "--note", "first"]);
        assert!(text.contains("version 1 written"), "{text}");
        let sheets = demo().join("sheets.csv");
        let text = shop.good(&["sheet", "import", sheets.to_str().unwrap()]);
        assert!(text.contains("version 2 written: 16 sheets"), "{text}");
        shop
    }
}

#[test]
fn a_catalogue_goes_out_and_comes_in_again() {
    let shop = Shop::with_demo();
    for csv in [&[][..], &["--csv"]] {
        let words = [&["export", "--out", "out"][..], csv].concat();
        shop.good(&words);
        let text = shop.good(&["import", "out"]);
        assert!(
            text.contains("nothing written: the same as version 1"),
            "{text}"
        );
        fs::remove_dir_all(shop.path("out")).unwrap();
    }
    let text = shop.good(&["export", "--part", "fees"]);
    assert!(text.starts_with("# Closing costs") && text.contains("name = \"Appraisal\""));
    fs::write(
        shop.path("fees.toml"),
        text.replace("amount = 575.00", "amount = 600.00"),
    )
    .unwrap();
    let change = "fees: fee 'Appraisal': amount 575.00 -> 600.00\n";
    let text = shop.good(&["import", "fees.toml", "--dry-run"]);
    assert!(
        text.contains(change) && text.ends_with("nothing written: this was a dry run\n"),
        "{text}"
    );
    assert_eq!(shop.good(&["history"]).matches("operator").count(), 1);
    let text = shop.good(&["import", "fees.toml", "--note", "dearer"]);
    assert!(
        text.contains(change) && text.contains("version 3 written"),
        "{text}"
    );
    let text = shop.good(&["history"]);
    assert!(text.contains("dearer") && text.contains("first"), "{text}");
    assert!(
        shop.good(&["export", "--part", "fees", "--number", "1"])
            .contains("575.00")
    );
    assert!(shop.bad(&["export", "--number", "9"]).contains("lintel: "));
}

#[test]
fn a_later_version_waits_for_its_time() {
    let shop = Shop::with_demo();
    let words = [
        "import",
        "--grid",
        "Jumbo lock=lock.csv",
        "--effective",
        "2100-01-01T08:00",
    ];
    fs::write(
        shop.path("lock.csv"),
        "lock_days,points\n30,-0.5\nabove,-1\n",
    )
    .unwrap();
    let text = shop.good(&words);
    assert!(
        text.contains("adjustments: adjustment 'Jumbo lock': grid: other bands"),
        "{text}"
    );
    assert!(
        text.contains("in force from 2100-01-01 08:00:00Z"),
        "{text}"
    );
    assert!(
        !shop
            .good(&["export", "--part", "adjustments"])
            .contains("\n30,-0.5\nabove,-1\n")
    );
    // A sheet goes with the catalogue of its own time.
    let product =
        "[[product]]\ncode = \"NEW\"\nname = \"New\"\nprogram = \"fha\"\nterm_years = 30\n";
    let products = shop.good(&["export", "--part", "products"]);
    fs::write(shop.path("products.toml"), products + product).unwrap();
    shop.good(&["import", "products.toml", "--effective", "2100-01-01T09:00"]);
    fs::write(
        shop.path("new.csv"),
        "product,lock_days,rate,price\nNEW,30,6,99\n",
    )
    .unwrap();
    let text = shop.bad(&["sheet", "import", "new.csv"]);
    assert!(text.contains("NEW is no product"), "{text}");
    shop.good(&[
        "sheet",
        "import",
        "new.csv",
        "--effective",
        "2100-01-01T09:00",
    ]);
    // A second import for that time builds on the first.
    fs::write(shop.path("margins.toml"), "").unwrap();
    let text = shop.good(&["import", "margins.toml", "--effective", "2100-01-02"]);
    assert!(
        !text.contains("adjustments:") && text.contains("margins: margin"),
        "{text}"
    );
}

#[test]
fn a_catalogue_with_slips_is_told_and_not_written() {
    let shop = Shop::with_demo();
    let fees = "[[fee]]\nname = \"f\"\ntype = \"ApraisalFee\"\namount = nan\n";
    fs::write(shop.path("fees.toml"), fees).unwrap();
    let text = shop.bad(&["import", "fees.toml"]);
    for part in [
        "error   fees, row 1 (f), line 3, type: ApraisalFee is not",
        "did you mean AppraisalFee?",
        "line 4, amount: nan is not a plain number",
        "nothing written: 2 errors\n",
    ] {
        assert!(text.contains(part), "{text}");
    }
    fs::write(shop.path("products.toml"), "").unwrap();
    let text = shop.bad(&["import", "products.toml"]);
    assert!(text.contains("is no product"), "{text}");
    for (words, part) in [
        (&["import", "nowhere"][..], "nowhere"),
        (
            &["import", "--grid", "None=fees.toml"],
            "no adjustment of this name",
        ),
        (&["sheet", "import", "fees.toml"], "a quote within a cell"),
        (&["sheet", "export", "--product", "NONE"], "NONE: no sheet"),
        (&["sheet", "history", "--product", "NONE"], "lintel: "),
    ] {
        let text = shop.bad(words);
        assert!(text.contains(part), "{words:?}: {text}");
    }
    assert_eq!(shop.good(&["history"]).matches("operator").count(), 1);
    let output = lintel(
        shop.folder.path(),
        &["catalogue", "history", "--lender", "NOBODY00"],
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn sheets_are_replaced_and_told() {
    let shop = Shop::with_demo();
    let text = shop.good(&["sheet", "export", "--product", "CONV30"]);
    assert_eq!(text.lines().count(), 57);
    let first = text.lines().nth(1).unwrap();
    let dearer = first.replace(",97.311,", ",97.186,");
    assert_ne!(first, dearer, "{first}");
    fs::write(shop.path("new.csv"), text.replace(first, &dearer)).unwrap();
    let changed = "56 rows, 1 prices changed, max move 0.125";
    let text = shop.good(&["sheet", "import", "new.csv", "--dry-run"]);
    assert!(
        text.contains(changed) && text.contains("nothing written"),
        "{text}"
    );
    let text = shop.good(&["sheet", "import", "new.csv"]);
    assert!(
        text.contains(changed) && text.contains("version 3 written: 1 sheets"),
        "{text}"
    );
    let text = shop.good(&["sheet", "import", "new.csv"]);
    assert!(
        text.contains("no changes") && text.contains("nothing written"),
        "{text}"
    );
    let text = shop.good(&["sheet", "history", "--product", "CONV30"]);
    assert!(
        text.contains("new.csv") && text.contains("sheets.csv"),
        "{text}"
    );
    for (rows, part) in [
        ("CONV30,30,6,0\n", "price: 0 is not within"),
        ("CONV30,30,6,1e308\n", "1e308"),
        ("CONV30,30,nan,99\n", "rate: nan"),
        ("CONV30,30,6,99\nCONV30,30,6.000,98\n", "twice"),
        ("NOPE,30,6,99\n", "NOPE is no product of the catalogue"),
    ] {
        fs::write(
            shop.path("bad.csv"),
            format!("product,lock_days,rate,price\n{rows}"),
        )
        .unwrap();
        let text = shop.bad(&["sheet", "import", "bad.csv"]);
        assert!(
            text.contains(part) && text.contains("nothing written: 1 error\n"),
            "{text}"
        );
    }
}

#[test]
fn a_broker_has_no_catalogue() {
    let shop = Shop::open();
    let folder = shop.folder.path();
    let words = [
        "admin",
        "org",
        "create",
        "--name",
        "W",
        "--kind",
        "wholesale",
    ];
    let id = |text: String| {
        text.lines().next().unwrap()["lenderID".len()..]
            .trim()
            .to_owned()
    };
    let lender = id(told(&lintel(folder, &words)));
    let words = [
        "admin", "org", "create", "--name", "B", "--kind", "broker", "--parent", &lender,
    ];
    let broker = id(told(&lintel(folder, &words)));
    fs::write(shop.path("caps.toml"), "").unwrap();
    let output = lintel(
        folder,
        &["catalogue", "import", "caps.toml", "--lender", &broker],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("nothing written: a broker has no catalogue"));
}

#[test]
fn files_are_checked_without_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let demo = demo();
    let output = lintel(
        folder.path(),
        &["catalogue", "check", demo.to_str().unwrap()],
    );
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told(&output).contains("adjustments"));
    fs::write(
        folder.path().join("caps.toml"),
        "[[cap]]\ngroup = \"x\"\nmax = 0\n",
    )
    .unwrap();
    let output = lintel(folder.path(), &["catalogue", "check", "."]);
    assert_eq!(output.status.code(), Some(0));
    assert!(told(&output).contains("warning caps, row 1 (x), group: no adjustment"));
    fs::write(
        folder.path().join("sheets.csv"),
        "product,lock_days,rate,price\nX,30,6,0\n",
    )
    .unwrap();
    let output = lintel(folder.path(), &["catalogue", "check", "."]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("error   sheets, row 1 (X), line 2, price"));
    // Nothing else was made.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    for words in [
        &["catalogue", "check"][..],
        &["catalogue", "import", "--lender", "X"],
        &[
            "catalogue",
            "import",
            ".",
            "--lender",
            "X",
            "--effective",
            "soon",
        ],
        &["catalogue", "export", "--lender", "X", "--part", "fee"],
    ] {
        assert_eq!(
            lintel(folder.path(), words).status.code(),
            Some(2),
            "{words:?}"
        );
    }
}
