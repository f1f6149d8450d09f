//! What the process does beside answering requests.

use std::sync::Arc;

use lintel_app::config::Config;
use lintel_app::context::App;
use lintel_app::mail::FolderPost;
use tokio::task::JoinSet;

/// Starts every task that lives as long as the server does. Dropping the set ends them; each of them
/// can be ended at any moment.
#[must_use]
pub fn start(app: &App, config: &Config) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    // Other nodes' price changes reach this one through it.
    tasks.spawn(lintel_app::pricing::watch(app.clone()));
    tasks.spawn(lintel_app::session::keep_sweeping(app.clone()));
    tasks.spawn(lintel_app::document::keep_sweeping(app.clone()));
    let post = Arc::new(FolderPost::new(config.mail_folder.clone()));
    let from = config.mail_from.clone();
    tasks.spawn(lintel_app::mail::postman(app.clone(), post, from));
    tasks
}
