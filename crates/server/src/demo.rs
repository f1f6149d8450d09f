//! `serve --demo`: loads the demo lender and the demo bank, keeps their credentials in the data folder
//! and prints how to call the server.

mod bank;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use lintel_app::config::Config;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::{admin, auth, demo, lead, partner};
use lintel_domain::credential::KeyPair;
use lintel_domain::id::PublicId;
use lintel_store::fault::Fault;
use serde::{Deserialize, Serialize};

/// File in the data folder that holds the demo's credentials. The demo's secret is meant to be
/// found; real ones are shown once and never written.
const FILE: &str = "demo-credentials.json";
/// Characters of the demo Admin's password: 119 random bits.
const PASSWORD_LEN: usize = 20;

#[derive(Serialize, Deserialize)]
struct Demo {
    url: String,
    #[serde(rename = "apiID")]
    api_id: String,
    #[serde(rename = "apiKey")]
    api_key: String,
    #[serde(rename = "lenderID")]
    lender_id: String,
    /// Where staff sign in, and with what. Absent in files of older versions.
    #[serde(flatten)]
    sign_in: Option<SignIn>,
    #[serde(rename = "signUpURL", default)]
    sign_up_url: Option<String>,
    #[serde(default)]
    vendor: Option<Vendor>,
    #[serde(default)]
    bank: Option<bank::Bank>,
}

