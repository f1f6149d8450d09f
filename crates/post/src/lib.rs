//! Letters and text messages on their way, behind the application's ports: SMTP, a folder, a provider
//! over HTTP, a catcher for demos.
//!
//! Must never decide whether something is sent, nor put an address or a word of a letter into a log.
//! To add a way for letters, add a file with its `Post` and an arm to [`open_post`].
#![deny(missing_docs)]

mod catch;
mod folder;
mod mime;
mod pace;
mod sign;
mod sms;
mod smtp;

use std::sync::Arc;

pub use catch::{CatchPost, CatchSms};
pub use folder::FolderPost;
use lintel_app::config::{Config, MailRoute};
use lintel_app::context::App;
use lintel_app::ports::{Clock, Handed, Post, Sms, SystemClock, shown_answer};
use lintel_store::fault::Fault;
use mime::Unfit;
use sign::Signer;
use sms::{HttpSms, NoSms};
use smtp::SmtpPost;

/// Where letters go, as the configuration has it. Nothing is connected or written yet.
///
/// # Errors
/// When a file that is named, such as that of the signing key, cannot be used.
pub fn open_post(config: &Config, app: &App) -> Result<Arc<dyn Post>, Fault> {
    let mailing = &config.mailing;
    let signer = mailing.dkim.as_ref().map(Signer::open).transpose()?;
    Ok(match &mailing.route {
        None | Some(MailRoute::Folder) => {
            Arc::new(FolderPost::signing(config.mail_folder.clone(), signer))
        }
        Some(MailRoute::Catcher) => Arc::new(CatchPost::new(app.clone())),
        Some(MailRoute::Smtp(address)) => {
            let clock: Arc<dyn Clock> = Arc::new(SystemClock);
            let hello = own_host(config.public_url.as_deref());
            Arc::new(SmtpPost::open(address, mailing, &hello, signer, clock)?)
        }
    })
}

/// Where text messages go, as the configuration has it: a provider, or the list of what was caught
/// where letters go there, too. Otherwise they are refused: nobody would see that none is sent.
///
/// # Errors
/// When the provider's file cannot be used: what is wrong with it, without a value of it.
pub fn open_sms(config: &Config, app: &App) -> Result<Arc<dyn Sms>, Fault> {
    Ok(
        match (&config.mailing.sms_provider, &config.mailing.route) {
            (Some(file), _) => Arc::new(HttpSms::open(file)?),
            (None, Some(MailRoute::Catcher)) => Arc::new(CatchSms::new(app.clone())),
            (None, None | Some(MailRoute::Folder | MailRoute::Smtp(_))) => Arc::new(NoSms),
        },
    )
}

/// The name this server gives itself to a mail server when nobody said another: the host callers
/// reach it under, or none that means anything.
fn own_host(public_url: Option<&str>) -> String {
    let host = public_url
        .and_then(|url| url.split_once("://"))
        .map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default())
        .map(|place| match place.strip_prefix('[') {
            Some(six) => six.split(']').next().unwrap_or_default(),
            None => place.split(':').next().unwrap_or_default(),
        });
    host.filter(|host| !host.is_empty() && *host != "localhost")
        .unwrap_or("127.0.0.1")
        .to_owned()
}

fn unfit(unfit: Unfit) -> Handed {
    Handed::Refused {
        answer: unfit.0.to_owned(),
        is_gone: false,
    }
}

/// It did not get there.
fn later(what: &str) -> Handed {
    Handed::Later {
        answer: shown_answer(what),
        after: None,
        perhaps_taken: false,
    }
}

/// It may have got there; only the answer did not come back.
fn perhaps(what: &str) -> Handed {
    Handed::Later {
        answer: shown_answer(&format!("{what}; it may have been taken all the same")),
        after: None,
        perhaps_taken: true,
    }
}

#[cfg(test)]
mod tests {
    use super::own_host;

    #[test]
    fn the_own_name_is_the_host_callers_use() {
        for (url, host) in [
            (None, "127.0.0.1"),
            (Some("http://localhost:8080"), "127.0.0.1"),
            (Some("https://lintel.example.com"), "lintel.example.com"),
            (
                Some("https://lintel.example.com:8443/x"),
                "lintel.example.com",
            ),
            (Some("http://[::1]:8080"), "::1"),
            (Some("nonsense"), "127.0.0.1"),
        ] {
            assert_eq!(own_host(url), host, "{url:?}");
        }
    }
}
