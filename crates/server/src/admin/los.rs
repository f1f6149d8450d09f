//! `lintel admin los`.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use lintel_app::context::App;
use lintel_app::error::{AppError, Fault, Finding};
use lintel_app::los::{
    self, AddressTemplate, Connector, FolderSettings, HttpSettings, ImportError, LosCredentials,
    LosSettings, Mistake, SetOutcome,
};
use lintel_app::ports::{LosFault, LosFaultKind, LosLoan};
use lintel_domain::application::sensitive::Sensitive;

use super::{lender_id, secret, table, utc};
use crate::cli::{HttpConnector, LosAuth, LosCommand, LosTrial};

/// Longest file of a secret, and of certificates.
const SECRET_MAX_BYTES: u64 = 8 * 1024;
const CERTIFICATES_MAX_BYTES: u64 = 256 * 1024;

/// Runs one command.
pub(super) async fn run(app: &App, command: LosCommand) -> Result<String, AppError> {
    match command {
        LosCommand::Folder { org, folder } => {
            let is_there = folder.is_dir();
            let folder = folder.into_os_string().into_string();
            let folder = folder.map_err(|_| unusable(Mistake("the folder's path is not text")))?;
            let settings = LosSettings::Folder(FolderSettings { folder });
            let done = set(app, &org, settings).await?;
            let note = if is_there {
                ""
            } else {
                "note: this machine has no such folder\n"
            };
            Ok(format!("{done}{note}"))
        }
        LosCommand::Http(http) => connect_http(app, *http).await,
        LosCommand::Show { org } => show(app, &org).await,
        LosCommand::Remove { org } => {
            let was_there = los::remove(app, &lender_id(&org)?).await?;
            let told = if was_there {
                "is not connected any more"
            } else {
                "was not connected"
            };
            Ok(format!("{org} {told}.\n"))
        }
        LosCommand::Try(trial) => try_out(app, trial).await,
    }
}

async fn set(app: &App, org: &str, settings: LosSettings) -> Result<String, AppError> {
    lintel_los::check(&settings).map_err(unusable)?;
    Ok(match los::set(app, &lender_id(org)?, settings).await? {
        SetOutcome::Connected => format!("{org} is connected.\n"),
        SetOutcome::Changed => format!("{org} is connected in a new way.\n"),
        SetOutcome::Unchanged => format!("{org} is already connected like this.\n"),
    })
}

/// A sentence for the operator, and never what was typed.
fn unusable(mistake: Mistake) -> AppError {
    Fault::internal(format!("nothing changed: {mistake}")).into()
}

async fn connect_http(app: &App, http: HttpConnector) -> Result<String, AppError> {
    // What can be seen to be wrong is said before a secret is asked for.
    let address = AddressTemplate::parse(&http.url).map_err(unusable)?;
    lender_id(&http.org)?;
    let certificates = match &http.ca_file {
        Some(file) => Some(read_file(file, CERTIFICATES_MAX_BYTES)?),
        None => None,
    };
    let credentials = credentials(&http)?;
    let is_told = address.is_in_clear();
    let settings = HttpSettings {
        address,
        credentials,
        accept: http.accept,
        member: http.member,
        certificates,
        timeout_s: http.timeout,
        attempts: http.attempts,
    };
    let done = set(app, &http.org, LosSettings::Http(Box::new(settings))).await?;
    let note = if is_told {
        "note: over http:// loans and credentials can be read on the way\n"
    } else {
        ""
    };
    Ok(format!("{done}{note}"))
}

fn credentials(http: &HttpConnector) -> Result<LosCredentials, AppError> {
    let secret = |prompt: &str| ask(http, prompt).map(Sensitive::new);
    Ok(match http.auth {
        LosAuth::None => LosCredentials::None,
        LosAuth::Basic => LosCredentials::Basic {
            user: http.user.clone().unwrap_or_default(),
            password: secret("Password: ")?,
        },
        LosAuth::Bearer => LosCredentials::Bearer {
            token: secret("Token: ")?,
        },
        LosAuth::Header => LosCredentials::Header {
            name: http.header.clone().unwrap_or_default(),
            value: secret("Value of the header: ")?,
        },
    })
}

fn ask(http: &HttpConnector, prompt: &str) -> Result<String, AppError> {
    if let Some(file) = &http.secret_file {
        let text = read_file(file, SECRET_MAX_BYTES)?;
        return Ok(text.lines().next().unwrap_or_default().to_owned());
    }
    secret::read(prompt).map_err(|e| {
        Fault::internal("the secret could not be read")
            .caused_by(e)
            .into()
    })
}

