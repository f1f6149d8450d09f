//! A fresh, migrated database for every test, on SQLite and on PostgreSQL.
//!
//! Tests are written once with [`both!`] and run twice. SQLite gets a file in a throw-away folder;
//! PostgreSQL a database cloned from a migrated template on the server that `LINTEL_TEST_PG` names
//! (an address with the right to create databases). Without that variable the PostgreSQL half says
//! that it was skipped.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use lintel_store::db::Db;
use lintel_store::migrate;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Runs one test body on both databases.
///
/// ```text
/// both! {
///     async fn tokens_survive_a_restart(db) { … }
/// }
/// ```
/// makes the tests `tokens_survive_a_restart::sqlite` and `…::postgres`.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident) $body:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                #[expect(unused_imports, reason = "bodies differ in what they use")]
                use super::*;

                async fn body($db: ::lintel_store::db::Db) $body

                #[test]
                fn sqlite() {
                    $crate::on_sqlite(body);
                }

                #[test]
                fn postgres() {
                    $crate::on_postgres(concat!(module_path!(), "::postgres"), body);
                }
            }
        )+
    };
}

/// The server PostgreSQL tests use, when there is one.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "test support is configured by the environment"
)]
pub fn postgres_url() -> Option<String> {
    std::env::var("LINTEL_TEST_PG")
        .ok()
        .filter(|url| !url.is_empty())
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}

/// Runs a body on a fresh SQLite file.
pub fn on_sqlite<F: Future<Output = ()>>(body: impl FnOnce(Db) -> F) {
    block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open_sqlite(&folder.path().join("lintel.sqlite"))
            .await
            .expect("a database");
        migrate::run(&db).await.expect("migrated");
        body(db.clone()).await;
        db.close().await;
    });
}

/// Runs a body on a fresh PostgreSQL database, or says that it did not.
#[expect(clippy::print_stderr, reason = "a skipped test must be seen")]
pub fn on_postgres<F: Future<Output = ()>>(name: &str, body: impl FnOnce(Db) -> F) {
    let Some(admin) = postgres_url() else {
        eprintln!("SKIPPED: {name} (LINTEL_TEST_PG is not set)");
        return;
    };
    block_on(async {
        let fresh = PostgresDatabase::create(&admin).await;
        let db = Db::open_postgres(&fresh.url, 8).await.expect("a database");
        body(db.clone()).await;
        db.close().await;
        fresh.drop().await;
    });
}

/// A database of its own on the test server.
#[derive(Debug)]
pub struct PostgresDatabase {
    admin: String,
    name: String,
    /// Address of the database.
    pub url: String,
}

/// Numbers the databases of one process.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// Any fixed number: all test processes take the same lock while the template is made.
const TEMPLATE_LOCK: i64 = 0x6c69_6e74_656c;

impl PostgresDatabase {
    /// Clones the migrated template.
    pub async fn create(admin: &str) -> Self {
        let mut connection = PgConnection::connect(admin).await.expect("the test server");
        let template = template(admin, &mut connection).await;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("lintel_t_{}_{number}", std::process::id());
        for statement in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("CREATE DATABASE {name} TEMPLATE {template}"),
        ] {
            sqlx::query(AssertSqlSafe(statement))
                .execute(&mut connection)
                .await
                .expect("created");
        }
        let url = with_database(admin, &name);
        Self {
            admin: admin.to_owned(),
            name,
            url,
        }
    }

    /// Removes the database.
    pub async fn drop(self) {
        let mut connection = PgConnection::connect(&self.admin)
            .await
            .expect("the test server");
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .expect("dropped");
    }
}

/// Makes the template once per set of migrations, whichever test comes first.
async fn template(admin: &str, connection: &mut PgConnection) -> String {
    let name = format!("lintel_template_{}", migrate::fingerprint());
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut *connection)
        .await
        .expect("locked");
    let there: Option<(i32,)> = sqlx::query_as("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut *connection)
        .await
        .expect("asked");
    if there.is_none() {
        let half_made = format!("{name}_new");
        for statement in [
            format!("DROP DATABASE IF EXISTS {half_made} WITH (FORCE)"),
            format!(
                "CREATE DATABASE {half_made} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
            ),
        ] {
            sqlx::query(AssertSqlSafe(statement))
                .execute(&mut *connection)
                .await
                .expect("made");
        }
        let db = Db::open_postgres(&with_database(admin, &half_made), 2)
            .await
            .expect("opened");
        migrate::run(&db).await.expect("migrated");
        db.close().await;
        // Renamed only when whole, so that a killed run never leaves a broken template.
        sqlx::query(AssertSqlSafe(format!(
            "ALTER DATABASE {half_made} RENAME TO {name}"
        )))
        .execute(&mut *connection)
        .await
        .expect("renamed");
    }
    sqlx::query("SELECT pg_advisory_unlock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut *connection)
        .await
        .expect("unlocked");
    name
}

/// The same server, another database: replaces the path of the address.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url
        .split_once('?')
        .map_or((url, None), |(a, q)| (a, Some(q)));
    let scheme_end = address.find("://").map_or(0, |at| at + 3);
    let host_end = address[scheme_end..]
        .find('/')
        .map_or(address.len(), |at| scheme_end + at);
    let query = query.map(|q| format!("?{q}")).unwrap_or_default();
    format!("{}/{name}{query}", &address[..host_end])
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_database_is_replaced_and_the_rest_kept() {
        for (url, expected) in [
            (
                "postgres://app@127.0.0.1:5/postgres",
                "postgres://app@127.0.0.1:5/x",
            ),
            ("postgres://app@127.0.0.1:5", "postgres://app@127.0.0.1:5/x"),
            (
                "postgres://a:b@h/p?sslmode=disable",
                "postgres://a:b@h/x?sslmode=disable",
            ),
        ] {
            assert_eq!(super::with_database(url, "x"), expected);
        }
    }
}
