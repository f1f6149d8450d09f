//! The two databases behind one face: an enum over two pools, an enum over two transactions, and a
//! macro that expands a query body against either.
//!
//! Forks between the dialects live in this file, and in `migrate`.

mod row;
mod run;
mod tx;
mod val;

use lintel_macros::boxed;
pub use row::{EitherRow, FromRow, Value};
pub use tx::Tx;
pub use val::Val;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, PgPool, Postgres, Sqlite, SqlitePool};

use crate::db::run::Sink;
use crate::fault::{Fault, FaultKind, from_driver};

/// An open database.
#[derive(Debug, Clone)]
pub enum Db {
    /// One file: many readers, one writer.
    Sqlite {
        /// Read-only connections.
        read: SqlitePool,
        /// The one connection that writes.
        write: SqlitePool,
    },
    /// A PostgreSQL server.
    Postgres(PgPool),
}

/// Which database a [`Db`] is; only for reports and for the migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbKind {
    /// The embedded one.
    Sqlite,
    /// The server.
    Postgres,
}

impl DbKind {
    /// What ends a `SELECT` that takes rows to work on and leaves out those another transaction holds.
    /// The embedded one has a single writer: there nobody else holds any.
    pub(crate) const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Name for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// How long a connection may take to become free before the call is answered "busy".
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Expands one query body against a driver: binds the parameters, then runs `$run`.
macro_rules! bind {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for value in $args {
            query = match value {
                Val::Text(v) => query.bind(v),
                Val::Int(v) => query.bind(v),
                Val::Bytes(v) => query.bind(v),
                Val::Bool(v) => query.bind(v),
            };
        }
        query
    }};
}
pub(crate) use bind;

impl Db {
    /// Opens (and creates) a SQLite file. Readers are few because the work per read is short.
    ///
    /// Write-ahead log with full synchronisation: what was acknowledged survives a killed process
    /// and a lost power supply.
    ///
    /// # Errors
    /// When the file cannot be opened or created.
    #[boxed]
    pub async fn open_sqlite(path: &Path) -> Result<Self, Fault> {
        let base = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(ACQUIRE_TIMEOUT)
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-32000")
            .pragma("mmap_size", "268435456");
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(base.clone())
            .await
            .map_err(from_driver)?;
        let read = SqlitePoolOptions::new()
            .max_connections(8)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(base.read_only(true).create_if_missing(false))
            .await
            .map_err(from_driver)?;
        Ok(Self::Sqlite { read, write })
    }

