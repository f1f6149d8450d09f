//! Running a statement, behind one type for every row and every caller.
//!
//! The compiler makes the code of an `async fn` anew in each crate that awaits it, and of a generic one
//! for each type. A driver's part of that is large: here it ends at a boxed future, made once in this
//! crate. The box is one small allocation a statement.

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Database, Executor, IntoArguments, Postgres, Sqlite};

use super::{EitherRow, FromRow, Val, bind};
use crate::fault::{Fault, from_driver};

/// What becomes of a row. An error ends the statement.
pub(super) type Sink<'a> = &'a mut (dyn FnMut(&EitherRow) -> Result<(), Fault> + Send);

/// A sink that keeps the rows in `list`.
pub(super) fn into_list<T: FromRow>(
    list: &mut Vec<T>,
) -> impl FnMut(&EitherRow) -> Result<(), Fault> {
    |row| {
        list.push(T::from_row(row)?);
        Ok(())
    }
}

/// A sink that keeps the one row in `place`.
pub(super) fn into_place<T: FromRow>(
    place: &mut Option<T>,
) -> impl FnMut(&EitherRow) -> Result<(), Fault> {
    |row| {
        *place = Some(T::from_row(row)?);
        Ok(())
    }
}

/// Runs a statement on SQLite and returns how many rows it touched.
pub(super) async fn exec_sqlite<'e, E>(on: E, sql: &str, args: Vec<Val>) -> Result<u64, Fault>
where
    E: Executor<'e, Database = Sqlite>,
{
    let query = bind!(sqlx::query::<Sqlite>(AssertSqlSafe(sql.to_owned())), args);
    let done = query.execute(on).await.map_err(from_driver)?;
    Ok(done.rows_affected())
}

/// As [`exec_sqlite`] on PostgreSQL.
pub(super) async fn exec_postgres<'e, E>(on: E, sql: &str, args: Vec<Val>) -> Result<u64, Fault>
where
    E: Executor<'e, Database = Postgres>,
{
    let query = bind!(sqlx::query::<Postgres>(AssertSqlSafe(sql.to_owned())), args);
    let done = query.execute(on).await.map_err(from_driver)?;
    Ok(done.rows_affected())
}

/// Gives the rows of a statement on SQLite to `sink`, all of them or the first.
pub(super) async fn rows_sqlite<'e, E>(
    on: E,
    sql: &str,
    args: Vec<Val>,
    only_first: bool,
    sink: Sink<'_>,
) -> Result<(), Fault>
where
    E: Executor<'e, Database = Sqlite> + 'e,
{
    let query = bind!(sqlx::query::<Sqlite>(AssertSqlSafe(sql.to_owned())), args);
    rows(query, on, only_first, sink).await
}

/// As [`rows_sqlite`] on PostgreSQL.
pub(super) async fn rows_postgres<'e, E>(
    on: E,
    sql: &str,
    args: Vec<Val>,
    only_first: bool,
    sink: Sink<'_>,
) -> Result<(), Fault>
where
    E: Executor<'e, Database = Postgres> + 'e,
{
    let query = bind!(sqlx::query::<Postgres>(AssertSqlSafe(sql.to_owned())), args);
    rows(query, on, only_first, sink).await
}

async fn rows<'q, 'e, D, A, E>(
    query: sqlx::query::Query<'q, D, A>,
    on: E,
    only_first: bool,
    sink: Sink<'_>,
) -> Result<(), Fault>
where
    'q: 'e,
    D: Database<Row: Into<EitherRow>>,
    A: IntoArguments<D> + 'q + 'e,
    E: Executor<'e, Database = D> + 'e,
{
    if only_first {
        return match query.fetch_optional(on).await.map_err(from_driver)? {
            Some(row) => sink(&row.into()),
            None => Ok(()),
        };
    }
    let mut found = query.fetch(on);
    while let Some(row) = found.try_next().await.map_err(from_driver)? {
        sink(&row.into())?;
    }
    Ok(())
}
