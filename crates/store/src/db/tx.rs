//! An open transaction on either database.

use lintel_macros::boxed;
use sqlx::{Postgres, Sqlite, Transaction};

use super::run::{self, Sink};
use super::{DbKind, FromRow, Val};
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
    #[boxed]
    pub async fn exec(&mut self, sql: &str, args: Vec<Val>) -> Result<u64, Fault> {
        match self {
            Self::Sqlite(tx) => run::exec_sqlite(&mut **tx, sql, args).await,
            Self::Postgres(tx) => run::exec_postgres(&mut **tx, sql, args).await,
        }
    }

    /// Runs a statement that returns at most one row.
    ///
    /// # Errors
    /// As [`Tx::exec`].
    pub async fn maybe<T: FromRow>(
        &mut self,
        sql: &str,
        args: Vec<Val>,
    ) -> Result<Option<T>, Fault> {
        let mut place = None;
        self.rows(sql, args, true, &mut run::into_place(&mut place))
            .await?;
        Ok(place)
    }

    /// Runs a statement and returns every row.
    ///
    /// # Errors
    /// As [`Tx::exec`].
    pub async fn all<T: FromRow>(&mut self, sql: &str, args: Vec<Val>) -> Result<Vec<T>, Fault> {
        let mut list = Vec::new();
        self.rows(sql, args, false, &mut run::into_list(&mut list))
            .await?;
        Ok(list)
    }

    #[boxed]
    async fn rows(
        &mut self,
        sql: &str,
        args: Vec<Val>,
        only_first: bool,
        sink: Sink<'_>,
    ) -> Result<(), Fault> {
        match self {
            Self::Sqlite(tx) => run::rows_sqlite(&mut **tx, sql, args, only_first, sink).await,
            Self::Postgres(tx) => run::rows_postgres(&mut **tx, sql, args, only_first, sink).await,
        }
    }

    /// Makes everything done in the transaction permanent, all or nothing.
    ///
    /// # Errors
    /// Any fault. When the connection broke in the middle it is not known whether the transaction was
    /// made permanent; commands are safe to repeat.
    #[boxed]
    pub async fn commit(self) -> Result<(), Fault> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
        .map_err(from_driver)
    }
}
