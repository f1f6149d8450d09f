//! An open transaction on either database.

use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};

use super::{BothRow, DbKind, Val, bind};
use crate::fault::{Fault, from_driver};

/// An open transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Which database it is open on.
    pub(crate) const fn kind(&self) -> DbKind {
        match self {
            Self::Sqlite(_) => DbKind::Sqlite,
            Self::Postgres(_) => DbKind::Postgres,
        }
    }

    /// Runs a statement and returns how many rows it touched.
    ///
    /// # Errors
    /// Any fault; the transaction must then be given up.
    pub async fn exec(&mut self, sql: &str, args: Vec<Val>) -> Result<u64, Fault> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(tx) => bind!(sqlx::query::<Sqlite>(sql), args)
                .execute(&mut **tx)
                .await
                .map(|r| r.rows_affected()),
            Self::Postgres(tx) => bind!(sqlx::query::<Postgres>(sql), args)
                .execute(&mut **tx)
                .await
                .map(|r| r.rows_affected()),
        }
        .map_err(from_driver)
    }

    /// Runs a statement that returns at most one row.
    ///
    /// # Errors
    /// As [`Tx::exec`].
    pub async fn maybe<T: BothRow>(
        &mut self,
        sql: &str,
        args: Vec<Val>,
    ) -> Result<Option<T>, Fault> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(tx) => {
                bind!(sqlx::query_as::<Sqlite, T>(sql), args)
                    .fetch_optional(&mut **tx)
                    .await
            }
            Self::Postgres(tx) => {
                bind!(sqlx::query_as::<Postgres, T>(sql), args)
                    .fetch_optional(&mut **tx)
                    .await
            }
        }
        .map_err(from_driver)
    }

    /// Runs a statement and returns every row.
    ///
    /// # Errors
    /// As [`Tx::exec`].
    pub async fn all<T: BothRow>(&mut self, sql: &str, args: Vec<Val>) -> Result<Vec<T>, Fault> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(tx) => {
                bind!(sqlx::query_as::<Sqlite, T>(sql), args)
                    .fetch_all(&mut **tx)
                    .await
            }
            Self::Postgres(tx) => {
                bind!(sqlx::query_as::<Postgres, T>(sql), args)
                    .fetch_all(&mut **tx)
                    .await
            }
        }
        .map_err(from_driver)
    }

    /// Makes everything done in the transaction permanent, all or nothing.
    ///
    /// # Errors
    /// Any fault. When the connection broke in the middle it is not known whether the transaction was
    /// made permanent; commands are safe to repeat.
    pub async fn commit(self) -> Result<(), Fault> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
        .map_err(from_driver)
    }
}