    /// Connects to a PostgreSQL server for answering requests: statements, waits for locks and idle
    /// transactions are bounded below the longest request, so that callers who went away and nodes
    /// that died hold nothing for long.
    ///
    /// # Errors
    /// When the address is not one, or the server cannot be reached.
    #[boxed]
    pub async fn open_postgres(url: &str, max_connections: u32) -> Result<Self, Fault> {
        let bounds = [
            ("statement_timeout", "25s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "30s"),
        ];
        Self::connect_postgres(url, max_connections, &bounds).await
    }

    /// Connects to a PostgreSQL server for work that takes its time: migrations, bulk loads.
    ///
    /// # Errors
    /// As [`Db::open_postgres`].
    #[boxed]
    pub async fn open_postgres_unhurried(url: &str, max_connections: u32) -> Result<Self, Fault> {
        Self::connect_postgres(url, max_connections, &[]).await
    }

    async fn connect_postgres(
        url: &str,
        max_connections: u32,
        bounds: &[(&str, &str)],
    ) -> Result<Self, Fault> {
        let options = PgConnectOptions::from_str(url).map_err(|_| {
            // The driver's own text may repeat the address with its password.
            Fault::new(
                FaultKind::Unavailable,
                "the database address cannot be read",
            )
        })?;
        let pool = PgPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(
                options
                    .application_name("lintel")
                    .options(bounds.iter().copied()),
            )
            .await
            .map_err(from_driver)?;
        Ok(Self::Postgres(pool))
    }

    /// Which database this is.
    #[must_use]
    pub const fn kind(&self) -> DbKind {
        match self {
            Self::Sqlite { .. } => DbKind::Sqlite,
            Self::Postgres(_) => DbKind::Postgres,
        }
    }

    /// Runs a read and returns every row.
    ///
    /// # Errors
    /// Any fault of the database; also a value that does not fit its column's type.
    pub async fn all<T: FromRow>(&self, sql: &str, args: Vec<Val>) -> Result<Vec<T>, Fault> {
        let mut list = Vec::new();
        self.rows(sql, args, false, &mut run::into_list(&mut list))
            .await?;
        Ok(list)
    }

    /// Runs a read and returns the one row, or none.
    ///
    /// # Errors
    /// As [`Db::all`].
    pub async fn maybe<T: FromRow>(&self, sql: &str, args: Vec<Val>) -> Result<Option<T>, Fault> {
        let mut place = None;
        self.rows(sql, args, true, &mut run::into_place(&mut place))
            .await?;
        Ok(place)
    }

    #[boxed]
    async fn rows(
        &self,
        sql: &str,
        args: Vec<Val>,
        only_first: bool,
        sink: Sink<'_>,
    ) -> Result<(), Fault> {
        match self {
            Self::Sqlite { read, .. } => run::rows_sqlite(read, sql, args, only_first, sink).await,
            Self::Postgres(pool) => run::rows_postgres(pool, sql, args, only_first, sink).await,
        }
    }

    /// Begins a transaction that may write. On SQLite it takes the one writer at once, so that it
    /// can never fail half-way for want of the lock.
    ///
    /// # Errors
    /// Busy when the writer does not become free in time.
    #[boxed]
    pub async fn begin(&self) -> Result<Tx, Fault> {
        match self {
            Self::Sqlite { write, .. } => write.begin_with("BEGIN IMMEDIATE").await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        }
        .map_err(from_driver)
    }

    /// Asks the database the smallest question, to know whether it answers.
    ///
    /// # Errors
    /// Unavailable when it does not.
    #[boxed]
    pub async fn ping(&self) -> Result<(), Fault> {
        let _: Option<(i64,)> = self.maybe("SELECT CAST(1 AS BIGINT)", Vec::new()).await?;
        Ok(())
    }

    /// How the database means to run a statement: SQLite's query plan or PostgreSQL's `EXPLAIN
    /// (ANALYZE, BUFFERS)`. For benchmarks and documents.
    ///
    /// # Errors
    /// Any fault of the database.
    #[boxed]
    pub async fn explain(&self, sql: &str, args: Vec<Val>) -> Result<Vec<String>, Fault> {
        match self {
            Self::Sqlite { read, .. } => {
                let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
                let rows: Vec<(i64, i64, i64, String)> =
                    bind!(sqlx::query_as::<Sqlite, (i64, i64, i64, String)>(sql), args)
                        .fetch_all(read)
                        .await
                        .map_err(from_driver)?;
                Ok(rows.into_iter().map(|r| r.3).collect())
            }
            Self::Postgres(pool) => {
                let sql = AssertSqlSafe(format!("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {sql}"));
                let rows: Vec<(String,)> = bind!(sqlx::query_as::<Postgres, (String,)>(sql), args)
                    .fetch_all(pool)
                    .await
                    .map_err(from_driver)?;
                Ok(rows.into_iter().map(|r| r.0).collect())
            }
        }
    }

    /// Refreshes the planner's statistics; after bulk loads.
    ///
    /// # Errors
    /// Any fault of the database.
    #[boxed]
    pub async fn analyze(&self) -> Result<(), Fault> {
        match self {
            Self::Sqlite { write, .. } => sqlx::query("ANALYZE")
                .execute(write)
                .await
                .map(|_| ())
                .map_err(from_driver),
            Self::Postgres(pool) => sqlx::query("VACUUM ANALYZE")
                .execute(pool)
                .await
                .map(|_| ())
                .map_err(from_driver),
        }
    }

    /// Closes every connection and waits for them.
    #[boxed]
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
