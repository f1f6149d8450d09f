//! Every statement this crate can send is understood by both databases.

use std::collections::BTreeSet;

use lintel_store::db::{Db, DbKind};
use lintel_store::statements;
use lintel_testkit::both;
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _, Statement as _};

/// The numbers of the `$n` places in a statement.
fn places(sql: &str) -> BTreeSet<usize> {
    let numbers = sql.split('$').skip(1).map(|rest| {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        rest[..end]
            .parse()
            .unwrap_or_else(|_| panic!("a bare $ in {sql}"))
    });
    numbers.collect()
}

/// How many parameters the database says a statement has.
pub async fn prepare(db: &Db, sql: &str) -> Result<usize, sqlx::Error> {
    let sql = AssertSqlSafe(sql.to_owned()).into_sql_str();
    match db {
        Db::Sqlite { write, .. } => {
            let mut connection = write.acquire().await?;
            let statement = (&mut *connection).prepare(sql).await?;
            Ok(statement
                .parameters()
                .map_or(0, |p| p.either(<[_]>::len, |n| n)))
        }
        Db::Postgres(pool) => {
            let mut connection = pool.acquire().await?;
            let statement = (&mut *connection).prepare(sql).await?;
            Ok(statement
                .parameters()
                .map_or(0, |p| p.either(<[_]>::len, |n| n)))
        }
    }
}

#[test]
fn names_are_distinct_and_places_have_no_gaps() {
    let all = statements::all();
    let names: BTreeSet<_> = all.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), all.len(), "a name occurs twice");
    assert!(
        all.len() > 40,
        "the list has become suspiciously short: {}",
        all.len()
    );
    for (name, sql) in &all {
        let places = places(sql);
        let highest = places.last().copied().unwrap_or(0);
        assert_eq!(places, (1..=highest).collect(), "{name} leaves out a place");
    }
}

#[test]
fn the_gap_check_can_fail() {
    assert_ne!(places("SELECT $1, $3"), (1..=3).collect());
    assert_eq!(
        places("SELECT $2, $10, $2, '$1'"),
        BTreeSet::from([1, 2, 10])
    );
}

both! {
    async fn every_statement_prepares(db) {
        let mut failures = Vec::new();
        for (name, sql) in statements::all() {
            let highest = places(&sql).last().copied().unwrap_or(0);
            match prepare(&db, &sql).await {
                Ok(count) if count == highest => (),
                Ok(count) => failures.push(format!("{name}: {count} parameters, ${highest}")),
                Err(error) => failures.push(format!("{name}: {error}")),
            }
        }
        assert_eq!(failures, Vec::<String>::new(), "{}", db.kind().as_str());
    }

    /// SQL of the other dialect must be noticed, or the test above proves nothing.
    async fn preparing_can_fail(db) {
        let foreign = match db.kind() {
            DbKind::Sqlite => "SELECT org_id FROM credential FOR UPDATE SKIP LOCKED",
            DbKind::Postgres => "SELECT org_id FROM credential INDEXED BY credential_org",
        };
        assert!(prepare(&db, foreign).await.is_err());
        assert!(prepare(&db, "SELECT org_id FROM credential").await.is_ok());
    }
}