/// A text file of bounded length.
fn read_file(path: &Path, max_bytes: u64) -> Result<String, AppError> {
    let told = |error: io::Error| {
        let what = format!("cannot read {}", path.display());
        AppError::from(Fault::internal(what).caused_by(error))
    };
    let mut text = String::new();
    let file = File::open(path).map_err(told)?;
    file.take(max_bytes.saturating_add(1))
        .read_to_string(&mut text)
        .map_err(told)?;
    if u64::try_from(text.len()).is_ok_and(|len| len > max_bytes) {
        return Err(told(io::Error::other("it is too long")));
    }
    Ok(text)
}

async fn show(app: &App, org: &str) -> Result<String, AppError> {
    let Some(connector) = los::show(app, &lender_id(org)?).await? else {
        return Ok(format!("{org} is not connected.\n"));
    };
    let mut table = table(&["setting", "value"]);
    for (name, value) in rows(&connector) {
        table.add_row([name.to_owned(), value]);
    }
    Ok(format!("{table}\n"))
}

fn rows(connector: &Connector) -> Vec<(&'static str, String)> {
    let mut rows = vec![("kind", connector.settings.kind().to_owned())];
    match &connector.settings {
        LosSettings::Folder(settings) => rows.push(("folder", settings.folder.clone())),
        LosSettings::Http(http) => {
            let auth = match &http.credentials {
                LosCredentials::None | LosCredentials::Bearer { .. } => String::new(),
                LosCredentials::Basic { user, .. } => format!(" {user}"),
                LosCredentials::Header { name, .. } => format!(" {name}"),
            };
            let certificates = match &http.certificates {
                Some(pem) => format!("{} bytes", pem.len()),
                None => "the public ones".to_owned(),
            };
            rows.extend([
                ("url", http.address.as_str().to_owned()),
                ("auth", format!("{}{auth}", http.credentials.kind())),
                ("accept", http.accept.clone()),
                ("member", http.member.clone()),
                ("certificates", certificates),
                ("timeout", format!("{} s", http.timeout_s)),
                ("attempts", http.attempts.to_string()),
            ]);
        }
    }
    rows.push(("connected", utc(connector.created_at)));
    rows.push(("changed", utc(connector.updated_at)));
    rows
}

async fn try_out(app: &App, trial: LosTrial) -> Result<String, AppError> {
    let loan = LosLoan {
        id: trial.loan,
        guid: trial.guid,
    };
    let tried = match los::try_out(app, &lender_id(&trial.org)?, loan).await {
        Ok(tried) => tried,
        Err(ImportError::App(error)) => return Err(error),
        Err(ImportError::Los(fault)) => {
            let told = format!("{}: {fault}", words(&fault));
            return Err(Fault::internal(told).into());
        }
    };
    let told = findings(&tried.findings);
    let Some(borrowers) = tried.borrower_count else {
        let what = format!("the loan would be refused\n{told}");
        return Err(Fault::internal(what.trim_end()).into());
    };
    Ok(format!(
        "document   {} bytes\nborrowers  {borrowers}\nfindings   {}\n{told}nothing was stored\n",
        tried.byte_count,
        tried.findings.len()
    ))
}

fn findings(found: &[Finding]) -> String {
    if found.is_empty() {
        return String::new();
    }
    let mut table = table(&["severity", "code", "line", "path", "message"]);
    for finding in found {
        table.add_row([
            finding.severity.as_str().to_owned(),
            finding.code.as_str().to_owned(),
            finding.line.map(|n| n.to_string()).unwrap_or_default(),
            finding.path.clone(),
            finding.message.to_string(),
        ]);
    }
    format!("{table}\n")
}

/// What a fault of the system means to whoever set it up.
const fn words(fault: &LosFault) -> &'static str {
    match fault.kind() {
        LosFaultKind::NotFound => "the system has no such loan",
        LosFaultKind::GuidNeeded => "the loan's GUID is needed",
        LosFaultKind::Refused => "the system does not accept the credentials",
        LosFaultKind::TimedOut => "the system did not answer in time",
        LosFaultKind::Unavailable { .. } => "the system cannot be reached or cannot answer",
        LosFaultKind::TooLarge => "the system answers more than is read",
        LosFaultKind::Garbled => "the system's answer holds no document",
        LosFaultKind::Busy => "too many loans are being fetched",
        LosFaultKind::CircuitOpen { .. } => "the system is left alone for a while",
    }
}
