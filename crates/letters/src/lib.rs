//! What mails say: typed contexts in, subject, text and HTML out. Also HTML from outside, cleaned
//! before anybody sees it.
//!
//! Pure: no I/O, no clock. Must never insert what was not escaped, nor load anything from another host.
#![deny(missing_docs)]

mod brand;
mod engine;
pub mod figures;
mod html;
mod letters;
mod name;

pub use brand::Brand;
pub use engine::{Letter, RenderError, Rendered, escaped, render};
pub use html::{active_content, clean_html, preview_html, text_of_html};
pub use letters::{
    ApplicationInvitation, CallbackOff, Line, LoanInvitation, Officer, PasswordChanged,
    PasswordReset, RateChange, RateReached, RateRow, RateUpdate, ReachedRow, SignUp, SigningReady,
    Way, Welcome,
};
pub use name::plain_name;
