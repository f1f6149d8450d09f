//! Both databases end up with the same shape, and running the migrations again changes nothing.

use std::collections::BTreeMap;
use std::sync::Mutex;

use lintel_store::db::{Db, DbKind};
use lintel_store::migrate;
use lintel_testkit::{both, on_postgres, on_sqlite};

/// Table and column to what they are, portably named.
type Columns = BTreeMap<(String, String), String>;
/// Index name to what it covers.
type Indexes = BTreeMap<String, String>;

async fn columns(db: &Db) -> Columns {
    let sql = match db.kind() {
        DbKind::Sqlite => {
            "SELECT m.name, c.name, LOWER(c.type), c.\"notnull\" = 0, c.pk \
             FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
        DbKind::Postgres => {
            "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), \
             CAST(c.data_type AS TEXT), c.is_nullable = 'YES', CAST(COALESCE((\
             SELECT k.ordinal_position FROM information_schema.key_column_usage k \
             JOIN information_schema.table_constraints t ON t.constraint_name = k.constraint_name \
             WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name \
             AND k.column_name = c.column_name), 0) AS BIGINT) \
             FROM information_schema.columns c WHERE c.table_schema = current_schema()"
        }
    };
    let rows: Vec<(String, String, String, bool, i64)> =
        db.all(sql, Vec::new()).await.expect("read");
    let ours = rows
        .into_iter()
        .filter(|r| !r.0.starts_with("_sqlx") && !r.0.starts_with("sqlite"));
    ours.map(|(table, column, kind, nullable, key)| {
        let kind = match kind.as_str() {
            // SQLite has no type of its own for flags.
            "boolean" | "bigint" => "integer",
            "bytea" => "blob",
            other => other,
        };
        (
            (table, column),
            format!("{kind} nullable={nullable} key={key}"),
        )
    })
    .collect()
}

async fn indexes(db: &Db) -> Indexes {
    let sql = match db.kind() {
        DbKind::Sqlite => {
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        }
        DbKind::Postgres => {
            "SELECT CAST(indexname AS TEXT), indexdef FROM pg_indexes WHERE \
             schemaname = current_schema() AND indexname NOT LIKE '%\\_pkey' \
             AND indexname NOT LIKE '%\\_key' AND tablename NOT LIKE '\\_sqlx%'"
        }
    };
    let rows: Vec<(String, String)> = db.all(sql, Vec::new()).await.expect("read");
    rows.into_iter()
        .map(|(name, definition)| {
            let unique = definition.contains("UNIQUE");
            let covers = &definition[definition.find('(').expect("a column list")..];
            // PostgreSQL puts brackets around a condition, quotes around some names and a type behind
            // a text, and writes IN its own way; SQLite keeps the line ends it was given.
            let covers = covers.split_whitespace().collect::<Vec<_>>().join(" ");
            let covers = covers
                .replace('"', "")
                .replace("'::text", "'")
                .replace("= ANY (ARRAY[", "IN (")
                .replace(']', "")
                .replace(") AND (", " AND ")
                .replace("WHERE ((", "WHERE (")
                .replace("WHERE (", "WHERE ")
                .replace("NOT active)", "NOT active");
            (
                name,
                format!("unique={unique} {}", covers.trim_end_matches(')')),
            )
        })
        .collect()
}

#[test]
fn both_databases_have_the_same_shape() {
    let seen: Mutex<Vec<(Columns, Indexes)>> = Mutex::new(Vec::new());
    on_sqlite(|db| {
        let seen = &seen;
        async move {
            let shape = (columns(&db).await, indexes(&db).await);
            seen.lock().expect("alone").push(shape);
        }
    });
    on_postgres("migrations::both_databases_have_the_same_shape", |db| {
        let seen = &seen;
        async move {
            let shape = (columns(&db).await, indexes(&db).await);
            seen.lock().expect("alone").push(shape);
        }
    });
    let seen = seen.into_inner().expect("alone");
    assert!(
        seen[0].0.len() > 100,
        "only {} columns seen",
        seen[0].0.len()
    );
    assert!(
        seen[0].1.len() > 10,
        "only {} indexes seen",
        seen[0].1.len()
    );
    if let [sqlite, postgres] = &seen[..] {
        assert_eq!(sqlite.0, postgres.0, "columns differ");
        assert_eq!(sqlite.1, postgres.1, "indexes differ");
    }
}

both! {
    async fn migrating_again_changes_nothing(db) {
        let before = (columns(&db).await, indexes(&db).await);
        let standing = migrate::run(&db).await.expect("run");
        assert!(standing.is_current(), "{standing:?}");
        assert_eq!(migrate::standing(&db).await.expect("asked"), standing);
        assert_eq!((columns(&db).await, indexes(&db).await), before);
    }

    /// Money and rates are whole numbers, time is a whole number, names carry their units.
    async fn columns_are_portable(db) {
        for ((table, column), what) in columns(&db).await {
            let kind = what.split(' ').next().unwrap_or_default();
            assert!(
                matches!(kind, "integer" | "text" | "blob"),
                "{table}.{column} is {kind}"
            );
            let counts = ["_cents", "_pct_e9", "_at_us", "_months", "_days"];
            if counts.iter().any(|end| column.ends_with(end)) {
                assert_eq!(kind, "integer", "{table}.{column}");
            }
            if column.ends_with("_sealed") || column.ends_with("_hash") {
                assert_eq!(kind, "blob", "{table}.{column}");
            }
        }
    }

    /// A database a newer version migrated is not touched.
    async fn a_newer_database_is_refused(db) {
        let sql = "UPDATE _sqlx_migrations SET version = 999 \
                   WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
        let mut tx = db.begin().await.expect("begun");
        assert_eq!(tx.exec(sql, Vec::new()).await.expect("raised"), 1);
        tx.commit().await.expect("committed");
        assert!(migrate::run(&db).await.is_err());
        let standing = migrate::standing(&db).await.expect("asked");
        assert!(!standing.is_current());
        assert_eq!(standing.applied, 999);
    }
}
