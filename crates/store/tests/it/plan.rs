//! The lists a lender looks at every minute are served from an index on both databases: the number
//! of loans in the table does not enter their cost.

use lintel_domain::id::RowId;
use lintel_domain::loan::Lifecycle;
use lintel_domain::organisation::LoanScope;
use lintel_store::db::{Db, DbKind};
use lintel_store::loan::list::{LoanFilter, page_statement};
use lintel_store::vals;
use lintel_testkit::both;

use crate::listing::whole;
use crate::seed::{Pipeline, day, pipeline};

/// Doublings of the 48 seeded loans: 12,288 are enough for a planner to prefer an index.
const DOUBLINGS: u32 = 8;

/// Multiplies the seeded loans inside the database; one statement that both understand.
async fn multiply(db: &Db) {
    const COPIED: &str = "lender_org_id, org_id, modified_at_us, status_at_us, revision, \
         imported_revision, active, lifecycle, system_main_status, system_sub_status, \
         lender_main_status, lender_sub_status, borrower_main_status, borrower_sub_status, \
         purpose, program, loan_amount_cents, monthly_income_cents, liabilities_cents, state, \
         officer_id, officer_email_folded";
    const BORROWERS: &str = "INSERT INTO borrower (lender_org_id, loan_id, position, first_name, \
         last_name, email_folded, is_primary) SELECT lender_org_id, loan_id || $1, position, \
         first_name, last_name, email_folded || $1, is_primary FROM borrower";
    for n in 0..DOUBLINGS {
        let mut tx = db.begin().await.expect("begun");
        let sql = format!(
            "INSERT INTO loan (id, public_id, los_loan_id, created_at_us, {COPIED}) \
             SELECT id || $1, public_id || $1, los_loan_id || $1, created_at_us + $2, {COPIED} \
             FROM loan"
        );
        let apart = 1_000_000_i64 << n;
        tx.exec(&sql, vals![format!("-{n}"), apart])
            .await
            .expect("multiplied");
        tx.exec(BORROWERS, vals![format!("-{n}")])
            .await
            .expect("multiplied");
        tx.commit().await.expect("committed");
    }
    db.analyze().await.expect("analyzed");
}

/// What is wrong with a plan of a statement over a table of prices, searches or shards.
fn scans(kind: DbKind, plan: &[String], table: &str, indexes: &[&str]) -> Option<String> {
    let text = plan.join("\n");
    let is_scan = |line: &String| match kind {
        DbKind::Sqlite => line.starts_with(&format!("SCAN {table}")) && !line.contains("INDEX"),
        DbKind::Postgres => line.contains(&format!("Seq Scan on {table}")),
    };
    let named = indexes.iter().any(|index| text.contains(index));
    (!named || plan.iter().any(is_scan)).then_some(text)
}

/// What is wrong with a plan: it names none of the indexes, or reads every loan.
fn complaint(kind: DbKind, plan: &[String], indexes: &[&str]) -> Option<String> {
    let text = plan.join("\n");
    if !indexes.iter().any(|index| text.contains(index)) {
        return Some(format!("none of {indexes:?} in\n{text}"));
    }
    // The page itself, at most a thousand rows, is a co-routine that SQLite scans.
    let reads_all = |line: &String| match kind {
        DbKind::Sqlite => line.starts_with("SCAN loan") || line.starts_with("SCAN l"),
        DbKind::Postgres => line.contains("Seq Scan on loan"),
    };
    let bad = plan.iter().any(reads_all);
    bad.then(|| format!("reads every loan:\n{text}"))
}

#[test]
fn a_plan_without_its_index_is_noticed() {
    let plan = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
    let search = plan(&[
        "SEARCH loan USING COVERING INDEX loan_by_date (a=?)",
        "SCAN p",
    ]);
    assert_eq!(complaint(DbKind::Sqlite, &search, &["loan_by_date"]), None);
    assert!(complaint(DbKind::Sqlite, &search, &["loan_by_state"]).is_some());
    let scan = plan(&[
        "SEARCH loan USING COVERING INDEX loan_by_date (a=?)",
        "SCAN l",
    ]);
    assert!(complaint(DbKind::Sqlite, &scan, &["loan_by_date"]).is_some());
    let index = plan(&["-> Index Only Scan using loan_by_date on loan"]);
    assert_eq!(complaint(DbKind::Postgres, &index, &["loan_by_date"]), None);
    let scan = plan(&[
        "-> Index Only Scan using loan_by_date on loan",
        "-> Seq Scan on loan l",
    ]);
    assert!(complaint(DbKind::Postgres, &scan, &["loan_by_date"]).is_some());
}

/// A listing and the indexes that may serve it.
type Served = (LoanFilter, &'static [&'static str]);

