//! Mail and text messages: written in the transaction of what they tell, handed over after the commit.
//!
//! A message is one text as it was written, sealed, with its sender, date and Message-ID; a delivery is
//! one address it goes to; a job hands each delivery over. Handing over may happen twice when a process
//! dies between the other side's word and our commit: then it is the same bytes under the same
//! Message-ID.

mod address;
mod brand;
pub mod caught;
mod content;
mod draft;
mod handlers;
mod look;
mod mask;
mod outbox;
pub mod settings;
mod suppression;
mod write;

pub use address::{is_one_line, is_sendable, is_sender, sms_number};
pub use brand::{brand_in, draft_in, secret};
pub use draft::{
    ATTACHMENTS_MAX, ATTACHMENTS_MAX_LEN, BODY_MAX_LEN, MAX_RECIPIENTS, MailDraft, MessageRef,
    NAME_MAX_CHARS, SMS_MAX_CHARS, SUBJECT_MAX_CHARS, SmsDraft,
};
pub use handlers::handlers;
pub use look::{Filter, MessageLine, MessageView, Page, Recipient, list, of_loan, one};
pub use outbox::{cancel, retry};
pub use suppression::{is_suppressed_in, may_suppress, release, suppress, suppressed};
pub use write::{archive_in, mail_in, mails_in, note_in, sms_in};

pub(crate) use address::parts;

pub use lintel_domain::message::{
    AddressPart, Channel, DeliveryState, MailKind, SuppressionReason,
};
pub use lintel_store::suppression::Suppressed;

pub use crate::ports::{Attachment, Mailbox};
