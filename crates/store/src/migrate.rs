//! Brings a database to the shape this version needs. One folder per database, same numbers.

use lintel_macros::boxed;
use std::borrow::Cow;
use std::sync::LazyLock;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use crate::db::Db;
use crate::fault::{Fault, FaultKind};

/// Embeds the migrations of one database: number, name, file.
macro_rules! migrations {
    ($folder:literal) => {
        LazyLock::new(|| {
            migrator(&[
                (
                    1,
                    "foundation",
                    include_str!(concat!("../migrations/", $folder, "/0001_foundation.sql")),
                ),
                (
                    2,
                    "pricing",
                    include_str!(concat!("../migrations/", $folder, "/0002_pricing.sql")),
                ),
                (
                    3,
                    "people",
                    include_str!(concat!("../migrations/", $folder, "/0003_people.sql")),
                ),
                (
                    4,
                    "loans",
                    include_str!(concat!("../migrations/", $folder, "/0004_loans.sql")),
                ),
                (
                    5,
                    "communications",
                    include_str!(concat!(
                        "../migrations/",
                        $folder,
                        "/0005_communications.sql"
                    )),
                ),
                (
                    6,
                    "partners",
                    include_str!(concat!("../migrations/", $folder, "/0006_partners.sql")),
                ),
            ])
        })
    };
}

static SQLITE: LazyLock<Migrator> = migrations!("sqlite");
static POSTGRES: LazyLock<Migrator> = migrations!("postgres");

fn migrator(list: &[(i64, &'static str, &'static str)]) -> Migrator {
    let migrations = list.iter().map(|(version, name, sql)| {
        let sql = AssertSqlSafe((*sql).to_owned()).into_sql_str();
        Migration::new(
            *version,
            Cow::Borrowed(name),
            MigrationType::Simple,
            sql,
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

/// Where a database stands against this version's migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Number of the newest migration this version knows.
    pub wanted: i64,
    /// Number of the newest migration the database has; zero for an empty one.
    pub applied: i64,
}

impl Standing {
    /// Whether the database is exactly where this version wants it.
    #[must_use]
    pub const fn is_current(self) -> bool {
        self.wanted == self.applied
    }
}

/// Runs every migration the database does not have yet. Safe to run from several nodes at once:
/// PostgreSQL takes an advisory lock, SQLite has one writer.
///
/// # Errors
/// When a migration fails, or the database was migrated by a newer version.
#[boxed]
pub async fn run(db: &Db) -> Result<Standing, Fault> {
    let result = match db {
        Db::Sqlite { write, .. } => SQLITE.run(write).await,
        Db::Postgres(pool) => POSTGRES.run(pool).await,
    };
    result.map_err(|e| Fault::new(FaultKind::Internal, "migration failed").caused_by(e))?;
    standing(db).await
}

/// Runs the migrations up to a number and leaves the others: makes a database of an older version, to
/// see that it can be brought to this one.
///
/// # Errors
/// When a migration fails.
#[boxed]
pub async fn run_to(db: &Db, version: i64) -> Result<Standing, Fault> {
    let older = |all: &Migrator| {
        let older = all.iter().filter(|m| m.version <= version).cloned();
        Migrator::with_migrations(older.collect())
    };
    let result = match db {
        Db::Sqlite { write, .. } => older(&SQLITE).run(write).await,
        Db::Postgres(pool) => older(&POSTGRES).run(pool).await,
    };
    result.map_err(|e| Fault::new(FaultKind::Internal, "migration failed").caused_by(e))?;
    standing(db).await
}

/// A short text that changes whenever any migration does; test templates are named after it.
#[must_use]
pub fn fingerprint() -> String {
    let mut bytes = Vec::new();
    for migration in SQLITE.iter().chain(POSTGRES.iter()) {
        bytes.extend_from_slice(&migration.checksum);
    }
    let hash = ring::digest::digest(&ring::digest::SHA256, &bytes);
    hash.as_ref()
        .iter()
        .take(6)
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// Reads where the database stands without changing it.
///
/// # Errors
/// When the database cannot be asked.
#[boxed]
pub async fn standing(db: &Db) -> Result<Standing, Fault> {
    let migrator = match db {
        Db::Sqlite { .. } => &*SQLITE,
        Db::Postgres(_) => &*POSTGRES,
    };
    let wanted = migrator.iter().map(|m| m.version).max().unwrap_or(0);
    let exists: Option<(i64,)> = db
        .maybe(
            match db {
                Db::Sqlite { .. } => {
                    "SELECT CAST(COUNT(*) AS BIGINT) FROM sqlite_master \
                     WHERE type = 'table' AND name = '_sqlx_migrations'"
                }
                Db::Postgres(_) => {
                    "SELECT CAST(COUNT(*) AS BIGINT) FROM information_schema.tables \
                     WHERE table_schema = current_schema() AND table_name = '_sqlx_migrations'"
                }
            },
            Vec::new(),
        )
        .await?;
    if exists.is_none_or(|(n,)| n == 0) {
        return Ok(Standing { wanted, applied: 0 });
    }
    let applied: Option<(i64,)> = db
        .maybe(
            "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM _sqlx_migrations \
             WHERE success = TRUE",
            Vec::new(),
        )
        .await?;
    Ok(Standing {
        wanted,
        applied: applied.map_or(0, |(v,)| v),
    })
}