fn base(seeded: &Pipeline, is_active: bool) -> LoanFilter {
    let lender = &seeded.lender.id;
    LoanFilter {
        newest_first: true,
        limit: 50,
        ..whole(LoanScope::Lent(lender.clone()), lender, is_active)
    }
}

fn without_filters(seeded: &Pipeline) -> Vec<Served> {
    let active = base(seeded, true);
    let oldest_first = LoanFilter {
        newest_first: false,
        ..active.clone()
    };
    let further_on = LoanFilter {
        offset: 500,
        ..active.clone()
    };
    let broker = LoanScope::Originated(seeded.broker.id.clone());
    let originated = LoanFilter {
        scope: broker,
        ..active.clone()
    };
    vec![
        (active, &["loan_by_date"]),
        (base(seeded, false), &["loan_by_date"]),
        (oldest_first, &["loan_by_date"]),
        (further_on, &["loan_by_date"]),
        (originated, &["loan_originated_by_date"]),
    ]
}

fn with_filters(seeded: &Pipeline) -> Vec<Served> {
    let active = || base(seeded, true);
    let since = LoanFilter {
        created_from: Some(day(15)),
        ..active()
    };
    let state = LoanFilter {
        property_state: Some("NY".into()),
        ..active()
    };
    let officer: RowId = seeded.officers[0].id.clone();
    let officer = LoanFilter {
        officers: vec![officer],
        ..active()
    };
    let changed = LoanFilter {
        modified_from: Some(day(300)),
        ..active()
    };
    let withdrawn = vec![(Lifecycle::Withdrawn, day(300))];
    let ended = LoanFilter {
        ended: withdrawn,
        ..base(seeded, false)
    };
    let email = Some("bo3@example.com".into());
    let person = LoanFilter {
        participant_email_folded: email,
        ..active()
    };
    vec![
        (since, &["loan_by_date"]),
        (state, &["loan_by_state"]),
        (officer, &["loan_by_officer"]),
        (changed, &["loan_by_change", "loan_by_date"]),
        (ended, &["loan_by_end", "loan_by_date"]),
        (person, &["borrower_email"]),
    ]
}

both! {
    async fn listings_walk_an_index(db) {
        let seeded = pipeline(&db).await;
        multiply(&db).await;
        for (filter, indexes) in without_filters(&seeded)
            .into_iter()
            .chain(with_filters(&seeded))
        {
            let (sql, args) = page_statement(&filter);
            let plan = db.explain(&sql, args).await.expect("explained");
            assert_eq!(complaint(db.kind(), &plan, indexes), None, "{filter:?}");
        }
    }

    /// What is in force is found without reading what was in force before, and old searches without
    /// reading those that are kept.
    async fn prices_and_searches_walk_an_index(db) {
        use crate::catalogue::{a_product, add_product, write_sheets};
        let lender = crate::seed::org(1, lintel_domain::organisation::OrganisationKind::Retail, None);
        crate::seed::add_org(&db, &lender).await;
        let products: Vec<_> = (1..=20).map(a_product).collect();
        for product in &products {
            assert!(add_product(&db, &lender.id, product).await);
        }
        let all: Vec<_> = products.iter().collect();
        for n in 0..100 {
            write_sheets(&db, &lender.id, &all, day(n)).await;
        }
        // As long as the sheet of a product with two dozen rates.
        let mut tx = db.begin().await.expect("begun");
        let body = vals!["30 6.125 99.500\n".repeat(60)];
        tx.exec("UPDATE rate_sheet SET body = $1", body)
            .await
            .expect("filled");
        tx.commit().await.expect("committed");
        crate::searches::fill(&db, &lender.id, 3000).await;
        db.analyze().await.expect("analyzed");
        let primary = |kind| match kind {
            DbKind::Sqlite => "sqlite_autoindex_rate_sheet_1",
            DbKind::Postgres => "rate_sheet_pkey",
        };
        let org = lender.id.as_str();
        let at = day(90).micros();
        let cases = [
            ("sheet.versions_in_force", vals![org, 95_i64, at], "r", "rate_sheet_in_force"),
            ("sheet.in_force", vals![org, 95_i64, at], "r", "rate_sheet_in_force"),
            ("catalogue.due", vals![org, 95_i64, at], "rate_sheet", "rate_sheet_due"),
            ("search.sweep", vals![day(3).micros(), 10_i64], "quote_search", "quote_search_expiry"),
        ];
        for (name, args, table, index) in cases {
            let statements = lintel_store::statements::all();
            let (_, sql) = statements.iter().find(|(n, _)| *n == name).expect("listed");
            let plan = db.explain(sql, args).await.expect("explained");
            let complaint = scans(db.kind(), &plan, table, &[index, primary(db.kind())]);
            assert_eq!(complaint, None, "{name}");
        }
    }
}
