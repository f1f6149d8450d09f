//! `serve --demo`: loads the demo lender, keeps its credentials in the data folder and prints how to
//! call the server.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use lintel_app::config::Config;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::{admin, auth, demo};
use lintel_domain::credential::KeyPair;
use lintel_store::fault::Fault;
use serde::{Deserialize, Serialize};

/// File in the data folder that holds the demo's credentials. The demo's secret is meant to be
/// found; real ones are shown once and never written.
const FILE: &str = "demo-credentials.json";

#[derive(Serialize, Deserialize)]
struct Demo {
    url: String,
    #[serde(rename = "apiID")]
    api_id: String,
    #[serde(rename = "apiKey")]
    api_key: String,
    #[serde(rename = "lenderID")]
    lender_id: String,
}

/// Makes sure that the demo lender and a working credential are there, and returns what to print.
///
/// # Errors
/// Any fault of the database or the data folder.
pub async fn prepare(app: &App, config: &Config, url: &str) -> Result<String, Fault> {
    let (org, is_new) = demo::load(app).await.map_err(into_fault)?;
    let path = config.data_folder.join(FILE);
    let kept = read(&path);
    let mut credentials = match kept {
        Some(kept) if works(app, &kept).await? => kept,
        _ => {
            let made = admin::create_credential(app, &org.public_id, "demo")
                .await
                .map_err(into_fault)?;
            Demo {
                url: url.to_owned(),
                api_id: made.credential.api_id,
                api_key: made.api_key,
                lender_id: org.public_id.to_string(),
            }
        }
    };
    url.clone_into(&mut credentials.url);
    write(&path, &credentials)?;
    Ok(greeting(&credentials, is_new))
}

fn read(path: &Path) -> Option<Demo> {
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}

/// The kept pair may be from another database: then it is no use.
async fn works(app: &App, kept: &Demo) -> Result<bool, Fault> {
    let Some(pair) = KeyPair::parse(&kept.api_id, &kept.api_key) else {
        return Ok(false);
    };
    match auth::check_pair(app, &pair).await {
        Ok(principal) => Ok(principal.org.public_id.as_str() == kept.lender_id),
        Err(AppError::Failed(fault)) => Err(fault),
        Err(AppError::Refused(_) | AppError::Document(_)) => Ok(false),
    }
}

fn write(path: &Path, demo: &Demo) -> Result<(), Fault> {
    let cannot = |e: std::io::Error| {
        Fault::internal(format!("cannot write {}", path.display())).caused_by(e)
    };
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(cannot)?;
    }
    let text = serde_json::to_string_pretty(demo)
        .map_err(|e| Fault::internal("demo credentials").caused_by(e))?;
    let mut file = options.open(path).map_err(cannot)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.write_all(b"\n"))
        .map_err(cannot)
}

fn into_fault(error: AppError) -> Fault {
    match error {
        AppError::Failed(fault) => fault,
        refused @ (AppError::Refused(_) | AppError::Document(_)) => {
            Fault::internal("the demo lender was refused").caused_by(refused)
        }
    }
}

fn greeting(demo: &Demo, is_new: bool) -> String {
    let Demo {
        url,
        api_id,
        api_key,
        lender_id,
    } = demo;
    let state = if is_new { "loaded" } else { "already there" };
    format!(
        r#"
Demo lender {state}: Harbor Light Mortgage (demo)

  URL       {url}
  lenderID  {lender_id}
  apiID     {api_id}
  apiKey    {api_key}

Try it with curl:

  curl -s {url}/api/lender/access-token -F format=json -F apiID={api_id} -F apiKey={api_key}

or with PHP:

  php -r '$c = curl_init("{url}/api/lender/access-token");
          curl_setopt($c, CURLOPT_POSTFIELDS, array("format" => "json",
            "apiID" => "{api_id}", "apiKey" => "{api_key}"));
          curl_exec($c);'

"#
    )
}
