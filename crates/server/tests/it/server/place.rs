//! Where a server under test keeps its data: a folder, and for PostgreSQL a database.

use std::path::Path;

use lintel_app::context::App;
use lintel_server::cli::ConfigArgs;
use lintel_server::{compose, configure};
use lintel_testkit::PostgresDatabase;
use tempfile::TempDir;

/// A data folder and the database that goes with it.
pub(super) struct Place {
    folder: TempDir,
    database_url: Option<String>,
}

impl Place {
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The flags that lead a command here.
    pub(super) fn flags(&self) -> Vec<String> {
        let mut flags = vec![
            "--data-folder".to_owned(),
            self.folder().display().to_string(),
        ];
        if let Some(url) = &self.database_url {
            flags.extend(["--database-url".to_owned(), url.clone()]);
        }
        flags
    }

    /// Opens the data without a server, to look behind the wire.
    pub(super) async fn open(&self) -> App {
        let args = ConfigArgs {
            config: None,
            data_folder: Some(self.folder().display().to_string()),
            database_url: self.database_url.clone(),
            set: Vec::new(),
        };
        let config = configure::read(&args, None)
            .config
            .expect("a configuration");
        compose::open_app(&config, compose::Missing::Refuse)
            .await
            .expect("data")
    }
}

/// Runs a body on SQLite.
pub(super) fn on_sqlite(body: impl FnOnce(&Place)) {
    body(&Place {
        folder: tempfile::tempdir().expect("a folder"),
        database_url: None,
    });
}

/// Runs a body on a fresh PostgreSQL database, or says that it did not.
pub(super) fn on_postgres(name: &str, body: impl FnOnce(&Place)) {
    let Some(admin) = lintel_testkit::postgres_url() else {
        println!("SKIPPED: {name} (LINTEL_TEST_PG is not set)");
        eprintln!("SKIPPED: {name} (LINTEL_TEST_PG is not set)");
        return;
    };
    let database = block_on(PostgresDatabase::create(&admin));
    body(&Place {
        folder: tempfile::tempdir().expect("a folder"),
        database_url: Some(database.url.clone()),
    });
    block_on(database.drop());
}

pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}

/// Two tests of one body: `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($($name:ident => $body:path;)+) => {
        $(mod $name {
            #[test]
            fn sqlite() {
                crate::server::place::on_sqlite($body);
            }
            #[test]
            fn postgres() {
                crate::server::place::on_postgres(concat!(module_path!(), "::postgres"), $body);
            }
        })+
    };
}
pub(super) use on_both;