#[derive(Clone, Serialize, Deserialize)]
struct SignIn {
    #[serde(rename = "signInURL")]
    url: String,
    #[serde(rename = "staffEmail")]
    email: String,
    /// None when it was changed on a page.
    #[serde(rename = "staffPassword")]
    password: Option<String>,
    /// What the database keeps instead of it: while that is the same, the password is, too.
    #[serde(rename = "staffPasswordHash", default)]
    hash: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Vendor {
    #[serde(rename = "vendorID")]
    id: String,
    #[serde(rename = "apiID")]
    api_id: String,
    #[serde(rename = "apiKey")]
    api_key: String,
}

/// Makes sure that the demo lender and a working credential are there, and returns what to print.
///
/// # Errors
/// Any fault of the database or the data folder.
pub async fn prepare(app: &App, config: &Config, url: &str) -> Result<String, Fault> {
    let (org, is_new) = demo::load(app).await.map_err(into_fault)?;
    let path = config.data_folder.join(FILE);
    let kept = match read(&path) {
        Some(kept) if works(app, &kept.api_id, &kept.api_key, &kept.lender_id).await? => Some(kept),
        Some(_) | None => None,
    };
    let sign_in = sign_in(app, url, kept.as_ref()).await?;
    let vendor = vendor(app, kept.as_ref().and_then(|kept| kept.vendor.clone())).await?;
    let bank = bank::prepare(app, kept.as_ref().and_then(|kept| kept.bank.clone())).await?;
    let (api_id, api_key) = match kept {
        Some(kept) => (kept.api_id, kept.api_key),
        None => make_pair(app, &org.public_id).await?,
    };
    let sign_up = lead::signup_url(app, &org).await.map_err(into_fault)?;
    let credentials = Demo {
        url: url.to_owned(),
        api_id,
        api_key,
        lender_id: org.public_id.to_string(),
        sign_in: Some(sign_in),
        sign_up_url: Some(sign_up),
        vendor,
        bank: Some(bank),
    };
    write(&path, &credentials)?;
    Ok(greeting(&credentials, is_new, app.is_catching()))
}

/// Gives the demo lender its loans, and returns what to print.
///
/// # Errors
/// Any fault of the database.
pub async fn prepare_loans(app: &App) -> Result<String, Fault> {
    let (org, _) = demo::load(app).await.map_err(into_fault)?;
    let added = demo::load_loans(app, &org).await.map_err(into_fault)?;
    Ok(format!("{added} invented loans were added to the demo.\n"))
}

async fn make_pair(app: &App, org: &PublicId) -> Result<(String, String), Fault> {
    let made = admin::create_credential(app, org, "demo").await;
    let made = made.map_err(into_fault)?;
    Ok((made.credential.api_id, made.api_key))
}

/// A password that was changed on a page stays changed, and is not known here any more; without the
/// file of this database there is none, and another one is drawn.
async fn sign_in(app: &App, url: &str, kept: Option<&Demo>) -> Result<SignIn, Fault> {
    let known = kept.and_then(|kept| kept.sign_in.as_ref());
    let password = known.and_then(|known| known.password.clone());
    let proved = known.and_then(|known| known.hash.as_deref());
    let hash = match &password {
        Some(password) => demo::password_works(app, password, proved).await?,
        None => None,
    };
    let (password, hash) = if hash.is_some() {
        (password, hash)
    } else if known.is_some() && demo::has_password(app).await? {
        (None, None)
    } else {
        let drawn = app.secret_base62(PASSWORD_LEN)?;
        let hash = demo::set_password(app, &drawn).await?;
        (hash.is_some().then_some(drawn), hash)
    };
    Ok(SignIn {
        url: format!("{url}/lender/sign-in"),
        email: demo::ADMIN_EMAIL.to_owned(),
        password,
        hash,
    })
}

async fn vendor(app: &App, kept: Option<Vendor>) -> Result<Option<Vendor>, Fault> {
    let Some(org) = demo::vendor(app).await? else {
        return Ok(None);
    };
    let id = org.public_id.to_string();
    if let Some(kept) = kept
        && vendor_works(app, &kept).await?
    {
        return Ok(Some(kept));
    }
    let (api_id, api_key) = make_pair(app, &org.public_id).await?;
    Ok(Some(Vendor {
        id,
        api_id,
        api_key,
    }))
}

fn read(path: &Path) -> Option<Demo> {
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}

async fn vendor_works(app: &App, kept: &Vendor) -> Result<bool, Fault> {
    let Some(pair) = KeyPair::parse(&kept.api_id, &kept.api_key) else {
        return Ok(false);
    };
    match partner::lenders(app, &pair).await {
        Ok(_) => Ok(true),
        Err(AppError::Failed(fault)) => Err(fault),
        Err(AppError::Refused(_) | AppError::Document(_)) => Ok(false),
    }
}

/// The kept pair may be from another database: then it is no use.
async fn works(app: &App, api_id: &str, api_key: &str, org: &str) -> Result<bool, Fault> {
    let Some(pair) = KeyPair::parse(api_id, api_key) else {
        return Ok(false);
    };
    match auth::check_pair(app, &pair).await {
        Ok(principal) => Ok(principal.org.public_id.as_str() == org),
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

fn greeting(demo: &Demo, is_new: bool, is_catching: bool) -> String {
    let Demo {
        url,
        api_id,
        api_key,
        lender_id,
        sign_in,
        sign_up_url,
        vendor,
        bank,
    } = demo;
    let state = if is_new { "loaded" } else { "already there" };
    let mut pages = pages(sign_in.as_ref(), sign_up_url.as_deref());
    if is_catching {
        pages.push_str(&format!(
            "\nMail and text messages are caught, and shown at {url}/mailbox\n"
        ));
    }
    let vendor = vendor.as_ref().map(vendor_lines).unwrap_or_default();
    let bank = bank.as_ref().map(|bank| bank.lines(url));
    let bank = bank.unwrap_or_default();
    format!(
        r#"
Demo lender {state}: Harbor Light Mortgage (demo)

  URL       {url}
  lenderID  {lender_id}
  apiID     {api_id}
  apiKey    {api_key}
{pages}{vendor}
Try it with curl:

  curl -s {url}/api/lender/access-token -F format=json -F apiID={api_id} -F apiKey={api_key}

or with PHP:

  php -r '$c = curl_init("{url}/api/lender/access-token");
          curl_setopt($c, CURLOPT_POSTFIELDS, array("format" => "json",
            "apiID" => "{api_id}", "apiKey" => "{api_key}"));
          curl_exec($c);'
{bank}
"#
    )
}

fn pages(sign_in: Option<&SignIn>, sign_up_url: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(SignIn {
        url,
        email,
        password,
        ..
    }) = sign_in
    {
        let password = password.as_deref().unwrap_or("(changed on a page)");
        text.push_str(&format!(
            "\nStaff sign in at {url}\n\n  address   {email}\n  password  {password}\n"
        ));
    }
    if let Some(url) = sign_up_url {
        text.push_str(&format!("\nBorrowers sign up at {url}\n"));
    }
    text
}

fn vendor_lines(vendor: &Vendor) -> String {
    let Vendor {
        id,
        api_id,
        api_key,
    } = vendor;
    format!("\nDemo vendor {id}\n\n  apiID     {api_id}\n  apiKey    {api_key}\n")
}
