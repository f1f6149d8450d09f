//! A catcher: what would go out is kept in the database, where pages show it. For demos, and for
//! trying things out: nothing leaves.

use lintel_app::context::App;
use lintel_app::message::caught::{Caught, catch};
use lintel_app::ports::{Handed, Outgoing, OutgoingSms, Post, PostFuture, Sms};
use lintel_domain::message::Channel;

use crate::mime;

/// Keeps letters instead of sending them.
pub struct CatchPost {
    app: App,
}

impl CatchPost {
    /// They are kept in the application's database.
    #[must_use]
    pub const fn new(app: App) -> Self {
        Self { app }
    }
}

impl Post for CatchPost {
    fn send<'a>(&'a self, letter: &'a Outgoing) -> PostFuture<'a> {
        Box::pin(async move {
            let raw = match mime::write(letter, None) {
                Ok(written) => written.bytes,
                Err(unfit) => return crate::unfit(unfit),
            };
            let caught = Caught {
                channel: Channel::Mail,
                sender: letter.from.email.clone(),
                recipient: letter.recipient.clone(),
                subject: letter.subject.clone(),
                text: letter.text.clone(),
                html: letter.html.clone(),
                attachments: letter.attachments.clone(),
                raw,
            };
            keep(&self.app, &caught).await
        })
    }
}

/// Keeps text messages instead of sending them.
pub struct CatchSms {
    app: App,
}

impl CatchSms {
    /// They are kept in the application's database.
    #[must_use]
    pub const fn new(app: App) -> Self {
        Self { app }
    }
}

impl Sms for CatchSms {
    fn send<'a>(&'a self, message: &'a OutgoingSms) -> PostFuture<'a> {
        Box::pin(async move {
            let caught = Caught {
                channel: Channel::Sms,
                sender: String::new(),
                recipient: message.number.clone(),
                subject: String::new(),
                text: message.text.clone(),
                html: None,
                attachments: Vec::new(),
                raw: message.text.clone().into_bytes(),
            };
            tracing::info!(delivery = %message.delivery, "a text message was kept: there is no provider");
            keep(&self.app, &caught).await
        })
    }
}

async fn keep(app: &App, caught: &Caught) -> Handed {
    match catch(app, caught).await {
        Ok(()) => Handed::Taken {
            answer: "kept by the catcher, not sent".to_owned(),
        },
        Err(fault) => {
            tracing::warn!(error = fault.chain(), "a message cannot be kept");
            crate::later("it cannot be kept")
        }
    }
}
